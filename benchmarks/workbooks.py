"""What a register of a hundred thousand inspections costs: priced, and written as a workbook."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from benchmarks.measure import PYTHON, medians, timed
from workbooks.register import Row, price, write_register
from xl_addin import Session, call

ROWS = 100_000
RUNS = 3
Line = tuple[str, str, str, str]

_WRITE = """
from benchmarks.workbooks import rows, session
from workbooks.register import write_register
from pathlib import Path
import sys
write_register(rows({count}), Path(sys.argv[1]), session(), force=True)
"""
_ROWS = "from benchmarks.workbooks import rows, session; import workbooks.register.sheets; rows({count}); session()"


def rows(count: int = ROWS) -> list[Row]:
    """Inspections as those of the other benchmarks: at any moment of 2023, of up to a day, some of them in vain."""
    chance = random.Random(20230101)
    made = []
    for number in range(count):
        start, hours = round(44927 + chance.random() * 365, 6), chance.randint(1, 96) / 4
        wasted = not number % 10
        kind = "WASTED_TRIP" if wasted else "STANDARD_INSPECTION"
        made.append(Row(start, f"Customer {number % 400}", f"R-{number}", kind, "JP", None if wasted else hours))
    return made


def session() -> Session:
    """On the shipped data."""
    return Session.open(language="en")


def register() -> list[Line]:
    """A register of 100,000 rows: its column of fees, every column, and its workbook with all values stored."""
    given, opened = rows(), session()
    columns = [[(row.start,) for row in given], [(row.hours or 1.0,) for row in given]]
    fees = timed(lambda: call("COPRO_INSPECTION_FEE", columns, opened), RUNS)
    priced = timed(lambda: price(given, opened), RUNS)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "register.xlsx")
        write_register(given[:1000], target, opened)
        written, floor = medians(
            [
                [PYTHON, "-c", _WRITE.format(count=ROWS), str(target)],
                [PYTHON, "-c", _ROWS.format(count=ROWS)],
            ],
            runs=RUNS,
        )
        size = target.stat().st_size / 1e6
    return [
        (f"{ROWS:,} fees, one call", f"{fees:.2f} s", f"{ROWS / fees:,.0f} rows a second", "target: at most 1 s"),
        (f"a register of {ROWS:,} rows, every column", f"{priced:.2f} s", f"{priced / fees:.1f} × the fees", ""),
        (
            "the same, priced and written as a workbook",
            f"{written.seconds:.1f} s, {written.megabytes:.0f} MB",
            f"{written.seconds / priced:.1f} × the pricing",
            f"target: at most 15 s; a file of {size:.0f} MB",
        ),
        ("Python with the rows alone", f"{floor.seconds:.1f} s, {floor.megabytes:.0f} MB", "1.0", ""),
    ]
