"""The mark of an example: whether what its cells show is still what the checked example of the reference gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from workbooks.guide.parts import Guide
from xl_addin.cells import Cell, CellError, serial

_ERROR_TYPES: Final = {"#VALUE!": 3, "#NAME?": 5, "#NUM!": 6, "#N/A": 7}
"""What ERROR.TYPE says of an error."""


class Mark(NamedTuple):
    """Where the mark of an example stands, and whether it agrees as the workbook is written."""

    cell: str
    agrees: bool


def mark_formula(guide: Guide, unchanged: Sequence[str], same: Iterable[str], *, error: bool) -> str:
    """The formula of the mark: from conditions that the input is untouched, and that the cells are as expected."""
    agrees, differs, changed = (_text(guide.words(key)) for key in (_agrees(error=error), "differs", "changed"))
    touched = f"IFERROR(NOT(AND({','.join(unchanged)})),TRUE)" if unchanged else "FALSE"
    return f"=IF({touched},{changed},IF(AND({','.join(same)}),{agrees},{differs}))"


def mark(guide: Guide, *, same: bool, error: bool) -> str:
    """The mark as the workbook is written."""
    return guide.words(_agrees(error=error) if same else "differs")


def shows(cell: str, expected: Cell) -> str:
    """A condition that a cell shows a value; an error never makes the condition one."""
    if isinstance(expected, CellError):
        return f"IFERROR(ERROR.TYPE({cell}),0)={_ERROR_TYPES[expected.code]}"
    if expected is None or expected == "":
        return f'IFERROR({cell}="",FALSE)'
    if isinstance(expected, date):
        expected = serial(expected)
    if isinstance(expected, str):
        return f"IFERROR(EXACT({cell},{_text(expected)}),FALSE)"  # = fails in LibreOffice on a function's text
    return f"IFERROR(ABS({cell}-{expected:.15g})<0.000000001,FALSE)"


def alike(one: Cell, other: Cell) -> bool:
    """Whether two computed cells are the same, as `shows` would say."""
    if isinstance(one, CellError) or isinstance(other, CellError):
        return isinstance(one, CellError) and isinstance(other, CellError) and one.code == other.code
    return (one or "") == (other or "")


def _agrees(*, error: bool) -> str:
    return "agrees_error" if error else "agrees"


def _text(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'
