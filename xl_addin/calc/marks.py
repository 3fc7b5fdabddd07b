"""What Calc's cells hold, put into words that survive the way to the toolkit.

Runs inside LibreOffice, in whatever Python that has (3.8 or later), without the toolkit; the add-in carries a copy.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Rows = tuple[tuple[object, ...], ...]

#: What stands for a cell that holds nothing, and before the number or the code of an error.
BLANK = "copro:blank"
ERROR = "copro:error "
#: What stands for every further row of a range that goes on, blank, to the end of the sheet.
MORE = "copro:more"
ROWS = 1_048_576

#: Calc's number of ``#NAME?``: there is no such function, for the toolkit is not there.
NO_SUCH_FUNCTION = 525
_QUIET_NAN = 0x7FF8_0000_0000_0000


def error_value(number: int) -> float:
    """The value that Calc shows as its error of that number."""
    value: float = struct.unpack("<d", struct.pack("<Q", _QUIET_NAN | number))[0]
    return value


def cells(area: Any) -> Rows:  # noqa: ANN401 - LibreOffice's own object
    """The cells of a range: a blank as `BLANK`, an error as `ERROR` and Calc's number of it.

    Of a range that goes on to the end of the sheet, such as ``A:A``, the rows that the sheet uses, and `MORE`.
    """
    place = area.getRangeAddress()
    if place.EndRow < ROWS - 1:
        return _marked_rows(area)
    end = area.getSpreadsheet().createCursor()
    end.gotoEndOfUsedArea(False)
    rows = max(end.getRangeAddress().EndRow - place.StartRow, 0)
    columns = place.EndColumn - place.StartColumn
    return (*_marked_rows(area.getCellRangeByPosition(0, 0, columns, rows)), (MORE,) * (columns + 1))


def shortened(arguments: Sequence[object]) -> tuple[object, ...]:
    """The arguments as Calc hands them over, without the blank end of whole columns."""
    return tuple(_short(value) if isinstance(value, tuple) and len(value) == ROWS else value for value in arguments)


def _short(rows: Rows) -> Rows:
    blank = ("",) * len(rows[0])
    last = ROWS - 1
    while last and rows[last] == blank:
        last -= 1
    return rows if last == ROWS - 1 else (*rows[: last + 1], (MORE,) * len(blank))


def _marked_rows(area: Any) -> Rows:  # noqa: ANN401
    return tuple(
        tuple(_marked(value, area, column, row) for column, value in enumerate(values))
        for row, values in enumerate(area.getDataArray())
    )


def _marked(value: object, area: Any, column: int, row: int) -> object:  # noqa: ANN401
    if value is None:
        return f"{ERROR}{area.getCellByPosition(column, row).getError()}"
    return BLANK if value == "" else value
