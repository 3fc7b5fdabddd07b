"""The rows of the table, made while the file is saved: 100,000 of them are written in seconds and never all in memory.

A formula of one row is told once and shared by the rows under it; an array formula stands in its first row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name

from workbooks.register.layout import FIRST
from workbooks.register.pricing import Column
from workbooks.style import LONGEST_TEXT, Style, Worksheet
from xl_addin.cells import Cell, CellError

_LIKE_A_FORMULA: Final = ("=", "+", "-", "@", "'")


@dataclass(frozen=True, slots=True)
class Written:
    """A column as it is written.

    Attributes:
        values: what its first rows hold; those after them are empty.
        style: of its cells.
        quoted: of those whose text looks like a formula, so that it stays text when somebody edits it.
        formula: of every row, as it stands in the first; none for what is typed.
        array: whether the formula fills the whole column at once.
    """

    values: Column
    style: Style
    quoted: Style = None
    formula: str = ""
    array: bool = False


class Table(Worksheet):
    """A worksheet with a table under what else stands on it."""

    columns: Sequence[Written] = ()
    rows = 0
    heights: Mapping[int, float] = {}

    def set_table(self, columns: Sequence[Written], rows: int, heights: Mapping[int, float]) -> None:
        """The columns from left to right, how many rows there are, and the heights of those that are higher."""
        self.columns, self.rows, self.heights = columns, rows, heights
        said = {value for column in columns if not column.formula for value in column.values if isinstance(value, str)}
        self.texts = {value: self.str_table._get_shared_string_index(value[:LONGEST_TEXT]) for value in sorted(said)}  # noqa: SLF001
        self._check_dimensions(FIRST + rows - 1, len(columns) - 1)

    def _write_rows(self) -> None:
        super()._write_rows()
        cells = [self._cells(position, column) for position, column in enumerate(self.columns)]
        for number, *inside in zip(self._numbers(), *cells, strict=True):
            height = self.heights.get(number - FIRST - 1)
            high = f' ht="{height}" customHeight="1"' if height else ""
            self.fh.write(f'<row r="{number}"{high}>{"".join(inside)}</row>')

    def _numbers(self) -> range:
        """The rows of the table, as a sheet counts them."""
        return range(FIRST + 1, FIRST + 1 + self.rows)

    def _cells(self, position: int, column: Written) -> Iterator[str]:
        """The cells of a column from top to bottom."""
        letter = xl_col_to_name(position)
        style = f' s="{column.style._get_xf_index()}"'  # noqa: SLF001
        contents = self._computed(position, column) if column.formula else self._typed(column)
        quoted = f' s="{column.quoted._get_xf_index()}"' if column.quoted else style  # noqa: SLF001
        values = chain(column.values, repeat(None))
        for number, value, content in zip(self._numbers(), values, contents, strict=False):
            looks = quoted if isinstance(value, str) and value[:1] in _LIKE_A_FORMULA else style
            yield f'<c r="{letter}{number}"{looks}{content}'

    def _typed(self, column: Written) -> Iterator[str]:
        """What is typed in each cell, after its place and style."""
        texts = self.texts
        for value in column.values:
            if isinstance(value, str):
                yield f' t="s"><v>{texts[value]}</v></c>'
            elif isinstance(value, CellError):
                yield _value(value, f"<f>{value.code}</f>")
            else:
                yield _value(value, "")
        yield from repeat("/>", self.rows - len(column.values))

    def _computed(self, index: int, column: Written) -> Iterator[str]:
        """The formula and the value of each cell, after its place and style."""
        letter = xl_col_to_name(index)
        area = f"{letter}{FIRST + 1}:{letter}{FIRST + self.rows}"
        formula = escape(column.formula.removeprefix("="))
        if column.array:
            own, shared = f'<f t="array" ref="{area}">{formula}</f>', ""
        else:
            own, shared = f'<f t="shared" ref="{area}" si="{index}">{formula}</f>', f'<f t="shared" si="{index}"/>'
        for position in range(self.rows):
            value = column.values[position] if position < len(column.values) else None
            if isinstance(value, str) and not (value.isprintable() and "_x" not in value):
                value = self._escape_control_characters(value)
            yield _value(value, shared if position else own)


def _value(value: Cell, formula: str) -> str:
    """The end of a cell: its formula, if any, and its value."""
    if type(value) is float:
        return f"><v>{value!r}</v></c>" if not formula else f">{formula}<v>{value!r}</v></c>"
    if value is None:
        return f' t="str">{formula}<v></v></c>' if formula else "/>"
    if isinstance(value, CellError):
        return f' t="e">{formula}<v>{value.code}</v></c>'
    if isinstance(value, bool):
        return f' t="b">{formula}<v>{int(value)}</v></c>'
    if isinstance(value, int):
        return f">{formula}<v>{value}</v></c>"
    return f' t="str">{formula}<v>{escape(str(value))}</v></c>'
