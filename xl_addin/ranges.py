"""Ranges priced as columns: the functions for which `core.batch` has a rule, and how their arguments become columns.

Of functions that have few answers (those of a day, a year, a code), each distinct case is computed once (`alike`).

Only rows that are read without doubt and not refused are answered here. The others (blank rows, mistakes, refusals) are
left to `xl_addin.evaluate`, a cell at a time, so that they end as a single cell would.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from itertools import count, repeat
from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

from core.batch import DAY_ONLY, Place, fees_at, invoices_under, vat_by
from core.batch.columns import FEW, ColumnRule, Ints, numpy
from core.batch.vat import CUSTOMERS
from core.errors import CoproError, InputError
from core.memory import remember
from core.rules.art_2_2_8_vat import Customer
from core.units import Moment, Unit
from xl_addin import columns
from xl_addin.catalogue import kinds
from xl_addin.cells import SAFE_INTEGER, Cell, ErrorCell, blank
from xl_addin.evaluate import Varying

if TYPE_CHECKING:
    from core.rulebook import Rulebook
    from core.vocabulary import DayType
    from xl_addin.catalogue import Argument, Function, Kind
    from xl_addin.session import Session

FEWEST = 16
"""Cells from which on a range is priced as columns."""

Rule = Callable[["Rulebook", Place], ColumnRule]


class ColumnFunction(NamedTuple):
    """The rule of a function, and the arguments that are its columns; ``""`` is a column always left out."""

    rule: Rule
    columns: tuple[str, ...]


def _fee(name: str) -> Rule:
    return lambda rulebook, place: getattr(fees_at(rulebook, place), name)


def _invoice(name: str) -> Rule:
    return lambda rulebook, place: getattr(invoices_under(rulebook, place.regulation), name)


_JOURNEY = ("trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost")
FUNCTIONS: dict[str, ColumnFunction] = {
    "COPRO_FACTOR": ColumnFunction(_fee("factor"), ("start",)),
    "COPRO_APPLICATION_FEE": ColumnFunction(_fee("application"), ("on_date", "applications")),
    "COPRO_PERFORMANCE_FEE": ColumnFunction(_fee("performance"), ("start", "hours")),
    "COPRO_TRAVEL_FEE": ColumnFunction(_fee("travel"), ("start", "trips", "hours_abroad")),
    "COPRO_TRANSPORT_COST": ColumnFunction(_fee("transport"), ("on_date", "car_km", "tickets")),
    "COPRO_STAY_FEE": ColumnFunction(_fee("stay"), ("on_date", "nights", "room_cost")),
    "COPRO_INSPECTION_FEE": ColumnFunction(_fee("contribution"), ("start", "hours", *_JOURNEY)),
    "COPRO_WASTED_TRIP_FEE": ColumnFunction(_fee("wasted_trip"), ("start", "", *_JOURNEY)),
    "COPRO_VAT": ColumnFunction(lambda rulebook, _: vat_by(rulebook), ("amount", "on_date", "customer")),
    "COPRO_DUE_DATE": ColumnFunction(_invoice("due_date"), ("invoice_date",)),
    "COPRO_LATE_INTEREST": ColumnFunction(_invoice("interest"), ("amount", "due_date", "until_date")),
    "COPRO_LUMP_SUM": ColumnFunction(_invoice("lump_sum"), ("amount", "notice_received", "as_of")),
}
_PLACE = ("site", "day_type", "regulation")
_LEFT_OUT = {"trips": -1, "applications": 1}
"""What a blank cell stands for; 0 where nothing is said."""


Row = tuple[int, ...]


class Column(NamedTuple):
    """An argument as columns: two for a start, one for anything else; and the rows that could not be read."""

    parts: tuple[Any, ...]
    unread: set[int]


def priced(function: Function, session: Session, arguments: Sequence[object], size: int) -> list[Cell]:
    """The cells of a range, ``None`` where one must be computed on its own; nothing when all must be.

    Args:
        function: of the catalogue.
        session: the installation at work.
        arguments: for each argument one value, or a `Varying` with one for each of ``size`` cells.
        size: how many cells the range has.
    """
    known = FUNCTIONS.get(function.name)
    if known is None or size < FEWEST:
        return []
    named = {argument.name: (argument, value) for argument, value in zip(function.arguments, arguments, strict=True)}
    try:
        read = {name: _column(*named[name], session, size) for name in known.columns if name}
        places = _places([named.get(name) for name in _PLACE], session, size)
    except (CoproError, ErrorCell):  # an argument that is wrong for every row
        return []
    assert function.unit
    parts = [part for name in known.columns for part in (read[name].parts if name else (None,))]
    cells: list[Cell] = [None] * size
    for place, rows in places:
        _price(known.rule(session.rulebook, place), parts, rows, function.unit, cells)
    for row in set().union(*(column.unread for column in read.values())):
        cells[row] = None
    return cells


_FEW_ANSWERS = frozenset({kinds.DATE, kinds.YEAR, kinds.QUARTER, kinds.REGULATION})
"""Kinds of argument that have few values, besides codes."""
_TOLD_APART = frozenset({str, float, int, bool, type(None)})
"""Types of which values that are equal are written alike."""


def alike(function: Function, session: Session, arguments: Sequence[object], size: int) -> Sequence[int]:
    """For each cell of a range, the place of the first one that has the same answer: often its own.

    The arguments are as `priced` takes them.
    """
    few = all(argument.kind.codes or argument.kind in _FEW_ANSWERS for argument in function.arguments)
    if function.variadic or not few or size < FEWEST:
        return range(size)
    try:
        keys = [
            _keys(argument, value, session)
            for argument, value in zip(function.arguments, arguments, strict=True)
            if isinstance(value, Varying)
        ]
    except (CoproError, ErrorCell):  # blank from top to bottom, which the argument may not be
        return range(size)
    first: dict[Hashable, int] = {}
    return list(map(first.setdefault, keys[0] if len(keys) == 1 else zip(*keys, strict=True), count()))


def _keys(argument: Argument, values: Varying, session: Session) -> Sequence[Hashable]:
    """What stands for each value of an argument: the same for those it reads alike, else one that no other row has."""
    if argument.kind is kinds.DATE:
        (days,), unread = _column(argument, values, session, len(values))
        keys = list(days) if isinstance(days, list | tuple) else days.tolist()
        for row in unread:
            keys[row] = (row,)
        return keys
    if set(map(type, values)) <= {str, type(None)}:
        return values
    return [(type(value), value) if type(value) in _TOLD_APART else (row,) for row, value in enumerate(values)]


# --- reading -------------------------------------------------------------------------------------------------------


class _Reader:
    """What values mean to an argument, each distinct one read once."""

    def __init__(self, argument: Argument, session: Session) -> None:
        self._argument = argument
        self._session = session
        self._known: dict[tuple[type, object], Row | None] = {}

    def read(self, value: object) -> Row | None:
        """The row of a value; ``None`` when it cannot be read."""
        kind = type(value)
        if kind not in _READABLE:
            return None
        if (kind, value) not in self._known:
            remember(self._known, (kind, value), self._read(value))
        return self._known[kind, value]

    def _read(self, value: object) -> Row | None:
        try:
            return _row(self._argument, value, self._session)
        except (CoproError, ErrorCell):
            return None


def _row(argument: Argument, value: object, session: Session) -> Row:
    """A value as the row of its columns.

    Raises:
        CoproError, ErrorCell: it cannot be read, or is needed and blank.
    """
    if blank(value):
        if argument.required:
            raise InputError("argument_missing")
        return _when_left_out(argument, session)
    read = argument.kind.read(value, session)
    if isinstance(read, Moment):
        return columns.moment(read)
    if isinstance(read, date):
        return (read.toordinal(),)
    return (CUSTOMERS.index(Customer(read)) if isinstance(read, str) else int(read),)  # type: ignore[call-overload]


def _when_left_out(argument: Argument, session: Session) -> Row:
    if argument.kind is kinds.DATE:
        return (session.today().toordinal(),)
    return (_LEFT_OUT.get(argument.name, 0),)


def _column(argument: Argument, value: object, session: Session, size: int) -> Column:
    """An argument as columns.

    Raises:
        CoproError, ErrorCell: one value that holds for all rows cannot be read.
    """
    if isinstance(value, Varying) and not all(map(blank, value)):
        return _by_arrays(argument, value, session) if size >= FEW and numpy() else _by_value(argument, value, session)
    single = None if isinstance(value, Varying) else value
    row = _row(argument, single, session)
    if blank(single) and argument.kind is not kinds.DATE:
        return Column((None,) * len(row), set())
    return Column(tuple([part] * size for part in row), set())


def _by_value(argument: Argument, values: Varying, session: Session) -> Column:
    """Each distinct value read once."""
    read = list(map(_Reader(argument, session).read, values))
    unread = {row for row, found in enumerate(read) if found is None}
    anything = {kinds.MOMENT: (1, DAY_ONLY), kinds.DATE: (1,)}.get(argument.kind, (0,))
    return Column(tuple(zip(*(anything if found is None else found for found in read), strict=True)), unread)


def _by_arrays(argument: Argument, values: Varying, session: Session) -> Column:
    """Numbers read together, the rest each distinct value once."""
    import numpy as np

    if argument.kind not in _ARRAY_READERS:
        return _by_value(argument, values, session)
    *parts, unsure = _ARRAY_READERS[argument.kind](_floats(values), session)
    reader = _Reader(argument, session)
    unread = set()
    if not argument.required:
        left_out = np.array([value is None for value in values])
        unsure &= ~left_out
        for part, number in zip(parts, _when_left_out(argument, session), strict=True):
            part[left_out] = number
    for row in np.flatnonzero(unsure).tolist():
        read = reader.read(values[row])
        if read is None:
            unread.add(row)
        else:
            for part, number in zip(parts, read, strict=True):
                part[row] = number
    return Column(tuple(parts), unread)


def _floats(values: Varying) -> columns.Floats:
    """The numbers among values, ``nan`` for the rest."""
    import numpy as np

    if set(map(type, values)) != {float}:
        values = [value if type(value) is float else nan for value in values]  # type: ignore[assignment]
    return np.array(values, np.float64)


_READABLE = frozenset({float, int, bool, str, type(None), date, datetime})
_ARRAY_READERS: dict[Kind, Callable[[Any, Session], tuple[Any, ...]]] = {
    kinds.MOMENT: columns.moments,
    kinds.DATE: lambda serials, session: columns.moments(serials, session)[::2],
    kinds.COUNT: lambda values, _: columns.counts(values),
    **{
        kind: lambda values, _, scale=scale: columns.numbers(values, scale)  # type: ignore[misc]
        for kind, scale in columns.SCALES.items()
    },
}


def _places(
    given: Sequence[tuple[Argument, object] | None], session: Session, size: int
) -> list[tuple[Place, list[int] | None]]:
    """The places there are, each with its rows; rows whose place cannot be read are left out."""
    found: list[Any] = [_place_column(each, session) for each in given]
    if not any(isinstance(each, list) for each in found):
        return [(_place(session, *found), None)]
    rows: dict[tuple[Any, ...], list[int]] = {}
    for row, key in enumerate(
        zip(*(each if isinstance(each, list) else repeat(each, size) for each in found), strict=True)
    ):
        rows.setdefault(key, []).append(row)
    return [(_place(session, *key), at) for key, at in rows.items() if _UNREAD not in key]


_UNREAD = "?"


def _place_column(given: tuple[Argument, object] | None, session: Session) -> object:
    """Site, kind of day or regulation: one for all rows, or a list."""
    if given is None:
        return None
    argument, value = given
    if not isinstance(value, Varying):
        return None if blank(value) else argument.kind.read(value, session)
    known: dict[str | None, object] = {None: None, "": None}
    for name in {name for name in value if type(name) is str and name}:
        try:
            known[name] = argument.kind.read(name, session)
        except (CoproError, ErrorCell):
            known[name] = _UNREAD
    return [known[name] if name is None or type(name) is str else _UNREAD for name in value]


def _place(session: Session, site: str | None, day_type: DayType | None, regulation: str | None) -> Place:
    return Place(site or session.site, day_type, regulation or "")


# --- pricing -------------------------------------------------------------------------------------------------------


def _price(rule: ColumnRule, parts: Sequence[Any], rows: list[int] | None, unit: Unit, cells: list[Cell]) -> None:
    """Fills the cells of some rows, or of all."""
    if rows is not None:
        parts = [None if part is None else _picked(part, rows) for part in parts]
    values, errors = rule(*parts)
    shown: list[Cell] = _shown(values, unit)
    for row in _refused(errors):
        shown[row] = None
    if rows is None:
        cells[:] = shown
        return
    for row, value in zip(rows, shown, strict=True):
        cells[row] = value


def _picked(part: Ints, rows: list[int]) -> Ints:
    return [part[row] for row in rows] if isinstance(part, list | tuple) else part[rows]


def _shown(values: Ints, unit: Unit) -> list[Cell]:
    """Cents as euro, halves as factors, ordinals as dates."""
    if unit is Unit.DATE:
        return [date.fromordinal(value or 1) for value in map(int, values)]
    if not isinstance(values, list) and values.max() < SAFE_INTEGER:
        return (values / unit.per_whole).tolist()  # type: ignore[no-any-return]
    return [value / unit.per_whole for value in map(int, values)]


def _refused(errors: Ints) -> Sequence[int]:
    if isinstance(errors, bytearray):
        return [row for row, error in enumerate(errors) if error] if any(errors) else ()
    return errors.nonzero()[0].tolist()  # type: ignore[no-any-return]
