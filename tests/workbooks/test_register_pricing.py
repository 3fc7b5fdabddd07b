"""A register priced: amounts worked out by hand, errors in their own rows, totals that miss nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.topics import LANGUAGES
from tests.workbooks.quotes import example_session
from tests.workbooks.registers import ERRORS, EXAMPLE, MONDAY, PRICED, SATURDAY, TOTAL, TWO_HOURS, inspection, troubled
from tests.workbooks.sheets import session_on
from workbooks.register import Row, price, read_register
from workbooks.register.pricing import PricedRegister
from workbooks.register.totals import Line, customers, kinds, payers, together, whole
from xl_addin import Session, call
from xl_addin.cells import CellError


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_on(tmp_path_factory.mktemp("data"))


def fees(priced: PricedRegister) -> dict[int, object]:
    return {number: getattr(fee, "code", fee) for number, fee in enumerate(priced.fee, 1) if fee is not None}


def test_the_example_comes_to_what_it_comes_to_by_hand(session: Session) -> None:
    """Of 1 to 6 hours on a working day: 2 × 715.04, 14 × 840.86, 7 × 966.68, 6 × 1092.50, 2 × 1344.14; nine more."""
    priced = price(read_register(EXAMPLE), session)
    others = {13: 1081.14, 16: 1458.60, 18: 2581.36, 21: 1321.42, 23: 1029.59, 28: 1407.05, 29: 2145.27}
    others |= {30: 1407.05, 35: 1824.70}
    assert {number: priced.fee[number - 1] for number in others} == others
    assert (priced.filled, priced.failed, priced.doubles) == (40, [], 0)
    assert priced.total == 43_468_34
    assert {line.name: line.cents for line in kinds(priced)} == {
        "Information meeting": 840_86,
        "Start-up inspection": 5_388_23,  # 3 × 840.86 + 1458.60 + 1407.05
        "Standard inspection": 26_914_52,
        "Additional inspection": 6_846_83,
        "Sanction inspection": 0,
        "Examination of a founded written complaint": 1_081_14,
        "Sampling for a counter-test": 966_68,
        "Wasted trip": 1_430_08,
    }


def test_each_row_has_its_price_or_its_error(session: Session) -> None:
    priced = price(troubled(), session)
    assert fees(priced) == {**PRICED, **ERRORS}
    assert priced.total == round(TOTAL * 100)
    assert priced.state == [{**dict.fromkeys(PRICED, 1), **dict.fromkeys(ERRORS, 2)}.get(n) for n in range(1, 19)]


def test_every_failure_has_its_reason_and_column(session: Session) -> None:
    priced = price(troubled(), session)
    failures = {failure.number: failure for failure in map(priced.failure, priced.failed)}
    assert list(failures) == sorted(ERRORS)
    columns = {number: failure.column for number, failure in failures.items()}
    assert columns == {
        3: "kind",
        4: "kind",
        5: "",
        7: "site",
        9: "hours",
        11: "hours",
        14: "start",
        17: "",
        18: "hours",
    }
    assert all(failure.reason for failure in failures.values())
    assert "Atlantis" in failures[7].reason
    assert "24" in failures[5].reason


def test_an_unrecorded_holiday_calendar_is_an_error_of_its_row(session: Session) -> None:
    priced = price([inspection(start=datetime(2031, 7, 12, 9)), inspection()], session)
    assert fees(priced) == {1: "#N/A", 2: TWO_HOURS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_go_by_any_name(session: Session, language: str) -> None:
    names = ("STANDARD_INSPECTION", "standaardinspectie", "inspections standard", "Standardinspektion")
    priced = price([inspection(kind=name) for name in names], replace(session, language=language))
    assert set(priced.fee) == {TWO_HOURS}


@pytest.mark.parametrize("kind", ["APPLICATION", "TRAVEL", "Sta*", "?", 5, True, None, "EXECUTION_CONTRIBUTION"])
def test_what_is_no_inspection_has_no_price(session: Session, kind: object) -> None:
    priced = price([inspection(kind=kind)], session)
    assert fees(priced) == {1: "#VALUE!"}
    assert priced.failure(0).column == "kind"


def test_the_way_a_number_is_typed_does_not_matter(session: Session) -> None:
    ways = [
        inspection(hours=2.5, tickets=10, hours_abroad=1),
        inspection(hours=Decimal("2.5"), tickets=10.0, hours_abroad=1),
    ]
    first, second = price(ways, session).fee
    assert first == second
    assert isinstance(first, float)


@pytest.mark.parametrize("number", [10**400, float("inf"), float("nan"), Decimal("1e999")])
def test_what_no_cell_can_hold_is_an_error(session: Session, number: float) -> None:
    assert fees(price([inspection(hours=number)], session)) == {1: "#NUM!"}


def test_a_regulation_that_replaces_an_article_counts(tmp_path: Path) -> None:
    session = example_session(tmp_path / "data")
    rows = [inspection(regulation=name) for name in (None, "EXAMPLE-BRS", "NO-SUCH")]
    priced = price(rows, session)
    expected = call("COPRO_INSPECTION_FEE", ["2023-03-06T10:00", 2, *[None] * 8, "EXAMPLE-BRS"], session)
    assert priced.fee[:2] == [TWO_HOURS, expected]
    assert isinstance(priced.fee[2], CellError)


# --- rows that are there twice --------------------------------------------------------------------------------------


def test_rows_that_are_there_twice_are_told(session: Session) -> None:
    rows = [
        inspection(reference="R-1"),
        inspection(reference="r-1 ", customer=" ACME", hours=4),
        inspection(reference="R-2"),
        inspection(reference="R-1", start=SATURDAY),
        inspection(reference="R-1", customer="Other"),
        inspection(reference="R-1"),
    ]
    priced = price(rows, session)
    assert priced.same_as == [None, 1, None, None, None, 1]
    assert priced.remark(1) == "same as no. 1"
    assert priced.doubles == 2


def test_too_little_to_compare_is_no_double(session: Session) -> None:
    nameless = Row(start=MONDAY, kind="STANDARD_INSPECTION", hours=2)
    assert price([nameless, nameless, Row(customer="Acme"), Row(customer="Acme")], session).doubles == 0


# --- totals -----------------------------------------------------------------------------------------------------------


def test_totals_count_every_row_once(session: Session) -> None:
    priced = price(troubled(), session)
    every = whole(priced)
    assert (every.rows, every.failed, every.cents) == (17, 9, round(TOTAL * 100))
    for lines in (customers(priced, 100), customers(priced, 3), kinds(priced), payers(priced, 2)):
        assert together(lines) == (17, 9, round(TOTAL * 100))


def test_customers_are_told_apart_as_a_sheet_does(session: Session) -> None:
    priced = price(troubled(), session)
    lines = {line.name: (line.rows, line.failed, line.cents) for line in customers(priced, 100)}
    assert lines["Acme"] == (3, 1, 1_555_90)
    assert lines["10023"] == (1, 0, 1_321_42)
    assert lines["B1"] == (4, 3, 966_68)
    assert lines["B*"] == lines["B?"] == lines["=1+1"] == lines[">0"] == (1, 1, 0)
    assert lines["(no customer, or too long a name)"] == (4, 1, 2_522_58)  # #REF!, no name, two that are too long


def test_customers_without_a_line_are_together(session: Session) -> None:
    rows = [inspection(customer=f"C{n}") for n in range(5)]
    lines = customers(price(rows, session), 3)
    assert lines[-1] == Line("(further customers, without a line of their own)", ">3", 2, 0, 1_681_72)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_total_that_lacks_a_row_is_no_number(language: str) -> None:
    assert Line("x", 1, 2, 0, 1234_56).shown(language) == 1234.56
    shown = Line("x", 1, 2, 1, 1234_56).shown(language)
    assert isinstance(shown, str)
    assert "1)" in shown
    assert ("1,234.56" if language == "en" else "234,56") in shown


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_no_rows_at_all(session: Session) -> None:
    priced = price([], session)
    assert (priced.filled, priced.failed, priced.total, priced.fee) == (0, [], 0, [])


def test_only_empty_rows(session: Session) -> None:
    priced = price([Row(), Row(customer="")], session)
    assert (priced.filled, priced.fee, priced.factor) == (0, [None, None], [None, None])


def test_many_rows_are_priced_as_one_is(session: Session) -> None:
    rows = [
        inspection(
            start=datetime(2023, 1 + n % 12, 1 + n % 28, 1 + n % 23, 15 * (n % 4)), hours=(1 + n % 96) / 4, nights=n % 3
        )
        for n in range(500)
    ]
    rows += [inspection(start=date(2023, 7, 15), site="LIEGE", day_type="BUILDERS", trips=n % 4) for n in range(20)]
    priced = price(rows, session)
    for position, row in enumerate(rows):
        given = [row.start.isoformat(), row.hours, row.trips, None, None, None, row.nights]  # type: ignore[union-attr]
        expected = call("COPRO_INSPECTION_FEE", [*given, None, row.site, row.day_type], session)
        fee = priced.fee[position]
        assert getattr(fee, "code", fee) == getattr(expected, "code", expected)
