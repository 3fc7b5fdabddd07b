from __future__ import annotations

import re
import string
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from core.errors import FileError, NotAvailable
from core.reading import FileRefused
from core.texts import text
from core.topics import topic
from tests.calc.conftest import why_not
from tests.workbooks.late_payments import (
    EXAMPLE,
    HEAD,
    PLACE,
    Late,
    address,
    computed,
    example,
    read_text,
    words,
    written,
)
from tests.workbooks.sheets import LANGUAGES, differences, session_on
from workbooks.late_payment import read_claims, write_claims, write_empty
from workbooks.late_payment.accounts import receivables_of
from workbooks.late_payment.layout import SHEETS
from xl_addin.audit import audit

# The example, on 31 March 2026. The rate is 4.50 % + 1 point = 5.50 % in 2025 and 2026.
#
# 2025-0118: 12 June 2025, end of June + 30 days = Wednesday 30 July 2025; 244 days late: 1 in July,
#   31 + 30 + 31 + 30 + 31 to the end of the year, 31 + 28 + 31 in 2026. 3650 × 5.50 % / 365 = 0.55 a day, so 134.20.
#   Notice received on Monday 6 October, the eight days end on 14 October: 15 % of 3650 = 547.50. Together 4331.70.
# 2025-0131: 20 August 2025, end of August + 30 = Tuesday 30 September 2025. 1000 paid on 8 January 2026, 100 days late:
#   1825 × 5.50 % / 365 = 0.275 a day, 27.50 of interest first, 972.50 of principal: 852.50 is left. 82 days more:
#   852.50 × 5.50 % × 82 / 365 = 10.5336; 27.50 + 10.5336 = 38.03, of which 27.50 is paid: 10.53. Together 863.03.
# 2026-0014: 15 January 2026, end of January + 30 = Monday 2 March 2026; 29 days: 715.04 × 5.50 % × 29 / 365 = 3.1246.
#   Notice received on 10 March, the eight days end on 18 March: 15 % would be 107.26, so 200. Together 918.16.
# 2026-0052: 5 March 2026, end of March + 30 = Thursday 30 April 2026: not due.
# 2025-0140: 10 September 2025, end of September + 30 = Thursday 30 October 2025; 1 + 30 + 31 + 31 + 28 + 31 = 152 days
#   of 7300 × 5.50 % / 365 = 1.10: 167.20. Together 7467.20.
# 2025-0177: 14 November 2025, end of November + 30 = Tuesday 30 December 2025. 365 paid before that: 1825 is left,
#   0.275 a day. 500 on 27 February, 1 + 31 + 27 = 59 days late: 16.225, rounded 16.23; 483.77 of principal:
#   1341.23 is left. 32 days more: 1341.23 × 5.50 % × 32 / 365 = 6.4673; 16.225 + 6.4673 = 22.69, of which 16.23 is
#   paid: 6.46. Together 1347.69.
# 2025-0190: 3 December 2025, end of December + 30 = Friday 30 January 2026; 1210 paid on 20 January: nothing is left.
# 2025-0163: 21 October 2025, end of October + 30 = Sunday 30 November, so Monday 1 December 2025. Notice received on 12
#   January 2026, the eight days end on Tuesday 20 January: 15 % of 1460 = 219. 600 on 9 February, 30 + 31 + 9 = 70 days
#   late, 0.22 a day: 15.40 of interest, 584.60 of principal: 875.40 is left. 19 + 31 = 50 days more: 875.40 × 5.50 % ×
#   50 / 365 = 6.5955; 15.40 + 6.5955 = 22.00, of which 15.40 is paid: 6.60. 875.40 + 6.60 + 219 = 1101.00; 120 days.
# 2026-0021: 28 January 2026, due on 2 March as 2026-0014; 29 days of 5475 × 5.50 % / 365 = 0.825: 23.925, so 23.93.
ROWS: Mapping[str, list[object]] = {
    "2025-0118": ["2025-07-30", 0, 3650.00, 244, 134.20, 547.50, 4331.70],
    "2025-0131": ["2025-09-30", 1000.00, 852.50, 182, 10.53, 0, 863.03],
    "2026-0014": ["2026-03-02", 0, 715.04, 29, 3.12, 200.00, 918.16],
    "2026-0052": ["2026-04-30", 0, 968.00, 0, 0, 0, 968.00],
    "2025-0140": ["2025-10-30", 0, 7300.00, 152, 167.20, 0, 7467.20],
    "2025-0177": ["2025-12-30", 865.00, 1341.23, 91, 6.46, 0, 1347.69],
    "2025-0190": ["2026-01-30", 1210.00, 0, 0, 0, 0, 0],
    "2025-0163": ["2025-12-01", 600.00, 875.40, 120, 6.60, 219.00, 1101.00],
    "2026-0021": ["2026-03-02", 0, 5475.00, 29, 23.93, 0, 5498.93],
}
BUCKETS = {
    "2026-0014": "1–30 days",
    "2026-0021": "1–30 days",
    "2026-0052": "Not due",
    "2025-0190": "Not due",
}
"""The others are late by more than ninety days."""
# Not due; 1–30 days; 31–60; 61–90; more; then principal, interest, lump sum and total.
TOTAL = ["Total", 968.00, 6190.04, 0, 0, 14019.13, 21177.17, 352.04, 966.50, 22495.71]
BY_CUSTOMER = [
    ["Wegenbouw Voorbeeld nv", 968.00, 715.04, 0, 0, 4502.50, 6185.54, 147.85, 747.50, 7080.89],
    ["Travaux Exemple sa", 0, 0, 0, 0, 8641.23, 8641.23, 173.66, 0, 8814.89],
    ["Beispielbau GmbH", 0, 5475.00, 0, 0, 875.40, 6350.40, 30.53, 219.00, 6599.93],
]

#: 4000 paid on the due date for 3650: 350 too much; 10 more after the day of the statement.
OVERPAID = """
[[invoice]]
customer = "A customer"
number = "over"
date = 2025-06-12
amount = 3650.00
payment = [{ date = 2025-07-30, amount = 4000.00 }, { date = 2026-05-01, amount = 10.00 }]
"""
#: A notice before the invoice was late is impossible.
IMPOSSIBLE = """
[[invoice]]
customer = "A customer"
number = "impossible"
date = 2025-08-20
amount = 1825.00
notice_received = 2025-09-01
"""
#: No regulation was in force.
TOO_EARLY = """
[[invoice]]
customer = "A customer"
number = "early"
date = 2022-01-15
amount = 100.00
"""
#: Paid before it was made out.
PAID_EARLY = """
[[invoice]]
customer = "A customer"
number = "paid early"
date = 2025-08-20
amount = 100.00
payment = [{ date = 2025-08-19, amount = 50.00 }]
"""
#: 2025-0118 of the example, without a notice.
RIGHT = """
[[invoice]]
customer = "A customer"
number = "right"
date = 2025-06-12
amount = 3650.00
payment = [{ date = 2026-05-01, amount = 10.00 }]
"""
PROVISIONAL = """
[[record]]
series = "legal_interest_1865"
period = "2026"
value = 4.75
basis = "a notice to come"
source = "a newspaper"
status = "provisional"
recorded_on = 2026-12-01
recorded_by = "me"
"""
FAILING = [(IMPOSSIBLE, "#NUM!"), (TOO_EARLY, "#N/A"), (PAID_EARLY, "#N/A")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Late]:
    """The workbook of the example in a language, written once."""

    @cache
    def made(language: str) -> Late:
        folder = tmp_path_factory.mktemp(language) / "data"
        folder.mkdir()
        return written(example(language), folder)

    return made


# --- the amounts ---------------------------------------------------------------------------------------------------


def test_every_invoice_worked_out_by_hand(examples: Callable[[str], Late]) -> None:
    book = examples("en")
    for number, (name, expected) in enumerate(ROWS.items(), 1):
        assert book.shown("invoices", "number", number) == name
        assert book.row(number) == expected, name
        assert book.shown("invoices", "bucket", number) == BUCKETS.get(name, "> 90 days")
        assert not book.shown("invoices", "check", number)


def test_the_ages_worked_out_by_hand(examples: Callable[[str], Late]) -> None:
    book = examples("en")
    assert book.overview() == TOTAL
    assert [book.overview(row) for row in (1, 2, 3)] == BY_CUSTOMER
    assert book.wrong == 0
    assert words("check_right") in book.on("overview")


@pytest.mark.parametrize(
    ("day", "bucket"),
    [
        (date(2025, 10, 30), 1),
        (date(2025, 10, 31), 2),
        (date(2025, 11, 29), 2),
        (date(2025, 11, 30), 3),
        (date(2025, 12, 29), 3),
        (date(2025, 12, 30), 4),
        (date(2026, 1, 28), 4),
        (date(2026, 1, 29), 5),
    ],
)
def test_the_edges_of_the_ages(data: Path, day: date, bucket: int) -> None:
    """2025-0140 is due on 30 October 2025: 0, 1, 30, 31, 60, 61, 90 and 91 days late."""
    claims = example("en").model_copy(update={"as_of": day})
    (account,) = (one for one in receivables_of(claims, session_on(data)).accounts if one.invoice.number == "2025-0140")
    assert account.bucket == bucket


def test_every_figure_comes_from_live_functions(examples: Callable[[str], Late]) -> None:
    book = examples("nl")
    row, sheet = 6, PLACE["invoices"]
    given = f"$D{row},$C{row},'Overzicht'!$B$5,'Ontvangsten'!$B$11:$C$20,$E{row},\"nl\""
    for column, figure in (("principal", 3), ("days_late", 2), ("interest", 4), ("lump_sum", 5), ("total", 6)):
        formula = book.formula(sheet, address("invoices", column, 2))
        assert f"INDEX(COPRO_LATE_CLAIM({given}),{figure},2)" in formula
    assert f"COPRO_DUE_DATE($C{row})" in book.formula(sheet, address("invoices", "due_date", 2))


def test_only_inputs_are_typed(examples: Callable[[str], Late]) -> None:
    """No amount, date or rate stands in a cell that nobody filled in, but the sheets' own numbers."""
    book = examples("en")
    unlocked = {"invoices": 5, "payments": 3}
    for which in ("overview", "invoices", "payments", "checks", "statement", "letter", "calculation"):
        for cell in book.cells(PLACE[which]):
            if isinstance(cell.value, str) or book.formula(PLACE[which], cell.coordinate).startswith("="):
                continue
            assert not cell.protection.locked, f"{which} {cell.coordinate}"
            assert cell.column <= unlocked.get(which, 2)


def test_the_rate_in_force_is_shown(examples: Callable[[str], Late]) -> None:
    book = examples("nl")
    for key, rate, function in (("rate_statutory", 0.045, "COPRO_LEGAL_RATE"), ("rate_late", 0.055, "COPRO_LATE_RATE")):
        row = book.place(PLACE["statement"], words(key, "nl"))[1:]
        assert book.value(PLACE["statement"], f"F{row}") == rate
        assert function in book.formula(PLACE["statement"], f"F{row}")


def test_the_terms_follow_the_policies(data: Path) -> None:
    (data / "policies.toml").write_text('"interest.law" = "2002"\n"payments.order" = "principal"\n', "utf-8")
    book = written(example("en"), data)
    ground = " ".join(book.on("words"))
    assert "law of 2 August 2002" in ground
    assert "first reduces the principal" in ground
    # 2025-0131: 1000 of principal first: 825 is left
    assert book.row(2)[2] == 825.00


@pytest.mark.parametrize("status", ["provisional", "example"])
def test_figures_that_are_not_official_are_told(data: Path, status: str) -> None:
    (data / "figures").mkdir()
    (data / "figures" / "interest.toml").write_text(PROVISIONAL.replace("provisional", status), "utf-8")
    book = written(example("en"), data)
    # 2026-0014 alone lies wholly in 2026, at 4.75 % + 1 point: 715.04 × 5.75 % × 29 / 365 = 3.2667
    assert book.row(3)[4] == 3.27
    assert words(status, "nl") in book.on("statement")


def test_official_figures_have_no_mark(examples: Callable[[str], Late]) -> None:
    marks = {words(status, "nl") for status in ("provisional", "example")}
    assert not marks & set(examples("nl").on("statement"))


def test_refused_policies_make_no_workbook(data: Path) -> None:
    (data / "policies.toml").write_text('"interest.law" = "2003"\n', "utf-8")
    with pytest.raises(NotAvailable):
        written(example(), data)
    with pytest.raises(NotAvailable):
        write_empty(data.parent / "late.xlsx", session_on(data))
    assert not (data.parent / "late.xlsx").exists()


# --- the statement, the letter, the calculation --------------------------------------------------------------------


def test_the_statement_lists_what_is_open(examples: Callable[[str], Late]) -> None:
    book = examples("en")
    sheet = PLACE["statement"]
    first = int(book.place(sheet, "2025-0118")[1:])
    lines = book.rows(sheet, f"A{first}:K{first + 5}")
    assert [line[0] for line in lines[:5]] == ["2025-0118", "2025-0131", "2026-0014", "2026-0052", "Totaal"]
    # 3650 + 1825 + 715.04 + 968; 4331.70 + 863.03 + 918.16 + 968
    assert lines[4][3:] == [7158.04, 1000.00, 6185.54, "", 147.85, "", 747.50, 7080.89] or lines[4][3:] == [
        7158.04, 1000.00, 6185.54, None, 147.85, None, 747.50, 7080.89,
    ]  # fmt: skip
    assert not any(lines[5])
    # overdue, not yet due, together, received later
    assert [book.value(sheet, f"K{row}") for row in range(5, 9)] == [6112.89, 968.00, 7080.89, 0]


def test_the_letter_has_the_figures_and_the_ground(examples: Callable[[str], Late]) -> None:
    told = " ".join(examples("en").on("letter"))
    for part in (
        "Herinnering: vervallen facturen (3), te betalen € 6.112,89",
        "op 31/03/2026 vervallen",
        "€ 5.217,54 hoofdsom, € 147,85 intrest tot en met 31/03/2026 en € 747,50 forfaitaire vergoeding",
        "5,50 % per jaar",
        "artikel 2.3.2",
        "wet van 5 mei 1865",
        "binnen 30 dagen, einde maand",
        "15 %",
        "€ 200,00",
    ):
        assert part in told


def test_nothing_that_is_not_due_is_claimed(examples: Callable[[str], Late]) -> None:
    assert "2026-0052" in examples("en").on("statement")
    assert "2026-0052" not in examples("en").on("letter")


def test_who_owes_nothing_gets_no_letter(data: Path) -> None:
    paid = RIGHT.replace("2026-05-01, amount = 10.00", "2025-07-30, amount = 3650.00")
    book = written(read_text(data, HEAD + paid), data)
    assert words("letter_none") in book.on("letter")
    assert words("nothing_open") in book.on("statement")
    assert words("letter_greeting") not in book.on("letter")


def test_more_invoices_than_fit_are_told(data: Path) -> None:
    invoices = "".join(RIGHT.replace('"right"', f'"n{n}"') for n in range(1, 31))
    book = written(read_text(data, HEAD + invoices), data)
    assert words("page_of", pages=3) in book.on("statement"), "15 a page, and the total"
    assert words("letter_further", count=14) in book.on("letter")
    # 30 × (3650 + 134.20)
    assert book.overview()[-1] == 113526.00


def test_the_calculation_of_the_first_invoice(examples: Callable[[str], Late]) -> None:
    """244 days at 5.50 % in one period, for the rates of 2025 and 2026 are equal."""
    book = examples("en")
    sheet = PLACE["calculation"]
    row = int(book.place(sheet, words("period_from"))[1:]) + 1
    period = [iso_of(cell) for cell in book.rows(sheet, f"B{row}:F{row}")[0]]
    assert period == ["2025-07-31", "2026-03-31", 244, 0.055, 134.20]
    assert "€3,650.00 + €134.20 + €547.50" in book.on("calculation")


def iso_of(value: object) -> object:
    return value.date().isoformat() if hasattr(value, "date") else value


# --- what is wrong -------------------------------------------------------------------------------------------------


def test_an_overpayment_is_wrong_and_a_later_payment_is_not_counted(data: Path) -> None:
    book = written(read_text(data, HEAD + OVERPAID + RIGHT), data)
    assert book.row(1)[1:] == [4000.00, 0, 0, 0, 0, 0]
    assert book.shown("invoices", "check") == words("wrong_overpaid", amount="€350.00")
    assert book.shown("invoices", "later") == 10.00
    assert book.row(2) == ["2025-07-30", 0, 3650.00, 244, 134.20, 0, 3784.20]
    assert book.listed == [["Invoices", 5, "over", words("wrong_overpaid", amount="€350.00")]]
    assert book.overview()[1:] == ["#N/A"] * 9


def test_later_payments_are_told(data: Path) -> None:
    book = written(read_text(data, HEAD + RIGHT), data)
    row = book.place(PLACE["statement"], words("later_total"))[1:]
    assert book.value(PLACE["statement"], f"K{row}") == 10.00
    assert book.overview()[-1] == 3784.20


@pytest.mark.parametrize(("bad", "code"), FAILING, ids=["impossible", "too early", "paid early"])
def test_a_failing_invoice_keeps_its_error_and_no_total_shows(data: Path, bad: str, code: str) -> None:
    book = written(read_text(data, HEAD + bad + RIGHT), data)
    assert [book.row(1)[at] for at in (0, 2, 3, 4, 5, 6)] == [code] * 6
    assert book.row(2)[2:] == [3650.00, 244, 134.20, 0, 3784.20], "the others are not touched"
    assert book.overview()[1:] == ["#N/A"] * 9
    assert words("check_impossible") in book.on("overview")
    reason = book.shown("invoices", "check")
    assert reason
    assert reason in [row[3] for row in book.listed]
    count = 2 if bad == PAID_EARLY else 1  # the payment, and the invoice it is on
    assert book.wrong == count
    for which in ("overview", "invoices", "payments", "statement", "letter"):
        assert words("wrong_told", count=count, sheet="Checks") in book.on(which)


def test_failures_are_counted(data: Path) -> None:
    book = written(read_text(data, HEAD + IMPOSSIBLE + TOO_EARLY + OVERPAID + RIGHT), data)
    assert book.wrong == 3
    assert [row[1] for row in book.listed] == [5, 6, 7]
    assert words("checks_some", count=3) in book.on("checks")


def test_five_hundred_invoices(data: Path) -> None:
    invoices = "".join(RIGHT.replace('"right"', f'"n{n}"') for n in range(1, 501))
    book = written(read_text(data, HEAD + invoices), data)
    assert book.overview()[-1] == 500 * (3650.00 + 134.20)


# --- languages and texts of other people ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_is_in_its_language_and_the_letter_in_the_customers(
    examples: Callable[[str], Late], language: str
) -> None:
    book = examples(language)
    assert [sheet.title for sheet in book.values] == [words(f"sheet_{which}", language) for which in SHEETS]
    assert book.value(PLACE["overview"], "A1") == words("workbook_title", language)
    assert words("letter_greeting", "nl") in book.on("letter")
    ours = {value for which in ("overview", "customers", "invoices", "payments", "checks") for value in book.on(which)}
    own = {texts[language] for texts in topic("late_payment").values()}
    for other in set(LANGUAGES) - {language}:
        foreign = {texts[other] for texts in topic("late_payment").values()} - own
        assert not ours & foreign


@pytest.mark.parametrize("theirs", LANGUAGES)
def test_the_letter_of_every_language(data: Path, theirs: str) -> None:
    claims = example("en")
    first = claims.customer[0].model_copy(update={"language": theirs})
    book = written(claims.model_copy(update={"customer": (first, *claims.customer[1:])}), data)
    sheet = set(book.on("letter")) | set(book.on("statement"))
    for key in ("letter_greeting", "letter_closing", "ground", "title", "due_date", "letter_dispute"):
        assert words(key, theirs) in sheet
    amount = {"nl": "€ 6.112,89", "fr": "6\u202f112,89 €", "de": "6.112,89 €", "en": "€6,112.89"}[theirs]
    assert words("letter_reference", theirs, reference="Dossier EXE-0042") in sheet
    assert words("letter_subject", theirs, count=3, total=amount) in sheet


@pytest.mark.parametrize("name", ["tariff_card", "late_payment"])
def test_texts_are_there_in_four_languages(name: str) -> None:
    for key, texts in topic(name).items():
        assert list(texts) == list(LANGUAGES), key
        fields = [sorted(field for _, field, *_ in string.Formatter().parse(texts[lang]) if field) for lang in texts]
        assert fields == [fields[0]] * 4, key


EVIL = (
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "+1",
    "-1",
    "@SUM(A1)",
    "http://evil.example",
    "{=1}",
    "'x",
)


def test_text_of_the_customer_is_never_a_formula_or_a_link(data: Path) -> None:
    def quoted(evil: str) -> str:
        return '"' + evil.replace("\\", "\\\\").replace('"', '\\"') + '"'

    content = 'as_of = 2026-03-31\nlanguage = "fr"\n'
    for evil in map(quoted, EVIL):
        content += f'[[customer]]\nname = {evil}\nlanguage = "fr"\naddress = [{evil}]\n'
        content += f"vat_number = {evil}\nreference = {evil}\n"
    for evil in map(quoted, EVIL):
        content += RIGHT.replace('"A customer"', evil).replace('"right"', evil)
    book = written(read_text(data, content), data)
    typed = Counter(_typed(book))
    # four of the customer, two of the invoice, one of its payment; the first one is chosen on two sheets
    assert typed == {evil: 9 if evil == EVIL[0] else 7 for evil in EVIL}
    with zipfile.ZipFile(data.parent / "late.xlsx") as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/")]
        assert not any("externalLink" in name for name in file.namelist())
    assert not any("<hyperlink" in sheet for sheet in sheets)
    formulas = [formula for sheet in sheets for formula in re.findall(r"<f\b[^>]*>([^<]*)</f>", sheet)]
    assert len(formulas) > 20
    assert not any("evil" in formula or formula == "1+1" for formula in formulas)


def _typed(book: Late) -> Iterator[str]:
    """What was typed of the texts of other people; what a formula shows of them is text, too."""
    for which in SHEETS:
        for cell in (cell for cell in book.cells(PLACE[which]) if cell.value in EVIL):
            held = book.formulas[PLACE[which]][cell.coordinate]
            assert (cell.data_type, cell.hyperlink) == ("s", None)
            if held.value != cell.value:
                continue
            assert held.data_type == "s" or cell.value.startswith("=")  # openpyxl takes any text with = for a formula
            assert cell.quotePrefix is (cell.value[0] in "=+-@'")
            yield cell.value


# --- the input -----------------------------------------------------------------------------------------------------

WRONG = {
    "an amount with three decimals": ("amount = 715.04", "amount = 715.045", "decimals"),
    "an amount of nothing": ("amount = 715.04", "amount = 0.00", "more than 0"),
    "an amount below nothing": ("amount = 715.04", "amount = -1", "negative"),
    "a date between quotes": ("date = 2026-01-15", 'date = "2026-01-15"', "no date"),
    "a date with a time": ("as_of = 2026-03-31 ", "as_of = 2026-03-31T10:00:00 ", "no date"),
    "a number that is no text": ('number = "2026-0014"', "number = 2026", "text"),
    "an unknown field": ('reference = "EXE-0061"', 'ref = "EXE-0061"', "not known"),
    "an unknown language": ('language = "de"', 'language = "xx"', "not known"),
}


@pytest.mark.parametrize(("before", "after", "reason"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_its_line(data: Path, before: str, after: str, reason: str) -> None:
    content = EXAMPLE.read_text("utf-8")
    assert content.count(before) == 1
    line = content[: content.index(before)].count("\n") + 1
    with pytest.raises(FileRefused) as refused:
        read_text(data, content.replace(before, after))
    message = refused.value.message("en")
    assert f"input.toml:{line}: " in message
    assert reason in message


def test_a_mistake_in_a_payment_is_told_with_its_line(data: Path) -> None:
    content = EXAMPLE.read_text("utf-8")
    line = content[: content.index("date = 2026-01-08")].count("\n") + 1
    with pytest.raises(FileRefused) as refused:
        read_text(data, content.replace("date = 2026-01-08", "date = 8"))
    assert f"input.toml:{line}: " in refused.value.message("en")


@pytest.mark.parametrize("other", ["over", "OVER", " over "])
def test_an_invoice_stands_there_once(data: Path, other: str) -> None:
    with pytest.raises(FileRefused, match=r"(?i)over must be there exactly once"):
        read_text(data, HEAD + OVERPAID + OVERPAID.replace('"over"', f'"{other}"'))


def test_a_customer_stands_there_once(data: Path) -> None:
    again = '[[customer]]\nname = "a Customer"\nlanguage = "nl"\n'
    with pytest.raises(FileRefused, match="a Customer must be there exactly once"):
        read_text(data, HEAD + again + RIGHT)


def test_an_invoice_of_nobody_is_refused(data: Path) -> None:
    with pytest.raises(FileRefused, match='"B customer" is not known here; choose one of: A customer'):
        read_text(data, HEAD + RIGHT.replace("A customer", "B customer"))


@pytest.mark.parametrize("content", [HEAD, HEAD + "\n[[invoice]]\n", "", "as_of = 2026-03-31\nlanguage = "])
def test_nothing_to_claim_is_refused(data: Path, content: str) -> None:
    with pytest.raises(FileRefused):
        read_text(data, content)


def test_a_file_is_replaced_only_when_asked(data: Path) -> None:
    target = data.parent / "late.xlsx"
    target.write_text("mine")
    for write in (
        lambda: write_claims(read_claims(EXAMPLE), target, session_on(data)),
        lambda: write_empty(target, session_on(data)),
    ):
        with pytest.raises(FileError):
            write()
    assert target.read_text() == "mine"


# --- the file ------------------------------------------------------------------------------------------------------


def test_the_audit_finds_every_cell_right(data: Path) -> None:
    written(example("de"), data)
    report = audit(data.parent / "late.xlsx", session_on(data))
    assert report.findings == []
    assert report.formulas > 1000
    write_empty(data.parent / "empty.xlsx", session_on(data))
    assert audit(data.parent / "empty.xlsx", session_on(data)).findings == []


def test_the_chart_is_told_in_words(data: Path) -> None:
    written(example("en"), data)
    with zipfile.ZipFile(data.parent / "late.xlsx") as file:
        drawing = file.read("xl/drawings/drawing1.xml").decode()
        chart = file.read("xl/charts/chart1.xml").decode()
    assert f'descr="{words("chart_alt")}"'.replace("&", "&amp;") in drawing
    shades = re.findall(r'<c:dPt>.*?srgbClr val="([0-9A-F]{6})"', chart)
    light = [sum(int(shade[at : at + 2], 16) for at in (0, 2, 4)) for shade in shades]
    assert len(light) == 5
    assert all(one - other > 100 for one, other in pairwise(light)), "told apart without colours"


def test_the_notice_of_other_data_is_there(examples: Callable[[str], Late]) -> None:
    book = examples("en")
    assert text("tariff_card", "data_changed", "en") in book.formula(PLACE["overview"], "A3")
    assert text("tariff_card", "data_changed", "en") in book.formula(PLACE["statement"], "A3")


# --- LibreOffice ---------------------------------------------------------------------------------------------------


CASES = {language: EXAMPLE.read_text("utf-8").replace('"nl"', f'"{language}"', 1) for language in LANGUAGES}
CASES |= {
    "overpaid": HEAD + OVERPAID + RIGHT,
    "impossible": HEAD + IMPOSSIBLE + RIGHT,
    "early": HEAD + TOO_EARLY + RIGHT,
    "paid early": HEAD + PAID_EARLY + RIGHT,
    "pages": HEAD + "".join(RIGHT.replace('"right"', f'"n{n}"') for n in range(1, 31)),
}


@pytest.mark.parametrize("case", CASES)
def test_everything_recalculated(data: Path, case: str) -> None:
    """Every cell of every sheet, hidden ones too, is what LibreOffice computes."""
    if reason := why_not():
        pytest.skip(reason)
    book = written(read_text(data, CASES[case]), data)
    again = computed(data)
    for which, sheet in PLACE.items():
        assert differences(book, again, sheet) == [], which
    errors = {cell.value for which in PLACE.values() for cell in again.cells(which) if cell.data_type == "e"}
    assert bool(errors) is (case in ("overpaid", "impossible", "early", "paid early"))
    assert errors <= {"#N/A", "#NUM!"}
