"""The quote workbook: a certification year priced line by line, with formulas, reasons and totals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from core.formats import euro as euro_text
from core.formats import number
from core.saving import check_target, saved
from core.texts import text
from core.units import CENTS_PER_EURO
from core.vocabulary import Status
from workbooks.quote.layout import label, party
from workbooks.quote.model import Customer, Line, Quote
from workbooks.quote.pricing import Cents, PartyTotal, PricedLine, PricedQuote, price
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
        return text("quote", key, language, **details)

    priced = summary.priced
    told = [
        words("summary.heading", number=priced.quote.number, customer=priced.quote.customer.name),
        words("summary.lines", lines=summary.lines, failed=summary.failed),
    ]
    for position, line in priced.failed:
        kind = label("COST", line.line.kind.value, language)
        reason = line.error.message(language) if line.error else ""
        told.append("  " + words("summary.failed", number=position, kind=kind, reason=reason))
    if priced.factored:
        numbers = ", ".join(f"{count} (× {_factor(line, language)})" for count, line in priced.factored)
        told.append(words("summary.factored", lines=numbers))
    for work in priced.works:
        amounts = {"net": _amount(work.net, language), "options": _amount(work.options, language)}
        told.append("  " + words("summary.work", work=work.work.name if work.work else words("works.none"), **amounts))
    named = [(party(total.paid_to, language), total) for total in priced.parties]
    named.append((words("total.all"), summary.total))
    if priced.options:
        named.append((words("total.all_options"), priced.option_total))
    for name, total in named:
        amounts = {key: _amount(getattr(total, key), language) for key in ("net", "vat", "gross")}
        told.append("  " + words("summary.amount", party=name, **amounts))
    return [*told, *_warnings(priced, language), words("summary.file", file=str(summary.file))]


def _factor(line: PricedLine, language: str) -> str:
    assert isinstance(line.factor, float)
    return number(Decimal(str(line.factor)), language)


def _warnings(priced: PricedQuote, language: str) -> list[str]:
    """What is not official among the figures, and what makes the quote one that cannot be accepted."""
    uncertain = [kind for kind in (Status.EXAMPLE, Status.PROVISIONAL) if kind in priced.statuses]
    told = [text("quote", f"banner.{kind}", language) for kind in uncertain]
    if priced.year_unknown:
        told.append(text("quote", "banner.year", language).format(year=priced.year_unknown))
    if priced.lapsed:
        told.append(text("quote", "validity.lapsed", language))
    return told


def _amount(cents: Cents, language: str) -> str:
    if isinstance(cents, CellError):
        return cents.code
    return euro_text(Fraction(cents, CENTS_PER_EURO), language)
