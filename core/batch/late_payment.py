"""Invoices by the column (art. 2.3.2): due dates, late interest, lump sums."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from core.batch.asked import Days, DayValues
from core.batch.columns import ROOM, ColumnRule, Ints, Mask, by_number, either, none_sure, not_negative, within
from core.errors import CoproError
from core.numeric import at_least
from core.rules import art_2_3_2_late_payment as rules

if TYPE_CHECKING:
    from collections.abc import Hashable

    from core.rulebook import Rulebook
    from core.tariff import Tariff

LONGEST_RUN = 200 * 366
"""Days of interest that are added up in advance; rows beyond are asked one by one."""


class LatePayment:
    """The rules of art. 2.3.2 under one regulation, by the column.

    Attributes:
        due_date: (invoice days), gives days.
        interest: (amounts, due days, days until which), gives cents.
        lump_sum: (amounts overdue, days on which the notice was received, days asked about), gives cents.
    """

    def __init__(self, rulebook: Rulebook, regulation: str = "") -> None:
        self.due_date = DueDate(rulebook, regulation)
        self.interest = Interest(rulebook, regulation)
        self.lump_sum = LumpSum(rulebook, regulation)


class _InvoiceRule(ColumnRule):
    """A rule about invoices under a regulation."""

    def __init__(self, rulebook: Rulebook, regulation: str) -> None:
        super().__init__()
        self.rulebook = rulebook
        self.regulation = regulation
        self._in_force = DayValues(lambda day: len(self.in_force(day).regulation))

    def tariff(self, day: date) -> Tariff:
        return self.rulebook.tariff(day, self.regulation)

    def in_force(self, day: date) -> Tariff:
        """The general tariff of a day: what is asked about it must fall under a regulation at all."""
        return self.rulebook.tariff(day)


class DueDate(_InvoiceRule):
    """When invoices are due."""

    def __init__(self, rulebook: Rulebook, regulation: str) -> None:
        super().__init__(rulebook, regulation)
        self._known = DayValues(lambda day: self.one(day.toordinal()))

    def one(self, day: int) -> int:
        invoiced = date.fromordinal(day)
        return rules.due_date(self.tariff(invoiced), invoiced, []).toordinal()

    def vector(self, days: Ints) -> tuple[Ints, Mask | None]:
        return self._known.column(days)


class _Run(NamedTuple):
    """Interest on one cent from the first day on, in cents / `rules.ACCRUAL_PER_CENT`, up to and including each day.

    ``last`` is the last day before one whose rate is not recorded.
    """

    first: int
    last: int
    accrued: Any


class Interest(_InvoiceRule):
    """Simple interest on what is paid late."""

    def __init__(self, rulebook: Rulebook, regulation: str) -> None:
        super().__init__(rulebook, regulation)
        self._bases = Days(self._basis)
        self._runs: dict[int, _Run | None] = {}

    def one(self, amount: int, due: int, until: int) -> int:
        last = date.fromordinal(until)
        self.in_force(last)
        first = date.fromordinal(due)
        return rules.late_interest(self.tariff(first), not_negative(amount), first, last, [])

    def vector(self, amounts: Ints, due: Ints, until: Ints) -> tuple[Ints, Mask | None]:
        return by_number(self._bases.column(due), self._accrue, amounts, due, until)

    def _basis(self, day: date) -> Hashable:
        """What interest depends on: the same for days on which it accrues alike."""
        try:
            tariff = self.tariff(day)
            return tariff.policies["interest.law"], tariff.policies["interest.day_count"], tariff.payment.margin_points
        except CoproError:
            return None

    def _accrue(self, number: int, amounts: Ints, due: Ints, until: Ints) -> tuple[Ints, Mask | None]:
        run = self._run(number)
        if run is None:
            return none_sure(amounts)
        _, unsure = self._in_force.column(until)
        starts, before = within(due - run.first, run.last - run.first)
        ends, after = within(until - run.first, run.last - run.first)
        days: Ints = at_least(run.accrued.take(ends) - run.accrued.take(starts), 0)
        amounts, too_large = within(amounts, ROOM // max(1, int(days.max())))
        unsure = either(either(unsure, too_large), either(before, after))
        return rules.interest_cents(amounts * days), unsure

    def _run(self, number: int) -> _Run | None:
        if number not in self._runs:
            self._runs[number] = self._found_run(number)
        return self._runs[number]

    def _found_run(self, number: int) -> _Run | None:
        import numpy as np

        if self._bases.answers[number] is None:
            return None
        first = self.rulebook.first_day()
        rates, lengths = [0], [1]
        last = min(date.max.toordinal(), first.toordinal() + LONGEST_RUN)
        try:
            tariff = self.tariff(self._bases.first[number])
            for period in rules.recorded_periods(
                tariff, date.fromordinal(first.toordinal() + 1), date.fromordinal(last)
            ):
                rates.append(period._replace(last=period.first).accrual(1))
                lengths.append(period.days)
        except CoproError:  # a rate that is not recorded: the run ends before it
            pass
        accrued = np.repeat(np.array(rates), lengths).cumsum()
        return _Run(first.toordinal(), first.toordinal() + len(accrued) - 1, accrued)


class LumpSum(_InvoiceRule):
    """The lump sum after a registered notice."""

    def __init__(self, rulebook: Rulebook, regulation: str) -> None:
        super().__init__(rulebook, regulation)
        self._ends = DayValues(lambda day: rules.notice_ends(self.tariff(day), day, []).toordinal())
        self._terms = Days(self._terms_on)

    def one(self, overdue: int, received: int, as_of: int) -> int:
        asked, notice = date.fromordinal(as_of), date.fromordinal(received)
        self.in_force(asked)
        return rules.lump_sum(self.tariff(notice), not_negative(overdue), notice, asked, [])

    def vector(self, overdue: Ints, received: Ints, as_of: Ints) -> tuple[Ints, Mask | None]:
        return by_number(self._terms.column(received), self._owed, overdue, received, as_of)

    def _terms_on(self, day: date) -> Hashable:
        try:
            return self.tariff(day).payment
        except CoproError:
            return None

    def _owed(self, number: int, overdue: Ints, received: Ints, as_of: Ints) -> tuple[Ints, Mask | None]:
        terms: Any = self._terms.answers[number]
        if terms is None:
            return none_sure(overdue)
        _, not_in_force = self._in_force.column(as_of)
        ends, no_end = self._ends.column(received)
        overdue, too_large = within(overdue, ROOM // max(1, terms.lump_sum_points))
        owed = rules.lump_sum_cents(overdue, terms) * (as_of > ends)
        return owed, either(either(not_in_force, no_end), too_large)
