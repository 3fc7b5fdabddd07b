"""A workbook from a stranger changes no setting, and reading one ends soon, with a quote or with an error."""

from __future__ import annotations

import ast
import random
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from pyexpat import EXPAT_VERSION
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from core.errors import CoproError, FileError
from tests.workbooks.quotes import example_session, year
from workbooks.quote import read_quote, write_quote
from workbooks.quote.layout import LINES_NAME
from xl_addin import Session
from xl_addin.workbook_file import FORM, NotAWorkbook, opened

ROOT = Path(__file__).parents[2]
SHEET, STRINGS, BOOK = "the sheet of the lines", "xl/sharedStrings.xml", "xl/workbook.xml"
SOON = 60.0
"""Seconds within which a file is read or refused; a fraction of one when nothing else runs."""
Change = Callable[[bytes], bytes]


# --- settings come from the computer of the user only ---------------------------------------------------------------

READERS_OF_SETTINGS = {"xl_addin/session.py", "xl_addin/settings.py"}
READERS_OF_WORKBOOKS = {"xl_addin/workbook_file.py"}


def sources() -> Mapping[str, str]:
    files = [file for folder in ("core", "xl_addin", "workbooks") for file in (ROOT / folder).rglob("*.py")]
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


def test_only_the_session_reads_settings_and_it_opens_no_workbook() -> None:
    reading = {name for name, source in sources().items() if re.search(r"settings\.toml|read_settings", source)}
    assert reading <= READERS_OF_SETTINGS | {"xl_addin/cli/main.py"} | tellers_of_settings(reading)
    for name in READERS_OF_SETTINGS:
        assert "openpyxl" not in sources()[name]


def tellers_of_settings(names: set[str]) -> set[str]:
    """Modules that name the settings file in their help only: they read no file by that name."""
    return {name for name in names if "read_settings(" not in sources()[name]}


def test_workbooks_are_opened_in_few_places() -> None:
    """Or by readers that go through it row by row, which have it checked first."""
    opening = {name for name, source in sources().items() if "load_workbook(" in source}
    assert {name for name in opening if "checked(" not in sources()[name]} <= READERS_OF_WORKBOOKS


def test_the_add_in_asks_xlwings_for_no_book_and_no_configuration() -> None:
    """xlwings would look for settings in the active workbook, and for a book of the caller."""
    asked = {"Book", "books", "Range", "sheets", "apps", "load", "view", "RunPython", "get_config"}
    for name, source in sources().items():
        tree = ast.parse(source)
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _of_xlwings(node)}
        assert not used & asked, name


def _of_xlwings(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in {"xlwings", "xw"}


def test_a_quote_workbook_chooses_no_data_folder_language_or_site_for_the_session(
    quote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one that says so in its names, its properties and a sheet of xlwings' own name."""
    book = load_workbook(quote)
    settings = book.create_sheet("xlwings.conf")
    rows = [("Interpreter", "/tmp/evil"), ("PYTHONPATH", "/tmp"), ("COPRO_DATA", "/tmp"), ("COPRO_LANGUAGE", "fr")]
    for row in rows:
        settings.append(row)
    book.properties.keywords = "COPRO_DATA=/tmp"
    hostile = tmp_path / "hostile.xlsx"
    book.save(hostile)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").write_text('language = "fr"\n', "utf-8")
    before = Session.open()
    assert read_quote(hostile) == read_quote(quote)
    after = Session.open()
    assert (after.language, after.site, after.data_folder) == (before.language, before.site, before.data_folder)
    assert after.language == "nl"


# --- files made to do harm ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quote(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stranger")
    target = folder / "quote.xlsx"
    write_quote(year("en"), target, example_session(folder / "data"))
    return target


def changed(quote: Path, target: Path, changes: Mapping[str, Change], added: Mapping[str, bytes] | None = None) -> Path:
    """The quote with some of its parts changed and others added."""
    changes = {lines_part(quote) if part == SHEET else part: change for part, change in changes.items()}
    with zipfile.ZipFile(quote) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, changes.get(part, bytes)(old.read(part)))
        for part, content in (added or {}).items():
            new.writestr(part, content)
    return target


@cache
def lines_part(quote: Path) -> str:
    """The part with the sheet that people fill in."""
    book = load_workbook(quote)
    sheet = book.defined_names[LINES_NAME].attr_text.partition("!")[0].strip("'")
    return f"xl/worksheets/sheet{1 + book.sheetnames.index(sheet)}.xml"


def refused(path: Path, *keys: str) -> str:
    """The message of the refusal, which must come soon."""
    started = time.perf_counter()
    with pytest.raises(FileError) as caught:
        read_quote(path)
    assert time.perf_counter() - started < SOON
    assert not keys or caught.value.key in keys, caught.value.key
    message = caught.value.message("en")
    assert len(message) < 1_000
    return message


def read_or_refused(path: Path) -> None:
    """Either is well; anything but an error of ours is not."""
    with suppress(CoproError):
        read_quote(path)


def without_declaration(part: bytes) -> bytes:
    return re.sub(rb"^<\?xml[^>]*\?>\s*", b"", part)


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY l0 "lollollol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
QUADRATIC = b'<!DOCTYPE x [<!ENTITY l9 "' + b"a" * 100_000 + b'">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/hostname">]>'
PARAMETER = b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>'


def with_entity(definition: bytes, use: bytes) -> Change:
    def change(part: bytes) -> bytes:
        return definition + re.sub(
            rb"(<sst[^>]*>|<sheetData>|<sheets>)", lambda found: found[0] + use, without_declaration(part), count=1
        )

    return change


@pytest.mark.parametrize("part", [SHEET, STRINGS, BOOK])
@pytest.mark.parametrize("definition", [LAUGHS, QUADRATIC, EXTERNAL, PARAMETER])
def test_entities_are_refused(quote: Path, tmp_path: Path, part: str, definition: bytes) -> None:
    """Those that multiply, and those that point to files; in two bytes a letter too."""
    use = b"<si><t>" + b"&l9;" * 5_000 + b"</t></si>"
    refused(changed(quote, tmp_path / "x.xlsx", {part: with_entity(definition, use)}), "quote_not_ours")
    refused(changed(quote, tmp_path / "y.xlsx", {part: lambda xml: _wide(with_entity(definition, use)(xml))}))


def _wide(xml: bytes) -> bytes:
    return b"\xff\xfe" + without_declaration(xml).decode().encode("utf-16-le")


def test_the_parser_of_python_stops_what_multiplies_by_itself() -> None:
    """expat does since 2.4.1: a second guard, in every Python that we support."""
    version = tuple(int(number) for number in EXPAT_VERSION.removeprefix("expat_").split("."))
    assert version >= (2, 4, 1)
    with pytest.raises(ET.ParseError):
        ET.fromstring(LAUGHS + b"<x>&l9;</x>")
    with pytest.raises(ET.ParseError):
        ET.fromstring(EXTERNAL + b"<x>&l9;</x>")


@pytest.mark.parametrize("long", [b"<!--%s-->", b'<row x="%s"/>', b"<row><![CDATA[%s]]></row>"])
def test_a_tag_of_megabytes_is_refused(quote: Path, tmp_path: Path, long: bytes) -> None:
    """Before expat 2.6 it took a minute to read one."""
    row = long % (b"x" * 25_000_000) + b"</sheetData>"
    refused(
        changed(quote, tmp_path / "x.xlsx", {SHEET: lambda xml: xml.replace(b"</sheetData>", row)}), "quote_not_ours"
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked(quote: Path, tmp_path: Path) -> None:
    spaces = changed(quote, tmp_path / "a.xlsx", {SHEET: lambda xml: xml.replace(b"</row>", b" " * 70_000_000, 1)})
    unknown = changed(quote, tmp_path / "b.xlsx", {}, {"xl/media/image1.bin": b"\0" * 70_000_000})
    for bomb in (spaces, unknown):
        assert bomb.stat().st_size < 200_000
        assert "32" in refused(bomb, "workbook_too_large")


@pytest.mark.parametrize(
    ("part", "at", "element"),
    [
        (SHEET, b"</sheetData>", b"<c/>"),
        (SHEET, b"</sheetData>", b"<row/>"),
        (SHEET, b"<sheetPr>", b"\t"),
        (STRINGS, b"</sst>", b"<si/>"),
        ("xl/styles.xml", b"</cellXfs>", b"<xf/>"),
    ],
)
def test_millions_of_empty_elements_are_refused(
    quote: Path, tmp_path: Path, part: str, at: bytes, element: bytes
) -> None:
    many = changed(quote, tmp_path / "x.xlsx", {part: lambda xml: xml.replace(at, element * (FORM.pieces + 1) + at, 1)})
    refused(many, "workbook_too_large")


def test_a_zip_file_that_lies_about_its_sizes_is_refused(quote: Path, tmp_path: Path) -> None:
    bomb = changed(quote, tmp_path / "x.xlsx", {STRINGS: lambda xml: xml + b" " * 70_000_000})
    content = bytearray(bomb.read_bytes())
    with zipfile.ZipFile(bomb) as parts:
        size = parts.getinfo(STRINGS).file_size.to_bytes(4, "little")
    lie = bytes(content).replace(size, (5_000).to_bytes(4, "little"))
    assert lie != bytes(content)
    bomb.write_bytes(lie)
    refused(bomb, "quote_not_ours")


def test_a_cell_at_the_far_end_of_the_sheet_costs_no_time(quote: Path, tmp_path: Path) -> None:
    end = b'<row r="%d"><c r="%s"><v>1</v></c></row></sheetData>'
    below = changed(
        quote, tmp_path / "a.xlsx", {SHEET: lambda xml: xml.replace(b"</sheetData>", end % (1_048_576, b"A1048576"))}
    )
    assert "1048576" in refused(below, "quote_sheet_too_long")
    right = changed(
        quote, tmp_path / "b.xlsx", {SHEET: lambda xml: xml.replace(b"</sheetData>", end % (2_000, b"XFD2000"))}
    )
    started = time.perf_counter()
    assert read_quote(right) == read_quote(quote)
    assert time.perf_counter() - started < SOON


@pytest.mark.parametrize("place", ["$A$1:$XFD$1048576", "$A:$A", "$A$1:$B$2", "$A$9999999", "#REF!", "$A$1,$B$2", ""])
def test_a_name_that_points_to_anything_but_a_cell_is_refused(quote: Path, tmp_path: Path, place: str) -> None:
    def change(xml: bytes) -> bytes:
        return re.sub(rb"(<definedName [^>]*>[^<!]*!)[^<]*", lambda found: found[1] + place.encode(), xml)

    refused(changed(quote, tmp_path / "x.xlsx", {BOOK: change}))


def test_ten_megabytes_of_text_in_a_cell_are_told_in_short(quote: Path, tmp_path: Path) -> None:
    def lengthened(xml: bytes) -> bytes:
        return re.sub(rb"(<t[^>]*>)", rb"\1" + b"x" * 10_000_000, xml, count=1)

    long = changed(quote, tmp_path / "x.xlsx", {STRINGS: lengthened})
    started = time.perf_counter()
    read_or_refused(long)  # the first text may be one that nobody fills in
    assert time.perf_counter() - started < SOON
    book = load_workbook(quote)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s":
                    cell.value = "y" * 32_767
    book.save(tmp_path / "y.xlsx")
    refused(tmp_path / "y.xlsx")


@pytest.mark.parametrize("end", ["a = " + "[" * 5_000, "a = " + "9" * 10_000, 'a = "' + "x" * 10_000_000 + '"', "["])
def test_a_long_input_file_with_a_mistake_is_refused_soon(tmp_path: Path, end: str) -> None:
    """Also when the mistake stands at its end, and is one of those whose line has to be looked for."""
    file = tmp_path / "quote.toml"
    file.write_text("".join(f"key_{number} = {number}\n" for number in range(20_000)) + end, "utf-8")
    refused(file, "file_refused")


# --- what strangers put in workbooks --------------------------------------------------------------------------------


def test_links_macros_and_other_parts_are_left_alone(quote: Path, tmp_path: Path) -> None:
    parts = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 not a project",
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "customXml/item1.xml": b"<x/>",
        "../../outside.txt": b"x",
    }
    macros = changed(quote, tmp_path / "quote.xlsm", {}, parts)
    assert read_quote(macros) == read_quote(quote)
    assert not (tmp_path.parent.parent / "outside.txt").exists()


def test_a_formula_counts_as_the_value_it_was_saved_with(quote: Path, tmp_path: Path) -> None:
    """A formula that was never computed is a blank; nothing here computes it, and none is followed."""
    book = load_workbook(quote)
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    name = next(cell for cell in cells if cell.value == year("en").customer.name and not cell.protection.locked)
    name.value = '=HYPERLINK("file:///etc/passwd","x")&WEBSERVICE("http://127.0.0.1:9/")&cmd|"/C calc"!A0'
    book.save(tmp_path / "x.xlsx")
    refused(tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x05\x06" + b"\0" * 18,
        b"\xd0\xcf\x11\xe0" * 200,
        b"a;b;c\n1;2;3\n",
        b"<html></html>",
        b"\0" * 5_000,
    ],
)
@pytest.mark.parametrize("name", ["x.xlsx", "x.xls", "x", "x.csv"])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert "quote" in refused(tmp_path / name, "quote_not_ours")


def test_a_folder_and_a_missing_file_are_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    refused(tmp_path / "missing.xlsx", "input_unreadable")
    refused(tmp_path, "input_unreadable")


def test_a_part_cut_off_emptied_or_damaged_is_an_error_or_changes_nothing(quote: Path, tmp_path: Path) -> None:
    """250 random damages; whatever openpyxl trips over, a refusal comes out."""
    chance = random.Random(3)
    with zipfile.ZipFile(quote) as parts:
        names = parts.namelist()
    for number in range(250):
        part = chance.choice(names)
        target = changed(quote, tmp_path / f"{number}.xlsx", {part: _damage(chance)})
        read_or_refused(target)
        target.unlink()


def _damage(chance: random.Random) -> Change:
    def change(part: bytes) -> bytes:
        at = chance.randrange(len(part))
        tags = re.findall(rb"<[^>]*>", part)
        return chance.choice(
            (
                part[:at],
                part[:at] + bytes([chance.randrange(256)]) + part[at + 1 :],
                part.replace(chance.choice(tags), b"", 1),
                re.sub(rb'"\d+"', b'"99999999999"', part, count=chance.randrange(1, 4)),
                re.sub(rb'="[^"]*"', b'="x"', part, count=chance.randrange(1, 9)),
                b"<x/>",
                b"",
            )
        )

    return change


def test_a_refused_file_is_closed_again(tmp_path: Path) -> None:
    """On Windows nobody could delete it otherwise; an unclosed file is a warning, and warnings are errors here."""
    damaged = tmp_path / "x.xlsx"
    damaged.write_bytes(b"PK\x03\x04 not a zip file")
    for _ in range(50):
        with pytest.raises(NotAWorkbook):
            opened(damaged, values=True)
    damaged.unlink()
