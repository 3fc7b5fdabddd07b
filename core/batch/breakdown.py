"""What inspections and wasted trips cost, component by component (art. 2.2.4, 2.2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from core.batch.columns import CHUNK, FEW, Ints, Mask, numpy, picked, place_in, whole_numbers
from core.units import HOUR

if TYPE_CHECKING:
    from core.batch.columns import ErrorColumn, IntColumn
    from core.batch.inspections import Pricing

AMOUNTS = 6
Case = Sequence[Any]
"""The columns of `Pricing.contribution`."""
Flags = Any
"""For each row ``True`` or ``False``: a sequence or an array."""


class Parts(NamedTuple):
    """The five components of a control contribution and their sum: a row that is refused has 0 everywhere."""

    fixed: IntColumn
    performance: IntColumn
    travel: IntColumn
    transport: IntColumn
    stay: IntColumn
    total: IntColumn
    errors: ErrorColumn


class Breakdown:
    """Inspections, and wasted trips among them."""

    def __init__(self, pricing: Pricing) -> None:
        self._pricing = pricing

    def __call__(self, wasted: Flags | None, *case: IntColumn | None) -> Parts:
        """The components for whole columns.

        Args:
            wasted: which rows are wasted trips, whose presence does not count; ``None``: none is.
            case: the columns of `Pricing.contribution`, the presence included.

        Raises:
            ValueError: columns of different lengths.
        """
        sizes = {len(column) for column in (wasted, *case) if column is not None}
        if len(sizes) != 1:
            raise ValueError("columns of different lengths")
        size = sizes.pop()
        few = size < FEW and all(column is None or isinstance(column, list | tuple) for column in case)
        if few or numpy() is None:
            return self._by_rules(wasted, case)
        return self._in_chunks(wasted, [None if column is None else whole_numbers(column) for column in case], size)

    def _in_chunks(self, wasted: Flags | None, case: Case, size: int) -> Parts:
        import numpy as np

        flags = None if wasted is None else np.asarray(wasted, np.bool_)
        found: Any = Parts._make([*(np.empty(size, np.int64) for _ in range(AMOUNTS)), np.zeros(size, np.uint8)])
        for begin in range(0, size, CHUNK):
            part = slice(begin, begin + CHUNK)
            here, *chunk = (None if column is None else column[part] for column in (flags, *case))
            amounts, unsure = self._vector(here, *chunk)
            for column, values in zip(found, amounts, strict=False):
                column[part] = values
            if unsure is not None:
                rows = np.flatnonzero(unsure)
                exact = self._by_rules(picked(here, rows), [picked(column, rows) for column in chunk])
                for column, values in zip(found, exact, strict=True):
                    column[part][rows] = values
        return found  # type: ignore[no-any-return]

    def _vector(
        self, wasted: Mask | None, days: Ints, times: Ints, presence: Ints, *visit: Ints | None
    ) -> tuple[Sequence[Ints], Mask | None]:
        """The amounts for arrays, and the rows that must be asked by their rules."""
        tables, numbers = self._pricing.tables(days)
        rows = tables.rows(numbers, times, presence, wasted=False if wasted is None else wasted)
        charge = 0 if wasted is None else wasted
        if any(column is not None for column in visit):
            amounts, unsure = tables.components(charge, rows, visit)
            return (*amounts, sum(amounts)), unsure
        total, unsure = tables.total(charge, rows)
        performance, travel = tables.performance(rows)[0], tables.usual_travel(rows)[0]
        return (total - performance - travel, performance, travel, 0, 0, total), unsure

    def _by_rules(self, wasted: Flags | None, case: Case) -> Parts:
        """Each component by its own rule, inspections and wasted trips apart."""
        if wasted is None or not any(wasted):
            return self._of_kind(case, wasted=False)
        if all(wasted):
            return self._of_kind(case, wasted=True)
        found = Parts._make([_zeros_like(case[0]) for _ in Parts._fields])
        for kind in (False, True):
            rows = [row for row, is_wasted in enumerate(wasted) if bool(is_wasted) is kind]
            for column, values in zip(found, self._of_kind(_rows(case, rows), wasted=kind), strict=True):
                place_in(column, rows, values)
        return found

    def _of_kind(self, case: Case, *, wasted: bool) -> Parts:
        days, times, _, *visit = case
        prices = self._pricing
        total = prices.wasted_trip(days, times, None, *visit) if wasted else prices.contribution(*case)
        fine = [row for row, error in enumerate(total.errors) if not error]
        found = [_zeros_like(days) for _ in range(AMOUNTS - 1)]
        if fine:
            amounts = self._components(_rows(case, fine), picked(total.values, fine), wasted=wasted)
            for column, values in zip(found, amounts, strict=True):
                place_in(column, fine, values)
        return Parts._make([*found, total.values, total.errors])

    def _components(self, case: Case, total: Sequence[int], *, wasted: bool) -> Sequence[Sequence[int]]:
        """The components of rows that have a price: what none of the other four is, is the fixed fee."""
        days, times, presence, trips, abroad, car, tickets, nights, room = case
        prices = self._pricing
        if wasted:
            presence = self._charged_presence(days)
        others = (
            prices.performance(days, times, presence),
            prices.inspection_travel(days, times, presence, trips, abroad),
            prices.transport(days, car, tickets),
            prices.stay(days, nights, room),
        )
        amounts: list[Any] = [outcome.values for outcome in others]
        return [[whole - sum(rest) for whole, *rest in zip(total, *amounts, strict=True)], *amounts]

    def _charged_presence(self, days: Sequence[int]) -> Sequence[int]:
        """The presence for which wasted trips are charged."""
        tariff = self._pricing.situations.tariff
        hours = {day: tariff(date.fromordinal(day)).hours.wasted_trip for day in set(map(int, days))}
        return [hours[int(day)] * HOUR for day in days]


def _rows(case: Case, rows: Sequence[int]) -> Case:
    return [picked(column, rows) for column in case]


def _zeros_like(column: Any) -> Any:  # noqa: ANN401
    np = numpy()
    return [0] * len(column) if np is None or isinstance(column, list | tuple) else np.zeros(len(column), np.int64)
