"""What the rules answer in every situation, as arrays to look up; -1 where they refuse or must be asked themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from core.batch.clock import Clock
from core.batch.columns import DAY_ONLY, REFUSED, ROOM, Ints, Mask, either, within
from core.batch.situations import LONGEST, NO_START, NO_TIME
from core.rules import art_2_2_4_inspection as rules
from core.units import DAY, HOUR, MINUTE
from core.vocabulary import Item

if TYPE_CHECKING:
    from core.batch.situations import Situation, Situations

HOURS = LONGEST + 1
APPLICATION = 2
"""The charge without fixed fee, performance and travel."""


class Rows(NamedTuple):
    """Rows that were looked up: their situations, cells and keys; performance and flat trip if those do not tell them.

    In ``performances`` (cents) and ``flat`` (halves) -1 stands for a row that must be asked.
    """

    numbers: Ints
    cells: Ints
    keys: Ints
    performances: Ints = None
    flat: Ints = None


class Tables:
    """The answers for the first ``size`` situations.

    A *cell* is a situation and a slot of the day; a *key* is a cell and a number of hours charged, 0 for a presence
    that is refused. ``flat``, by key, and ``alone``, by cell, are the factors of a flat trip with and without an
    inspection, in halves.
    """

    def __init__(self, situations: Situations) -> None:
        import numpy as np

        self.size = len(situations.days.first)
        self.terms = situations.terms
        self._slots = len(situations.slots)
        self._slot_of_minute = np.array(situations.slot_of_minute)
        found = [situations.on(number) for number in range(self.size)]
        starts = [start for situation in found for start in situation.starts or [NO_START] * self._slots]
        self._rates = {item: np.array([situation.rates[item] for situation in found]) for item in Item}
        self._lacking = {item for item, rates in self._rates.items() if (rates[1:] < 0).any()}
        self._known = np.array([situation.known for situation in found])
        self._in_wasted = np.array([situation.in_wasted for situation in found])
        self._factors = np.array([start.factor for start in starts])
        self.alone = np.array([start.alone for start in starts])
        self._abroad = np.array([start.abroad for start in starts])
        self._weights = np.array([start.weights for start in starts])
        self.flat = np.array([start.flat for start in starts])
        self._fixed = self._fixed_fees()
        self._performances, self._travels = self._parts()
        self._totals = self._priced()
        self._by_highest = np.array([situation.by_highest for situation in found])
        self._by_minutes = situations.by_minutes
        self._clock = self._usable_clock(found)

    def _usable_clock(self, found: Sequence[Situation]) -> Clock | None:
        """What splits performances by the minute, where some are; not with rates that leave 64 bits then."""
        if self.terms is None or not self._by_minutes:
            return None
        clock = Clock(found)
        heaviest = int(self._rates[Item.HOUR].max()) * LONGEST * clock.highest * DAY
        return clock if heaviest <= ROOM // 2 else None

    def _fixed_fees(self) -> Ints:
        """The fixed fee of inspections, then of wasted trips; applications have none."""
        import numpy as np

        rates = self._rates[Item.INSPECTION]
        return np.concatenate([rates, rates * self._in_wasted, np.full_like(rates, -1)])

    def _parts(self) -> tuple[Ints, Ints]:
        """The performance and the usual travel, by key."""
        import numpy as np

        shape = self.size, self._slots * HOURS
        weights: Ints = self._weights.reshape(shape)
        flat: Ints = self.flat.reshape(shape)
        hour: Ints = self._rates[Item.HOUR][:, None]
        trip: Ints = self._rates[Item.TRIP_BE][:, None]
        unknown = (weights < 0) | (hour < 0)
        performances = np.where(unknown, -1, rules.performance_cents(hour, weights))
        travels = np.where(unknown | (trip < 0), -1, usual_travel(trip, flat))
        return performances.ravel(), travels.ravel()

    def _priced(self) -> Ints:
        """What an inspection, a wasted trip and an application cost without anything special, by key."""
        import numpy as np

        shape = self.size, self._slots, HOURS
        performances, travels = self._performances.reshape(shape), self._travels.reshape(shape)
        inspections, wasted = (
            np.where((travels < 0) | (fixed < 0), -1, fixed + performances + travels)
            for fixed in self._fixed.reshape(3, self.size, 1, 1)[:APPLICATION]
        )
        charges = inspections, wasted, self._rates[Item.APPLICATION][:, None, None]
        return np.stack([np.broadcast_to(charge, shape) for charge in charges]).ravel()

    # --- looking up ------------------------------------------------------------------------------------------------

    def start(self, numbers: Ints, times: Ints) -> Ints:
        """The cells of starts.

        Raises:
            ValueError: what is not a time.
        """
        if times.min() < DAY_ONLY or times.max() >= DAY:
            raise ValueError(NO_TIME)
        return numbers * self._slots + self._slot_of_minute.take(times // MINUTE)

    def factor(self, cells: Ints) -> tuple[Ints, Mask | None]:
        """The factors of starts, in halves."""
        return _missing(self._factors.take(cells))

    def rows(self, numbers: Ints, times: Ints, presence: Ints | None, wasted: Mask = False) -> Rows:
        """Looks up starts and presences; wasted trips, one or all, have the presence they are charged for."""
        import numpy as np

        cells = self.start(numbers, times)
        if self.terms is None:
            return Rows(numbers, cells, cells * HOURS)
        if wasted is not False:
            presence = np.where(wasted, self.terms.wasted_trip * HOUR, numbers * 0 if presence is None else presence)
        lasting, impossible = within(presence, self.terms.longest * HOUR, lowest=1)
        hours = rules.whole_hours(lasting, self.terms)
        keys = cells * HOURS + (hours if impossible is None else hours * ~impossible)
        if self._clock is None:
            return Rows(numbers, cells, keys)
        return Rows(numbers, cells, keys, *self._by_clock(self._clock, numbers, times, presence, cells, keys))

    def _by_clock(
        self, clock: Clock, numbers: Ints, times: Ints, presence: Ints, cells: Ints, keys: Ints
    ) -> tuple[Ints, Ints]:
        """The performance and the factor of a flat trip, where the hours charged do not tell them."""
        import numpy as np

        assert self.terms is not None
        performances, flat = self._performances.take(keys), self.flat.take(keys)
        rate = self._rates[Item.HOUR].take(numbers)
        possible = (
            (performances < 0) & (rate >= 0) & (times >= 0) & (keys % HOURS > 0) & (self._factors.take(cells) >= 0)
        )
        some = np.flatnonzero(possible)
        there, lasting = numbers[some], presence[some]
        weighted, highest, known = clock.weigh(there, times[some], lasting)
        fees = rules.performance_cents(rate[some], rules.whole_hours(lasting, self.terms) * weighted, lasting)
        performances[some] = np.where(known, fees, -1)
        alone = self.alone.take(cells[some])
        flat[some] = np.where(known, np.where(self._by_highest.take(there), highest, alone), -1)
        return performances, flat

    def rate(self, item: Item, numbers: Ints) -> tuple[Ints, Mask | None]:
        """A rate, in cents (1/10 000 euro for a kilometre)."""
        rates = self._rates[item].take(numbers)
        return rates, rates < 0 if item in self._lacking else None

    def total(self, charge: Ints, rows: Rows) -> tuple[Ints, Mask | None]:
        """The whole charge, or charges, where there is nothing but a start and hours."""
        import numpy as np

        totals = self._totals.take(rows.keys + charge * (self.size * self._slots * HOURS))
        if self._clock is not None:
            amounts = self.fixed(charge, rows.numbers), self.performance(rows), self.usual_travel(rows)
            sure = np.logical_and.reduce([amount >= 0 for amount, _ in amounts])
            totals = np.where((totals < 0) & sure, sum(amount for amount, _ in amounts), totals)
        return _missing(totals)

    def learn(self, charge: Ints, rows: Rows, answers: Ints) -> None:
        """Takes note of what `total` could not tell: which error the rows of a key end in."""
        if self._by_minutes or self.terms is None:  # then keys do not tell presences apart
            return
        refused = answers < 0
        self._totals[(rows.keys + charge * (self.size * self._slots * HOURS))[refused]] = answers[refused] + REFUSED

    def refused(self, numbers: Ints) -> Mask:
        """The rows on whose day there is no tariff."""
        return ~self._known.take(numbers)

    def fixed(self, charge: Ints, numbers: Ints) -> tuple[Ints, Mask | None]:
        """The fixed fee of an inspection, or of a wasted trip."""
        return _missing(self._fixed.take(numbers + charge * self.size))

    def performance(self, rows: Rows) -> tuple[Ints, Mask | None]:
        """The performance fee."""
        return _missing(self._performances.take(rows.keys) if rows.performances is None else rows.performances)

    def usual_travel(self, rows: Rows) -> tuple[Ints, Mask | None]:
        """The travel fee where nothing is said of travel."""
        import numpy as np

        if rows.flat is None:
            return _missing(self._travels.take(rows.keys))
        rate: Ints = self._rates[Item.TRIP_BE].take(rows.numbers)
        return _missing(np.where((rate < 0) | (rows.flat < 0), -1, usual_travel(rate, rows.flat)))

    def inspection_travel(self, rows: Rows, trips: Ints | None, abroad: Ints | None) -> tuple[Ints, Mask | None]:
        """The travel fee of an inspection."""
        halves = self.flat.take(rows.keys) if rows.flat is None else rows.flat
        return self.travel(rows.numbers, rows.cells, halves, journeys(trips, abroad), abroad)

    def travel(
        self, numbers: Ints, cells: Ints, halves: Ints, trips: Ints, abroad: Ints | None
    ) -> tuple[Ints, Mask | None]:
        """The travel fee: ``trips`` with a factor of ``halves``, and travel abroad."""
        rate, unknown = self.rate(Item.TRIP_BE, numbers)
        halves, missing = _missing(halves)
        trips, outside = within(trips + numbers * 0, self._most(Item.TRIP_BE, 4 * HOUR))
        unsure = either(either(missing, outside), None if unknown is None else unknown & (trips > 0))
        exact = rules.trips_exact(trips, rate, halves)
        if abroad is not None:
            rate, unknown = self.rate(Item.HOUR_ABROAD, numbers)
            halves, missing = _missing(self._abroad.take(cells))
            abroad, outside = within(abroad, self._most(Item.HOUR_ABROAD, 4))
            unsure = either(
                either(unsure, missing), either(outside, None if unknown is None else unknown & (abroad > 0))
            )
            exact += rules.abroad_exact(abroad, rate, halves)
        return rules.travel_cents(exact), unsure

    def transport(self, numbers: Ints, car: Ints | None, tickets: Ints | None) -> tuple[Ints, Mask | None]:
        """Transport abroad."""
        cost, unsure = numbers * 0, None
        if car is not None:
            rate, unknown = self.rate(Item.KM_CAR, numbers)
            car, outside = within(car, self._most(Item.KM_CAR, 1))
            cost, unsure = rules.car_cents(rate, car), either(outside, None if unknown is None else unknown & (car > 0))
        if tickets is not None:
            tickets, outside = within(tickets, ROOM)
            cost, unsure = cost + tickets, either(unsure, outside)
        return cost, unsure

    def transport_in_belgium(self, abroad: Ints | None, car: Ints | None, tickets: Ints | None) -> Mask | None:
        """The rows with transport and no travel abroad."""
        unsure: Mask | None = None
        for column in (car, tickets):
            if column is not None:
                unsure = either(unsure, column > 0 if abroad is None else (column > 0) & (abroad == 0))
        return unsure

    def stay(self, numbers: Ints, nights: Ints | None, room: Ints | None) -> tuple[Ints, Mask | None]:
        """The stay."""
        rate, unknown = self.rate(Item.NIGHT, numbers)
        nights, outside = within(numbers * 0 if nights is None else nights, self._most(Item.NIGHT, 1))
        room, too_much = within(numbers * 0 if room is None else room, ROOM)
        asked = None if unknown is None else unknown & ((nights > 0) | (room > 0))
        return rules.stay_cents(nights, rate, room), either(either(outside, too_much), asked)

    def components(self, charge: Ints, rows: Rows, visit: Sequence[Ints | None]) -> tuple[Sequence[Ints], Mask | None]:
        """The five components of a charge with a visit, and the rows of which one of them is not sure."""
        trips, abroad, car, tickets, nights, room = visit
        found = (
            self.fixed(charge, rows.numbers),
            self.performance(rows),
            self.inspection_travel(rows, trips, abroad),
            self.transport(rows.numbers, car, tickets),
            self.stay(rows.numbers, nights, room),
        )
        unsure = self.transport_in_belgium(abroad, car, tickets)
        for _, missing in found:
            unsure = either(unsure, missing)
        return [amounts for amounts, _ in found], unsure

    def _most(self, item: Item, times: int) -> int:
        """How much of an item can be multiplied by its rate, ``times`` as much, without leaving 64 bits."""
        return ROOM // 2 // (times * max(1, int(self._rates[item].max())))


def _missing(values: Ints) -> tuple[Ints, Mask | None]:
    return values, values < 0 if values.min() < 0 else None


def usual_travel(rate: Ints, halves: Ints) -> Ints:
    """The travel fee in cents where nothing is said of travel: ``int`` or array."""
    return rules.travel_cents(rules.trips_exact(rules.usual_trips(0), rate, halves))


def journeys(trips: Ints | None, abroad: Ints | None) -> Ints:
    """The round trips of every row: those given, else the usual ones."""
    import numpy as np

    usual = rules.usual_trips(0 if abroad is None else abroad)
    return usual if trips is None else np.where(trips < 0, usual, trips)
