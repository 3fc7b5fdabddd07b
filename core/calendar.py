"""Days and moments: kinds of day, public holidays, construction holidays, and the clock of Europe/Brussels."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dateutil.easter import easter

from core.errors import ImpossibleValue, NotAvailable
from core.formats import Named
from core.memory import MOST, remember
from core.paths import data_file
from core.units import DAY, HOUR, MINUTE, SECOND, Moment
from core.vocabulary import DayType

if TYPE_CHECKING:
    from core.records import ConstructionHoliday

BRUSSELS = ZoneInfo("Europe/Brussels")


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The ten statutory public holidays of Belgium (nl: wettelijke feestdagen, fr: jours fériés légaux).

    Raises:
        NotAvailable: a year for which they are not told.
    """
    told = _statutory()
    if not told["first_year"] <= year <= told["last_year"]:
        raise NotAvailable("holidays_unknown", year=str(year))
    movable = (easter(year) + timedelta(days=days) for days in told["days_after_easter"])
    return frozenset(movable).union(date.fromisoformat(f"{year}-{day}") for day in told["fixed"])


@cache
def _statutory() -> Mapping[str, Any]:
    with data_file("public_holidays.toml").open("rb") as file:
        return tomllib.load(file)


def is_working_day(day: date) -> bool:
    """Neither Saturday, Sunday nor public holiday (Civil Code art. 1.7)."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """``day`` itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day = later(day, 1)
    return day


def later(day: date, days: int) -> date:
    """``day`` plus some days.

    Raises:
        ImpossibleValue: past the year 9999.
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise ImpossibleValue("date_after_9999") from None


@dataclass(frozen=True)
class Calendar:
    """The kinds of day that apply on a date at a site."""

    construction_holidays: Mapping[tuple[str, int], ConstructionHoliday | NotAvailable]
    _known: dict[tuple[date, str, bool], tuple[DayType, ...]] = field(default_factory=dict)

    def day_types(self, day: date, site: str, *, with_builders: bool) -> tuple[DayType, ...]:
        """Every kind of day that ``day`` is at ``site``, the one it is named by first.

        Args:
            day: the date.
            site: code of the site.
            with_builders: whether construction holidays count (policy ``day.construction_holiday``).

        Raises:
            NotAvailable: a day in July or August of a year whose construction holidays are not recorded for the site.
        """
        key = (day, site, with_builders)
        return self._known.get(key) or remember(self._known, key, tuple(self._day_types(day, site, with_builders)))

    def _day_types(self, day: date, site: str, with_builders: bool) -> list[DayType]:
        holiday = day in public_holidays(day.year)
        kinds = {
            DayType.HOLIDAY: holiday,
            DayType.SUNDAY: day.weekday() == 6,
            DayType.BUILDERS: with_builders and self._is_construction_holiday(day, site, certain=holiday),
            DayType.SATURDAY: day.weekday() == 5,
            DayType.WORKDAY: day.weekday() < 5,
        }
        return [kind for kind, applies in kinds.items() if applies]

    def _is_construction_holiday(self, day: date, site: str, *, certain: bool) -> bool:
        """Whether ``day`` is one; ``certain`` when its kind of day is settled without knowing.

        A Saturday counts as unknown too: 1.5 or 2 would be a guess.
        """
        recorded = self.recorded(site, day.year)
        if not isinstance(recorded, NotAvailable):
            return day in recorded
        if day.month in (7, 8) and day.weekday() < 6 and not certain:
            raise type(recorded)(recorded.key, **recorded.details)
        return False

    def recorded(self, site: str, year: int) -> ConstructionHoliday | NotAvailable:
        """The construction holidays of a site and a year, or why they are not available."""
        unknown = NotAvailable("construction_holidays_unknown", site=Named("SITE", site), year=str(year))
        return self.construction_holidays.get((site, year), unknown)


def _offset(day: date) -> timedelta:
    offset = datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).utcoffset()
    assert offset is not None
    return offset


@cache
def _clock_changes(year: int) -> Mapping[date, int]:
    """The days on which the Brussels clock is moved, and by how many microseconds."""
    changes = {}
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()):
        day = date.fromordinal(ordinal)
        moved = _offset(day + timedelta(days=1)) - _offset(day)
        if moved:
            changes[day] = moved // timedelta(microseconds=1)
    return changes


@lru_cache(maxsize=MOST)
def near_clock_change(day: date) -> bool:
    """Whether the clock is moved on ``day`` or on the day after: presences last at most 24 hours."""
    changes = _clock_changes(day.year)
    return day in changes or (day < date.max and day + timedelta(days=1) in changes)


def clock_after(start: Moment, elapsed: int) -> Moment:
    """What the Brussels clock says ``elapsed`` microseconds after ``start`` (which has a time)."""
    assert start.time is not None
    if near_clock_change(start.day):
        return _clock_after_by_zone(start, elapsed)
    days, time = divmod(start.time + elapsed, DAY)
    return Moment(later(start.day, days) if days else start.day, time)


def _instant(moment: Moment) -> datetime:
    clock = moment.clock()
    assert isinstance(clock, datetime)
    return clock.replace(tzinfo=BRUSSELS).astimezone(UTC)


def _clock_after_by_zone(start: Moment, elapsed: int) -> Moment:
    local = (_instant(start) + timedelta(microseconds=elapsed)).astimezone(BRUSSELS)
    time = local.hour * HOUR + local.minute * MINUTE + local.second * SECOND + local.microsecond
    return Moment(local.date(), time)


def elapsed_between(start: Moment, end: Moment) -> int:
    """Microseconds that pass between two moments at most a day apart of the Brussels clock (both have a time)."""
    assert start.time is not None
    assert end.time is not None
    if not near_clock_change(start.day):
        return (end.day.toordinal() - start.day.toordinal()) * DAY + end.time - start.time
    return (_instant(end) - _instant(start)) // timedelta(microseconds=1)


def check_clock(moment: Moment) -> None:
    """Refuses a time the clock skips when it is put forward in spring.

    Raises:
        ImpossibleValue: the Brussels clock never shows that time.
    """
    if moment.time is None or moment.day not in _clock_changes(moment.day.year):
        return
    if clock_after(moment, 0) != moment:
        raise ImpossibleValue("clock_skips", moment=moment.clock())
