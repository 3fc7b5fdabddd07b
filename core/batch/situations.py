"""Which inspections are priced alike: days by tariff and factors, times by where they stand to the night.

The factors of an inspection follow from those of the day it starts and of the day after, and from how its time of day
lies to the hours at which the factor changes. On a day on which the clock is moved, or before one, nothing is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from core.batch.asked import Days
from core.batch.columns import DAY_ONLY, MOST_CASES
from core.calendar import check_clock, later, near_clock_change
from core.errors import CoproError
from core.rules.art_2_2_4_inspection import abroad_factor, flat_trip_factor, whole_hours
from core.rules.art_2_2_7_factors import performance_bands
from core.units import DAY, HOUR, MINUTE, Moment
from core.vocabulary import Item

if TYPE_CHECKING:
    from core.regulation import FactorTable, HourTerms, SpecificRegulation
    from core.rulebook import Rulebook
    from core.rules.art_2_2_7_factors import Factors
    from core.tariff import Tariff
    from core.vocabulary import DayType

MINUTES = DAY // MINUTE
NO_TIME = "a time is from 0 to 24 hours, or DAY_ONLY"
LONGEST = 24
"""Hours that an inspection lasts at most, whatever a regulation says."""


class Place(NamedTuple):
    """Whose rules count.

    Attributes:
        site: code of the site whose construction holidays count.
        day_type: the kind of day that replaces the calendar.
        regulation: a specific regulation; without one the general regulation of the day.
    """

    site: str
    day_type: DayType | None = None
    regulation: str = ""


class Situation(NamedTuple):
    """What the rules answer about the days that are alike; -1 where they refuse, or where each row is another case.

    Attributes:
        known: whether there is a tariff at all.
        rates: of each item.
        in_wasted: 1 when a wasted trip bears the fixed fee.
        starts: for each slot of the day what a start in it means.
        by_highest: whether a flat trip bears the highest factor of its inspection.
        stretches: where performances are split by the minute, when each stretch of the day and the next begins, in
            microseconds from midnight, and its factor in halves.
    """

    known: bool
    rates: Mapping[Item, int]
    in_wasted: int
    starts: Sequence[Start]
    by_highest: bool = False
    stretches: Sequence[tuple[int, int]] = ()


class Start(NamedTuple):
    """What a start means, in halves.

    Attributes:
        factor: that of the moment itself.
        alone: the factor of a flat trip without an inspection.
        abroad: the factor of hours abroad.
        weights: for each number of hours charged, 0 to `LONGEST`, what they weigh.
        flat: and the factor of a flat trip that goes with them.
    """

    factor: int
    alone: int
    abroad: int
    weights: Sequence[int]
    flat: Sequence[int]


class Memo(dict[int, int]):
    """A function of one number, computed once for each."""

    def __init__(self, compute: Callable[[int], int]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, number: int) -> int:
        if len(self) >= MOST_CASES:
            self.clear()
        self[number] = answer = self._compute(number)
        return answer


class Situations:
    """The distinct situations of the days asked about, at one place.

    Attributes:
        days: which days are alike; each number is a situation.
        slots: for each stretch of the day within which a start makes no difference its first time, `DAY_ONLY` last.
        slot_of_minute: minute of the day → place in ``slots``; at -1, the last, that of a day only.
        terms: how presence becomes hours; ``None`` where that is not the same on all days.
        by_minutes: whether performances may be split by the minute, so that every minute makes a difference.
    """

    def __init__(self, rulebook: Rulebook, place: Place) -> None:
        self.rulebook = rulebook
        self.place = place
        self.days = Days(self._ask)
        files = [file for file, _ in rulebook.specific.get(place.regulation, ())]
        self.terms = _same_terms(rulebook, files)
        self.by_minutes = _may_split_minutes(rulebook, files)
        cuts = sorted({0} | {minute for general in rulebook.general for minute in _borders(general.factors)})
        self.slots = [(hour * 60 + cut) * MINUTE for hour in range(24) for cut in cuts] + [DAY_ONLY]
        self.slot_of_minute = _numbered(self.slots)
        self._found = [NOTHING]
        self._days, self._times, self._presences = map(Memo, (self.like_day, self.like_time, self.like_presence))

    def tariff(self, day: date) -> Tariff:
        """The tariff in force on ``day``."""
        return self.rulebook.tariff(day, self.place.regulation)

    def factors(self, tariff: Tariff) -> Factors:
        """The factors at the place."""
        return self.rulebook.factors(tariff, self.place.site, self.place.day_type)

    def on(self, number: int) -> Situation:
        """The situation with that number."""
        for missing in range(len(self._found), number + 1):
            self._found.append(self._situation(self.days.first[missing]))
        return self._found[number]

    def _situation(self, day: date) -> Situation:
        try:
            tariff = self.tariff(day)
        except CoproError:
            return NOTHING
        rates = {item: _rate(tariff, item) for item in Item}
        try:
            policies = tariff.policies["hours.bands"], tariff.policies["factor.flat_trip"]
            in_wasted = int(tariff.policies["wasted_trip.fixed_fee"] == "included")
        except CoproError:
            return NOTHING._replace(known=True, rates=rates)
        factors = self.factors(tariff)
        starts = [_start(tariff, factors, policies, moment(day, time)) for time in self.slots]
        stretches = _stretches(factors, day) if policies[0] == "minutes" else ()
        return Situation(True, rates, in_wasted, starts, policies[1] == "highest", stretches)

    def day_alike(self, days: Sequence[int]) -> Sequence[int]:
        """For each day the first one met that has the same answers."""
        return list(map(self._days.__getitem__, days))

    def time_alike(self, times: Sequence[int]) -> Sequence[int]:
        """For each time the first of its slot."""
        return list(map(self._times.__getitem__, times))

    def presence_alike(self, presences: Sequence[int] | None) -> Sequence[int] | None:
        """For each presence one that is charged alike."""
        return None if presences is None else list(map(self._presences.__getitem__, presences))

    def like_day(self, day: int) -> int:
        """The first day met that has the same answers."""
        return self.days.first[self.days[day]].toordinal()

    def like_time(self, time: int) -> int:
        """The first time of the slot.

        Raises:
            ValueError: what is not a time.
        """
        if not DAY_ONLY <= time < DAY:
            raise ValueError(NO_TIME)
        return time if self.by_minutes else self.slots[self.slot_of_minute[time // MINUTE]]

    def like_presence(self, presence: int) -> int:
        """A presence that is charged alike."""
        if self.by_minutes or self.terms is None:
            return presence
        if 0 < presence <= self.terms.longest * HOUR:
            return whole_hours(presence, self.terms) * HOUR
        return max(0, min(presence, (self.terms.longest + 1) * HOUR))

    def _ask(self, day: date) -> Hashable:
        try:
            tariff = self.tariff(day)
        except CoproError as error:
            return _refusal(error)
        moved = day if near_clock_change(day) else None
        return tariff, self._pair(tariff, day, 0), self._pair(tariff, day, 1), moved

    def _pair(self, tariff: Tariff, day: date, after: int) -> Hashable:
        """The factors of a day by day and by night, or why there are none."""
        try:
            found = self.factors(tariff).on(later(day, after))
        except CoproError as error:
            return _refusal(error)
        return found.day, found.night


def moment(day: date, time: int) -> Moment:
    """A start, from the columns."""
    return Moment(day, None if time == DAY_ONLY else time)


UNKNOWN = (-1,) * (LONGEST + 1)
NO_START = Start(-1, -1, -1, UNKNOWN, UNKNOWN)
NOTHING = Situation(False, dict.fromkeys(Item, -1), 0, ())


def _rate(tariff: Tariff, item: Item) -> int:
    try:
        return tariff.rate(item, [])
    except CoproError:
        return -1


def _start(tariff: Tariff, factors: Factors, policies: tuple[str, str], start: Moment) -> Start:
    bands, flat_trip = policies
    try:
        check_clock(start)
        factor = factors.at(start)
        alone = flat_trip_factor(tariff, factors, start)
        abroad = abroad_factor(tariff, factors, start)
    except CoproError:
        return NO_START
    hourly = _hourly(factors, bands, start)
    unknown = (-1,) * (LONGEST - len(hourly))
    highest = accumulate(hourly, max) if flat_trip == "highest" else (alone,) * len(hourly)
    return Start(factor, alone, abroad, (-1, *accumulate(hourly), *unknown), (-1, *highest, *unknown))


def _hourly(factors: Factors, policy: str, start: Moment) -> Sequence[int]:
    """The factors of the hours charged from ``start`` on, in halves, as far as they are known.

    None when performances are split by the minute: then hours do not tell presences apart.
    """
    by_clock = policy == "minutes" and start.time is not None
    for hours in range(0 if by_clock else LONGEST, 0, -1):
        try:
            bands = performance_bands(factors, policy, start, hours * HOUR, hours)
        except CoproError:
            continue
        return [band.halves for band in bands for _ in range(band.length // HOUR)]
    return []


def _stretches(factors: Factors, day: date) -> Sequence[tuple[int, int]]:
    """How the clock splits a day and the next; not at all where it is moved, or where one is not known."""
    try:
        bands = () if near_clock_change(day) else factors.bands_by_clock(Moment(day, 0), 2 * DAY)
    except CoproError:
        return ()
    begins = accumulate((band.length for band in bands), initial=0)
    return [(begin, band.halves) for begin, band in zip(begins, bands, strict=False)]


def _refusal(error: CoproError) -> Hashable:
    return type(error), error.key


def _borders(factors: FactorTable) -> tuple[int, int]:
    """The minutes of the hour at which night begins and ends."""
    return factors.night_from.minute, factors.night_until.minute


def _numbered(slots: Sequence[int]) -> list[int]:
    numbers, slot = [], -1
    for minute in range(MINUTES):
        slot += minute * MINUTE in slots
        numbers.append(slot)
    return [*numbers, len(slots) - 1]


def _same_terms(rulebook: Rulebook, files: Sequence[SpecificRegulation]) -> HourTerms | None:
    terms = {general.hours for general in rulebook.general}
    terms |= {override.hours for file in files for override in file.hours}
    return terms.pop() if len(terms) == 1 else None


def _may_split_minutes(rulebook: Rulebook, files: Sequence[SpecificRegulation]) -> bool:
    """Whether a performance may be split by the minute, so that every minute makes a difference."""
    settings = {override.setting for file in files for override in file.policy if override.id == "hours.bands"}
    with suppress(CoproError):  # nothing is split while nobody can say how
        settings.add(rulebook.policies["hours.bands"])
    return "minutes" in settings
