"""The Excel add-in ``copro.xlam``: macros, ribbon and texts in one file, made on any system.

XlsxWriter writes a workbook with macros; an add-in is the same package under another content type, with the ribbon and
the help for IntelliSense as further parts. The same catalogue gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from core.saving import saved
from core.texts import text
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.excel import vba_project
from xl_addin.excel.intellisense import NAMESPACE as INTELLISENSE_NAMESPACE
from xl_addin.excel.intellisense import intellisense
from xl_addin.excel.ribbon import messages, ribbon
from xl_addin.excel.wrappers import argument_names, modules

_SHEETS = {"Sheet1": "functions", "Sheet2": "texts"}
"""The add-in's own sheets by code name: what its macros read."""

_LONG_AGO = datetime(2023, 1, 1)
_FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_PROPERTIES = "customXml/itemProps1.xml"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
_INTELLISENSE_PARTS = {
    _PROPERTIES: f'{_DECLARATION}<ds:datastoreItem ds:itemID="{{1B3C2F14-6C1D-5B0A-9C0E-5A6F3D2E7C41}}"'
    f' xmlns:ds="{_CUSTOM_XML}"><ds:schemaRefs><ds:schemaRef ds:uri="{INTELLISENSE_NAMESPACE}"/></ds:schemaRefs>'
    "</ds:datastoreItem>",
    "customXml/_rels/item1.xml.rels": f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/customXmlProps" Target="itemProps1.xml"/></Relationships>',
}
"""What Excel wants to stand beside a part with somebody else's XML."""


def write_addin(target: Path, language: str) -> None:
    """Writes the add-in with its help and ribbon in ``language``, replacing an older one; raises `FileError`."""
    workbook = _workbook(language)
    with saved(target, force=True, suffix=".xlam") as file:
        _write_package(workbook, file, language)


def _workbook(language: str) -> bytes:
    """A workbook with the macros and the sheets they read, as a package."""
    written = io.BytesIO()
    workbook = Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {
            "title": text("ribbon", "title", language),
            "comments": text("ribbon", "description", language),
            "author": "COPRO",
            "created": _LONG_AGO,
        }
    )
    workbook.add_vba_project(io.BytesIO(vba_project.write(modules(_SHEETS))), is_stream=True)
    workbook.set_vba_name("ThisWorkbook")
    tables = (_function_rows(language), messages(language).items())
    for (code_name, name), rows in zip(_SHEETS.items(), tables, strict=True):
        _add_sheet(workbook, name, code_name, rows)
    workbook.close()
    return written.getvalue()


def _add_sheet(workbook: Workbook, name: str, code_name: str, rows: Iterable[Sequence[str]]) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.set_vba_name(code_name)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)


def _function_rows(language: str) -> list[list[str]]:
    """A row a function: name, help, help of each argument."""
    return [
        [function.name, function.help(language), *_argument_helps(function, language)]
        for function in FUNCTIONS.values()
    ]


def _argument_helps(function: Function, language: str) -> list[str]:
    return [function.argument_help(name, language) for name in argument_names(function)]


def _write_package(workbook: bytes, target: Path, language: str) -> None:
    """The workbook's parts, those with the package's own lists changed, and the further ones."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            _add_part(new, name, _changed(name, old.read(name)))
        _add_part(new, "customUI/customUI14.xml", ribbon(language))
        _add_part(new, "customXml/item1.xml", intellisense(language))
        for name, part in _INTELLISENSE_PARTS.items():
            _add_part(new, name, part.encode())


def _changed(name: str, part: bytes) -> bytes:
    """A part of the workbook as an add-in has it."""
    if name == "[Content_Types].xml":
        properties = f'<Override PartName="/{_PROPERTIES}" ContentType="{_PROPERTIES_TYPE}"/></Types>'
        return part.replace(_WORKBOOK_TYPE.encode(), _ADDIN_TYPE.encode()).replace(b"</Types>", properties.encode())
    if name == "_rels/.rels":
        return _with_relation(part, _RIBBON_RELATION, "customUI/customUI14.xml")
    if name == "xl/_rels/workbook.xml.rels":
        return _with_relation(part, f"{_RELATIONS}/customXml", "../customXml/item1.xml")
    return part


def _with_relation(relations: bytes, kind: str, target: str) -> bytes:
    added = f'<Relationship Id="copro" Type="{kind}" Target="{target}"/></Relationships>'
    return relations.replace(b"</Relationships>", added.encode())


def _add_part(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    package.writestr(zipfile.ZipInfo(name, _FIRST_ZIP_DATE), content, zipfile.ZIP_DEFLATED)
