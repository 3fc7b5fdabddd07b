"""Python's own ``decimal``, a row at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.contenders import tariff
from benchmarks.contenders.tariff import APPLICATION, WASTED_TRIP, YEARS
from benchmarks.data import Ints

EPOCH = datetime(1899, 12, 30)
CENT = Decimal("0.01")
FIXED, HOUR, TRIP, APPLICATION_FEE = (
    {year: Decimal(rate) for year, rate in zip(YEARS, rates, strict=True)}
    for rates in (tariff.FIXED, tariff.HOUR, tariff.TRIP, tariff.APPLICATION_FEE)
)
DAY_FACTOR = {5: Decimal("1.5"), 6: Decimal(2)}
NIGHT_FACTOR = {5: Decimal(2), 6: Decimal(2)}


def euro(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def hours_charged(minutes: int) -> int:
    """Whole hours: the first always, a further one from 30 minutes on."""
    return max(1, (minutes + 30) // 60)


def factor(at: datetime) -> Decimal:
    """The factor of an hour that begins then."""
    if 6 <= at.hour < 18:
        return DAY_FACTOR.get(at.weekday(), Decimal(1))
    return NIGHT_FACTOR.get(at.weekday(), Decimal("1.5"))


def ready_one(minutes: int, halves: int, year: int) -> Decimal:
    """One contribution of what is classified already."""
    times = Decimal(halves) / 2
    return FIXED[year] + euro(HOUR[year] * hours_charged(minutes) * times) + euro(TRIP[year] * times)


def raw_one(serial: float, hours: float, charge: int) -> Decimal:
    """One row of a register."""
    start = EPOCH + timedelta(minutes=round(serial * 1440))
    year = start.year
    if charge == APPLICATION:
        return APPLICATION_FEE[year]
    charged = 1 if charge == WASTED_TRIP else hours_charged(round(hours * 60))
    weight = sum((factor(start + timedelta(hours=hour)) for hour in range(charged)), Decimal(0))
    return FIXED[year] + euro(HOUR[year] * weight) + euro(TRIP[year] * factor(start))


def ready_exact(minutes: Ints, halves: Ints, years: Ints) -> Callable[[], list[Decimal]]:
    columns = minutes.tolist(), halves.tolist(), years.tolist()
    return lambda: [ready_one(*row) for row in zip(*columns, strict=True)]


def raw_exact(starts: Ints, hours: Ints, charges: Ints) -> Callable[[], list[Decimal]]:
    columns = starts.tolist(), hours.tolist(), charges.tolist()
    return lambda: [raw_one(*row) for row in zip(*columns, strict=True)]
