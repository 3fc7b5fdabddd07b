"""Telling how a result was made: recorded steps put into words, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.errors import NotAvailable
from core.formats import quantity
from core.policies import Policies, known_policies
from core.texts import text
from core.trace import Cited, Step, StepKind, Value
from core.units import Unit
from core.vocabulary import Status


class ExplainedStep(NamedTuple):
    """A step in words: article, what, formula with its figures, the result and its unit, policy, source."""

    article: str
    what: str
    formula: str
    value: Value
    unit: Unit
    policy: str
    source: str


def explained(steps: Iterable[Step], policies: Policies, language: str) -> list[ExplainedStep]:
    """Every step in words, in the order in which it was taken."""
    return [_in_words(step, policies, language) for step in steps]


def _in_words(step: Step, policies: Policies, language: str) -> ExplainedStep:
    kind = step.kind
    operands = [quantity(value, unit, language) for value, unit in zip(step.operands, kind.operands, strict=True)]
    return ExplainedStep(
        article=kind.article,
        what=text("steps", kind.key, language).format(*operands),
        formula=_formula(step.kind, operands, language),
        value=step.value,
        unit=kind.unit,
        policy="; ".join(_policy(name, policies, language) for name in kind.policies),
        source="; ".join(_source(record, language) for record in step.cited),
    )


def _formula(kind: StepKind, operands: Sequence[str], language: str) -> str:
    """The formula with its figures, and to what it is rounded where it is rounded."""
    formula = kind.formula.format(*operands)
    if not kind.rounding:
        return formula
    return f"{formula} ({text('labels', f'rounded.{kind.unit.name}', language)})"


def _policy(name: str, policies: Policies, language: str) -> str:
    try:
        setting = policies[name]
    except NotAvailable:
        return name
    regulation = policies.set_by(name)
    told = known_policies()[name].settings[setting][language].rstrip(".")
    return f"{name}: {told} ({regulation})" if regulation else f"{name}: {told}"


def _source(cited: Cited, language: str) -> str:
    status = "" if cited.status is Status.OFFICIAL else text("labels", f"status.{cited.status}", language)
    return f"{status}: {cited.source}" if status else cited.source
