from __future__ import annotations

import shutil
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
from xl_addin import call
from xl_addin.cells import CellError

TABLE = "A9:G15"
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
    rows = card(2026, example).rows(0, TABLE)
    assert [row[5] for row in rows] == RATES_2026
    assert [row[3] for row in rows] == BASE_2023
    assert [row[4] for row in rows] == pytest.approx([1.073] * 3 + [0.4449 / 0.4170] * 3 + [1.073], abs=1e-12)
    assert [row[6] for row in rows] == ["2.2.2"] + ["2.2.4"] * 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_one_live_call_with_all_its_values(example: Path, language: str) -> None:
    book = card(2026, example, language)
    called = f'COPRO_TARIFF($B$6,"{language}")'
    for down, line in enumerate(book.formulas[0][TABLE]):
        for across, cell in enumerate(line):
            assert cell.value == f"=INDEX({called},{down + 1},{across + 1})"
    computed = call("COPRO_TARIFF", [2026, language], session_on(example))
    assert isinstance(computed, list)
    for shown, row in zip(book.rows(0, TABLE), computed, strict=True):
        assert shown == [pytest.approx(cell, rel=1e-15) if isinstance(cell, float) else cell for cell in row]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_that_of_the_card(example: Path, language: str) -> None:
    book = card(2026, example, language)
    assert book.value(0, "A1") == text("tariff_card", "title", language, year="2026")
    assert book.value(0, "D8") == text("tariff_card", "base", language, year="2023")
    assert text("tariff_card", "without_vat", language) in book.texts(0)
    assert session_on(example).rulebook.general[0].title[language] == book.value(0, "A2")


def test_the_factors_come_from_the_function(example: Path) -> None:
    book = card(2026, example)
    first = book.place(0, "WORKDAY")
    row = int(first[1:])
    assert book.rows(0, f"C{row}:D{row + 4}") == FACTORS
    assert book.formula(0, f"D{row + 1}") == f"=COPRO_FACTOR(D{row - 1},,$A{row + 1})"
    assert [book.value(0, f"{column}{row - 1}").hour for column in "CD"] == [6, 18]


def test_no_rate_is_typed(example: Path) -> None:
    book = card(2026, example)
    row = int(book.place(0, "WORKDAY")[1:])
    spilled = {
        cell.coordinate for area in (TABLE, f"C{row}:D{row + 4}") for line in book.values[0][area] for cell in line
    }
    typed = {
        cell.coordinate
        for cell in book.cells(0)
        if isinstance(cell.value, int | float)
        and not book.formula(0, cell.coordinate).startswith("=")
        and cell.coordinate not in spilled
    }
    assert typed == {"B6"}, "only the year"


def test_made_up_figures_are_marked(example: Path) -> None:
    book = card(2026, example)
    assert text("tariff_card", "example", "en") in book.texts(0)
    fills = [book.cell(0, f"F{row}").fill.fgColor.rgb for row in range(9, 16)]
    plain = book.cell(0, "F12").fill.fgColor.rgb
    assert [position for position, fill in enumerate(fills) if fill != plain] == list(FOLLOW_SALARIES)
    assert sum("made-up" in shown and shown.startswith("EXAMPLE, ") for shown in book.texts(0)) == 2


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
    rows = book.rows(0, TABLE)
    assert [row[5] for row in rows] == BASE_2023
    assert [row[4] for row in rows] == [1] * 7
    assert text("tariff_card", "base_year", "en", year="2023") in book.texts(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_index_is_a_true_error_with_its_reason(empty: Path, language: str) -> None:
    book = card(2026, empty, language)
    for row in range(9, 16):
        missing = row - 9 in FOLLOW_SALARIES
        assert [book.cell(0, f"{column}{row}").data_type for column in "EF"] == ["e" if missing else "n"] * 2
    assert [row[5] for row in book.rows(0, TABLE)] == ["#N/A"] * 3 + RATES_2026[3:6] + ["#N/A"]
    answer = call("COPRO_RATE", ["HOUR", date(2026, 1, 1)], session_on(empty))
    assert isinstance(answer, CellError)
    assert (book.value(0, "A16"), book.value(0, "B16")) == (
        text("tariff_card", "missing", language),
        answer.message(language),
    )
    assert "COPRO_EXPLAIN" in book.formula(0, "B16"), "the reason goes away once the index is recorded"


def test_the_page_tells_regulation_source_and_data(empty: Path) -> None:
    book = card(2023, empty)
    rulebook = session_on(empty).rulebook
    shown = " ".join(book.texts(0))
    assert rulebook.general[0].source in shown
    assert rulebook.fingerprint in shown
    assert rulebook.fingerprint in book.values[0].oddFooter.center.text


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
    assert computed_anew(target, empty).value(0, "A5") is None
    computed = computed_anew(target, example)
    assert computed.value(0, "A5") == text("tariff_card", "data_changed", "en")
    assert [row[5] for row in computed.rows(0, TABLE)] == RATES_2026, "and shows what holds now"
    assert computed.value(0, "B16") is None
