"""Every function of the catalogue, decorated for xlwings.

Arguments come as two-dimensional lists with errors as text; answers go back as numbers, texts and error texts, which
the add-in's wrappers turn into true errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from inspect import Parameter, Signature

import xlwings

from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.cells import Cell, CellError, serial
from xl_addin.evaluate import Answer, call
from xl_addin.session import default_session

CATEGORY = "COPRO"
Worksheet = Callable[..., object]


def signature(function: Function) -> Signature:
    """The parameters as Excel shows them; a variadic function takes any further ones.

    A needed argument that stands behind optional ones has a default too, as Python asks; leaving it out is an error
    of the function itself.
    """
    parameters = []
    optional = False
    for argument in function.arguments:
        optional = optional or not argument.required
        default = None if optional else Parameter.empty
        parameters.append(Parameter(argument.name, Parameter.POSITIONAL_OR_KEYWORD, default=default))
    if function.variadic:
        parameters.append(Parameter("arguments", Parameter.VAR_POSITIONAL))
    return Signature(parameters)


def worksheet_function(function: Function, language: str) -> Worksheet:
    """The function as xlwings registers it, with its help in ``language``."""

    def compute(*arguments: object) -> object:
        return for_excel(call(function.name, arguments))

    compute.__name__ = compute.__qualname__ = function.name
    compute.__doc__ = function.help(language)
    compute.__signature__ = signature(function)  # type: ignore[attr-defined]
    compute.__annotations__ = {}  # xlwings would take a hint as the name of a converter
    decorated: Worksheet = compute
    for name in signature(function).parameters:
        help_text = function.argument_help(name, language)
        decorated = xlwings.arg(name, ndim=2, err_to_str=True, doc=help_text)(decorated)
    registered: Worksheet = xlwings.func(category=CATEGORY)(decorated)  # last: the others would reset the category
    return registered


def for_excel(answer: Answer) -> object:
    """An answer as Excel takes it: dates as serials, errors as their text, blanks as empty text."""
    if isinstance(answer, list):
        return [_row(row) for row in answer]
    return _cell(answer)


def _row(row: Sequence[Cell]) -> list[object]:
    return [_cell(value) for value in row]


def _cell(value: Cell) -> object:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, date):
        return serial(value)
    return "" if value is None else value


globals().update(
    {name: worksheet_function(function, default_session().language) for name, function in FUNCTIONS.items()}
)
__all__ = [*FUNCTIONS]  # noqa: PLE0604
