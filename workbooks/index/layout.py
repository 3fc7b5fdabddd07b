"""Where everything stands in the index workbook; the writer and the reader both ask here.

A sheet a series. A row is a period: what is on record, the cells to fill in beside it, what holds then. Columns go by
their headers. Rows and columns are counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from core.texts import text
from core.vocabulary import Series

HEADER: Final = 6
"""The row with the headers of a table."""
FIRST_ROW: Final = HEADER + 1
MOST_ROW: Final = 3
"""The row with the largest change that needs no explanation."""
SPARE_ROWS: Final = 6
"""Empty rows for figures of other periods."""
RUNS: Final = 3
"""Runs of construction holidays of a site in a year."""

LANGUAGE_NAME: Final = "index_language"
FINGERPRINT_NAME: Final = "index_fingerprint"
RECORDINGS_NAME: Final = "index_recordings"
YEAR_NAME: Final = "index_year"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, the group it belongs to, its width in characters, its styles."""

    key: str
    group: str
    width: float
    styles: tuple[str, ...] = ("wrap", "indent")

    def title(self, language: str) -> str:
        """What stands above it."""
        return text("index", f"column.{self.key}", language)


_DATE: Final = ("date", "indent")
_KEYS: Final = {
    "period": Column("period", "key", 10, ("indent",)),
    "year": Column("year", "key", 8, ("whole", "inset")),
    "first": Column("first", "key", 12, _DATE),
    "last": Column("last", "key", 12, _DATE),
    "series": Column("series", "key", 27),
    "site": Column("site", "key", 25),
}
_PEOPLE: Final = (
    Column("status", "input", 12),
    Column("source", "input", 27),
    Column("entered_by", "input", 14),
    Column("checked_by", "input", 14),
    Column("note", "input", 24),
)
_ORIGIN: Final = (
    Column("rec_source", "origin", 42),
    Column("rec_basis", "origin", 36),
    Column("rec_on", "origin", 12, _DATE),
    Column("rec_by", "origin", 16),
    Column("rec_checked", "origin", 16),
)
_STATUS_NOW: Final = Column("rec_status", "record", 12)
_CHECK: Final = Column("check", "result", 60)


@dataclass(frozen=True)
class Table:
    """The table of one sheet.

    Attributes:
        name: of the sheet, in ``index.toml``.
        series: whose figures it holds; none for the construction holidays.
        keys: the columns that say which figure a row is about.
        example: how a period is written, where there is one.
        look: the style of a value.
    """

    name: str
    series: tuple[Series, ...]
    keys: tuple[str, ...]
    example: str = ""
    look: str = "figure"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """From left to right."""
        keys = tuple(_KEYS[key] for key in self.keys)
        if not self.series:
            days = tuple(Column(key, "input", 12, _DATE) for key in self.values)
            origin = tuple(column for column in _ORIGIN if column.key != "rec_basis")
            return (*keys, Column("rec_days", "record", 30), _STATUS_NOW, *days, *_PEOPLE, _CHECK, *origin)
        now, new = Column("rec_value", "record", 11, (self.look,)), Column("value", "input", 12, (self.look,))
        holds = Column("holds", "result", 11, (self.look, "bold"))
        return (*keys, now, _STATUS_NOW, new, *_PEOPLE, holds, _CHECK, *_ORIGIN)

    @property
    def values(self) -> tuple[str, ...]:
        """The columns of what is said."""
        if self.series:
            return ("value",)
        return tuple(f"{end}_{number}" for number in range(1, RUNS + 1) for end in ("first", "last"))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns a person fills in, side by side."""
        return (*self.values, *(column.key for column in _PEOPLE))

    def at(self, key: str) -> int:
        """The position of a column."""
        return self._positions[key]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {column.key: position for position, column in enumerate(self.columns)}

    def cell(self, key: str, row: int) -> str:
        """A cell, such as ``$E14``: the same column wherever a format is looked up."""
        return str(xl_rowcol_to_cell(row, self.at(key), col_abs=True))

    def whole(self, key: str, rows: int, language: str) -> str:
        """A whole column of the table, as other sheets name it."""
        name = xl_col_to_name(self.at(key), col_abs=True)
        return f"{quoted(sheet_name(self.name, language))}!{name}${FIRST_ROW + 1}:{name}${FIRST_ROW + rows}"


SALARY: Final = Table("salary", (Series.SALARY_INDEX,), ("period",), "2026-Q3")
TRAVEL: Final = Table("travel", (Series.TRAVEL_ALLOWANCE,), ("first", "last"), look="exact")
TRAVEL_QUARTERLY: Final = Table(
    "travel_quarterly", (Series.TRAVEL_ALLOWANCE_QUARTERLY,), ("first", "last"), look="exact"
)
INTEREST_1865: Final = Table("interest_1865", (Series.LEGAL_INTEREST_1865,), ("period",), "2027")
INTEREST_2002: Final = Table("interest_2002", (Series.LEGAL_INTEREST_2002,), ("period",), "2027-H1")
VAT: Final = Table("vat", (Series.VAT_BE, Series.VAT_EU_REVERSE, Series.VAT_EXPORT), ("series", "first"))
HOLIDAYS: Final = Table("holidays", (), ("year", "site"))
FIGURES: Final = (SALARY, TRAVEL, TRAVEL_QUARTERLY, INTEREST_1865, INTEREST_2002, VAT)
TABLES: Final = (*FIGURES, HOLIDAYS)


def sheet_name(which: str, language: str) -> str:
    """The name of a sheet."""
    return text("index", f"sheet.{which}", language)


def quoted(name: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + name.replace("'", "''") + "'"
