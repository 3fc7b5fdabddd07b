"""What each front answers to the same few calls: values, blanks, errors, ranges, dates, tables.

Only fronts that run in ``make test`` are asked here; Pyodide and Windows (Wine) have runs of their own, with all cases
of `tests.fronts.cases`: ``tests/pyodide``, ``tests/windows``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import xlsxwriter
from openpyxl import load_workbook

from tests.fronts import xlwings_udfs
from tests.fronts.cases import Case, canonical, expected
from tests.officejs.lite import as_javascript, call_in_lite, lite, shown
from xl_addin import Session
from xl_addin.calc.recalc import recalculate
from xl_addin.cells import ERROR_CODES
from xl_addin.cli.main import main

START = 44991.4375
"""Monday 6 March 2023, half past ten."""
CLAIM = [1321.93, 45214.0, 45382.0, [[45306.0, 500.0], [None, None]], 45301.0, "en"]


class Asked(NamedTuple):
    """A call, and what it is for."""

    what: str
    name: str
    arguments: list[object]

    @property
    def case(self) -> Case:
        return self.name, self.arguments


ASKED = (
    Asked("a value", "COPRO_INSPECTION_FEE", [START, 3.5]),
    Asked("an optional argument: a blank cell", "COPRO_TRAVEL_FEE", [START, None]),
    Asked("an optional argument: 0", "COPRO_TRAVEL_FEE", [START, 0.0]),
    Asked("a needed argument: a blank cell", "COPRO_RATE", [None, START]),
    Asked("a needed argument behind others, left out", "COPRO_STAY_FEE", [START]),
    Asked("a wrong type", "COPRO_HOURS_CHARGED", ["3 u"]),
    Asked("TRUE where a number belongs", "COPRO_HOURS_CHARGED", [True]),
    Asked("an impossible value", "COPRO_HOURS_CHARGED", [30.0]),
    Asked("before the regulation", "COPRO_RATE", ["HOUR", "2022-12-31"]),
    *(Asked(f"an error cell: {code}", "COPRO_HOURS_CHARGED", [code]) for code in ERROR_CODES),
    Asked("a column", "COPRO_HOURS_CHARGED", [[[3.5], [None], [30.0], ["#N/A"], ["#DIV/0!"], ["x"]]]),
    Asked("a row", "COPRO_HOURS_CHARGED", [[[1.0, 2.5, 3.49]]]),
    Asked("a range of one cell", "COPRO_HOURS_CHARGED", [[[3.5]]]),
    Asked("a column against a row", "COPRO_VAT", [[[100.0], [200.0]], START, [["BE", "EXPORT"]]]),
    Asked("a blank row", "COPRO_INSPECTION_FEE", [[[START], [None]], [[3.5], [None]]]),
    Asked("ranges that do not match", "COPRO_INSPECTION_FEE", [[[START], [START]], [[3.5], [2.0], [1.0]]]),
    Asked("a date as text", "COPRO_KM_RATE", ["06/03/2023"]),
    Asked("a date back", "COPRO_DUE_DATE", [46037.0]),
    Asked("a text back", "COPRO_DAY_TYPE", [START, None, "en"]),
    Asked("a code with an accent", "COPRO_PAYER", ["déplacement", "en"]),
    Asked("a table", "COPRO_LATE_INTEREST_DETAIL", [1321.93, "2023-11-30", "2024-03-31", "en"]),
    Asked("a table for a column", "COPRO_LATE_INTEREST_DETAIL", [[[1.0], [2.0]], "2023-11-30", "2024-03-31"]),
    Asked("a range as one argument", "COPRO_LATE_CLAIM", CLAIM),
    Asked("any number of arguments", "COPRO_EXPLAIN", ["en:COPRO_HOURS_CHARGED", 3.5]),
)

Answers = list[object]


def core() -> Answers:
    """`xl_addin.call`."""
    return expected([asked.case for asked in ASKED], Session.open())


def command() -> Answers:
    """``copro call --batch``."""
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()) as printed:
        batch = Path(folder, "calls.jsonl")
        lines = [json.dumps({"function": asked.name, "args": asked.arguments}) for asked in ASKED]
        batch.write_text("\n".join(lines), "utf-8")
        main(["call", "--batch", str(batch)])
    return [_from_json(json.loads(line)) for line in printed.getvalue().splitlines()]


def _from_json(found: object) -> object:
    if isinstance(found, dict):
        return found["error"] if "error" in found else _from_json(found["value"])
    return [_from_json(item) for item in found] if isinstance(found, list) else canonical(found)


def xlwings() -> Answers:
    """xlwings' own code for Excel on Windows, called as the add-in's macros call it."""
    with xlwings_udfs.registered() as udfs:
        return [canonical(xlwings_udfs.in_excel(udfs, asked.name, asked.arguments)) for asked in ASKED]


def office_js() -> Answers:
    """The stand-in for xlwings Lite."""
    with lite("xl_addin.officejs.functions") as (module,):
        return [
            shown(call_in_lite(module, asked.name, [as_javascript(value) for value in asked.arguments]))
            for asked in ASKED
        ]


def libreoffice() -> Answers:
    """A workbook with the arguments in cells, and each call as an array formula, recalculated by LibreOffice."""
    shapes = [_shape(answer) for answer in core()]
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "source.xlsx"), Path(folder, "target.xlsx")
        places = _write(source, shapes)
        recalculate(source, target)
        sheet = load_workbook(target, data_only=True)["Answers"]
        areas = [sheet.iter_rows(min_row=row, max_row=row + height - 1, max_col=width) for row, height, width in places]
        return [_single([[canonical(cell.value) for cell in cells] for cells in area]) for area in areas]


def _shape(answer: object) -> tuple[int, int]:
    return (len(answer), len(answer[0])) if isinstance(answer, list) else (1, 1)


def _single(rows: list[list[object]]) -> object:
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _write(source: Path, shapes: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Arguments on one sheet, formulas on another; gives row, height and width of each answer."""
    places = []
    with xlsxwriter.Workbook(str(source), {"strings_to_formulas": False}) as book:
        given, answers = book.add_worksheet("Given"), book.add_worksheet("Answers")
        for number, (asked, (height, width)) in enumerate(zip(ASKED, shapes, strict=True)):
            top, left, references = 10 * number, 0, []
            for value in asked.arguments:
                rows = value if isinstance(value, list) else [[value]]
                for down, row in enumerate(rows):
                    for right, cell in enumerate(row):
                        _put(given, top + down, left + right, cell)
                bottom, last = top + len(rows) - 1, left + len(rows[0]) - 1
                address = xlsxwriter.utility.xl_range(top, left, bottom, last)
                references.append(f"Given!{address if isinstance(value, list) else address.split(':')[0]}")
                left = last + 1
            formula = f"{{={asked.name}({','.join(references)})}}"
            answers.write_array_formula(top, 0, top + height - 1, width - 1, formula, None, "not recalculated")
            places.append((top + 1, height, width))
    return places


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: object) -> None:
    """A cell of a range; an error as the formula that makes it."""
    makers = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#NUM!": "=10^400", "#VALUE!": '=1+"x"', "#REF!": "=#REF!"}
    if isinstance(cell, str) and cell in ERROR_CODES:
        sheet.write_formula(row, column, makers.get(cell, f"={cell}"))
    elif cell is not None:
        sheet.write(row, column, cell)


RUNNERS: dict[str, Callable[[], Answers]] = {
    "command": command,
    "xlwings": xlwings,
    "Office.js": office_js,
    "LibreOffice": libreoffice,
}
OWN_RUNS = {"Pyodide": "tests/pyodide", "Windows (Wine)": "tests/windows"}
