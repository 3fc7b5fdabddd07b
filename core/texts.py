"""Texts for people, in Dutch, French, German and English, from one place: ``core/data/texts``.

A topic is a TOML file; a text is a table with exactly the four languages. Nothing is read before it is needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

from core.paths import data_file

Language = Literal["nl", "fr", "de", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "de", "en")


@cache
def topic(name: str) -> Mapping[str, Mapping[str, str]]:
    """Every text of one topic: key → language → text."""
    with data_file("texts", f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def text(name: str, key: str, language: str, /, **details: object) -> str:
    """The text ``key`` of topic ``name`` with its details filled in, each shown as that language writes it."""
    template = topic(name)[key][language]
    if not details:
        return template
    from core.formats import shown

    return template.format(**{name: shown(value, language) for name, value in details.items()})
