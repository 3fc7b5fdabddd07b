"""A function of the catalogue as xlwings registers it; what Excel for Windows and Office.js have in common.

Arguments come as two-dimensional lists with errors as text; answers go back as numbers, texts and error texts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from inspect import Parameter, Signature

import xlwings

from core.codes import code_named
from core.errors import CoproError
from xl_addin.catalogue import Function
from xl_addin.cells import DAY_ZERO, DAYS_BEFORE_1904, Cell, CellError, serial
from xl_addin.evaluate import Answer, call
from xl_addin.session import DEFAULT_LANGUAGE, default_session, language_set

Worksheet = Callable[..., object]
Decorator = Callable[[Worksheet], Worksheet]
ShowDate = Callable[[date], object]


def serial_1904(day: date) -> float:
    """A date as a workbook that counts from 1904 does."""
    return serial(day, DAY_ZERO + timedelta(days=DAYS_BEFORE_1904))


def help_language() -> str:
    """The language of the help; settings that cannot be read are told by the functions, not by their registration."""
    try:
        return code_named("LANGUAGE", language_set() or DEFAULT_LANGUAGE)
    except CoproError:
        return DEFAULT_LANGUAGE


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


def registered(
    function: Function, language: str, func: Decorator, *, date1904: bool = False, show_date: ShowDate = serial
) -> Worksheet:
    """The function, decorated for xlwings.

    Args:
        function: of the catalogue.
        language: of its help.
        func: xlwings' own decorator, told what this front says of the function as a whole.
        date1904: whether the workbook counts days from 1904.
        show_date: how a date goes back to the sheet.
    """

    def compute(*arguments: object) -> object:
        try:
            session = default_session(date1904=date1904)
        except CoproError as error:
            return error.cell_code
        return for_sheet(call(function.name, arguments, session), show_date)

    compute.__name__ = compute.__qualname__ = function.name
    compute.__doc__ = function.help(language)
    compute.__signature__ = signature(function)  # type: ignore[attr-defined]
    compute.__annotations__ = {}  # xlwings would take a hint as the name of a converter
    decorated: Worksheet = compute
    for name in signature(function).parameters:
        help_text = function.argument_help(name, language)
        decorated = xlwings.arg(name, ndim=2, err_to_str=True, doc=help_text)(decorated)
    return func(decorated)  # last: the others would reset its options


def for_sheet(answer: Answer, show_date: ShowDate = serial) -> object:
    """An answer as xlwings takes it: dates as ``show_date`` has them, errors as their text, blanks as empty text."""
    if isinstance(answer, list):
        return [[_cell(value, show_date) for value in row] for row in answer]
    return _cell(answer, show_date)


def _cell(value: Cell, show_date: ShowDate) -> object:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, date):
        return show_date(value)
    return "" if value is None else value
