"""Workbooks from strangers and workbooks that are too much: nothing runs, nothing leaves, and there is an end to it.

Without our settings LibreOffice 25.2 was seen to fetch the picture; the links, macros and requests of formulas it left
alone even then, when it converts a file. So these tests guard against a later LibreOffice that does not.
"""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.calc import strangers
from tests.calc.conftest import Recalculated, cells_of, processes_with, write_workbook
from xl_addin.calc import formulas, package
from xl_addin.calc.errors import RecalculationError
from xl_addin.calc.recalc import recalculate
from xl_addin.excel import vba_project
from xl_addin.excel.vba_project import Kind, Module

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SECONDS = 60


def basic(folder: Path) -> bytes:
    """Macros that leave a file behind when they run: called by a cell, and when the workbook is opened."""
    leave = 'Open "{}" For Output As #1\nClose #1\n'
    called = f"Public Function Evil()\n{leave.format(folder / 'called')}Evil = 1\nEnd Function\n"
    opened = f"Private Sub Workbook_Open()\n{leave.format(folder / 'opened')}End Sub\n"
    return vba_project.write(
        [
            Module("ThisWorkbook", opened, Kind.DOCUMENT),
            Module("Sheet1", "", Kind.DOCUMENT),
            Module("Macros", f"{called}Sub Auto_Open()\nEvil\nEnd Sub\n", Kind.STANDARD),
        ]
    )


def from_a_stranger(file: Path, folder: Path, address: str) -> None:
    """A workbook with everything that reaches out: to the network, to files, to programs, to code."""
    secret = folder / "secret.xlsx"
    write_workbook(secret, {"A1": strangers.SECRET}, {})
    (folder / "secret.csv").write_text(strangers.SECRET)
    (folder / "picture.png").write_bytes(PICTURE)
    cells = [
        "=COPRO_HOURS_CHARGED(3.5)",
        f'=_xlfn.WEBSERVICE("{address}/webservice")',
        f'=_xlfn.FILTERXML(_xlfn.WEBSERVICE("{address}/xml"),"//a")',
        f'=COPRO_HOURS_CHARGED(_xlfn.WEBSERVICE("{address}/argument"))',
        f'=_xlfn.IMAGE("{address}/image.png")',
        f'=HYPERLINK("{address}/hyperlink","click")',
        "=[1]Sheet1!A1",
        "=[2]Sheet1!A1",
        "=[3]!A1",
        f"""=INDIRECT("'{secret.as_uri()}'#$'Sheet 1'.A1")""",
        f"""=INDIRECT("'{(folder / "secret.csv").as_uri()}'#$secret.A1")""",
        f'=DDE("soffice","{secret}","A1")',
        "=Evil()",
        '=SHELL("touch x")',
    ]
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("Sheet 1")
        for row, formula in enumerate(cells):
            sheet.write_formula(row, 0, formula, None, "old")
        sheet.insert_image("F1", str(folder / "picture.png"))
    strangers.link_to(file, 1, f"{address}/linked.xlsx")
    strangers.link_to(file, 2, secret.as_uri())
    strangers.link_by_dde(file, 3, "soffice", str(secret))
    strangers.with_picture_from(file, f"{address}/picture.png")
    strangers.with_basic(file, basic(folder))
    strangers.also_open_document(file, folder / "python", address)


def test_a_strangers_workbook_computes_and_does_nothing_else(office: Path, tmp_path: Path) -> None:
    home, made = tmp_path / "home", tmp_path / "made"
    home.mkdir()
    made.mkdir()
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    with strangers.Listener() as listener:
        from_a_stranger(source, made, listener.address)
        there = sorted(made.iterdir())
        own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
        recalculate(source, target, environment=own, timeout=SECONDS)
        assert listener.asked == []
    assert sorted(made.iterdir()) == there
    assert list(home.rglob("registrymodifications.xcu")) == []
    assert cells_of(target)("A1") == 4
    with zipfile.ZipFile(target) as file:
        assert not any(strangers.SECRET.encode() in file.read(name) for name in file.namelist())


def test_a_picture_elsewhere_is_left_out_of_the_copy_that_is_opened(tmp_path: Path) -> None:
    """The first of two walls: LibreOffice never hears of it. (The second: it is told to ask nobody.)"""
    source, copy = tmp_path / "source.xlsx", tmp_path / "copy.xlsx"
    with strangers.Listener() as listener:
        from_a_stranger(source, tmp_path, listener.address)
        package.with_guards(source, copy)
    with zipfile.ZipFile(copy) as file:
        assert b"External" not in file.read("xl/drawings/_rels/drawing1.xml.rels")
        assert b"linked.xlsx" in file.read("xl/externalLinks/_rels/externalLink1.xml.rels")


# --- too much ------------------------------------------------------------------------------------------------------


def test_whole_columns(recalculated: Recalculated) -> None:
    """Only the rows in use are sent; a column of one sheet still goes with a shorter one of another."""
    begin = time.monotonic()
    read = recalculated(
        {
            "A1": 44991.4,
            "A2": 44992.4,
            "A4": 44993.4,
            "B1": 1,
            "B2": 2.5,
            "B4": 40,
            "D1": "=COPRO_INSPECTION_FEE(A:A,B:B)",
            "D2": "=SUM(INDEX(COPRO_HOURS_CHARGED(B:B),1):INDEX(COPRO_HOURS_CHARGED(B:B),2))",
            "E1:E4": "{=COPRO_INSPECTION_FEE(A:A,B:B)}",
            "F1:F2": "{=COPRO_HOURS_CHARGED(B1:B1048576)}",
            "G1": "=SUM(IFERROR(COPRO_HOURS_CHARGED(B:B),0))",
            "H1": "=COPRO_INSPECTION_FEE(A:A,B1:B2)",
        }
    )
    assert read("D1") == 715.04
    assert [value for (value,) in read("E1:E4")] == [715.04, 966.68, None, "#NUM!"]
    assert [value for (value,) in read("F1:F2")] == [1, 3]
    assert read("H1") == "#VALUE!"
    assert time.monotonic() - begin < SECONDS


def test_a_text_of_ten_million_characters(office: Path, tmp_path: Path) -> None:
    """Such a formula is refused: unguarded it might give a wrong amount. As a cell's text it is a wrong argument."""
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    write_workbook(source, {"A1": "=COPRO_HOURS_CHARGED(B1)", "A2": "=1+1"}, {})
    long_text = f"<t>{'7' * 10_000_000}</t>"
    with zipfile.ZipFile(source) as file:
        row = file.read("xl/worksheets/sheet1.xml").decode()
    first = row.index("</c>") + len("</c>")
    row = f'{row[:first]}<c r="B1" t="inlineStr"><is>{long_text}</is></c>{row[first:]}'
    strangers.with_parts(source, {"xl/worksheets/sheet1.xml": row}, {})
    recalculate(source, target, timeout=SECONDS)
    assert (cells_of(target)("A1"), cells_of(target)("A2")) == ("#VALUE!", 2)

    formula = f'COPRO_HOURS_CHARGED("{"7" * 10_000_000}")'
    write_workbook(source, {"A1": "=1"}, {})
    strangers.with_parts(source, {}, {"xl/worksheets/sheet1.xml": {"<f>1</f>": f"<f>{formula}</f>"}})
    begin = time.monotonic()
    with pytest.raises(RecalculationError, match="too long or too deeply nested"):
        recalculate(source, target, timeout=SECONDS)
    assert time.monotonic() - begin < SECONDS


@pytest.mark.parametrize(
    "formula",
    [
        "COPRO_X(INDEX(A1:A9," * 40 + "1" + "))" * 40,  # every guard repeats what it guards: 2 to the 40th
        "COPRO_X(" * 1000 + "A1" + ")" * 1000,
    ],
)
def test_a_formula_nested_too_deeply_is_refused_at_once(formula: str) -> None:
    begin = time.monotonic()
    with pytest.raises(formulas.TooLong):
        formulas.guarded(formula)
    assert time.monotonic() - begin < SECONDS


@pytest.mark.parametrize("sheet", ["<f " * 300_000, "<f>COPRO_X(" * 100_000, '<definedName name="' * 100_000])
def test_what_is_no_xml_takes_no_time(sheet: str, tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    write_workbook(source, {"A1": 1}, {})
    strangers.with_parts(source, {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": sheet}, {})
    begin = time.monotonic()
    package.with_guards(source, tmp_path / "copy.xlsx")
    package.without_guards(source, tmp_path / "copy.xlsx")
    assert time.monotonic() - begin < SECONDS


def test_a_small_file_that_unpacks_to_more_than_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST", 10 * 1024 * 1024)
    source = tmp_path / "source.xlsx"
    write_workbook(source, {"A1": 1}, {})
    strangers.with_parts(source, {"xl/media/much.bin": bytes(11 * 1024 * 1024)}, {})
    assert source.stat().st_size < 100_000
    with pytest.raises(RecalculationError, match="larger than 10 MB when unpacked"):
        package.with_guards(source, tmp_path / "copy.xlsx")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"])
def test_a_damaged_workbook_is_refused(part: str, tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    write_workbook(source, {"A1": 1}, {})
    strangers.with_parts(source, {part: b"\xff\xfe\x00"}, {})
    with pytest.raises(RecalculationError, match="cannot be read as an Excel workbook"):
        package.with_guards(source, tmp_path / "copy.xlsx")


def test_a_million_rows_end_within_the_time_limit(office: Path, tmp_path: Path) -> None:
    """Two columns of 1,048,576 rows, priced by one call: more than three seconds' work."""
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    write_workbook(source, {"A1": "=SUM(COPRO_INSPECTION_FEE(B:B,C:C))"}, {})
    with zipfile.ZipFile(source) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    row = '<row r="{0}"><c r="B{0}"><v>44991.4</v></c><c r="C{0}"><v>2</v></c></row>'
    rows = "".join(map(row.format, range(2, 2**20)))
    sheet = sheet.replace("</sheetData>", f"{rows}</sheetData>")
    strangers.with_parts(source, {"xl/worksheets/sheet1.xml": sheet}, {})
    begin = time.monotonic()
    with pytest.raises(RecalculationError, match="had not finished"):
        recalculate(source, target, environment={"COPRO_TEST": str(tmp_path)}, timeout=3)
    assert time.monotonic() - begin < SECONDS
    assert not target.exists()
    assert processes_with(f"COPRO_TEST={tmp_path}") == []


def test_nested_ranges_and_deep_chains(recalculated: Recalculated) -> None:
    def nested(times: int) -> str:
        return "COPRO_INDEXED(" * times + "B1:B3" + ",1,1)" * times

    read = recalculated({"A1": f"=SUM({nested(60)})", "C1:C3": f"{{={nested(4)}}}", "B1": 1, "B2": 2, "B3": "=1/0"})
    assert read("A1") == "#DIV/0!"
    assert [value for (value,) in read("C1:C3")] == [1, 2, "#VALUE!"]  # see formulas.py
