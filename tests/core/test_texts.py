"""Texts for people: four languages, the same placeholders, every key there and every key used."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from typing import Any, get_args

import pytest

from core.errors import CoproError, InputError
from core.regulation import PaidTo
from core.texts import text
from core.topics import LANGUAGES, topic
from core.vocabulary import Item, Series, Status
from tests.core import sources

TOPICS = sorted(file.stem for file in sources.TEXTS.glob("*.toml"))
NAMES = ("codes", "sites")  # lists of names: see test_codes
Leaf = tuple[str, Mapping[str, str]]


def leaves(tables: Mapping[str, Any], path: str = "") -> Iterator[Leaf]:
    """Every text of a topic with its key; a text is a table of texts, and may hold further texts."""
    for key, value in tables.items():
        own = {language: words for language, words in value.items() if isinstance(words, str)}
        if own:
            yield f"{path}{key}", own
        yield from leaves({name: inner for name, inner in value.items() if isinstance(inner, dict)}, f"{path}{key}.")


ALL = [(name, key, texts) for name in TOPICS if name not in NAMES for key, texts in leaves(topic(name))]
KEYS = {name: {key for topic_name, key, _ in ALL if topic_name == name} for name in TOPICS}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


# --- the files -----------------------------------------------------------------------------------------------------


def test_every_file_is_read() -> None:
    assert {"calc", "cli", "codes", "errors", "functions", "labels", "sites", "steps"} <= set(TOPICS)
    assert len(ALL) > 250


@pytest.mark.parametrize("name", [name for name in TOPICS if name not in NAMES])
def test_four_languages_with_the_same_placeholders(name: str) -> None:
    wrong = []
    for topic_name, key, texts in ALL:
        if topic_name != name:
            continue
        if tuple(texts) != LANGUAGES:
            wrong.append(f"{key}: languages {list(texts)}")
        elif len({frozenset(placeholders(words)) for words in texts.values()}) > 1:
            wrong.append(f"{key}: placeholders differ")
        wrong += [
            f"{key}.{language}: blank or untrimmed"
            for language, words in texts.items()
            if words != words.strip() or not words
        ]
    assert wrong == []


@pytest.mark.parametrize("name", ["errors", "steps", "calc", "functions", "reference", "audit"])
def test_nothing_is_left_in_another_language(name: str) -> None:
    """A sentence that reads the same in two languages was not translated."""
    same = []
    for topic_name, key, texts in ALL:
        sentences = [words for words in texts.values() if len(re.findall(r"[a-z]{2,}", words)) >= 4]
        if topic_name == name and len(set(sentences)) < len(sentences):
            same.append(key)
    assert same == []


def test_no_text_says_the_same_key_twice() -> None:
    """TOML refuses the same table twice; a dotted key and a quoted one would pass."""
    for name in TOPICS:
        keys = [key for topic_name, key, _ in ALL if topic_name == name]
        assert len(keys) == len(set(keys)), name
        assert tomllib.loads((sources.TEXTS / f"{name}.toml").read_text("utf-8")) == topic(name)


# --- the keys ------------------------------------------------------------------------------------------------------


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def asked_for() -> Iterator[tuple[str, str, ast.expr, frozenset[str], bool]]:
    """Every call that names a text: where, topic, key, the details given, and whether more come with ``**``."""
    topics = sources.error_topics()
    for call in sources.calls():
        if call.function == "text" and len(call.arguments) >= 2 and literal(call.arguments[0]) in KEYS:
            yield call.place, str(literal(call.arguments[0])), call.arguments[1], call.keywords, call.unpacks
        elif call.function in topics and call.arguments:
            yield call.place, topics[call.function], call.arguments[0], call.keywords, call.unpacks
        elif call.function == "refuse" and call.arguments:
            yield call.place, "errors", call.arguments[0], call.keywords | {"field"}, call.unpacks


def test_every_key_that_is_asked_for_is_there() -> None:
    missing = []
    for place, name, key, _, _ in asked_for():
        if isinstance(key, ast.JoinedStr):
            found = any(re.fullmatch(sources.pattern(key), known) for known in KEYS[name])
        else:
            found = literal(key) is None or literal(key) in KEYS[name]
        if not found:
            missing.append(f"{place}: {name}: {ast.unparse(key)}")
    assert missing == []


def test_a_text_gets_the_details_it_shows() -> None:
    wrong = []
    templates = {(name, key): texts for name, key, texts in ALL}
    for place, name, node, details, unpacks in asked_for():
        key = literal(node)
        if key is None or unpacks or (name, key) not in templates:
            continue
        needed = placeholders(templates[name, key]["en"])
        formatted_later = name != "errors" and not details
        if not formatted_later and not needed <= details:
            wrong.append(f"{place}: {name}: {key} needs {sorted(needed - details)}")
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in TOPICS if name not in (*NAMES, "functions", "labels")])
def test_every_key_is_used(name: str) -> None:
    assert sorted(key for key in KEYS[name] if not sources.used(key)) == []


def test_every_label_is_used() -> None:
    groups = {"paid_to": get_args(PaidTo), "series": Series, "unit": Item}
    groups["status"] = [status for status in Status if status is not Status.OFFICIAL]
    expected = {f"{group}.{code}" for group, codes in groups.items() for code in codes}
    listed = {key for key in KEYS["labels"] if key.partition(".")[0] in groups}
    assert listed == expected
    told = {key for key in KEYS["labels"] if key.partition(".")[0] in ("claim", "system")}
    assert {key.partition(".")[2] for key in told} <= sources.literals()
    others = KEYS["labels"] - expected - told
    assert sorted(key for key in others if not sources.used(key)) == []


# --- messages of errors --------------------------------------------------------------------------------------------

PLACES = {"row", "file_refused"}
"""Texts that say where, or hand on another message."""


def clauses(message: str) -> list[str]:
    """The parts of a message: what is wrong, and what to do about it."""
    return [part for part in re.split(r"[;:,]\s|\s\(|[.!?]\s", message) if len(part.strip()) > 4]


@pytest.mark.parametrize("key", sorted(KEYS["errors"] - PLACES))
def test_a_message_says_what_is_wrong_and_what_to_do(key: str) -> None:
    for language in LANGUAGES:
        words = topic("errors")[key][language]
        assert len(clauses(words)) >= 2, words
        assert not words.endswith((".", "!", ";", ","))


def test_a_message_is_put_together_with_every_detail() -> None:
    """Whatever the details are called, the message of every error can be told: also one called ``name``."""
    for key, texts in leaves(topic("errors")):
        details = dict.fromkeys(placeholders(texts["en"]), "x")
        messages = [InputError(key, **details).message(language) for language in LANGUAGES]
        assert not any(re.search(r"\{\w*\}", message) for message in messages), messages


# --- text itself ---------------------------------------------------------------------------------------------------


def test_text_fills_in_details_as_the_language_writes_them() -> None:
    details = {"value": Decimal("1234.5"), "highest": 2000}
    assert text("errors", "number_too_large", "en", **details).startswith("1,234.5 ")
    assert text("errors", "number_too_large", "nl", **details).startswith("1.234,5 ")
    assert text("errors", "number_too_large", "fr", **details).startswith("1\u202f234,5 ")


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        (date(2023, 3, 6), "2023-03-06"),
        (datetime(2023, 3, 6, 17, 10), "2023-03-06 17:10"),
        (Fraction(1, 3), "1/3"),
        ("{name}", "{name}"),  # braces in what a user typed are left alone
        (CoproError("days_outside_year", year=2024), "the days must lie within the year 2024"),
    ],
)
def test_details(detail: object, expected: str) -> None:
    shown = text("errors", "file_refused", "en", problem=detail)
    assert expected in shown


def test_a_text_without_details_is_left_as_it_is() -> None:
    assert text("steps", "rate_base", "en") == topic("steps")["rate_base"]["en"]
    assert "{0}" in text("steps", "rate_base", "en")


@pytest.mark.parametrize(("name", "key", "language"), [("errors", "nonsense", "en"), ("errors", "row", "es")])
def test_no_such_text(name: str, key: str, language: str) -> None:
    with pytest.raises(KeyError):
        text(name, key, language)
