"""Whole-number units: conversions are exact or refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from core.paths import data_file
from core.units import DAY, HOUR, MINUTE, Moment, Unit, scaled


def test_durations() -> None:
    assert (DAY, HOUR, MINUTE) == (86_400_000_000, 3_600_000_000, 60_000_000)


@pytest.mark.parametrize(
    ("unit", "value", "exact"),
    [
        (Unit.EURO, 12345, Fraction(12345, 100)),
        (Unit.EURO_PER_KM, 4170, Fraction("0.417")),
        (Unit.HOURS, HOUR // 4, Fraction(1, 4)),
        (Unit.KILOMETRES, 1, Fraction(1, 1_000_000)),
        (Unit.FACTOR, 3, Fraction(3, 2)),
        (Unit.PERCENT, 525, Fraction("5.25")),
        (Unit.NUMBER, 7, Fraction(7)),
        (Unit.RATIO, Fraction(41, 40), Fraction("1.025")),
    ],
)
def test_exact(unit: Unit, value: int, exact: Fraction) -> None:
    assert unit.exact(value) == exact


def test_scaled() -> None:
    assert scaled(Decimal("125.82"), 100) == 12582
    assert scaled(Decimal("0.4170"), 10_000) == 4170
    with pytest.raises(ValueError, match="more decimals"):
        scaled(Decimal("0.005"), 100)


def test_moment() -> None:
    day = date(2023, 3, 6)
    assert Moment(day).clock() == day
    assert Moment(day, 0).clock() == datetime(2023, 3, 6)
    assert Moment(day, 17 * HOUR + 10 * MINUTE + 1).clock() == datetime(2023, 3, 6, 17, 10, 0, 1)


def test_data_file() -> None:
    assert data_file("figures", "vat.toml").is_file()
    assert data_file().joinpath("texts").is_dir()
