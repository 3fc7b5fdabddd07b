"""What the add-in makes of a range, without LibreOffice: its objects, and the names they have, are stood in for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from xl_addin.calc import convert, marks

Rows = tuple[tuple[object, ...], ...]


class Area:
    """A range that begins at ``start``; ``whole`` goes on to the end of the sheet, which is used up to ``used``."""

    def __init__(self, rows: Rows, *, start: int = 0, whole: bool = False, used: int = 0) -> None:
        self.rows, self.start, self.whole, self.used = rows, start, whole, used

    def getRangeAddress(self) -> Any:  # noqa: N802
        end = marks.ROWS - 1 if self.whole else self.start + len(self.rows) - 1
        return SimpleNamespace(StartRow=self.start, EndRow=end, StartColumn=0, EndColumn=len(self.rows[0]) - 1)

    def getSpreadsheet(self) -> Any:  # noqa: N802
        return self

    createCursor = getSpreadsheet  # noqa: N815

    def gotoEndOfUsedArea(self, expand: bool) -> None:  # noqa: N802
        assert not expand
        self.whole, self.start = False, self.used - len(self.rows) + 1

    def getCellRangeByPosition(self, left: int, top: int, right: int, bottom: int) -> Area:  # noqa: N802
        assert (left, top, right) == (0, 0, len(self.rows[0]) - 1)
        return Area(self.rows[: bottom + 1])

    def getDataArray(self) -> Rows:  # noqa: N802
        assert not self.whole
        return self.rows

    def getCellByPosition(self, column: int, row: int) -> Any:  # noqa: N802
        assert self.rows[row][column] is None
        return SimpleNamespace(getError=lambda: 532)


def test_blanks_and_errors_are_told() -> None:
    area = Area(((3.5, ""), ("text", None)))
    assert marks.cells(area) == ((3.5, "copro:blank"), ("text", "copro:error 532"))


@pytest.mark.parametrize(("used", "rows"), [(2, 3), (1, 2), (0, 1)])
def test_of_a_whole_column_the_rows_in_use(used: int, rows: int) -> None:
    area = Area(((1.0,), (2.0,), (3.0,)), whole=True, used=used)
    assert marks.cells(area) == (*((1.0,), (2.0,), (3.0,))[:rows], ("copro:more",))


def test_the_blank_end_of_whole_columns_is_left_out() -> None:
    rows = ((1.0, "a"), ("", "")) + (("", ""),) * (marks.ROWS - 2)
    full = ((1.0,),) * marks.ROWS
    short = ((1.0,), ("",))
    assert marks.shortened((rows, full, short, 5.0)) == (((1.0, "a"), ("copro:more",) * 2), full, short, 5.0)


def test_columns_that_go_on_are_as_long_as_the_longest_of_them() -> None:
    long, short, fixed = ((1.0,), (2.0,), ("copro:more",)), ((3.0,), ("copro:more",)), ((4.0,),)
    assert convert.evened([long, short, fixed, 5.0, None]) == [
        ((1.0,), (2.0,)),
        ((3.0,), ("copro:blank",)),
        fixed,
        5.0,
        None,
    ]
