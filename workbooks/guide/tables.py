"""An example that gives a table: what it gives now, each cell alive, and below it what it should give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from typing import Final

from core.topics import LANGUAGES
from core.units import Unit
from workbooks.guide.examples import Example, cell_of
from workbooks.guide.parts import Guide
from workbooks.style import UNIT_LOOKS, Sheet, lines_high
from xl_addin.cells import Cell, CellError, Table
from xl_addin.evaluate import call
from xl_addin.reference.words import words

SPARE_ROWS: Final = 4
"""Rows below a table, blank until another input gives a longer one."""
_NARROWEST: Final = (24, 46, 18)
"""Widths of the argument, its help and its kind."""
_INPUT_WIDTH: Final = 26
_WIDEST: Final = 34


def widths_of(examples: Sequence[Example], first_input: int) -> list[float]:
    """Widths of the columns: for the arguments, and for the tables below them where there are any."""
    widths: dict[int, float] = dict(enumerate(_NARROWEST))
    tables = [example.expected for example in examples if isinstance(example.expected, list)]
    if not tables:
        widths[1] = 60
    for example in examples:
        for across in range(max((len(given.rows[0]) for given in example.inputs), default=1)):
            widths[example.column + across] = _INPUT_WIDTH
    for table in tables:
        for row in table:
            for across, cell in enumerate(row):
                least = widths.get(across, 12)
                widths[across] = max(least, min(_WIDEST, len(cell) + 1)) if isinstance(cell, str) else max(least, 14)
    widths.setdefault(first_input, _INPUT_WIDTH)
    return [widths[column] for column in range(max(widths) + 1)]


class ExampleTable:
    """The table of an example, from a row of its sheet on."""

    def __init__(self, guide: Guide, sheet: Sheet, example: Example, widths: Sequence[float]) -> None:
        self.guide = guide
        self.book = guide.book
        self.sheet = sheet
        self.example = example
        self.widths = widths
        answer, expected = example.answer, example.expected
        self.now: Table = answer if isinstance(answer, list) else [[answer]]
        assert isinstance(expected, list)
        self.expected: Table = [] if example.of_installation else expected
        self.first = 0

    def write(self, row: int) -> int:
        """Both tables; gives the row after them."""
        headings = words(f"columns.{self.example.function.name}", self.guide.language).split(" | ")
        row = self._titled(row, "result", headings)
        self.first = row
        row = self._live(row, len(headings))
        if self.expected:
            row = self._titled(row, "expected", headings)
            row = self._still(row)
        return row

    def _titled(self, row: int, key: str, headings: Sequence[str]) -> int:
        self.book.text(self.sheet, row, 0, self.guide.words(key), "bold", "middle")
        self.sheet.set_row(row, 22)
        for column, heading in enumerate(headings):
            self.book.text(self.sheet, row + 1, column, heading, "header")
        return row + 2

    def _live(self, row: int, width: int) -> int:
        """What it gives now, and blank rows for more."""
        kept = self._same_everywhere()
        units = list(self.example.units(self.now))
        for down, number in enumerate(kept):
            cells = self.now[number - 1]
            for across, value in enumerate(cells):
                look = _look(value, units[number - 1][across])
                self._cell(row + down, across, number, value, *look, first=down == 0)
            self.sheet.set_row(row + down, self._height(cells))
        beyond = count(len(self.now) + 1)
        for down in range(len(kept), len(kept) + SPARE_ROWS):
            number = next(beyond)
            for across in range(width):
                self._cell(row + down, across, number, None, "wrap")
        failed = {"type": "errors", "format": self.book.style("error")}
        self.sheet.conditional_format(row, 0, row + len(kept) - 1, width - 1, failed)
        return row + len(kept) + SPARE_ROWS

    def _cell(self, row: int, column: int, number: int, value: Cell, *look: str, first: bool = False) -> None:
        """A cell out of the call; blank beyond the end of the table.

        When the input is refused, the error stands in the first row only. But ``#N/A`` is shown in every row, for a
        rate of a table may be missing.
        """
        inside = f"INDEX({self.example.call()},{number},{column + 1})"
        formula = (
            f"={inside}" if first and value not in (None, "") else f'=IF(ISNA({inside}),{inside},IFERROR({inside},""))'
        )
        self.book.formula(self.sheet, row, column, formula, "" if value is None else value, *look)

    def _same_everywhere(self) -> list[int]:
        """The rows to show, counted from 1: not those that tell the language of the installation, which is not ours."""
        if not self.example.of_installation:
            return list(range(1, len(self.now) + 1))
        held = [given.held for given in self.example.inputs]
        others = []
        for language in LANGUAGES:
            other = call(self.example.function.name, held, self.example.in_language(language))
            others.append(other if isinstance(other, list) else [[other]])
        return [number for number, rows in enumerate(zip(*others, strict=True), start=1) if _all_alike(rows)]

    def _still(self, row: int) -> int:
        """What it should give, as it was computed when the guide was made."""
        units = list(self.example.units(self.expected))
        for down, cells in enumerate(self.expected):
            for across, value in enumerate(cells):
                said = value.code if isinstance(value, CellError) else value
                self.book.value(self.sheet, row + down, across, said, *_look(value, units[down][across]), "quiet")
            self.sheet.set_row(row + down, self._height(cells))
        return row + len(self.expected)

    def compared(self) -> Iterator[tuple[str, Cell, Cell]]:
        """Each cell of the checked table: where it stands now, what it gives, what it should."""
        for down, cells in enumerate(self.expected):
            for across, checked in enumerate(cells):
                given = self.now[down][across] if down < len(self.now) and across < len(self.now[down]) else None
                yield cell_of(self.first + down, across), given, checked

    def _height(self, cells: Sequence[Cell]) -> float:
        texts = [(cell, width) for cell, width in zip(cells, self.widths, strict=False) if isinstance(cell, str)]
        return max((lines_high(said, width * 0.95) for said, width in texts), default=17)


def _all_alike(rows: Sequence[Sequence[Cell]]) -> bool:
    return all(list(row) == list(rows[0]) for row in rows)


def _look(value: Cell, unit: Unit | None) -> tuple[str, ...]:
    """How a cell of a table looks: by its unit, or by what it is."""
    if isinstance(value, str | CellError) or value is None:
        return ("wrap", "left")
    if isinstance(value, date):
        return ("date",)
    if isinstance(value, int):
        return ("whole", "left")
    return (UNIT_LOOKS.get(unit, "number") if unit else "number", "left")
