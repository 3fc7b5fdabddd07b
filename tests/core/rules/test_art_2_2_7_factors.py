"""Art. 2.2.7: how charged hours and presence are laid over the clock, band by band."""

from __future__ import annotations

from datetime import date, time
from fractions import Fraction

import pytest

from core.loading import load
from core.rules.art_2_2_7_factors import Factors, weighted_hours
from core.trace import Steps
from core.units import HOUR, MINUTE, Moment
from core.vocabulary import DayType

BOOK = load()
MONDAY = date(2023, 3, 6)
Bands = list[tuple[str, int, int]]


def factors(day: date = MONDAY, day_type: DayType | None = None) -> Factors:
    return BOOK.factors(BOOK.tariff(day), "BRUSSEL", day_type)


def at(clock: str, day: date = MONDAY) -> Moment:
    hour, minute = clock.split(":")
    return Moment(day, int(hour) * HOUR + int(minute) * MINUTE)


def by_hour(start: Moment, hours: int) -> Bands:
    bands = factors(start.day).bands_of_hours(start, hours)
    return [(f"{band.begin.clock():%d %H:%M}", band.length // HOUR, band.halves) for band in bands]


def by_clock(start: Moment, minutes: int) -> Bands:
    bands = factors(start.day).bands_by_clock(start, minutes * MINUTE)
    return [(f"{band.begin.clock():%d %H:%M}", band.length // MINUTE, band.halves) for band in bands]


@pytest.mark.parametrize(
    ("clock", "hours", "bands"),
    [
        ("10:00", 8, [("06 10:00", 8, 2)]),
        ("17:00", 2, [("06 17:00", 1, 2), ("06 18:00", 1, 3)]),
        ("17:30", 2, [("06 17:30", 1, 2), ("06 18:30", 1, 3)]),
        ("05:30", 2, [("06 05:30", 1, 3), ("06 06:30", 1, 2)]),
        ("18:00", 1, [("06 18:00", 1, 3)]),
        ("04:00", 16, [("06 04:00", 2, 3), ("06 06:00", 12, 2), ("06 18:00", 2, 3)]),
    ],
)
def test_whole_hours_end_to_end(clock: str, hours: int, bands: Bands) -> None:
    assert by_hour(at(clock), hours) == bands


def test_whole_hours_through_the_night() -> None:
    found = by_hour(at("20:00"), 12)
    # 4 hours before midnight, 6 after it, then 2 of the morning
    assert sum(hours for _, hours, _ in found) == 12
    assert sum(hours * halves for _, hours, halves in found) == 10 * 3 + 2 * 2


@pytest.mark.parametrize(
    ("clock", "minutes", "bands"),
    [
        ("10:00", 90, [("06 10:00", 90, 2)]),
        ("17:30", 90, [("06 17:30", 30, 2), ("06 18:00", 60, 3)]),
        ("05:59", 2, [("06 05:59", 1, 3), ("06 06:00", 1, 2)]),
        ("23:00", 120, [("06 23:00", 60, 3), ("07 00:00", 60, 3)]),
    ],
)
def test_presence_split_by_the_clock(clock: str, minutes: int, bands: Bands) -> None:
    assert by_clock(at(clock), minutes) == bands


def test_a_date_without_a_time_is_one_band_of_daytime() -> None:
    for policy, expected in (("chronological", 8), ("start", 8), ("minutes", Fraction(8))):
        steps: Steps = []
        assert weighted_hours(factors(), policy, Moment(MONDAY), 7 * HOUR // 2, 4, steps) == expected
        assert "2023-03-06" in str(steps[0].operands[0])


def test_the_three_readings_of_an_inspection_into_the_evening() -> None:
    # 17:00 to 19:20: 2 h charged. Laid end to end 1 + 1.5; at the start 2; by the clock (60 + 80 x 1.5) / 140 x 2
    presence = 140 * MINUTE
    weights = [
        weighted_hours(factors(), policy, at("17:00"), presence, 2, [])
        for policy in ("chronological", "start", "minutes")
    ]
    assert [Fraction(weight, 2) for weight in weights] == [Fraction(5, 2), 2, Fraction(180 * 2, 140)]


def test_the_night() -> None:
    asked = [("05:59", True), ("06:00", False), ("17:59", False), ("18:00", True), ("00:00", True)]
    assert [factors().is_night(at(clock)) for clock, _ in asked] == [night for _, night in asked]
    assert not factors().is_night(Moment(MONDAY))
    assert BOOK.general[0].factors.night_from == time(18)


def test_a_kind_of_day_that_is_given_holds_throughout() -> None:
    given = factors(day_type=DayType.SATURDAY)
    assert [given.at(at(clock, day)) for day in (MONDAY, date(2023, 3, 12)) for clock in ("10:00", "20:00")] == [
        3,
        4,
        3,
        4,
    ]
    steps: Steps = []
    given.record_day(MONDAY, steps)
    assert (steps[0].kind.key, steps[0].value) == ("day_type_given", "DAY_TYPE:SATURDAY")


def test_the_highest_of_the_kinds_that_apply() -> None:
    # 15 August 2026: a public holiday on a Saturday; 21 July 2023: a public holiday within the construction holidays
    assert factors(date(2026, 8, 15)).on(date(2026, 8, 15))[:3] == (4, 4, DayType.HOLIDAY)
    assert factors(date(2023, 7, 21)).on(date(2023, 7, 21))[:3] == (4, 4, DayType.HOLIDAY)
