"""The first sheet, one page: whom the quote is for, what it comes to a work and a payee, validity, terms, signature.

Everything on it is taken from the other sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.formats import euro as euro_text
from core.rules.art_2_1_phases import BEFORE_CERTIFICATE, refundable
from workbooks.quote import formulas, layout
from workbooks.quote.head import banners, head_values, regulation_told, years_told
from workbooks.quote.layout import CUSTOMER, HEAD_FIRST, head_cell, label, party
from workbooks.quote.making import Area, Canvas
from workbooks.quote.model import MOST_ADDRESS_LINES
from workbooks.quote.pricing import PartyTotal, WorkTotal, euro, tariff_of
from workbooks.quote.totals import Cells, grand, parties, total_cells
from workbooks.quote.works import all_works
from workbooks.style import lines_high
from xl_addin.evaluate import Answer

WIDTHS: Final = (18, 20, 14, 8, 13, 13, 14)
"""Of the columns, in characters."""
_LAST: Final = len(WIDTHS) - 1
_ROOM: Final = sum(WIDTHS)
_LINE: Final = 18
"""The height of a row that holds one line, in points."""
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"
MOST_EXECUTIONS: Final = 10
"""Works whose execution is told beside their name; of more, the page has room for the names only."""
MOST_REASONS: Final = 5
"""Lines without a price that are told on this page; the explanation tells all of them."""


def write(canvas: Canvas) -> None:
    """The whole page."""
    _Page(canvas).write()


class _Page:
    """Written from top to bottom."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.book, self.sheet, self.table = canvas.book, canvas.sheet, canvas.table
        self.row = 0

    def write(self) -> None:
        """Everything on it."""
        self._title()
        self._warnings()
        self._head()
        self._box()
        if self.table.works:
            self._works()
        self._payees()
        self._options()
        self._notes()
        self._signature()
        self.sheet.print_area(0, 0, self.row - 1, _LAST)
        self.sheet.fit_to_pages(1, 1)
        self.sheet.center_horizontally()

    def _words(self, key: str, **details: object) -> str:
        return self.canvas.words(key, **details)

    def _across(self, first: int = 0, last: int = _LAST, down: int = 0) -> Area:
        return self.row, first, self.row + down, last

    def _told(self, area: Area, formula: str, value: Answer, *names: str) -> None:
        """A formula that gives text, or an amount, over several cells or in one."""
        if area[:2] == area[2:]:
            self.book.formula(self.sheet, area[0], area[1], formula, value, *names)
        else:
            self.canvas.spread(area, formula, value, *names)

    def _on_lines(self, cell: str) -> str:
        return self.table.on_sheet(cell)

    # --- title, warnings, head ---------------------------------------------------------------------------------------

    def _title(self) -> None:
        self.sheet.set_row(0, 34)
        number = self.canvas.priced.quote.number if self.canvas.priced else ""
        shown = f"{self._words('title.quote')} {number}".strip()
        self._told(self._across(), f"={self._on_lines('$A$1')}", shown, "title", "middle", "shrink")
        self.row = 1
        regulation = self._on_lines(str(xl_rowcol_to_cell(0, layout.TITLE_END + 1, row_abs=True, col_abs=True)))
        self._told(self._across(), f"={regulation}", self._regulation(), "subtitle", "middle", "shrink")
        self.row = 2

    def _regulation(self) -> str:
        return regulation_told(self.canvas)

    def _warnings(self) -> None:
        """The warnings of the sheet of lines, and the first reasons why lines have no price."""
        for number, (_, value) in enumerate(banners(self.canvas), 1):
            cell = self._on_lines(f"$A${number + 1}")
            self._warning(f'={cell}&""', value)
        numbered = self.canvas.priced.failed if self.canvas.priced else ()
        for number, line in numbered[:MOST_REASONS]:
            assert line.error is not None
            kind = label("COST", line.line.kind.value, self.canvas.making.language)
            reason = line.error.message(self.canvas.making.language)
            row = self.table.line_row(number)
            cells = [self._on_lines(self.table.cell(key, row)) for key in ("amount", "option_amount")]
            wrong = f"OR({','.join(f'ISERROR({cell})' for cell in cells)})"
            named = f'"{number}. "&{self._on_lines(self.table.cell("kind", row))}'
            told = f'=IF({wrong},{named}&": "&{self.canvas.references.reasons[number]},"")'
            self._warning(told, f"{number}. {kind}: {reason}")
        self.sheet.set_row(self.row, 8)
        self.row += 1

    def _warning(self, formula: str, value: str) -> None:
        area = self._across()
        self.canvas.spread(area, formula, value, "middle", "wrap" if value else "shrink")
        self.canvas.warn(area)
        self.sheet.set_row(self.row, lines_high(value, _ROOM) if value else _LINE)
        self.row += 1

    def _head(self) -> None:
        """The customer at the left, the quote at the right."""
        first = self.row
        self.book.merged(self.sheet, self._across(0, 2), self._words("customer.heading"), "heading")
        self.row += 1
        for key, value in zip(CUSTOMER, self._customer(), strict=True):
            position = HEAD_FIRST + CUSTOMER.index(key)
            cell = xl_rowcol_to_cell(position, self.table.customer_values, row_abs=True, col_abs=True)
            before = ""
            if key in ("vat_number", "reference"):
                before = self._words("customer.told", label=self._words(f"customer.{key}")) + " "
            formula = f'IF({self._on_lines(cell)}="","",{formulas.text_of(before)}&{self._on_lines(cell)})'
            strong = ("bold",) if key == "name" else ()
            told = before + value if value else ""
            self._told(self._across(0, 2), f"={formula}", told, "wrap", "middle", *strong)
            self.sheet.set_row(self.row, max(_LINE, lines_high(told, sum(WIDTHS[:3])) if told else 0))
            self.row += 1
        for down, (key, fact, style) in enumerate(self._facts(), first + 1):
            self.book.merged(self.sheet, (down, 3, down, 4), self._words(f"head.{key}"), "label", "middle", "indent")
            cell = self._on_lines(head_cell(key))
            names = (*((style,) if style else ()), "left", "middle", "shrink")
            self._told((down, 5, down, _LAST), f'=IF({cell}="","",{cell})', fact, *names)
        self._lapsed(first + 1 + len(self._facts()))

    def _lapsed(self, row: int) -> None:
        """Below the facts of the quote: whether it can still be accepted."""
        told = self._words("validity.lapsed")
        lapsed = self.canvas.priced is not None and self.canvas.priced.lapsed
        area = (row, 3, row + 1, _LAST)
        names = ("wrap", "middle", "indent")
        self.canvas.spread(area, formulas.lapsed(self.table, told), told if lapsed else "", *names)
        self.canvas.warn(area)

    def _customer(self) -> Sequence[str]:
        quote = self.canvas.making.quote
        if quote is None:
            return [""] * len(CUSTOMER)
        address = (*quote.customer.address, *[""] * MOST_ADDRESS_LINES)[:MOST_ADDRESS_LINES]
        return [quote.customer.name, *address, quote.customer.vat_number or "", quote.customer.reference or ""]

    def _facts(self) -> Sequence[tuple[str, Answer, str]]:
        """What is told of the quote: its field, its value, its style."""
        values = {**head_values(self.canvas), "tariff_year": years_told(self.canvas)}
        styles = {"date": "date", "valid_until": "date"}
        told: list[tuple[str, Answer, str]] = []
        for key in ("number", "date", "valid_until", "vat", "tariff_year"):
            value = values[key]
            told.append((key, value if isinstance(value, date) else value or "", styles.get(key, "")))
        return told

    # --- amounts -----------------------------------------------------------------------------------------------------

    def _box(self) -> None:
        """The total to pay."""
        self.row += 1
        total = grand(self.canvas)
        gross = total_cells(self.table, self.table.grand_total)[2]
        area = self._across(0, 4, 1)
        counted = self._counted()
        self._told(area, counted[0], counted[1], "band", "label", "middle", "indent", "wrap")
        names = ("amount", "band", "large", "inset", "middle")
        self._told(self._across(5, _LAST, 1), f"={self._on_lines(gross)}", euro(total.gross), *names)
        for down in (0, 1):
            self.sheet.set_row(self.row + down, _LINE)
        self.row += 3

    def _counted(self) -> tuple[str, str]:
        """How many lines there are and how many of them are options, beside the total."""
        words = self._words("box.counted", lines="{lines}", options="{options}")
        before, middle, after = words.replace("{lines}", "\0").replace("{options}", "\0").split("\0")
        counts = formulas.line_count(self.table), formulas.option_count(self.table)
        formula = (
            f"={formulas.text_of(before)}&{counts[0]}&{formulas.text_of(middle)}&{counts[1]}&{formulas.text_of(after)}"
        )
        priced = self.canvas.priced
        lines, options = (len(priced.lines), len(priced.options)) if priced else (0, 0)
        return formula, f"{before}{lines}{middle}{options}{after}"

    def _header(self, *cells: tuple[int, int, str]) -> None:
        """The headers of a table: first column, last column, text."""
        for first, last, told in cells:
            aligned = ("right",) if first else ("indent",)
            if first == last:
                self.book.text(self.sheet, self.row, first, told, "header", *aligned)
            else:
                self.book.merged(self.sheet, self._across(first, last), told, "header", *aligned)
        self.sheet.set_row(self.row, 28)
        self.row += 1

    def _works(self) -> None:
        language = self.canvas.making.language
        titles = {key: next(c for c in layout.WORKS if c.key == key).title(language) for key in _WORK_COLUMNS}
        self._header((0, 1, titles["work"]), (2, 3, titles["site"]), (4, 4, titles["lines"]), *(
            (column, column, titles[key]) for column, key in ((5, "amount"), (6, "option_amount"))
        ))  # fmt: skip
        *known, rest = self.canvas.priced.works if self.canvas.priced else (None,)
        for position, row in enumerate(self.table.work_rows()):
            self._work(row, known[position] if position < len(known) else None)
        self._work_row(self.table.no_work, self._words("works.none"), "", rest, "line")
        self._work_row(self.table.works_total, self._words("works.all"), "", None, "grand")
        self.row += 1

    def _work(self, row: int, total: WorkTotal | None) -> None:
        name, execution = (self.table.work_cell(key, row) for key in ("work", "execution"))
        dash, both = formulas.text_of(" – "), self.table.works <= MOST_EXECUTIONS
        also = f'&IF({execution}="","",{dash}&{execution})' if both else ""
        work = total.work if total else None
        told = " – ".join(filter(None, (work.name, work.description if both else None))) if work else ""
        formula = f'=IF({name}="","",{name}{also})'
        site = self.canvas.making.quote.site if self.canvas.making.quote else None
        calendar = label("SITE", work.site or site or "", self.canvas.making.language) if work else ""
        self._work_row(row, formula, told, total, *(("line",) if work else ()), calendar=calendar)
        self.sheet.set_row(self.row - 1, max(_LINE, lines_high(told, sum(WIDTHS[:2]))))

    def _work_row(
        self, row: int, formula: str, told: str, total: WorkTotal | None, *names: str, calendar: str | None = None
    ) -> None:
        """A row of the table of works, from the sheet that holds it."""
        area = self._across(0, 1)
        if formula.startswith("="):
            self._told(area, formula, told, "wrap", "middle", *names, "indent")
        else:
            self.book.merged(self.sheet, area, formula, "middle", *names, "indent")
        self._calendar(row, calendar, *names)
        answers = self._work_answers(total, grand_row=names == ("grand",))
        for column, key in ((4, "lines"), (5, "amount"), (6, "option_amount")):
            cell = self.table.work_cell(key, row)
            style = "whole" if key == "lines" else "amount"
            written = f'=IF({cell}="","",{cell})' if calendar is not None else f"={cell}"
            value = answers[key] if total or calendar is None else ""
            self.book.formula(self.sheet, self.row, column, written, value, style, "middle", *names)
        self.sheet.set_row(self.row, _LINE)
        self.row += 1

    def _calendar(self, row: int, calendar: str | None, *names: str) -> None:
        area = self._across(2, 3)
        if calendar is None:
            self.book.merged(self.sheet, area, "", *names)
            return
        name, own = (self.table.work_cell(key, row) for key in ("work", "site"))
        usual = self._on_lines(head_cell("site"))
        formula = f'=IF({name}="","",IF({own}="",{usual}&"",{own}))'
        self._told(area, formula, calendar, "middle", "right", "shrink", *names)

    def _work_answers(self, total: WorkTotal | None, *, grand_row: bool) -> dict[str, Answer]:
        if grand_row:
            return dict(zip(("lines", "amount", "option_amount"), all_works(self.canvas), strict=True))
        if total is None:
            return {"lines": 0, "amount": 0.0, "option_amount": 0.0}
        return {"lines": total.lines, "amount": euro(total.net), "option_amount": euro(total.options)}

    def _payees(self) -> None:
        self._header(
            (0, 3, self._words("total.heading")),
            *((n, n, self._words(f"total.{key}")) for n, key in enumerate(("net", "vat", "gross"), 4)),
        )
        for row, total in zip(self.table.party_rows(), parties(self.canvas), strict=True):
            name = party(total.paid_to, self.canvas.making.language)
            self._amounts(name, total_cells(self.table, row), total, "line")
        cells = total_cells(self.table, self.table.grand_total)
        self._amounts(self._words("total.all"), cells, grand(self.canvas), "grand")
        check = self._on_lines(str(xl_rowcol_to_cell(self.table.check, self.table.column("tickets"))))
        failed = self.canvas.priced is not None and bool(self.canvas.priced.failed)
        told = self._words("check.wrong" if failed else "check.right")
        self._told(self._across(), f"={check}", told, "note", "right", "middle")
        wrong = f"={check}={formulas.text_of(self._words('check.wrong'))}"
        stands_out = {"type": "formula", "criteria": wrong, "format": self.book.style("error")}
        self.sheet.conditional_format(*self._across(), stands_out)
        self.sheet.set_row(self.row, _LINE)
        self.row += 1

    def _amounts(self, name: str, cells: Cells, total: PartyTotal, *names: str) -> None:
        self.book.merged(self.sheet, self._across(0, 3), name, "middle", *names, "indent")
        for column, cell, value in zip((4, 5, 6), cells, (total.net, total.vat, total.gross), strict=True):
            source = f"={self._on_lines(cell)}"
            self.book.formula(self.sheet, self.row, column, source, euro(value), "amount", "middle", *names)
        self.sheet.set_row(self.row, _LINE)
        self.row += 1

    def _options(self) -> None:
        """The total with all options; empty while there is none."""
        count = formulas.option_count(self.table)
        priced = self.canvas.priced
        shown = bool(priced and priced.options)
        total = grand(self.canvas, options=True)
        told = self._words("total.all_options")
        formula = f'=IF({count}=0,"",{formulas.text_of(told)})'
        self._told(self._across(0, 3), formula, told if shown else "", "bold", "middle", "indent")
        cells = total_cells(self.table, self.table.option_total)
        for column, cell, value in zip((4, 5, 6), cells, (total.net, total.vat, total.gross), strict=True):
            source = f'=IF({count}=0,"",{self._on_lines(cell)})'
            found: Answer = euro(value) if shown else ""
            self.book.formula(self.sheet, self.row, column, source, found, "amount", "bold", "middle")
        self.sheet.set_row(self.row, _LINE)
        self.row += 1

    # --- terms and signature -----------------------------------------------------------------------------------------

    def _notes(self) -> None:
        self.row += 1
        self.book.merged(self.sheet, self._across(), self._words("terms.heading"), "heading")
        self.row += 1
        self._paragraph(self._terms(), "wrap")
        for formula, told in self._remarks():
            self._told(self._across(), formula, told, *(("note",) if told else ("quiet", "shrink")), "middle")
            self.sheet.set_row(self.row, lines_high(told, _ROOM * 1.15) if told else _LINE)
            self.row += 1
        sheets = {key: layout.sheet_name(key, self.canvas.making.language) for key in ("lines", "explanation", "data")}
        annexes = self._words("notes.annexes", **sheets) if self.canvas.priced else ""
        self._paragraph(" ".join([self._words("notes"), *self._kept(), annexes]).strip(), "note")

    def _paragraph(self, told: str, *names: str) -> None:
        self.book.merged(self.sheet, self._across(), told, *names)
        self.sheet.set_row(self.row, lines_high(told, _ROOM * (1.15 if "note" in names else 1)))
        self.row += 1

    def _remarks(self) -> Iterator[tuple[str, str]]:
        """What a reader must know of the lines: how many have a factor, and how inspectors count."""
        priced = self.canvas.priced
        factored = self._words("notes.factored", count="{count}")
        several = self._words("notes.inspectors")
        count = len(priced.factored) if priced else 0
        yield f"={formulas.counted(factored, formulas.factored(self.table))}", _filled(factored, count)
        more = any((line.line.inspectors or 1) > 1 for line in priced.lines) if priced else False
        formula = f'=IF({formulas.several_inspectors(self.table)}>0,{_joined(several)},"")'
        yield formula, several if more else ""

    def _kept(self) -> list[str]:
        """What is not paid back when no certificate follows (art. 2.1.3.2), where the quote asks for it."""
        quote = self.canvas.making.quote
        tariff = tariff_of(self.canvas.making.session, quote.regulation if quote else None, self.canvas.making.day)
        asked = [line.kind for line in quote.line] if quote else list(tariff.costs)
        early = [cost for cost in asked if tariff.costs[cost].phase in BEFORE_CERTIFICATE]
        return [self._words("notes.kept")] if any(not refundable(tariff, cost) for cost in early) else []

    def _terms(self) -> str:
        """How to pay (art. 2.3.2)."""
        quote = self.canvas.making.quote
        regulation = quote.regulation if quote else None
        payment = tariff_of(self.canvas.making.session, regulation, self.canvas.making.day).payment
        return self._words(
            "terms",
            days=payment.term_days,
            margin=payment.interest_margin,
            notice=payment.notice_days,
            percent=payment.lump_sum_percent,
            minimum=euro_text(payment.lump_sum_minimum, self.canvas.making.language).replace(" ", _UNBROKEN),
        )

    def _signature(self) -> None:
        self.row += 1
        self.book.merged(self.sheet, self._across(3), self._words("agreed"), "label")
        self.row += 1
        self.book.merged(self.sheet, self._across(3, _LAST, 2), "", "sign")
        self.row += 3


_WORK_COLUMNS: Final = ("work", "site", "lines", "amount", "option_amount")


def _filled(sentence: str, count: int) -> str:
    return sentence.format(count=count) if count else ""


def _joined(told: str) -> str:
    """A long text as formulas write it: no piece over 255 characters."""
    pieces = [told[start : start + 200] for start in range(0, len(told), 200)]
    return "&".join(map(formulas.text_of, pieces))
