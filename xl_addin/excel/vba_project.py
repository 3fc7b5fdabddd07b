"""Writes a VBA project (``vbaProject.bin``) from source: MS-OVBA, in a compound file.

There is no compiled code in it: the version of ``_VBA_PROJECT`` (2.3.4.1) makes Excel compile the source, and nothing
in the file depends on Excel's version or on the day it was made. The records, their order and the references are those
of the add-in that xlwings ships.
"""

from __future__ import annotations

import enum
import re
import struct
import uuid
from collections.abc import Sequence
from typing import Final, NamedTuple

from xl_addin.excel import compound_file
from xl_addin.excel.vba_compression import compress

_ENCODING: Final = "cp1252"
_CODE_PAGE: Final = 1252
_ENGLISH: Final = 0x409  # en-US, the language VBA is written in
_WINDOWS_64: Final = 3  # Excel of either size reads it
_NO_COOKIE: Final = 0xFFFF
_LONGEST_LINE: Final = 1023  # characters; VBA reads no longer line

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_LINE_END: Final = re.compile(r"\r\n?|\n")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_VBA_PROJECT: Final = bytes.fromhex("CC61 FFFF 00 0100")

#: Name and library (2.1.1.8) of what the code may use besides VBA and Excel, which belong to every project.
_REFERENCES: Final = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
    r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}

_WORKBOOK: Final = "ThisWorkbook"
_WORKBOOK_CLASS: Final = "{00020819-0000-0000-C000-000000000046}"
_SHEET_CLASS: Final = "{00020820-0000-0000-C000-000000000046}"
_ANY_CLASS: Final = "{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"


class Kind(enum.Enum):
    """What a module is: the word for it in the project's list (2.3.1.3)."""

    STANDARD = "Module"
    DOCUMENT = "Document"
    CLASS = "Class"


class Module(NamedTuple):
    """A module: its name, its source without the attributes at its head, and what it is.

    A document module stands for the workbook when it is called ``ThisWorkbook``, else for a sheet; the package's
    ``codeName`` must say the same name.
    """

    name: str
    source: str
    kind: Kind


def write(modules: Sequence[Module], name: str = "copro") -> bytes:
    """The VBA project ``name`` with these modules, as ``vbaProject.bin``; the same modules give the same bytes.

    Raises ValueError, with module, line and column, for what VBA cannot hold: a character outside Windows-1252 (use
    ``ChrW``), a line of more than 1023 characters, a name that is none or comes twice.
    """
    _check_names(modules, name)
    sources = {module.name: compress(_encoded(module)) for module in modules}
    return compound_file.write(
        {
            "PROJECT": _project(modules, name),
            "PROJECTwm": _names(modules),
            "VBA": {"_VBA_PROJECT": _VBA_PROJECT, "dir": compress(_dir(modules, name)), **sources},
        }
    )


def _check_names(modules: Sequence[Module], project: str) -> None:
    """Refuses what is no VBA name, and names that are the same to VBA or to the compound file."""
    taken = {"dir"}  # a stream beside the modules
    for name in (project, *(module.name for module in modules)):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a VBA module: at most 31 letters, digits and _, a letter first")
        if name.lower() in taken:
            raise ValueError(f"{name!r} is the name of something else in the project")
        taken.add(name.lower())


def _encoded(module: Module) -> bytes:
    """The module's stream (2.3.4.3) uncompressed: attributes, then the source, lines ended as VBA ends them."""
    lines = _LINE_END.split(module.source)
    for number, line in enumerate(lines, 1):
        _check_line(line, f"module {module.name}, line {number}")
    return "\r\n".join([*_attributes(module), *lines]).encode(_ENCODING)


def _check_line(line: str, place: str) -> None:
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"{place}: {len(line)} characters; VBA reads at most {_LONGEST_LINE}")
    if line.startswith("Attribute VB_Name"):
        raise ValueError(f"{place}: the attributes of a module are written for it; leave them out")
    if control := _CONTROL.search(line):
        raise ValueError(f"{place}, column {control.start() + 1}: control character {control[0]!r}")
    try:
        line.encode(_ENCODING)
    except UnicodeEncodeError as error:
        column, character = error.start + 1, line[error.start]
        told = f"{character!r} is not in Windows-1252; write ChrW({ord(character)})"
        raise ValueError(f"{place}, column {column}: {told}") from None


def _attributes(module: Module) -> list[str]:
    """The lines at the head of a module that the editor does not show, as Excel writes them."""
    values: dict[str, str | bool] = {"Name": module.name}
    if module.kind is not Kind.STANDARD:
        document = module.kind is Kind.DOCUMENT
        values |= {
            "Base": f"0{_base(module)}",
            "GlobalNameSpace": False,
            "Creatable": False,
            "PredeclaredId": document,
            "Exposed": document,
            "TemplateDerived": False,
            "Customizable": document,
        }
    return [f"Attribute VB_{key} = {_literal(value)}" for key, value in values.items()]


def _literal(value: str | bool) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _base(module: Module) -> str:
    """The class a module that is not a standard one is built on."""
    if module.kind is Kind.CLASS:
        return _ANY_CLASS
    return _WORKBOOK_CLASS if module.name == _WORKBOOK else _SHEET_CLASS


def _project(modules: Sequence[Module], name: str) -> bytes:
    """The PROJECT stream (2.3.1): the modules and the protection, as text."""
    identity = f"{{{uuid.uuid5(uuid.NAMESPACE_OID, name)}}}".upper()
    key = sum(identity.encode(_ENCODING)) & 0xFF
    lines = [
        f'ID="{identity}"',
        *(_module_line(module) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_encrypted(bytes(4), key)}"',  # not protected (2.3.1.15)
        f'DPB="{_encrypted(bytes(1), key)}"',  # no password (2.3.1.16)
        f'GC="{_encrypted(bytes([0xFF]), key)}"',  # visible (2.3.1.17)
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
        "",
    ]
    return "\r\n".join(lines).encode(_ENCODING)


def _module_line(module: Module) -> str:
    """A module in the PROJECT stream (2.3.1.3)."""
    version = "/&H00000000" if module.kind is Kind.DOCUMENT else ""
    return f"{module.kind.value}={module.name}{version}"


def _encrypted(data: bytes, key: int) -> str:
    """``data`` as the protection's settings are encrypted (2.4.3.2), in hexadecimal.

    The seed is always the same, one that asks for no meaningless bytes; ``key`` is the sum of the project's identity.
    """
    seed, version = 0x58, 2
    encrypted = [seed, seed ^ version, seed ^ key]
    before = key
    for byte in len(data).to_bytes(4, "little") + data:
        encrypted.append(byte ^ (encrypted[-2] + before & 0xFF))
        before = byte
    return bytes(encrypted).hex().upper()


def _names(modules: Sequence[Module]) -> bytes:
    """The PROJECTwm stream (2.3.3): each name in the code page and in UTF-16."""
    pairs = (f"{m.name}\0".encode(_ENCODING) + f"{m.name}\0".encode("utf-16-le") for m in modules)
    return b"".join(pairs) + bytes(2)


def _dir(modules: Sequence[Module], name: str) -> bytes:
    """The dir stream (2.3.4.2) uncompressed: the project's properties, references and modules."""
    return b"".join(
        [
            _record(0x01, _number(_WINDOWS_64)),  # PROJECTSYSKIND
            _record(0x02, _number(_ENGLISH)),  # PROJECTLCID
            _record(0x14, _number(_ENGLISH)),  # PROJECTLCIDINVOKE
            _record(0x03, _short(_CODE_PAGE)),  # PROJECTCODEPAGE
            _record(0x04, name.encode(_ENCODING)),  # PROJECTNAME
            *(_record(number) for number in (0x05, 0x40)),  # PROJECTDOCSTRING
            *(_record(number) for number in (0x06, 0x3D)),  # PROJECTHELPFILEPATH
            _record(0x07, _number(0)),  # PROJECTHELPCONTEXT
            _record(0x08, _number(0)),  # PROJECTLIBFLAGS
            struct.pack("<HIIH", 0x09, 4, 1, 0),  # PROJECTVERSION 1.0; its size leaves the minor version out
            *(_record(number) for number in (0x0C, 0x3C)),  # PROJECTCONSTANTS
            *(_reference(*reference) for reference in _REFERENCES.items()),
            _record(0x0F, _short(len(modules))),  # PROJECTMODULES
            _record(0x13, _short(_NO_COOKIE)),  # PROJECTCOOKIE
            *(_module(module) for module in modules),
            _record(0x10),
        ]
    )


def _reference(name: str, library: str) -> bytes:
    """REFERENCENAME and REFERENCEREGISTERED (2.3.4.2.2.2, 2.3.4.2.2.5)."""
    told = library.encode(_ENCODING)
    return _named(0x16, 0x3E, name) + _record(0x0D, _number(len(told)) + told + bytes(6))


def _module(module: Module) -> bytes:
    """MODULE (2.3.4.2.3.2). Its source is at the beginning of its stream, there being no compiled code before it."""
    return b"".join(
        [
            _named(0x19, 0x47, module.name),  # MODULENAME, MODULENAMEUNICODE
            _named(0x1A, 0x32, module.name),  # MODULESTREAMNAME
            *(_record(number) for number in (0x1C, 0x48)),  # MODULEDOCSTRING
            _record(0x31, _number(0)),  # MODULEOFFSET
            _record(0x1E, _number(0)),  # MODULEHELPCONTEXT
            _record(0x2C, _short(_NO_COOKIE)),  # MODULECOOKIE
            _record(0x21 if module.kind is Kind.STANDARD else 0x22),  # MODULETYPE
            _record(0x2B),
        ]
    )


def _named(number: int, number_utf16: int, name: str) -> bytes:
    """A name in the code page and in UTF-16, each its own record."""
    return _record(number, name.encode(_ENCODING)) + _record(number_utf16, name.encode("utf-16-le"))


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _number(value: int) -> bytes:
    return struct.pack("<I", value)


def _short(value: int) -> bytes:
    return struct.pack("<H", value)
