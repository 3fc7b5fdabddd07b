"""Works, inspectors, options and a year's plan, as an input file says them, and their prices worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.topics import LANGUAGES
from tests.workbooks.quotes import data_folder, example_session, planned, quote_of
from tests.workbooks.sheets import session_on
from tests.workbooks.test_quote_model import refusal, written
from workbooks.quote import price, read_quote
from workbooks.quote.plan import Plan, Request
from xl_addin import Session
from xl_addin.cells import CellError

INSPECTION = {"kind": "STANDARD_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": 2}
PLANNED = {"kind": "STANDARD_INSPECTION", "count": 3, "first": date(2023, 3, 1), "hours": 3}

GOOD = """\
number = "V-1"
date = 2023-01-16
language = "nl"

[customer]
name = "Example"

[[work]]
name = "E40"

[[work]]
name = "R4 Gent"
site = "Oost-Vlaanderen"

[[line]]
kind = "APPLICATION"
date = 2023-02-01

[[line]]
kind = "STANDARD_INSPECTION"
work = "e40"
start = 2023-03-06T10:00:00
hours = 3.5

[[plan]]
kind = "STANDARD_INSPECTION"
work = "R4 Gent"
count = 12
first = 2023-03-01
weekday = "TUESDAY"
time = 09:00:00
hours = 3
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return example_session(tmp_path / "data")


# --- the input file --------------------------------------------------------------------------------------------------


def test_works_and_plans_are_read(tmp_path: Path) -> None:
    quote = read_quote(written(tmp_path, GOOD))
    assert [work.name for work in quote.work] == ["E40", "R4 Gent"]
    assert quote.line[1].work == "E40"  # spelled as the work is
    assert [quote.site_of(line) for line in quote.line[:3]] == [None, None, "OOST_VLAANDEREN"]
    assert len(quote.line) == 2 + 12
    # the first Tuesday of each month, from March on
    days = [(3, 7), (4, 4), (5, 2), (6, 6), (7, 4), (8, 1), (9, 5), (10, 3), (11, 7), (12, 5)]
    assert [line.start for line in quote.line[2:12]] == [datetime(2023, *day, 9) for day in days]
    assert [line.start for line in quote.line[12:]] == [datetime(2024, 1, 2, 9), datetime(2024, 2, 6, 9)]
    assert [line.description for line in quote.line[2:]] == [f"{n}/12" for n in range(1, 13)]


def test_the_file_in_the_documentation_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "quote.md").read_text(encoding="utf-8")
    quote = read_quote(written(tmp_path, page.split("```toml\n")[1].partition("```")[0]))
    assert len(quote.line) == 1 + 12
    assert quote.line[0].optional


#: What is written instead of what → the line told, and the key of the reason.
MISTAKES = [
    ('name = "R4 Gent"', 'name = "e40"', 11, "quote_work_twice"),
    ('name = "R4 Gent"', 'name = "E4*"', 12, "quote_work_name"),
    ('name = "R4 Gent"', f'name = "{"x" * 61}"', 12, "quote_work_name"),
    ('name = "R4 Gent"', 'name = ""', 12, "quote_text_expected"),
    ('site = "Oost-Vlaanderen"', 'site = "Atlantis"', 13, "code_unknown"),
    ('work = "e40"', 'work = "E41"', 19, "quote_work_unknown"),
    ('work = "R4 Gent"', 'work = "R5"', 25, "quote_work_unknown"),
    ("date = 2023-02-01", "date = 2023-02-01\ninspectors = 2", 18, "quote_field_foreign"),
    ("hours = 3.5", "hours = 3.5\ninspectors = 0", 24, "number_not_above_zero"),
    ("hours = 3.5", "hours = 3.5\ninspectors = 1.5", 24, "whole_number_expected"),
    ("hours = 3.5", 'hours = 3.5\noptional = "yes"', 24, "field_wrong"),
    ("count = 12", "count = 0", 28, "number_not_above_zero"),
    ("count = 12", "count = 501", 28, "quote_lines_too_many"),
    ("count = 12", "count = 499", 25, "quote_lines_too_many"),
    ("count = 12\n", "", 25, "field_missing"),
    ("first = 2023-03-01", "first = 9999-06-01", 29, "quote_plan_too_far"),
    ("first = 2023-03-01", "first = 2023-03-01\nevery = 'YEAR'", 30, "code_unknown"),
    ("first = 2023-03-01", "first = 2023-03-01\nstep = 0", 30, "number_not_above_zero"),
    ('weekday = "TUESDAY"', 'weekday = "Doomsday"', 30, "code_unknown"),
    ("time = 09:00:00", "time = 9", 31, "quote_clock_expected"),
    ("time = 09:00:00", "time = 09:00:30", 31, "quote_whole_minutes"),
    ("time = 09:00:00", "time = 00:00:00", 31, "quote_midnight"),
    ("hours = 3\n", "", 25, "quote_field_needed"),
    ("hours = 3\n", "start = 2023-03-06\n", 32, "field_unknown"),
]


@pytest.mark.parametrize(("instead_of", "wrong", "line", "reason"), MISTAKES)
def test_a_mistake_names_line_and_reason(tmp_path: Path, instead_of: str, wrong: str, line: int, reason: str) -> None:
    assert instead_of in GOOD
    problem = refusal(tmp_path, GOOD.replace(instead_of, wrong, 1))
    assert (problem.line, problem.reason.key) == (line, reason)
    for language in LANGUAGES:
        assert "{" not in problem.reason.message(language)


def test_a_quote_can_be_a_plan_alone(tmp_path: Path) -> None:
    quote = read_quote(written(tmp_path, GOOD[: GOOD.index("[[line]]")] + GOOD[GOOD.index("[[plan]]") :]))
    assert len(quote.line) == 12


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({}, ["2023-03-01", "2023-04-01", "2023-05-01"]),
        ({"first": date(2023, 1, 31)}, ["2023-01-31", "2023-02-28", "2023-03-31"]),
        ({"first": date(2023, 10, 31), "step": 3}, ["2023-10-31", "2024-01-31", "2024-04-30"]),
        ({"every": "WEEK", "weekday": "vrijdag"}, ["2023-03-03", "2023-03-10", "2023-03-17"]),
        ({"every": "semaine", "step": 8}, ["2023-03-01", "2023-04-26", "2023-06-21"]),
        ({"first": date(2023, 3, 15), "weekday": "MITTWOCH"}, ["2023-03-15", "2023-04-19", "2023-05-17"]),
    ],
)
def test_the_dates_of_a_plan(said: dict[str, Any], days: list[str]) -> None:
    assert [str(day) for day in Plan.model_validate({**PLANNED, **said}).days()] == days


def test_a_plan_of_what_has_no_time_of_day() -> None:
    plan = Plan.model_validate({"kind": "CERTIFICATION_CONTRIBUTION", "count": 2, "first": date(2023, 1, 1), "step": 6})
    assert [(line.date, line.start) for line in plan.lines()] == [(date(2023, 1, 1), None), (date(2023, 7, 1), None)]
    with pytest.raises(ValidationError, match="quote_field_foreign"):
        Plan.model_validate({"kind": "APPLICATION", "count": 2, "first": date(2023, 1, 1), "time": time(9)})


def test_a_plan_says_all_that_a_line_says() -> None:
    said = {"description": "By night", "optional": True, "inspectors": 2, "trips": 0, "day_type": "WORKDAY"}
    line = next(Plan.model_validate({**PLANNED, **said, "quantity": 2, "site": "LIEGE"}).lines())
    assert {name: getattr(line, name) for name in said} == {**said, "description": "By night 1/3"}
    assert (line.quantity, line.site, line.hours, line.start) == (2, "LIEGE", 3, date(2023, 3, 1))


# --- prices ----------------------------------------------------------------------------------------------------------

#: the lines of the example → their amounts in cents; rates as in test_quote_pricing
YEAR = [
    116_096,  # one application
    84_086,  # 360.30 + 2 × 125.82 + 228.92
    218_500,  # two inspectors: 2 × (360.30 + 4 × 125.82 + 228.92) = 2 × 1092.50
    121_832,  # from 16:30: 360.30 + 125.82 × (2 + 2 × 1.5) + 228.92
    126_987,  # Saturday × 1.5: 360.30 + 125.82 × 3 × 1.5 = 566.19 + 228.92 × 1.5 = 343.38
    294_710,  # abroad: 360.30 + 754.92 + 943.65 + 338.81 + 38.20 + 275.22 + 236.00
    84_086,  # option: 1.5 hours are 2
    71_504,  # option: 360.30 + 125.82 + 228.92
    *[96_668] * 3,  # 4 April, 2 May, 6 June: 360.30 + 3 × 125.82 + 228.92
    157_306,  # 4 July, construction holidays in Brussels × 2: 360.30 + 754.92 + 457.84
    *[96_668] * 2,  # 1 August, 5 September
    84_086,  # 7 June
    132_142,  # 2 August, construction holidays in East Flanders × 2: 360.30 + 503.28 + 457.84
    84_086,  # 27 September
]


def test_the_example_with_works_a_plan_and_options(session: Session) -> None:
    priced = price(planned(), session)
    assert [line.amount for line in priced.lines] == YEAR
    certification, performing = priced.parties
    assert (certification.net, certification.vat, certification.gross) == (116_096, 24_380, 140_476)
    # 840.86 + 2185.00 + 1218.32 + 1269.87 + 2947.10 + 6406.46 (5 × 966.68 + 1573.06) + 3003.14 (2 × 840.86 + 1321.42)
    # is 17 870.75; 21 % is 3752.8575
    assert (performing.net, performing.vat, performing.gross) == (1_787_075, 375_286, 2_162_361)
    assert (priced.total.net, priced.total.vat, priced.total.gross) == (1_903_171, 399_666, 2_302_837)
    # with 840.86 + 715.04 more: 19 426.65; 21 % is 4079.5965
    assert [party.net for party in priced.option_parties] == [116_096, 1_942_665]
    assert (priced.option_total.net, priced.option_total.vat, priced.option_total.gross) == (
        2_058_761,
        24_380 + 407_960,
        2_491_101,
    )
    assert [(total.lines, total.net, total.options) for total in priced.works] == [
        (9, 980_978, 84_086),  # 2185.00 + 1218.32 + 6406.46
        (5, 427_301, 71_504),  # 1269.87 + 3003.14
        (3, 494_892, 0),  # 1160.96 + 840.86 + 2947.10
    ]
    assert sum(total.net for total in priced.works if isinstance(total.net, int)) == 1_903_171
    assert [(number, line.factor) for number, line in priced.factored] == [(5, 1.5), (12, 2.0), (16, 2.0)]


def test_the_inspection_of_each_inspector_is_charged(session: Session) -> None:
    alone, three, wasted = price(
        quote_of(
            INSPECTION,
            {**INSPECTION, "inspectors": 3, "quantity": 2},
            {"kind": "WASTED_TRIP", "start": date(2023, 3, 6), "inspectors": 2},
        ),
        session,
    ).lines
    assert (three.unit, three.amount) == (alone.amount, 6 * 84_086)
    assert wasted.amount == 2 * 71_504


def test_a_line_has_the_calendar_of_its_work(session: Session) -> None:
    # 12 April 2023 is in the construction holidays of East Flanders, not of Brussels
    line = {**INSPECTION, "start": datetime(2023, 4, 12, 10), "work": "R4"}
    works = {"work": [{"name": "R4", "site": "OOST_VLAANDEREN"}, {"name": "E40"}], "site": "BRUSSEL"}
    lines = price(quote_of(line, {**line, "site": "BRUSSEL"}, {**line, "work": "E40"}, **works), session).lines
    assert [line.amount for line in lines] == [132_142, 84_086, 84_086]
    assert [line.factor for line in lines] == [2.0, 1.0, 1.0]


def test_an_option_without_a_price_leaves_the_other_totals(session: Session) -> None:
    priced = price(quote_of(INSPECTION, {**INSPECTION, "hours": 30, "optional": True}), session)
    assert len(priced.failed) == 1
    assert (priced.total.net, priced.total.gross) == (84_086, 101_744)
    for amount in (priced.option_total.net, priced.option_total.vat, priced.option_total.gross):
        assert isinstance(amount, CellError)


def test_a_quote_of_options_alone_comes_to_nothing_without_them(session: Session) -> None:
    priced = price(quote_of({**INSPECTION, "optional": True}), session)
    assert (priced.total.net, priced.total.vat, priced.option_total.net) == (0, 0, 84_086)


def test_vat_line_by_line_counts_options_apart(tmp_path: Path) -> None:
    # 0.105 a line is 0.11: one firm, two with the option; on the total 21 % of 1.00 is 0.21
    folder = data_folder(tmp_path / "data")
    file = folder / "regulations" / "example_regulation.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("per_unit = 412.50", "per_unit = 0.50"), encoding="utf-8")
    (folder / "policies.toml").write_text('"vat.rounding" = "line"\n', encoding="utf-8")
    line = {"kind": "CERTIFICATION_CONTRIBUTION", "date": date(2023, 2, 1)}
    priced = price(quote_of(line, {**line, "optional": True}, regulation="EXAMPLE-BRS"), session_on(folder))
    assert (priced.total.vat, priced.option_total.vat) == (11, 22)


def test_the_factor_is_that_of_the_quotes_regulation(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data")
    with (folder / "regulations" / "example_regulation.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[factor]]\nday_type = "SATURDAY"\narticle = "9"\nvalid_from = 2023-01-01\n')
        file.write("factors = { day = 1, night = 1.5 }\n")
    saturday = {**INSPECTION, "start": datetime(2023, 3, 4, 10)}
    known = session_on(folder)
    assert price(quote_of(saturday), known).lines[0].factor == 1.5
    assert price(quote_of(saturday, regulation="EXAMPLE-BRS"), known).lines[0].factor == 1.0


def test_a_quote_past_its_validity_and_a_year_without_rates_say_so(session: Session) -> None:
    on_the_day = replace(session, today=lambda: date(2023, 3, 31))
    quote = quote_of({**INSPECTION, "start": date(2029, 3, 6)}, valid_until=date(2023, 3, 31))
    assert not price(quote, on_the_day).lapsed
    assert price(quote, session).lapsed
    assert price(quote, session).year_unknown == 2029
    assert price(quote_of({**INSPECTION, "hours": 30}), session).year_unknown is None


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(ValidationError, match="quote_lines_too_many"):
        Request.model_validate(
            {
                "number": "1",
                "date": date(2023, 1, 2),
                "language": "en",
                "customer": {"name": "Example"},
                "plan": [{**PLANNED, "count": 300}, {**PLANNED, "count": 300}],
            }
        )
