"""The functions in Pyodide, as xlwings Lite runs them, beside the same in Python."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.foundation import Row
from benchmarks.measure import PYTHON, ROOT
from tests.pyodide import place

RUNS = 5
HERE = "import tests.pyodide.inside as i; print(i.speed(None))"


def pyodide() -> list[Row]:
    """Nothing when Node is not installed."""
    if place.missing():
        return []
    there, here = _measured()
    rows: list[Row] = [
        ("Pyodide starts, in Node", f"{there['boot']:.2f} s", "", "once, when Lite starts"),
        ("the wheels are unpacked", f"{there['install']:.2f} s", "", "without the time they take to arrive"),
    ]
    for name, key, unit, factor in (
        ("import and open the data", "open", "ms", 1e3),
        ("first inspection fee", "first", "ms", 1e3),
        ("one inspection fee", "call", "µs", 1e6),
    ):
        slower = there[key] / here[key]
        rows += [
            (f"{name}, in Pyodide", f"{there[key] * factor:.0f} {unit}", f"{slower:.1f} × Python", ""),
            (f"{name}, in Python", f"{here[key] * factor:.0f} {unit}", "1.0", ""),
        ]
    return rows


def _measured() -> tuple[dict[str, float], dict[str, float]]:
    """The medians in Pyodide and in Python, which take turns."""
    there, here = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared = place.prepare(folder)
        task: dict[str, object] = {"wheels": [*map(str, prepared.wheels), str(prepared.ours)], "call": "speed"}
        for _ in range(RUNS):
            report = place.run(prepared, task, folder)
            there.append({**report["seconds"], **report["answer"]})  # type: ignore[dict-item]
            done = subprocess.run([PYTHON, "-c", HERE], cwd=ROOT, capture_output=True, text=True, check=True)
            here.append(json.loads(done.stdout))
    return _medians(there), _medians(here)


def _medians(reports: list[dict[str, float]]) -> dict[str, float]:
    return {key: median(report[key] for report in reports) for key in reports[0]}
