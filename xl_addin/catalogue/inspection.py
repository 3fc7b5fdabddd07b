"""One inspection (art. 2.2.2, 2.2.4, 2.2.6, 2.2.7)."""

from __future__ import annotations

from datetime import date

from core.formats import label
from core.rules import art_2_2_2_application as application
from core.rules import art_2_2_4_inspection as inspection
from core.rules import art_2_2_6_wasted_trip as wasted_trip
from core.rules.art_2_2_4_inspection import Inspection
from core.rules.art_2_2_7_factors import factor_at
from core.units import Moment, Unit
from core.vocabulary import DayType
from xl_addin.catalogue import kinds
from xl_addin.catalogue.kinds import may, needs
from xl_addin.catalogue.model import Call, Function


def hours_charged(call: Call, hours: int) -> int:
    """Whole hours charged."""
    return inspection.hours_charged(hours, call.tariff(call.session.today()).hours, call.steps)


def day_type(call: Call, on_date: date, site: str | None, language: str | None) -> str:
    """The name of the kind of day."""
    factors = call.factors(call.tariff(on_date), site, None)
    factors.record_day(on_date, call.steps)
    return label("DAY_TYPE", factors.on(on_date).kind.value, language or call.session.language)


def factor(call: Call, start: Moment, site: str | None, day_type: DayType | None) -> int:
    """The factor at a moment, in halves."""
    return factor_at(call.factors(call.tariff(start.day), site, day_type), start, call.steps)


def application_fee(call: Call, on_date: date | None, applications: int | None, regulation: str | None) -> int:
    """The fee of certification applications, in cents."""
    tariff = call.tariff(on_date or call.session.today(), regulation)
    return application.application_fee(tariff, 1 if applications is None else applications, call.steps)


def performance_fee(
    call: Call, start: Moment, hours: int, site: str | None, day_type: DayType | None, regulation: str | None
) -> int:
    """The performance fee, in cents."""
    tariff = call.tariff(start.day, regulation)
    return inspection.performance_fee(tariff, call.factors(tariff, site, day_type), start, hours, call.steps)


def travel_fee(
    call: Call,
    start: Moment,
    trips: int | None,
    hours_abroad: int | None,
    site: str | None,
    day_type: DayType | None,
    regulation: str | None,
) -> int:
    """The travel fee, in cents."""
    tariff = call.tariff(start.day, regulation)
    factors = call.factors(tariff, site, day_type)
    return inspection.travel_alone(tariff, factors, start, trips, hours_abroad or 0, call.steps)


def transport_cost(call: Call, on_date: date, car_km: int | None, tickets: int | None, regulation: str | None) -> int:
    """Transport abroad, in cents."""
    return inspection.transport_cost(call.tariff(on_date, regulation), car_km or 0, tickets or 0, call.steps)


def stay_fee(call: Call, on_date: date, nights: int, room_cost: int | None, regulation: str | None) -> int:
    """The stay, in cents."""
    return inspection.stay_fee(call.tariff(on_date, regulation), nights, room_cost or 0, call.steps)


def inspection_fee(
    call: Call,
    start: Moment,
    hours: int,
    trips: int | None,
    hours_abroad: int | None,
    car_km: int | None,
    tickets: int | None,
    nights: int | None,
    room_cost: int | None,
    site: str | None,
    day_type: DayType | None,
    regulation: str | None,
) -> int:
    """The whole control contribution, in cents."""
    tariff = call.tariff(start.day, regulation)
    case = Inspection(start, hours, trips, hours_abroad or 0, car_km or 0, tickets or 0, nights or 0, room_cost or 0)
    return inspection.control_contribution(tariff, call.factors(tariff, site, day_type), case, call.steps)


def wasted_trip_fee(
    call: Call,
    start: Moment,
    trips: int | None,
    hours_abroad: int | None,
    car_km: int | None,
    tickets: int | None,
    nights: int | None,
    room_cost: int | None,
    site: str | None,
    day_type: DayType | None,
    regulation: str | None,
) -> int:
    """The charge for a wasted trip, in cents."""
    tariff = call.tariff(start.day, regulation)
    case = Inspection(start, 0, trips, hours_abroad or 0, car_km or 0, tickets or 0, nights or 0, room_cost or 0)
    return wasted_trip.wasted_trip_fee(tariff, call.factors(tariff, site, day_type), case, call.steps)


_WHERE = (may("site", kinds.SITE), may("day_type", kinds.DAY_TYPE))
_REGULATION = may("regulation", kinds.REGULATION)
_JOURNEY = (
    may("trips", kinds.COUNT),
    may("hours_abroad", kinds.HOURS_ABROAD),
    may("car_km", kinds.KILOMETRES),
    may("tickets", kinds.MONEY),
    may("nights", kinds.COUNT),
    may("room_cost", kinds.MONEY),
)

FUNCTIONS = (
    Function(
        "COPRO_HOURS_CHARGED",
        "inspection",
        "2.2.4",
        (needs("hours", kinds.HOURS),),
        hours_charged,
        unit=Unit.NUMBER,
        examples=((3.5,), (3.25,)),
    ),
    Function(
        "COPRO_DAY_TYPE",
        "inspection",
        "2.2.7",
        (needs("on_date", kinds.DATE), may("site", kinds.SITE), may("language", kinds.LANGUAGE)),
        day_type,
        unit=Unit.TEXT,
        examples=(("2023-07-12", "BRUSSEL"), ("2023-05-01",)),
    ),
    Function(
        "COPRO_FACTOR",
        "inspection",
        "2.2.7",
        (needs("start", kinds.MOMENT), *_WHERE),
        factor,
        unit=Unit.FACTOR,
        examples=(("2023-03-06T18:00",), ("2023-03-04T10:00",)),
    ),
    Function(
        "COPRO_APPLICATION_FEE",
        "inspection",
        "2.2.2",
        (may("on_date", kinds.DATE), may("applications", kinds.COUNT), _REGULATION),
        application_fee,
        unit=Unit.EURO,
        clock="on_date",
        examples=(("2023-03-06", 2),),
    ),
    Function(
        "COPRO_PERFORMANCE_FEE",
        "inspection",
        "2.2.4, 2.2.7",
        (needs("start", kinds.MOMENT), needs("hours", kinds.HOURS), *_WHERE, _REGULATION),
        performance_fee,
        unit=Unit.EURO,
        examples=(("2023-03-06T16:30", 3.5), ("2023-03-04T08:00", 2.25)),
    ),
    Function(
        "COPRO_TRAVEL_FEE",
        "inspection",
        "2.2.4, 2.2.7",
        (
            needs("start", kinds.MOMENT),
            may("trips", kinds.COUNT),
            may("hours_abroad", kinds.HOURS_ABROAD),
            *_WHERE,
            _REGULATION,
        ),
        travel_fee,
        unit=Unit.EURO,
        examples=(("2023-03-04T10:00", 1), ("2023-03-06T09:00", 0, 5.5)),
    ),
    Function(
        "COPRO_TRANSPORT_COST",
        "inspection",
        "2.2.4",
        (
            needs("on_date", kinds.DATE),
            may("car_km", kinds.KILOMETRES),
            may("tickets", kinds.MONEY),
            _REGULATION,
        ),
        transport_cost,
        unit=Unit.EURO,
        examples=(("2023-03-06", 412.5, 38.2),),
    ),
    Function(
        "COPRO_STAY_FEE",
        "inspection",
        "2.2.4",
        (
            needs("on_date", kinds.DATE),
            needs("nights", kinds.COUNT),
            may("room_cost", kinds.MONEY),
            _REGULATION,
        ),
        stay_fee,
        unit=Unit.EURO,
        examples=(("2023-03-06", 2, 240),),
    ),
    Function(
        "COPRO_INSPECTION_FEE",
        "inspection",
        "2.2.4, 2.2.7",
        (needs("start", kinds.MOMENT), needs("hours", kinds.HOURS), *_JOURNEY, *_WHERE, _REGULATION),
        inspection_fee,
        unit=Unit.EURO,
        examples=(
            ("2023-03-06T10:00", 3.5),
            ("2023-03-06T16:30", 3.5),
            ("2023-03-06T09:00", 6, None, 7, 640, None, 1, 110),
        ),
    ),
    Function(
        "COPRO_WASTED_TRIP_FEE",
        "inspection",
        "2.2.6",
        (needs("start", kinds.MOMENT), *_JOURNEY, *_WHERE, _REGULATION),
        wasted_trip_fee,
        unit=Unit.EURO,
        examples=(("2023-03-06T10:00",), ("2023-03-05T10:00",)),
    ),
)
