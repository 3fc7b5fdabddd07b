"""Cells in and cells out: what a sheet's numbers, dates and words mean, exactly."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from core.errors import CoproError, ImpossibleValue, InputError
from core.topics import LANGUAGES
from core.units import HOUR, MINUTE, SECOND, Moment, Unit
from core.vocabulary import DayType
from tests.core.folder import session_on
from xl_addin import cells
from xl_addin.cells import CellError, ErrorCell, cell

SESSION = session_on(example=True)
MIDDAY = date(2023, 3, 6)


class Level(enum.IntEnum):
    """A whole number in disguise, as libraries hand them on."""

    TWO = 2


class Word(str):
    """A text in disguise."""

    __slots__ = ()


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (125.82, 12582),
        (0, 0),
        (-0.0, 0),
        (0.1 + 0.2, 30),
        (1.005, 101),  # the sheet shows 1.005, not 1.00499999999999989
        (2.675, 268),
        (0.285, 29),
        (0.005, 1),
        (0.00499999999999999, 0),
        (1e-300, 0),
        (1234567.891, 123456789),
        (1e12, 10**14),
        (Decimal("125.815"), 12582),
        (Decimal("1E+3"), 100_000),
        (7, 700),
        (Level.TWO, 200),
        (np.float64(125.82), 12582),
        (np.float64(1.005), 101),
    ],
)
def test_money(value: object, cents: int) -> None:
    found = cells.money(value, SESSION)
    assert found == cents
    assert type(found) is int


def test_money_is_read_at_the_fifteen_digits_a_sheet_shows() -> None:
    """Every amount up to a million, to the cent, and each half cent goes up: against the decimals themselves."""
    for cents in range(5, 100_000_000, 7_919):
        assert cells.money(cents / 100, SESSION) == cents
        assert cells.money(float(f"{cents / 100:.2f}5"), SESSION) == cents + 1


@pytest.mark.parametrize(
    ("value", "hours"),
    [
        (3.5, 7 * HOUR // 2),
        (1, HOUR),
        (1 / 3, 20 * MINUTE),
        (2.1, 126 * MINUTE),
        ((0.5208333333333334 - 0.375) * 24, 7 * HOUR // 2),  # 12:30 less 9:00
        ((45000.75 - 45000.6875) * 24, 3 * HOUR // 2),  # a difference of two moments
        ((45000.0 + 1 / 3 - 45000.25) * 24, 2 * HOUR),  # 8:00 less 6:00, with the noise of large serials
        (1.4999999999, 3 * HOUR // 2),  # 0.36 microseconds short: noise
        (1.499999, 3 * HOUR // 2 - 3600),  # 3.6 milliseconds short: meant
        (Decimal("0.25"), HOUR // 4),
    ],
)
def test_hours(value: object, hours: int) -> None:
    assert cells.hours(value, SESSION) == hours
    assert cells.hours_abroad(value, SESSION) == hours


def test_kilometres() -> None:
    assert cells.kilometres(412.5, SESSION) == 412_500_000
    assert cells.kilometres(0.0000005, SESSION) == 1
    assert cells.kilometres(100_000, SESSION) == 10**11


@pytest.mark.parametrize(("read", "value", "expected"), [
    (cells.count, 2.0, 2),
    (cells.count, 0, 0),
    (cells.count, 10_000, 10_000),
    (cells.count, Decimal("3.0"), 3),
    (cells.count, 2.0000000000000004, 2),  # the sheet shows 2
    (cells.year, 2023.0, 2023),
    (cells.quarter, 4, 4),
    (cells.quantity, 0.1, Fraction(1, 10)),
    (cells.quantity, 0, Fraction(0)),
    (cells.exact_amount, 125.825, Decimal("125.825")),
    (cells.index, 0.0001, Decimal("0.0001")),
    (cells.law, 1865, "1865"),
    (cells.law, 2002.0, "2002"),
    (cells.law, "2002", "2002"),
    (cells.regulation, " example-brs ", "EXAMPLE-BRS"),
    (cells.regulation, Word("EXAMPLE-BRS"), "EXAMPLE-BRS"),
    (cells.day_type, "zondag", DayType.SUNDAY),
    (cells.code("ITEM"), np.str_("uur"), "HOUR"),
    (cells.code("ITEM"), Word(" UUR "), "HOUR"),
    (cells.function_name, "COPRO_RATE", "COPRO_RATE"),
])  # fmt: skip
def test_other_numbers_and_words(read: Any, value: object, expected: object) -> None:
    assert read(value, SESSION) == expected


@pytest.mark.parametrize(("read", "value", "key"), [
    (cells.money, -0.01, "number_is_negative"),
    (cells.money, 1e12 + 1, "number_too_large"),
    (cells.hours, 1_000_001, "number_too_large"),
    (cells.hours_abroad, 1_001, "number_too_large"),
    (cells.kilometres, 100_000.5, "number_too_large"),
    (cells.count, 0.5, "whole_number_expected"),
    (cells.count, -1, "number_too_small"),
    (cells.count, 10_001, "number_too_large"),
    (cells.year, 1899, "number_too_small"),
    (cells.year, 10_000, "number_too_large"),
    (cells.quarter, 0, "number_too_small"),
    (cells.quarter, 5, "number_too_large"),
    (cells.quantity, -1, "number_is_negative"),
    (cells.quantity, 1e9 + 1, "number_too_large"),
    (cells.exact_amount, -1, "number_is_negative"),
    (cells.exact_amount, 1e13, "number_too_large"),
    (cells.index, 0, "number_not_above_zero"),
    (cells.index, -1, "number_not_above_zero"),
    (cells.index, 1e9 + 1, "number_too_large"),
])  # fmt: skip
def test_impossible_numbers(read: Any, value: object, key: str) -> None:
    with pytest.raises(ImpossibleValue) as impossible:
        read(value, SESSION)
    assert impossible.value.key == key


def test_decimal_keeps_what_the_sheet_shows() -> None:
    assert cells.decimal(0.1) == Decimal("0.1")
    assert cells.decimal(123456789012345.6) == Decimal(123456789012346)
    assert cells.decimal(10**20) == 10**20


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "day", "time"),
    [
        (44991, "2023-03-06", None),
        (44991.0, "2023-03-06", None),  # midnight in a sheet is a date without a time
        (44991.75, "2023-03-06", 18 * HOUR),
        (44991 + 10 / 24, "2023-03-06", 10 * HOUR),
        (44991 + (17 * 60 + 59) / 1440, "2023-03-06", 17 * HOUR + 59 * MINUTE),
        (44991.99999999999, "2023-03-07", None),  # the noise of a sum, not a moment before midnight
        (np.float64(44991.5), "2023-03-06", 12 * HOUR),
        (1, "1900-01-01", None),
        (59, "1900-02-28", None),
        (61, "1900-03-01", None),
        (2_958_465, "9999-12-31", None),
        ("2023-03-06", "2023-03-06", None),
        (" 2023-03-06 ", "2023-03-06", None),
        ("2023-03-06T00:00", "2023-03-06", 0),
        ("2023-03-06 17:10", "2023-03-06", 17 * HOUR + 10 * MINUTE),
        ("2023-03-06T17:10:05", "2023-03-06", 17 * HOUR + 10 * MINUTE + 5 * SECOND),
        ("2023-03-06T17:10:05.25", "2023-03-06", 17 * HOUR + 10 * MINUTE + 5 * SECOND + SECOND // 4),
        ("2024-02-29", "2024-02-29", None),
        ("06/03/2023", "2023-03-06", None),
        ("6/3/2023", "2023-03-06", None),
        ("6-3-2023", "2023-03-06", None),
        ("06.03.2023 9:05", "2023-03-06", 9 * HOUR + 5 * MINUTE),
        (Word("2023-03-06"), "2023-03-06", None),
        (date(2023, 3, 6), "2023-03-06", None),
        (datetime(2023, 3, 6), "2023-03-06", None),
        (datetime(2023, 3, 6, 0, 0, 1), "2023-03-06", SECOND),
        (datetime(2023, 3, 6, 18), "2023-03-06", 18 * HOUR),
    ],
)
def test_moments(value: object, day: str, time: int | None) -> None:
    assert cells.moment(value, SESSION) == Moment(date.fromisoformat(day), time)
    assert cells.day(value, SESSION) == date.fromisoformat(day)


def test_every_day_of_the_sheets_calendar_there_and_back() -> None:
    for days in range(61, 2_958_466, 1_009):
        day = cells.day(float(days), SESSION)
        assert day == date(1899, 12, 30) + timedelta(days=days)
        assert cells.serial(day) == days


def test_the_calendar_of_1904() -> None:
    session = session_on()
    session.date1904 = True
    assert cells.moment(0.0, session) == Moment(date(1904, 1, 1))
    assert cells.moment(43_529.5, session) == Moment(MIDDAY, 12 * HOUR)
    assert cells.serial(MIDDAY, date(1904, 1, 1)) == 43_529
    with pytest.raises(ImpossibleValue):
        cells.moment(2_957_004.0, session)  # 1 January 10000
    assert cells.day(2_957_003.0, session) == date(9999, 12, 31)


@pytest.mark.parametrize(
    "value", [0, 0.5, -1, -1.5, 60, 60.5, 2_958_466, 2_958_465.9999999999, 1e18, 1e300, float("nan"), float("inf")]
)
def test_serials_outside_the_calendar(value: float) -> None:
    with pytest.raises(ImpossibleValue) as impossible:
        cells.moment(value, SESSION)
    assert impossible.value.cell_code == "#NUM!"


def test_a_time_zone() -> None:
    with pytest.raises(InputError) as refused:
        cells.moment(datetime(2023, 3, 6, 12, tzinfo=UTC), SESSION)
    assert refused.value.key == "date_with_zone"


# --- error cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", cells.ERROR_CODES)
@pytest.mark.parametrize(
    "read", [cells.money, cells.count, cells.moment, cells.code("ITEM"), cells.regulation, cells.law]
)
def test_an_error_cell_is_handed_on(read: Any, code: str) -> None:
    for value in (code, CellError(code), CellError(code, InputError("argument_missing"), "amount", 3)):
        with pytest.raises(ErrorCell) as error:
            read(value, SESSION)
        assert error.value.code == code


def test_the_message_of_an_error() -> None:
    reason = ImpossibleValue("hours_too_many", longest=24)
    assert CellError("#NUM!", reason).message("en") == reason.message("en")
    assert CellError("#NUM!", reason, "hours", 4).message("en") == f"hours, row 4: {reason.message('en')}"
    assert CellError("#NUM!", reason, "", 4).message("nl").startswith("rij 4: ")
    assert CellError("#NUM!", reason, "hours").message("en").startswith("hours: ")
    for language in LANGUAGES:
        assert "#REF!" in CellError("#REF!").message(language)


def test_blank() -> None:
    assert [cells.blank(value) for value in (None, "", " ", 0, False, "x")] == [True, True, False, False, False, False]


# --- out -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (12582, Unit.EURO, 125.82),
        (4170, Unit.EURO_PER_KM, 0.417),
        (3, Unit.FACTOR, 1.5),
        (525, Unit.PERCENT, 0.0525),
        (4, Unit.NUMBER, 4),
        (2024, Unit.YEAR, 2024),
        (7 * HOUR // 2, Unit.HOURS, 3.5),
        (Fraction(41, 40), Unit.RATIO, 1.025),
        (Fraction(5, 2), Unit.EURO, 0.025),
        (MIDDAY, Unit.DATE, MIDDAY),
        ("text", Unit.TEXT, "text"),
        ("CUSTOMER:BE", Unit.CODE, None),
    ],
)
def test_cell(value: Any, unit: Unit, shown: object) -> None:
    found = cell(value, unit, "en")
    if unit is Unit.CODE:
        assert isinstance(found, str)
        assert found
        return
    assert found == shown
    assert type(found) is type(shown)


def test_an_amount_is_the_number_that_is_typed() -> None:
    """The cell of an amount holds the very same binary number as the amount typed."""
    for cents in range(0, 10_000_000, 997):
        assert cell(cents, Unit.EURO, "en") == float(f"{cents // 100}.{cents % 100:02}")


# --- payments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([["2024-01-15", 500], [45306.0, 20.5]], [("2024-01-15", 50_000), ("2024-01-15", 2_050)]),
        ((("2024-01-15", 500),), [("2024-01-15", 50_000)]),
        ([["2024-01-15", 500], [None, None], ["", ""]], [("2024-01-15", 50_000)]),
        ([[None, None]], []),
        ([["2024-01-15", 0]], [("2024-01-15", 0)]),
    ],
)
def test_payments(value: object, found: list[tuple[str, int]]) -> None:
    assert cells.payments(value, SESSION) == [(date.fromisoformat(day), cents) for day, cents in found]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (500, "payments_two_columns"),
        ("2024-01-15", "payments_two_columns"),
        ([500], "payments_two_columns"),
        (["2024-01-15", 500], "payments_two_columns"),
        ([["2024-01-15"]], "payments_two_columns"),
        ([["2024-01-15", 500, 3]], "payments_two_columns"),
        ([["2024-01-15", 500], ["2024-01-15"]], "payments_two_columns"),
        ([[]], "payments_two_columns"),
        ([["2024-01-15", None]], "payment_half_filled"),
        ([["2024-01-15", 1], ["", 500]], "payment_half_filled"),
        ([[500, "2024-01-15"]], "number_expected_cell"),
        ([["soon", 500]], "date_unreadable"),
        ([["2024-01-15", -1]], "number_is_negative"),
        ([["2024-01-15", True]], "number_expected_cell"),
    ],
)
def test_wrong_payments(value: object, key: str) -> None:
    with pytest.raises(CoproError) as refused:
        cells.payments(value, SESSION)
    assert refused.value.key == key


@pytest.mark.parametrize(
    "value", ["#REF!", CellError("#REF!"), [CellError("#REF!")], [["#REF!", 500]], [["2024-01-15", CellError("#REF!")]]]
)
def test_an_error_among_the_payments(value: object) -> None:
    with pytest.raises(ErrorCell) as error:
        cells.payments(value, SESSION)
    assert error.value.code == "#REF!"
