"""Art. 2.3.2: the statement at its edges, and interest that adds up whatever the payments."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from core.errors import ImpossibleValue
from core.loading import load
from core.rules.art_2_3_2_late_payment import (
    Claim,
    Payment,
    due_date,
    interest_periods,
    late_claim,
    late_interest,
    late_interest_detail,
    notice_ends,
)
from core.trace import Steps

BOOK = load()
TARIFF = BOOK.tariff(date(2023, 10, 15))
INVOICE = date(2023, 10, 15)
DUE = date(2023, 11, 30)


def claim(
    as_of: str, *payments: tuple[str, int], amount: int = 100_000, notice: str | None = None, **policies: str
) -> Claim:
    tariff = (
        load(policies={name.replace("_", "."): s for name, s in policies.items()}).tariff(INVOICE)
        if policies
        else TARIFF
    )
    received = [Payment(date.fromisoformat(day), cents) for day, cents in payments]
    noticed = date.fromisoformat(notice) if notice else None
    return late_claim(tariff, amount, INVOICE, date.fromisoformat(as_of), received, noticed, [])


def figures(found: Claim) -> tuple[int, int, int, int]:
    return found.principal, found.interest, found.lump_sum, found.total


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "notice", "key"),
    [
        (["2023-10-14"], None, "as_of_before_invoice"),
        (["2024-03-31", ("2023-10-14", 1)], None, "payment_before_invoice"),
        (["2024-03-31", ("2024-01-01", 1), ("2023-10-14", 1)], None, "payment_before_invoice"),
        (["2024-03-31"], "2023-11-30", "notice_before_due"),
    ],
)
def test_impossible_dates(arguments: list[object], notice: str | None, key: str) -> None:
    as_of, *payments = arguments
    with pytest.raises(ImpossibleValue) as impossible:
        claim(str(as_of), *payments, notice=notice)  # type: ignore[arg-type]
    assert impossible.value.key == key


def test_on_the_day_of_the_invoice_nothing_is_late() -> None:
    found = claim("2023-10-15", ("2023-10-15", 40_000))
    assert (found.due, found.days_late, figures(found)) == (DUE, 0, (60_000, 0, 0, 60_000))


def test_the_first_day_late() -> None:
    # 1000 x 6.25 % / 365 = 0.1712
    assert figures(claim("2023-11-30")) == (100_000, 0, 0, 100_000)
    assert figures(claim("2023-12-01")) == (100_000, 17, 0, 100_017)
    assert claim("2023-12-01").days_late == 1


@pytest.mark.parametrize(
    ("invoice", "month_first", "days_first"),
    [
        ("2026-01-15", "2026-03-02", "2026-03-02"),  # 31 Jan + 30 = 2 Mar; 14 Feb, 28 Feb, a Saturday: Monday 2 Mar
        ("2023-10-15", "2023-11-30", "2023-11-30"),
        ("2024-01-31", "2024-03-01", "2024-04-02"),  # 1 Mar; 31 Mar is Easter Sunday, 1 Apr a holiday
        ("2024-02-29", "2024-04-02", "2024-04-02"),  # 30 Mar is a Saturday; 30 Mar, then 31 Mar
        ("2023-11-30", "2024-01-02", "2024-01-02"),  # 30 Dec is a Saturday; 30 Dec, then 31 Dec
    ],
)
def test_due_date(invoice: str, month_first: str, days_first: str) -> None:
    other = load(policies={"due_date.reading": "days_first"})
    day = date.fromisoformat(invoice)
    found = [due_date(book.tariff(day), day, []).isoformat() for book in (BOOK, other)]
    assert found == [month_first, days_first]


def test_a_due_date_may_stay_on_a_weekend() -> None:
    book = load(policies={"due_date.weekend": "keep", "due_date.reading": "days_first"})
    assert due_date(book.tariff(date(2026, 1, 15)), date(2026, 1, 15), []) == date(2026, 2, 28)


# --- payments ------------------------------------------------------------------------------------------------------


def test_a_payment_settles_interest_first() -> None:
    # 31 days of December at 6.25 %: 5.308; 100 received: 5.31 interest, 94.69 principal
    assert figures(claim("2023-12-31", ("2023-12-31", 10_000))) == (90_531, 0, 0, 90_531)
    assert figures(claim("2023-12-31", ("2023-12-31", 10_000), payments_order="principal")) == (90_000, 531, 0, 90_531)


def test_the_day_of_a_payment_still_bears_interest_on_what_was_owed() -> None:
    # 1 Dec 1000 at 6.25 %: 0.1712; then 500.17 left, 1 day: 0.0856; exact 0.2569 -> 0.26, less 0.17 settled
    assert figures(claim("2023-12-02", ("2023-12-01", 50_000))) == (50_017, 9, 0, 50_026)


def test_payments_of_one_day_in_any_order() -> None:
    one = claim("2024-03-31", ("2024-01-15", 20_000), ("2023-12-20", 10_000), ("2024-01-15", 5_000))
    other = claim("2024-03-31", ("2024-01-15", 5_000), ("2024-01-15", 20_000), ("2023-12-20", 10_000))
    assert figures(one) == figures(other)


def test_a_payment_after_the_day_is_not_counted() -> None:
    found = claim("2023-12-31", ("2024-01-01", 10_000), ("2024-02-01", 5_000))
    assert (figures(found), found.later_payments) == ((100_000, 531, 0, 100_531), 15_000)


def test_paid_in_full_before_it_is_late() -> None:
    found = claim("2024-03-31", ("2023-11-30", 100_000))
    assert (figures(found), found.days_late, found.overpaid) == ((0, 0, 0, 0), 0, 0)


def test_paid_in_full_when_late() -> None:
    # ten days late: 1.7123 -> 1.71
    found = claim("2024-03-31", ("2023-12-10", 100_171))
    assert (figures(found), found.days_late, found.overpaid) == ((0, 0, 0, 0), 10, 0)


def test_paid_too_much() -> None:
    found = claim("2024-03-31", ("2023-12-10", 100_271), ("2024-01-05", 50))
    assert (figures(found), found.overpaid, found.days_late) == ((0, 0, 0, 0), 150, 10)


def test_interest_is_left_over_when_only_the_principal_is_paid() -> None:
    found = claim("2024-03-31", ("2023-12-10", 100_000), payments_order="principal")
    assert (figures(found), found.days_late) == ((0, 171, 0, 171), 10)


# --- the lump sum --------------------------------------------------------------------------------------------------


def test_the_eight_days() -> None:
    # received Wednesday 10 January 2024: eight days end on Thursday 18 January
    assert notice_ends(TARIFF, date(2024, 1, 10), []) == date(2024, 1, 18)
    assert [claim(day, notice="2024-01-10").lump_sum for day in ("2024-01-18", "2024-01-19")] == [0, 20_000]


def test_the_eight_days_end_on_a_working_day() -> None:
    # received Friday 5 January 2024: 13 January is a Saturday, so Monday 15 January
    assert notice_ends(TARIFF, date(2024, 1, 5), []) == date(2024, 1, 15)
    kept = load(policies={"lump_sum.eight_days": "keep"}).tariff(INVOICE)
    assert notice_ends(kept, date(2024, 1, 5), []) == date(2024, 1, 13)


def test_the_lump_sum_is_fifteen_percent_of_what_is_owed_when_they_end() -> None:
    # 2000 owed, 500 paid within the eight days: interest 2000 x 6.25 % x 31/365 + x 6.75 % x 15/365 = 10.6164 + 5.5479
    # so 16.16 interest and 483.84 principal; 15 % of 1516.16 = 227.424
    found = claim("2024-01-31", ("2024-01-15", 50_000), amount=200_000, notice="2024-01-10")
    assert (found.principal, found.lump_sum) == (151_616, 22_742)
    # the same payment the day after they end comes too late to lower it: 15 % of 2000
    late = claim("2024-01-31", ("2024-01-19", 50_000), amount=200_000, notice="2024-01-10")
    assert late.lump_sum == 30_000


def test_a_notice_still_to_come_changes_nothing() -> None:
    assert claim("2024-03-31", notice="2024-04-01") == claim("2024-03-31")


def test_no_lump_sum_when_everything_was_paid_in_time() -> None:
    found = claim("2024-03-31", ("2024-01-18", 110_000), notice="2024-01-10")
    assert (found.lump_sum, found.total) == (0, 0)


def test_a_payment_settles_the_lump_sum_last() -> None:
    # 1000: interest to 31 January 5.308 + 31 x 0.1849 = 5.7329: 11.04; 1000 + 11.04 + 200 owed, 1100 paid
    found = claim("2024-01-31", ("2024-01-31", 110_000), notice="2024-01-10")
    assert figures(found) == (0, 0, 11_104, 11_104)


# --- interest ------------------------------------------------------------------------------------------------------


def test_no_days_no_periods() -> None:
    assert list(interest_periods(TARIFF, date(2024, 1, 2), date(2024, 1, 1))) == []


def test_not_late() -> None:
    steps: Steps = []
    assert late_interest(TARIFF, 100_000, DUE, DUE, steps) == 0
    assert late_interest_detail(TARIFF, 100_000, DUE, DUE - timedelta(days=3), steps) == []
    assert [step.kind.key for step in steps] == ["not_late", "not_late"]


@pytest.mark.parametrize("policies", [{}, {"interest.law": "2002"}, {"interest.day_count": "actual/actual"}])
def test_periods_follow_each_other(policies: dict[str, str]) -> None:
    tariff = load(policies=policies).tariff(INVOICE)
    first, last = date(2023, 2, 3), date(2026, 4, 5)
    periods = list(interest_periods(tariff, first, last))
    assert (periods[0].first, periods[-1].last) == (first, last)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(periods))
    assert sum(period.days for period in periods) == (last - first).days + 1


def test_a_leap_year_counts_366_days_where_the_policy_says_so() -> None:
    tariff = load(policies={"interest.day_count": "actual/actual"}).tariff(INVOICE)
    # 3660 euro over 2024 at 6.75 %: 366/366 of it, or 366/365
    first, last = date(2023, 12, 31), date(2024, 12, 31)
    assert late_interest(tariff, 366_000, first, last, []) == 24_705
    assert late_interest(TARIFF, 366_000, first, last, []) == 24_773  # 247.05 x 366/365 = 247.7268


@pytest.mark.parametrize("amount", [1, 99, 12_345, 132_193, 10**14])
def test_the_rows_add_up_to_the_total(amount: int) -> None:
    until = date(2026, 4, 5)
    rows = late_interest_detail(TARIFF, amount, DUE, until, [])
    assert sum(row.interest for row in rows) == late_interest(TARIFF, amount, DUE, until, [])
    assert all(row.interest >= 0 for row in rows)


def test_a_statement_without_payments_owes_the_interest_of_its_days() -> None:
    for days in (0, 1, 46, 400):
        as_of = DUE + timedelta(days=days)
        assert claim(as_of.isoformat()).interest == late_interest(TARIFF, 100_000, DUE, as_of, [])


def test_many_payments_lose_no_cent() -> None:
    """A cent a day, interest first, never reaches the principal: every day bears its full interest."""
    payments = [((DUE + timedelta(days=n)).isoformat(), 1) for n in range(1, 101)]
    found = claim("2024-03-31", *payments)
    assert found.principal + found.interest + 100 == 100_000 + late_interest(
        TARIFF, 100_000, DUE, date(2024, 3, 31), []
    )


def test_exactly_half_a_cent_goes_up() -> None:
    # 1 day at 6.25 % of 29.20 is exactly 0.005
    assert Fraction(2920 * 625, 365 * 10_000) == Fraction(1, 2)
    assert [late_interest(TARIFF, cents, DUE, DUE + timedelta(days=1), []) for cents in (2919, 2920)] == [0, 1]
