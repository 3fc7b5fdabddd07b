"""Steps, and the words for them: every kind of step can be told in four languages."""

from __future__ import annotations

import importlib
import pkgutil
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import core.rules
from core.explain import explained
from core.loading import load
from core.policies import known_policies
from core.texts import text
from core.topics import LANGUAGES, topic
from core.trace import Step, StepKind
from core.units import Moment, Unit
from tests.core.folder import record, session_on, write
from xl_addin import call

SAMPLES = {
    Unit.DATE: date(2023, 3, 6),
    Unit.MOMENT: Moment(date(2023, 3, 6), 0),
    Unit.CODE: "ITEM:HOUR",
    Unit.TEXT: "a",
}
MODULES = ["core.tariff", *(f"core.rules.{found.name}" for found in pkgutil.iter_modules(core.rules.__path__))]


def _kinds() -> list[StepKind]:
    found: dict[int, StepKind] = {}
    for name in MODULES:
        for value in vars(importlib.import_module(name)).values():
            parts = value.values() if isinstance(value, dict) else [value]
            for part in parts:
                members = part if isinstance(part, tuple) else (part,)
                found.update((id(kind), kind) for kind in members if isinstance(kind, StepKind))
    return list(found.values())


KINDS = _kinds()


def numbers(template: str) -> set[int]:
    return {int(name) for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_text_belongs_to_a_kind() -> None:
    assert {kind.key for kind in KINDS} == set(topic("steps"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.key}-{kind.unit.name}")
def test_kind(kind: StepKind) -> None:
    known = set(range(len(kind.operands)))
    assert numbers(kind.formula) <= known
    for language in LANGUAGES:
        assert numbers(text("steps", kind.key, language)) <= known
    assert set(kind.policies) <= set(known_policies())
    assert re.fullmatch(r"\d(\.\d)+(, \d(\.\d)+)*", kind.article)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.key}-{kind.unit.name}")
def test_kind_in_words(kind: StepKind) -> None:
    step = Step(kind, tuple(SAMPLES.get(unit, 2) for unit in kind.operands), SAMPLES.get(kind.unit, 2))
    policies = load().policies
    for language in LANGUAGES:
        (words,) = explained([step], policies, language)
        assert words.what
        assert words.formula
        assert not re.search(r"\{\d*\}", words.what + words.formula)
        assert words.policy.count(": ") >= len(kind.policies)
        assert (words.article, words.unit, words.value, words.source) == (kind.article, kind.unit, step.value, "")


def test_an_operand_too_few_is_a_mistake_of_ours() -> None:
    kind = StepKind("factor", "2.2.7", "{0}", (Unit.FACTOR, Unit.FACTOR), Unit.FACTOR)
    with pytest.raises(ValueError, match="longer"):
        explained([Step(kind, (2,), 2)], {}, "en")


def test_the_steps_of_an_inspection() -> None:
    rows = call("COPRO_EXPLAIN", ["en:COPRO_INSPECTION_FEE", "2023-03-06T16:30", 3.5], session_on(language="nl"))
    assert isinstance(rows, list)
    told = [(row[0], row[2], row[3]) for row in rows]
    assert told == [
        ("2.2.1", "€360.30", 360.30),
        ("2.2.4", "€360.30", 360.30),
        ("2.2.4", "max(1 h; ⌊3.5 h + 0.5 h⌋)", 4),
        ("2.2.1", "€125.82", 125.82),
        ("2.2.7", "2023-03-06, Brussels-Halle-Vilvoorde", "working day"),
        ("2.2.7", "2023-03-06 16:30: 2 h × 1", 2),
        ("2.2.7", "2023-03-06 18:30: 2 h × 1.5", 3),
        ("2.2.4", "€125.82 × 5 (rounded to the cent)", 629.10),
        ("2.2.1", "€228.92", 228.92),
        ("2.2.4", "1 × €228.92 × 1 (rounded to the cent)", 228.92),
        ("2.2.4", "€360.30 + €629.10 + €228.92 + €0.00 + €0.00", 1218.32),
    ]


def test_every_figure_names_its_source_and_every_choice_its_setting(tmp_path: Path) -> None:
    write(
        tmp_path,
        "figures/2027.toml",
        record(period='"2027"', value="4.25", status='"provisional"', source='"a letter"'),
    )
    rows = call("COPRO_EXPLAIN", ["COPRO_LATE_INTEREST", 36500, "2026-12-30", "2027-01-10"], session_on(tmp_path))
    assert isinstance(rows, list)
    # 2026: 1 day at 5.50 %, 5.50; 2027: 10 days at 5.25 %, 52.50
    assert [row[3] for row in rows] == [5.5, 52.5, 58.0]
    assert rows[1][5] == "provisional figure: a letter"
    assert "provisional" not in str(rows[0][5])
    assert "interest.law: " in str(rows[0][4])
    assert "interest.day_count: " in str(rows[0][4])


def test_construction_holidays_are_evidence_too() -> None:
    rows = call("COPRO_EXPLAIN", ["COPRO_FACTOR", "2023-07-12"], session_on())
    assert isinstance(rows, list)
    assert rows[0][5]
    assert [row[3] for row in rows] == ["construction holiday", 2]


def test_a_policy_that_is_suspended_is_named_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "policies.toml", '"vat.rounding" = "never"\n')
    rows = call("COPRO_EXPLAIN", ["COPRO_VAT", 100, "2023-03-06"], session_on(tmp_path))
    assert isinstance(rows, list)
    assert [(row[3], row[4]) for row in rows] == [(0.21, ""), (21, "vat.rounding")]
