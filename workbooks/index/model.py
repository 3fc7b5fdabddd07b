"""What the index workbook lists: every period of each series, from the first on record to those still to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from core.codes import codes
from core.formats import day, label
from core.records import ConstructionHoliday, Record, Span
from core.rulebook import Rulebook
from core.usual import STEP_MONTHS
from core.vocabulary import Series
from workbooks.index.layout import HOLIDAYS, SALARY, Table

YEARS_TO_COME = 2
"""Years after this one whose periods are listed, to be filled in when they are published."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        keys: what its key columns show; ``None`` for an empty row.
        record: what is on record.
        contradicted: whether another recording says otherwise.
        first: the first day.
    """

    keys: tuple[object, ...] | None = None
    record: Record | ConstructionHoliday | None = None
    contradicted: bool = False
    first: date = date.max


def rows_of(table: Table, rulebook: Rulebook, today: date, language: str) -> list[Row]:
    """The rows of a table, empty ones for other periods not included."""
    if table is HOLIDAYS:
        return list(_holidays(rulebook, today, language))
    found = chain.from_iterable(_figures(table, series, rulebook, today, language) for series in table.series)
    return list(found)


def _figures(table: Table, series: Series, rulebook: Rulebook, today: date, language: str) -> Iterator[Row]:
    spans = {span.record.valid_from: span for span in rulebook.figures.timeline(series)}
    days = [(span.record.valid_from, span.record.valid_to) for span in spans.values()]
    if series in STEP_MONTHS:
        known = [first for first, _ in days]
        reference = date(rulebook.general[0].base_year - 1, 7, 1)
        start = reference if table is SALARY else max(known, default=date(today.year, 1, 1))
        listed = _to_come(table, series, start, date(today.year + YEARS_TO_COME, 12, 31))
        inside = _between(series, known)
        days += [(first, last) for first, last in (*inside, *listed) if not _taken(first, spans)]
    for first, last in sorted(set(days)):
        yield _row(table, series, first, last, spans.get(first), language)


def _taken(first: date, spans: dict[date, Span]) -> bool:
    """Whether a day is within what is on record."""
    return any(span.first <= first <= span.last for span in spans.values())


def _to_come(table: Table, series: Series, start: date, end: date) -> Iterator[tuple[date, date]]:
    """The periods from ``start`` on that begin before ``end``; of the salary index every quarter."""
    months = 3 if table is SALARY else STEP_MONTHS[series]
    first = start
    while first <= end:
        following = _later(first, months)
        yield first, following - timedelta(days=1)
        first = following


def _between(series: Series, known: Sequence[date]) -> Iterator[tuple[date, date]]:
    """The periods between the first and the last on record that are not there."""
    if known and series is not Series.SALARY_INDEX:
        first = min(known)
        while first < max(known):
            following = min([_later(first, STEP_MONTHS[series]), *(day for day in known if day > first)])
            yield first, following - timedelta(days=1)
            first = following


def _later(first: date, months: int) -> date:
    """The first of a month so many months later."""
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _row(table: Table, series: Series, first: date, last: date | None, span: Span | None, language: str) -> Row:
    keys: dict[str, object] = {"first": first, "last": last, "series": label("series", series.value, language)}
    if table.example:
        keys["period"] = period_of(series, first)
    shown = tuple(keys[key] for key in table.keys)
    return Row(shown, span.record if span else None, span is not None and span.rival is not None, first)


def period_of(series: Series, first: date) -> str:
    """The name of a period by its first day; years, quarters, half-years."""
    if series is Series.LEGAL_INTEREST_1865:
        return str(first.year)
    if series is Series.LEGAL_INTEREST_2002:
        return f"{first.year}-H{(first.month + 5) // 6}"
    return f"{first.year}-Q{(first.month + 2) // 3}"


def other_periods(table: Table, rows: Sequence[Row]) -> list[str]:
    """The periods before and after those listed, to choose from in the empty rows."""
    if not table.example:
        return []
    series = table.series[0]
    firsts = [row.first for row in rows]
    months = 3 if table is SALARY else STEP_MONTHS[series]
    earlier = _to_come(table, series, date(min(firsts).year - 10, 1, 1), min(firsts) - timedelta(days=1))
    later = _to_come(table, series, _later(max(firsts), months), date(max(firsts).year + 5, 12, 31))
    return [period_of(series, first) for first, _ in (*earlier, *later)]


def _holidays(rulebook: Rulebook, today: date, language: str) -> Iterator[Row]:
    known = rulebook.calendar.construction_holidays
    sites = codes("SITE")
    listed = {(year, site) for year in range(today.year, today.year + YEARS_TO_COME) for site in sites}
    for year, site in sorted(
        {(year, site) for site, year in known} | listed, key=lambda key: (key[0], sites.index(key[1]))
    ):
        found = known.get((site, year))
        record = found if isinstance(found, ConstructionHoliday) else None
        contradicted = found is not None and record is None
        yield Row((year, label("SITE", site, language)), record, contradicted, date(year, 1, 1))


def days_told(holiday: ConstructionHoliday, language: str) -> str:
    """The runs of days, as people write them."""
    return "\n".join(f"{day(run.first, language)} – {day(run.last, language)}" for run in holiday.periods)


def holding_on(rows: Sequence[Row], on: date) -> Record | None:
    """The record of a table that holds on a day."""
    for row in rows:
        if isinstance(row.record, Record) and row.record.valid_from <= on <= (row.record.valid_to or date.max):
            return row.record
    return None
