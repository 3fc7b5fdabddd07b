"""A block of rows whose cells are Python values, as files of text and workbooks give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from core.batch.columns import DAY_ONLY, Ints, numpy
from core.errors import CoproError, InputError
from core.units import Moment
from xl_addin import columns
from xl_addin.catalogue import FUNCTIONS
from xl_addin.catalogue.model import Kind
from xl_addin.cells import Cell, ErrorCell, blank
from xl_addin.session import Session

LEFT_OUT = {"trips": -1}
"""What a blank cell stands for; 0 where nothing is said."""
KINDS: dict[str, Kind] = {argument.name: argument.kind for argument in FUNCTIONS["COPRO_INSPECTION_FEE"].arguments}
"""What the columns take: what the arguments of the function do."""
A_DAY = (date(2023, 1, 2).toordinal(), DAY_ONLY)
"""Stands where a start cannot be read; the row has no price."""


class Column(NamedTuple):
    """A column as whole numbers: two for a start, one for anything else; and which rows could not be read.

    Attributes:
        parts: arrays, or lists where NumPy is not installed.
        unread: the rows, in order.
    """

    parts: tuple[Any, ...]
    unread: Sequence[int]


class Coded(NamedTuple):
    """A column of few distinct values: those, and for each row the place of its own."""

    values: Sequence[Cell]
    places: Ints


class ListTable:
    """Rows held as a list for each column that is there."""

    def __init__(self, cells: Mapping[str, Sequence[Cell]], size: int) -> None:
        self.size = size
        self._cells = cells

    def cell(self, field: str, row: int) -> Cell:
        """A cell, blank where there is no such column."""
        column = self._cells.get(field)
        return None if column is None else column[row]

    def blank_rows(self) -> Sequence[int]:
        """The rows in which no column that is understood holds anything."""
        columns = list(self._cells.values())
        first = [row for row, value in enumerate(columns[0]) if blank(value)] if columns else range(self.size)
        return [row for row in first if all(blank(column[row]) for column in columns)]

    def coded(self, field: str) -> Coded | None:
        """A column of codes; nothing when there is none."""
        column = self._cells.get(field)
        if column is None:
            return None
        found: dict[tuple[type, Cell], int] = {}
        places = [found.setdefault((type(value), value), len(found)) for value in column]
        return Coded([value for _, value in found], _array(places))

    def numbers(self, field: str, session: Session) -> Column | None:
        """A column of numbers, or the starts; nothing when there is none or nothing is in it."""
        column = self._cells.get(field)
        if column is None:
            return None
        reader = _Starts(session) if field == "start" else _Reader(field, session)
        read = [reader[type(value), value] for value in column]
        if field not in ("start", "hours") and all(value is None for value in column):
            return None
        unread = [row for row, found in enumerate(read) if found is None]
        if unread:
            read = [reader.nothing if found is None else found for found in read]
        return Column(tuple(_array(part) for part in zip(*read, strict=True)), unread)


class _Reader(dict[tuple[type, Cell], tuple[int, ...] | None]):
    """What a cell means, each distinct one read once."""

    def __init__(self, field: str, session: Session) -> None:
        super().__init__()
        self._field = field
        self._session = session
        self.nothing: tuple[int, ...] = A_DAY if field == "start" else (LEFT_OUT.get(field, 0),)

    def __missing__(self, key: tuple[type, Cell]) -> tuple[int, ...] | None:
        found: tuple[int, ...] | None
        try:
            found = self.read(key[1])
        except (CoproError, ErrorCell):
            found = None
        self[key] = found
        return found

    def read(self, value: object) -> tuple[int, ...]:
        """A cell as the numbers of its row.

        Raises:
            CoproError, ErrorCell: it cannot be read.
        """
        if blank(value):
            if self._field in ("start", "hours"):
                raise InputError("argument_missing")
            return self.nothing
        read = KINDS[self._field].read(value, self._session)
        return columns.moment(read) if isinstance(read, Moment) else (int(read),)  # type: ignore[call-overload]


class _Starts(_Reader):
    """What starts mean. In text, days and times of day are read apart: of each there are few."""

    def __init__(self, session: Session) -> None:
        super().__init__("start", session)
        self._days = _Reader("start", session)
        self._times = _Reader("start", session)

    def read(self, value: object) -> tuple[int, ...]:
        if isinstance(value, str) and len(value) > _DAY_LONG and not value[_DAY_LONG - 1].isspace():
            day = self._days[str, value[:_DAY_LONG]]
            time = self._times[str, _ANY_DAY + value[_DAY_LONG:]]
            if day is not None and time is not None:
                return day[0], time[1]
        return super().read(value)


_ANY_DAY = "2023-01-01"
_DAY_LONG = len(_ANY_DAY)


def read_cell(field: str, value: object, session: Session) -> tuple[int, ...] | None:
    """One cell as the numbers of its row; nothing when it cannot be read."""
    return _Reader(field, session)[type(value), value]  # type: ignore[index]


def _array(values: Sequence[int]) -> Any:  # noqa: ANN401 - an array or a list
    np = numpy()
    return list(values) if np is None else np.array(values, np.int64)
