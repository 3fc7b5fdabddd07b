"""The sheet with the coefficients and rates through the years, and a chart of each."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.formats import label
from core.vocabulary import Item
from workbooks.index.layout import (
    INTEREST_1865,
    INTEREST_2002,
    TRAVEL,
    quoted,
    sheet_name,
)
from workbooks.index.making import Making, protect
from workbooks.index.model import YEARS_TO_COME
from workbooks.index.tariff import Resulting, Value
from workbooks.style import ACCENT, FONT, INK, RULE, Page, Sheet, lines_high
from xl_addin.evaluate import call

_YEAR, _S_N, _SALARY, _A_N, _TRAVEL, _FIRST_RATE = range(6)
_WIDTHS: Final = (11, 13, 17, 16, 17, *[18] * len(Item))
_HEADER: Final = 3
_FIRST: Final = _HEADER + 2
"""Below the header stands the reference: the base rates."""
_ACROSS: Final = 3
_CHART_WIDTH: Final = 470
_CHART_HEIGHT: Final = 260
_CHART_ROWS: Final = 16


def write(making: Making) -> None:
    """The whole sheet."""
    _History(making).write()


class _History:
    def __init__(self, making: Making) -> None:
        self.making = making
        self.book = making.book
        self.resulting = Resulting(making)
        self.years = range(self.resulting.base_year, making.today.year + YEARS_TO_COME + 1)
        self.name = sheet_name("history", making.language)
        self.sheet: Sheet = self.book.sheet(self.name, Page(), _WIDTHS)
        self.base = _FIRST - 1
        self.charts = 0

    def write(self) -> None:
        words, sheet = self.making.words, self.sheet
        last = len(_WIDTHS) - 1
        self.book.merged(sheet, (0, 0, 0, last), self.name, "title")
        sheet.set_row(0, 30)
        about = words("about.history")
        self.book.merged(sheet, (1, 0, 1, last), about, "wrap", "quiet")
        sheet.set_row(1, lines_high(about, sum(_WIDTHS)))
        for column, title in enumerate(self._titles()):
            self.book.text(sheet, _HEADER, column, title, "header", "left" if column == _YEAR else "right")
        sheet.set_row(_HEADER, 48)
        self._reference()
        for down, year in enumerate(self.years):
            self._year(_FIRST + down, year)
        self._charts()
        sheet.freeze_panes(_FIRST, 1)
        sheet.fit_to_pages(1, 1)
        protect(sheet)

    def _titles(self) -> list[str]:
        words, language = self.making.words, self.making.language
        facts = [words(f"fact.{key}") for key in ("s_n", "salary", "a_n", "travel")]
        return [words("year"), *facts, *(self._item(item, language) for item in Item)]

    @staticmethod
    def _item(item: Item, language: str) -> str:
        name = label("ITEM", item.value, language)
        return f"{name[:1].upper()}{name[1:]}"

    def _reference(self) -> None:
        """The figures and rates of the base year, which every row starts from."""
        base = self.resulting.base_year
        row = self.base
        self.sheet.set_row(row, 18)
        known = self.resulting.figures(base)
        self.book.text(self.sheet, row, _YEAR, self.making.words("base", year=str(base)), "note")
        for column, formula, value, look in (
            (_S_N, self.resulting.index(str(base)), known["salary"][1], "figure"),
            (_A_N, self.resulting.allowance(str(base)), known["travel"][1], "km_rate"),
        ):
            self.book.formula(self.sheet, row, column, formula, value, look, "quiet", "line")
        for at, item in enumerate(Item):
            rate = call("COPRO_RATE", [item.value, f"{base}-01-01"], self.making.session)
            formula = f'=COPRO_RATE("{item.value}",DATE({base},1,1))'
            self.book.formula(self.sheet, row, _FIRST_RATE + at, formula, rate, _money(item), "quiet", "line")

    def _year(self, row: int, year: int) -> None:
        def at(column: int) -> str:
            return str(xl_rowcol_to_cell(row, column, col_abs=True))

        def then(column: int) -> str:
            return str(xl_rowcol_to_cell(self.base, column, row_abs=True, col_abs=True))

        resulting, base = self.resulting, self.resulting.base_year
        known = resulting.figures(year)
        (s_n, s_r), (a_n, a_r) = known["salary"], known["travel"]
        self.book.value(self.sheet, row, _YEAR, year, "whole", "left", "bold", "line")
        cells: dict[int, tuple[str, Value, str]] = {
            _S_N: (resulting.index(at(_YEAR)), s_n, "figure"),
            _SALARY: (
                resulting.ratio(at(_YEAR), at(_S_N), then(_S_N), base),
                resulting.ratio_value(year, s_n, s_r),
                "ratio",
            ),
            _A_N: (resulting.allowance(at(_YEAR)), a_n, "km_rate"),
            _TRAVEL: (
                resulting.ratio(at(_YEAR), at(_A_N), then(_A_N), base),
                resulting.ratio_value(year, a_n, a_r),
                "ratio",
            ),
        }
        for position, item in enumerate(Item):
            column = _FIRST_RATE + position
            follows = resulting.follows(item, year)
            figure = _A_N if follows == "travel" else _S_N
            rate = resulting.rate(item, follows, then(column), at(figure), then(figure), '""')
            cells[column] = (
                f"=IF({at(_YEAR)}={base},{then(column)},{rate})",
                resulting.rate_value(item, year, ""),
                _money(item),
            )
        for column, (formula, value, look) in cells.items():
            self.book.formula(self.sheet, row, column, formula, value, look, "line")

    # --- charts --------------------------------------------------------------------------------------------------

    def _charts(self) -> None:
        """A small chart each: the coefficients, the rates, and the series that are no rate of the tariff."""
        titles, language = self._titles(), self.making.language
        for column in (_SALARY, _TRAVEL, *range(_FIRST_RATE, _FIRST_RATE + len(Item))):
            self._chart(titles[column], self._values(_YEAR), self._values(column), "about")
        for table in (TRAVEL, INTEREST_1865, INTEREST_2002):
            rows = len(self.making.rows[table.name])
            periods, values = (f"={table.whole(key, rows, language)}" for key in (table.keys[0], "holds"))
            self._chart(sheet_name(table.name, language), periods, values, "about_series")

    def _values(self, column: int) -> str:
        rows = (_FIRST, _FIRST + len(self.years) - 1)
        ends = (str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)) for row in rows)
        return f"={quoted(self.name)}!{':'.join(ends)}"

    def _chart(self, title: str, categories: str, values: str, about: str) -> None:
        """The next chart."""
        chart = self.book.file.add_chart({"type": "column"})
        small = {"name": FONT, "size": 8, "color": INK}
        fill = {"color": ACCENT}
        chart.add_series({"name": title, "categories": categories, "values": values, "gap": 60, "fill": fill})
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 10, "bold": True, "color": ACCENT}})
        chart.set_legend({"none": True})
        ticks: dict[str, object] = {"num_font": small, "line": {"color": RULE}, "minor_tick_mark": "none"}
        turned = {"num_font": {**small, "rotation": -90}, "num_format": "yyyy"}
        chart.set_x_axis({**ticks, "text_axis": True, **({} if about == "about" else turned)})
        chart.set_y_axis({**ticks, "major_gridlines": {"visible": True, "line": {"color": RULE}}, "min": 0})
        chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
        down, across = divmod(self.charts, _ACROSS)
        self.charts += 1
        words = self.making.words(f"chart.{about}", what=title)
        place = {"object_position": 3, "x_offset": 4 + across * (_CHART_WIDTH + 10)}
        row = _FIRST + len(self.years) + 1 + down * _CHART_ROWS
        self.sheet.insert_chart(row, 0, chart, {**place, "description": words})


def _money(item: Item) -> str:
    return "km_rate" if item.decimals == 4 else "amount"
