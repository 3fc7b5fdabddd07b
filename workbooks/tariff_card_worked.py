"""The worked example on a tariff card: one inspection (art. 2.2.4), every amount of it from its own function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.tariff import Tariff
from core.vocabulary import DayType, Item
from workbooks.tariff_card_sides import BASE, CODE, COEFFICIENT, RATE, YEAR_CELL, Sides
from xl_addin.cells import Cell, CellError, serial
from xl_addin.evaluate import call
from xl_addin.session import Session

_HOUR, _HOURS, _TRIPS = 10, 3.5, 1
"""When the inspection starts, how long it lasts, how many trips."""
_WORKDAY: Final = DayType.WORKDAY.value
"""The kind of day, given so that the example holds whatever the calendar of the year says."""
_LINE: Final = ("middle", "line")


@dataclass(frozen=True, slots=True)
class Held:
    """A cell: where it stands, and what it holds."""

    address: str
    value: Cell


class WorkedExample:
    """What is given, then the components of the fee, then the fee itself."""

    def __init__(self, page: Sides, tariff: Tariff, session: Session, rates: Mapping[Item, Held]) -> None:
        self.page = page
        self.book, self.sheet = page.book, page.sheet
        self.tariff = tariff
        self.session = session
        self.rates = rates

    def write(self, row: int) -> int:
        """Writes it from ``row`` on; gives the row after it."""
        page = self.page
        page.heading(row, "worked")
        columns = ((CODE, "article"), (BASE, "quantity"), (COEFFICIENT, "unit_rate"), (RATE, "amount"))
        page.headers(row + 1, [(column, page.joined(key)) for column, key in columns])
        page.names(row + 1, page.both("worked_case"), "header")
        return self._components(row + 5, *self._given(row + 2))

    def _given(self, row: int) -> list[Held]:
        """The start, the hours and the trips."""
        start = serial(datetime(self.tariff.year, 1, 1, _HOUR))
        for down, key in enumerate(("worked_start", "worked_hours", "worked_trips")):
            self._line(row + down, key, "", "quiet", *_LINE)
        formula = f"=DATE({YEAR_CELL},1,1)+TIME({_HOUR},0,0)"
        self.book.formula(self.sheet, row, BASE, formula, start, "clock", "right", "quiet", *_LINE)
        self.book.value(self.sheet, row + 1, BASE, _HOURS, "number", "quiet", *_LINE)
        self.book.value(self.sheet, row + 2, BASE, _TRIPS, "whole", "quiet", *_LINE)
        values = (start, _HOURS, _TRIPS)
        return [Held(str(xl_rowcol_to_cell(row + down, BASE)), value) for down, value in enumerate(values)]

    def _components(self, row: int, start: Held, hours: Held, trips: Held) -> int:
        fixed = f"={xl_rowcol_to_cell(row, COEFFICIENT)}", self.rates[Item.INSPECTION].value
        charged = self._computed("COPRO_HOURS_CHARGED", hours)
        performance = self._computed("COPRO_PERFORMANCE_FEE", start, hours, None, _WORKDAY)
        travel = self._computed("COPRO_TRAVEL_FEE", start, trips, None, None, _WORKDAY)
        for key, item, quantity, amount in (
            ("worked_fixed", Item.INSPECTION, None, fixed),
            ("worked_performance", Item.HOUR, charged, performance),
            ("worked_travel", Item.TRIP_BE, (f"={trips.address}", trips.value), travel),
        ):
            self._line(row, key, self.tariff.base_rates[item].article, *_LINE)
            if quantity:
                self.book.formula(self.sheet, row, BASE, *quantity, "whole", *_LINE)
            self._amount(row, COEFFICIENT, f"={self.rates[item].address}", self.rates[item].value, *_LINE)
            self._amount(row, RATE, *amount, *_LINE)
            row += 1
        look = ("bold", "band", "middle", "total")
        self._line(row, "worked_total", self.tariff.base_rates[Item.INSPECTION].article, *look)
        whole = self._computed("COPRO_INSPECTION_FEE", start, hours, trips, *[None] * 6, _WORKDAY)
        self._amount(row, RATE, *whole, *look)
        return row + 1

    def _line(self, row: int, key: str, article: str, *look: str) -> None:
        self.book.text(self.sheet, row, CODE, article, *look)
        self.page.names(row, self.page.both(key), *look)
        for column in (BASE, COEFFICIENT, RATE):
            self.book.text(self.sheet, row, column, "", *look)
        self.sheet.set_row(row, 18)

    def _computed(self, function: str, *arguments: Held | str | None) -> tuple[str, Cell]:
        """A call that is given cells, codes, or nothing; and its value."""
        typed = [a.address if isinstance(a, Held) else f'"{a}"' if a else "" for a in arguments]
        value = call(function, [a.value if isinstance(a, Held) else a for a in arguments], self.session)
        assert not isinstance(value, list)
        return f"={function}({','.join(typed)})", value

    def _amount(self, row: int, column: int, formula: str, value: Cell, *look: str) -> None:
        failed = ["error"] if isinstance(value, CellError) else []
        self.book.formula(self.sheet, row, column, formula, value, "amount", *look, *failed)
