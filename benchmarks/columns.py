"""Whole columns: how fast, and how many rows are wrong by the exact oracle; beside Python's decimal and floats.

The peers hold the figures of 2023-2026 ready made. The oracle is slow, so mismatches are counted on the first rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from benchmarks.foundation import Row
from benchmarks.measure import timed
from core.batch import Charge, Place, fees_at, invoices_under
from core.batch import columns as batch_columns
from core.rules.art_2_3_2_late_payment import recorded_periods
from core.vocabulary import Item
from tests import oracle
from xl_addin import CellError, Session, call, ranges
from xl_addin import columns as sheet

Array = Any
SHEET = 1_048_576
CHECKED = 4_000
"""Rows held against the oracle."""
SLOW = 20_000
"""Rows that the slow peers are timed on."""
READY = 24_576
"""Rows of a chunk of ready columns: they stay in the processor's cache."""
REGISTER = 100_000
YEARS = range(2023, 2027)
EPOCH = datetime(1899, 12, 30)
CENT = Decimal("0.01")
WORLD = oracle.World({}, oracle.EXAMPLE_SALARY)
PLACE = oracle.Place()


@cache
def session() -> Session:
    return Session.open(language="en", example=True)


def without_numpy(act: Callable[[], Any]) -> Array:
    """The same with NumPy out of reach of the functions."""
    kept = batch_columns.numpy
    try:
        batch_columns.numpy = sheet.numpy = ranges.numpy = lambda: None  # type: ignore[assignment]
        return act()
    finally:
        batch_columns.numpy = sheet.numpy = ranges.numpy = kept


def wrong(found: Sequence[Any], exact: Sequence[Any]) -> str:
    """How many of the first rows are not as the oracle says, in cents or as an error."""
    bad = sum(one != other for one, other in zip(found, exact, strict=True))
    return f"{bad:,} of {len(exact):,} wrong"


def cents(amount: float | Decimal | Fraction) -> int:
    return round(amount * 100)


def by_oracle(compute: Callable[[], Fraction]) -> int | str:
    try:
        return cents(compute())
    except oracle.Refused as refused:
        return refused.code


def rates(item: Item) -> list[int]:
    return [session().rulebook.tariff(date(year, 1, 1)).rate(item, []) for year in YEARS]


# --- fees from ready columns ---------------------------------------------------------------------------------------


def ready() -> list[Row]:
    """Minutes, factor in halves and tariff year to what an inspection costs."""
    dice = np.random.default_rng(20230101)
    minutes, halves = dice.integers(1, 1441, READY), dice.integers(2, 5, READY)
    years = dice.integers(YEARS[0], YEARS[-1] + 1, READY)
    rule = fees_at(session().rulebook, Place("BRUSSEL")).ready
    fixed, hour, trip = (rates(item) for item in (Item.INSPECTION, Item.HOUR, Item.TRIP_BE))
    fixed_euro, hour_euro, trip_euro = (np.array(cents) / 100 for cents in (fixed, hour, trip))

    def ours() -> Array:
        return rule(minutes, halves, years).values

    def floats() -> Array:
        hours, year, factor = np.maximum(1, np.floor(minutes / 60 + 0.5)), years - YEARS[0], halves / 2
        performance = np.round(hour_euro[year] * hours * factor, 2)
        return fixed_euro[year] + performance + np.round(trip_euro[year] * factor, 2)

    rows = list(zip(minutes.tolist(), halves.tolist(), years.tolist(), strict=True))
    exact_euro = {
        year: tuple(Decimal(rate) / 100 for rate in those)
        for year, *those in zip(YEARS, fixed, hour, trip, strict=True)
    }

    def decimals() -> list[Decimal]:
        return [_ready_in_decimal(*exact_euro[year], max(1, (minute + 30) // 60), half) for minute, half, year in rows]

    exact = [
        cents(oracle.classified_fee(Fraction(minute, 60), Fraction(half, 2), year, WORLD))
        for minute, half, year in rows[:CHECKED]
    ]
    answers = [ours()[:CHECKED].tolist(), [*map(cents, floats()[:CHECKED])], [*map(cents, decimals()[:CHECKED])]]
    speeds = [READY / timed(act, runs) / 1e6 for act, runs in ((ours, 501), (floats, 501), (decimals, 15))]
    names = ("core.batch, int64", "NumPy floats with round", "Python's decimal, a row at a time")
    notes = ("target: at least 130 million rows/s", "not exact", "exact")
    return [
        (
            f"fees from ready columns, {name}",
            f"{speed:.1f} million rows/s",
            f"{speed / speeds[0]:.3f} of ours",
            f"{wrong(answer, exact)}; {note}",
        )
        for name, speed, answer, note in zip(names, speeds, answers, notes, strict=True)
    ]


def _ready_in_decimal(fixed: Decimal, hour: Decimal, trip: Decimal, hours: int, half: int) -> Decimal:
    performance = (hour * hours * half / 2).quantize(CENT, ROUND_HALF_UP)
    return fixed + performance + (trip * half / 2).quantize(CENT, ROUND_HALF_UP)


# --- a full sheet ----------------------------------------------------------------------------------------------------


@cache
def full_sheet() -> tuple[Array, Array, Array]:
    """Serials to the minute over four years, hours by the quarter, kinds; a few mistakes."""
    dice = np.random.default_rng(20230102)
    days = dice.integers(44_927, 44_927 + 1461, SHEET)
    starts = days + dice.integers(0, 1440, SHEET) / 1440
    hours = dice.integers(1, 97, SHEET) / 4
    charges = dice.choice(list(map(int, Charge)), SHEET, p=[0.9, 0.08, 0.02])
    starts[dice.random(SHEET) < 0.002] = 44_900.5
    hours[dice.random(SHEET) < 0.002] = 30.0
    return starts, hours, charges


def sheet_by_oracle(start: float, hours: float, charge: int) -> int | str:
    def compute() -> Fraction:
        moment = oracle.moment(start)
        if charge == Charge.WASTED_TRIP:
            return oracle.wasted_trip_fee(moment, oracle.Visit(), PLACE, WORLD)
        if charge == Charge.APPLICATION:
            return oracle.application_fee(moment.at.date(), 1, WORLD)
        return oracle.inspection_fee(moment, oracle.presence(hours), oracle.Visit(), PLACE, WORLD)

    return by_oracle(compute)


def day_classes() -> tuple[Array, Array]:
    """For the float peer: factor of every day from 2023 on, by day and by night; NaN where it is not known."""
    by_day, by_night = [], []
    for number in range(1463):
        day = date(2023, 1, 1) + timedelta(days=number)
        try:
            kinds = oracle.day_kinds(day, oracle.OWN_SITE, None, "calendar")
            by_day.append(max(float(oracle.FACTORS[kind][0]) for kind in kinds))
            by_night.append(max(float(oracle.FACTORS[kind][1]) for kind in kinds))
        except oracle.Refused:
            by_day.append(np.nan)
            by_night.append(np.nan)
    return np.array(by_day), np.array(by_night)


def floats_of_sheet(starts: Array, hours: Array, charges: Array, classes: tuple[Array, Array]) -> Array:
    """The whole sheet in binary floats: the clock changes and the errors left out, but every kind of day."""
    by_day, by_night = classes
    rate = {item: np.array(rates(item)) / 100 for item in (Item.INSPECTION, Item.HOUR, Item.TRIP_BE, Item.APPLICATION)}
    day = np.floor(starts).astype(np.int64) - 44_927
    year = np.minimum((day >= 365).astype(np.int64) + (day >= 731) + (day >= 1096), 3)
    clock = (starts % 1) * 24
    charged = np.where(charges == 1, 1, np.maximum(1, np.floor(hours + 0.5)))
    total = np.zeros(len(starts))
    for hour in range(24):
        time_of_day = clock + hour
        which = np.clip(day + (time_of_day >= 24), 0, 1462)
        time_of_day = time_of_day % 24
        night = (time_of_day >= 18) | (time_of_day < 6)
        total += np.where(hour < charged, np.where(night, by_night[which], by_day[which]), 0)
    first = np.where((clock >= 18) | (clock < 6), by_night[np.clip(day, 0, 1462)], by_day[np.clip(day, 0, 1462)])
    fee = (
        rate[Item.INSPECTION][year]
        + np.round(rate[Item.HOUR][year] * total, 2)
        + np.round(rate[Item.TRIP_BE][year] * first, 2)
    )
    return np.where(charges == 2, rate[Item.APPLICATION][year], fee)


def decimal_fee(start: float, hours: float) -> Decimal:
    """One weekday inspection of 2023 in Python's decimal: a lower bound for what a sheet would take."""
    from benchmarks.peers import with_decimal

    return with_decimal(start, hours)


def whole_sheet() -> list[Row]:
    """1,048,576 rows from serials, hours and kinds to cents, errors included."""
    starts, hours, charges = full_sheet()
    plain = starts.tolist(), hours.tolist(), charges.tolist()
    rows = list(zip(*(column[:CHECKED] for column in plain), strict=True))
    exact = [sheet_by_oracle(*row) for row in rows]
    classes = day_classes()

    def first(opened: Session, given: Sequence[Any]) -> float:
        begin = time.perf_counter()
        sheet.register(opened, *given)
        return time.perf_counter() - begin

    def ours() -> Array:
        return sheet.register(session(), starts, hours, charges)

    def no_numpy() -> Array:
        return without_numpy(lambda: sheet.register(session(), *plain))

    cold = first(Session.open(language="en", example=True), (starts, hours, charges))
    cold_plain = without_numpy(lambda: first(Session.open(language="en", example=True), plain))
    seconds, plain_seconds = timed(ours), timed(no_numpy, 5)
    floats = timed(lambda: floats_of_sheet(starts, hours, charges, classes), 3)
    part = slice(0, SLOW)
    decimals = timed(lambda: [decimal_fee(*row) for row in zip(plain[0][part], plain[1][part], strict=True)], 3)
    decimals *= SHEET / SLOW
    head = [column[:CHECKED] for column in (starts, hours, charges)]
    float_cents = ["" if np.isnan(value) else cents(value) for value in floats_of_sheet(*head, classes).tolist()]
    weekday = [cents(decimal_fee(start, lasting)) for start, lasting, _ in rows]
    errors = int((ours().errors > 0).sum())
    return [
        (
            "full sheet, NumPy",
            f"{seconds * 1000:.0f} ms",
            "1.0",
            f"{wrong(shown(ours()), exact)}; {errors:,} errors; first call {cold * 1000:.0f} ms; target: at most 50 ms",
        ),
        (
            "full sheet, without NumPy",
            f"{plain_seconds:.2f} s",
            f"{plain_seconds / seconds:.0f} × ours",
            f"{wrong(shown(no_numpy()), exact)}; first call {cold_plain:.2f} s; target: at most 0.8 s",
        ),
        (
            "full sheet, NumPy floats with round",
            f"{floats * 1000:.0f} ms",
            f"{floats / seconds:.1f} × ours",
            f"{wrong(float_cents, exact)}; no clock changes, no errors",
        ),
        (
            "weekday inspections of 2023 in Python's decimal",
            f"{decimals:.1f} s",
            f"{decimals / seconds:.0f} × ours",
            f"{wrong(weekday, exact)} (other days, years and kinds); timed on {SLOW:,} rows",
        ),
    ]


def shown(outcome: Array) -> list[int | str]:
    """The first rows: cents, or the code of an error."""
    names = [kind.cell_code if kind else "" for kind in batch_columns.ERRORS]
    return [
        names[error] if error else int(value)
        for value, error in zip(outcome.values[:CHECKED], outcome.errors[:CHECKED], strict=True)
    ]


# --- interest --------------------------------------------------------------------------------------------------------


def interest() -> list[Row]:
    """Interest on 1,048,576 invoices across changes of the rate."""
    dice = np.random.default_rng(20230103)
    due = dice.integers(date(2023, 1, 1).toordinal(), date(2025, 12, 31).toordinal(), SHEET)
    until = np.minimum(due + dice.integers(-30, 700, SHEET), date(2026, 6, 30).toordinal())
    amounts = dice.integers(0, 2_000_000, SHEET)
    rule = invoices_under(session().rulebook).interest
    tariff = session().rulebook.tariff(date(2023, 1, 1))
    periods = list(recorded_periods(tariff, date(2023, 1, 1), date(2026, 6, 30)))
    daily = np.repeat([period.points / 10_000 / 365 for period in periods], [period.days for period in periods])
    so_far = np.concatenate([[0.0], np.cumsum(daily)])
    origin = date(2022, 12, 31).toordinal()

    def ours() -> Array:
        return rule(amounts, due, until)

    def floats() -> Array:
        return np.round(amounts / 100 * np.maximum(so_far[until - origin] - so_far[due - origin], 0), 2)

    spans = [(p.first.toordinal(), p.last.toordinal(), Decimal(p.points) / 10_000 / 365) for p in periods]

    def decimal(amount: int, start: int, end: int) -> Decimal:
        total = Decimal(0)
        for first, last, rate in spans:
            days = min(last, end) - max(first, start + 1) + 1
            total += Decimal(amount) / 100 * rate * max(days, 0)
        return total.quantize(CENT, ROUND_HALF_UP)

    rows = list(zip(amounts[:SLOW].tolist(), due[:SLOW].tolist(), until[:SLOW].tolist(), strict=True))
    exact = [
        by_oracle(
            lambda a=a, d=d, u=u: oracle.late_interest(  # type: ignore[misc]
                Fraction(a, 100), date.fromordinal(d), date.fromordinal(u), WORLD
            )
        )
        for a, d, u in rows[:CHECKED]
    ]
    seconds, float_seconds = timed(ours), timed(floats)
    decimals = timed(lambda: [decimal(*row) for row in rows], 3) * SHEET / SLOW
    return [
        (
            f"interest on {SHEET:,} invoices, core.batch",
            f"{seconds * 1000:.1f} ms",
            "1.0",
            f"{wrong(shown(ours()), exact)}; target: at most 20 ms",
        ),
        (
            "the same, NumPy floats with round",
            f"{float_seconds * 1000:.1f} ms",
            f"{float_seconds / seconds:.1f} × ours",
            f"{wrong([*map(cents, floats()[:CHECKED])], exact)}; nothing checked",
        ),
        (
            "the same, Python's decimal",
            f"{decimals:.1f} s",
            f"{decimals / seconds:.0f} × ours",
            f"{wrong([cents(decimal(*row)) for row in rows[:CHECKED]], exact)}; timed on {SLOW:,} rows",
        ),
    ]


# --- a register through the functions --------------------------------------------------------------------------------


def register() -> list[Row]:
    """100,000 rows of a worksheet through one COPRO_INSPECTION_FEE, cells in and cells out."""
    starts, hours, _ = full_sheet()
    given = [[[value] for value in column[:REGISTER].tolist()] for column in (starts, hours)]

    def ours(rows: int = REGISTER) -> Array:
        return call("COPRO_INSPECTION_FEE", [column[:rows] for column in given], session())

    def one_by_one() -> Array:
        fewest, ranges.FEWEST = ranges.FEWEST, SHEET
        try:
            return ours(SLOW)
        finally:
            ranges.FEWEST = fewest

    rows = list(zip(starts[:CHECKED].tolist(), hours[:CHECKED].tolist(), strict=True))
    exact = [sheet_by_oracle(*row, Charge.INSPECTION) for row in rows]
    found = [cell.code if isinstance(cell, CellError) else cents(cell) for (cell,) in ours()[:CHECKED]]
    seconds, plain = timed(ours), without_numpy(lambda: timed(ours, 5))
    single = timed(one_by_one, 3) * REGISTER / SLOW
    return [
        (
            f"register of {REGISTER:,} rows through one call, NumPy",
            f"{seconds:.2f} s",
            "1.0",
            f"{wrong(found, exact)}; target: at most 1 s",
        ),
        ("the same without NumPy", f"{plain:.2f} s", f"{plain / seconds:.1f} × ours", ""),
        ("the same, every row on its own", f"{single:.2f} s", f"{single / seconds:.0f} × ours", ""),
    ]


def columns() -> list[Row]:
    """All of it."""
    return [*ready(), *whole_sheet(), *interest(), *register()]
