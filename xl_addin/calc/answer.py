"""What the add-in in Calc asks, answered. Never an exception.

A call is a name, the workbook's day 0 and the arguments as Calc has them; its answer is rows of Calc's values. Question
and answer are plain values, for they may come and go through a pipe (`xl_addin.calc.link`).
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
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

#: Of one recalculation: whether the made-up examples count, and the day whose figures do.
EXAMPLE = bool(os.environ.get("COPRO_CALC_EXAMPLE"))
KNOWN_ON = os.environ.get("COPRO_CALC_KNOWN_ON", "")

#: Optional arguments for which 0 is something else than leaving them out.
_ZERO_IS_NOT_OMITTED = frozenset({"trips", "applications"})


def reply(question: Sequence[Any]) -> tuple[object, str]:
    """What was asked for, and what went wrong unexpectedly, if anything, to be told where people can find it.

    ``("answer", name, day 0 as year, month and day, arguments)`` gives rows; ``("state",)`` gives a text.
    """
    subject, *details = question
    return (state(), "") if subject == "state" else function_result(*details)


def function_result(name: str, day_zero: Sequence[int], arguments: Sequence[object]) -> tuple[Rows, str]:
    """The result of ``name`` as rows of Calc's values. An unexpected exception is ``#VALUE!``, and told."""
    try:
        function = FUNCTIONS[name]
        counted_from = date(*day_zero)
        session = _session(date1904=counted_from != DAY_ZERO)
        sent: Sequence[object] = convert.evened(_without_trailing(function, arguments))
        if not GUARDED:
            sent = without_guards(function, sent, session)
        given = [convert.argument(value) for value in sent]
        return convert.result(call(name, given, session=session), counted_from), ""
    except Exception:  # noqa: BLE001 - a cell shows an error, whatever happens
        return ((convert.error_value("#VALUE!"),),), traceback.format_exc()


def state() -> str:
    """``ready``, or ``refused`` and why: settings or data that cannot be used, which would be in every cell."""
    try:
        _session(date1904=False)
    except CoproError as error:
        language = os.environ.get("COPRO_LANGUAGE", "")
        return f"refused {error.message(language if language in LANGUAGES else DEFAULT_LANGUAGE)}"
    return "ready"


def _session(*, date1904: bool) -> Session:
    """The installation's session; or that of one recalculation, with the examples or the figures known on a day."""
    return _session_of_the_run(date1904) if EXAMPLE or KNOWN_ON else default_session(date1904=date1904)


@cache
def _session_of_the_run(date1904: bool) -> Session:
    known_on = date.fromisoformat(KNOWN_ON) if KNOWN_ON else None
    return replace(Session.open(example=EXAMPLE, known_on=known_on), date1904=date1904)


def _without_trailing(function: Function, arguments: Sequence[object]) -> Sequence[object]:
    """The arguments without those left out at the end: Calc sends every one that a variadic function may take."""
    if not function.variadic:
        return arguments
    given = list(arguments)
    while given and given[-1] is None:
        given.pop()
    return given


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
