"""The contents: every function by group with a link to its sheet, how formulas are read, and the errors there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from core.texts import text
from workbooks.guide.comparison import Mark
from workbooks.guide.parts import CODES, Guide, quoted
from workbooks.style import Sheet, lines_high
from xl_addin.reference.document import Heading, Items, Paragraph, Table, plain
from xl_addin.reference.index_page import index_page

_WIDTHS: Final = (32, 56, 16, 14)
_LAST: Final = len(_WIDTHS) - 1


def write_contents(guide: Guide, sheet: Sheet, marks: Mapping[str, Sequence[Mark]]) -> None:
    """Writes the sheet; ``marks`` are the cells that say whether the examples of a function agree."""
    _Contents(guide, sheet, marks).write()


class _Contents:
    def __init__(self, guide: Guide, sheet: Sheet, marks: Mapping[str, Sequence[Mark]]) -> None:
        self.guide = guide
        self.book = guide.book
        self.sheet = sheet
        self.marks = marks
        self.row = 5

    def write(self) -> None:
        """The title, then the index of the reference with links, as far as it does not list codes."""
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width)
        self._across(0, self.guide.words("title"), "title")
        self.sheet.set_row(0, 32)
        self.book.data_notice(self.sheet, (1, 0, 1, _LAST), text("tariff_card", "data_changed", self.guide.language))
        self.sheet.set_row(1, 30)
        self._across(2, self.guide.words("intro"), "wrap")
        self.guide.link(self.sheet, (3, 0), self.guide.words(CODES), self.guide.words("to_codes"))
        for block in index_page(self.guide.language).blocks[1:]:
            if isinstance(block, Heading) and block.anchor in ("site", "language"):
                break
            if isinstance(block, Heading):
                self._across(self.row, block.text, "heading")
                self.sheet.set_row(self.row, 26)
                self.row += 1
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Items):
                self._lines([f"• {plain(line)}" for line in block.lines])
            elif isinstance(block, Paragraph):
                self._lines([plain(block.line)])
        self.sheet.print_area(0, 0, self.row, _LAST)
        self.sheet.freeze_panes(1, 0)
        self.book.protect(self.sheet)

    def _across(self, row: int, said: str, *styles: str) -> None:
        self.book.merged(self.sheet, (row, 0, row, _LAST), said, *styles)
        self.sheet.set_row(row, lines_high(said, sum(_WIDTHS)))

    def _lines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._across(self.row, line, "wrap")
            self.row += 1

    def _table(self, table: Table) -> None:
        functions = len(table.headings) == 3
        headings = [*table.headings, *([self.guide.words("checked")] if functions else [])]
        for column in range(_LAST + 1):
            heading = headings[column] if column < len(headings) else ""
            self.book.text(self.sheet, self.row, column, heading, "header", "center" if column == _LAST else "left")
        self.row += 1
        for line in table.rows:
            cells = [plain(cell) for cell in line]
            if functions:
                self._function(*cells)
            else:
                self._error(*cells)
            self.row += 1

    def _function(self, name: str, term: str, article: str) -> None:
        self.guide.link(self.sheet, (self.row, 0), name, name)
        self.book.text(self.sheet, self.row, 1, term, "middle", "line")
        self.book.text(self.sheet, self.row, 2, article, "middle", "line")
        self._mark(name)
        self.sheet.set_row(self.row, 18)

    def _mark(self, name: str) -> None:
        """✓ unless the mark of an example says that it differs."""
        look = ("center", "middle", "line")
        marks = self.marks.get(name, ())
        if not marks:
            self.book.text(self.sheet, self.row, _LAST, "–", *look)
            return
        differs = ",".join(f'LEFT({quoted(name)}!{mark.cell},1)="≠"' for mark in marks)
        shown = "✓" if all(mark.agrees for mark in marks) else "≠"
        self.book.formula(self.sheet, self.row, _LAST, f'=IF(OR({differs}),"≠","✓")', shown, *look)

    def _error(self, code: str, when: str) -> None:
        self.book.text(self.sheet, self.row, 0, code, "bold", "line")
        self.book.merged(self.sheet, (self.row, 1, self.row, _LAST), when, "wrap", "line")
        self.sheet.set_row(self.row, lines_high(when, sum(_WIDTHS[1:])))
