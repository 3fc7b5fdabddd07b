"""A loop in C, compiled here and now for this very processor."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.contenders import tariff
from benchmarks.data import Ints

SOURCE = Path(__file__).with_name("loop.c")
COMPILER = ("gcc", "-O3", "-march=native", "-shared", "-fPIC")
RATES = np.array([tariff.cents(r) for r in (tariff.FIXED, tariff.HOUR, tariff.TRIP, tariff.APPLICATION_FEE)], np.int64)
HALVES, WEIGHTS = np.array(tariff.HALVES, np.int64), np.array(tariff.WEIGHTS, np.int64)


@cache
def _library() -> ctypes.CDLL:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "loop.so")
        subprocess.run([*COMPILER, str(SOURCE), "-o", str(made)], check=True, capture_output=True)
        return ctypes.CDLL(str(made))


def _run(name: str, columns: tuple[Ints, ...], tables: tuple[Ints, ...]) -> Callable[[], Ints]:
    function = getattr(_library(), name)
    function.restype = None
    total = np.zeros(len(columns[0]), np.int64)  # memory that is used again: nothing but the loop is timed
    arguments = [ctypes.c_void_p(array.ctypes.data) for array in (*columns, *tables, total)]

    def run() -> Ints:
        function(ctypes.c_int64(len(total)), *arguments)
        return total

    return run


def ready_exact(*columns: Ints) -> Callable[[], Ints]:
    return _run("ready", columns, (RATES,))


def raw_exact(*columns: Ints) -> Callable[[], Ints]:
    return _run("raw", columns, (RATES, HALVES, WEIGHTS))
