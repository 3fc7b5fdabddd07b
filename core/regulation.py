"""A tariff regulation as data: the general one, and the specific ones that depart from it (art. 1.4).

A general regulation holds every rate and term. A specific one (nl: Bijzonder Certificatiereglement or specifiek
Tariefreglement, fr: Règlement spécial de certification or Règlement de tarif spécifique) names, article by article,
what it replaces and from when.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from core.policies import FourLanguages, check_setting
from core.records import Day, Number, Strict, Text, refuse
from core.units import HALVES_PER_FACTOR, HOUR, MINUTE, POINTS_PER_PERCENT
from core.vocabulary import ContributionKind, Cost, DayType, Item, Status

Index = Literal["salary", "travel", "none"]
PaidTo = Literal["certification_body", "performing_body", "laboratory", "nobody"]
Phase = Literal["application", "application_period", "certificate", "any"]
WholeNumber = Annotated[int, Field(strict=True, ge=0)]


def _at_most_decimals(value: Decimal, decimals: int) -> Decimal:
    if value != round(value, decimals):
        raise refuse("too_many_decimals", value=str(value), decimals=decimals)
    return value


Cents = Annotated[Number, AfterValidator(lambda value: _at_most_decimals(value, 2))]


def _whole_halves(value: Decimal) -> Decimal:
    if value * HALVES_PER_FACTOR != int(value * HALVES_PER_FACTOR) or not 1 <= value <= 10:
        raise refuse("factor_not_half", value=str(value))
    return value


Half = Annotated[Number, AfterValidator(_whole_halves)]


class Rate(Strict):
    """A base rate: euro, without VAT, before indexation."""

    code: Item
    article: Text
    base: Number
    index: Index

    @model_validator(mode="after")
    def _precise(self) -> Self:
        _at_most_decimals(self.base, self.code.decimals)
        return self


class FactorPair(Strict):
    """The factors of one kind of day, by day and by night."""

    day: Half
    night: Half

    @property
    def halves(self) -> tuple[int, int]:
        """Both in halves."""
        return int(self.day * HALVES_PER_FACTOR), int(self.night * HALVES_PER_FACTOR)


class FactorTable(Strict):
    """The table of art. 2.2.7 and the hours of the night."""

    night_from: time
    night_until: time
    WORKDAY: FactorPair
    SATURDAY: FactorPair
    SUNDAY: FactorPair
    HOLIDAY: FactorPair
    BUILDERS: FactorPair

    @model_validator(mode="after")
    def _night_around_midnight(self) -> Self:
        whole_minutes = not any(clock.second or clock.microsecond for clock in (self.night_from, self.night_until))
        if not (whole_minutes and time.min < self.night_until < self.night_from):
            raise refuse("night_impossible")
        return self

    def pair(self, kind: DayType) -> FactorPair:
        """The factors of one kind of day."""
        pair: FactorPair = getattr(self, kind.value)
        return pair


def microseconds(clock: time) -> int:
    """A time of day in microseconds since midnight."""
    return clock.hour * HOUR + clock.minute * MINUTE


class HourTerms(Strict):
    """How presence becomes charged hours (art. 2.2.4), and a wasted trip's presence (art. 2.2.6)."""

    first: Annotated[WholeNumber, Field(ge=1, le=24)]
    begun_hour_from_minutes: Annotated[WholeNumber, Field(ge=1, le=60)]
    longest: Annotated[WholeNumber, Field(ge=1, le=24)]
    wasted_trip: Annotated[WholeNumber, Field(ge=1, le=24)]


class PaymentTerms(Strict):
    """The figures of art. 2.3.2: days, percentage points, percent, euro."""

    term_days: WholeNumber
    interest_margin: Cents
    lump_sum_percent: Cents
    lump_sum_minimum: Cents
    notice_days: WholeNumber

    @property
    def margin_points(self) -> int:
        """The margin on the statutory rate, in 1/100 of a percent."""
        return int(self.interest_margin * POINTS_PER_PERCENT)

    @property
    def lump_sum_points(self) -> int:
        """The lump sum, in 1/100 of a percent of the amount overdue."""
        return int(self.lump_sum_percent * POINTS_PER_PERCENT)


class CostRule(Strict):
    """What one cost is: when it is owed, which article prices it, and to whom it is paid."""

    code: Cost
    phase: Phase
    phase_article: Text
    priced_by: Text
    paid_to: PaidTo
    payer_article: Text


class _Regulation(Strict):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$")]
    title: FourLanguages
    source: Text
    status: Status


def _each_once(codes: Iterable[StrEnum], expected: type[StrEnum]) -> None:
    listed = list(codes)
    wrong = [code for code in expected if listed.count(code) != 1]
    if wrong:
        raise refuse("not_exactly_once", value=wrong[0].value)


class GeneralRegulation(_Regulation):
    """A general tariff regulation: every rate and every term, from a day on."""

    kind: Literal["general"]
    valid_from: Day
    base_year: WholeNumber
    rate: tuple[Rate, ...]
    hours: HourTerms
    factors: FactorTable
    payment: PaymentTerms
    cost: tuple[CostRule, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _each_once((rate.code for rate in self.rate), Item)
        _each_once((cost.code for cost in self.cost), Cost)
        return self


class _Departure(Strict):
    """Something a specific regulation says instead of the general one: which article, from when."""

    article: Text
    valid_from: Day


class RateOverride(Rate, _Departure):
    """A rate of its own, with the year whose price level it is."""

    base_year: WholeNumber = 2023


class PolicyOverride(_Departure):
    """A reading the specific regulation fixes."""

    id: Text
    setting: Text

    @model_validator(mode="after")
    def _known(self) -> Self:
        check_setting(self.id, self.setting)
        return self


class PayerOverride(_Departure):
    """Another party to whom a cost is paid."""

    cost: Cost
    paid_to: PaidTo


class FactorOverride(_Departure):
    """Other factors for a kind of day."""

    day_type: DayType
    factors: FactorPair


class HoursOverride(_Departure):
    """Another way to count hours."""

    hours: HourTerms


class PaymentOverride(_Departure):
    """Other payment terms."""

    payment: PaymentTerms


class Tier(Strict):
    """Units up to and including ``up_to`` (the last tier has no end), and euro a unit for those within it."""

    up_to: Number | None = None
    per_unit: Number


class Contribution(_Departure):
    """A contribution of art. 2.2.3 or 2.2.5: a flat amount, an amount a unit or in tiers, within bounds.

    With ``period``, the quantity counts periods, and both amounts are owed for each. Tiers are graduated: each unit at
    the price of its own tier.
    """

    kind: ContributionKind
    base_year: WholeNumber = 2023
    index: Index
    period: Literal["year", "half-year", "quarter", "month"] | None = None
    flat: Cents = Decimal(0)
    per_unit: Number | None = None
    tiers: tuple[Tier, ...] = ()
    decimals: Annotated[WholeNumber, Field(ge=2, le=6)] = 2
    minimum: Cents | None = None
    maximum: Cents | None = None

    @model_validator(mode="after")
    def _computable(self) -> Self:
        if not self.flat and self.per_unit is None and not self.tiers:
            raise refuse("contribution_empty")
        if self.per_unit is not None and self.tiers:
            raise refuse("contribution_twice")
        ends = [tier.up_to for tier in self.tiers]
        closed = [end for end in ends[:-1] if end is not None]
        if ends and (ends[-1] is not None or len(closed) != len(ends) - 1 or closed != sorted(set(closed))):
            raise refuse("tiers_out_of_order")
        if self.period and (self.tiers or self.minimum is not None or self.maximum is not None):
            raise refuse("period_with_bounds")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise refuse("bounds_reversed")
        for price in (self.per_unit, *(tier.per_unit for tier in self.tiers)):
            if price is not None:
                _at_most_decimals(price, self.decimals)
        return self


class SpecificRegulation(_Regulation):
    """What one file says instead of the general regulation; several files may make up one regulation."""

    kind: Literal["specific"]
    rate: tuple[RateOverride, ...] = ()
    policy: tuple[PolicyOverride, ...] = ()
    payer: tuple[PayerOverride, ...] = ()
    factor: tuple[FactorOverride, ...] = ()
    hours: tuple[HoursOverride, ...] = ()
    payment: tuple[PaymentOverride, ...] = ()
    contribution: tuple[Contribution, ...] = ()


class RegulationFile(BaseModel):
    """Either kind of regulation, told apart by ``kind``."""

    NAMES_IN_FRONT: ClassVar[int] = 2
    """How many names of ours pydantic puts before those of the file: ``regulation`` and the kind."""

    regulation: Annotated[GeneralRegulation | SpecificRegulation, Field(discriminator="kind")]

    @model_validator(mode="before")
    @classmethod
    def _whole_file(cls, tables: object) -> object:
        return {"regulation": tables}
