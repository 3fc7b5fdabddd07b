"""What the figures filled in make of the tariff: formulas on what holds once they are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from core.errors import NotAvailable
from core.rules.art_2_2_9_indexation import ALLOWANCES, index_followed
from core.tariff import Tariff
from core.vocabulary import Item, Series
from workbooks.index.layout import SALARY, TRAVEL, TRAVEL_QUARTERLY
from workbooks.index.making import Making

Value = float | str
"""A number, or the words that stand in its place."""


@dataclass(frozen=True)
class Resulting:
    """The tariff that results, as formulas and as their values while nothing is filled in."""

    making: Making

    @cached_property
    def base_year(self) -> int:
        """The year of the base rates."""
        return self.making.rulebook.general[0].base_year

    def follows(self, item: Item, year: int) -> str:
        """What a rate follows: ``salary``, ``travel`` or ``none``."""
        tariff = self._tariff(year)
        return index_followed(tariff.base_rates[item], tariff.policies)

    def _tariff(self, year: int) -> Tariff:
        return self.making.rulebook.tariff(date(year, 1, 1))

    # --- formulas ------------------------------------------------------------------------------------------------

    def index(self, year: str) -> str:
        """S for the tariff of the year in a cell: what is filled in, else what is on record, else nothing."""
        periods, holds = (self.making.whole(SALARY, key) for key in ("period", "holds"))
        return f'=IFERROR(INDEX({holds},MATCH({year}-1&"-Q3",{periods},0)),"")'

    def allowance(self, year: str) -> str:
        """The allowance on 1 January of the year in a cell."""
        table = TRAVEL if self._series is Series.TRAVEL_ALLOWANCE else TRAVEL_QUARTERLY
        first, last, holds = (self.making.whole(table, key) for key in ("first", "last", "holds"))
        day = f"DATE({year},1,1)"
        chosen = f'{first},"<="&{day},{last},">="&{day},{holds},">0"'
        return f'=IF(COUNTIFS({chosen})=1,SUMIFS({holds},{chosen}),"")'

    @staticmethod
    def ratio(year: str, now: str, then: str, base_year: int) -> str:
        """One figure over the other; 1 in the base year, and nothing while one is not there."""
        return f'=IF({year}={base_year},1,IF(AND(ISNUMBER({now}),ISNUMBER({then})),{now}/{then},""))'

    @staticmethod
    def rate(item: Item, follows: str, base: str, now: str, then: str, otherwise: str) -> str:
        """A rate that follows a figure, without ``=``."""
        if follows == "none":
            return base
        if follows == "salary":
            indexed = f"COPRO_INDEXED({base},{now},{then})"
        else:
            indexed = f"ROUND({base}*{now}/{then},{item.decimals})"
        return f"IF(AND(ISNUMBER({now}),ISNUMBER({then})),{indexed},{otherwise})"

    # --- values --------------------------------------------------------------------------------------------------

    @property
    def _series(self) -> Series:
        return ALLOWANCES[self._tariff(self.base_year).policies["index.travel_series"]]

    def index_value(self, year: int) -> Value:
        """What `index` gives now."""
        return self._figure(Series.SALARY_INDEX, date(year - 1, 7, 1))

    def allowance_value(self, year: int) -> Value:
        """What `allowance` gives now."""
        return self._figure(self._series, date(year, 1, 1))

    def _figure(self, series: Series, day: date) -> Value:
        for span in self.making.rulebook.figures.timeline(series):
            if span.first <= day <= span.last:
                return float(span.record.value)
        return ""

    def ratio_value(self, year: int, now: Value, then: Value) -> Value:
        """What `ratio` gives now."""
        if year == self.base_year:
            return 1.0
        return now / then if isinstance(now, float) and isinstance(then, float) else ""

    def rate_value(self, item: Item, year: int, otherwise: str) -> Value:
        """What `rate` gives now; the base rate in the base year."""
        known = self.figures(year)[self.follows(item, year)]
        if year != self.base_year and not all(isinstance(figure, float) for figure in known):
            return otherwise
        try:
            return float(self._tariff(year).rate(item, []) / 10**item.decimals)
        except NotAvailable:
            return otherwise

    def figures(self, year: int) -> Mapping[str, tuple[Value, Value]]:
        """The figure of the year and the reference, by what a rate follows."""
        return {
            "salary": (self.index_value(year), self.index_value(self.base_year)),
            "travel": (self.allowance_value(year), self.allowance_value(self.base_year)),
            "none": (1.0, 1.0),
        }
