"""One call from Calc, without LibreOffice: its objects are stood in for by small ones."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from xl_addin import Session
from xl_addin.calc import answer, convert, helptexts
from xl_addin.catalogue import FUNCTIONS


class Workbook:
    def __init__(self, day_zero: date = convert.DAY_ZERO) -> None:
        self.day_zero = day_zero

    def getPropertyValue(self, name: str) -> SimpleNamespace:  # noqa: N802 - LibreOffice's name
        assert name == "NullDate"
        return SimpleNamespace(Year=self.day_zero.year, Month=self.day_zero.month, Day=self.day_zero.day)


class Area:
    """Two rows: a number and a blank; text and ``#DIV/0!``."""

    def getDataArray(self) -> tuple[tuple[object, ...], ...]:  # noqa: N802
        return ((3.5, ""), ("text", None))

    def getCellByPosition(self, column: int, row: int) -> Any:  # noqa: N802
        assert (column, row) == (1, 1)
        return SimpleNamespace(getError=lambda: 532)


def shown(name: str, *arguments: object, workbook: Workbook | None = None) -> object:
    told: list[str] = []
    ((value,),) = answer.function_result(name, workbook or Workbook(), arguments, told.append)
    assert told == []
    return convert.argument(value)


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "GUARDED", True)


def test_cells_of_a_range_tell_blanks_and_errors() -> None:
    assert answer.cells(Area()) == ((3.5, "copro:blank"), ("text", "copro:error #DIV/0!"))


@pytest.mark.usefixtures("guarded")
def test_a_call() -> None:
    assert shown("COPRO_HOURS_CHARGED", 2.5) == 3.0
    assert shown("COPRO_HOURS_CHARGED", "copro:blank") == "#VALUE!"
    assert shown("COPRO_HOURS_CHARGED", "copro:error #REF!") == "#REF!"
    assert shown("COPRO_TRAVEL_FEE", 44991.5, 0.0, None) == 0.0
    assert shown("COPRO_TRAVEL_FEE", 44991.5, "copro:blank", None) == 228.92


def test_dates_in_both_date_systems() -> None:
    assert shown("COPRO_DUE_DATE", 46037.0) == 46083.0
    assert shown("COPRO_DUE_DATE", 46037.0 - 1462, workbook=Workbook(date(1904, 1, 1))) == 46083.0 - 1462


def test_what_goes_wrong_is_told_and_shown() -> None:
    told: list[str] = []
    ((value,),) = answer.function_result("COPRO_NO_SUCH_FUNCTION", Workbook(), (), told.append)
    assert convert.argument(value) == "#VALUE!"
    assert "KeyError" in told[0]


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


@pytest.mark.parametrize("name", FUNCTIONS)
def test_zero_and_blank_differ_only_where_it_is_known(name: str) -> None:
    """An optional argument for which 0 is a value and not the same as leaving it out must be on the list."""
    function = FUNCTIONS[name]
    session = Session.open()
    for argument in function.arguments:
        if argument.required or argument.range:
            continue
        assert answer.without_guards(function, [*_before(function.arguments, argument), 0.0], session)[-1] in (
            ["#VALUE!"] if argument.name in ("trips", "applications") else [0.0, None]
        )


def _before(arguments: tuple[Any, ...], last: Any) -> list[None]:
    return [None] * arguments.index(last)


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en", "ja"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_function_wizard_has_help_for_everything(name: str, language: str) -> None:
    assert helptexts.function_help(name, language)
    for position, argument in enumerate(FUNCTIONS[name].arguments):
        assert helptexts.argument_name(name, position) == argument.name
        assert helptexts.argument_help(name, position, language)
    assert helptexts.argument_name(name, len(FUNCTIONS[name].arguments)) == "…"


def test_what_the_wizard_asks_of_the_helper_has_no_help() -> None:
    assert helptexts.function_help("COPRO_CELLS", "en") == ""
    assert helptexts.argument_help("COPRO_CELLS", 0, "en") == ""
