"""The sheet of works and plans: what each site or execution comes to, and plans that are still to be worked out."""

from __future__ import annotations

from itertools import zip_longest

from xlsxwriter.utility import xl_rowcol_to_cell

from workbooks.quote import formulas
from workbooks.quote.fields import LONGEST_NAME
from workbooks.quote.layout import (
    PLANS,
    PLANS_END_NAME,
    PLANS_NAME,
    WORK_KEYS,
    WORKS,
    WORKS_END_NAME,
    WORKS_HEADER,
    WORKS_NAME,
    Column,
    label,
)
from workbooks.quote.lines import check_hours, check_several
from workbooks.quote.making import Area, Canvas
from workbooks.quote.plan import PERIODS, WEEKDAYS
from workbooks.quote.pricing import Cents, WorkTotal, added, euro
from xl_addin.evaluate import Answer

_COUNTS = ("count", "step", "quantity", "inspectors")
_COMPUTED = ("lines", "amount", "option_amount")


def write(canvas: Canvas) -> None:
    """Both tables."""
    canvas.sheet.set_row(0, 34)
    canvas.book.text(canvas.sheet, 0, 0, canvas.words("works.title"), "title", "middle")
    canvas.book.text(canvas.sheet, WORKS_HEADER - 2, 0, canvas.words("works.heading"), "heading")
    canvas.book.text(canvas.sheet, WORKS_HEADER - 1, 0, canvas.words("works.note"), "quiet")
    _works(canvas)
    _plans(canvas)


def _headers(canvas: Canvas, row: int, columns: tuple[Column, ...]) -> None:
    canvas.sheet.set_row(row, 40)
    for position, column in enumerate(columns):
        title = column.title(canvas.making.language)
        canvas.book.text(canvas.sheet, row, position, title, "header", column.header)


# --- works -----------------------------------------------------------------------------------------------------------


def _works(canvas: Canvas) -> None:
    table = canvas.table
    _headers(canvas, WORKS_HEADER, WORKS)
    canvas.book.name(WORKS_NAME, canvas.sheet, WORKS_HEADER, 0)
    canvas.book.name(WORKS_END_NAME, canvas.sheet, table.no_work, 0)
    *known, rest = canvas.priced.works if canvas.priced else (None,)
    for row, total in zip_longest(table.work_rows(), known):
        _work(canvas, row, total)
    _without_work(canvas, rest)
    _total(canvas)
    _checks(canvas)


def _work(canvas: Canvas, row: int, total: WorkTotal | None) -> None:
    work = total.work if total else None
    site = label("SITE", work.site, canvas.making.language) if work and work.site else None
    values = (work.name, work.description, site) if work else (None, None, None)
    for position, (column, value) in enumerate(zip(WORKS, values, strict=False)):
        canvas.book.value(canvas.sheet, row, position, value, *column.styles, "line", "input")
    name = str(xl_rowcol_to_cell(row, 0, col_abs=True))
    written = [
        formulas.work_lines(canvas.table, name),
        *(formulas.work_amount(canvas.table, name, key) for key in _COMPUTED[1:]),
    ]
    found: list[Answer] = [total.lines, euro(total.net), euro(total.options)] if total else ["", "", ""]
    _computed(canvas, row, written, found, "line")


def _without_work(canvas: Canvas, total: WorkTotal | None) -> None:
    row = canvas.table.no_work
    canvas.book.merged(canvas.sheet, (row, 0, row, len(WORK_KEYS) - 1), canvas.words("works.none"), "line", "indent")
    written = [
        formulas.no_work_lines(canvas.table),
        *(formulas.no_work_amount(canvas.table, key) for key in _COMPUTED[1:]),
    ]
    found: list[Answer] = [total.lines, euro(total.net), euro(total.options)] if total else [0, 0.0, 0.0]
    _computed(canvas, row, written, found, "line")


def _total(canvas: Canvas) -> None:
    row = canvas.table.works_total
    canvas.book.merged(canvas.sheet, (row, 0, row, len(WORK_KEYS) - 1), canvas.words("works.all"), "grand", "indent")
    written = []
    for key in _COMPUTED:
        column = [column.key for column in WORKS].index(key)
        area = f"{xl_rowcol_to_cell(WORKS_HEADER + 1, column)}:{xl_rowcol_to_cell(row - 1, column)}"
        written.append(f"=SUM({area})" if key == "lines" else f"=ROUND(SUM({area}),2)")
    _computed(canvas, row, written, all_works(canvas), "grand")


def all_works(canvas: Canvas) -> list[Answer]:
    """What the works come to together, and the lines of none: lines, amount, options."""
    totals = canvas.priced.works if canvas.priced else ()
    amounts: list[Cents] = [added(total.net for total in totals), added(total.options for total in totals)]
    return [sum(total.lines for total in totals), *map(euro, amounts)]


def _computed(canvas: Canvas, row: int, written: list[str], found: list[Answer], *names: str) -> None:
    for position, (formula, value) in enumerate(zip(written, found, strict=True), len(WORK_KEYS)):
        canvas.book.formula(canvas.sheet, row, position, formula, value, *WORKS[position].styles, *names)


def _checks(canvas: Canvas) -> None:
    rows = canvas.table.work_rows()
    name, names = str(xl_rowcol_to_cell(rows[0], 0)), canvas.table.all_works("work").partition("!")[2]
    wild = "".join(f',ISERROR(FIND("{letter}",{name}))' for letter in "*?~")
    rule = f'=AND(LEN({name})<={LONGEST_NAME},COUNTIF({names},"="&{name})=1{wild})'
    canvas.check((rows[0], 0, rows[-1], 0), rule, "works.name", longest=LONGEST_NAME)
    canvas.choose((rows[0], 2, rows[-1], 2), canvas.references.sites)


# --- plans -----------------------------------------------------------------------------------------------------------


def _plans(canvas: Canvas) -> None:
    """Plans are typed here; ``copro quote`` works them out into lines, and no total stands until it has."""
    table, header = canvas.table, canvas.table.plans_header
    canvas.book.text(canvas.sheet, header - 2, 0, canvas.words("plans.heading"), "heading")
    canvas.book.text(canvas.sheet, header - 1, 0, canvas.words("plans.note"), "quiet")
    _headers(canvas, header, PLANS)
    canvas.book.name(PLANS_NAME, canvas.sheet, header, 0)
    canvas.book.name(PLANS_END_NAME, canvas.sheet, table.plan_rows()[-1] + 1, 0)
    for row in table.plan_rows():
        for position, column in enumerate(PLANS):
            canvas.book.value(canvas.sheet, row, position, None, *column.styles, "line", "input")
    for key, source in (
        ("kind", canvas.references.kinds),
        ("work", table.all_works("work")),
        ("every", [canvas.words(f"period.{period}") for period in PERIODS]),
        ("weekday", [canvas.words(f"weekday.{day}") for day in WEEKDAYS]),
        ("option", [canvas.words("option.yes")]),
    ):
        canvas.choose(_area(canvas, key), source)
    check_hours(canvas, _area(canvas, "hours"))
    for key in _COUNTS:
        check_several(canvas, _area(canvas, key))


def _area(canvas: Canvas, key: str) -> Area:
    rows, position = canvas.table.plan_rows(), [column.key for column in PLANS].index(key)
    return rows[0], position, rows[-1], position
