"""Whatever is handed over, a call ends soon and says what was wrong in a few words (docs/limits.md)."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from core.topics import LANGUAGES
from tests.core.folder import session_on
from tests.xl_addin.test_bad_input import GOOD
from xl_addin import CellError, call
from xl_addin.catalogue import FUNCTIONS
from xl_addin.evaluate import MAX_CELLS, Answer

SESSION = session_on(example=True)
HANGING = 60.0
"""Seconds after which an answer counts as none; each takes a fraction of one when nothing else runs."""
LONGEST_MESSAGE = 1_000
"""Characters of the longest message, with room to spare: a cell holds 32,767."""
ROWS = 1_048_576
COLUMNS = 16_384
SERIAL = 44991.4375
TEN_MEGABYTES = 10_000_000

LONG_TEXTS = ("x", "1", " ", "é", "1e9", "2023-03-06", "#N/A", "\u0345", "BRUSSEL", "\n")
"""Repeated to ten megabytes: letters, digits, blanks, accents that fold, dates, error codes, a name."""
UNSHOWABLE = ("\0", "a\0b", "\ud800", "\udfff" * 90, "a\nb\tc", "\x1b[31m", "\u202e", "\uffff")


class Unkind:
    """An object of which nothing can be asked."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __bool__ = __len__ = __str__  # type: ignore[assignment]


def cyclic() -> list[Any]:
    """A list that holds itself."""
    rows: list[Any] = []
    rows.append(rows)
    return rows


def cyclic_cell() -> list[Any]:
    """A range of which a cell is the range."""
    rows: list[Any] = [[1, 2]]
    rows[0][0] = rows
    return rows


def deep(levels: int = 100_000) -> list[Any]:
    """A list in a list in a list …"""
    rows: list[Any] = []
    for _ in range(levels):
        rows = [rows]
    return rows


def each_argument(name: str, value: object) -> Iterator[tuple[str, list[object]]]:
    """Good arguments, with ``value`` in the place of each in turn."""
    arguments = FUNCTIONS[name].arguments
    good = [GOOD[argument.name] for argument in arguments]
    for place, argument in enumerate(arguments):
        yield argument.name, [*good[:place], value, *good[place + 1 :]]


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def messages(answer: Answer) -> list[str]:
    """The reasons in an answer, in every language."""
    cells = [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]
    return [cell.message(language) for cell in cells if isinstance(cell, CellError) for language in LANGUAGES]


def refused(name: str, arguments: Sequence[object], *codes: str) -> None:
    answer = call(name, arguments, SESSION)
    assert not codes or (isinstance(answer, CellError) and answer.code in codes), answer
    assert_short(answer)


def assert_short(answer: Answer) -> None:
    for message in messages(answer):
        assert len(message) <= LONGEST_MESSAGE
        assert message.isprintable() or "\u202f" in message or "\xa0" in message, message  # spaces inside numbers
        message.encode()


# --- texts, numbers and things that no cell holds ------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_ten_megabytes_of_text_in_any_argument_are_refused_within_a_second(name: str) -> None:
    for text in LONG_TEXTS:
        long = text * (TEN_MEGABYTES // len(text))
        for argument, arguments in each_argument(name, long):
            started = time.perf_counter()
            answer = call(name, arguments, SESSION)
            assert_short(answer)
            assert time.perf_counter() - started < HANGING, argument
            if not FUNCTIONS[name].variadic:
                assert isinstance(answer, CellError), argument


@pytest.mark.parametrize("name", FUNCTIONS)
def test_text_that_cannot_be_shown_is_not_repeated(name: str) -> None:
    for text in UNSHOWABLE:
        for _, arguments in each_argument(name, text):
            answer = call(name, arguments, SESSION)
            assert FUNCTIONS[name].variadic or isinstance(answer, CellError)
            assert_short(answer)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_number_of_thousands_of_digits_is_refused(name: str) -> None:
    for number in (10**5000, -(10**5000), 10**400, 2**1024):
        for _, arguments in each_argument(name, number):
            answer = call(name, arguments, SESSION)
            assert FUNCTIONS[name].variadic or isinstance(answer, CellError)
            assert_short(answer)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_object_that_is_no_cell_is_refused(name: str) -> None:
    for value in (Unkind(), object(), {1: 2}, {1}, b"HOUR", print, iter([1]), 1j, type("Text", (list,), {})([1])):
        for _, arguments in each_argument(name, value):
            refused(name, arguments, *([] if FUNCTIONS[name].variadic else ["#VALUE!"]))


def test_a_name_of_any_length_or_kind_is_refused() -> None:
    for name in ("x" * TEN_MEGABYTES, "\0", "\ud800", "COPRO_RATE\0"):
        refused(name, [], "#VALUE!")


# --- shapes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_lists_in_lists_lists_in_themselves_and_ragged_rows_end_at_once(name: str) -> None:
    shapes = (deep(), cyclic(), cyclic_cell(), [[1], [1, 2]], [[], []], [], [1], [[1], 2], ((),))
    for shape in shapes:
        for argument, arguments in each_argument(name, shape):
            assert seconds(lambda arguments=arguments: assert_short(call(name, arguments, SESSION))) < HANGING, argument


def test_explaining_them_ends_at_once() -> None:
    for shape in (deep(), cyclic(), cyclic_cell(), [[1], [1, 2]]):
        for arguments in (["en:COPRO_RATE", shape], [shape, shape]):
            answer = call("COPRO_EXPLAIN", arguments, SESSION)
            assert len(messages(answer)) == len(LANGUAGES)
            assert_short(answer)


def test_more_cells_than_a_call_may_fill_are_refused_before_any_is_computed() -> None:
    column: list[list[object]] = [[1.0]] * ROWS
    row: list[list[object]] = [["2024-01-01"] * COLUMNS]
    too_many = [
        ("COPRO_VAT", [column, row]),
        ("COPRO_HOURS_CHARGED", [[[1.0] * 3] * (MAX_CELLS // 3 + 1)]),
        ("COPRO_INSPECTION_FEE", [[[SERIAL]] * ROWS, [[3.5, 3.5, 3.5]]]),
    ]
    for name, arguments in too_many:
        assert seconds(lambda name=name, arguments=arguments: refused(name, arguments, "#NUM!")) < HANGING
    answer = call("COPRO_VAT", [column, row], SESSION)
    assert isinstance(answer, CellError)
    assert "17179869184" in answer.message("en")
    assert str(MAX_CELLS) in answer.message("en")


def test_a_row_as_wide_as_a_sheet_is_one_answer() -> None:
    hours: list[list[object]] = [[1.0 + n % 23 for n in range(COLUMNS)]]
    answer = call("COPRO_HOURS_CHARGED", [hours], SESSION)
    assert answer == [[1 + n % 23 for n in range(COLUMNS)]]


def test_too_many_arguments_are_refused() -> None:
    refused("COPRO_RATE", [1] * 100_000, "#VALUE!")
    answer = call("COPRO_EXPLAIN", ["COPRO_RATE", *[1] * 100_000], SESSION)
    assert isinstance(answer, list)
    assert len(answer) == 1


# --- size: time and memory grow with the rows, no faster --------------------------------------------------------------


def column(rows: int, filled: int) -> list[object]:
    """Two columns: a start and hours, blank below the filled rows."""
    starts = [[SERIAL] for _ in range(filled)] + [[None] for _ in range(rows - filled)]
    hours = [[3.5] for _ in range(filled)] + [[""] for _ in range(rows - filled)]
    return [starts, hours]


def effort(act: Callable[[], object]) -> int:
    """How many functions are called: the same on every machine, whatever else it does."""
    called = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return called


def test_four_times_the_rows_take_about_four_times_the_effort() -> None:
    small, large = column(4_000, 4_000), column(16_000, 16_000)
    call("COPRO_INSPECTION_FEE", small, SESSION)
    one = effort(lambda: call("COPRO_INSPECTION_FEE", small, SESSION))
    assert effort(lambda: call("COPRO_INSPECTION_FEE", large, SESSION)) < 4 * one * 1.1


def test_four_times_the_rows_take_about_four_times_the_memory() -> None:
    def peak(rows: int) -> int:
        arguments = column(rows, rows)
        tracemalloc.start()
        call("COPRO_INSPECTION_FEE", arguments, SESSION)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    call("COPRO_INSPECTION_FEE", column(10, 10), SESSION)
    assert peak(8_000) < 4 * peak(2_000) * 1.5
    assert peak(8_000) < 8_000 * 400


def test_payments_grow_no_faster_than_their_rows() -> None:
    def claim(payments: int) -> int:
        rows = [["2023-11-01", 0.01] for _ in range(payments)]
        return effort(lambda: call("COPRO_LATE_CLAIM", [10_000.0, "2023-10-01", "2024-01-01", rows], SESSION))

    claim(10)
    assert claim(16_000) < 4 * claim(4_000) * 1.1


def test_whole_columns_of_which_few_rows_are_filled_take_seconds_at_most() -> None:
    arguments = column(ROWS, 500)
    started = time.perf_counter()
    answer = call("COPRO_INSPECTION_FEE", arguments, SESSION)
    assert time.perf_counter() - started < HANGING
    assert isinstance(answer, list)
    assert len(answer) == ROWS
    assert answer[499] == [1092.5]
    assert answer[500] == answer[-1] == [None]
    assert answer[500] is not answer[501]


def test_blank_rows_below_are_blank_only_when_every_required_cell_is() -> None:
    starts = [[SERIAL], [None], [SERIAL], [None], [""]]
    hours = [[3.5], [""], [None], [2.0], [None]]
    answer = call("COPRO_INSPECTION_FEE", [starts, hours], SESSION)
    assert isinstance(answer, list)
    codes = [cell.code if isinstance(cell, CellError) else cell for (cell,) in answer]
    assert codes == [1092.5, None, "#VALUE!", "#VALUE!", None]


def test_a_row_given_against_a_column_keeps_blank_rows_filled() -> None:
    answer = call("COPRO_INSPECTION_FEE", [[[SERIAL], [None]], [[3.5, None]]], SESSION)
    assert isinstance(answer, list)
    codes = [[cell.code if isinstance(cell, CellError) else cell for cell in row] for row in answer]
    assert codes == [[1092.5, "#VALUE!"], ["#VALUE!", None]]
    assert call("COPRO_INSPECTION_FEE", [[[None], [None]], [[None, ""]]], SESSION) == [[None, None], [None, None]]


def test_optional_columns_alone_leave_no_row_blank() -> None:
    answer = call("COPRO_INSPECTION_FEE", [SERIAL, 3.5, [[1], [None], [None]]], SESSION)
    assert answer == [[1092.5], [1092.5], [1092.5]]
