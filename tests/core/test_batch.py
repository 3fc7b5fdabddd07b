"""Whole columns: the same as the rules, case by case, and as the oracle; with NumPy and without."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.batch import (
    DAY_ONLY,
    ERRORS,
    Charge,
    LatePayment,
    Place,
    Pricing,
    VatColumns,
    columns,
    fees_at,
    invoices_under,
    late_payment,
    situations,
    vat_by,
)
from core.batch.columns import HIGHEST, ColumnRule
from core.batch.vat import CUSTOMERS
from core.errors import CoproError, ImpossibleValue, InputError, NotAvailable
from core.loading import load
from core.rulebook import Rulebook
from core.units import DAY, HOUR, KILOMETRE, MINUTE
from core.vocabulary import Item
from tests import oracle
from tests.core.folder import SPECIFIC, record, write
from tests.oracle_cases import (
    BRUSSEL,
    PLACES,
    SETTINGS,
    SPECIAL_DAYS,
    SPECIAL_PRESENCES,
    Columns,
    a_time,
    answered,
    book,
    by_oracle,
    euro,
    listed,
    rows_of,
    shown,
    usual,
    world,
)

ROWS = int(os.environ.get("COPRO_BATCH_ROWS", "80"))
"""Random rows for each setting, place and rule; COPRO_BATCH_ROWS=1000 compares about two million."""
SEED = 20_261_120


def named(settings: dict[str, str]) -> str:
    return ", ".join(f"{name}={setting}" for name, setting in settings.items()) or "default"


def take(way: str, patch: pytest.MonkeyPatch) -> None:
    """With NumPy, however few the rows; or without it."""
    patch.setattr(columns, "FEW", 0)
    if way == "plain":
        patch.setattr(columns, "numpy", lambda: None)


@pytest.fixture(params=["numpy", "plain"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way."""
    take(request.param, monkeypatch)
    return str(request.param)


# --- random columns ------------------------------------------------------------------------------------------------


def a_day(dice: random.Random) -> int:
    if dice.random() < 0.2:
        return dice.choice(SPECIAL_DAYS).toordinal()
    return dice.randint(date(2022, 12, 20).toordinal(), date(2027, 1, 20).toordinal())


def a_presence(dice: random.Random) -> int:
    return dice.choice(SPECIAL_PRESENCES) if dice.random() < 0.1 else dice.randint(1, 1440) * MINUTE


def an_amount(dice: random.Random) -> int:
    special = (0, 1, 50, 133_333, 133_340, 10**14, 2**61, 2**62, HIGHEST, -5)
    return dice.choice(special) if dice.random() < 0.15 else dice.randrange(10**7)


def a_visit(dice: random.Random) -> tuple[int, ...]:
    """Trips, microseconds abroad, millimetres, tickets, nights, rooms."""
    abroad = dice.choice([0, 0, HOUR, 5 * HOUR // 2, dice.randint(1, 400) * MINUTE])
    far = abroad or dice.random() < 0.05
    return (
        dice.choice([-1, -1, 0, 1, 2, 5000, 10_000, 2**62]) if dice.random() < 0.3 else dice.randint(0, 3),
        abroad if dice.random() < 0.97 else dice.choice([2**50, -HOUR]),
        dice.choice([0, 640 * KILOMETRE, dice.randrange(10**9)]) if far else 0,
        dice.choice([0, 3820, an_amount(dice)]) if far and dice.random() < 0.5 else 0,
        dice.choice([0, 0, 1, 2, 5, -1, 2**40]) if dice.random() < 0.2 else 0,
        dice.choice([0, 24_000, an_amount(dice)]) if dice.random() < 0.3 else 0,
    )


def inspections(rows: int = ROWS, seed: int = SEED) -> list[list[int]]:
    """Columns of days, times, presences and visits."""
    dice = random.Random(seed)
    cases = [(a_day(dice), a_time(dice), a_presence(dice), *a_visit(dice)) for _ in range(rows)]
    return [list(column) for column in zip(*cases, strict=True)]


def fees(rulebook: Rulebook, place: Place) -> Iterator[tuple[ColumnRule, Columns]]:
    """Every rule about inspections, with columns."""
    prices = Pricing(rulebook, place)
    full = inspections()
    days, times, presence, trips, abroad, car, tickets, nights, room = full
    nothing = [None] * 6
    yield prices.contribution, full
    yield prices.contribution, [days, times, presence, *nothing]
    yield prices.contribution, [days, times, presence, None, abroad, None, tickets, None, room]
    yield prices.contribution, [days, times, presence, None, None, car, None, nights, None]
    yield prices.wasted_trip, [days, times, None, *full[3:]]
    yield prices.wasted_trip, [days, times, None, *nothing]
    yield prices.performance, full[:3]
    yield prices.travel, [days, times, trips, abroad]
    yield prices.travel, [days, times, None, None]
    yield prices.inspection_travel, full[:5]
    yield prices.inspection_travel, [*full[:3], None, None]
    yield prices.transport, [days, car, tickets]
    yield prices.transport, [days, None, None]
    yield prices.stay, [days, nights, room]
    yield prices.stay, [days, None, None]
    yield prices.fixed, [days]
    yield prices.factor, [days, times]
    yield prices.application, [days, nights]
    yield prices.application, [days, None]
    yield prices.charge, [[row % 4 for row in range(len(days))], days, times, presence]
    yield prices.ready, [[p // MINUTE for p in presence], [row % 5 - 1 for row in range(len(days))], years(days)]


def years(days: Sequence[int]) -> list[int]:
    return [date.fromordinal(day).year for day in days]


def invoices(rulebook: Rulebook, regulation: str) -> Iterator[tuple[ColumnRule, Columns]]:
    """Every rule about invoices, with columns."""
    dice = random.Random(SEED)
    amounts = [an_amount(dice) for _ in range(ROWS)]
    days, later = ([a_day(dice) for _ in amounts] for _ in range(2))
    found = LatePayment(rulebook, regulation)
    yield found.due_date, [days]
    yield found.interest, [amounts, days, later]
    yield found.lump_sum, [amounts, days, later]
    yield VatColumns(rulebook), [amounts, days, [dice.choice([0, 0, 1, 2, 3, -1]) for _ in amounts]]
    yield VatColumns(rulebook), [amounts, days, None]


def scalar(rule: ColumnRule, case: Sequence[int | None]) -> tuple[int, int]:
    """What the rule says of one case: its value, and the number of its error."""
    try:
        value = rule.one(*case)
    except CoproError as error:
        return 0, numbered(error)
    return (value, 0) if value <= HIGHEST else (0, ERRORS.index(ImpossibleValue))


def numbered(error: CoproError) -> int:
    return next(n for n, kind in enumerate(ERRORS) if kind and kind.cell_code == error.cell_code)


def assert_rows(rule: ColumnRule, given: Columns) -> None:
    """The column is its rows; asked again, when more is known beforehand, it says the same."""
    expected = [scalar(rule, case) for case in rows_of(given)]
    for way in ("numpy", "numpy", "plain", "plain"):
        with pytest.MonkeyPatch.context() as patch:
            take(way, patch)
            found = listed(rule(*given))
        wrong = [n for n, (one, other) in enumerate(zip(found, expected, strict=True)) if one != other]
        assert not wrong, (way, type(rule).__name__, rows_of(given)[wrong[0]], found[wrong[0]], expected[wrong[0]])


@pytest.mark.parametrize("settings", SETTINGS, ids=named)
def test_fees_are_those_of_the_rules(settings: dict[str, str]) -> None:
    for place in PLACES:
        for rule, given in fees(book(**settings), place):
            assert_rows(rule, given)


@pytest.mark.parametrize("settings", SETTINGS, ids=named)
def test_invoices_are_those_of_the_rules(settings: dict[str, str]) -> None:
    for regulation in ("", "EXAMPLE-BRS"):
        for rule, given in invoices(book(**settings), regulation):
            assert_rows(rule, given)


@pytest.mark.parametrize("settings", SETTINGS, ids=named)
def test_the_parts_are_those_of_the_rules(settings: dict[str, str]) -> None:
    """Of inspections and wasted trips: a row that is refused has none, and those of another make its sum."""
    given = inspections()
    visits = (given[3:], [None] * 6, [None, given[4], None, None, None, given[8]])
    flags = (None, [row % 3 == 0 for row in range(ROWS)], [True] * ROWS)
    for place, visit, wasted in product(PLACES, visits, flags):
        prices = Pricing(book(**settings), place)
        case = [*given[:3], *visit]
        rows = list(zip(wasted or [False] * ROWS, rows_of(case), strict=True))
        expected = [expected_parts(prices, row, wasted=is_wasted) for is_wasted, row in rows]
        for way in ("numpy", "numpy", "plain", "plain"):
            with pytest.MonkeyPatch.context() as patch:
                take(way, patch)
                parts = prices.parts(wasted, *case)
            assert list(zip(*(map(int, column) for column in parts), strict=True)) == expected


def expected_parts(prices: Pricing, row: tuple[int | None, ...], *, wasted: bool) -> tuple[int, ...]:
    """The components of one case, and the number of its error, by the rules for one case."""
    day, time, presence, trips, abroad, car, tickets, nights, room = row
    total, error = scalar(prices.wasted_trip if wasted else prices.contribution, row)
    if error:
        return (0,) * 6 + (error,)
    assert day is not None
    tariff, _ = prices.fixed.tariff(day)
    present = tariff.hours.wasted_trip * HOUR if wasted else presence
    fixed = tariff.rate(Item.INSPECTION, []) * (not wasted or tariff.policies["wasted_trip.fixed_fee"] == "included")
    parts = (
        fixed,
        prices.performance.one(day, time, present),  # type: ignore[arg-type]
        prices.inspection_travel.one(day, time, present, trips, abroad),  # type: ignore[arg-type]
        prices.transport.one(day, car, tickets),
        prices.stay.one(day, nights, room),
    )
    assert sum(parts) == total
    return *parts, total, 0


@pytest.mark.parametrize("columns_given", [([True], [1, 2]), (None, [1, 2], [1])])
def test_parts_of_columns_of_different_lengths(columns_given: Columns) -> None:
    wasted, *case = columns_given
    with pytest.raises(ValueError, match="different lengths"):
        fees_at(book(), BRUSSEL).parts(wasted, *case)


# --- the oracle ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", SETTINGS, ids=named)
def test_inspections_are_those_of_the_oracle(settings: dict[str, str], way: str) -> None:
    given, asked = usual(random.Random(SEED), ROWS // 2), world(settings)
    for place in PLACES:
        prices = Pricing(book(**settings), place)
        found = shown(prices.contribution(*given))
        assert found == [by_oracle(case, place, asked, wasted=False) for case in rows_of(given)]
        found = shown(prices.wasted_trip(*given[:2], None, *given[3:]))
        assert found == [by_oracle(case, place, asked, wasted=True) for case in rows_of(given)]


@pytest.mark.parametrize("settings", SETTINGS, ids=named)
def test_what_is_classified_already_is_that_of_the_oracle(settings: dict[str, str], way: str) -> None:
    dice = random.Random(SEED)
    minutes = [1, 29, 30, 89, 90, 1440, *(dice.randint(1, 1440) for _ in range(ROWS))]
    halves = [dice.choice([2, 3, 4]) for _ in minutes]
    years = [dice.choice([2023, 2024, 2025, 2026]) for _ in minutes]
    holds = world(settings)

    def expected(minute: int, half: int, year: int) -> tuple[Fraction, str]:
        return oracle.classified_fee(Fraction(minute, 60), Fraction(half, 2), year, holds), ""

    found = fees_at(book(**settings), BRUSSEL).ready(minutes, halves, years)
    assert shown(found) == [expected(*row) for row in zip(minutes, halves, years, strict=True)]


def test_what_is_classified_already_by_hand(way: str) -> None:
    columns_given = [60, 89, 90, 0, 1441, 60, 60], [2, 3, 4, 2, 2, 2, -1], [2023, 2023, 2023, 2023, 2023, 2022, 2023]
    values, errors = fees_at(book(), BRUSSEL).ready(*columns_given)
    by_night, on_sunday = (AN_HOUR * 3) // 2 + TRIP * 3 // 2, 2 * AN_HOUR * 2 + TRIP * 2
    assert list(map(int, values)) == [FIXED + AN_HOUR + TRIP, FIXED + by_night, FIXED + on_sunday, 0, 0, 0, 0]
    number = [ERRORS.index(kind) for kind in (ImpossibleValue, NotAvailable)]
    assert list(map(int, errors)) == [0, 0, 0, number[0], number[0], number[1], number[0]]


@pytest.mark.parametrize("settings", SETTINGS, ids=named)
def test_invoices_are_those_of_the_oracle(settings: dict[str, str], way: str) -> None:
    dice = random.Random(SEED)
    amounts = [dice.randrange(10**8) for _ in range(ROWS)]
    days, later = ([dice.randint(738_515, 739_990) for _ in amounts] for _ in range(2))
    found, holds = LatePayment(book(**settings)), world(settings)

    def after(compute: Callable[..., Fraction], cents: int, one: int, other: int) -> tuple[Fraction, str]:
        return answered(lambda: compute(euro(cents), date.fromordinal(one), date.fromordinal(other), holds))

    rows = list(zip(amounts, days, later, strict=True))
    assert shown(found.interest(amounts, days, later)) == [after(oracle.late_interest, *row) for row in rows]
    assert shown(found.lump_sum(amounts, days, later)) == [after(oracle.lump_sum, *row) for row in rows]
    due = [day for day in days if date.fromordinal(day) >= oracle.IN_FORCE]
    expected = [oracle.due_date(date.fromordinal(day), holds).toordinal() for day in due]
    assert listed(found.due_date(due)) == [(day, 0) for day in expected]
    tax = vat_by(book(**settings))(amounts, days, [n % 3 for n in range(len(amounts))])
    assert [amount for amount, error in shown(tax) if not error] == [
        oracle.vat(euro(cents), CUSTOMERS[n % 3].value)
        for n, (cents, day) in enumerate(zip(amounts, days, strict=True))
        if date.fromordinal(day) >= oracle.IN_FORCE
    ]


# --- boundaries, worked by hand at the rates of 2023 ---------------------------------------------------------------

FIXED, AN_HOUR, TRIP = 36_030, 12_582, 22_892


def on(day: str, clock: str, hours: int, minutes: int = 0) -> tuple[int, int, int]:
    time = DAY_ONLY if not clock else int(clock[:2]) * HOUR + int(clock[3:]) * MINUTE
    return date.fromisoformat(day).toordinal(), time, hours * HOUR + minutes * MINUTE


@pytest.mark.parametrize(
    ("case", "halves", "trip"),
    [
        (on("2023-03-06", "10:00", 1, 29), 2, 2),  # one hour
        (on("2023-03-06", "10:00", 1, 30), 4, 2),  # from 30 minutes on two
        (on("2023-03-06", "10:00", 0, 1), 2, 2),  # the first hour always
        (on("2023-03-06", "17:59", 1), 2, 2),  # begins by day
        (on("2023-03-06", "18:00", 1), 3, 3),  # night
        (on("2023-03-06", "17:59", 2), 2 + 3, 2),
        (on("2023-03-06", "05:59", 2), 3 + 2, 3),
        (on("2023-03-06", "", 24), 48, 2),  # a day only: normal hours
        (on("2023-03-03", "23:00", 3), 3 + 4 + 4, 3),  # into a Saturday's night
        (on("2023-03-05", "23:30", 2), 4 + 3, 4),  # from a Sunday into a Monday's night
        (on("2023-12-31", "23:00", 2), 4 + 4, 4),  # a Sunday, then a public holiday: at the rate of the start
        (on("2023-03-25", "23:30", 4), 16, 4),  # the clock is put forward
        (on("2023-10-29", "02:30", 2), 8, 4),  # and back: the first of the two
    ],
)
def test_boundaries(case: tuple[int, int, int], halves: int, trip: int, way: str) -> None:
    expected = FIXED + (AN_HOUR * halves + 1) // 2 + TRIP * trip // 2
    found = fees_at(book(), BRUSSEL).contribution(*([figure] for figure in case), *[None] * 6)
    assert listed(found) == [(expected, 0)]


def test_a_leap_day_and_a_time_that_the_clock_skips(way: str) -> None:
    prices = fees_at(book(), BRUSSEL)
    leap, skipped = on("2024-02-29", "10:00", 1), on("2023-03-26", "02:30", 1)
    values, errors = prices.performance(*(list(column) for column in zip(leap, skipped, strict=True)))
    assert (list(map(int, values)), list(map(int, errors))) == ([12_897, 0], [0, ERRORS.index(ImpossibleValue)])
    reason = prices.performance.reason(*skipped)
    assert isinstance(reason, ImpossibleValue)
    assert reason.key == "clock_skips"
    assert prices.performance.reason(*leap) is None


def test_hours_charged_alike_but_not_refused_alike() -> None:
    """Split by the minute: seven hours each, but one of them goes on into a day whose kind is not known."""
    prices = Pricing(book(hours__bands="minutes"), BRUSSEL)
    day, time, _ = on("2026-06-30", "17:30", 0)  # 1 July may be a construction holiday
    for presence, refused in ((7 * HOUR + 20 * MINUTE, True), (6 * HOUR + 30 * MINUTE, False)):
        given = [np.array([figure]) for figure in (day, time, presence)]
        for rule, case in ((prices.contribution, [*given, *[None] * 6]), (prices.charge, [np.array([0]), *given])):
            assert [bool(error) for _, error in listed(rule(*case))] == [refused]
            assert (scalar(rule, rows_of(case)[0])[1] > 0) is refused


# --- what is refused -----------------------------------------------------------------------------------------------


def test_the_factor_of_a_moment(way: str) -> None:
    cases = [
        *(on("2023-03-06", "17:59", 1), on("2023-03-06", "18:00", 1), on("2023-03-04", "18:00", 1)),
        *(on("2023-03-05", "", 1), on("2023-03-26", "02:30", 1), on("2022-12-31", "", 1)),
    ]
    days, times, _ = (list(column) for column in zip(*cases, strict=True))
    values, errors = fees_at(book(), BRUSSEL).factor(days, times)
    assert list(map(int, values)) == [2, 3, 4, 4, 0, 0]
    assert [ERRORS[error] for error in errors] == [None] * 4 + [ImpossibleValue, NotAvailable]


def test_errors_are_those_of_the_rules(way: str) -> None:
    prices = fees_at(book(), BRUSSEL)
    cases = [on("2023-03-06", "10:00", 1), on("2022-12-31", "10:00", 1), on("2023-03-06", "10:00", 25)]
    kinds = [Charge.INSPECTION, Charge.INSPECTION, Charge.INSPECTION, 7]
    given = [list(column) for column in zip(*cases, cases[0], strict=True)]
    found = prices.charge(list(map(int, kinds)), *given)
    assert [ERRORS[error] for error in found.errors] == [None, NotAvailable, ImpossibleValue, InputError]
    assert [int(value) for value in found.values] == [FIXED + AN_HOUR + TRIP, 0, 0, 0]
    reasons = [prices.charge.reason(kind, *case) for kind, *case in zip(kinds, *given, strict=True)]
    assert [reason and reason.key for reason in reasons] == [
        None,
        "before_regulation",
        "hours_too_many",
        "code_unknown",
    ]


def test_a_total_beyond_64_bits_is_refused(way: str) -> None:
    prices = fees_at(book(), BRUSSEL)
    case = [*on("2023-03-06", "10:00", 1), 0, HOUR, 0, HIGHEST, 0, HIGHEST]
    assert listed(prices.contribution(*([figure] for figure in case))) == [(0, ERRORS.index(ImpossibleValue))]
    reason = prices.contribution.reason(*case)
    assert reason is not None
    assert reason.key == "number_too_large"
    assert str(HIGHEST) in reason.message("en")
    exact = [*case[:6], HIGHEST - 100_000, 0, 0]
    assert listed(prices.contribution(*([figure] for figure in exact))) == [(scalar(prices.contribution, exact)[0], 0)]


@pytest.mark.parametrize("values", [[2**63], [-(2**63) - 1], np.array([2**63], np.uint64), [2**70, 1]])
def test_numbers_of_more_than_64_bits_are_refused(values: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "FEW", 0)
    with pytest.raises(OverflowError):
        fees_at(book(), BRUSSEL).fixed(values)


@pytest.mark.parametrize("values", [[1.5], np.array([1.0]), ["1"], [True], [None]])
def test_columns_hold_whole_numbers(values: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "FEW", 0)
    with pytest.raises(TypeError):
        fees_at(book(), BRUSSEL).fixed(values)


def test_smaller_whole_numbers_are_taken() -> None:
    days = np.full(3, on("2023-03-06", "", 1)[0], np.int32)
    assert listed(fees_at(book(), BRUSSEL).fixed(days)) == [(FIXED, 0)] * 3


def test_columns_have_one_length_and_hold_days_and_times(way: str) -> None:
    prices = fees_at(book(), BRUSSEL)
    day, time, presence = on("2023-03-06", "10:00", 1)
    with pytest.raises(ValueError, match="lengths"):
        prices.performance([day], [time], [presence, presence])
    with pytest.raises(ValueError, match=r"day|ordinal"):
        prices.fixed([0])
    for wrong in (DAY, DAY_ONLY - 1):
        with pytest.raises(ValueError, match="time"):
            prices.performance([day], [wrong], [presence])


def test_no_rows(way: str) -> None:
    prices = fees_at(book(), BRUSSEL)
    assert listed(prices.contribution([], [], [], *[None] * 6)) == []
    assert listed(invoices_under(book()).interest([], [], [])) == []


# --- regulations and figures of one's own --------------------------------------------------------------------------


def departing(folder: Path, **tables: str) -> Rulebook:
    """The general regulation with a specific one that says so, from March 2024 on."""
    said = "".join(f'[[{name}]]\narticle = "9"\nvalid_from = 2024-03-01\n{table}\n' for name, table in tables.items())
    write(folder, "regulations/brs.toml", SPECIFIC + said)
    return load(folder, example=True)


@pytest.mark.parametrize(
    "tables",
    [
        {"hours": "hours = { first = 2, begun_hour_from_minutes = 15, longest = 10, wasted_trip = 3 }"},
        {"policy": 'id = "hours.bands"\nsetting = "minutes"'},
        {"policy": 'id = "factor.flat_trip"\nsetting = "highest"'},
        {"factor": 'day_type = "SATURDAY"\nfactors = { day = 1.0, night = 1.0 }'},
        {
            "payment": "payment = { term_days = 10, interest_margin = 2, lump_sum_percent = 10, "
            "lump_sum_minimum = 50, notice_days = 3 }"
        },
    ],
    ids="".join,
)
def test_a_specific_regulation(tables: dict[str, str], tmp_path: Path) -> None:
    rulebook = departing(tmp_path, **tables)
    assert not rulebook.problems
    for rule, given in (*fees(rulebook, Place("BRUSSEL", None, "BRS-1")), *invoices(rulebook, "BRS-1")):
        assert_rows(rule, given)


def test_policies_that_were_refused(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"wasted_trip.fixed_fee" = "maybe"\n')
    rulebook = load(tmp_path, example=True)
    assert rulebook.problems
    for rule, given in (*fees(rulebook, BRUSSEL), *invoices(rulebook, "")):
        assert_rows(rule, given)


def test_without_an_index_only_the_base_year_is_priced() -> None:
    for rule, given in fees(load(), BRUSSEL):
        assert_rows(rule, given)


def test_interest_stops_before_a_year_without_a_rate(tmp_path: Path) -> None:
    write(tmp_path, "figures/rates.toml", record(series='"legal_interest_1865"', period='"2028"', value="5.00"))
    rule = LatePayment(load(tmp_path)).interest
    days = [date(year, 6, 1).toordinal() for year in (2026, 2027, 2028)]
    due, until = [days[0], days[0], days[1], days[2]], [days[0] + 30, days[1], days[1] + 30, days[2] + 30]
    assert_rows(rule, [[100_000] * 4, due, until])


def test_a_notice_received_before_there_was_a_regulation() -> None:
    days = [date(2022, 12, 31).toordinal(), date(2023, 1, 1).toordinal()]
    assert_rows(invoices_under(book()).lump_sum, [[100_000] * 2, days, [days[1] + 30] * 2])


def test_the_last_day_of_the_calendar() -> None:
    last = date.max.toordinal()
    rulebook = book()
    assert_rows(fees_at(rulebook, BRUSSEL).performance, [[last], [23 * HOUR], [2 * HOUR]])
    assert_rows(invoices_under(rulebook).due_date, [[last]])


# --- what is remembered --------------------------------------------------------------------------------------------


def test_a_rulebook_keeps_what_was_asked() -> None:
    rulebook = load()
    assert fees_at(rulebook, BRUSSEL) is fees_at(rulebook, Place("BRUSSEL"))
    assert fees_at(rulebook, BRUSSEL) is not fees_at(rulebook, Place("LIMBURG"))
    assert invoices_under(rulebook) is invoices_under(rulebook, "")
    assert vat_by(rulebook) is vat_by(rulebook)
    before = vat_by(rulebook)
    for number in range(200):
        fees_at(rulebook, Place(str(number)))
    assert len(rulebook.columns) <= 100
    assert vat_by(rulebook) is not before


def test_long_interest_is_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_payment, "LONGEST_RUN", 30)
    first = date(2023, 1, 2).toordinal()
    assert_rows(
        LatePayment(book()).interest, [[10**6] * 3, [first, first, first + 25], [first + 20, first + 400, first + 40]]
    )


def test_numpy_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert columns.numpy() is np
    columns.numpy.cache_clear()
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert columns.numpy() is None
    columns.numpy.cache_clear()


def test_memories_begin_anew_when_they_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MOST_CASES", 10)
    monkeypatch.setattr(situations, "MOST_CASES", 10)
    rule = Pricing(book(), BRUSSEL).contribution
    assert_rows(rule, inspections(100))
    assert len(rule._cases) <= 10


def test_a_few_rows_do_not_need_numpy() -> None:
    day, time, presence = on("2023-03-06", "10:00", 1)
    found = fees_at(book(), BRUSSEL).performance([day] * 3, [time] * 3, [presence] * 3)
    assert isinstance(found.values, list)
    found = fees_at(book(), BRUSSEL).performance([day] * 3000, [time] * 3000, [presence] * 3000)
    assert isinstance(found.values, np.ndarray)
    assert found.values.tolist() == [AN_HOUR] * 3000


def test_columns_without_numpy_installed() -> None:
    program = """
import sys
sys.modules["numpy"] = None
from core.batch import Place, fees_at, invoices_under, vat_by
from core.loading import load
book = load()
days = [738585] * 5000
times, presence = [36000000000] * 5000, [12600000000] * 5000
print(fees_at(book, Place("BRUSSEL")).contribution(days, times, presence, *[None] * 6)[0][-1])
print(invoices_under(book).interest([100000] * 5000, days, [day + 365 for day in days])[0][-1])
print(vat_by(book)([100000] * 5000, days, None)[0][-1], sys.modules["numpy"])
"""
    # interest: 1000 × (6.25 % × 300 + 6.75 % × 65) / 365 = 63.3904
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["109250", "6339", "21000", "None"], "")


def test_the_example_of_the_documentation() -> None:
    page = Path(__file__).parents[2] / "docs" / "columns.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    [code] = [block for block in blocks if "fees_at" in block]
    found: dict[str, Any] = {}
    exec(compile(code, str(page), "exec"), found)
    assert (found["values"].tolist(), found["errors"].tolist()) == ([96_668, 0], [0, ERRORS.index(ImpossibleValue)])
