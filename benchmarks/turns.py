"""Contenders taking turns on the same rows, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.contenders import Contender
from benchmarks.data import Drawn, Task
from benchmarks.measure import PYTHON, ROOT
from benchmarks.worker import ONE_THREAD


class Measured(NamedTuple):
    """What one contender took.

    Attributes:
        rows: it was given.
        seconds: the median of a run.
        first: seconds of the very first run, after making ready.
        megabytes: the most that the first run held beyond the columns.
        mismatches: amounts that are not the exact ones; -1 when it gives none.
    """

    rows: int
    seconds: float
    first: float
    megabytes: float
    mismatches: int

    @property
    def nanoseconds(self) -> float:
        """For a row."""
        return self.seconds / self.rows * 1e9


class Worker:
    """The process of a contender."""

    def __init__(self, contender: Contender, task: Task, rows: int, folder: Path) -> None:
        self.contender = contender
        self.rows = rows
        self.taken: list[float] = []
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed when the process ends)
        self._process = subprocess.Popen(
            [PYTHON, "-m", "benchmarks.worker", contender.key, task.name, str(rows), str(folder)],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._start: Mapping[str, float] = {}

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def wait(self) -> None:
        """Until it has made ready and run once."""
        self._start = self._answer()

    def run(self) -> None:
        """One run more."""
        self.taken.append(self._ask("run")["seconds"])

    def measured(self, drawn: Drawn, folder: Path) -> Measured:
        """What it took, its amounts compared."""
        mismatches = -1
        if self.contender.variant != "copy":
            file = folder / f"{self.contender.key}-cents.npy"
            self._ask(str(file))
            mismatches = drawn.mismatches(np.load(file, mmap_mode="r"))
            file.unlink()
        return Measured(self.rows, median(self.taken), self._start["first"], self._start["megabytes"], mismatches)

    def _ask(self, line: str) -> Mapping[str, float]:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Mapping[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise RuntimeError(f"{self.contender.name}: {self._errors.read()[-2000:]}")
        found: Mapping[str, float] = json.loads(line)
        return found


def take_turns(contenders: Sequence[Contender], task: Task, drawn: Drawn, runs: int) -> dict[str, Measured]:
    """Medians of alternating runs, so that a slow moment of the machine hits all of them."""
    size = len(drawn.expected)
    with tempfile.TemporaryDirectory() as name:
        folder = drawn.saved(Path(name))
        workers: list[Worker] = []
        try:
            for contender in contenders:
                workers.append(Worker(contender, task, min(size, contender.most), folder))
                workers[-1].wait()  # one after another: nobody makes ready while another runs for the first time
            for _ in range(runs):
                for worker in workers:
                    worker.run()
            return {worker.contender.key: worker.measured(drawn, folder) for worker in workers}
        finally:
            for worker in workers:
                worker.close()
