"""The first sheet: what to do, and the tariff that follows from what is filled in beside that of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.vocabulary import Item, Status
from workbooks.index.layout import SALARY, TRAVEL, TRAVEL_QUARTERLY, YEAR_NAME, sheet_name
from workbooks.index.making import WITHDRAWN, Making, protect, status_told
from workbooks.index.model import YEARS_TO_COME
from workbooks.index.tables import text_of
from workbooks.index.tariff import Resulting, Value
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell, CellError
from xl_addin.evaluate import call

_WIDTHS: Final = (14, 41, 24, 14, 17, 17, 13)
_LAST: Final = len(_WIDTHS) - 1
_CODE, _LABEL, _UNIT, _BASE, _BEFORE, _AFTER, _DIFFERENCE = range(len(_WIDTHS))
_YEAR_ROW: Final = 10
_YEAR: Final = f"$B${_YEAR_ROW + 1}"
_TABLE: Final = 13
_FACTS: Final = _TABLE + len(Item) + 3
_FACT_ROWS: Final = ("s_r", "s_n", "salary", "a_r", "a_n", "travel")
_STEPS: Final = 5


def write(making: Making) -> None:
    """The whole sheet."""
    _Front(making).write()


class _Front:
    def __init__(self, making: Making) -> None:
        self.making = making
        self.book = making.book
        self.resulting = Resulting(making)
        self.sheet: Sheet = self.book.sheet(sheet_name("tariff", making.language), Page(landscape=True), _WIDTHS)
        self.year = making.today.year + 1

    def write(self) -> None:
        self._head()
        self._rates()
        self._facts()
        self.sheet.fit_to_pages(1, 1)
        self.sheet.print_area(0, 0, _FACTS + len(_FACT_ROWS), _LAST)
        self.sheet.freeze_panes(1, 0)
        protect(self.sheet)

    def _across(self, row: int, words: str, *styles: str, height: float | None = None) -> None:
        self.book.merged(self.sheet, (row, 0, row, _LAST), words, *styles)
        self.sheet.set_row(row, height or lines_high(words, sum(_WIDTHS)))

    def _head(self) -> None:
        making, words = self.making, self.making.words
        self._across(0, words("title"), "title", height=32)
        general = making.rulebook.general_on(making.today)
        self._across(1, general.title[making.language], "subtitle", height=20)
        self.book.data_notice(self.sheet, (2, 0, 2, _LAST), words("data_changed"))
        withdrawn = status_told(WITHDRAWN, making.language)
        steps = [words(f"step.{number}") for number in range(1, _STEPS)]
        for row, step in enumerate([*steps, words("step.5", withdrawn=withdrawn)], start=3):
            self._across(row, step, "wrap")
        self._beware()
        self._across(9, words("preview"), "heading", "middle", height=26)
        self.book.text(self.sheet, _YEAR_ROW, 0, words("year"), "label", "middle")
        self.book.value(self.sheet, _YEAR_ROW, 1, self.year, "whole", "left", "bold", "input")
        self.book.name(YEAR_NAME, self.sheet, _YEAR_ROW, 1)
        years = range(self.resulting.base_year + 1, making.today.year + YEARS_TO_COME + 1)
        told = {"error_title": words("refused.title"), "error_message": words("refused.choice")}
        self.sheet.data_validation(_YEAR, {"validate": "list", "source": [str(year) for year in years], **told})
        self._across(11, words("not_yet_about"), "note")

    def _beware(self) -> None:
        """What is uncertain among the figures on record that the tariff follows."""
        rows = [row for table in (SALARY, TRAVEL, TRAVEL_QUARTERLY) for row in self.making.rows[table.name]]
        found = {row.record.status for row in rows if row.record is not None}
        for status in (Status.EXAMPLE, Status.PROVISIONAL):
            if status in found:
                self._across(8, self.making.words(f"uncertain.{status}"), "warning", "middle", height=20)
                return

    # --- the tariff ----------------------------------------------------------------------------------------------

    def _rates(self) -> None:
        words, base = self.making.words, str(self.resulting.base_year)
        titles = [words("code"), words("item"), words("unit"), words("base", year=base)]
        titles += [words("year_before"), words("year_after"), words("difference")]
        for column, title in enumerate(titles):
            self.book.text(self.sheet, _TABLE - 1, column, title, "header", "left" if column < _BASE else "right")
        self.sheet.set_row(_TABLE - 1, 34)
        card = call("COPRO_TARIFF", [self.year, self.making.language], self.making.session)
        if isinstance(card, CellError):
            assert card.reason is not None
            raise card.reason
        assert isinstance(card, list)
        for down, (item, cells) in enumerate(zip(Item, card, strict=True)):
            self._rate(_TABLE + down, item, cells, down)

    def _rate(self, row: int, item: Item, cells: Sequence[Cell], down: int) -> None:
        money = "km_rate" if item.decimals == 4 else "amount"
        looks = (("note",), ("text",), ("text",), (money,))
        language = self.making.language
        for column, look in enumerate(looks):
            formula = f'=INDEX(COPRO_TARIFF({_YEAR},"{language}"),{down + 1},{column + 1})'
            self.book.formula(self.sheet, row, column, formula, cells[column], *look, "line", "middle")
        self.sheet.set_row(row, 20)
        before, after = self._before(row, item), self._after(row, item)
        for column, (formula, value) in ((_BEFORE, before), (_AFTER, after)):
            bold = ("bold",) if column == _AFTER else ()
            self.book.formula(self.sheet, row, column, formula, value, money, *bold, "line", "middle")
        old, new = (str(xl_rowcol_to_cell(row, column)) for column in (_BEFORE, _AFTER))
        formula = f'=IF(AND(ISNUMBER({old}),ISNUMBER({new})),{new}/{old}-1,"")'
        both = isinstance(before[1], float) and isinstance(after[1], float)
        change = after[1] / before[1] - 1 if both else ""  # type: ignore[operator]
        self.book.formula(self.sheet, row, _DIFFERENCE, formula, change, "percent", "line", "middle")
        quiet = {"type": "text", "criteria": "containing", "value": self.making.words("not_yet")}
        for column in (_BEFORE, _AFTER):
            self.sheet.conditional_format(
                row, column, row, column, {**quiet, "format": self.book.style("warning", "light")}
            )

    def _after(self, row: int, item: Item) -> tuple[str, Value]:
        """The rate as filled in."""
        return f"={self._filled(row, item, _AFTER)}", self.resulting.rate_value(item, self.year, self._not_yet)

    def _before(self, row: int, item: Item) -> tuple[str, Value]:
        """The rate on record, else as filled in."""
        year = self.year - 1
        rate = f"COPRO_RATE({xl_rowcol_to_cell(row, _CODE)},DATE({_YEAR}-1,1,1))"
        known = call("COPRO_RATE", [item.value, f"{year}-01-01"], self.making.session)
        value = self.resulting.rate_value(item, year, self._not_yet) if isinstance(known, CellError) else known
        assert isinstance(value, float | str)
        return f"=IFERROR({rate},{self._filled(row, item, _BEFORE)})", value

    @property
    def _not_yet(self) -> str:
        return self.making.words("not_yet")

    def _filled(self, row: int, item: Item, column: int) -> str:
        follows = self.resulting.follows(item, self.year)
        keys = ("a_n", "a_r") if follows == "travel" else ("s_n", "s_r")
        now, then = (_fact(key, column) for key in keys)
        base = str(xl_rowcol_to_cell(row, _BASE))
        return self.resulting.rate(item, follows, base, now, then, text_of(self._not_yet))

    # --- what it follows from ------------------------------------------------------------------------------------

    def _facts(self) -> None:
        words = self.making.words
        heading = [words("for_year")] + [""] * (_BEFORE - 1)
        for column, title in enumerate(heading):
            self.book.text(self.sheet, _FACTS - 1, column, title, "header")
        for column, back in ((_BEFORE, 1), (_AFTER, 0)):
            formula = f"={_YEAR}-{back}" if back else f"={_YEAR}"
            self.book.formula(self.sheet, _FACTS - 1, column, formula, self.year - back, "header", "right", "whole")
            self._column(column, self.year - back)
        for down, key in enumerate(_FACT_ROWS):
            area = (_FACTS + down, 0, _FACTS + down, _BASE)
            self.book.merged(self.sheet, area, words(f"fact.{key}"), "line", *(["bold"] if _ratio(key) else []))

    def _column(self, column: int, year: int) -> None:
        """The figures of one year, and the coefficients they give."""
        at = str(xl_rowcol_to_cell(_FACTS - 1, column, row_abs=True))
        base, resulting = self.resulting.base_year, self.resulting
        known = resulting.figures(year)
        (s_n, s_r), (a_n, a_r) = known["salary"], known["travel"]
        cells = {key: _fact(key, column) for key in _FACT_ROWS}
        rows: dict[str, tuple[str, Value, str]] = {
            "s_r": (resulting.index(str(base)), s_r, "figure"),
            "s_n": (resulting.index(at), s_n, "figure"),
            "salary": (
                resulting.ratio(at, cells["s_n"], cells["s_r"], base),
                resulting.ratio_value(year, s_n, s_r),
                "ratio",
            ),
            "a_r": (resulting.allowance(str(base)), a_r, "km_rate"),
            "a_n": (resulting.allowance(at), a_n, "km_rate"),
            "travel": (
                resulting.ratio(at, cells["a_n"], cells["a_r"], base),
                resulting.ratio_value(year, a_n, a_r),
                "ratio",
            ),
        }
        for key, (formula, value, look) in rows.items():
            row = _FACTS + _FACT_ROWS.index(key)
            self.book.formula(self.sheet, row, column, formula, value, look, "line", *(["bold"] if _ratio(key) else []))


def _ratio(key: str) -> bool:
    return key in ("salary", "travel")


def _fact(key: str, column: int) -> str:
    """The cell of a fact, for the year of a column."""
    return str(xl_rowcol_to_cell(_FACTS + _FACT_ROWS.index(key), column, row_abs=True))
