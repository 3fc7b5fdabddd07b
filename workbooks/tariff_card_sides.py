"""The page of a tariff card: where its columns stand, and every text on it in two languages side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from core.texts import text
from workbooks.style import Book, Sheet, lines_high

COMPANIONS: Final = {"nl": "fr", "fr": "nl", "de": "fr", "en": "nl"}
"""The language on the right: always one of the two in which the regulation is published. German goes with French, for
the German-speaking municipalities lie in Wallonia; English with Dutch."""

WIDTHS: Final = (14, 38, 38, 13, 13, 14.5)
CODE, LABEL, OTHER, BASE, COEFFICIENT, RATE = range(len(WIDTHS))
LAST: Final = RATE
_HALVES: Final = ((CODE, LABEL), (OTHER, LAST))
"""The columns of the language on the left, and of the one on the right."""
YEAR_CELL: Final = "$B$6"
"""The year of the card, the only figure typed besides those of the worked example."""


class Sides:
    """A page in two languages.

    Attributes:
        book, sheet: what it is written in.
        languages: of the left and the right half.
    """

    def __init__(self, book: Book, sheet: Sheet, languages: tuple[str, str]) -> None:
        self.book = book
        self.sheet = sheet
        self.languages = languages

    def both(self, key: str, **details: object) -> list[str]:
        """A text in each language."""
        return self.each(lambda language: text("tariff_card", key, language, **details))

    def each(self, words: Callable[[str], str]) -> list[str]:
        """Words in each language."""
        return [words(language) for language in self.languages]

    def joined(self, key: str, **details: object) -> str:
        """A text for one cell, a line a language; once where they say it alike."""
        return "\n".join(dict.fromkeys(self.both(key, **details)))

    def inline(self, words: Sequence[str]) -> str:
        """Words of each language on one line; once where they are alike."""
        return " / ".join(dict.fromkeys(words))

    def halves(self, row: int, words: Sequence[str], *styles: str, height: float | None = None) -> None:
        """A row with a text on the left and the same in the other language on the right."""
        for (first, last), said in zip(_HALVES, words, strict=True):
            self.book.merged(self.sheet, (row, first, row, last), said, *styles)
        width = sum(WIDTHS[: LABEL + 1])
        self.sheet.set_row(row, height or max(lines_high(said, width) for said in words))

    def heading(self, row: int, key: str) -> None:
        """The heading of a part of the page."""
        self.halves(row, self.both(key), "heading", height=27)

    def notice(self, row: int, key: str) -> None:
        """A warning that appears when the installed data are not those of the card."""
        for (first, last), warning in zip(_HALVES, self.both(key), strict=True):
            self.book.data_notice(self.sheet, (row, first, row, last), warning)
        self.sheet.set_row(row, 30)

    def names(self, row: int, words: Sequence[str], *styles: str) -> None:
        """A row of a table: what it is about, in the column of each language."""
        for column, said in zip((LABEL, OTHER), words, strict=True):
            self.book.text(self.sheet, row, column, said, *styles)

    def headers(self, row: int, columns: Sequence[tuple[int, str]]) -> None:
        """Headings of columns, the two languages one below the other."""
        for column, words in columns:
            self.book.text(self.sheet, row, column, words, "header", "right" if column >= BASE else "left")
        self.sheet.set_row(row, 30)


def capital(words: str) -> str:
    """Words that begin a line."""
    return words[:1].upper() + words[1:]
