"""DuckDB: SQL over a table in memory, with ``DECIMAL``, whole cents and ``DOUBLE``."""

from __future__ import annotations

from collections.abc import Callable
from string import Template

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.contenders import tariff
from benchmarks.contenders.tariff import APPLICATION, COUNTS, HALVES, SERIAL_2024, WASTED_TRIP, WEIGHTS, YEARS
from benchmarks.data import Columns, Ints

Answers = dict[str, NDArray[np.generic]]
"""Amounts with the number of their row: SQL promises no order."""
Run = Callable[[], Answers]

_READY = Template("""
SELECT id, fixed + $performance + $travel AS total
FROM (SELECT id, halves, year, greatest($hours, 1) AS weight FROM visits) LEFT JOIN rates USING (year)
""")
_RAW = Template(f"""
SELECT id, CASE WHEN charge = {APPLICATION} THEN application ELSE fixed + $performance + $travel END AS total
FROM (
    SELECT id,
           charge,
           CASE WHEN start < {SERIAL_2024} THEN {YEARS[0]} ELSE {YEARS[1]} END AS year,
           $begins AS begins,
           CASE WHEN charge = {WASTED_TRIP} THEN 1 ELSE greatest($hours, 1) END AS charged
    FROM visits
) LEFT JOIN rates USING (year) LEFT JOIN weights USING (begins, charged)
""")


def _table(names: tuple[str, str, str], columns: Columns, money: str) -> duckdb.DuckDBPyConnection:
    """A database in memory with the rows, the rates and the factors."""
    base = duckdb.connect(config={"threads": 1})
    rows = dict(zip(("id", *names), (np.arange(len(columns[0])), *columns), strict=True))  # noqa: F841 (DuckDB finds it by its name)
    base.execute("CREATE TABLE visits AS SELECT * FROM rows")
    base.execute(f"CREATE TABLE rates (year BIGINT, fixed {money}, hour {money}, trip {money}, application {money})")
    rates = (tariff.FIXED, tariff.HOUR, tariff.TRIP, tariff.APPLICATION_FEE)
    shown = rates if money != "BIGINT" else tuple(tariff.cents(rate) for rate in rates)
    base.executemany("INSERT INTO rates VALUES (?, ?, ?, ?, ?)", list(zip(YEARS, *shown, strict=True)))
    looked_up = {  # noqa: F841
        "begins": np.arange(len(WEIGHTS)) // COUNTS,
        "charged": np.arange(len(WEIGHTS)) % COUNTS,
        "weight": np.array(WEIGHTS),
        "halves": np.repeat(HALVES, COUNTS),
    }
    base.execute("CREATE TABLE weights AS SELECT * FROM looked_up")
    return base


def _run(base: duckdb.DuckDBPyConnection, query: str) -> Run:
    return lambda: base.execute(query).fetchnumpy()


_MINUTES = "round(start * 1440)::BIGINT // 60 % 168"
_PRESENCE = "(round(hours * 60)::BIGINT + 30) // 60"
_MONEY = {"decimal": "DECIMAL(9, 2)", "exact": "BIGINT", "float": "DOUBLE"}


def _fee(variant: str, rate: str, weight: str) -> str:
    """A rate times halves: to the cent, half away from zero."""
    if variant == "exact":
        return f"({rate} * {weight} + 1) // 2"
    if variant == "decimal":
        return f"round({rate} * ({weight})::DECIMAL(9, 0) * 0.5, 2)"
    return f"round({rate} * ({weight}) / 2, 2)"


def _ready(variant: str, columns: Columns) -> Run:
    hours = "floor(minutes / 60 + 0.5)" if variant == "float" else "(minutes + 30) // 60"
    performance, travel = _fee(variant, "hour", "weight * halves"), _fee(variant, "trip", "halves")
    query = _READY.substitute(hours=hours, performance=performance, travel=travel)
    return _run(_table(("minutes", "halves", "year"), columns, _MONEY[variant]), query)


def _raw(variant: str, columns: Columns) -> Run:
    floats = variant == "float"
    query = _RAW.substitute(
        begins="floor(start % 7 * 24)::BIGINT" if floats else _MINUTES,
        hours="floor(hours + 0.5)::BIGINT" if floats else _PRESENCE,
        performance=_fee(variant, "hour", "weight"),
        travel=_fee(variant, "trip", "halves"),
    )
    return _run(_table(("start", "hours", "charge"), columns, _MONEY[variant]), query)


def ready_exact(*columns: Ints) -> Run:
    return _ready("exact", columns)


def ready_decimal(*columns: Ints) -> Run:
    return _ready("decimal", columns)


def ready_float(*columns: Ints) -> Run:
    return _ready("float", columns)


def raw_exact(*columns: Ints) -> Run:
    return _raw("exact", columns)


def raw_decimal(*columns: Ints) -> Run:
    return _raw("decimal", columns)


def raw_float(*columns: Ints) -> Run:
    return _raw("float", columns)
