"""What is owed and what was received, as an input file says it: the customers, their invoices, the payments.

Amounts are euro, VAT included; dates are dates without a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from core.codes import code_named
from core.errors import InputError
from core.reading import read
from core.records import Strict, refuse
from workbooks.quote.fields import Day, Money, Words
from workbooks.quote.model import Customer

MOST_CUSTOMERS: Final = 200
MOST_INVOICES: Final = 500
MOST_PAYMENTS: Final = 40
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
Language = Annotated[str, BeforeValidator(_language)]


class Debtor(Customer):
    """A customer, and the language of what is sent to him."""

    language: Language


class Payment(Strict):
    """Money received for an invoice."""

    date: Day
    amount: Amount


class Invoice(Strict):
    """An invoice of a customer; ``notice_received`` is the day on which a registered notice reached him."""

    customer: Words
    number: Words
    date: Day
    amount: Amount
    notice_received: Day | None = None
    payment: Annotated[tuple[Payment, ...], Field(max_length=MOST_PAYMENTS)] = ()


def alike(name: str) -> str:
    """What a sheet compares of a name or a number: it does not look at capitals, nor at spaces around words."""
    return " ".join(name.split()).lower()


def _once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if alike(name) in seen:
            raise refuse("not_exactly_once", value=name)
        seen.add(alike(name))


def _customers_once(customers: tuple[Debtor, ...]) -> tuple[Debtor, ...]:
    _once(customer.name for customer in customers)
    return customers


def _invoices_once(invoices: tuple[Invoice, ...]) -> tuple[Invoice, ...]:
    _once(invoice.number for invoice in invoices)
    return invoices


class Claims(Strict):
    """The open invoices.

    Attributes:
        as_of: the last day that bears interest.
        language: of the workbook; each customer has a language of his own.
        customer: who owes.
        invoice: what is owed, with what was paid of it.
    """

    as_of: Day
    language: Language
    customer: Annotated[
        tuple[Debtor, ...], Field(min_length=1, max_length=MOST_CUSTOMERS), AfterValidator(_customers_once)
    ]
    invoice: Annotated[
        tuple[Invoice, ...], Field(min_length=1, max_length=MOST_INVOICES), AfterValidator(_invoices_once)
    ]

    @model_validator(mode="after")
    def _customers_known(self) -> Self:
        known = {alike(customer.name) for customer in self.customer}
        for invoice in self.invoice:
            if alike(invoice.customer) not in known:
                names = ", ".join(customer.name for customer in self.customer)
                raise refuse("code_unknown", value=invoice.customer, known=names)
        return self


def read_claims(file: Path) -> Claims:
    """The input in a file (TOML).

    Raises:
        FileRefused: the file cannot be read or holds a mistake; says where and why.
    """
    return read(file, Claims)
