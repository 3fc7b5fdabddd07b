"""How a result was made: the steps every rule records while it computes.

A rule declares its steps once, as `StepKind` constants beside its code, and appends a light `Step` for each thing it
works out. Nothing is worded or formatted until somebody asks (`core.explain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core.units import Moment, Unit

if TYPE_CHECKING:
    from core.vocabulary import Status

Value = int | Fraction | date | Moment | str


@dataclass(frozen=True, slots=True, eq=False)
class StepKind:
    """What a step is, told once.

    Attributes:
        key: names the step's text in ``texts/steps.toml``.
        article: the article it comes from.
        formula: how the result follows from the operands, ``{0}``, ``{1}`` … standing for them.
        operands: the unit of each operand.
        unit: the unit of the result.
        rounding: rounded here, to this unit's precision.
        policies: the policies that decided it, by name.
    """

    key: str
    article: str
    formula: str
    operands: tuple[Unit, ...]
    unit: Unit
    rounding: bool = False
    policies: tuple[str, ...] = ()


class Cited(Protocol):
    """What a step rests on: a dated figure, a calendar, a regulation."""

    @property
    def source(self) -> str: ...
    @property
    def status(self) -> Status: ...


class Step(NamedTuple):
    """One thing worked out: its kind, the operands, the result, and what it rests on."""

    kind: StepKind
    operands: tuple[Value, ...]
    value: Value
    cited: tuple[Cited, ...] = ()


Steps = list[Step]
"""Where the rules of one computation record their steps, in order."""
