"""Inspections and wasted trips by the column (art. 2.2.2, 2.2.4, 2.2.6, 2.2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from core.batch.breakdown import Breakdown
from core.batch.columns import MOST_COUNTED, ColumnRule, Ints, Mask, either, not_negative, within
from core.batch.ready import Ready
from core.batch.situations import Place, Situations, moment
from core.batch.tables import Rows, Tables, usual_travel
from core.errors import InputError
from core.rules import art_2_2_4_inspection as rules
from core.rules.art_2_2_2_application import application_fee
from core.rules.art_2_2_4_inspection import Inspection, whole_hours
from core.rules.art_2_2_6_wasted_trip import wasted_trip_fee
from core.rules.art_2_2_7_factors import factor_at
from core.units import HOUR, MINUTE
from core.vocabulary import Item

if TYPE_CHECKING:
    from core.batch.situations import Situation
    from core.regulation import HourTerms
    from core.rulebook import Rulebook
    from core.rules.art_2_2_7_factors import Factors
    from core.tariff import Tariff


class Charge(IntEnum):
    """What a row of a register is charged as."""

    INSPECTION = 0
    WASTED_TRIP = 1
    APPLICATION = 2


class Pricing:
    """The fees of art. 2.2.4 and 2.2.6 at a place, by the column; what was asked once is remembered.

    Every attribute is called with columns and gives an `Outcome`, in cents unless it says otherwise; columns that are
    optional may be ``None``. In ``trips`` -1 stands for a row that gives none.

    Attributes:
        contribution: (days, times, presence, trips, travel_abroad, car, tickets, nights, room), the total.
        wasted_trip: the same, with ``None`` for the presence.
        performance: (days, times, presence).
        ready: (minutes, factors in halves, tariff years), the total where one factor holds throughout.
        travel: (days, times, trips, travel_abroad), when only the travel is asked for.
        inspection_travel: (days, times, presence, trips, travel_abroad), the travel fee of an inspection.
        transport: (days, car, tickets).
        stay: (days, nights, room).
        fixed: (days).
        factor: (days, times), the factor at a moment, in halves.
        application: (days, applications).
        charge: (kinds, days, times, presence), a register of `Charge`; presence counts for inspections only.
        parts: (which are wasted trips, and the columns of ``contribution``), a `Breakdown` instead of an `Outcome`.
    """

    def __init__(self, rulebook: Rulebook, place: Place) -> None:
        self.situations = Situations(rulebook, place)
        self._tables: Tables | None = None
        self.contribution = Contribution(self)
        self.wasted_trip = WastedTrip(self)
        self.performance = Performance(self)
        self.ready = Ready(self.situations)
        self.travel = Travel(self)
        self.inspection_travel = InspectionTravel(self)
        self.transport = Transport(self)
        self.stay = Stay(self)
        self.fixed = Fixed(self)
        self.factor = Factor(self)
        self.application = Application(self)
        self.charge = Charges(self)
        self.parts = Breakdown(self)

    def tables(self, days: Ints) -> tuple[Tables, Ints]:
        """The answers for the situations of ``days``, and the number of each."""
        numbers = self.situations.days.column(days)
        if self._tables is None or self._tables.size < len(self.situations.days.first):
            self._tables = Tables(self.situations)
        return self._tables, numbers


class _PricingRule(ColumnRule):
    """A rule about days at a place."""

    def __init__(self, pricing: Pricing) -> None:
        super().__init__()
        self.pricing = pricing
        self.situations = pricing.situations

    def tariff(self, day: int) -> tuple[Tariff, Factors]:
        tariff = self.situations.tariff(date.fromordinal(day))
        return tariff, self.situations.factors(tariff)

    def day_alike(self, *columns: Sequence[int] | None) -> Sequence[Sequence[int] | None]:
        return self.situations.day_alike(columns[0] or ()), *columns[1:]

    def start_alike(self, *columns: Sequence[int] | None) -> Sequence[Sequence[int] | None]:
        days, times, *others = columns
        return self.situations.day_alike(days or ()), self.situations.time_alike(times or ()), *others

    def presence_alike(self, *columns: Sequence[int] | None) -> Sequence[Sequence[int] | None]:
        days, times, presence, *others = columns
        return *self.start_alike(days, times), self.situations.presence_alike(presence), *others


class Fixed(_PricingRule):
    """The fixed fee of an inspection."""

    alike = _PricingRule.day_alike

    def one(self, day: int) -> int:
        return rules.fixed_fee(self.tariff(day)[0], [])

    def vector(self, days: Ints) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        return tables.rate(Item.INSPECTION, numbers)


class Factor(_PricingRule):
    """The factor at a moment, in halves."""

    alike = _PricingRule.start_alike

    def one(self, day: int, time: int) -> int:
        return factor_at(self.tariff(day)[1], moment(date.fromordinal(day), time), [])

    def vector(self, days: Ints, times: Ints) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        return tables.factor(tables.start(numbers, times))


class Application(_PricingRule):
    """The fee of certification applications."""

    alike = _PricingRule.day_alike

    def one(self, day: int, applications: int | None) -> int:
        tariff, _ = self.tariff(day)
        return application_fee(tariff, 1 if applications is None else not_negative(applications), [])

    def vector(self, days: Ints, applications: Ints | None) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        rate, missing = tables.rate(Item.APPLICATION, numbers)
        if applications is None:
            return rate, missing
        applications, outside = within(applications, MOST_COUNTED)
        return applications * rate, either(missing, outside)


class Performance(_PricingRule):
    """The performance fee."""

    alike = _PricingRule.presence_alike

    def one(self, day: int, time: int, presence: int) -> int:
        return rules.performance_fee(*self.tariff(day), moment(date.fromordinal(day), time), presence, [])

    def vector(self, days: Ints, times: Ints, presence: Ints) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        return tables.performance(tables.rows(numbers, times, presence))


class Transport(_PricingRule):
    """Transport abroad."""

    alike = _PricingRule.day_alike

    def one(self, day: int, car: int | None, tickets: int | None) -> int:
        return rules.transport_cost(self.tariff(day)[0], not_negative(car or 0), not_negative(tickets or 0), [])

    def vector(self, days: Ints, car: Ints | None, tickets: Ints | None) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        cost, missing = tables.transport(numbers, car, tickets)
        return cost, either(tables.refused(numbers), missing)


class Stay(_PricingRule):
    """The stay."""

    alike = _PricingRule.day_alike

    def one(self, day: int, nights: int | None, room: int | None) -> int:
        return rules.stay_fee(self.tariff(day)[0], not_negative(nights or 0), not_negative(room or 0), [])

    def vector(self, days: Ints, nights: Ints | None, room: Ints | None) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        fee, missing = tables.stay(numbers, nights, room)
        return fee, either(tables.refused(numbers), missing)


class Travel(_PricingRule):
    """The travel fee when only the travel is asked for."""

    alike = _PricingRule.start_alike

    def one(self, day: int, time: int, trips: int | None, abroad: int | None) -> int:
        start = moment(date.fromordinal(day), time)
        return rules.travel_alone(*self.tariff(day), start, given(trips), not_negative(abroad or 0), [])

    def vector(self, days: Ints, times: Ints, trips: Ints | None, abroad: Ints | None) -> tuple[Ints, Mask | None]:
        import numpy as np

        tables, numbers = self.pricing.tables(days)
        cells = tables.start(numbers, times)
        made = np.ones_like(days) if trips is None else np.where(trips < 0, rules.usual_trips(0), trips)
        return tables.travel(numbers, cells, tables.alone.take(cells), made, abroad)


class InspectionTravel(_PricingRule):
    """The travel fee of an inspection."""

    alike = _PricingRule.presence_alike

    def one(self, day: int, time: int, presence: int, trips: int | None, abroad: int | None) -> int:
        self.pricing.performance.one(day, time, presence)  # refuses what an inspection cannot be
        case = inspection(day, time, presence, (trips, abroad))
        return rules.inspection_travel(*self.tariff(day), case, [])

    def vector(
        self, days: Ints, times: Ints, presence: Ints, trips: Ints | None, abroad: Ints | None
    ) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        rows = tables.rows(numbers, times, presence)
        fee, missing = tables.inspection_travel(rows, trips, abroad)
        return fee, either(missing, tables.performance(rows)[1])


class Contribution(_PricingRule):
    """The whole contribution for an inspection."""

    alike = _PricingRule.presence_alike
    charge = Charge.INSPECTION

    def one(self, day: int, time: int, presence: int | None, *visit: int | None) -> int:
        return rules.control_contribution(*self.tariff(day), inspection(day, time, presence or 0, visit), [])

    def vector(self, days: Ints, times: Ints, presence: Ints | None, *visit: Ints | None) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        rows = tables.rows(numbers, times, presence, wasted=self.charge == Charge.WASTED_TRIP)
        if all(column is None for column in visit):
            return tables.total(self.charge, rows)
        amounts, unsure = tables.components(self.charge, rows, visit)
        return sum(amounts), unsure

    def known(self, day: int, time: int, presence: int | None, *visit: int | None) -> int:
        terms = self.situations.terms
        if terms is None or any(figure is not None for figure in visit):
            return -1
        situation = self.situations.on(self.situations.days[day])
        if not situation.starts:
            return -1
        start = situation.starts[self.situations.slot_of_minute[time // MINUTE]]
        hours, fixed = self.charged(situation, presence, terms)
        rates = situation.rates
        if min(start.weights[hours], fixed, rates[Item.HOUR], rates[Item.TRIP_BE]) < 0:
            return -1
        performance = rules.performance_cents(rates[Item.HOUR], start.weights[hours])
        return int(fixed + performance + usual_travel(rates[Item.TRIP_BE], start.flat[hours]))

    def charged(self, situation: Situation, presence: int | None, terms: HourTerms) -> tuple[int, int]:
        """The hours charged, 0 where they are refused, and the fixed fee."""
        assert presence is not None
        inside = 0 < presence <= terms.longest * HOUR
        return whole_hours(presence, terms) * inside, situation.rates[Item.INSPECTION]

    def learn(self, columns: Sequence[Ints], answers: Ints) -> None:
        days, times, presence, *visit = columns
        if all(column is None for column in visit):
            tables, numbers = self.pricing.tables(days)
            tables.learn(
                self.charge, tables.rows(numbers, times, presence, wasted=self.charge == Charge.WASTED_TRIP), answers
            )


class WastedTrip(Contribution):
    """The charge for a wasted trip."""

    charge = Charge.WASTED_TRIP

    def one(self, day: int, time: int, presence: int | None, *visit: int | None) -> int:
        return wasted_trip_fee(*self.tariff(day), inspection(day, time, 0, visit), [])

    def charged(self, situation: Situation, presence: int | None, terms: HourTerms) -> tuple[int, int]:
        hours = whole_hours(terms.wasted_trip * HOUR, terms)
        return hours, situation.rates[Item.INSPECTION] if situation.in_wasted else 0


class Charges(_PricingRule):
    """A register: inspections, wasted trips, applications."""

    def one(self, kind: int, day: int, time: int, presence: int) -> int:
        if kind == Charge.INSPECTION:
            return self.pricing.contribution.one(day, time, presence, *[None] * 6)
        if kind == Charge.WASTED_TRIP:
            return self.pricing.wasted_trip.one(day, time, None, *[None] * 6)
        if kind == Charge.APPLICATION:
            return self.pricing.application.one(day, None)
        raise InputError("code_unknown", value=str(kind), known=", ".join(Charge.__members__))

    def known(self, kind: int, day: int, time: int, presence: int) -> int:
        if kind == Charge.INSPECTION:
            return self.pricing.contribution.known(day, time, presence)
        return self.pricing.wasted_trip.known(day, time, None) if kind == Charge.WASTED_TRIP else -1

    def alike(self, *columns: Sequence[int] | None) -> Sequence[Sequence[int] | None]:
        kinds, *case = columns
        return kinds, *self.presence_alike(*case)

    def vector(self, kinds: Ints, days: Ints, times: Ints, presence: Ints) -> tuple[Ints, Mask | None]:
        tables, numbers = self.pricing.tables(days)
        kinds, unknown = within(kinds, len(Charge) - 1)
        total, missing = tables.total(kinds, self._rows(tables, kinds, numbers, times, presence))
        return total if unknown is None else total * ~unknown, either(missing, unknown)

    def learn(self, columns: Sequence[Ints], answers: Ints) -> None:
        known = columns[0] < len(Charge)
        known &= columns[0] >= 0
        if known.any():
            kinds, days, times, presence = (column[known] for column in columns)
            tables, numbers = self.pricing.tables(days)
            tables.learn(kinds, self._rows(tables, kinds, numbers, times, presence), answers[known])

    def _rows(self, tables: Tables, kinds: Ints, numbers: Ints, times: Ints, presence: Ints) -> Rows:
        """Only an inspection has hours of its own, so that those of another are never impossible."""
        return tables.rows(numbers, times, presence, wasted=kinds != Charge.INSPECTION)


def given(trips: int | None) -> int | None:
    """The round trips given; a negative number stands for none."""
    return None if trips is None or trips < 0 else trips


def inspection(day: int, time: int, presence: int, visit: Sequence[int | None]) -> Inspection:
    """A case, from a row of the columns."""
    trips, *others = visit
    return Inspection(
        moment(date.fromordinal(day), time), presence, given(trips), *(not_negative(value or 0) for value in others)
    )
