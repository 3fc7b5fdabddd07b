"""The whole-number units in which every quantity is held, and their exact conversions.

========  =====================  ============================================
quantity  unit                   why
========  =====================  ============================================
amount    cent                   what an invoice shows
km rate   1/10 000 euro          the allowance has four decimals (art. 2.2.9)
duration  microsecond            minutes and decimal hours are both whole
distance  millimetre             six decimals of a kilometre
factor    half (2, 3, 4)         1, 1.5 and 2 (art. 2.2.7)
percent   1/100 of a percent     5.25 % is 525
========  =====================  ============================================
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
KILOMETRE = 1_000_000

CENTS_PER_EURO = 100
KM_RATE_PER_EURO = 10_000
KM_RATE_PER_CENT = KM_RATE_PER_EURO // CENTS_PER_EURO
HALVES_PER_FACTOR = 2
POINTS_PER_PERCENT = 100
POINTS_PER_WHOLE = 100 * POINTS_PER_PERCENT


class Unit(Enum):
    """What a number in a step or a result stands for: tells how to show it and how to turn it into a cell."""

    EURO = "cent"
    EURO_PER_KM = "1/10 000 euro"
    HOURS = "microsecond"
    KILOMETRES = "millimetre"
    FACTOR = "half"
    PERCENT = "1/100 of a percent"
    NUMBER = "number"
    YEAR = "year"
    RATIO = "exact fraction"
    EXACT_EURO = "euro, exact fraction"
    DATE = "date"
    MOMENT = "moment"
    TEXT = "text"
    CODE = "code"

    @property
    def per_whole(self) -> int:
        """How many of it make one euro, hour, kilometre, factor or percent."""
        return _PER_WHOLE.get(self, 1)

    def exact(self, value: int | Fraction) -> Fraction:
        """The quantity in euro, hours, kilometres, factor or percent, exactly."""
        return Fraction(value) / self.per_whole


_PER_WHOLE = {
    Unit.EURO: CENTS_PER_EURO,
    Unit.EURO_PER_KM: KM_RATE_PER_EURO,
    Unit.HOURS: HOUR,
    Unit.KILOMETRES: KILOMETRE,
    Unit.FACTOR: HALVES_PER_FACTOR,
    Unit.PERCENT: POINTS_PER_PERCENT,
}


class Moment(NamedTuple):
    """A day, and the microseconds since midnight; ``None`` where only the day is known (normal hours)."""

    day: date
    time: int | None = None

    def clock(self) -> date:
        """The moment as a ``datetime``, or the day where no time is known."""
        if self.time is None:
            return self.day
        return datetime(self.day.year, self.day.month, self.day.day) + timedelta(microseconds=self.time)


def scaled(value: Decimal, per_unit: int) -> int:
    """``value`` in whole units of which ``per_unit`` make one.

    Raises:
        ValueError: the value has more decimals than the unit can hold.
    """
    whole = value * per_unit
    if whole != whole.to_integral_value():
        raise ValueError(f"{value} has more decimals than allowed")
    return int(whole)
