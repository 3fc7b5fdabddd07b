"""Rubbish in every argument of every function: a true error with its reason, never a number, never an exception."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.topics import LANGUAGES
from tests.core.folder import session_on
from tests.core.test_texts import clauses
from xl_addin import CellError, call
from xl_addin.catalogue import FUNCTIONS, Argument, Function, kinds
from xl_addin.cells import ERROR_CODES

SESSION = session_on(example=True)
VALUE, NUM, NA = "#VALUE!", "#NUM!", "#N/A"
MISSING = object()

GOOD: Mapping[str, object] = {
    "amount": 1321.93,
    "applications": 2,
    "as_of": "2024-03-31",
    "car_km": 412.5,
    "cost": "TRAVEL",
    "customer": "BE",
    "day_type": "WORKDAY",
    "due_date": "2023-11-30",
    "function_name": "COPRO_KM_RATE",
    "hours": 3.5,
    "hours_abroad": 2,
    "invoice_date": "2023-10-15",
    "item": "HOUR",
    "kind": "CERTIFICATION",
    "language": "en",
    "law": "1865",
    "nights": 1,
    "notice_received": "2024-01-10",
    "on_date": "2023-03-06",
    "payments": [["2024-01-15", 500]],
    "quantity": 4,
    "quarter": 3,
    "regulation": "EXAMPLE-BRS",
    "room_cost": 120,
    "s_n": 102.5,
    "s_r": 100,
    "series": "TRAVEL",
    "site": "BRUSSEL",
    "start": "2023-03-06T10:00",
    "tickets": 38.2,
    "trips": 1,
    "until_date": "2024-03-31",
    "year": 2024,
}
"""A value for each argument with which every function computes."""

GROUPS = {
    **dict.fromkeys((kinds.MOMENT, kinds.DATE), "date"),
    **dict.fromkeys((kinds.HOURS, kinds.HOURS_ABROAD, kinds.COUNT, kinds.KILOMETRES, kinds.MONEY), "number"),
    **dict.fromkeys((kinds.EXACT_AMOUNT, kinds.INDEX, kinds.QUANTITY, kinds.YEAR, kinds.QUARTER), "number"),
    **dict.fromkeys((kinds.ITEM, kinds.SERIES, kinds.CONTRIBUTION, kinds.DAY_TYPE, kinds.CUSTOMER), "word"),
    **dict.fromkeys((kinds.COST, kinds.LAW, kinds.LANGUAGE, kinds.SITE, kinds.REGULATION), "word"),
    kinds.PAYMENTS: "payments",
    kinds.FUNCTION_NAME: "function",
}
"""What an argument takes: a date, a number, a word (code or name), payments, a function's name."""


class Case(NamedTuple):
    """One argument of one function, the others being right."""

    function: Function
    position: int

    @property
    def argument(self) -> Argument:
        return self.function.arguments[self.position]

    @property
    def group(self) -> str:
        return GROUPS[self.argument.kind]

    def __str__(self) -> str:
        return f"{self.function.name}({self.argument.name})"

    def call(self, value: object) -> Any:
        """The answer with ``value`` for the argument."""
        arguments = [GOOD[argument.name] for argument in self.function.arguments]
        arguments[self.position] = value
        return call(self.function.name, arguments, SESSION)


CASES = [Case(function, n) for function in FUNCTIONS.values() for n in range(len(function.arguments))]
ORDINARY = [case for case in CASES if case.group != "function"]


def test_every_kind_of_argument_has_its_group() -> None:
    assert {argument.kind for function in FUNCTIONS.values() for argument in function.arguments} == set(GROUPS)
    assert {argument.name for function in FUNCTIONS.values() for argument in function.arguments} == set(GOOD)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_with_everything_right_it_computes(function: Function) -> None:
    answer = call(function.name, [GOOD[argument.name] for argument in function.arguments], SESSION)
    assert not isinstance(answer, CellError)
    assert answer not in (None, "", [])
    if isinstance(answer, list):
        assert not any(isinstance(cell, CellError) for row in answer for cell in row)


# --- what is wrong -------------------------------------------------------------------------------------------------


class Bad(NamedTuple):
    """A value, and the error it makes of each group of arguments; groups that are not named take it as it is."""

    name: str
    value: object
    date: str = ""
    number: str = ""
    word: str = ""
    payments: str = ""


def everywhere(name: str, value: object, code: str = VALUE) -> Bad:
    return Bad(name, value, code, code, code, code)


class Loud:
    """An object that can be neither compared nor shown."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not comparable")

    def __str__(self) -> str:
        raise RuntimeError("not to be shown")


class Text(str):
    """A text in disguise."""

    __slots__ = ()


ENDLESS: list[object] = []
ENDLESS.append(ENDLESS)

BADS = [
    # words
    everywhere("a word", "rubbish"),
    everywhere("a long word", "x" * 100_000),
    everywhere("spaces", "  "),
    everywhere("a tab and a line", "\t\n"),
    everywhere("a space that does not break", "\u00a0"),
    everywhere("an invisible space", "\u200b"),
    everywhere("an apostrophe", "'"),
    everywhere("braces", "{value} {0} {}"),
    everywhere("percent", "%s %(value)s %"),
    everywhere("a formula", '=HYPERLINK("http://x")'),
    everywhere("a text of its own kind", Text("rubbish")),
    everywhere("a null character", "HO\0UR"),
    everywhere("half a character", "\ud800"),
    Bad("a number as text", "5", VALUE, VALUE, VALUE, VALUE),
    Bad("a decimal comma", "5,5", VALUE, VALUE, VALUE, VALUE),
    Bad("an amount with its sign", "€ 5", VALUE, VALUE, VALUE, VALUE),
    Bad("an error that is none of the seven", "#SPILL!", VALUE, VALUE, VALUE, VALUE),
    # numbers
    Bad("not a number", math.nan, NUM, NUM, VALUE, VALUE),
    Bad("infinite", math.inf, NUM, NUM, VALUE, VALUE),
    Bad("infinitely small", -math.inf, NUM, NUM, VALUE, VALUE),
    Bad("negative", -1, NUM, NUM, VALUE, VALUE),
    Bad("negative, a little", -0.01, NUM, NUM, VALUE, VALUE),
    Bad("huge", 1e300, NUM, NUM, VALUE, VALUE),
    Bad("huge and whole", 10**30, NUM, NUM, VALUE, VALUE),
    Bad("hugely negative", -1e300, NUM, NUM, VALUE, VALUE),
    Bad(
        "beyond a float",
        10**400,
        NUM,
        NUM,
        VALUE,
        VALUE,
    ),
    Bad(
        "beyond a printable number",
        10**5000,
        NUM,
        NUM,
        VALUE,
        VALUE,
    ),
    Bad("a NumPy NaN", np.float64("nan"), NUM, NUM, VALUE, VALUE),
    Bad("a Decimal NaN", Decimal("NaN"), VALUE, NUM, VALUE, VALUE),
    Bad("a signalling NaN", Decimal("sNaN"), VALUE, NUM, VALUE, VALUE),
    Bad("a Decimal infinity", Decimal("-Infinity"), VALUE, NUM, VALUE, VALUE),
    # truth
    everywhere("true", True),
    everywhere("false", False),
    everywhere("a NumPy truth", np.bool_(True)),
    # dates where none belongs, and dates that are none
    Bad("a moment", datetime(2023, 3, 6, 10), "", VALUE, VALUE, VALUE),
    Bad("a day", date(2023, 3, 6), "", VALUE, VALUE, VALUE),
    Bad("a day as text", "2023-03-06", "", VALUE, VALUE, VALUE),
    everywhere("a time of day", time(10, 30)),
    everywhere("a duration", timedelta(hours=3)),
    everywhere("a NumPy day", np.datetime64("2023-03-06")),
    *(
        everywhere(f"no date: {written}", written)
        for written in (
            *("31/02/2023", "29/02/2023", "2023-02-29", "2023-13-01", "2023-00-10", "2023-03-00", "00/03/2023"),
            *("2023-3-6", "23-03-06", "6/3/23", "2023/03/06", "2023.03.06", "20230306", "06-03/2023", "2023-065"),
            *("2023-W10-1", "03-06-2023T10:00:00Z", "2023-03-06Z", "2023-03-06T10:00Z", "2023-03-06T10:00+01:00"),
            *("2023-03-06T24:00", "2023-03-06T10:60", "2023-03-06T10:00:60", "2023-03-06T10", "2023-03-06T1000"),
            *("2023-03-06 10:00 AM", "2023-03-06T10:00:00,5", "2023-03-06T10:00:00.1234567", "2023-03-06T-1:00"),
            *("6 maart 2023", "6 mars 2023", "March 6 2023", "maandag", "vandaag", "today", "10:00", "2023-03", "2023"),
            *("10000-01-01", "0000-01-01", "-2023-03-06", "+2023-03-06", "2023-03-06 2023-03-07", "2023‐03‐06"),
        )
    ),
    everywhere("fullwidth digits", "２０２３-03-06"),
    everywhere("Arabic digits", "٠٦/٠٣/٢٠٢٣"),
    everywhere("a moment with a zone", datetime(2023, 3, 6, 10, tzinfo=UTC)),
    everywhere("a moment an hour ahead", datetime(2023, 3, 6, 10, tzinfo=timezone(timedelta(hours=1)))),
    # days on which no regulation was in force
    Bad("the day before, as a serial", 44926.0, NA),
    Bad("the minute before, as a serial", 44927 - 1 / 1440, NA),
    Bad("the first day of the sheet", 1, NA),
    Bad("the day before the leap-year bug", 59, NA),
    Bad("the day before, as a moment", datetime(2022, 12, 31, 23, 59), NA, VALUE, VALUE, VALUE),
    Bad("the day before, as a day", date(2022, 12, 31), NA, VALUE, VALUE, VALUE),
    Bad("the day before, as text", "2022-12-31", NA, VALUE, VALUE, VALUE),
    Bad("the minute before, as text", "2022-12-31T23:59", NA, VALUE, VALUE, VALUE),
    Bad("the day before, in Belgium", "31/12/2022", NA, VALUE, VALUE, VALUE),
    Bad("long ago", "0001-01-01", NA, VALUE, VALUE, VALUE),
    # days that no sheet has
    Bad("before the sheet", 0, NUM),
    Bad("before the sheet, at noon", 0.5, NUM),
    Bad("the leap-year bug", 60, NUM),
    Bad("noon of the leap-year bug", 60.5, NUM),
    Bad("after the sheet", 2_958_466, NUM),
    # shapes
    Bad("an empty range", [], VALUE, VALUE, VALUE),  # no payments are payments too
    everywhere("a range of no columns", [[]]),
    everywhere("a range of nothing", [[], []]),
    everywhere("a list", [1, 2]),
    everywhere("a tuple", ("2023-03-06", "2023-03-07")),
    everywhere("a list of words", ["HOUR", "NIGHT"]),
    everywhere("a ragged range", [["2023-03-06", 1], ["2023-03-06"]]),
    everywhere("a range and a number", [["2023-03-06", 1], 5]),
    everywhere("a range in a cell", [[[["2023-03-06"]]]]),
    everywhere("a range that holds itself", ENDLESS),
    # objects
    everywhere("an object", object()),
    everywhere("a class", int),
    everywhere("a function", len),
    everywhere("a dictionary", {"value": 1}),
    everywhere("a set", {1}),
    everywhere("bytes", b"2023-03-06"),
    everywhere("a complex number", 1 + 2j),
    everywhere("a fraction", Fraction(7, 2)),
    everywhere("a range of numbers", range(3)),
    everywhere("an exception", ValueError("x")),
    everywhere("an array", np.array([[1.0], [2.0]])),
    everywhere("a loud object", Loud()),
]


def hits(bad: Bad) -> Iterator[tuple[Case, str]]:
    """The arguments of which ``bad`` makes an error, and which error."""
    for case in ORDINARY:
        code = getattr(bad, case.group)
        if code:
            yield case, code


EACH_BAD = pytest.mark.parametrize("bad", BADS, ids=lambda bad: bad.name)


@EACH_BAD
def test_an_error_and_which(bad: Bad) -> None:
    wrong = []
    for case, code in hits(bad):
        answer = case.call(bad.value)
        if not isinstance(answer, CellError) or answer.code != code:
            wrong.append(f"{case}: {answer!r:.200}, not {code}")
    assert wrong == []


PYTHON = re.compile(
    r"<[\w.-]+ |\w+\(|\dj\b|datetime\.|b'|\{'|\[\[|\[\.\.\.|\b(True|False|None)\b|\\x|\\u|\bnp\.|object at 0x|[{\[]\d"
)
"""What Python writes and nobody else."""


def faults(answer: CellError, bad: str) -> list[str]:
    """What is wrong with the message of an error."""
    found = []
    for language in LANGUAGES:
        message = answer.message(language)
        unfilled = set(re.findall(r"\{\w*\}", message)) - set(re.findall(r"\{\w*\}", bad))
        reason = answer.reason.message(language) if answer.reason else message
        written = message.replace(bad, "") if bad.strip() else message
        if unfilled or PYTHON.search(written) or len(clauses(reason)) < 2 or len(message) > 900:
            found.append(f"{language}: {message[:300]}")
        message.encode()
    return found


@EACH_BAD
def test_what_is_said_about_it(bad: Bad) -> None:
    wrong = []
    for case, _ in hits(bad):
        answer = case.call(bad.value)
        if isinstance(answer, CellError):
            told = bad.value[:80] if isinstance(bad.value, str) else ""
            wrong += [f"{case}: {fault}" for fault in faults(answer, told)]
            assert answer.message("nl") != answer.message("fr")
    assert wrong == []


# --- error cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ERROR_CODES)
def test_an_error_cell_comes_out_as_it_came_in(code: str) -> None:
    inside = CellError(code, None, "amount", 3)
    for case in ORDINARY:
        ranges = [] if case.argument.range else [[[code]], [[CellError(code)]]]  # for payments see below
        for value in (code, Text(code), CellError(code), inside, *ranges):
            answer = case.call(value)
            assert isinstance(answer, CellError), str(case)
            assert answer.code == code, str(case)
            assert [code in answer.message(language) for language in LANGUAGES] == [True] * 4
            assert faults(answer, code) == []


# --- blanks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_blank(case: Case) -> None:
    """A needed argument that is blank is missing; one that may be left out is left out."""
    required = [argument.required for argument in case.function.arguments]
    arguments = [GOOD[argument.name] if argument.required else None for argument in case.function.arguments]
    left_out = call(case.function.name, arguments[: sum(required)], SESSION)
    for blank in (None, "", [[None]], [[""]]):
        arguments[case.position] = blank
        answer = call(case.function.name, arguments, SESSION)
        if case.argument.required:
            assert isinstance(answer, CellError)
            assert (answer.code, answer.argument) == (VALUE, case.argument.name)
            assert faults(answer, "") == []
        elif not (case.argument.range and isinstance(blank, list)):  # for payments see below
            assert str(answer) == str(left_out)


# --- payments ------------------------------------------------------------------------------------------------------

CLAIM = next(case for case in CASES if case.argument.name == "payments")


ONE_CELL = "cells.payments: a range of one cell, as Excel hands on every cell, is not taken for that cell"


@pytest.mark.parametrize("code", ERROR_CODES)
def test_an_error_cell_for_the_payments(code: str) -> None:
    answer = CLAIM.call([[code]])
    assert isinstance(answer, CellError)
    assert (answer.code, answer.reason) == (code, None)


@pytest.mark.parametrize("blank", [[[None]], [[""]]], ids=str)
def test_a_blank_cell_for_the_payments(blank: object) -> None:
    assert str(CLAIM.call(blank)) == str(CLAIM.call(None))


@EACH_BAD
def test_rubbish_among_the_payments(bad: Bad) -> None:
    """A date or an amount that is wrong by itself is wrong among the payments."""
    for row, code in (([bad.value, 500], bad.date), (["2024-01-15", bad.value], bad.number)):
        value_is_cell = not isinstance(bad.value, list | tuple)
        if code and value_is_cell:
            answer = CLAIM.call([["2024-01-10", 100], row])
            assert isinstance(answer, CellError)
            assert answer.code == code
            assert answer.argument in ("payments", "")


@pytest.mark.parametrize(
    "payments",
    [
        [["2024-01-15", 500, 1]],
        [["2024-01-15"], [500]],
        [["2024-01-15", 500], [None]],
        [["2024-01-15", 500], []],
        [["2024-01-15", 500], None],
        [["2024-01-15", None]],
        [[None, 500]],
        [["", 500]],
        [[["2024-01-15"], [500]]],
        [[500, "2024-01-15"]],
        {"2024-01-15": 500},
        "2024-01-15",
        500,
        ["2024-01-15", 500],
    ],
    ids=str,
)
def test_payments_of_another_shape(payments: object) -> None:
    answer = CLAIM.call(payments)
    assert isinstance(answer, CellError)
    assert answer.code == VALUE
    assert len(clauses(answer.message("en"))) >= 2


# --- ranges with rubbish in them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [case for case in ORDINARY if not case.function.table], ids=str)
def test_rubbish_stays_in_its_row(case: Case) -> None:
    good = GOOD[case.argument.name]
    rows = case.call([[good], ["rubbish"], [True], ["#DIV/0!"], [object()], [[1]], [good]])
    assert isinstance(rows, list)
    codes = [cell.code if isinstance(cell, CellError) else "" for (cell,) in rows]
    assert codes == ["", VALUE, VALUE, "#DIV/0!", VALUE, VALUE, ""]
    assert rows[0] == rows[-1]
    assert [cell.row for (cell,) in rows if isinstance(cell, CellError)] == [2, 3, 4, 5, 6]


def test_a_range_in_a_cell_beside_a_range() -> None:
    answer = call("COPRO_INSPECTION_FEE", [[["2023-03-06"], ["2023-03-07"]], [[[1, 2]]]], SESSION)
    assert isinstance(answer, CellError)
    assert answer.code == VALUE


# --- very long texts -----------------------------------------------------------------------------------------------

BY_READER = list({case.argument.kind.read.__qualname__: case for case in ORDINARY}.values())
"""An argument for each way of reading one."""


@pytest.mark.parametrize("case", BY_READER, ids=str)
def test_ten_megabytes(case: Case) -> None:
    answer = case.call("x" * 10_000_000)
    assert isinstance(answer, CellError)
    assert answer.code == VALUE
    assert all(len(answer.message(language)) < 900 for language in LANGUAGES)


def test_a_cell_full_of_ligatures() -> None:
    """The longest text of a sheet's cell, each letter of which stands for eighteen."""
    for case in BY_READER:
        answer = case.call("\ufdfa" * 32_767)
        assert isinstance(answer, CellError)
        assert answer.code == VALUE


# --- values that are numbers all the same, and results that are none -----------------------------------------------


def test_a_law_is_a_whole_number() -> None:
    law = next(case for case in CASES if case.argument.name == "law")
    assert [law.call(value) for value in (1865, 1865.0, "1865", Text("1865"))] == [0.0525] * 4
    for value in (1865.5, 2002.25, 1866, -1865, 0):
        assert isinstance(law.call(value), CellError)


def test_almost_a_law_is_no_law() -> None:
    law = next(case for case in CASES if case.argument.name == "law")
    assert isinstance(law.call(1865.004), CellError)


def test_a_tiny_index() -> None:
    answer = call("COPRO_INDEXED", [1e12, 1e9, 1e-300], SESSION)
    assert isinstance(answer, CellError)
    assert answer.code == NUM


@pytest.mark.parametrize(
    "name", [None, "", " ", 5, 5.5, object(), b"x", ["COPRO_RATE"], {}, "COPRO", "COPRO_RATE\0", "ＣＯＰＲＯ_RATE"]
)
def test_no_such_function(name: Any) -> None:
    answer = call(name, ["HOUR"], SESSION)
    assert isinstance(answer, CellError)
    assert answer.code == VALUE


# --- explanations of what fails ------------------------------------------------------------------------------------

TO_EXPLAIN = [
    bad for bad in BADS if bad.name in ("a word", "not a number", "true", "the day before, as text", "a list", "huge")
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bad", TO_EXPLAIN, ids=lambda bad: bad.name)
def test_a_failing_call_is_explained(bad: Bad, language: str) -> None:
    for case, code in hits(bad):
        arguments = [GOOD[argument.name] for argument in case.function.arguments]
        arguments[case.position] = bad.value
        answer = case.call(bad.value)
        rows = call("COPRO_EXPLAIN", [f"{language}:{case.function.name}", *arguments], SESSION)
        assert isinstance(rows, list)
        ((article, what, formula, value, policy, source),) = rows
        assert (article, policy, source) == ("", "", "")
        assert isinstance(value, CellError)
        assert value.code == code
        assert formula == answer.message(language)
        assert what


@pytest.mark.parametrize("code", ERROR_CODES)
def test_an_error_cell_is_explained(code: str) -> None:
    for value in (code, CellError(code)):
        rows = call("COPRO_EXPLAIN", ["COPRO_HOURS_CHARGED", value], SESSION)
        assert isinstance(rows, list)
        assert isinstance(rows[0][3], CellError)
        assert rows[0][3].code == code
        assert code in str(rows[0][2])


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [None],
        [""],
        [[["COPRO_RATE"], ["COPRO_VAT"]]],
        ["xx:COPRO_RATE", "HOUR"],
        [":COPRO_RATE", "HOUR"],
        ["COPRO_EXPLAIN", "COPRO_RATE", "HOUR"],
        ["COPRO_RATE", "HOUR", None, None, None],
        ["COPRO_RATE", [["HOUR"], ["NIGHT"]]],
        ["COPRO_RATE", []],
        ["COPRO_RATE"],
        ["COPRO_TARIFF", [[2023], [2024]]],
    ],
    ids=str,
)
def test_nothing_to_explain(arguments: list[object]) -> None:
    answer = call("COPRO_EXPLAIN", arguments, SESSION)
    refusal = answer[0][3] if isinstance(answer, list) else answer
    assert isinstance(refusal, CellError)
    assert refusal.code == VALUE
    assert faults(refusal, "") == []


@pytest.mark.parametrize("name", ["COPRO_RATES", "rubbish", "nl:rubbish", 5, 5.5, math.nan, date(2023, 3, 6)])
def test_a_function_that_does_not_exist_is_explained(name: object) -> None:
    answer = call("COPRO_EXPLAIN", [name, "HOUR"], SESSION)
    refusal = answer[0][3] if isinstance(answer, list) else answer
    assert isinstance(refusal, CellError)
    assert refusal.code == VALUE
    assert faults(refusal, str(name)) == []


@pytest.mark.parametrize(
    "name", [True, object(), {}, b"COPRO_RATE", [["COPRO_RATE"]]], ids=["true", "object", "dict", "bytes", "range"]
)
def test_what_is_no_name_of_a_function_is_explained(name: object) -> None:
    answer = call("COPRO_EXPLAIN", [[[name]], "HOUR"], SESSION)
    refusal = answer[0][3] if isinstance(answer, list) else answer
    assert isinstance(refusal, CellError)
    assert refusal.code == VALUE
    assert faults(refusal, "") == []


@pytest.mark.parametrize("name", [*ERROR_CODES, CellError("#REF!")], ids=str)
def test_an_error_cell_for_the_name_of_a_function(name: Any) -> None:
    answer = call("COPRO_EXPLAIN", [name, "HOUR"], SESSION)
    refusal = answer[0][3] if isinstance(answer, list) else answer
    assert isinstance(refusal, CellError)
    assert (refusal.code, refusal.reason) == (getattr(name, "code", name), None)


# --- anything at all -----------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.floats(40_000, 50_000),
    st.text(max_size=20),
    st.sampled_from([*ERROR_CODES, *GOOD.values()]),
    st.datetimes(),
    st.dates(),
    st.decimals(-(10**20), 10**20),
)
RANGES = st.lists(st.lists(CELLS, max_size=3), max_size=3)
TOO_SMALL_FOR_NOW = "COPRO_INDEXED"  # see test_a_tiny_index


def is_cell(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, int | str | date | CellError) and not isinstance(value, bool))


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from([name for name in FUNCTIONS if name not in (TOO_SMALL_FOR_NOW, "COPRO_EXPLAIN")]),
    st.lists(st.one_of(CELLS, CELLS, CELLS, RANGES), max_size=12),
    st.booleans(),
)
def test_whatever_is_given_something_comes_out(name: str, arguments: list[object], explain: bool) -> None:
    plain = [
        value for value in arguments if not (isinstance(value, list) and not explain and value == GOOD["payments"])
    ]
    answer = call("COPRO_EXPLAIN", [name, *plain], SESSION) if explain else call(name, plain, SESSION)
    rows = answer if isinstance(answer, list) else [[answer]]
    for row in rows:
        for value in row:
            assert is_cell(value), value
            if isinstance(value, CellError):
                assert value.code in ERROR_CODES
                assert all(value.message(language) for language in LANGUAGES)
