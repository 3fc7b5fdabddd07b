"""The prices of a quote, worked out by hand from the rates of 2023.

1160.96 an application, 360.30 an inspection, 125.82 an hour, 228.92 a round trip, 125.82 an hour abroad, 0.4170 a
kilometre, 137.61 a night (2.2.2, 2.2.4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from core.errors import InputError
from core.vocabulary import Status
from tests.workbooks.quotes import contributions, data_folder, example_session, quote_of, year
from tests.workbooks.sheets import session_on
from workbooks.quote import price
from workbooks.quote.pricing import PricedQuote, added, cents
from xl_addin import Session
from xl_addin.cells import CellError

INSPECTION = {"kind": "STANDARD_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": 2}

#: line → its amount in cents
YEAR = [
    116_096,  # one application
    84_086,  # 360.30 + 2 × 125.82 + 228.92
    109_250,  # 3.5 hours are 4: 360.30 + 503.28 + 228.92
    84_086,  # 2.25 hours are 2
    121_832,  # 16:30, 4 hours: two by day, two from 18:30: 360.30 + 125.82 × (2 + 2 × 1.5) + 228.92
    126_987,  # Saturday × 1.5: 360.30 + 125.82 × 3 × 1.5 = 566.19 + 228.92 × 1.5 = 343.38
    132_142,  # construction holiday × 2: 360.30 + 503.28 + 457.84
    294_710,  # 360.30 + 6 × 125.82 = 754.92 + 7.5 × 125.82 = 943.65 + (812.5 × 0.4170 = 338.8125, so 338.81)
    #           + 38.20 + 2 × 137.61 = 275.22 + 236.00
    84_086,  # 1.5 hours are 2
    71_504,  # 360.30 + 125.82 + 228.92
]

#: the same for the made-up regulation: 300.00 an inspection, no fixed fee for a wasted trip
CONTRIBUTIONS = [
    165_000,  # 4 quarters × 412.50
    379_000,  # 1000 × 0.85 + 4000 × 0.60 + 1200 × 0.45
    181_276,  # 2 × (300.00 + 3 × 125.82 + 228.92)
    90_638,  # 2.75 hours are 3
    139_830,  # at night × 1.5: 300.00 + 4 × 1.5 × 125.82 = 754.92 + 343.38
    35_474,  # 125.82 + 228.92
]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return example_session(tmp_path / "data")


def test_the_certification_year(session: Session) -> None:
    priced = price(year(), session)
    assert [line.amount for line in priced.lines] == YEAR
    certification, performing = priced.parties
    assert (certification.paid_to, performing.paid_to) == ("certification_body", "performing_body")
    # 21 % of 1160.96 is 243.8016
    assert (certification.net, certification.vat, certification.gross) == (116_096, 24_380, 140_476)
    # the others add up to 11 086.83; 21 % is 2328.2343
    assert (performing.net, performing.vat, performing.gross) == (1_108_683, 232_823, 1_341_506)
    assert (priced.total.net, priced.total.vat, priced.total.gross) == (1_224_779, 257_203, 1_481_982)
    assert priced.failed == ()
    assert priced.statuses == frozenset()


def test_contributions_a_complaint_and_a_sanction(session: Session) -> None:
    priced = price(contributions(), session)
    assert [line.amount for line in priced.lines] == CONTRIBUTIONS
    assert [line.unit for line in priced.lines[:3]] == [None, None, 90_638]
    assert [line.rule.priced_by for line in priced.lines] == ["2.2.3", "2.2.5", "2.2.4", "2.2.4", "2.2.4", "2.2.6"]
    assert priced.total.net == sum(CONTRIBUTIONS)
    assert priced.statuses == {Status.EXAMPLE}


def test_amount_is_quantity_times_unit(session: Session) -> None:
    line = price(quote_of({**INSPECTION, "quantity": 7}), session).lines[0]
    assert (line.unit, line.amount) == (84_086, 7 * 84_086)


def test_lines_carry_the_explanation_in_the_language_of_the_quote(session: Session) -> None:
    rows = price(quote_of(INSPECTION, language="fr"), session).lines[0].explanation
    assert rows[-1][3] == 840.86
    assert str(rows[-1][1]).startswith("Rétribution de contrôle")


def test_a_line_that_cannot_be_priced_makes_the_totals_errors(session: Session) -> None:
    too_long = {**INSPECTION, "hours": 30}
    application = {"kind": "APPLICATION", "date": date(2023, 2, 1)}
    priced = price(quote_of(application, INSPECTION, too_long), session)
    ((number, failed),) = priced.failed
    assert number == 3
    assert failed.error is not None
    assert failed.error.code == "#NUM!"
    assert "24" in failed.error.message("en")
    certification, performing = priced.parties
    assert certification.gross == 140_476  # the other party's total stands
    for amount in (performing.net, performing.vat, performing.gross, priced.total.net, priced.total.gross):
        assert isinstance(amount, CellError)
        assert amount.code == "#NUM!"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"kind": "APPLICATION", "date": date(2029, 1, 1)}, "#N/A"),  # no index for that year
        (
            {"kind": "CERTIFICATION_CONTRIBUTION", "date": date(2023, 2, 1)},
            "#N/A",
        ),  # the general regulation defines none
        ({**INSPECTION, "start": date(2022, 12, 31)}, "#N/A"),  # before the regulation
        ({**INSPECTION, "car_km": 100}, "#NUM!"),  # no transport is charged within Belgium
        ({**INSPECTION, "start": datetime(2023, 3, 26, 2, 30)}, "#NUM!"),  # the clock skips that hour
    ],
)
def test_the_true_error_is_kept(session: Session, line: dict[str, object], code: str) -> None:
    priced = price(quote_of(line), session).lines[0]
    assert priced.error is not None
    assert priced.error.code == code
    explained = priced.explanation[0][3]
    assert isinstance(explained, CellError)
    assert (explained.code, explained.message("en")) == (code, priced.error.message("en"))


def test_vat_is_rounded_on_the_total_or_line_by_line(tmp_path: Path) -> None:
    # 21 % of 0.50 + 0.50 is 0.21, but 0.105 a line is 0.11, twice 0.22
    folder = data_folder(tmp_path / "data")
    file = folder / "regulations" / "example_regulation.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("per_unit = 412.50", "per_unit = 0.50"), encoding="utf-8")
    line = {"kind": "CERTIFICATION_CONTRIBUTION", "date": date(2023, 2, 1)}
    quote = quote_of(line, line, regulation="EXAMPLE-BRS")
    assert price(quote, session_on(folder)).total.vat == 21
    (folder / "policies.toml").write_text('"vat.rounding" = "line"\n', encoding="utf-8")
    assert price(quote, session_on(folder)).total.vat == 22


@pytest.mark.parametrize("customer", ["EU_REVERSE", "EXPORT"])
def test_a_customer_abroad_bears_no_belgian_vat(session: Session, customer: str) -> None:
    total = price(quote_of(INSPECTION, vat=customer), session).total
    assert (total.net, total.vat, total.gross) == (84_086, 0, 84_086)


def test_the_site_of_a_line_goes_before_that_of_the_quote(session: Session) -> None:
    # 21 July aside, the second half of July is no construction holiday everywhere; WORKDAY overrides it all
    line = {**INSPECTION, "start": datetime(2023, 7, 12, 10)}
    at_home, workday = (price(quote_of(x, site="BRUSSEL"), session) for x in (line, {**line, "day_type": "WORKDAY"}))
    assert at_home.lines[0].amount == 132_142
    assert workday.lines[0].amount == 84_086
    assert price(quote_of({**line, "site": "BRUSSEL"}, site="LIEGE"), session).lines[0].amount == 132_142


def test_the_usual_site_of_the_installation_is_written_down(session: Session) -> None:
    elsewhere = replace(session, site="NAMUR")
    assert price(quote_of(INSPECTION), elsewhere).quote.site == "NAMUR"


OVERRIDES = """
[[payer]]
cost = "STANDARD_INSPECTION"
article = "9.9"
valid_from = 2023-06-01
paid_to = "certification_body"

[[rate]]
code = "APPLICATION"
article = "2.2.2"
valid_from = 2023-01-01
base = 1000.00
base_year = 2023
index = "salary"
"""


@pytest.fixture
def overriding(tmp_path: Path) -> PricedQuote:
    folder = data_folder(tmp_path / "data")
    with (folder / "regulations" / "example_regulation.toml").open("a", encoding="utf-8") as file:
        file.write(OVERRIDES)
    later = {**INSPECTION, "start": datetime(2023, 6, 6, 10)}
    application = {"kind": "APPLICATION", "date": date(2023, 2, 1)}
    return price(quote_of(INSPECTION, later, application, regulation="EXAMPLE-BRS"), session_on(folder))


def test_a_specific_regulation_says_who_is_paid_from_its_own_day_on(overriding: PricedQuote) -> None:
    assert [line.rule.paid_to for line in overriding.lines] == [
        "performing_body",
        "certification_body",
        "certification_body",
    ]
    assert overriding.lines[1].rule.payer_article == "9.9"


def test_a_specific_regulation_prices_the_application(overriding: PricedQuote) -> None:
    assert overriding.lines[2].amount == 100_000


def test_a_regulation_that_does_not_exist_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match="NOWHERE"):
        price(quote_of(INSPECTION, regulation="NOWHERE"), session)


def test_example_figures_are_marked(session: Session) -> None:
    priced = price(quote_of({**INSPECTION, "start": datetime(2024, 3, 6, 10)}), session)
    assert priced.statuses == {Status.EXAMPLE}  # the made-up salary index


def test_errors_stand_for_sums() -> None:
    error = CellError("#N/A")
    assert added([1, error, 2]) == error
    assert added([]) == 0
    assert cents(0.29) == 29
    assert cents(error) == error
