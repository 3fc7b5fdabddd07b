"""VAT by the column (art. 2.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from core.batch.asked import DayValues
from core.batch.columns import ROOM, ColumnRule, Ints, Mask, by_number, either, not_negative, within
from core.errors import InputError
from core.rules.art_2_2_8_vat import Customer, vat, vat_cents, vat_rate
from core.units import POINTS_PER_WHOLE

if TYPE_CHECKING:
    from core.rulebook import Rulebook

CUSTOMERS = tuple(Customer)
"""A customer's place here is what a column holds."""


class VatColumns(ColumnRule):
    """VAT in cents: (amounts, days, customers); without customers all are in Belgium."""

    def __init__(self, rulebook: Rulebook) -> None:
        super().__init__()
        self._rulebook = rulebook
        self._rates = [DayValues(self._rate_of(customer)) for customer in CUSTOMERS]

    def one(self, amount: int, day: int, customer: int | None) -> int:
        on = date.fromordinal(day)
        self._rulebook.tariff(on)
        number = customer or 0
        if not 0 <= number < len(CUSTOMERS):
            raise InputError("code_unknown", value=str(number), known=", ".join(CUSTOMERS))
        return vat(self._rulebook.figures, CUSTOMERS[number], on, not_negative(amount), [])

    def vector(self, amounts: Ints, days: Ints, customers: Ints | None) -> tuple[Ints, Mask | None]:
        if customers is None:
            return self._vat(0, amounts, days)
        customers, unknown = within(customers, len(CUSTOMERS) - 1)
        cents, unsure = by_number(customers, self._vat, amounts, days)
        return cents, either(unsure, unknown)

    def _vat(self, customer: int, amounts: Ints, days: Ints) -> tuple[Ints, Mask | None]:
        rates, missing = self._rates[customer].column(days)
        amounts, too_large = within(amounts, ROOM // POINTS_PER_WHOLE)
        return vat_cents(amounts, rates), either(missing, too_large)

    def _rate_of(self, customer: Customer) -> Callable[[date], int]:
        def rate(day: date) -> int:
            self._rulebook.tariff(day)
            return vat_rate(self._rulebook.figures, customer, day, [])

        return rate
