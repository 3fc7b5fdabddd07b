"""What each front tells of the functions, read from the very thing that the front is: the file made, the module loaded.

Nothing here asks the catalogue; `told_by_catalogue` does, for the comparison.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from core.topics import LANGUAGES
from tests.calc.rdb import Types
from tests.excel.test_addin import macros, part, sheet_rows
from tests.fronts import xlwings_udfs
from tests.officejs.lite import lite, metadata
from xl_addin.calc.extension import write_extension
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cli.main import main
from xl_addin.excel.addin import write_addin
from xl_addin.excel.intellisense import write_intellisense
from xl_addin.reference import markdown, pages

FURTHER = "arguments"
"""What a front calls the further arguments of a function that takes any number."""


@dataclass(frozen=True)
class Told:
    """What a front tells of a function; ``None`` where it has no way to tell.

    Attributes:
        arguments: their names, in order.
        optional: the names of those that can be left out.
        volatile: whether the cell can be computed again although nothing it depends on changed.
        help: language → its help.
        argument_help: language → the help of each argument.
    """

    arguments: list[str] | None = None
    optional: set[str] | None = None
    volatile: bool | None = None
    help: Mapping[str, str] | None = None
    argument_help: Mapping[str, list[str]] | None = None


Functions = dict[str, Told]


class Front(NamedTuple):
    """A front: its name, what is read, and the reader, which may write into a folder."""

    name: str
    read_from: str
    read: Callable[[Path], Functions]


def told_by_catalogue() -> Functions:
    """What all fronts must tell."""
    told = {}
    for name, function in FUNCTIONS.items():
        names = [argument.name for argument in function.arguments] + [FURTHER] * function.variadic
        told[name] = Told(
            names,
            {argument.name for argument in function.arguments if not argument.required},
            bool(function.clock),
            {language: function.help(language) for language in LANGUAGES},
            {language: [function.argument_help(name, language) for name in names] for language in LANGUAGES},
        )
    return told


def by_language(read: Callable[[str], Functions]) -> Functions:
    """One description of the four that a front gives, each in a language; the rest must be the same in all."""
    four = {language: read(language) for language in LANGUAGES}
    merged = {}
    for name, first in four[LANGUAGES[0]].items():
        same = [told[name] for told in four.values() if name in told]
        assert all((one.arguments, one.optional, one.volatile) == _facts(first) for one in same), name
        merged[name] = Told(*_facts(first), _merged(four, name, "help"), _merged(four, name, "argument_help"))
    return merged


def _facts(told: Told) -> tuple[list[str] | None, set[str] | None, bool | None]:
    return told.arguments, told.optional, told.volatile


def _merged(four: Mapping[str, Functions], name: str, attribute: str) -> Any:
    each = {language: getattr(told[name], attribute) for language, told in four.items() if name in told}
    if all(texts is None for texts in each.values()):
        return None
    return {language: texts[language] for language, texts in each.items()}


# --- the command ---------------------------------------------------------------------------------------------------


def command(_: Path) -> Functions:
    """``copro functions --json``."""

    def read(language: str) -> Functions:
        with redirect_stdout(StringIO()) as printed:
            assert main(["functions", "--json", "--language", language]) == 0
        return {found["name"]: _described(found, language) for found in json.loads(printed.getvalue())}

    return by_language(read)


def _described(found: Mapping[str, Any], language: str) -> Told:
    arguments = found["arguments"]
    return Told(
        [argument["name"] for argument in arguments] + [FURTHER] * found["variadic"],
        {argument["name"] for argument in arguments if not argument["required"]},
        help={language: found["help"]},
    )


# --- Excel for Windows -----------------------------------------------------------------------------------------------


_WRAPPER = re.compile(
    r"^Public Function (?P<name>COPRO_\w+)\((?P<parameters>[^\n]*)\) As Variant\n(?P<body>.*?)^End Function$",
    re.MULTILINE | re.DOTALL,
)


def excel_macros(folder: Path) -> Functions:
    """The source of the functions in the add-in's VBA project."""
    write_addin(folder / "copro.xlam", "nl")
    source = macros(folder / "copro.xlam")["CoproFunctions"]
    return {found["name"]: _wrapped(found) for found in _WRAPPER.finditer(source)}


def _wrapped(found: re.Match[str]) -> Told:
    parameters = [word for word in found["parameters"].split(", ") if word]
    names = [word.removeprefix("Optional ").removeprefix("ParamArray ").removesuffix("()") for word in parameters]
    handed_on = re.search(r"Array\((.*?)\)", found["body"])
    assert handed_on
    further = [FURTHER] if "Joined" in found["body"] else []
    assert [word for word in handed_on[1].split(", ") if word] + further == names, found["name"]
    optional = {word.removeprefix("Optional ") for word in parameters if word.startswith("Optional ")}
    return Told(names, optional, "Application.Volatile" in found["body"])


def excel_wizard(folder: Path) -> Functions:
    """The sheet from which the add-in registers the help of Excel's function wizard."""

    def read(language: str) -> Functions:
        write_addin(folder / "copro.xlam", language)
        rows = sheet_rows(folder / "copro.xlam", folder, "functions")
        return {name: Told(help={language: words}, argument_help={language: each}) for name, words, *each in rows}

    return by_language(read)


def intellisense_file(folder: Path) -> Functions:
    """``copro.IntelliSense.xml``, and the same text inside the add-in."""

    def read(language: str) -> Functions:
        write_intellisense(folder / "copro.IntelliSense.xml", language)
        write_addin(folder / "copro.xlam", language)
        content = (folder / "copro.IntelliSense.xml").read_bytes()
        assert part(folder / "copro.xlam", "customXml/item1.xml") == content
        elements = [element for element in ET.fromstring(content).iter() if element.tag.endswith("}Function")]
        return {element.attrib["Name"]: _in_xml(element, language) for element in elements}

    return by_language(read)


def _in_xml(element: ET.Element, language: str) -> Told:
    names = [argument.attrib["Name"] for argument in element]
    return Told(
        [name.strip("[]") for name in names],
        {name.strip("[]") for name in names if name.startswith("[")},
        help={language: element.attrib["Description"]},
        argument_help={language: [argument.attrib["Description"] for argument in element]},
    )


def xlwings_registration(_: Path) -> Functions:
    """What xlwings keeps of each decorated function (``__xlfunc__``)."""

    def read(language: str) -> Functions:
        with _help_in(language), xlwings_udfs.registered():
            front = importlib.import_module(xlwings_udfs.FRONT)
            found = [getattr(value, "__xlfunc__", None) for value in vars(front).values()]
            return {each["name"]: _in_xlwings(each, language) for each in found if each}

    return by_language(read)


def _in_xlwings(found: Mapping[str, Any], language: str) -> Told:
    return Told(
        [argument["name"] for argument in found["args"]],
        {argument["name"] for argument in found["args"] if "optional" in argument},
        help={language: found["ret"]["doc"]},
        argument_help={language: [argument["doc"] for argument in found["args"]]},
    )


# --- Office.js -------------------------------------------------------------------------------------------------------


def office_js(_: Path) -> Functions:
    """What a stand-in for xlwings Lite registers (`tests.officejs.lite`)."""

    def read(language: str) -> Functions:
        with _help_in(language), lite("xl_addin.officejs.functions") as (module,):
            return {name: _in_lite(entry, language) for name, entry in metadata(module).items()}

    return by_language(read)


def _in_lite(entry: Mapping[str, Any], language: str) -> Told:
    arguments = entry["arguments"]
    return Told(
        list(arguments),
        {name for name, argument in arguments.items() if "default" in argument},
        entry["volatile"],
        {language: entry["doc"]},
        {language: [argument["doc"] for argument in arguments.values()]},
    )


@contextmanager
def _help_in(language: str) -> Iterator[None]:
    """The language as the installation sets it."""
    before = os.environ.get("COPRO_LANGUAGE")
    os.environ["COPRO_LANGUAGE"] = language
    try:
        yield
    finally:
        os.environ.pop("COPRO_LANGUAGE")
        if before is not None:
            os.environ["COPRO_LANGUAGE"] = before


# --- LibreOffice -----------------------------------------------------------------------------------------------------


def libreoffice(folder: Path) -> Functions:
    """The types and the help texts in the extension."""
    write_extension(folder / "copro.oxt")
    with zipfile.ZipFile(folder / "copro.oxt") as package:
        (folder / "types.rdb").write_bytes(package.read("types.rdb"))
        texts = json.load(BytesIO(package.read("functions.json")))["functions"]
    methods = Types(folder / "types.rdb").interfaces["copro.calc.XFunctions"]
    return {name: _in_calc(texts[name], [parameter for parameter, _ in methods[name]]) for name in methods}


def _in_calc(found: Mapping[str, Any], parameters: list[str]) -> Told:
    """Numbered further arguments count as one; a parameter is the argument's name without its underscores."""
    arguments = found["arguments"]
    assert [name.lower() for name in parameters] == ["workbook", *(a["name"].replace("_", "") for a in arguments)]
    kept = [a for a in arguments if not re.fullmatch(r"argument_([2-9]|\d\d)", a["name"])]
    return Told(
        [FURTHER if argument["name"] == "argument_1" else argument["name"] for argument in kept],
        help=found["help"],
        argument_help={language: [argument["help"][language] for argument in kept] for language in LANGUAGES},
    )


# --- the manual ------------------------------------------------------------------------------------------------------


def manual(_: Path) -> Functions:
    """The page of each function, as in docs/functions."""

    def read(language: str) -> Functions:
        made = {name: re.sub(r"\\(.)", r"\1", markdown(page)) for name, page in pages(language).items() if name}
        return {name: _on_page(name, page, language) for name, page in made.items()}

    return by_language(read)


_ROW = re.compile(r"^\| `(?P<name>\w+|…)` \| (?P<help>[^|]+) \|", re.MULTILINE)


def _on_page(name: str, page: str, language: str) -> Told:
    typed = re.search(rf"{name}\((.*?)\)", page)
    assert typed
    names = [word for word in re.split(r"[;,] ", typed[1]) if word]
    _, described, arguments, *_ = re.split(r"\n## |```\n", page)
    rows = {found["name"]: found["help"] for found in _ROW.finditer(arguments)}
    texts = [rows[word.strip("[]")] for word in names if word.strip("[]") in rows]
    return Told(
        [FURTHER if word == "…" else word.strip("[]") for word in names],
        {word.strip("[]") for word in names if word.startswith("[")},
        help={language: described.strip().splitlines()[0]},
        argument_help={language: texts},
    )


FRONTS = (
    Front("command", "`copro functions --json`", command),
    Front("Excel macros", "the VBA project in `copro.xlam`", excel_macros),
    Front("Excel wizard", "the sheet in `copro.xlam` that `MacroOptions` is given", excel_wizard),
    Front("IntelliSense", "`copro.IntelliSense.xml`, and its copy in `copro.xlam`", intellisense_file),
    Front("xlwings", "what xlwings keeps of `xl_addin.excel.functions`", xlwings_registration),
    Front("Office.js", "what is registered of `xl_addin.officejs.functions`", office_js),
    Front("LibreOffice", "`types.rdb` and `functions.json` in `copro.oxt`", libreoffice),
    Front("manual", "the pages of docs/functions", manual),
)


def differences(told: Told | None, expected: Told) -> list[str]:
    """What a front tells otherwise than the catalogue; what it cannot tell does not count."""
    if told is None:
        return ["missing"]
    return [
        attribute
        for attribute in ("arguments", "optional", "volatile", "help", "argument_help")
        if getattr(told, attribute) not in (None, getattr(expected, attribute))
    ]
