"""The quote workbook: a certification year priced line by line, with formulas, reasons and totals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from core.formats import euro as euro_text
from core.saving import check_target, saved
from core.texts import text
from core.units import CENTS_PER_EURO
from core.vocabulary import Status
from workbooks.quote.layout import label, party
from workbooks.quote.model import Customer, Line, Quote
from workbooks.quote.pricing import Cents, PartyTotal, PricedQuote, price
from workbooks.quote.reading import read_quote
from xl_addin.cells import CellError
from xl_addin.session import Session

__all__ = ["Customer", "Line", "Quote", "Summary", "price", "read_quote", "write_empty_quote", "write_quote"]

EMPTY_LINES = 20
"""Lines of an empty workbook."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was quoted.

    Attributes:
        file: the workbook.
        priced: the quote with its prices.
    """

    file: Path
    priced: PricedQuote

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.priced.lines)

    @property
    def failed(self) -> int:
        """How many of them have no price."""
        return len(self.priced.failed)

    @property
    def total(self) -> PartyTotal:
        """Of all parties, in cents; errors while a line has no price."""
        return self.priced.total

    def told(self, language: str | None = None) -> str:
        """The summary for the terminal, in the quote's language or another."""
        return "\n".join(_told(self, language or self.priced.quote.language))


def write_quote(quote: Quote, target: Path, session: Session, *, force: bool = False) -> Summary:
    """Prices a quote and writes its workbook.

    Args:
        quote: what is quoted.
        target: the workbook to make (.xlsx).
        session: the installation at work.
        force: whether a file already there is replaced.

    Raises:
        FileError: the workbook cannot be written, or is there already.
        InputError: the quote names a regulation that does not exist.
        NotAvailable: the file of its regulation, or that of the policies, was refused.
    """
    from workbooks.quote.sheets import write_quote_book

    check_target(target, force=force)
    priced = price(quote, session)
    with saved(target, force=force) as place:
        write_quote_book(place, priced)
    return Summary(target, priced)


def write_empty_quote(target: Path, session: Session, *, lines: int = EMPTY_LINES, force: bool = False) -> None:
    """Writes a quote workbook to be filled in, in the language of the session.

    Raises:
        FileError: the workbook cannot be written, or is there already.
    """
    from workbooks.quote.sheets import write_empty_book

    with saved(target, force=force) as place:
        write_empty_book(place, session, lines)


def _told(summary: Summary, language: str) -> list[str]:
    def words(key: str, **details: object) -> str:
        return text("quote", f"summary.{key}", language, **details)

    quote = summary.priced.quote
    told = [
        words("heading", number=quote.number, customer=quote.customer.name),
        words("lines", lines=summary.lines, failed=summary.failed),
    ]
    for number, line in summary.priced.failed:
        kind = label("COST", line.line.kind.value, language)
        reason = line.error.message(language) if line.error else ""
        told.append("  " + words("failed", number=number, kind=kind, reason=reason))
    named = [(party(total.paid_to, language), total) for total in summary.priced.parties]
    for name, total in [*named, (text("quote", "total.all", language), summary.total)]:
        amounts = {key: _amount(getattr(total, key), language) for key in ("net", "vat", "gross")}
        told.append("  " + words("amount", party=name, **amounts))
    uncertain = [kind for kind in (Status.EXAMPLE, Status.PROVISIONAL) if kind in summary.priced.statuses]
    warnings = [text("quote", f"banner.{kind}", language) for kind in uncertain]
    return [*told, *warnings, words("file", file=str(summary.file))]


def _amount(cents: Cents, language: str) -> str:
    if isinstance(cents, CellError):
        return cents.code
    return euro_text(Fraction(cents, CENTS_PER_EURO), language)
