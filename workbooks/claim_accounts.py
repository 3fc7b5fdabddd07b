"""What a late-payment statement shows: each invoice computed by the worksheet functions, and the terms in words.

Each account also knows its place on the three sheets: rows counted from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.formats import euro, label, number
from core.policies import known_policies
from core.tariff import Tariff
from core.texts import text
from core.trace import Steps
from core.units import CENTS_PER_EURO, Unit
from core.vocabulary import Status
from workbooks.claim_input import ClaimInput, Invoice
from xl_addin.cells import Cell, CellError, Table, serial
from xl_addin.evaluate import call, computed
from xl_addin.session import Session

SPARE_PAYMENTS: Final = 2
"""Empty lines for later payments, an invoice."""
FIRST_PAYMENT: Final = 4
CLAIM_FIGURES: Final = 6
CLAIM_SPACE: Final = 8
"""Rows a claim can fill: later payments and an overpayment add one each."""
SPARE_STEPS: Final = 4
"""Empty rows under the steps, for those that another date or payment adds."""
FIRST_DETAIL: Final = 3


@dataclass(frozen=True, slots=True)
class Account:
    """An invoice computed, and its place on each sheet.

    Attributes:
        invoice: the input.
        as_of: the day of the statement.
        claim: the rows of ``COPRO_LATE_CLAIM``, or its error.
        steps: the rows of ``COPRO_EXPLAIN``.
        units: what the result of each step is; none for a refusal.
        statuses: how certain the figures used are.
        row: on the statement.
        payments: first and last row on the sheet of payments.
        detail: row of its heading on the sheet with the calculation.
    """

    invoice: Invoice
    as_of: date
    claim: Table | CellError
    steps: Table
    units: Sequence[Unit]
    statuses: frozenset[Status]
    row: int
    payments: tuple[int, int]
    detail: int

    @property
    def claim_row(self) -> int:
        """The first row of its claim."""
        return self.detail + 1

    @property
    def steps_row(self) -> int:
        """The first row of its steps."""
        return self.claim_row + CLAIM_SPACE + 2

    def figure(self, row: int) -> Cell:
        """A figure of its claim, or the error in its place."""
        return self.claim if isinstance(self.claim, CellError) else self.claim[row][1]

    @property
    def counted(self) -> float:
        """What was received up to the day of the statement, in euro."""
        return float(self.invoice.paid(self.as_of))

    @property
    def later(self) -> float:
        """What was received after it, in euro."""
        return float(sum(one.amount for one in self.invoice.payment) - self.invoice.paid(self.as_of))

    @property
    def overpaid(self) -> Cell:
        """What was received beyond what is owed: what the claim says after its six figures, less later payments."""
        if isinstance(self.claim, CellError):
            return self.claim
        further = added(row[1] for row in self.claim[CLAIM_FIGURES:])
        assert isinstance(further, float)
        return added((further, -self.later))


def accounts_of(claim_input: ClaimInput, session: Session, first_row: int) -> Iterator[Account]:
    """Every invoice computed and given its place; ``first_row`` is that of the first one on the statement."""
    row, payment, detail = first_row, FIRST_PAYMENT, FIRST_DETAIL
    for invoice in claim_input.invoice:
        arguments = _arguments(invoice, claim_input.as_of, session.language)
        claim = call("COPRO_LATE_CLAIM", arguments, session)
        steps = call("COPRO_EXPLAIN", [f"{session.language}:COPRO_LATE_CLAIM", *arguments], session)
        assert isinstance(claim, list | CellError)
        assert isinstance(steps, list)
        last = payment + len(invoice.payment) + SPARE_PAYMENTS - 1
        known = _steps(arguments, session)
        account = Account(
            invoice=invoice,
            as_of=claim_input.as_of,
            claim=claim,
            steps=steps,
            units=[step.kind.unit for step in known],
            statuses=frozenset(figure.status for step in known for figure in step.cited),
            row=row,
            payments=(payment, last),
            detail=detail,
        )
        yield account
        row, payment, detail = row + 1, last + 1, account.steps_row + len(steps) + SPARE_STEPS


def _arguments(invoice: Invoice, as_of: date, language: str) -> list[object]:
    """What the functions are given, as the cells hold it."""
    received: list[list[object]] = [[serial(one.date), float(one.amount)] for one in invoice.payment]
    received += [[None, None]] * SPARE_PAYMENTS
    notice = serial(invoice.notice_received) if invoice.notice_received else None
    return [float(invoice.amount), serial(invoice.date), serial(as_of), received, notice, language]


def _steps(arguments: Sequence[object], session: Session) -> Steps:
    """The steps of a claim, which say what each result is and which figures it rests on; none when the claim fails."""
    answer, under_way = computed("COPRO_LATE_CLAIM", arguments, session)
    return [] if isinstance(answer, CellError) else under_way.steps


def added(values: Iterable[Cell]) -> Cell:
    """The sum of amounts, exact to the cent; the first error where there is one, as a sheet does."""
    total = 0
    for value in values:
        if isinstance(value, CellError):
            return value
        assert isinstance(value, float)
        total += round(value * CENTS_PER_EURO)
    return total / CENTS_PER_EURO


@dataclass(frozen=True, slots=True)
class Terms:
    """The legal ground in words, and the law whose rate it refers to."""

    lines: Sequence[str]
    law: str


def terms_of(tariff: Tariff, language: str) -> Terms:
    """Art. 2.3.2 with the figures and the readings that hold.

    Raises:
        NotAvailable: the installation's settings of policies are refused.
    """

    def reading(policy: str) -> str:
        return known_policies()[policy].settings[tariff.policies[policy]][language]

    terms, law = tariff.payment, tariff.policies["interest.law"]
    return Terms(
        (
            text("late_payment", "ground_term", language, days=terms.term_days),
            text(
                "late_payment",
                "ground_interest",
                language,
                law=label("LAW", law, language),
                margin=number(terms.interest_margin, language),
                day_count=reading("interest.day_count"),
            ),
            text(
                "late_payment",
                "ground_lump_sum",
                language,
                days=terms.notice_days,
                percent=number(terms.lump_sum_percent, language),
                minimum=euro(terms.lump_sum_minimum, language),
            ),
            f"{reading('payments.order')} {reading('due_date.weekend')}",
        ),
        law,
    )
