"""A second reading of the regulation, to hold the toolkit against.

Written from TAR COPRO.EXE 2.0 and the list of policies alone, with :class:`fractions.Fraction` and plain loops: a
function a rule, no shared code with ``core`` or ``xl_addin``, its own Easter, its own clock changes, its own figures.
Slow on purpose and short enough to check by eye; what has few answers (the kinds of a day, a rate, the factor of an
hour) is remembered, so that millions of rows can be asked about. Only the tests use it.

Amounts and rates are euro (``Fraction``), hours are hours, percentages are percent. What cannot be answered raises
:class:`Refused` with the spreadsheet error it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from itertools import groupby
from math import floor
from typing import Any

HALF = Fraction(1, 2)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
IN_FORCE = date(2023, 1, 1)
EPOCH = datetime(1899, 12, 30)
OWN_SITE = "Brussel-Halle-Vilvoorde"
OVERLAY = "EXAMPLE-BRS"


class Refused(Exception):
    """The regulation, the figures or the arguments give no answer; ``code`` is the spreadsheet error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


IMPOSSIBLE, NOT_THERE, UNREADABLE = "#NUM!", "#N/A", "#VALUE!"


@dataclass(frozen=True, eq=False)
class World:
    """What is decided outside the rules: the policies set and the third-quarter salary index a year.

    Two of them are never equal, so that what was asked under one is remembered for that one alone.
    """

    policies: Mapping[str, str] = field(default_factory=dict)
    salary: Mapping[int, str] = field(default_factory=dict)

    def policy(self, name: str, default: str) -> str:
        return self.policies.get(name, default)


EXAMPLE_SALARY = {2022: "100.00", 2023: "102.50", 2024: "105.10", 2025: "107.30"}


def half_away(amount: Fraction, places: int = 2) -> Fraction:
    """Rounded to so many decimals, a half away from zero (policy ``rounding``)."""
    unit = 10**places
    steps = floor(abs(amount) * unit + HALF)
    return Fraction(steps if amount >= 0 else -steps, unit)


# --- 2.2.4 hours --------------------------------------------------------------------------------------------------


def clock_hours(hours: float | Fraction) -> Fraction:
    """Hours as a clock shows them: to the microsecond, to the millisecond when that is at most 5 microseconds away."""
    microseconds = int(half_away(exact(hours) * 3_600_000_000, 0))
    milliseconds = int(half_away(Fraction(microseconds, 1000), 0))
    if abs(milliseconds * 1000 - microseconds) <= 5:
        microseconds = milliseconds * 1000
    if microseconds < 0:
        raise Refused(IMPOSSIBLE)
    return Fraction(microseconds, 3_600_000_000)


def presence(hours: float | Fraction) -> Fraction:
    """Hours of presence: more than 0, at most 24."""
    read = clock_hours(hours)
    if not 0 < read <= 24:
        raise Refused(IMPOSSIBLE)
    return read


def hours_charged(hours: Fraction) -> int:
    """2.2.4: the first hour always; each further begun hour is whole as soon as 30 minutes are reached."""
    return max(1, floor(hours + HALF))


# --- 2.2.7 days ---------------------------------------------------------------------------------------------------


@cache
def easter(year: int) -> date:
    """Easter Sunday by Clavius: golden number, century corrections, the Sunday after the paschal full moon."""
    golden = year % 19 + 1
    century = year // 100 + 1
    dropped_leap_days = 3 * century // 4 - 12
    moon_correction = (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - dropped_leap_days - 10
    epact = (11 * golden + 20 + moon_correction - dropped_leap_days) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    full_moon = 44 - epact
    if full_moon < 21:
        full_moon += 30
    march_day = full_moon + 7 - (sunday + full_moon) % 7
    return date(year, 3, 1) + (march_day - 1) * DAY


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The ten statutory Belgian public holidays."""
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    after_easter = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset(date(year, month, day) for month, day in fixed) | frozenset(
        easter(year) + days * DAY for days in after_easter
    )


# Construction holidays as published, inclusive: site -> year -> spans. A year that is absent was not found.
# Leuven, spring of 2024: two publications begin on 2 April, one on 3 April.
BUILDERS: dict[str, dict[int, tuple[tuple[str, str], ...]]] = {
    OWN_SITE: {
        2023: (("2023-07-03", "2023-07-28"),),
        2024: (("2024-07-08", "2024-08-02"),),
        2025: (("2025-07-07", "2025-08-01"),),
    },
    "Limburg": {
        2023: (("2023-07-17", "2023-08-04"),),
        2024: (("2024-07-15", "2024-08-02"),),
        2025: (("2025-07-14", "2025-08-01"),),
    },
    "West-Vlaanderen": {2024: (("2024-07-22", "2024-08-09"),), 2025: (("2025-07-22", "2025-08-08"),)},
    "Hainaut": {2023: (("2023-07-10", "2023-07-31"),), 2025: (("2025-07-07", "2025-07-28"),)},
    "Leuven": {
        2023: (("2023-07-10", "2023-07-28"), ("2023-04-11", "2023-04-14")),
        2024: (("2024-07-15", "2024-08-02"), ("2024-04-02", "2024-04-05")),
        2025: (("2025-07-14", "2025-08-01"),),
    },
    "Namur": {2025: (("2025-07-14", "2025-08-01"),)},
    "Luxembourg": {2025: (("2025-07-22", "2025-08-08"),)},
}


def builders_holiday(day: date, site: str) -> bool | None:
    """Whether the day is in the site's construction holiday; None where that was never recorded."""
    if site not in BUILDERS:
        raise Refused(UNREADABLE)
    spans = BUILDERS[site].get(day.year)
    if spans is None:
        return None if day.month in (7, 8) else False
    return any(date.fromisoformat(first) <= day <= date.fromisoformat(last) for first, last in spans)


@cache
def day_kinds(day: date, site: str, day_type: str | None, calendar: str) -> frozenset[str]:
    """2.2.7: every kind the day is; ``day_type`` replaces the calendar (policy ``day.construction_holiday``)."""
    if day_type is not None:
        return frozenset((day_type,))
    kinds = {"SATURDAY"} if day.weekday() == 5 else {"SUNDAY"} if day.weekday() == 6 else {"WORKDAY"}
    if day in public_holidays(day.year):
        kinds.add("HOLIDAY")
    if calendar == "calendar":
        builders = builders_holiday(day, site)
        if builders is None and not kinds & {"SUNDAY", "HOLIDAY"}:
            raise Refused(NOT_THERE)
        if builders:
            kinds.add("BUILDERS")
    return frozenset(kinds)


FACTORS = {  # kind of day -> (day, night)
    "WORKDAY": (Fraction(1), Fraction(3, 2)),
    "SATURDAY": (Fraction(3, 2), Fraction(2)),
    "SUNDAY": (Fraction(2), Fraction(2)),
    "HOLIDAY": (Fraction(2), Fraction(2)),
    "BUILDERS": (Fraction(2), Fraction(2)),
}


@dataclass(frozen=True)
class Place:
    """Whose calendar counts: the site, or a day type that replaces it."""

    site: str = OWN_SITE
    day_type: str | None = None


@dataclass(frozen=True)
class Moment:
    """A moment on the Belgian clock; ``timed`` is False for a date without a time of day."""

    at: datetime
    timed: bool = True


def factor_at(local: datetime, timed: bool, place: Place, world: World) -> Fraction:
    """2.2.7: the highest factor of the kinds of that day; night from 18:00 (included) to 06:00 (excluded)."""
    calendar = world.policy("day.construction_holiday", "calendar")
    night = timed and not 6 <= local.hour < 18
    return highest_factor(local.date(), night, place.site, place.day_type, calendar)


@cache
def highest_factor(day: date, night: bool, site: str, day_type: str | None, calendar: str) -> Fraction:
    """The highest factor of the kinds of a day, by day or by night."""
    return max(FACTORS[kind][night] for kind in day_kinds(day, site, day_type, calendar))


# --- the Belgian clock --------------------------------------------------------------------------------------------


@cache
def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days."""
    day = date(year, month, 31)
    return day - (day.weekday() + 1) % 7 * DAY


@cache
def summer_time(year: int) -> tuple[datetime, datetime]:
    """Summer time in UTC: from 01:00 on the last Sunday of March to 01:00 on that of October."""
    return datetime.combine(last_sunday(year, 3), time(1)), datetime.combine(last_sunday(year, 10), time(1))


def belgian(utc: datetime) -> datetime:
    """UTC to the Belgian clock."""
    begin, end = summer_time(utc.year)
    return utc + (2 if begin <= utc < end else 1) * HOUR


def universal(local: datetime) -> datetime:
    """The Belgian clock to UTC: a repeated hour means its first passing, a skipped one does not exist."""
    for offset in (2, 1):
        utc = local - offset * HOUR
        if belgian(utc) == local:
            return utc
    raise Refused(IMPOSSIBLE)


def charged_factors(start: Moment, charged: int, place: Place, world: World) -> list[Fraction]:
    """2.2.4 with 2.2.7: the whole hours laid end to end from the start, each with the factor at its beginning."""
    if not start.timed:
        return [factor_at(start.at, False, place, world)] * charged
    begin = universal(start.at)
    return [factor_at(belgian(begin + hour * HOUR), True, place, world) for hour in range(charged)]


def pieces(start: Moment, hours: Fraction, place: Place, world: World) -> Iterator[tuple[Fraction, Fraction]]:
    """The presence cut at 00:00, 06:00 and 18:00 on the clock: (hours, factor) each."""
    utc = universal(start.at)
    end = utc + timedelta(microseconds=int(hours * 3_600_000_000))
    while utc < end:
        local = belgian(utc)
        midnight = datetime.combine(local.date(), time(0))
        cut = next(c for c in (midnight + 6 * HOUR, midnight + 18 * HOUR, midnight + DAY) if c > local)
        until = min(end, universal(cut))
        yield (
            Fraction((until - utc) // timedelta(microseconds=1), 3_600_000_000),
            factor_at(local, True, place, world),
        )
        utc = until


def bands(start: Moment, hours: Fraction, place: Place, world: World) -> list[tuple[Fraction, Fraction]]:
    """What the inspection is made of: (share, factor) each (policy ``hours.bands``)."""
    way = world.policy("hours.bands", "chronological")
    if way == "start" or not start.timed:
        return [(Fraction(1), charged_factors(start, 1, place, world)[0])]
    if way == "minutes":
        return list(pieces(start, hours, place, world))
    hourly = charged_factors(start, hours_charged(hours), place, world)
    return [(Fraction(len(list(alike))), factor) for factor, alike in groupby(hourly)]


def sum_of_factors(start: Moment, hours: Fraction, place: Place, world: World) -> Fraction:
    """The charged hours times their factors, each band for its share of them."""
    shares = bands(start, hours, place, world)
    weighted = sum((share * factor for share, factor in shares), Fraction(0))
    return hours_charged(hours) * weighted / sum((share for share, _ in shares), Fraction(0))


# --- 2.2.9 indexation ---------------------------------------------------------------------------------------------

# The yearly car allowance in force on 1 January, and the quarterly one of the first quarter.
YEARLY_KM = {2023: "0.4170", 2024: "0.4280", 2025: "0.4415", 2026: "0.4449"}
FIRST_QUARTER_KM = {2023: "0.4259", 2024: "0.4269", 2025: "0.4290", 2026: "0.4326"}
BASE = {
    "APPLICATION": "1160.96",
    "INSPECTION": "360.30",
    "HOUR": "125.82",
    "TRIP_BE": "228.92",
    "HOUR_ABROAD": "125.82",
    "KM_CAR": "0.4170",
    "NIGHT": "137.61",
}


def four_decimals(ratio: Fraction, world: World) -> Fraction:
    """Policy ``index.coefficient``: the ratio as it is, or to four decimals first."""
    return half_away(ratio, 4) if world.policy("index.coefficient", "exact") == "four_decimals" else ratio


def salary_coefficient(year: int, world: World) -> Fraction:
    """2.2.9: index of the third quarter of the year before over that of 2022; always on the 2023 base."""
    if year < 2023:
        raise Refused(NOT_THERE)
    if year == 2023:
        return Fraction(1)
    if year - 1 not in world.salary or 2022 not in world.salary:
        raise Refused(NOT_THERE)
    return four_decimals(Fraction(world.salary[year - 1]) / Fraction(world.salary[2022]), world)


def travel_ratio(year: int, world: World) -> Fraction:
    """2.2.9: the car allowance of the year over that of 2023 (policy ``index.travel_series``)."""
    series = FIRST_QUARTER_KM if world.policy("index.travel_series", "yearly") == "quarterly" else YEARLY_KM
    if year not in series:
        raise Refused(NOT_THERE)
    return Fraction(series[year]) / Fraction(series[2023])


def rate(item: str, day: date, world: World, regulation: str | None = None) -> Fraction:
    """2.2.9: the base rate times its coefficient, to the cent; the rate per km to four decimals."""
    if day < IN_FORCE:
        raise Refused(NOT_THERE)
    return rate_in(day.year, item, world, regulation)


@lru_cache(maxsize=10_000)
def rate_in(year: int, item: str, world: World, regulation: str | None) -> Fraction:
    """The rate of a year."""
    base = "300.00" if regulation and item == "INSPECTION" else BASE[item]
    salaried_abroad = world.policy("index.hours_abroad", "travel") == "salary"
    if item in ("TRIP_BE", "KM_CAR") or (item == "HOUR_ABROAD" and not salaried_abroad):
        coefficient = travel_ratio(year, world)
    else:
        coefficient = salary_coefficient(year, world)
    return half_away(Fraction(base) * coefficient, 4 if item == "KM_CAR" else 2)


def indexed(amount: Fraction, s_n: Fraction, s_r: Fraction, world: World) -> Fraction:
    """2.2.9 on any amount and any two index values."""
    if s_n <= 0 or s_r <= 0:
        raise Refused(IMPOSSIBLE)
    return half_away(amount * four_decimals(s_n / s_r, world))


# --- 2.2.2, 2.2.4, 2.2.6 fees -------------------------------------------------------------------------------------


def application_fee(day: date, applications: int, world: World) -> Fraction:
    """2.2.2: a fixed amount for each certification application."""
    return applications * rate("APPLICATION", day, world)


def performance_fee(
    start: Moment, hours: Fraction, place: Place, world: World, regulation: str | None = None
) -> Fraction:
    """2.2.4 and 2.2.7: the hourly rate times the sum of the factors of the charged hours."""
    hourly = rate("HOUR", start.at.date(), world, regulation)
    return half_away(hourly * sum_of_factors(start, hours, place, world))


def travel_fee(
    start: Moment,
    trips: int,
    hours_abroad: Fraction,
    place: Place,
    world: World,
    regulation: str | None = None,
    hours: Fraction | None = None,
) -> Fraction:
    """2.2.4 and 2.2.7: flat Belgian round trips and actual travel hours abroad, times the factor at the start.

    The hours of presence matter for the policy ``factor.flat_trip`` only: the highest factor they are charged at.
    """
    day = start.at.date()
    at_start = charged_factors(start, 1, place, world)[0]
    flat = Fraction(1) if world.policy("factor.flat_trip", "start") == "none" else at_start
    if hours is not None and world.policy("factor.flat_trip", "start") == "highest":
        flat = max(factor for _, factor in bands(start, hours, place, world))
    abroad = Fraction(1) if world.policy("factor.hours_abroad", "start") == "none" else at_start
    fee = trips * rate("TRIP_BE", day, world, regulation) * flat
    if hours_abroad:
        fee += hours_abroad * rate("HOUR_ABROAD", day, world, regulation) * abroad
    return half_away(fee)


def transport_cost(day: date, km: Fraction, tickets: Fraction, world: World) -> Fraction:
    """2.2.4: outside Belgium only; the car's total to the cent, tickets at cost."""
    return half_away(km * rate("KM_CAR", day, world)) + tickets


def stay_fee(day: date, nights: int, room: Fraction, world: World) -> Fraction:
    """2.2.4: a flat amount a night, and the room with breakfast at cost."""
    return nights * rate("NIGHT", day, world) + room


@dataclass(frozen=True)
class Visit:
    """What an inspection or a wasted trip costs beside the hours of presence."""

    trips: int | None = None
    hours_abroad: Fraction = Fraction(0)
    km: Fraction = Fraction(0)
    tickets: Fraction = Fraction(0)
    nights: int = 0
    room: Fraction = Fraction(0)


def inspection_parts(
    start: Moment, hours: Fraction, visit: Visit, place: Place, world: World, regulation: str | None = None
) -> dict[str, Fraction]:
    """2.2.4: the parts of the control contribution; each is rounded once."""
    if (visit.km or visit.tickets) and not visit.hours_abroad:
        raise Refused(IMPOSSIBLE)
    trips = visit.trips if visit.trips is not None else 0 if visit.hours_abroad else 1
    day = start.at.date()
    return {
        "fixed": rate("INSPECTION", day, world, regulation),
        "performance": performance_fee(start, hours, place, world, regulation),
        "travel": travel_fee(start, trips, visit.hours_abroad, place, world, regulation, hours),
        "transport": transport_cost(day, visit.km, visit.tickets, world) if visit.km else visit.tickets,
        "stay": stay_fee(day, visit.nights, visit.room, world) if visit.nights else visit.room,
    }


def inspection_fee(
    start: Moment, hours: Fraction, visit: Visit, place: Place, world: World, regulation: str | None = None
) -> Fraction:
    """2.2.4: the whole control contribution."""
    return sum(inspection_parts(start, hours, visit, place, world, regulation).values(), Fraction(0))


def classified_fee(hours: Fraction, factor: Fraction, year: int, world: World) -> Fraction:
    """2.2.4: an inspection with one usual trip whose factor is known and holds throughout."""
    fixed, hour, trip = (rate(item, date(year, 1, 1), world) for item in ("INSPECTION", "HOUR", "TRIP_BE"))
    flat = Fraction(1) if world.policy("factor.flat_trip", "start") == "none" else factor
    return fixed + half_away(hour * hours_charged(hours) * factor) + half_away(trip * flat)


def wasted_trip_fee(start: Moment, visit: Visit, place: Place, world: World, regulation: str | None = None) -> Fraction:
    """2.2.6: a control contribution with travel and one hour of presence (policy ``wasted_trip.fixed_fee``)."""
    parts = inspection_parts(start, Fraction(1), visit, place, world, regulation)
    if regulation or world.policy("wasted_trip.fixed_fee", "included") == "excluded":
        del parts["fixed"]
    return sum(parts.values(), Fraction(0))


# --- 2.2.3, 2.2.5 contributions, as the example regulation defines them (1.4) --------------------------------------


def contribution(kind: str, quantity: Fraction, day: date, regulation: str | None, world: World) -> Fraction:
    """2.2.3 and 2.2.5: only a specific regulation defines them; each rate in it is indexed to the cent."""
    if regulation is None:
        raise Refused(NOT_THERE)

    def euro(base: str) -> Fraction:
        return half_away(Fraction(base) * salary_coefficient(day.year, world))

    if day < IN_FORCE:
        raise Refused(NOT_THERE)
    if kind == "CERTIFICATION":
        return half_away(quantity * euro("412.50"))
    first = min(quantity, Fraction(1000))
    second = min(max(quantity - 1000, Fraction(0)), Fraction(4000))
    third = max(quantity - 5000, Fraction(0))
    total = half_away(first * euro("0.85") + second * euro("0.60") + third * euro("0.45"))
    return min(max(total, euro("250.00")), euro("6000.00"))


# --- 2.2.8 VAT ----------------------------------------------------------------------------------------------------


def vat_rate(customer: str) -> Fraction:
    """2.2.8: 21 % in Belgium; nothing under the reverse charge or on export."""
    return {"BE": Fraction(21, 100), "EU_REVERSE": Fraction(0), "EXPORT": Fraction(0)}[customer]


def vat(amount: Fraction, customer: str) -> Fraction:
    """2.2.8: the tax, to the cent."""
    return half_away(amount * vat_rate(customer))


# --- 2.3.2 late payment -------------------------------------------------------------------------------------------


def end_of_month(day: date) -> date:
    """The last day of the day's month."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def next_working_day(day: date) -> date:
    """The day itself, or the first one after it that is no Saturday, Sunday or public holiday."""
    while day.weekday() >= 5 or day in public_holidays(day.year):
        day += DAY
    return day


def due_date(invoiced: date, world: World) -> date:
    """2.3.2: thirty days, end of month (policies ``due_date.reading``, ``due_date.weekend``)."""
    if invoiced < IN_FORCE:
        raise Refused(NOT_THERE)
    try:
        if world.policy("due_date.reading", "end_of_month_first") == "days_first":
            due = end_of_month(invoiced + 30 * DAY)
        else:
            due = end_of_month(invoiced) + 30 * DAY
        return due if world.policy("due_date.weekend", "next_working_day") == "keep" else next_working_day(due)
    except (OverflowError, ValueError):
        raise Refused(IMPOSSIBLE) from None


LAW_1865 = {2023: "5.25", 2024: "5.75", 2025: "4.50", 2026: "4.50"}
LAW_2002 = {  # (year, half)
    (2023, 1): "10.50",
    (2023, 2): "12.00",  # computed from the ECB rate; the notice was not seen
    (2024, 1): "12.50",
    (2024, 2): "12.50",
    (2025, 1): "11.50",
    (2025, 2): "10.50",
    (2026, 1): "10.50",
}


def legal_rate(day: date, law: str) -> Fraction:
    """The statutory rate in percent: yearly under the law of 1865, half-yearly under that of 2002."""
    half = 1 if day.month <= 6 else 2
    found = LAW_1865.get(day.year) if law == "1865" else LAW_2002.get((day.year, half))
    if day < IN_FORCE or found is None:
        raise Refused(NOT_THERE)
    return Fraction(found)


def late_rate(day: date, world: World) -> Fraction:
    """2.3.2: the statutory rate (policy ``interest.law``) and one point, in percent."""
    return legal_rate(day, world.policy("interest.law", "1865")) + 1


def days_of_year(day: date, world: World) -> int:
    """Policy ``interest.day_count``: 365, or the days of that year."""
    actual = world.policy("interest.day_count", "actual/365") == "actual/actual"
    return (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days if actual else 365


def interest_periods(due: date, until: date, world: World) -> Iterator[tuple[date, date, Fraction, int]]:
    """The days after the due date, up to and including ``until``, a half year each: from, to, percent, year."""
    first = due + DAY
    while first <= until:
        half_year = date(first.year, 6, 30) if first.month <= 6 else date(first.year, 12, 31)
        last = min(until, half_year)
        yield first, last, late_rate(first, world), days_of_year(first, world)
        first = last + DAY


def exact_interest(amount: Fraction, due: date, until: date, world: World) -> Fraction:
    """2.3.2: simple interest, not rounded."""
    if due < IN_FORCE or until < IN_FORCE:
        raise Refused(NOT_THERE)
    total = Fraction(0)
    for first, last, percent, year in interest_periods(due, until, world):
        total += amount * percent / 100 * ((last - first).days + 1) / year
    return total


def late_interest(amount: Fraction, due: date, until: date, world: World) -> Fraction:
    """2.3.2: simple interest, rounded once."""
    return half_away(exact_interest(amount, due, until, world))


def interest_rows(amount: Fraction, due: date, until: date, world: World) -> list[list[Any]]:
    """A row per period of constant rate: from, to, days, rate, interest; rounded so that they add up to the total."""
    periods: list[tuple[date, date, Fraction, int]] = []
    for first, last, percent, year in interest_periods(due, until, world):
        same_rate = bool(periods) and periods[-1][2:] == (percent, year)
        begin = periods.pop()[0] if same_rate else first
        periods.append((begin, last, percent, year))
    rows: list[list[Any]] = []
    shown = Fraction(0)
    for first, last, percent, _ in periods:
        so_far = late_interest(amount, due, last, world)
        rows.append([first, last, (last - first).days + 1, float(percent / 100), float(so_far - shown)])
        shown = so_far
    return rows


def end_of_eight_days(notice: date, world: World) -> date:
    """2.3.2: the eighth day after the receipt (policy ``lump_sum.eight_days``)."""
    last = notice + 8 * DAY
    return last if world.policy("lump_sum.eight_days", "next_working_day") == "keep" else next_working_day(last)


def lump_sum(amount: Fraction, notice: date, as_of: date, world: World) -> Fraction:
    """2.3.2: 15 %, at least 200 euro, once the eight days have passed."""
    if notice < IN_FORCE or as_of < IN_FORCE:
        raise Refused(NOT_THERE)
    if as_of <= end_of_eight_days(notice, world) or not amount:
        return Fraction(0)
    return max(half_away(amount * 15 / 100), Fraction(200))


@dataclass
class Claim:
    """The statement of one invoice on a day."""

    due: date
    principal: Fraction
    late_until: date
    interest: Fraction = Fraction(0)
    lump: Fraction = Fraction(0)
    overpaid: Fraction = Fraction(0)


def balance(amount: Fraction, due: date, as_of: date, payments: Sequence[tuple[date, Fraction]], world: World) -> Claim:
    """2.3.2: principal and interest still open after each payment in order of date (policy ``payments.order``)."""
    claim = Claim(due, amount, as_of)
    accrued = settled = Fraction(0)
    since = due
    for day, paid in sorted((p for p in payments if p[0] <= as_of), key=lambda p: p[0]):
        if day > since and claim.principal:
            accrued += exact_interest(claim.principal, since, day, world)
        since = max(since, day)
        owed = half_away(accrued) - settled
        if world.policy("payments.order", "interest") == "interest":
            on_interest = min(paid, owed)
            on_principal = min(paid - on_interest, claim.principal)
        else:
            on_principal = min(paid, claim.principal)
            on_interest = min(paid - on_principal, owed)
        if on_principal and on_principal == claim.principal:
            claim.late_until = day
        claim.principal -= on_principal
        settled += on_interest
        claim.overpaid += paid - on_interest - on_principal
    if as_of > since and claim.principal:
        accrued += exact_interest(claim.principal, since, as_of, world)
    claim.interest = half_away(accrued) - settled
    return claim


def late_claim(
    amount: Fraction,
    invoiced: date,
    as_of: date,
    payments: Sequence[tuple[date, Fraction]],
    notice: date | None,
    world: World,
) -> Claim:
    """2.3.2: due date, open principal, interest and lump sum on a day."""
    due = due_date(invoiced, world)
    claim = balance(amount, due, as_of, payments, world)
    if notice is not None:
        if notice <= due:
            raise Refused(IMPOSSIBLE)
        end = end_of_eight_days(notice, world)
        if as_of > end:
            lump = lump_sum(balance(amount, due, end, payments, world).principal, notice, as_of, world)
            claim.lump = max(lump - claim.overpaid, Fraction(0))
            claim.overpaid = max(claim.overpaid - lump, Fraction(0))
    return claim


# --- spreadsheet values in, so that the scenario tables and the columns can be answered too ------------------------


def exact(value: float | str | Fraction) -> Fraction:
    """A cell's number as it was typed: 15 significant digits. An error cell stays the error it is."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        raise Refused(value if value.startswith("#") else UNREADABLE)
    return Fraction(Decimal(f"{value:.15g}"))


def quantity(value: float | str | Fraction) -> Fraction:
    """A number that is not negative."""
    number = exact(value)
    if number < 0:
        raise Refused(IMPOSSIBLE)
    return number


def money(value: float | str | Fraction) -> Fraction:
    """An amount, read to the cent."""
    return half_away(quantity(value))


def count(value: float | str | Fraction) -> int:
    """A whole number that is not negative."""
    number = quantity(value)
    if number.denominator != 1:
        raise Refused(IMPOSSIBLE)
    return int(number)


def moment(value: str | float | date | datetime) -> Moment:
    """A date without a time of day stays one; a serial or a datetime at exactly midnight is one too."""
    if isinstance(value, str):
        try:
            if "/" in value:
                value = "-".join(reversed(value.split("/")))
            at = datetime.fromisoformat(value)
        except ValueError:
            raise Refused(UNREADABLE) from None
        read = Moment(at, len(value) > 10)
    elif isinstance(value, datetime):
        read = Moment(value, value.time() != time(0))
    elif isinstance(value, date):
        read = Moment(datetime.combine(value, time(0)), False)
    else:
        if not 1 <= value <= 2958465:
            raise Refused(IMPOSSIBLE)
        milliseconds = round(Fraction(value) * 86_400_000)
        read = Moment(EPOCH + timedelta(milliseconds=milliseconds), milliseconds % 86_400_000 != 0)
    if read.at.date() < IN_FORCE:
        raise Refused(NOT_THERE)
    return read


def day(value: str | float | date | datetime) -> date:
    """The date of a moment."""
    return moment(value).at.date()


def one_of(*codes: str) -> Callable[[Any], str]:
    """A code, in any case."""

    def read(value: Any) -> str:
        code = str(value).upper()
        if code not in codes:
            raise Refused(UNREADABLE)
        return code

    return read


CUSTOMER = one_of("BE", "EU_REVERSE", "EXPORT")
ZERO = Fraction(0)


class Arguments:
    """The arguments of one call; "" and None are blanks, as are those left out."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    def need(self, index: int, read: Callable[[Any], Any]) -> Any:
        """A required argument."""
        value = self.values[index]
        if value is None or value == "":
            raise Refused(UNREADABLE)
        return read(value)

    def get(self, index: int, read: Callable[[Any], Any], default: Any) -> Any:
        """An optional argument."""
        value = self.values[index] if index < len(self.values) else None
        return default if value is None or value == "" else read(value)

    def place(self, index: int) -> Place:
        """Site and day type."""
        return Place(self.get(index, str, OWN_SITE), self.get(index + 1, one_of(*FACTORS), None))

    def regulation(self, index: int) -> str | None:
        """None is the general regulation."""
        found: str | None = self.get(index, one_of(OVERLAY), None)
        return found

    def visit(self, index: int) -> Visit:
        """Trips, hours abroad, kilometres, tickets, nights, rooms."""
        return Visit(
            self.get(index, count, None),
            self.get(index + 1, clock_hours, ZERO),
            self.get(index + 2, quantity, ZERO),
            self.get(index + 3, money, ZERO),
            self.get(index + 4, count, 0),
            self.get(index + 5, money, ZERO),
        )


def _payments(rows: Sequence[Sequence[Any]]) -> list[tuple[date, Fraction]]:
    return [(day(on), money(amount)) for on, amount in rows if on not in (None, "")]


def _claim(a: Arguments, w: World) -> list[list[Any]]:
    """The value column: due date, days late, principal, interest, lump sum, total; then not counted, then overpaid."""
    as_of, payments = a.need(2, day), a.get(3, _payments, [])
    claim = late_claim(a.need(0, money), a.need(1, day), as_of, payments, a.get(4, day, None), w)
    amounts = [claim.principal, claim.interest, claim.lump, claim.principal + claim.interest + claim.lump]
    later = sum((paid for on, paid in payments if on > as_of), Fraction(0))
    amounts += [extra for extra in (later, claim.overpaid) if extra]
    return [[claim.due], [max((claim.late_until - claim.due).days, 0)], *([float(amount)] for amount in amounts)]


def _detail(a: Arguments, w: World) -> list[list[Any]]:
    return interest_rows(a.need(0, money), a.need(1, day), a.need(2, day), w)


def _contribution(a: Arguments, w: World) -> Fraction:
    kind = a.need(0, one_of("CERTIFICATION", "EXECUTION"))
    return contribution(kind, a.need(1, quantity), a.need(2, day), a.regulation(3), w)


def _performance(a: Arguments, w: World) -> Fraction:
    return performance_fee(a.need(0, moment), a.need(1, presence), a.place(2), w, a.regulation(4))


def _travel(a: Arguments, w: World) -> Fraction:
    start, trips, abroad = a.need(0, moment), a.get(1, count, 1), a.get(2, clock_hours, ZERO)
    return travel_fee(start, trips, abroad, a.place(3), w, a.regulation(5))


def _transport(a: Arguments, w: World) -> Fraction:
    return transport_cost(a.need(0, day), a.get(1, quantity, ZERO), a.get(2, money, ZERO), w)


def _inspection(a: Arguments, w: World) -> Fraction:
    start, hours = a.need(0, moment), a.need(1, presence)
    return inspection_fee(start, hours, a.visit(2), a.place(8), w, a.regulation(10))


def _coefficient(a: Arguments, w: World) -> Fraction:
    salary = a.get(1, one_of("SALARY", "TRAVEL"), "SALARY") == "SALARY"
    return (salary_coefficient if salary else travel_ratio)(a.need(0, count), w)


def _vat_rate(a: Arguments, w: World) -> Fraction:
    a.get(0, day, None)
    return vat_rate(a.get(1, CUSTOMER, "BE"))


def _legal_rate(a: Arguments, w: World) -> Fraction:
    return legal_rate(a.need(0, day), a.get(1, one_of("1865", "2002"), "1865")) / 100


def _interest(a: Arguments, w: World) -> Fraction:
    return late_interest(a.need(0, money), a.need(1, day), a.need(2, day), w)


ANSWERS: dict[str, Callable[[Arguments, World], Any]] = {
    "COPRO_RATE": lambda a, w: rate(a.need(0, one_of(*BASE)), a.need(1, day), w, a.regulation(2)),
    "COPRO_INDEX_COEFFICIENT": _coefficient,
    "COPRO_INDEXED": lambda a, w: indexed(a.need(0, money), a.need(1, quantity), a.need(2, quantity), w),
    "COPRO_KM_RATE": lambda a, w: rate("KM_CAR", a.need(0, day), w),
    "COPRO_CONTRIBUTION": _contribution,
    "COPRO_HOURS_CHARGED": lambda a, w: hours_charged(a.need(0, presence)),
    "COPRO_FACTOR": lambda a, w: charged_factors(a.need(0, moment), 1, a.place(1), w)[0],
    "COPRO_APPLICATION_FEE": lambda a, w: application_fee(a.need(0, day), a.get(1, count, 1), w),
    "COPRO_PERFORMANCE_FEE": _performance,
    "COPRO_TRAVEL_FEE": _travel,
    "COPRO_TRANSPORT_COST": _transport,
    "COPRO_STAY_FEE": lambda a, w: stay_fee(a.need(0, day), a.need(1, count), a.get(2, money, ZERO), w),
    "COPRO_INSPECTION_FEE": _inspection,
    "COPRO_WASTED_TRIP_FEE": lambda a, w: wasted_trip_fee(
        a.need(0, moment), a.visit(1), a.place(7), w, a.regulation(9)
    ),
    "COPRO_VAT_RATE": _vat_rate,
    "COPRO_VAT": lambda a, w: vat(a.need(0, money), a.get(2, CUSTOMER, "BE")),
    "COPRO_DUE_DATE": lambda a, w: due_date(a.need(0, day), w),
    "COPRO_LEGAL_RATE": _legal_rate,
    "COPRO_LATE_RATE": lambda a, w: late_rate(a.need(0, day), w) / 100,
    "COPRO_LATE_INTEREST": _interest,
    "COPRO_LATE_INTEREST_DETAIL": _detail,
    "COPRO_LATE_CLAIM": _claim,
    "COPRO_LUMP_SUM": lambda a, w: lump_sum(a.need(0, money), a.need(1, day), a.need(2, day), w),
}


REQUIRED = {"COPRO_INSPECTION_FEE": 2, "COPRO_PERFORMANCE_FEE": 2, "COPRO_STAY_FEE": 2}


def answer(name: str, arguments: Sequence[Any], world: World) -> Any:
    """What the oracle says of one call: a float, an int, a date, rows, None, or the text of a spreadsheet error."""
    if all(value is None or value == "" for value in arguments[: REQUIRED.get(name, 1)]):
        return None
    try:
        value = ANSWERS[name](Arguments(arguments), world)
    except Refused as refused:
        return refused.code
    return float(value) if isinstance(value, Fraction) else value
