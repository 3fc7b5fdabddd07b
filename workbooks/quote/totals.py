"""Below the lines: what each party is paid, without the options and with all of them, and that nothing is missing."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from workbooks.quote import formulas
from workbooks.quote.layout import END_NAME, Layout, party
from workbooks.quote.making import Canvas
from workbooks.quote.pricing import PartyTotal, euro

Cells = tuple[str, str, str]
"""The cells of a row of totals: without VAT, VAT, with VAT."""


def total_cells(table: Layout, row: int) -> Cells:
    """The cells of a row of totals."""
    net, vat, gross = (xl_rowcol_to_cell(row, column) for column in _columns(table))
    return net, vat, gross


def _columns(table: Layout) -> tuple[int, int, int]:
    unit = table.column("unit")
    return unit, unit + 1, unit + 2


def write(canvas: Canvas) -> None:
    """Everything below the lines."""
    table = canvas.table
    canvas.book.name(END_NAME, canvas.sheet, table.last_line + 1, 0)
    _headers(canvas, table.total_header, "total.heading")
    for row, total in zip(table.party_rows(), parties(canvas), strict=True):
        _party(canvas, row, total)
    _grand_total(canvas, table.party_rows(), table.grand_total, "total.all", grand(canvas))
    _check(canvas)
    _headers(canvas, table.option_header, "total.with_options")
    for row, firm, total in zip(table.option_rows(), table.party_rows(), parties(canvas, options=True), strict=True):
        _with_options(canvas, row, firm, total)
    _grand_total(canvas, table.option_rows(), table.option_total, "total.all_options", grand(canvas, options=True))
    _notes(canvas)


def parties(canvas: Canvas, *, options: bool = False) -> Sequence[PartyTotal]:
    """What each party is paid, in the order of their rows."""
    priced = canvas.priced
    found = () if priced is None else priced.option_parties if options else priced.parties
    known = {total.paid_to: total for total in found}
    return [known.get(paid_to, PartyTotal(paid_to, 0, 0, 0)) for paid_to in canvas.table.parties]


def grand(canvas: Canvas, *, options: bool = False) -> PartyTotal:
    """What all of them are paid."""
    if canvas.priced is None:
        return PartyTotal("", 0, 0, 0)
    return canvas.priced.option_total if options else canvas.priced.total


def _first(table: Layout) -> int:
    return table.column("tickets")


def _headers(canvas: Canvas, row: int, heading: str) -> None:
    first = _first(canvas.table)
    net, vat, gross = _columns(canvas.table)
    last = canvas.table.last_column
    canvas.book.merged(canvas.sheet, (row, first, row, net - 1), canvas.words(heading), "header", "middle")
    canvas.book.text(canvas.sheet, row, net, canvas.words("total.net"), "header", "right")
    canvas.book.text(canvas.sheet, row, vat, canvas.words("total.vat"), "header", "right")
    canvas.book.merged(canvas.sheet, (row, gross, row, last), canvas.words("total.gross"), "header", "right")


def _name(canvas: Canvas, row: int, name: str, *styles: str) -> str:
    """Writes who is paid; gives its cell."""
    first = _first(canvas.table)
    area = (row, first, row, _columns(canvas.table)[0] - 1)
    canvas.book.merged(canvas.sheet, area, name, *styles, "middle")
    return str(xl_rowcol_to_cell(row, first))


def _party(canvas: Canvas, row: int, total: PartyTotal) -> None:
    table = canvas.table
    named = _name(canvas, row, party(total.paid_to, canvas.making.language), "line")
    net, vat, _ = total_cells(table, row)
    written = (formulas.party_net(table, named), formulas.party_vat(table, named, net), f"=ROUND({net}+{vat},2)")
    _amounts(canvas, row, written, total, "amount", "line", "middle")


def _with_options(canvas: Canvas, row: int, firm: int, total: PartyTotal) -> None:
    table = canvas.table
    named = _name(canvas, row, party(total.paid_to, canvas.making.language), "line")
    (net, vat, _), (firm_net, firm_vat, _) = total_cells(table, row), total_cells(table, firm)
    written = (
        formulas.option_net(table, named, firm_net),
        formulas.option_vat(table, named, net, firm_vat),
        f"=ROUND({net}+{vat},2)",
    )
    _amounts(canvas, row, written, total, "amount", "line", "middle")


def _grand_total(canvas: Canvas, rows: range, row: int, name: str, total: PartyTotal) -> None:
    _name(canvas, row, canvas.words(name), "grand")
    written = [
        f"=ROUND(SUM({xl_rowcol_to_cell(rows[0], column)}:{xl_rowcol_to_cell(rows[-1], column)}),2)"
        for column in _columns(canvas.table)
    ]
    _amounts(canvas, row, written, total, "amount", "grand", "middle")


def _amounts(canvas: Canvas, row: int, written: Sequence[str], total: PartyTotal, *names: str) -> None:
    net, vat, gross = _columns(canvas.table)
    canvas.book.formula(canvas.sheet, row, net, written[0], euro(total.net), *names)
    canvas.book.formula(canvas.sheet, row, vat, written[1], euro(total.vat), *names)
    canvas.spread((row, gross, row, canvas.table.last_column), written[2], euro(total.gross), *names)


def _check(canvas: Canvas) -> None:
    """One cell that adds the lines up again."""
    table = canvas.table
    net, with_options = (total_cells(table, row)[0] for row in (table.grand_total, table.option_total))
    right, wrong = canvas.words("check.right"), canvas.words("check.wrong")
    formula = formulas.everything_counted(table, net, with_options, right, wrong)
    area = (table.check, _first(table), table.check, table.last_column)
    canvas.spread(area, formula, wrong if canvas.priced and canvas.priced.failed else right, "note", "right", "middle")
    cell = xl_rowcol_to_cell(table.check, area[1], row_abs=True, col_abs=True)
    criteria = {"type": "formula", "criteria": f"={cell}={formulas.text_of(wrong)}"}
    canvas.sheet.conditional_format(*area, {**criteria, "format": canvas.book.style("error")})


def _notes(canvas: Canvas) -> None:
    """At the left of the totals: how the columns are meant."""
    row = canvas.table.total_header
    area = (row, 0, row + 5, _first(canvas.table) - 2)
    told = [canvas.words("notes.factor"), canvas.words("notes.inspectors"), canvas.words("notes.options")]
    canvas.book.merged(canvas.sheet, area, "\n".join(told), "note")
