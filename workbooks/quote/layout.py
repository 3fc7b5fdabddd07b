"""Where everything stands in the quote workbook; the writer and the reader both ask here.

Rows and columns are counted from 0. Cells outside the table of lines go by a defined name, its columns by their header.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell

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
TITLE_END: Final = 5
"""The last column of the title; the regulation's name has the rest."""
LINES_NAME: Final = "quote_lines"
END_NAME: Final = "quote_lines_end"
LANGUAGE_NAME: Final = "quote_language"
WORKS_NAME: Final = "quote_works"
WORKS_END_NAME: Final = "quote_works_end"
PLANS_NAME: Final = "quote_plans"
PLANS_END_NAME: Final = "quote_plans_end"


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
_NUMBER: Final = Column("no", 4, ("whole", "quiet"))
_KIND: Final = Column("kind", 23, _TEXT)
_DESCRIPTION: Final = Column("description", 22, _TEXT)
_WORK: Final = Column("work", 17, _TEXT)
_QUANTITY: Final = Column("quantity", 7.5, ("number",))
_HOURS: Final = Column("hours", 8, ("number",))
_INSPECTORS: Final = Column("inspectors", 10, ("number",))
_TRIPS: Final = Column("trips", 8.5, ("number",))
_OPTION: Final = Column("option", 9, _TEXT)
_INPUTS: Final = (
    _QUANTITY,
    Column("when", 15.5, ("moment", "indent")),
    _HOURS,
    _INSPECTORS,
    _TRIPS,
    Column("hours_abroad", 11, ("number",)),
    Column("car_km", 8.5, ("number",)),
    Column("tickets", 10, ("amount",)),
    Column("nights", 7.5, ("number",)),
    Column("room_cost", 9.5, ("amount",)),
    Column("day_type", 12, _TEXT),
)
_SITE: Final = Column("site", 16, _TEXT)
_COMPUTED: Final = (
    Column("factor", 8.5, ("times",)),
    Column("unit", 11, ("amount",)),
    Column("amount", 12.5, ("amount", "bold")),
    Column("option_amount", 12, ("amount",)),
)
_VAT: Final = (Column("vat", 10, ("amount",)), Column("option_vat", 10, ("amount",)))
_TOLD: Final = (Column("article", 8, ("text", "indent")), Column("paid_to", 19.5, _TEXT))
INPUT_KEYS: Final = tuple(column.key for column in (_KIND, _DESCRIPTION, _WORK, *_INPUTS, _SITE, _OPTION))
"""The columns a person fills in."""
ADDED_KEYS: Final = frozenset({"work", "inspectors", "site", "option"})
"""Those of them that not every workbook has."""

WORKS: Final = (
    Column("work", 22, _TEXT),
    Column("execution", 30, _TEXT),
    Column("site", 22, _TEXT),
    Column("lines", 9, ("whole",)),
    Column("amount", 15, ("amount", "bold")),
    Column("option_amount", 15, ("amount",)),
)
"""The table of works: three columns to fill in, three computed."""
WORK_KEYS: Final = ("work", "execution", "site")
WORKS_HEADER: Final = 4
"""The row with the headers of the works."""
PLANS: Final = (
    Column("kind", 22, _TEXT),
    _DESCRIPTION,
    _WORK,
    Column("count", 9, ("number",)),
    Column("first", 15, ("date", "indent")),
    Column("step", 15, ("number",)),
    Column("every", 11, _TEXT),
    Column("weekday", 13, _TEXT),
    Column("time", 10, ("clock", "right")),
    _QUANTITY,
    _HOURS,
    _INSPECTORS,
    _TRIPS,
    _OPTION,
)
"""The table of plans that are still to be worked out."""


@dataclass(frozen=True)
class Layout:
    """The tables of one workbook: how many rows, and which of the columns that are not always there.

    Attributes:
        language: of the workbook.
        lines: rows of the table of lines, empty ones included.
        parties: who is paid, a row of totals each.
        sites: whether a line can have a site of its own.
        line_vat: whether VAT is computed line by line (policy ``vat.rounding``).
        works: rows of the table of works, empty ones included; 0 when there is none.
        plans: rows of the table of plans.
    """

    language: str
    lines: int
    parties: tuple[str, ...]
    sites: bool = False
    line_vat: bool = False
    works: int = 0
    plans: int = 0

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """From left to right."""
        work = (_WORK,) if self.works else ()
        site = (_SITE,) if self.sites else ()
        vat = _VAT if self.line_vat else ()
        return (_NUMBER, _KIND, _DESCRIPTION, *work, *_INPUTS, *site, _OPTION, *_COMPUTED, *vat, *_TOLD)

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
    def customer_labels(self) -> int:
        """The column that names what stands beside it of the customer."""
        return self.column("when")

    @property
    def customer_values(self) -> int:
        """The first column of the customer's name, address and so on."""
        return self.customer_labels + 1

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

    @property
    def check(self) -> int:
        """The row that says whether every line is in the totals."""
        return self.grand_total + 1

    @property
    def option_header(self) -> int:
        """The row with the headers of the totals with all options."""
        return self.check + 2

    def option_rows(self) -> range:
        """The rows of the totals with all options, one a party."""
        return range(self.option_header + 1, self.option_header + 1 + len(self.parties))

    @property
    def option_total(self) -> int:
        """The row of the grand total with all options."""
        return self.option_header + 1 + len(self.parties)

    def line_row(self, number: int) -> int:
        """The row of a line, counted from 1."""
        return FIRST_LINE + number - 1

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

    def on_sheet(self, cells: str) -> str:
        """Cells of the sheet of lines, as other sheets name them."""
        return f"{self.sheet}!{cells}"

    @property
    def sheet(self) -> str:
        """The sheet of lines, as formulas of other sheets name it."""
        return quoted(sheet_name("lines", self.language))

    # --- works and plans ---------------------------------------------------------------------------------------------

    @property
    def works_sheet(self) -> str:
        """The sheet of works and plans, as formulas of other sheets name it."""
        return quoted(sheet_name("works", self.language))

    def work_rows(self) -> range:
        """The rows of the works."""
        return range(WORKS_HEADER + 1, WORKS_HEADER + 1 + self.works)

    @property
    def no_work(self) -> int:
        """The row for the lines that belong to no work."""
        return WORKS_HEADER + 1 + self.works

    @property
    def works_total(self) -> int:
        """The row that adds the works up."""
        return self.no_work + 1

    @property
    def plans_header(self) -> int:
        """The row with the headers of the plans."""
        return self.works_total + 5

    def plan_rows(self) -> range:
        """The rows of the plans."""
        return range(self.plans_header + 1, self.plans_header + 1 + self.plans)

    def work_cell(self, key: str, row: int) -> str:
        """A cell of the table of works, as other sheets name it."""
        position = [column.key for column in WORKS].index(key)
        return f"{self.works_sheet}!{xl_rowcol_to_cell(row, position, row_abs=True, col_abs=True)}"

    def all_works(self, key: str) -> str:
        """A column of the table of works, as other sheets name it."""
        position = [column.key for column in WORKS].index(key)
        rows = self.work_rows()
        return f"{self.works_sheet}!{xl_range_abs(rows[0], position, rows[-1], position)}"

    @property
    def open_plans(self) -> str:
        """The cells that are filled in while a plan is still to be worked out, as other sheets name them."""
        rows = self.plan_rows()
        return f"{self.works_sheet}!{xl_range_abs(rows[0], 0, rows[-1], len(PLANS) - 1)}"


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
