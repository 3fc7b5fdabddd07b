"""NumPy by hand: floats as most would write it, and whole cents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.contenders import tariff
from benchmarks.contenders.tariff import APPLICATION, COUNTS, HOURS_OF_WEEK, SERIAL_2024, WASTED_TRIP, YEARS
from benchmarks.data import Ints

Floats = NDArray[np.float64]
_RATES = tariff.FIXED, tariff.HOUR, tariff.TRIP, tariff.APPLICATION_FEE
FIXED, HOUR, TRIP, APPLICATION_FEE = (np.array(tariff.cents(rates)) for rates in _RATES)
FIXED_EURO, HOUR_EURO, TRIP_EURO, APPLICATION_EURO = (np.array(tariff.floats(rates)) for rates in _RATES)
HALVES, WEIGHTS = np.array(tariff.HALVES), np.array(tariff.WEIGHTS)
FACTORS, FACTOR_SUMS = HALVES / 2, WEIGHTS / 2


def ready_float(minutes: Ints, halves: Ints, years: Ints) -> Callable[[], Floats]:
    def run() -> Floats:
        year, factor = years - YEARS[0], halves / 2
        hours = np.maximum(np.floor(minutes / 60 + 0.5), 1)
        performance = np.round(HOUR_EURO[year] * hours * factor, 2)
        return FIXED_EURO[year] + performance + np.round(TRIP_EURO[year] * factor, 2)

    return run


def ready_exact(minutes: Ints, halves: Ints, years: Ints) -> Callable[[], Ints]:
    def run() -> Ints:
        year = years - YEARS[0]
        hours = np.maximum((minutes + 30) // 60, 1)
        return FIXED[year] + (HOUR[year] * hours * halves + 1) // 2 + (TRIP[year] * halves + 1) // 2

    return run


def raw_float(starts: Floats, hours: Floats, charges: Ints) -> Callable[[], Floats]:
    def run() -> Floats:
        year = (starts >= SERIAL_2024).astype(np.int64)
        begins = np.floor(starts % 7 * 24).astype(np.int64)
        charged = np.where(charges == WASTED_TRIP, 1, np.maximum(np.floor(hours + 0.5), 1)).astype(np.int64)
        performance = np.round(HOUR_EURO[year] * FACTOR_SUMS[begins * COUNTS + charged], 2)
        travel = np.round(TRIP_EURO[year] * FACTORS[begins], 2)
        return np.where(charges == APPLICATION, APPLICATION_EURO[year], FIXED_EURO[year] + performance + travel)

    return run


def raw_exact(starts: Floats, hours: Floats, charges: Ints) -> Callable[[], Ints]:
    def run() -> Ints:
        year = (starts >= SERIAL_2024).astype(np.int64)
        begins = np.rint(starts * 1440).astype(np.int64) // 60 % HOURS_OF_WEEK
        charged = np.maximum((np.rint(hours * 60).astype(np.int64) + 30) // 60, 1)
        charged = np.where(charges == WASTED_TRIP, 1, charged)
        performance = (HOUR[year] * WEIGHTS[begins * COUNTS + charged] + 1) // 2
        travel = (TRIP[year] * HALVES[begins] + 1) // 2
        return np.where(charges == APPLICATION, APPLICATION_FEE[year], FIXED[year] + performance + travel)

    return run


def copy(one: Ints | Floats, two: Ints | Floats, three: Ints) -> Callable[[], Ints]:
    """Moves as many bytes as three columns read and one written: two columns copied."""
    read = np.stack([one.view(np.int64), two.view(np.int64)])
    written = np.empty_like(read)

    def run() -> Ints:
        np.copyto(written, read)
        return three[:0]

    return run


ready_copy = raw_copy = copy
