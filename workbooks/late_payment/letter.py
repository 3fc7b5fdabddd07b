"""The reminder to the customer who is chosen on the statement, in his language, ready to print or to copy."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from core.formats import day as written_day
from core.formats import number
from core.units import CENTS_PER_EURO
from workbooks.late_payment.accounts import NOT_AVAILABLE, Account, told_euro
from workbooks.late_payment.layout import Column
from workbooks.late_payment.making import ROW, Making, here, wrong
from workbooks.late_payment.statement import customer_fact, language_cell, longest, look_of_lines
from workbooks.late_payment.words import FIGURES, LATE_SUMS
from workbooks.quote.formulas import text_of
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell, CellError, serial
from xl_addin.evaluate import call

_DAY, _EURO = ("date", "middle"), ("amount", "middle")
COLUMNS: Final = (
    Column("number", 18, ("wrap", "middle")),
    Column("invoice_date", 15, _DAY),
    Column("due_date", 13, _DAY),
    Column("days_late", 9, ("whole", "middle"), 2),
    Column("principal", 15, _EURO, 3),
    Column("interest", 13, _EURO, 4),
    Column("lump_sum", 19, _EURO, 5),
    Column("total", 16, (*_EURO, "bold"), 6),
)
WIDTHS: Final = tuple(column.width for column in COLUMNS)
PAGE: Final = Page()
LISTED: Final = 16
"""Invoices that the letter lists."""
_WIDTH: Final = sum(WIDTHS)
_LAST: Final = len(COLUMNS) - 1
_HIDDEN: Final = _LAST + 1
_LETTERHEAD: Final = 2
_ADDRESS: Final = _LETTERHEAD + 1
_LINES: Final = ("customer", "address_1", "address_2", "address_3", "address_4", "reference")
_DATE: Final = _ADDRESS + len(_LINES) + 1
_SUBJECT: Final = _DATE + 2
_BODY: Final = _SUBJECT + 2
_PARAGRAPHS: Final = (
    *("letter_greeting", "letter_opening", "letter_sum", "letter_ask", "letter_rate"),
    *("ground", "ground_term", "ground_interest", "ground_lump_sum", "letter_dispute", "letter_closing"),
)
_SIGNED: Final = _BODY + len(_PARAGRAPHS)
HEADER: Final = _SIGNED + 3
_FURTHER: Final = HEADER + LISTED + 2
_MILLION: Final = 1_000_000


def write(making: Making, sheet: Sheet) -> None:
    """Everything on it."""
    _Letter(making, sheet).write()


class _Letter:
    def __init__(self, making: Making, sheet: Sheet) -> None:
        self.making = making
        self.sheet = sheet
        self.words = making.words
        self.data = making.data
        self.late = making.data.of_chosen(late=True)
        self.overdue = self.words.state("overdue")
        self.values: dict[str, Cell] = {}

    def write(self) -> None:
        """From top to bottom."""
        making, sheet = self.making, self.sheet
        self._notes()
        self._parts()
        self._address()
        self._subject()
        for row, key in enumerate(_PARAGRAPHS, _BODY):
            self._paragraph(row, key)
        making.book.merged(sheet, (_SIGNED + 1, 0, _SIGNED + 1, 2), "", "input", "sign", "wrap")
        self._list()
        sheet.set_column(_HIDDEN, _HIDDEN, None, None, {"hidden": True})
        sheet.print_area(_LETTERHEAD, 0, _FURTHER, _LAST)
        sheet.fit_to_pages(1, 1)
        number = language_cell(making, sheet, _HIDDEN)
        making.in_their_language(sheet, number, {"date": [(_DATE, 0, _DATE, 0)]})
        look_of_lines(making, sheet, COLUMNS, number, (HEADER + 1, HEADER + LISTED + 1))
        sheet.set_footer("")
        making.book.protect(sheet)

    def _notes(self) -> None:
        """What is not printed: how to choose, and what is wrong."""
        making, area = self.making, (1, 0, 1, _LAST)
        note = making.text("letter_note", sheet=making.layout.name("statement"))
        making.book.merged(self.sheet, (0, 0, 0, _LAST), note, "note", "middle")
        told, value = making.wrong_told("wrong_told")
        making.across(self.sheet, area, f"={told}", value, "wrap", "middle")
        making.warn(self.sheet, area)
        self.sheet.set_row(0, max(ROW, lines_high(note, _WIDTH)))
        self.sheet.set_row(1, 30)
        self.sheet.set_row(_LETTERHEAD, 80)

    def _address(self) -> None:
        customer = self.data.chosen
        known: dict[str, str | None] = {}
        if customer:
            known = {f"address_{line}": words for line, words in enumerate(customer.address, 1)}
            known |= {"customer": customer.name, "reference": customer.reference}
        for row, key in enumerate(_LINES, _ADDRESS):
            strong = ("bold",) if key == "customer" else ()
            area, said = (row, 0, row, _LAST), known.get(key) or ""
            formula = f"={customer_fact(self.making, key)}"
            if key == "reference":
                fact, line = formula[1:], self.words.word("letter_reference")
                formula = f'=IF({fact}="","",SUBSTITUTE({line},"{{reference}}",{fact}))'
                said = self.words.said("letter_reference").replace("{reference}", said) if said else ""
            self.making.across(self.sheet, area, formula, said, "wrap", *strong)
            self.sheet.set_row(row, max(ROW, lines_high(said, _WIDTH)))
        as_of = self.making.layout.as_of
        self.making.across(self.sheet, (_DATE, 0, _DATE, 1), f"={as_of}", self.data.as_of, "date")

    # --- the text --------------------------------------------------------------------------------------------------

    def _part(self, key: str) -> str:
        """The cell of a figure in words."""
        return here(_ADDRESS + list(self.values).index(key), _HIDDEN)

    def _parts(self) -> None:
        """The figures as the customer's language writes them, in hidden cells."""
        language, as_of = self.data.their_language, self.making.layout.as_of
        rate = call("COPRO_LATE_RATE", [serial(self.data.as_of)], self.data.session)
        assert isinstance(rate, float | CellError)
        pattern = f'SUBSTITUTE(SUBSTITUTE({self.words.word("date_pattern")},"{{d}}",TEXT(DAY({as_of}),"00"))'
        day = f'=SUBSTITUTE({pattern},"{{m}}",TEXT(MONTH({as_of}),"00")),"{{y}}",YEAR({as_of})&"")'
        parts: list[tuple[str, str, Cell]] = [("day", day, written_day(self.data.as_of, language))]
        for key in LATE_SUMS:
            value = self.words.value(f"overdue_{key}")
            told = value if isinstance(value, CellError) else told_euro(float(str(value)), language)
            parts.append((key, f"={self._money(self.words.state(f'overdue_{key}'))}", told))
        parts.append(("rate_figure", f"=COPRO_LATE_RATE({as_of})", rate))
        self.values = {key: value for key, _, value in parts} | {"rate": ""}
        points = f"ROUND({self._part('rate_figure')}*10000,0)"
        told_rate = f'=INT({points}/100)&{self.words.word("point")}&TEXT(MOD({points},100),"00")'
        percent = rate if isinstance(rate, CellError) else number(Fraction(round(rate * 10000), 100), language, 2)
        parts.append(("rate", told_rate, percent))
        self.values = {key: value for key, _, value in parts} | {"count": len(self.late)}
        for row, (_, formula, value) in enumerate(parts, _ADDRESS):
            self.making.formula(self.sheet, row, _HIDDEN, formula, value)

    def _money(self, cell: str) -> str:
        """An amount (below a milliard) as the customer's language writes it, whatever the reader's separators."""
        cents = f"ROUND({cell}*{CENTS_PER_EURO},0)"
        whole, group = f"INT({cents}/{CENTS_PER_EURO})", self.words.word("group")
        thousands = f'{group}&TEXT(MOD({whole},1000),"000")'
        middle = f'TEXT(MOD(INT({whole}/1000),1000),"000")'
        millions = f"INT({whole}/{_MILLION})&{group}&{middle}&{thousands}"
        digits = f"IF({whole}<1000,{whole},IF({whole}<{_MILLION},INT({whole}/1000)&{thousands},{millions}))"
        decimals = f'{self.words.word("point")}&TEXT(MOD({cents},{CENTS_PER_EURO}),"00")'
        return f"{self.words.word('money_before')}&{digits}&{decimals}&{self.words.word('money_after')}"

    def _filled(self, key: str) -> tuple[str, Cell]:
        """A text with its figures: as an expression, and as it is now."""
        written = self.words.word(key)
        said, failed = self.words.said(key), False
        for name, value in self.values.items():
            if f"{{{name}}}" in self.words.texts["en"][key]:
                told = self.overdue if name == "count" else self._part(name)
                written = f'SUBSTITUTE({written},"{{{name}}}",{told})'
                failed |= isinstance(value, CellError)
                said = said.replace(f"{{{name}}}", str(value))
        return written, NOT_AVAILABLE if failed else said

    def _subject(self) -> None:
        written, value = self._filled("letter_subject")
        none = self.words.word("letter_none")
        chosen = self.words.state("chosen_no")
        formula = f'=IF({chosen}=0,"",IF({self.overdue}=0,{none},{written}))'
        if not self.data.chosen:
            value = ""
        elif not self.late:
            value = self.words.said("letter_none")
        self.making.across(
            self.sheet, (_SUBJECT, 0, _SUBJECT, _LAST), formula, value, "bold", "wrap", "middle", *wrong(value)
        )
        self.sheet.set_row(_SUBJECT, longest(self.making, "letter_subject", _WIDTH) + 6)

    def _paragraph(self, row: int, key: str) -> None:
        written, value = self._filled(key)
        shown = value if self.late else ""
        look = ("bold",) if key == "ground" else ()
        formula = f'=IF({self.overdue}=0,"",{written})'
        self.making.across(self.sheet, (row, 0, row, _LAST), formula, shown, "wrap", "middle", *look, *wrong(shown))
        self.sheet.set_row(row, longest(self.making, key, _WIDTH) + 8)

    # --- the invoices ----------------------------------------------------------------------------------------------

    def _list(self) -> None:
        empty = f"{self.overdue}=0"
        for position, column in enumerate(COLUMNS):
            value = self.words.said(column.key) if self.late else ""
            formula = f'=IF({empty},"",{self.words.word(column.key)})'
            self.making.formula(self.sheet, HEADER, position, formula, value, "header", column.align)
        self.sheet.set_row(HEADER, 32)
        shown = min(len(self.late), LISTED)
        for line in range(1, LISTED + 2):
            account = self.late[line - 1] if line <= shown else None
            self._line(HEADER + line, line, account, ends=bool(shown) and line == shown + 1)
        written, _ = self._filled("letter_further")
        more = f"{self.overdue}-{LISTED}"
        written = written.replace(f'"{{count}}",{self.overdue}', f'"{{count}}",{more}')
        count = len(self.late) - LISTED
        told = self.words.said("letter_further").format(count=count) if count > 0 else ""
        area = (_FURTHER, 0, _FURTHER, _LAST)
        self.making.across(self.sheet, area, f'=IF({more}<=0,"",{written})', told, "wrap")
        self.sheet.set_row(_FURTHER, longest(self.making, "letter_further", _WIDTH))

    def _line(self, row: int, line: int, account: Account | None, *, ends: bool) -> None:
        which = here(row, _HIDDEN)
        table = self.making.layout.invoice_table
        shown = f"MIN({self.overdue},{LISTED})"
        place = f"MATCH({line},{table.whole('overdue')},0)"
        formula = f'=IF({self.overdue}=0,"",IF({line}<={shown},{place},IF({line}={shown}+1,0,"")))'
        index: Cell = account.number if account else 0 if ends else ""
        self.making.formula(self.sheet, row, _HIDDEN, formula, index)
        for position, column in enumerate(COLUMNS):
            source = f"INDEX({table.whole(column.key)},{which})"
            total = self._total(column.key)
            value = _shown(account)[column.key] if account else total[1] if ends else ""
            formula = f'=IF({which}="","",IF({which}=0,{total[0]},{source}))'
            self.making.formula(self.sheet, row, position, formula, value, *column.styles, *wrong(value))
        self.sheet.set_row(row, max(ROW, lines_high(account.invoice.number if account else "", WIDTHS[0])))

    def _total(self, key: str) -> tuple[str, Cell]:
        if key == "number":
            return self.words.word("totals"), self.words.said("totals")
        if key in LATE_SUMS:
            return self.words.state(f"overdue_{key}"), self.words.value(f"overdue_{key}")
        return text_of(""), ""


def _shown(account: Account) -> Mapping[str, Cell]:
    """A line of the letter."""
    invoice = account.invoice
    figures = {key: account.figure(row) for key, row in FIGURES.items()}
    return {"number": invoice.number, "invoice_date": invoice.date, **figures}
