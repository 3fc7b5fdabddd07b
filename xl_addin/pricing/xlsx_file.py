"""Registers as workbooks: a sheet with the names of the columns in a row near its top, ours or anybody's."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from core.errors import CoproError, FileError, system_reason
from core.units import CENTS_PER_EURO
from xl_addin.cells import SAFE_INTEGER, Cell, of_serial
from xl_addin.pricing.engine import Priced
from xl_addin.pricing.fields import HEADER_WITHIN, Header, RegisterError, header_row, result_names
from xl_addin.pricing.rows import Block, ListRows, Rows, absent, amounts, told
from xl_addin.workbook_file import Limits, NotAWorkbook, checked

BLOCK: Final = 4096
"""Rows read at a time."""
LAST_ROW: Final = 1_048_576
LONGEST_TEXT: Final = 32_767
LIMITS: Final = Limits(8_000, 400_000_000)
"""A full sheet with twenty columns; it is read row by row, so that its size takes time and no memory."""


class XlsxReader(NamedTuple):
    """Reads blocks of rows."""

    header: Header
    from_1904: bool

    def rows(self, block: Block) -> Rows:
        """The rows of a block."""
        columns: list[list[Cell]] = [list(map(_unescaped, column)) for column in zip(*block.content, strict=True)]
        for field, place in self.header.fields.items():
            columns[place] = [self._cell(field, value) for value in columns[place]]
        return ListRows(self.header, columns, range(block.first, block.first + len(block.content)))

    def _cell(self, field: str, value: Any) -> Cell:  # noqa: ANN401 - whatever openpyxl gives
        """What a cell holds: dates also where they are shown as numbers, a time of day as the number it is."""
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

        if isinstance(value, time | timedelta):
            return float(to_excel(value))  # type: ignore[no-untyped-call]
        if isinstance(value, date) and field != "start":
            epoch = CALENDAR_MAC_1904 if self.from_1904 else CALENDAR_WINDOWS_1900
            return float(to_excel(value, epoch))  # type: ignore[no-untyped-call]
        if field == "start" and isinstance(value, int | float) and not isinstance(value, bool):
            return self._start(value)
        return value  # type: ignore[no-any-return]

    def _start(self, serial: float) -> Cell:
        """A start shown as a number; one that is no date stays what it is."""
        try:
            read = of_serial(serial, date1904=self.from_1904)
        except CoproError:
            return serial
        return datetime.combine(read.day, time()) + timedelta(microseconds=read.time or 0)


def _unescaped(value: Any) -> Any:  # noqa: ANN401
    """Text with the signs that XML cannot hold, which openpyxl leaves as ``_x000D_``."""
    if isinstance(value, str) and "_x" in value:
        from openpyxl.utils.escape import unescape

        return unescape(value)
    return value


class XlsxFile:
    """A workbook to read: its first sheet in which the columns are found.

    Raises:
        FileError: it cannot be read, or no sheet is a register.
    """

    unit = "rows"

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        self._path = path
        try:
            checked(path, LIMITS)
            self._book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except OSError as error:
            raise FileError("input_unreadable", file=str(path), reason=system_reason(error)) from error
        except (NotAWorkbook, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise RegisterError("xlsx_broken", file=str(path)) from error
        self._from_1904 = self._book.epoch == CALENDAR_MAC_1904
        self._sheet, self._first, self.header = self._found()
        self.size = max(0, (self._sheet.max_row or 0) - self._first + 1)
        self._sheet.reset_dimensions()

    @property
    def reader(self) -> XlsxReader:
        return XlsxReader(self.header, self._from_1904)

    def told(self) -> Mapping[str, str]:
        """Which sheet was read."""
        return {"sheet": self._sheet.title}

    def blocks(self) -> Iterator[Block]:
        """The rows down to the last that holds anything.

        Raises:
            RegisterError: the workbook is damaged.
        """
        width, first = len(self.header.names), self._first
        try:
            rows = self._rows(width)
            while content := list(islice(rows, BLOCK)):
                yield Block(content, first, first + len(content) - self._first)
                first += len(content)
        except (zipfile.BadZipFile, SyntaxError, ValueError, KeyError, OSError) as error:
            raise RegisterError("xlsx_broken", file=str(self._path)) from error
        finally:
            self._book.close()

    def _rows(self, width: int) -> Iterator[tuple[Any, ...]]:
        """Rows of one width; empty ones only where something follows."""
        empty: tuple[None, ...] = (None,) * width
        waiting = 0
        for row in self._sheet.iter_rows(min_row=self._first, values_only=True):
            if all(value is None for value in row):
                waiting += 1
                continue
            for _ in range(waiting):
                yield empty
            waiting = 0
            yield (*row[:width], *empty[len(row) :])

    def _found(self) -> tuple[Any, int, Header]:
        """The sheet, its first row under the names of the columns, and those."""
        problem: RegisterError | None = None
        for sheet in self._book.worksheets:
            rows = list(islice(sheet.iter_rows(values_only=True), HEADER_WITHIN))
            try:
                row, header = header_row(rows, str(self._path))
            except RegisterError as error:
                problem = problem or error
                continue
            return sheet, row + 2, _without_empty_end(header)
        raise problem or RegisterError("xlsx_broken", file=str(self._path))


def _without_empty_end(header: Header) -> Header:
    """The columns up to the last that has a name."""
    width = max(place for place, name in enumerate(header.names) if name) + 1
    return header._replace(names=header.names[:width], kept=tuple(place for place in header.kept if place < width))


# --- writing -------------------------------------------------------------------------------------------------------


class XlsxWriter(NamedTuple):
    """Makes the cells of rows."""

    def content(self, rows: Rows, priced: Priced) -> list[tuple[Cell, ...]]:
        """The rows with their prices, as cells."""
        none = absent(priced)
        money = [
            [None if row in none else cents / CENTS_PER_EURO for row, cents in enumerate(column)]
            for column in amounts(priced)
        ]
        return list(zip(*rows.cells(), *money, *told(priced), strict=True))


class XlsxTarget:
    """A workbook to write, row by row.

    Args:
        place: the file.
        names: of the columns that are kept.
        language: of the columns that are added.
    """

    def __init__(self, place: Path, names: Sequence[str], language: str) -> None:
        from xlsxwriter import Workbook

        self.writer = XlsxWriter()
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = Workbook(str(place), options)
        self._sheet = self._book.add_worksheet()
        self._place, self._row = place, 0
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        bold = self._book.add_format({"bold": True, "bottom": 1})
        added = result_names(language)
        self._money = range(len(names), len(names) + len(added) - 2)
        for column, name in enumerate(chain(names, added)):
            self._sheet.write_string(0, column, name, bold)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(names) + len(added) - 1, 16)

    def write(self, content: Sequence[Sequence[Cell]]) -> None:
        """Writes rows.

        Raises:
            RegisterError: more than a sheet holds.
        """
        for cells in content:
            self._row += 1
            if self._row >= LAST_ROW:
                raise RegisterError("xlsx_full", rows=LAST_ROW - 1)
            for column, value in enumerate(cells):
                if value is not None and value != "":
                    self._cell(column, value)

    def close(self) -> None:
        """Writes the file.

        Raises:
            OSError: it cannot be written.
        """
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:  # says as its only argument which error of the system it was
            self._sheet._opt_close()  # noqa: SLF001 - XlsxWriter closes its temporary file only when all went well
            raise OSError(*error.args[0].args) from error

    def _cell(self, column: int, value: Cell) -> None:
        """A cell: text is never a formula or a link, and a number that a sheet cannot hold is text."""
        row = self._row
        if isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float | Decimal):
            if _fits(value):
                self._sheet.write_number(row, column, value, self._amount if column in self._money else None)
            else:
                self._sheet.write_string(row, column, str(value))
        elif isinstance(value, date) and value.year >= 1900:
            moment = isinstance(value, datetime) and value.time() != time()
            self._sheet.write_datetime(row, column, value, self._moment if moment else self._date)
        else:
            text = value.isoformat() if isinstance(value, date) else str(value)
            if len(text) > LONGEST_TEXT:
                raise RegisterError("xlsx_text", row=row + 1, column=column + 1, longest=LONGEST_TEXT)
            self._sheet.write_string(row, column, text)


def _fits(value: float | Decimal) -> bool:
    """Whether a sheet's number is exactly that."""
    if isinstance(value, int):
        return abs(value) < SAFE_INTEGER
    if isinstance(value, Decimal):
        return value.is_finite() and Decimal(f"{float(value):.15g}") == value
    return math.isfinite(value)
