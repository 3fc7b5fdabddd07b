"""The three sheets that people fill in, and the hidden one that puts each invoice's payments together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.formats import day as written_day
from core.topics import LANGUAGES
from workbooks.late_payment.accounts import NOT_AVAILABLE, Account
from workbooks.late_payment.formulas import MOST_SLOTS
from workbooks.late_payment.layout import FIRST, HEADER, Column, Table
from workbooks.late_payment.making import ROW, Area, Making
from workbooks.late_payment.model import Debtor
from workbooks.late_payment.words import FIGURES
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell

Values = Mapping[str, Cell]
"""The values of a row, by column; a column that is not there is empty."""
_FROZEN: Final = {"customers": 1, "invoices": 2, "payments": 1}


@dataclass(frozen=True)
class _Sheet:
    """A sheet to fill in: its name, its table, its formulas by row, the values of each row filled in."""

    which: str
    table: Table
    formulas: Callable[[int], Mapping[str, str]]
    values: Sequence[Values]


def write(making: Making, sheets: Mapping[str, Sheet]) -> None:
    """The sheets of customers, invoices and payments."""
    formulas, tables = making.formulas, making.layout.tables
    for one in (
        _Sheet("customers", tables["customers"], formulas.customer, _customers(making)),
        _Sheet("invoices", tables["invoices"], formulas.invoice, _invoices(making)),
        _Sheet("payments", tables["payments"], formulas.payment, _payments(making)),
    ):
        _write(making, sheets[one.which], one)
    _checks(making, sheets)
    _received(making, sheets["received"])


def widths(table: Table) -> list[float]:
    """The widths of the columns people see."""
    return [column.width for column in table.visible]


def page(which: str) -> Page:
    """How a sheet is printed."""
    return Page(landscape=which != "payments", repeat=(HEADER, HEADER))


# --- a sheet ---------------------------------------------------------------------------------------------------------


def _write(making: Making, sheet: Sheet, one: _Sheet) -> None:
    book, table, last = making.book, one.table, len(one.table.visible) - 1
    book.text(sheet, 0, 0, making.text(f"{one.which}_title"), "title")
    sheet.set_row(0, 32)
    note = making.text(f"{one.which}_note")
    book.merged(sheet, (1, 0, 1, last), note, "note")
    sheet.set_row(1, lines_high(note, sum(widths(table))))
    told, value = making.wrong_told("wrong_told")
    making.across(sheet, (2, 0, 2, last), f"={told}", value, "wrap", "middle")
    making.warn(sheet, (2, 0, 2, last))
    for position, column in enumerate(table.visible):
        book.text(sheet, HEADER, position, _heading(making, column), "header", column.align)
    sheet.set_row(HEADER, 32)
    for number in range(table.rows):
        _row(making, sheet, one, FIRST + number, one.values[number] if number < len(one.values) else {})
    _end(making, sheet, table)
    sheet.set_column(last + 1, last + len(table.hidden), 9, None, {"hidden": True})
    sheet.print_area(0, 0, table.end, last)
    sheet.autofilter(HEADER, 0, table.last, last)
    sheet.freeze_panes(FIRST, _FROZEN[one.which])
    _colours(making, sheet, table)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True})


def _heading(making: Making, column: Column) -> str:
    key, _, line = column.key.partition("_")
    return f"{making.text('address')} {line}" if key == "address" else making.text(column.key)


def _row(making: Making, sheet: Sheet, one: _Sheet, row: int, values: Values) -> None:
    table, book = one.table, making.book
    for position, column in enumerate(table.inputs):
        book.value(sheet, row, position, values.get(column.key), *column.styles, "line", "input")
    styles = {column.key: column.styles for column in table.shown}
    for key, formula in one.formulas(row).items():
        look = (*styles[key], "line") if key in styles else ("date",) if key == "late_since" else ()
        book.formula(sheet, row, table.column(key), formula, values.get(key, _BLANK.get(key, "")), *look)
    sheet.set_row(row, _height(table, values))


_BLANK: Final[Values] = {
    "customer_no": 0,
    "ready": 0,
    "sound": 0,
    "later": 0,
    "overpaid": 0,
    "invoice_no": 0,
    "wrong": 0,
}
"""What the workings of an empty row give; other columns are empty text."""


def _height(table: Table, values: Values) -> float:
    texts = ((values.get(column.key), column.width) for column in table.visible)
    return max([ROW, *(lines_high(words, width) for words, width in texts if isinstance(words, str))])


def _end(making: Making, sheet: Sheet, table: Table) -> None:
    """The row under the table."""
    book, row = making.book, table.end
    book.merged(sheet, (row, 0, row, 1), making.text("table_ends"), "note")
    for key, formula in making.formulas.below(table).items():
        look = ("wrap", "middle") if key == "check" else ()
        book.formula(sheet, row, table.column(key), formula, "", *look)


def _colours(making: Making, sheet: Sheet, table: Table) -> None:
    """What is wrong stands out, by its words and by its ground."""
    check = table.column("check")
    making.warn(sheet, (FIRST, check, table.end, check))
    first, last = len(table.inputs), len(table.visible) - 1
    if last - 1 >= first:
        making.mark_errors(sheet, (FIRST, first, table.last, last - 1))


# --- values ----------------------------------------------------------------------------------------------------------


def _customers(making: Making) -> list[Values]:
    return [_customer(customer) for customer in making.data.customers]


def _customer(customer: Debtor) -> Values:
    address = {f"address_{line}": words for line, words in enumerate(customer.address, 1)}
    return {
        "customer": customer.name,
        "language": customer.language,
        **address,
        "vat_number": customer.vat_number,
        "reference": customer.reference,
        "key": _key(customer.name),
    }


def _key(name: str) -> str:
    """What the sheet compares: no spaces around, one between words."""
    return " ".join(name.split())


def _invoices(making: Making) -> list[Values]:
    listed, overdue, wrong = (_Counter() for _ in range(3))
    rows: list[Values] = []
    for account in making.data.accounts:
        theirs = account.customer == 1
        rows.append({
            **_inputs_of(account),
            **_figures_of(making, account),
            "listed": listed.next(theirs and account.open),
            "overdue": overdue.next(theirs and account.late),
            "counter": wrong.next(bool(account.check)),
        })  # fmt: skip
    return rows


class _Counter:
    """Numbers what counts, from 1; nothing for what does not."""

    def __init__(self) -> None:
        self.last = 0

    def next(self, counts: bool) -> Cell:
        self.last += counts
        return self.last if counts else ""


def _inputs_of(account: Account) -> dict[str, Cell]:
    invoice = account.invoice
    return {
        "customer": invoice.customer,
        "number": invoice.number,
        "invoice_date": invoice.date,
        "amount": float(invoice.amount),
        "notice": invoice.notice_received,
    }


def _figures_of(making: Making, account: Account) -> dict[str, Cell]:
    rows, claim = account.rows, account.claim
    first = rows[0][0] if rows else "" if claim is None else claim
    assert not isinstance(first, list)
    bucket = account.bucket
    return {
        **{key: account.figure(row) for key, row in FIGURES.items()},
        "payments": account.paid,
        "bucket": making.text(f"bucket_{bucket}") if bucket else "",
        "check": account.check,
        "key": _key(account.invoice.number),
        "customer_no": account.customer,
        "fault": account.fault,
        "ready": int(not account.fault),
        "first": first,
        "sound": int(bool(rows)),
        "otherwise": NOT_AVAILABLE if account.fault else first,
        "reason": account.reason,
        "later": account.later,
        "overpaid": account.overpaid,
        "bucket_no": bucket or "",
        "late_since": account.figure(1) if rows and account.days > 0 else "",
    }


def _payments(making: Making) -> list[Values]:
    wrong, slots = _Counter(), Counter[int]()
    rows: list[Values] = []
    for account, payment, fault in making.data.payments:
        slots[account.number] += 1
        rows.append({
            "number": account.invoice.number,
            "payment_date": payment.date,
            "payment_amount": float(payment.amount),
            "customer": account.invoice.customer,
            "check": fault,
            "key": _key(account.invoice.number),
            "invoice_no": account.number,
            "wrong": int(bool(fault)),
            "slot": account.number * MOST_SLOTS + slots[account.number],
            "counter": wrong.next(bool(fault)),
        })  # fmt: skip
    return rows


# --- the checks of what is typed, and the payments of each invoice ---------------------------------------------------


def _checks(making: Making, sheets: Mapping[str, Sheet]) -> None:
    tables = making.layout.tables
    customers, invoices, payments = (tables[which] for which in ("customers", "invoices", "payments"))
    making.choose(sheets["customers"], _inputs(customers, "language"), list(LANGUAGES))
    making.choose(sheets["invoices"], _inputs(invoices, "customer"), _filled_in(customers, "customer"))
    making.choose(sheets["payments"], _inputs(payments, "number"), _filled_in(invoices, "number"))
    for which, table, column in (
        ("invoices", invoices, "invoice_date"),
        ("invoices", invoices, "notice"),
        ("payments", payments, "payment_date"),
    ):
        first = making.data.session.rulebook.first_day()
        told = making.text("input_day", first=written_day(first, making.layout.language))
        rule = {"validate": "date", "criteria": ">=", "value": first}
        _refuse(making, sheets[which], _inputs(table, column), rule, told)
    for which, table, column in (("invoices", invoices, "amount"), ("payments", payments, "payment_amount")):
        cell = table.cell(column, FIRST)
        rule = {"validate": "custom", "value": f"=AND(ISNUMBER({cell}),{cell}>0,ROUND({cell},2)={cell})"}
        _refuse(making, sheets[which], _inputs(table, column), rule, making.text("input_amount"))


def _inputs(table: Table, column: str) -> Area:
    position = table.column(column)
    return FIRST, position, table.last, position


def _filled_in(table: Table, column: str) -> str:
    """A column without the row under the table."""
    whole = table.whole(column)
    return f"{whole.rpartition('$')[0]}${table.last + 1}"


def _refuse(making: Making, sheet: Sheet, area: Area, rule: Mapping[str, object], told: str) -> None:
    sheet.data_validation(*area, {**rule, "error_title": making.text("input_title"), "error_message": told})


def _received(making: Making, sheet: Sheet) -> None:
    layout = making.layout
    for number in range(1, layout.invoices + 1):
        account = making.data.accounts[number - 1] if number <= len(making.data.accounts) else None
        payments = account.invoice.payment if account else ()
        for slot in range(1, layout.slots + 1):
            row = (number - 1) * layout.slots + slot - 1
            known = payments[slot - 1] if slot <= len(payments) else None
            values: tuple[Cell, Cell] = (known.date, float(known.amount)) if known else ("", "")
            styles = ("date", "amount")
            formulas = making.formulas.received(number, slot)
            for column, (formula, value, style) in enumerate(zip(formulas, values, styles, strict=True), 1):
                making.formula(sheet, row, column, formula, value, style)
    making.book.protect(sheet)
    sheet.hide()
