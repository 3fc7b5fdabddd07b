"""The list of everything that is wrong: on which sheet, in which row, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbooks.late_payment.layout import FIRST
from workbooks.late_payment.making import ROW, Making
from workbooks.quote.formulas import text_of
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell

WIDTHS: Final = (16, 8, 24, 110)
PAGE: Final = Page(landscape=True, repeat=(2, 2))
_HEADER: Final = 2
_LISTED: Final = 60
"""Rows of the list."""


def write(making: Making, sheet: Sheet) -> None:
    """Everything on it."""
    book, last = making.book, len(WIDTHS) - 1
    book.text(sheet, 0, 0, making.text("checks_title"), "title")
    sheet.set_row(0, 32)
    _heading(making, sheet, (1, 0, 1, last))
    for column, key in enumerate(("checks_sheet", "checks_row", "checks_what", "checks_reason")):
        book.text(sheet, _HEADER, column, making.text(key), "header", "right" if column == 1 else "indent")
    sheet.set_row(_HEADER, 22)
    found = list(_found(making))
    for number in range(1, _LISTED + 1):
        _line(making, sheet, number, found[number - 1] if number <= len(found) else ("", "", "", ""))
    row = _HEADER + _LISTED + 1
    more = f'=IF({making.words.state("wrong")}>{_LISTED},{text_of(making.text("checks_more"))},"")'
    making.across(sheet, (row, 0, row, last), more, "", "bold")
    sheet.freeze_panes(_HEADER + 1, 0)
    book.protect(sheet)


def _heading(making: Making, sheet: Sheet, area: tuple[int, int, int, int]) -> None:
    told, value = making.wrong_told("checks_some")
    none, count = making.text("checks_none"), making.words.state("wrong")
    told = f"=IF({count}=0,{text_of(none)},{told})"
    making.across(sheet, area, told, value or none, "bold", "middle")
    wrong = {"type": "formula", "criteria": f'=$A${_HEADER + 2}<>""', "format": making.book.style("error")}
    sheet.conditional_format(*area, wrong)
    sheet.set_row(area[0], 22)


def _found(making: Making) -> Iterator[tuple[Cell, ...]]:
    """What is wrong now."""
    for row, account in enumerate(making.data.accounts, FIRST + 1):
        if account.check:
            yield making.layout.name("invoices"), row, " ".join(account.invoice.number.split()), account.check
    for row, (account, _, fault) in enumerate(making.data.payments, FIRST + 1):
        if fault:
            yield making.layout.name("payments"), row, " ".join(account.invoice.number.split()), fault


def _line(making: Making, sheet: Sheet, number: int, values: tuple[Cell, ...]) -> None:
    """One thing that is wrong: those of the customers first, then the invoices, then the payments."""
    tables, state = making.layout.tables, making.words.state
    names = [text_of(making.layout.name(which)) for which in tables]
    row = _HEADER + number
    here, at = f"$A{row + 1}", f"$B{row + 1}"
    customers = state("wrong_customers")
    invoices = f"{customers}+{state('wrong_invoices')}"
    which = f'=IF({number}>{state("wrong")},"",{_by(f"{number}<={customers}", f"{number}<={invoices}", *names)})'
    places = [
        f"MATCH({number}{before},{table.whole('counter')},0)"
        for table, before in zip(tables.values(), ("", f"-{customers}", f"-({invoices})"), strict=True)
    ]
    chosen = (f"{here}={names[0]}", f"{here}={names[1]}")
    place = f'=IF({here}="","",{_by(*chosen, *places)}+{FIRST})'
    told = []
    for key in ("key", "check"):
        answers = (f"INDEX({table.whole(key)},{at}-{FIRST})" for table in tables.values())
        told.append(f'=IF({here}="","",{_by(*chosen, *answers)}&"")')
    looks = (("indent",), ("whole",), ("wrap", "indent"), ("wrap", "indent"))
    for column, (formula, value, look) in enumerate(zip((which, place, *told), values, looks, strict=True)):
        making.formula(sheet, row, column, formula, value, *look, "middle")
    sheet.set_row(row, max(ROW, lines_high(str(values[3]), WIDTHS[3])))


def _by(first: str, second: str, *answers: str) -> str:
    """The answer for customers, for invoices, or for payments."""
    return f"IF({first},{answers[0]},IF({second},{answers[1]},{answers[2]}))"
