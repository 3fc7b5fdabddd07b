"""Random cases for the column rules, and how the oracle is asked about them.

Drawn so that at most one thing is wrong in a row: then there is one right answer, errors included. Columns hold what
`core.batch` says they hold.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from core.batch import DAY_ONLY, ERRORS, Outcome, Place
from core.loading import load
from core.policies import known_policies
from core.rulebook import Rulebook
from core.units import DAY, HOUR, KILOMETRE, MINUTE
from core.vocabulary import DayType
from tests import oracle

Columns = Sequence[Any]
Case = tuple[int, ...]

BRUSSEL = Place("BRUSSEL")
PLACES = (BRUSSEL, Place("LIMBURG"), Place("HAINAUT", None, "EXAMPLE-BRS"), Place("BRUSSEL", DayType.SATURDAY))
SITES = {
    "BRUSSEL": oracle.OWN_SITE,
    "LIMBURG": "Limburg",
    "HAINAUT": "Hainaut",
    "WEST_VLAANDEREN": "West-Vlaanderen",
    "LEUVEN": "Leuven",
    "NAMUR": "Namur",
    "LUXEMBOURG": "Luxembourg",
}
"""The sites that the oracle knows, by the code of the column rules."""


@cache
def book(**policies: str) -> Rulebook:
    """The shipped data with the example index and regulation; policies as ``hours__bands="start"``."""
    return load(example=True, policies=dotted(policies))


SETTINGS: list[dict[str, str]] = [
    {},
    *(
        {policy.id.replace(".", "__"): setting}
        for policy in known_policies().values()
        for setting in policy.settings
        if setting != policy.default
    ),
    {"hours__bands": "minutes", "factor__flat_trip": "highest"},
    {"interest__law": "2002", "interest__day_count": "actual/actual"},
]
"""The defaults, each alternative on its own, and pairs that matter to each other."""


def dotted(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings by the names that policies have."""
    return {name.replace("__", "."): setting for name, setting in settings.items()}


# --- what is drawn -------------------------------------------------------------------------------------------------

SPECIAL_DAYS = [
    *(date(2023, 1, 1), date(2023, 3, 25), date(2023, 3, 26), date(2023, 10, 28), date(2023, 10, 29)),
    *(date(2023, 12, 31), date(2024, 2, 29), date(2024, 3, 30), date(2024, 3, 31), date(2024, 12, 31)),
    *(date(2022, 12, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 12, 31), date(9999, 12, 31)),
]
FINE_DAYS = [
    *(day for day in SPECIAL_DAYS if 2023 <= day.year <= 2026),
    *(date(2024, 10, 26), date(2024, 10, 27), date(2025, 3, 30), date(2025, 10, 26), date(2026, 3, 28)),
    *(date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1), date(2025, 12, 31), date(2023, 4, 9), date(2023, 4, 10)),
]
"""Days with figures on which, or before which, something changes."""
FIGURELESS_DAYS = [
    *(date(2022, 12, 31), date(2022, 12, 30), date(2020, 2, 29), date(1900, 3, 1)),
    *(date(2027, 1, 1), date(2027, 6, 30), date(2028, 2, 29), date(2030, 5, 5), date(9999, 12, 30)),
]
SPECIAL_TIMES = [
    *(DAY_ONLY, 0, 1, 6 * HOUR - 1, 6 * HOUR, 17 * HOUR + 59 * MINUTE, 18 * HOUR - 1, 18 * HOUR),
    *(2 * HOUR + 30 * MINUTE, 23 * HOUR + 59 * MINUTE, DAY - 1),
]
SPECIAL_PRESENCES = [
    *(0, -1, -5 * HOUR, 1, 29 * MINUTE, 30 * MINUTE, 89 * MINUTE, 90 * MINUTE - 1, 90 * MINUTE),
    *(24 * HOUR, 24 * HOUR + 1, 2**62),
]
FIRST_DAY, LAST_DAY = date(2023, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
AN_ORDINARY_DAY = date(2024, 3, 4).toordinal()
FAULTS = 0.05
"""The share of rows in which something is wrong on purpose."""


def a_time(dice: random.Random) -> int:
    """A time of day: at a border, on the minute, or any."""
    if dice.random() < 0.3:
        return dice.choice(SPECIAL_TIMES)
    return dice.randrange(1440) * MINUTE if dice.random() < 0.8 else dice.randrange(DAY)


def a_fine_day(dice: random.Random) -> int:
    """A day with figures."""
    return dice.choice(FINE_DAYS).toordinal() if dice.random() < 0.15 else dice.randint(FIRST_DAY, LAST_DAY)


def a_figureless_day(dice: random.Random) -> int:
    """A day without figures: before the regulation, or after the last of them."""
    return dice.choice(FIGURELESS_DAYS).toordinal()


def a_fine_presence(dice: random.Random) -> int:
    """A presence that an inspection can have: on the minute, about the half hour, or any."""
    way = dice.random()
    if way < 0.6:
        return dice.randint(1, 1440) * MINUTE
    if way < 0.8:
        return dice.randrange(24) * HOUR + dice.choice((29, 30, 31)) * MINUTE - (dice.random() < 0.3)
    return dice.randint(1, DAY)


def a_start(dice: random.Random) -> Case:
    """Day and time; without figures or not there at all, now and then."""
    if dice.random() < FAULTS:
        return a_figureless_day(dice), dice.choice((DAY_ONLY, 10 * HOUR))
    return a_fine_day(dice), a_time(dice)


def a_presence(dice: random.Random) -> Case:
    """Day, time and presence."""
    if dice.random() < FAULTS:
        return AN_ORDINARY_DAY, 10 * HOUR, dice.choice(SPECIAL_PRESENCES)
    return *a_start(dice), a_fine_presence(dice)


def hours_abroad(dice: random.Random) -> int:
    """Hours abroad in microseconds; none in half of the rows."""
    return dice.choice((0, 0, 0, HOUR, dice.randint(1, 2400) * MINUTE, dice.randint(1, 40 * HOUR)))


def a_journey(dice: random.Random) -> Case:
    """Millimetres by car and cents for tickets."""
    tickets = dice.randrange(10 ** dice.randint(2, 7)) if dice.random() < 0.99 else dice.choice((10**14, 2**61))
    return dice.choice((0, 640 * KILOMETRE, dice.randrange(10**6), dice.randrange(10**9))), tickets


def nights_and_rooms(dice: random.Random) -> Case:
    """Nights, and cents for rooms."""
    nights = dice.choice((0, 0, 1, 3, dice.randrange(40))) if dice.random() < 0.99 else dice.choice((10_000, 2**21))
    return nights, dice.choice((0, 0, 24_000, dice.randrange(100_000)))


def trips(dice: random.Random) -> int:
    """Round trips; -1 gives none."""
    return dice.choice((-1, -1, 0, 1, 2, dice.randrange(20))) if dice.random() < 0.99 else dice.choice((10_000, 2**21))


def a_visit(dice: random.Random) -> Case:
    """Trips, hours abroad, car, tickets, nights, rooms."""
    abroad = hours_abroad(dice)
    return trips(dice), abroad, *(a_journey(dice) if abroad else (0, 0)), *nights_and_rooms(dice)


FAULTY_VISITS = [
    *((-1, 0, KILOMETRE, 0, 0, 0), (1, 0, 0, 1, 0, 0), (-1, -1, 0, 0, 0, 0), (-1, HOUR, -1, 0, 0, 0)),
    *((-1, HOUR, 0, -5, 0, 0), (-1, 0, 0, 0, -1, 0), (2, HOUR, 0, 0, 0, -24_000)),
]
"""Transport without travel, and what is less than nothing."""


def an_inspection(dice: random.Random) -> Case:
    """Day, time, presence and visit."""
    if dice.random() < FAULTS / 2:
        return AN_ORDINARY_DAY, 10 * HOUR, a_fine_presence(dice), *dice.choice(FAULTY_VISITS)
    return *a_presence(dice), *a_visit(dice)


def usual(dice: random.Random, rows: int) -> list[list[int]]:
    """Columns of inspections."""
    return in_columns([an_inspection(dice) for _ in range(rows)])


def in_columns(cases: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows as columns."""
    return [list(column) for column in zip(*cases, strict=True)]


def rows_of(given: Columns) -> list[tuple[Any, ...]]:
    """Columns as rows; a column left out is ``None`` in each."""
    size = max(len(column) for column in given if column is not None)
    return list(zip(*([None] * size if column is None else column for column in given), strict=True))


# --- what is answered ----------------------------------------------------------------------------------------------


def listed(outcome: Outcome) -> list[tuple[int, int]]:
    """Values and the numbers of errors."""
    return list(zip(map(int, outcome.values), map(int, outcome.errors), strict=True))


def shown(outcome: Outcome) -> list[tuple[Fraction, str]]:
    """Euros and the codes of errors."""
    return [(euro(value), getattr(ERRORS[error], "cell_code", "")) for value, error in listed(outcome)]


def euro(cents: int) -> Fraction:
    return Fraction(cents, 100)


def answered(compute: Callable[[], Fraction]) -> tuple[Fraction, str]:
    """What the oracle says: an amount, or the code of an error."""
    try:
        return compute(), ""
    except oracle.Refused as refused:
        return Fraction(0), refused.code


def world(settings: Mapping[str, str]) -> oracle.World:
    return oracle.World(dotted(settings), oracle.EXAMPLE_SALARY)


def in_force(day: int) -> date:
    """A day of the columns, for the oracle."""
    if date.fromordinal(day) < oracle.IN_FORCE:
        raise oracle.Refused(oracle.NOT_THERE)
    return date.fromordinal(day)


def start(day: int, time: int) -> oracle.Moment:
    midnight = datetime.combine(in_force(day), datetime.min.time())
    return oracle.Moment(midnight + timedelta(microseconds=max(time, 0)), time != DAY_ONLY)


def present(microseconds: int) -> Fraction:
    """A presence, for the oracle."""
    hours = Fraction(microseconds, HOUR)
    if not 0 < hours <= 24:
        raise oracle.Refused(oracle.IMPOSSIBLE)
    return hours


def not_negative(number: int) -> int:
    """A count or a measure, for the oracle."""
    if number < 0:
        raise oracle.Refused(oracle.IMPOSSIBLE)
    return number


def visit(trips: int, *others: int) -> oracle.Visit:
    """A visit of the columns, for the oracle."""
    abroad, car, tickets, nights, room = map(not_negative, others)
    journey = Fraction(abroad, HOUR), Fraction(car, KILOMETRE), euro(tickets)
    return oracle.Visit(trips if trips >= 0 else None, *journey, nights, euro(room))


def at(place: Place) -> oracle.Place:
    """A place, for the oracle."""
    return oracle.Place(SITES[place.site], place.day_type)


def fee(case: Sequence[int], place: Place, asked: oracle.World, *, wasted: bool) -> Fraction:
    """What the oracle says an inspection or a wasted trip costs; without a visit, that of a Belgian day trip."""
    day, time, presence, *others = case
    hours = Fraction(1) if wasted else present(presence)
    rest = visit(*others) if others else oracle.Visit(), at(place), asked, place.regulation or None
    moment = start(day, time)
    return oracle.wasted_trip_fee(moment, *rest) if wasted else oracle.inspection_fee(moment, hours, *rest)


def by_oracle(case: Sequence[int], place: Place, asked: oracle.World, *, wasted: bool) -> tuple[Fraction, str]:
    return answered(lambda: fee(case, place, asked, wasted=wasted))
