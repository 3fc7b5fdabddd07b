"""Random calls as a workbook: arguments in cells and ranges of one sheet, each call a formula of another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from openpyxl import load_workbook
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from tests.fronts.cases import Case

ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


class Place(NamedTuple):
    """Where an answer stands, counted from 0; ``table``: it is one, however small."""

    row: int
    rows: int
    columns: int
    table: bool


def as_calc_has_it(value: object) -> object:
    """A value as a cell of Calc holds it: TRUE is the number 1 there."""
    if isinstance(value, list):
        return [as_calc_has_it(item) for item in value]
    return float(value) if isinstance(value, bool) else value


def write(file: Path, cases: Sequence[Case], answers: Sequence[object]) -> list[Place]:
    """Writes the workbook; an answer that is a table is asked for with an array formula of its size."""
    places = []
    with xlsxwriter.Workbook(str(file), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        asked, given = book.add_worksheet("Calls"), book.add_worksheet("Given")
        row = 0
        for number, ((name, arguments), answer) in enumerate(zip(cases, answers, strict=True)):
            formula = f"={name}({','.join(_written(given, row, arguments, number))})"
            place = _place(row, answer)
            if place.table:
                last = (row + place.rows - 1, place.columns - 1)
                asked.write_array_formula(row, 0, *last, f"{{{formula}}}", None, "old")
            else:
                asked.write_formula(row, 0, formula, None, "old")
            places.append(place)
            row += max(place.rows, *(len(value) for value in arguments if isinstance(value, list)), 1)
    return places


def _place(row: int, answer: object) -> Place:
    if isinstance(answer, list):
        return Place(row, len(answer), len(answer[0]), table=True)
    return Place(row, 1, 1, table=False)


def _written(sheet: Worksheet, row: int, arguments: Sequence[object], number: int) -> list[str]:
    """Puts the arguments into cells beside each other, and gives the references to them.

    A blank is left out of every other call and the address of a blank cell in the rest.
    """
    references = []
    column = 0
    for value in arguments:
        rows = value if isinstance(value, list) else [[value]]
        for down, items in enumerate(rows):
            for right, item in enumerate(items):
                _put(sheet, row + down, column + right, item)
        first = xl_rowcol_to_cell(row, column)
        if isinstance(value, list):
            area = xl_range(row, column, row + len(rows) - 1, column + len(rows[0]) - 1)
            first = area if ":" in area else f"{area}:{area}"
        references.append("" if value is None and number % 2 else f"Given!{first}")
        column += len(rows[0])
    return references


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if value in ERRORS:
        sheet.write_formula(row, column, f"={value}", None, value)
    elif value == "":
        sheet.write_formula(row, column, '=""', None, "")
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)


def read(file: Path, places: Sequence[Place]) -> list[object]:
    """The answers, as the workbook shows them."""
    book = load_workbook(file, data_only=True, read_only=True)
    rows = [list(row) for row in book["Calls"].iter_rows(values_only=True)]
    book.close()
    return [_answer(rows, place) for place in places]


def _answer(rows: Sequence[Sequence[object]], place: Place) -> object:
    shown = [[_shown(value) for value in row[: place.columns]] for row in rows[place.row : place.row + place.rows]]
    return shown if place.table else shown[0][0]


def _shown(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return "" if value is None else value
