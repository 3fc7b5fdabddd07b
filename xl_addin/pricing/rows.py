"""The rows of a block as they were read, to be written again beside their prices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from xl_addin.cells import Cell
from xl_addin.pricing.engine import Priced, Table
from xl_addin.pricing.fields import AMOUNTS, NUMBERS, Header
from xl_addin.pricing.tables import ListTable


class Block(NamedTuple):
    """A part of a file, on its way to whoever reads it.

    Attributes:
        content: as the reader of that kind of file takes it.
        first: the number of its first row, or line, in the file.
        done: how much of the file has been read with it, to show how far the work is.
    """

    content: Any
    first: int
    done: int


class Rows(Protocol):
    """The rows of a block."""

    @property
    def table(self) -> Table:
        """Those that are understood."""

    def number(self, row: int) -> int:
        """Where a row stands in its file."""

    def cells(self) -> list[Sequence[Cell]]:
        """The columns that are kept, as cells."""

    def texts(self, decimal: str) -> list[Sequence[str]]:
        """The columns that are kept, as texts."""

    def arrays(self) -> list[Any]:
        """The columns that are kept, as Arrow arrays."""


class Reader(Protocol):
    """Reads the blocks of a file; goes to whoever prices them."""

    def rows(self, block: Block) -> Rows:
        """The rows of a block."""


class Writer(Protocol):
    """Makes what is written of a block; goes to whoever prices them."""

    def content(self, rows: Rows, priced: Priced) -> Any:  # noqa: ANN401 - bytes, cells or a record batch
        """What the file takes."""


class ListRows:
    """Rows held as lists, one for each column of the file.

    Args:
        header: of the file.
        columns: every column as it was read.
        read: the columns that are understood, where they are not simply those of the file.
        numbers: where each row stands in its file.
    """

    def __init__(
        self,
        header: Header,
        columns: Sequence[Sequence[Cell]],
        numbers: Sequence[int],
        read: Mapping[str, Sequence[Cell]] | None = None,
    ) -> None:
        self._header = header
        self._columns = columns
        self._numbers = numbers
        self._read = read if read is not None else {field: columns[at] for field, at in header.fields.items()}
        self.table = ListTable(self._read, len(numbers))

    def number(self, row: int) -> int:
        return self._numbers[row]

    def cells(self) -> list[Sequence[Cell]]:
        understood = {place: self._read[field] for field, place in self._header.fields.items()}
        return [understood.get(place, self._columns[place]) for place in self._header.kept]

    def texts(self, decimal: str) -> list[Sequence[str]]:
        return [
            column if set(map(type, column)) <= {str} else [text_of(value, decimal) for value in column]  # type: ignore[misc]
            for column in (self._columns[place] for place in self._header.kept)
        ]

    def arrays(self) -> list[Any]:
        import pyarrow as pa

        numeric = {self._header.fields[field] for field in NUMBERS if field in self._header.fields}
        return [
            pa.array(map(_float_of, values), pa.float64())
            if place in numeric
            else pa.array([text_of(value, ".") or None for value in values], pa.string())
            for place, values in zip(self._header.kept, self.cells(), strict=True)
        ]


def text_of(value: Cell, decimal: str) -> str:
    """A cell as text: ISO dates, numbers without a thousands separator."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != datetime.min.time() else value.date().isoformat()
    if isinstance(value, float | Decimal):
        return _digits(value).replace(".", decimal)
    return str(value)


def _digits(value: float | Decimal) -> str:
    """A number in full, without an exponent; what is none, such as NaN, stays something that is no number."""
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else value
    return f"{exact:f}"


def _float_of(value: Cell) -> float | None:
    """A number for a column of numbers; what is no number stays a mistake there: NaN."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    return math.nan


def absent(priced: Priced) -> frozenset[int]:
    """The rows without a price."""
    return frozenset(failure.row for failure in priced.failures) | frozenset(priced.blank)


def amounts(priced: Priced) -> list[list[int]]:
    """The amounts as lists."""
    return [column if isinstance(column, list) else column.tolist() for column in priced.amounts[: len(AMOUNTS)]]


def told(priced: Priced) -> tuple[list[str], list[str]]:
    """The errors and the reasons, row by row."""
    errors, reasons = [""] * priced.size, [""] * priced.size
    for row, error, reason in priced.failures:
        errors[row], reasons[row] = error, reason
    return errors, reasons
