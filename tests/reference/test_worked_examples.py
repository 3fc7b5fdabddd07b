"""The examples of the pages against values worked out by hand (worked_examples.toml)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.topics import LANGUAGES
from tests.core.folder import session_on
from xl_addin import CellError, call
from xl_addin.catalogue import FUNCTIONS
from xl_addin.reference import markdown, pages

BY_HAND: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("worked_examples.toml").read_text("utf-8"), parse_float=float
)["example"]
IDS = [f"{one['function']}-{number}" for number, one in enumerate(BY_HAND)]


def test_every_example_is_worked_out_by_hand_in_the_order_of_the_pages() -> None:
    expected = []
    for function in FUNCTIONS.values():
        expected += [(function.name, blanks(example), False) for example in function.examples]
        expected += [(function.name, blanks(example), True) for example in function.made_up]
    assert [(one["function"], one["arguments"], one.get("made_up", False)) for one in BY_HAND] == expected
    assert all(one["working"] for one in BY_HAND)


def blanks(example: tuple[object, ...]) -> list[object]:
    return ["" if value is None else value for value in example]


@pytest.mark.parametrize("one", BY_HAND, ids=IDS)
def test_the_value_is_that_worked_out_by_hand(one: dict[str, Any]) -> None:
    answer = call(one["function"], one["arguments"], session_on(example=one.get("made_up", False)))
    if "error" in one:
        assert isinstance(answer, CellError)
        assert answer.code == one["error"]
    elif "columns" in one:
        assert isinstance(answer, list)
        rows = [[plain(row[column]) for column in one["columns"]] for row in answer]
        assert [row for row in one["value"] if row not in rows] == []
        assert one["function"] != "COPRO_EXPLAIN" or rows == one["value"]
    else:
        assert answer == pytest.approx(one["value"], abs=1e-14) if isinstance(answer, float) else answer == one["value"]


def plain(cell: object) -> object:
    return cell.code if isinstance(cell, CellError) else cell


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one", BY_HAND, ids=IDS)
def test_the_page_shows_it(one: dict[str, Any], language: str) -> None:
    shown = section(one, language)
    if "error" in one:
        reason = call(one["function"], one["arguments"], session_on(language=language))
        assert isinstance(reason, CellError)
        assert f"`{one['error']}` – {reason.message(language)}." in re.sub(r"\\(.)", r"\1", shown)
        return
    wanted = one["shown"]
    texts = [wanted[language]] if isinstance(wanted, dict) else [in_language(text, language) for text in wanted]
    assert [text for text in texts if text not in shown] == []


def section(one: dict[str, Any], language: str) -> str:
    """The part of the page that shows the example, from its formula to the next heading."""
    same = [other for other in BY_HAND if other["function"] == one["function"]]
    page = markdown(pages(language)[one["function"]])
    return page.split(f"```text\n={one['function']}(")[1 + same.index(one)].partition("\n## ")[0]


GROUP, POINT = {"nl": ".", "fr": "\u202f", "de": "."}, ","


def in_language(text: str, language: str) -> str:
    """A figure in English as another language writes it."""
    if language == "en":
        return text
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text).strftime("%d.%m.%Y" if language == "de" else "%d/%m/%Y")
    if not re.fullmatch(r"€?[\d,]+(\.\d+)?( %)?", text):
        return text
    digits = text.removeprefix("€").translate({ord(","): GROUP[language], ord("."): POINT})
    if not text.startswith("€"):
        return digits
    return f"€ {digits}" if language == "nl" else f"{digits} €"
