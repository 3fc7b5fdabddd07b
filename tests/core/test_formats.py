"""Numbers, amounts and dates as people of each language write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from core.errors import CoproError
from core.formats import Named, day, euro, label, number, quantity, shown
from core.topics import LANGUAGES
from core.units import HOUR, KILOMETRE, Moment, Unit

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (Fraction(1, 3), "1/3"),
        (Fraction(2, 3), "2/3"),
        (Decimal("0.4170"), "0.417"),
        (Decimal(1000), "1,000"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(1, 10**11), "0"),
    ],
)
def test_number(value: Fraction, written: str) -> None:
    assert number(value, "en") == written


@pytest.mark.parametrize(
    ("language", "written"), [("nl", "1.234,5"), ("fr", f"1{THIN}234,5"), ("de", "1.234,5"), ("en", "1,234.5")]
)
def test_separators(language: str, written: str) -> None:
    assert number(Decimal("1234.5"), language) == written
    assert number(Decimal("1234.5"), language, 2) == f"{written}0"
    assert number(1000, language, 0) == number(1000, language)


def test_large_numbers_keep_their_digits() -> None:
    assert number(10**30 + 1, "en") == f"1{',000' * 9},001"


@pytest.mark.parametrize(
    ("language", "written"),
    [("nl", "€ 1.234,50"), ("fr", f"1{THIN}234,50 €"), ("de", "1.234,50 €"), ("en", "€1,234.50")],
)
def test_euro(language: str, written: str) -> None:
    assert euro(Decimal("1234.5"), language) == written


def test_day() -> None:
    written = [day(date(2023, 3, 6), language) for language in LANGUAGES]
    assert written == ["06/03/2023", "06/03/2023", "06.03.2023", "2023-03-06"]
    assert day(datetime(2023, 3, 6, 7, 5), "nl") == "06/03/2023 07:05"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (123456, Unit.EURO, "€1,234.56"),
        (4170, Unit.EURO_PER_KM, "€0.4170"),
        (7 * HOUR // 2, Unit.HOURS, "3.5 h"),
        (KILOMETRE * 2001 // 2, Unit.KILOMETRES, "1,000.5 km"),
        (3, Unit.FACTOR, "1.5"),
        (Fraction(7, 2), Unit.FACTOR, "1.75"),
        (575, Unit.PERCENT, "5.75 %"),
        (1200, Unit.NUMBER, "1,200"),
        (2024, Unit.YEAR, "2024"),
        (Fraction(41, 40), Unit.RATIO, "1.025"),
        (date(2023, 3, 6), Unit.DATE, "2023-03-06"),
        (Moment(date(2023, 3, 6)), Unit.MOMENT, "2023-03-06"),
        (Moment(date(2023, 3, 6), 18 * HOUR), Unit.MOMENT, "2023-03-06 18:00"),
        ("EXAMPLE-BRS", Unit.TEXT, "EXAMPLE-BRS"),
        ("ITEM:NIGHT", Unit.CODE, "Stay fee per night"),
        ("paid_to:nobody", Unit.CODE, "The contractor bears the cost himself"),
    ],
)
def test_quantity(value: object, unit: Unit, written: str) -> None:
    if unit is Unit.CODE:
        assert quantity(value, unit, "en") == label(*str(value).split(":"), "en")
    else:
        assert quantity(value, unit, "en") == written


def test_every_unit_can_be_shown() -> None:
    samples = {Unit.DATE: date(2023, 3, 6), Unit.MOMENT: Moment(date(2023, 3, 6), 0), Unit.CODE: "ITEM:HOUR"}
    for unit in Unit:
        for language in LANGUAGES:
            assert quantity(samples.get(unit, 2), unit, language)


def test_shown() -> None:
    assert shown(Named("SITE", "LIEGE"), "nl") == "Luik"
    assert shown(Named("series", "salary_index"), "en").startswith("index of employees' salaries")
    assert shown(date(2023, 3, 6), "nl") == "06/03/2023"
    assert shown(Decimal("0.5"), "nl") == "0,5"
    assert shown(Fraction(1, 2), "nl") == "0,5"
    assert shown(CoproError("number_not_positive"), "en").startswith("the value must be more than 0")
    assert (shown(12, "nl"), shown("a{b}", "nl")) == ("12", "a{b}")


def test_label() -> None:
    assert [label("DAY_TYPE", "SUNDAY", language).lower() for language in LANGUAGES] == [
        "zondag",
        "dimanche",
        "sonntag",
        "sunday",
    ]
    with pytest.raises(KeyError):
        label("paid_to", "somebody", "en")
