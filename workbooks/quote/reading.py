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
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import ValidationError

from core.codes import code_named
from core.errors import CoproError, FileError, InputError
from core.reading import read, reason_of
from core.topics import LANGUAGES
from core.vocabulary import Cost
from workbooks.quote.layout import CUSTOMER, END_NAME, HEAD, INPUT_KEYS, LANGUAGE_NAME, LINES_NAME, Column, defined_name
from workbooks.quote.model import PRICING, Pricing, Quote
from xl_addin.cells import ERROR_CODES, blank

Cells = Any
"""A cell of openpyxl."""

_OPTIONAL_COLUMNS: Final = frozenset({"site"})
_DATED: Final = frozenset({Pricing.APPLICATION, Pricing.CONTRIBUTION})
_TEXTS: Final = frozenset({"number", "regulation", "name", "vat_number", "reference", "description"})
"""Fields in which a number typed is meant as text."""
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

    def quote(self) -> Quote:
        """The quote filled in.

        Raises:
            FileError: something is missing, renamed or wrong.
        """
        if LINES_NAME not in self.book.defined_names:
            raise FileError("quote_not_ours", file=str(self.path))
        tables: dict[str, object] = {"language": self._named(LANGUAGE_NAME).value}
        self._put(tables, ("language",), self._named(LANGUAGE_NAME))
        for key in _HEAD_FIELDS:
            self._put(tables, (key,), self._named(defined_name(key)))
        tables["customer"] = self._customer()
        tables["line"] = list(self._lines(str(tables.get("language"))))
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
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:.15g}" if place[-1] in _TEXTS else Decimal(f"{value:.15g}")
        if isinstance(value, datetime):
            return _to_the_second(value)
        return value

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

    def _lines(self, language: str) -> Iterator[Mapping[str, object]]:
        header, end = self._named(LINES_NAME), self._named(END_NAME)
        columns = self._columns(header, language)
        number = 0
        for row in header.parent.iter_rows(min_row=header.row + 1, max_row=end.row - 1):
            cells = {key: row[position] for key, position in columns.items()}
            if all(blank(cell.value) for cell in cells.values()):
                continue
            yield self._line(number, cells)
            number += 1

    def _columns(self, header: Cells, language: str) -> Mapping[str, int]:
        """Where each column stands.

        Raises:
            FileError: one is missing or there twice.
        """
        if language not in LANGUAGES:
            language = "en"
        said = [str(cell.value or "").strip() for cell in header.parent[header.row]]
        found = {}
        for key in INPUT_KEYS:
            title = Column(key, 0, ()).title(language)
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
        return self._wrong(mistake["loc"], reason_of(mistake, mistake["loc"][-1:]))

    def _wrong(self, place: Sequence[str | int], reason: CoproError) -> FileError:
        found = tuple(place)
        while found and found not in self.places:
            found = found[:-1]
        cell = self.places.get(found, self._named(LINES_NAME).coordinate)
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
