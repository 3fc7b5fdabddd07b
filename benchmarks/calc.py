"""10,000 inspection fees in LibreOffice Calc: our functions against native formulas of the same arithmetic."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import xlsxwriter
from openpyxl import load_workbook
from xlsxwriter.worksheet import Worksheet

from xl_addin.calc import contents
from xl_addin.calc.office import libreoffice
from xl_addin.calc.recalc import recalculate
from xl_addin.cells import serial

ROWS = 10_000
RUNS = 5
Row = tuple[str, str, str, str]
Fill = Callable[[Worksheet], None]

#: Monday to Thursday of a quarter without holidays, so that the native formula needs no calendar.
_DAYS = [
    day
    for day in (date(2023, 1, 9) + timedelta(days) for days in range(80))
    if day.isoweekday() <= 4 and day < date(2023, 3, 31)
]
#: As people write it, at the rates of 2023: hours charged, the factor of each hour, each part rounded.
_CHARGED = "MAX(1,INT(B{0}+0.5))"
_CLOCK = "MOD(A{0}+(ROW($1:$24)-1)/24,1)"
_FACTORS = f"SUMPRODUCT((ROW($1:$24)<={_CHARGED})*(1+0.5*(({_CLOCK}>=18/24)+({_CLOCK}<6/24))))"
_NATIVE = f"=360.3+ROUND(125.82*{_FACTORS},2)+228.92"


def in_calc() -> list[Row]:
    """Whole runs of LibreOffice, less that of the same workbook without formulas."""
    if libreoffice() is None:
        return [("LibreOffice", "not here", "", "")]
    fills: Mapping[str, Fill] = {"none": _nothing, "scalar": _scalar, "range": _range, "native": _native}
    elsewhere = contents.Place(**{**contents.place(), "compiled_for": "another Python"})
    plans = {name: (fill, contents.place()) for name, fill in fills.items()}
    plans |= {f"{name}, child": (fills[name], elsewhere) for name in ("scalar", "range")}
    with tempfile.TemporaryDirectory() as folder:
        taken = _measured(Path(folder), plans)
        ours = _fees(Path(folder, "range.xlsx"))
        mismatches = sum(
            abs(one - other) > 0.004 for one, other in zip(_fees(Path(folder, "native.xlsx")), ours, strict=True)
        )
        assert ours == _fees(Path(folder, "scalar.xlsx"))
    start, native = taken["none"], taken["native"] - taken["none"]
    return [
        ("the workbook without formulas", f"{start:.2f} s", "", "start, reading and writing, left out below"),
        (
            f"{ROWS:,} native formulas",
            f"{native:.2f} s",
            "1.0",
            f"{mismatches:,} of {ROWS:,} fees differ by a cent or more from ours, which are exact",
        ),
        *(
            (what, f"{taken[name] - start:.2f} s", f"{(taken[name] - start) / native:.1f} × native", note)
            for name, what, note in (
                ("scalar", f"{ROWS:,} cells with COPRO_INSPECTION_FEE", "guards around every argument included"),
                ("range", f"one call with {ROWS:,} rows", ""),
                ("scalar, child", f"{ROWS:,} cells, LibreOffice with another Python", "one question to a child each"),
                ("range, child", f"one call with {ROWS:,} rows, the same", ""),
            )
        ),
    ]


def _measured(folder: Path, plans: Mapping[str, tuple[Fill, contents.Place]]) -> dict[str, float]:
    """The median of each run; they take turns, so that a slow moment of the machine hits all of them."""
    taken: dict[str, list[float]] = {name: [] for name in plans}
    for _ in range(RUNS):
        for name, (fill, toolkit) in plans.items():
            source = folder / "source.xlsx"
            _write(source, fill)
            begin = time.perf_counter()
            recalculate(source, folder / f"{name}.xlsx", toolkit=toolkit)
            taken[name].append(time.perf_counter() - begin)
    return {name: median(times) for name, times in taken.items()}


def _write(file: Path, fill: Fill) -> None:
    chance = random.Random(20230109)
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for row in range(ROWS):
            quarters = 24 + chance.randrange(48)  # from 06:00 to 17:45
            sheet.write(row, 0, serial(chance.choice(_DAYS)) + quarters / 96)
            sheet.write(row, 1, chance.randint(1, 40) / 4)
        fill(sheet)


def _nothing(sheet: Worksheet) -> None:
    pass


def _scalar(sheet: Worksheet) -> None:
    for row in range(1, ROWS + 1):
        sheet.write_formula(f"C{row}", f"=COPRO_INSPECTION_FEE(A{row},B{row})", None, "")


def _range(sheet: Worksheet) -> None:
    sheet.write_array_formula(f"C1:C{ROWS}", f"{{=COPRO_INSPECTION_FEE(A1:A{ROWS},B1:B{ROWS})}}", None, "")


def _native(sheet: Worksheet) -> None:
    for row in range(1, ROWS + 1):
        sheet.write_formula(f"C{row}", _NATIVE.format(row), None, "")


def _fees(file: Path) -> list[float]:
    sheet = load_workbook(file, data_only=True).worksheets[0]
    return [float(sheet.cell(row, 3).value) for row in range(1, ROWS + 1)]  # type: ignore[arg-type]
