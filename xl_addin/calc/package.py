"""A workbook file (.xlsx) copied with guards around our functions' arguments, or without them.

Only the text of formulas is touched, in place; everything else is copied byte for byte.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, unescape

from xl_addin.calc import formulas
from xl_addin.calc.errors import RecalculationError
from xl_addin.catalogue import FUNCTIONS

_SHEETS: Final = re.compile(r"xl/(worksheets/[^/]+\.xml|workbook\.xml)")
_FORMULA: Final = re.compile(r"(<(f|formula|formula1|formula2|definedName)\b[^>]*(?<!/)>)([^<]+)(</\2>)")
_NAME: Final = re.compile(r'<definedName\b[^>]*\bname="([^"]*)"[^>]*>([^<]+)</definedName>')
_QUOTES: Final = {"&quot;": '"', "&apos;": "'", "&#39;": "'", "&#34;": '"'}

Change = Callable[[str, bool], str]


def with_guards(source: Path, target: Path) -> bool:
    """Copies ``source`` with guards; tells whether it calls our functions at all. Raises `RecalculationError`."""
    areas = _named_areas(source)
    tables = [name for name, function in FUNCTIONS.items() if function.table]
    found = False

    def change(formula: str, array: bool) -> str:
        nonlocal found
        if not formulas.calls_us(formula):
            return formula
        found = True
        return formulas.guarded(formula, array=array, areas=areas, tables=tables)

    _copy(source, target, change)
    return found


def without_guards(source: Path, target: Path) -> None:
    """Copies ``source``, the formulas as they were before `with_guards`."""
    _copy(source, target, lambda formula, array: formulas.unguarded(formula))


def _copy(source: Path, target: Path, change: Change) -> None:
    with _opened(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if _SHEETS.fullmatch(entry.filename):
                content = _changed(content.decode("utf-8"), change).encode("utf-8")
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _changed(sheet: str, change: Change) -> str:
    def one(found: re.Match[str]) -> str:
        opening, tag, formula, closing = found.groups()
        plain = unescape(formula, _QUOTES)
        new = change(plain, tag == "f" and 't="array"' in opening)
        return found.group() if new == plain else opening + escape(new) + closing

    return _FORMULA.sub(one, sheet)


def _named_areas(source: Path) -> Mapping[str, bool]:
    with _opened(source) as file:
        try:
            workbook = file.read("xl/workbook.xml").decode("utf-8")
        except KeyError:
            raise RecalculationError("not_a_workbook", file=source) from None
    return formulas.named_areas((unescape(name), unescape(text, _QUOTES)) for name, text in _NAME.findall(workbook))


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile):
        raise RecalculationError("not_a_workbook", file=source) from None
