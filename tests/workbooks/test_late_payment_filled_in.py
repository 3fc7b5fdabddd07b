"""The late-payment workbook as people fill it in: priced by its own formulas, recalculated by LibreOffice."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.calc.conftest import why_not
from tests.workbooks.late_payments import (
    PLACE,
    Filled,
    Late,
    example,
    iso,
    words,
    written,
)
from workbooks.late_payment import PAYMENTS, SLOTS
from workbooks.late_payment.layout import FIRST

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "art_2_3_2.toml"
JUNE, AUGUST = date(2025, 6, 12), date(2025, 8, 20)
MARCH = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def _office() -> None:
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


# --- the scenarios worked out by hand ------------------------------------------------------------------------------

Scenario = Mapping[str, Any]


def _scenarios() -> Mapping[tuple[str, tuple[tuple[str, str], ...]], Sequence[Scenario]]:
    """The claims of the scenarios, by the day and the policies: a workbook each."""
    found = defaultdict(list)
    for scenario in tomllib.loads(SCENARIOS.read_text("utf-8"))["scenario"]:
        if scenario["call"] == "COPRO_LATE_CLAIM":
            found[scenario["args"][2], tuple(scenario.get("policies", {}).items())].append(scenario)
    return found


@pytest.mark.parametrize(("day", "policies"), _scenarios(), ids=str)
def test_an_empty_workbook_filled_in_gives_the_amounts_worked_out_by_hand(
    data: Path, day: str, policies: tuple[tuple[str, str], ...]
) -> None:
    settings = "".join(f'"{name}" = "{setting}"\n' for name, setting in policies)
    (data / "policies.toml").write_text(settings, "utf-8")
    scenarios = _scenarios()[day, policies]
    filled = Filled(data)
    filled.as_of(date.fromisoformat(day))
    filled.customer()
    for number, scenario in enumerate(scenarios, 1):
        amount, invoiced, _, *more = scenario["args"]
        payments, notice = [*more, None, None][:2]
        filled.invoice(f"n{number}", _day(invoiced), amount, notice=_day(notice))
        for received, paid in payments or ():
            filled.payment(f"n{number}", _day(received), paid)
    book = filled.computed()
    for number, scenario in enumerate(scenarios, 1):
        _compare(book, number, scenario)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _compare(book: Late, number: int, scenario: Scenario) -> None:
    due, _, principal, days, interest, lump_sum, total = book.row(number)
    name, check = scenario["name"], book.shown("invoices", "check", number)
    if "error" in scenario:
        assert {due, days, principal, interest, lump_sum, total} == {scenario["error"]}, name
        assert check, name
        return
    expected = [iso(cell) if not isinstance(cell, date) else cell.isoformat() for (cell,) in scenario["rows"]]
    assert [due, days, principal, interest, lump_sum, total] == expected[:6], name
    further = [book.shown("invoices", column, number) for column in ("later", "overpaid")]
    assert [amount for amount in further if amount] == expected[6:], name
    assert bool(check) is bool(further[1]), name


# --- what is wrong -------------------------------------------------------------------------------------------------


#: What is filled in, and the reason why it is wrong.
CUSTOMERS: Sequence[tuple[str, Mapping[str, Any]]] = [
    ("wrong_name_twice", {"customer": "twice"}),
    ("wrong_name_twice", {"customer": "TWICE "}),
    ("wrong_name_missing", {"customer": None}),
    ("wrong_language", {"customer": "no language", "language": None}),
    ("wrong_language", {"customer": "another language", "language": "es"}),
    ("wrong_error_cell", {"customer": "#N/A"}),
]
INVOICES: Sequence[tuple[str, Mapping[str, Any]]] = [
    ("wrong_customer_missing", {"number": "a", "customer": None}),
    ("wrong_customer_unknown", {"number": "b", "customer": "somebody"}),
    ("wrong_customer_unknown", {"number": "c", "customer": "*"}),
    ("wrong_number_missing", {"number": None}),
    ("wrong_number_missing", {"number": " "}),
    ("wrong_number_twice", {"number": "d"}),
    ("wrong_number_twice", {"number": "D"}),
    ("wrong_date", {"number": "e", "invoice_date": None}),
    ("wrong_date", {"number": "f", "invoice_date": "12 June 2025"}),
    ("wrong_amount", {"number": "g", "amount": None}),
    ("wrong_amount", {"number": "h", "amount": "a hundred"}),
    ("wrong_amount", {"number": "i", "amount": 0}),
    ("wrong_amount", {"number": "j", "amount": -100}),
    ("wrong_amount", {"number": "k", "amount": 100.005}),
    ("wrong_notice", {"number": "l", "notice": "yesterday"}),
    ("wrong_error_cell", {"number": "m", "amount": "#DIV/0!"}),
    ("wrong_payment_on_it", {"number": "n"}),
    ("wrong_too_many", {"number": "o"}),
]
RECEIVED: Sequence[tuple[str, Mapping[str, Any]]] = [
    ("wrong_invoice_unknown", {"number": "nobody knows"}),
    ("wrong_invoice_unknown", {"number": "r*"}),
    ("wrong_number_missing", {"number": None}),
    ("wrong_payment_early", {"payment_date": date(2025, 6, 11)}),
    ("wrong_date", {"payment_date": None}),
    ("wrong_date", {"payment_date": "soon"}),
    ("wrong_amount", {"payment_amount": None}),
    ("wrong_amount", {"payment_amount": "ten"}),
    ("wrong_amount", {"payment_amount": -10}),
    ("wrong_error_cell", {"number": "#REF!"}),
]
RIGHT: Mapping[str, Mapping[str, Any]] = {
    "customers": {"language": "en"},
    "invoices": {"customer": "A customer", "invoice_date": JUNE, "amount": 100},
    "payments": {"number": "n", "payment_date": AUGUST, "payment_amount": 10},
}


def test_everything_wrong_is_listed_with_its_reason(data: Path) -> None:
    filled = Filled(data)
    filled.as_of(MARCH)
    filled.customer()
    right = filled.invoice("right", JUNE, 3650.00)
    filled.payment("right", date(2025, 7, 30), 1825.00)
    wrong = [
        (which, filled.add(which, **{**RIGHT[which], **values}), reason)
        for which, cases in (("customers", CUSTOMERS), ("invoices", INVOICES), ("payments", RECEIVED))
        for reason, values in cases
    ]
    for _ in range(SLOTS + 1):
        filled.payment("o", AUGUST, 1)
    impossible = filled.invoice("p", AUGUST, 100, notice=AUGUST)
    overpaid = filled.invoice("q", JUNE, 100)
    filled.payment("q", date(2025, 7, 30), 101.50)
    filled.put("payments", PAYMENTS + 5, {"payment_amount": 10})

    book = filled.computed()
    for which, number, reason in wrong:
        details = {"most": SLOTS} if reason == "wrong_too_many" else {}
        assert book.shown(which, "check", number) == words(reason, **details), (which, number)
    assert "notice" in book.shown("invoices", "check", impossible)
    assert book.shown("invoices", "check", overpaid) == words("wrong_overpaid", amount="€1.50")
    expected = {(words(f"sheet_{which}"), FIRST + number) for which, number, _ in wrong}
    expected |= {("Invoices", FIRST + impossible), ("Invoices", FIRST + overpaid), ("Payments", FIRST + PAYMENTS + 1)}
    assert book.wrong == len(expected)
    assert {(row[0], row[1]) for row in book.listed} == expected
    assert len(book.listed) == len(expected)
    assert all(row[3] for row in book.listed)
    assert book.listed[-1][3] == words("wrong_below")
    # 1825 of 3650 paid on the due date: 244 days of 0.275 on the rest
    assert book.row(right) == ["2025-07-30", 1825.00, 1825.00, 244, 67.10, 0, 1892.10]
    assert book.overview()[1:] == ["#N/A"] * 9
    assert words("wrong_told", count=len(expected), sheet="Checks") in book.on("overview")
    for which, number, _ in wrong:
        if which == "invoices":
            assert book.row(number)[2:] == ["#N/A"] * 5


def test_the_totals_come_back_once_it_is_put_right(data: Path) -> None:
    written(example("en"), data)
    filled = Filled(data, data.parent / "late.xlsx")
    filled.put("payments", 7, {"number": "2025-0199", "payment_date": MARCH, "payment_amount": 10})
    book = filled.computed()
    assert book.listed == [["Payments", 11, "2025-0199", words("wrong_invoice_unknown")]]
    assert (book.wrong, book.overview()[1:]) == (1, ["#N/A"] * 9)
    told = [cell.value for cell in book.cells(PLACE["letter"])]
    assert "#N/A" in told
    assert not any("6.112,89" in str(cell) for cell in told)
    filled.put("payments", 7, {"number": None, "payment_date": None, "payment_amount": None})
    book = filled.computed()
    assert (book.wrong, book.listed, book.overview()[-1]) == (0, [], 22495.71)


# --- what is told apart, and what is not ---------------------------------------------------------------------------


def test_names_and_numbers_are_compared_as_they_are_written(data: Path) -> None:
    """Neither a wildcard, nor a comparison, nor what looks like a number or a date finds another row."""
    filled = Filled(data)
    filled.as_of(date(2025, 7, 30))  # the due date of all: what is left is the amount less what was paid
    for name in ("A*", "AB", "<5", "4", "=1+1", "~"):
        filled.customer(name)
    numbers = {"R*": "A*", "RB": "AB", "<7": "<5", "6": "4", "2025-01": "=1+1", "45658": "~"}
    for number, customer in numbers.items():
        filled.invoice(number, JUNE, 100, customer=customer)
    for paid, number in enumerate(numbers, 1):
        filled.payment(number if number != "6" else 6, date(2025, 7, 1), paid)  # one typed as a number
    filled.payment(" r* ", date(2025, 7, 2), 10)
    book = filled.computed()
    assert book.wrong == 0
    left = [89, 98, 97, 96, 95, 94]
    assert [book.row(number)[2] for number in range(1, 7)] == left
    assert [book.overview(row)[1] for row in range(1, 7)] == left


def test_everything_follows_the_day_the_customer_and_the_invoice(data: Path) -> None:
    """Another day, customer and invoice chosen in the sheet give what is written for them."""
    claims = example("en")
    claims = claims.model_copy(update={"invoice": tuple(one for one in claims.invoice if one.number != "2026-0052")})
    written(claims, data)
    filled = Filled(data, data.parent / "late.xlsx")
    day = date(2026, 1, 29)  # 91 days after 30 October 2025; 2026-0052 was not made out yet
    filled.as_of(day)
    filled.choose("Beispielbau GmbH")
    filled.sheet("calculation")["C3"] = "2025-0163"
    book = filled.computed()
    # 59 days after 1 December 2025; the payment of 9 February is a later one: 1460 × 5.50 % / 365 = 0.22 a day
    assert book.row(7) == ["2025-12-01", 0, 1460.00, 59, 12.98, 219.00, 1691.98]
    assert book.shown("invoices", "bucket", 4) == "> 90 days"
    assert book.shown("invoices", "bucket", 7) == "31–60 days"
    statement, letter = book.on("statement"), " ".join(book.on("letter"))
    for part in ("Abrechnung bei Zahlungsverzug", "Beispielweg 3", "Summe"):
        assert part in statement
    assert [book.value(PLACE["statement"], f"K{row}") for row in range(5, 9)] == [1691.98, 5475.00, 7166.98, 600.00]
    assert "fällige Rechnungen (1), zu zahlen 1.691,98 €" in letter
    assert "am 29.01.2026 fällig" in letter
    assert "1.460,00 € Hauptsumme, 12,98 € Zinsen bis einschließlich 29.01.2026 und 219,00 €" in letter
    assert "€1,460.00 + €12.98 + €219.00" in book.on("calculation")
    again = written(claims.model_copy(update={"as_of": day}), data)
    for number in range(1, 9):
        assert book.row(number) == again.row(number)
    for row in range(4):
        assert book.overview(row) == again.overview(row)


def test_the_page_is_turned(data: Path) -> None:
    filled = Filled(data)
    filled.as_of(MARCH)
    filled.customer()
    for number in range(1, 18):
        filled.invoice(f"n{number}", JUNE, 100 * number)
    filled.choose("A customer")
    filled.sheet("statement")["B13"] = 2
    book = filled.computed()
    sheet = PLACE["statement"]
    header = int(book.place(sheet, words("number"))[1:])
    assert [row[0] for row in book.rows(sheet, f"A{header + 1}:A{header + 4}")] == ["n16", "n17", "Total", None]
    # 100 + 200 + … + 1700
    assert book.value(sheet, f"F{header + 3}") == 15300
