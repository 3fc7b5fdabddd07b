"""Reading a data file: strict, and every mistake told with its file, line and reason."""

from __future__ import annotations

import re
import tomllib
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


_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


def line_of(content: str, location: Location) -> int:
    """The line of ``location`` (as pydantic names it) in a TOML text: its key, or else its table."""
    table, index = str(location[0]) if location else "", location[1] if len(location) > 1 else 0
    keys = {str(part) for part in location[1:] if isinstance(part, str)}
    seen, inside, found = -1, False, 1
    for number, line in enumerate(content.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            seen += header[1] == table and line.lstrip().startswith("[[")
            inside = header[1].split(".")[0] == table and seen in (-1, index)
            found = number if inside and header[1] == table else found
        key = line.partition("=")[0].strip().strip('"')
        if (inside and key in keys) or (seen < 0 and not keys and key == table):
            return number
    return found
