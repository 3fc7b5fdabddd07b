"""Inspections that are classified already: minutes, factor and tariff year by the column (art. 2.2.4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.batch.columns import REFUSED, ColumnRule, Ints, Mask, either, not_negative, within
from core.batch.situations import LONGEST
from core.rules.art_2_2_4_inspection import Inspection, control_contribution
from core.rules.art_2_2_7_factors import DayFactors, Factors
from core.units import HOUR, MINUTE, Moment
from core.vocabulary import DayType

if TYPE_CHECKING:
    from core.batch.situations import Situations
    from core.tariff import Tariff

MINUTES = LONGEST * HOUR // MINUTE + 1
FACTORS = 8
"""Factors that are looked up, in halves: 0 to 3.5."""
YEARS = 200
"""Years that are looked up, from the first regulation on."""


class OneFactor(Factors):
    """A factor in halves that holds at every moment, whatever the calendar says."""

    def __init__(self, tariff: Tariff, situations: Situations, halves: int) -> None:
        super().__init__(tariff, situations.rulebook.calendar, situations.place.site)
        self._found = DayFactors(halves, halves, DayType.WORKDAY, ())

    def on(self, day: date) -> DayFactors:
        return self._found


class Ready(ColumnRule):
    """What inspections cost with one usual trip: every whole minute, factor and year is asked about once.

    The table holds the years from ``_first`` to ``_last``, which grows with what is asked; it begins with that of the
    first regulation, ``_from``.
    """

    def __init__(self, situations: Situations) -> None:
        super().__init__()
        self.situations = situations
        self._from = situations.rulebook.first_day().year
        self._first = self._last = self._from
        self._fees: Ints = None

    def one(self, minutes: int, halves: int, year: int) -> int:
        day = date(year, 1, 1)
        tariff = self.situations.tariff(day)
        factors = OneFactor(tariff, self.situations, not_negative(halves))
        return control_contribution(tariff, factors, Inspection(Moment(day, None), minutes * MINUTE), [])

    def vector(self, minutes: Ints, halves: Ints, years: Ints) -> tuple[Ints, Mask | None]:
        import numpy as np

        minutes, impossible = within(minutes, MINUTES - 1)
        halves, unusual = within(halves, FACTORS - 1)
        years, elsewhere = within(years, self._from + YEARS, self._from)
        first = self._know(int(years.min()), int(years.max()))
        fees = self._fees.take(((years - first) * FACTORS + halves) * MINUTES + minutes)
        outside = either(either(impossible, unusual), elsewhere)
        if outside is not None:
            fees = np.where(outside, REFUSED, fees)
        return fees, fees < 0 if fees.min() < 0 else None

    def _know(self, first: int, last: int) -> int:
        """Makes sure that some years are in the table; gives the first that is."""
        if self._fees is None or first < self._first or last > self._last:
            self._first, self._last = min(first, self._first), max(last, self._last)
            self._fees = self._table(range(self._first, self._last + 1))
        return self._first

    def _table(self, years: range) -> Ints:
        """The fees by year, factor and minute; refusals as `ColumnRule.vector` gives them."""
        import numpy as np

        presences = self.situations.presence_alike([minute * MINUTE for minute in range(MINUTES)]) or ()
        minutes = [presence // MINUTE for presence in presences]
        answers = [self._cases[minute, half, year] for year in years for half in range(FACTORS) for minute in minutes]
        found = np.array(answers)
        return np.where(found < 0, found + REFUSED, found)
