"""The random calls are many, varied, always the same, and nothing that a spreadsheet could not hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import CoproError
from tests.fronts.cases import Case, canonical, expected, fingerprint, random_calls, same
from tests.fronts.folder import data_folder
from xl_addin import CellError, Session
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import ERROR_CODES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return random_calls()


@pytest.fixture(scope="module")
def answers(cases: list[Case]) -> list[object]:
    return expected(cases)


def cells_of(answer: object) -> list[object]:
    return [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]


def test_every_function_is_called_often_and_the_fees_most(cases: list[Case]) -> None:
    calls = Counter(name for name, _ in cases)
    assert len(cases) == 20_000
    assert set(calls) == set(FUNCTIONS)
    assert min(calls.values()) >= 100
    assert calls["COPRO_INSPECTION_FEE"] >= 3_000


def test_most_calls_give_a_value_and_every_error_occurs(answers: list[object]) -> None:
    found = Counter[str]()
    for answer in answers:
        shown = {str(cell) for cell in cells_of(answer) if cell != ""}
        found.update(shown & set(ERROR_CODES))
        found["value"] += bool(shown - set(ERROR_CODES))
    assert found["value"] >= 0.4 * len(answers)
    assert min(found[code] for code in ERROR_CODES) >= 100


def test_each_function_gives_values_and_errors(cases: list[Case], answers: list[object]) -> None:
    values, errors = Counter[str](), Counter[str]()
    for (name, _), answer in zip(cases, answers, strict=True):
        shown = {str(cell) for cell in cells_of(answer) if cell != ""}
        values[name] += bool(shown - set(ERROR_CODES))
        errors[name] += bool(shown & set(ERROR_CODES))
    assert all(values[name] >= 50 and errors[name] >= 15 for name in FUNCTIONS), (values, errors)


def given_cells(arguments: list[object]) -> Iterator[object]:
    for argument in arguments:
        if isinstance(argument, list):
            assert argument
            assert len({len(row) for row in argument}) == 1
            yield from (cell for row in argument for cell in row)
        else:
            yield argument


def test_a_call_holds_only_what_a_cell_can(cases: list[Case]) -> None:
    for name, arguments in cases:
        assert len(arguments) <= len(FUNCTIONS[name].arguments) or FUNCTIONS[name].variadic
        for value in given_cells(arguments):
            assert value is None or type(value) in {bool, float, str}, (name, value)
            if isinstance(value, float):
                assert float(f"{value:.15g}") == value
            if isinstance(value, str):
                assert len(value) < 80
                assert value.isprintable()
                assert value[:1] not in {"=", "'"}
                assert not value.startswith("#") or value in ERROR_CODES


def test_the_calls_are_the_same_in_every_run() -> None:
    """Also with another hash seed, which orders sets otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fronts.cases"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == fingerprint(random_calls())
    assert fingerprint(random_calls(100, seed=1)) != fingerprint(random_calls(100, seed=2))


def test_the_calls_go_through_json_unchanged(cases: list[Case]) -> None:
    assert json.loads(json.dumps(cases)) == [list(case) for case in cases]


def test_whole_numbers_given_as_integers_answer_the_same(cases: list[Case], answers: list[object]) -> None:
    """JavaScript has no 2.0: it hands over 2."""
    as_integers = [(name, integers(arguments)) for name, arguments in cases]
    assert all(map(same, expected(as_integers), answers))  # type: ignore[arg-type]


def integers(value: object) -> object:
    if isinstance(value, list):
        return [integers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def test_an_answer_is_told_as_every_front_can() -> None:
    reason = CoproError("argument_missing")
    assert canonical([[CellError("#N/A", reason), None, 3], (True, "x", 0.5)]) == [["#N/A", "", 3.0], [True, "x", 0.5]]
    assert same([["#N/A", "", 3.0]], [["#N/A", "", 3.0]])
    assert not same(1.0, True)
    assert not same(1.0, 1.0000000000000002)
    assert not same([[1.0]], 1.0)


def test_the_data_folder_has_rates_up_to_2026_and_may_lie_anywhere(tmp_path: Path) -> None:
    there, elsewhere = (Session.open(data_folder(tmp_path / name), language="nl") for name in ("one", "two"))
    assert not there.rulebook.problems
    assert there.rulebook.fingerprint == elsewhere.rulebook.fingerprint
    rates: list[Case] = [("COPRO_RATE", ["HOUR", f"{year}-06-01"]) for year in (2023, 2024, 2025, 2026)]
    assert expected(rates, there) == [125.82, 128.97, 132.24, 135.0]
    status: list[Case] = [("COPRO_STATUS", [])]
    assert same(expected(status, there), expected(status, elsewhere))
