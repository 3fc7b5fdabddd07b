"""What a peer is given: the rates of both years, and what so many hours weigh from an hour of the week on.

The peers leave out what ours does besides: reading data files, a calendar with holidays and clock changes, checks of
every row, other sites, years and policies, and reasons for what is refused.
"""

from __future__ import annotations

from itertools import accumulate

YEARS = (2023, 2024)
FIXED = ("360.30", "369.31")
HOUR = ("125.82", "128.97")
TRIP = ("228.92", "234.96")
APPLICATION_FEE = ("1160.96", "1189.98")
SERIAL_2024 = 45_292
"""1 January 2024 in Excel."""
INSPECTION, WASTED_TRIP, APPLICATION = 0, 1, 2

HOURS_OF_WEEK = 168
COUNTS = 25
"""Numbers of hours charged, 0 to 24."""


def cents(euros: tuple[str, ...]) -> list[int]:
    """Rates in whole cents."""
    return [int(euro.replace(".", "")) for euro in euros]


def floats(euros: tuple[str, ...]) -> list[float]:
    """Rates as binary floats."""
    return [float(euro) for euro in euros]


def _halves(hour: int) -> int:
    """Twice the factor of an hour of the week; the week of Excel's serials starts on a Saturday."""
    day, clock = divmod(hour % HOURS_OF_WEEK, 24)
    night = clock < 6 or clock >= 18
    if day == 0:
        return 4 if night else 3
    return 4 if day == 1 else 2 + night


HALVES = [_halves(hour) for hour in range(HOURS_OF_WEEK)]
WEIGHTS = [
    weight
    for first in range(HOURS_OF_WEEK)
    for weight in accumulate((_halves(first + hour) for hour in range(COUNTS - 1)), initial=0)
]
"""At ``hour of the week * COUNTS + hours charged``: twice the sum of their factors."""
