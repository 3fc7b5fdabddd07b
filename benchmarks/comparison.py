"""The control contribution of a million inspections: ours, and the peers in turn, wrong cents counted."""

from __future__ import annotations

from benchmarks.contenders import CONTENDERS, OURS, Contender
from benchmarks.data import TASKS, drawn
from benchmarks.report import Table, figure, not_run, seconds
from benchmarks.turns import Measured, take_turns

ROWS, RUNS = 1_000_000, 9
QUICK_ROWS, QUICK_RUNS, QUICK_POOL = 100_000, 5, 4_000
HEADS = ("who", "ns a row", "ratio to ours", "wrong cents", "first run", "memory", "note")
_METHOD = (
    "Every amount is compared with the exact oracle of the tests. Medians of alternating runs, one thread, a process "
    "each. *First run*: the first in a new process; what comes before (imports, loading the rows into frames or "
    "tables) is timed for nobody. *Memory*: the most that this run held beyond the rows given. No row falls on or "
    "beside a holiday or a change of the clock, so that the peers need no calendar; ours looks at its own all the "
    "same, and checks each row."
)
_WORDS = {
    "ready": "From minutes, the factor in halves and the tariff year: fixed fee, performance and travel of each row. "
    + _METHOD,
    "raw": (
        "From Excel serials, decimal hours (typed, or as `(end-start)*24` gives them) and the kind of charge (90 % "
        "inspections, 8 % wasted trips, 2 % applications): what each row costs. The day, the time, the hours charged "
        "and the factor of each hour are worked out first."
    ),
}


def tables(*, quick: bool) -> list[Table]:
    """A table for each task."""
    return [_table(name, quick=quick) for name in TASKS]


def _table(name: str, *, quick: bool) -> Table:
    task = TASKS[name]
    size, runs = (QUICK_ROWS, QUICK_RUNS) if quick else (ROWS, RUNS)
    data = drawn(task, size, QUICK_POOL) if quick else drawn(task, size)
    here = [contender for contender in CONTENDERS.values() if not contender.missing()]
    found = take_turns(here, task, data, runs)
    rows = [
        _row(contender, found[key], found[OURS])
        if key in found
        else not_run(contender.name, contender.missing(), len(HEADS))
        for key, contender in CONTENDERS.items()
    ]
    return Table(f"{size:,} {task.title}", rows, HEADS, _WORDS[name])


def _row(contender: Contender, found: Measured, ours: Measured) -> list[str]:
    fewer = "" if found.rows == ours.rows else f" ({found.rows:,} rows)"
    wrong = "" if found.mismatches < 0 else f"{found.mismatches:,} of {found.rows:,}"
    note = "" if found.mismatches < 0 else "exact" if contender.exact else "binary floats"
    return [
        contender.name + fewer,
        figure(found.nanoseconds),
        figure(found.nanoseconds / ours.nanoseconds),
        wrong,
        seconds(found.first),
        f"{found.megabytes:.0f} MB",
        note,
    ]
