"""What is quoted: the customer, the works, the terms and the lines, as an input file or a filled-in workbook says it.

Amounts are euro without VAT, durations decimal hours, distances kilometres. A field that has no meaning for the kind of
its line is an error, so that nothing written is silently left out of the price.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Final, Self

from pydantic import Field, StrictBool, ValidationInfo, field_validator
from pydantic import model_validator as checked

from core.codes import folded
from core.formats import Named
from core.records import Strict, refuse
from core.vocabulary import ContributionKind, Cost
from workbooks.quote.fields import (
    Count,
    Day,
    Measure,
    Moment,
    Money,
    Name,
    Several,
    Words,
    above_zero,
    code,
    kind_of,
    whole,
)

MOST_LINES: Final = 500
MOST_WORKS: Final = 20
MOST_ADDRESS_LINES: Final = 4


class Pricing(Enum):
    """How a kind of line is priced."""

    APPLICATION = "application"
    CONTRIBUTION = "contribution"
    INSPECTION = "inspection"
    WASTED_TRIP = "wasted trip"


PRICING: Final[Mapping[Cost, Pricing]] = {
    Cost.APPLICATION: Pricing.APPLICATION,
    Cost.INFORMATION_MEETING: Pricing.INSPECTION,
    Cost.START_INSPECTION: Pricing.INSPECTION,
    Cost.STANDARD_INSPECTION: Pricing.INSPECTION,
    Cost.ADDITIONAL_INSPECTION: Pricing.INSPECTION,
    Cost.SANCTIONAL_INSPECTION: Pricing.INSPECTION,
    Cost.COMPLAINT_INSPECTION: Pricing.INSPECTION,
    Cost.COUNTER_TEST_SAMPLING: Pricing.INSPECTION,
    Cost.WASTED_TRIP: Pricing.WASTED_TRIP,
    Cost.CERTIFICATION_CONTRIBUTION: Pricing.CONTRIBUTION,
    Cost.EXECUTION_CONTRIBUTION: Pricing.CONTRIBUTION,
}
"""The kinds of line that have a price, and how it is made."""

CONTRIBUTIONS: Final[Mapping[Cost, ContributionKind]] = {
    Cost.CERTIFICATION_CONTRIBUTION: ContributionKind.CERTIFICATION,
    Cost.EXECUTION_CONTRIBUTION: ContributionKind.EXECUTION,
}

DATED: Final = frozenset({Pricing.APPLICATION, Pricing.CONTRIBUTION})
"""What has a date and no time of day."""
JOURNEY: Final = ("trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost", "site", "day_type")
_VISIT: Final = ("start", "time", "inspectors", *JOURNEY)
_FIELDS: Final[Mapping[Pricing, frozenset[str]]] = {
    Pricing.APPLICATION: frozenset({"date"}),
    Pricing.CONTRIBUTION: frozenset({"date"}),
    Pricing.INSPECTION: frozenset({"hours", *_VISIT}),
    Pricing.WASTED_TRIP: frozenset(_VISIT),
}
_NEEDED: Final[Mapping[Pricing, tuple[str, ...]]] = {
    Pricing.APPLICATION: ("date",),
    Pricing.CONTRIBUTION: ("date",),
    Pricing.INSPECTION: ("start", "hours"),
    Pricing.WASTED_TRIP: ("start",),
}


class Item(Strict):
    """What a line says, whenever it takes place.

    Attributes:
        kind: what it is; told by code or by its name in any language.
        description: in the customer's own words.
        work: the name of the site or execution it belongs to.
        optional: whether the customer may still leave it out; then it is in no total but its own.
        quantity: how many of them; for a contribution the quantity it is owed for.
        hours: of presence, decimal.
        inspectors: how many come; each is charged as an inspection of his own.
        trips: Belgian round trips of one inspector; one when nothing is said and no hours abroad are.
        hours_abroad, car_km, tickets: travel outside Belgium.
        nights, room_cost: of a stay, the room at cost.
        site: the construction-holiday calendar, when it is not that of the work or the quote.
        day_type: overrides the calendar.
    """

    kind: Annotated[Cost, kind_of(lambda: PRICING)]
    description: Words | None = None
    work: Words | None = None
    optional: StrictBool = False
    quantity: Measure = Decimal(1)
    hours: Measure | None = None
    inspectors: Several | None = None
    trips: Count | None = None
    hours_abroad: Measure | None = None
    car_km: Measure | None = None
    tickets: Money | None = None
    nights: Count | None = None
    room_cost: Money | None = None
    site: Annotated[str, code("SITE")] | None = None
    day_type: Annotated[str, code("DAY_TYPE")] | None = None

    @field_validator("start", "time", "date", "hours", "inspectors", *JOURNEY, mode="before", check_fields=False)
    @classmethod
    def _belongs(cls, value: object, info: ValidationInfo) -> object:
        kind = info.data.get("kind")
        if kind is not None and value is not None and info.field_name not in _FIELDS[PRICING[kind]]:
            known = ", ".join(name for name in cls.model_fields if name in _FIELDS[PRICING[kind]])
            raise refuse("quote_field_foreign", kind=Named("COST", kind.value), known=known)
        return value

    @field_validator("quantity")
    @classmethod
    def _countable(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        kind = info.data.get("kind")
        above_zero(value)
        if kind is not None and PRICING[kind] is not Pricing.CONTRIBUTION:
            whole(value)
        return value

    @property
    def pricing(self) -> Pricing:
        """How it is priced."""
        return PRICING[self.kind]

    def needs(self, *names: str) -> None:
        """Checks that these fields are filled in.

        Raises:
            PydanticCustomError: one is not.
        """
        for name in names:
            if getattr(self, name) is None:
                raise refuse("quote_field_needed", kind=Named("COST", self.kind.value), needed=name)


class Line(Item):
    """One thing quoted.

    Attributes:
        start: when an inspection begins; a date without a time is during normal hours.
        date: of an application's receipt, or of a contribution.
    """

    start: Moment | None = None
    date: Day | None = None

    @checked(mode="after")
    def _complete(self) -> Self:
        self.needs(*_NEEDED[self.pricing])
        return self

    @property
    def when(self) -> Moment:
        """When it takes place; a ``datetime`` where the time of day is known."""
        moment = self.start or self.date
        assert moment is not None
        return moment

    @property
    def day(self) -> Day:
        """The day it takes place."""
        return self.when.date() if isinstance(self.when, datetime) else self.when

    @property
    def times(self) -> int:
        """How often its price of one is charged; once for a contribution, which is computed on its quantity."""
        return 1 if self.pricing is Pricing.CONTRIBUTION else int(self.quantity) * int(self.inspectors or 1)


class Customer(Strict):
    """Whom the quote is for."""

    name: Words
    address: Annotated[tuple[Words, ...], Field(max_length=MOST_ADDRESS_LINES)] = ()
    vat_number: Words | None = None
    reference: Words | None = None


class Work(Strict):
    """A site, or an execution, that lines belong to.

    Attributes:
        name: that lines call it by.
        description: what is executed there.
        site: its construction-holiday calendar, when it is not that of the quote.
    """

    name: Name
    description: Words | None = None
    site: Annotated[str, code("SITE")] | None = None


class Quote(Strict):
    """A quote.

    Attributes:
        number: of the quote.
        date: of the quote.
        valid_until: the last day it can be accepted.
        language: nl, fr, de or en.
        regulation: id of a specific regulation; the general one when nothing is said.
        site: the construction-holiday calendar of its lines; the installation's own when nothing is said.
        vat: the customer as VAT sees him: BE, EU_REVERSE or EXPORT.
        customer: whom it is for.
        work: the sites and executions it covers.
        line: what is quoted.
    """

    number: Words
    date: Day
    valid_until: Day | None = None
    language: Annotated[str, code("LANGUAGE")]
    regulation: Words | None = None
    site: Annotated[str, code("SITE")] | None = None
    vat: Annotated[str, code("CUSTOMER")] = "BE"
    customer: Customer
    work: Annotated[tuple[Work, ...], Field(max_length=MOST_WORKS)] = ()
    line: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST_LINES)]

    @field_validator("valid_until")
    @classmethod
    def _in_order(cls, value: Day | None, info: ValidationInfo) -> Day | None:
        quoted_on = info.data.get("date")
        if value is not None and quoted_on is not None and value < quoted_on:
            raise refuse("quote_lapsed", date=quoted_on, valid_until=value)
        return value

    @field_validator("work")
    @classmethod
    def _different(cls, value: tuple[Work, ...]) -> tuple[Work, ...]:
        seen: set[str] = set()
        for position, work in enumerate(value):
            if folded(work.name) in seen:
                raise refuse("quote_work_twice", work=work.name, at=position)
            seen.add(folded(work.name))
        return value

    @field_validator("line", "plan", check_fields=False)
    @classmethod
    def _of_known_works(cls, value: tuple[Item, ...], info: ValidationInfo) -> tuple[Item, ...]:
        """Every line's work is one of the quote's, and from here on spelled as it is there."""
        if "work" not in info.data:
            return value
        names = {folded(work.name): work.name for work in info.data["work"]}
        found = []
        for position, item in enumerate(value):
            if item.work is not None and folded(item.work) not in names:
                raise refuse("quote_work_unknown", work=item.work, known=", ".join(names.values()) or "–", at=position)
            found.append(item.model_copy(update={"work": names[folded(item.work)]}) if item.work else item)
        return tuple(found)

    def work_of(self, item: Item) -> Work | None:
        """The work an item belongs to, if it belongs to any."""
        return next((work for work in self.work if work.name == item.work), None)

    def site_of(self, item: Item) -> str | None:
        """The construction-holiday calendar that holds for it."""
        work = self.work_of(item)
        return item.site or (work.site if work else None) or self.site
