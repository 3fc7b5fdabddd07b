"""The closed lists of things the regulation and its figures speak of."""

from __future__ import annotations

from enum import StrEnum


class Item(StrEnum):
    """The rates of art. 2.2.2 and 2.2.4."""

    APPLICATION = "APPLICATION"
    INSPECTION = "INSPECTION"
    HOUR = "HOUR"
    TRIP_BE = "TRIP_BE"
    HOUR_ABROAD = "HOUR_ABROAD"
    KM_CAR = "KM_CAR"
    NIGHT = "NIGHT"

    @property
    def decimals(self) -> int:
        """Decimals of the rate: the km rate keeps four, every other is rounded to the cent (art. 2.2.9)."""
        return 4 if self is Item.KM_CAR else 2


class Cost(StrEnum):
    """What can be charged, or is borne, under art. 2.1 and 2.3.1."""

    APPLICATION = "APPLICATION"
    INFORMATION_MEETING = "INFORMATION_MEETING"
    START_INSPECTION = "START_INSPECTION"
    STANDARD_INSPECTION = "STANDARD_INSPECTION"
    ADDITIONAL_INSPECTION = "ADDITIONAL_INSPECTION"
    SANCTIONAL_INSPECTION = "SANCTIONAL_INSPECTION"
    COMPLAINT_INSPECTION = "COMPLAINT_INSPECTION"
    COUNTER_TEST_SAMPLING = "COUNTER_TEST_SAMPLING"
    WASTED_TRIP = "WASTED_TRIP"
    TRAVEL = "TRAVEL"
    CERTIFICATION_CONTRIBUTION = "CERTIFICATION_CONTRIBUTION"
    EXECUTION_CONTRIBUTION = "EXECUTION_CONTRIBUTION"
    EXTERNAL_LABORATORY = "EXTERNAL_LABORATORY"
    SELF_CONTROL = "SELF_CONTROL"
    SAMPLES = "SAMPLES"
    REPAIRS = "REPAIRS"
    SAMPLE_TRANSPORT = "SAMPLE_TRANSPORT"


class ContributionKind(StrEnum):
    """The contributions that only a specific regulation can define (art. 2.2.3 and 2.2.5)."""

    CERTIFICATION = "CERTIFICATION"
    EXECUTION = "EXECUTION"


class DayType(StrEnum):
    """The kinds of day of art. 2.2.7, in the order in which one is named when several apply.

    ``BUILDERS`` is the construction holiday (nl: bouwverlof, fr: congé du bâtiment).
    """

    HOLIDAY = "HOLIDAY"
    SUNDAY = "SUNDAY"
    BUILDERS = "BUILDERS"
    SATURDAY = "SATURDAY"
    WORKDAY = "WORKDAY"


class Series(StrEnum):
    """The series a record can belong to. Units: index points, euro per km, percent."""

    SALARY_INDEX = "salary_index"
    TRAVEL_ALLOWANCE = "travel_allowance"
    TRAVEL_ALLOWANCE_QUARTERLY = "travel_allowance_quarterly"
    LEGAL_INTEREST_1865 = "legal_interest_1865"
    LEGAL_INTEREST_2002 = "legal_interest_2002"
    VAT_BE = "vat_be"
    VAT_EU_REVERSE = "vat_eu_reverse"
    VAT_EXPORT = "vat_export"


class Status(StrEnum):
    """How certain a figure is; anything but official shows wherever the figure is used."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"
    EXAMPLE = "example"
