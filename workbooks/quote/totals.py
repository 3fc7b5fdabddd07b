"""Below the lines: what each party is paid, the check that nothing is missing, the terms, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.formats import euro as euro_text
from core.rules.art_2_1_phases import BEFORE_CERTIFICATE, refundable
from workbooks.quote import formulas
from workbooks.quote.layout import END_NAME, Layout, party
from workbooks.quote.making import Front
from workbooks.quote.pricing import PartyTotal, euro, tariff_of
from xl_addin.cells import CellError

TERMS_ROWS: Final = 6
"""Rows the payment terms take."""
TERMS_END: Final = 6
"""The last column of the payment terms."""


def total_cells(table: Layout, row: int) -> tuple[str, str, str]:
    """The cells of a row of totals: without VAT, VAT, with VAT."""
    net, vat, gross = (xl_rowcol_to_cell(row, column) for column in _columns(table))
    return net, vat, gross


def _columns(table: Layout) -> tuple[int, int, int]:
    unit = table.column("unit")
    return unit, unit + 1, unit + 2


def write(front: Front) -> None:
    """Everything below the lines."""
    front.book.name(END_NAME, front.sheet, front.table.last_line + 1, 0)
    _headers(front)
    for row, total in zip(front.table.party_rows(), _parties(front), strict=True):
        _party(front, row, total)
    _grand_total(front)
    _check(front)
    _terms(front)


def _parties(front: Front) -> Sequence[PartyTotal]:
    known = {total.paid_to: total for total in front.priced.parties} if front.priced else {}
    return [known.get(paid_to, PartyTotal(paid_to, 0, 0, 0)) for paid_to in front.table.parties]


def _first(table: Layout) -> int:
    return table.column("tickets")


def _headers(front: Front) -> None:
    row, first = front.table.total_header, _first(front.table)
    net, vat, gross = _columns(front.table)
    last = front.table.last_column
    front.book.merged(front.sheet, (row, first, row, net - 1), front.words("total.heading"), "header", "middle")
    front.book.text(front.sheet, row, net, front.words("total.net"), "header", "right")
    front.book.text(front.sheet, row, vat, front.words("total.vat"), "header", "right")
    front.book.merged(front.sheet, (row, gross, row, last), front.words("total.gross"), "header", "right")


def _party(front: Front, row: int, total: PartyTotal) -> None:
    first, table = _first(front.table), front.table
    name = party(total.paid_to, front.making.language)
    net, vat, _ = total_cells(table, row)
    front.book.merged(front.sheet, (row, first, row, _columns(table)[0] - 1), name, "line", "middle")
    named = xl_rowcol_to_cell(row, first)
    written = (
        formulas.party_net(table, named),
        formulas.party_vat(table, named, net),
        f"=ROUND({net}+{vat},2)",
    )
    _amounts(front, row, written, total, "amount", "line", "middle")


def _grand_total(front: Front) -> None:
    rows, row, first = front.table.party_rows(), front.table.grand_total, _first(front.table)
    total = front.priced.total if front.priced else PartyTotal("", 0, 0, 0)
    net_column = _columns(front.table)[0]
    front.book.merged(front.sheet, (row, first, row, net_column - 1), front.words("total.all"), "grand", "middle")
    written = [
        f"=ROUND(SUM({xl_rowcol_to_cell(rows[0], column)}:{xl_rowcol_to_cell(rows[-1], column)}),2)"
        for column in _columns(front.table)
    ]
    _amounts(front, row, written, total, "amount", "grand", "middle")


def _amounts(front: Front, row: int, written: Sequence[str], total: PartyTotal, *names: str) -> None:
    net, vat, gross = _columns(front.table)
    front.book.formula(front.sheet, row, net, written[0], euro(total.net), *names)
    front.book.formula(front.sheet, row, vat, written[1], euro(total.vat), *names)
    front.spread((row, gross, row, front.table.last_column), written[2], euro(total.gross), *names)


def _check(front: Front) -> None:
    """One cell that adds the lines up again."""
    row = front.table.grand_total + 1
    net = total_cells(front.table, front.table.grand_total)[0]
    right, wrong = front.words("check.right"), front.words("check.wrong")
    failed = front.priced is not None and isinstance(front.priced.total.net, CellError)
    formula = formulas.everything_counted(front.table, net, right, wrong)
    area = (row, _first(front.table), row, front.table.last_column)
    front.spread(area, formula, wrong if failed else right, "note", "right", "middle")
    cell = xl_rowcol_to_cell(row, area[1], row_abs=True, col_abs=True)
    criteria = {"type": "formula", "criteria": f"={cell}={formulas.text_of(wrong)}"}
    front.sheet.conditional_format(*area, {**criteria, "format": front.book.style("error")})


def _terms(front: Front) -> None:
    """How to pay (art. 2.3.2), what the amounts rest on, and where to sign."""
    row = front.table.total_header
    front.book.merged(front.sheet, (row, 0, row, TERMS_END), front.words("terms.heading"), "heading", "middle")
    area = (row + 1, 0, row + TERMS_ROWS, TERMS_END)
    front.book.merged(front.sheet, area, _terms_told(front), "text", "wrap")
    row = max(row + TERMS_ROWS, front.table.grand_total + 1) + 1
    notes = (row, 0, row + 1, TERMS_END)
    front.book.merged(front.sheet, notes, " ".join([front.words("notes"), *_kept(front)]), "note")
    signature = (row, _first(front.table), row, front.table.last_column)
    front.book.merged(front.sheet, signature, front.words("agreed"), "label")
    front.book.merged(front.sheet, (row + 1, signature[1], row + 4, front.table.last_column), "", "sign")


def _kept(front: Front) -> list[str]:
    """What is not paid back when no certificate follows (art. 2.1.3.2), where the quote asks for it."""
    quote = front.making.quote
    tariff = tariff_of(front.making.session, quote.regulation if quote else None, front.making.day)
    asked = [line.kind for line in quote.line] if quote else list(tariff.costs)
    early = [cost for cost in asked if tariff.costs[cost].phase in BEFORE_CERTIFICATE]
    return [front.words("notes.kept")] if any(not refundable(tariff, cost) for cost in early) else []


def _terms_told(front: Front) -> str:
    quote = front.making.quote
    payment = tariff_of(front.making.session, quote.regulation if quote else None, front.making.day).payment
    return front.words(
        "terms",
        days=payment.term_days,
        margin=payment.interest_margin,
        notice=payment.notice_days,
        percent=payment.lump_sum_percent,
        minimum=euro_text(payment.lump_sum_minimum, front.making.language),
    )
