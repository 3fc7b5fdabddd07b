"""Art. 2.3.2: payment terms and late payment.

An invoice is due thirty days end of month. What is paid later bears interest by law, without notice, at the statutory
rate plus one point. What is still unpaid eight days after a registered notice (nl: aangetekende ingebrekestelling, fr:
mise en demeure recommandée) was received bears a lump sum besides: 15 % of the amount due, at least 200 euro.

Interest is counted exactly, in whole numbers of a unit so small that any day of any rate is whole, and rounded once.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from core.calendar import later, next_working_day
from core.errors import ImpossibleValue
from core.numeric import at_least, half_up_div
from core.rules.art_2_2_8_vat import points, vat_cents
from core.trace import Step, StepKind, Steps
from core.units import CENTS_PER_EURO, POINTS_PER_WHOLE, Unit
from core.vocabulary import Series

if TYPE_CHECKING:
    from core.records import Figures, Record
    from core.regulation import PaymentTerms
    from core.tariff import Tariff

END_OF_MONTH = StepKind("end_of_month", "2.3.2", "{0}", (Unit.DATE,), Unit.DATE, policies=("due_date.reading",))
DAYS_ADDED = StepKind(
    "days_added", "2.3.2", "{0} + {1}", (Unit.DATE, Unit.NUMBER), Unit.DATE, policies=("due_date.reading",)
)
DUE_WORKING_DAY = StepKind("working_day", "2.3.2", "{0}", (Unit.DATE,), Unit.DATE, policies=("due_date.weekend",))
NOTICE_WORKING_DAY = StepKind("working_day", "2.3.2", "{0}", (Unit.DATE,), Unit.DATE, policies=("lump_sum.eight_days",))
STATUTORY_RATE = StepKind("statutory_rate", "2.3.2", "{0}, {1}", (Unit.CODE, Unit.DATE), Unit.PERCENT)
LATE_RATE = StepKind(
    "late_rate",
    "2.3.2",
    "{0} + {1}",
    (Unit.PERCENT, Unit.PERCENT),
    Unit.PERCENT,
    policies=("interest.law",),
)
PERIOD = StepKind(
    "interest_period",
    "2.3.2",
    "{0} × {1} × {2} / {3} ({4} – {5})",
    (Unit.EURO, Unit.PERCENT, Unit.NUMBER, Unit.NUMBER, Unit.DATE, Unit.DATE),
    Unit.EXACT_EURO,
    policies=("interest.law", "interest.day_count"),
)
INTEREST = StepKind(
    "interest", "2.3.2", "{0}", (Unit.EXACT_EURO,), Unit.EURO, rounding=True, policies=("interest.rounding",)
)
NOT_LATE = StepKind("not_late", "2.3.2", "{0} ≤ {1}", (Unit.DATE, Unit.DATE), Unit.EURO)
NOTICE_ENDS = StepKind(
    "notice_ends",
    "2.3.2",
    "{0} + {1}",
    (Unit.DATE, Unit.NUMBER),
    Unit.DATE,
    policies=("lump_sum.eight_days",),
)
LUMP_SUM = StepKind(
    "lump_sum",
    "2.3.2",
    "max({0} × {1}; {2})",
    (Unit.EURO, Unit.PERCENT, Unit.EURO),
    Unit.EURO,
    rounding=True,
    policies=("lump_sum.base", "index.amounts_2_3_2"),
)
NOTHING_OVERDUE = StepKind("nothing_overdue", "2.3.2", "{0}", (Unit.EURO,), Unit.EURO, policies=("lump_sum.base",))
NO_LUMP_SUM = StepKind("no_lump_sum", "2.3.2", "{0} ≤ {1}", (Unit.DATE, Unit.DATE), Unit.EURO)
PAYMENT = StepKind(
    "payment",
    "2.3.2",
    "{1} = {2} + {3} + {4} + {5}; {6} − {3}",
    (Unit.DATE, *(Unit.EURO,) * 6),
    Unit.EURO,
    policies=("payments.order",),
)
INTEREST_OWED = StepKind(
    "interest_owed",
    "2.3.2",
    "{0} − {1}",
    (Unit.EXACT_EURO, Unit.EURO),
    Unit.EURO,
    rounding=True,
    policies=("interest.rounding",),
)
CLAIM = StepKind("claim", "2.3.2", "{0} + {1} + {2}", (Unit.EURO, Unit.EURO, Unit.EURO), Unit.EURO)

YEAR_DAYS = (365, 366)
DAY_UNITS = YEAR_DAYS[0] * YEAR_DAYS[1]
ACCRUAL_PER_CENT = POINTS_PER_WHOLE * DAY_UNITS
"""Accrued interest is held in cents / `ACCRUAL_PER_CENT`: cents × points × days of either kind of year are whole."""


class Law(StrEnum):
    """The statutory rates: civil (5 May 1865, yearly), or for commercial transactions (2 August 2002, half-yearly)."""

    CIVIL = "1865"
    COMMERCIAL = "2002"

    @property
    def series(self) -> Series:
        """The series of its rates."""
        return Series.LEGAL_INTEREST_1865 if self is Law.CIVIL else Series.LEGAL_INTEREST_2002


class InterestPeriod(NamedTuple):
    """Days, both included, that bear one rate (in 1/100 of a percent) on one year length."""

    first: date
    last: date
    points: int
    year_days: int
    records: tuple[Record, ...]

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def accrual(self, principal: int) -> int:
        """Interest on ``principal`` cents, in cents / `ACCRUAL_PER_CENT`."""
        return principal * self.points * self.days * (DAY_UNITS // self.year_days)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def due_date(tariff: Tariff, invoice_date: date, steps: Steps) -> date:
    """The due date (vervaldag, échéance) of an invoice.

    Raises:
        ImpossibleValue: it would be after 9999.
        NotAvailable: the public holidays of that year are not known.
    """
    steps += tariff.departed("payment")
    month_first = tariff.policies["due_date.reading"] == "end_of_month_first"
    day = _to_end_of_month(invoice_date, steps) if month_first else invoice_date
    term = tariff.payment.term_days
    due = later(day, term)
    steps.append(Step(DAYS_ADDED, (day, term), due))
    if not month_first:
        due = _to_end_of_month(due, steps)
    return _to_working_day(due, DUE_WORKING_DAY, tariff.policies["due_date.weekend"], steps)


def _to_end_of_month(day: date, steps: Steps) -> date:
    end = _end_of_month(day)
    steps.append(Step(END_OF_MONTH, (day,), end))
    return end


def _to_working_day(day: date, kind: StepKind, policy: str, steps: Steps) -> date:
    """``day``, or the next working day unless the policy is to keep it."""
    end = day if policy == "keep" else next_working_day(day)
    steps.append(Step(kind, (day,), end))
    return end


def legal_rate(figures: Figures, law: Law, day: date, steps: Steps) -> int:
    """The statutory rate (wettelijke intrestvoet, taux légal) in 1/100 of a percent.

    Raises:
        NotAvailable: none is recorded for that day.
    """
    record = figures.on(law.series, day)
    rate = points(record)
    steps.append(Step(STATUTORY_RATE, (f"LAW:{law.value}", day), rate, (record,)))
    return rate


def late_rate(tariff: Tariff, day: date, steps: Steps) -> int:
    """The rate that late payers owe: the statutory rate plus the margin, in 1/100 of a percent."""
    steps += tariff.departed("payment")
    statutory = legal_rate(tariff.figures, Law(tariff.policies["interest.law"]), day, steps)
    margin = tariff.payment.margin_points
    steps.append(Step(LATE_RATE, (statutory, margin), statutory + margin))
    return statutory + margin


def interest_periods(tariff: Tariff, first: date, last: date) -> Iterator[InterestPeriod]:
    """The runs of days from ``first`` to ``last`` that bear one rate, in order; equal rates in a row are one run."""
    running: InterestPeriod | None = None
    for period in recorded_periods(tariff, first, last):
        if running and (running.points, running.year_days) == (period.points, period.year_days):
            running = running._replace(last=period.last, records=(*running.records, *period.records))
            continue
        if running:
            yield running
        running = period
    if running:
        yield running


def recorded_periods(tariff: Tariff, first: date, last: date) -> Iterator[InterestPeriod]:
    """The same, a run for each record (and calendar year, where its length matters)."""
    series = Law(tariff.policies["interest.law"]).series
    by_year = tariff.policies["interest.day_count"] == "actual/actual"
    for span in tariff.figures.spans(series, first, last):
        rate = points(span.record) + tariff.payment.margin_points
        if not by_year:
            yield InterestPeriod(span.first, span.last, rate, YEAR_DAYS[0], (span.record,))
            continue
        for year in range(span.first.year, span.last.year + 1):
            begin, end = max(span.first, date(year, 1, 1)), min(span.last, date(year, 12, 31))
            yield InterestPeriod(begin, end, rate, YEAR_DAYS[isleap(year)], (span.record,))


def _accrue(tariff: Tariff, principal: int, first: date, last: date, steps: Steps) -> int:
    """Interest accrued on ``principal`` cents, in cents / `ACCRUAL_PER_CENT`."""
    total = 0
    for period in interest_periods(tariff, first, last):
        total += period.accrual(principal)
        steps.append(_period_step(period, principal))
    return total


def _period_step(period: InterestPeriod, principal: int) -> Step:
    operands = (principal, period.points, period.days, period.year_days, period.first, period.last)
    euro = Fraction(period.accrual(principal), ACCRUAL_PER_CENT * CENTS_PER_EURO)
    return Step(PERIOD, operands, euro, period.records)


def late_interest(tariff: Tariff, amount: int, due: date, until: date, steps: Steps) -> int:
    """Simple interest in cents on ``amount`` cents: every day after ``due`` up to and including ``until`` bears it.

    Raises:
        NotAvailable: the statutory rate of one of those days is not recorded.
    """
    steps += tariff.departed("payment")
    if until <= due:
        steps.append(Step(NOT_LATE, (until, due), 0))
        return 0
    return _rounded(_accrue(tariff, amount, later(due, 1), until, steps), steps)


def interest_cents(accrued: int) -> int:
    """Accrued interest (cents / `ACCRUAL_PER_CENT`) in cents; ``int`` or array."""
    return half_up_div(accrued, ACCRUAL_PER_CENT)


def _rounded(accrued: int, steps: Steps) -> int:
    interest = interest_cents(accrued)
    steps.append(Step(INTEREST, (Fraction(accrued, ACCRUAL_PER_CENT * CENTS_PER_EURO),), interest))
    return interest


class InterestRow(NamedTuple):
    """A period of constant rate in a statement; the rows' interest (cents) adds up to the total."""

    first: date
    last: date
    days: int
    points: int
    interest: int


def late_interest_detail(tariff: Tariff, amount: int, due: date, until: date, steps: Steps) -> list[InterestRow]:
    """The rows of `late_interest`: each is the rounded running total less that of the row before."""
    steps += tariff.departed("payment")
    if until <= due:
        steps.append(Step(NOT_LATE, (until, due), 0))
        return []
    rows: list[InterestRow] = []
    accrued = shown = 0
    for period in interest_periods(tariff, later(due, 1), until):
        accrued += period.accrual(amount)
        steps.append(_period_step(period, amount))
        interest = interest_cents(accrued) - shown
        shown += interest
        rows.append(InterestRow(period.first, period.last, period.days, period.points, interest))
    _rounded(accrued, steps)
    return rows


def notice_ends(tariff: Tariff, notice_received: date, steps: Steps) -> date:
    """The last of the eight days after a registered notice was received."""
    steps += tariff.departed("payment")
    days = tariff.payment.notice_days
    end = later(notice_received, days)
    steps.append(Step(NOTICE_ENDS, (notice_received, days), end))
    return _to_working_day(end, NOTICE_WORKING_DAY, tariff.policies["lump_sum.eight_days"], steps)


def lump_sum_cents(overdue: int, terms: PaymentTerms) -> int:
    """15 % of ``overdue`` cents, at least 200 euro; nothing when nothing is overdue. ``int`` or array."""
    minimum = int(terms.lump_sum_minimum * CENTS_PER_EURO)
    return at_least(vat_cents(overdue, terms.lump_sum_points), minimum) * (overdue > 0)


def lump_sum(tariff: Tariff, overdue: int, notice_received: date, as_of: date, steps: Steps) -> int:
    """The lump sum (forfaitaire vergoeding, indemnité forfaitaire) in cents, owed once the eight days have passed.

    ``overdue`` is what is unpaid on the last of them, in cents, VAT included, without interest.
    """
    end = notice_ends(tariff, notice_received, steps)
    if as_of <= end:
        steps.append(Step(NO_LUMP_SUM, (as_of, end), 0))
        return 0
    if not overdue:
        steps.append(Step(NOTHING_OVERDUE, (overdue,), 0))
        return 0
    terms = tariff.payment
    owed = lump_sum_cents(overdue, terms)
    steps.append(Step(LUMP_SUM, (overdue, terms.lump_sum_points, int(terms.lump_sum_minimum * CENTS_PER_EURO)), owed))
    return owed


class Payment(NamedTuple):
    """Money received: when, and how many cents."""

    day: date
    amount: int


@dataclass(slots=True)
class Claim:
    """What is owed on an invoice on a day: dates, days, and amounts in cents.

    ``later_payments`` are those after the day, not counted; ``overpaid`` is what was received beyond everything owed.
    """

    due: date
    days_late: int = 0
    principal: int = 0
    interest: int = 0
    lump_sum: int = 0
    later_payments: int = 0
    overpaid: int = 0

    @property
    def total(self) -> int:
        """Principal, interest and lump sum still owed, in cents."""
        return self.principal + self.interest + self.lump_sum


class _Ledger:
    """An invoice's account, carried forward from day to day."""

    def __init__(self, tariff: Tariff, amount: int, due: date, steps: Steps) -> None:
        self.tariff = tariff
        self.steps = steps
        self.principal = amount
        self.lump_sum = 0
        self.overpaid = 0
        self.paid_on: date | None = None
        self._notice: tuple[date, date] | None = None
        self._accrued_to = due
        self._accrued = 0
        self._settled = 0

    @property
    def interest(self) -> int:
        """Interest owed so far, in cents: the exact accrual rounded once, less what was paid of it."""
        return interest_cents(self._accrued) - self._settled

    def notice(self, received: date | None) -> None:
        """Takes note of a registered notice."""
        if received:
            self._notice = received, notice_ends(self.tariff, received, [])

    def carry_to(self, day: date) -> None:
        """Lets time pass up to and including ``day``: interest, and the lump sum when the eight days are over."""
        if self._notice and day > self._notice[1]:
            (received, end), self._notice = self._notice, None
            self._bear_interest(end)
            self.lump_sum = lump_sum(self.tariff, self.principal, received, day, self.steps)
        self._bear_interest(day)

    def _bear_interest(self, day: date) -> None:
        if day <= self._accrued_to:
            return
        if self.principal:
            self._accrued += _accrue(self.tariff, self.principal, later(self._accrued_to, 1), day, self.steps)
        self._accrued_to = day

    def receive(self, payment: Payment) -> None:
        """Takes a payment: interest first, or principal first, as the policy says; then the lump sum."""
        self.carry_to(payment.day)
        if self.interest:
            self.record_interest()
        before, left = self.principal, payment.amount
        order = ("interest", "principal") if self._interest_first() else ("principal", "interest")
        taken = {}
        for part in (*order, "lump_sum"):
            taken[part] = min(left, getattr(self, part))
            left -= taken[part]
        self._settled += taken["interest"]
        self.principal -= taken["principal"]
        self.lump_sum -= taken["lump_sum"]
        self.overpaid += left
        if not self.principal and self.paid_on is None:
            self.paid_on = payment.day
        parts = (taken["interest"], taken["principal"], taken["lump_sum"], left, before)
        self.steps.append(Step(PAYMENT, (payment.day, payment.amount, *parts), self.principal))

    def record_running_notice(self, as_of: date) -> None:
        """Records a notice whose term has not passed."""
        if self._notice and self._notice[0] <= as_of:
            lump_sum(self.tariff, self.principal, self._notice[0], as_of, self.steps)

    def record_interest(self) -> None:
        """Records how the interest owed follows from what accrued and what was paid of it."""
        exact = Fraction(self._accrued, ACCRUAL_PER_CENT * CENTS_PER_EURO)
        self.steps.append(Step(INTEREST_OWED, (exact, self._settled), self.interest))

    def _interest_first(self) -> bool:
        return self.tariff.policies["payments.order"] == "interest"


def late_claim(
    tariff: Tariff,
    amount: int,
    invoice_date: date,
    as_of: date,
    payments: Sequence[Payment],
    notice_received: date | None,
    steps: Steps,
) -> Claim:
    """The statement of an unpaid invoice of ``amount`` cents (VAT included) on the day ``as_of``.

    Args:
        tariff: the tariff in force on the invoice date.
        amount: the invoice, in cents.
        invoice_date: its date.
        as_of: the day of the statement.
        payments: what was received, in any order.
        notice_received: when the registered notice was received, if one was sent.
        steps: where the steps are recorded.

    Raises:
        ImpossibleValue: a payment or the statement before the invoice, or a notice that came before the invoice was
        late. NotAvailable: a statutory rate is not recorded.
    """
    due = due_date(tariff, invoice_date, steps)
    _check_dates(invoice_date, due, as_of, payments, notice_received)
    ledger = _Ledger(tariff, amount, due, steps)
    ledger.notice(notice_received)
    counted = sorted(payment for payment in payments if payment.day <= as_of)
    for payment in counted:
        ledger.receive(payment)
    ledger.carry_to(as_of)
    ledger.record_running_notice(as_of)
    ledger.record_interest()
    claim = Claim(
        due=due,
        days_late=_days_late(ledger, due, as_of),
        principal=ledger.principal,
        interest=ledger.interest,
        lump_sum=ledger.lump_sum,
        later_payments=sum(payment.amount for payment in payments if payment.day > as_of),
        overpaid=ledger.overpaid,
    )
    steps.append(Step(CLAIM, (claim.principal, claim.interest, claim.lump_sum), claim.total))
    return claim


def _days_late(ledger: _Ledger, due: date, as_of: date) -> int:
    return max(0, (min(as_of, ledger.paid_on or as_of) - due).days)


def _check_dates(
    invoice_date: date, due: date, as_of: date, payments: Sequence[Payment], notice_received: date | None
) -> None:
    if as_of < invoice_date:
        raise ImpossibleValue("as_of_before_invoice", as_of=as_of, invoice=invoice_date)
    for payment in payments:
        if payment.day < invoice_date:
            raise ImpossibleValue("payment_before_invoice", payment=payment.day, invoice=invoice_date)
    if notice_received and notice_received <= due:
        raise ImpossibleValue("notice_before_due", notice=notice_received, due=due)
