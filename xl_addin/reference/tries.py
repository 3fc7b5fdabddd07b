"""The errors of a function, found by trying: an example with one argument changed, and what the function says then.

What every function says of a wrong type or an unknown code stands on the index page and is not tried here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.errors import CoproError
from xl_addin.catalogue import Function
from xl_addin.cells import CellError
from xl_addin.evaluate import call
from xl_addin.reference.worked import session

Change = Mapping[str, object]

_BY_KIND: Mapping[str, tuple[object, ...]] = {
    "date": ("2022-12-31", "2040-03-05"),
    "moment": ("2022-12-31", "2040-03-05", "2023-03-26T02:30"),
    "hours": (30,),
    "year": (2022, 2040),
    "quarter": (5,),
    "quantity": (1.5,),
    "payments": ([["2023-01-02", 100]],),
}
"""Values at which a rule gives out: before the regulation, years without figures, the hour the clock skips …"""
_BY_NAME: tuple[Change, ...] = (
    {"on_date": "2023-07-12", "site": "NAMUR"},
    {"start": "2023-07-12", "site": "NAMUR"},
    {"car_km": 100, "hours_abroad": None},
    {"as_of": "2023-01-02"},
    {"notice_received": "2023-01-02"},
)
"""What goes wrong together: a site whose calendar is not recorded, kilometres without travel abroad, dates reversed."""


class Refusal(NamedTuple):
    """What was changed, the error the cell shows then, and the reason."""

    change: Change
    code: str
    reason: CoproError


def refusals(function: Function) -> list[Refusal]:
    """The errors found, each reason once; what an example of the page shows unchanged is left out."""
    found: dict[str, Refusal] = {}
    shown: set[str] = set()
    for example, made_up in _examples(function):
        unchanged = _tried(function, example, {}, made_up=made_up)
        shown |= {unchanged.reason.key} if unchanged else set()
        for change in _changes(function):
            refusal = _tried(function, example, change, made_up=made_up)
            if refusal and refusal.reason.key not in shown:
                found.setdefault(refusal.reason.key, refusal)
    return list(found.values())


def _examples(function: Function) -> list[tuple[tuple[object, ...], bool]]:
    """The examples to change, and whether they need the made-up data."""
    return [(example, False) for example in function.examples[:1]] + [(example, True) for example in function.made_up]


def _changes(function: Function) -> Iterator[Change]:
    names = {argument.name for argument in function.arguments}
    yield from (change for change in _BY_NAME if names >= set(change))
    for argument in function.arguments:
        for value in _BY_KIND.get(argument.kind.name, ()):
            yield {argument.name: value}


def _tried(function: Function, example: tuple[object, ...], change: Change, *, made_up: bool) -> Refusal | None:
    values = dict(zip((a.name for a in function.arguments), example, strict=False)) | dict(change)
    arguments = [values.get(argument.name) for argument in function.arguments]
    answer = call(function.name, arguments, session("en", made_up=made_up))
    if not isinstance(answer, CellError) or answer.reason is None:
        return None
    return Refusal(change, answer.code, answer.reason)
