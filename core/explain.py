"""Telling how a result was made: recorded steps put into words, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from core.errors import NotAvailable
from core.formats import quantity
from core.policies import known_policies
from core.texts import text
from core.trace import Cited, Step, Value
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


def explained(steps: Iterable[Step], policies: Mapping[str, str], language: str) -> list[ExplainedStep]:
    """Every step in words, in the order in which it was taken."""
    return [_in_words(step, policies, language) for step in steps]


def _in_words(step: Step, policies: Mapping[str, str], language: str) -> ExplainedStep:
    kind = step.kind
    operands = [quantity(value, unit, language) for value, unit in zip(step.operands, kind.operands, strict=True)]
    return ExplainedStep(
        article=kind.article,
        what=text("steps", kind.key, language).format(*operands),
        formula=kind.formula.format(*operands),
        value=step.value,
        unit=kind.unit,
        policy="; ".join(_policy(name, policies, language) for name in kind.policies),
        source="; ".join(_source(record, language) for record in step.cited),
    )


def _policy(name: str, policies: Mapping[str, str], language: str) -> str:
    try:
        setting = policies[name]
    except NotAvailable:
        return name
    return f"{name}: {known_policies()[name].settings[setting][language].rstrip('.')}"


def _source(cited: Cited, language: str) -> str:
    status = "" if cited.status is Status.OFFICIAL else text("labels", f"status.{cited.status}", language)
    return f"{status}: {cited.source}" if status else cited.source
