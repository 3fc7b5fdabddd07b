"""Every column rule: how its rows are drawn, how the columns are asked, and what the oracle says of a row.

Answers are compared as whole units: cents, days, halves. The oracle's may be any fraction, so that one which is not
whole cents is seen too; an error is the text of its code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import pyarrow as pa

from core.batch import DAY_ONLY, ERRORS, Charge, Outcome, Place, Pricing, fees_at, invoices_under, vat_by
from core.batch.vat import CUSTOMERS
from core.rulebook import Rulebook
from core.units import CENTS_PER_EURO, HOUR, KILOMETRE, MINUTE
from tests import oracle
from tests import oracle_cases as cases
from tests.oracle_cases import AN_ORDINARY_DAY, FAULTS, Case, Columns, at, euro, in_force, not_negative, start
from xl_addin import Session, arrow
from xl_addin import columns as spreadsheet
from xl_addin.cells import DAYS_BEFORE_1904
from xl_addin.pricing.fields import AMOUNTS, JOURNEY, NUMBERS, WHERE

Row = tuple[Any, ...]
Answer = Any
"""A whole number or a fraction, a tuple of them, or the code of an error."""


class Setup(NamedTuple):
    """Where and under which settings the rows of a shard are priced.

    Attributes:
        policies: the setting of every policy that is not left at its default.
        place: whose rules count.
        plain: whether columns are plain lists, answered case by case, instead of arrays.
        date1904: whether serials count from 1904.
        rulebook: ours.
    """

    policies: Mapping[str, str]
    place: Place
    plain: bool
    date1904: bool
    rulebook: Rulebook

    def columns(self, rows: Sequence[Row]) -> Columns:
        """Columns of the rows."""
        lists = cases.in_columns(rows)
        return lists if self.plain else [np.array(column) for column in lists]

    def prices(self) -> Pricing:
        """Our fees at the place; what one rule asked is not asked again by the next."""
        return fees_at(self.rulebook, self.place)

    def session(self) -> Session:
        """An installation with this site as its own."""
        return Session(self.rulebook, language="en", site=self.place.site, date1904=self.date1904)


class Rule(NamedTuple):
    """A column rule.

    Attributes:
        title: for people.
        share: its rows among a hundred.
        draw: draws a row.
        ours: answers rows.
        theirs: the oracle's answer for one row; refuses what has none.
    """

    title: str
    share: int
    draw: Callable[[random.Random], Row]
    ours: Callable[[Setup, Sequence[Row]], list[Answer]]
    theirs: Callable[..., Answer]


def told(outcome: Outcome) -> list[Answer]:
    """Values and errors in one."""
    codes = [error.cell_code if error else "" for error in ERRORS]
    return [codes[error] or value for value, error in cases.listed(outcome)]


def fees(name: str, *left_out: None) -> Callable[[Setup, Sequence[Row]], list[Answer]]:
    """Answers by a fee at the place; the last columns can be left out."""

    def ours(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
        return told(getattr(setup.prices(), name)(*setup.columns(rows), *left_out))

    return ours


def invoices(name: str) -> Callable[[Setup, Sequence[Row]], list[Answer]]:
    """Answers by a rule on late payment."""

    def ours(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
        rules = invoices_under(setup.rulebook, setup.place.regulation)
        return told(getattr(rules, name)(*setup.columns(rows)))

    return ours


NO_VISIT = (None,) * 6


def at_the_general_rates(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    """Answers for what is classified already, by the general regulation: the oracle knows the rates of that."""
    prices = fees_at(setup.rulebook, Place(setup.place.site))
    return told(prices.ready(*setup.columns(rows)))


# --- inspections ---------------------------------------------------------------------------------------------------


def a_wasted_trip(dice: random.Random) -> Case:
    """Day, time and visit; the presence does not count."""
    day, time, _, *visit = cases.an_inspection(dice)
    return day, time, *visit


def our_wasted_trips(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    days, times, *visit = setup.columns(rows)
    return told(setup.prices().wasted_trip(days, times, None, *(visit or NO_VISIT)))


def a_trip(dice: random.Random) -> Case:
    """Day, time, trips and hours abroad; some travel where there are no figures, see `on_a_day`."""
    if dice.random() < FAULTS / 2:
        return AN_ORDINARY_DAY, 10 * HOUR, 1, -dice.randint(1, HOUR)
    if dice.random() < FAULTS:
        return cases.a_figureless_day(dice), 10 * HOUR, dice.randint(1, 3), cases.hours_abroad(dice)
    return cases.a_fine_day(dice), cases.a_time(dice), cases.trips(dice), cases.hours_abroad(dice)


def on_a_day(draw: Callable[[random.Random], Case], *faulty: Case) -> Callable[[random.Random], Case]:
    """Draws a day and figures, the first of which is charged at a rate.

    Where the rate is not known it is at least one: the text does not say whether nothing can be charged at no rate.
    """

    def drawn(dice: random.Random) -> Case:
        if dice.random() < FAULTS / 2:
            return AN_ORDINARY_DAY, *dice.choice(faulty)
        first, *others = draw(dice)
        if dice.random() < FAULTS:
            return cases.a_figureless_day(dice), max(1, first), *others
        return cases.a_fine_day(dice), first, *others

    return drawn


def applications(dice: random.Random) -> Case:
    return (dice.choice((0, 1, 2, dice.randrange(10**6), 2**21)),)


def a_moment_of_the_century(dice: random.Random) -> Case:
    """Day and time; it needs no figures, but public holidays are known up to 2100 only."""
    day = cases.a_fine_day(dice) if dice.random() < 0.5 else a_day_of_the_century(dice)
    return day, cases.a_time(dice) if day >= cases.FIRST_DAY else DAY_ONLY


def inspection_fee(setup: Setup, world: oracle.World, *row: int) -> Fraction:
    return cases.fee(row, setup.place, world, wasted=False) * CENTS_PER_EURO


def wasted_trip_fee(setup: Setup, world: oracle.World, day: int, time: int, *visit: int) -> Fraction:
    return cases.fee((day, time, 0, *visit), setup.place, world, wasted=True) * CENTS_PER_EURO


def performance_fee(setup: Setup, world: oracle.World, day: int, time: int, presence: int) -> Fraction:
    rest = cases.present(presence), at(setup.place), world, setup.place.regulation or None
    return oracle.performance_fee(start(day, time), *rest) * CENTS_PER_EURO


def travel_fee(setup: Setup, world: oracle.World, day: int, time: int, trips: int, abroad: int) -> Fraction:
    hours = Fraction(not_negative(abroad), HOUR)
    rest = trips if trips >= 0 else 1, hours, at(setup.place), world, setup.place.regulation or None
    return oracle.travel_fee(start(day, time), *rest) * CENTS_PER_EURO


def transport_cost(setup: Setup, world: oracle.World, day: int, car: int, tickets: int) -> Fraction:
    journey = Fraction(not_negative(car), KILOMETRE), euro(not_negative(tickets))
    return oracle.transport_cost(in_force(day), *journey, world) * CENTS_PER_EURO


def stay_fee(setup: Setup, world: oracle.World, day: int, nights: int, room: int) -> Fraction:
    cost = oracle.stay_fee(in_force(day), not_negative(nights), euro(not_negative(room)), world)
    return cost * CENTS_PER_EURO


def application_fee(setup: Setup, world: oracle.World, day: int, applications: int) -> Fraction:
    return oracle.application_fee(in_force(day), not_negative(applications), world) * CENTS_PER_EURO


def factor(setup: Setup, world: oracle.World, day: int, time: int) -> Fraction:
    return oracle.charged_factors(start(day, time), 1, at(setup.place), world)[0] * 2


# --- invoices ------------------------------------------------------------------------------------------------------


def an_amount(dice: random.Random) -> int:
    """Cents, of every size."""
    special = (0, 1, 50, 133_333, 133_340, 10**14, 2**61, 2**62)
    return dice.choice(special) if dice.random() < 0.03 else dice.randrange(10 ** dice.randint(2, 10))


def a_day_of_the_century(dice: random.Random) -> int:
    """A day up to which public holidays are known; one in twenty before there was a regulation."""
    if dice.random() < FAULTS:
        return date(2022, 12, 31).toordinal() - dice.randrange(1000)
    return dice.randint(cases.FIRST_DAY, date(2100, 10, 31).toordinal())


def an_invoice_day(dice: random.Random) -> Case:
    return (a_day_of_the_century(dice) if dice.random() < 0.5 else cases.a_fine_day(dice),)


def a_debt(dice: random.Random) -> Case:
    """Amount, due day, day until which."""
    if dice.random() < FAULTS / 2:
        return -dice.randint(1, 10**6), AN_ORDINARY_DAY, AN_ORDINARY_DAY + 30
    day = cases.a_figureless_day if dice.random() < FAULTS / 2 else cases.a_fine_day
    return an_amount(dice), cases.a_fine_day(dice), day(dice)


def a_notice(dice: random.Random) -> Case:
    """Amount overdue, day of the notice, day asked about."""
    if dice.random() < FAULTS / 2:
        return -dice.randint(1, 10**6), AN_ORDINARY_DAY, AN_ORDINARY_DAY + 30
    day = a_day_of_the_century(dice)
    return an_amount(dice), day, max(cases.FIRST_DAY, day) + dice.choice((0, 7, 8, 9, 10, 11, 12, 13, 14, 400))


def a_bill(dice: random.Random) -> Case:
    """Amount, day and customer."""
    if dice.random() < FAULTS / 2:
        return dice.choice(((-5, AN_ORDINARY_DAY, 0), (100, AN_ORDINARY_DAY, 3), (100, AN_ORDINARY_DAY, -1)))
    return an_amount(dice), a_day_of_the_century(dice), dice.randrange(3)


def due_date(setup: Setup, world: oracle.World, day: int) -> int:
    return oracle.due_date(date.fromordinal(day), world).toordinal()


def after(
    rule: Callable[..., Fraction], setup: Setup, world: oracle.World, cents: int, day: int, later: int
) -> Fraction:
    """A rule about an amount and two days."""
    return rule(euro(not_negative(cents)), date.fromordinal(day), date.fromordinal(later), world) * CENTS_PER_EURO


def vat(setup: Setup, world: oracle.World, cents: int, day: int, customer: int) -> Fraction:
    in_force(day)
    if not 0 <= customer < len(CUSTOMERS):
        raise oracle.Refused(oracle.UNREADABLE)
    return oracle.vat(euro(not_negative(cents)), CUSTOMERS[customer].value) * CENTS_PER_EURO


def our_vat(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    return told(vat_by(setup.rulebook)(*setup.columns(rows)))


# --- registers as a spreadsheet has them ---------------------------------------------------------------------------

SHEET_ZERO = oracle.EPOCH.toordinal()
MILLISECONDS = 86_400_000


def decimal_hours(dice: random.Random) -> float:
    """Presence: typed, about the half hour, any number, or as ``(end-start)*24`` gives it."""
    minutes, begin = dice.randint(1, 1440), AN_ORDINARY_DAY - SHEET_ZERO + dice.randrange(1440) / 1440
    near_half = (dice.randrange(24) * 60 + dice.choice((29, 30, 31))) / 60
    typed = dice.randint(1, 96) / 4, minutes / 60, round(minutes / 60, 2), dice.uniform(0.001, 24)
    return dice.choice((*typed, near_half, (begin + minutes / 1440 - begin) * 24))


BAD_HOURS = (0.0, -1.0, 24.01, 25.0, 1e-12, 1e7, 1e300)


def a_serial(dice: random.Random) -> float:
    """A serial counted from 1900, with the noise that sums of cells leave behind."""
    day, time = cases.a_start(dice)
    noise = dice.choice((0, 0, 7e-12, -7e-12)) if time > 0 else 0
    return day - SHEET_ZERO + max(time, 0) // 1000 / MILLISECONDS + noise


def a_charge(dice: random.Random) -> Row:
    """A serial, decimal hours and a kind of charge."""
    ordinary = AN_ORDINARY_DAY - SHEET_ZERO + 0.4375
    if dice.random() < FAULTS:
        serial = float(dice.choice((0, -1, 0.5, 2_958_466, 10**7)))
        hours = dice.choice(BAD_HOURS)
        return dice.choice(((serial, 1.5, 0), (ordinary, hours, 0), (ordinary, hours, 1), (ordinary, 1.5, 7)))
    return a_serial(dice), decimal_hours(dice), dice.choices((0, 1, 2), (80, 15, 5))[0]


def our_register(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    """Serials are drawn from 1900 on: 1462 days less is exact in every one of them."""
    serials, hours, charges = setup.columns(rows)
    if setup.date1904:
        shifted = [serial - DAYS_BEFORE_1904 for serial in serials]
        serials = shifted if setup.plain else np.array(shifted)
    if not setup.plain:
        return told(spreadsheet.register(setup.session(), serials, hours, charges))
    with mock.patch.object(spreadsheet, "numpy", return_value=None):
        return told(spreadsheet.register(setup.session(), serials, hours, charges))


def charge(setup: Setup, world: oracle.World, serial: float, hours: float, kind: int) -> Fraction:
    if kind not in tuple(Charge):
        raise oracle.Refused(oracle.UNREADABLE)
    moment, rest = oracle.moment(serial), (oracle.Visit(), oracle.Place(cases.SITES[setup.place.site]), world)
    if kind == Charge.APPLICATION:
        return oracle.application_fee(moment.at.date(), 1, world) * CENTS_PER_EURO
    if kind == Charge.WASTED_TRIP:
        return oracle.wasted_trip_fee(moment, *rest) * CENTS_PER_EURO
    return oracle.inspection_fee(moment, oracle.presence(hours), *rest) * CENTS_PER_EURO


# --- registers in Arrow's memory -----------------------------------------------------------------------------------

WASTED = "WASTED_TRIP"
NO_KIND = "APPLICATION"


def a_timestamp(dice: random.Random) -> datetime:
    """A start; exactly midnight is a date without a time."""
    day, time = cases.a_start(dice)
    return datetime.combine(date.fromordinal(day), datetime.min.time()) + timedelta(microseconds=max(time, 0))


def a_written_visit(dice: random.Random) -> Row:
    """Trips, hours abroad, kilometres, tickets, nights, rooms; blank now and then."""
    abroad = dice.choice((None, 0.0, 1.0, 2.25, dice.randint(1, 2400) / 60, dice.uniform(0.001, 40)))
    journey = dice.choice((None, dice.randrange(9000) / 10, dice.randrange(10**8) / 1000)), an_expense(dice)
    nights = dice.choice((None, 0.0, 1.0, float(dice.randrange(40))))
    return an_optional_count(dice), abroad, *(journey if abroad else (None, None)), nights, an_expense(dice)


def an_optional_count(dice: random.Random) -> float | None:
    return dice.choice((None, None, 0.0, 1.0, 2.0, float(dice.randrange(20))))


def an_expense(dice: random.Random) -> float | None:
    """Euros, now and then with half a cent."""
    cents = dice.randrange(10 ** dice.randint(2, 7))
    return dice.choice((None, cents / 100, float(f"{cents / 100:.2f}5")))


def a_register_row(dice: random.Random) -> Row:
    """The cells of a row, and whether it names its own place."""
    if dice.random() < FAULTS:
        return a_faulty_register_row(dice)
    kind = dice.choice(("STANDARD_INSPECTION", "STANDARD_INSPECTION", "START_INSPECTION", WASTED))
    return a_timestamp(dice), kind, decimal_hours(dice), *a_written_visit(dice), dice.random() < 0.7


def a_faulty_register_row(dice: random.Random) -> Row:
    """A row with one thing wrong; for a wasted trip the hours are not."""
    fine, inspection = datetime(2024, 3, 4, 10), "COMPLAINT_INSPECTION"
    visit = dice.choice(((None, None, 5.0), (1.5, None, None), (-1.0, None, None), (None, -2.0, None)))
    return dice.choice(
        (
            (None, inspection, 1.5, *NO_VISIT, True),
            (fine, dice.choice((inspection, WASTED)), dice.choice(BAD_HOURS), *NO_VISIT, True),
            (fine, inspection, 1.5, *visit, None, None, None, True),
            (fine, NO_KIND, 1.5, *NO_VISIT, True),
        )
    )


TYPES = {"start": pa.timestamp("us"), **dict.fromkeys(NUMBERS, pa.float64())}


def our_arrow(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    """The six amounts of every row."""
    named = (setup.place.site, setup.place.day_type, setup.place.regulation or None)
    written = [(*row[:-1], *(named if row[-1] else (None,) * len(WHERE))) for row in rows]
    columns = zip(("start", "kind", "hours", *JOURNEY, *WHERE), cases.in_columns(written), strict=True)
    table = pa.table({name: pa.array(column, TYPES.get(name, pa.string())) for name, column in columns})
    priced = arrow.price(table, setup.session())
    amounts = zip(*(priced[name].to_pylist() for name in AMOUNTS), strict=True)
    errors = priced["error"].to_pylist()
    return [error or tuple(map(_cents, row)) for row, error in zip(amounts, errors, strict=True)]


def _cents(amount: Decimal | None) -> Fraction | None:
    return None if amount is None else Fraction(amount) * CENTS_PER_EURO


def register_row(setup: Setup, world: oracle.World, *row: Any) -> tuple[Fraction, ...]:
    """The five parts and their sum; what a wasted trip does not bear is the fixed fee."""
    begin, kind, hours, *visited, own_place = row
    if kind == NO_KIND:
        raise oracle.Refused(oracle.UNREADABLE)
    read = oracle.Arguments([begin, 1.0 if kind == WASTED else hours, *visited])
    place = setup.place if own_place else Place(setup.place.site)
    moment, presence = read.need(0, oracle.moment), read.need(1, oracle.presence)
    return components(moment, presence, read.visit(2), place, world, wasted=kind == WASTED)


# --- components, and what is classified already --------------------------------------------------------------------


def components(
    moment: oracle.Moment, presence: Fraction, visit: oracle.Visit, place: Place, world: oracle.World, *, wasted: bool
) -> tuple[Fraction, ...]:
    """The five components and their sum; what a wasted trip does not bear is the fixed fee."""
    rest = visit, at(place), world, place.regulation or None
    parts = oracle.inspection_parts(moment, presence, *rest)
    if wasted:
        parts["fixed"] += oracle.wasted_trip_fee(moment, *rest) - sum(parts.values(), Fraction(0))
    return tuple(part * CENTS_PER_EURO for part in (*parts.values(), sum(parts.values(), Fraction(0))))


def some_wasted(draw: Callable[[random.Random], Case]) -> Callable[[random.Random], Row]:
    """Rows of which one in five is a wasted trip, whose presence does not count."""
    return lambda dice: (dice.random() < 0.2, *draw(dice))


def our_parts(setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    wasted, days, times, presence, *visit = setup.columns(rows)
    *amounts, errors = setup.prices().parts(wasted, days, times, presence, *(visit or NO_VISIT))
    codes = [error.cell_code if error else "" for error in ERRORS]
    found = zip(*(map(int, column) for column in amounts), strict=True)
    return [codes[error] or row for row, error in zip(found, map(int, errors), strict=True)]


def parts(
    setup: Setup, world: oracle.World, wasted: bool, day: int, time: int, presence: int, *others: int
) -> tuple[Fraction, ...]:
    hours = Fraction(1) if wasted else cases.present(presence)
    visited = cases.visit(*others) if others else oracle.Visit()
    return components(start(day, time), hours, visited, setup.place, world, wasted=wasted)


def classified(dice: random.Random) -> Case:
    """Minutes, a factor in halves, a tariff year."""
    if dice.random() < FAULTS:
        return dice.choice(((0, 2, 2023), (-5, 3, 2024), (1441, 2, 2025), (60, -1, 2023), (60, 2, 2022), (60, 2, 2027)))
    return dice.randint(1, 1440), dice.choice((2, 3, 4, 4, 5, 8)), dice.randint(2023, 2026)


def ready(setup: Setup, world: oracle.World, minutes: int, halves: int, year: int) -> Fraction:
    """The factor holds throughout, so that every policy but that of a flat trip leaves it as it is."""
    in_force(date(year, 1, 1).toordinal())
    factor = Fraction(not_negative(halves), 2)
    return oracle.classified_fee(cases.present(minutes * MINUTE), factor, year, world) * CENTS_PER_EURO


# --- all of them ---------------------------------------------------------------------------------------------------

RULES = [
    Rule("inspection fee with a visit", 16, cases.an_inspection, fees("contribution"), inspection_fee),
    Rule("inspection fee, start and hours only", 12, cases.a_presence, fees("contribution", *NO_VISIT), inspection_fee),
    Rule("wasted trip with a visit", 8, a_wasted_trip, our_wasted_trips, wasted_trip_fee),
    Rule("wasted trip, start only", 4, cases.a_start, our_wasted_trips, wasted_trip_fee),
    Rule("performance fee", 6, cases.a_presence, fees("performance"), performance_fee),
    Rule("travel fee alone", 6, a_trip, fees("travel"), travel_fee),
    Rule("transport cost", 4, on_a_day(cases.a_journey, (-1, 0), (0, -1)), fees("transport"), transport_cost),
    Rule("stay fee", 3, on_a_day(cases.nights_and_rooms, (-1, 0), (0, -1)), fees("stay"), stay_fee),
    Rule("application fee", 1, on_a_day(applications, (-1,)), fees("application"), application_fee),
    Rule("factor of a moment", 3, a_moment_of_the_century, fees("factor"), factor),
    Rule("due date", 3, an_invoice_day, invoices("due_date"), due_date),
    Rule("late interest", 6, a_debt, invoices("interest"), partial(after, oracle.late_interest)),
    Rule("lump sum", 3, a_notice, invoices("lump_sum"), partial(after, oracle.lump_sum)),
    Rule("VAT", 3, a_bill, our_vat, vat),
    Rule("register: serials, hours, kinds", 10, a_charge, our_register, charge),
    Rule("components with a visit", 4, some_wasted(cases.an_inspection), our_parts, parts),
    Rule("components, start and hours only", 2, some_wasted(cases.a_presence), our_parts, parts),
    Rule("what is classified already", 2, classified, at_the_general_rates, ready),
    Rule("register in Arrow, with its parts", 4, a_register_row, our_arrow, register_row),
]
"""What is compared; the shares make a hundred."""
