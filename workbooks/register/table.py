"""The first sheet: the inspections, a row each, with their prices beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from core.topics import names
from core.vocabulary import DayType
from workbooks.quote.formulas import text_of
from workbooks.quote.pricing import tariff_of
from workbooks.register import formulas
from workbooks.register.layout import (
    COLUMNS,
    FIRST,
    FROZEN,
    HEADER,
    KINDS_NAME,
    POSITIONS,
    PRINTED,
    Column,
    cell,
    sheet_name,
)
from workbooks.register.making import Making
from workbooks.register.model import FIELDS
from workbooks.register.pricing import NOT_PRICED
from workbooks.register.stream import Table, Written
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell

_LAST: Final = PRINTED - 1
_WHOLE: Final = ("trips", "nights")
_DECIMAL: Final = ("hours_abroad", "car_km", "tickets", "room_cost")
_HIGHEST: Final = 120
"""Of a row, in points."""
_FITTING: Final = 1.1
"""Letters of a text that take the place of one figure; the width of a column is told in figures."""
_LONGEST: Final = 200
"""Characters of a customer's name: a longer one cannot be looked up."""


def new_sheet(making: Making) -> Sheet:
    """The sheet, empty: it comes first in the workbook."""
    page = Page(landscape=True, repeat=(HEADER, HEADER))
    widths = [column.width for column in COLUMNS]
    sheet = making.book.sheet(sheet_name("register", making.language), page, widths, Table)
    for position, column in enumerate(COLUMNS):
        if column.hidden:
            sheet.set_column(position, position, column.width, None, {"hidden": True})
    return sheet


def write(making: Making, sheet: Sheet, lists: dict[str, str]) -> None:
    """Everything on it; ``lists`` are the ranges to choose from, by column."""
    _head(making, sheet)
    _headers(making, sheet)
    columns = [_written(making, column) for column in COLUMNS]
    sheet.set_table(columns, making.layout.rows, _heights(columns))
    for column in COLUMNS:
        making.book.file.define_name(column.name, f"={making.layout.whole(column.key)}")
    _checks(making, sheet, lists)
    _looks(making, sheet)
    sheet.autofilter(HEADER, 0, making.layout.last, _LAST)
    sheet.print_area(0, 0, making.layout.last, _LAST)
    sheet.freeze_panes(FIRST, FROZEN)
    sheet.set_selection(FIRST, POSITIONS["start"], FIRST, POSITIONS["start"])
    sheet.set_zoom(90)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True})
    sheet.activate()


# --- above the table -------------------------------------------------------------------------------------------------


def _head(making: Making, sheet: Sheet) -> None:
    making.title(sheet, making.words("title"), POSITIONS["kind"])
    first = POSITIONS["kind"] + 1
    making.book.merged(sheet, (0, first, 0, _LAST), making.words("subtitle"), "subtitle", "right", "middle", "shrink")
    making.book.data_notice(sheet, (1, 0, 1, _LAST), making.words("banner.data"))
    formula, value = _banner(making)
    making.spread(sheet, (2, 0, 2, _LAST), formula, value, "bold", "middle", "indent")
    making.warn(sheet, (2, 0, 2, _LAST))
    making.book.merged(sheet, (3, 0, 3, _LAST), making.words("how"), "label", "middle", "shrink")
    for row in (1, 2, 3):
        sheet.set_row(row, 17)


def _banner(making: Making) -> tuple[str, str]:
    """The warning that there are no functions, or rows without a price, or rows there twice: formula and value."""
    priced, said = making.priced, []
    here = f"ISERROR(INDEX(COPRO_STATUS({text_of(making.language)}),1,2)&T(NOW()))"  # NOW: looked at on opening
    parts = [f'IF({here},{text_of(making.words("banner.no_functions"))},"")']
    listed = sheet_name("failures", making.language)
    failed, doubles = f"SUMPRODUCT(--({formulas.named('state')}={NOT_PRICED}))", f"COUNT({formulas.named('same_as')})"
    told = {
        making.words("banner.not_priced", count="{count}", sheet=listed): (failed, len(priced.failed)),
        making.words("banner.doubles", count="{count}"): (doubles, priced.doubles),
    }
    for words, (counted, count) in told.items():
        before, after = words.split("{count}")
        parts.append(f'IF({counted}=0,"",{text_of(before)}&{counted}&{text_of(after)})')
        said += [words.replace("{count}", str(count))] if count else []
    spaced = '&" "&'.join(parts)
    return f"=TRIM({spaced})", " ".join(said)


def _headers(making: Making, sheet: Sheet) -> None:
    sheet.set_row(HEADER, 46)
    for position, column in enumerate(COLUMNS):
        making.book.text(sheet, HEADER, position, column.title(making.language), "header", column.header, "top")


# --- the table -------------------------------------------------------------------------------------------------------


def _written(making: Making, column: Column) -> Written:
    """A column with its values and its formula."""
    book, priced, key = making.book, making.priced, column.key
    if key == "no":
        return Written(list(range(1, making.layout.rows + 1)), book.style(*column.styles, "line"))
    if key in FIELDS:
        looks = (*column.styles, "line", "input")
        return Written(priced.inputs[key], book.style(*looks), book.text_style(*looks))
    style = book.style(*column.styles, "line")
    if key == "remark":
        remarks: list[Cell] = [priced.remark(position) or None for position in range(len(priced.rows))]
        return Written(remarks, style, formula=formulas.rows(making.language)[key])
    whole = formulas.columns(making.language)
    formula = whole.get(key) or formulas.rows(making.language)[key]
    return Written(getattr(priced, key), style, formula=formula, array=key in whole)


def _heights(columns: Sequence[Written]) -> Mapping[int, float]:
    """The height of each row, by its position, whose texts take more than one line."""
    heights: dict[int, float] = {}
    for column, written in zip(COLUMNS, columns, strict=True):
        if "wrap" in column.styles and not column.hidden:
            for position, value in enumerate(written.values):
                if isinstance(value, str) and len(value) > column.width * _FITTING:
                    high = min(lines_high(value, column.width * 0.85), _HIGHEST)
                    heights[position] = max(high, heights.get(position, 0))
    return heights


def _checks(making: Making, sheet: Sheet, lists: dict[str, str]) -> None:
    """Drop-down lists, and what cannot be."""
    table, language = making.layout, making.language
    told = {"error_title": making.words("list.title"), "error_message": making.words("list.message")}
    choices: dict[str, object] = {
        "kind": f"={KINDS_NAME}",
        "day_type": [names("DAY_TYPE", kind.value, language)[0] for kind in DayType],
        **{key: f"={area}" for key, area in lists.items()},
    }
    for key, source in choices.items():
        sheet.data_validation(*table.area(key), {"validate": "list", "source": source, **told})
    longest = tariff_of(making.session, None, making.session.today()).hours.longest
    rules = {
        "start": ("AND(ISNUMBER({0}),{0}>=1)", making.words("check.start")),
        "customer": (f"LEN({{0}})<={_LONGEST}", making.words("check.customer", longest=_LONGEST)),
        "hours": (f"AND(ISNUMBER({{0}}),{{0}}>0,{{0}}<={longest})", making.words("check.hours", longest=longest)),
        **dict.fromkeys(_WHOLE, ("AND(ISNUMBER({0}),{0}>=0,{0}=INT({0}))", making.words("check.whole"))),
        **dict.fromkeys(_DECIMAL, ("AND(ISNUMBER({0}),{0}>=0)", making.words("check.decimal"))),
    }
    title = making.words("check.title")
    for key, (rule, message) in rules.items():
        formula = f"={rule.format(cell(key).replace('$', ''))}"
        check = {"validate": "custom", "value": formula, "error_title": title, "error_message": message}
        sheet.data_validation(*table.area(key), check)


def _looks(making: Making, sheet: Sheet) -> None:
    """Errors, rows without a price or there twice, other than working hours: told in words, and shown by colour too."""
    table, style = making.layout, making.book.style
    sheet.conditional_format(*table.area("day", "fee"), {"type": "errors", "format": style("error")})
    for key, condition, look in (
        ("no", f"={cell('state')}={NOT_PRICED}", "error"),
        ("remark", f'={cell("remark")}<>""', "warning"),
    ):
        sheet.conditional_format(*table.area(key), {"type": "formula", "criteria": condition, "format": style(look)})
    dearer = f"=AND(ISNUMBER({cell('factor')}),N({cell('factor')})>1)"
    sheet.conditional_format(
        *table.area("day", "factor"), {"type": "formula", "criteria": dearer, "format": style("band", "bold")}
    )
    start = cell("start")
    sheet.conditional_format(
        *table.area("start"),
        {"type": "formula", "criteria": f"=AND(ISNUMBER({start}),{start}=INT({start}))", "format": style("date")},
    )
