"""A contender in a process of its own: ``python -m benchmarks.worker KEY TASK ROWS FOLDER``.

It loads the columns, makes ready, and then answers each line it reads: ``run`` with how long a run took, a file name by
writing the amounts there in whole cents. Its memory is its own, and so are its imports and its threads.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

LONG_ENOUGH = 0.02
"""Seconds that a run lasts at least; a shorter one is repeated."""
LARGEST_KEPT = 31 * 2**20
"""Freed once, so that the C library keeps freed memory for the next run, as it does in a process long at work."""
ONE_THREAD = dict.fromkeys(
    ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
_STATUS, _PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def main(key: str, task: str, rows: str, folder: str) -> None:
    """Works until its input ends."""
    from benchmarks import data
    from benchmarks.contenders import CONTENDERS, in_cents

    bytearray(LARGEST_KEPT)
    columns = data.loaded(Path(folder), int(rows))
    begin = time.perf_counter()
    run = CONTENDERS[key].prepared(data.TASKS[task], columns)
    ready = time.perf_counter() - begin
    before = _forgotten_peak()
    first, answer = _timed(run)
    _say(ready=ready, first=first, megabytes=_memory("VmHWM") - before)
    repeat = max(1, int(LONG_ENOUGH / first))
    for line in sys.stdin:
        if line == "run\n":
            del answer
            begin = time.perf_counter()
            for _ in range(repeat):
                answer = run()
            seconds = (time.perf_counter() - begin) / repeat
            repeat = max(1, int(LONG_ENOUGH / seconds))
            _say(seconds=seconds)
        else:
            import numpy as np

            np.save(line.strip(), in_cents(answer))
            _say()


def _timed(run: Callable[[], object]) -> tuple[float, object]:
    begin = time.perf_counter()
    answer = run()
    return time.perf_counter() - begin, answer


def _say(**found: float) -> None:
    print(json.dumps(found), flush=True)


def _forgotten_peak() -> float:
    """The memory in use, from which the peak is counted anew."""
    if _PEAK.exists():
        _PEAK.write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    """Megabytes, by the kernel's account; 0 where it gives none."""
    if not _STATUS.exists():
        return 0.0
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    os.environ.update(ONE_THREAD)
    main(*sys.argv[1:])
