"""What a late-payment statement is made from: a customer, the invoices and what was received, as an input file says it.

Amounts are euro, VAT included; dates are dates without a time.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from core.codes import code_named
from core.errors import InputError
from core.reading import read
from core.records import Strict, refuse
from workbooks.quote.model import Customer, Day, Money, Words

MOST_INVOICES: Final = 500
MOST_PAYMENTS: Final = 200
"""Of one invoice."""


def _above_zero(value: Decimal) -> Decimal:
    if not value:
        raise refuse("number_not_positive")
    return value


def _language(value: object) -> str:
    try:
        return code_named("LANGUAGE", str(value))
    except InputError as error:
        raise refuse(error.key, **error.details) from None


Amount = Annotated[Money, AfterValidator(_above_zero)]


class Payment(Strict):
    """Money received for an invoice."""

    date: Day
    amount: Amount


class Invoice(Strict):
    """An invoice; ``notice_received`` is the day on which a registered notice reached the customer."""

    number: Words
    date: Day
    amount: Amount
    notice_received: Day | None = None
    payment: Annotated[tuple[Payment, ...], Field(max_length=MOST_PAYMENTS)] = ()

    def paid(self, as_of: Day) -> Decimal:
        """What was received up to and including a day."""
        return sum((payment.amount for payment in self.payment if payment.date <= as_of), Decimal(0))


def _each_once(invoices: tuple[Invoice, ...]) -> tuple[Invoice, ...]:
    numbers = [invoice.number for invoice in invoices]
    for number in numbers:
        if numbers.count(number) > 1:
            raise refuse("not_exactly_once", value=number)
    return invoices


Invoices = Annotated[tuple[Invoice, ...], Field(min_length=1, max_length=MOST_INVOICES), AfterValidator(_each_once)]


class ClaimInput(Strict):
    """The invoices of one customer; ``as_of`` is the last day that bears interest."""

    as_of: Day
    language: Annotated[str, BeforeValidator(_language)]
    customer: Customer
    invoice: Invoices


def read_claim(file: Path) -> ClaimInput:
    """The input in a file (TOML).

    Raises:
        FileRefused: the file cannot be read or holds a mistake; says where and why.
    """
    return read(file, ClaimInput)
