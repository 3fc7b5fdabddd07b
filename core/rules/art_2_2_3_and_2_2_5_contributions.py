"""Art. 2.2.3 and 2.2.5: the certification contribution and the execution contribution.

Nl: certificatiebijdrage and uitvoeringsbijdrage, fr: rétribution de certification and rétribution d'exécution. Amounts,
computation and period are for a specific regulation to say; where none does, the contribution is not defined, which is
an error and never zero. Its rates are indexed and rounded like any other (art. 2.2.9).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from core.errors import ImpossibleValue, NotAvailable
from core.formats import Named
from core.numeric import at_least, at_most, half_up_div
from core.rules.art_2_2_9_indexation import coefficient
from core.trace import Step, StepKind, Steps
from core.units import CENTS_PER_EURO, Unit
from core.vocabulary import ContributionKind

if TYPE_CHECKING:
    from core.regulation import Contribution
    from core.tariff import Tariff

INDEXED = StepKind(
    "contribution_indexed", "2.2.9", "{0} × {1}", (Unit.EXACT_EURO, Unit.RATIO), Unit.EXACT_EURO, rounding=True
)
FLAT = StepKind("contribution_flat", "2.2.3, 2.2.5", "{0} × {1}", (Unit.RATIO, Unit.EXACT_EURO), Unit.EXACT_EURO)
UNITS = StepKind("contribution_units", "2.2.3, 2.2.5", "{0} × {1}", (Unit.RATIO, Unit.EXACT_EURO), Unit.EXACT_EURO)
MINIMUM = StepKind("contribution_minimum", "2.2.3, 2.2.5", "max({0}; {1})", (Unit.EURO, Unit.EURO), Unit.EURO)
MAXIMUM = StepKind("contribution_maximum", "2.2.3, 2.2.5", "min({0}; {1})", (Unit.EURO, Unit.EURO), Unit.EURO)
CONTRIBUTION = StepKind("contribution", "2.2.3, 2.2.5", "{1}", (Unit.CODE, Unit.EXACT_EURO), Unit.EURO, rounding=True)


def contribution(tariff: Tariff, kind: ContributionKind, quantity: Fraction, steps: Steps) -> int:
    """The contribution for ``quantity`` units (or periods), in cents.

    Raises:
        NotAvailable: no specific regulation defines it, or an index is not recorded.
        ImpossibleValue: part of a period.
    """
    rule = tariff.contributions.get(kind)
    if rule is None:
        raise NotAvailable(
            "contribution_undefined", kind=Named("CONTRIBUTION", kind.value), regulation=tariff.regulation
        )
    if rule.period and quantity.denominator != 1:
        raise ImpossibleValue("periods_not_whole")
    times = quantity if rule.period else Fraction(1)
    exact = _flat(tariff, rule, times, steps) + _variable(tariff, rule, quantity, steps)
    cents = half_up_div(exact.numerator * CENTS_PER_EURO, exact.denominator)
    steps.append(Step(CONTRIBUTION, (f"CONTRIBUTION:{kind.value}", exact), cents, tariff.departures.files))
    return _within_bounds(tariff, rule, cents, steps)


def _indexed(tariff: Tariff, rule: Contribution, amount: Decimal, decimals: int, steps: Steps) -> Fraction:
    """A rate of the contribution as it stands in the tariff year: euro, rounded to its decimals."""
    found = coefficient(rule.index, tariff.figures, tariff.policies, tariff.year, rule.base_year)
    exact = Fraction(amount) * found.ratio * 10**decimals
    value = Fraction(half_up_div(exact.numerator, exact.denominator), 10**decimals)
    if found.ratio != 1:
        steps += (found.step, Step(INDEXED, (Fraction(amount), found.ratio), value))
    return value


def _flat(tariff: Tariff, rule: Contribution, times: Fraction, steps: Steps) -> Fraction:
    """The flat amount: once, or for each period."""
    if not rule.flat:
        return Fraction(0)
    amount = _indexed(tariff, rule, rule.flat, 2, steps)
    steps.append(Step(FLAT, (times, amount), times * amount))
    return times * amount


def _variable(tariff: Tariff, rule: Contribution, quantity: Fraction, steps: Steps) -> Fraction:
    """What depends on the quantity: each unit at the price of the tier it falls in."""
    total, done = Fraction(0), Fraction(0)
    tiers = [(tier.up_to, tier.per_unit) for tier in rule.tiers]
    if rule.per_unit is not None:
        tiers = [(None, rule.per_unit)]
    for up_to, per_unit in tiers:
        upper = quantity if up_to is None else min(quantity, Fraction(up_to))
        if upper <= done:
            continue
        price = _indexed(tariff, rule, per_unit, rule.decimals, steps)
        total += (upper - done) * price
        steps.append(Step(UNITS, (upper - done, price), (upper - done) * price))
        done = upper
    return total


def _within_bounds(tariff: Tariff, rule: Contribution, cents: int, steps: Steps) -> int:
    if rule.minimum is not None:
        minimum = int(_indexed(tariff, rule, rule.minimum, 2, steps) * CENTS_PER_EURO)
        steps.append(Step(MINIMUM, (cents, minimum), at_least(cents, minimum)))
        cents = at_least(cents, minimum)
    if rule.maximum is not None:
        maximum = int(_indexed(tariff, rule, rule.maximum, 2, steps) * CENTS_PER_EURO)
        steps.append(Step(MAXIMUM, (cents, maximum), at_most(cents, maximum)))
        cents = at_most(cents, maximum)
    return cents
