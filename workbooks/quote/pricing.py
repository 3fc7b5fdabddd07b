"""The price of a quote: each line is one worksheet call, so that the formula in its cell and its value agree.

Amounts are whole cents until they are written. A line that cannot be priced keeps the error its cell shows, and every
total it belongs to is that error too: no total is ever made without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from core.errors import NotAvailable
from core.regulation import CostRule
from core.rulebook import GENERAL
from core.tariff import Tariff
from core.units import CENTS_PER_EURO, Unit
from core.vocabulary import Cost, Status
from workbooks.quote.model import CONTRIBUTIONS, DATED, Line, Pricing, Quote, Work
from xl_addin.cells import CellError, Table, serial
from xl_addin.evaluate import call, computed
from xl_addin.session import Session

Cents = int | CellError
"""An amount in cents, or the error that stands in its place."""

FUNCTIONS: Final[Mapping[Pricing, str]] = {
    Pricing.APPLICATION: "COPRO_RATE",
    Pricing.CONTRIBUTION: "COPRO_CONTRIBUTION",
    Pricing.INSPECTION: "COPRO_INSPECTION_FEE",
    Pricing.WASTED_TRIP: "COPRO_WASTED_TRIP_FEE",
}
"""The function that prices each way. An application is its rate, which a specific regulation can replace (art. 1.4)."""

CALLS: Final[Mapping[Pricing, tuple[str, ...]]] = {
    Pricing.APPLICATION: ("=APPLICATION", "date", "regulation"),
    Pricing.CONTRIBUTION: ("=kind", "quantity", "date", "regulation"),
    Pricing.INSPECTION: (
        *("start", "hours", "trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost"),
        *("site", "day_type", "regulation"),
    ),
    Pricing.WASTED_TRIP: (
        *("start", "trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost"),
        *("site", "day_type", "regulation"),
    ),
}
"""The arguments of those functions: fields of the line or the quote, or a constant after ``=``."""
FACTOR_ARGUMENTS: Final = ("start", "site", "day_type", "regulation")
"""What the factor of art. 2.2.7 depends on."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price.

    Attributes:
        line: what is quoted.
        function: that prices it.
        arguments: of that function, as the cells hold them.
        factor: of its first hour (art. 2.2.7); ``None`` where there is none.
        unit: the price of one, in cents; ``None`` for a contribution, whose quantity is part of the call.
        amount: of the line, in cents.
        vat: on it, in cents, where VAT is rounded line by line; else ``None``.
        rule: which article prices it and who is paid.
        explanation: the rows of ``COPRO_EXPLAIN``.
        units: what the result of each of them is; none for a refusal.
        statuses: how certain the figures used are, the regulation's own among them, where they are not official.
    """

    line: Line
    function: str
    arguments: tuple[object, ...]
    factor: float | CellError | None
    unit: Cents | None
    amount: Cents
    vat: Cents | None
    rule: CostRule
    explanation: Table
    units: tuple[Unit, ...]
    statuses: frozenset[Status]

    @property
    def error(self) -> CellError | None:
        """Why it has no price, if it has none."""
        return self.amount if isinstance(self.amount, CellError) else None


@dataclass(frozen=True, slots=True)
class PartyTotal:
    """What one party is paid: without VAT, the VAT, and with it, in cents."""

    paid_to: str
    net: Cents
    vat: Cents
    gross: Cents


@dataclass(frozen=True, slots=True)
class WorkTotal:
    """What the lines of one work come to, without VAT, in cents; ``work`` is ``None`` for lines that belong to none."""

    work: Work | None
    lines: int
    net: Cents
    options: Cents


@dataclass(frozen=True, slots=True)
class PricedQuote:
    """A quote with its prices.

    Attributes:
        quote: what is quoted, its site filled in.
        session: that priced it, in the language of the quote.
        title: of the regulation, in that language.
        source: of the regulation.
        lines: with their prices.
        last_day: the day of the last line, whose VAT rate counts.
        vat_rate: a fraction, or the error in its place.
        line_vat: whether VAT is rounded line by line (policy ``vat.rounding``), not on the total.
        parties: who is paid what without the options, in the order in which they first appear.
        total: of all parties.
        option_parties: who is paid what with all options, in the same order.
        option_total: of all parties, with all options.
        works: what each work comes to; last the lines that belong to none. Empty for a quote without works.
    """

    quote: Quote
    session: Session
    title: str
    source: str
    lines: tuple[PricedLine, ...]
    last_day: date
    vat_rate: float | CellError
    line_vat: bool
    parties: tuple[PartyTotal, ...]
    total: PartyTotal
    option_parties: tuple[PartyTotal, ...]
    option_total: PartyTotal
    works: tuple[WorkTotal, ...]

    @property
    def failed(self) -> tuple[tuple[int, PricedLine], ...]:
        """The lines without a price, with their numbers; options too."""
        return tuple((number, line) for number, line in enumerate(self.lines, 1) if line.error)

    @property
    def options(self) -> tuple[PricedLine, ...]:
        """The lines that the customer may leave out."""
        return tuple(line for line in self.lines if line.line.optional)

    @property
    def factored(self) -> tuple[tuple[int, PricedLine], ...]:
        """The lines whose first hour has another factor than 1, with their numbers."""
        numbered = enumerate(self.lines, 1)
        return tuple((n, line) for n, line in numbered if isinstance(line.factor, float) and line.factor != 1)

    @property
    def lapsed(self) -> bool:
        """Whether it can no longer be accepted today."""
        last = self.quote.valid_until
        return last is not None and last < self.session.today()

    @property
    def year_unknown(self) -> int | None:
        """The last year of the lines, where lines have no price and no rates are recorded for that year yet."""
        try:
            indexed = self.session.rulebook.years_indexed()
        except NotAvailable:
            return None
        return self.last_day.year if self.failed and indexed and self.last_day.year > indexed[-1] else None

    @property
    def statuses(self) -> frozenset[Status]:
        """What is not official among the figures used."""
        return frozenset().union(*(line.statuses for line in self.lines))


def price(quote: Quote, session: Session) -> PricedQuote:
    """Every line priced, subtotals a party and a work, VAT and totals.

    Raises:
        InputError: there is no such regulation.
        NotAvailable: its file was refused, or that of the policies.
    """
    session = replace(session, language=quote.language)
    quote = quote.model_copy(update={"site": quote.site or session.site})
    last = max(line.day for line in quote.line)
    tariff = tariff_of(session, quote.regulation, last)
    line_vat = tariff.policies["vat.rounding"] == "line"
    lines = tuple(_priced(quote, line, session, line_vat=line_vat) for line in quote.line)
    rate = call("COPRO_VAT_RATE", [serial(last), quote.vat], session)
    assert isinstance(rate, float | CellError)
    firm = tuple(line for line in lines if not line.line.optional)
    payees = tuple(dict.fromkeys(line.rule.paid_to for line in lines))
    parties, with_options = (
        tuple(_parties(payees, chosen, last, quote.vat, session, line_vat=line_vat)) for chosen in (firm, lines)
    )
    title, source = _told(session, tariff)
    return PricedQuote(
        quote=quote,
        session=session,
        title=title,
        source=source,
        lines=lines,
        last_day=last,
        vat_rate=rate,
        line_vat=line_vat,
        parties=parties,
        total=_together(parties),
        option_parties=with_options,
        option_total=_together(with_options),
        works=tuple(_works(quote, lines)) if quote.work else (),
    )


def tariff_of(session: Session, regulation: str | None, day: date) -> Tariff:
    """The tariff on ``day``; on a day before the first regulation, that of its first day.

    Raises:
        InputError: there is no such regulation.
        NotAvailable: its file was refused.
    """
    rulebook = session.rulebook
    asked = rulebook.regulation_id(regulation) if regulation else GENERAL
    return rulebook.tariff(max(day, rulebook.first_day()), asked)


def _told(session: Session, tariff: Tariff) -> tuple[str, str]:
    """The title of the regulation in the session's language, and its source."""
    for regulation, _ in session.rulebook.specific.get(tariff.regulation, ()):
        return regulation.title[session.language], regulation.source
    return tariff.general.title[session.language], tariff.general.source


# --- a line --------------------------------------------------------------------------------------------------------


def _priced(quote: Quote, line: Line, session: Session, *, line_vat: bool) -> PricedLine:
    function = FUNCTIONS[line.pricing]
    arguments = tuple(_argument(name, quote, line) for name in CALLS[line.pricing])
    found, under_way = computed(function, arguments, session)
    answer = cents(found)
    statuses = {record.status for step in under_way.steps for record in step.cited}
    unit = None if line.pricing is Pricing.CONTRIBUTION else answer
    amount = answer if isinstance(answer, CellError) else answer * line.times
    tariff = tariff_of(session, quote.regulation, line.day)
    explanation = call("COPRO_EXPLAIN", [f"{quote.language}:{function}", *arguments], session)
    assert isinstance(explanation, list)
    own = {regulation.status for regulation, _ in session.rulebook.specific.get(tariff.regulation, ())}
    return PricedLine(
        line=line,
        function=function,
        arguments=arguments,
        factor=_factor(quote, line, session),
        unit=unit,
        amount=amount,
        vat=_vat(amount, line.day, quote.vat, session) if line_vat else None,
        rule=tariff.costs[line.kind],
        explanation=explanation,
        units=() if isinstance(answer, CellError) else tuple(step.kind.unit for step in under_way.steps),
        statuses=frozenset(statuses | own) - {Status.OFFICIAL},
    )


def _argument(name: str, quote: Quote, line: Line) -> object:
    """An argument as its cell holds it."""
    if name == "=kind":
        return CONTRIBUTIONS[line.kind].value
    if name.startswith("="):
        return name[1:]
    if name == "regulation":
        return quote.regulation
    return cell_value(quote.site_of(line) if name == "site" else getattr(line, name))


def _factor(quote: Quote, line: Line, session: Session) -> float | CellError | None:
    """The factor of the first hour under the regulation of the quote: what that hour costs over its rate."""
    if line.pricing in DATED:
        return None
    start, site, day_type, regulation = (_argument(name, quote, line) for name in FACTOR_ARGUMENTS)
    fee = call("COPRO_PERFORMANCE_FEE", [start, 1.0, site, day_type, regulation], session)
    rate = call("COPRO_RATE", ["HOUR", start, regulation], session)
    for answer in (fee, rate):
        if isinstance(answer, CellError):
            return answer
    assert isinstance(fee, float)
    assert isinstance(rate, float)
    return float(round(Decimal(str(fee)) / Decimal(str(rate)), 2)) if rate else CellError("#DIV/0!")


def cell_value(value: object) -> object:
    """A field of a quote as a cell holds it: numbers and dates as numbers."""
    if isinstance(value, date):
        return serial(value)
    return float(value) if isinstance(value, int | Decimal) else value


def cents(value: object) -> Cents:
    """An amount in a cell, in cents; an error is itself."""
    if isinstance(value, CellError):
        return value
    assert isinstance(value, float)
    return round(value * CENTS_PER_EURO)


def euro(value: Cents) -> float | CellError:
    """An amount in cents as a cell holds it."""
    return value if isinstance(value, CellError) else value / CENTS_PER_EURO


# --- totals --------------------------------------------------------------------------------------------------------


def _parties(
    payees: Sequence[str],
    lines: Sequence[PricedLine],
    day: date,
    customer: str,
    session: Session,
    *,
    line_vat: bool,
) -> Iterator[PartyTotal]:
    for paid_to in payees:
        theirs = [line for line in lines if line.rule.paid_to == paid_to]
        net = added(line.amount for line in theirs)
        by_line = added(line.vat for line in theirs if line.vat is not None)
        vat = by_line if line_vat else _vat(net, day, customer, session)
        yield PartyTotal(paid_to, net, vat, added((net, vat)))


def _vat(amount: Cents, day: date, customer: str, session: Session) -> Cents:
    return cents(call("COPRO_VAT", [euro(amount), serial(day), customer], session))


def _together(parties: Iterable[PartyTotal]) -> PartyTotal:
    net, vat, gross = zip(*((party.net, party.vat, party.gross) for party in parties), strict=True)
    return PartyTotal("", added(net), added(vat), added(gross))


def _works(quote: Quote, lines: Sequence[PricedLine]) -> Iterator[WorkTotal]:
    for work in (*quote.work, None):
        theirs = [line for line in lines if line.line.work == (work.name if work else None)]
        firm, options = ([line.amount for line in theirs if line.line.optional is chosen] for chosen in (False, True))
        yield WorkTotal(work, len(theirs), added(firm), added(options))


def added(amounts: Iterable[Cents]) -> Cents:
    """The sum; the first error where there is one, as a sheet does."""
    total = 0
    for amount in amounts:
        if isinstance(amount, CellError):
            return amount
        total += amount
    return total


def rules_on(session: Session, regulation: str | None, day: date) -> Mapping[Cost, CostRule]:
    """Which article prices each cost and who is paid, on a day."""
    try:
        return tariff_of(session, regulation, day).costs
    except NotAvailable:
        return tariff_of(session, None, day).costs
