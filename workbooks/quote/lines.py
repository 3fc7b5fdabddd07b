"""The table of lines on the first sheet: inputs a person may change, and the live prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Final

from core.vocabulary import DayType
from workbooks.quote import formulas
from workbooks.quote.layout import FIRST_LINE, HEADER, INPUT_KEYS, LINES_NAME, Column, label, party
from workbooks.quote.making import Area, Front
from workbooks.quote.model import JOURNEY, Line, Pricing
from workbooks.quote.pricing import PricedLine, euro, tariff_of
from xl_addin.evaluate import Answer

_EVERY: Final = frozenset({"description", "quantity", "when"})
_USED: Final[Mapping[Pricing, frozenset[str]]] = {
    Pricing.APPLICATION: _EVERY,
    Pricing.CONTRIBUTION: _EVERY,
    Pricing.INSPECTION: _EVERY | {"hours", *JOURNEY},
    Pricing.WASTED_TRIP: _EVERY | set(JOURNEY),
}
"""The inputs each kind of line has; the other cells of its row stay locked and empty."""
_ABROAD: Final = ("hours_abroad", "room_cost")
_WHOLE: Final = ("trips", "nights")
_DECIMAL: Final = ("hours_abroad", "car_km", "tickets", "room_cost")


def write(front: Front) -> None:
    """Headers, lines, and the checks of what is typed in them."""
    _headers(front)
    lines = front.priced.lines if front.priced else ()
    for number, (row, line) in enumerate(zip_longest(front.table.rows(), lines), 1):
        front.book.value(front.sheet, row, 0, number, *front.table.columns[0].styles, "line")
        if line is None:
            _open_line(front, row)
        else:
            _line(front, row, line)
    _checks(front)
    _errors_shown(front)


def _headers(front: Front) -> None:
    first, last = (front.table.column(key) for key in _ABROAD)
    front.book.merged(front.sheet, (HEADER - 1, first, HEADER - 1, last), front.words("group.abroad"), "over")
    front.sheet.set_row(HEADER, 40)
    for position, column in enumerate(front.table.columns):
        title = column.title(front.making.language)
        front.book.text(front.sheet, HEADER, position, title, "header", column.header)
    front.book.name(LINES_NAME, front.sheet, HEADER, 0)


def _line(front: Front, row: int, line: PricedLine) -> None:
    """A priced line: only what belongs to its kind can be filled in."""
    book, sheet, language = front.book, front.sheet, front.making.language
    values = _values(line.line, language)
    used = _USED[line.line.pricing]
    for position, column in enumerate(front.table.columns):
        if column.key in INPUT_KEYS:
            style = ("input",) if column.key in used else ()
            book.value(sheet, row, position, values.get(column.key), *_styles(column, line.line), "line", *style)
    _check_quantity(front, row, line.line)
    kind = line.line.kind
    if line.unit is None:
        book.value(sheet, row, front.table.column("unit"), None, "amount", "line")
    else:
        _formula(front, row, "unit", formulas.unit(front.table, row, kind), euro(line.unit))
    _formula(front, row, "amount", formulas.amount(front.table, row, kind), euro(line.amount))
    if line.vat is not None:
        _formula(front, row, "vat", formulas.line_vat(front.table, row), euro(line.vat))
    book.text(sheet, row, front.table.column("article"), line.rule.priced_by, "indent", "line")
    book.text(sheet, row, front.table.column("paid_to"), party(line.rule.paid_to, language), "wrap", "indent", "line")


def _styles(column: Column, line: Line) -> tuple[str, ...]:
    """A date without a time is shown as one."""
    return ("date", "indent") if column.key == "when" and not isinstance(line.when, datetime) else column.styles


def _values(line: Line, language: str) -> Mapping[str, object]:
    """What stands in the input cells: codes by their labels."""
    return {
        **{name: getattr(line, name) for name in ("description", "quantity", "when", "hours", *JOURNEY)},
        "kind": label("COST", line.kind.value, language),
        "site": label("SITE", line.site, language) if line.site else None,
        "day_type": label("DAY_TYPE", line.day_type, language) if line.day_type else None,
    }


def _formula(front: Front, row: int, key: str, formula: str, value: Answer) -> None:
    position = front.table.column(key)
    front.book.formula(front.sheet, row, position, formula, value, *front.table.columns[position].styles, "line")


def _open_line(front: Front, row: int) -> None:
    """A line whose kind is still to be chosen."""
    for position, column in enumerate(front.table.columns):
        if column.key in INPUT_KEYS:
            front.book.value(front.sheet, row, position, None, *column.styles, "line", "input")
    _formula(front, row, "unit", formulas.open_unit(front.table, row), "")
    _formula(front, row, "amount", formulas.open_amount(front.table, row), "")
    if front.table.line_vat:
        _formula(front, row, "vat", formulas.line_vat(front.table, row), "")
    kinds = front.references.kinds
    for key, source in (("article", front.references.articles), ("paid_to", front.references.payees)):
        formula = formulas.looked_up(front.table, row, kinds, source)
        front.book.formula(front.sheet, row, front.table.column(key), formula, "", "wrap", "indent", "line")


def _checks(front: Front) -> None:
    """Drop-down lists, and numbers that cannot be."""
    language = front.making.language
    front.choose(_area(front, "day_type"), [label("DAY_TYPE", kind.value, language) for kind in DayType])
    front.choose(_area(front, "kind"), front.references.kinds)
    if front.table.sites:
        front.choose(_area(front, "site"), front.references.sites)
    longest = tariff_of(front.making.session, None, front.making.day).hours.longest
    hours = front.table.cell("hours", FIRST_LINE)
    front.check(
        _area(front, "hours"), f"=AND(ISNUMBER({hours}),{hours}>0,{hours}<={longest})", "number.hours", longest=longest
    )
    for key in _WHOLE:
        cell = front.table.cell(key, FIRST_LINE)
        front.check(_area(front, key), f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}))", "number.whole")
    for key in _DECIMAL:
        cell = front.table.cell(key, FIRST_LINE)
        front.check(_area(front, key), f"=AND(ISNUMBER({cell}),{cell}>=0)", "number.decimal")


def _check_quantity(front: Front, row: int, line: Line) -> None:
    """Inspections and applications come whole; the quantity of a contribution need not."""
    column, cell = front.table.column("quantity"), front.table.cell("quantity", row)
    if line.pricing is Pricing.CONTRIBUTION:
        front.check((row, column, row, column), f"=AND(ISNUMBER({cell}),{cell}>=0)", "number.decimal")
    else:
        rule = f"=AND(ISNUMBER({cell}),{cell}>=1,{cell}=INT({cell}))"
        front.check((row, column, row, column), rule, "number.quantity")


def _area(front: Front, key: str) -> Area:
    column = front.table.column(key)
    return FIRST_LINE, column, front.table.last_line, column


def _errors_shown(front: Front) -> None:
    """An amount that is an error stands out."""
    wrong = {"type": "errors", "format": front.book.style("error")}
    for key in ("unit", "amount"):
        front.sheet.conditional_format(*_area(front, key), wrong)
