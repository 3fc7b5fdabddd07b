"""Runs every benchmark and writes the table of results."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks import calc, foundation, pyodide, windows
from benchmarks.measure import machine

RESULTS = Path(__file__).with_name("results.md")


def main() -> None:
    """Measures, prints and writes."""
    parts = (
        ("Starting", foundation.starts),
        ("One call", foundation.one_call),
        ("A batch", foundation.batch),
        ("In LibreOffice", calc.in_calc),
        ("A call from Excel, under Wine", windows.calls),
        ("In Pyodide", pyodide.pyodide),
    )
    lines = [
        "# Results",
        "",
        f"Measured on {date.today()} with `make bench`. {machine()}.",
        "Medians; compare ratios, not milliseconds.",
    ]
    for title, measure in parts:
        lines += ["", f"## {title}", "", "| what | median | ratio | note |", "|---|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in measure()]
    text = "\n".join(lines) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


main()
