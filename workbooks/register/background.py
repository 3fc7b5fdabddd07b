"""The last sheet: what the register was priced with, and the lists to choose from."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_range_abs

from core.codes import codes
from core.texts import text
from core.topics import names
from workbooks.quote.formulas import status_now, status_of
from workbooks.quote.layout import quoted
from workbooks.quote.pricing import rules_on
from workbooks.register.layout import KINDS_NAME, LANGUAGE_NAME, sheet_name
from workbooks.register.making import Making
from workbooks.register.model import KINDS, kind_labels
from workbooks.style import Page
from xl_addin.evaluate import call

_WIDTHS: Final = (44, 22, 64)
_LISTS: Final = len(_WIDTHS) + 1
"""The first column of the lists, out of sight and off the paper."""
_FACTS: Final = ("status_version", "status_regulation", "status_last_year")
"""The rows of COPRO_STATUS shown; where the user keeps his data is nobody else's business."""


def write(making: Making) -> dict[str, str]:
    """Writes the sheet; gives the ranges to choose from, by column."""
    return _Data(making).write()


class _Data:
    """The sheet, written from top to bottom."""

    def __init__(self, making: Making) -> None:
        self.making = making
        self.book = making.book
        self.name = sheet_name("data", making.language)
        self.sheet = self.book.sheet(self.name, Page(landscape=True), _WIDTHS)
        self.row = 2

    def write(self) -> dict[str, str]:
        self.making.title(self.sheet, self.making.words("data.title"), len(_WIDTHS) - 1)
        self._facts()
        self._kinds()
        last = self.row - 1
        session, language = self.making.session, self.making.language
        known = {
            "site": [names("SITE", code, language)[0] for code in codes("SITE")],
            "regulation": list(session.rulebook.specific),
        }
        lists = {key: self._list(_LISTS + n, listed) for n, (key, listed) in enumerate(known.items()) if listed}
        self.sheet.set_column(_LISTS, _LISTS + len(known) - 1, None, None, {"hidden": True})
        self.sheet.print_area(0, 0, last, len(_WIDTHS) - 1)
        self.sheet.freeze_panes(1, 0)
        self.book.protect(self.sheet)
        return lists

    def _heading(self, key: str, *columns: str) -> None:
        self.row += 1
        self.sheet.set_row(self.row, 24)
        self.book.text(self.sheet, self.row, 0, self.making.words(key), "heading")
        self.row += 1
        for column, title in enumerate(columns):
            self.book.text(
                self.sheet, self.row, column, self.making.words(title), "header", "indent" if column else "left"
            )
        self.row += bool(columns)

    def _facts(self) -> None:
        """What was used, as it was and as it is now."""
        self._heading("data.computed")
        making, book, sheet = self.making, self.book, self.sheet
        rows = call("COPRO_STATUS", [making.language], making.session)
        assert isinstance(rows, list)
        status = {str(name): value for name, value in rows}
        self._fact(making.words("data.language"))
        book.text(sheet, self.row - 1, 1, making.language, "line", "indent")
        book.name(LANGUAGE_NAME, sheet, self.row - 1, 1)
        self._fact(making.words("data.written_on"))
        book.value(sheet, self.row - 1, 1, making.session.today(), "line", "date", "indent")
        for key in _FACTS:
            name = text("labels", key, making.language)
            self._fact(name)
            book.formula(sheet, self.row - 1, 1, status_of(name, making.language), status[name], "line", "indent")
        self._fact(making.words("data.stored"))
        book.text(sheet, self.row - 1, 1, making.session.rulebook.fingerprint, "line", "indent")
        name = text("labels", "status_fingerprint", making.language)
        self._fact(making.words("data.installed"))
        formula = status_now(name, making.language, making.words("data.no_functions"))
        book.formula(sheet, self.row - 1, 1, formula, status[name], "line", "indent")

    def _fact(self, name: str) -> None:
        self.book.text(self.sheet, self.row, 0, name, "line", "shrink")
        self.row += 1

    def _kinds(self) -> None:
        """What can be in a register, which article prices it and who pays whom."""
        self._heading("data.kinds", "column.kind", "data.article", "data.payer")
        making, first = self.making, self.row
        rules = rules_on(making.session, None, making.session.today())
        for kind, name in zip(KINDS, kind_labels(making.language), strict=True):
            rule = rules[kind]
            sentence = text("labels", f"paid_to.{rule.paid_to}", making.language)
            article = f"{text('labels', 'article', making.language)} {rule.payer_article}"
            for column, words in enumerate((name, rule.priced_by, f"{sentence} ({article})")):
                looks = ("indent",) if column else ()
                self.book.text(self.sheet, self.row, column, words, "line", "shrink", *looks)
            self.row += 1
        area = xl_range_abs(first, 0, self.row - 1, 0)
        self.book.file.define_name(KINDS_NAME, f"={quoted(self.name)}!{area}")

    def _list(self, column: int, listed: list[str]) -> str:
        self.sheet.write_column(0, column, listed)
        return f"{quoted(self.name)}!{xl_range_abs(0, column, len(listed) - 1, column)}"
