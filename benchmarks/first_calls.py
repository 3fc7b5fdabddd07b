"""What a first answer costs: a new process until one inspection is priced, and the steps on the way to it."""

from __future__ import annotations

import json
import subprocess
from statistics import median

from benchmarks.contenders import CONTENDERS
from benchmarks.measure import PYTHON, ROOT, medians
from benchmarks.report import Table, not_run, seconds

RUNS, QUICK_RUNS = 9, 3
CASE = "44991.6875, 3.5"
_PEER = """
import numpy as np
from benchmarks.contenders import CONTENDERS
from benchmarks.data import TASKS
CONTENDERS[{key!r}].prepared(TASKS['raw'], (np.array([44991.6875]), np.array([3.5]), np.array([0])))()
"""
_STEPS = """
import json, time
begin = time.perf_counter()
from xl_addin import Session, call
imported = time.perf_counter()
session = Session.open(language='en')
opened = time.perf_counter()
call('COPRO_INSPECTION_FEE', [44991.6875, 3.5], session)
first = time.perf_counter()
call('COPRO_INSPECTION_FEE', [44992.6875, 4.5], session)
second = time.perf_counter()
from xl_addin.columns import register
register(session, [44991.6875] * 100, [3.5] * 100, [0] * 100)
plain = time.perf_counter()
import numpy as np
columns = np.full(10_000, 44991.6875), np.full(10_000, 3.5), np.zeros(10_000, np.int64)
register(session, *columns)
arrays = time.perf_counter()
register(session, *columns)
again = time.perf_counter()
moments = [begin, imported, opened, first, second, plain, arrays, again]
print(json.dumps([after - before for before, after in zip(moments, moments[1:])]))
"""
_NAMES = (
    "importing the functions",
    "opening the data",
    "the first inspection fee, its steps recorded",
    "a second one, on another day",
    "the first register, 100 rows in plain lists, which imports NumPy",
    "the first register in arrays, 10,000 rows",
    "the same again",
)
_PEERS = ("polars-cents", "duckdb-cents", "openfisca-cents", "numpy-cents")


def tables(*, quick: bool) -> list[Table]:
    """Whole processes, and the steps of ours."""
    runs = QUICK_RUNS if quick else RUNS
    return [
        Table("A new process until one inspection is priced", _processes(runs)),
        Table("The first calls in a process", _steps(runs), ("what", "median")),
    ]


def _processes(runs: int) -> list[list[str]]:
    commands = {
        "Python alone": "pass",
        "**copro**, a single call": f"from xl_addin import Session, call\n"
        f"call('COPRO_INSPECTION_FEE', [{CASE}], Session.open())",
        "**copro**, a column": _PEER.format(key="ours"),
        "Python `decimal`": f"from benchmarks.peers import with_decimal\nwith_decimal({CASE})",
    }
    commands |= {CONTENDERS[k].name: _PEER.format(key=k) for k in _PEERS if not CONTENDERS[k].missing()}
    found = medians([[PYTHON, "-c", code] for code in commands.values()], runs=runs)
    bare = found[0].seconds
    rows = [
        [name, f"{seconds(took.seconds)}, {took.megabytes:.0f} MB", f"{took.seconds / bare:.1f} × Python alone", ""]
        for name, took in zip(commands, found, strict=True)
    ]
    return rows + [not_run(CONTENDERS[k].name, why, 4) for k in _PEERS if (why := CONTENDERS[k].missing())]


def _steps(runs: int) -> list[list[str]]:
    taken = [_one_process() for _ in range(runs)]
    return [[name, seconds(median(times))] for name, times in zip(_NAMES, zip(*taken, strict=True), strict=True)]


def _one_process() -> list[float]:
    done = subprocess.run([PYTHON, "-c", _STEPS], cwd=ROOT, capture_output=True, text=True, check=True)
    steps: list[float] = json.loads(done.stdout)
    return steps
