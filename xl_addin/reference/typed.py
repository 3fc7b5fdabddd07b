"""A formula as people type it: with their list separator and decimal mark, a range by its address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xl_addin.cells import decimal

SEPARATORS = {"nl": ";", "fr": ";", "de": ";", "en": ","}
"""Between two arguments; it follows from the decimal mark."""
_MARKS = {"nl": ",", "fr": ",", "de": ",", "en": "."}


class Cells(NamedTuple):
    """A range in a formula: where it stands, and what it holds."""

    address: str
    rows: Sequence[Sequence[object]]


def signature(name: str, arguments: Sequence[str], language: str) -> str:
    """``COPRO_RATE(item; [on_date])``."""
    return f"{name}({f'{SEPARATORS[language]} '.join(arguments)})"


def formula(name: str, arguments: Sequence[object], language: str) -> str:
    """``=COPRO_RATE("HOUR";"2023-03-06")``."""
    return f"={name}({SEPARATORS[language].join(argument(value, language) for value in arguments)})"


def argument(value: object, language: str) -> str:
    """A value as it is typed between the brackets; an omitted one is nothing at all."""
    if value is None:
        return ""
    if isinstance(value, list):
        return cells(value).address
    if isinstance(value, str):
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return f"{decimal(value)}".replace(".", _MARKS[language])


def cells(rows: Sequence[Sequence[object]]) -> Cells:
    """Where a range of an example stands in the sheet: from A2 on, below headings."""
    last = chr(ord("A") + len(rows[0]) - 1)
    return Cells(f"A2:{last}{1 + len(rows)}", rows)
