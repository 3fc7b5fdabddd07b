"""Values to and from Calc, without LibreOffice."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_addin.calc import convert


class Error:
    """Stands for the toolkit's error value: all that matters is its code."""

    def __init__(self, code: str) -> None:
        self.code = code


@pytest.mark.parametrize("code", convert.ERROR_NUMBERS)
def test_an_error_is_a_number_that_calc_shows_as_that_error(code: str) -> None:
    value = convert.error_value(code)
    assert math.isnan(value)
    assert convert.argument(value) == code


def test_an_error_that_calc_lacks_is_value() -> None:
    assert convert.argument(convert.error_value("#SPILL!")) == "#VALUE!"


@pytest.mark.parametrize(("number", "code"), [(502, "#VALUE!"), (532, "#DIV/0!"), (32767, "#N/A"), (503, "#NUM!")])
def test_calcs_own_error_numbers(number: int, code: str) -> None:
    assert convert.error_code(number) == code


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (None, None),
        ("", None),
        (convert.BLANK, None),
        (0.0, 0.0),
        (3.5, 3.5),
        ("HOUR", "HOUR"),
        (convert.ERROR + "#DIV/0!", "#DIV/0!"),
        (convert.ERROR + "7", "#N/A"),
        (convert.ERROR + "3", "#VALUE!"),
        (convert.ERROR + "99", "#VALUE!"),
        (((1.0, ""), ("x", 2.0)), [[1.0, None], ["x", 2.0]]),
        (((convert.BLANK,), (convert.ERROR + "#REF!",)), [[None], ["#REF!"]]),
        (((4.0,),), 4.0),
        ((("",),), None),
    ],
)
def test_arguments(sent: object, taken: object) -> None:
    assert convert.argument(sent) == taken


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        (1, ((1.0,),)),
        (Decimal("125.82"), ((125.82,),)),
        (True, ((True,),)),
        ("text", (("text",),)),
        (None, (("",),)),
        (date(2026, 3, 6), ((46087.0,),)),
        (datetime(2026, 3, 6, 18), ((46087.75,),)),
        ([[1, None], ["a", date(2023, 1, 1)]], ((1.0, ""), ("a", 44927.0))),
        ([], (("",),)),
        ([[]], (("",),)),
    ],
)
def test_results(given_: object, shown: object) -> None:
    assert convert.result(given_) == shown


def test_whole_numbers_are_floats_for_calc_ignores_large_ones_otherwise() -> None:
    assert isinstance(convert.result(2**40)[0][0], float)


def test_errors_stay_in_their_own_place_in_a_result() -> None:
    ((first, second), (third, fourth)) = convert.result([[Error("#N/A"), 2.0], [math.inf, Error("#NUM!")]])
    assert [convert.argument(first), second, convert.argument(third), convert.argument(fourth)] == [
        "#N/A",
        2.0,
        "#NUM!",
        "#NUM!",
    ]


@given(st.dates(min_value=date(1904, 1, 2)))
def test_a_date_is_the_same_day_in_both_date_systems(day: date) -> None:
    in_1904 = convert.serial(day, date(1904, 1, 1))
    assert convert.shifted(in_1904, 1462) == convert.serial(day)


def test_only_numbers_are_moved_between_date_systems() -> None:
    assert convert.shifted([[1.0, "2026-03-06"], [None, 2.0]], 1462) == [[1463.0, "2026-03-06"], [None, 1464.0]]
