"""What the sheets of the guide share: the book, the words, the links between sheets, and where codes are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from core.texts import text
from workbooks.style import ACCENT, Book, Page, Sheet
from xl_addin.session import Session

CONTENTS: Final = "sheet_index"
CODES: Final = "sheet_codes"
COLOURS: Final[Mapping[str, str]] = {
    "tariff": "#17495C",
    "inspection": "#7A4B00",
    "invoice": "#4B2A78",
    "late_payment": "#8A1313",
    "why": "#1E5B2E",
}
"""The tab of a function, by its category; a category of which nothing is said has none."""


class Guide:
    """The workbook in the making.

    Attributes:
        book: the workbook.
        session: the installation at work.
        language: of the guide.
        choices: group of codes → the range that lists them, for drop-downs.
    """

    def __init__(self, book: Book, session: Session) -> None:
        self.book = book
        self.session = session
        self.language = session.language
        self.choices: dict[str, str] = {}
        self._link = book.file.add_format({"font_color": ACCENT, "underline": 1, "valign": "vcenter"})

    def words(self, key: str) -> str:
        """A text of the guide."""
        return text("guide", key, self.language)

    def sheet(self, key: str, widths: Sequence[float] = ()) -> Sheet:
        """A sheet that is no function's."""
        return self.book.sheet(self.words(key), Page(), widths)

    def link(self, sheet: Sheet, place: tuple[int, int], to: str, shown: str) -> None:
        """A link to the top of another sheet of this workbook."""
        sheet.write_url(*place, f"internal:{quoted(to)}!A1", self._link, shown)

    def back(self, sheet: Sheet, row: int) -> None:
        """The link to the contents."""
        self.link(sheet, (row, 0), self.words(CONTENTS), self.words("back"))


def quoted(sheet: str) -> str:
    """The name of a sheet as formulas write it."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"
