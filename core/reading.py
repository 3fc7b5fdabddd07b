"""Reading a data file: strict, and every mistake told with its file, line and reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import CoproError, FileError, FileProblem
from core.texts import topic

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]


class FileRefused(FileError):
    """A data file with a mistake: none of it is used."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__("file_refused", problem=problem)
        self.problem = problem


def read(path: Traversable, model: type[Model]) -> Model:
    """The file as ``model``.

    Raises:
        FileRefused: the file cannot be read, is no TOML, or holds a mistake.
    """
    where = Path(str(path))
    try:
        content = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(FileProblem(where, 1, CoproError("file_unreadable", reason=str(error)))) from error
    try:
        tables = tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        last = content.count("\n") + 1
        problem = FileProblem(where, int(line[1]) if line else last, CoproError("toml_wrong", reason=str(error)))
        raise FileRefused(problem) from error
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        raise FileRefused(_problem(where, content, error)) from error


def _problem(where: Path, content: str, error: ValidationError) -> FileProblem:
    """The first mistake pydantic found, with its line and our words for it."""
    mistake = error.errors()[0]
    return FileProblem(where, line_of(content, mistake["loc"]), reason_of(mistake))


def reason_of(mistake: ErrorDetails) -> CoproError:
    """Our words for a mistake that pydantic found: those of our own check, or those for its kind of mistake."""
    field = ".".join(str(part) for part in mistake["loc"] if isinstance(part, str))
    if mistake["type"] in topic("errors"):
        return CoproError(mistake["type"], **{**mistake.get("ctx", {}), "field": field})
    keys = {"missing": "field_missing", "extra_forbidden": "field_unknown"}
    return CoproError(keys.get(mistake["type"], "field_wrong"), value=str(mistake["input"])[:80], field=field)


_HEADER = re.compile(r"\s*(\[\[?)([^\]]+)\]")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


def line_of(content: str, location: Location) -> int:
    """The line of ``location`` (as pydantic names it) in a TOML text: its key, or else the nearest table around it.

    What comes first in a location may be no part of the text: pydantic also names the kind of model it tried.
    """
    lines = _lines(content)
    for begin in range(len(location)):
        for end in range(len(location), begin, -1):
            if location[begin:end] in lines:
                return lines[location[begin:end]]
    return 1


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
            lines.setdefault((*table, *_parts(key[1])), number)
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
    return tuple(part.strip().strip("\"'") for part in name.split("."))
