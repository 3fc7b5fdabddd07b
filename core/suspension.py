"""What a refused file may have meant to change: read loosely, as TOML where it is TOML, else table by table as text.

Leaving a refused file out would use the older figure in silence. So what it names is not available until it is put
right: a series from the earliest day on that the file says (all of it, where a table does not say or says it
unreadably; every series, where a record names none that is known), the construction holidays of a site and year, a
regulation. Of a file without a single table, cut off or unreadable as it is, or with tables of unknown names, nobody
knows what it named: everything is in doubt.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date

from pydantic_core import PydanticCustomError

from core.errors import FileProblem
from core.records import Suspension, days_of
from core.vocabulary import Series

Loose = Mapping[str, object]
_FIGURES = frozenset({"record", "withdrawal"})
_HOLIDAYS = frozenset({"construction_holiday", "construction_holiday_withdrawal"})
_OTHERS = frozenset({"frozen", "follows"})
_HEADER = re.compile(r"^\s*\[+\s*([\w.]+)\s*\]+", re.MULTILINE)
_LINE = re.compile(r"""^\s*["']?(\w+)["']?\s*=\s*["']?([^"'\s#]+)""", re.MULTILINE)


def _tables(content: str) -> list[tuple[str, Loose]]:
    """The tables of a file, with their names: first what stands before any table."""
    try:
        tables = tomllib.loads(content)
    except (ValueError, ArithmeticError, RecursionError):
        head, *rest = _HEADER.split(content)
        named = zip(["", *rest[::2]], [head, *rest[1::2]], strict=True)
        return [(name, dict(_LINE.findall(text))) for name, text in named]
    found: list[tuple[str, Loose]] = [("", tables)]
    for name, value in tables.items():
        items = value if isinstance(value, list) else [value]
        found += [(name, item) for item in items if isinstance(item, dict)]
    return found


def _said(content: str, kinds: frozenset[str]) -> Iterator[Loose]:
    """The tables of these kinds, and those that may have been meant so."""
    _, *tables = _tables(content)
    for name, table in tables or [("?", {})]:
        if name in kinds or name.partition(".")[0] not in _FIGURES | _HOLIDAYS | _OTHERS:
            yield table


def suspended_figures(content: str, problem: FileProblem) -> Iterator[Suspension]:
    """The series that the file names, each from its earliest day on."""
    since: dict[Series, date] = {}
    for table in _said(content, _FIGURES):
        for series in _series(table):
            since[series] = min(_first_day(table), since.get(series, date.max))
    return (Suspension(series, day, problem) for series, day in since.items())


def _series(table: Loose) -> list[Series]:
    """The series of a record; one that is misspelt may mean any."""
    return [series for series in Series if series.value == table.get("series")] or list(Series)


def _first_day(table: Loose) -> date:
    """The first day a table says it holds; the beginning of time when that cannot be read."""
    day, period = table.get("valid_from"), table.get("period")
    try:
        if day is not None:
            return day if type(day) is date else date.fromisoformat(str(day))
        return days_of(str(period))[0]
    except (ValueError, PydanticCustomError):
        return date.min


def suspended_holidays(content: str) -> Iterator[tuple[str | None, int | None]]:
    """The site and year of each table of construction holidays; ``None`` where it cannot be read: any."""
    for table in _said(content, _HOLIDAYS):
        site, year = table.get("site"), str(table.get("year"))
        readable = re.fullmatch(r"[0-9]{4}", year)
        yield site if isinstance(site, str) else None, int(year) if readable else None


def suspended_regulation(content: str) -> str | None:
    """The id of the regulation, if it can be read."""
    found = _tables(content)[0][1].get("id")
    return found if isinstance(found, str) else None


def suspended_general(content: str) -> date | None:
    """The day from which a general regulation was to hold; ``None`` for any other file."""
    head = _tables(content)[0][1]
    return _first_day(head) if head.get("kind") == "general" else None
