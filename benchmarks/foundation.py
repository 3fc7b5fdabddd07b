"""What a call, a start and a batch cost."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path

from benchmarks.measure import PYTHON, medians, microseconds
from benchmarks.peers import with_decimal, with_floats
from xl_addin import Session, call

SERIAL, HOURS = 44991.6875, 3.5
Row = tuple[str, str, str, str]
LINES = 10_000


def starts() -> list[Row]:
    """Importing the functions, against Python alone; and one whole ``copro call``."""
    bare, imported, called = medians(
        [
            [PYTHON, "-c", "pass"],
            [PYTHON, "-c", "import xl_addin"],
            [PYTHON, "-m", "xl_addin.cli", "call", "COPRO_INSPECTION_FEE", "2023-03-06", "3.5"],
        ]
    )
    added = (imported.seconds - bare.seconds) * 1000
    return [
        ("python -c pass", f"{bare.seconds * 1000:.0f} ms, {bare.megabytes:.0f} MB", "1.0", ""),
        (
            "python -c 'import xl_addin'",
            f"{imported.seconds * 1000:.0f} ms, {imported.megabytes:.0f} MB",
            f"{imported.seconds / bare.seconds:.1f} × bare Python",
            f"{added:.0f} ms more (target: at most 150 ms)",
        ),
        (
            "copro call COPRO_INSPECTION_FEE, cold",
            f"{called.seconds * 1000:.0f} ms, {called.megabytes:.0f} MB",
            f"{called.seconds / bare.seconds:.1f} × bare Python",
            "",
        ),
    ]


def one_call() -> list[Row]:
    """One inspection fee, arguments as a spreadsheet gives them, its steps recorded; against two peers."""
    session = Session.open(language="en")
    arguments = [SERIAL, HOURS, None, None, None, None, None, None, None, None, None]
    ours, exact, floats = microseconds(
        [
            lambda: call("COPRO_INSPECTION_FEE", arguments, session),
            lambda: with_decimal(SERIAL, HOURS),
            lambda: with_floats(SERIAL, HOURS),
        ]
    )
    return [
        ("COPRO_INSPECTION_FEE through the catalogue", f"{ours:.1f} µs", "1.0", "target: at most 20 µs"),
        ("the same fee in Python's decimal, hand-written", f"{exact:.1f} µs", f"ours is {ours / exact:.1f} ×", "exact"),
        ("the same fee in binary floats", f"{floats:.1f} µs", f"ours is {ours / floats:.1f} ×", "not exact"),
    ]


def batch() -> list[Row]:
    """10,000 lines of ``copro call --batch``, against Python only reading and writing the same JSON lines."""
    chance = random.Random(20230101)
    lines = [
        json.dumps({"function": "COPRO_INSPECTION_FEE", "args": [round(44927 + chance.random() * 365, 6), hours / 4]})
        for hours in (chance.randint(1, 96) for _ in range(LINES))
    ]
    with tempfile.TemporaryDirectory() as folder:
        calls = Path(folder, "calls.jsonl")
        calls.write_text("\n".join(lines) + "\n")
        echo = f"import json\nfor line in open({str(calls)!r}): print(json.dumps(json.loads(line)))"
        ours, floor = medians(
            [[PYTHON, "-m", "xl_addin.cli", "call", "--batch", str(calls)], [PYTHON, "-c", echo]], runs=7
        )
    return [
        (
            f"copro call --batch, {LINES:,} lines",
            f"{ours.seconds:.2f} s, {ours.megabytes:.0f} MB",
            f"{ours.seconds / floor.seconds:.1f} × the floor",
            "target: at most 2 s and 100 MB",
        ),
        ("Python reading and writing the same lines", f"{floor.seconds:.2f} s, {floor.megabytes:.0f} MB", "1.0", ""),
    ]
