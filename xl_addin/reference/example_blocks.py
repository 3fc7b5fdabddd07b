"""A worked example on a page: the formula, its value or its error, and the steps that led to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.explain import ExplainedStep
from core.formats import number, quantity
from core.texts import text
from core.units import Unit
from xl_addin.catalogue import Function
from xl_addin.cells import Cell, CellError, decimal
from xl_addin.cells import Table as Rows
from xl_addin.reference import typed
from xl_addin.reference.document import Block, Code, Formula, Inline, Line, Paragraph, Table
from xl_addin.reference.words import columns, words
from xl_addin.reference.worked import Worked, shown

COLUMN_UNITS: Mapping[str, tuple[Unit | None, ...]] = {
    "COPRO_TARIFF": (None, None, None, Unit.EXACT_EURO, Unit.RATIO, Unit.EXACT_EURO, None),
    "COPRO_LATE_INTEREST_DETAIL": (None, None, None, Unit.PERCENT, Unit.EURO),
    "COPRO_LATE_CLAIM": (None, Unit.EURO),
}
"""What the numbers in a column of a table stand for; a whole number is a count or a year wherever it stands."""
ROWS_SHOWN: Mapping[str, int] = {"COPRO_POLICIES": 3}
"""Tables too long for a page: how many rows are shown."""
_OF_THE_INSTALLATION = ("status_version", "status_data", "status_fingerprint")
"""Facts that differ from one computer to the next."""


def example(function: Function, worked: Worked, language: str) -> Iterable[Block]:
    """Formula, ranges, value, steps."""
    yield Formula(worked.formula)
    for cells in worked.ranges:
        lead = words("range_holds", language, address=cells.address)
        yield Paragraph((f"{lead} {_held(cells, language)}",))
    if worked.made_up:
        yield Paragraph((words("made_up", language),))
    yield from _value(function, worked, language)
    if worked.steps and not function.variadic:
        yield Paragraph((words("steps", language),))
        yield _steps(worked.steps, language)


def _held(cells: typed.Cells, language: str) -> str:
    """The cells of a range, a row after another."""
    between = f"{typed.SEPARATORS[language]} "
    return " / ".join(between.join(typed.argument(value, language) for value in row) for row in cells.rows)


# --- value ---------------------------------------------------------------------------------------------------------


def _value(function: Function, worked: Worked, language: str) -> Iterable[Block]:
    answer = worked.answer
    gives = words("gives", language)
    if isinstance(answer, list):
        yield from _table(function, answer, worked.steps, language)
    elif isinstance(answer, CellError):
        yield Paragraph((f"{gives} ", Code(answer.code), f" – {answer.message(language)}."))
    else:
        yield Paragraph((f"{gives} {_told(answer, worked.unit, language)}",))


def _told(value: Cell, unit: Unit | None, language: str) -> str:
    """A value as people read it; of a percentage also what the cell really holds."""
    seen = shown(value, unit, language)
    if unit is not Unit.PERCENT:
        return seen
    assert isinstance(value, float)
    return words("cell_holds", language, shown=seen, held=number(decimal(value), language))


def _table(function: Function, rows: Rows, steps: Sequence[ExplainedStep], language: str) -> Iterable[Block]:
    headings = tuple(words(f"columns.{function.name}", language).split(" | "))
    if function.variadic and steps:
        yield Table(headings, tuple((*_step(step, language), (step.policy,), (step.source,)) for step in steps))
        return
    units = COLUMN_UNITS.get(function.name, (None,) * len(headings))
    hidden = {text("labels", key, language) for key in _OF_THE_INSTALLATION}
    told = [_own(row, hidden, language) for row in rows[: ROWS_SHOWN.get(function.name)]]
    figures = frozenset(n for n, unit in enumerate(units) if unit is not None)
    lines = tuple(tuple(_cell(cell, unit, language) for cell, unit in zip(row, units, strict=True)) for row in told)
    yield Table(headings, lines, figures)
    if len(rows) > len(told):
        yield Paragraph((words("more_rows", language, count=len(rows) - len(told)),))


def _own(row: Sequence[Cell], hidden: set[str], language: str) -> Sequence[Cell]:
    """A row that says the same on every computer."""
    return [row[0], words("of_installation", language)] if row[0] in hidden else row


def _cell(value: Cell, unit: Unit | None, language: str) -> Line:
    if isinstance(value, CellError):
        return (Code(value.code),)
    if isinstance(value, int):
        return (str(value),)
    return (shown(value, unit, language),)


# --- steps ---------------------------------------------------------------------------------------------------------


def _steps(steps: Sequence[ExplainedStep], language: str) -> Table:
    rows: list[tuple[Line, ...]] = [_step(step, language) for step in steps]
    return Table(columns(language, "article", "what", "formula", "result"), tuple(rows))


def _step(step: ExplainedStep, language: str) -> tuple[Line, ...]:
    cells: tuple[Inline, ...] = (step.article, step.what, step.formula, quantity(step.value, step.unit, language))
    return tuple((cell,) for cell in cells)
