"""Art. 1.4: a special certification regulation or a specific tariff regulation prevails over the general one.

It does so thing by thing: what it does not mention stays as the general regulation has it. Of several versions
in one file the latest that has come into force counts. Two files of one regulation that say different things are an
error that names both: never a silent choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from core.errors import ConflictingFigures


class Departure(Protocol):
    """Something a specific regulation says instead of the general one."""

    @property
    def article(self) -> str: ...
    @property
    def valid_from(self) -> date: ...


D = TypeVar("D", bound=Departure)


def prevailing(departures: Iterable[tuple[D, str]], day: date) -> D | None:
    """The departure (from art. 1.4) in force on ``day`` among those about one thing, each with its file.

    Raises:
        ConflictingFigures: two files differ.
    """
    by_file: dict[str, D] = {}
    for departure, file in departures:
        current = by_file.get(file)
        if departure.valid_from > day or (current and departure.valid_from < current.valid_from):
            continue
        if current and departure.valid_from == current.valid_from:
            _refuse_difference((current, file), (departure, file), day)
        by_file[file] = departure
    found: tuple[D, str] | None = None
    for file, departure in by_file.items():
        if found:
            _refuse_difference(found, (departure, file), day)
        found = departure, file
    return found[0] if found else None


def _refuse_difference(one: tuple[Departure, str], other: tuple[Departure, str], day: date) -> None:
    if _says(one[0]) != _says(other[0]):
        article = other[0].article
        raise ConflictingFigures("regulations_conflict", article=article, file=one[1], other_file=other[1], day=day)


def _says(departure: Departure) -> dict[str, object]:
    """What it says, whenever it began to."""
    return {name: value for name, value in vars(departure).items() if name not in ("valid_from", "article")}
