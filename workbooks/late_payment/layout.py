"""Where everything stands in the late-payment workbook: sheets, tables, columns, counted from 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from core.texts import text
from workbooks.quote.layout import quoted

SHEETS: Final = (
    "overview",
    "customers",
    "invoices",
    "payments",
    "checks",
    "statement",
    "letter",
    "calculation",
    "words",
    "received",
)
"""In their order; the last two are hidden."""
HEADER: Final = 3
"""The row with the headers of the tables that people fill in."""
FIRST: Final = HEADER + 1
BUCKETS: Final = 5
"""Not due, and late by up to 30, 60, 90 days, and more."""
BUCKET_DAYS: Final = (0, 30, 60, 90)
"""The most days of each bucket but the last."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: what it holds.
        width: in characters.
        styles: of its cells.
        claim: the row of ``COPRO_LATE_CLAIM`` it shows.
    """

    key: str
    width: float
    styles: tuple[str, ...]
    claim: int | None = None

    @property
    def align(self) -> str:
        """Where its header stands."""
        if {"amount", "whole"} & set(self.styles):
            return "right"
        return "indent" if "indent" in self.styles else "left"


@dataclass(frozen=True)
class Table:
    """A table that people fill in: its inputs first, then what is computed, then hidden workings.

    Attributes:
        sheet: its name, as formulas write it.
        rows: how many can be filled in.
        inputs: the columns filled in.
        shown: the columns computed.
        hidden: the columns of workings.
    """

    sheet: str
    rows: int
    inputs: tuple[Column, ...]
    shown: tuple[Column, ...]
    hidden: tuple[str, ...]

    @property
    def visible(self) -> tuple[Column, ...]:
        """The columns people see."""
        return self.inputs + self.shown

    def column(self, key: str) -> int:
        """The position of a column."""
        keys = [column.key for column in self.visible]
        return keys.index(key) if key in keys else len(keys) + self.hidden.index(key)

    @property
    def last(self) -> int:
        """The last row that can be filled in."""
        return FIRST + self.rows - 1

    @property
    def end(self) -> int:
        """The row under it, which tells when something stands below."""
        return self.last + 1

    def cell(self, key: str, row: int) -> str:
        """A cell as formulas of the same row write it: ``$B5``."""
        return str(xl_rowcol_to_cell(row, self.column(key), col_abs=True))

    def at(self, key: str, row: int) -> str:
        """A cell as formulas of other sheets write it."""
        return f"{self.sheet}!{xl_rowcol_to_cell(row, self.column(key), row_abs=True, col_abs=True)}"

    def whole(self, key: str) -> str:
        """A column, with the row under the table."""
        name = xl_col_to_name(self.column(key), col_abs=True)
        return f"{self.sheet}!{name}${FIRST + 1}:{name}${self.end + 1}"

    def filled(self, row: int) -> str:
        """How many inputs of a row are filled in, as a formula."""
        return f"COUNTA({self.inputs_of(row)})"

    def inputs_of(self, row: int) -> str:
        """The inputs of a row."""
        return f"{self.cell(self.inputs[0].key, row)}:{self.cell(self.inputs[-1].key, row)}"

    def so_far(self, key: str, row: int) -> str:
        """A column from its header down to the row above, to count on."""
        name = xl_col_to_name(self.column(key), col_abs=True)
        return f"{name}${HEADER + 1}:{name}{row}"


_WORDS: Final = ("wrap", "middle")
_DAY: Final = ("date", "middle", "indent")
_EURO: Final = ("amount", "middle")

_CUSTOMER_INPUTS: Final = (
    Column("customer", 30, _WORDS),
    Column("language", 10, _WORDS),
    *(Column(f"address_{line}", 22, _WORDS) for line in range(1, 5)),
    Column("vat_number", 20, _WORDS),
    Column("reference", 22, _WORDS),
)
_INVOICE_INPUTS: Final = (
    Column("customer", 28, _WORDS),
    Column("number", 15, _WORDS),
    Column("invoice_date", 16, _DAY),
    Column("amount", 14, _EURO),
    Column("notice", 20, _DAY),
)
_INVOICE_SHOWN: Final = (
    Column("due_date", 12.5, _DAY),
    Column("payments", 13, _EURO),
    Column("principal", 14, _EURO, 3),
    Column("days_late", 8, ("whole", "middle"), 2),
    Column("interest", 12, _EURO, 4),
    Column("lump_sum", 20, _EURO, 5),
    Column("total", 14, (*_EURO, "bold"), 6),
    Column("bucket", 16, ("middle", "indent")),
    Column("check", 52, _WORDS),
)
_INVOICE_HIDDEN: Final = (
    "key",
    "customer_no",
    "fault",
    "ready",
    "first",
    "sound",
    "otherwise",
    "reason",
    "later",
    "overpaid",
    "bucket_no",
    "listed",
    "overdue",
    "late_since",
    "counter",
)
"""What is compared; the customer's row; what is wrong with what was filled in; whether it can be computed; the first
cell of the claim; whether it was computed; what is shown if not; why not; payments after the day; what was received
beyond what is owed; the bucket; the place on the statement and in the letter; since when it is late; the place among
what is wrong."""
_PAYMENT_INPUTS: Final = (
    Column("number", 18, _WORDS),
    Column("payment_date", 14, _DAY),
    Column("payment_amount", 16, _EURO),
)
_PAYMENT_SHOWN: Final = (Column("customer", 32, _WORDS), Column("check", 60, _WORDS))
_PAYMENT_HIDDEN: Final = ("key", "invoice_no", "wrong", "slot", "counter")


@dataclass(frozen=True)
class Layout:
    """The sheets and tables of one workbook.

    Attributes:
        language: of the workbook.
        customers: rows for customers.
        invoices: rows for invoices.
        payments: rows for payments.
        slots: payments that one invoice can have.
    """

    language: str
    customers: int
    invoices: int
    payments: int
    slots: int

    def name(self, sheet: str) -> str:
        """The name of a sheet."""
        return text("late_payment", f"sheet_{sheet}", self.language)

    def sheet(self, sheet: str) -> str:
        """The name of a sheet as formulas write it."""
        return quoted(self.name(sheet))

    def place(self, sheet: str, row: int, column: int) -> str:
        """A cell as formulas of other sheets write it."""
        return f"{self.sheet(sheet)}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    @property
    def customer_table(self) -> Table:
        """The customers."""
        shown = (Column("check", 44, _WORDS),)
        return Table(self.sheet("customers"), self.customers, _CUSTOMER_INPUTS, shown, ("key", "counter"))

    @property
    def invoice_table(self) -> Table:
        """The invoices."""
        return Table(self.sheet("invoices"), self.invoices, _INVOICE_INPUTS, _INVOICE_SHOWN, _INVOICE_HIDDEN)

    @property
    def payment_table(self) -> Table:
        """The payments."""
        return Table(self.sheet("payments"), self.payments, _PAYMENT_INPUTS, _PAYMENT_SHOWN, _PAYMENT_HIDDEN)

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables that people fill in, by their sheet."""
        return {"customers": self.customer_table, "invoices": self.invoice_table, "payments": self.payment_table}

    def received(self, invoice: int) -> str:
        """The payments of an invoice (counted from 1), date and amount, a line each."""
        first = (invoice - 1) * self.slots + 1
        return f"{self.sheet('received')}!$B${first}:$C${first + self.slots - 1}"

    @property
    def as_of(self) -> str:
        """The day everything is computed on."""
        return self.place("overview", *AS_OF)

    @property
    def chosen(self) -> str:
        """The customer of the statement and the letter."""
        return self.place("statement", *CHOSEN)


AS_OF: Final = (4, 1)
"""The cell of the day, on the overview."""
CHOSEN: Final = (4, 1)
"""The cell of the customer, on the statement."""
