from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from core.errors import FileError, NotAvailable
from core.paths import data_file
from core.texts import text
from core.topics import topic
from tests.calc.conftest import why_not
from tests.workbooks.sheets import LANGUAGES, Book, computed_anew, differences, session_on
from workbooks.tariff_card import write_tariff_card
from workbooks.tariff_card_sides import COMPANIONS
from xl_addin import call
from xl_addin.audit import audit
from xl_addin.calc.recalc import to_pdf
from xl_addin.cells import CellError

FIRST = 10
"""The row of the first item; each takes two."""
COLUMNS = {"code": ("A", 1), "label": ("B", 0), "unit": ("B", 1), "base": ("D", 0), "coefficient": ("E", 0)}
COLUMNS |= {"rate": ("F", 0), "article": ("A", 0)}
"""Where each column of ``COPRO_TARIFF`` stands: the column of the sheet, and the first or second row of the item."""
PAIRS = {"nl": "fr", "fr": "nl", "de": "fr", "en": "nl"}
#: The made-up index is 100 in the third quarter of 2022 and 107.30 in that of 2025; the allowance went from 0.4170 to
#: 0.4449 euro a kilometre.
RATES_2026 = [
    1245.71,  # 1160.96 × 107.30 / 100 = 1245.71008
    386.60,  # 360.30 × 1.073 = 386.6019
    135.00,  # 125.82 × 1.073 = 135.00486
    244.24,  # 228.92 × 0.4449 / 0.4170 = 244.23623
    134.24,  # 125.82 × 0.4449 / 0.4170 = 134.23817
    0.4449,
    147.66,  # 137.61 × 1.073 = 147.65553
]
BASE_2023 = [1160.96, 360.30, 125.82, 228.92, 125.82, 0.4170, 137.61]
FACTORS = [[1, 1.5], [1.5, 2], [2, 2], [2, 2], [2, 2]]  # art. 2.2.7: working day, Saturday, the other three
FOLLOW_SALARIES = (0, 1, 2, 6)
EXAMPLE_FILE = "salary_index_example.toml"


def address(item: int, column: str) -> str:
    letter, down = COLUMNS[column]
    return f"{letter}{FIRST + 2 * item + down}"


def other(item: int, column: str) -> str:
    """Where the label or the unit stands in the other language."""
    return address(item, column).replace("B", "C")


def column(book: Book, name: str) -> list[object]:
    return [book.value(0, address(item, name)) for item in range(7)]


def both(key: str, language: str, between: str = "\n", **details: object) -> str:
    """A text in the two languages of a card, once where they are alike."""
    words = [text("tariff_card", key, shown, **details) for shown in (language, PAIRS[language])]
    return between.join(dict.fromkeys(words))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A data folder with the made-up salary index."""
    folder = tmp_path / "example"
    (folder / "figures").mkdir(parents=True)
    content = data_file("examples", EXAMPLE_FILE).read_text("utf-8")
    (folder / "figures" / EXAMPLE_FILE).write_text(content, "utf-8")
    return folder


def card(year: int, data: Path, language: str = "en") -> Book:
    target = data.parent / f"card-{year}-{language}.xlsx"
    write_tariff_card(year, target, session_on(data), language=language)
    return Book(target)


def test_the_rates_of_a_year_worked_out_by_hand(example: Path) -> None:
    book = card(2026, example)
    assert column(book, "rate") == RATES_2026
    assert column(book, "base") == BASE_2023
    assert column(book, "coefficient") == pytest.approx([1.073] * 3 + [0.4449 / 0.4170] * 3 + [1.073], abs=1e-12)
    assert column(book, "article") == ["2.2.2"] + ["2.2.4"] * 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_one_live_call_a_language_with_all_its_values(example: Path, language: str) -> None:
    book = card(2026, example, language)
    for shown, place in ((language, address), (PAIRS[language], other)):
        computed = call("COPRO_TARIFF", [2026, shown], session_on(example))
        assert isinstance(computed, list)
        names = list(COLUMNS) if place is address else ["label", "unit"]
        for item, row in enumerate(computed):
            for across, name in enumerate(("code", "label", "unit", "base", "coefficient", "rate", "article")):
                if name not in names:
                    continue
                where = place(item, name)
                assert book.formula(0, where) == f'=INDEX(COPRO_TARIFF($B$6,"{shown}"),{item + 1},{across + 1})'
                value = row[across]
                assert book.value(0, where) == (pytest.approx(value, rel=1e-15) if isinstance(value, float) else value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_stands_in_two_languages_side_by_side(example: Path, language: str) -> None:
    book, companion = card(2026, example, language), PAIRS[language]
    titles = session_on(example).rulebook.general[0].title
    assert [book.value(0, place) for place in ("A1", "C1")] == [
        text("tariff_card", "title", shown, year="2026") for shown in (language, companion)
    ]
    assert [book.value(0, place) for place in ("A2", "C2")] == [titles[language], titles[companion]]
    assert book.value(0, "D9") == both("base", language, year="2023")
    for key in ("without_vat", "factors", "day_type", "worked", "worked_total", "indexing", "example"):
        left = book.place(0, text("tariff_card", key, language))
        right = book.place(0, text("tariff_card", key, companion))
        assert (left[1:], right[0]) == (right[1:], "C"), key


def test_every_pair_has_a_language_of_the_regulation() -> None:
    assert PAIRS == COMPANIONS
    assert set(COMPANIONS) == set(LANGUAGES)
    assert all(one != two and two in ("nl", "fr") for one, two in COMPANIONS.items())


def test_the_days_for_which_it_holds(example: Path) -> None:
    shown = card(2026, example, "nl").texts(0)
    assert "Geldig van 01/01/2026 tot en met 31/12/2026." in shown
    assert "Valable du 01/01/2026 au 31/12/2026 inclus." in shown


def test_the_factors_come_from_the_function(example: Path) -> None:
    book = card(2026, example)
    row = int(book.place(0, "WORKDAY")[1:])
    assert book.rows(0, f"E{row}:F{row + 4}") == FACTORS
    assert book.formula(0, f"F{row + 1}") == f"=COPRO_FACTOR(F{row - 1},,$A{row + 1})"
    assert [book.value(0, f"{column}{row - 1}").hour for column in "EF"] == [6, 18]


def test_the_example_is_worked_out_by_the_functions(example: Path) -> None:
    book = card(2026, example)
    row = int(book.place(0, text("tariff_card", "worked_start", "en"))[1:])
    assert [book.value(0, f"D{row + down}") for down in (1, 2)] == [3.5, 1]
    assert book.value(0, f"D{row}").hour == 10
    # 360.30 and 125.82 × 1.073, 228.92 × 4449 / 4170; 3.5 hours are charged as 4
    assert book.rows(0, f"D{row + 3}:F{row + 6}") == [
        [None, 386.60, 386.60],
        [4, 135.00, 540.00],
        [1, 244.24, 244.24],
        [None, None, 1170.84],
    ]
    assert book.formula(0, f"F{row + 6}") == f'=COPRO_INSPECTION_FEE(D{row},D{row + 1},D{row + 2},,,,,,,"WORKDAY")'
    assert all(
        book.formula(0, f"{letter}{row + down}").startswith("=")
        for letter, down in (("E", 3), ("F", 3), ("D", 4), ("E", 4), ("F", 4), ("D", 5), ("E", 5), ("F", 5))
    )


def test_no_rate_is_typed(example: Path) -> None:
    book = card(2026, example)
    typed = {
        cell.coordinate
        for cell in book.cells(0)
        if isinstance(cell.value, int | float) and not book.formula(0, cell.coordinate).startswith("=")
    }
    row = int(book.place(0, text("tariff_card", "worked_hours", "en"))[1:])
    assert typed == {"B6", f"D{row}", f"D{row + 1}"}, "only the year, and what the example is given"


def test_made_up_figures_are_marked(example: Path) -> None:
    book = card(2026, example)
    assert text("tariff_card", "example", "en") in book.texts(0)
    fills = [book.cell(0, address(item, "rate")).fill.fgColor.rgb for item in range(7)]
    plain = fills[3]
    assert [position for position, fill in enumerate(fills) if fill != plain] == list(FOLLOW_SALARIES)
    origin = "EXAMPLE, made-up figure / VOORBEELD, verzonnen cijfer: made-up value"
    assert sum(shown.startswith(origin) for shown in book.texts(0)) == 2


def test_the_figures_behind_the_coefficients_with_their_source(example: Path) -> None:
    book = card(2026, example, "nl")
    for value, period, source in (
        ("100,00", "2022-Q3", "made-up value"),
        ("107,30", "2025-Q3", "made-up value"),
        ("0,4170", "01/07/2022 –\n30/06/2023", "officieel cijfer / chiffre officiel: "),
        ("0,4449", "01/07/2025 –\n30/06/2026", "officieel cijfer / chiffre officiel: "),
    ):
        row = int(book.place(0, value)[1:])
        assert book.value(0, f"A{row}") == period
        assert source in book.value(0, f"B{row + 1}")
    assert card(2026, example, "en").place(0, "107.30 / 107,30")


def test_provisional_figures_are_marked(example: Path) -> None:
    file = example / "figures" / EXAMPLE_FILE
    file.write_text(file.read_text("utf-8").replace('status = "example"', 'status = "provisional"'), "utf-8")
    shown = card(2026, example).texts(0)
    assert text("tariff_card", "provisional", "en") in shown
    assert text("tariff_card", "example", "en") not in shown


def test_official_figures_have_no_mark(empty: Path) -> None:
    shown = card(2023, empty).texts(0)
    assert not {text("tariff_card", key, "en") for key in ("provisional", "example", "missing")} & set(shown)


def test_the_base_year_is_not_indexed(empty: Path) -> None:
    book = card(2023, empty)
    assert column(book, "rate") == BASE_2023
    assert column(book, "coefficient") == [1] * 7
    assert text("tariff_card", "base_year", "en", year="2023") in book.texts(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_index_is_a_true_error_with_its_reason(empty: Path, language: str) -> None:
    book = card(2026, empty, language)
    for item in range(7):
        missing = item in FOLLOW_SALARIES
        cells = [book.cell(0, address(item, name)) for name in ("coefficient", "rate")]
        assert [cell.data_type for cell in cells] == ["e" if missing else "n"] * 2
    assert column(book, "rate") == ["#N/A"] * 3 + RATES_2026[3:6] + ["#N/A"]
    answer = call("COPRO_RATE", ["HOUR", date(2026, 1, 1)], session_on(empty))
    assert isinstance(answer, CellError)
    assert book.rows(0, "A24:C24") == [
        [both("missing", language), answer.message(language), answer.message(PAIRS[language])]
    ]
    assert "COPRO_EXPLAIN" in book.formula(0, "B24"), "the reason goes away once the index is recorded"
    assert f'"{PAIRS[language]}:COPRO_RATE"' in book.formula(0, "C24")


def test_the_page_tells_regulation_source_and_data(empty: Path) -> None:
    book = card(2023, empty)
    rulebook = session_on(empty).rulebook
    shown = " ".join(book.texts(0))
    assert rulebook.general[0].source in shown
    assert rulebook.fingerprint in shown
    assert rulebook.fingerprint in book.values[0].oddFooter.right.text


def test_it_is_one_page(example: Path) -> None:
    sheet = card(2026, example).values[0]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert {sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight} <= {None, 1}, "1 when nothing is said"
    assert sheet.page_setup.paperSize == 9


def test_a_year_without_regulation_makes_no_card(empty: Path) -> None:
    target = empty.parent / "card.xlsx"
    with pytest.raises(NotAvailable, match="2023-01-01"):
        write_tariff_card(2022, target, session_on(empty), language="en")
    assert not target.exists()


def test_a_file_is_replaced_only_when_asked(empty: Path) -> None:
    target = empty.parent / "card.xlsx"
    target.write_text("mine")
    with pytest.raises(FileError):
        write_tariff_card(2023, target, session_on(empty), language="en")
    assert target.read_text() == "mine"
    write_tariff_card(2023, target, session_on(empty), language="en", force=True)
    assert Book(target).value(0, "B6") == 2023


def test_texts_are_there_in_four_languages() -> None:
    for key, words in topic("tariff_card").items():
        assert list(words) == list(LANGUAGES), key
        assert all(words.values()), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("year", "with_example"), [(2026, True), (2026, False), (2023, False)])
def test_recalculated_to_the_cent(tmp_path: Path, example: Path, language: str, year: int, with_example: bool) -> None:
    if reason := why_not():
        pytest.skip(reason)
    data = tmp_path / "data"
    shutil.copytree(example, data)
    if not with_example:
        (data / "figures" / EXAMPLE_FILE).unlink()
    target = tmp_path / "card.xlsx"
    write_tariff_card(year, target, session_on(data), language=language)
    assert differences(Book(target), computed_anew(target, data), 0) == []


def test_a_card_of_other_data_says_so(tmp_path: Path, empty: Path, example: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    target = tmp_path / "card.xlsx"
    write_tariff_card(2026, target, session_on(empty), language="en")
    assert computed_anew(target, empty).rows(0, "A5:C5") == [[None, None, None]]
    computed = computed_anew(target, example)
    assert [computed.value(0, place) for place in ("A5", "C5")] == [
        text("tariff_card", "data_changed", shown) for shown in ("en", "nl")
    ]
    assert column(computed, "rate") == RATES_2026, "and shows what holds now"
    assert computed.rows(0, "B24:C24") == [[None, None]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("year", [2026, 2023])
def test_it_prints_on_one_a4_page(tmp_path: Path, example: Path, empty: Path, language: str, year: int) -> None:
    if reason := why_not():
        pytest.skip(reason)
    if not shutil.which("pdfinfo"):
        pytest.skip("pdfinfo (poppler-utils) is not here")
    for data in (example, empty):
        target, pdf = tmp_path / f"{data.name}.xlsx", tmp_path / f"{data.name}.pdf"
        write_tariff_card(year, target, session_on(data), language=language)
        to_pdf(target, pdf, environment={"COPRO_DATA": str(data)})
        told = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
        facts = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
        assert facts["Pages"].strip() == "1"
        assert "(A4)" in facts["Page size"]


def test_audit_finds_it_right(tmp_path: Path, example: Path) -> None:
    target = tmp_path / "card.xlsx"
    write_tariff_card(2026, target, session_on(example), language="de")
    report = audit(target, session_on(example))
    assert report.findings == []
    assert report.formulas > 70
