"""The late-payment statement of one customer (art. 2.3.2): what is owed on each invoice, the payments, the calculation.

Each invoice is one ``COPRO_LATE_CLAIM`` on the sheet with the calculation; the statement shows its figures. An invoice
that cannot be computed keeps its error, and every total it belongs to is that error too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.saving import check_target, saved
from core.tariff import Tariff
from core.texts import text
from core.vocabulary import Status
from workbooks.claim_accounts import (
    CLAIM_FIGURES,
    CLAIM_SPACE,
    FIRST_PAYMENT,
    SPARE_STEPS,
    Account,
    Terms,
    accounts_of,
    added,
    terms_of,
)
from workbooks.claim_input import ClaimInput, read_claim
from workbooks.quote.formulas import text_of
from workbooks.quote.layout import quoted
from workbooks.style import UNIT_LOOKS, Book, Page, Sheet, lines_high
from xl_addin.cells import Cell, CellError, serial
from xl_addin.evaluate import call
from xl_addin.session import Session

__all__ = ["ClaimInput", "read_claim", "write_statement"]


def write_statement(claim_input: ClaimInput, target: Path, session: Session, *, force: bool = False) -> None:
    """Writes the statement, in the customer's language.

    Args:
        claim_input: the customer and the invoices.
        target: the workbook to make (.xlsx).
        session: the installation at work.
        force: whether a file already there is replaced.

    Raises:
        NotAvailable: the installation's settings of policies are refused. FileError: the file is there already or
        cannot be written.
    """
    check_target(target, force=force)
    session = replace(session, language=claim_input.language)
    rulebook = session.rulebook
    tariff = rulebook.tariff(max(claim_input.as_of, rulebook.first_day()))
    terms = terms_of(tariff, session.language)
    accounts = list(accounts_of(claim_input, session, _as_of_row(claim_input) + 3))
    with saved(target, force=force) as file:
        _Statement(file, claim_input, session, accounts).write(terms, tariff)


# --- where everything stands: rows and columns are counted from 0 --------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    width: float
    look: str
    claim_row: int | None = None
    """The row of ``COPRO_LATE_CLAIM`` it shows."""

    @property
    def align(self) -> str:
        """Where its header and its cells stand."""
        if self.key == "notice":
            return "center"
        return "right" if self.look in ("amount", "whole") else "left"


_COLUMNS: Final = (
    _Column("number", 18, "wrap"),
    _Column("invoice_date", 17, "date"),
    _Column("due_date", 13.5, "date"),
    _Column("amount", 14, "amount"),
    _Column("payments", 14, "amount"),
    _Column("principal", 19, "amount", 2),
    _Column("days_late", 8.5, "whole", 1),
    _Column("interest", 13, "amount", 3),
    _Column("notice", 22, "date"),
    _Column("lump_sum", 20, "amount", 4),
    _Column("total", 16, "amount", 5),
)
_AT: Final = {column.key: position for position, column in enumerate(_COLUMNS)}
_LAST: Final = len(_COLUMNS) - 1
_WIDTH: Final = sum(column.width for column in _COLUMNS)
_FIRST_CUSTOMER: Final = 4

_PAYMENT_COLUMNS: Final = ("number", "payment_date", "payment_amount", "counted", "later", "overpaid")
_PAYMENT_WIDTHS: Final = (30, 16, 18, 18, 18, 18)
_DATE, _AMOUNT, _COUNTED, _LATER, _OVERPAID = range(1, 6)
_LINE: Final = 17
"""The height of a plain row, in points."""

_CLAIM_COLUMN: Final = 2
_DETAIL_WIDTHS: Final = (7, 47, 52, 17, 130, 90)
_DETAIL_PRINTED: Final = 3
_DETAIL_PAGE: Final = 880
"""Points of rows that fit on a printed page, which is reduced to the width of the paper."""
_DETAIL_HEADERS: Final = ("article", "step", "formula", "result", "policy", "source")


def _customer(claim_input: ClaimInput) -> list[tuple[str, str]]:
    """The customer, a line a fact: the key of its label, if it has one, and what it is."""
    customer = claim_input.customer
    facts = [("customer", customer.name), *(("", line) for line in customer.address)]
    return facts + [(key, value) for key in ("vat_number", "reference") if (value := getattr(customer, key))]


def _as_of_row(claim_input: ClaimInput) -> int:
    return _FIRST_CUSTOMER + len(_customer(claim_input))


def _absolute(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


# --- the workbook --------------------------------------------------------------------------------------------------


class _Statement:
    def __init__(self, file: Path, claim_input: ClaimInput, session: Session, accounts: Sequence[Account]) -> None:
        self.input = claim_input
        self.session = session
        self.language = session.language
        self.accounts = accounts
        self.book = Book(
            file,
            self.language,
            title=self._text("title"),
            fingerprint=session.rulebook.fingerprint,
            created=session.today(),
        )
        widths = [column.width for column in _COLUMNS]
        headers, received = accounts[0].row - 1, FIRST_PAYMENT - 1
        page = Page(landscape=True, repeat=(headers, headers))
        self.statement: Sheet = self.book.sheet(self._text("sheet_statement"), page, widths)
        page = Page(repeat=(received, received))
        self.payments: Sheet = self.book.sheet(self._text("sheet_payments"), page, _PAYMENT_WIDTHS)
        self.detail: Sheet = self.book.sheet(self._text("sheet_detail"), Page(), _DETAIL_WIDTHS)

    def write(self, terms: Terms, tariff: Tariff) -> None:
        """The three sheets."""
        self._head(tariff)
        for account in self.accounts:
            self._invoice(account)
        row = self._totals(self.accounts[-1].row + 1)
        self._ground(row + 1, terms)
        self._write_payments()
        self._write_detail()
        for sheet in (self.statement, self.payments, self.detail):
            self.book.protect(sheet)
        self.book.close()

    def _text(self, key: str, **details: object) -> str:
        return text("late_payment", key, self.language, **details)

    def _place(self, which: str, row: int, column: int) -> str:
        """A cell as formulas of the other sheets name it."""
        return f"{quoted(self._text(f'sheet_{which}'))}!{_absolute(row, column)}"

    def _across(self, row: int, words: str, *styles: str, height: float | None = None) -> None:
        self.book.merged(self.statement, (row, 0, row, _LAST), words, *styles)
        self.statement.set_row(row, height or lines_high(words, _WIDTH))

    # --- the statement ---------------------------------------------------------------------------------------------

    def _head(self, tariff: Tariff) -> None:
        book, sheet = self.book, self.statement
        self._across(0, self._text("title"), "title", height=32)
        self._across(1, tariff.general.title[self.language], "subtitle", height=18)
        book.data_notice(sheet, (2, 0, 2, _LAST), text("tariff_card", "data_changed", self.language))
        self._status()
        for row, (key, value) in enumerate(_customer(self.input), start=_FIRST_CUSTOMER):
            book.text(sheet, row, 0, self._text(key) if key else "", "label")
            book.merged(sheet, (row, 1, row, _LAST), value, "wrap", *(["bold"] if key == "customer" else []))
            sheet.set_row(row, max(_LINE, lines_high(value, _WIDTH - _COLUMNS[0].width)))
        row = _as_of_row(self.input)
        book.text(sheet, row, 0, self._text("as_of"), "label")
        book.value(sheet, row, 1, self.input.as_of, "date", "input", "bold")
        sheet.set_row(row, _LINE)
        for position, column in enumerate(_COLUMNS):
            book.text(sheet, row + 2, position, self._text(column.key), "header", column.align)
        sheet.set_row(row + 2, 32)

    def _status(self) -> None:
        """What to beware of when a figure is not official."""
        statuses = frozenset().union(*(account.statuses for account in self.accounts))
        for status in (Status.EXAMPLE, Status.PROVISIONAL):
            if status in statuses:
                self._across(3, self._text(status.value), "warning", "wrap", "middle", height=22)
                return
        self.statement.set_row(3, 6)

    @property
    def _as_of(self) -> str:
        return self._place("statement", _as_of_row(self.input), 1)

    def _invoice(self, account: Account) -> None:
        invoice, row = account.invoice, account.row
        self.statement.set_row(row, max(20, lines_high(invoice.number, _COLUMNS[0].width)))
        inputs = {
            "number": invoice.number,
            "invoice_date": invoice.date,
            "amount": invoice.amount,
            "notice": invoice.notice_received,
        }
        for key, value in inputs.items():
            self.book.value(self.statement, row, _AT[key], value, *self._look(key), "input")
        self._formula(account, "due_date", *self._due_date(account))
        self._formula(account, "payments", *self._paid(account))
        for column in _COLUMNS:
            if column.claim_row is not None:
                shown = self._claimed(account, column.claim_row)
                self._formula(account, column.key, shown, account.figure(column.claim_row))

    @staticmethod
    def _look(key: str) -> Sequence[str]:
        column = _COLUMNS[_AT[key]]
        return [column.look, column.align, *(["bold"] if key == "total" else []), "middle", "line"]

    def _formula(self, account: Account, key: str, formula: str, value: Cell) -> None:
        look = [*self._look(key), *(["error"] if isinstance(value, CellError) else [])]
        self.book.formula(self.statement, account.row, _AT[key], formula, value, *look)

    def _due_date(self, account: Account) -> tuple[str, Cell]:
        value = call("COPRO_DUE_DATE", [serial(account.invoice.date)], self.session)
        assert not isinstance(value, list)
        return f"=COPRO_DUE_DATE({xl_rowcol_to_cell(account.row, _AT['invoice_date'])})", value

    def _paid(self, account: Account) -> tuple[str, Cell]:
        """What was received up to the day of the statement, as the sheet of payments counts it."""
        return f"={self._place('payments', account.payments[0], _COUNTED)}", account.counted

    def _received(self, account: Account, first: int, last: int) -> str:
        """Columns of an invoice's lines on the sheet of payments."""
        begin, end = account.payments
        return f"{self._place('payments', begin, first)}:{_absolute(end, last)}"

    def _claimed(self, account: Account, row: int) -> str:
        """A figure of the claim; its error when there is none."""
        first = self._place("detail", account.claim_row, _CLAIM_COLUMN)
        figure = self._place("detail", account.claim_row + row, _CLAIM_COLUMN + 1)
        return f"=IF(ISNUMBER({figure}),{figure},IF(ISERROR({first}),{first},NA()))"

    def _totals(self, row: int) -> int:
        first, last = self.accounts[0].row, self.accounts[-1].row
        self.statement.set_row(row, 24)
        for position, column in enumerate(_COLUMNS):
            if column.look != "amount":
                self.book.text(self.statement, row, position, "", "grand")
                continue
            area = f"{xl_rowcol_to_cell(first, position)}:{xl_rowcol_to_cell(last, position)}"
            value = added(self._values(column.key))
            self.book.formula(self.statement, row, position, f"=SUM({area})", value, "amount", "grand", "middle")
        self.book.text(self.statement, row, 0, self._text("totals"), "grand", "middle")
        self._check(row + 1, row)
        self._failures(row + 2)
        row = self._reasons(row + 3)
        return self._not_counted(row)

    def _values(self, key: str) -> list[Cell]:
        """A column of amounts."""
        if key == "amount":
            return [float(account.invoice.amount) for account in self.accounts]
        if key == "payments":
            return [account.counted for account in self.accounts]
        claim_row = _COLUMNS[_AT[key]].claim_row
        assert claim_row is not None
        return [account.figure(claim_row) for account in self.accounts]

    def _check(self, row: int, totals: int) -> None:
        principal, interest, lump_sum, total = (
            xl_rowcol_to_cell(totals, _AT[key]) for key in ("principal", "interest", "lump_sum", "total")
        )
        right, wrong, impossible = (text_of(self._text(f"check_{how}")) for how in ("right", "wrong", "impossible"))
        difference = f"ROUND({principal}+{interest}+{lump_sum}-{total},2)"
        formula = f"=IF(ISERROR({difference}),{impossible},IF({difference}=0,{right},{wrong}))"
        failed = any(isinstance(account.claim, CellError) for account in self.accounts)
        self._across(row, "", "note", "right", "middle", height=17)
        value = self._text("check_impossible" if failed else "check_right")
        self.book.formula(self.statement, row, 0, formula, value, "note", "right", "middle")

    def _failures(self, row: int) -> None:
        """How many invoices could not be computed; nothing when all could."""
        position = _AT["total"]
        area = ":".join(xl_rowcol_to_cell(self.accounts[end].row, position) for end in (0, -1))
        count = f"SUMPRODUCT(--ISERROR({area}))"
        before, _, after = text("late_payment", "failed", self.language).partition("{count}")
        failed = sum(isinstance(account.claim, CellError) for account in self.accounts)
        self._across(row, "", "wrap", "middle", height=20)
        formula = f'=IF({count}=0,"",{text_of(before)}&{count}&{text_of(after)})'
        self.book.formula(
            self.statement, row, 0, formula, f"{before}{failed}{after}" if failed else "", "wrap", "middle"
        )
        error = {"type": "no_blanks", "format": self.book.style("error")}
        self.statement.conditional_format(row, 0, row, _LAST, error)

    def _reasons(self, row: int) -> int:
        """Why an invoice could not be computed; goes away once it can be."""
        for account in self.accounts:
            if not isinstance(account.claim, CellError):
                continue
            reason = str(account.steps[0][2])
            claim = self._place("detail", account.claim_row, _CLAIM_COLUMN)
            why = self._place("detail", account.steps_row, 2)
            self.book.formula(
                self.statement, row, 0, f"={xl_rowcol_to_cell(account.row, 0)}", account.invoice.number, "error"
            )
            self.book.merged(self.statement, (row, 1, row, _LAST), "", "error", "light", "wrap")
            formula = f'=IF(ISERROR({claim}),{why},"")'
            self.book.formula(self.statement, row, 1, formula, reason, "error", "light", "wrap")
            self.statement.set_row(row, lines_high(reason, _WIDTH - _COLUMNS[0].width))
            row += 1
        return row

    def _not_counted(self, row: int) -> int:
        """What the totals leave out: later payments, and what was received beyond what is owed."""
        first, last = FIRST_PAYMENT, self.accounts[-1].payments[1]
        for key, column, values in (
            ("claim.later_payments", _LATER, [account.later for account in self.accounts]),
            ("claim.overpaid", _OVERPAID, [account.overpaid for account in self.accounts]),
        ):
            area = f"{self._place('payments', first, column)}:{_absolute(last, column)}"
            words = text("labels", key, self.language)
            self.book.merged(self.statement, (row, 0, row, _LAST - 1), words, "note", "right", "middle")
            self.book.formula(self.statement, row, _LAST, f"=SUM({area})", added(values), "note", "amount", "middle")
            self.statement.set_row(row, _LINE)
            row += 1
        return row

    def _ground(self, row: int, terms: Terms) -> None:
        self._across(row, self._text("ground"), "heading", "middle", height=26)
        for line in terms.lines:
            row += 1
            self._across(row, line, "wrap", "middle")
        row += 1
        self.statement.set_row(row, 6)
        as_of = serial(self.input.as_of)
        rates = (
            ("rate_statutory", "COPRO_LEGAL_RATE", f',"{terms.law}"', [as_of, terms.law]),
            ("rate_late", "COPRO_LATE_RATE", "", [as_of]),
        )
        for key, function, more, arguments in rates:
            row += 1
            value = call(function, arguments, self.session)
            look = ["percent", "bold", "line", *(["error"] if isinstance(value, CellError) else [])]
            self.book.merged(self.statement, (row, 0, row, 4), self._text(key), "line", "middle")
            self.book.formula(self.statement, row, 5, f"={function}({self._as_of}{more})", value, *look, "middle")
            self.statement.set_row(row, _LINE)
        self._across(row + 2, self._text("pay"), "bold", "wrap")
        made = text(
            "tariff_card",
            "made_with",
            self.language,
            day=self.session.today(),
            fingerprint=self.session.rulebook.fingerprint,
        )
        self._across(row + 3, made, "note")

    # --- the payments ----------------------------------------------------------------------------------------------

    def _write_payments(self) -> None:
        book, sheet = self.book, self.payments
        book.text(sheet, 0, 0, self._text("payments_title"), "title")
        sheet.set_row(0, 32)
        note = self._text("payments_note")
        book.merged(sheet, (1, 0, 1, _OVERPAID), note, "note")
        sheet.set_row(1, lines_high(note, sum(_PAYMENT_WIDTHS)))
        for column, key in enumerate(_PAYMENT_COLUMNS):
            align = "right" if column >= _AMOUNT else "left"
            book.text(sheet, FIRST_PAYMENT - 1, column, self._text(key), "header", align)
        sheet.set_row(FIRST_PAYMENT - 1, 22)
        for account in self.accounts:
            self._write_received(account)

    def _write_received(self, account: Account) -> None:
        first, last = account.payments
        for row in range(first, last + 1):
            look = ["middle", "line"] if row == last else ["middle"]
            received = account.invoice.payment[row - first : row - first + 1]
            self.book.value(self.payments, row, _DATE, received[0].date if received else None, "date", "input", *look)
            amount = received[0].amount if received else None
            self.book.value(self.payments, row, _AMOUNT, amount, "amount", "input", *look)
            self.payments.set_row(row, _LINE)
            for column in (0, _COUNTED, _LATER, _OVERPAID):
                self.book.value(self.payments, row, column, None, *look)
        self._write_counted(account, ["middle"])

    def _write_counted(self, account: Account, look: Sequence[str]) -> None:
        """The invoice and what becomes of its payments, on its first line."""
        row = account.payments[0]
        dates, amounts = (self._received(account, column, column) for column in (_DATE, _AMOUNT))
        begin, end = account.claim_row, account.claim_row + CLAIM_FIGURES - 1
        figures = f"{self._place('detail', begin, _CLAIM_COLUMN + 1)}:{_absolute(end, _CLAIM_COLUMN + 1)}"
        everything = f"INDEX(COPRO_LATE_CLAIM({','.join(self._given(account))}),0,2)"
        claim = self._place("detail", begin, _CLAIM_COLUMN)
        further = f"SUM({everything})-SUM({figures})-{xl_rowcol_to_cell(row, _LATER)}"
        number = self._place("statement", account.row, 0)
        overpaid = account.overpaid
        failed = ["error"] if isinstance(overpaid, CellError) else []
        cells: tuple[tuple[int, str, Cell, Sequence[str]], ...] = (
            (0, f"={number}", account.invoice.number, ["bold", "wrap"]),
            (_COUNTED, f'=SUMIFS({amounts},{dates},"<="&{self._as_of})', account.counted, ["amount"]),
            (_LATER, f'=SUMIFS({amounts},{dates},">"&{self._as_of})', account.later, ["amount"]),
            (_OVERPAID, f"=IF(ISERROR({claim}),{claim},ROUND({further},2))", overpaid, ["amount", *failed]),
        )
        for column, formula, value, own in cells:
            self.book.formula(self.payments, row, column, formula, value, *own, *look)

    # --- the calculation -------------------------------------------------------------------------------------------

    def _write_detail(self) -> None:
        self.book.text(self.detail, 0, 0, self._text("detail_title"), "title")
        self.detail.set_row(0, 32)
        for account in self.accounts:
            self._write_account(account)
        last = self.accounts[-1]
        self.detail.print_area(0, 0, last.steps_row + len(last.steps) - 1, _DETAIL_PRINTED)
        self.detail.set_h_pagebreaks(list(self._breaks()))

    def _breaks(self) -> Iterator[int]:
        """The rows at which a new page begins, so that no invoice is torn apart that fits on one."""
        used = 0.0
        for account in self.accounts:
            rows = CLAIM_SPACE + SPARE_STEPS + 4
            high = rows * _LINE + sum(self._height(cells) for cells in account.steps)
            if used and used + high > _DETAIL_PAGE:
                yield account.detail
                used = 0.0
            used += high

    def _write_account(self, account: Account) -> None:
        book, sheet, row = self.book, self.detail, account.detail
        number_cell = self._place("statement", account.row, 0)
        book.merged(sheet, (row, 0, row, _DETAIL_PRINTED), "", "heading", "middle", "line")
        book.formula(
            *(sheet, row, 0, f"={text_of(self._text('number') + ' ')}&{number_cell}"),
            f"{self._text('number')} {account.invoice.number}",
            *("heading", "middle", "line"),
        )
        sheet.set_row(row, 26)
        for claim in range(account.claim_row, account.steps_row):
            sheet.set_row(claim, _LINE)
        given = ",".join(self._given(account))
        self._write_claim(account, f"=COPRO_LATE_CLAIM({given})")
        for column, key in enumerate(_DETAIL_HEADERS):
            align = "right" if key == "result" else "left"
            book.text(sheet, account.steps_row - 1, column, self._text(key), "header", align)
        self._write_steps(account, f'=COPRO_EXPLAIN("{self.language}:COPRO_LATE_CLAIM",{given})')

    def _given(self, account: Account) -> Iterator[str]:
        """The cells that the functions are given."""
        for key in ("amount", "invoice_date"):
            yield self._place("statement", account.row, _AT[key])
        yield self._as_of
        yield self._received(account, 1, 2)
        yield self._place("statement", account.row, _AT["notice"])
        yield text_of(self.language)

    def _write_claim(self, account: Account, formula: str) -> None:
        row, column = account.claim_row, _CLAIM_COLUMN
        if isinstance(account.claim, CellError):
            self.book.formula(self.detail, row, column, formula, [[account.claim]], "error", "right")
            return
        looks = {0: ("date", "right"), 1: ("whole",), 5: ("amount", "bold")}

        def look(down: int, across: int) -> Sequence[str]:
            return (*looks.get(down, ("amount",)), "middle") if across else ("label", "right", "middle")

        self.book.table(self.detail, row, column, formula, account.claim, look)

    def _write_steps(self, account: Account, formula: str) -> None:
        first = account.steps_row
        self.book.table(self.detail, first, 0, formula, account.steps, partial(self._step_look, account))
        for down, cells in enumerate(account.steps):
            self.detail.set_row(first + down, self._height(cells))

    @staticmethod
    def _step_look(account: Account, down: int, column: int) -> Sequence[str]:
        if not account.units:
            return ("error",) if column == 3 else ("wrap",)
        if column == 3:
            look = UNIT_LOOKS.get(account.units[down], "text")
            return (look, "right", *(["bold"] if down == len(account.steps) - 1 else []))
        return ("wrap",) if column in (1, 2) else ("label",)

    @staticmethod
    def _height(cells: Sequence[Cell]) -> float:
        return max(lines_high(str(cells[column]), _DETAIL_WIDTHS[column]) for column in (1, 2))
