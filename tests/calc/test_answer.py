"""One call from Calc, without LibreOffice: its objects are stood in for by small ones."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fronts.cases import canonical
from xl_addin import CellError, Session, call
from xl_addin.calc import answer, convert
from xl_addin.catalogue import FUNCTIONS, Function


def shown(name: str, *arguments: object, day_zero: date = convert.DAY_ZERO) -> object:
    ((value,),), trouble = answer.reply(("answer", name, day_zero.timetuple()[:3], arguments))  # type: ignore[misc]
    assert trouble == ""
    return convert.argument(value)


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "GUARDED", True)


@pytest.mark.usefixtures("guarded")
def test_a_call() -> None:
    assert shown("COPRO_HOURS_CHARGED", 2.5) == 3.0
    assert shown("COPRO_HOURS_CHARGED", "copro:blank") == "#VALUE!"
    assert shown("COPRO_HOURS_CHARGED", "copro:error 524") == "#REF!"
    assert shown("COPRO_TRAVEL_FEE", 44991.5, 0.0, None) == 0.0
    assert shown("COPRO_TRAVEL_FEE", 44991.5, "copro:blank", None) == 228.92


def test_dates_in_both_date_systems() -> None:
    assert shown("COPRO_DUE_DATE", 46037.0) == 46083.0
    assert shown("COPRO_DUE_DATE", 46037.0 - 1462, day_zero=date(1904, 1, 1)) == 46083.0 - 1462


def test_what_goes_wrong_is_told_and_shown() -> None:
    ((value,),), trouble = answer.reply(("answer", "COPRO_NO_SUCH_FUNCTION", (1899, 12, 30), ()))  # type: ignore[misc]
    assert convert.argument(value) == "#VALUE!"
    assert "KeyError" in trouble


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("COPRO_TRAVEL_FEE", (44991.5, 0.0), "#VALUE!"),  # a blank cell or no trip? Calc does not say
        ("COPRO_TRAVEL_FEE", (44991.5, ((0.0,),)), 0.0),
        ("COPRO_TRAVEL_FEE", (44991.5, (("",),)), 228.92),
        ("COPRO_TRAVEL_FEE", (44991.5, None), 228.92),
        ("COPRO_TRAVEL_FEE", (44991.5, 1.0, 0.0), 228.92),
        ("COPRO_APPLICATION_FEE", (44991.5, 0.0), "#VALUE!"),
        ("COPRO_VAT_RATE", (0.0, 0.0), 0.21),
        ("COPRO_DUE_DATE", (0.0,), "#VALUE!"),
        ("COPRO_HOURS_CHARGED", (0.0,), "#NUM!"),
    ],
)
def test_a_formula_typed_in_calc_never_takes_a_blank_cell_for_a_number_it_is_not(
    name: str, arguments: tuple[object, ...], expected: object
) -> None:
    assert not answer.GUARDED
    assert shown(name, *arguments) == expected


def test_an_explanation_reads_the_arguments_as_the_function_would() -> None:
    session = Session.open()
    given = ["nl:COPRO_TRAVEL_FEE", 44991.5, 0.0, 0.0, 0.0]
    taken = answer.without_guards(FUNCTIONS["COPRO_EXPLAIN"], given, session)
    assert taken == ["nl:COPRO_TRAVEL_FEE", 44991.5, "#VALUE!", 0.0, None]


def _answers_differ(function: Function, example: tuple[object, ...], place: int, session: Session) -> bool:
    """Whether the function's answer for 0 in that place, if it takes one, is another than for a blank."""
    given: list[object] = [*example, *[None] * len(function.arguments)][: len(function.arguments)]
    given[place] = None
    blank = call(function.name, given, session)
    given[place] = 0.0
    zero = call(function.name, given, session)
    refused = isinstance(zero, CellError) and zero.argument == function.arguments[place].name
    return not refused and canonical(zero) != canonical(blank)


def test_zero_and_blank_differ_only_where_it_is_known() -> None:
    """Every optional argument for which 0 is something else than leaving it out, in some example of some function."""
    session = Session.open(example=True, today=lambda: date(2024, 6, 3))
    differ = {
        argument.name
        for function in FUNCTIONS.values()
        for example in (*function.examples, *function.made_up)
        for place, argument in enumerate(function.arguments)
        if not argument.required and _answers_differ(function, example, place, session)
    }
    assert differ == answer._ZERO_IS_NOT_OMITTED
