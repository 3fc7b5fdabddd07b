"""Every function of the catalogue, decorated for xlwings.

Arguments come as two-dimensional lists with errors as text; answers go back as numbers, texts and error texts, which
the add-in's wrappers turn into true errors.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from inspect import Parameter, Signature

import xlwings

from core.errors import CoproError
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.cells import DAY_ZERO, DAYS_BEFORE_1904, Cell, CellError, serial
from xl_addin.evaluate import Answer, call
from xl_addin.session import DEFAULT_LANGUAGE, default_session, language_set

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


def worksheet_functions(*, date1904: bool = False) -> dict[str, Worksheet]:
    """Every function of the catalogue, for workbooks that count days from 1900 or from 1904."""
    language = language_set() or DEFAULT_LANGUAGE
    return {name: worksheet_function(function, language, date1904=date1904) for name, function in FUNCTIONS.items()}


def worksheet_function(function: Function, language: str, *, date1904: bool = False) -> Worksheet:
    """The function as xlwings registers it, with its help in ``language``."""
    day_zero = DAY_ZERO + timedelta(days=DAYS_BEFORE_1904) if date1904 else DAY_ZERO

    def compute(*arguments: object) -> object:
        try:
            session = default_session(date1904=date1904)
        except CoproError as error:
            return error.cell_code
        return for_excel(call(function.name, arguments, session), day_zero)

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


def for_excel(answer: Answer, day_zero: date = DAY_ZERO) -> object:
    """An answer as Excel takes it: dates as days since ``day_zero``, errors as their text, blanks as empty text."""
    if isinstance(answer, list):
        return [[_cell(value, day_zero) for value in row] for row in answer]
    return _cell(answer, day_zero)


def _cell(value: Cell, day_zero: date) -> object:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, date):
        return serial(value, day_zero)
    return "" if value is None else value


globals().update(worksheet_functions())
__all__ = [*FUNCTIONS]  # noqa: PLE0604
