"""The starter workbook for xlwings Lite: what it says to paste, and its formulas."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.errors import FileError
from core.topics import LANGUAGES
from tests.officejs.test_functions import ROOT
from tests.pyodide.place import NOT_NEEDED, name_of
from xl_addin.calc.recalc import recalculate
from xl_addin.cells import ERROR_CODES
from xl_addin.officejs.starter import PREFIX, REQUIREMENTS, main_py, write_starter


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def cells(file: Path, *, values: bool) -> dict[str, object]:
    book = load_workbook(file, data_only=values)
    return {
        f"{sheet.title}!{cell.coordinate}": getattr(cell.value, "text", cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_every_formula_is_written_as_excel_stores_it_with_its_value(tmp_path: Path, language: str) -> None:
    target = tmp_path / "copro-lite.xlsx"
    write_starter(target, language)
    with zipfile.ZipFile(target) as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/sheet")]
    formulas = [formula for sheet in sheets for formula in re.findall(r"<f[^>]*>([^<]*)</f>", sheet)]
    assert len(formulas) == 5
    assert all(formula.startswith(f"{PREFIX}COPRO_") for formula in formulas)
    assert not any(f"<v>{error}</v>" in sheet for sheet in sheets for error in ERROR_CODES)


def test_the_values_are_those_of_the_functions(tmp_path: Path) -> None:
    """LibreOffice knows them without the prefix."""
    written, plain, computed = (tmp_path / f"{name}.xlsx" for name in ("written", "plain", "computed"))
    write_starter(written, "nl")
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(plain, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(PREFIX.encode(), b"") if "worksheets" in name else content)
    recalculate(plain, computed, environment={"COPRO_DATA": ""})
    before, after = cells(written, values=True), cells(computed, values=True)
    assert {place: value for place, value in before.items() if value != after.get(place, "")} == {}
    assert before["Voorbeeld!D5"] == 1218.32


def test_what_is_to_be_pasted_stands_there_line_by_line(tmp_path: Path, language: str) -> None:
    target = tmp_path / "copro-lite.xlsx"
    write_starter(target, language)
    sheet = load_workbook(target).worksheets[0]
    column = [str(sheet.cell(row, 3).value or "") for row in range(1, sheet.max_row + 1)]
    for wanted in ("\n".join(REQUIREMENTS), main_py(language).rstrip("\n")):
        assert f"\n{wanted}\n" in "\n".join(column)
    assert all(len(line) <= 110 for line in main_py(language).splitlines())
    compile(main_py(language), "main.py", "exec")


def test_the_requirements_are_the_projects_own_without_those_the_functions_do_not_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {name_of(line) for line in project["dependencies"]}
    assert set(REQUIREMENTS) == {name for name in needed if name.lower() not in NOT_NEEDED}


def test_an_old_file_is_replaced_and_a_folder_that_is_not_there_refused(tmp_path: Path) -> None:
    target = tmp_path / "copro-lite.xlsx"
    target.write_bytes(b"old")
    write_starter(target, "en")
    assert zipfile.is_zipfile(target)
    assert [file.name for file in tmp_path.iterdir()] == ["copro-lite.xlsx"]
    with pytest.raises(FileError):
        write_starter(tmp_path / "none" / "copro-lite.xlsx", "en")
