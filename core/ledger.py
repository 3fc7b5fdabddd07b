"""The figures that users recorded: files that are added, never changed, each naming the ones it follows.

A file's name holds its day and the fingerprint of its content, so that a changed file shows; it names the files that
came before it, so that one that is gone shows too, and what was in it. Nothing is locked and nothing is overwritten:
two people who record at once make two files that follow the same one, and where these say different things of the same
figure, that is an error that names both. A file corrects or withdraws what the files before it say.

Frozen rates are those that followed from the figures when they were recorded: a rate that no longer comes out the same
is an error (`core.tariff`), never a silent change of a year already invoiced.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Generic, NamedTuple, Self, TypeVar

from pydantic import Field, model_validator

from core.errors import CoproError, FileError, FileProblem, system_reason
from core.reading import FileRefused, is_data, read
from core.records import ConstructionHoliday, Day, FiguresFile, Number, Record, Strict, Text, days_of, refuse
from core.vocabulary import Item, Series

FOLDER: Final = "records"
HOLIDAYS: Final = "construction_holiday"
"""Stands beside the series for the construction holidays."""
_HEADING: Final = (
    "# Recorded with the COPRO tariff toolkit. Files here are added and never changed: a correction is a new file.\n\n"
)


class Follows(Strict):
    """A file that came before, and from which day on it names figures of each series (or `HOLIDAYS`)."""

    file: Text
    names: dict[str, Day] = Field(default_factory=dict)


class Withdrawal(Strict):
    """A figure recorded by mistake that is to count no more."""

    series: Series
    period: str | None = None
    valid_from: Day = date.max
    reason: Text
    recorded_by: Text
    checked_by: Text | None = None

    @model_validator(mode="after")
    def _one_way_to_say_when(self) -> Self:
        if (self.period is None) == (self.valid_from == date.max):
            raise refuse("period_or_days")
        return self

    @property
    def first_day(self) -> date:
        """The day from which the figure was to hold."""
        return self.valid_from if self.period is None else days_of(self.period)[0]


class HolidayWithdrawal(Strict):
    """Construction holidays recorded by mistake: of another site, say, or another year."""

    site: Text
    year: Annotated[int, Field(strict=True)]
    reason: Text
    recorded_by: Text
    checked_by: Text | None = None


class FrozenRates(Strict):
    """The rates of a tariff year as they were when they were recorded, in euro."""

    regulation: Text
    year: Annotated[int, Field(strict=True, ge=1900, le=9999)]
    rates: dict[Item, Number]


class LedgerFile(FiguresFile):
    """A file of the ledger: what is recorded, the files it follows, and the names of all those before them."""

    recorded_on: Day
    follows: tuple[Follows, ...] = ()
    earlier: tuple[Text, ...] = ()
    withdrawal: tuple[Withdrawal, ...] = ()
    construction_holiday_withdrawal: tuple[HolidayWithdrawal, ...] = ()
    frozen: tuple[FrozenRates, ...] = ()

    def names(self) -> dict[str, date]:
        """From which day on each series is named, for those who follow."""
        named: dict[str, date] = {}
        days = [(record.series.value, record.valid_from) for record in self.record]
        days += [(withdrawn.series.value, withdrawn.first_day) for withdrawn in self.withdrawal]
        holidays: list[ConstructionHoliday | HolidayWithdrawal] = [*self.construction_holiday]
        holidays += self.construction_holiday_withdrawal
        days += [(HOLIDAYS, date(holiday.year, 1, 1)) for holiday in holidays]
        for name, day in days:
            named[name] = min(day, named.get(name, day))
        return named

    def people(self) -> tuple[str, ...]:
        """Who recorded it, each once."""
        holidays: list[ConstructionHoliday | HolidayWithdrawal] = [*self.construction_holiday]
        holidays += self.construction_holiday_withdrawal
        return tuple(dict.fromkeys(said.recorded_by for said in (*self.record, *self.withdrawal, *holidays)))


class Entry(NamedTuple):
    """A file that was read, and the names of all those it follows, near and far."""

    file: Path
    content: LedgerFile
    before: frozenset[str]


FrozenKey = tuple[str, int, Item]
"""Regulation, tariff year, item."""


class Doubt(NamedTuple):
    """A problem of the ledger as a whole, and what it makes uncertain: each series (or `HOLIDAYS`) from a day on."""

    problem: FileProblem
    names: Mapping[str, date]


@dataclass(frozen=True)
class Ledger:
    """What the files say together.

    Attributes:
        entries: the files that count, earlier ones first.
        records, holidays: the figures, without those corrected or withdrawn by a later file.
        frozen: what each rate was when it was recorded, in euro; more than one where files recorded at once differ.
        refused: single files that cannot be used.
        doubts: files that are gone, and files that say different things without knowing of each other.
    """

    entries: tuple[Entry, ...] = ()
    records: tuple[Record, ...] = ()
    holidays: tuple[ConstructionHoliday, ...] = ()
    frozen: Mapping[FrozenKey, tuple[Decimal, ...]] = field(default_factory=dict)
    refused: tuple[Doubt, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def heads(self) -> list[Entry]:
        """The files that no other follows: one, or more after recordings at the same time."""
        followed = {follows.file for entry in self.entries for follows in entry.content.follows}
        return [entry for entry in self.entries if entry.file.name not in followed]

    def followed_by(self, content: LedgerFile) -> Ledger:
        """What the ledger would say with one more file, which nobody has written."""
        before = frozenset(entry.file.name for entry in self.entries)
        tried = _told((*self.entries, Entry(Path(FOLDER), content, before)))
        return replace(tried, refused=self.refused)


def read_ledger(data_folder: Path, known_on: date | None = None) -> Ledger:
    """Reads the ledger of a data folder, as it stands or as it stood at the end of a day."""
    folder = data_folder / FOLDER
    files: dict[str, LedgerFile] = {}
    refused: list[FileProblem] = []
    try:
        names = _names(folder)
    except OSError as error:
        reason = CoproError("file_unreadable", reason=system_reason(error))
        return Ledger(doubts=(Doubt(FileProblem(folder, 1, reason), _EVERYTHING),))
    for name in names:
        try:
            if content := _checked(folder / name, names):
                files[name] = content
        except FileRefused as error:
            refused.append(error.problem)
    if known_on is not None:
        files = {name: file for name, file in files.items() if file.recorded_on <= known_on}
    entries = tuple(_in_order(folder, files))
    ledger = _told(entries)
    in_doubt = tuple(Doubt(problem, _named_by_others(problem.file.name, entries)) for problem in refused)
    return replace(ledger, refused=in_doubt, doubts=(*_gone(entries, names), *ledger.doubts))


_EVERYTHING: Final = MappingProxyType(dict.fromkeys([*(series.value for series in Series), HOLIDAYS], date.min))


def _names(folder: Path) -> list[str]:
    """The names of the files."""
    try:
        names = [file.name for file in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(name for name in names if is_data(name))


def _named_by_others(name: str, entries: Iterable[Entry]) -> Mapping[str, date]:
    """What a file named, as those say that follow it; everything where none does, for its content may be gone."""
    followers = (follows for entry in entries for follows in entry.content.follows)
    return next((follows.names for follows in followers if follows.file == name), _EVERYTHING)


def _gone(entries: Iterable[Entry], names: Container[str]) -> Iterator[Doubt]:
    """Files that others follow and that are not there: what they named is in doubt, everything where nobody knows."""
    told: set[str] = set()
    near: list[tuple[str, Mapping[str, date], Entry]]
    near = [(follows.file, follows.names, entry) for entry in entries for follows in entry.content.follows]
    far = [(name, _EVERYTHING, entry) for entry in entries for name in entry.content.earlier]
    for name, named, entry in (*near, *far):
        if name not in names and name not in told:
            told.add(name)
            yield Doubt(FileProblem(entry.file, 1, CoproError("ledger_missing", file=name)), named)


def _checked(file: Path, names: Container[str]) -> LedgerFile | None:
    """A file whose content is what its name says; ``None`` for a copy of another under a name of its own.

    Raises:
        FileRefused: it is neither.
    """
    content = read(file, LedgerFile)
    own = file_name(content.recorded_on, file.read_bytes())
    if own == file.name:
        return content
    if own in names:
        return None
    raise FileRefused(FileProblem(file, 1, CoproError("ledger_changed")))


def file_name(recorded_on: date, content: bytes) -> str:
    """``2027-01-08-3fa4c2d1e5b60718.toml``."""
    return f"{recorded_on}-{hashlib.sha256(content).hexdigest()[:16]}.toml"


def _in_order(folder: Path, files: Mapping[str, LedgerFile]) -> Iterator[Entry]:
    """Every file after those it follows."""
    before: dict[str, frozenset[str]] = {}

    def all_before(name: str) -> frozenset[str]:
        """Files cannot follow each other in a circle: each would have to hold the fingerprint of the other."""
        if name not in before:
            near = [follows.file for follows in files[name].follows if follows.file in files]
            before[name] = frozenset(near).union(*(all_before(earlier) for earlier in near))
        return before[name]

    for name in sorted(files, key=lambda name: (len(all_before(name)), name)):
        yield Entry(folder / name, files[name], before[name])


K = TypeVar("K")
V = TypeVar("V")


@dataclass
class _Told(Generic[K, V]):
    """What has been said of each thing, and by which file: one, unless files do not know of each other."""

    said: dict[K, list[tuple[Entry, V | None]]] = field(default_factory=dict)

    def withdraw(self, thing: K, entry: Entry) -> None:
        """Says that there is none; somebody who does not know of it may say otherwise."""
        self._put(thing, None, entry)

    def say(self, thing: K, value: V, entry: Entry) -> None:
        """Says it in the place of the files before ``entry``."""
        self._put(thing, value, entry)

    def _put(self, thing: K, value: V | None, entry: Entry) -> None:
        """What others said, which ``entry`` does not know of, stays."""
        earlier = {*entry.before, entry.file.name}
        left = [(other, known) for other, known in self.said.get(thing, ()) if other.file.name not in earlier]
        self.said[thing] = [*left, (entry, value)]

    def values(self) -> tuple[V, ...]:
        return tuple(value for said in self.said.values() for value in _values(said))

    def forks(self, figure: Callable[[V], object]) -> Iterator[tuple[K, CoproError, Path]]:
        """What two files that do not know of each other differ about."""
        for thing, said in self.said.items():
            figures = [None if value is None else figure(value) for _, value in said]
            (first, _), *others = said
            for (entry, _), told in zip(others, figures[1:], strict=True):
                if told != figures[0]:
                    yield thing, CoproError("ledger_fork", file=first.file.name), entry.file


def _values(said: Iterable[tuple[Entry, V | None]]) -> Iterator[V]:
    """What was said and not withdrawn."""
    return (value for _, value in said if value is not None)


def _told(entries: Iterable[Entry]) -> Ledger:
    """What the files say together, later ones in the place of those they follow."""
    records: _Told[tuple[Series, date], Record] = _Told()
    holidays: _Told[tuple[str, int], ConstructionHoliday] = _Told()
    frozen: _Told[FrozenKey, Decimal] = _Told()
    for entry in entries:
        content = entry.content
        for withdrawn in content.withdrawal:
            records.withdraw((withdrawn.series, withdrawn.first_day), entry)
        for record in content.record:
            records.say((record.series, record.valid_from), record, entry)
        for mistaken in content.construction_holiday_withdrawal:
            holidays.withdraw((mistaken.site, mistaken.year), entry)
        for holiday in content.construction_holiday:
            holidays.say((holiday.site, holiday.year), holiday, entry)
        for key, rate in _rates(content):
            frozen.say(key, rate, entry)
    return Ledger(
        entries=tuple(entries),
        records=records.values(),
        holidays=holidays.values(),
        frozen={key: tuple(dict.fromkeys(_values(said))) for key, said in frozen.said.items()},
        doubts=(*_doubted_records(records), *_doubted_holidays(holidays)),
    )


def _rates(content: LedgerFile) -> Iterator[tuple[FrozenKey, Decimal]]:
    for frozen in content.frozen:
        for item, rate in frozen.rates.items():
            yield (frozen.regulation, frozen.year, item), rate


def _doubted_records(told: _Told[tuple[Series, date], Record]) -> Iterator[Doubt]:
    for (series, first), reason, file in told.forks(lambda record: (record.value, record.valid_to)):
        yield Doubt(FileProblem(file, 1, reason), {series.value: first})


def _doubted_holidays(told: _Told[tuple[str, int], ConstructionHoliday]) -> Iterator[Doubt]:
    for (_, year), reason, file in told.forks(lambda holiday: holiday.periods):
        yield Doubt(FileProblem(file, 1, reason), {HOLIDAYS: date(year, 1, 1)})


# --- writing -------------------------------------------------------------------------------------------------------


def add(data_folder: Path, content: LedgerFile, after: Ledger) -> Path:
    """Adds a file to the ledger of a data folder; it is there whole, or not at all.

    Args:
        data_folder: the user's data folder; made when it is not there.
        content: what is recorded.
        after: the ledger as it was when ``content`` was decided upon: the new file follows that, and nothing newer.

    Raises:
        FileError: it cannot be written.
    """
    import tomli_w

    heads = after.heads()
    follows = tuple(Follows(file=entry.file.name, names=entry.content.names()) for entry in heads)
    earlier = tuple(sorted(frozenset[str]().union(*(entry.before for entry in heads))))
    content = content.model_copy(update={"follows": follows, "earlier": earlier})
    written = (_HEADING + tomli_w.dumps(_tables(content))).encode()
    folder = data_folder / FOLDER
    target = folder / file_name(content.recorded_on, written)
    beside = folder / f".{target.name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        raise FileError("file_not_written", file=str(target), reason=system_reason(error)) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return target


def _tables(content: LedgerFile) -> dict[str, Any]:
    """The file's tables: a record with a period goes without the days that follow from it."""
    tables: dict[str, Any] = _plain(content.model_dump(exclude_defaults=True, by_alias=True))
    for record in tables.get("record", ()):
        if "period" in record:
            del record["valid_from"], record["valid_to"]
    return tables


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a model holds
    """A model's content as TOML has it: no enumerations, no ``None``."""
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value
