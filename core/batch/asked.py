"""Questions about days, each asked once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date

from core.batch.columns import Ints, Mask
from core.errors import CoproError

LAST_DAY = date.max.toordinal()
USUAL_FIRST, USUAL_LAST = date(1900, 1, 1).toordinal(), date(2199, 12, 31).toordinal()
"""Days that are looked up in a table; others, one by one."""


class Days(dict[int, int]):
    """Which days are alike: day → a number from 1 on, the same for days about which ``ask`` says the same.

    Attributes:
        first: for each number a day that has it; nothing for 0.
    """

    def __init__(self, ask: Callable[[date], Hashable]) -> None:
        super().__init__()
        self.first = [date.min]
        self.answers: list[Hashable] = [None]
        self._ask = ask
        self._numbers: dict[Hashable, int] = {}
        self._table: Ints | None = None

    def __missing__(self, day: int) -> int:
        asked = date.fromordinal(day)
        answer = self._ask(asked)
        number = self._numbers.setdefault(answer, len(self.first))
        if number == len(self.first):
            self.first.append(asked)
            self.answers.append(answer)
        self[day] = number
        return number

    def column(self, days: Ints) -> Ints:
        """The numbers of a column of days.

        Raises:
            ValueError: what is not a day.
        """
        import numpy as np

        first, last = days.min(), days.max()
        if first < 1 or last > LAST_DAY:
            raise ValueError("a day is from 1 to 3652059")
        if first < USUAL_FIRST or last > USUAL_LAST:
            distinct, places = np.unique(days, return_inverse=True)
            return np.array([self[day] for day in distinct.tolist()])[places]
        if self._table is None:
            self._table = np.zeros(USUAL_LAST - USUAL_FIRST + 1, np.int64)
        places = days - USUAL_FIRST
        numbers = self._table.take(places)
        if not numbers.min():
            for place in np.unique(places[numbers == 0]).tolist():
                self._table[place] = self[place + USUAL_FIRST]
            numbers = self._table.take(places)
        return numbers


class DayValues:
    """A whole number for each day, 0 or more, by the rules; days they refuse are asked one by one later."""

    def __init__(self, ask: Callable[[date], int]) -> None:
        self._ask = ask
        self._days = Days(self._answer)
        self._values: Ints | None = None

    def _answer(self, day: date) -> int:
        try:
            return self._ask(day)
        except CoproError:
            return -1

    def column(self, days: Ints) -> tuple[Ints, Mask | None]:
        """The numbers, and the days refused (``None``: none is)."""
        import numpy as np

        numbers = self._days.column(days)
        if self._values is None or len(self._values) < len(self._days.answers):
            self._values = np.array([0, *self._days.answers[1:]])
        values = self._values.take(numbers)
        return values, values < 0 if values.min() < 0 else None
