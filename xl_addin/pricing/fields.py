"""The columns of a register: those that are understood, those that are added, and the names they go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from core.codes import folded
from core.errors import FileError, InputError
from core.formats import one_line
from core.texts import text
from core.topics import LANGUAGES, topic

JOURNEY: Final = ("trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost")
WHERE: Final = ("site", "day_type", "regulation")
NUMBERS: Final = ("hours", *JOURNEY)
"""The columns that hold numbers."""
NEEDED: Final = ("start", "hours")
FIELDS: Final = ("start", "kind", *NUMBERS, *WHERE)
"""The columns that are understood."""
AMOUNTS: Final = ("fixed", "performance", "travel", "transport", "stay", "fee")
RESULTS: Final = (*AMOUNTS, "error", "reason")
"""The columns that are added."""
HEADER_WITHIN: Final = 20
"""Rows among which the names of the columns are looked for: a workbook has headings above them."""


class RegisterError(FileError):
    """A register that cannot be read or written."""

    texts = "price"


class KindError(InputError):
    """A row that is no kind of inspection."""

    texts = "price"


class Header(NamedTuple):
    """What stands in which column of a file.

    Attributes:
        names: of every column, as written.
        fields: for each column that is understood its place among them.
        kept: the places of the columns that are written again; those of an earlier pricing are not.
    """

    names: tuple[str, ...]
    fields: Mapping[str, int]
    kept: tuple[int, ...]

    def shown(self, field: str) -> str:
        """A column as the file names it."""
        return one_line(self.names[self.fields[field]]) if field in self.fields else field


def result_names(language: str) -> tuple[str, ...]:
    """The names of the columns that are added, for people."""
    return tuple(text("price", f"result.{name}", language) for name in RESULTS)


def header(names: Sequence[str], file: str) -> Header:
    """Finds the columns by their names.

    Raises:
        RegisterError: one is missing, there twice, or has the name of a column that is to be added.
    """
    known, added = _known(), _added()
    fields: dict[str, int] = {}
    results: dict[str, int] = {}
    for place, name in enumerate(names):
        plain = _plain(name)
        if plain in known:
            field = known[plain]
            if field in fields:
                raise RegisterError("column_twice", file=file, one=one_line(names[fields[field]]), other=one_line(name))
            fields[field] = place
        elif plain in added:
            results.setdefault(added[plain], place)
    missing = [field for field in NEEDED if field not in fields]
    if missing:
        raise RegisterError("column_missing", file=file, missing=", ".join(missing))
    priced_before = len(results) == len(RESULTS)
    if results and not priced_before:
        raise RegisterError("column_taken", file=file, name=one_line(names[min(results.values())]))
    kept = tuple(place for place in range(len(names)) if place not in results.values())
    return Header(tuple(names), fields, kept)


def header_row(rows: Sequence[Sequence[object]], file: str) -> tuple[int, Header]:
    """Finds the row with the names of the columns among the first of a file: the one with most of those understood.

    Raises:
        RegisterError: as `header`.
    """
    known = _known()
    found = [
        len({known[_plain(cell)] for cell in row if isinstance(cell, str) and _plain(cell) in known}) for row in rows
    ]
    best = found.index(max(found)) if found else 0
    names = rows[best] if rows else ()
    return best, header(["" if cell is None else str(cell) for cell in names], file)


def _plain(name: str) -> str:
    """A name as it is compared: its letters and digits only, without case or accents."""
    return "".join(sign for sign in folded(name[:100]) if sign.isalnum())


@cache
def _known() -> Mapping[str, str]:
    """Every name of a column that is understood: the code, those of the register workbook, and others people use."""
    found = {_plain(field): field for field in FIELDS}
    for language in LANGUAGES:
        for field in FIELDS:
            names = text("price", f"names.{field}", language).split(";")
            for name in (topic("register")[f"column.{field}"][language], *names):
                if found.setdefault(_plain(str(name)), field) != field:
                    raise AssertionError(f"{name} names two columns")
    return found


@cache
def _added() -> Mapping[str, str]:
    found = {_plain(name): name for name in RESULTS}
    for language in LANGUAGES:
        found |= {_plain(shown): name for name, shown in zip(RESULTS, result_names(language), strict=True)}
    return found
