"""How the claim of one invoice was made: its payments, its figures, the interest in its periods, each step."""

from __future__ import annotations

from datetime import date
from typing import Final

from core.texts import text
from workbooks.late_payment.accounts import Account, explained
from workbooks.late_payment.formulas import MOST_SLOTS, position
from workbooks.late_payment.making import ROW, RULE_LOOK, Area, Making, here, wrong
from workbooks.quote.formulas import text_of
from workbooks.style import Page, Sheet, lines_high, number_formats
from xl_addin.cells import Cell, Table, serial
from xl_addin.evaluate import call

WIDTHS: Final = (8, 48, 17, 15, 17, 17, 100, 90)
PAGE: Final = Page()
CHOSEN: Final = (2, 2)
"""The cell with the number of the invoice."""
CLAIM: Final = 8
CLAIM_ROWS: Final = 8
"""Later payments and what was received beyond what is owed add a row each to the six of every claim."""
PERIODS: Final = 6
"""Rows for periods of one rate."""
STEPS: Final = 50
"""Rows for steps."""
_STEP: Final = 30
"""The height of a step: two lines, for another invoice may be chosen."""
_LABEL, _VALUE, _DATE, _AMOUNT, _POLICY, _SOURCE = 1, 2, 4, 5, 6, 7
_HIDDEN: Final = 8
_FACTS: Final = (("customer", "wrap"), ("invoice_date", "date"), ("amount", "amount"), ("notice", "date"))
_FIRST_FACT: Final = CHOSEN[0] + 1
_DATED: Final = ("end_of_month", "days_added", "working_day", "notice_ends")
"""The steps whose result is a date."""
_STEP_KEYS: Final = ("article", "step", "formula", "result", "policy", "source")
_STEP_COLUMNS: Final = (0, _LABEL, _VALUE, _AMOUNT, _POLICY, _SOURCE)


def write(making: Making, sheet: Sheet) -> None:
    """Everything on it."""
    _Calculation(making, sheet).write()


class _Calculation:
    def __init__(self, making: Making, sheet: Sheet) -> None:
        self.making = making
        self.sheet = sheet
        self.language = making.layout.language
        self.account: Account | None = making.data.accounts[0] if making.data.accounts else None
        self.slots = making.layout.slots
        self.number = here(CHOSEN[0], _HIDDEN)
        self.periods = max(CLAIM + CLAIM_ROWS, _FIRST_FACT + self.slots) + 2
        self.steps = self.periods + PERIODS + 5

    def write(self) -> None:
        """From top to bottom."""
        self._head()
        self._facts()
        self._received()
        self._claim()
        self._periods()
        self._steps()
        self.sheet.set_column(_HIDDEN, _HIDDEN, None, None, {"hidden": True})
        self.sheet.print_area(0, 0, self.steps + STEPS + 1, _AMOUNT)
        self.sheet.freeze_panes(CHOSEN[0] + 1, 0)
        self.sheet.set_selection(*CHOSEN, *CHOSEN)
        self.making.book.protect(self.sheet)

    def _formula(self, row: int, column: int, formula: str, value: Cell, *names: str) -> None:
        self.making.formula(self.sheet, row, column, formula, value, *names, *wrong(value))

    def _header(self, row: int, column: int, key: str, align: str = "left") -> None:
        self.making.book.text(self.sheet, row, column, self.making.text(key), "header", align)

    def _head(self) -> None:
        book, making, sheet = self.making.book, self.making, self.sheet
        book.text(sheet, 0, 0, making.text("calculation_title"), "title")
        sheet.set_row(0, 32)
        book.merged(sheet, (1, 0, 1, _AMOUNT), making.text("calculation_note"), "note")
        book.text(sheet, CHOSEN[0], _LABEL, making.text("number"), "label", "middle")
        number = self.account.invoice.number if self.account else ""
        book.value(sheet, *CHOSEN, number or None, "input", "bold", "wrap", "middle")
        book.name("late_invoice", sheet, *CHOSEN)
        invoices = making.layout.invoice_table
        whole = invoices.whole("number")
        making.choose(sheet, (*CHOSEN, *CHOSEN), f"{whole.rpartition('$')[0]}${invoices.last + 1}")
        chosen = here(*CHOSEN)
        wanted = position(invoices, f'TRIM({chosen}&"")')
        place = self.account.number if self.account else 0
        self._formula(CHOSEN[0], _HIDDEN, f'=IF({chosen}&""="",0,{wanted})', place)
        sheet.set_row(CHOSEN[0], max(20, lines_high(number, WIDTHS[_VALUE])))

    # --- what is given ---------------------------------------------------------------------------------------------

    def _facts(self) -> None:
        invoice = self.account.invoice if self.account else None
        values: dict[str, Cell] = {}
        if invoice:
            values = {
                "customer": invoice.customer,
                "invoice_date": invoice.date,
                "amount": float(invoice.amount),
                "notice": invoice.notice_received,
            }
        for row, (key, style) in enumerate(_FACTS, _FIRST_FACT):
            self.making.book.text(self.sheet, row, _LABEL, self.making.text(key), "label", "middle")
            source = f"INDEX({self.making.layout.invoice_table.whole(key)},MAX(1,{self.number}))"
            formula = f'=IF({self.number}=0,"",IF({source}="","",{source}))'
            look = (style, "left", "middle") if style != "amount" else (style, "middle")
            if key == "customer":
                self.making.across(self.sheet, (row, _VALUE, row, _VALUE + 1), formula, values.get(key) or "", *look)
            else:
                self._formula(row, _VALUE, formula, values.get(key) or "", *look)
            self.sheet.set_row(row, max(ROW, lines_high(str(values.get(key) or ""), sum(WIDTHS[_VALUE:_DATE]))))

    def _received(self) -> None:
        table = self.making.layout.payment_table
        self._header(CHOSEN[0], _DATE, "payment_date")
        self._header(CHOSEN[0], _AMOUNT, "payment_amount", "right")
        payments = self.account.invoice.payment if self.account else ()
        for slot in range(1, self.slots + 1):
            row = CHOSEN[0] + slot
            received = payments[slot - 1] if slot <= len(payments) else None
            place = f"MATCH({self.number}*{MOST_SLOTS}+{slot},{table.whole('slot')},0)"
            for column, key, look, value in (
                (_DATE, "payment_date", "date", received.date if received else ""),
                (_AMOUNT, "payment_amount", "amount", float(received.amount) if received else ""),
            ):
                formula = f'=IFERROR(INDEX({table.whole(key)},{place}),"")'
                self._formula(row, column, formula, value, look, "middle")
            day = here(row, _DATE)
            counted = f'=IF(ISNUMBER({day}),IF({day}<={self.making.layout.as_of},{day},""),"")'
            self._formula(
                row, _HIDDEN, counted, received.date if received and received.date <= self.as_of else "", "date"
            )
        self._ruled((CHOSEN[0] + 1, _DATE, CHOSEN[0] + self.slots, _AMOUNT), _DATE)

    @property
    def as_of(self) -> date:
        """The day of the workbook."""
        return self.making.data.as_of

    @property
    def _given(self) -> str:
        """The cells that the functions are given."""
        amount, day, notice = (
            here(_FIRST_FACT + [key for key, _ in _FACTS].index(key), _VALUE)
            for key in ("amount", "invoice_date", "notice")
        )
        first, last = here(CHOSEN[0] + 1, _DATE), here(CHOSEN[0] + self.slots, _AMOUNT)
        return f"{amount},{day},{self.making.layout.as_of},{first}:{last},{notice},{text_of(self.language)}"

    # --- what comes out --------------------------------------------------------------------------------------------

    def _claim(self) -> None:
        call_of_it = f"COPRO_LATE_CLAIM({self._given})"
        rows = self.account.rows if self.account else []
        looks = {0: ("date", "right"), 1: ("whole",), 5: ("amount", "bold")}
        for line in range(CLAIM_ROWS):
            row = CLAIM + line
            name, value = rows[line] if line < len(rows) else ("", "")
            known = here(row, _LABEL)
            label = f'=IF({self.number}=0,"",IFERROR(INDEX({call_of_it},{line + 1},1),""))'
            self._formula(row, _LABEL, label, name, "label", "middle")
            figure = f'=IF({known}="","",INDEX({call_of_it},{line + 1},2))'
            self._formula(row, _VALUE, figure, value, *looks.get(line, ("amount",)), "middle")

    def _periods(self) -> None:
        """Interest on the principal now open: its day is that of the last payment, or the due date."""
        making, sheet, row = self.making, self.sheet, self.periods
        making.book.merged(sheet, (row, 0, row, _AMOUNT), making.text("periods"), "heading", "middle")
        sheet.set_row(row, 26)
        principal, due = here(CLAIM + 2, _VALUE), here(CLAIM, _VALUE)
        dates = f"{here(CHOSEN[0] + 1, _HIDDEN)}:{here(CHOSEN[0] + self.slots, _HIDDEN)}"
        making.book.text(sheet, row + 1, _LABEL, making.text("since"), "label", "middle")
        since, table = self._since(), self._detail()
        formula = f'=IF(N({principal})=0,"",MAX({due},{dates}))'
        self._formula(row + 1, _VALUE, formula, since or "", "date", "right", "middle")
        columns = (_LABEL, _VALUE, _VALUE + 1, _DATE, _AMOUNT)
        keys = ("period_from", "period_to", "period_days", "period_rate", "interest")
        for column, key in zip((0, *columns), ("", *keys), strict=True):
            making.book.text(sheet, row + 2, column, making.text(key) if key else "", "header", _aligned(key))
        began = here(row + 1, _VALUE)
        detail = f"COPRO_LATE_INTEREST_DETAIL({principal},{began},{making.layout.as_of},{text_of(self.language)})"
        looks = (("date", "left"), ("date", "right"), ("whole",), ("percent",), ("amount",))
        for line in range(PERIODS):
            at = row + 3 + line
            values = table[line] if line < len(table) else [""] * 5
            known = here(at, _AMOUNT)
            for place, (column, look) in enumerate(zip(columns, looks, strict=True), 1):
                source = f"INDEX({detail},{line + 1},{place})"
                first = f'=IF({began}="","",IFERROR({source},""))'
                formula = first if column == _AMOUNT else f'=IF({known}="","",{source})'
                value = values[place - 1]
                self._formula(at, column, formula, "" if value is None else value, *look, "middle")
        self._ruled((row + 3, 0, row + 2 + PERIODS, _AMOUNT), _LABEL)
        self._sum(row + 3)

    def _sum(self, first: int) -> None:
        """What the periods add up to."""
        total = first + PERIODS
        area = f"{here(first, _AMOUNT)}:{here(total - 1, _AMOUNT)}"
        amounts = [float(str(cells[4])) for cells in self._detail()]
        for column in range(_AMOUNT):
            self.making.book.text(
                self.sheet, total, column, self.making.text("totals") if column == _LABEL else "", "total"
            )
        value = round(sum(amounts), 2)
        self._formula(total, _AMOUNT, f"=ROUND(SUM({area}),2)", value, "amount", "total")

    def _since(self) -> date | None:
        account = self.account
        if not account or not account.rows or not account.figure(3):
            return None
        due = account.figure(1)
        assert isinstance(due, date)
        return max([due, *(one.date for one in account.invoice.payment if one.date <= self.as_of)])

    def _detail(self) -> Table:
        since = self._since()
        if since is None or self.account is None:
            return []
        given = [self.account.figure(3), serial(since), serial(self.as_of), self.language]
        rows = call("COPRO_LATE_INTEREST_DETAIL", given, self.making.data.session)
        return rows if isinstance(rows, list) else []

    def _steps(self) -> None:
        making, sheet, row = self.making, self.sheet, self.steps
        making.book.merged(sheet, (row - 1, 0, row - 1, _AMOUNT), making.text("steps"), "heading", "middle")
        sheet.set_row(row - 1, 26)
        for key, column in zip(_STEP_KEYS, _STEP_COLUMNS, strict=True):
            if key == "formula":
                making.book.merged(sheet, (row, _VALUE, row, _DATE), making.text(key), "header")
            else:
                self._header(row, column, key, "right" if key == "result" else "left")
        steps = explained(self.account.invoice, self.as_of, making.data.session) if self.account else []
        for line in range(STEPS):
            self._step(row + 1 + line, line, steps[line] if line < len(steps) else [""] * 6)
        self._dates(row + 1)
        more = f"COPRO_EXPLAIN({text_of(f'{self.language}:COPRO_LATE_CLAIM')},{self._given})"
        told = f'IF(ISERROR(INDEX({more},{STEPS + 1},2)),"",{text_of(making.text("steps_more"))})'
        last = row + 1 + STEPS
        value = making.text("steps_more") if len(steps) > STEPS else ""
        known = here(row + STEPS, _LABEL)
        making.across(sheet, (last, 0, last, _AMOUNT), f'=IF({known}="","",{told})', value, "bold")

    def _step(self, row: int, line: int, values: list[Cell]) -> None:
        explain = f"COPRO_EXPLAIN({text_of(f'{self.language}:COPRO_LATE_CLAIM')},{self._given})"
        known = here(row, _LABEL)
        looks = {"result": ("exact_euro", "middle"), "article": ("label", "middle")}
        for place, (key, column) in enumerate(zip(_STEP_KEYS, _STEP_COLUMNS, strict=True), 1):
            source = f"INDEX({explain},{line + 1},{place})"
            first = f'=IF({self.number}=0,"",IFERROR({source},""))'
            formula = first if key == "step" else f'=IF({known}="","",{source})'
            value = values[place - 1]
            shown: Cell = "" if value is None else value
            look = looks.get(key, ("wrap", "middle"))
            if key == "formula":
                self.making.across(self.sheet, (row, _VALUE, row, _DATE), formula, shown, *look)
            else:
                self._formula(row, column, formula, shown, *look)
        across = sum(WIDTHS[_VALUE : _DATE + 1])
        high = max(lines_high(str(values[1]), WIDTHS[_LABEL]), lines_high(str(values[2]), across))
        self.sheet.set_row(row, max(_STEP, high))

    def _dates(self, first: int) -> None:
        """Shows the results that are dates as dates; the others are amounts."""
        area = (first, _AMOUNT, first + STEPS - 1, _AMOUNT)
        self.making.mark_errors(self.sheet, area)
        label = here(first, _LABEL, fixed=False)
        names = {text("steps", key, self.language) for key in _DATED}
        tests = ",".join(f"{label}={text_of(name)}" for name in sorted(names))
        shown = number_formats(self.language)["date"]["num_format"]
        self.making.rule(self.sheet, area, f"OR({tests})", {"num_format": shown, **RULE_LOOK})
        self._ruled((first, 0, first + STEPS - 1, _SOURCE), _LABEL)

    def _ruled(self, area: Area, column: int) -> None:
        """Draws a line under the rows that show something, as a column tells."""
        self.making.rule(self.sheet, area, f'{here(area[0], column, fixed=False)}<>""', RULE_LOOK)


def _aligned(key: str) -> str:
    return "left" if key in ("", "period_from") else "right"
