"""Art. 2.2.9: where a coefficient comes from, and that it is never chained."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from core.errors import NotAvailable
from core.loading import load
from core.policies import Policies
from core.rules.art_2_2_9_indexation import coefficient, salary_index
from core.vocabulary import Item

BOOK = load(example=True)
FIGURES = BOOK.figures


@pytest.mark.parametrize(
    ("index", "year", "base", "ratio"),
    [
        ("salary", 2023, 2023, Fraction(1)),
        ("salary", 2026, 2023, Fraction("1.073")),  # straight from the base, not 1.025 x 1.025... x 1.02093...
        ("salary", 2023, 2026, 1 / Fraction("1.073")),
        ("travel", 2025, 2023, Fraction(4415, 4170)),
        ("none", 2099, 2023, Fraction(1)),
        ("none", 2023, 2099, Fraction(1)),
        ("salary", 2099, 2099, Fraction(1)),  # its own year needs no index
        ("travel", 2099, 2099, Fraction(1)),
    ],
)
def test_coefficient(index: str, year: int, base: int, ratio: Fraction) -> None:
    assert coefficient(index, FIGURES, Policies(), year, base).ratio == ratio  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("index", "year", "base"), [("salary", 2027, 2023), ("salary", 2024, 2020), ("travel", 2027, 2023)]
)
def test_a_figure_that_is_missing(index: str, year: int, base: int) -> None:
    with pytest.raises(NotAvailable) as missing:
        coefficient(index, FIGURES, Policies(), year, base)  # type: ignore[arg-type]
    assert missing.value.key == "figure_missing"


def test_four_decimals() -> None:
    policies = Policies({"index.coefficient": "four_decimals"})
    # 105.10/102.50 = 1.025365... -> 1.0254
    assert coefficient("salary", FIGURES, policies, 2025, 2024).ratio == Fraction("1.0254")
    assert coefficient("travel", FIGURES, policies, 2025, 2023).ratio == Fraction(4415, 4170)


def test_the_quarter() -> None:
    assert salary_index(FIGURES, 2023).period == "2023-Q3"
    for quarter in (1, 2, 4):
        with pytest.raises(NotAvailable):
            salary_index(FIGURES, 2023, quarter)


def test_a_rate_that_is_not_available_says_so_each_time() -> None:
    tariff = load().tariff(date(2024, 3, 4))
    for _ in range(2):
        with pytest.raises(NotAvailable) as missing:
            tariff.rate(Item.HOUR, [])
        assert missing.value.key == "figure_missing"
    assert tariff.coefficient(Item.TRIP_BE) == Fraction(4280, 4170)
    with pytest.raises(NotAvailable):
        tariff.coefficient(Item.HOUR)
