"""What the workbook shows: every invoice computed by the worksheet functions, and what is wrong with a row.

The formulas of the workbook say the same; a recalculation must come out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

from core.formats import euro
from core.texts import text
from core.units import CENTS_PER_EURO
from workbooks.late_payment.layout import BUCKET_DAYS
from workbooks.late_payment.model import Claims, Debtor, Invoice, Payment, alike
from xl_addin.cells import Cell, CellError, Table, serial
from xl_addin.evaluate import call
from xl_addin.session import Session

NOT_AVAILABLE: Final = CellError("#N/A")
CLAIM_FIGURES: Final = 6
"""Rows of every claim; later payments and what was received beyond what is owed add one each."""


@dataclass(frozen=True)
class Account:
    """An invoice computed.

    Attributes:
        number: its row in the table, counted from 1.
        customer: that of its customer.
        invoice: the input.
        as_of: the day.
        language: of the workbook.
        claim: the rows of ``COPRO_LATE_CLAIM``, or its error; nothing when a payment is wrong.
        reason: why it could not be computed.
        payment_faults: what is wrong with each payment.
    """

    number: int
    customer: int
    invoice: Invoice
    as_of: date
    language: str
    claim: Table | CellError | None
    reason: str
    payment_faults: Sequence[str]

    @property
    def fault(self) -> str:
        """What is wrong with what was filled in."""
        return text("late_payment", "wrong_payment_on_it", self.language) if any(self.payment_faults) else ""

    @property
    def rows(self) -> Table:
        """The rows of the claim; none when there is no claim."""
        return self.claim if isinstance(self.claim, list) else []

    def figure(self, row: int) -> Cell:
        """A figure of the claim (rows counted from 1), or what is shown in its place."""
        return (
            self.rows[row - 1][1] if self.rows else self.claim if isinstance(self.claim, CellError) else NOT_AVAILABLE
        )

    @property
    def paid(self) -> float:
        """What was received up to and including the day, in euro."""
        return float(sum(one.amount for one in self.invoice.payment if one.date <= self.as_of))

    @property
    def later(self) -> float:
        """What was received after it, in euro."""
        return float(sum(one.amount for one in self.invoice.payment if one.date > self.as_of))

    @property
    def overpaid(self) -> float:
        """What was received beyond everything owed, in euro."""
        further = self.rows[CLAIM_FIGURES + bool(self.later) :]
        return float(str(further[0][1])) if further else 0.0

    @property
    def days(self) -> int:
        """Days late; none when it was not computed."""
        return int(str(self.figure(2))) if self.rows else 0

    @property
    def bucket(self) -> int | None:
        """Which bucket it falls in, counted from 1."""
        if not self.rows:
            return None
        return next((n for n, most in enumerate(BUCKET_DAYS, 1) if self.days <= most), len(BUCKET_DAYS) + 1)

    @property
    def check(self) -> str:
        """What is wrong with it, if anything."""
        if self.fault or self.reason or not self.overpaid:
            return self.fault or self.reason
        return text("late_payment", "wrong_overpaid", self.language, amount=told_euro(self.overpaid, self.language))

    @property
    def open(self) -> bool:
        """Whether it is listed on the statement: something is owed, or nobody knows."""
        owed = self.figure(CLAIM_FIGURES)
        return isinstance(owed, CellError) or bool(owed)

    @property
    def late(self) -> bool:
        """Whether it is listed in the letter."""
        return self.open and self.days > 0


@dataclass(frozen=True)
class Receivables:
    """Everything a workbook shows, as it stands when it is written.

    Attributes:
        session: the installation at work, in the language of the workbook.
        as_of: the day.
        customers: in their order.
        accounts: the invoices, in their order.
    """

    session: Session
    as_of: date
    customers: Sequence[Debtor] = ()
    accounts: Sequence[Account] = ()

    @property
    def language(self) -> str:
        """Of the workbook."""
        return self.session.language

    @property
    def chosen(self) -> Debtor | None:
        """The customer of the statement and the letter."""
        return self.customers[0] if self.customers else None

    @property
    def their_language(self) -> str:
        """The language of the statement and the letter."""
        return self.chosen.language if self.chosen else self.language

    @cached_property
    def payments(self) -> Sequence[tuple[Account, Payment, str]]:
        """Every payment with its invoice, and what is wrong with it."""
        return [
            (account, payment, fault)
            for account in self.accounts
            for payment, fault in zip(account.invoice.payment, account.payment_faults, strict=True)
        ]

    @cached_property
    def wrong(self) -> int:
        """How many rows are wrong."""
        return sum(bool(account.check) for account in self.accounts) + sum(bool(fault) for *_, fault in self.payments)

    def of_chosen(self, *, late: bool = False) -> list[Account]:
        """What is listed on the statement, or in the letter."""
        return [one for one in self.accounts if one.customer == 1 and (one.late if late else one.open)]

    def total(self, values: Iterable[Cell]) -> Cell:
        """A sum, refused while a row is wrong."""
        return NOT_AVAILABLE if self.wrong else added(values)


def receivables_of(claims: Claims, session: Session) -> Receivables:
    """The input, computed; the session is in the language of the workbook."""
    numbers = {alike(customer.name): number for number, customer in enumerate(claims.customer, 1)}
    accounts = [
        _account(number, numbers[alike(invoice.customer)], invoice, claims.as_of, session)
        for number, invoice in enumerate(claims.invoice, 1)
    ]
    return Receivables(session, claims.as_of, claims.customer, accounts)


def _account(number: int, customer: int, invoice: Invoice, as_of: date, session: Session) -> Account:
    early = text("late_payment", "wrong_payment_early", session.language)
    faults = [early if payment.date < invoice.date else "" for payment in invoice.payment]
    claim = None if any(faults) else claimed(invoice, as_of, session)
    reason = ""
    if isinstance(claim, CellError):
        told = explained(invoice, as_of, session)
        reason = str(told[0][2])
    return Account(number, customer, invoice, as_of, session.language, claim, reason, faults)


def arguments(invoice: Invoice, as_of: date, language: str) -> list[object]:
    """What the functions are given, as the cells hold it."""
    received = [[serial(one.date), float(one.amount)] for one in invoice.payment]
    notice = serial(invoice.notice_received) if invoice.notice_received else None
    return [float(invoice.amount), serial(invoice.date), serial(as_of), received or None, notice, language]


def claimed(invoice: Invoice, as_of: date, session: Session) -> Table | CellError:
    """The rows of ``COPRO_LATE_CLAIM``, or its error."""
    claim = call("COPRO_LATE_CLAIM", arguments(invoice, as_of, session.language), session)
    assert isinstance(claim, list | CellError)
    return claim


def explained(invoice: Invoice, as_of: date, session: Session) -> Table:
    """The steps of the claim."""
    name = f"{session.language}:COPRO_LATE_CLAIM"
    steps = call("COPRO_EXPLAIN", [name, *arguments(invoice, as_of, session.language)], session)
    assert isinstance(steps, list)
    return steps


def added(values: Iterable[Cell]) -> Cell:
    """The sum of amounts, exact to the cent; the first error where there is one, as a sheet does."""
    total = 0
    for value in values:
        if isinstance(value, CellError):
            return value
        assert isinstance(value, float)
        total += round(value * CENTS_PER_EURO)
    return total / CENTS_PER_EURO


def column(accounts: Iterable[Account], row: int) -> Iterator[Cell]:
    """A figure of several claims."""
    return (account.figure(row) for account in accounts)


def told_euro(amount: float, language: str) -> str:
    """An amount, as a language writes it."""
    return euro(Fraction(round(amount * CENTS_PER_EURO), CENTS_PER_EURO), language)
