"""Every function of the catalogue is in every front, as the catalogue has it, and answers the same (docs/fronts.md)."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.topics import LANGUAGES, topic
from core.units import Unit
from tests.calc.conftest import why_not
from tests.fronts import answered, table
from tests.fronts.answered import ASKED, RUNNERS, Answers, core
from tests.fronts.cases import Case, expected, random_calls, same
from tests.fronts.told import FRONTS, Front, Functions, differences, told_by_catalogue
from tests.fronts.xlwings_udfs import in_excel, registered
from xl_addin import Session
from xl_addin.calc import build, contents
from xl_addin.calc.office import libreoffice
from xl_addin.catalogue import FUNCTIONS, Function, kinds
from xl_addin.catalogue.kinds import may, needs

WITHOUT_OFFICE = [name for name in RUNNERS if name != "LibreOffice"]
FOREIGN = {
    "command": {"a date back", "a table", "a range as one argument"},
    "LibreOffice": {"TRUE where a number belongs"},
}
"""What a front answers otherwise, and docs/fronts.md says so."""


@pytest.fixture(scope="module")
def told() -> dict[str, Functions]:
    return table.read_fronts()


@pytest.fixture(scope="module")
def answers() -> dict[str, Answers]:
    return {name: RUNNERS[name]() for name in WITHOUT_OFFICE}


@pytest.fixture(scope="module")
def in_calc() -> Answers:
    if reason := why_not():
        pytest.skip(reason)
    return RUNNERS["LibreOffice"]()


@pytest.mark.parametrize("front", FRONTS, ids=[front.name for front in FRONTS])
def test_a_front_has_exactly_the_functions_of_the_catalogue(told: Mapping[str, Functions], front: Front) -> None:
    assert sorted(told[front.name]) == sorted(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_front_tells_of_a_function_what_the_catalogue_does(told: Mapping[str, Functions], name: str) -> None:
    right = told_by_catalogue()[name]
    assert {front: differences(functions[name], right) for front, functions in told.items()} == {
        front: [] for front in told
    }


def test_a_difference_is_seen(told: Mapping[str, Functions]) -> None:
    """No comparison above is empty."""
    right = told_by_catalogue()
    other = told["Office.js"]["COPRO_VAT"]
    assert differences(other, right["COPRO_RATE"]) == ["arguments", "optional", "help", "argument_help"]
    assert differences(None, right["COPRO_RATE"]) == ["missing"]
    for functions in told.values():
        assert any(
            getattr(functions["COPRO_RATE"], fact) is not None for fact in ("arguments", "help", "argument_help")
        )


@pytest.mark.parametrize("front", WITHOUT_OFFICE)
def test_every_front_answers_as_the_core(answers: Mapping[str, Answers], front: str) -> None:
    assert differing(answers[front]) == FOREIGN.get(front, set())


def test_libreoffice_answers_as_the_core(in_calc: Answers) -> None:
    assert differing(in_calc) == FOREIGN["LibreOffice"]


def differing(given: Answers) -> set[str]:
    return {asked.what for asked, one, other in zip(ASKED, given, core(), strict=True) if not same(one, other)}


def test_the_page_is_what_the_fronts_tell_and_answer(
    told: Mapping[str, Functions], answers: Mapping[str, Answers], in_calc: Answers
) -> None:
    made = table.page(told, {name: answers.get(name, in_calc) for name in RUNNERS})
    assert table.PAGE.read_text("utf-8") == made, "python -m tests.fronts"


# --- many calls ----------------------------------------------------------------------------------------------------


def test_xlwings_answers_random_calls_as_the_core() -> None:
    cases = random_calls(4_000, seed=5)
    right = expected(cases, Session.open())
    with registered() as udfs:
        given = [answered.canonical(in_excel(udfs, *case)) for case in cases]
    assert wrong(cases, given, right) == []


def test_the_command_answers_random_calls_as_the_core() -> None:
    """But for dates, which it gives as ISO text."""
    cases = [case for case in random_calls(4_000, seed=6) if case[0] not in GIVES_DATES]
    asked = [answered.Asked("", name, arguments) for name, arguments in cases]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answered, "ASKED", asked)
        given = answered.command()
    assert wrong(cases, given, expected(cases, Session.open())) == []


GIVES_DATES = {"COPRO_DUE_DATE", "COPRO_LATE_INTEREST_DETAIL", "COPRO_LATE_CLAIM", "COPRO_EXPLAIN"}


def wrong(cases: list[Case], given: Answers, right: Answers) -> list[object]:
    return [trio for trio in zip(cases, given, right, strict=True) if not same(trio[1], trio[2])]


# --- a function more -------------------------------------------------------------------------------------------------

TRIAL = Function(
    "COPRO_TRIAL",
    "invoice",
    "2.2.8",
    (needs("amount", kinds.MONEY), may("on_date", kinds.DATE)),
    lambda call, amount, day: amount * 2,
    unit=Unit.EURO,
    clock="on_date",
    examples=((2.5,),),
)
WORDS = {language: f"Trial in {language}." for language in LANGUAGES}


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Function:
    """A function added to the catalogue, its help to the texts, and nothing else; LibreOffice's types made anew."""
    (functions,) = gc.get_referents(FUNCTIONS)  # the dictionary behind the mapping that nobody can change
    monkeypatch.setitem(functions, TRIAL.name, TRIAL)
    texts: Any = topic("functions")
    monkeypatch.setitem(texts, TRIAL.name, WORDS)
    pages: Any = topic("reference")
    monkeypatch.setitem(pages, f"term.{TRIAL.name}", WORDS)
    soffice = libreoffice()
    if soffice is not None and shutil.which("unoidl-write", path=str(soffice.resolve().parent.parent / "sdk" / "bin")):
        here = tmp_path / "calc"
        shutil.copytree(contents.HERE, here)
        build.build(here / contents.TYPES)
        monkeypatch.setattr(contents, "HERE", here)
    return TRIAL


@pytest.mark.parametrize("front", FRONTS, ids=[front.name for front in FRONTS])
def test_a_function_added_to_the_catalogue_is_in_every_front(one_more: Function, front: Front, tmp_path: Path) -> None:
    if front.name == "LibreOffice" and build.TYPES.parent == contents.HERE:
        pytest.skip("unoidl-write is not here (Debian: libreoffice-dev)")
    told = front.read(tmp_path)
    assert differences(told.get(one_more.name), told_by_catalogue()[one_more.name]) == []
    assert sorted(told) == sorted(FUNCTIONS)


def test_a_function_added_to_the_catalogue_computes_in_the_fronts_that_run_here(one_more: Function) -> None:
    asked = [answered.Asked("", one_more.name, [[[2.5], [None], ["#N/A"]]])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answered, "ASKED", asked)
        for name in WITHOUT_OFFICE:
            assert RUNNERS[name]() == [[[5.0], [""], ["#N/A"]]], name
