"""The sheet that lists the rows without a price, each with its reason."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from workbooks.quote.formulas import text_of
from workbooks.register import formulas
from workbooks.register.layout import sheet_name
from workbooks.register.making import Making
from workbooks.register.pricing import CAN_STOP_IT, NOT_PRICED, Failure, PricedRegister
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell, CellError

_COLUMNS: Final = (
    ("no", 7, ("whole", "quiet")),
    ("start", 17, ("moment", "indent")),
    ("customer", 26, ("shrink", "indent")),
    ("reference", 16, ("shrink", "indent")),
    ("kind", 26, ("shrink", "indent")),
    ("reason", 92, ("wrap", "indent")),
    ("way", 8, ("whole",)),
)
"""The columns: the last is hidden."""
_REASON: Final = next(width for key, width, _ in _COLUMNS if key == "reason")
_LAST: Final = len(_COLUMNS) - 2
_HEADER: Final = 2
_HEIGHT: Final = 31
"""Of a line, in points: a reason takes two."""


def write(making: Making) -> None:
    """The sheet."""
    page = Page(landscape=True, repeat=(_HEADER, _HEADER))
    sheet = making.book.sheet(sheet_name("failures", making.language), page, [width for _, width, _ in _COLUMNS])
    sheet.set_column(_LAST + 1, _LAST + 1, None, None, {"hidden": True})
    making.title(sheet, making.words("failures.title"), _LAST)
    _told(making, sheet)
    sheet.set_row(_HEADER, 22)
    for column, (key, _, styles) in enumerate(_COLUMNS[: _LAST + 1]):
        aligned = "indent" if "indent" in styles else "right"
        making.book.text(sheet, _HEADER, column, making.words(f"column.{key}"), "header", aligned)
    for line in range(making.layout.listed):
        failed = making.priced.failed
        _line(making, sheet, _HEADER + 1 + line, making.priced.failure(failed[line]) if line < len(failed) else None)
    _looks(making, sheet)
    sheet.freeze_panes(_HEADER + 1, 1)
    sheet.print_area(0, 0, _HEADER + making.layout.listed, _LAST)
    making.book.protect(sheet)


def _told(making: Making, sheet: Sheet) -> None:
    """How many there are, and whether the list holds them all."""
    count, listed = f"COUNTIF({formulas.named('state')},{NOT_PRICED})", making.layout.listed
    none = making.words("failures.none")
    before, after = making.words("failures.some", count="{count}").split("{count}")
    more = " " + making.words("failures.more", listed=listed)
    some = f'{text_of(before)}&{count}&{text_of(after)}&IF({count}>{listed},{text_of(more)},"")'
    failed = len(making.priced.failed)
    value = f"{before}{failed}{after}{more if failed > listed else ''}" if failed else none
    sheet.set_row(1, 20)
    area = (1, 0, 1, _LAST)
    making.spread(sheet, area, f"=IF({count}=0,{text_of(none)},{some})", value, "bold", "middle", "indent")
    wrong = {"type": "formula", "criteria": f"={count}>0", "format": making.book.style("warning")}
    sheet.conditional_format(*area, wrong)


def _way(priced: PricedRegister, position: int) -> Cell:
    """How the reason is found, as `formulas.way` says it."""
    kind_no = priced.kind_no[position]
    wrong = any(isinstance(priced.inputs[field][position], CellError) for field in CAN_STOP_IT)
    return formulas.HOLDS_ERROR if kind_no and wrong else kind_no


def _looks(making: Making, sheet: Sheet) -> None:
    """A rule under the lines that are used; a date without a time is shown as one."""
    first, last, style = _HEADER + 1, _HEADER + making.layout.listed, making.book.style
    used, start = f'=$A{first + 1}<>""', f"$B{first + 1}"
    day = f"=AND(ISNUMBER({start}),{start}=INT({start}))"
    sheet.conditional_format(first, 1, last, 1, {"type": "formula", "criteria": day, "format": style("date", "line")})
    sheet.conditional_format(first, 0, last, _LAST, {"type": "formula", "criteria": used, "format": style("line")})


def _line(making: Making, sheet: Sheet, row: int, failure: Failure | None) -> None:
    """A line; blank while there are fewer rows without a price."""
    book, priced = making.book, making.priced
    number, way = (str(xl_rowcol_to_cell(row, column, col_abs=True)) for column in (0, _LAST + 1))
    above = str(xl_rowcol_to_cell(row - 1, 0, col_abs=True)) if row > _HEADER + 1 else ""
    position = failure.number - 1 if failure else 0

    def value(key: str) -> Cell:
        held = priced.inputs[key][position] if failure else None
        return "" if held is None else held

    sheet.set_row(row, max(_HEIGHT, lines_high(failure.reason, _REASON * 0.85)) if failure else _HEIGHT)
    written = {
        "no": (formulas.next_with(NOT_PRICED, "state", above), failure.number if failure else ""),
        **{key: (formulas.held(key, number), value(key)) for key in ("start", "customer", "reference", "kind")},
        "reason": (formulas.reason(number, way, making.language), failure.reason if failure else ""),
        "way": (formulas.way(number), _way(priced, position) if failure else ""),
    }
    for column, (key, _, styles) in enumerate(_COLUMNS):
        book.formula(sheet, row, column, *written[key], *styles)
