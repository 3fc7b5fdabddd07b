"""Performances split by the minute (policy ``hours.bands``): what they weigh, for whole columns (art. 2.2.7).

How a day and the next are split is asked of the rules for each situation; a presence is the difference of two sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.batch.columns import Ints, Mask

if TYPE_CHECKING:
    from core.batch.situations import Situation


class Clock:
    """The stretches of a day and the next, where they begin as in most situations: at the hours of day and night.

    Attributes:
        highest: of all factors, in halves.
    """

    def __init__(self, found: Sequence[Situation]) -> None:
        import numpy as np

        known = [situation.stretches for situation in found if situation.stretches]
        begins = [begin for begin, _ in known[0]] if known else [0]
        halves = [
            [half for _, half in situation.stretches]
            if [begin for begin, _ in situation.stretches] == begins
            else [-1] * len(begins)
            for situation in found
        ]
        self._begins, self._halves = np.array(begins), np.array(halves)
        self._sums = np.zeros_like(self._halves)
        np.cumsum(np.diff(self._begins) * self._halves[:, :-1], axis=1, out=self._sums[:, 1:])
        count = len(begins)
        self._highest = np.zeros((len(found), count, count), np.int64)
        for first in range(count):
            self._highest[:, first, first:] = np.maximum.accumulate(self._halves[:, first:], axis=1)
        self.highest = int(self._halves.max())

    def weigh(self, numbers: Ints, times: Ints, presence: Ints) -> tuple[Ints, Ints, Mask]:
        """Microseconds times halves, the highest factor met, and the rows that are known.

        Args:
            numbers: of the situations.
            times: since midnight, none before it.
            presence: at most a day, and more than nothing.
        """
        ends = times + presence
        first, last = self._stretch(times), self._stretch(ends - 1)
        weighted = self._sum(numbers, last, ends) - self._sum(numbers, first, times)
        return weighted, self._highest[numbers, first, last], self._halves[numbers, 0] >= 0

    def _stretch(self, moments: Ints) -> Ints:
        """In which stretch moments are."""
        return self._begins.searchsorted(moments, "right") - 1

    def _sum(self, numbers: Ints, stretch: Ints, moments: Ints) -> Ints:
        """From the midnight before the start up to a moment."""
        return self._sums[numbers, stretch] + (moments - self._begins[stretch]) * self._halves[numbers, stretch]
