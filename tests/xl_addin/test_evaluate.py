"""One call: names, omitted arguments, ranges that broadcast, and errors that stay in their row."""

from __future__ import annotations

from typing import Any

import pytest

from core.topics import LANGUAGES
from tests.core.folder import session_on
from xl_addin import CellError, call
from xl_addin.cells import Table
from xl_addin.evaluate import MAX_CELLS, arranged, find

SESSION = session_on(example=True)


def plain(answer: Any) -> Any:
    """Errors as their code."""
    if isinstance(answer, list):
        return [plain(item) for item in answer]
    return answer.code if isinstance(answer, CellError) else answer


def compute(name: str, *arguments: object) -> Any:
    return plain(call(name, arguments, SESSION))


# --- names and arguments -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["COPRO_HOURS_CHARGED", "copro_hours_charged", " Copro_Hours_Charged "])
def test_a_function_in_any_case(name: str) -> None:
    assert compute(name, 3.5) == 4


@pytest.mark.parametrize(
    "name", ["", " ", "HOURS_CHARGED", "COPRO_HOURS_CHARGED()", "=COPRO_RATE", None, 5, b"COPRO_RATE"]
)
def test_no_such_function(name: Any) -> None:
    assert compute(name, 3.5) == "#VALUE!"


def test_no_such_function_is_told() -> None:
    answer = call("COPRO_RATES", ["HOUR"], SESSION)
    assert isinstance(answer, CellError)
    for language in LANGUAGES:
        assert "COPRO_RATES" in answer.message(language)


def test_arguments_left_out() -> None:
    assert compute("COPRO_APPLICATION_FEE") == 1189.98  # today, 3 June 2024: 1160.96 x 1.025
    assert compute("COPRO_APPLICATION_FEE", "2023-03-06", "") == 1160.96
    assert compute("COPRO_APPLICATION_FEE", "2023-03-06", None) == 1160.96
    assert compute("COPRO_APPLICATION_FEE", None, 2) == 2379.96
    assert compute("COPRO_APPLICATION_FEE", "", 0) == 0
    assert compute("COPRO_HOURS_CHARGED") == "#VALUE!"


def test_too_many_arguments() -> None:
    answer = call("COPRO_HOURS_CHARGED", [3.5, None], SESSION)
    assert isinstance(answer, CellError)
    assert answer.code == "#VALUE!"
    assert "COPRO_HOURS_CHARGED" in answer.message("en")


def test_the_argument_is_named() -> None:
    answer = call("COPRO_VAT", ["ten"], SESSION)
    assert isinstance(answer, CellError)
    assert (answer.code, answer.argument, answer.row) == ("#VALUE!", "amount", 0)
    assert answer.message("en").startswith('amount: a number is expected, not "ten"')


def test_the_first_mistake_counts() -> None:
    answer = call("COPRO_INSPECTION_FEE", ["2023-03-06", "three", "one"], SESSION)
    assert isinstance(answer, CellError)
    assert answer.argument == "hours"


def test_an_error_cell_beats_the_mistakes_after_it_only() -> None:
    assert compute("COPRO_INSPECTION_FEE", "#REF!", "three") == "#REF!"
    assert compute("COPRO_INSPECTION_FEE", "2023-03-06", "three", "#REF!") == "#VALUE!"


# --- ranges --------------------------------------------------------------------------------------------------------


def test_a_column() -> None:
    assert compute("COPRO_HOURS_CHARGED", [[1], [1.5], [3.5]]) == [[1], [2], [4]]


def test_a_row() -> None:
    assert compute("COPRO_HOURS_CHARGED", [[1, 1.5, 3.5]]) == [[1, 2, 4]]


def test_a_block() -> None:
    assert compute("COPRO_HOURS_CHARGED", [[1, 1.5], [2.5, 3.5]]) == [[1, 2], [3, 4]]


def test_tuples_are_ranges_too() -> None:
    assert compute("COPRO_HOURS_CHARGED", ((1,), (1.5,))) == [[1], [2]]
    assert compute("COPRO_HOURS_CHARGED", [(1,), [1.5]]) == [[1], [2]]


def test_a_range_of_one_cell_is_that_cell() -> None:
    assert compute("COPRO_HOURS_CHARGED", [[3.5]]) == 4
    assert compute("COPRO_TARIFF", [[2023]], [["en"]])[0][0] == "APPLICATION"
    assert compute("COPRO_HOURS_CHARGED", [[None]]) == "#VALUE!"


def test_the_arguments_given_are_left_as_they_are() -> None:
    arguments = [[[3.5]]]
    call("COPRO_HOURS_CHARGED", arguments, SESSION)
    assert arguments == [[[3.5]]]


def test_a_column_against_one_value() -> None:
    # 100 and 200 euro at 21 %
    assert compute("COPRO_VAT", [[100], [200]], "2023-03-06", "BE") == [[21], [42]]
    assert compute("COPRO_VAT", 100, [["2023-03-06"], ["2022-03-06"]]) == [[21], ["#N/A"]]


def test_a_column_against_a_column() -> None:
    assert compute("COPRO_VAT", [[100], [200]], "2023-03-06", [["BE"], ["EXPORT"]]) == [[21], [0]]


def test_a_column_against_a_row_spills_a_grid() -> None:
    assert compute("COPRO_VAT", [[100], [200], [300]], "2023-03-06", [["BE", "EXPORT"]]) == [[21, 0], [42, 0], [63, 0]]


def test_a_block_against_a_row_and_a_column() -> None:
    block, row, column = [[100, 200], [300, 400]], [["2023-03-06", "2022-03-06"]], [["BE"], ["EXPORT"]]
    assert compute("COPRO_VAT", block, row, column) == [[21, "#N/A"], [0, "#N/A"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([[1], [2]], [["BE"], ["BE"], ["BE"]]),
        ([[1, 2]], [["BE", "BE", "BE"]]),
        ([[1, 2], [3, 4]], [["BE"], ["BE"], ["BE"]]),
        ([[1, 2], [3, 4]], [["BE", "BE", "BE"]]),
    ],
)
def test_shapes_that_do_not_match(one: Table, other: Table) -> None:
    answer = call("COPRO_VAT", [one, "2023-03-06", other], SESSION)
    assert isinstance(answer, CellError)
    assert answer.code == "#VALUE!"
    assert "do not match" in answer.message("en")


@pytest.mark.parametrize(
    "value", [[], [[]], [[], []], [1, 2], (1, 2), [[1], 2], [[1], [2, 3]], [[1, 2], [3]], [[1], "ab"], [None]]
)
def test_what_is_no_range(value: object) -> None:
    assert compute("COPRO_VAT", value) == "#VALUE!"
    assert compute("COPRO_VAT", [[1], [2]], value) == "#VALUE!"


def test_a_mistake_stays_in_its_row() -> None:
    answer = call("COPRO_VAT", [[[100], ["ten"], ["#DIV/0!"], [-5], [300]], "2023-03-06"], SESSION)
    assert plain(answer) == [[21], ["#VALUE!"], ["#DIV/0!"], ["#NUM!"], [63]]
    assert isinstance(answer, list)
    assert isinstance(answer[1][0], CellError)
    assert answer[1][0].message("en").startswith("amount, row 2: a number is expected")
    assert isinstance(answer[2][0], CellError)
    assert answer[2][0].message("en").startswith("row 3: ")
    assert isinstance(answer[3][0], CellError)
    assert answer[3][0].message("nl").startswith("amount, rij 4: ")


def test_a_rule_that_refuses_names_the_row() -> None:
    answer = call("COPRO_HOURS_CHARGED", [[[1], [30]]], SESSION)
    assert isinstance(answer, list)
    assert isinstance(answer[1][0], CellError)
    assert answer[1][0].message("en").startswith("row 2: an inspection lasts at most 24 hours")


def test_a_row_that_is_blank_stays_blank() -> None:
    starts = [["2023-03-06"], [None], [""], ["2023-03-06"], [None]]
    hours = [[3.5], [None], [""], [None], [3.5]]
    assert compute("COPRO_INSPECTION_FEE", starts, hours) == [[1092.5], [None], [None], ["#VALUE!"], ["#VALUE!"]]


def test_only_what_is_needed_decides_whether_a_row_is_blank() -> None:
    # an optional cell filled in does not make it a row; one left blank takes its default
    assert compute("COPRO_VAT", [[None], [100], [100]], [["2023-03-06"], [None], ["2023-03-06"]]) == [
        [None],
        [21],
        [21],
    ]
    assert compute("COPRO_APPLICATION_FEE", [["2023-03-06"], [None]]) == [[1160.96], [1189.98]]
    # what is needed and missing for every row is no blank row
    assert compute("COPRO_VAT", None, [["2023-03-06"], [None]]) == [["#VALUE!"], ["#VALUE!"]]


def test_zero_and_false_are_no_blanks() -> None:
    assert compute("COPRO_VAT", [[0], [False], [" "]]) == [[0], ["#VALUE!"], ["#VALUE!"]]


def test_more_cells_than_a_call_fills() -> None:
    column, row = [[1]] * 2_101, [["BE"] * 1_000]
    answer = call("COPRO_VAT", [column, None, row], SESSION)
    assert isinstance(answer, CellError)
    assert answer.code == "#NUM!"
    assert str(MAX_CELLS) in answer.message("en")


def test_a_whole_column_of_a_sheet_is_accepted() -> None:
    given, shape = arranged(find("COPRO_VAT"), [[[1]] * 1_048_576, None, [["BE", "EXPORT"]]])
    assert (len(given), shape) == (3, (1_048_576, 2))


def test_a_column_is_its_rows() -> None:
    starts = [[f"2023-03-{day:02}T{hour:02}:30"] for day in range(1, 29) for hour in (5, 10, 17, 23)]
    whole = compute("COPRO_PERFORMANCE_FEE", starts, 3.5)
    assert whole == [[compute("COPRO_PERFORMANCE_FEE", start, 3.5)] for (start,) in starts]


# --- tables --------------------------------------------------------------------------------------------------------


def test_a_table_takes_single_values_only() -> None:
    for name, arguments in {"COPRO_TARIFF": [[[2023], [2024]]], "COPRO_STATUS": [[["en", "nl"]]]}.items():
        answer = call(name, arguments, SESSION)
        assert isinstance(answer, CellError)
        assert answer.code == "#VALUE!"
        assert name in answer.message("en")


def test_payments_are_one_range_not_many_cases() -> None:
    payments = [["2024-01-15", 500], ["2024-02-15", 100]]
    rows = compute("COPRO_LATE_CLAIM", 1321.93, "2023-10-15", "2024-03-31", payments, None, "en")
    assert [len(row) for row in rows] == [2] * 6
    one = compute("COPRO_LATE_CLAIM", 1321.93, "2023-10-15", "2024-03-31", [["2024-01-15", 500]], None, "en")
    assert one != rows


def test_explaining_one_cell_of_a_range() -> None:
    rows = compute("COPRO_EXPLAIN", "COPRO_HOURS_CHARGED", [[3.5]])
    assert rows[0][3] == 4
    refused = compute("COPRO_EXPLAIN", "COPRO_HOURS_CHARGED", [[3.5], [1]])
    assert refused[0][3] == "#VALUE!"
    assert "single cells" in call("COPRO_EXPLAIN", ["en:COPRO_HOURS_CHARGED", [[3.5], [1]]], SESSION)[0][2]  # type: ignore[index, operator]
