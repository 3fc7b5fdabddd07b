"""One call from Calc, answered: arguments in, one call of `xl_addin`, rows of Calc's values out. Never an exception."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from core.errors import CoproError
from core.topics import LANGUAGES
from xl_addin import call
from xl_addin.calc import convert
from xl_addin.catalogue import FUNCTIONS, Argument, Function
from xl_addin.cells import DAY_ZERO
from xl_addin.session import DEFAULT_LANGUAGE, Session, default_session

Rows = tuple[tuple[object, ...], ...]

#: Whether the formulas have guards, so that 0 is a number somebody wrote and never a blank cell.
GUARDED = bool(os.environ.get("COPRO_CALC_GUARDS"))

#: Optional arguments for which 0 is something else than leaving them out.
_ZERO_IS_NOT_OMITTED = frozenset({"trips", "applications"})


def function_result(
    name: str,
    workbook: Any,  # noqa: ANN401 - LibreOffice's own object
    arguments: Sequence[object],
    tell: Callable[[str], None],
) -> Rows:
    """The result of ``name`` as rows of Calc's values. An unexpected exception is told, and ``#VALUE!``."""
    try:
        function = FUNCTIONS[name]
        day_zero = _day_zero(workbook)
        session = _session(day_zero != DAY_ZERO)
        sent = _flat(function, arguments)
        if not GUARDED:
            sent = without_guards(function, sent, session)
        given = [convert.argument(value) for value in sent]
        return convert.result(call(name, given, session=session), day_zero)
    except Exception:  # noqa: BLE001 - a cell shows an error, whatever happens
        tell(traceback.format_exc())
        return ((convert.error_value("#VALUE!"),),)


def state() -> str:
    """``ready``, or ``refused`` and why: settings or data that cannot be used, which would be in every cell."""
    try:
        default_session()
    except CoproError as error:
        language = os.environ.get("COPRO_LANGUAGE", "")
        return f"refused {error.message(language if language in LANGUAGES else DEFAULT_LANGUAGE)}"
    return "ready"


def cells(area: Any) -> Rows:  # noqa: ANN401 - LibreOffice's own object
    """The cells of a range: a blank as `convert.BLANK`, an error as `convert.ERROR` and its code."""
    return tuple(
        tuple(_marked(value, area, column, row) for column, value in enumerate(values))
        for row, values in enumerate(area.getDataArray())
    )


def _marked(value: object, area: Any, column: int, row: int) -> object:  # noqa: ANN401
    if value is None:
        return convert.ERROR + convert.error_code(area.getCellByPosition(column, row).getError())
    return convert.BLANK if value == "" else value


def _day_zero(workbook: Any) -> date:  # noqa: ANN401
    day = workbook.getPropertyValue("NullDate")
    return date(day.Year, day.Month, day.Day)


@cache
def _session(date1904: bool) -> Session:
    return replace(default_session(), date1904=date1904)


def _flat(function: Function, arguments: Sequence[object]) -> Sequence[object]:
    """The arguments one by one: Calc hands a variadic function's further ones over together."""
    if not function.variadic:
        return arguments
    *named, further = arguments
    return (*named, *further) if isinstance(further, tuple) else named


def without_guards(function: Function, sent: Sequence[object], session: Session) -> list[object]:
    """What Calc sent for a formula that somebody typed, where a single 0 may be a blank cell: Calc does not say.

    Where 0 cannot be meant (a date, a code, a year) it is a blank; where a blank is something else than 0 it becomes
    ``#VALUE!``, for a wrong amount is worse. A range (``B2:B3``) or an array (``{0}``) is never in doubt.
    """
    arguments = function.arguments
    if function.variadic and sent:
        explained = FUNCTIONS.get(str(sent[0]).rpartition(":")[2].strip().upper())
        arguments = arguments + (explained.arguments if explained else ())
    doubtful = list(sent)
    for position, argument in enumerate(arguments[: len(doubtful)]):
        if doubtful[position] == 0.0 and isinstance(doubtful[position], float):
            doubtful[position] = _zero(argument, session)
    return doubtful


def _zero(argument: Argument, session: Session) -> object:
    try:
        argument.kind.read(0.0, session)
    except CoproError:
        return None
    return "#VALUE!" if not argument.required and argument.name in _ZERO_IS_NOT_OMITTED else 0.0
