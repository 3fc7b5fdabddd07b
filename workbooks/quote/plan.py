"""A year's plan of inspections: a rule that gives dates, worked out into a line a date.

No date is ever moved: one that falls on a holiday or in the construction holidays stays, and has the factor of its day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic import model_validator as checked

from core.records import refuse
from workbooks.quote.fields import LONGEST, Clock, Day, Several, chosen
from workbooks.quote.model import DATED, MOST_LINES, Item, Line, Pricing, Quote

PERIODS: Final = ("WEEK", "MONTH")
WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MOST_PLANS: Final = 50


def _several(value: Decimal) -> Decimal:
    if value > MOST_LINES:
        raise refuse("quote_lines_too_many", most=MOST_LINES)
    return value


class Plan(Item):
    """The same thing at regular times.

    Attributes:
        count: how many dates.
        first: the first date, or with a weekday the day from which that is looked for.
        every: a week or a month,
        step: or so many of them, from one date to the next.
        weekday: the date is the first such day from then on.
        time: when it begins; during normal hours when nothing is said.
    """

    count: Annotated[Several, AfterValidator(_several)]
    first: Day
    every: Annotated[str, chosen("period")] = "MONTH"
    step: Annotated[Several, AfterValidator(_several)] = Decimal(1)
    weekday: Annotated[str, chosen("weekday")] | None = None
    time: Clock | None = None

    @checked(mode="after")
    def _complete(self) -> Self:
        if self.pricing is Pricing.INSPECTION:
            self.needs("hours")
        try:
            list(self.days())
        except (OverflowError, ValueError):
            raise refuse("quote_plan_too_far", at="first") from None
        return self

    def days(self) -> Iterator[date]:
        """The dates."""
        for number in range(int(self.count)):
            day = self._from(number * int(self.step))
            if self.weekday is not None:
                day += timedelta(days=(WEEKDAYS.index(self.weekday) - day.weekday()) % 7)
            yield day

    def _from(self, periods: int) -> date:
        """The first day, so many weeks or months on; the end of a month that is too short."""
        if self.every == "WEEK":
            return self.first + timedelta(weeks=periods)
        months = self.first.year * 12 + self.first.month - 1 + periods
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(self.first.day, monthrange(year, month)[1]))

    def lines(self) -> Iterator[Line]:
        """A line a date, numbered in its description."""
        shared = {name: getattr(self, name) for name in Item.model_fields}
        for number, day in enumerate(self.days(), 1):
            when = datetime.combine(day, self.time) if self.time else day
            told = f"{(self.description or '')[: LONGEST - 8]} {number}/{self.count}".strip()
            date_field = "date" if self.pricing in DATED else "start"
            yield Line.model_validate({**shared, "description": told, date_field: when})


class Request(Quote):
    """A quote as it is asked for: with plans that are still to be worked out."""

    line: Annotated[tuple[Line, ...], Field(max_length=MOST_LINES)] = ()
    plan: Annotated[tuple[Plan, ...], Field(max_length=MOST_PLANS)] = ()

    @field_validator("plan")
    @classmethod
    def _not_too_many(cls, value: tuple[Plan, ...], info: ValidationInfo) -> tuple[Plan, ...]:
        lines = len(info.data.get("line", ()))
        for position, plan in enumerate(value):
            lines += int(plan.count)
            if lines > MOST_LINES:
                raise refuse("quote_lines_too_many", most=MOST_LINES, at=position)
        return value

    @checked(mode="after")
    def _not_empty(self) -> Self:
        if not self.line and not self.plan:
            raise refuse("field_missing", at="line")
        return self

    def worked_out(self) -> Quote:
        """The quote, each plan a line a date below the other lines."""
        planned = tuple(line for plan in self.plan for line in plan.lines())
        said = {name: getattr(self, name) for name in Quote.model_fields}
        return Quote.model_construct(**{**said, "line": (*self.line, *planned)})
