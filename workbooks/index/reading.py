"""Reading an index workbook that somebody filled in: proposals, and every cell that cannot be read.

Columns are found by their headers, so that a moved column or row is still the right one. Nothing is guessed: text in a
number's cell stays a mistake, also where it looks like a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic_core import PydanticCustomError

from core.codes import code_named, codes, folded
from core.errors import FileError, InputError
from core.formats import label, one_line
from core.proposals import FigureProposal, Finding, HolidayProposal, Place, Severity, UpdateError
from core.records import days_of
from core.topics import LANGUAGES
from core.vocabulary import Series, Status
from workbooks.index.layout import (
    FINGERPRINT_NAME,
    LANGUAGE_NAME,
    RECORDINGS_NAME,
    RUNS,
    TABLES,
    VAT,
    Table,
    sheet_name,
)
from workbooks.index.making import STATUSES, WITHDRAWN, status_told
from xl_addin.cells import ERROR_CODES
from xl_addin.workbook_file import NotAWorkbook, opened

Cell = Any
"""A cell of openpyxl."""
Sheet = Any
"""A worksheet of openpyxl."""

_PEOPLE: Final = ("source", "entered_by", "checked_by", "note")
_MOST_ROWS: Final = 5_000
_MOST_COLUMNS: Final = 500
"""More than anybody fills in; cells further on would each take time and memory."""
_ONE_CELL: Final = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!,]+))!(?P<address>\$?[A-Z]{1,3}\$?[1-9][0-9]{0,5})"
)
_NUMBER: Final = re.compile(r"[-+]?[\d\s.,'’]*\d[.,]\d+\s*%?")
"""What somebody meant as a number with decimals."""


class NoIndexWorkbook(FileError):
    """A file that is no index workbook."""

    texts = "update"


@dataclass
class Filled:
    """What somebody filled in.

    Attributes:
        language: of the workbook.
        fingerprint: of the data it was made from.
        recordings: the files of the ledger it follows.
        proposals: the rows filled in.
        findings: the cells that cannot be read.
    """

    language: str
    fingerprint: str
    recordings: tuple[str, ...]
    proposals: list[FigureProposal | HolidayProposal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Wrong(Exception):
    """A cell that cannot be read: which, and why."""

    def __init__(self, cell: str, key: str, **details: object) -> None:
        super().__init__(cell)
        self.cell = cell
        self.reason = UpdateError(key, **details)


def read_index(path: Path) -> Filled:
    """What is filled in in an index workbook.

    Raises:
        FileError: the file cannot be read, or is no index workbook of ours.
    """
    book = _opened(path)
    language = _named(book, LANGUAGE_NAME)
    if language not in LANGUAGES:
        raise NoIndexWorkbook("not_ours", file=str(path))
    recordings = tuple(name for name in _named(book, RECORDINGS_NAME).split(", ") if name)
    filled = Filled(language, _named(book, FINGERPRINT_NAME), recordings)
    for table in TABLES:
        _Reader(book, table, filled).read()
    return filled


def _opened(path: Path) -> Any:  # noqa: ANN401 - a workbook of openpyxl
    try:
        return opened(path, values=False)
    except NotAWorkbook as error:
        raise NoIndexWorkbook("not_ours", file=str(path)) from error


def _named(book: Any, name: str) -> str:  # noqa: ANN401
    """The text of the cell called ``name``; nothing where there is none."""
    known = book.defined_names.get(name)
    place = _ONE_CELL.fullmatch(str(known.attr_text)) if known is not None else None
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    title = (place["quoted"] or place["plain"]).replace("''", "'") if place else ""
    if place is None or title not in sheets:
        return ""
    return str(sheets[title][place["address"].replace("$", "")].value or "")


class _Reader:
    """The sheet of one table."""

    def __init__(self, book: Any, table: Table, filled: Filled) -> None:  # noqa: ANN401
        self.book = book
        self.table = table
        self.filled = filled
        self.language = filled.language
        self.name = sheet_name(table.name, filled.language)

    def read(self) -> None:
        """Adds its rows to what is filled in, and its mistakes to the findings."""
        sheet = next((sheet for sheet in self.book.worksheets if sheet.title == self.name), None)
        if sheet is None:
            self._mistake(self.name, UpdateError("sheet_missing", sheet=self.name))
            return
        if sheet.max_row > _MOST_ROWS:
            self._mistake(
                f"{self.name}!{sheet.max_row}", UpdateError("sheet_too_long", row=sheet.max_row, most=_MOST_ROWS)
            )
            return
        header = self._header(sheet)
        columns = self._columns(sheet, header)
        if columns is None or self._merged(sheet, header, columns):
            return
        for row in range(header + 1, sheet.max_row + 1):
            cells = {key: sheet.cell(row, column) for key, column in columns.items()}
            if any(_filled(cells[key]) for key in self.table.inputs):
                self._row(sheet, row, cells)

    def _mistake(self, place: str, reason: UpdateError) -> None:
        self.filled.findings.append(Finding(Severity.ERROR, place, reason))

    # --- finding the cells ---------------------------------------------------------------------------------------

    def _titles(self) -> Mapping[str, str]:
        wanted = (*self.table.keys, *self.table.inputs)
        return {column.key: column.title(self.language) for column in self.table.columns if column.key in wanted}

    def _header(self, sheet: Sheet) -> int:
        """The row that holds the most of the headers."""
        titles = set(self._titles().values())
        found = {
            row[0].row: sum(_told(cell.value) in titles for cell in row)
            for row in sheet.iter_rows(max_col=_MOST_COLUMNS)
        }
        return max(found, key=lambda row: found[row], default=1)

    def _columns(self, sheet: Sheet, header: int) -> Mapping[str, int] | None:
        """Where each column stands; ``None`` when one is missing or there twice."""
        said = [_told(cell.value) for cell in sheet[header]]
        columns: dict[str, int] = {}
        for key, title in self._titles().items():
            if said.count(title) != 1:
                wrong = "column_twice" if title in said else "column_missing"
                self._mistake(self.name, UpdateError(wrong, column=title))
                continue
            columns[key] = said.index(title) + 1
        return columns if len(columns) == len(self._titles()) else None

    def _merged(self, sheet: Sheet, header: int, columns: Mapping[str, int]) -> bool:
        """Whether cells to fill in are merged: what is hidden under the first would be lost."""
        at = set(columns.values())
        found = [
            area
            for area in sheet.merged_cells.ranges
            if area.max_row > header and at & set(range(area.min_col, area.max_col + 1))
        ]
        for area in found:
            self._mistake(f"{self.name}!{area.start_cell.coordinate}", UpdateError("merged", area=area.coord))
        return bool(found)

    # --- reading a row -------------------------------------------------------------------------------------------

    def _row(self, sheet: Sheet, row: int, cells: Mapping[str, Cell]) -> None:
        place = Place(self.name, {key: cell.coordinate for key, cell in cells.items()})
        if sheet.row_dimensions[row].hidden:
            key = "row_filtered" if sheet.auto_filter.filterColumn else "row_hidden"
            first = next(name for name in self.table.inputs if _filled(cells[name]))
            self._mistake(place.of(first), UpdateError(key, row=row))
            return
        mistakes: list[_Wrong] = []
        values: dict[str, object] = {}
        for key, cell in cells.items():
            try:
                values[key] = self._value(key, cell)
            except _Wrong as wrong:
                mistakes.append(wrong)
        if not mistakes:
            try:
                self.filled.proposals.append(self._proposal(place, values))
            except _Wrong as wrong:
                mistakes.append(wrong)
        for mistake in mistakes:
            self._mistake(f"{self.name}!{mistake.cell}", mistake.reason)

    def _value(self, key: str, cell: Cell) -> object:
        """A cell's value as its column means it; ``None`` for an empty cell."""
        value = cell.value
        if cell.data_type == "f" or not isinstance(value, str | int | float | date | bool | None):
            raise _Wrong(cell.coordinate, "formula_cell")
        if cell.data_type == "e" or value in ERROR_CODES:
            raise _Wrong(cell.coordinate, "error_cell", code=str(value))
        if not _filled(cell):
            return None
        if key == "value":
            return _number(cell)
        if key.startswith(("first", "last")):
            return _day(cell)
        if key == "year":
            return _year(cell)
        return _text(value)

    def _proposal(self, place: Place, values: Mapping[str, Any]) -> FigureProposal | HolidayProposal:
        people = {key: str(values[key] or "") for key in _PEOPLE}
        status = self._status(place, values["status"])
        if not self.table.series:
            site = self._choice(place, "site", values["site"])
            if values["year"] is None:
                raise _Wrong(place.cells["year"], "period_missing")
            periods = tuple(self._runs(place, values))
            return HolidayProposal(
                place=place, status=status, site=site, year=values["year"], periods=periods, **people
            )
        series, period, first, last = self._when(place, values)
        return FigureProposal(
            place=place,
            status=status,
            series=series,
            period=period,
            first=first,
            last=last,
            value=values["value"],
            **people,
        )

    def _when(self, place: Place, values: Mapping[str, Any]) -> tuple[Series, str, date, date | None]:
        """Which figure, and for which days."""
        if self.table is VAT:
            series = Series(self._choice(place, "series", values["series"]))
            return series, "", self._first_day(place, values), None
        if self.table.example:
            period = self._period(place, values["period"])
            return (self.table.series[0], period, *days_of(period))
        if values["last"] is None:
            raise _Wrong(place.cells["last"], "date_missing")
        return self.table.series[0], "", self._first_day(place, values), values["last"]

    @staticmethod
    def _first_day(place: Place, values: Mapping[str, Any]) -> date:
        if values["first"] is None:
            raise _Wrong(place.cells["first"], "date_missing")
        assert isinstance(values["first"], date)
        return values["first"]

    def _period(self, place: Place, written: str | None) -> str:
        if written is None:
            raise _Wrong(place.cells["period"], "period_missing")
        period = written.upper().replace(" ", "")
        example = self.table.example
        try:
            days_of(period)
        except PydanticCustomError:
            period = ""
        if len(period) != len(example) or period[4:6] != example[4:6]:
            raise _Wrong(place.cells["period"], "period_wrong", value=one_line(written), example=example)
        return period

    def _runs(self, place: Place, values: Mapping[str, Any]) -> Iterator[tuple[date, date]]:
        for number in range(1, RUNS + 1):
            ends = {key: values[key] for key in (f"first_{number}", f"last_{number}")}
            missing = [key for key, day in ends.items() if day is None]
            if len(missing) == 1:
                raise _Wrong(place.cells[missing[0]], "date_missing")
            if not missing:
                first, last = ends.values()
                yield first, last

    def _status(self, place: Place, written: str | None) -> Status | None:
        known = {folded(status_told(status, language)): status for language in LANGUAGES for status in STATUSES}
        listed = ", ".join(status_told(status, self.language) for status in STATUSES)
        if written is None:
            raise _Wrong(place.cells["status"], "status_missing", known=listed)
        found = known.get(folded(written))
        if found is None:
            raise _Wrong(place.cells["status"], "choice_wrong", value=one_line(written), known=listed)
        return None if found == WITHDRAWN else Status(found)

    def _choice(self, place: Place, key: str, written: str | None) -> str:
        """The site or the series that is named."""
        if key == "site":
            known = {label("SITE", site, self.language): site for site in codes("SITE")}
        else:
            known = {label("series", series.value, self.language): series.value for series in self.table.series}
        listed = "; ".join(known)
        if written is None:
            raise _Wrong(place.cells[key], "choice_missing", known=listed)
        try:
            return known[written] if written in known or key != "site" else code_named("SITE", written)
        except (KeyError, InputError):
            raise _Wrong(place.cells[key], "choice_wrong", value=one_line(written), known=listed) from None


# --- cells -----------------------------------------------------------------------------------------------------------


def _filled(cell: Cell) -> bool:
    """Whether something stands in a cell; spaces are nothing."""
    return cell.value is not None and _told(cell.value) != ""


def _told(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _number(cell: Cell) -> Decimal:
    """A number that was typed as one."""
    value = cell.value
    if isinstance(value, str):
        key = "text_separator" if _NUMBER.fullmatch(value.strip()) else "text_number"
        raise _Wrong(cell.coordinate, key, value=one_line(value))
    if isinstance(value, bool | date):
        raise _Wrong(cell.coordinate, "text_number", value=one_line(str(value)))
    if "%" in cell.number_format:
        raise _Wrong(cell.coordinate, "percent_format")
    return Decimal(f"{value:.15g}")


def _day(cell: Cell) -> date:
    """A day that was typed as a date."""
    value = cell.value
    if isinstance(value, str):
        raise _Wrong(cell.coordinate, "date_text", value=one_line(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date()
    raise _Wrong(cell.coordinate, "date_wrong", value=one_line(str(value)))


def _year(cell: Cell) -> int:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and 1900 <= value < 2200 and value == int(value):
        return int(value)
    raise _Wrong(cell.coordinate, "period_wrong", value=one_line(str(value)), example="2027")


def _text(value: object) -> str:
    """What somebody wrote, also where it is a number: a year, the number of a circular."""
    return _told(f"{value:.15g}" if isinstance(value, int | float) and not isinstance(value, bool) else value)
