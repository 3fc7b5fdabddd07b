"""The Office.js front, registered and called as xlwings Lite does (see `tests.officejs.lite`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.fronts.cases import Case, expected, random_calls, same
from tests.fronts.folder import data_folder
from tests.officejs.lite import as_javascript, call_in_lite, lite, metadata, shown
from xl_addin import session
from xl_addin.catalogue import FUNCTIONS

ROOT = Path(__file__).parents[2]
FRONT = "xl_addin.officejs.functions"
AN_ERROR = {"type": "Error", "errorType": "NotAvailable"}


@pytest.fixture(scope="module")
def fronts() -> Iterator[list[ModuleType]]:
    """Our functions for workbooks that count from 1900, and for those that count from 1904."""
    with lite(FRONT, f"{FRONT}_1904") as modules:
        yield modules


@pytest.fixture
def front(fronts: list[ModuleType]) -> ModuleType:
    return fronts[0]


@pytest.fixture
def forgotten() -> Iterator[None]:
    """The default session opened anew, before and after."""
    session._default.forget()
    yield
    session._default.forget()


def test_every_function_is_registered_with_its_arguments_and_help(fronts: list[ModuleType]) -> None:
    for front in fronts:
        registered = metadata(front)
        assert list(registered) == sorted(FUNCTIONS)
        for name, function in FUNCTIONS.items():
            entry = registered[name]
            assert entry["doc"] == function.help("nl")
            assert len(entry["doc"]) <= 255
            names = [argument.name for argument in function.arguments] + ["arguments"] * function.variadic
            assert list(entry["arguments"]) == names
            for argument in function.arguments:
                given = entry["arguments"][argument.name]
                assert given["doc"] == function.argument_help(argument.name, "nl")
                assert argument.required or given["default"] is None


def test_what_counts_from_today_is_computed_again_every_time(front: ModuleType) -> None:
    registered = metadata(front)
    assert {name for name, entry in registered.items() if entry["volatile"]} == {
        name for name, function in FUNCTIONS.items() if function.clock
    }
    assert registered["COPRO_STATUS"]["volatile"]


def test_main_py_registers_them_all_with_one_line(front: ModuleType) -> None:
    main = ModuleType("main")
    exec(f"from {FRONT} import *", main.__dict__)
    assert list(metadata(main)) == sorted(FUNCTIONS)


def test_a_fee_comes_back_as_a_number_and_blanks_count_as_omitted(front: ModuleType) -> None:
    for arguments in ([44991.4375, 3.5], [[[44991.4375]], 3.5, None, ""], ["2023-03-06T10:30", 3.5, [[None]]]):
        assert call_in_lite(front, "COPRO_INSPECTION_FEE", arguments) == [[1092.5]]


def test_a_column_is_one_call_with_a_true_error_in_its_own_row(front: ModuleType) -> None:
    starts = [[44991.4375], [None], [44991.4375], [AN_ERROR], [""]]
    hours = [[3.5], [""], [30], [2], [2]]
    assert call_in_lite(front, "COPRO_INSPECTION_FEE", [starts, hours]) == [
        [1092.5],
        [""],
        [{"type": "Error", "errorType": "Num"}],
        [AN_ERROR],
        [{"type": "Error", "errorType": "Value"}],
    ]


def test_codes_may_be_a_column_and_in_any_language(front: ModuleType) -> None:
    items = [["uur"], ["heure"], ["Stunde"], ["HOUR"], [AN_ERROR], ["hours"]]
    rates = shown(call_in_lite(front, "COPRO_RATE", [items, 44991]))
    assert rates == [[125.82], [125.82], [125.82], [125.82], ["#N/A"], ["#VALUE!"]]


def test_a_date_comes_back_as_a_date_where_days_count_from_1900(fronts: list[ModuleType]) -> None:
    due = {"type": "FormattedNumber", "basicValue": 46083.0, "numberFormat": "dd/mm/yyyy"}
    assert call_in_lite(fronts[0], "COPRO_DUE_DATE", [46037]) == [[due]]
    assert call_in_lite(fronts[1], "COPRO_DUE_DATE", [46037 - 1462]) == [[46083.0 - 1462]]


def test_explain_takes_any_number_of_arguments(front: ModuleType) -> None:
    steps = call_in_lite(front, "COPRO_EXPLAIN", ["en:COPRO_HOURS_CHARGED", 3.5])
    assert [row[3] for row in steps] == [4]
    assert call_in_lite(front, "COPRO_EXPLAIN", ["en:COPRO_HOURS_CHARGED", AN_ERROR])[0][1]


@pytest.mark.usefixtures("forgotten")
def test_random_calls_answer_as_the_core_does(
    front: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: list[Case] = random_calls(4_000)
    monkeypatch.setenv("COPRO_DATA", str(data_folder(tmp_path)))
    wrong = []
    for (name, given), answer in zip(cases, expected(cases), strict=True):
        handed_over = json.loads(json.dumps([as_javascript(value) for value in given]))
        if not same(shown(call_in_lite(front, name, handed_over)), answer):
            wrong.append((name, given, answer))
    assert wrong == []


@pytest.mark.usefixtures("forgotten")
def test_a_missing_data_folder_is_an_error_in_every_cell(front: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPRO_DATA", "/nowhere/at/all")
    assert shown(call_in_lite(front, "COPRO_RATE", ["HOUR", 44991])) == "#VALUE!"


def test_a_language_that_does_not_exist_does_not_stop_the_registration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPRO_LANGUAGE", "klingon")
    with lite(FRONT) as (front,):
        assert metadata(front)["COPRO_RATE"]["doc"] == FUNCTIONS["COPRO_RATE"].help("nl")
    monkeypatch.setenv("COPRO_LANGUAGE", "fr")
    with lite(FRONT) as (front,):
        assert metadata(front)["COPRO_RATE"]["doc"] == FUNCTIONS["COPRO_RATE"].help("fr")
    monkeypatch.delenv("COPRO_LANGUAGE")
    with lite(FRONT):
        pass
