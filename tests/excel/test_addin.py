"""The add-in as a file: its parts, its macros read back, and that a spreadsheet opens it."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import signal
import subprocess
import sys
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from core.errors import FileError
from core.topics import LANGUAGES
from tests.core import sources
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.excel import addin, intellisense, wrappers
from xl_addin.excel.addin import write_addin
from xl_addin.excel.ribbon import messages, ribbon
from xl_addin.excel.vba_project import Kind

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls pyparsing by old names
    from oletools.olevba import VBA_Parser

PACKAGE = "{http://schemas.openxmlformats.org/package/2006/%s}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = {"Sheet1": "functions", "Sheet2": "texts"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("addin") / "copro.xlam"
    write_addin(target, "nl")
    return target


def part(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as package:
        return package.read(name)


def macros(file: Path) -> dict[str, str]:
    """The source of every module, without the attributes that the editor hides."""
    parser = VBA_Parser(str(file))
    try:
        found = {Path(name).stem: source for _, _, name, source in parser.extract_macros()}
    finally:
        parser.close()
    return {
        name: re.sub(r"\A(Attribute VB_.*\r?\n)+", "", source).replace("\r\n", "\n") for name, source in found.items()
    }


def sheet_rows(file: Path, folder: Path, name: str) -> list[list[str]]:
    """The texts on a sheet of the add-in; openpyxl opens it once it is called a workbook."""
    copy = folder / "copy.xlsm"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(copy, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "[Content_Types].xml":
                content = content.replace(b"excel.addin.macroEnabled", b"excel.sheet.macroEnabled")
            new.writestr(entry, content)
    rows = openpyxl.load_workbook(copy)[name].iter_rows(values_only=True)
    return [[str(cell) for cell in row if cell is not None] for row in rows]


# --- the package ---------------------------------------------------------------------------------------------------


def test_every_part_is_well_formed_and_has_a_type(made: Path) -> None:
    with zipfile.ZipFile(made) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert len(names) == len(set(names))
        for name in names:
            if not name.endswith(".bin"):
                ET.fromstring(package.read(name))
    types = ET.fromstring(part(made, "[Content_Types].xml"))
    overrides = {e.get("PartName"): e.get("ContentType") for e in types.iter(PACKAGE % "content-types" + "Override")}
    defaults = {e.get("Extension") for e in types.iter(PACKAGE % "content-types" + "Default")}
    assert overrides["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert {name.lstrip("/") for name in overrides} <= set(names)
    assert all(f"/{name}" in overrides or name.rpartition(".")[2] in defaults for name in names[1:])
    assert defaults >= {"bin", "rels", "xml"}


def test_every_relation_leads_to_a_part(made: Path) -> None:
    with zipfile.ZipFile(made) as package:
        names = set(package.namelist())
        lists = [name for name in names if name.endswith(".rels")]
        for name in lists:
            folder = posixpath.dirname(posixpath.dirname(name))
            relations = ET.fromstring(package.read(name))
            identities = [relation.get("Id") for relation in relations]
            assert len(identities) == len(set(identities))
            for relation in relations:
                assert posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))) in names
    assert set(lists) == {"_rels/.rels", "xl/_rels/workbook.xml.rels", "customXml/_rels/item1.xml.rels"}


def test_the_ribbon_and_the_intellisense_are_inside(made: Path) -> None:
    assert part(made, "customUI/customUI14.xml") == ribbon("nl")
    assert b'2007/relationships/ui/extensibility" Target="customUI/customUI14.xml"' in part(made, "_rels/.rels")
    assert part(made, "customXml/item1.xml") == intellisense.intellisense("nl")


def test_code_names_are_those_of_the_modules(made: Path) -> None:
    workbook = ET.fromstring(part(made, "xl/workbook.xml"))
    documents = {module.name for module in wrappers.modules(SHEETS) if module.kind is Kind.DOCUMENT}
    assert workbook.find(f"{MAIN}workbookPr").get("codeName") == "ThisWorkbook"
    names = [sheet.get("name") for sheet in workbook.iter(f"{MAIN}sheet")]
    codes = [
        ET.fromstring(part(made, f"xl/worksheets/sheet{n}.xml")).find(f"{MAIN}sheetPr").get("codeName") for n in (1, 2)
    ]
    assert dict(zip(codes, names, strict=True)) == SHEETS
    assert documents == {"ThisWorkbook", *SHEETS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_add_ins_dialog_shows_what_it_is(language: str, tmp_path: Path) -> None:
    write_addin(tmp_path / "copro.xlam", language)
    core = part(tmp_path / "copro.xlam", "docProps/core.xml").decode()
    for tag in ("title", "description"):
        assert "COPRO" in core.partition(f"<dc:{tag}>")[2].partition("<")[0]


def test_the_same_catalogue_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "another name.xlam"
    write_addin(again, "nl")
    assert again.read_bytes() == made.read_bytes()
    write_addin(again, "fr")
    assert again.read_bytes() != made.read_bytes()


def test_it_is_written_beside_and_moved_into_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "copro.xlam"
    target.write_bytes(b"the old one")

    def fails(language: str) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(addin, "ribbon", fails)
    with pytest.raises(FileError):
        write_addin(target, "nl")
    assert target.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [target]


def test_it_is_made_without_what_only_windows_and_the_tests_have(made: Path, tmp_path: Path) -> None:
    blocked = ("xlwings", "win32api", "pythoncom", "oletools", "olefile")
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked}))\n"
        "from pathlib import Path; from xl_addin.excel.addin import write_addin\n"
        "write_addin(Path('copro.xlam'), 'nl')"
    )
    variables = {**os.environ, "PYTHONPATH": str(sources.ROOT)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=variables, check=True, timeout=60)
    assert (tmp_path / "copro.xlam").read_bytes() == made.read_bytes()


# --- macros and texts ----------------------------------------------------------------------------------------------


def test_the_macros_read_back_are_those_that_were_made(made: Path) -> None:
    assert macros(made) == {module.name: module.source for module in wrappers.modules(SHEETS)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_that_is_registered(language: str, tmp_path: Path) -> None:
    """A row a function; Excel refuses a text of more than 255 characters, and then shows none at all."""
    write_addin(tmp_path / "copro.xlam", language)
    rows = sheet_rows(tmp_path / "copro.xlam", tmp_path, "functions")
    assert [row[0] for row in rows] == list(FUNCTIONS)
    for name, *texts in rows:
        function = FUNCTIONS[name]
        names = wrappers.argument_names(function)
        assert texts == [function.help(language), *(function.argument_help(argument, language) for argument in names)]
        assert all(0 < len(text.encode("utf-16-le")) <= 2 * 255 for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_messages_are_those_the_macros_ask_for(language: str, tmp_path: Path) -> None:
    write_addin(tmp_path / "copro.xlam", language)
    told = dict(sheet_rows(tmp_path / "copro.xlam", tmp_path, "texts"))
    assert told == messages(language)
    sources = "\n".join(module.source for module in wrappers.modules(SHEETS))
    asked = set(re.findall(r'\bMessage(?:With)?\("(\w+)"', sources))
    assert asked == set(told)
    with_detail = set(re.findall(r'\bMessageWith\("(\w+)"', sources))
    assert with_detail == {key for key, words in told.items() if "{detail}" in words}


def test_a_function_added_to_the_catalogue_is_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = replace(FUNCTIONS["COPRO_RATE"], name="COPRO_ADDED")
    for module in (addin, intellisense, wrappers):
        monkeypatch.setattr(module, "FUNCTIONS", MappingProxyType({**FUNCTIONS, added.name: added}))
    monkeypatch.setattr(Function, "help", lambda self, language: f"What {self.name} gives")
    monkeypatch.setattr(Function, "argument_help", lambda self, argument, language: f"What {argument} is")
    target = tmp_path / "copro.xlam"
    write_addin(target, "en")
    assert (
        "Public Function COPRO_ADDED(item, Optional on_date, Optional regulation)" in macros(target)["CoproFunctions"]
    )
    assert sheet_rows(target, tmp_path, "functions")[-1][:2] == ["COPRO_ADDED", "What COPRO_ADDED gives"]
    assert b'Name="COPRO_ADDED" Description="What COPRO_ADDED gives"' in part(target, "customXml/item1.xml")


# --- a spreadsheet opens it ----------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(made: Path, tmp_path: Path) -> None:
    """Told which kind of file it is: LibreOffice does not know the ending .xlam."""
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--infilter=Calc MS Excel 2007 VBA XML", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    process = subprocess.Popen(
        [*command, "--outdir", str(tmp_path), str(made)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    book = openpyxl.load_workbook(tmp_path / "copro.xlsx")
    assert book.sheetnames == list(SHEETS.values())
    assert book["functions"]["A1"].value == "COPRO_RATE"
