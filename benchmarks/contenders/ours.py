"""Ours: the functions for whole columns, checks and all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from benchmarks.data import Ints
from core.batch import Place, fees_at
from core.batch.columns import CHUNK
from core.rulebook import Rulebook
from core.rules.art_2_2_4_inspection import travel_cents, trips_exact
from core.vocabulary import Item
from xl_addin import Session
from xl_addin.columns import register

FACTORS = 5
"""Factors in halves, 0 to 4."""
FIRST_YEAR, LAST_YEAR = 2023, 2024


def session() -> Session:
    """With the example index, so that 2024 has rates."""
    return Session.open(example=True, site="BRUSSEL", language="en")


def ready_exact(minutes: Ints, halves: Ints, years: Ints) -> Callable[[], Ints]:
    """The performance fee by its rule; fixed fee and travel asked once for each year and factor."""
    opened = session()
    prices = fees_at(opened.rulebook, Place(opened.site))
    others = _fixed_and_travel(opened.rulebook)

    def run() -> Ints:
        total = np.empty(len(minutes), np.int64)
        for begin in range(0, len(minutes), CHUNK):
            part = slice(begin, begin + CHUNK)
            fees = prices.ready(minutes[part], halves[part], years[part]).values
            np.add(fees, others.take((years[part] - FIRST_YEAR) * FACTORS + halves[part]), out=total[part])
        return total

    return run


def _fixed_and_travel(rulebook: Rulebook) -> Ints:
    tariffs = [rulebook.tariff(date(year, 1, 1)) for year in range(FIRST_YEAR, LAST_YEAR + 1)]
    return np.array(
        [
            tariff.rate(Item.INSPECTION, []) + travel_cents(trips_exact(1, tariff.rate(Item.TRIP_BE, []), halves))
            for tariff in tariffs
            for halves in range(FACTORS)
        ]
    )


def raw_exact(starts: Ints, hours: Ints, charges: Ints) -> Callable[[], Ints]:
    """A register as it stands in a sheet."""
    opened = session()
    return lambda: register(opened, starts, hours, charges).values
