"""Art. 2.2.8: every fee bears the VAT in force for services in Belgium.

Which rate that is depends on the customer: established in Belgium, a business elsewhere in the Union (reverse
charge), or established outside it. An amount's VAT is rounded to the cent; a document's is rounded once a rate, on
the total, unless the policy ``vat.rounding`` says a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from core.numeric import half_up_div
from core.trace import Step, StepKind, Steps
from core.units import POINTS_PER_PERCENT, POINTS_PER_WHOLE, Unit
from core.vocabulary import Series

if TYPE_CHECKING:
    from core.records import Figures, Record

VAT_RATE = StepKind("vat_rate", "2.2.8", "{0}, {1}", (Unit.CODE, Unit.DATE), Unit.PERCENT)
VAT = StepKind(
    "vat",
    "2.2.8",
    "{0} × {1}",
    (Unit.EURO, Unit.PERCENT),
    Unit.EURO,
    rounding=True,
    policies=("vat.rounding",),
)


class Customer(StrEnum):
    """Who is invoiced, as VAT sees them: in Belgium, a business elsewhere in the EU, or outside the EU."""

    BE = "BE"
    EU_REVERSE = "EU_REVERSE"
    EXPORT = "EXPORT"


SERIES: Mapping[Customer, Series] = {
    Customer.BE: Series.VAT_BE,
    Customer.EU_REVERSE: Series.VAT_EU_REVERSE,
    Customer.EXPORT: Series.VAT_EXPORT,
}


def points(record: Record) -> int:
    """A percentage on record, in 1/100 of a percent."""
    return int(record.value * POINTS_PER_PERCENT)


def vat_rate(figures: Figures, customer: Customer, day: date, steps: Steps) -> int:
    """The VAT rate in 1/100 of a percent.

    Raises:
        NotAvailable: none is recorded for that day.
    """
    record = figures.on(SERIES[customer], day)
    rate = points(record)
    steps.append(Step(VAT_RATE, (f"CUSTOMER:{customer.value}", day), rate, (record,)))
    return rate


def vat_cents(amount: int, rate: int) -> int:
    """VAT on ``amount`` cents at ``rate`` (1/100 of a percent): ``int`` or array."""
    return half_up_div(amount * rate, POINTS_PER_WHOLE)


def vat(figures: Figures, customer: Customer, day: date, amount: int, steps: Steps) -> int:
    """VAT on ``amount`` cents, in cents."""
    rate = vat_rate(figures, customer, day, steps)
    tax = vat_cents(amount, rate)
    steps.append(Step(VAT, (amount, rate), tax))
    return tax
