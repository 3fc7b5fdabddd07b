"""VBA projects are read back by oletools and compared with those that xlwings ships."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from itertools import islice
from zipfile import ZipFile

import olefile
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xl_addin.excel.vba_compression import compress
from xl_addin.excel.vba_project import Kind, Module, write

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls pyparsing by old names
    from oletools.olevba import VBA_Parser, decompress_stream

#: What Windows-1252 holds and a line of source may.
CHARACTERS = "\t" + "".join(
    character
    for character in (bytes([byte]).decode("cp1252", "ignore") for byte in range(256))
    if character and character.isprintable()
)
LINES = st.text(CHARACTERS, max_size=80).filter(lambda line: not line.startswith("Attribute"))
SOURCES = st.lists(LINES, max_size=40).map("\n".join)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,30}", fullmatch=True).filter(lambda n: n.lower() not in ("dir", "copro"))
MODULES = st.lists(
    st.builds(Module, NAMES, SOURCES, st.sampled_from(Kind)), max_size=6, unique_by=lambda module: module.name.lower()
)

WORKBOOK = Module("ThisWorkbook", "Option Explicit\n", Kind.DOCUMENT)
SHEET = Module("Sheet1", "", Kind.DOCUMENT)


def decompress(container: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(container)))


def sources(project: bytes) -> dict[str, str]:
    """Each module's name and source, attributes and all, as oletools reads them."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    try:
        return {file.rpartition(".")[0]: source for _, _, file, source in parser.extract_macros()}
    finally:
        parser.close()


def streams(project: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(BytesIO(project), raise_defects=olefile.DEFECT_POTENTIAL) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


def shipped(name: str) -> bytes:
    """The VBA project of a workbook that xlwings ships."""
    with ZipFile(BytesIO(files("xlwings").joinpath(name).read_bytes())) as workbook:
        return workbook.read("xl/vbaProject.bin")


SHIPPED = ("addin/xlwings.xlam", "quickstart.xlsm", "quickstart_addin_ribbon.xlam")


def text_of(module: Module) -> str:
    """What oletools should give: without the attributes."""
    return module.source.replace("\n", "\r\n")


@given(MODULES)
@example([])
@example([WORKBOOK, SHEET])
def test_oletools_reads_the_same_source(modules):
    found = sources(write(modules))
    assert list(found) == [module.name for module in modules]
    for module in modules:
        lines = found[module.name].split("\r\n")
        attributes = [line for line in lines if line.startswith("Attribute VB_")]
        assert attributes[0] == f'Attribute VB_Name = "{module.name}"'
        assert len(attributes) == (1 if module.kind is Kind.STANDARD else 8)
        assert "\r\n".join(lines[len(attributes) :]) == text_of(module)


def test_kinds_are_told_from_each_other():
    modules = [WORKBOOK, Module("Wrappers", "", Kind.STANDARD), Module("Server", "", Kind.CLASS)]
    parser = VBA_Parser("vbaProject.bin", data=write(modules))
    assert [file for _, _, file, _ in parser.extract_macros()] == ["ThisWorkbook.cls", "Wrappers.bas", "Server.cls"]
    parser.close()


def test_large_and_many_modules():
    function = "Public Function F{0}(ByVal x As Variant) As Variant\n    F{0} = x * {0}\nEnd Function\n"
    large = "".join(function.format(number) for number in range(20_000))
    modules = [Module("Large", large, Kind.STANDARD)]
    modules += [Module(f"Module{number}", function.format(number) * number, Kind.STANDARD) for number in range(300)]
    began = time.perf_counter()
    project = write(modules)
    assert time.perf_counter() - began < 30
    assert len(large) > 1_500_000
    assert sources(project) == {m.name: f'Attribute VB_Name = "{m.name}"\r\n{text_of(m)}' for m in modules}


def test_the_same_modules_give_the_same_bytes():
    """In another process too: nothing depends on the day or on the order of a set."""
    script = (
        "from xl_addin.excel.vba_project import *; import sys;"
        "sys.stdout.buffer.write(write([Module('ThisWorkbook', 'Option Explicit\\n', Kind.DOCUMENT)]))"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    assert other.stdout == write([WORKBOOK])


def test_line_ends_become_those_of_vba():
    found = sources(write([Module("M", "a\nb\r\nc\rd", Kind.STANDARD)]))
    assert found["M"].endswith("\r\na\r\nb\r\nc\r\nd")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x\n' ≥ 5", "module M, line 2, column 3: '≥' is not in Windows-1252; write ChrW(8805)"),
        ("\x81", "module M, line 1, column 1: '\\x81' is not in Windows-1252"),
        ("a\nb\x0cc", "module M, line 2, column 2: control character '\\x0c'"),
        ("x = 0\0", "column 6: control character '\\x00'"),
        ("x" * 1024, "module M, line 1: 1024 characters; VBA reads at most 1023"),
        ('Attribute VB_Name = "M"\nx', "module M, line 1: the attributes of a module are written for it"),
    ],
)
def test_source_that_vba_cannot_hold_is_refused(source, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        write([Module("M", source, Kind.STANDARD)])


def test_source_that_vba_just_holds():
    source = "x" * 1023 + '\nAttribute F.VB_Description = "é€"\n\ty'
    assert sources(write([Module("M", source, Kind.STANDARD)]))["M"].endswith(text_of(Module("M", source, Kind.CLASS)))


@pytest.mark.parametrize("name", ["", "1a", "_a", "a b", "é", "a" * 32, "a.b", "a\n"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="is no name"):
        write([Module(name, "", Kind.STANDARD)])
    with pytest.raises(ValueError, match="is no name"):
        write([], name)


@pytest.mark.parametrize("names", [("Main", "MAIN"), ("Copro",), ("Dir",)])
def test_a_name_that_is_taken_is_refused(names):
    with pytest.raises(ValueError, match="is the name of something else"):
        write([Module(name, "", Kind.STANDARD) for name in names])


@pytest.mark.parametrize("name", SHIPPED)
def test_streams_are_those_of_a_real_project(name):
    ours, real = streams(write([WORKBOOK, SHEET])), streams(shipped(name))
    modules = {path for path in real if path not in ours}
    assert {path.partition("/")[0] for path in modules} <= {"VBA"}
    assert set(ours) - set(real) <= {"VBA/Sheet1"}


def test_nothing_is_compiled_as_in_the_add_in_of_xlwings():
    assert streams(write([]))["VBA/_VBA_PROJECT"] == streams(shipped("addin/xlwings.xlam"))["VBA/_VBA_PROJECT"]


def records(project: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the dir stream: number, content. PROJECTVERSION is longer than it says."""
    data = decompress(streams(project)["VBA/dir"])
    at = 0
    while at < len(data):
        number, size = struct.unpack_from("<HI", data, at)
        size = 6 if number == 0x09 else size
        yield number, data[at + 6 : at + 6 + size]
        at += 6 + size
    assert at == len(data)


def parts(project: bytes) -> tuple[list[int], list[int], list[list[int]]]:
    """The numbers of the records: properties, references, and of each module."""
    numbers = iter([number for number, _ in records(project)])
    properties, references, modules = [], [], []
    for number in numbers:
        if number == 0x0F:
            break
        (references if number == 0x16 or references else properties).append(number)
    assert next(numbers) == 0x13
    for number in numbers:
        if number == 0x10:
            break
        modules.append([number, *islice(numbers, 10)])
    assert list(numbers) == []
    return properties, references, modules


def test_records_come_in_the_order_of_a_real_project():
    ours, real = parts(write([WORKBOOK, SHEET, Module("M", "", Kind.STANDARD)])), parts(shipped("addin/xlwings.xlam"))
    assert ours[:2] == real[:2]
    assert {tuple(module) for module in ours[2]} == {tuple(module) for module in real[2]}


def test_references_are_those_of_a_real_project():
    references = (0x16, 0x3E, 0x0D)
    ours, real = write([]), shipped("addin/xlwings.xlam")
    assert [r for r in records(ours) if r[0] in references] == [r for r in records(real) if r[0] in references]


def test_properties_are_those_of_a_real_project():
    """All but the name and the version, which counts changes."""
    alike = (0x01, 0x02, 0x14, 0x03, 0x05, 0x40, 0x06, 0x3D, 0x07, 0x08, 0x0C, 0x3C)
    ours, real = write([]), shipped("addin/xlwings.xlam")
    assert [r for r in records(ours) if r[0] in alike] == [r for r in records(real) if r[0] in alike]


def attributes(project: bytes, module: str) -> list[str]:
    """The lines at the head of a real module, after the compiled code that may come before."""
    stream = streams(project)[f"VBA/{module}"]
    start = stream.rindex(b"\x00Attribut") - 3
    return re.findall(r"^Attribute VB_.*$", decompress(stream[start:]).decode("cp1252"), re.MULTILINE)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (Module("ThisWorkbook", "", Kind.DOCUMENT), "quickstart.xlsm"),
        (Module("Sheet1", "", Kind.DOCUMENT), "quickstart.xlsm"),
        (Module("Module1", "", Kind.STANDARD), "quickstart.xlsm"),
        (Module("WebResponse", "", Kind.CLASS), "addin/xlwings.xlam"),
    ],
)
def test_attributes_are_those_of_a_real_module(module, name):
    """WebResponse is shared with other projects and described; ours are neither."""
    real = [line for line in attributes(shipped(name), module.name) if "Description" not in line]
    if module.kind is Kind.CLASS:
        real = [line.replace("VB_Exposed = True\r", "VB_Exposed = False\r") for line in real]
    assert attributes(write([module]), module.name) == real


def settings_of(project: bytes) -> dict[str, str]:
    lines = streams(project)["PROJECT"].decode("cp1252").split("\r\n")
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


@pytest.mark.parametrize("name", SHIPPED)
def test_project_stream_is_that_of_a_real_project(name):
    def shape(project: bytes) -> list[str]:
        text = streams(project)["PROJECT"].decode("cp1252")
        modules = r"^(Document|Module|Class)=.*\r\n|^\w+=-?\d+, .*\r\n"
        return re.sub(r'=".*"', "", re.sub(modules, "", text, flags=re.MULTILINE)).rstrip().split("\r\n")

    assert shape(write([WORKBOOK, SHEET])) == shape(shipped(name))


def test_project_stream_names_the_modules():
    project = write([WORKBOOK, SHEET, Module("M", "", Kind.STANDARD), Module("C", "", Kind.CLASS)])
    lines = streams(project)["PROJECT"].decode("cp1252").split("\r\n")
    assert lines[1:5] == ["Document=ThisWorkbook/&H00000000", "Document=Sheet1/&H00000000", "Module=M", "Class=C"]
    assert lines[-5:] == [f"{name}=0, 0, 0, 0, C" for name in ("ThisWorkbook", "Sheet1", "M", "C")] + [""]
    assert streams(project)["PROJECTwm"] == b"".join(
        name.encode() + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in ("ThisWorkbook", "Sheet1", "M", "C")
    ) + bytes(2)


def decrypted(settings: dict[str, str], key: str) -> bytes:
    """Undoes MS-OVBA 2.4.3.3, checking the version, the project's key and the length."""
    seed, version, project_key, *rest = bytes.fromhex(settings[key])
    assert version ^ seed == 2
    assert project_key ^ seed == sum(settings["ID"].encode()) & 0xFF
    plain, before, last, second = [], project_key ^ seed, project_key, version
    for byte in rest:
        before = byte ^ (second + before & 0xFF)
        plain.append(before)
        last, second = byte, last
    content = bytes(plain[(seed & 6) // 2 :])
    assert int.from_bytes(content[:4], "little") == len(content) - 4
    return content[4:]


@pytest.mark.parametrize("project", [write([WORKBOOK]), write([], "other"), shipped("quickstart.xlsm")])
def test_project_is_open_to_everybody(project):
    """Not protected, no password, visible: in ours as in a real one, so the reading of it is right."""
    found = settings_of(project)
    assert decrypted(found, "CMG") == bytes(4)
    assert decrypted(found, "DPB") == bytes(1)
    assert decrypted(found, "GC") == b"\xff"


# --- compression --------------------------------------------------------------------------------------------------


def representable(data: bytes) -> bool:
    """A last chunk that grows, and so would have to be stored as it is, has no exact form."""
    last = len(data) % 4096
    return last + -(-last // 8) <= 4096


FEW_LETTERS = st.text("ab\r\n (", max_size=12_000).map(str.encode)
REPEATED = st.builds(lambda data, times: data * times, st.binary(min_size=1, max_size=300), st.integers(1, 60))


@settings(max_examples=200)
@given((st.binary(max_size=9000) | FEW_LETTERS | REPEATED).filter(representable))
@example(b"")
@example(b"a" * 4095)
@example(b"a" * 4096)
@example(b"a" * 4097)
@example(bytes(range(256)) * 32)
def test_oletools_decompresses_what_was_compressed(data):
    assert decompress(compress(data)) == data


@pytest.mark.parametrize("name", SHIPPED)
def test_real_streams_compress_no_worse_than_excel_did(name):
    real = streams(shipped(name))["VBA/dir"]
    assert decompress(compress(decompress(real))) == decompress(real)
    assert len(compress(decompress(real))) <= len(real)


@pytest.mark.parametrize(
    ("data", "container"),
    [
        # MS-OVBA 3.2.1 and 3.2.3: nothing to copy, and one run of copies
        (b"abcdefghijklmnopqrstuv.", "0119B000616263646566676800696A6B6C6D6E6F70007172737475762E"),
        (b"a" * 73, "0103B002614500"),
    ],
)
def test_examples_of_the_specification(data, container):
    assert compress(data).hex().upper() == container


def test_what_cannot_become_smaller_is_stored_as_it_is():
    noise = b"".join(struct.pack(">H", number * 40_503 % 65_536) for number in range(2048))
    assert compress(noise) == b"\x01\xff\x3f" + noise
    assert decompress(compress(noise + b"end")) == noise + b"end"
    with pytest.raises(ValueError, match="last 4000 bytes"):
        compress(noise[:4000])


def test_every_character_of_the_code_page():
    lines = [CHARACTERS[shift:] + CHARACTERS[:shift] for shift in range(len(CHARACTERS))]
    module = Module("M", "\n".join(lines), Kind.STANDARD)
    assert sources(write([module]))["M"].endswith(text_of(module))
