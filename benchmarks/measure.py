"""Measuring: whole processes by the operating system's own account, functions by the clock, medians of several runs."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


class Process(NamedTuple):
    """A finished process: wall seconds and peak memory in megabytes."""

    seconds: float
    megabytes: float


_LAUNCHER = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
begin = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(json.dumps([time.perf_counter() - begin, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""
"""Started in between, for Linux counts the memory of whoever starts a process as if it were the new one's."""


def run(command: Sequence[str]) -> Process:
    """Runs ``command`` (a program by its path) in the project's folder, its output thrown away."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    launcher = [PYTHON, "-I", "-S", "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, cwd=ROOT, env=environment, capture_output=True, check=True)
    seconds, megabytes, code = json.loads(done.stdout)
    if code not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Process(seconds, megabytes)


def medians(commands: Sequence[Sequence[str]], *, runs: int = 15) -> list[Process]:
    """The median of each command; they take turns, so that a slow moment of the machine hits all of them."""
    taken: list[list[Process]] = [[] for _ in commands]
    for command in commands:
        run(command)
    for _ in range(runs):
        for measured, command in zip(taken, commands, strict=True):
            measured.append(run(command))
    return [Process(median(p.seconds for p in ps), median(p.megabytes for p in ps)) for ps in taken]


def microseconds(functions: Sequence[Callable[[], object]], *, calls: int = 4000, rounds: int = 9) -> list[float]:
    """The median time of one call of each function; they take turns."""
    taken: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for measured, function in zip(taken, functions, strict=True):
            begin = time.perf_counter()
            for _ in range(calls):
                function()
            measured.append((time.perf_counter() - begin) / calls * 1e6)
    return [median(times) for times in taken]


def timed(act: Callable[[], object], runs: int = 9) -> float:
    """Median seconds of some runs, after one that does not count."""
    act()
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begin)
    return median(taken)


def machine() -> str:
    """What this was measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return (
        f"{model}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; Python {platform.python_version()}"
    )
