"""The making of the late-payment workbook: its sheets in their order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.texts import text
from workbooks.late_payment import calculation, checks, inputs, letter, overview, statement
from workbooks.late_payment.accounts import Receivables
from workbooks.late_payment.layout import SHEETS, Layout
from workbooks.late_payment.making import Making
from workbooks.late_payment.words import Words
from workbooks.style import Book, Page


def write_book(target: Path, data: Receivables, layout: Layout) -> None:
    """Writes the workbook.

    Raises:
        NotAvailable: the installation's settings of policies are refused. FileError: it cannot be written.
    """
    session = data.session
    rulebook = session.rulebook
    words = Words(layout, data, rulebook.tariff(max(data.as_of, rulebook.first_day())))
    book = Book(
        target,
        layout.language,
        title=text("late_payment", "workbook_title", layout.language),
        fingerprint=rulebook.fingerprint,
        created=session.today(),
    )
    making = Making(book, layout, data, words)
    pages: dict[str, tuple[Page, Sequence[float]]] = {
        "overview": (overview.PAGE, overview.WIDTHS),
        **{which: (inputs.page(which), inputs.widths(table)) for which, table in layout.tables.items()},
        "checks": (checks.PAGE, checks.WIDTHS),
        "statement": (statement.PAGE, statement.WIDTHS),
        "letter": (letter.PAGE, letter.WIDTHS),
        "calculation": (calculation.PAGE, calculation.WIDTHS),
        "words": (Page(), (20, *[60] * 5)),
        "received": (Page(), (4, 14, 14)),
    }
    sheets = {which: making.sheet(which, *pages[which]) for which in SHEETS}
    inputs.write(making, sheets)
    for part, which in (
        (checks, "checks"),
        (statement, "statement"),
        (letter, "letter"),
        (calculation, "calculation"),
        (overview, "overview"),
    ):
        part.write(making, sheets[which])
    words.write(book, sheets["words"])
    book.close()
