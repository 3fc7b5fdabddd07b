"""Opening a workbook that anybody may have made: what is damaged or made to do harm is refused, and soon.

A workbook is a zip file of XML. A few kilobytes can unpack to gigabytes, or to millions of empty cells of which each
takes a thousand times its own size in memory; so both are counted before anything is read. Entities, which can
multiply or point to other files, are refused together with every other declaration: no spreadsheet writes any.
"""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from core.errors import FileError, system_reason

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


class Limits(NamedTuple):
    """How much a workbook may hold: megabytes unpacked; tags, words and character references of its XML."""

    megabytes: int
    pieces: int


FORM: Final = Limits(32, 1_500_000)
"""For a form that somebody filled in: a quote of 500 lines, the most it can have, takes 20 MB and 1,000,000 pieces."""
REGISTER: Final = Limits(512, 30_000_000)
"""For a workbook with a hundred thousand rows, which its owner may wait for."""
_MARKS: Final = (b"<", b" ", b"\t", b"\n", b"\r", b"&")
"""What begins a piece."""
_CHUNK: Final = 1 << 20
"""No text of a cell is as long, so there is a tag in every such stretch."""


class NotAWorkbook(Exception):
    """The file is no workbook, or a damaged one."""


def opened(path: Path, *, values: bool, limits: Limits = FORM) -> Workbook:
    """The workbook, with its values as they were saved, or with its formulas; links and macros are not read.

    Raises:
        FileError: the file cannot be read, or is too large.
        NotAWorkbook: it is something else, or damaged.
    """
    from openpyxl import load_workbook

    try:
        file = path.open("rb")
    except OSError as error:
        raise FileError("input_unreadable", file=str(path), reason=system_reason(error)) from error
    with file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of things that openpyxl leaves out, which nobody asked for
        try:
            too_large = _too_large(file, limits)
            book = None if too_large else load_workbook(file, data_only=values, keep_links=False)
        except Exception as error:  # a damaged file can fail anywhere in openpyxl
            raise NotAWorkbook from error
    if book is None:
        raise FileError("workbook_too_large", file=str(path), megabytes=limits.megabytes, pieces=limits.pieces)
    return book


def checked(path: Path, limits: Limits) -> None:
    """Refuses what is not to be read, for a reader that then goes through the workbook row by row.

    Raises:
        OSError: the file cannot be read.
        FileError: it is too large.
        NotAWorkbook: it is something else, or damaged.
    """
    with path.open("rb") as file:
        try:
            too_large = _too_large(file, limits)
        except Exception as error:  # a damaged file can fail in many ways
            raise NotAWorkbook from error
    if too_large:
        raise FileError("workbook_too_large", file=str(path), megabytes=limits.megabytes, pieces=limits.pieces)


def _too_large(file: IO[bytes], limits: Limits) -> bool:
    """Whether it unpacks to more than is read.

    Raises:
        ValueError, zipfile.BadZipFile: it is no plain workbook; a zip file that lies about its sizes is none.
    """
    with zipfile.ZipFile(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > limits.megabytes * 1_000_000:
            return True
        pieces = 0
        for part in parts.infolist():
            if part.filename.endswith((".xml", ".rels")) and not part.filename.startswith("customXml/"):
                with parts.open(part) as content:
                    pieces += _pieces(content)
    return pieces > limits.pieces


def _pieces(content: IO[bytes]) -> int:
    """How many pieces a part has; text in two bytes a letter, in which marks would hide, is refused."""
    count, last = 0, b""
    while chunk := content.read(_CHUNK):
        if b"\0" in chunk or b"<!" in last + chunk or (b"<" not in chunk and len(chunk) == _CHUNK):
            raise ValueError("not the XML of a spreadsheet")
        count += sum(chunk.count(mark) for mark in _MARKS)
        last = chunk[-1:]
    return count
