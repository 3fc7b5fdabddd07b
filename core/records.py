"""Dated figures: reading, checking and finding them (design: never overwritten, never inherited).

A figure is a `Record`: a series, the days for which it holds, the value, its legal basis and source, and who recorded
it when. A correction is a new record for the same days; the latest recording counts. A day without a record is an
error.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.codes import codes
from core.errors import ConflictingFigures, FileProblem, NotAvailable
from core.formats import Named
from core.vocabulary import Series, Status

LAST_DAY = date(9999, 12, 31)


def refuse(key: str, **details: object) -> PydanticCustomError:
    """An error inside a data file, told by the text ``key`` of ``errors.toml``."""
    return PydanticCustomError(key, key, details)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refuse("number_expected")
    number = Decimal(value)
    if not number.is_finite():
        raise refuse("number_expected")
    return number


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise refuse("number_negative")
    return value


Number = Annotated[Decimal, BeforeValidator(_number), AfterValidator(_not_negative)]
Text = Annotated[str, Field(min_length=1)]
Day = Annotated[date, Field(strict=True)]


class Strict(BaseModel):
    """A table of a data file: every field known, no other accepted, never changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


OPEN_SERIES = frozenset({Series.VAT_BE, Series.VAT_EU_REVERSE, Series.VAT_EXPORT})
"""The series whose figures hold until a law changes them; any other is fixed for days that it must name."""
PERCENT_SERIES = frozenset(Series) - {
    Series.SALARY_INDEX,
    Series.TRAVEL_ALLOWANCE,
    Series.TRAVEL_ALLOWANCE_QUARTERLY,
}


class Recorded(Strict):
    """Where a figure comes from and who recorded it."""

    source: Text
    status: Status
    recorded_on: Day
    recorded_by: Text
    checked_by: Text | None = None
    note: Text | None = None


_MONTHS = {"": (1, 12), "H1": (1, 6), "H2": (7, 12), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12)}


def days_of(period: str) -> tuple[date, date]:
    """First and last day of ``2024``, ``2024-H1`` or ``2024-Q3``."""
    match = re.fullmatch(r"([0-9]{4})(?:-([HQ][0-9]))?", period)
    if not match or (match[2] or "") not in _MONTHS:
        raise refuse("period_unreadable", period=period)
    year = int(match[1])
    first, last = _MONTHS[match[2] or ""]
    if not 1900 <= year < LAST_DAY.year:
        raise refuse("period_unreadable", period=period)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


class Record(Recorded):
    """One dated figure. ``value`` is in the unit of its series; only a VAT rate may go without a last day."""

    series: Series
    period: str | None = None
    valid_from: Day = LAST_DAY
    valid_to: Day | None = None
    value: Number
    basis: Text

    @model_validator(mode="before")
    @classmethod
    def _days(cls, data: object) -> object:
        """Turns ``period`` into its first and last day; asks for one of the two ways to say when."""
        if not isinstance(data, dict):
            return data
        if ("period" in data) == bool({"valid_from", "valid_to"} & set(data)):
            raise refuse("period_or_days")
        if not isinstance(data.get("period", ""), str):
            raise refuse("period_unreadable", period=str(data["period"]))
        if "period" in data:
            first, last = days_of(data["period"])
            return {**data, "valid_from": first, "valid_to": last}
        return data

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise refuse("days_reversed")
        if self.valid_to is None and self.series not in OPEN_SERIES:
            raise refuse("end_missing")
        if self.series in PERCENT_SERIES:
            if self.value > 100:
                raise refuse("percent_too_high", value=str(self.value))
            if self.value != round(self.value, 2):
                raise refuse("percent_decimals", value=str(self.value))
        elif self.value == 0:
            raise refuse("number_not_positive")
        if self.series is Series.SALARY_INDEX and "-Q" not in (self.period or ""):
            raise refuse("quarter_expected")
        return self


def _known_site(site: str) -> str:
    if site not in codes("SITE"):
        raise refuse("site_unknown", site=site, known=", ".join(codes("SITE")))
    return site


class Days(Strict):
    """A run of days, both included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise refuse("days_reversed")
        return self


class ConstructionHoliday(Recorded):
    """The construction holidays (bouwverlof, congé du bâtiment) of one site in one year."""

    site: Annotated[str, AfterValidator(_known_site)]
    year: Annotated[int, Field(strict=True)]
    periods: tuple[Days, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _within_the_year(self) -> Self:
        if any(days.first.year != self.year or days.last.year != self.year for days in self.periods):
            raise refuse("days_outside_year", year=self.year)
        return self

    def __contains__(self, day: date) -> bool:
        return any(days.first <= day <= days.last for days in self.periods)


class FiguresFile(Strict):
    """A file of dated figures."""

    record: tuple[Record, ...] = ()
    construction_holiday: tuple[ConstructionHoliday, ...] = ()


class Suspension(NamedTuple):
    """Figures of a series from a day on that may be wrong, because a file that names them was refused."""

    series: str
    since: date
    problem: FileProblem


class Span(NamedTuple):
    """The days for which one record answers; ``rival`` is another that claims the same days with another value."""

    first: date
    last: date
    record: Record
    rival: Record | None = None


@dataclass(frozen=True)
class Figures:
    """Every dated figure known, by series."""

    records: tuple[Record, ...]
    suspensions: tuple[Suspension, ...] = ()

    def on(self, series: Series, day: date) -> Record:
        """The record of ``series`` that holds on ``day``.

        Raises:
            NotAvailable: none does, or a refused file names one.
            ConflictingFigures: two differ.
        """
        return self._span(series, day).record

    def spans(self, series: Series, first: date, last: date) -> Iterator[Span]:
        """The runs of days from ``first`` to ``last`` over which one record holds, in order, without a gap."""
        day = first
        while day <= last:
            span = self._span(series, day)
            end = min(last, span.last)
            yield Span(day, end, span.record)
            if end == last:
                return
            day = end + timedelta(days=1)

    def timeline(self, series: Series) -> tuple[Span, ...]:
        """Every run of days over which a record of ``series`` holds, in order."""
        return self._timelines.get(series, ())

    def latest(self, series: Series) -> Record | None:
        """The record that holds for the latest days, if any."""
        spans = self._timelines.get(series, ())
        return spans[-1].record if spans else None

    def _span(self, series: Series, day: date) -> Span:
        self._refuse_suspended(series, day)
        spans = self._timelines.get(series, ())
        position = bisect_right(spans, day, key=lambda span: span.first) - 1
        if position < 0 or day > spans[position].last:
            raise NotAvailable("figure_missing", series=Named("series", series), code=series.value, day=day)
        span = spans[position]
        if span.rival:
            raise _conflict(span.record, span.rival, day)
        return span

    def _refuse_suspended(self, series: Series, day: date) -> None:
        for suspension in self.suspensions:
            if suspension.series == series and day >= suspension.since:
                raise NotAvailable("figure_suspended", series=Named("series", series), problem=suspension.problem)

    @cached_property
    def _timelines(self) -> Mapping[Series, tuple[Span, ...]]:
        grouped: dict[Series, list[Record]] = {}
        for record in self.records:
            grouped.setdefault(record.series, []).append(record)
        return {series: _timeline(records) for series, records in grouped.items()}


def _conflict(one: Record, other: Record, day: date) -> ConflictingFigures:
    return ConflictingFigures(
        "figures_conflict",
        series=Named("series", one.series),
        day=day,
        value=str(one.value),
        source=one.source,
        other_value=str(other.value),
        other_source=other.source,
    )


def _timeline(records: Iterable[Record]) -> tuple[Span, ...]:
    """The records in force, in order: corrections applied, open ends closed by the next, contradictions marked."""
    starting: dict[date, list[Record]] = {}
    for record in records:
        starting.setdefault(record.valid_from, []).append(record)
    claims = _claims({first: _latest(starting[first]) for first in sorted(starting)})
    begins = {claim.first.toordinal() for claim in claims}
    edges = sorted(begins | {claim.last.toordinal() + 1 for claim in claims})
    spans = (_span(date.fromordinal(first), date.fromordinal(end - 1), claims) for first, end in pairwise(edges))
    return tuple(span for span in spans if span)


def _claims(latest: Mapping[date, tuple[Record, Record | None]]) -> list[Span]:
    """The days that each record claims: an open end reaches up to the next record."""
    following = [*list(latest)[1:], None]
    claims = []
    for (first, (record, rival)), end in zip(latest.items(), following, strict=True):
        open_end = end - timedelta(days=1) if end else LAST_DAY
        claims.append(Span(first, record.valid_to or open_end, record, rival))
    return claims


def _span(first: date, last: date, claims: Iterable[Span]) -> Span | None:
    """What the claims say of the days from ``first`` to ``last``, over which they do not change."""
    holding = [claim for claim in claims if claim.first <= first <= claim.last]
    if not holding:
        return None
    newest = holding[-1]
    rivals = (claim.record for claim in holding if claim.record.value != newest.record.value)
    return Span(first, last, newest.record, newest.rival or next(rivals, None))


def _latest(records: list[Record]) -> tuple[Record, Record | None]:
    """The record written last, and one written the same day that says otherwise."""
    latest = max(records, key=lambda record: record.recorded_on)
    rivals = (r for r in records if r.recorded_on == latest.recorded_on and r.value != latest.value)
    return latest, next(rivals, None)
