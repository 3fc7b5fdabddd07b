"""The integer expressions: hand-worked values, and NumPy columns taken unchanged."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from core.loading import load
from core.numeric import at_least, at_most, half_up_div
from core.rules.art_2_2_4_inspection import car_cents, whole_hours
from core.rules.art_2_2_8_vat import vat_cents
from core.rules.art_2_3_2_late_payment import lump_sum_cents
from core.units import HOUR, KILOMETRE, MINUTE

GENERAL = load().general[0]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 7, 0),
        (1, 3, 0),  # 0.33
        (1, 2, 1),  # half goes up
        (2, 3, 1),  # 0.67
        (5, 2, 3),  # half goes up, also from an even number: no banker's rounding
        (7, 2, 4),
        (6, 3, 2),
        (10**30 + 1, 2, 5 * 10**29 + 1),  # whole numbers of any size
    ],
)
def test_half_up_div(numerator: int, denominator: int, expected: int) -> None:
    assert half_up_div(numerator, denominator) == expected


def test_at_least_and_at_most() -> None:
    assert [at_least(value, 3) for value in (2, 3, 4)] == [3, 3, 4]
    assert [at_most(value, 3) for value in (2, 3, 4)] == [2, 3, 3]


def test_whole_hours() -> None:
    minutes = {1: 1, 29: 1, 60: 1, 89: 1, 90: 2, 149: 2, 150: 3, 1409: 23, 1410: 24, 1440: 24}
    assert {m: whole_hours(m * MINUTE, GENERAL.hours) for m in minutes} == minutes
    assert whole_hours(90 * MINUTE - 1, GENERAL.hours) == 1  # a microsecond short of the half hour


def test_car_cents() -> None:
    # 0.4170 a km: 100 km 41.70; 5 km 2.085 -> 2.09; 1 m nothing
    assert [car_cents(4170, km * KILOMETRE) for km in (0, 5, 100)] == [0, 209, 4170]
    assert car_cents(4170, KILOMETRE // 1000) == 0


def test_vat_cents() -> None:
    assert [vat_cents(cents, 2100) for cents in (0, 50, 109250)] == [0, 11, 22943]  # 0.105 -> 0.11; 229.425 -> 229.43


def test_lump_sum_cents() -> None:
    # 15 %, at least 200 euro, nothing on nothing: 1333.33 gives 199.9995 -> 200.00, 1333.40 gives 200.01
    assert [lump_sum_cents(c, GENERAL.payment) for c in (0, 1, 133_333, 133_340, 1_000_000)] == [
        *(0, 20_000, 20_000),
        *(20_001, 150_000),
    ]


RANDOM = np.random.default_rng(20221219)
COLUMN = RANDOM.integers(0, 10**7, size=2000, dtype=np.int64)
PRESENCE = RANDOM.integers(1, 24 * HOUR, size=2000, dtype=np.int64)
RULES = {
    "half_up_div": (COLUMN, lambda value: half_up_div(value, 365)),
    "at_least": (COLUMN, lambda value: at_least(value, 5_000_000)),
    "at_most": (COLUMN, lambda value: at_most(value, 5_000_000)),
    "whole_hours": (PRESENCE, lambda value: whole_hours(value, GENERAL.hours)),
    "car_cents": (COLUMN * 1000, lambda value: car_cents(4449, value)),
    "vat_cents": (COLUMN, lambda value: vat_cents(value, 2100)),
    "lump_sum_cents": (COLUMN, lambda value: lump_sum_cents(value, GENERAL.payment)),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_column_is_its_rows(rule: str) -> None:
    column, compute = RULES[rule]
    whole = compute(column)
    assert isinstance(whole, np.ndarray)
    assert whole.dtype == np.int64
    assert whole.tolist() == [compute(value) for value in column.tolist()]


def test_an_empty_column_stays_empty() -> None:
    assert whole_hours(np.array([], dtype=np.int64), GENERAL.hours).tolist() == []


def test_nothing_needs_numpy() -> None:
    """With NumPy out of reach, every module of the rules and of the functions imports, and a case is priced."""
    program = """
import sys
sys.modules["numpy"] = None
import importlib, pkgutil, core, xl_addin.catalogue
for found in pkgutil.walk_packages(core.__path__, "core."):
    importlib.import_module(found.name)
for name in ("xl_addin.cells", "xl_addin.evaluate", "xl_addin.session", "xl_addin.settings"):
    importlib.import_module(name)
from core.loading import load
from xl_addin import Session, call
print(call("COPRO_INSPECTION_FEE", ["2023-03-06T10:00", 3.5], Session(load())))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("1092.5", "")


def test_numpy_is_not_imported_for_one_case() -> None:
    program = """
import sys
from core.loading import load
from xl_addin import Session, call
call("COPRO_INSPECTION_FEE", ["2023-03-06T10:00", 3.5], Session(load()))
print("numpy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"
