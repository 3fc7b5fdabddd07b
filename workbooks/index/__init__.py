"""The index workbook: the yearly update of the figures, filled in by one person and checked by another."""

from __future__ import annotations

from pathlib import Path

from core.ledger import read_ledger
from core.saving import saved
from core.texts import text
from workbooks.index.layout import TABLES
from xl_addin.session import Session

__all__ = ["write_index"]


def write_index(target: Path, session: Session, *, force: bool = False) -> None:
    """Writes an index workbook to fill in, in the language of the session.

    Raises:
        FileError: the workbook cannot be written, or is there already.
    """
    from workbooks.index import data, front, history, tables
    from workbooks.index.making import Making
    from workbooks.index.model import rows_of
    from workbooks.style import Book

    rulebook, language, today = session.rulebook, session.language, session.today()
    ledger = read_ledger(session.data_folder) if session.data_folder else None
    recordings = [entry.file.name for entry in ledger.heads()] if ledger else []
    rows = {table.name: rows_of(table, rulebook, today, language) for table in TABLES}
    lists = data.lists_of(rows, language)
    with saved(target, force=force) as file:
        title = text("index", "title", language)
        book = Book(file, language, title=title, fingerprint=rulebook.fingerprint, created=today)
        making = Making(book, session, rows, data.ranges_of(lists, language))
        front.write(making)
        for table in TABLES:
            tables.write(making, table)
        history.write(making)
        data.write(book, lists, rulebook.fingerprint, recordings, today)
        book.close()
