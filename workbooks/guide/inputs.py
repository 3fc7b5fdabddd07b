"""The input cells of an example: the arguments of the catalogue as somebody would type them in a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from xl_addin.catalogue import FUNCTIONS, Argument, Function
from xl_addin.cells import moment, serial
from xl_addin.reference import typed
from xl_addin.session import Session

SPARE_ROWS: Final = 2
"""Rows of a range beyond those of its example."""
_IF: Final = {"nl": "ALS", "fr": "SI", "de": "WENN", "en": "IF"}
"""IF, as it is typed in each language."""
_LOOKS: Final = {
    "moment": "moment",
    "date": "date",
    "hours": "hours",
    "kilometres": "km",
    "money": "amount",
    "count": "whole",
    "year": "whole",
    "quarter": "whole",
}
"""How an input cell looks, by the kind of its argument; any other is as it is typed."""


@dataclass(frozen=True, slots=True)
class Input:
    """What an example gives for one argument.

    Attributes:
        argument: of the catalogue.
        rows: what is typed: one cell, or the rows of a range.
        language: of the guide.
    """

    argument: Argument
    rows: tuple[tuple[object, ...], ...]
    language: str

    @property
    def look(self) -> str:
        """The style of its cells."""
        return _LOOKS.get(self.argument.kind.name, "text")

    @property
    def held(self) -> object:
        """What the function is given."""
        if self.argument.range:
            return [[_held(cell) for cell in row] for row in self.rows]
        value = _held(self.rows[0][0])
        return f"{self.language}:{value}" if self._names_function else value

    @property
    def _names_function(self) -> bool:
        """Whether it is the name of a function, which a language goes before: the answer shall be in that."""
        return self.argument.kind.name == "function"

    @property
    def _zero_is_given(self) -> bool:
        """Whether 0 is something else than leaving it out: Calc hands over a blank cell as 0, unless it is told."""
        return self.argument.kind.name == "count" and not self.argument.required

    def reference(self, row: int, column: int, *, local: bool = False) -> str:
        """Its cell as the formula names it; ``local`` as people type it."""
        cell = str(xl_rowcol_to_cell(row, column))
        if self.argument.range:
            last = xl_rowcol_to_cell(row + len(self.rows) - 1, column + len(self.rows[0]) - 1)
            return f"{cell}:{last}"
        if self._names_function:
            return f'"{self.language}:"&{cell}'
        if self._zero_is_given:
            name, separator = (_IF[self.language], typed.SEPARATORS[self.language]) if local else ("IF", ",")
            return f'{name}({cell}=""{separator}""{separator}{cell})'
        return cell

    def unchanged(self, row: int, column: int) -> list[str]:
        """Conditions that hold as long as its cells are as they were written."""
        return [
            _equals(str(xl_rowcol_to_cell(row + down, column + across)), value)
            for down, cells in enumerate(self.rows)
            for across, value in enumerate(cells)
        ]


def inputs_of(function: Function, example: Sequence[object], session: Session) -> list[Input]:
    """The inputs of an example, a language left out being that of the guide."""
    return [
        Input(argument, _rows(argument, value, session), session.language)
        for argument, value in zip(_arguments(function, example), _filled(function, example, session), strict=True)
    ]


def _arguments(function: Function, example: Sequence[object]) -> list[Argument]:
    """The arguments, those of the function it explains included."""
    if not function.variadic:
        return list(function.arguments)
    return [*function.arguments, *FUNCTIONS[str(example[0])].arguments[: len(example) - len(function.arguments)]]


def _filled(function: Function, example: Sequence[object], session: Session) -> list[object]:
    given = [*example, *[None] * (len(function.arguments) - len(example))]
    for position, argument in enumerate(function.arguments):
        if given[position] is None and argument.kind.codes == "LANGUAGE":
            given[position] = session.language
    return given


def _rows(argument: Argument, value: object, session: Session) -> tuple[tuple[object, ...], ...]:
    if not argument.range:
        return ((_cell(argument.kind.name, value, session),),)
    rows = value if isinstance(value, list) else [[None, None]]
    width = len(rows[0])
    written = [tuple(_cell("date", cell, session) for cell in row) for row in rows]
    return (*written, *[(None,) * width] * SPARE_ROWS)


def _cell(kind: str, value: object, session: Session) -> object:
    """A value as it is typed: a date as a real date; midnight, which a date does not tell, as text."""
    if kind not in ("date", "moment") or not isinstance(value, str):
        return value
    found = moment(value, session)
    return value if found.time == 0 else found.clock()


def _held(value: object) -> object:
    return serial(value) if isinstance(value, date) else value


def _equals(cell: str, value: object) -> str:
    """A condition that a cell holds a value; numbers to fifteen digits, as a sheet compares."""
    held = _held(value)
    if held is None:
        return f'{cell}=""'
    if isinstance(held, str):
        doubled = held.replace('"', '""')
        return f'{cell}="{doubled}"'
    return f"{cell}={held:.15g}"
