"""Art. 2.2.4: the control contribution for an inspection (nl: keuringsbijdrage, fr: rétribution de contrôle).

It is the sum of a fixed fee for the inspection, the performance fee (an hourly rate: the first hour always, each
further begun hour once half of it is reached), the travel fee (a flat amount for a round trip within Belgium, an
hourly rate abroad), transport (only abroad: kilometres by car, tickets at cost) and the stay (a flat amount a night,
the room at cost). Performance and travel take the factors of art. 2.2.7. Each component is rounded once, on its
total.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from core.calendar import check_clock
from core.errors import ImpossibleValue
from core.numeric import at_least, half_up_div
from core.rules.art_2_2_7_factors import Factors, factor_at, performance_bands, weighted_hours
from core.trace import Step, StepKind, Steps
from core.units import CENTS_PER_EURO, HALVES_PER_FACTOR, HOUR, KILOMETRE, KM_RATE_PER_CENT, MINUTE, Moment, Unit
from core.vocabulary import Item

if TYPE_CHECKING:
    from core.regulation import HourTerms
    from core.tariff import Tariff

HOURS_CHARGED = StepKind(
    "hours_charged",
    "2.2.4",
    "max({1}; ⌊{0} + {2}⌋)",
    (Unit.HOURS, Unit.HOURS, Unit.HOURS, Unit.NUMBER),
    Unit.NUMBER,
    policies=("hours.rounding",),
)
FIXED_FEE = StepKind("fixed_fee", "2.2.4", "{0}", (Unit.EURO,), Unit.EURO, policies=("factor.fixed_fee",))
PERFORMANCE_FEE = StepKind(
    "performance_fee",
    "2.2.4",
    "{0} × {1}",
    (Unit.EURO, Unit.FACTOR),
    Unit.EURO,
    rounding=True,
    policies=("rounding",),
)


def _travel_kinds(unit: Unit) -> tuple[StepKind, StepKind]:
    """Trips in Belgium and travel abroad: rounded when one of them is the whole fee, exact when they are added up."""
    rounded = unit is Unit.EURO
    rounding = ("rounding",) if rounded else ()
    trips = StepKind(
        "trips_belgium",
        "2.2.4",
        "{0} × {1} × {2}",
        (Unit.NUMBER, Unit.EURO, Unit.FACTOR),
        unit,
        rounding=rounded,
        policies=("factor.flat_trip", *rounding),
    )
    abroad = StepKind(
        "travel_abroad",
        "2.2.4",
        "{0} × {1} × {2}",
        (Unit.HOURS, Unit.EURO, Unit.FACTOR),
        unit,
        rounding=rounded,
        policies=("factor.hours_abroad", "index.hours_abroad", *rounding),
    )
    return trips, abroad


TRIPS_BELGIUM, TRAVEL_ABROAD = _travel_kinds(Unit.EURO)
TRIPS_BELGIUM_PART, TRAVEL_ABROAD_PART = _travel_kinds(Unit.EXACT_EURO)
TRAVEL_FEE = StepKind(
    "travel_fee",
    "2.2.4",
    "{0} + {1}",
    (Unit.EXACT_EURO, Unit.EXACT_EURO),
    Unit.EURO,
    rounding=True,
    policies=("rounding",),
)
CAR_COST = StepKind(
    "car_cost",
    "2.2.4",
    "{0} × {1}",
    (Unit.KILOMETRES, Unit.EURO_PER_KM),
    Unit.EURO,
    rounding=True,
    policies=("rounding",),
)
TRANSPORT_COST = StepKind("transport_cost", "2.2.4", "{0} + {1}", (Unit.EURO, Unit.EURO), Unit.EURO)
STAY_FEE = StepKind("stay_fee", "2.2.4", "{0} × {1} + {2}", (Unit.NUMBER, Unit.EURO, Unit.EURO), Unit.EURO)
CONTROL_CONTRIBUTION = StepKind(
    "control_contribution", "2.2.4", "{0} + {1} + {2} + {3} + {4}", (Unit.EURO,) * 5, Unit.EURO
)


class Inspection(NamedTuple):
    """One inspection as performed or planned.

    Attributes:
        start: when the performance begins; its date decides the tariff year.
        presence: microseconds present.
        trips: round trips within Belgium; ``None``: one, unless there is travel abroad.
        travel_abroad: microseconds of travel abroad, counted from Brussels.
        car: millimetres by car abroad.
        tickets: cents of train, plane and other tickets abroad, at cost.
        nights: nights away.
        room: cents of rooms with breakfast, at cost.
    """

    start: Moment
    presence: int
    trips: int | None = None
    travel_abroad: int = 0
    car: int = 0
    tickets: int = 0
    nights: int = 0
    room: int = 0


def whole_hours(presence: int, terms: HourTerms) -> int:
    """Hours charged for ``presence`` microseconds (an ``int`` or an array): the first always, then from half on."""
    begun = HOUR - terms.begun_hour_from_minutes * MINUTE
    return at_least((presence + begun) // HOUR, terms.first)


def hours_charged(presence: int, terms: HourTerms, steps: Steps) -> int:
    """Whole hours charged for one inspection.

    Raises:
        ImpossibleValue: no presence at all, or longer than an inspection lasts.
    """
    if presence <= 0:
        raise ImpossibleValue("hours_not_positive")
    if presence > terms.longest * HOUR:
        raise ImpossibleValue("hours_too_many", longest=terms.longest)
    hours = whole_hours(presence, terms)
    counted_from = terms.begun_hour_from_minutes
    operands = (presence, terms.first * HOUR, HOUR - counted_from * MINUTE, counted_from)
    steps.append(Step(HOURS_CHARGED, operands, hours))
    return hours


def fixed_fee(tariff: Tariff, steps: Steps) -> int:
    """The fixed fee of an inspection (vaste vergoeding, indemnité fixe), in cents; no factor applies."""
    rate = tariff.rate(Item.INSPECTION, steps)
    steps.append(Step(FIXED_FEE, (rate,), rate))
    return rate


def performance_fee(tariff: Tariff, factors: Factors, start: Moment, presence: int, steps: Steps) -> int:
    """The performance fee (prestatievergoeding, indemnité de prestation), in cents.

    Raises:
        ImpossibleValue: impossible hours, or a time the clock skips.
        NotAvailable: an index, or the construction holidays of the site, are not recorded.
    """
    steps += tariff.departed("hours")
    charged = hours_charged(presence, tariff.hours, steps)
    check_clock(start)
    rate = tariff.rate(Item.HOUR, steps)
    weight = weighted_hours(factors, tariff.policies["hours.bands"], start, presence, charged, steps)
    fee = performance_cents(rate, weight.numerator, weight.denominator)
    steps.append(Step(PERFORMANCE_FEE, (rate, weight), fee))
    return fee


def performance_cents(rate: int, weight: int, parts: int = 1) -> int:
    """Cents for hours that weigh ``weight / parts`` halves at ``rate``: rounded once (an ``int`` or an array)."""
    return half_up_div(rate * weight, HALVES_PER_FACTOR * parts)


def usual_trips(travel_abroad: int) -> int:
    """The round trips when none are given: one within Belgium unless there is travel abroad; ``int`` or array."""
    return (travel_abroad == 0) * 1


def round_trips(trips: int | None, travel_abroad: int) -> int:
    """The round trips meant: those given, else the usual ones."""
    return usual_trips(travel_abroad) if trips is None else trips


def travel_fee(
    tariff: Tariff, factors: Factors, start: Moment, trips: int, travel_abroad: int, halves: int, steps: Steps
) -> int:
    """The travel fee (verplaatsingsvergoeding, indemnité de déplacement), in cents: rounded once, on its total.

    Args:
        tariff, factors, start: as for the performance.
        trips: round trips within Belgium, transport included.
        travel_abroad: microseconds of travel abroad, as they are, not rounded to hours.
        halves: the factor for a flat trip (`flat_trip_factor`).
        steps: where the steps are recorded.
    """
    exact: list[int] = []
    found: list[tuple[StepKind, StepKind, tuple[int, int, int]]] = []
    if trips:
        rate = tariff.rate(Item.TRIP_BE, steps)
        exact.append(trips_exact(trips, rate, halves))
        found.append((TRIPS_BELGIUM, TRIPS_BELGIUM_PART, (trips, rate, halves)))
    if travel_abroad:
        rate = tariff.rate(Item.HOUR_ABROAD, steps)
        factor = abroad_factor(tariff, factors, start)
        exact.append(abroad_exact(travel_abroad, rate, factor))
        found.append((TRAVEL_ABROAD, TRAVEL_ABROAD_PART, (travel_abroad, rate, factor)))
    fee = travel_cents(sum(exact))
    if len(found) == 1:
        steps.append(Step(found[0][0], found[0][2], fee))
    elif found:
        parts = tuple(Fraction(part, TRAVEL_PER_CENT * CENTS_PER_EURO) for part in exact)
        steps += [Step(kind, operands, part) for (_, kind, operands), part in zip(found, parts, strict=True)]
        steps.append(Step(TRAVEL_FEE, parts, fee))
    return fee


TRAVEL_PER_CENT = HALVES_PER_FACTOR * HOUR
"""Travel is held in cents / `TRAVEL_PER_CENT` until it is rounded: cents × halves × microseconds are whole."""


def trips_exact(trips: int, rate: int, halves: int) -> int:
    """Round trips at ``rate``, in cents / `TRAVEL_PER_CENT`; ``int`` or array."""
    return trips * rate * halves * HOUR


def abroad_exact(travel_abroad: int, rate: int, halves: int) -> int:
    """Microseconds of travel abroad at ``rate`` an hour, in cents / `TRAVEL_PER_CENT`; ``int`` or array."""
    return travel_abroad * rate * halves


def travel_cents(exact: int) -> int:
    """A travel fee in cents, rounded once, on its total; ``int`` or array."""
    return half_up_div(exact, TRAVEL_PER_CENT)


def flat_trip_factor(tariff: Tariff, factors: Factors, start: Moment, presence: int | None = None) -> int:
    """The factor for a flat trip, in halves, as the policy ``factor.flat_trip`` says.

    ``presence`` is that of the inspection, in microseconds; it matters to the setting ``highest`` only, and where it is
    not known the start decides.
    """
    policy = tariff.policies["factor.flat_trip"]
    if policy == "none":
        return HALVES_PER_FACTOR
    if policy == "highest" and presence is not None:
        charged = whole_hours(presence, tariff.hours)
        bands = performance_bands(factors, tariff.policies["hours.bands"], start, presence, charged)
        return max(band.halves for band in bands)
    return factors.at(start)


def abroad_factor(tariff: Tariff, factors: Factors, start: Moment) -> int:
    """The factor for hours of travel abroad, in halves, as the policy ``factor.hours_abroad`` says."""
    return HALVES_PER_FACTOR if tariff.policies["factor.hours_abroad"] == "none" else factors.at(start)


def car_cents(rate: int, car: int) -> int:
    """Cents for ``car`` millimetres at ``rate`` (1/10 000 euro a kilometre): rounded once, on the total."""
    return half_up_div(rate * car, KILOMETRE * KM_RATE_PER_CENT)


def transport_cost(tariff: Tariff, car: int, tickets: int, steps: Steps) -> int:
    """Transport abroad (vervoerskosten, frais de transport), in cents: the car to the cent, plus tickets at cost."""
    cost = 0
    if car:
        rate = tariff.rate(Item.KM_CAR, steps)
        cost = car_cents(rate, car)
        steps.append(Step(CAR_COST, (car, rate), cost))
    if tickets:
        steps.append(Step(TRANSPORT_COST, (cost, tickets), cost + tickets))
    return cost + tickets


def stay_cents(nights: int, rate: int, room: int) -> int:
    """Cents for ``nights`` at ``rate`` and rooms at cost; ``int`` or array."""
    return nights * rate + room


def stay_fee(tariff: Tariff, nights: int, room: int, steps: Steps) -> int:
    """The stay (verblijfsvergoeding, indemnité de séjour), in cents: a flat amount a night, plus the room at cost."""
    if not nights and not room:
        return 0
    rate = tariff.rate(Item.NIGHT, steps)
    fee = stay_cents(nights, rate, room)
    steps.append(Step(STAY_FEE, (nights, rate, room), fee))
    return fee


def control_contribution(
    tariff: Tariff, factors: Factors, case: Inspection, steps: Steps, *, with_fixed_fee: bool = True
) -> int:
    """The whole contribution for one inspection, in cents.

    Raises:
        ImpossibleValue: impossible hours, or kilometres or tickets without travel abroad.
        NotAvailable: an index, an allowance or construction holidays are not recorded.
    """
    if (case.car or case.tickets) and not case.travel_abroad:
        raise ImpossibleValue("transport_in_belgium")
    fixed = fixed_fee(tariff, steps) if with_fixed_fee else 0
    performance = performance_fee(tariff, factors, case.start, case.presence, steps)
    travel = inspection_travel(tariff, factors, case, steps)
    transport = transport_cost(tariff, case.car, case.tickets, steps)
    stay = stay_fee(tariff, case.nights, case.room, steps)
    total = fixed + performance + travel + transport + stay
    steps.append(Step(CONTROL_CONTRIBUTION, (fixed, performance, travel, transport, stay), total))
    return total


def inspection_travel(tariff: Tariff, factors: Factors, case: Inspection, steps: Steps) -> int:
    """The travel fee of an inspection, in cents."""
    trips = round_trips(case.trips, case.travel_abroad)
    if not trips and not case.travel_abroad:
        return 0
    halves = flat_trip_factor(tariff, factors, case.start, case.presence)
    return travel_fee(tariff, factors, case.start, trips, case.travel_abroad, halves, steps)


def travel_alone(
    tariff: Tariff, factors: Factors, start: Moment, trips: int | None, travel_abroad: int, steps: Steps
) -> int:
    """The travel fee when only the travel is asked for: the factor is that of the start."""
    trips = round_trips(trips, 0)
    factor_at(factors, start, steps)
    halves = flat_trip_factor(tariff, factors, start)
    return travel_fee(tariff, factors, start, trips, travel_abroad, halves, steps)
