"""Where everything stands in the quote workbook; the writer and the reader both ask here.

Rows and columns are counted from 0. Cells outside the table of lines go by a defined name, its columns by their header.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from core.codes import codes
from core.texts import text
from core.topics import names
from workbooks.quote.model import MOST_ADDRESS_LINES

HEAD_FIRST: Final = 4
"""The first row of the head: number, date, customer."""
HEAD: Final = ("number", "date", "valid_until", "regulation", "site", "vat", "tariff_year", "vat_rate")
"""The head of the quote, a row each."""
CUSTOMER: Final = ("name", *(f"address_{n + 1}" for n in range(MOST_ADDRESS_LINES)), "vat_number", "reference")
"""The customer, a row each."""
HEADER: Final = HEAD_FIRST + len(HEAD) + 1
"""The row with the headers of the lines."""
FIRST_LINE: Final = HEADER + 1
VALUES: Final = 2
"""The column of the head's values."""
CUSTOMER_LABELS: Final = 4
CUSTOMER_VALUES: Final = 5
LINES_NAME: Final = "quote_lines"
END_NAME: Final = "quote_lines_end"
LANGUAGE_NAME: Final = "quote_language"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of lines: the field it holds, its width in characters, and its styles."""

    key: str
    width: float
    styles: tuple[str, ...]

    def title(self, language: str) -> str:
        """What stands above it."""
        return text("quote", f"column.{self.key}", language)

    @property
    def header(self) -> str:
        """The style of its header: aligned as its cells are."""
        return "indent" if "indent" in self.styles else "right"


_TEXT: Final = ("wrap", "indent")
_INPUTS: Final = (
    Column("kind", 23, _TEXT),
    Column("description", 26, _TEXT),
    Column("quantity", 9, ("number",)),
    Column("when", 17, ("moment", "indent")),
    Column("hours", 9, ("number",)),
    Column("trips", 10, ("number",)),
    Column("hours_abroad", 14.5, ("number",)),
    Column("car_km", 13, ("number",)),
    Column("tickets", 10.5, ("amount",)),
    Column("nights", 8, ("number",)),
    Column("room_cost", 10, ("amount",)),
    Column("day_type", 14, _TEXT),
)
_NUMBER: Final = Column("no", 4, ("whole", "quiet"))
_SITE: Final = Column("site", 16, _TEXT)
_UNIT: Final = Column("unit", 11.5, ("amount",))
_AMOUNT: Final = Column("amount", 14.5, ("amount", "bold"))
_VAT: Final = Column("vat", 11, ("amount",))
_ARTICLE: Final = Column("article", 8.5, ("text", "indent"))
_PAID_TO: Final = Column("paid_to", 20, _TEXT)
INPUT_KEYS: Final = (*(column.key for column in _INPUTS), _SITE.key)
"""The columns a person fills in."""


@dataclass(frozen=True)
class Layout:
    """The table of one workbook: how many lines, and which of the columns that are not always there.

    Attributes:
        language: of the workbook.
        lines: rows of the table, empty ones included.
        parties: who is paid, a row of totals each.
        sites: whether a line can have a site of its own.
        line_vat: whether VAT is computed line by line (policy ``vat.rounding``).
    """

    language: str
    lines: int
    parties: tuple[str, ...]
    sites: bool = False
    line_vat: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """From left to right."""
        site = (_SITE,) if self.sites else ()
        vat = (_VAT,) if self.line_vat else ()
        return (_NUMBER, *_INPUTS, *site, _UNIT, _AMOUNT, *vat, _ARTICLE, _PAID_TO)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {column.key: position for position, column in enumerate(self.columns)}

    def column(self, key: str) -> int:
        """The position of a column."""
        return self._positions[key]

    @property
    def last_column(self) -> int:
        """The position of the last column."""
        return len(self.columns) - 1

    @property
    def last_line(self) -> int:
        """The row of the last line."""
        return FIRST_LINE + self.lines - 1

    @property
    def total_header(self) -> int:
        """The row with the headers of the totals."""
        return self.last_line + 2

    def party_rows(self) -> range:
        """The rows of the totals, one a party."""
        return range(self.total_header + 1, self.total_header + 1 + len(self.parties))

    @property
    def grand_total(self) -> int:
        """The row of the grand total."""
        return self.total_header + 1 + len(self.parties)

    def rows(self) -> Iterator[int]:
        """The rows of the lines."""
        return iter(range(FIRST_LINE, self.last_line + 1))

    def cell(self, key: str, row: int) -> str:
        """A cell of the table, such as ``E14``."""
        return str(xl_rowcol_to_cell(row, self.column(key)))

    def whole(self, key: str) -> str:
        """A whole column of the table, such as ``$E$14:$E$25``."""
        name = xl_col_to_name(self.column(key), col_abs=True)
        return f"{name}${FIRST_LINE + 1}:{name}${self.last_line + 1}"

    @property
    def sheet(self) -> str:
        """The first sheet, as formulas of other sheets name it."""
        return quoted(sheet_name("quote", self.language))


def head_cell(key: str) -> str:
    """A cell of the head, such as ``$C$7``."""
    return str(xl_rowcol_to_cell(HEAD_FIRST + HEAD.index(key), VALUES, row_abs=True, col_abs=True))


def defined_name(key: str, *, customer: bool = False) -> str:
    """The name of a cell of the head, or of the customer."""
    return f"customer_{key}" if customer else f"quote_{key}"


def sheet_name(which: str, language: str) -> str:
    """The name of a sheet."""
    return text("quote", f"sheet.{which}", language)


def quoted(name: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


def label(group: str, code: str, language: str) -> str:
    """A code as people read it."""
    return names(group, code, language)[0]


def labels(group: str, language: str) -> list[str]:
    """Every code of a group as people read it."""
    return [label(group, code, language) for code in codes(group)]


def party(paid_to: str, language: str) -> str:
    """The short name of who is paid."""
    return text("quote", f"party.{paid_to}", language)
