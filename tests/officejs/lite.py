"""A stand-in for xlwings Lite: it registers our functions and calls them as its documentation says.

xlwings' own code for Office.js needs a licence key outside Lite, so it is not run here. Where it is documented, this
does the same: a value is given to the function as rows of cells, blank or missing ones as their default, an error cell
as its text; what comes back is rows of cells again, where a date is a formatted number and the text of an error a true
error. Plain Python, so that it also runs in Pyodide.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

import xlwings

ERROR_TYPES = {
    "#DIV/0!": "Div0",
    "#N/A": "NotAvailable",
    "#NAME?": "Name",
    "#NULL!": "Null",
    "#NUM!": "Num",
    "#REF!": "Ref",
    "#VALUE!": "Value",
}
_TEXTS = {kind: code for code, kind in ERROR_TYPES.items()}
DATE_FORMAT = "dd/mm/yyyy"
_REGISTERED = "__lite__"


# --- registering ---------------------------------------------------------------------------------------------------


def _entry(function: Callable[..., object]) -> dict[str, Any]:
    """What is known of a function, begun with its signature."""
    if not hasattr(function, _REGISTERED):
        parameters = inspect.signature(function).parameters.values()
        kinds = {parameter.kind for parameter in parameters}
        assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
        arguments = {
            parameter.name: {
                "doc": "",
                "options": {},
                "repeating": parameter.kind is inspect.Parameter.VAR_POSITIONAL,
                **({} if parameter.default is inspect.Parameter.empty else {"default": parameter.default}),
            }
            for parameter in parameters
        }
        many = any(argument["repeating"] for argument in arguments.values())
        assert not (many and any("default" in argument for argument in arguments.values()))
        entry = {"name": function.__name__, "doc": function.__doc__, "arguments": arguments, "volatile": False}
        setattr(function, _REGISTERED, entry)
    return getattr(function, _REGISTERED)  # type: ignore[no-any-return]


def func(function: Callable[..., object] | None = None, *, volatile: bool = False, **options: object) -> Any:
    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        _entry(function).update(volatile=volatile, **options)
        return function

    return decorate if function is None else decorate(function)


def arg(name: str, *, doc: str = "", **options: object) -> Any:
    def decorate(function: Callable[..., object]) -> Callable[..., object]:
        argument = _entry(function)["arguments"][name.lstrip("*")]
        argument["doc"] = doc
        argument["options"].update(options)
        return function

    return decorate


@contextmanager
def lite(*names: str) -> Iterator[list[ModuleType]]:
    """Our modules as Lite sees them, put back as they were afterwards."""
    before = {name: getattr(xlwings, name) for name in ("func", "arg")}
    xlwings.func, xlwings.arg = func, arg
    modules = [importlib.import_module(name) for name in names]
    try:
        yield [importlib.reload(module) for module in modules]
    finally:
        for name, decorator in before.items():
            setattr(xlwings, name, decorator)
        for module in modules:
            importlib.reload(module)


def metadata(module: ModuleType) -> dict[str, dict[str, Any]]:
    """What Lite would tell Excel: every registered function found in the module."""
    found = (getattr(value, _REGISTERED, None) for _, value in inspect.getmembers(module))
    return {entry["name"]: entry for entry in found if entry}


# --- calling -------------------------------------------------------------------------------------------------------


def call_in_lite(module: ModuleType, name: str, given: Sequence[object]) -> list[list[object]]:
    """What Excel gets for a formula with these arguments, each a cell or rows of cells as JavaScript has them."""
    function = getattr(module, name)
    arguments = list(_entry(function)["arguments"].values())
    values = [_read(value, arguments[min(n, len(arguments) - 1)]) for n, value in enumerate(given)]
    answer = function(*values)
    rows = answer if isinstance(answer, list) else [[answer]]
    assert len({len(row) for row in rows}) == 1
    return [[_written(cell) for cell in row] for row in rows]


def _read(value: object, argument: dict[str, Any]) -> object:
    """An argument as the function gets it."""
    assert argument["options"] == {"ndim": 2, "err_to_str": True}
    rows = value if isinstance(value, list) else [[value]]
    cells = [[_cell(cell) for cell in row] for row in rows]
    return argument.get("default") if cells == [[None]] else cells


def _cell(value: object) -> object:
    if isinstance(value, dict):
        assert value["type"] == "Error"
        return _TEXTS[value["errorType"]]
    blank = value is None or value == "" or type(value).__name__ == "JsNull"
    return None if blank else value


def _written(value: object) -> object:
    if isinstance(value, date):
        return {"type": "FormattedNumber", "basicValue": _serial(value), "numberFormat": DATE_FORMAT}
    if isinstance(value, str) and value in ERROR_TYPES:
        return {"type": "Error", "errorType": ERROR_TYPES[value]}
    assert value is None or type(value) in {bool, int, float, str}
    return "" if value is None else value


def _serial(value: date) -> float:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - datetime(1899, 12, 30)) / timedelta(days=1)


# --- comparing -----------------------------------------------------------------------------------------------------


def as_javascript(value: object) -> object:
    """An argument of `tests.fronts.cases` as Excel hands it over: an error cell is an object."""
    if isinstance(value, list):
        return [as_javascript(item) for item in value]
    return {"type": "Error", "errorType": ERROR_TYPES[value]} if value in ERROR_TYPES else value


def shown(rows: list[list[object]]) -> object:
    """What Excel got as `tests.fronts.cases.canonical` has it: a single cell is that cell."""
    cells = [[_shown(cell) for cell in row] for row in rows]
    return cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else cells


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return value["basicValue"] if value["type"] == "FormattedNumber" else _TEXTS[value["errorType"]]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
