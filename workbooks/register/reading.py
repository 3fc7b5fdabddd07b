"""Reading a register back: from its input file, or from a register workbook that somebody filled in.

Columns are found by their defined names, so that a moved or renamed one is still the right one. The cells are taken as
they are: what is wrong in one is told when the register is priced, with the row it is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

from openpyxl import load_workbook
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel, to_excel
from pydantic import Field

from core.errors import FileError, system_reason
from core.reading import read
from core.records import Strict
from workbooks.register.layout import LANGUAGE_NAME
from workbooks.register.model import FIELDS, Row, Source, Value
from xl_addin.cells import ERROR_CODES, CellError, blank
from xl_addin.workbook_file import REGISTER, checked

Cells = Any
"""A cell, a sheet or a workbook of openpyxl."""

_RANGE: Final = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!,]+))!(?P<area>[$A-Z0-9:]+)")
"""What a name that points to cells says: ``Register!$B$6:$B$505``."""
_MOST_ROWS: Final = 1_000_000


class RegisterRefused(FileError):
    """A register that cannot be read."""

    texts = "register"


class _File(Strict):
    """The input file: a table ``[[row]]`` for each row."""

    row: Annotated[tuple[Row, ...], Field(min_length=1)]


def read_register(path: Path) -> tuple[Row, ...]:
    """The rows of a TOML file, or those filled in in a register workbook of ours.

    Raises:
        FileError: the file cannot be read, is something else, or holds nothing.
    """
    if path.suffix.lower() == ".toml":
        return read(path, _File).row
    rows = tuple(_filled_in(path))
    if not rows:
        raise RegisterRefused("nothing_filled", file=str(path))
    return rows


def _filled_in(path: Path) -> Iterator[Row]:
    """The rows of a workbook, which is gone through row by row: a long one is never all in memory."""
    try:
        checked(path, REGISTER)
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except OSError as error:
        raise FileError("input_unreadable", file=str(path), reason=system_reason(error)) from error
    except FileError:
        raise
    except Exception as error:  # a damaged file can fail anywhere in openpyxl
        raise RegisterRefused("not_ours", file=str(path)) from error
    try:
        yield from _Filled(path, book).rows()
    except FileError:
        raise
    except Exception as error:  # or while its rows are read
        raise RegisterRefused("not_ours", file=str(path)) from error
    finally:
        book.close()


class _Filled:
    """A filled-in workbook."""

    def __init__(self, path: Path, book: Cells) -> None:
        self.path = path
        self.book = book
        if LANGUAGE_NAME not in book.defined_names:
            raise RegisterRefused("not_ours", file=str(path))

    def rows(self) -> Iterator[Row]:
        """Every row that holds anything."""
        sheet, columns, first, last = self._table()
        letters = {field: get_column_letter(column) for field, column in columns.items()}
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        for number, cells in enumerate(sheet.iter_rows(first, None, 1, max(columns.values())), first):
            held = {field: cells[column - 1] for field, column in columns.items() if column <= len(cells)}
            values = {field: self._value(field, cell) for field, cell in held.items()}
            filled = [field for field, value in values.items() if not blank(value)]
            if filled and number > last:  # it would be in no total
                raise RegisterRefused("row_below", file=str(self.path), cell=f"{letters[filled[0]]}{number}")
            if filled:
                yield Row(**values, source=Source(number, letters))

    def _table(self) -> tuple[Cells, Mapping[str, int], int, int]:
        """The sheet of the table, where each column stands, the first and the last row."""
        found = {field: self._named(f"register_{field}") for field in FIELDS}
        titles = {title for title, _ in found.values()}
        rows = {(area[1], area[3]) for _, area in found.values()}
        if len(titles) > 1 or len(rows) > 1 or any(area[0] != area[2] for _, area in found.values()):
            raise RegisterRefused("table_torn", file=str(self.path))
        ((first, last),) = rows
        return self.book[titles.pop()], {field: area[0] for field, (_, area) in found.items()}, first, last

    def _named(self, name: str) -> tuple[str, tuple[int, int, int, int]]:
        """The sheet and the cells that a name points to."""
        known = self.book.defined_names.get(name)
        place = _RANGE.fullmatch(str(known.attr_text)) if known is not None else None
        title = (place["quoted"] or place["plain"]).replace("''", "'") if place else ""
        if place is None or title not in self.book.sheetnames:
            raise RegisterRefused("column_missing", file=str(self.path), wanted=name)
        left, top, right, bottom = range_boundaries(place["area"])
        if not (left and top and right and bottom) or bottom > _MOST_ROWS:
            raise RegisterRefused("column_missing", file=str(self.path), wanted=name)
        return title, (left, top, right, bottom)

    def _value(self, field: str, cell: Cells) -> Value:
        """What a cell holds: dates also where they are shown as numbers, a time of day as the number it is."""
        value = cell.value
        if isinstance(value, str) and cell.data_type == "e" and value in ERROR_CODES:
            return CellError(value)
        if isinstance(value, time | timedelta):
            return float(to_excel(value))  # type: ignore[no-untyped-call]
        if isinstance(value, date):
            return _exact(value) if field == "start" else float(to_excel(value, self.book.epoch))  # type: ignore[no-untyped-call]
        if field == "start" and self._counts_from_1904(value):
            return _exact(from_excel(value, CALENDAR_MAC_1904))
        held: Value = value if not blank(value) else None
        return held

    def _counts_from_1904(self, value: object) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and self.book.epoch == CALENDAR_MAC_1904


def _exact(value: date) -> date:
    """A date and time without the noise of binary fractions, to the second."""
    if not isinstance(value, datetime):
        return value
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)
