"""A process that records figures one after another and is killed while it does; see test_update_kills.

It forks a child for every line it reads, so that a thousand kills need no thousand starts of Python. The child notes in
a shared byte what it is doing, so that the test can tell where each kill fell.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from core import ledger
from core.records import Record

DECIDING, WRITING, WROTE = b"D", b"W", b"A"
RECORDINGS = 3
"""How many figures a child records before it waits to be killed."""


def figure(number: int) -> Record:
    """The statutory rate of 2027, a hundredth of a percent more with each recording."""
    return Record.model_validate(
        {
            "series": "legal_interest_1865",
            "period": "2027",
            "value": Decimal(number) / 100,
            "basis": "law",
            "source": "gazette",
            "status": "official",
            "recorded_on": date(2027, 1, 8),
            "recorded_by": "An",
            "checked_by": "Bea",
        }
    )


def record(folder: Path, stage: mmap.mmap) -> None:
    """Records, each time after what is there."""
    for _ in range(RECORDINGS):
        stage[0:1] = DECIDING
        known = ledger.read_ledger(folder)
        content = ledger.LedgerFile(recorded_on=date(2027, 1, 8), record=(figure(len(known.entries) + 1),))
        stage[0:1] = WRITING
        ledger.add(folder, content, known)
        stage[0:1] = WROTE
    signal.pause()


def main() -> None:
    """Forks a child for each folder named on standard input; answers its process id."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with Path(sys.argv[1]).open("r+b") as shared:
        stage = mmap.mmap(shared.fileno(), 1)
        for line in sys.stdin:
            child = os.fork()
            if not child:
                record(Path(line.strip()), stage)
                os._exit(0)
            print(child, flush=True)


if __name__ == "__main__":
    main()
