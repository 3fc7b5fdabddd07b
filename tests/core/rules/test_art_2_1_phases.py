"""Art. 2.1: what is owed in which phase, and that nothing is paid back."""

from __future__ import annotations

from datetime import date

import pytest

from core.loading import load
from core.rules.art_2_1_phases import costs_owed, refundable
from core.vocabulary import Cost

TARIFF = load().tariff(date(2023, 3, 6))
ALWAYS = {"WASTED_TRIP", "TRAVEL", "EXTERNAL_LABORATORY", "SELF_CONTROL", "SAMPLES", "REPAIRS", "SAMPLE_TRANSPORT"}


@pytest.mark.parametrize(
    ("phase", "costs"),
    [
        ("application", {"APPLICATION", "INFORMATION_MEETING"}),
        ("application_period", {"START_INSPECTION"}),
        (
            "certificate",
            {
                *("STANDARD_INSPECTION", "ADDITIONAL_INSPECTION", "SANCTIONAL_INSPECTION", "COMPLAINT_INSPECTION"),
                *("COUNTER_TEST_SAMPLING", "CERTIFICATION_CONTRIBUTION", "EXECUTION_CONTRIBUTION"),
            },
        ),
    ],
)
def test_costs_owed(phase: str, costs: set[str]) -> None:
    assert {rule.code.value for rule in costs_owed(TARIFF, phase)} == costs | ALWAYS  # type: ignore[arg-type]


def test_every_cost_has_its_phase() -> None:
    phases = {TARIFF.costs[cost].phase for cost in Cost}
    assert phases == {"application", "application_period", "certificate", "any"}
    assert TARIFF.costs[Cost.START_INSPECTION].phase == "application_period"


def test_nothing_is_paid_back() -> None:
    assert [cost for cost in Cost if refundable(TARIFF, cost)] == []
