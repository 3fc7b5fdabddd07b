"""What a refused file may have meant to change: its text read loosely, table by table.

Leaving a refused file out would use the older figure in silence. So what it names is not available until it is put
right: a series from the earliest day on that the file says (all of it, where a table does not say or says it
unreadably), the construction holidays of a site and year, a regulation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic_core import PydanticCustomError

from core.errors import FileProblem
from core.records import Suspension, days_of
from core.vocabulary import Series

_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_FIRST_DAY = re.compile(r"^\s*valid_from\s*=\s*(\d{4}-\d\d-\d\d)", re.MULTILINE)
_PERIOD = re.compile(r"^\s*period\s*=\s*[\"']([^\"']*)[\"']", re.MULTILINE)
_SITE = re.compile(r"^\s*site\s*=\s*[\"']([^\"']*)[\"']", re.MULTILINE)
_YEAR = re.compile(r"^\s*year\s*=\s*(\d{4})\b", re.MULTILINE)
_ID = re.compile(r"^\s*id\s*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
_GENERAL = re.compile(r"^\s*kind\s*=\s*[\"']general[\"']", re.MULTILINE)


def suspended_figures(content: str, problem: FileProblem) -> Iterator[Suspension]:
    """The series that the file names, each from its earliest day on."""
    since: dict[Series, date] = {}
    for table in _TABLE.split(content):
        for series in _series(table):
            since[series] = min(_first_day(table), since.get(series, date.max))
    return (Suspension(series, day, problem) for series, day in since.items())


def _series(table: str) -> list[Series]:
    """The series a table names; a record whose series is misspelt may mean any."""
    named = [series for series in Series if re.search(rf"\b{series.value}\b", table)]
    return named or (list(Series) if table.startswith("[record]") else [])


def _first_day(table: str) -> date:
    """The first day a table says its figure holds; the beginning of time when that cannot be read."""
    try:
        if day := _FIRST_DAY.search(table):
            return date.fromisoformat(day[1])
        if period := _PERIOD.search(table):
            return days_of(period[1])[0]
    except (ValueError, PydanticCustomError):
        return date.min
    return date.min


def suspended_holidays(content: str) -> Iterator[tuple[str | None, int | None]]:
    """The site and year of each table of construction holidays; ``None`` where it cannot be read: any."""
    for table in _TABLE.split(content):
        if table.startswith("[construction_holiday]"):
            site, year = _SITE.search(table), _YEAR.search(table)
            yield site[1] if site else None, int(year[1]) if year else None


def suspended_regulation(content: str) -> str | None:
    """The id of the regulation, if it can be read."""
    found = _ID.search(_TABLE.split(content)[0])
    return found[1] if found else None


def suspended_general(content: str) -> date | None:
    """The day from which a general regulation was to hold; ``None`` for any other file."""
    head = _TABLE.split(content)[0]
    return _first_day(head) if _GENERAL.search(head) else None
