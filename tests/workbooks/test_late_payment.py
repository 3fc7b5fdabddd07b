from __future__ import annotations

import re
import string
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import workbooks
from core.errors import FileError, NotAvailable
from core.reading import FileRefused
from core.texts import text
from core.topics import topic
from tests.calc.conftest import why_not
from tests.workbooks.sheets import LANGUAGES, Book, computed_anew, differences, session_on
from workbooks.late_payment import ClaimInput, read_claim, write_statement

EXAMPLE = Path(workbooks.__file__).parent / "examples" / "late_payment.toml"
STATEMENT, PAYMENTS, DETAIL = range(3)

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
ROWS: Mapping[str, list[object]] = {
    "2025-0118": ["2025-06-12", "2025-07-30", 3650.00, 0, 3650.00, 244, 134.20, "2025-10-06", 547.50, 4331.70],
    "2025-0131": ["2025-08-20", "2025-09-30", 1825.00, 1000.00, 852.50, 182, 10.53, None, 0, 863.03],
    "2026-0014": ["2026-01-15", "2026-03-02", 715.04, 0, 715.04, 29, 3.12, "2026-03-10", 200.00, 918.16],
}
TOTALS = {"D": 6190.04, "E": 1000.00, "F": 5217.54, "H": 147.85, "J": 747.50, "K": 6112.89}

HEAD = """\
as_of = 2026-03-31
language = "en"
customer = { name = "A customer" }
"""
#: 4000 paid on the due date for 3650: 350 too much; 10 more after the day of the statement.
OVERPAID = """
[[invoice]]
number = "over"
date = 2025-06-12
amount = 3650.00
payment = [{ date = 2025-07-30, amount = 4000.00 }, { date = 2026-05-01, amount = 10.00 }]
"""
#: A notice before the invoice was late is impossible.
IMPOSSIBLE = """
[[invoice]]
number = "impossible"
date = 2025-08-20
amount = 1825.00
notice_received = 2025-09-01
"""
#: No regulation was in force.
TOO_EARLY = """
[[invoice]]
number = "early"
date = 2022-01-15
amount = 100.00
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
FAILING = [(IMPOSSIBLE, "#NUM!", "impossible"), (TOO_EARLY, "#N/A", "early")]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def read_text(folder: Path, content: str) -> ClaimInput:
    file = folder / "input.toml"
    file.write_text(content, "utf-8")
    return read_claim(file)


def written(claim: ClaimInput, data: Path) -> Book:
    write_statement(claim, data.parent / "statement.xlsx", session_on(data), force=True)
    return Book(data.parent / "statement.xlsx")


def example(data: Path, language: str = "nl") -> Book:
    return written(read_claim(EXAMPLE).model_copy(update={"language": language}), data)


def row_of(book: Book, number: str) -> int:
    return int(book.place(STATEMENT, number)[1:])


def shown(book: Book, number: str) -> list[object]:
    """A row of the statement, dates as ISO text."""
    (row,) = book.rows(STATEMENT, f"B{row_of(book, number)}:K{row_of(book, number)}")
    return [cell.date().isoformat() if hasattr(cell, "date") else cell for cell in row]


def totals(book: Book, language: str = "nl") -> int:
    return int(book.place(STATEMENT, text("late_payment", "totals", language))[1:])


# --- the amounts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ROWS)
def test_an_invoice_worked_out_by_hand(data: Path, number: str) -> None:
    assert shown(example(data), number) == ROWS[number]


def test_the_totals_worked_out_by_hand(data: Path) -> None:
    book = example(data)
    row = totals(book)
    assert {column: book.value(STATEMENT, f"{column}{row}") for column in TOTALS} == TOTALS
    assert book.formula(STATEMENT, f"K{row}") == f"=SUM(K{row - 3}:K{row - 1})"
    assert text("late_payment", "check_right", "nl") in book.texts(STATEMENT)


def test_every_figure_comes_from_one_live_call_an_invoice(data: Path) -> None:
    book = example(data)
    row, first = row_of(book, "2025-0131"), int(book.place(DETAIL, "Factuur 2025-0131")[1:]) + 1
    cells = [f"'Afrekening'!${place}" for place in (f"D${row}", f"B${row}", "B$10", f"I${row}")]
    given = ",".join([*cells[:3], "'Betalingen'!$B$7:$C$9", cells[3], '"nl"'])
    for down in range(6):
        assert book.formula(DETAIL, f"D{first + down}") == f"=INDEX(COPRO_LATE_CLAIM({given}),{down + 1},2)"
    for column, down in zip("FGHJK", (2, 1, 3, 4, 5), strict=True):
        assert f"'Berekening'!$D${first + down}" in book.formula(STATEMENT, f"{column}{row}")
        assert book.value(DETAIL, f"D{first + down}") == book.value(STATEMENT, f"{column}{row}")
    assert book.formula(STATEMENT, f"C{row}") == f"=COPRO_DUE_DATE(B{row})"
    assert book.formula(DETAIL, f"A{first + 10}") == (f'=INDEX(COPRO_EXPLAIN("nl:COPRO_LATE_CLAIM",{given}),1,1)')


def test_only_inputs_are_typed(data: Path) -> None:
    book = example(data)
    for sheet, columns in ((STATEMENT, "ABDI"), (PAYMENTS, "BC")):
        typed = {
            cell.column_letter
            for cell in book.cells(sheet)
            if not isinstance(cell.value, str) and not book.formula(sheet, cell.coordinate).startswith("=")
        }
        assert typed <= set(columns)


def test_the_rate_in_force_is_shown(data: Path) -> None:
    book = example(data)
    for key, rate, function in (("rate_statutory", 0.045, "COPRO_LEGAL_RATE"), ("rate_late", 0.055, "COPRO_LATE_RATE")):
        row = book.place(STATEMENT, text("late_payment", key, "nl"))[1:]
        assert book.value(STATEMENT, f"F{row}") == rate
        assert function in book.formula(STATEMENT, f"F{row}")


def test_the_terms_follow_the_policies(data: Path) -> None:
    (data / "policies.toml").write_text('"interest.law" = "2002"\n"payments.order" = "principal"\n', "utf-8")
    book = example(data, "en")
    ground = " ".join(book.texts(STATEMENT))
    assert "law of 2 August 2002" in ground
    assert "first reduces the principal" in ground
    # 1000 of principal first: 825 is left, and 182 days of interest are owed at the higher rate
    assert shown(book, "2025-0131")[4] == 825.00


@pytest.mark.parametrize("status", ["provisional", "example"])
def test_figures_that_are_not_official_are_told(data: Path, status: str) -> None:
    (data / "figures").mkdir()
    (data / "figures" / "interest.toml").write_text(PROVISIONAL.replace("provisional", status), "utf-8")
    book = example(data, "en")
    # 2026-0014 alone lies wholly in 2026, at 4.75 % + 1 point: 715.04 × 5.75 % × 29 / 365 = 3.2667
    assert shown(book, "2026-0014")[6] == 3.27
    assert text("late_payment", status, "en") in book.texts(STATEMENT)


def test_official_figures_have_no_mark(data: Path) -> None:
    marks = {text("late_payment", status, "nl") for status in ("provisional", "example")}
    assert not marks & set(example(data).texts(STATEMENT))


def test_refused_policies_make_no_statement(data: Path) -> None:
    (data / "policies.toml").write_text('"interest.law" = "2003"\n', "utf-8")
    with pytest.raises(NotAvailable):
        example(data)
    assert not (data.parent / "statement.xlsx").exists()


# --- what is left out, and what fails ------------------------------------------------------------------------------


def test_overpayment_and_later_payments_are_told_and_not_counted(data: Path) -> None:
    book = written(read_text(data, HEAD + OVERPAID), data)
    assert shown(book, "over")[3:] == [4000.00, 0, 0, 0, None, 0, 0]
    assert book.rows(PAYMENTS, "D5:F5") == [[4000.00, 10.00, 350.00]]
    for key, amount in (("later_payments", 10.00), ("overpaid", 350.00)):
        row = book.place(STATEMENT, text("labels", f"claim.{key}", "en"))[1:]
        assert book.value(STATEMENT, f"K{row}") == amount


@pytest.mark.parametrize(("bad", "code", "number"), FAILING, ids=["impossible", "early"])
def test_a_failing_invoice_keeps_its_error(data: Path, bad: str, code: str, number: str) -> None:
    book = written(read_text(data, HEAD + bad + OVERPAID), data)
    row = row_of(book, "over")
    assert [book.cell(STATEMENT, f"{column}{row - 1}").data_type for column in "FGHJK"] == ["e"] * 5
    assert shown(book, number)[4:] == [code] * 3 + shown(book, number)[7:8] + [code] * 2
    assert shown(book, "over")[4:7] == [0, 0, 0], "the others are not touched"
    total = totals(book, "en")
    assert [book.value(STATEMENT, f"{column}{total}") for column in "FHJK"] == [code] * 4
    assert [book.cell(STATEMENT, f"{column}{total}").data_type for column in "DE"] == ["n"] * 2
    told = book.texts(STATEMENT)
    assert text("late_payment", "check_impossible", "en") in told
    assert text("late_payment", "failed", "en", count=1) in told
    first = int(book.place(DETAIL, f"Invoice {number}")[1:]) + 1
    assert book.cell(DETAIL, f"C{first}").data_type == "e"
    reason = book.value(DETAIL, f"C{first + 10}")
    assert reason in told, "the reason stands under the totals"
    assert reason.split()[0] in {"the", "no"}


def test_failures_are_counted(data: Path) -> None:
    book = written(read_text(data, HEAD + IMPOSSIBLE + TOO_EARLY + OVERPAID), data)
    assert text("late_payment", "failed", "en", count=2) in book.texts(STATEMENT)


def test_one_invoice_alone(data: Path) -> None:
    book = written(read_text(data, HEAD + OVERPAID), data)
    assert book.value(STATEMENT, f"D{totals(book, 'en')}") == 3650.00


def test_five_hundred_invoices(data: Path) -> None:
    invoices = "".join(f'[[invoice]]\nnumber = "{n}"\ndate = 2025-06-12\namount = 3650.00\n' for n in range(1, 501))
    book = written(read_text(data, HEAD + invoices), data)
    # 134.20 of interest each, as for 2025-0118
    assert book.value(STATEMENT, f"K{totals(book, 'en')}") == 500 * (3650.00 + 134.20)


# --- languages and texts of other people ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_the_customers(data: Path, language: str) -> None:
    book = example(data, language)
    names = [sheet.title for sheet in book.values]
    assert names == [text("late_payment", f"sheet_{which}", language) for which in ("statement", "payments", "detail")]
    assert book.value(STATEMENT, "A1") == text("late_payment", "title", language)
    assert book.value(STATEMENT, f"K{totals(book, language)}") == 6112.89
    claim = [text("labels", f"claim.{key}", language) for key in ("due_date", "days_late", "principal")]
    assert [book.value(DETAIL, f"C{row}") for row in (5, 6, 7)] == claim
    shown_texts = {value for sheet in range(3) for value in book.texts(sheet)}
    for other in set(LANGUAGES) - {language}:
        foreign = {words[other] for words in topic("late_payment").values()} - {
            words[language] for words in topic("late_payment").values()
        }
        assert not shown_texts & foreign


@pytest.mark.parametrize("name", ["tariff_card", "late_payment"])
def test_texts_are_there_in_four_languages(name: str) -> None:
    for key, words in topic(name).items():
        assert list(words) == list(LANGUAGES), key
        fields = [sorted(field for _, field, *_ in string.Formatter().parse(words[lang]) if field) for lang in words]
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


@pytest.mark.parametrize("evil", EVIL)
def test_text_of_the_customer_is_never_a_formula_or_a_link(data: Path, evil: str) -> None:
    quoted = evil.replace("\\", "\\\\").replace('"', '\\"')
    head = f'as_of = 2026-03-31\nlanguage = "fr"\n[customer]\nname = "{quoted}"\naddress = ["{quoted}"]\n'
    claim = read_text(
        data, f'{head}vat_number = "{quoted}"\nreference = "{quoted}"\n{OVERPAID.replace("over", quoted)}'
    )
    book = written(claim, data)
    places = [cell for cell in book.cells(STATEMENT) if cell.value == evil]
    assert len(places) == 5
    for cell in places:
        held = book.formulas[STATEMENT][cell.coordinate]
        assert (cell.data_type, cell.hyperlink) == ("s", None)
        assert held.value == evil
        assert held.data_type == "s" or evil.startswith("=")  # openpyxl takes any text with = for a formula
        assert cell.quotePrefix is (evil[0] in "=+-@'")
    assert book.formula(PAYMENTS, "A5").startswith("='Décompte'!$A$")
    with zipfile.ZipFile(data.parent / "statement.xlsx") as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/")]
        assert not any("externalLink" in name for name in file.namelist())
    assert not any("<hyperlink" in sheet for sheet in sheets)
    formulas = [formula for sheet in sheets for formula in re.findall(r"<f\b[^>]*>([^<]*)</f>", sheet)]
    assert len(formulas) > 20
    assert not any("evil" in formula or formula == "1+1" for formula in formulas)


# --- the input -----------------------------------------------------------------------------------------------------

WRONG = {
    "an amount with three decimals": ("amount = 715.04", "amount = 715.045", "decimals"),
    "an amount of nothing": ("amount = 715.04", "amount = 0.00", "more than 0"),
    "an amount below nothing": ("amount = 715.04", "amount = -1", "negative"),
    "a date between quotes": ("date = 2026-01-15", 'date = "2026-01-15"', "no date"),
    "a date with a time": ("as_of = 2026-03-31 ", "as_of = 2026-03-31T10:00:00 ", "no date"),
    "a number that is no text": ('number = "2026-0014"', "number = 2026", "text"),
    "an unknown field": ("reference = ", "ref = ", "not known"),
    "an unknown language": ('language = "nl"', 'language = "xx"', "not known"),
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


def test_an_invoice_stands_there_once(data: Path) -> None:
    with pytest.raises(FileRefused, match="over must be there exactly once"):
        read_text(data, HEAD + OVERPAID + OVERPAID)


@pytest.mark.parametrize("content", [HEAD, HEAD + "invoice = []\n", "", "as_of = 2026-03-31\nlanguage = "])
def test_nothing_to_claim_is_refused(data: Path, content: str) -> None:
    with pytest.raises(FileRefused):
        read_text(data, content)


def test_a_file_is_replaced_only_when_asked(data: Path) -> None:
    target = data.parent / "statement.xlsx"
    target.write_text("mine")
    with pytest.raises(FileError):
        write_statement(read_claim(EXAMPLE), target, session_on(data))
    assert target.read_text() == "mine"


# --- LibreOffice ---------------------------------------------------------------------------------------------------


def steps(book: Book) -> set[str]:
    """The cells of the calculation under the headers of the steps."""
    first = {text("late_payment", "article", language) for language in LANGUAGES}
    headers = [cell.row for cell in book.cells(DETAIL) if cell.value in first]
    titles = [cell.row for cell in book.cells(DETAIL) if cell.column == 1 and cell.font.size == 12]
    ends = [*titles[1:], book.values[DETAIL].max_row + 1]
    return {
        f"{column}{row}"
        for header, end in zip(headers, ends, strict=True)
        for row in range(header, end)
        for column in "ABCDEF"
    }


CASES = {language: EXAMPLE.read_text("utf-8").replace('"nl"', f'"{language}"') for language in LANGUAGES}
CASES |= {"overpaid": HEAD + OVERPAID, "impossible": HEAD + IMPOSSIBLE + OVERPAID, "early": HEAD + TOO_EARLY + OVERPAID}


@pytest.fixture(params=CASES)
def both(request: pytest.FixtureRequest, data: Path) -> tuple[Book, Book]:
    """The workbook as written, and as LibreOffice computes it."""
    if reason := why_not():
        pytest.skip(reason)
    book = written(read_text(data, CASES[request.param]), data)
    return book, computed_anew(data.parent / "statement.xlsx", data)


def test_recalculated_to_the_cent(both: tuple[Book, Book]) -> None:
    """Every amount, date, rate and error; the words of the steps are the next test's."""
    apart = steps(both[0])
    for sheet in (STATEMENT, PAYMENTS, DETAIL):
        differing = (line.partition(":") for line in differences(*both, sheet))
        told = [line for line in differing if not line[2].startswith(" written '") or "written '#" in line[2]]
        assert [line for line in told if sheet != DETAIL or line[0] not in apart] == []


def test_everything_recalculated(both: tuple[Book, Book]) -> None:
    assert [line for sheet in (STATEMENT, PAYMENTS, DETAIL) for line in differences(*both, sheet)] == []


def test_a_new_payment_is_counted(data: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    from openpyxl import load_workbook

    example(data)
    file = data.parent / "statement.xlsx"
    book = load_workbook(file)
    sheet = book.worksheets[PAYMENTS]
    sheet["B5"], sheet["C5"] = sheet["B7"].value, 4331.70  # on 8 January, for 2025-0118
    book.save(file)
    computed = computed_anew(file, data)
    # 162 days to 8 January: 89.10 of interest, and the lump sum of 547.50: 3650 + 89.10 + 547.50 = 4286.60 was owed
    assert computed.rows(PAYMENTS, "D5:F5") == [[4331.70, 0, 45.10]]
    assert shown(computed, "2025-0118")[4:] == [0, 162, 0, "2025-10-06", 0, 0]
