"""Codes people may type, and the names they go by in four languages (``texts/codes.toml``, ``texts/sites.toml``).

Names are compared without regard to case, accents or spaces around them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from core.errors import InputError
from core.formats import one_line
from core.topics import LANGUAGES, groups

LONGEST_NAME = 200
"""No name is longer; text of a million letters is not looked at."""


def folded(name: str) -> str:
    """A name as it is compared: no case, no accents, straight apostrophes, single spaces."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())


@cache
def codes(group: str) -> tuple[str, ...]:
    """The codes of a group."""
    return tuple(groups()[group])


@cache
def _index(group: str) -> Mapping[str, str]:
    index = {folded(code): code for code in codes(group)}
    for code, known in groups()[group].items():
        for kind in (*LANGUAGES, "also"):
            index.update((folded(name), code) for name in known.get(kind, ()))
    return index


def code_named(group: str, name: str) -> str:
    """The code that ``name`` stands for, in any of the four languages.

    Raises:
        InputError: no code of the group goes by that name.
    """
    found = _index(group).get(folded(name)) if len(name) <= LONGEST_NAME else None
    if found is None:
        raise InputError("code_unknown", value=one_line(name), known=", ".join(codes(group)))
    return found
