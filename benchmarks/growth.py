"""How time and memory grow with the number of rows."""

from __future__ import annotations

from pathlib import Path

from benchmarks.contenders import CONTENDERS, OURS
from benchmarks.data import TASKS, drawn
from benchmarks.report import Table, figure
from benchmarks.turns import Measured, take_turns

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
QUICK = SIZES[:4]
RUNS = {10_000_000: 3, 100_000_000: 1}
RUNS_OF_OTHERS = 7
LARGEST_OF_PEERS = 10_000_000
"""Frames and tables of more rows want more memory than most machines have."""
PEERS = ("polars-cents", "duckdb-cents", "c")
BYTES_A_ROW = 120
"""Of the contenders and of the comparison, with room to spare."""
_WORDS = (
    "Nanoseconds a row (median) and, in brackets, the memory that the first run held beyond the rows given: for ours "
    "8 or 9 bytes a row for the answers, tables to look up, and chunks that stay in the processor's cache. No cent is "
    "wrong unless said."
)


def tables(*, quick: bool) -> list[Table]:
    """A table for each task."""
    return [_table(name, QUICK if quick else SIZES) for name in TASKS]


def _table(name: str, sizes: tuple[int, ...]) -> Table:
    heads = ("rows", *(CONTENDERS[key].name for key in (OURS, *PEERS)))
    return Table(
        f"From {sizes[0]:,} to {sizes[-1]:,} {TASKS[name].title}", [_row(name, s) for s in sizes], heads, _WORDS
    )


def _row(name: str, size: int) -> list[str]:
    if size * BYTES_A_ROW > _free_memory():
        return [f"{size:,}", "not run: too little memory is free", *[""] * len(PEERS)]
    peers = PEERS if size <= LARGEST_OF_PEERS else PEERS[-1:]
    running = [CONTENDERS[key] for key in (OURS, *peers) if not CONTENDERS[key].missing()]
    found = take_turns(running, TASKS[name], drawn(TASKS[name], size), RUNS.get(size, RUNS_OF_OTHERS))
    return [f"{size:,}", *(_cell(key, found.get(key)) for key in (OURS, *PEERS))]


def _cell(key: str, found: Measured | None) -> str:
    if found is None:
        return f"not run: {CONTENDERS[key].missing() or f'at most {LARGEST_OF_PEERS:,} rows'}"
    wrong = f", {found.mismatches:,} wrong" if found.mismatches else ""
    return f"{figure(found.nanoseconds)} ({figure(found.megabytes)} MB{wrong})"


def _free_memory() -> int:
    """Bytes, by the kernel's account; plenty where it gives none."""
    account = Path("/proc/meminfo")
    if not account.exists():
        return 2**62
    line = next(line for line in account.read_text().splitlines() if line.startswith("MemAvailable:"))
    return int(line.split()[1]) * 1024
