"""Those who price the same columns: ours, and peers as their users would write them.

A module here has, for each task and variant, a function ``<task>_<variant>``: given the columns, it makes ready (opens
files, builds frames, fills tables, compiles) and gives back what is timed. The amounts come as whole cents, as floats
in euro or as `Decimal` in euro, whichever is its own way; as ``{"id", "total"}`` where their order is another than that
of the rows.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

import numpy as np

from benchmarks.data import Columns, Ints, Task

HUNDRED_MILLION = 100_000_000


class Contender(NamedTuple):
    """One that computes.

    Attributes:
        key: its name in commands.
        name: its name in tables.
        module: in this package.
        variant: of its functions; "exact" and "decimal" must be exact.
        needs: the package, or ``gcc``, without which it does not run.
        most: rows it is given at most, where more would take minutes or more memory than there is.
    """

    key: str
    name: str
    module: str
    variant: str
    needs: str = ""
    most: int = HUNDRED_MILLION

    @property
    def exact(self) -> bool:
        return self.variant in {"exact", "decimal"}

    def missing(self) -> str:
        """Why it cannot run here; empty when it can."""
        if self.needs == "gcc":
            return "" if shutil.which("gcc") else "gcc is not installed"
        try:
            version(self.needs or "numpy")
        except PackageNotFoundError:
            return f"{self.needs} is not installed: pip install '.[bench]'"
        return ""

    def prepared(self, task: Task, columns: Columns) -> Callable[[], object]:
        """What is timed."""
        module = import_module(f"{__name__}.{self.module}")
        made: Callable[[], object] = getattr(module, f"{task.name}_{self.variant}")(*columns)
        return made


def in_cents(answers: object) -> Ints:
    """Amounts of whichever kind as whole cents; floats to the nearest."""
    if isinstance(answers, list):
        return np.array([int(answer * 100) for answer in answers], np.int64)
    if isinstance(answers, dict):
        amounts = in_cents(answers["total"])
        ordered = np.empty_like(amounts)
        ordered[np.ma.getdata(answers["id"])] = amounts
        return ordered
    array = np.ma.getdata(np.asarray(answers))
    return (
        array.astype(np.int64) if array.dtype.kind in "iu" else np.rint(array.astype(np.float64) * 100).astype(np.int64)
    )


OURS = "ours"
CONTENDERS = {
    contender.key: contender
    for contender in (
        Contender(OURS, "**copro**", "ours", "exact"),
        Contender("decimal", "Python `decimal`, a row at a time", "plain", "exact", most=100_000),
        Contender("openfisca", "OpenFisca-Core, euro (32-bit floats)", "openfisca", "float", "openfisca-core"),
        Contender("openfisca-cents", "OpenFisca-Core, whole cents", "openfisca", "exact", "openfisca-core"),
        Contender("numpy-floats", "NumPy by hand, floats", "numpy_arrays", "float"),
        Contender("numpy-cents", "NumPy by hand, whole cents", "numpy_arrays", "exact"),
        Contender("polars-floats", "Polars, floats", "polars_frames", "float", "polars"),
        Contender("polars-cents", "Polars, whole cents", "polars_frames", "exact", "polars"),
        Contender("duckdb-floats", "DuckDB, `DOUBLE`", "duckdb_tables", "float", "duckdb"),
        Contender("duckdb-decimals", "DuckDB, `DECIMAL`", "duckdb_tables", "decimal", "duckdb"),
        Contender("duckdb-cents", "DuckDB, whole cents", "duckdb_tables", "exact", "duckdb"),
        Contender("c", "a loop in C, `gcc -O3 -march=native`", "c_loop", "exact", "gcc"),
        Contender("copy", "copying as many bytes: the floor", "numpy_arrays", "copy"),
    )
}
