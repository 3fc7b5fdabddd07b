"""The cells of a workbook as they were saved: formulas, values, names and tables; nothing is computed here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import FileError
from xl_addin.audit.formula import NotReadable
from xl_addin.workbook_file import REGISTER, NotAWorkbook, opened

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Value = float | str | bool | None
Rows = list[list[Value]]

_AREA: Final = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!\[\]]+)!)?(?P<area>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+)",
    re.IGNORECASE,
)
_COLUMN: Final = re.compile(
    r"(?P<table>[^\[\]]*)\[(?:(?P<row>@|\[#This Row\],?)\s*)?\[?(?P<column>[^\[\]@#]+)\]?\]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a formula stands: relative references and ``#This Row`` start from here."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """``C12``."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula, where it stands and the rows and columns it fills."""

    place: Place
    formula: str
    rows: int = 1
    columns: int = 1


class UnreadableWorkbook(FileError):
    """A file that cannot be read as a workbook."""

    texts = "audit"


class Sheets:
    """A workbook's cells.

    Raises:
        FileError: it is no workbook, or cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self._formulas = _loaded(file, values=False)
        self._values = _loaded(file, values=True)
        self.date1904 = self._values.epoch == CALENDAR_MAC_1904
        self._tables = {
            table.name.casefold(): (sheet.title, table) for sheet in self._sheets() for table in sheet.tables.values()
        }

    def _sheets(self) -> list[Worksheet]:
        return [sheet for sheet in self._formulas.worksheets if isinstance(sheet, Worksheet)]

    @property
    def names(self) -> list[str]:
        """The sheets, in their order."""
        return [sheet.title for sheet in self._sheets()]

    @property
    def comments(self) -> str:
        """The comments among the workbook's properties: ours keep the fingerprint of their data there."""
        return str(self._values.properties.description or "")

    def formulas(self) -> Iterator[FormulaCell]:
        """Every formula, sheet by sheet, row by row."""
        for sheet in self._sheets():
            for row in sheet.iter_rows():
                for cell in row:
                    found = cell.value
                    place = Place(sheet.title, cell.row or 1, cell.column or 1)
                    if isinstance(found, ArrayFormula):
                        left, top, right, bottom = _edges(found.ref)
                        yield FormulaCell(place, found.text or "", bottom - top + 1, right - left + 1)
                    elif isinstance(found, str) and cell.data_type == "f":
                        yield FormulaCell(place, found)

    def content(self, place: Place) -> object:
        """What a cell holds: its formula, or what was typed."""
        found = self._formulas[place.sheet].cell(place.row, place.column).value
        return found.text if isinstance(found, ArrayFormula) else found

    def value(self, place: Place) -> Value:
        """What a cell showed when the workbook was saved; dates as serials."""
        return _plain(self._values[place.sheet].cell(place.row, place.column).value, self._values)

    def rows(self, sheet: str, left: int, top: int, right: int, bottom: int) -> Rows:
        """The values of a range, cut at the last row and column that hold anything."""
        values = self._values[sheet]
        right, bottom = max(left, min(right, values.max_column)), max(top, min(bottom, values.max_row))
        return [
            [_plain(value, self._values) for value in row]
            for row in values.iter_rows(top, bottom, left, right, values_only=True)
        ]

    def read(self, reference: str, at: Place) -> Value | Rows:
        """The value of a cell, or the rows of a range, name or column of a table.

        Raises:
            NotReadable: the reference is not understood, or leads to another workbook.
        """
        if found := _AREA.fullmatch(reference):
            return self._area(found["sheet"], found["area"], at)
        if found := _COLUMN.fullmatch(reference):
            return self._column(found["table"], found["column"], this_row=found["row"] is not None, at=at)
        return self.read(self._named(reference, at), at)

    def _area(self, written_sheet: str | None, area: str, at: Place) -> Value | Rows:
        sheet = written_sheet.strip("'").replace("''", "'") if written_sheet else at.sheet
        if sheet not in self._values.sheetnames:
            raise NotReadable(f"{written_sheet}!{area}")
        left, top, right, bottom = _edges(area.replace("$", "").upper())
        if ":" not in area:
            return self.value(Place(sheet, top, left))
        return self.rows(
            sheet, left or 1, top or 1, right or self._values[sheet].max_column, bottom or self._values[sheet].max_row
        )

    def _column(self, name: str, column: str, *, this_row: bool, at: Place) -> Value | Rows:
        sheet, table = self._table(name, at)
        headings = [heading.name.casefold() for heading in table.tableColumns]
        if column.strip().casefold() not in headings:
            raise NotReadable(f"{name}[{column}]")
        left, top, _, bottom = _edges(table.ref)
        position = left + headings.index(column.strip().casefold())
        if this_row:
            return self.value(Place(sheet, at.row, position))
        first, last = top + (table.headerRowCount or 0), bottom - (table.totalsRowCount or 0)
        return self.rows(sheet, position, first, position, last)

    def _table(self, name: str, at: Place):  # type: ignore[no-untyped-def] # noqa: ANN202 - openpyxl's own table
        if name:
            if name.casefold() not in self._tables:
                raise NotReadable(name)
            return self._tables[name.casefold()]
        for sheet, table in self._tables.values():
            left, top, right, bottom = _edges(table.ref)
            if sheet == at.sheet and left <= at.column <= right and top <= at.row <= bottom:
                return sheet, table
        raise NotReadable("[…]")

    def _named(self, name: str, at: Place) -> str:
        """What a name of the sheet or of the workbook stands for."""
        for names in (self._formulas[at.sheet].defined_names, self._formulas.defined_names):
            for known, defined in names.items():
                if known.casefold() == name.casefold() and defined.attr_text:
                    if defined.attr_text.casefold() == name.casefold():
                        break
                    return str(defined.attr_text)
        raise NotReadable(name)


def _edges(area: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a range; 0 where whole rows or columns have none."""
    left, top, right, bottom = range_boundaries(area)
    return left or 0, top or 0, right or 0, bottom or 0


def _loaded(file: Path, *, values: bool) -> Workbook:
    try:
        return opened(file, values=values, limits=REGISTER)
    except NotAWorkbook:
        raise UnreadableWorkbook("not_a_workbook", file=str(file)) from None


def _plain(value: object, workbook: Workbook) -> Value:
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, datetime | date | time | timedelta):
        return float(to_excel(value, workbook.epoch))  # type: ignore[no-untyped-call]
    return float(value)  # type: ignore[arg-type]
