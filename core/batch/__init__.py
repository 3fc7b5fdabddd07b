"""Whole columns: the rules of `core.rules` for a million cases, exact to the cent.

Nothing is ruled here. What has few answers (the tariff of a day, its kind, the factor of an hour) is asked of the
rules once for each distinct question and looked up; the arithmetic is that of the rules, given ``int64`` arrays. Rows
for which that does not do (performances split by the minute, figures too large for 64 bits, anything refused) go
through the rules one by one, each distinct case once. Without NumPy all rows do, and so do a few rows given as a plain
sequence.

========  =======================================================================
column    holds
========  =======================================================================
days      proleptic ordinals (``date.toordinal()``)
times     microseconds since midnight; `DAY_ONLY` where only the day is known
presence  microseconds, as is travel abroad
amounts   cents, never negative; distances millimetres; trips and nights counted
========  =======================================================================

A column is an ``int64`` array or a sequence of ``int``; all columns of one question have one length. The answer is an
`Outcome`: the values, and for each row which error it ends in. ``reason(row)`` gives that error with its message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from core.batch.columns import DAY_ONLY, ERRORS, Outcome
from core.batch.inspections import Charge, Pricing
from core.batch.late_payment import LatePayment
from core.batch.situations import Place
from core.batch.vat import VatColumns

if TYPE_CHECKING:
    from core.rulebook import Rulebook

__all__ = [
    "DAY_ONLY",
    "ERRORS",
    "Charge",
    "LatePayment",
    "Outcome",
    "Place",
    "Pricing",
    "VatColumns",
    "fees_at",
    "invoices_under",
    "vat_by",
]

R = TypeVar("R")
MOST_KEPT = 100
"""Places and regulations whose answers a rulebook keeps; then it begins anew."""


def fees_at(rulebook: Rulebook, place: Place) -> Pricing:
    """The fees at a place; the rulebook keeps what was asked."""
    return _kept(rulebook, place, lambda: Pricing(rulebook, place))


def invoices_under(rulebook: Rulebook, regulation: str = "") -> LatePayment:
    """The rules of art. 2.3.2 under a regulation; the rulebook keeps what was asked."""
    return _kept(rulebook, regulation, lambda: LatePayment(rulebook, regulation))


def vat_by(rulebook: Rulebook) -> VatColumns:
    """VAT; the rulebook keeps what was asked."""
    return _kept(rulebook, VatColumns, lambda: VatColumns(rulebook))


def _kept(rulebook: Rulebook, key: object, make: Callable[[], R]) -> R:
    found = rulebook.columns.get(key)
    if found is None:
        if len(rulebook.columns) >= MOST_KEPT:
            rulebook.columns.clear()
        rulebook.columns[key] = found = make()
    return found  # type: ignore[return-value]
