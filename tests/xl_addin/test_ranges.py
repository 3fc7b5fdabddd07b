"""Ranges priced as columns are ranges priced a cell at a time: the same values, the same errors, the same blanks."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from core.batch import ERRORS, Charge, columns
from tests.core.folder import session_on
from tests.fronts import cases
from xl_addin import CellError, Session, call, evaluate, ranges
from xl_addin import columns as sheet
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import LAST_SERIAL

SESSION = session_on(example=True)
SESSION_1904 = session_on(example=True)
SESSION_1904.date1904 = True
CALLS = 40
"""Random calls of each function."""


def seen(answer: object) -> object:
    """An answer with its types, its signs and its messages."""
    if isinstance(answer, list):
        return [seen(item) for item in answer]
    if isinstance(answer, CellError):
        return answer.code, answer.message("en")
    return type(answer), repr(answer)


def priced(way: str, name: str, arguments: Sequence[object], session: Session = SESSION) -> object:
    """The answer: a cell at a time, with arrays, or with plain columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "FEWEST", 10**9 if way == "cells" else 0)
        patch.setattr(ranges, "FEW", 0 if way == "arrays" else 10**9)
        patch.setattr(columns, "FEW", 0 if way == "arrays" else 10**9)
        return seen(call(name, arguments, session))


def assert_same(name: str, arguments: Sequence[object], session: Session = SESSION) -> None:
    expected = priced("cells", name, arguments, session)
    assert priced("arrays", name, arguments, session) == expected
    assert priced("plain", name, arguments, session) == expected


def a_range(argument: Any, good: object, rows: int, dice: cases.Dice) -> list[list[object]]:
    """A column: mostly one value, with others, blanks, boundaries and mistakes among them."""
    return [[cases._element(argument, dice) if dice.chance(40) else good] for _ in range(rows)]


def random_arguments(name: str, dice: cases.Dice) -> list[object]:
    arguments = FUNCTIONS[name].arguments
    values = cases.given(FUNCTIONS[name], dice)
    rows = 2 + dice.below(40)
    found = [
        a_range(argument, good, rows, dice) if not place or dice.chance(60) else good
        for place, (argument, good) in enumerate(zip(arguments, values, strict=True))
    ]
    if dice.chance(15):
        found[-1] = [[values[-1], None, values[-1]]]  # a row against columns: a grid
    return found


FEW_ANSWERS = [
    *("COPRO_RATE", "COPRO_KM_RATE", "COPRO_INDEX_COEFFICIENT", "COPRO_SALARY_INDEX", "COPRO_DAY_TYPE"),
    *("COPRO_VAT_RATE", "COPRO_PAYER", "COPRO_LEGAL_RATE", "COPRO_LATE_RATE"),
]
"""Functions of which each distinct case is computed once."""


@pytest.mark.parametrize("name", [*ranges.FUNCTIONS, *FEW_ANSWERS])
@pytest.mark.parametrize("session", [SESSION, SESSION_1904], ids=["1900", "1904"])
def test_random_ranges(name: str, session: Session) -> None:
    dice = cases.Dice(sum(map(ord, name)))
    for _ in range(CALLS):
        assert_same(name, random_arguments(name, dice), session)


def test_the_calls_of_the_fronts_that_have_ranges() -> None:
    for name, arguments in cases.random_calls(4_000):
        if name in (*ranges.FUNCTIONS, *FEW_ANSWERS) and any(isinstance(value, list) for value in arguments):
            assert_same(name, arguments)


def test_every_column_function_is_of_the_catalogue() -> None:
    for name, function in ranges.FUNCTIONS.items():
        known = {argument.name for argument in FUNCTIONS[name].arguments}
        assert set(function.columns) - {""} | {"regulation"} >= known - {"site", "day_type"} - {"regulation"}
        assert set(function.columns) - {""} <= known


STARTS = [
    *(45000.75, 45000.749999999, 45000.99999999999, 44927.0, 44926.9999999999, 61.0, 60.0, 59.5, 0.0, -1.0),
    *(float(LAST_SERIAL), LAST_SERIAL + 0.5, 1e300, float("nan"), float("inf"), 45000, True, "2023-03-06T10:00"),
    *("2023-03-06", "06/03/2023 18:00", "x", "#N/A", None, "", date(2023, 3, 6), datetime(2023, 3, 6, 18), [1], b"x"),
]
HOURS = [
    *(3.5, 1.4833333333333334, 1.5, 1.4999999999, 1.49999999999999, 1.499999999, 0.1 + 0.2, (45000.75 - 45000.5) * 24),
    *(0.0, -0.0, -1.0, 24.0, 24.000000001, 1e-12, 1e12, float("nan"), 3, True, "3.5", "", None, 10**400),
]


@pytest.mark.parametrize("session", [SESSION, SESSION_1904], ids=["1900", "1904"])
def test_every_way_to_write_a_start_and_hours(session: Session) -> None:
    starts = [[start] for start in STARTS for _ in HOURS]
    hours = [[lasting] for _ in STARTS for lasting in HOURS]
    assert_same("COPRO_PERFORMANCE_FEE", [starts, hours], session)


AMOUNTS = [
    *(0.0, 0.005, 0.015, 1.005, 2.675, 1333.33, 125.82, 1e9, 1e10, 12345678901.235, 99999999999.995, 1e12, 1e12 + 1),
    *(-0.0, -0.01, -1e-31, 1e-31, 1e300, float("nan"), float("-inf"), 7, "7", False, None, "", "#DIV/0!"),
]


def test_every_way_to_write_an_amount() -> None:
    assert_same("COPRO_VAT", [[[amount] for amount in AMOUNTS], "2023-03-06"])
    assert_same("COPRO_VAT", [[[amount] for amount in AMOUNTS], [["2023-03-06", None, 45000.5]], "BE"])
    assert_same("COPRO_LATE_INTEREST", [[[amount] for amount in AMOUNTS], 45000.0, 45400.0])


def test_counts_and_kilometres() -> None:
    numbers = [[n] for n in (0.0, 1.0, 2.0000000000000004, 2.5, -1.0, 10_000.0, 10_001.0, 1e15, 3, True, None, "2")]
    assert_same("COPRO_STAY_FEE", ["2023-03-06", numbers])
    assert_same("COPRO_TRANSPORT_COST", ["2023-03-06", [*numbers, [0.0005], [0.0004999], [1234.5678]]])


def test_one_wrong_argument_for_every_row() -> None:
    starts = [[45000.5 + n] for n in range(20)]
    for wrong in ("x", "#N/A", -1.0):
        assert_same("COPRO_INSPECTION_FEE", [starts, wrong])
        assert_same("COPRO_INSPECTION_FEE", [starts, 3.5, None, None, None, None, None, None, wrong])
    assert_same("COPRO_INSPECTION_FEE", [starts])


def test_columns_of_blanks_and_places() -> None:
    starts = [[45000.5 + n] for n in range(24)]
    sites = [[site] for site in ("BRUSSEL", "limburg", None, "", "x", 5.0) for _ in range(4)]
    blanks = [[None]] * 12 + [[""]] * 12
    assert_same("COPRO_INSPECTION_FEE", [starts, 3.5, blanks, blanks, None, None, None, None, sites, blanks])
    assert_same("COPRO_DUE_DATE", [starts, [["EXAMPLE-BRS"], [None], ["x"]] * 8])
    assert_same("COPRO_APPLICATION_FEE", [blanks, [[n] for n in range(24)]])


# --- what is computed once -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("session", [SESSION, SESSION_1904], ids=["1900", "1904"])
def test_every_way_to_write_a_day_and_a_site(session: Session) -> None:
    sites = ("BRUSSEL", "brussel", "LIMBURG", None, "", "x", 5.0, 5, True, "#N/A", [1], b"x")
    days = [[start] for start in STARTS for _ in sites]
    where = [[site] for _ in STARTS for site in sites]
    assert_same("COPRO_DAY_TYPE", [days, where], session)
    assert_same("COPRO_FACTOR", [days, where], session)
    assert_same("COPRO_FACTOR", [days, None, where], session)
    assert_same("COPRO_RATE", ["HOUR", days], session)


def test_what_cannot_be_read_stands_for_no_other_row() -> None:
    filler = [[float(LAST_SERIAL)], [61.0], [float("nan")], ["x"], [61.0], ["0001-01-01"], [b"x"], [None]] * 3
    assert_same("COPRO_LATE_RATE", [filler])
    assert_same("COPRO_DAY_TYPE", [[*filler[::-1], *filler], None, "fr"])


def test_years_and_laws_as_numbers_and_texts() -> None:
    years = [[year] for year in (2024.0, 2024, "2024", True, 1.0, 0.0, -0.0, 2024.5, float("nan"), None, "") * 2]
    assert_same("COPRO_INDEX_COEFFICIENT", [years, "TRAVEL"])
    assert_same("COPRO_SALARY_INDEX", [years, [[3.0], [True], [1]] * 7 + [[1.0]]])
    assert_same("COPRO_LEGAL_RATE", ["2024-05-06", [[1865.0], [1865], ["1865"], [2002.0], [True], [1.0]] * 4])


def test_errors_tell_their_own_row() -> None:
    days = [["2022-05-06"], ["2023-05-06"], ["2022-05-06"], [None]] * 5
    found = call("COPRO_VAT_RATE", [days, [["BE"] * 2]], SESSION)
    assert isinstance(found, list)
    assert [[getattr(cell, "row", 0) for cell in line] for line in found[:4]] == [[1, 1], [0, 0], [3, 3], [0, 0]]
    assert "2022-05-06" in found[18][1].message("en")  # type: ignore[union-attr]


def test_each_distinct_case_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[object] = []
    alone = evaluate._row_cell

    def noted(*arguments: Any) -> Any:
        computed.append(arguments[2])
        return alone(*arguments)

    monkeypatch.setattr(evaluate, "_row_cell", noted)
    found = call(
        "COPRO_PAYER", [[["SAMPLES"], ["APPLICATION"]] * 50, "fr", [[45000 + n / 25] for n in range(100)]], SESSION
    )
    assert isinstance(found, list)
    assert (len(found), len(computed)) == (100, 8)
    computed.clear()
    call("COPRO_FACTOR", [[[45000 + n / 25] for n in range(100)], [["BRUSSEL"], ["LIMBURG"]] * 50], SESSION)
    assert not computed


def test_many_rows_are_priced_with_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    starts = [[44927 + dice.randrange(1200) + dice.randrange(1440) / 1440] for _ in range(3_000)]
    hours = [[dice.randrange(1, 97) / 4] for _ in starts]
    found = call("COPRO_INSPECTION_FEE", [starts, hours], SESSION)
    assert isinstance(found, list)
    for row in dice.sample(range(3_000), 100):
        alone = call("COPRO_INSPECTION_FEE", [starts[row][0], hours[row][0]], SESSION)
        assert plain(found[row][0]) == plain(alone)


def plain(cell: object) -> object:
    return cell.code if isinstance(cell, CellError) else cell


# --- a register ----------------------------------------------------------------------------------------------------


def by_cells(start: float, hours: float, charge: int, session: Session) -> tuple[int, str]:
    """What single calls say of a row of a register."""
    arguments: list[tuple[str, list[object]]] = [
        ("COPRO_INSPECTION_FEE", [start, hours]),
        ("COPRO_WASTED_TRIP_FEE", [start]),
        ("COPRO_APPLICATION_FEE", [start]),
    ]
    answer = call(*arguments[charge], session)
    return (0, answer.code) if isinstance(answer, CellError) else (round(answer * 100), "")  # type: ignore[operator]


@pytest.mark.parametrize("session", [SESSION, SESSION_1904], ids=["1900", "1904"])
@pytest.mark.parametrize("way", ["arrays", "plain"])
def test_a_register(way: str, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(5)
    usual = [
        (44900 + dice.randrange(1500) + dice.randrange(1440) / 1440, dice.randrange(1, 97) / 4) for _ in range(300)
    ]
    odd = [(start, lasting) for start in STARTS for lasting in HOURS if type(start) is type(lasting) is float]
    before_1904 = [(-1400.5, 1.5), (-0.25, 1.5)]
    rows = [(*row, charge) for row in (*usual, *odd, *before_1904) for charge in Charge]
    starts, hours, charges = zip(*rows, strict=True)
    if way == "plain":
        monkeypatch.setattr(sheet, "numpy", lambda: None)
        monkeypatch.setattr(columns, "numpy", lambda: None)
        values, errors = sheet.register(session, list(starts), list(hours), list(map(int, charges)))
    else:
        given = np.array(starts), np.array(hours), np.array(charges, np.int8)
        values, errors = sheet.register(session, *given)
    codes = [getattr(ERRORS[error], "cell_code", "") for error in errors]
    assert list(zip(map(int, values), codes, strict=True)) == [by_cells(*row, session) for row in rows]


@pytest.mark.parametrize("way", ["arrays", "plain"])
def test_a_register_in_which_nothing_is_odd(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "plain":
        monkeypatch.setattr(sheet, "numpy", lambda: None)
        monkeypatch.setattr(columns, "numpy", lambda: None)
    values, errors = sheet.register(SESSION, [44991.4375] * 3, [3.5] * 3, [0, 1, 2])
    assert (list(map(int, values)), list(map(int, errors))) == ([109_250, 71_504, 116_096], [0, 0, 0])
    values, errors = sheet.register(SESSION, [], [], [])
    assert (list(values), list(errors)) == ([], [])
