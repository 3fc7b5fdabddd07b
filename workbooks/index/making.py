"""An index workbook in the making, as its sheets see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.rulebook import Rulebook
from core.texts import text
from workbooks.index.layout import SPARE_ROWS, Table
from workbooks.index.model import Row
from workbooks.style import Book, Sheet
from xl_addin.session import Session

WITHDRAWN: Final = "withdrawn"
STATUSES: Final = ("official", "provisional", WITHDRAWN)
"""What can be chosen, by their keys in ``update.toml``."""


@dataclass(frozen=True)
class Making:
    """What every sheet needs.

    Attributes:
        rows: of each table, by its name, empty ones not included.
        lists: ranges of the data sheet to choose from, by name.
    """

    book: Book
    session: Session
    rows: Mapping[str, Sequence[Row]]
    lists: Mapping[str, str]

    @property
    def language(self) -> str:
        """Of the workbook."""
        return self.session.language

    @property
    def rulebook(self) -> Rulebook:
        """What is on record."""
        return self.session.rulebook

    @property
    def today(self) -> date:
        """The day it is made."""
        return self.session.today()

    def words(self, key: str, **details: object) -> str:
        """A text of the workbook."""
        return text("index", key, self.language, **details)

    def length(self, table: Table) -> int:
        """The rows of a table, empty ones included."""
        return len(self.rows[table.name]) + SPARE_ROWS

    def whole(self, table: Table, key: str) -> str:
        """A whole column of a table, as other sheets name it."""
        return table.whole(key, self.length(table), self.language)


def status_told(status: str, language: str) -> str:
    """A status as people read it."""
    return text("update", status, language)


def protect(sheet: Sheet) -> None:
    """Locks every cell that is no input, without a password; filters and column widths stay usable."""
    allowed = ("format_columns", "format_rows", "select_locked_cells", "autofilter", "sort")
    sheet.protect("", dict.fromkeys(allowed, True))
