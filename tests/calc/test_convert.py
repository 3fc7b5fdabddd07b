"""Values to and from Calc, without LibreOffice."""

from __future__ import annotations

import math
from datetime import date, datetime

import pytest

from xl_addin.calc import convert
from xl_addin.cells import CellError


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
        (convert.ERROR + "532", "#DIV/0!"),
        (convert.ERROR + "7", "#N/A"),
        (convert.ERROR + "3", "#VALUE!"),
        (convert.ERROR + "99", "#VALUE!"),
        (convert.ERROR + "9" * 5000, "#VALUE!"),
        (convert.ERROR + "what a stranger typed", "#VALUE!"),
        (((1.0, ""), ("x", 2.0)), [[1.0, None], ["x", 2.0]]),
        (((convert.BLANK,), (convert.ERROR + "524",)), [[None], ["#REF!"]]),
        (((4.0,),), 4.0),
        ((("",),), None),
    ],
)
def test_arguments(sent: object, taken: object) -> None:
    assert convert.argument(sent) == taken


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (1, ((1.0,),)),
        (125.82, ((125.82,),)),
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
def test_results(given: object, shown: object) -> None:
    assert convert.result(given) == shown


def test_whole_numbers_are_floats_for_calc_ignores_large_ones_otherwise() -> None:
    assert isinstance(convert.result(2**40)[0][0], float)


def test_errors_stay_in_their_own_place_in_a_result() -> None:
    ((first, second), (third, fourth)) = convert.result([[CellError("#N/A"), 2.0], [math.inf, CellError("#NUM!")]])
    assert [convert.argument(first), second, convert.argument(third), convert.argument(fourth)] == [
        "#N/A",
        2.0,
        "#NUM!",
        "#NUM!",
    ]


def test_a_date_is_counted_from_the_workbooks_own_first_day() -> None:
    assert convert.result(date(2026, 3, 6), date(1904, 1, 1)) == ((46087.0 - 1462,),)
