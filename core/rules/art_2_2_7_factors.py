"""Art. 2.2.7: performances outside normal working hours.

The performance fee and the travel fee are multiplied: a working day 1 by day and 1.5 by night, a Saturday 1.5 and 2, a
Sunday, public holiday or construction holiday (nl: bouwverlof) 2. Night runs from 18:00, included, to 06:00, excluded.
Where several kinds of day apply the highest factor counts. Each hour takes the factor of its own moment.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from core.calendar import Calendar, check_clock, clock_after, elapsed_between, later
from core.errors import NotAvailable
from core.memory import remember
from core.trace import Step, StepKind, Steps
from core.units import HALVES_PER_FACTOR, HOUR, Moment, Unit
from core.vocabulary import DayType

if TYPE_CHECKING:
    from core.records import ConstructionHoliday
    from core.tariff import Tariff

DAY_TYPE = StepKind(
    "day_type", "2.2.7", "{0}, {1}", (Unit.DATE, Unit.CODE), Unit.CODE, policies=("day.construction_holiday",)
)
DAY_TYPE_GIVEN = StepKind("day_type_given", "2.2.7", "{0}", (Unit.DATE,), Unit.CODE)
FACTOR = StepKind("factor", "2.2.7", "{0}", (Unit.MOMENT,), Unit.FACTOR, policies=("factor.overlap",))
BAND = StepKind(
    "band",
    "2.2.7",
    "{0}: {1} × {2}",
    (Unit.MOMENT, Unit.HOURS, Unit.FACTOR),
    Unit.FACTOR,
    policies=("hours.bands", "factor.overlap"),
)
SHARE = StepKind("charged_share", "2.2.7", "{0} × {1} / {2}", (Unit.NUMBER, Unit.RATIO, Unit.HOURS), Unit.RATIO)


class DayFactors(NamedTuple):
    """The factors of one day at one site, in halves, and what kind of day it is."""

    day: int
    night: int
    kind: DayType
    steps: tuple[Step, ...]


class Band(NamedTuple):
    """A stretch of presence or of charged hours over which one factor holds."""

    begin: Moment
    length: int
    halves: int


class Factors:
    """The factors of a tariff at a site, or for a kind of day that the user names.

    Args:
        tariff: the tariff in force at the start.
        calendar: the kinds of day.
        site: code of the site whose construction holidays count.
        day_type: the kind of day that holds throughout, whatever the calendar says.
    """

    def __init__(self, tariff: Tariff, calendar: Calendar, site: str, day_type: DayType | None = None) -> None:
        self._tariff = tariff
        self._calendar = calendar
        self._site = site
        self._day_type = day_type
        self._days: dict[date, DayFactors] = {}

    def on(self, day: date) -> DayFactors:
        """The factors of ``day``, by day and by night."""
        return self._days.get(day) or remember(self._days, day, self._find(day))

    def at(self, moment: Moment) -> int:
        """The factor at ``moment``, in halves; without a time of day, that of normal hours."""
        factors = self.on(moment.day)
        return factors.night if self.is_night(moment) else factors.day

    def is_night(self, moment: Moment) -> bool:
        """Whether ``moment`` falls in the night; never, when only the day is known."""
        time = moment.time
        return time is not None and (time >= self._tariff.night_from or time < self._tariff.night_until)

    def record_day(self, day: date, steps: Steps) -> None:
        """Records what kind of day it is."""
        steps += self.on(day).steps

    def bands_of_hours(self, start: Moment, hours: int) -> list[Band]:
        """``hours`` whole hours laid end to end from ``start``, split where one begins in another factor.

        Lengths are in microseconds.
        """
        if start.time is None:
            return [Band(start, hours * HOUR, self.on(start.day).day)]
        bands: list[Band] = []
        moment, left = start, hours
        while True:
            begun = -(-elapsed_between(moment, self._next_boundary(moment)) // HOUR)
            if begun >= left:
                bands.append(Band(moment, left * HOUR, self.at(moment)))
                return bands
            bands.append(Band(moment, begun * HOUR, self.at(moment)))
            moment, left = clock_after(moment, begun * HOUR), left - begun

    def bands_by_clock(self, start: Moment, presence: int) -> list[Band]:
        """``presence`` microseconds from ``start``, split where the clock changes the factor."""
        if start.time is None:
            return [Band(start, presence, self.on(start.day).day)]
        bands: list[Band] = []
        moment, left = start, presence
        while left:
            end = self._next_boundary(moment)
            length = min(left, elapsed_between(moment, end))
            bands.append(Band(moment, length, self.at(moment)))
            moment, left = end, left - length
        return bands

    def _next_boundary(self, moment: Moment) -> Moment:
        assert moment.time is not None
        for time in (self._tariff.night_until, self._tariff.night_from):
            if moment.time < time:
                return Moment(moment.day, time)
        return Moment(later(moment.day, 1), 0)

    def _find(self, day: date) -> DayFactors:
        if self._day_type:
            kinds: tuple[DayType, ...] = (self._day_type,)
            step = Step(DAY_TYPE_GIVEN, (day,), f"DAY_TYPE:{self._day_type.value}")
        else:
            with_builders = self._tariff.policies["day.construction_holiday"] == "calendar"
            kinds = self._calendar.day_types(day, self._site, with_builders=with_builders)
            operands = (day, f"SITE:{self._site}")
            step = Step(DAY_TYPE, operands, f"DAY_TYPE:{kinds[0].value}", self._evidence(day, kinds))
        pairs = [self._tariff.factors[kind] for kind in kinds]
        departed = [step for kind in kinds for step in self._tariff.departed(f"factor.{kind}")]
        return DayFactors(max(pair[0] for pair in pairs), max(pair[1] for pair in pairs), kinds[0], (step, *departed))

    def _evidence(self, day: date, kinds: tuple[DayType, ...]) -> tuple[ConstructionHoliday, ...]:
        recorded = self._calendar.recorded(self._site, day.year)
        return (recorded,) if DayType.BUILDERS in kinds and not isinstance(recorded, NotAvailable) else ()


def factor_at(factors: Factors, start: Moment, steps: Steps) -> int:
    """The factor at a moment, in halves."""
    check_clock(start)
    factors.record_day(start.day, steps)
    halves = factors.at(start)
    steps.append(Step(FACTOR, (start,), halves))
    return halves


def performance_bands(factors: Factors, policy: str, start: Moment, presence: int, charged: int) -> list[Band]:
    """The stretches of a performance that bear one factor each, as the policy ``hours.bands`` lays them."""
    if policy == "minutes":
        return factors.bands_by_clock(start, presence)
    if policy == "start":
        return [Band(start, charged * HOUR, factors.at(start))]
    return factors.bands_of_hours(start, charged)


def weighted_hours(
    factors: Factors, policy: str, start: Moment, presence: int, charged: int, steps: Steps
) -> int | Fraction:
    """The charged hours, each multiplied by its factor: in halves of an hour's rate.

    Args:
        factors: the factors at the site.
        policy: the setting of ``hours.bands``.
        start: when the performance begins.
        presence: microseconds present.
        charged: whole hours charged.
        steps: where the bands are recorded.
    """
    bands = performance_bands(factors, policy, start, presence, charged)
    _record(factors, bands, steps)
    if len(bands) == 1:
        return charged * bands[0].halves
    weighted = sum(band.length * band.halves for band in bands)
    return _share(weighted, presence, charged, steps) if policy == "minutes" else weighted // HOUR


def _share(weighted: int, presence: int, charged: int, steps: Steps) -> Fraction:
    share = Fraction(charged * weighted, presence)
    steps.append(
        Step(
            SHARE,
            (charged, Fraction(weighted, HOUR * HALVES_PER_FACTOR), presence),
            share / HALVES_PER_FACTOR,
        )
    )
    return share


def _record(factors: Factors, bands: list[Band], steps: Steps) -> None:
    seen = None
    for band in bands:
        if band.begin.day != seen:
            seen = band.begin.day
            factors.record_day(seen, steps)
        weight, rest = divmod(band.length * band.halves, HOUR)
        exact = Fraction(band.length * band.halves, HOUR) if rest else weight
        steps.append(Step(BAND, (band.begin, band.length, band.halves), exact))
