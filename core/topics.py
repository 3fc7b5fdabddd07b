"""Everything that is put into words, as data: ``core/data/texts``, a file a topic, in nl, fr, de and en.

A text is a table with exactly the four languages; the names of a code are a list in each. Nothing is read before it is
needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

from core.paths import data_file

Language = Literal["nl", "fr", "de", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "de", "en")
Names = Mapping[str, list[str]]


@cache
def topic(name: str) -> Mapping[str, Mapping[str, str]]:
    """Every text of one topic: key → language → text."""
    with data_file("texts", f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def groups() -> Mapping[str, Mapping[str, Names]]:
    """Every group of codes: group → code → language (or ``also``, names of no one language) → names."""
    return {**topic("codes"), **topic("sites")}  # type: ignore[dict-item]


def names(group: str, code: str, language: str) -> list[str]:
    """The names of a code in one language, the label first."""
    return groups()[group][code][language]
