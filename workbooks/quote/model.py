"""What is quoted: the customer, the terms and the lines, as an input file or a filled-in workbook says it.

Amounts are euro without VAT, durations decimal hours, distances kilometres. A field that has no meaning for the kind of
its line is an error, so that nothing written is silently left out of the price.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationInfo, field_validator
from pydantic import model_validator as checked

from core.codes import code_named
from core.errors import InputError
from core.formats import Named
from core.records import Number, Strict, refuse
from core.vocabulary import ContributionKind, Cost

LONGEST: Final = 500
"""Characters of a text in a quote."""
MOST_LINES: Final = 500
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

_UNPRICED: Final[Mapping[Cost, str]] = {
    Cost.TRAVEL: "quote_kind_travel",
    Cost.EXTERNAL_LABORATORY: "quote_kind_laboratory",
    Cost.SELF_CONTROL: "quote_kind_borne",
    Cost.SAMPLES: "quote_kind_borne",
    Cost.REPAIRS: "quote_kind_borne",
    Cost.SAMPLE_TRANSPORT: "quote_kind_borne",
}

JOURNEY: Final = ("trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost", "site", "day_type")
_FIELDS: Final[Mapping[Pricing, frozenset[str]]] = {
    Pricing.APPLICATION: frozenset({"date"}),
    Pricing.CONTRIBUTION: frozenset({"date"}),
    Pricing.INSPECTION: frozenset({"start", "hours", *JOURNEY}),
    Pricing.WASTED_TRIP: frozenset({"start", *JOURNEY}),
}
_NEEDED: Final[Mapping[Pricing, tuple[str, ...]]] = {
    Pricing.APPLICATION: ("date",),
    Pricing.CONTRIBUTION: ("date",),
    Pricing.INSPECTION: ("start", "hours"),
    Pricing.WASTED_TRIP: ("start",),
}


# --- what a field can hold -----------------------------------------------------------------------------------------


def _words(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise refuse("quote_text_expected", longest=LONGEST)
    return value.strip()


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise refuse("quote_day_expected", value=str(value)[:80])
    return value


def _moment(value: object) -> date:
    """A date, or a date and time in whole minutes, which a sheet holds without loss."""
    if not isinstance(value, datetime):
        return _day(value)
    if value.tzinfo is not None:
        raise refuse("date_with_zone", value=str(value))
    if value.second or value.microsecond:
        raise refuse("quote_whole_minutes", value=str(value))
    if not value.hour and not value.minute:
        raise refuse("quote_midnight", value=str(value))
    return value


def _at_most(decimals: int) -> AfterValidator:
    def check(value: Decimal) -> Decimal:
        if value != round(value, decimals):
            raise refuse("too_many_decimals", value=str(value), decimals=decimals)
        return value

    return AfterValidator(check)


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise refuse("whole_number_expected", value=str(value))
    return int(value)


def _code(group: str) -> BeforeValidator:
    def read(value: object) -> str:
        try:
            return code_named(group, _words(value))
        except InputError as error:
            raise refuse(error.key, **error.details) from None

    return BeforeValidator(read)


def _kind(value: object) -> Cost:
    known = ", ".join(PRICING)
    try:
        kind = Cost(code_named("COST", _words(value)))
    except InputError:
        raise refuse("code_unknown", value=str(value)[:80], known=known) from None
    if kind in _UNPRICED:
        raise refuse(_UNPRICED[kind], kind=Named("COST", kind.value))
    return kind


Words = Annotated[str, PlainValidator(_words)]
Day = Annotated[date, PlainValidator(_day)]
Moment = Annotated[date, PlainValidator(_moment)]
Money = Annotated[Number, _at_most(2)]
Measure = Annotated[Number, _at_most(6)]
Count = Annotated[Number, AfterValidator(_whole)]


# --- the quote -----------------------------------------------------------------------------------------------------


class Line(Strict):
    """One thing quoted.

    Attributes:
        kind: what it is; told by code or by its name in any language.
        description: in the customer's own words.
        quantity: how many of them; for a contribution the quantity it is owed for.
        start: when an inspection begins; a date without a time is during normal hours.
        date: of an application's receipt, or of a contribution.
        hours: of presence, decimal.
        trips: Belgian round trips; one when nothing is said and no hours abroad are.
        hours_abroad, car_km, tickets: travel outside Belgium.
        nights, room_cost: of a stay, the room at cost.
        site: the construction-holiday calendar, when it is not that of the quote.
        day_type: overrides the calendar.
    """

    kind: Annotated[Cost, PlainValidator(_kind)]
    description: Words | None = None
    quantity: Measure = Decimal(1)
    start: Moment | None = None
    date: Day | None = None
    hours: Measure | None = None
    trips: Count | None = None
    hours_abroad: Measure | None = None
    car_km: Measure | None = None
    tickets: Money | None = None
    nights: Count | None = None
    room_cost: Money | None = None
    site: Annotated[str, _code("SITE")] | None = None
    day_type: Annotated[str, _code("DAY_TYPE")] | None = None

    @field_validator("start", "date", "hours", *JOURNEY, mode="before")
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
        if not value:
            raise refuse("number_not_above_zero", value="0")
        if kind is not None and PRICING[kind] is not Pricing.CONTRIBUTION:
            _whole(value)
        return value

    @checked(mode="after")
    def _complete(self) -> Self:
        for name in _NEEDED[self.pricing]:
            if getattr(self, name) is None:
                raise refuse("quote_field_needed", kind=Named("COST", self.kind.value), needed=name)
        return self

    @property
    def pricing(self) -> Pricing:
        """How it is priced."""
        return PRICING[self.kind]

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


class Customer(Strict):
    """Whom the quote is for."""

    name: Words
    address: Annotated[tuple[Words, ...], Field(max_length=MOST_ADDRESS_LINES)] = ()
    vat_number: Words | None = None
    reference: Words | None = None


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
    """

    number: Words
    date: Day
    valid_until: Day | None = None
    language: Annotated[str, _code("LANGUAGE")]
    regulation: Words | None = None
    site: Annotated[str, _code("SITE")] | None = None
    vat: Annotated[str, _code("CUSTOMER")] = "BE"
    customer: Customer
    line: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST_LINES)]

    @field_validator("valid_until")
    @classmethod
    def _in_order(cls, value: Day | None, info: ValidationInfo) -> Day | None:
        quoted_on = info.data.get("date")
        if value is not None and quoted_on is not None and value < quoted_on:
            raise refuse("quote_lapsed", date=quoted_on, valid_until=value)
        return value
