"""A workbook file (.xlsx) copied with guards around our functions' arguments, or without them.

Only the text of formulas is touched, in place; everything else is copied byte for byte.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, unescape

from xl_addin.calc import formulas
from xl_addin.calc.errors import RecalculationError
from xl_addin.catalogue import FUNCTIONS

_SHEETS: Final = re.compile(r"xl/(worksheets/[^/]+\.xml|workbook\.xml)")
_FORMULA: Final = re.compile(r"(<(f|formula|formula1|formula2|definedName)\b[^<>]*(?<!/)>)([^<]+)(</\2>)")
_DEFINED: Final = re.compile(r"<definedName\b([^<>]*)>([^<]+)</definedName>")
_NAME: Final = re.compile(r'\sname="([^"]*)"')
_QUOTES: Final = {"&quot;": '"', "&apos;": "'", "&#39;": "'", "&#34;": '"'}

#: Bytes that a workbook may hold when unpacked; a small file can hold far more than any memory does.
MOST: Final = 512 * 1024 * 1024
_DAMAGED: Final = (
    *(OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError),
    *(UnicodeDecodeError, KeyError, ET.ParseError),
)
#: What a workbook may refer to outside itself: addresses to click on, and workbooks, which are never fetched.
_KEPT: Final = ("/hyperlink", "/externalLinkPath")

Change = Callable[[str, bool], str]


def with_guards(source: Path, target: Path) -> bool:
    """Copies ``source`` with guards; tells whether it calls our functions at all. Raises `RecalculationError`."""
    with _refusing(source):
        areas = _named_areas(source)
    tables = [name for name, function in FUNCTIONS.items() if function.table]
    found = False

    def change(formula: str, array: bool) -> str:
        nonlocal found
        if not formulas.calls_us(formula):
            return formula
        found = True
        return formulas.guarded(formula, array=array, areas=areas, tables=tables)

    with _refusing(source):
        _copy(source, target, change)
    return found


def without_guards(source: Path, target: Path) -> None:
    """Copies ``source``, the formulas as they were before `with_guards`."""
    _copy(source, target, lambda formula, array: formulas.unguarded(formula))


@contextmanager
def _refusing(source: Path) -> Iterator[None]:
    """Refuses a file that is no workbook, is damaged, or asks for a password."""
    try:
        yield
    except formulas.TooLong as error:
        raise RecalculationError("formula_too_long", file=source, formula=error.args[0]) from None
    except _DAMAGED:
        raise RecalculationError("not_a_workbook", file=source) from None


def _copy(source: Path, target: Path, change: Change) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        if sum(entry.file_size for entry in old.infolist()) > MOST:
            raise RecalculationError("workbook_too_large", file=source, most=MOST // 1024 // 1024)
        for entry in old.infolist():
            content = old.read(entry)
            if _SHEETS.fullmatch(entry.filename):
                content = _changed(content.decode("utf-8"), change).encode("utf-8")
            elif entry.filename.endswith(".rels"):
                content = _without_what_is_fetched(content)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _changed(sheet: str, change: Change) -> str:
    def one(found: re.Match[str]) -> str:
        opening, tag, formula, closing = found.groups()
        plain = unescape(formula, _QUOTES)
        new = change(plain, tag == "f" and 't="array"' in opening)
        return found.group() if new == plain else opening + escape(new) + closing

    return _FORMULA.sub(one, sheet)


def _without_what_is_fetched(relationships: bytes) -> bytes:
    """The list of what a part refers to, without pictures and programs elsewhere; LibreOffice would fetch them."""
    listed = ET.fromstring(relationships)  # noqa: S314 - expat refuses entities that grow
    for entry in list(listed):
        if entry.get("TargetMode") == "External" and not entry.get("Type", "").endswith(_KEPT):
            listed.remove(entry)
    kept: bytes = ET.tostring(listed, encoding="utf-8", xml_declaration=True)
    return kept


def _named_areas(source: Path) -> Mapping[str, bool]:
    with zipfile.ZipFile(source) as file:
        workbook = file.getinfo("xl/workbook.xml")
        content = file.read(workbook).decode("utf-8") if workbook.file_size <= MOST else ""
    names = ((_NAME.search(attributes), text) for attributes, text in _DEFINED.findall(content))
    return formulas.named_areas(
        (unescape(name[1], _QUOTES), unescape(text, _QUOTES)) for name, text in names if name is not None
    )
