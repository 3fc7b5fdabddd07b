"""Runs every benchmark and writes the tables of results.

``python -m benchmarks`` writes ``benchmarks/results.md``; ``--output FILE`` writes elsewhere. With ``--quick`` there
are fewer rows, fewer runs and no spreadsheets: the figures are rough, so they are shown and only written where asked.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from benchmarks import (
    calc,
    columns,
    comparison,
    first_calls,
    foundation,
    growth,
    price,
    pyodide,
    spreadsheet,
    windows,
    workbooks,
)
from benchmarks.measure import machine
from benchmarks.report import Table

RESULTS = Path(__file__).with_name("results.md")
Measure = Callable[[], Sequence[Sequence[str]]]
#: Whether it is part of the quick run, its title and its rows.
PARTS: tuple[tuple[bool, str, Measure], ...] = (
    (True, "Starting", foundation.starts),
    (True, "One call", foundation.one_call),
    (True, "A batch", foundation.batch),
    (False, "Whole columns", columns.columns),
    (False, "A register as a workbook", workbooks.register),
    (False, "A register of any size", price.registers),
    (False, "In LibreOffice", calc.in_calc),
    (False, "A call from Excel, under Wine", windows.calls),
    (False, "In Pyodide", pyodide.pyodide),
)
#: The same for those that make whole tables.
COMPARED = ((True, first_calls), (True, comparison), (False, spreadsheet), (True, growth))


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rows and runs, no spreadsheets: under two minutes")
    parser.add_argument("--output", type=Path, help="the file to write (default: benchmarks/results.md)")
    asked = parser.parse_args()
    text = _head(quick=asked.quick)
    print(text)
    for table in _tables(quick=asked.quick):
        part = "\n".join(["", *table.lines(), ""])
        print(part, flush=True)
        text += part
    output = asked.output or (None if asked.quick else RESULTS)
    if output:
        output.write_text(text, encoding="utf-8")


def _head(*, quick: bool) -> str:
    command = "python -m benchmarks --quick" if quick else "make bench"
    lines = [
        "# Results",
        "",
        f"Measured on {date.today()} with `{command}`. {machine()}.",
        "Medians; compare ratios, not milliseconds.",
    ]
    return "\n".join(lines) + "\n"


def _tables(*, quick: bool) -> Iterator[Table]:
    begin = time.perf_counter()
    for soon, title, measure in PARTS:
        if soon or not quick:
            yield Table(title, measure())
            _note(title, begin)
    for soon, module in COMPARED:
        if soon or not quick:
            yield from module.tables(quick=quick)
            _note(module.__name__, begin)


def _note(part: str, begin: float) -> None:
    print(f"[{part}: done after {time.perf_counter() - begin:.0f} s]", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
