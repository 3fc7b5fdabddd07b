"""The making of the quote workbook: the quote, the explanation, the rules and data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.texts import text
from workbooks.quote import background, head, layout, lines, totals
from workbooks.quote.layout import FIRST_LINE, Layout
from workbooks.quote.making import Front, Making
from workbooks.quote.model import PRICING
from workbooks.quote.pricing import PricedQuote, rules_on
from workbooks.style import Book, Page
from xl_addin.session import Session

SPARE_LINES: Final = 3
"""Empty lines under those of a quote, for what is added by hand."""


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
    parties = tuple(dict.fromkeys(rules[kind].paid_to for kind in PRICING))
    line_vat = session.rulebook.policies["vat.rounding"] == "line"
    _write(target, session, Layout(session.language, lines, parties, sites=True, line_vat=line_vat), None)


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
    page = Page(landscape=True, repeat=(layout.HEADER, layout.HEADER))
    name = layout.sheet_name("quote", table.language)
    sheet = book.sheet(name, page, [column.width for column in table.columns])
    making = Making(book, session, table, priced)
    front = Front(making, sheet, background.write(making))
    for part in (head, lines, totals):
        part.write(front)
    sheet.freeze_panes(FIRST_LINE, layout.VALUES)
    sheet.set_selection(FIRST_LINE, layout.VALUES, FIRST_LINE, layout.VALUES)
    sheet.set_zoom(90)
    book.protect(sheet)
    sheet.activate()
    book.close()
