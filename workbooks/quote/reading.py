"""Reading a quote back: from its input file, or from a quote workbook that somebody filled in.

Cells are found by their names, columns by their headers, so that a moved cell or column is still the right one; what is
missing or renamed is an error that names it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import openpyxl
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import ValidationError

from core.codes import code_named
from core.errors import CoproError, FileError, InputError
from core.reading import read, reason_of
from core.texts import text
from core.topics import LANGUAGES, topic
from core.vocabulary import Cost
from workbooks.quote.layout import CUSTOMER, END_NAME, HEAD, INPUT_KEYS, LANGUAGE_NAME, LINES_NAME, Column, defined_name
from workbooks.quote.model import PRICING, Pricing, Quote
from xl_addin.cells import ERROR_CODES, blank, moment

if TYPE_CHECKING:
    from xl_addin.session import Session

Cells = Any
"""A cell of openpyxl."""

_OPTIONAL_COLUMNS: Final = frozenset({"site"})
_DATED: Final = frozenset({Pricing.APPLICATION, Pricing.CONTRIBUTION})
_TEXTS: Final = frozenset({"number", "regulation", "name", "vat_number", "reference", "description"})
"""Fields in which a number typed is meant as text."""
_FIRST_YEAR: Final = 1900
"""Of a sheet's calendar."""
_DATES: Final = frozenset({"date", "valid_until", "start"})
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
        return read(path, Quote)
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
        tables["line"] = list(self._lines())
        if not tables["line"]:
            raise FileError("quote_nothing_filled", file=str(self.path))
        try:
            return Quote.model_validate(tables)
        except ValidationError as error:
            raise self._refused(error) from error

    def _named(self, name: str) -> Cells:
        """The cell called ``name``."""
        known = self.book.defined_names.get(name)
        places = list(known.destinations) if known is not None and "#REF!" not in str(known.attr_text) else []
        if len(places) != 1 or places[0][0] not in self.book.sheetnames:
            raise FileError("quote_name_missing", file=str(self.path), wanted=name)
        sheet, address = places[0]
        return self.book[sheet][address.replace("$", "")]

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
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:.15g}" if place[-1] in _TEXTS else Decimal(f"{value:.15g}")
        return value

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
        columns = self._columns(header)
        number = 0
        self._nothing_below(end, columns)
        for row in header.parent.iter_rows(min_row=header.row + 1, max_row=end.row - 1):
            cells = {key: row[position] for key, position in columns.items()}
            if all(blank(cell.value) for cell in cells.values()):
                continue
            yield self._line(number, cells)
            number += 1

    def _nothing_below(self, end: Cells, columns: Mapping[str, int]) -> None:
        """Refuses what is typed between the last line and the totals: it would be in no total."""
        heading = text("quote", "total.heading", self.language)
        below = list(end.parent.iter_rows(min_row=end.row))
        totals = (number for number, row in enumerate(below) if any(cell.value == heading for cell in row))
        for row in below[: next(totals, 1)]:
            for position in columns.values():
                if not blank(row[position].value):
                    raise FileError("quote_line_below", file=str(self.path), cell=row[position].coordinate)

    def _columns(self, header: Cells) -> Mapping[str, int]:
        """Where each column stands.

        Raises:
            FileError: one is missing or there twice.
        """
        said = [str(cell.value or "").strip() for cell in header.parent[header.row]]
        found = {}
        for key in INPUT_KEYS:
            title = Column(key, 0, ()).title(self.language)
            if said.count(title) > 1:
                raise FileError("quote_column_twice", file=str(self.path), column=title)
            if title in said:
                found[key] = said.index(title)
            elif key not in _OPTIONAL_COLUMNS:
                raise FileError("quote_column_missing", file=str(self.path), column=title)
        return found

    def _line(self, number: int, cells: Mapping[str, Cells]) -> Mapping[str, object]:
        kind = cells["kind"].value
        self.places["line", number] = cells["kind"].coordinate
        if blank(kind):
            raise self._wrong(("line", number), InputError("quote_kind_missing"))
        line: dict[str, object] = {}
        for key, cell in cells.items():
            name = key if key != "when" else _when(kind)
            self._put(line, ("line", number, name), cell)
        return line

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _refused(self, error: ValidationError) -> FileError:
        """The first mistake, with the cell it is in."""
        mistake = error.errors()[0]
        if mistake["type"] == "missing":
            return self._wrong(mistake["loc"], InputError("argument_missing"))
        reason = reason_of(mistake, mistake["loc"][-1:])
        return self._wrong(mistake["loc"], self._as_in_a_sheet(reason, mistake["input"]))

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
        name = "when" if field in ("start", "date") else field
        key = f"column.{name}"
        return text("quote", key, self.language) if key in topic("quote") else ""

    def _wrong(self, place: Sequence[str | int], reason: CoproError) -> FileError:
        found = tuple(place)
        while found and found not in self.places:
            found = found[:-1]
        cell = self.places.get(found, self._named(LINES_NAME).coordinate)
        if found[:1] == ("line",) and (column := self._title(str(found[-1]))):
            return FileError("quote_column_wrong", file=str(self.path), cell=cell, column=column, reason=reason)
        return FileError("quote_cell_wrong", file=str(self.path), cell=cell, reason=reason)


def _opened(path: Path) -> Any:  # noqa: ANN401
    try:
        return openpyxl.load_workbook(path, data_only=True)
    except OSError as error:
        raise FileError("input_unreadable", file=str(path), reason=error.strerror or str(error)) from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise FileError("quote_not_ours", file=str(path)) from error


def _to_the_second(value: datetime) -> date:
    """A date and time without the noise of binary fractions; a date alone where there is no time."""
    exact = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return exact if exact.hour or exact.minute or exact.second else exact.date()


def _when(kind: object) -> str:
    """Which date a line of this kind has."""
    try:
        pricing = PRICING.get(Cost(code_named("COST", str(kind))))
    except InputError:
        return "start"
    return "date" if pricing in _DATED else "start"
