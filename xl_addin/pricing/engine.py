"""A block of rows priced: what each comes to, part by part, or the error it ends in and why."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

from core.batch import Place, fees_at
from core.batch.columns import HIGHEST, Ints, numpy, picked, place_in
from core.codes import code_named, folded
from core.errors import CoproError, InputError
from core.formats import one_line
from core.memory import remember
from core.texts import text
from core.topics import LANGUAGES
from core.vocabulary import Cost
from xl_addin.catalogue import FUNCTIONS, Call
from xl_addin.cells import ERROR_CODES, Cell, CellError, ErrorCell, blank
from xl_addin.evaluate import attempt
from xl_addin.pricing.fields import AMOUNTS, JOURNEY, WHERE, KindError
from xl_addin.pricing.tables import KINDS, Coded, Column
from xl_addin.session import Session

INSPECTION: Final = "COPRO_INSPECTION_FEE"
WASTED_TRIP: Final = "COPRO_WASTED_TRIP_FEE"
INSPECTIONS: Final = frozenset(
    {
        Cost.INFORMATION_MEETING,
        Cost.START_INSPECTION,
        Cost.STANDARD_INSPECTION,
        Cost.ADDITIONAL_INSPECTION,
        Cost.SANCTIONAL_INSPECTION,
        Cost.COMPLAINT_INSPECTION,
        Cost.COUNTER_TEST_SAMPLING,
    }
)
"""The kinds that are priced by their hours."""
MOST_PLACES: Final = 1 << 16
"""Kinds, sites, days and regulations that one block can combine and still be sorted at once."""


class Table(Protocol):
    """A block of rows, however it is held."""

    @property
    def size(self) -> int:
        """How many rows it has."""

    def cell(self, field: str, row: int) -> Cell:
        """A cell as a spreadsheet has it; blank where there is no such column."""

    def blank_rows(self) -> Sequence[int]:
        """The rows in which no column that is understood holds anything."""

    def coded(self, field: str) -> Coded | None:
        """A column of codes."""

    def numbers(self, field: str, session: Session) -> Column | None:
        """A column of numbers, or the starts."""


class Failure(NamedTuple):
    """A row without a price: its place in the block, the error and the reason."""

    row: int
    error: str
    reason: str


class Priced(NamedTuple):
    """A block with its prices.

    Attributes:
        size: its rows.
        amounts: in cents, one column for each of `AMOUNTS`; 0 in a row without a price.
        failures: the rows that cannot be priced, in order.
        blank: the rows in which nothing stands, in order.
        total: the sum of the fees, in cents.
    """

    size: int
    amounts: Sequence[Any]
    failures: Sequence[Failure]
    blank: Sequence[int]
    total: int


def own_copy(session: Session) -> Session:
    """A session that shares nothing with another, for a thread or a process of its own."""
    bare = replace(session, rulebook=replace(session.rulebook, columns={}), today=date.today)
    copied: Session = pickle.loads(pickle.dumps(bare))  # noqa: S301 - of what was made the line before
    return copied


class Engine:
    """Prices blocks; not for more than one thread at a time.

    Args:
        session: the installation at work.
        shown: how messages name a column.
    """

    def __init__(self, session: Session, shown: Mapping[str, str] | None = None) -> None:
        self.session = session
        self._shown = shown or {}
        self._reasons: dict[tuple[Place, int], tuple[str, str] | None] = {}

    def price(self, table: Table) -> Priced:
        """Prices a block."""
        return _Block(self, table).priced()

    def failure(self, table: Table, function: str, row: int) -> tuple[str, str]:
        """Why a row cannot be priced, as its cell in a spreadsheet says it."""
        arguments = [table.cell(argument.name, row) for argument in FUNCTIONS[function].arguments]
        answer = attempt(FUNCTIONS[function], Call(self.session), arguments)
        if not isinstance(answer, CellError):
            raise AssertionError(f"row {row} is priced alone and not among others: {arguments}")  # noqa: TRY004
        return self.told(answer)

    def told(self, error: CellError) -> tuple[str, str]:
        """An error and its reason, with the column it concerns as the file names it."""
        words = error._replace(argument="", row=0).message(self.session.language)
        if error.argument:
            words = f"{self._shown.get(error.argument, error.argument)}: {words}"
        return error.code, words

    def of_day(self, place: Place, day: int) -> tuple[str, str] | None:
        """Why no inspection of that day can be priced, if none can."""
        key = place, day
        if key in self._reasons:
            return self._reasons[key]
        error = fees_at(self.session.rulebook, place).fixed.reason(day)
        told = None if error is None else self.told(CellError(error.cell_code, error))
        return remember(self._reasons, key, told)


class _Block:
    """A block while it is priced."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self.engine = engine
        self.session = engine.session
        self.table = table
        self.found: dict[int, tuple[str, str]] = {}
        self.read = {field: table.numbers(field, self.session) for field in ("start", "hours", *JOURNEY)}
        self.skipped: frozenset[int] = frozenset()
        self.amounts: list[Any] = [_zeros(table.size) for _ in AMOUNTS]

    def priced(self) -> Priced:
        blank_rows = frozenset(self.table.blank_rows())
        self.wasted, foreign = self._kinds()
        self.found.update((row, told) for row, told in foreign.items() if row not in blank_rows)
        self.skipped = blank_rows | foreign.keys() | self._explained(self._unread(), blank_rows | foreign.keys())
        for where, rows in _alike([self.table.coded(field) for field in WHERE], self.table.size):
            place = self._place(where)
            if place is None:
                self._explained(_each(rows, self.table.size), self.skipped)
            else:
                self._price(place, rows)
        for column in self.amounts:  # they were priced as if something stood there
            place_in(column, list(self.skipped), [0] * len(self.skipped))
        failures = [Failure(row, *self.found[row]) for row in sorted(self.found)]
        return Priced(self.table.size, self.amounts, failures, sorted(blank_rows), _total(self.amounts[-1]))

    # --- what is read -----------------------------------------------------------------------------------------------

    def _kinds(self) -> tuple[Any, dict[int, tuple[str, str]]]:
        """Which rows are wasted trips (``None``: none is), and those that are nothing that can be priced."""
        coded = self.table.coded("kind")
        if coded is None:
            return None, {}
        functions = [self._function(kind) for kind in coded.values]
        wasted = _flags(coded.places, [function == WASTED_TRIP for function in functions])
        bad = _flags(coded.places, [isinstance(function, CellError) for function in functions])
        told = [self.engine.told(function) if isinstance(function, CellError) else ("", "") for function in functions]
        return wasted, {row: told[coded.places[row]] for row in _nonzero(bad)} if bad is not None else {}

    def _function(self, kind: Cell) -> str | CellError:
        """What prices a kind."""
        try:
            return function_of(kind)
        except ErrorCell as error:
            return CellError(error.code, None, "kind")
        except CoproError as error:
            return CellError(error.cell_code, error.forgetful(), "kind")

    def _function_of_row(self, row: int) -> str:
        return WASTED_TRIP if self.wasted is not None and self.wasted[row] else INSPECTION

    def _unread(self) -> frozenset[int]:
        """The rows with a cell that cannot be read; the hours of a wasted trip do not count."""
        found = [column.unread for field in ("start", *JOURNEY) if (column := self.read[field]) is not None]
        hours = self.read["hours"]
        if hours is not None:
            found.append([row for row in hours.unread if self._function_of_row(row) == INSPECTION])
        return frozenset().union(*found)

    def _explained(self, rows: Iterable[int], others: AbstractSet[int]) -> frozenset[int]:
        """Tells what is wrong with rows, except with those told otherwise."""
        some = frozenset(rows) - others
        for row in some:
            self.found[row] = self.engine.failure(self.table, self._function_of_row(row), row)
        return some

    def _place(self, where: Sequence[Cell]) -> Place | None:
        """Whose rules count; nothing when that cannot be read."""
        try:
            site, day_type, regulation = (
                None if blank(value) else KINDS[field].read(value, self.session)
                for field, value in zip(WHERE, where, strict=True)
            )
        except (CoproError, ErrorCell):
            return None
        return Place(site or self.session.site, day_type, regulation or "")  # type: ignore[arg-type]

    # --- prices ---------------------------------------------------------------------------------------------------

    def _price(self, place: Place, rows: Any) -> None:  # noqa: ANN401
        """Prices rows of one place; those that are refused are told."""
        rules = fees_at(self.session.rulebook, place)
        wasted, *case = (picked(column, rows) for column in (self.wasted, *self._case()))
        *components, total, errors = rules.parts(wasted, *case)
        refused = (at if rows is None else int(rows[at]) for at in _nonzero(errors))
        self._told(place, [row for row in refused if row not in self.skipped])
        amounts = [*components, total]
        if rows is None:
            self.amounts = amounts
            return
        for target, values in zip(self.amounts, amounts, strict=True):
            place_in(target, rows, values)

    def _case(self) -> list[Any]:
        """The columns of the rules."""
        start, hours = self.read["start"], self.read["hours"]
        assert start is not None
        assert hours is not None
        visit = [None if column is None else column.parts[0] for column in map(self.read.get, JOURNEY)]
        return [*start.parts, hours.parts[0], *visit]

    def _told(self, place: Place, refused: Sequence[int]) -> None:
        """Finds the reasons of rows that the rules refuse."""
        start = self.read["start"]
        assert start is not None
        transport = [column.parts[0] for column in (self.read["car_km"], self.read["tickets"]) if column is not None]
        for row in refused:
            function, told = self._function_of_row(row), None
            if function == INSPECTION and not any(column[row] for column in transport):
                told = self.engine.of_day(place, int(start.parts[0][row]))
            self.found[row] = told or self.engine.failure(self.table, function, row)


@cache
def _any_inspection() -> frozenset[str]:
    """Words for an inspection of whatever kind."""
    return frozenset(folded(text("price", "inspection", language)) for language in LANGUAGES)


def function_of(kind: Cell) -> str:
    """What prices a kind.

    Raises:
        KindError, InputError, ErrorCell: nothing does, or it is no kind.
    """
    if blank(kind):
        raise KindError("kind_blank")
    if isinstance(kind, str) and kind in ERROR_CODES:
        raise ErrorCell(kind)
    if not isinstance(kind, str):
        raise InputError("text_expected", value=one_line(str(kind)))
    if folded(kind) in _any_inspection():
        return INSPECTION
    cost = Cost(code_named("COST", kind))
    if cost not in INSPECTIONS and cost is not Cost.WASTED_TRIP:
        raise KindError("kind_foreign", kind=one_line(kind))
    return WASTED_TRIP if cost is Cost.WASTED_TRIP else INSPECTION


# --- lists and arrays ----------------------------------------------------------------------------------------------


def _alike(coded: Sequence[Coded | None], size: int) -> Iterator[tuple[list[Cell], Any]]:
    """The values that occur together, each with its rows: ``None`` when it is all of them."""
    several = [column for column in coded if column is not None and len(column.values) > 1]
    if not several:
        yield [column.values[0] if column is not None and column.values else None for column in coded], None
        return
    combined, many = several[0].places, len(several[0].values)
    for column in several[1:]:
        many *= len(column.values)
        combined = _combined(combined, len(column.values), column.places)
    for rows in _sorted(combined, many):
        row = rows[0]
        yield [column.values[column.places[row]] if column is not None else None for column in coded], rows


def _combined(one: Ints, many: int, other: Ints) -> Ints:
    if isinstance(one, list):
        return [first * many + second for first, second in zip(one, other, strict=True)]
    return one * many + other


def _sorted(keys: Ints, many: int) -> Iterator[Any]:
    """The rows of each key, in order."""
    np = numpy()
    if np is None:
        rows: dict[int, list[int]] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, []).append(row)
        yield from rows.values()
        return
    if many > MOST_PLACES:
        keys = np.unique(keys, return_inverse=True)[1]
        many = int(keys.max()) + 1
    order = np.argsort(keys.astype(np.uint16) if many <= MOST_PLACES else keys, kind="stable")
    counts = np.bincount(keys, minlength=many)
    ends = np.cumsum(counts)
    for key in np.flatnonzero(counts):
        yield order[ends[key] - counts[key] : ends[key]]


def _each(rows: Any, size: int) -> Sequence[int]:  # noqa: ANN401
    return range(size) if rows is None else [int(row) for row in rows]


def _zeros(size: int) -> Any:  # noqa: ANN401
    np = numpy()
    return [0] * size if np is None else np.zeros(size, np.int64)


def _flags(places: Ints, of_value: Sequence[bool]) -> Any:  # noqa: ANN401
    """For each row whether its value is flagged; nothing when none is."""
    if not any(of_value):
        return None
    np = numpy()
    return [of_value[place] for place in places] if np is None else np.array(of_value, np.bool_)[places]


def _nonzero(errors: Ints) -> Sequence[int]:
    if isinstance(errors, bytes | bytearray | list):
        return [row for row, error in enumerate(errors) if error] if any(errors) else ()
    return errors.nonzero()[0].tolist()  # type: ignore[no-any-return]


def _total(fees: Ints) -> int:
    """The sum, exactly."""
    if not isinstance(fees, list) and len(fees) and int(fees.max()) <= HIGHEST // len(fees):
        return int(fees.sum())
    return sum(map(int, fees))
