"""Kinds of day and the clock of Brussels, against calendars on paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from holidays.countries.belgium import BE

from core.calendar import (
    Calendar,
    check_clock,
    clock_after,
    elapsed_between,
    is_working_day,
    later,
    next_working_day,
    public_holidays,
)
from core.errors import ImpossibleValue, NotAvailable
from core.loading import load
from core.units import HOUR, MINUTE, Moment
from core.vocabulary import DayType

CALENDAR = load().calendar
HOLIDAYS = {  # Easter Monday, Ascension Day, Whit Monday; the seven others keep their date
    2023: ("04-10", "05-18", "05-29"),
    2024: ("04-01", "05-09", "05-20"),
    2025: ("04-21", "05-29", "06-09"),
    2026: ("04-06", "05-14", "05-25"),
    2027: ("03-29", "05-06", "05-17"),
    2032: ("03-29", "05-06", "05-17"),
    2038: ("04-26", "06-03", "06-14"),  # the latest Easter there is: 25 April
}
FIXED = ("01-01", "05-01", "07-21", "08-15", "11-01", "11-11", "12-25")


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_ten_public_holidays(year: int) -> None:
    expected = {date.fromisoformat(f"{year}-{day}") for day in (*HOLIDAYS[year], *FIXED)}
    assert public_holidays(year) == expected


def test_public_holidays_of_every_year_that_may_be_priced() -> None:
    for year in range(2023, 2100):
        listed = public_holidays(year)
        assert len(listed) == 10
        assert {date.fromisoformat(f"{year}-{day}") for day in FIXED} <= listed
        assert {day.weekday() for day in listed - {date.fromisoformat(f"{year}-{d}") for d in FIXED}} == {0, 3}


@pytest.mark.parametrize("year", range(1974, 2101))
def test_public_holidays_are_those_of_another_list(year: int) -> None:
    easter_sunday = min(day for day in BE(years=year, language="en_US").get_named("Easter Sunday"))
    also_listed = {easter_sunday, easter_sunday + timedelta(days=49)}  # Sundays, and not among the ten
    assert public_holidays(year) == frozenset(BE(years=year)) - also_listed


@pytest.mark.parametrize("year", [1973, 2101, 4100, 9999])
def test_no_public_holidays_known(year: int) -> None:
    with pytest.raises(NotAvailable) as unknown:
        public_holidays(year)
    assert unknown.value.key == "holidays_unknown"
    assert str(year) in unknown.value.message("en")  # a year, not 4,100


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2023-04-07", "2023-04-07"),  # Good Friday is a working day
        ("2023-04-08", "2023-04-11"),  # Saturday, Easter Sunday and Monday
        ("2023-12-23", "2023-12-26"),  # Saturday, Sunday, Christmas Monday
        ("2023-12-30", "2024-01-02"),  # over New Year
        ("2024-05-09", "2024-05-10"),  # Ascension Thursday
        ("2026-08-15", "2026-08-17"),  # a holiday on Saturday
    ],
)
def test_next_working_day(day: str, moved: str) -> None:
    assert next_working_day(date.fromisoformat(day)).isoformat() == moved
    assert is_working_day(date.fromisoformat(day)) == (day == moved)


def test_later() -> None:
    assert later(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert later(date(9999, 12, 30), 1) == date(9999, 12, 31)
    with pytest.raises(ImpossibleValue) as past:
        later(date(9999, 12, 31), 1)
    assert past.value.cell_code == "#NUM!"


# --- kinds of day --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("2023-03-06", "WORKDAY"),
        ("2023-03-04", "SATURDAY"),
        ("2023-03-05", "SUNDAY"),
        ("2023-05-01", "HOLIDAY WORKDAY"),
        ("2023-07-14", "BUILDERS WORKDAY"),
        ("2023-07-15", "BUILDERS SATURDAY"),
        ("2023-07-16", "SUNDAY BUILDERS"),
        ("2023-07-21", "HOLIDAY BUILDERS WORKDAY"),
        ("2026-08-15", "HOLIDAY SATURDAY"),  # not recorded, but a holiday all the same
        ("2026-08-16", "SUNDAY"),
        ("2026-06-30", "WORKDAY"),
        ("2026-09-01", "WORKDAY"),
    ],
)
def test_kinds_of_day(day: str, kinds: str) -> None:
    found = CALENDAR.day_types(date.fromisoformat(day), "BRUSSEL", with_builders=True)
    assert found == tuple(DayType(kind) for kind in kinds.split())


@pytest.mark.parametrize("day", ["2026-07-01", "2026-07-04", "2026-08-14", "2026-08-31"])
def test_a_summer_day_of_a_year_that_is_not_recorded(day: str) -> None:
    with pytest.raises(NotAvailable) as unknown:
        CALENDAR.day_types(date.fromisoformat(day), "BRUSSEL", with_builders=True)
    assert unknown.value.key == "construction_holidays_unknown"
    assert "Brussels-Halle-Vilvoorde" in unknown.value.message("en")


def test_without_construction_holidays() -> None:
    calendar = Calendar({})
    for day in ("2023-07-14", "2026-07-14"):
        assert calendar.day_types(date.fromisoformat(day), "BRUSSEL", with_builders=False) == (DayType.WORKDAY,)


def test_an_answer_is_remembered_for_its_own_question_only() -> None:
    day = date(2023, 7, 14)
    calendar = Calendar(CALENDAR.construction_holidays)
    answers = [
        calendar.day_types(day, site, with_builders=w)[0] for site in ("BRUSSEL", "LIMBURG") for w in (True, False)
    ]
    again = [
        calendar.day_types(day, site, with_builders=w)[0] for site in ("BRUSSEL", "LIMBURG") for w in (True, False)
    ]
    assert answers == again == [DayType.BUILDERS, DayType.WORKDAY, DayType.WORKDAY, DayType.WORKDAY]


# --- the clock -----------------------------------------------------------------------------------------------------


def at(day: str, clock: str) -> Moment:
    hour, minute = clock.split(":")
    return Moment(date.fromisoformat(day), int(hour) * HOUR + int(minute) * MINUTE)


@pytest.mark.parametrize(
    ("day", "clock", "hours", "expected"),
    [
        ("2023-03-06", "10:00", 3, ("2023-03-06", "13:00")),
        ("2023-03-06", "23:30", 1, ("2023-03-07", "00:30")),
        ("2023-12-31", "23:30", 1, ("2024-01-01", "00:30")),
        ("2023-03-06", "00:00", 24, ("2023-03-07", "00:00")),
        # 26 March 2023: 2:00 becomes 3:00
        ("2023-03-26", "01:30", 1, ("2023-03-26", "03:30")),
        ("2023-03-25", "23:00", 4, ("2023-03-26", "04:00")),
        ("2023-03-26", "03:00", 1, ("2023-03-26", "04:00")),
        # 29 October 2023: 3:00 becomes 2:00
        ("2023-10-29", "01:30", 1, ("2023-10-29", "02:30")),
        ("2023-10-29", "01:30", 2, ("2023-10-29", "02:30")),
        ("2023-10-29", "02:30", 1, ("2023-10-29", "02:30")),  # the first passing, an hour later the second
        ("2023-10-29", "01:30", 3, ("2023-10-29", "03:30")),
        ("2023-10-28", "10:00", 24, ("2023-10-29", "09:00")),
    ],
)
def test_what_the_clock_says_later(day: str, clock: str, hours: int, expected: tuple[str, str]) -> None:
    assert clock_after(at(day, clock), hours * HOUR) == at(*expected)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (("2023-03-06", "10:00"), ("2023-03-06", "13:30"), 3.5),
        (("2023-03-06", "22:00"), ("2023-03-07", "06:00"), 8),
        (("2023-12-31", "22:00"), ("2024-01-01", "06:00"), 8),
        (("2023-03-25", "22:00"), ("2023-03-26", "06:00"), 7),
        (("2023-03-26", "00:00"), ("2023-03-27", "00:00"), 23),
        (("2023-10-28", "22:00"), ("2023-10-29", "06:00"), 9),
        (("2023-10-29", "00:00"), ("2023-10-30", "00:00"), 25),
    ],
)
def test_time_that_passes(start: tuple[str, str], end: tuple[str, str], hours: float) -> None:
    assert elapsed_between(at(*start), at(*end)) == hours * HOUR


def test_there_and_back_again() -> None:
    """On every day of two years ``elapsed_between`` counts the hours that the clock went on."""
    for number in range(730):
        start = Moment(date(2023, 1, 1) + timedelta(days=number), HOUR)
        for hours in (0, 5, 23):
            assert elapsed_between(start, clock_after(start, hours * HOUR)) == hours * HOUR


@pytest.mark.parametrize("clock", ["02:00", "02:30", "02:59"])
def test_the_hour_that_spring_skips(clock: str) -> None:
    with pytest.raises(ImpossibleValue) as skipped:
        check_clock(at("2026-03-29", clock))
    assert f"2026-03-29 {clock}" in skipped.value.message("en")


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2026-03-29", "01:59"),
        ("2026-03-29", "03:00"),
        ("2026-03-28", "02:30"),
        ("2026-10-25", "02:30"),
        ("2026-03-06", "02:30"),
    ],
)
def test_every_other_moment_exists(day: str, clock: str) -> None:
    check_clock(at(day, clock))


def test_a_date_without_a_time_is_no_moment_to_check() -> None:
    check_clock(Moment(date(2026, 3, 29)))


def test_the_last_day_of_the_calendar() -> None:
    with pytest.raises(ImpossibleValue):
        clock_after(at("9999-12-31", "23:30"), HOUR)
