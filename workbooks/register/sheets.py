"""The making of the register workbook: the register, its totals, the rows without a price, the rules and data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.texts import text
from workbooks.register import background, failures, sums, table
from workbooks.register.layout import Layout
from workbooks.register.making import Making
from workbooks.register.pricing import PricedRegister
from workbooks.register.totals import count
from workbooks.style import Book

SPARE_ROWS: Final = 20
"""Empty rows under those of a register, for what is added by hand."""
SPARE_LINES: Final = 10
"""Empty lines for customers and for rows without a price, for the same."""
MOST_LINES: Final = 1_000
"""Customers with a line of their own, and rows without a price that are listed; the others are counted and told."""


def write_book(target: Path, priced: PricedRegister, *, rows: int | None = None) -> None:
    """Writes the workbook of a priced register, with as many rows as are asked for, or a few to spare.

    Raises:
        FileError: it cannot be written.
    """
    session = priced.session
    wanted = rows or len(priced.rows) + SPARE_ROWS
    empty = wanted - len(priced.rows)
    layout = Layout(
        session.language,
        rows=wanted,
        customers=min(MOST_LINES, count(priced.customer_no) + min(empty, MOST_SPARE)),
        listed=min(MOST_LINES, len(priced.failed) + min(empty, MOST_SPARE)),
    )
    book = Book(
        target,
        session.language,
        title=text("register", "title", session.language),
        fingerprint=session.rulebook.fingerprint,
        created=session.today(),
        in_memory=wanted < LONG,
    )
    making = Making(book, layout, priced)
    sheet = table.new_sheet(making)
    sums.write_totals_and_customers(making)
    failures.write(making)
    table.write(making, sheet, background.write(making))
    book.close()


LONG: Final = 5_000
"""Rows from which on the parts of the workbook are made on disk."""
MOST_SPARE: Final = 60
"""Lines to spare where the register is empty."""
