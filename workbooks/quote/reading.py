"""Reading a quote back: from its input file, or from a quote workbook that somebody filled in.

Cells are found by their names, columns by their headers, so that a moved cell or column is still the right one; what is
missing or renamed is an error that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from openpyxl.utils.datetime import from_excel
from pydantic import ValidationError

from core.codes import code_named, folded
from core.errors import CoproError, FileError, InputError
from core.reading import read, reason_of
from core.texts import text
from core.topics import LANGUAGES, topic
from core.vocabulary import Cost
from workbooks.quote.layout import (
    ADDED_KEYS,
    CUSTOMER,
    END_NAME,
    HEAD,
    INPUT_KEYS,
    LANGUAGE_NAME,
    LINES_NAME,
    PLANS,
    PLANS_END_NAME,
    PLANS_NAME,
    WORKS_END_NAME,
    WORKS_NAME,
    Column,
    defined_name,
)
from workbooks.quote.model import DATED, PRICING, Quote
from workbooks.quote.plan import Request
from xl_addin.cells import ERROR_CODES, blank, moment
from xl_addin.workbook_file import NotAWorkbook, opened

if TYPE_CHECKING:
    from xl_addin.session import Session

Cells = Any
"""A cell of openpyxl."""

_FIELDS: Final = {"option": "optional", "execution": "description"}
"""Columns that do not go by the name of their field."""
_PLAN_KEYS: Final = {column.key: _FIELDS.get(column.key, column.key) for column in PLANS}
_WORK_FIELDS: Final = {"work": "name", "execution": "description", "site": "site"}
_TEXTS: Final = frozenset({"number", "regulation", "name", "vat_number", "reference", "description", "work"})
"""Fields in which a number typed is meant as text."""
_FIRST_YEAR: Final = 1900
"""Of a sheet's calendar."""
_ONE_CELL: Final = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!,]+))!(?P<address>\$?[A-Z]{1,3}\$?[1-9][0-9]{0,5})"
)
"""What a name that points to one cell says: ``Quote!$B$9``, ``'Our quote'!$B$9``."""
_MOST_ROWS: Final = 100_000
"""Of the sheet: openpyxl makes a cell of every place that is looked at."""
_DATES: Final = frozenset({"date", "valid_until", "start", "first"})
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.huH]([0-5][0-9])(?::00)?")
_SOME_DAY: Final = 40_000
"""A number that a sheet shows as a date: what is added to it is a time of that day."""
_SHEET_WORDS: Final = {
    "number_expected": "number_expected_cell",
    "quote_day_expected": "quote_day_cell",
    "quote_text_expected": "quote_text_cell",
}
"""What is told of a file, and what is told of a cell."""
_HEAD_FIELDS: Final = tuple(key for key in HEAD if key not in ("tariff_year", "vat_rate"))


def read_quote(path: Path) -> Quote:
    """The quote in a TOML file, or in a quote workbook of ours.

    Raises:
        FileError: the file cannot be read or holds a mistake; tells the line, or the cell.
    """
    if path.suffix.lower() == ".toml":
        return read(path, Request).worked_out()
    return _Workbook(path).quote()


class _Workbook:
    """A filled-in workbook; remembers which cell each value came from, to name it when it is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = _opened(path)
        self.places: dict[tuple[str | int, ...], str] = {}
        self.language = "en"

    def quote(self) -> Quote:
        """The quote filled in.

        Raises:
            FileError: something is missing, renamed or wrong.
        """
        if LINES_NAME not in self.book.defined_names:
            raise FileError("quote_not_ours", file=str(self.path))
        tables: dict[str, object] = {"language": self._named(LANGUAGE_NAME).value}
        self._put(tables, ("language",), self._named(LANGUAGE_NAME))
        if tables.get("language") in LANGUAGES:
            self.language = str(tables["language"])
        for key in _HEAD_FIELDS:
            self._put(tables, (key,), self._named(defined_name(key)))
        tables["customer"] = self._customer()
        if WORKS_NAME in self.book.defined_names:
            tables["work"] = list(self._table("work", WORKS_NAME, WORKS_END_NAME, _WORK_FIELDS))
            tables["plan"] = list(self._table("plan", PLANS_NAME, PLANS_END_NAME, _PLAN_KEYS))
        tables["line"] = list(self._lines())
        if not tables["line"] and not tables.get("plan"):
            raise FileError("quote_nothing_filled", file=str(self.path))
        try:
            return Request.model_validate(tables).worked_out()
        except ValidationError as error:
            raise self._refused(error) from error

    def _named(self, name: str) -> Cells:
        """The cell called ``name``."""
        known = self.book.defined_names.get(name)
        place = _ONE_CELL.fullmatch(str(known.attr_text)) if known is not None else None
        sheets = {sheet.title: sheet for sheet in self.book.worksheets}
        title = (place["quoted"] or place["plain"]).replace("''", "'") if place else ""
        if place is None or title not in sheets:
            raise FileError("quote_name_missing", file=str(self.path), wanted=name)
        return sheets[title][place["address"].replace("$", "")]

    def _put(self, table: dict[str, object], place: tuple[str | int, ...], cell: Cells, value: object = None) -> None:
        """Puts the cell's value in the table, unless it is empty."""
        self.places[place] = cell.coordinate
        found = cell.value if value is None else value
        if not blank(found):
            table[str(place[-1])] = self._plain(found, place)

    def _plain(self, value: object, place: tuple[str | int, ...]) -> object:
        """A cell's value as the model takes it."""
        if isinstance(value, str) and value in ERROR_CODES:
            raise self._wrong(place, InputError("error_cell", code=value))
        if place[-1] in _DATES:
            return self._dated(value, place)
        if place[-1] == "time":
            return self._clock(value, place)
        if place[-1] == "optional":
            return self._option(value, place)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:.15g}" if place[-1] in _TEXTS else Decimal(f"{value:.15g}")
        return value

    def _clock(self, value: object, place: tuple[str | int, ...]) -> object:
        """A time of day, also one written as text (``9:30``, ``9u30``) or shown as a number or a date."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = self._dated(value % 1 + _SOME_DAY, place)
        if isinstance(value, datetime):
            return _to_the_minute(value)
        if isinstance(value, str) and (said := _CLOCK.fullmatch(value.strip())):
            return time(int(said[1]), int(said[2]))
        return value

    def _option(self, value: object, place: tuple[str | int, ...]) -> bool:
        """The word for an option, in any language."""
        words = topic("quote")["option.yes"]
        if isinstance(value, str) and folded(value) in map(folded, words.values()):
            return True
        if isinstance(value, bool):
            return value
        shown = {"value": str(value)[:80], "word": words[self.language]}
        raise self._wrong(place, InputError("quote_option_word", **shown))

    def _dated(self, value: object, place: tuple[str | int, ...]) -> object:
        """A date, also one written as text (``06/03/2026 17:10``) or shown as a number."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                value = from_excel(value, self.book.epoch)
            except (ValueError, OverflowError):
                raise self._wrong(place, InputError("date_unreadable", value=f"{value:.15g}")) from None
        if isinstance(value, datetime):
            if value.year < _FIRST_YEAR:
                raise self._wrong(place, InputError("date_unreadable", value=str(value)))
            return _to_the_second(value)
        if not isinstance(value, str):
            return value
        try:
            return moment(value, cast("Session", None)).clock()  # it says how numbers count, and this is text
        except CoproError as error:
            raise self._wrong(place, error) from None

    def _customer(self) -> Mapping[str, object]:
        found: dict[str, object] = {}
        address: list[str] = []
        for key in CUSTOMER:
            cell = self._named(defined_name(key, customer=True))
            if not key.startswith("address_"):
                self._put(found, ("customer", key), cell)
            elif not blank(cell.value):
                self.places["customer", "address", len(address)] = cell.coordinate
                address.append(str(cell.value))
        return {**found, "address": tuple(address)}

    # --- lines -------------------------------------------------------------------------------------------------------

    def _lines(self) -> Iterator[Mapping[str, object]]:
        header, end = self._named(LINES_NAME), self._named(END_NAME)
        if header.parent.max_row > _MOST_ROWS:
            row, sheet = header.parent.max_row, header.parent.title
            raise FileError("quote_sheet_too_long", file=str(self.path), sheet=sheet, row=row)
        columns = self._columns(header, INPUT_KEYS, ADDED_KEYS)
        number = 0
        self._nothing_below(end, columns)
        for row in header.parent.iter_rows(min_row=header.row + 1, max_row=end.row - 1, max_col=_last(columns)):
            cells = {key: row[position] for key, position in columns.items()}
            if all(blank(cell.value) for cell in cells.values()):
                continue
            yield self._line(number, cells)
            number += 1

    def _table(self, called: str, name: str, end_name: str, keys: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
        """The filled-in rows of a table: ``keys`` gives the field of each column."""
        header, end = self._named(name), self._named(end_name)
        columns = self._columns(header, tuple(keys), frozenset())
        number = 0
        for row in header.parent.iter_rows(min_row=header.row + 1, max_row=end.row - 1, max_col=_last(columns)):
            cells = {key: row[position] for key, position in columns.items()}
            if all(blank(cell.value) for cell in cells.values()):
                continue
            self.places[called, number] = row[0].coordinate
            found: dict[str, object] = {}
            for key, cell in cells.items():
                self._put(found, (called, number, keys[key]), cell)
            yield found
            number += 1

    def _nothing_below(self, end: Cells, columns: Mapping[str, int]) -> None:
        """Refuses what is typed between the last line and the totals: it would be in no total."""
        heading = text("quote", "total.heading", self.language)
        below = list(end.parent.iter_rows(min_row=end.row, max_col=_last(columns)))
        totals = (number for number, row in enumerate(below) if any(cell.value == heading for cell in row))
        for row in below[: next(totals, 1)]:
            for position in columns.values():
                if not blank(row[position].value):
                    raise FileError("quote_line_below", file=str(self.path), cell=row[position].coordinate)

    def _columns(self, header: Cells, keys: Sequence[str], optional: AbstractSet[str]) -> Mapping[str, int]:
        """Where each column stands; those that are optional only where they do.

        Raises:
            FileError: one is missing or there twice.
        """
        said = [str(cell.value or "").strip() for cell in header.parent[header.row]]
        found = {}
        for key in keys:
            title = Column(key, 0, ()).title(self.language)
            if said.count(title) > 1:
                raise FileError("quote_column_twice", file=str(self.path), column=title)
            if title in said:
                found[key] = said.index(title)
            elif key not in optional:
                raise FileError("quote_column_missing", file=str(self.path), column=title)
        return found

    def _line(self, number: int, cells: Mapping[str, Cells]) -> Mapping[str, object]:
        kind = cells["kind"].value
        self.places["line", number] = cells["kind"].coordinate
        if blank(kind):
            raise self._wrong(("line", number), InputError("quote_kind_missing"))
        line: dict[str, object] = {}
        for key, cell in cells.items():
            name = _when(kind) if key == "when" else _FIELDS.get(key, key)
            self._put(line, ("line", number, name), cell)
        return line

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _refused(self, error: ValidationError) -> FileError:
        """The first mistake, with the cell it is in."""
        mistake = error.errors()[0]
        at = mistake.get("ctx", {}).pop("at", None)
        place = (*mistake["loc"], *((at,) if at is not None else ()))
        if mistake["type"] == "missing":
            return self._wrong(place, InputError("argument_missing"))
        if mistake["type"] == "quote_work_unknown":
            place = (*place, "work")
        reason = reason_of(mistake, place[-1:])
        return self._wrong(place, self._as_in_a_sheet(reason, mistake["input"]))

    def _as_in_a_sheet(self, reason: CoproError, value: object) -> CoproError:
        """A mistake in the words of whoever fills in a sheet, who knows columns and no fields."""
        shown = str(value)[:80]
        if reason.key in _SHEET_WORDS:
            return InputError(_SHEET_WORDS[reason.key], **{**reason.details, "value": shown})
        if reason.key == "quote_field_foreign":
            return InputError("quote_cell_foreign", kind=reason.details["kind"])
        if reason.key == "quote_field_needed":
            needed = self._title(str(reason.details["needed"]))
            return InputError("quote_cell_needed", kind=reason.details["kind"], column=needed)
        return reason

    def _title(self, field: str) -> str:
        """The column, or the label, of a field; nothing where there is none."""
        names = {"start": "when", "date": "when", "optional": "option", "name": "work"}
        key = f"column.{names.get(field, field)}"
        return text("quote", key, self.language) if key in topic("quote") else ""

    def _wrong(self, place: Sequence[str | int], reason: CoproError) -> FileError:
        found = tuple(place)
        while found and found not in self.places:
            found = found[:-1]
        cell = self.places.get(found, self._named(LINES_NAME).coordinate)
        if found[:1] in (("line",), ("work",), ("plan",)) and (column := self._title(str(found[-1]))):
            return FileError("quote_column_wrong", file=str(self.path), cell=cell, column=column, reason=reason)
        return FileError("quote_cell_wrong", file=str(self.path), cell=cell, reason=reason)


def _opened(path: Path) -> Any:  # noqa: ANN401
    try:
        return opened(path, values=True)
    except NotAWorkbook as error:
        raise FileError("quote_not_ours", file=str(path)) from error


def _last(columns: Mapping[str, int]) -> int:
    """The number of the last column that is read."""
    return max(columns.values()) + 1


def _to_the_second(value: datetime) -> date:
    """A date and time without the noise of binary fractions; a date alone where there is no time."""
    exact = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return exact if exact.hour or exact.minute or exact.second else exact.date()


def _to_the_minute(value: datetime) -> time:
    """The time of day without the noise of binary fractions."""
    return (value + timedelta(seconds=30)).replace(second=0, microsecond=0).time()


def _when(kind: object) -> str:
    """Which date a line of this kind has."""
    try:
        pricing = PRICING.get(Cost(code_named("COST", str(kind))))
    except InputError:
        return "start"
    return "date" if pricing in DATED else "start"
