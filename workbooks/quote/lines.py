"""The table of lines on the first sheet: inputs a person may change, and the live prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.texts import text
from core.vocabulary import DayType
from workbooks.quote import formulas
from workbooks.quote.layout import FIRST_LINE, HEADER, INPUT_KEYS, LINES_NAME, Column, label, party
from workbooks.quote.making import Area, Canvas
from workbooks.quote.model import JOURNEY, Line, Pricing
from workbooks.quote.pricing import PricedLine, euro, tariff_of
from xl_addin.evaluate import Answer

_EVERY: Final = frozenset({"description", "work", "quantity", "when", "option"})
_VISIT: Final = _EVERY | {"inspectors", *JOURNEY}
_USED: Final[Mapping[Pricing, frozenset[str]]] = {
    Pricing.APPLICATION: _EVERY,
    Pricing.CONTRIBUTION: _EVERY,
    Pricing.INSPECTION: _VISIT | {"hours"},
    Pricing.WASTED_TRIP: _VISIT,
}
"""The inputs each kind of line has; the other cells of its row stay locked and empty."""
_AS_THEY_ARE: Final = ("description", "work", "quantity", "when", "hours", "inspectors", *JOURNEY)
_ABROAD: Final = ("hours_abroad", "room_cost")
_WHOLE: Final = ("trips", "nights")
_DECIMAL: Final = ("hours_abroad", "car_km", "tickets", "room_cost")


def write(canvas: Canvas) -> None:
    """Headers, lines, and the checks of what is typed in them."""
    _headers(canvas)
    lines = canvas.priced.lines if canvas.priced else ()
    for number, (row, line) in enumerate(zip_longest(canvas.table.rows(), lines), 1):
        canvas.book.value(canvas.sheet, row, 0, number, *canvas.table.columns[0].styles, "line")
        if line is None:
            _open_line(canvas, row)
        else:
            _line(canvas, row, line)
    _checks(canvas)
    _errors_shown(canvas)


def _headers(canvas: Canvas) -> None:
    first, last = (canvas.table.column(key) for key in _ABROAD)
    canvas.book.merged(canvas.sheet, (HEADER - 1, first, HEADER - 1, last), canvas.words("group.abroad"), "over")
    canvas.sheet.set_row(HEADER, 40)
    for position, column in enumerate(canvas.table.columns):
        title = column.title(canvas.making.language)
        canvas.book.text(canvas.sheet, HEADER, position, title, "header", column.header)
    canvas.book.name(LINES_NAME, canvas.sheet, HEADER, 0)


def _line(canvas: Canvas, row: int, line: PricedLine) -> None:
    """A priced line: only what belongs to its kind can be filled in."""
    book, sheet, language = canvas.book, canvas.sheet, canvas.making.language
    values = _values(line.line, language)
    used = _USED[line.line.pricing]
    for position, column in enumerate(canvas.table.columns):
        if column.key in INPUT_KEYS:
            style = ("input",) if column.key in used else ()
            book.value(sheet, row, position, values.get(column.key), *_styles(column, line.line), "line", *style)
    _check_quantity(canvas, row, line.line)
    kind = line.line.kind
    if line.factor is None:
        _formula(canvas, row, "factor", formulas.open_factor(canvas.table, row), "")
    else:
        _formula(canvas, row, "factor", formulas.factor(canvas.table, row), line.factor)
    if line.unit is None:
        book.value(sheet, row, canvas.table.column("unit"), None, "amount", "line")
    else:
        _formula(canvas, row, "unit", formulas.unit(canvas.table, row, kind), euro(line.unit))
    for key, optional in (("amount", False), ("option_amount", True)):
        shown = euro(line.amount) if line.line.optional is optional else ""
        _formula(canvas, row, key, formulas.amount(canvas.table, row, kind, optional=optional), shown)
    if line.vat is not None:
        for key, amount, optional in (("vat", "amount", False), ("option_vat", "option_amount", True)):
            shown = euro(line.vat) if line.line.optional is optional else ""
            _formula(canvas, row, key, formulas.line_vat(canvas.table, row, amount), shown)
    book.text(sheet, row, canvas.table.column("article"), line.rule.priced_by, "indent", "line")
    book.text(sheet, row, canvas.table.column("paid_to"), party(line.rule.paid_to, language), "wrap", "indent", "line")


def _styles(column: Column, line: Line) -> tuple[str, ...]:
    """A date without a time is shown as one."""
    return ("date", "indent") if column.key == "when" and not isinstance(line.when, datetime) else column.styles


def _values(line: Line, language: str) -> Mapping[str, object]:
    """What stands in the input cells: codes by their labels."""
    return {
        **{name: getattr(line, name) for name in _AS_THEY_ARE},
        "kind": label("COST", line.kind.value, language),
        "site": label("SITE", line.site, language) if line.site else None,
        "day_type": label("DAY_TYPE", line.day_type, language) if line.day_type else None,
        "option": text("quote", "option.yes", language) if line.optional else None,
    }


def _formula(canvas: Canvas, row: int, key: str, formula: str, value: Answer) -> None:
    position = canvas.table.column(key)
    canvas.book.formula(canvas.sheet, row, position, formula, value, *canvas.table.columns[position].styles, "line")


def _open_line(canvas: Canvas, row: int) -> None:
    """A line whose kind is still to be chosen."""
    for position, column in enumerate(canvas.table.columns):
        if column.key in INPUT_KEYS:
            canvas.book.value(canvas.sheet, row, position, None, *column.styles, "line", "input")
    _formula(canvas, row, "unit", formulas.open_unit(canvas.table, row), "")
    _formula(canvas, row, "factor", formulas.open_factor(canvas.table, row), "")
    for key, optional in (("amount", False), ("option_amount", True)):
        _formula(canvas, row, key, formulas.open_amount(canvas.table, row, optional=optional), "")
    if canvas.table.line_vat:
        for key, amount in (("vat", "amount"), ("option_vat", "option_amount")):
            _formula(canvas, row, key, formulas.line_vat(canvas.table, row, amount), "")
    kinds = canvas.references.kinds
    for key, source in (("article", canvas.references.articles), ("paid_to", canvas.references.payees)):
        formula = formulas.looked_up(canvas.table, row, kinds, source)
        canvas.book.formula(canvas.sheet, row, canvas.table.column(key), formula, "", "wrap", "indent", "line")


def _checks(canvas: Canvas) -> None:
    """Drop-down lists, and numbers that cannot be."""
    language = canvas.making.language
    canvas.choose(_area(canvas, "day_type"), [label("DAY_TYPE", kind.value, language) for kind in DayType])
    canvas.choose(_area(canvas, "kind"), canvas.references.kinds)
    canvas.choose(_area(canvas, "option"), [canvas.words("option.yes")])
    if canvas.table.sites:
        canvas.choose(_area(canvas, "site"), canvas.references.sites)
    if canvas.table.works:
        canvas.choose(_area(canvas, "work"), canvas.table.all_works("work"))
    check_hours(canvas, _area(canvas, "hours"))
    check_several(canvas, _area(canvas, "inspectors"))
    for key in _WHOLE:
        cell = canvas.table.cell(key, FIRST_LINE)
        canvas.check(_area(canvas, key), f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))", "number.whole")
    for key in _DECIMAL:
        cell = canvas.table.cell(key, FIRST_LINE)
        canvas.check(_area(canvas, key), f"=AND(ISNUMBER({cell}),{cell}>=0)", "number.decimal")


def check_hours(canvas: Canvas, area: Area) -> None:
    """Refuses hours on site that cannot be."""
    longest = tariff_of(canvas.making.session, None, canvas.making.day).hours.longest
    cell = xl_rowcol_to_cell(*area[:2])
    rule = f"=AND(ISNUMBER({cell}),{cell}>0,{cell}<={longest})"
    canvas.check(area, rule, "number.hours", longest=longest)


def check_several(canvas: Canvas, area: Area) -> None:
    """Refuses what is no whole number from 1 on."""
    cell = xl_rowcol_to_cell(*area[:2])
    canvas.check(area, f"=AND(ISNUMBER({cell}),{cell}>=1,{cell}=INT({cell}))", "number.quantity")


def _check_quantity(canvas: Canvas, row: int, line: Line) -> None:
    """Inspections and applications come whole; the quantity of a contribution need not."""
    column, cell = canvas.table.column("quantity"), canvas.table.cell("quantity", row)
    if line.pricing is Pricing.CONTRIBUTION:
        canvas.check((row, column, row, column), f"=AND(ISNUMBER({cell}),{cell}>=0)", "number.decimal")
    else:
        check_several(canvas, (row, column, row, column))


def _area(canvas: Canvas, key: str) -> Area:
    column = canvas.table.column(key)
    return FIRST_LINE, column, canvas.table.last_line, column


def _errors_shown(canvas: Canvas) -> None:
    """An amount that is an error stands out, and a factor that is not 1."""
    wrong = {"type": "errors", "format": canvas.book.style("error")}
    for key in ("factor", "unit", "amount", "option_amount"):
        canvas.sheet.conditional_format(*_area(canvas, key), wrong)
    factor = canvas.table.cell("factor", FIRST_LINE)
    other = {"type": "formula", "criteria": f"=IF(ISNUMBER({factor}),{factor}<>1,FALSE)"}
    area = _area(canvas, "factor")
    canvas.sheet.conditional_format(*area, {**other, "format": canvas.book.style("warning")})
