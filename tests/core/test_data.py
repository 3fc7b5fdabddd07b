"""Lints of the shipped data: sources, gaps, and settings that nobody reads."""

from __future__ import annotations

import ast
import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from core.codes import codes
from core.loading import load
from core.policies import Policy, known_policies
from core.records import Record
from core.regulation import GeneralRegulation
from core.vocabulary import Series, Status
from tests.core import sources

DATA = sources.ROOT / "core" / "data"
BOOK = load()
EXAMPLE = load(example=True)
BY_SERIES = {
    series: sorted((r for r in BOOK.figures.records if r.series is series), key=lambda r: r.valid_from)
    for series in Series
}
DAY = timedelta(days=1)
GAPS = {  # the yearly allowances of 2019 to 2021, which nothing before 2023 needs
    Series.TRAVEL_ALLOWANCE: [("2019-07-01", "2021-06-30")],
}


def test_nothing_shipped_is_refused() -> None:
    assert BOOK.problems == EXAMPLE.problems == ()


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.toml")), ids=lambda file: file.name)
def test_files_are_written_alike(file: Path) -> None:
    content = file.read_bytes()
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert b"\t" not in content
    lines = content.decode("utf-8").splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_every_file_of_figures_ships_with_the_package() -> None:
    read = {path.name for path in EXAMPLE.sources}
    shipped = {
        file.name for folder in ("figures", "regulations", "examples") for file in (DATA / folder).glob("*.toml")
    }
    assert shipped - read == set()


# --- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", EXAMPLE.figures.records, ids=lambda r: f"{r.series} {r.valid_from}")
def test_every_record_says_where_it_comes_from(record: Record) -> None:
    assert record.basis.strip()
    assert record.source.strip()
    assert record.recorded_by.strip()
    assert date(2022, 12, 1) <= record.recorded_on <= date(2026, 12, 31)
    if record.status is Status.PROVISIONAL:
        assert record.note, "a provisional figure says why it is one"


def test_only_the_example_holds_made_up_figures() -> None:
    assert [r for r in BOOK.figures.records if r.status is Status.EXAMPLE] == []
    made_up = [r for r in EXAMPLE.figures.records if r.status is Status.EXAMPLE]
    assert len(made_up) == 4
    assert all("made-up" in record.source for record in made_up)


@pytest.mark.parametrize("holiday", BOOK.calendar.construction_holidays.values(), ids=lambda h: f"{h.site} {h.year}")
def test_every_construction_holiday_says_where_it_comes_from(holiday: object) -> None:
    assert getattr(holiday, "source", "").strip()
    periods = getattr(holiday, "periods", ())
    assert all(before.last < after.first for before, after in pairwise(periods))  # in order, none twice
    days = sum((period.last - period.first).days + 1 for period in periods)
    assert 15 <= days <= 31


@pytest.mark.parametrize("series", [series for series in Series if BY_SERIES[series]])
def test_no_gap_no_overlap(series: Series) -> None:
    gaps = []
    for before, after in pairwise(BY_SERIES[series]):
        assert before.valid_to is not None
        assert after.valid_from > before.valid_to, "an overlap"
        if after.valid_from != before.valid_to + DAY:
            gaps.append((str(before.valid_to + DAY), str(after.valid_from - DAY)))
    assert gaps == GAPS.get(series, [])


def test_no_record_stands_twice() -> None:
    starts = [(record.series, record.valid_from) for record in BOOK.figures.records]
    assert len(starts) == len(set(starts))


@pytest.mark.parametrize(
    ("series", "lowest", "highest"),
    [
        (Series.TRAVEL_ALLOWANCE, "0.30", "0.60"),
        (Series.TRAVEL_ALLOWANCE_QUARTERLY, "0.30", "0.60"),
        (Series.LEGAL_INTEREST_1865, "1.50", "8.00"),
        (Series.LEGAL_INTEREST_2002, "7.00", "13.00"),
        (Series.VAT_BE, "21", "21"),
        (Series.VAT_EU_REVERSE, "0", "0"),
        (Series.VAT_EXPORT, "0", "0"),
    ],
)
def test_figures_are_of_the_right_size(series: Series, lowest: str, highest: str) -> None:
    values = {record.value for record in BY_SERIES[series]}
    assert Decimal(lowest) <= min(values) <= max(values) <= Decimal(highest)
    if "allowance" in series:
        assert all(-value.as_tuple().exponent == 4 for value in values)  # type: ignore[operator]


def test_statutory_rates_are_quarters_and_halves_of_a_point() -> None:
    assert [
        r.value for r in BY_SERIES[Series.LEGAL_INTEREST_1865] if r.valid_from.year >= 2007 and r.value * 4 % 1
    ] == []
    assert [r.value for r in BY_SERIES[Series.LEGAL_INTEREST_2002] if r.value * 2 % 1] == []


def test_no_salary_index_is_shipped() -> None:
    assert BY_SERIES[Series.SALARY_INDEX] == []


def test_what_is_known_today() -> None:
    """The last day of each series: the next figure is due after it."""
    last = {series: records[-1].valid_to for series, records in BY_SERIES.items() if records}
    assert {series: str(day) for series, day in last.items()} == {
        Series.TRAVEL_ALLOWANCE: "2026-06-30",
        Series.TRAVEL_ALLOWANCE_QUARTERLY: "2026-03-31",
        Series.LEGAL_INTEREST_1865: "2026-12-31",
        Series.LEGAL_INTEREST_2002: "2026-06-30",
        Series.VAT_BE: "None",
        Series.VAT_EU_REVERSE: "None",
        Series.VAT_EXPORT: "None",
    }


def test_every_site_has_a_calendar() -> None:
    recorded = {site for site, _ in BOOK.calendar.construction_holidays}
    assert recorded == set(codes("SITE"))


# --- the regulation ------------------------------------------------------------------------------------------------


def test_the_general_regulation() -> None:
    (general,) = BOOK.general
    rates = {str(rate.code): (str(rate.base), rate.index, rate.article) for rate in general.rate}
    assert rates == {
        "APPLICATION": ("1160.96", "salary", "2.2.2"),
        "INSPECTION": ("360.30", "salary", "2.2.4"),
        "HOUR": ("125.82", "salary", "2.2.4"),
        "TRIP_BE": ("228.92", "travel", "2.2.4"),
        "HOUR_ABROAD": ("125.82", "travel", "2.2.4"),
        "KM_CAR": ("0.4170", "travel", "2.2.4"),
        "NIGHT": ("137.61", "salary", "2.2.4"),
    }
    assert (general.valid_from, general.base_year) == (date(2023, 1, 1), 2023)
    payment = general.payment
    terms = (
        payment.term_days,
        payment.margin_points,
        payment.lump_sum_points,
        payment.lump_sum_minimum,
        payment.notice_days,
    )
    assert terms == (30, 100, 1500, 200, 8)


def test_articles_have_the_form_of_articles() -> None:
    (general,) = BOOK.general
    articles = [rate.article for rate in general.rate]
    articles += [
        article for cost in general.cost for article in (cost.phase_article, cost.priced_by, cost.payer_article)
    ]
    assert [article for article in articles if not re.fullmatch(r"2(\.\d){1,3}", article)] == []


def test_the_example_shows_a_departure_of_its_own() -> None:
    ((regulation, file),) = EXAMPLE.specific["EXAMPLE-BRS"]
    assert file == "example_regulation.toml"
    assert (len(regulation.rate), len(regulation.policy), len(regulation.contribution)) == (1, 1, 2)
    assert not isinstance(regulation, GeneralRegulation)


# --- policies ------------------------------------------------------------------------------------------------------


def consulted() -> set[str]:
    """Every policy that a rule reads: ``policies["hours.bands"]``."""
    found = set()
    for node in sources.nodes(ast.Subscript):
        assert isinstance(node, ast.Subscript)
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        if name.endswith("policies") and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            found.add(node.slice.value)
    return found


THROUGH_THEIR_STEP = {"due_date.weekend", "lump_sum.eight_days"}
"""Policies that one rule reads for two kinds of step, each naming its own."""


def texts_in(node: ast.AST) -> set[str]:
    """Every text that stands in an expression."""
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def named() -> set[str]:
    """Every policy that a step names: ``StepKind(…, policies=("rounding",))``."""
    found: set[str] = set()
    for node in sources.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        if getattr(node.func, "id", "") == "StepKind":
            found |= {name for k in node.keywords if k.arg == "policies" for name in texts_in(k.value)}
    return found


def test_every_policy_in_the_code_exists() -> None:
    assert consulted() | named() <= set(known_policies())


@pytest.mark.parametrize("policy", [policy for policy in known_policies().values() if policy.open], ids=lambda p: p.id)
def test_every_choice_is_asked_for_and_told_apart(policy: Policy) -> None:
    assert policy.id in consulted() | (named() & THROUGH_THEIR_STEP)
    # one setting may be what remains when none of the others holds
    unread = [setting for setting in policy.settings if setting not in sources.literals()]
    assert len(unread) <= 1, unread


def test_policies_of_the_example_and_their_articles() -> None:
    known = tomllib.loads((DATA / "policies.toml").read_text("utf-8"))["policy"]
    assert [policy["id"] for policy in known] == list(known_policies())
    assert all(set(policy) == {"id", "article", "default", "title", "reason", "settings"} for policy in known)
