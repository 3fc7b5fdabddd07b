"""The late-payment workbook as these tests read it and fill it in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

import workbooks
from core.texts import text
from tests.workbooks.sheets import Book, computed_anew, session_on
from workbooks.late_payment import Claims, read_claims, write_claims, write_empty
from workbooks.late_payment.layout import AS_OF, CHOSEN, FIRST, SHEETS, Layout, Table
from workbooks.late_payment.overview import TOTAL, WIDTHS

EXAMPLE = Path(workbooks.__file__).parent / "examples" / "late_payment.toml"
PLACE = {which: number for number, which in enumerate(SHEETS)}
FIGURES = ("due_date", "payments", "principal", "days_late", "interest", "lump_sum", "total")

HEAD = """\
as_of = 2026-03-31
language = "en"
[[customer]]
name = "A customer"
language = "en"
"""


def read_text(folder: Path, content: str) -> Claims:
    file = folder / "input.toml"
    file.write_text(content, "utf-8")
    return read_claims(file)


def example(language: str = "nl") -> Claims:
    return read_claims(EXAMPLE).model_copy(update={"language": language})


def table(which: str, language: str = "en") -> Table:
    """A table of a workbook; where its columns stand does not depend on how many rows there are."""
    return Layout(language, 1, 1, 1, 1).tables[which]


def address(which: str, column: str, number: int = 1) -> str:
    """A cell of a table, its rows counted from 1."""
    return f"{get_column_letter(table(which).column(column) + 1)}{FIRST + number}"


def iso(value: Any) -> Any:
    return value.date().isoformat() if hasattr(value, "date") else value


class Late(Book):
    """A late-payment workbook on disk, sheets by their name in the code."""

    def shown(self, which: str, column: str, number: int = 1) -> Any:
        return iso(self.value(PLACE[which], address(which, column, number)))

    def row(self, number: int) -> list[Any]:
        """The figures of an invoice."""
        return [self.shown("invoices", column, number) for column in FIGURES]

    def overview(self, row: int = 0) -> list[Any]:
        """A row of the table by age: that of the total, or of a customer."""
        return [
            self.value(PLACE["overview"], f"{get_column_letter(n + 1)}{TOTAL + 1 + row}") for n in range(len(WIDTHS))
        ]

    def on(self, which: str) -> list[str]:
        return self.texts(PLACE[which])

    @property
    def wrong(self) -> Any:
        return self.value(PLACE["overview"], "B6")

    @property
    def listed(self) -> list[list[Any]]:
        """What is listed as wrong: sheet, row, of what, reason."""
        rows = self.rows(PLACE["checks"], "A4:D63")
        return [row for row in rows if row[0] not in (None, "")]


def written(claims: Claims, data: Path) -> Late:
    target = data.parent / "late.xlsx"
    write_claims(claims, target, session_on(data), force=True)
    return Late(target)


def computed(data: Path, file: Path | None = None) -> Late:
    source = file or data.parent / "late.xlsx"
    computed_anew(source, data)
    return Late(source.with_name(f"computed-{source.name}"))


class Filled:
    """A workbook that somebody fills in: a new one, or one that is there."""

    def __init__(self, data: Path, file: Path | None = None) -> None:
        self.data = data
        self.file = file or data.parent / "filled.xlsx"
        if file is None:
            write_empty(self.file, session_on(data), force=True)
        self.book = load_workbook(self.file)
        self.rows = dict.fromkeys(("customers", "invoices", "payments"), 0)

    def sheet(self, which: str) -> Any:
        return self.book.worksheets[PLACE[which]]

    def put(self, which: str, number: int, values: Mapping[str, Any]) -> None:
        for column, value in values.items():
            self.sheet(which)[address(which, column, number)] = value

    def add(self, which: str, **values: Any) -> int:
        """Fills in the next row; gives its number."""
        self.rows[which] += 1
        self.put(which, self.rows[which], values)
        return self.rows[which]

    def customer(self, name: Any = "A customer", **values: Any) -> int:
        return self.add("customers", customer=name, **{"language": "en", **values})

    def invoice(self, number: Any, day: Any, amount: Any, *, customer: Any = "A customer", notice: Any = None) -> int:
        return self.add("invoices", customer=customer, number=number, invoice_date=day, amount=amount, notice=notice)

    def payment(self, number: Any, day: Any, amount: Any) -> int:
        return self.add("payments", number=number, payment_date=day, payment_amount=amount)

    def as_of(self, day: date) -> None:
        self.sheet("overview").cell(AS_OF[0] + 1, AS_OF[1] + 1, day)

    def choose(self, customer: str) -> None:
        self.sheet("statement").cell(CHOSEN[0] + 1, CHOSEN[1] + 1, customer)

    def computed(self) -> Late:
        self.book.save(self.file)
        return computed(self.data, self.file)


def words(key: str, language: str = "en", **details: object) -> str:
    return text("late_payment", key, language, **details)
