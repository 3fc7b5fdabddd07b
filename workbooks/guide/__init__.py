"""The guide: a workbook in which every function stands with its explanation and examples that really compute.

Made from the catalogue and its reference: a function added to the catalogue has its sheet at the next writing.
"""

from __future__ import annotations

from pathlib import Path

from core.saving import check_target, saved
from core.texts import text
from workbooks.guide.codes_sheet import write_codes
from workbooks.guide.contents_sheet import write_contents
from workbooks.guide.function_sheet import FunctionSheet
from workbooks.guide.parts import CONTENTS, Guide
from workbooks.style import Book
from xl_addin.catalogue import FUNCTIONS
from xl_addin.session import Session

__all__ = ["write_guide"]


def write_guide(target: Path, session: Session, *, force: bool = False) -> None:
    """Writes the guide in the language of the session: contents, codes, and a sheet a function.

    Args:
        target: the workbook to make (.xlsx).
        session: the installation at work; the examples show what it computes.
        force: whether a file already there is replaced.

    Raises:
        FileError: the file is there already or cannot be written.
    """
    check_target(target, force=force)
    with saved(target, force=force) as file:
        _write(file, session)


def _write(file: Path, session: Session) -> None:
    language = session.language
    fingerprint = session.rulebook.fingerprint
    title = text("guide", "title", language)
    book = Book(file, language, title=title, fingerprint=fingerprint, created=session.today())
    guide = Guide(book, session)
    contents = guide.sheet(CONTENTS)
    write_codes(guide, FUNCTIONS.values())
    marks = {function.name: FunctionSheet(guide, function).write() for function in FUNCTIONS.values()}
    write_contents(guide, contents, marks)
    book.close()
