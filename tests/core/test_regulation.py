"""Regulations as data: what their models hold, in whole units."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from core.loading import load
from core.regulation import (
    Contribution,
    FactorPair,
    PaymentTerms,
    RateOverride,
    RegulationFile,
    SpecificRegulation,
    Tier,
    microseconds,
)
from core.topics import LANGUAGES
from core.units import HOUR, MINUTE
from core.vocabulary import DayType, Item


def test_factors_in_halves() -> None:
    factors = load().general[0].factors
    assert {kind: factors.pair(kind).halves for kind in DayType} == {
        DayType.WORKDAY: (2, 3),
        DayType.SATURDAY: (3, 4),
        DayType.SUNDAY: (4, 4),
        DayType.HOLIDAY: (4, 4),
        DayType.BUILDERS: (4, 4),
    }
    assert FactorPair(day=Decimal("1.5"), night=Decimal(10)).halves == (3, 20)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [(time(0), 0), (time(6), 6 * HOUR), (time(18), 18 * HOUR), (time(23, 59), 24 * HOUR - MINUTE)],
)
def test_clock_times(clock: time, expected: int) -> None:
    assert microseconds(clock) == expected


def test_payment_terms_in_points() -> None:
    terms = PaymentTerms(
        term_days=30,
        interest_margin=Decimal("1.05"),
        lump_sum_percent=Decimal("12.5"),
        lump_sum_minimum=Decimal(40),
        notice_days=8,
    )
    assert (terms.margin_points, terms.lump_sum_points) == (105, 1250)


def test_decimals_of_the_rates() -> None:
    assert {item: item.decimals for item in Item} == {item: 4 if item is Item.KM_CAR else 2 for item in Item}


@pytest.mark.parametrize(("code", "base"), [("KM_CAR", "0.41705"), ("HOUR", "125.825")])
def test_a_rate_has_as_many_decimals_as_it_is_rounded_to(code: str, base: str) -> None:
    rate = {"code": code, "article": "1", "index": "none", "valid_from": date(2023, 1, 1)}
    with pytest.raises(ValidationError) as refused:
        RateOverride.model_validate({**rate, "base": Decimal(base)})
    assert refused.value.errors()[0]["type"] == "too_many_decimals"
    assert RateOverride.model_validate({**rate, "base": Decimal(base[:-1])}).base_year == 2023


# --- contributions -------------------------------------------------------------------------------------------------


def contribution(**rule: Any) -> dict[str, Any]:
    return {"kind": "EXECUTION", "article": "1", "valid_from": date(2023, 1, 1), "index": "none", **rule}


PRICE = Decimal("0.5")


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({}, "contribution_empty"),
        ({"flat": 0}, "contribution_empty"),
        ({"minimum": 5}, "contribution_empty"),
        ({"per_unit": PRICE, "tiers": [{"per_unit": PRICE}]}, "contribution_twice"),
        ({"tiers": [{"up_to": 5, "per_unit": PRICE}]}, "tiers_out_of_order"),
        ({"tiers": [{"per_unit": PRICE}, {"per_unit": PRICE}]}, "tiers_out_of_order"),
        ({"tiers": [{"per_unit": PRICE}, {"up_to": 5, "per_unit": PRICE}]}, "tiers_out_of_order"),
        ({"tiers": [{"up_to": 5, "per_unit": 1}, {"up_to": 5, "per_unit": 1}, {"per_unit": 1}]}, "tiers_out_of_order"),
        ({"tiers": [{"up_to": 9, "per_unit": 1}, {"up_to": 5, "per_unit": 1}, {"per_unit": 1}]}, "tiers_out_of_order"),
        ({"flat": 5, "minimum": 10, "maximum": 5}, "bounds_reversed"),
        ({"per_unit": Decimal("0.125")}, "too_many_decimals"),
        ({"per_unit": Decimal("0.12345"), "decimals": 4}, "too_many_decimals"),
        ({"tiers": [{"up_to": 5, "per_unit": PRICE}, {"per_unit": Decimal("0.125")}]}, "too_many_decimals"),
        ({"flat": Decimal("0.125"), "decimals": 4}, "too_many_decimals"),
        ({"per_unit": 1, "decimals": 1}, "greater_than_equal"),
        ({"per_unit": 1, "decimals": 7}, "less_than_equal"),
        ({"per_unit": 1, "decimals": True}, "int_type"),
        ({"per_unit": 1, "period": "week"}, "literal_error"),
        ({"per_unit": -1}, "number_negative"),
        ({"per_unit": 0.5}, "number_expected"),
    ],
)
def test_a_contribution_that_cannot_be_computed(rule: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Contribution.model_validate(contribution(**rule))
    assert refused.value.errors()[0]["type"] == reason


@pytest.mark.parametrize(
    "rule",
    [
        {"flat": 5},
        {"per_unit": 0},
        {"flat": 5, "per_unit": Decimal("0.125"), "decimals": 3},
        {"tiers": [{"per_unit": PRICE}]},
        {"tiers": [{"up_to": Decimal("0.5"), "per_unit": 1}, {"up_to": 5, "per_unit": 1}, {"per_unit": 0}]},
        {"flat": 5, "minimum": 10, "maximum": 10},
    ],
)
def test_a_contribution_that_can(rule: dict[str, Any]) -> None:
    found = Contribution.model_validate(contribution(**rule))
    assert found.tiers == tuple(Tier.model_validate(tier) for tier in rule.get("tiers", ()))


# --- files ---------------------------------------------------------------------------------------------------------


def test_the_kind_of_file() -> None:
    head = {"id": "X", "title": dict.fromkeys(LANGUAGES, "t"), "source": "s", "status": "official"}
    found = RegulationFile.model_validate({**head, "kind": "specific"}).regulation
    assert isinstance(found, SpecificRegulation)
    assert (found.id, found.rate, found.title["de"]) == ("X", (), "t")
    for kind in ("general", "other"):
        with pytest.raises(ValidationError):
            RegulationFile.model_validate({**head, "kind": kind})


@pytest.mark.parametrize("name", ["", " X", "-X", "X/Y", "é", "X" * 41, "X\n"])
def test_an_id_that_cannot_be_typed(name: str) -> None:
    head = {"id": name, "title": dict.fromkeys(LANGUAGES, "t"), "source": "s", "status": "official", "kind": "specific"}
    with pytest.raises(ValidationError):
        RegulationFile.model_validate(head)
