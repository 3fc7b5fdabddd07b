"""The making of the quote workbook: the summary, the lines, the works, the explanation, the rules and data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.texts import text
from workbooks.quote import background, head, layout, lines, summary, totals, works
from workbooks.quote.layout import FIRST_LINE, Layout
from workbooks.quote.making import Canvas, Making
from workbooks.quote.model import PRICING
from workbooks.quote.pricing import PricedQuote, rules_on
from workbooks.style import Book, Page, Sheet
from xl_addin.session import Session

SPARE_LINES: Final = 3
"""Empty lines under those of a quote, for what is added by hand."""
SPARE_WORKS: Final = 2
SPARE_PLANS: Final = 3
EMPTY_WORKS: Final = 8
"""Works of an empty workbook."""
EMPTY_PLANS: Final = 6


def write_quote_book(target: Path, priced: PricedQuote) -> None:
    """Writes the workbook of a priced quote.

    Raises:
        FileError: it cannot be written.
    """
    table = Layout(
        priced.quote.language,
        len(priced.lines) + SPARE_LINES,
        tuple(dict.fromkeys((*(total.paid_to for total in priced.parties), *_payees(priced)))),
        sites=any(line.line.site for line in priced.lines),
        line_vat=priced.line_vat,
        works=len(priced.quote.work) + SPARE_WORKS if priced.quote.work else 0,
        plans=SPARE_PLANS if priced.quote.work else 0,
    )
    _write(target, priced.session, table, priced)


def _payees(priced: PricedQuote) -> Iterator[str]:
    """Who can be paid for a line added by hand."""
    rules = rules_on(priced.session, priced.quote.regulation, priced.last_day)
    return (rules[kind].paid_to for kind in PRICING)


def write_empty_book(target: Path, session: Session, lines: int) -> None:
    """Writes a workbook with empty lines, in the language of the session.

    Raises:
        FileError: it cannot be written.
    """
    rules = rules_on(session, None, session.today())
    table = Layout(
        session.language,
        lines,
        tuple(dict.fromkeys(rules[kind].paid_to for kind in PRICING)),
        sites=True,
        line_vat=session.rulebook.policies["vat.rounding"] == "line",
        works=EMPTY_WORKS,
        plans=EMPTY_PLANS,
    )
    _write(target, session, table, None)


def _write(target: Path, session: Session, table: Layout, priced: PricedQuote | None) -> None:
    quote = priced.quote if priced else None
    book = Book(
        target,
        table.language,
        title=text("quote", "title", table.language, number=quote.number if quote else "").strip(),
        subject=quote.customer.name if quote else "",
        fingerprint=session.rulebook.fingerprint,
        created=session.today(),
    )
    first = book.sheet(layout.sheet_name("quote", table.language), Page(), summary.WIDTHS)
    wide = Page(landscape=True, repeat=(layout.HEADER, layout.HEADER))
    table_sheet = book.sheet(layout.sheet_name("lines", table.language), wide, [c.width for c in table.columns])
    works_sheet = _works_sheet(book, table) if table.works else None
    making = Making(book, session, table, priced)
    references = background.write(making)
    for sheet, parts in (
        (table_sheet, (head.write, lines.write, totals.write)),
        (works_sheet, (works.write,)),
        (first, (summary.write,)),
    ):
        if sheet is not None:
            for write in parts:
                write(Canvas(making, sheet, references))
            book.protect(sheet)
    table_sheet.freeze_panes(FIRST_LINE, layout.VALUES)
    table_sheet.set_selection(FIRST_LINE, layout.VALUES, FIRST_LINE, layout.VALUES)
    table_sheet.set_zoom(90)
    (first if priced else table_sheet).activate()
    book.close()


def _works_sheet(book: Book, table: Layout) -> Sheet:
    """Two tables share its columns, each of which is as wide as the wider of both."""
    widths = [column.width for column in layout.PLANS]
    for position, column in enumerate(layout.WORKS):
        widths[position] = max(widths[position], column.width)
    return book.sheet(layout.sheet_name("works", table.language), Page(landscape=True), widths)
