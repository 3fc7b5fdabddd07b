"""The guide: every function of the catalogue with examples that compute, in four languages."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from core.errors import FileError
from core.paths import data_file
from core.texts import text
from core.topics import topic
from tests.calc.conftest import why_not
from tests.workbooks.sheets import LANGUAGES, Book, differences, session_on
from workbooks.guide import write_guide
from xl_addin import Session
from xl_addin.audit import audit
from xl_addin.calc.recalc import recalculate, to_pdf
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import CellError
from xl_addin.reference.worked import examples

BY_HAND: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).parents[1].joinpath("reference", "worked_examples.toml").read_text("utf-8"), parse_float=float
)["example"]
ON_PURPOSE = ("COPRO_INDEX_COEFFICIENT", "COPRO_SALARY_INDEX", "COPRO_CONTRIBUTION", "COPRO_EXPLAIN")
"""The functions with an example of an error, because the index or the regulation it needs is never shipped."""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def session(folder: Path, language: str) -> Session:
    """Of this very day, for the guide shows what lapses soon."""
    return replace(session_on(folder), language=language, today=date.today)


def written(folder: Path, language: str = "en") -> Path:
    target = folder.parent / f"guide-{language}.xlsx"
    write_guide(target, session(folder, language))
    return target


def anew(source: Path, data: Path, language: str) -> Book:
    """The guide as LibreOffice computes it, in an installation of that language."""
    target = source.with_name(f"computed-{source.name}")
    recalculate(
        source, target, environment={"COPRO_DATA": str(data), "COPRO_LANGUAGE": language, "COPRO_SITE": "BRUSSEL"}
    )
    return Book(target)


def sheet_of(book: Book, name: str) -> int:
    return [sheet.title for sheet in book.values].index(name)


def beside(book: Book, name: str, label: str, language: str = "en") -> list[Any]:
    """What stands in the row of a label, in the columns of the examples."""
    sheet = sheet_of(book, name)
    row = int(book.place(sheet, text("guide", label, language))[1:])
    return [cell.value for cell in book.values[sheet][row][3:] if cell.value is not None]


# --- what it holds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_has_its_sheet_with_its_help(empty: Path, language: str) -> None:
    book = Book(written(empty, language))
    names = [sheet.title for sheet in book.values]
    assert names[:2] == [text("guide", key, language) for key in ("sheet_index", "sheet_codes")]
    assert names[2:] == list(FUNCTIONS)
    for function in FUNCTIONS.values():
        shown = book.texts(sheet_of(book, function.name))
        told = [function.help(language), *(a.name for a in function.arguments)]
        told += [function.argument_help(argument.name, language) for argument in function.arguments]
        assert [words for words in told if words not in shown] == []


def test_values_are_those_worked_out_by_hand(empty: Path) -> None:
    book = Book(written(empty))
    for name, function in FUNCTIONS.items():
        by_hand = [one for one in BY_HAND if one["function"] == name and not one.get("made_up")]
        if function.table:
            continue
        wanted = [one.get("error", one.get("value")) for one in by_hand]
        for label in ("result", "expected"):
            held = [value.date() if isinstance(value, datetime) else value for value in beside(book, name, label)]
            assert held == [pytest.approx(one, abs=1e-13) if isinstance(one, float) else one for one in wanted], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_agrees_with_the_reference(empty: Path, language: str) -> None:
    book = Book(written(empty, language))
    agrees, on_purpose = (text("guide", key, language) for key in ("agrees", "agrees_error"))
    counted = 0
    for name, function in FUNCTIONS.items():
        marks = [shown for shown in book.texts(sheet_of(book, name)) if shown[:1] in "✓≠"]
        assert len(marks) == (0 if function.clock == "always" else len(function.examples)), name
        expected = [one.answer for one in examples(function, language) if not one.made_up]
        for shown, answer in zip(marks, expected, strict=False):
            cells = [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]
            assert shown == (on_purpose if any(isinstance(cell, CellError) for cell in cells) else agrees)
        counted += len(marks)
    assert counted == sum(len(function.examples) for function in FUNCTIONS.values()) - 1


def test_errors_are_those_meant_and_tell_their_reason(empty: Path) -> None:
    book = Book(written(empty))
    wrong = {sheet.title for sheet in book.values for row in sheet.iter_rows() for cell in row if cell.data_type == "e"}
    assert wrong == set(ON_PURPOSE)
    for name in ON_PURPOSE[:-1]:
        assert "another year's figure is never used" in beside(book, name, "reason")[0] or name == "COPRO_CONTRIBUTION"


def test_formulas_take_the_cells_beside_the_help(empty: Path) -> None:
    book = Book(written(empty))
    sheet = sheet_of(book, "COPRO_INSPECTION_FEE")
    place = book.place(sheet, 1092.5)
    first = int(book.place(sheet, "start")[1:])
    cells = [f"D{first + down}" for down in range(11)]
    given = [f'IF({cell}="","",{cell})' if down in (2, 6) else cell for down, cell in enumerate(cells)]
    assert book.formula(sheet, place) == f"=COPRO_INSPECTION_FEE({','.join(given)})"
    assert book.value(sheet, f"D{first}") == datetime(2023, 3, 6, 10)
    assert book.value(sheet, f"D{first + 1}") == 3.5
    assert f"={book.formula(sheet, place)[1:]}" in book.texts(sheet), "shown as text"
    assert '=COPRO_INSPECTION_FEE("2023-03-06T10:00",3.5)' in book.texts(sheet)


def test_a_formula_is_shown_as_it_is_typed_in_that_language(empty: Path) -> None:
    shown = Book(written(empty, "nl")).texts(sheet_of(Book(written(empty, "en")), "COPRO_APPLICATION_FEE"))
    assert any(re.fullmatch(r'=COPRO_APPLICATION_FEE\(D\d+;ALS\((D\d+)="";"";\1\);D\d+\)', words) for words in shown)


def test_examples_with_made_up_data_are_text(empty: Path) -> None:
    book = Book(written(empty))
    sheet = sheet_of(book, "COPRO_CONTRIBUTION")
    shown = [words for words in book.texts(sheet) if "EXAMPLE-BRS" in words]
    assert shown[0].endswith("→  €1,650.00")
    assert shown[1].endswith("→  €1,150.00")


def test_only_input_cells_are_unlocked(empty: Path) -> None:
    for sheet in load_workbook(written(empty)).worksheets:
        assert sheet.protection.sheet
        unlocked = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
        assert bool(unlocked) == sheet.title.startswith("COPRO_")
        assert not [cell.coordinate for cell in unlocked if str(cell.value).startswith("=")]


def test_codes_have_drop_downs(empty: Path) -> None:
    book = load_workbook(written(empty))
    sheet = book["COPRO_INSPECTION_FEE"]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    row = next(cell.row for cell in sheet["A"] if cell.value == "site")
    area = lists[f"D{row}"].partition("!")[2].replace("$", "")
    assert next(cell.value for (cell,) in book["Codes"][area]) == "BRUSSEL"
    assert len(book["Codes"][area]) == 12
    assert {f"{column}{row + down}" for column in "DEF" for down in range(3)} <= set(lists)


def test_links_lead_to_sheets_of_the_workbook_only(empty: Path) -> None:
    target = written(empty, "fr")
    names = load_workbook(target).sheetnames
    places = set()
    for sheet in load_workbook(target).worksheets:
        links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert all(link.target is None for link in links)
        places |= {link.location.rpartition("!")[0].strip("'") for link in links}
    assert places == set(names)
    with zipfile.ZipFile(target) as parts:
        relations = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
    assert not [relation for relation in relations if "External" in relation]


def test_a_new_function_appears_by_itself(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = replace(FUNCTIONS["COPRO_VAT"], name="COPRO_NEW", category="tariff")
    every = {**FUNCTIONS, new.name: new}
    for place in ("workbooks.guide", "workbooks.guide.inputs", "xl_addin.evaluate", "xl_addin.reference.index_page"):
        monkeypatch.setattr(f"{place}.FUNCTIONS", every)
    words = dict.fromkeys(LANGUAGES, "A new one.")
    monkeypatch.setitem(topic("functions"), new.name, words)  # type: ignore[arg-type]
    monkeypatch.setitem(topic("reference"), f"term.{new.name}", words)  # type: ignore[arg-type]
    book = Book(written(empty))
    assert beside(book, "COPRO_NEW", "result") == [229.43]
    assert "COPRO_NEW" in book.texts(0)
    assert "A new one." in book.texts(sheet_of(book, "COPRO_NEW"))


def test_a_file_is_replaced_only_when_asked(empty: Path) -> None:
    target = empty.parent / "guide.xlsx"
    target.write_text("mine")
    with pytest.raises(FileError):
        write_guide(target, session(empty, "en"))
    assert target.read_text() == "mine"
    write_guide(target, session(empty, "en"), force=True)
    assert load_workbook(target).sheetnames


def test_other_data_are_marked(tmp_path: Path, empty: Path) -> None:
    """With an index on record, the example that shows its absence differs; the contents say so too."""
    (empty / "figures").mkdir()
    content = data_file("examples", "salary_index_example.toml").read_text("utf-8")
    (empty / "figures" / "index.toml").write_text(content, "utf-8")
    book = Book(written(empty))
    assert beside(book, "COPRO_SALARY_INDEX", "result") == [100]
    assert beside(book, "COPRO_SALARY_INDEX", "compared") == [text("guide", "differs", "en")]
    assert beside(book, "COPRO_SALARY_INDEX", "expected") == ["#N/A"]
    contents = {cells[0].value: cells[3].value for cells in book.values[0].iter_rows()}
    assert contents["COPRO_SALARY_INDEX"] == "≠"
    assert contents["COPRO_RATE"] == "✓"


# --- computed anew -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_recalculated_to_the_same_values(empty: Path, language: str) -> None:
    if reason := why_not():
        pytest.skip(reason)
    target = written(empty, language)
    book, computed = Book(target), anew(target, empty, language)
    assert [
        f"{sheet.title} {found}" for n, sheet in enumerate(book.values) for found in differences(book, computed, n)
    ] == []


def test_in_an_installation_of_another_language_it_is_the_same(empty: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    target = written(empty, "fr")
    book, computed = Book(target), anew(target, empty, "de")
    assert [
        f"{sheet.title} {found}" for n, sheet in enumerate(book.values) for found in differences(book, computed, n)
    ] == []


def test_playing_with_the_input(empty: Path) -> None:
    """Other input gives another result, no comparison, and for what is refused the reason."""
    if reason := why_not():
        pytest.skip(reason)
    target = written(empty)
    played = load_workbook(target)
    cells = {"COPRO_INSPECTION_FEE": {"hours": 4.5, "trips": None}, "COPRO_RATE": {"item": "nonsense"}}
    cells |= {"COPRO_LATE_INTEREST_DETAIL": {"until_date": date(2025, 3, 31)}, "COPRO_DUE_DATE": {}}
    cells["COPRO_TARIFF"] = {"year": 2022}
    for name, given in cells.items():
        for cell in played[name]["A"]:
            if cell.value in given:
                played[name].cell(cell.row, 4).value = given[cell.value]
    played.save(target)
    book = anew(target, empty, "en")
    # 360.30 + 5 × 125.82 + 228.92
    assert beside(book, "COPRO_INSPECTION_FEE", "result")[0] == 1218.32
    assert beside(book, "COPRO_INSPECTION_FEE", "compared")[:2] == [
        text("guide", key, "en") for key in ("changed", "agrees")
    ]
    assert beside(book, "COPRO_RATE", "result")[0] == "#VALUE!"
    assert "nonsense" in beside(book, "COPRO_RATE", "reason")[0]
    assert beside(book, "COPRO_DUE_DATE", "compared")[0] == text("guide", "agrees", "en")
    detail = sheet_of(book, "COPRO_LATE_INTEREST_DETAIL")
    row = int(book.place(detail, "Days")[1:]) + 1
    assert [cells[0] for cells in book.rows(detail, f"C{row}:C{row + 3}")] == [31, 366, 90, None]
    tariff = sheet_of(book, "COPRO_TARIFF")
    row = int(book.place(tariff, "Base 2023")[1:]) + 1
    assert book.value(tariff, f"A{row}") == "#N/A"


# --- printed and checked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_function_prints_on_one_page_save_the_long_tables(empty: Path, language: str) -> None:
    if reason := why_not():
        pytest.skip(reason)
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not here")
    target = written(empty, language)
    pdf = target.with_suffix(".pdf")
    to_pdf(target, pdf, environment={"COPRO_DATA": str(empty), "COPRO_LANGUAGE": language, "COPRO_SITE": "BRUSSEL"})
    told = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    pages = told.split("\f")[:-1]
    begins = {
        name: next(n for n, page in enumerate(pages) if page.lstrip().startswith(f"{name} –")) for name in FUNCTIONS
    }
    after = [*list(begins.values())[1:], len(pages)]
    long = {name for (name, first), end in zip(begins.items(), after, strict=True) if end - first > 1}
    assert long <= {"COPRO_EXPLAIN", "COPRO_POLICIES", "COPRO_STATUS"}
    assert begins["COPRO_RATE"] == 4, "contents and codes: two pages each"


@pytest.mark.parametrize("language", LANGUAGES)
def test_audit_finds_it_right(empty: Path, language: str) -> None:
    report = audit(written(empty, language), session(empty, language))
    assert report.findings == []
    assert sum(report.errors.values()) == len(ON_PURPOSE)


def test_audit_in_an_installation_of_another_language_finds_it_right(empty: Path) -> None:
    assert audit(written(empty, "fr"), session(empty, "nl")).findings == []
