"""The first sheet: the day, what is wrong, and what is owed by age and by customer, with a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.utility import xl_range_abs

from core.texts import text
from workbooks.late_payment.accounts import NOT_AVAILABLE, Account
from workbooks.late_payment.layout import AS_OF, BUCKETS, FIRST
from workbooks.late_payment.making import ROW, RULE_LOOK, Making, here
from workbooks.late_payment.words import column_of
from workbooks.quote.formulas import text_of
from workbooks.style import ACCENT, FONT, INK, RULE, Page, Sheet
from xl_addin.cells import Cell

WIDTHS: Final = (34, 15, 15, 15, 15, 15, 16, 14, 20, 16)
PAGE: Final = Page(landscape=True)
_LAST: Final = len(WIDTHS) - 1
_AMOUNTS: Final = ("principal", "interest", "lump_sum", "total")
_WRONG, _CHECK, _CHART = 5, 6, 8
_CHART_ROWS: Final = 13
HEADER: Final = _CHART + _CHART_ROWS + 2
TOTAL: Final = HEADER + 1
_SHADES: Final = ("#C9DCE4", "#93B7C6", "#5F92A7", "#2F6C85", "#0F3F52")
"""From light to dark, so that no colour has to be told from another: the later, the darker."""


def write(making: Making, sheet: Sheet) -> None:
    """Everything on it."""
    _head(making, sheet)
    _table(making, sheet)
    _chart(making, sheet)
    sheet.print_area(0, 0, TOTAL + making.layout.customers, _LAST)
    sheet.repeat_rows(HEADER)
    sheet.set_selection(*AS_OF, *AS_OF)
    making.book.protect(sheet)
    sheet.activate()


def _head(making: Making, sheet: Sheet) -> None:
    book = making.book
    book.merged(sheet, (0, 0, 0, _LAST), making.text("workbook_title"), "title")
    sheet.set_row(0, 32)
    language = making.layout.language
    book.merged(sheet, (1, 0, 1, _LAST), making.words.texts[language]["regulation"], "subtitle")
    book.data_notice(sheet, (2, 0, 2, _LAST), text("tariff_card", "data_changed", language))
    told, value = making.wrong_told("wrong_told")
    making.across(sheet, (3, 0, 3, _LAST), f"={told}", value, "wrap", "middle")
    making.warn(sheet, (3, 0, 3, _LAST))
    book.text(sheet, AS_OF[0], 0, making.text("as_of"), "label", "middle")
    book.value(sheet, *AS_OF, making.data.as_of, "date", "input", "bold", "middle")
    book.name("late_as_of", sheet, *AS_OF)
    rule = {"validate": "date", "criteria": ">=", "value": making.data.session.rulebook.first_day()}
    sheet.data_validation(*AS_OF, *AS_OF, {**rule, "error_title": making.text("input_title")})
    book.merged(sheet, (AS_OF[0], 2, AS_OF[0], _LAST), making.text("as_of_note"), "note", "middle")
    book.text(sheet, _WRONG, 0, making.text("wrong_rows"), "label", "middle")
    wrong = making.data.wrong
    making.formula(sheet, _WRONG, 1, f"={making.words.state('wrong')}", wrong, "whole", "left", "bold", "middle")
    sheet.conditional_format(
        *(_WRONG, 1, _WRONG, 1), {"type": "cell", "criteria": ">", "value": 0, "format": book.style("error")}
    )
    _check(making, sheet)
    book.merged(sheet, (_CHART - 1, 0, _CHART - 1, _LAST), making.text("ageing"), "heading", "middle")
    for row, height in ((AS_OF[0], 20), (_WRONG, 18), (_CHECK, 18), (_CHART - 1, 26)):
        sheet.set_row(row, height)


def _check(making: Making, sheet: Sheet) -> None:
    """Whether the parts make the total."""
    principal, interest, lump_sum, total = (here(TOTAL, BUCKETS + 1 + n) for n in range(4))
    right, wrong, impossible = (making.text(f"check_{how}") for how in ("right", "wrong", "impossible"))
    difference = f"ROUND({principal}+{interest}+{lump_sum}-{total},2)"
    formula = f"=IF(ISERROR({difference}),{text_of(impossible)},IF({difference}=0,{text_of(right)},{text_of(wrong)}))"
    value = impossible if making.data.wrong else right
    making.across(sheet, (_CHECK, 0, _CHECK, _LAST), formula, value, "note", "middle")


# --- the table -------------------------------------------------------------------------------------------------------


def _table(making: Making, sheet: Sheet) -> None:
    book, data = making.book, making.data
    book.text(sheet, HEADER, 0, making.text("customer"), "header")
    buckets = [f"bucket_{number}" for number in range(1, BUCKETS + 1)]
    for column, key in enumerate((*buckets, *_AMOUNTS), 1):
        book.text(sheet, HEADER, column, making.text(key), "header", "right")
    sheet.set_row(HEADER, 32)
    book.text(sheet, TOTAL, 0, making.text("totals"), "grand", "middle")
    sheet.set_row(TOTAL, 22)
    for column, value in enumerate(_values(making, data.accounts), 1):
        formula = f"=IF({making.words.state('wrong')}>0,#N/A,{_sum(making, column)})"
        making.formula(sheet, TOTAL, column, formula, value, "amount", "grand", "middle")
    for number in range(1, making.layout.customers + 1):
        _customer(making, sheet, number)
    area = (TOTAL + 1, 0, TOTAL + making.layout.customers, _LAST)
    making.mark_errors(sheet, (TOTAL, 1, TOTAL + making.layout.customers, _LAST))
    making.rule(sheet, area, f'$A{TOTAL + 2}<>""', RULE_LOOK)


def _customer(making: Making, sheet: Sheet, number: int) -> None:
    data, row = making.data, TOTAL + number
    known = number <= len(data.customers)
    named = making.layout.customer_table.at("customer", FIRST + number - 1)
    name = data.customers[number - 1].name if known else ""
    making.formula(sheet, row, 0, f'=IF(ISERROR({named}),"",{named}&"")', name, "wrap", "middle")
    theirs = [account for account in data.accounts if account.customer == number]
    values = _values(making, theirs) if known else [""] * _LAST
    for column, value in enumerate(values, 1):
        total = f"IF({making.words.state('wrong')}>0,#N/A,{_sum(making, column, number)})"
        look = ("amount", "middle", *(["bold"] if column == _LAST else []))
        making.formula(sheet, row, column, f'=IF($A{row + 1}="","",{total})', value, *look)
    sheet.set_row(row, ROW)


def _sum(making: Making, column: int, customer: int | None = None) -> str:
    """A column of the table, of one customer or of all: principal by bucket, then each amount."""
    invoices = making.layout.invoice_table
    key = "principal" if column <= BUCKETS else _AMOUNTS[column - BUCKETS - 1]
    only = [] if customer is None else [(invoices.whole("customer_no"), customer)]
    if column <= BUCKETS:
        only.append((invoices.whole("bucket_no"), column))
    if not only:
        return f"ROUND(SUM({invoices.whole(key)}),2)"
    conditions = ",".join(f"{area},{value}" for area, value in only)
    return f"ROUND(SUMIFS({invoices.whole(key)},{conditions}),2)"


def _values(making: Making, accounts: Sequence[Account]) -> list[Cell]:
    if making.data.wrong:
        return [NOT_AVAILABLE] * _LAST
    in_bucket = [[one for one in accounts if one.bucket == number] for number in range(1, BUCKETS + 1)]
    by_age = [making.data.total(column_of(some, "principal")) for some in in_bucket]
    return by_age + [making.data.total(column_of(accounts, key)) for key in _AMOUNTS]


# --- the chart -------------------------------------------------------------------------------------------------------


def _chart(making: Making, sheet: Sheet) -> None:
    """A column for each age, named on the axis; its amount stands in the table below."""
    for row in range(_CHART, _CHART + _CHART_ROWS):
        sheet.set_row(row, ROW)
    name = making.layout.sheet("overview")
    headings, values = (f"={name}!{xl_range_abs(row, 1, row, BUCKETS)}" for row in (HEADER, TOTAL))
    chart = making.book.file.add_chart({"type": "column"})
    words = {"name": FONT, "size": 9, "color": INK}
    chart.add_series({
        "name": making.text("ageing"),
        "categories": headings,
        "values": values,
        "points": [{"fill": {"color": shade}, "border": {"color": ACCENT}} for shade in _SHADES],
        "gap": 60,
    })  # fmt: skip
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_x_axis({"num_font": words, "line": {"color": RULE}, "major_tick_mark": "none", "minor_tick_mark": "none"})
    chart.set_y_axis(
        {
            "num_font": words,
            "major_gridlines": {"visible": True, "line": {"color": RULE}},
            "min": 0,
            "num_format": "#,##0",
            "major_tick_mark": "none",
            "minor_tick_mark": "none",
            "line": {"none": True},
        }
    )
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 1250, "height": round(_CHART_ROWS * ROW * 4 / 3)})
    placed = {"description": making.text("chart_alt"), "object_position": 2, "x_offset": 4}
    sheet.insert_chart(_CHART, 0, chart, placed)
