"""Where everything stands in the register workbook; the writer and the reader both ask here.

Rows and columns are counted from 0. Every column of the table has a defined name, which the formulas use:
``=COPRO_FACTOR(register_start,register_site,register_day_type)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from core.texts import text
from workbooks.quote.layout import quoted
from workbooks.register.model import FIELDS

HEADER: Final = 4
"""The row with the headers of the table."""
FIRST: Final = HEADER + 1
"""The first row of the table."""
LANGUAGE_NAME: Final = "register_language"
KINDS_NAME: Final = "register_kinds"
FROZEN: Final = 4
"""Columns that stay in view: number, start, customer, reference."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what it holds, its width in characters, its styles; hidden ones only help to add up."""

    key: str
    width: float = 10
    styles: tuple[str, ...] = ("text",)
    hidden: bool = False

    @property
    def name(self) -> str:
        """The defined name of its cells."""
        return f"register_{self.key}"

    def title(self, language: str) -> str:
        """What stands above it."""
        return text("register", f"column.{self.key}", language)

    @property
    def header(self) -> str:
        """The style of its header: aligned as its cells are."""
        return "indent" if "indent" in self.styles else "center" if "times" in self.styles else "right"


_TEXT: Final = ("wrap", "indent")
_INPUTS: Final = (
    Column("start", 16, ("moment", "indent")),
    Column("customer", 28, _TEXT),
    Column("reference", 15, _TEXT),
    Column("kind", 25, _TEXT),
    Column("inspector", 12, _TEXT),
    Column("hours", 9, ("number",)),
    Column("trips", 9, ("number",)),
    Column("hours_abroad", 12.5, ("number",)),
    Column("car_km", 8.5, ("number",)),
    Column("tickets", 10, ("amount",)),
    Column("nights", 8.5, ("number",)),
    Column("room_cost", 10, ("amount",)),
    Column("site", 20, _TEXT),
    Column("day_type", 12, _TEXT),
    Column("regulation", 14, _TEXT),
)
_RESULTS: Final = (
    Column("day", 22, _TEXT),
    Column("factor", 8, ("times",)),
    Column("fee", 13, ("amount", "bold")),
    Column("remark", 22, _TEXT),
)
_HELPERS: Final = tuple(
    Column(key, hidden=True)
    for key in (
        *("payer", "kind_no", "customer_name", "customer_no", "customer_new", "payer_name", "payer_no", "payer_new"),
        *("key", "key_no", "same_as", "state"),
    )
)
COLUMNS: Final = (Column("no", 6, ("whole", "quiet")), *_INPUTS, *_RESULTS, *_HELPERS)
"""From left to right."""
PRINTED: Final = 1 + len(_INPUTS) + len(_RESULTS)
"""How many of them are seen."""
POSITIONS: Final = {column.key: position for position, column in enumerate(COLUMNS)}

assert tuple(column.key for column in _INPUTS) == FIELDS


@dataclass(frozen=True)
class Layout:
    """The workbook of one register: its language, and how many rows and lines there are.

    Attributes:
        language: of the workbook.
        rows: of the table, empty ones included.
        customers: lines of the totals per customer.
        listed: lines of the list of rows without a price.
    """

    language: str
    rows: int
    customers: int
    listed: int

    @property
    def last(self) -> int:
        """The last row of the table."""
        return FIRST + self.rows - 1

    @cached_property
    def sheet(self) -> str:
        """The sheet with the table, as formulas of other sheets name it."""
        return quoted(sheet_name("register", self.language))

    def whole(self, key: str) -> str:
        """A whole column of the table: ``'Register'!$E$6:$E$505``."""
        letter = letters(key)
        return f"{self.sheet}!${letter}${FIRST + 1}:${letter}${self.last + 1}"

    def area(self, key: str, last: str = "") -> tuple[int, int, int, int]:
        """The cells of a column, or of several beside each other: first row, first column, last row, last column."""
        return FIRST, POSITIONS[key], self.last, POSITIONS[last or key]


def letters(key: str) -> str:
    """The letters of a column."""
    return str(xl_col_to_name(POSITIONS[key]))


def cell(key: str, row: int = FIRST) -> str:
    """A cell of the table with its column fixed, such as ``$E6``."""
    return f"${letters(key)}{row + 1}"


def sheet_name(which: str, language: str) -> str:
    """The name of a sheet."""
    return text("register", f"sheet.{which}", language)
