"""Who is compared with us computes the same: exact ones to the cent, the wrong cents of floats are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import spreadsheet
from benchmarks.contenders import CONTENDERS, Contender, in_cents, tariff
from benchmarks.data import TASKS, Drawn, drawn
from tests import oracle
from xl_addin.calc.office import libreoffice
from xl_addin.calc.recalc import recalculate

ROWS = 2_000
AMOUNTS = [contender for contender in CONTENDERS.values() if contender.variant != "copy"]
MOST_WRONG = ROWS // 2
"""Floats miss some cents, and how many is only counted; beyond this something else is computed."""


@pytest.fixture(scope="module")
def tables() -> dict[str, Drawn]:
    return {name: drawn(task, ROWS, ROWS) for name, task in TASKS.items()}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("contender", AMOUNTS, ids=lambda contender: contender.key)
def test_amounts(contender: Contender, task: str, tables: dict[str, Drawn], record_property) -> None:
    if why := contender.missing():
        pytest.skip(why)
    cents = in_cents(contender.prepared(TASKS[task], tables[task].columns)())
    assert len(cents) == ROWS
    wrong = tables[task].mismatches(cents)
    record_property("wrong_cents", wrong)
    if contender.exact:
        assert wrong == 0
    else:
        assert wrong <= MOST_WRONG


@pytest.mark.skipif(libreoffice() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("task", TASKS)
def test_native_formulas(task: str, tables: dict[str, Drawn], tmp_path: Path, record_property) -> None:
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    spreadsheet.write(source, tables, spreadsheet.FORMULAS[task])
    recalculate(source, target)
    cents = spreadsheet.amounts(target)
    assert len(cents) == ROWS
    wrong = tables[task].mismatches(cents)
    record_property("wrong_cents", wrong)
    assert wrong <= MOST_WRONG


def test_the_rates_given_to_peers() -> None:
    world = oracle.World(salary=oracle.EXAMPLE_SALARY)
    for number, year in enumerate(tariff.YEARS):
        day = oracle.date(year, 1, 1)
        for item, rates in (
            ("INSPECTION", tariff.FIXED),
            ("HOUR", tariff.HOUR),
            ("TRIP_BE", tariff.TRIP),
            ("APPLICATION", tariff.APPLICATION_FEE),
        ):
            assert oracle.rate(item, day, world) == oracle.exact(float(rates[number]))


def test_the_rows_are_the_same_each_time() -> None:
    one, other = (drawn(TASKS["raw"], 100, 50) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one.columns, other.columns, strict=True))
    assert (one.expected == other.expected).all()
