"""What a register costs by the row: ``copro price`` on files, against only reading and writing the same."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path

from benchmarks.measure import PYTHON, Process, medians

Row = tuple[str, str, str, str]
ROWS = 10_000_000
TEXT_ROWS = 200_000
RUNS = 5

_COPY = """
import pyarrow.parquet as pq
with pq.ParquetFile({source!r}) as file, pq.ParquetWriter({target!r}, file.schema_arrow) as written:
    for batch in file.iter_batches(65536):
        written.write_batch(batch, 524288)
"""
_COPY_CSV = """
import csv
with open({source!r}, newline="") as file, open({target!r}, "w", newline="") as written:
    csv.writer(written).writerows(csv.reader(file))
"""


def registers() -> list[Row]:
    """Ten million rows of Parquet, bare and with every column; and a CSV file."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for name, wide in (("start, hours, kind", False), ("eight columns", True)):
            found += _parquet(Path(folder), name, wide=wide)
        return found + _csv(Path(folder))


def _parquet(folder: Path, name: str, *, wide: bool) -> list[Row]:
    source, target = str(folder / "in.parquet"), str(folder / "out.parquet")
    _make(source, wide=wide)
    ours, floor = medians(
        [_command(source, target), [PYTHON, "-c", _COPY.format(source=source, target=target)]], runs=RUNS
    )
    return [
        _row(f"copro price, {ROWS:,} rows of Parquet, {name}", ours, ROWS, floor, "target: 5 million rows/s, 1 GB"),
        _row("pyarrow reading and writing the same file", floor, ROWS, floor, "the result has eight columns more"),
    ]


def _csv(folder: Path) -> list[Row]:
    source, target = str(folder / "in.csv"), str(folder / "out.csv")
    with Path(source).open("w", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(["start", "hours", "kind", "customer"])
        for number in range(TEXT_ROWS):
            start = f"2023-{number % 12 + 1:02d}-{number % 28 + 1:02d}T{number % 24:02d}:{number % 60:02d}"
            lines.writerow([start, f"{number % 96 / 4 + 0.25:g}".replace(".", ","), "inspection", f"customer {number}"])
    ours, floor = medians(
        [_command(source, target), [PYTHON, "-c", _COPY_CSV.format(source=source, target=target)]], runs=RUNS
    )
    return [
        _row(f"copro price, {TEXT_ROWS:,} rows of CSV", ours, TEXT_ROWS, floor, ""),
        _row("Python reading and writing the same file", floor, TEXT_ROWS, floor, ""),
    ]


def _command(source: str, target: str) -> list[str]:
    return [PYTHON, "-m", "xl_addin.cli", "price", source, "-o", target, "--force", "--json"]


def _row(what: str, measured: Process, rows: int, floor: Process, note: str) -> Row:
    rate = rows / measured.seconds
    speed = f"{rate / 1e6:.1f} million rows/s" if rate > 1e6 else f"{rate / 1e3:.0f} thousand rows/s"
    memory = f"{measured.megabytes:.0f} MB at most in a process"
    ratio = f"{measured.seconds / floor.seconds:.1f} × the floor" if measured is not floor else "1.0"
    return what, f"{measured.seconds:.2f} s, {speed}, {memory}", ratio, f"{os.cpu_count()} cores; {note}".rstrip("; ")


def _make(file: str, *, wide: bool) -> None:
    """A register at random; one row in ten is abroad, one in twenty a wasted trip."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    chance, size, written = np.random.default_rng(20230101), 1_000_000, None
    for first in range(0, ROWS, size):
        minutes = chance.integers(0, 365 * 1440, size).astype("timedelta64[m]")
        wasted = chance.random(size) < 0.05
        held = {
            "id": np.arange(first, first + size),
            "start": np.datetime64("2023-01-01", "us") + minutes,
            "hours": chance.integers(1, 96, size) / 4,
            "kind": pa.array(np.where(wasted, "WASTED_TRIP", "STANDARD_INSPECTION")).dictionary_encode(),
        }
        if wide:
            abroad = chance.random(size) < 0.1
            held |= {
                "trips": np.ones(size, np.int32),
                "hours_abroad": abroad * chance.integers(1, 80, size) / 4,
                "car_km": abroad * chance.integers(0, 9000, size) / 10,
                "nights": abroad * chance.integers(0, 3, size),
                "room_cost": abroad * chance.integers(0, 30000, size) / 100,
            }
        table = pa.table(held)
        written = written or pq.ParquetWriter(file, table.schema)
        written.write_table(table)
    assert written is not None
    written.close()
