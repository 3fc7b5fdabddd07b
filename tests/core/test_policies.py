"""Policies: the list on paper, their settings, and what a refused file of settings leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from core.errors import CoproError, FileProblem, InputError, NotAvailable
from core.policies import Policies, Policy, PolicySettings, check_setting, known_policies
from core.topics import LANGUAGES

EXPECTED = {
    "hours.rounding": "total_presence",
    "hours.bands": "chronological,start,minutes",
    "factor.flat_trip": "start,none,highest",
    "factor.hours_abroad": "start,none",
    "factor.fixed_fee": "never",
    "factor.overlap": "highest",
    "day.construction_holiday": "calendar,ignore",
    "wasted_trip.fixed_fee": "included,excluded",
    "information_meeting": "as_inspection",
    "index.coefficient": "exact,four_decimals",
    "index.travel_series": "yearly,quarterly",
    "index.hours_abroad": "travel,salary",
    "index.amounts_2_3_2": "not_indexed",
    "tariff.date": "performance",
    "rounding": "half_away_from_zero",
    "vat.rounding": "total,line",
    "due_date.reading": "end_of_month_first,days_first",
    "due_date.weekend": "next_working_day,keep",
    "interest.law": "1865,2002",
    "interest.day_count": "actual/365,actual/actual",
    "interest.rounding": "once",
    "payments.order": "interest,principal",
    "lump_sum.base": "overdue_principal",
    "lump_sum.eight_days": "next_working_day,keep",
    "application.refund": "never",
}
"""Every policy with its settings, the default first."""
OPEN = [name for name, settings in EXPECTED.items() if "," in settings]
PROBLEM = FileProblem(Path("policies.toml"), 3, CoproError("policy_unknown", value="x", known="y"))


def test_the_list() -> None:
    assert {name: ",".join(policy.settings) for name, policy in known_policies().items()} == EXPECTED


def test_the_first_setting_is_the_default() -> None:
    assert dict(Policies()) == {name: settings.split(",")[0] for name, settings in EXPECTED.items()}


@pytest.mark.parametrize("policy", known_policies().values(), ids=list(known_policies()))
def test_texts(policy: Policy) -> None:
    assert policy.open == (policy.id in OPEN)
    assert re.fullmatch(r"\d(\.\d)+(, \d(\.\d)+)*", policy.article)
    texts = [policy.title, policy.reason, *policy.settings.values()]
    for text in texts:
        assert len({text[language] for language in LANGUAGES}) == 4, text  # each in its own words
        for language in LANGUAGES:
            assert "{" not in text[language]
            assert "\n" not in text[language]
            assert text[language] == text[language].strip()
    assert len({setting["en"] for setting in policy.settings.values()}) == len(policy.settings)


def test_chosen_settings() -> None:
    policies = Policies({"hours.bands": "start"})
    assert (policies["hours.bands"], policies["vat.rounding"], len(policies)) == ("start", "total", len(EXPECTED))
    assert list(policies) == list(EXPECTED)


def test_settings_replaced() -> None:
    policies = Policies({"hours.bands": "start", "vat.rounding": "line"})
    changed = policies.with_settings({"hours.bands": "minutes"})
    assert (changed["hours.bands"], changed["vat.rounding"], policies["hours.bands"]) == ("minutes", "line", "start")


def test_an_unknown_policy() -> None:
    with pytest.raises(KeyError):
        Policies()["hours"]
    with pytest.raises(KeyError):
        Policies(refused=PROBLEM)["hours"]


@pytest.mark.parametrize(
    ("policy", "setting", "key"),
    [
        ("hours", "start", "policy_unknown"),
        ("hours.bands", "end", "setting_unknown"),
        ("hours.rounding", "x", "setting_unknown"),
    ],
)
def test_a_setting_that_does_not_exist(policy: str, setting: str, key: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        check_setting(policy, setting)
    assert refused.value.type == key
    with pytest.raises(InputError) as told:
        Policies({policy: setting})
    assert told.value.key == key
    with pytest.raises(InputError):
        Policies().with_settings({policy: setting})
    with pytest.raises(ValidationError):
        PolicySettings.model_validate({policy: setting})


def test_refused_settings_leave_only_what_is_not_open() -> None:
    policies = Policies(refused=PROBLEM)
    for name, settings in EXPECTED.items():
        if name not in OPEN:
            assert policies[name] == settings
            continue
        with pytest.raises(NotAvailable) as suspended:
            policies[name]
        assert suspended.value.key == "policy_suspended"
        assert name in suspended.value.message("en")
        assert "policies.toml:3: " in suspended.value.message("en")
    assert len(policies) == len(EXPECTED)


def test_a_regulation_settles_what_is_suspended() -> None:
    policies = Policies(refused=PROBLEM).with_settings({"hours.bands": "start"})
    assert policies["hours.bands"] == "start"
    with pytest.raises(NotAvailable):
        policies["vat.rounding"]


def test_a_default_that_is_no_setting() -> None:
    text = dict.fromkeys(LANGUAGES, "x")
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate(
            {"id": "a", "article": "1", "default": "c", "title": text, "reason": text, "settings": {"b": text}}
        )
    assert refused.value.errors()[0]["type"] == "setting_unknown"
