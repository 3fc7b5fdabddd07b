"""What a call from Excel costs: COM, xlwings' server and ours, under Wine, beside a function that does nothing."""

from __future__ import annotations

import random
from statistics import median

from tests.windows import wine
from tests.windows.wine import FUNCTIONS_1900, Excel

Row = tuple[str, str, str, str]
ROWS = 10_000
NOTHING = "copro_nothing"
_SOURCE = """
import xlwings

@xlwings.func
@xlwings.arg("first", ndim=2, err_to_str=True)
@xlwings.arg("second", ndim=2, err_to_str=True)
def NOTHING(first, second=None):
    return first
"""
NAME = "COPRO_INSPECTION_FEE"


def calls() -> list[Row]:
    """One cell and one column, each against a function of the same shape that gives back its first argument."""
    if reason := wine.why_not():
        return [("COM calls from Excel's place", "not run", "", reason)]
    installed = wine.copro("addin", "install")
    if installed.returncode:
        raise RuntimeError(installed.stdout + installed.stderr)
    peer = wine.here(f"{wine.home()}\\Lib\\site-packages") / f"{NOTHING}.py"
    peer.write_text(_SOURCE)
    try:
        return _measured()
    finally:
        peer.unlink()


def _measured() -> list[Row]:
    with Excel() as excel:
        started = excel.open().start()
        starting = started["seconds"]
        first = excel.ask("measure", functions=[(FUNCTIONS_1900, NAME)], arguments=[44991.6875, 3.5], times=1)
        cell, idle_cell = _medians(excel, [44991.6875, 3.5], times=2_000)
        column, idle_column = _medians(excel, _column(), times=9)
    return [
        (
            "the server, started by xlwings' library",
            f"{starting:.1f} s",
            "",
            f"then {first['seconds'][0][0]:.1f} s for the first call, which reads the data",
        ),
        (f"{NAME}, one cell", f"{cell * 1e3:.2f} ms", f"{cell / idle_cell:.2f} × doing nothing", ""),
        ("a function that does nothing, one cell", f"{idle_cell * 1e3:.2f} ms", "1.0", "the fixed cost of a call"),
        (
            f"{NAME}, {ROWS:,} rows in one call",
            f"{column * 1e3:.0f} ms",
            f"{column / idle_column:.1f} × doing nothing",
            f"{column / ROWS * 1e6:.0f} µs a row; {cell * ROWS / column:.0f} × faster than a call a row",
        ),
        (f"a function that does nothing, {ROWS:,} rows", f"{idle_column * 1e3:.0f} ms", "1.0", ""),
    ]


def _medians(excel: Excel, arguments: list[object], times: int) -> list[float]:
    functions = [(FUNCTIONS_1900, NAME), (NOTHING, "NOTHING")]
    excel.ask("measure", functions=functions, arguments=arguments, times=1)
    found = excel.ask("measure", functions=functions, arguments=arguments, times=times)
    return [median(seconds) for seconds in found["seconds"]]


def _column() -> list[object]:
    """Inspections of 2023, on any day and hour."""
    chance = random.Random(20230101)
    starts = [[round(44927 + chance.random() * 365, 6)] for _ in range(ROWS)]
    return [starts, [[chance.randint(1, 96) / 4] for _ in range(ROWS)]]
