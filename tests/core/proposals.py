"""Proposals as the reader of a workbook makes them, each field in a cell of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.proposals import FigureProposal, HolidayProposal, Place
from core.records import days_of
from core.vocabulary import Series, Status

PEOPLE = {"source": "gazette", "entered_by": "An", "checked_by": "Bea"}
_FIGURE = ("value", "status", "source", "entered_by", "checked_by", "note")
_DAYS = tuple(f"{end}_{n}" for n in (1, 2, 3) for end in ("first", "last"))


def figure(
    series: Series, when: str | tuple[date, date | None], value: str | None, row: int = 8, **more: Any
) -> FigureProposal:
    """A figure of a period (``2027``, ``2026-Q3``), or of days; its value's cell is ``Sheet!value8``."""
    period = when if isinstance(when, str) else ""
    first, last = days_of(when) if isinstance(when, str) else when
    keys = ("period",) if period else ("first", "last")
    fields: dict[str, Any] = {"status": Status.OFFICIAL, "note": "", **PEOPLE, **more}
    return FigureProposal(
        place=Place("Sheet", {name: f"{name}{row}" for name in (*keys, *_FIGURE)}),
        series=series,
        first=first,
        last=last,
        period=period,
        value=None if value is None else Decimal(value),
        **fields,
    )


def holiday(year: int, *periods: tuple[date, date], row: int = 8, **more: Any) -> HolidayProposal:
    """Construction holidays of Namur, which few are on record of."""
    fields: dict[str, Any] = {"status": Status.OFFICIAL, "note": "", "site": "NAMUR", **PEOPLE, **more}
    cells = {name: f"{name}{row}" for name in ("year", "site", *_DAYS, *_FIGURE[1:])}
    return HolidayProposal(place=Place("Days", cells), year=year, periods=periods, **fields)


def july(first: int, last: int, year: int = 2027) -> tuple[date, date]:
    return date(year, 7, first), date(year, 7, last)
