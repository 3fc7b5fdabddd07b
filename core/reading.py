"""Reading a data file: strict, and every mistake told with its file, line and reason."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import CoproError, FileError, FileProblem, system_reason
from core.topics import topic

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]


class FileRefused(FileError):
    """A data file with a mistake: none of it is used."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__("file_refused", problem=problem)
        self.problem = problem


def is_data(name: str) -> bool:
    """Whether a file of this name is read; those that a system keeps for itself begin with a dot."""
    return name.lower().endswith(".toml") and not name.startswith(".")


def read(path: Traversable, model: type[Model]) -> Model:
    """The file as ``model``.

    Raises:
        FileRefused: the file cannot be read, is no TOML, or holds a mistake.
    """
    where = Path(str(path))
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(FileProblem(where, 1, CoproError("file_unreadable", reason=system_reason(error)))) from error
    tables = _parsed(where, content)
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        raise FileRefused(_problem(where, content, error, model)) from error


def _parsed(where: Path, content: str) -> dict[str, object]:
    try:
        return tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        number = int(line[1]) if line else content.count("\n") + 1
        reason = CoproError("toml_wrong", reason=str(error))
        raise FileRefused(FileProblem(where, number, reason)) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise FileRefused(FileProblem(where, _line_too_much(content), CoproError("value_too_much"))) from error


def _line_too_much(content: str) -> int:
    """The first line that no parser takes: a number of thousands of digits, brackets without end.

    Found by halves, for a file of a stranger may have a hundred thousand lines before it.
    """
    lines = content.splitlines(keepends=True)
    return 1 + bisect_left(range(1, len(lines)), True, key=lambda number: _too_much("".join(lines[:number])))


def _too_much(content: str) -> bool:
    try:
        tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError:  # a list that the first lines leave open, say
        return False
    except (ValueError, ArithmeticError, RecursionError):
        return True
    return False


def _problem(where: Path, content: str, error: ValidationError, model: type[BaseModel]) -> FileProblem:
    """The first mistake pydantic found, with its line and our words for it."""
    mistake = error.errors()[0]
    depth: int = getattr(model, "NAMES_IN_FRONT", 0)
    at = mistake.get("ctx", {}).pop("at", None)
    location = (*mistake["loc"][depth:], *((at,) if at is not None else ()))
    if mistake["type"].startswith("union_tag"):
        location = ("kind",)
    return FileProblem(where, line_of(content, location), reason_of(mistake, location))


def reason_of(mistake: ErrorDetails, location: Location) -> CoproError:
    """Our words for a mistake that pydantic found: those of our own check, or those for its kind of mistake."""
    field = ".".join(str(part) for part in location if isinstance(part, str))
    if mistake["type"] in topic("errors"):
        return CoproError(mistake["type"], **{**mistake.get("ctx", {}), "field": field})
    value = mistake["input"]
    shown = "…" if isinstance(value, dict | list | tuple) else str(value)[:80]
    if mistake["type"] in ("enum", "literal_error"):
        return CoproError(
            "field_not_listed", value=shown, field=field, known=str(mistake["ctx"]["expected"]).replace(" or ", ", ")
        )
    keys = {"missing": "field_missing", "extra_forbidden": "field_unknown", "union_tag_not_found": "field_missing"}
    return CoproError(keys.get(mistake["type"], "field_wrong"), value=shown, field=field)


_HEADER = re.compile(r"\s*(\[\[?)([^\]]+)\]")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w.-])+)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^\s."']+))\s*(?:\.|$)""")


def line_of(content: str, location: Location) -> int:
    """The line of ``location`` (as pydantic names it) in a TOML text: its key, or else the nearest table around it."""
    lines = _lines(content)
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1)


def _lines(content: str) -> Mapping[Location, int]:
    """Where each table and key of a TOML text stands: ``("record", 3, "value")`` → line."""
    lines: dict[Location, int] = {}
    counts: dict[Location, int] = {}
    table: Location = ()
    for number, line in enumerate(content.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _table(header[2], counts, another=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            parts = _parts(key[1])
            for depth in range(1, len(parts) + 1):
                lines.setdefault((*table, *parts[:depth]), number)
    return lines


def _table(name: str, counts: dict[Location, int], *, another: bool) -> Location:
    """The place of a table, with the index of every list of tables on the way; ``another`` begins the next of one."""
    place: Location = ()
    parts = _parts(name)
    for depth, part in enumerate(parts, start=1):
        place = (*place, part)
        if another and depth == len(parts):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _parts(name: str) -> Location:
    """The parts of a dotted name; quotes keep the dots within them."""
    return tuple(double or single or plain for double, single, plain in _PART.findall(name))
