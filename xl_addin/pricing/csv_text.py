"""What a CSV file leaves unsaid: how numbers are written, and which text a spreadsheet would take for a formula.

A number tells the decimal sign when it can be read in one way only: ``3,5`` and ``1.234,56`` tell the comma, ``3.5``
the point. ``1.234`` tells nothing: it is read as the others of its file are, and refused when no other tells.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, NamedTuple

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED_FORMULA: Final = re.compile(r"'+[=+\-@\t\r\n]")
_HARMLESS: Final = re.compile(r"[+-]?[\d.,   ]+", re.ASCII)
"""A number is no formula, also a negative one."""
_NUMBER: Final = re.compile(r"([+-]?)(\d*|\d{1,3}(?:[   ]\d{3})+)((?:[.,]\d+)*)", re.ASCII)
_SPACES: Final = str.maketrans("", "", "   ")


class Sign(Enum):
    """What a number tells about the decimal sign of its file."""

    COMMA = ","
    POINT = "."
    NOTHING = ""
    EITHER = "?"


class Number(NamedTuple):
    """A number as written.

    Attributes:
        sign: what it tells.
        separator: the one separator in it, where it tells nothing of it.
        text: without spaces.
    """

    sign: Sign
    separator: str
    text: str


def number(written: str) -> Number | None:
    """A text as a number; nothing when it is none, in whatever way of writing."""
    plain = written.strip()
    found = _NUMBER.fullmatch(plain)
    if found is None or not plain.strip("+-"):
        return None
    whole, tail = found[2], found[3]
    text = plain.translate(_SPACES)
    if not tail:
        return Number(Sign.NOTHING, "", text)
    groups = re.split(r"[.,]", tail)[1:]
    marks = [sign for sign in tail if sign in ".,"]
    sign = _told(whole, groups, marks)
    return None if sign is None else Number(sign, marks[0] if sign is Sign.EITHER else "", text)


def _told(whole: str, groups: list[str], marks: list[str]) -> Sign | None:
    """What the digits after the first separator tell; nothing when it is no number at all."""
    last = Sign(marks[-1])
    if len(marks) == 1:
        thousands = len(groups[0]) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
        return Sign.EITHER if thousands else last
    if not 1 <= len(whole) <= 3 or any(len(group) != 3 for group in groups[:-1]) or len(set(marks[:-1])) != 1:
        return None
    if marks[-1] != marks[0]:
        return last
    if len(groups[-1]) != 3:
        return None
    return Sign.POINT if last is Sign.COMMA else Sign.COMMA


def value(found: Number, decimal: str) -> float:
    """The number, in a file with that decimal sign."""
    thousands = "." if decimal == "," else ","
    return float(found.text.replace(thousands, "").replace(decimal, "."))


BEGINS: Final = frozenset("=+-@\t\r\n'")
"""What `safe` and `unsafe` need to look at; any other text they leave alone."""


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what looks like one; `unsafe` undoes it."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def unsafe(text: str) -> str:
    """The text as it was before `safe`."""
    return text[1:] if text[:1] == "'" and _QUOTED_FORMULA.match(text) else text
