"""The inspections that are priced, and what each costs by the exact oracle.

A pool of distinct inspections is drawn with a seed and answered by `tests.oracle`; a table of any size draws its rows
from that pool, so that every amount of every size is checked to the cent. All inspections are of 2023 and 2024, by day,
in the evening, at night and over the weekend, on days on which (and on the next) no public holiday, no construction
holiday and no clock change plays a part: the peers need no calendar then. Ours always looks at its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests import oracle

Ints = NDArray[np.int64]
Columns = tuple[NDArray[np.int64] | NDArray[np.float64], ...]
Case = tuple[float, float, int]

SEED = 20230101
POOL = 20_000
INSPECTION, WASTED_TRIP, APPLICATION = 0, 1, 2
LONGEST = 12 * 60
"""Minutes of the longest inspection drawn."""
_WORLD = oracle.World(salary=oracle.EXAMPLE_SALARY)
_PLACE = oracle.Place()
_MARCH, _OCTOBER = 3, 10


class Task(NamedTuple):
    """What is computed.

    Attributes:
        name: for functions and files.
        title: for people.
        kinds: the types of its three columns.
        draw: draws one case.
        answer: its amount, by the oracle.
    """

    name: str
    title: str
    kinds: tuple[type, type, type]
    draw: Callable[[random.Random], Case]
    answer: Callable[..., Fraction]


class Drawn(NamedTuple):
    """A table of rows drawn from a pool, and the exact answers in cents."""

    columns: Columns
    expected: Ints

    def saved(self, folder: Path) -> Path:
        """Writes the columns where the processes of the peers read them."""
        for number, column in enumerate(self.columns):
            np.save(folder / f"{number}.npy", column)
        return folder

    def mismatches(self, cents: Ints) -> int:
        """How many amounts differ from the exact ones."""
        return int((cents != self.expected[: len(cents)]).sum())


def loaded(folder: Path, rows: int) -> Columns:
    """The first rows of the columns that were saved."""
    return tuple(np.load(folder / f"{number}.npy", mmap_mode="r")[:rows].copy() for number in range(3))


def drawn(task: Task, size: int, pool: int = POOL) -> Drawn:
    """A table of ``size`` rows: the same one each time."""
    columns, expected = _pool(task, pool)
    rows = np.random.default_rng(SEED).integers(0, pool, size, dtype=np.int32)
    return Drawn(tuple(column.take(rows) for column in columns), expected.take(rows))


@cache
def _pool(task: Task, size: int) -> tuple[Columns, Ints]:
    chance = random.Random(SEED)
    cases = [task.draw(chance) for _ in range(size)]
    columns = tuple(np.array(column, kind) for column, kind in zip(zip(*cases, strict=True), task.kinds, strict=True))
    return columns, np.array([int(task.answer(*case) * 100) for case in cases])


# --- ready columns ---------------------------------------------------------------------------------------------------


def _draw_ready(chance: random.Random) -> Case:
    return chance.randint(1, LONGEST), chance.choice((2, 3, 4)), chance.choice((2023, 2024))


@cache
def _answer_ready(minutes: int, halves: int, year: int) -> Fraction:
    return oracle.classified_fee(Fraction(minutes, 60), Fraction(halves, 2), year, _WORLD)


# --- raw rows --------------------------------------------------------------------------------------------------------


def _plain(day: date) -> bool:
    """Whether a day is only what its weekday says."""
    moved = {oracle.last_sunday(day.year, month) for month in (_MARCH, _OCTOBER)}
    return len(oracle.day_kinds(day, oracle.OWN_SITE, None, "calendar")) == 1 and day not in moved


def _is_free(day: date) -> bool:
    return day in oracle.public_holidays(day.year) or bool(oracle.builders_holiday(day, oracle.OWN_SITE))


@cache
def _days() -> list[int]:
    """The serials of the days that inspections start on."""
    first = oracle.IN_FORCE
    days = [first + timedelta(days=number) for number in range((date(2024, 12, 30) - first).days + 1)]
    fine = [d for d in days if all(_plain(d2) and not _is_free(d2) for d2 in (d, d + timedelta(days=1)))]
    return [(day - oracle.EPOCH.date()).days for day in fine]


def _draw_raw(chance: random.Random) -> Case:
    """A serial, decimal hours (typed, or as ``(end-start)*24`` gives them) and a kind of charge."""
    day, minute = chance.choice(_days()), chance.randint(1, 1439)  # at midnight sharp a serial is a date without a time
    start = day + minute / 1440
    lasting = chance.randint(1, LONGEST)
    hours = (day + (minute + lasting) / 1440 - start) * 24 if chance.random() < 0.5 else (lasting + 14) // 15 / 4
    return start, hours, chance.choices((INSPECTION, WASTED_TRIP, APPLICATION), (90, 8, 2))[0]


def _answer_raw(start: float, hours: float, charge: int) -> Fraction:
    moment = oracle.moment(start)
    if charge == APPLICATION:
        return oracle.application_fee(moment.at.date(), 1, _WORLD)
    if charge == WASTED_TRIP:
        return oracle.wasted_trip_fee(moment, oracle.Visit(), _PLACE, _WORLD)
    return oracle.inspection_fee(moment, oracle.presence(hours), oracle.Visit(), _PLACE, _WORLD)


TASKS: Mapping[str, Task] = {
    "ready": Task("ready", "ready columns", (np.int64, np.int64, np.int64), _draw_ready, _answer_ready),
    "raw": Task("raw", "raw rows", (np.float64, np.float64, np.int64), _draw_raw, _answer_raw),
}
