"""What is usual of each series of figures: how far apart they follow, between which bounds, how much they change.

A figure that is not usual is a slip, or needs a word (`core.updates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Final

from core.records import OPEN_SERIES, PERCENT_SERIES, Span
from core.vocabulary import Series

STEP_MONTHS: Final[Mapping[Series, int]] = {
    Series.SALARY_INDEX: 12,  # the tariff compares the same quarter of each year
    Series.TRAVEL_ALLOWANCE: 12,
    Series.TRAVEL_ALLOWANCE_QUARTERLY: 3,
    Series.LEGAL_INTEREST_1865: 12,
    Series.LEGAL_INTEREST_2002: 6,
}
"""Months from one figure to the next, where figures follow each other."""
BOUNDS: Final[Mapping[Series, tuple[Decimal, Decimal]]] = {
    Series.SALARY_INDEX: (Decimal(10), Decimal(1000)),
    Series.TRAVEL_ALLOWANCE: (Decimal("0.10"), Decimal(2)),
    Series.TRAVEL_ALLOWANCE_QUARTERLY: (Decimal("0.10"), Decimal(2)),
    Series.LEGAL_INTEREST_1865: (Decimal(0), Decimal(25)),
    Series.LEGAL_INTEREST_2002: (Decimal(0), Decimal(25)),
    Series.VAT_BE: (Decimal(0), Decimal(30)),
    Series.VAT_EU_REVERSE: (Decimal(0), Decimal(30)),
    Series.VAT_EXPORT: (Decimal(0), Decimal(30)),
}
"""Beyond these a figure is a slip: another unit, a missing decimal point."""
_MOST_CHANGE: Final[Mapping[Series, Fraction]] = {
    Series.SALARY_INDEX: Fraction(12, 100),
    Series.TRAVEL_ALLOWANCE: Fraction(15, 100),
    Series.TRAVEL_ALLOWANCE_QUARTERLY: Fraction(5, 100),
    Series.LEGAL_INTEREST_1865: Fraction(4),
    Series.LEGAL_INTEREST_2002: Fraction(3),
}
"""The change from one figure to the next that needs no explanation while too few are on record to tell; none of VAT."""
_ENOUGH: Final = 4
"""Changes on record that tell what is usual."""
LONGEST: Final[Mapping[Series, int]] = {Series.TRAVEL_ALLOWANCE: 366, Series.TRAVEL_ALLOWANCE_QUARTERLY: 123}
"""Days for which a figure with days of its own may hold."""
AHEAD: Final[Mapping[Series, int]] = {Series.SALARY_INDEX: -92, **dict.fromkeys(OPEN_SERIES, 731)}
"""Days before its first day that a figure can have been published; 31 where nothing is said. An index only comes after
the last day of its quarter."""
RELATIVE: Final = frozenset(Series) - PERCENT_SERIES


def most_change(series: Series, spans: Sequence[Span]) -> Fraction:
    """The largest change between neighbouring figures on record: a share, or percentage points."""
    known = sorted({span.record.valid_from: span.record.value for span in spans}.items())
    changes = [
        change(series, one, other)
        for chain in chains(series, known)
        for (earlier, one), (later, other) in pairwise(chain)
        if steps(series, earlier, later) == 1
    ]
    return max(changes) if len(changes) >= _ENOUGH else _MOST_CHANGE.get(series, Fraction(0))


Dated = tuple[date, Decimal]


def chains(series: Series, known: Sequence[Dated]) -> Iterator[list[Dated]]:
    """The figures that are compared with each other: of the salary index those of the same quarter."""
    if series is not Series.SALARY_INDEX:
        yield list(known)
        return
    for month in (1, 4, 7, 10):
        yield [(day, value) for day, value in known if day.month == month]


def steps(series: Series, earlier: date, later: date) -> int:
    """How many figures further ``later`` is; 1 for the next."""
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return max(1, ceil(months / STEP_MONTHS[series])) if series in STEP_MONTHS else 1


def change(series: Series, one: Decimal, other: Decimal) -> Fraction:
    """From one figure to the other: a share of the one, or percentage points."""
    difference = abs(Fraction(other) - Fraction(one))
    return difference / Fraction(one) if series in RELATIVE else difference
