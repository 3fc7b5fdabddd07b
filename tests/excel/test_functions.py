"""The Excel front, through xlwings' own decorators and its own `call_udf`.

xlwings' user-defined functions need pywin32, which exists on Windows only. Empty stand-ins for it let the real
`xlwings.udfs` run here: it reads our decorated functions and converts arguments and results as it does in Excel.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from unittest.mock import MagicMock

import pytest
import xlwings

from xl_addin import CellError, call
from xl_addin.catalogue import FUNCTIONS
from xl_addin.excel import functions as front
from xl_addin.xlwings_functions import for_sheet

MISSING = -2147352572
NOT_AVAILABLE = -2146826246
DIVISION_BY_ZERO = -2146826281


WINDOWS_ONLY = (
    "pythoncom",
    "pywintypes",
    "win32api",
    "win32com",
    "win32com.client",
    "win32com.server",
    "win32com.server.util",
    "win32con",
    "win32gui",
    "win32process",
    "win32timezone",
)


@pytest.fixture(scope="module")
def udfs() -> Iterator[Any]:
    """The real `xlwings.udfs` and `xlwings._xlwindows`, and our module registered with them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in WINDOWS_ONLY:
            patch.setitem(sys.modules, name, MagicMock())
        sys.modules["pywintypes"].TimeType = type("TimeType", (datetime,), {})
        sys.modules["pythoncom"].__file__ = "pythoncom.dll"
        for name in ("oledll", "windll", "PyDLL"):
            patch.setattr(ctypes, name, MagicMock(), raising=False)
        patch.setitem(sys.modules, "xlwings.com_server", MagicMock())
        windows = importlib.import_module("xlwings._xlwindows")
        patch.setattr(windows, "is_range_instance", lambda value: False)
        patch.setattr(xlwings, "_xlwindows", windows, raising=False)
        real = importlib.import_module("xlwings.udfs")
        xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
        for name, decorator in (("func", real.xlfunc), ("arg", real.xlarg), ("ret", real.xlret)):
            patch.setattr(xlwings, name, decorator)
        importlib.reload(front)
        yield real
    for name in ("xlwings.udfs", "xlwings._xlwindows"):
        sys.modules.pop(name, None)
    importlib.reload(front)


def in_excel(udfs: Any, name: str, arguments: Sequence[object]) -> object:
    """What xlwings would hand to Excel for a formula whose arguments are ``arguments`` (``None``: a blank cell)."""
    return udfs.call_udf("xl_addin.excel.functions", name, tuple(arguments))


def test_every_function_of_the_catalogue_is_registered_with_its_arguments_and_help(udfs: Any) -> None:
    for name, function in FUNCTIONS.items():
        registered = getattr(front, name).__xlfunc__
        expected = [argument.name for argument in function.arguments] + ["arguments"] * function.variadic
        assert [argument["name"] for argument in registered["args"]] == expected
        assert registered["name"] == name
        assert registered["category"] == "COPRO"
        assert registered["ret"]["doc"] == function.help("nl")
        assert all(argument["doc"] == function.argument_help(argument["name"], "nl") for argument in registered["args"])
        optional = {argument["name"] for argument in registered["args"] if "optional" in argument}
        assert {argument.name for argument in function.arguments if not argument.required} <= optional


def test_a_fee_comes_back_as_a_number_and_omitted_arguments_do_not_count(udfs: Any) -> None:
    assert in_excel(udfs, "COPRO_INSPECTION_FEE", [44991.4375, 3.5, MISSING, MISSING]) == [[1092.5]]
    assert in_excel(udfs, "COPRO_INSPECTION_FEE", [44991.4375, 3.5, None]) == [[1092.5]]
    assert in_excel(udfs, "COPRO_INSPECTION_FEE", [datetime(2023, 3, 6, 10, 30), 3.5]) == [[1092.5]]


def test_a_column_is_one_call_with_an_error_in_its_own_row(udfs: Any) -> None:
    starts = ((44991.4375,), (None,), (44991.4375,), (NOT_AVAILABLE,), (DIVISION_BY_ZERO,))
    hours = ((3.5,), (None,), (30.0,), (2.0,), (2.0,))
    assert in_excel(udfs, "COPRO_INSPECTION_FEE", [starts, hours]) == [
        [1092.5],
        [""],
        ["#NUM!"],
        ["#N/A"],
        ["#DIV/0!"],
    ]


def test_a_date_comes_back_as_a_serial_and_a_table_as_rows(udfs: Any) -> None:
    assert in_excel(udfs, "COPRO_DUE_DATE", [46037.0]) == [[46083.0]]
    card = in_excel(udfs, "COPRO_TARIFF", [2023.0, "en"])
    assert isinstance(card, list)
    assert [row[5] for row in card] == [1160.96, 360.3, 125.82, 228.92, 125.82, 0.417, 137.61]


def test_payments_are_one_range_and_explain_takes_any_number_of_arguments(udfs: Any) -> None:
    payments = ((45306.0, 500.0), (None, None))
    claim = in_excel(udfs, "COPRO_LATE_CLAIM", [1321.93, 45214.0, 45382.0, payments, 45301.0, "en"])
    assert isinstance(claim, list)
    assert [row[1] for row in claim] == [45260.0, 122, 832.61, 11.71, 200.0, 1044.32]
    steps = in_excel(udfs, "COPRO_EXPLAIN", ["en:COPRO_HOURS_CHARGED", 3.5])
    assert isinstance(steps, list)
    assert [row[3] for row in steps] == [4]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_example_gives_what_the_core_gives(udfs: Any, name: str) -> None:
    for example in FUNCTIONS[name].examples:
        arguments = [tuple(map(tuple, a)) if isinstance(a, list) else a for a in example]
        expected = for_sheet(call(name, example))
        shown = expected if isinstance(expected, list) else [[expected]]
        assert in_excel(udfs, name, arguments) == shown


def test_errors_and_blanks_are_texts_the_wrappers_know() -> None:
    assert for_sheet([[CellError("#N/A"), None, "x", True]]) == [["#N/A", "", "x", True]]
