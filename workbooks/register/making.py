"""A register workbook in the making, as its sheets see it."""

from __future__ import annotations

from dataclasses import dataclass

from core.texts import text
from workbooks.register.layout import Layout
from workbooks.register.pricing import PricedRegister
from workbooks.style import Book, Sheet
from xl_addin.evaluate import Answer
from xl_addin.session import Session

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


@dataclass(frozen=True)
class Making:
    """A priced register (of no rows for an empty workbook) on its way into a workbook."""

    book: Book
    layout: Layout
    priced: PricedRegister

    @property
    def session(self) -> Session:
        """The installation at work, in the language of the workbook."""
        return self.priced.session

    @property
    def language(self) -> str:
        """Of the workbook."""
        return self.layout.language

    def words(self, key: str, **details: object) -> str:
        """A text of the workbook."""
        return text("register", key, self.language, **details)

    def spread(self, sheet: Sheet, area: Area, formula: str, value: Answer, *names: str) -> None:
        """A formula over several cells."""
        sheet.merge_range(*area, "", self.book.style(*names))
        self.book.formula(sheet, area[0], area[1], formula, value, *names)

    def warn(self, sheet: Sheet, area: Area) -> None:
        """Colours an area while its first cell says something."""
        sheet.conditional_format(*area, {"type": "no_blanks", "format": self.book.style("warning")})

    def title(self, sheet: Sheet, words: str, last: int) -> None:
        """The title of a sheet, over its columns up to ``last``."""
        sheet.set_row(0, 34)
        self.book.merged(sheet, (0, 0, 0, last), words, "title", "middle")
