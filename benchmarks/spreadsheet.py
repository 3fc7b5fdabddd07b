"""The same inspections as formulas in LibreOffice Calc: what people write who have no functions."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import numpy as np
import xlsxwriter
from openpyxl import load_workbook

from benchmarks.calc import _CHARGED, _CLOCK
from benchmarks.contenders import in_cents, tariff
from benchmarks.data import TASKS, Drawn, Ints, drawn
from benchmarks.report import Table, figure, not_run, seconds
from xl_addin.calc.office import libreoffice
from xl_addin.calc.recalc import recalculate

ROWS, RUNS = 100_000, 3
QUICK_ROWS, QUICK_RUNS = 10_000, 1
POOL = 4_000
TIMEOUT = 600
FORMULA_COLUMN = 7
_WORDS = (
    "Compare with the tables above: such inspections, one formula a row. Whole runs less that of the workbook without "
    "formulas: reading and writing the formulas is included, one thread is not enforced."
)
HEADS = ("what", "ns a row", "median", "wrong cents")


def _rate(rates: tuple[str, ...], condition: str) -> str:
    return f"IF({condition},{rates[0]},{rates[1]})"


def _factor(moment: str, clock: str) -> str:
    """The factor of an hour that begins then."""
    night = f"(({clock}>=18/24)+({clock}<6/24))"
    return f"(1+0.5*{night}+0.5*(WEEKDAY({moment})=7)+(WEEKDAY({moment})=1)*(1-0.5*{night}))"


def _raw() -> str:
    """Of a serial in A, decimal hours in B and a kind of charge in C."""
    year = f"A{{0}}<{tariff.SERIAL_2024}"
    charged = f"IF(C{{0}}={tariff.WASTED_TRIP},1,{_CHARGED})"
    hours = f"SUMPRODUCT((ROW($1:$24)<={charged})*{_factor('A{0}+(ROW($1:$24)-1)/24', _CLOCK)})"
    performance = f"ROUND({_rate(tariff.HOUR, year)}*{hours},2)"
    travel = f"ROUND({_rate(tariff.TRIP, year)}*{_factor('A{0}', 'MOD(A{0},1)')},2)"
    fee = f"{_rate(tariff.FIXED, year)}+{performance}+{travel}"
    return f"=IF(C{{0}}={tariff.APPLICATION},{_rate(tariff.APPLICATION_FEE, year)},{fee})"


def _ready() -> str:
    """Of minutes in D, halves in E and a tariff year in F."""
    year = f"F{{0}}={tariff.YEARS[0]}"
    performance = f"ROUND({_rate(tariff.HOUR, year)}*MAX(1,INT(D{{0}}/60+0.5))*E{{0}}/2,2)"
    return f"={_rate(tariff.FIXED, year)}+{performance}+ROUND({_rate(tariff.TRIP, year)}*E{{0}}/2,2)"


FORMULAS = {"none": "", "ready": _ready(), "raw": _raw()}


def tables(*, quick: bool) -> list[Table]:
    """Whole runs, less that of the same workbook without formulas."""
    size, runs = (QUICK_ROWS, QUICK_RUNS) if quick else (ROWS, RUNS)
    title = f"{size:,} rows in LibreOffice, native formulas"
    if libreoffice() is None:
        return [Table(title, [not_run("LibreOffice", "LibreOffice is not installed", len(HEADS))], HEADS)]
    data = {name: drawn(task, size, POOL) for name, task in TASKS.items()}
    taken, wrong = _measured(data, runs)
    start = taken.pop("none")
    rows = [["reading and writing the workbook without formulas", "", seconds(start), ""]]
    for name, whole in taken.items():
        spent = whole - start
        rows.append([TASKS[name].title, figure(spent / size * 1e9), seconds(spent), f"{wrong[name]:,} of {size:,}"])
    return [Table(title, rows, HEADS, _WORDS)]


def _measured(data: dict[str, Drawn], runs: int) -> tuple[dict[str, float], dict[str, int]]:
    """The median of each workbook, which take turns, and the wrong cents in it."""
    taken: dict[str, list[float]] = {name: [] for name in FORMULAS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for formula, written in FORMULAS.items():
            write(folder / f"{formula}.xlsx", data, written)
        for _ in range(runs):
            for formula, times in taken.items():
                begin = time.perf_counter()
                recalculate(folder / f"{formula}.xlsx", folder / f"{formula}-done.xlsx", timeout=TIMEOUT)
                times.append(time.perf_counter() - begin)
        wrong = {task: rows.mismatches(amounts(folder / f"{task}-done.xlsx")) for task, rows in data.items()}
    return {formula: median(times) for formula, times in taken.items()}, wrong


def write(file: Path, data: dict[str, Drawn], formula: str) -> None:
    """A workbook with the columns of both tasks, and a formula in each row."""
    columns: Sequence[list[float]] = [column.tolist() for task in ("raw", "ready") for column in data[task].columns]
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate(zip(*columns, strict=True), start=1):
            sheet.write_row(row - 1, 0, values)
            if formula:
                sheet.write_formula(f"G{row}", formula.format(row), None, "")


def amounts(file: Path) -> Ints:
    """The cents in a workbook that was computed."""
    with closing(load_workbook(file, data_only=True, read_only=True)) as book:
        found = book.worksheets[0].iter_rows(min_col=FORMULA_COLUMN, max_col=FORMULA_COLUMN, values_only=True)
        return in_cents(np.array([value for (value,) in found], np.float64))
