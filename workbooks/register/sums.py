"""The sheets that add up: per payer and per kind with the control, and per customer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from core.units import CENTS_PER_EURO
from workbooks.quote.formulas import text_of
from workbooks.quote.layout import quoted
from workbooks.register import formulas, totals
from workbooks.register.layout import sheet_name
from workbooks.register.making import Making
from workbooks.register.model import KINDS
from workbooks.register.pricing import NOT_PRICED, PRICED
from workbooks.register.totals import Line, Lines
from workbooks.style import Page, Sheet
from xl_addin.evaluate import Answer

PAYERS: Final = 2
"""Lines of the totals per payer."""
_WIDTHS: Final = (64, 10, 10, 12, 34, 12, 8)
_NAME, _ROWS, _PRICED, _FAILED, _TOTAL, _AMOUNT, _WANTED = range(len(_WIDTHS))
"""The last two are hidden: the amount of what is priced, and which rows a line adds up."""
_LAST: Final = _TOTAL


@dataclass(frozen=True, slots=True)
class Block:
    """A table of totals: its sheet, and the row of its last line."""

    sheet: str
    last: int

    def cell(self, column: int) -> str:
        """A cell of its last line, which adds the others up."""
        return f"{quoted(self.sheet)}!{xl_rowcol_to_cell(self.last, column, row_abs=True, col_abs=True)}"


class Sums:
    """A sheet with tables of totals, written from top to bottom."""

    def __init__(self, making: Making, which: str, page: Page) -> None:
        self.making = making
        self.book = making.book
        self.name = sheet_name(which, making.language)
        self.sheet: Sheet = self.book.sheet(self.name, page, _WIDTHS)
        self.sheet.set_column(_AMOUNT, _WANTED, None, None, {"hidden": True})
        making.title(self.sheet, making.words(f"{which}.title"), _LAST)
        self._warning()
        self.row = 2

    def _warning(self) -> None:
        """Says how many rows have no price, so that whoever looks at a total knows."""
        making, area = self.making, (1, 0, 1, _LAST)
        failed = len(making.priced.failed)
        told = making.words("banner.not_priced", count="{count}", sheet=sheet_name("failures", making.language))
        before, after = told.split("{count}")
        counted = f"COUNTIF({formulas.named('state')},{NOT_PRICED})"
        formula = f'=IF({counted}=0,"",{text_of(before)}&{counted}&{text_of(after)})'
        self.sheet.set_row(1, 18)
        making.spread(
            self.sheet, area, formula, told.replace("{count}", str(failed)) if failed else "", "bold", "middle"
        )
        making.warn(self.sheet, area)

    def finish(self) -> None:
        """The paper, and what cannot be changed."""
        self.sheet.print_area(0, 0, self.row, _LAST)
        self.book.protect(self.sheet)

    def heading(self, key: str, name: str) -> None:
        """A heading, and the headers of the table under it."""
        self.sheet.set_row(self.row, 26)
        self.book.text(self.sheet, self.row, 0, self.making.words(key), "heading", "middle")
        self.headers(self.row + 1, name)

    def headers(self, row: int, name: str) -> None:
        """The headers of a table."""
        self.sheet.set_row(row, 20)
        for column, key in enumerate((name, "rows", "priced", "not_priced", "total")):
            aligned = "inset" if column == _TOTAL else "right" if column else "left"
            self.book.text(self.sheet, row, column, self.making.words(f"sum.{key}"), "header", aligned)
        self.row = row + 1

    def kinds(self) -> Block:
        """A line a kind, and one for rows of no kind."""
        first = self.row
        found = totals.kinds(self.making.priced)
        for line in found[: len(KINDS)]:
            self.book.text(self.sheet, self.row, _NAME, line.name, "shrink", "middle")
            self.book.value(self.sheet, self.row, _WANTED, line.wanted, "whole")
            self._counts("kind_no", line)
        self._rest(
            "kind_no",
            formulas.without_group("kind_no"),
            self.making.words("kind_none"),
            next(iter(found[len(KINDS) :]), None),
        )
        return self._sum(first)

    def groups(self, which: str, lines: Lines, most: int) -> Block:
        """A line a group in the order in which they appear; then rows without one, and groups without a line."""
        group, name, new = f"{which}_no", f"{which}_name", f"{which}_new"
        first = self.row
        own = dict(enumerate(line for line in lines if line.wanted and not _many(line)))
        for position in range(most):
            line = own.get(position)
            before = str(xl_rowcol_to_cell(self.row - 1, _WANTED)) if position else ""
            number = str(xl_rowcol_to_cell(self.row, _WANTED))
            found = formulas.next_with(1, new, before)
            self.book.formula(self.sheet, self.row, _WANTED, found, line.wanted if line else "", "whole")
            named = formulas.name_of(name, number)
            self.book.formula(self.sheet, self.row, _NAME, named, line.name if line else "", "shrink", "middle")
            self._counts(group, line)
        last = str(xl_rowcol_to_cell(self.row - 1, _WANTED))
        none = next((line for line in lines if line.wanted == 0), None)
        self._rest(group, formulas.without_group(group), self.making.words(f"{which}_none"), none)
        further = next((line for line in lines if _many(line)), None)
        self._rest(group, formulas.further_groups(group, last), self.making.words(f"{which}_further"), further)
        return self._sum(first)

    def _rest(self, group: str, wanted: str, name: str, line: Line | None) -> None:
        """A line that shows only where there is something in it."""
        number = str(xl_rowcol_to_cell(self.row, _WANTED))
        self.book.formula(self.sheet, self.row, _WANTED, wanted, line.wanted if line else "", "whole")
        shown = f'=IF({number}="","",{text_of(name)})'
        self.book.formula(self.sheet, self.row, _NAME, shown, line.name if line else "", "shrink", "middle")
        self._counts(group, line)

    def _counts(self, group: str, line: Line | None) -> None:
        """The figures of a line; blank while it is not used."""
        row, sheet, book = self.row, self.sheet, self.book
        wanted = str(xl_rowcol_to_cell(row, _WANTED, col_abs=True))
        values: tuple[Answer, ...] = (line.rows, line.rows - line.failed, line.failed) if line else ("", "", "")
        for column, state, value in zip((_ROWS, _PRICED, _FAILED), (0, PRICED, NOT_PRICED), values, strict=True):
            formula = formulas.counted(group, wanted, state)
            book.formula(sheet, row, column, formula, value, "whole", "middle")
        amount = line.cents / CENTS_PER_EURO if line else 0.0
        book.formula(sheet, row, _AMOUNT, formulas.added(group, wanted), amount, "amount")
        self.total(row, wanted, line)
        self.row += 1

    def total(self, row: int, wanted: str, line: Line | None, *looks: str, missing: str = "") -> None:
        """A total: a number when it is whole; ``missing`` is the cell that counts what is not in it."""
        amount, beside = (str(xl_rowcol_to_cell(row, column)) for column in (_AMOUNT, _FAILED))
        formula = formulas.shown(amount, missing or beside, wanted, self.making.language)
        shown: Answer = line.shown(self.making.language) if line else ""
        self.book.formula(self.sheet, row, _TOTAL, formula, shown, "amount", "bold", "inset", "middle", *looks)
        self.incomplete(row)

    def incomplete(self, row: int) -> None:
        """Marks a total that is no number, because rows are missing from it."""
        cell = xl_rowcol_to_cell(row, _TOTAL, col_abs=True)
        warning = {"type": "formula", "criteria": f'=AND(ISTEXT({cell}),{cell}<>"")'}
        self.sheet.conditional_format(row, _TOTAL, row, _TOTAL, {**warning, "format": self.book.style("warning")})

    def _sum(self, first: int) -> Block:
        """The last line: those above it together."""
        block, line = Block(self.name, self.row), totals.whole(self.making.priced)
        used = {"type": "formula", "criteria": f'=${xl_col_to_name(_WANTED)}{first + 1}<>""'}
        self.sheet.conditional_format(first, 0, self.row - 1, _LAST, {**used, "format": self.book.style("line")})
        self.book.text(self.sheet, self.row, _NAME, line.name, "grand", "middle")
        values: Sequence[float] = (line.rows, line.rows - line.failed, line.failed, line.cents / CENTS_PER_EURO)
        for column, value in zip((_ROWS, _PRICED, _FAILED, _AMOUNT), values, strict=True):
            area = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(self.row - 1, column)}"
            formula = f"=ROUND(SUM({area}),2)" if column == _AMOUNT else f"=SUM({area})"
            looks = ("amount",) if column == _AMOUNT else ("whole", "grand", "middle")
            self.book.formula(self.sheet, self.row, column, formula, value, *looks)
        self.total(self.row, "", line, "grand")
        self.sheet.set_row(self.row, 20)
        self.row += 2
        return block


def _many(line: Line) -> bool:
    return isinstance(line.wanted, str)


# --- the sheets ------------------------------------------------------------------------------------------------------


def write_totals_and_customers(making: Making) -> None:
    """The totals per payer and per kind, with the control, on one page; the totals per customer on the next sheet."""
    sums = Sums(making, "totals", Page(landscape=True))
    control = sums.row
    sums.row += CONTROLS + 2
    sums.heading("totals.payers", "payer")
    by_payer = sums.groups("payer", totals.payers(making.priced, PAYERS), PAYERS)
    sums.heading("totals.kinds", "kind")
    by_kind = sums.kinds()
    end = sums.row - 2
    by_customer = _customers(making)
    sums.row = control
    _control(sums, [by_payer, by_kind, by_customer])
    sums.row = end
    sums.sheet.fit_to_pages(1, 1)
    sums.finish()


def _customers(making: Making) -> Block:
    """The sheet with a line a customer; gives its last line."""
    header = 2
    sums = Sums(making, "customers", Page(landscape=True, repeat=(header, header)))
    sums.headers(header, "customer")
    most = making.layout.customers
    lines = totals.customers(making.priced, most)
    block = sums.groups("customer", lines, most)
    sums.row -= 2
    sums.sheet.freeze_panes(header + 1, 1)
    sums.finish()
    return block


def _control(sums: Sums, blocks: Sequence[Block]) -> None:
    """Whether every row is in every table, and every table comes to the same."""
    making, book, sheet = sums.making, sums.book, sums.sheet
    sheet.set_row(sums.row, 26)
    book.text(sheet, sums.row, 0, making.words("totals.control"), "heading", "middle")
    place: dict[str, str] = {}
    for key, formula, value, look in _facts(making):
        sums.row += 1
        _fact(sums, key)
        book.formula(sheet, sums.row, _TOTAL, formula, value, look, "inset", "line", "middle")
        place[key] = str(xl_rowcol_to_cell(sums.row, _TOTAL))
    sums.row += 1
    line = totals.whole(making.priced)
    _fact(sums, "fees")
    fees = str(xl_rowcol_to_cell(sums.row, _AMOUNT))
    book.formula(sheet, sums.row, _AMOUNT, formulas.all_fees(), line.cents / CENTS_PER_EURO, "amount")
    sums.total(sums.row, "", line, "line", missing=place["not_priced"])
    sums.row += 1
    right, wrong = making.words("control.right"), making.words("control.wrong")
    same = [f"{place['filled']}={place['priced']}+{place['not_priced']}"]
    for block in blocks:
        same += [f"{block.cell(_ROWS)}={place['filled']}", f"{block.cell(_FAILED)}={place['not_priced']}"]
        same.append(f"ROUND({block.cell(_AMOUNT)}-{fees},2)=0")
    formula = f"=IF(IFERROR(AND({','.join(same)}),FALSE),{text_of(right)},{text_of(wrong)})"
    area = (sums.row, 0, sums.row, _LAST)
    making.spread(sheet, area, formula, right, "note", "right", "middle")
    cell = xl_rowcol_to_cell(sums.row, 0, row_abs=True, col_abs=True)
    alarm = {"type": "formula", "criteria": f"={cell}={text_of(wrong)}", "format": book.style("error")}
    sheet.conditional_format(*area, alarm)


def _fact(sums: Sums, key: str) -> None:
    """The name of a fact, with a rule under it up to its value."""
    sums.book.text(sums.sheet, sums.row, _NAME, sums.making.words(f"control.{key}"), "line", "middle")
    for column in (_ROWS, _PRICED, _FAILED):
        sums.book.value(sums.sheet, sums.row, column, None, "line")


def _facts(making: Making) -> list[tuple[str, str, Answer, str]]:
    """What is counted: key, formula, value, look."""
    priced, named = making.priced, formulas.named
    starts = [start for start in priced.inputs["start"] if isinstance(start, float)]
    line, days = totals.whole(priced), named("start")
    return [
        ("from", f'=IF(COUNT({days})=0,"",INT(MIN({days})))', math.floor(min(starts)) if starts else "", "date"),
        ("until", f'=IF(COUNT({days})=0,"",INT(MAX({days})))', math.floor(max(starts)) if starts else "", "date"),
        ("filled", f"=COUNT({named('kind_no')})", line.rows, "whole"),
        ("priced", f"=COUNT({named('fee')})", line.rows - line.failed, "whole"),
        ("not_priced", f"=COUNTIF({named('state')},{NOT_PRICED})", line.failed, "whole"),
        ("doubles", f"=COUNT({named('same_as')})", priced.doubles, "whole"),
    ]


CONTROLS: Final = 8
"""Rows of the control: six counts, the total of the column, and the verdict."""
