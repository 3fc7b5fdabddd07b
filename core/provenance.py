"""Every dated figure there is, each with the file it stands in and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path

from core.errors import NotAvailable
from core.ledger import Entry, FrozenKey, HolidayWithdrawal, Ledger, Withdrawal
from core.paths import data_file
from core.reading import FileRefused, is_data, read
from core.records import ConstructionHoliday, FiguresFile, Record, Suspension
from core.rulebook import Rulebook
from core.vocabulary import Item


class State(StrEnum):
    """Whether a figure holds."""

    IN_FORCE = "in_force"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    CONFLICT = "conflict"
    SUSPENDED = "suspended"
    """A file with a mistake may have meant to change it."""
    WITHDRAWAL = "withdrawal"
    """No figure: a file that takes one back."""


Figure = Record | ConstructionHoliday
Said = Figure | Withdrawal | HolidayWithdrawal


@dataclass(frozen=True, slots=True)
class Known:
    """Something a file says.

    Attributes:
        said: the figure, or the withdrawal of one.
        file: where it stands.
        shipped: whether it came with the toolkit.
        recorded_on: the day it was recorded.
        state: whether it holds.
    """

    said: Said
    file: Path
    shipped: bool
    recorded_on: date
    state: State


@dataclass(frozen=True, slots=True)
class Thawed:
    """A rate that was settled and does not come out so any more."""

    regulation: str
    year: int
    item: Item
    then: tuple[Decimal, ...]
    reason: NotAvailable


def everything(data_folder: Path | None, ledger: Ledger, rulebook: Rulebook) -> Iterator[Known]:
    """What the shipped files say, then those of the data folder, then the ledger; refused files say nothing."""
    for folder, shipped in ((data_file(), True), (data_folder, False)):
        for file in _files(folder):
            try:
                content = read(file, FiguresFile)
            except FileRefused:
                continue
            for said in _figures(content):
                yield Known(said, Path(str(file)), shipped, said.recorded_on, _state(said, rulebook))
    for entry in ledger.entries:
        yield from recorded(entry, ledger, rulebook)


def recorded(entry: Entry, ledger: Ledger, rulebook: Rulebook) -> Iterator[Known]:
    """What a file of the ledger says."""
    content = entry.content
    later = [other for other in ledger.entries if entry.file.name in other.before]
    for said in _figures(content):
        state = _taken_back(said, later) or _state(said, rulebook)
        yield Known(said, entry.file, shipped=False, recorded_on=content.recorded_on, state=state)
    withdrawals: list[Withdrawal | HolidayWithdrawal] = [*content.withdrawal]
    withdrawals += content.construction_holiday_withdrawal
    for mistaken in withdrawals:
        yield Known(mistaken, entry.file, shipped=False, recorded_on=content.recorded_on, state=State.WITHDRAWAL)


def _figures(content: FiguresFile) -> list[Figure]:
    return [*content.record, *content.construction_holiday]


def _files(folder: Traversable | None) -> list[Traversable]:
    figures = folder.joinpath("figures") if folder is not None else None
    if figures is None or not figures.is_dir():
        return []
    return sorted((file for file in figures.iterdir() if is_data(file.name)), key=lambda file: file.name)


def _state(said: Figure, rulebook: Rulebook) -> State:
    """Whether it is what a rule would be given."""
    if isinstance(said, ConstructionHoliday):
        holds = rulebook.calendar.construction_holidays.get((said.site, said.year))
        if isinstance(holds, NotAvailable):
            return State.CONFLICT
        return State.IN_FORCE if holds == said else State.CORRECTED
    spans = [span for span in rulebook.figures.timeline(said.series) if said in (span.record, span.rival)]
    if any(span.rival for span in spans):
        return State.CONFLICT
    if any(span.first >= doubt.since for span in spans for doubt in _doubts(said, rulebook)):
        return State.SUSPENDED
    return State.IN_FORCE if spans else State.CORRECTED


def _doubts(said: Record, rulebook: Rulebook) -> list[Suspension]:
    return [doubt for doubt in rulebook.figures.suspensions if doubt.series == said.series]


def _taken_back(said: Figure, later: list[Entry]) -> State | None:
    """What the first later file that speaks of the same figure did with it."""
    key = _key(said)
    for entry in later:
        content = entry.content
        withdrawn: set[object] = {(mistaken.series, mistaken.first_day) for mistaken in content.withdrawal}
        withdrawn |= {(gone.site, gone.year) for gone in content.construction_holiday_withdrawal}
        if key in withdrawn:
            return State.WITHDRAWN
        if key in {_key(other) for other in _figures(content)}:
            return State.CORRECTED
    return None


def _key(said: Figure) -> object:
    return (said.series, said.valid_from) if isinstance(said, Record) else (said.site, said.year)


def thawed(rulebook: Rulebook) -> Iterator[Thawed]:
    """The settled rates that do not come out as they were recorded."""
    for (regulation, year, item), then in sorted(rulebook.frozen.items(), key=_in_order):
        try:
            rulebook.tariff(date(year, 1, 1), regulation).rate(item, [])
        except NotAvailable as error:
            yield Thawed(regulation, year, item, then, error)


def _in_order(settled: tuple[FrozenKey, tuple[Decimal, ...]]) -> tuple[str, int, int]:
    (regulation, year, item), _ = settled
    return regulation, year, list(Item).index(item)
