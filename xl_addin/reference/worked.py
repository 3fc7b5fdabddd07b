"""Worked examples: those of the catalogue computed with their steps, the same on every machine and on every day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from core.explain import ExplainedStep, explained
from core.formats import day, quantity
from core.loading import load
from core.rulebook import Rulebook
from core.units import Unit
from xl_addin.catalogue import Function
from xl_addin.cells import Cell, CellError, decimal
from xl_addin.evaluate import Answer, call, computed
from xl_addin.reference import typed
from xl_addin.session import Session

TODAY = date(2026, 3, 6)
"""What day it is on the pages."""


@dataclass(frozen=True, slots=True)
class Worked:
    """An example: the formula, the ranges it names, its answer, the unit of that and the steps to it."""

    formula: str
    ranges: tuple[typed.Cells, ...]
    answer: Answer
    unit: Unit | None
    steps: tuple[ExplainedStep, ...]
    made_up: bool


@cache
def _rulebook(made_up: bool) -> Rulebook:
    return load(example=made_up)


def session(language: str, *, made_up: bool = False) -> Session:
    """An installation with the shipped data only, or with the made-up index and regulation as well."""
    return Session(_rulebook(made_up), language=language, today=lambda: TODAY)


def examples(function: Function, language: str) -> list[Worked]:
    """The examples of a function, those with made-up data last."""
    shipped = [_worked(function, arguments, language, made_up=False) for arguments in function.examples]
    return shipped + [_worked(function, arguments, language, made_up=True) for arguments in function.made_up]


def _worked(function: Function, arguments: Sequence[object], language: str, *, made_up: bool) -> Worked:
    with_data = session(language, made_up=made_up)
    explained_name, *rest = arguments if function.variadic else (function.name, *arguments)
    _, under_way = computed(explained_name, rest, with_data)
    steps = tuple(explained(under_way.steps, under_way.policies, language))
    return Worked(
        formula=typed.formula(function.name, arguments, language),
        ranges=tuple(typed.cells(value) for value in arguments if isinstance(value, list)),
        answer=call(function.name, arguments, with_data),
        unit=function.unit or (steps[-1].unit if steps and not function.table else None),
        steps=steps,
        made_up=made_up,
    )


def shown(value: Cell, unit: Unit | None, language: str) -> str:
    """A cell of an answer as a page shows it: numbers in their unit, an error by its code."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, str):
        return value
    exact = Fraction(decimal(value))
    if unit is Unit.PERCENT:
        exact *= 100
    held_in = unit or Unit.NUMBER
    return quantity(exact * held_in.per_whole, held_in, language)
