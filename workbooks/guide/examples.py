"""A live example: its input cells, the formula on them, what it gives now, and what the reference says it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.explain import explained
from core.units import Unit
from workbooks.guide.inputs import Input, inputs_of
from xl_addin.catalogue import Function
from xl_addin.cells import Cell, CellError, Table
from xl_addin.evaluate import Answer, call, computed
from xl_addin.reference import typed
from xl_addin.reference.example_blocks import COLUMN_UNITS, ROWS_SHOWN
from xl_addin.reference.worked import Worked, examples
from xl_addin.session import Session

ALWAYS: Final = "always"
"""What the catalogue says of a function whose answer is of this installation and this day."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example on the sheet of its function.

    Attributes:
        function: of the catalogue.
        inputs: what each argument is given.
        rows: the row in which each argument's cells begin.
        column: their column.
        worked: the checked example of the reference.
        session: the installation at work.
    """

    function: Function
    inputs: tuple[Input, ...]
    rows: tuple[int, ...]
    column: int
    worked: Worked
    session: Session

    @property
    def of_installation(self) -> bool:
        """Whether nothing can be said of what it should give."""
        return self.function.clock == ALWAYS

    @property
    def answer(self) -> Answer:
        """What it gives in this installation."""
        return call(self.function.name, self._held, self.session)

    @property
    def _held(self) -> list[object]:
        return [given.held for given in self.inputs]

    @property
    def expected(self) -> Answer:
        """What the reference says it gives; of a long table, the rows that the reference shows."""
        answer = self.worked.answer
        return answer[: ROWS_SHOWN.get(self.function.name)] if isinstance(answer, list) else answer

    def in_language(self, language: str) -> Session:
        """The same installation, set to another language."""
        return replace(self.session, language=language)

    def call(self, *, local: bool = False) -> str:
        """The call on its cells, without ``=``; ``local`` as people type it."""
        separator = typed.SEPARATORS[self.session.language] if local else ","
        return f"{self.function.name}({separator.join(self._references(local=local))})"

    def _references(self, *, local: bool = False) -> list[str]:
        return [
            given.reference(row, self.column, local=local) for given, row in zip(self.inputs, self.rows, strict=True)
        ]

    def why(self) -> tuple[str, str]:
        """The call that gives the reason of an error, and the reason now; empty where there is no error."""
        name = f"{self.session.language}:{self.function.name}"
        reason = self._reason(name) if isinstance(self.answer, CellError) else ""
        given = ",".join([f'"{name}"', *self._references()])
        return f"INDEX(COPRO_EXPLAIN({given}),1,3)", reason

    def _reason(self, name: str) -> str:
        told = call("COPRO_EXPLAIN", [name, *self._held], self.session)
        return str(told[0][2]) if isinstance(told, list) else ""

    def unchanged(self) -> list[str]:
        """Conditions that hold as long as its input is as it was written."""
        return [
            condition
            for given, row in zip(self.inputs, self.rows, strict=True)
            for condition in given.unchanged(row, self.column)
        ]

    def units(self, rows: Table) -> Iterator[Sequence[Unit | None]]:
        """What the numbers of a table stand for, a row at a time."""
        width = max(len(row) for row in rows)
        if not self.function.variadic:
            yield from [COLUMN_UNITS.get(self.function.name, (None,) * width)] * len(rows)
            return
        name, *arguments = self._held
        _, under_way = computed(str(name).partition(":")[2], arguments, self.session)
        steps = explained(under_way.steps, under_way.policies, self.session.language)
        for down in range(len(rows)):
            unit = steps[down].unit if down < len(steps) else None
            yield [unit if across == 3 else None for across in range(width)]


def examples_of(function: Function, first_row: int, first_column: int, session: Session) -> list[Example]:
    """The examples of a function that compute here, side by side, their inputs a row an argument from ``first_row``."""
    worked = examples(function, session.language)[: len(function.examples)]
    every = [inputs_of(function, example, session) for example in function.examples]
    rows = [first_row]
    for position in range(max(map(len, every), default=0)):
        rows.append(rows[-1] + max(len(inputs[position].rows) for inputs in every if position < len(inputs)))
    found = []
    column = first_column
    for inputs, checked in zip(every, worked, strict=True):
        found.append(Example(function, tuple(inputs), tuple(rows[: len(inputs)]), column, checked, session))
        column += max((len(given.rows[0]) for given in inputs), default=1)
    return found


def cell_of(row: int, column: int) -> str:
    """A cell, as formulas of the same sheet name it."""
    return str(xl_rowcol_to_cell(row, column))


def is_error(value: Cell) -> bool:
    """Whether a computed cell is an error."""
    return isinstance(value, CellError)
