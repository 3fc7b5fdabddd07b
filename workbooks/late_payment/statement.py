"""The statement of the customer who is chosen, on one page to print, in his language.

One sheet serves every customer: a sheet for each would have to be made anew for every new one, and a list that grows by
itself needs functions that LibreOffice lacks. Who has more invoices than fit turns the page, by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.texts import text
from core.topics import LANGUAGES
from core.vocabulary import Status
from workbooks.late_payment.accounts import Account
from workbooks.late_payment.layout import CHOSEN, Column
from workbooks.late_payment.making import ROW, Making, here, lines_of, wrong
from workbooks.late_payment.words import SUMS, column_of
from workbooks.quote.formulas import text_of
from workbooks.style import Page, Sheet, lines_high
from xl_addin.cells import Cell, CellError, serial
from xl_addin.evaluate import call

_DAY, _EURO = ("date", "middle"), ("amount", "middle")
COLUMNS: Final = (
    Column("number", 18, ("wrap", "middle")),
    Column("invoice_date", 15, _DAY),
    Column("due_date", 14, _DAY),
    Column("amount", 15, _EURO),
    Column("payments", 14, _EURO),
    Column("principal", 15, _EURO, 3),
    Column("days_late", 8.5, ("whole", "middle"), 2),
    Column("interest", 13, _EURO, 4),
    Column("notice", 20, ("date", "center", "middle")),
    Column("lump_sum", 19, _EURO, 5),
    Column("total", 17, (*_EURO, "bold"), 6),
)
WIDTHS: Final = tuple(column.width for column in COLUMNS)
PAGE: Final = Page(landscape=True)
PER_PAGE: Final = 15
_LAST: Final = len(COLUMNS) - 1
_INDEX: Final = _LAST + 1
"""The hidden column that says which invoice a line shows; 0 for the total."""
_ADDRESS: Final = ("address_1", "address_2", "address_3", "address_4")
_REFERENCES: Final = ("vat_number", "reference")
_DAY_ROW: Final = CHOSEN[0] + 1 + len(_ADDRESS) + len(_REFERENCES)
_PAGE_ROW: Final = _DAY_ROW + 1
_TURNED: Final = (_PAGE_ROW, 1)
HEADER: Final = _PAGE_ROW + 2
_GROUND: Final = HEADER + PER_PAGE + 2
_TERMS: Final = ("ground_term", "ground_interest", "ground_lump_sum", "ground_readings")


def write(making: Making, sheet: Sheet) -> None:
    """Everything on it."""
    _head(making, sheet)
    _customer(making, sheet)
    _at_a_glance(making, sheet)
    _list(making, sheet)
    _ground(making, sheet)
    sheet.set_column(_INDEX, _INDEX, None, None, {"hidden": True})
    last = _GROUND + len(_TERMS) + 6
    sheet.print_area(0, 0, last, _LAST)
    sheet.fit_to_pages(1, 1)
    number = language_cell(making, sheet, _INDEX)
    making.in_their_language(
        sheet, number, {"amount": [(CHOSEN[0], _LAST, CHOSEN[0] + 3, _LAST)], "date": [(_DAY_ROW, 1, _DAY_ROW, 1)]}
    )
    look_of_lines(making, sheet, COLUMNS, number, (HEADER + 1, HEADER + PER_PAGE))
    sheet.set_footer("")
    sheet.freeze_panes(HEADER + 1, 0)
    sheet.set_selection(*CHOSEN, *CHOSEN)
    making.book.protect(sheet)


def _head(making: Making, sheet: Sheet) -> None:
    making.words_across(sheet, (0, 0, 0, _LAST), "title", "title")
    making.words_across(sheet, (1, 0, 1, _LAST), "regulation", "subtitle")
    area = (2, 0, 2, _LAST)
    making.book.data_notice(sheet, area, text("tariff_card", "data_changed", making.layout.language))
    sheet.set_row(0, 32)
    sheet.set_row(1, 18)
    told, value = making.wrong_told("wrong_told")
    nobody = making.text("choose_customer")
    parts = [told, f'IF({making.words.state("chosen_no")}=0,{text_of(nobody)},"")']
    values = [value, "" if making.data.chosen else nobody]
    for status in (Status.EXAMPLE, Status.PROVISIONAL):
        holds, now = making.words.uncertain(status)
        parts.append(f'IF({holds},{making.words.word(status.value)},"")')
        values.append(making.words.said(status.value) if now else "")
    spaced = '&" "&'.join(parts)
    making.across(sheet, (3, 0, 3, _LAST), f"=TRIM({spaced})", " ".join(filter(None, values)), "wrap", "middle")
    making.warn(sheet, (3, 0, 3, _LAST), "warning")
    sheet.set_row(3, 22)


def _customer(making: Making, sheet: Sheet) -> None:
    data, customers = making.data, making.layout.customer_table
    name = data.chosen.name if data.chosen else None
    making.word(sheet, CHOSEN[0], 0, "customer", "label", "middle")
    row, first = CHOSEN
    making.book.merged(sheet, (row, first, row, first + 3), name or "", "input", "bold", "wrap", "middle")
    making.book.name("late_customer", sheet, *CHOSEN)
    whole = customers.whole("customer")
    making.choose(sheet, (row, first, row, first), f"{whole.rpartition('$')[0]}${customers.last + 1}")
    sheet.set_row(row, max(20, lines_high(name or "", sum(WIDTHS[1:5]))))
    address = data.chosen.address if data.chosen else ()
    known: dict[str, str | None] = {f"address_{line}": words for line, words in enumerate(address, 1)}
    for key in _REFERENCES:
        known[key] = getattr(data.chosen, key) if data.chosen else None
    for row, key in enumerate((*_ADDRESS, *_REFERENCES), CHOSEN[0] + 1):
        said = known.get(key) or ""
        if key in _REFERENCES:
            making.word(sheet, row, 0, key, "label", "middle")
        making.across(sheet, (row, 1, row, 4), f"={customer_fact(making, key)}", said, "wrap", "middle")
        sheet.set_row(row, max(ROW, lines_high(said, sum(WIDTHS[1:5]))))
    making.word(sheet, _DAY_ROW, 0, "as_of", "label", "middle")
    making.formula(sheet, _DAY_ROW, 1, f"={making.layout.as_of}", data.as_of, "date", "bold", "middle")
    making.word(sheet, _PAGE_ROW, 0, "page", "label", "middle")
    making.book.value(sheet, *_TURNED, 1, "whole", "left", "input", "middle")
    rule = {"validate": "integer", "criteria": ">=", "value": 1, "error_title": making.text("input_title")}
    sheet.data_validation(*_TURNED, *_TURNED, rule)
    pages = f"INT({making.words.state('listed')}/{PER_PAGE})+1"
    formula = f'=SUBSTITUTE({making.words.word("page_of")},"{{pages}}",{pages})'
    value = making.words.said("page_of").format(pages=len(data.of_chosen()) // PER_PAGE + 1)
    making.formula(sheet, _PAGE_ROW, 2, formula, value, "middle")


def customer_fact(making: Making, key: str) -> str:
    """What the table of customers says of the one who is chosen, as text."""
    number = making.words.state("chosen_no")
    return f'IF({number}=0,"",INDEX({making.layout.customer_table.whole(key)},MAX(1,{number}))&"")'


def _at_a_glance(making: Making, sheet: Sheet) -> None:
    """At the top right: what is overdue, what is not yet due, both, and what came later."""
    state, value = making.words.state, making.words.value
    late, all_of_it = value("overdue_total"), value("listed_total")
    rest: Cell = late if isinstance(late, CellError) else round(float(str(all_of_it)) - float(str(late)), 2)
    lines = (
        ("late_total", f"={state('overdue_total')}", late),
        ("not_due_total", f"=ROUND({state('listed_total')}-{state('overdue_total')},2)", rest),
        ("all_total", f"={state('listed_total')}", all_of_it),
        ("later_total", f"={state('later')}", value("later")),
    )
    for row, (key, formula, shown) in enumerate(lines, CHOSEN[0]):
        strong = ("bold",) if key == "late_total" else ()
        making.words_across(sheet, (row, 6, row, _LAST - 1), key, "right", "middle", "band", *strong)
        making.formula(sheet, row, _LAST, formula, shown, "amount", "middle", "band", *strong)
    making.mark_errors(sheet, (CHOSEN[0], _LAST, CHOSEN[0] + 3, _LAST))


# --- the invoices ----------------------------------------------------------------------------------------------------


def _list(making: Making, sheet: Sheet) -> None:
    for position, column in enumerate(COLUMNS):
        align = "center" if "center" in column.styles else column.align
        making.word(sheet, HEADER, position, column.key, "header", align)
    sheet.set_row(HEADER, 32)
    accounts = making.data.of_chosen()
    for line in range(1, PER_PAGE + 1):
        row = HEADER + line
        account = accounts[line - 1] if line <= len(accounts) else None
        ends = line == len(accounts) + 1 and bool(making.data.customers)
        index, listed = making.words.state("listed"), making.layout.invoice_table.whole("listed")
        turned = f"MAX(1,{here(*_TURNED)})"
        number = f"({turned}-1)*{PER_PAGE}+{line}"
        known = f'IF({number}<={index},MATCH({number},{listed},0),IF({number}={index}+1,0,""))'
        formula = f'=IF({making.words.state("chosen_no")}=0,"",{known})'
        making.formula(sheet, row, _INDEX, formula, account.number if account else 0 if ends else "")
        _line(making, sheet, row, account, ends=ends)
        sheet.set_row(row, max(ROW, lines_high(account.invoice.number if account else "", WIDTHS[0])))


def _line(making: Making, sheet: Sheet, row: int, account: Account | None, *, ends: bool) -> None:
    """An invoice, the total, or nothing."""
    which = here(row, _INDEX)
    table = making.layout.invoice_table
    for position, column in enumerate(COLUMNS):
        source = f"INDEX({table.whole(column.key)},{which})"
        if column.key in ("number", "notice"):
            source = f'IF({source}="","",{source})'
        total = _total(making, column.key)
        value: Cell = _shown(account, column.key) if account else total[1] if ends else ""
        formula = f'=IF({which}="","",IF({which}=0,{total[0]},{source}))'
        making.formula(sheet, row, position, formula, value, *column.styles, *wrong(value))


def _shown(account: Account, key: str) -> Cell:
    invoice = account.invoice
    if key in ("amount", "payments", "principal", "interest", "lump_sum", "total"):
        return column_of([account], key)[0]
    shown: dict[str, Cell] = {
        "number": invoice.number,
        "invoice_date": invoice.date,
        "due_date": account.figure(1),
        "days_late": account.figure(2),
        "notice": invoice.notice_received or "",
    }
    return shown[key]


def _total(making: Making, key: str) -> tuple[str, Cell]:
    """What the line of the total shows in a column."""
    if key == "number":
        none, words = making.words.word("nothing_open"), making.words.word("totals")
        said = "totals" if making.data.of_chosen() else "nothing_open"
        return f"IF({making.words.state('listed')}=0,{none},{words})", making.words.said(said)
    if key in SUMS:
        return making.words.state(f"listed_{key}"), making.words.value(f"listed_{key}")
    return '""', ""


def language_cell(making: Making, sheet: Sheet, column: int) -> str:
    """The number of the customer's language, in a hidden column of the sheet itself."""
    value = making.words.value("language_no")
    making.formula(sheet, 0, column, f"={making.words.state('language_no')}", value)
    return here(0, column)


def look_of_lines(making: Making, sheet: Sheet, columns: Sequence[Column], number: str, rows: tuple[int, int]) -> None:
    """How the lines of a list look: dates and amounts as the customer writes them, the total, a rule under each.

    The hidden column after the others says which invoice a line shows; 0 is the total.
    """
    (first, last), end = rows, len(columns) - 1
    which = here(first, end + 1, fixed=False)
    making.mark_errors(sheet, (first, 0, last, end))
    own = {style: [at for at, column in enumerate(columns) if style in column.styles] for style in ("amount", "date")}
    making.in_their_language(
        sheet, number, {style: [(first, at, last, at) for at in places] for style, places in own.items()}, which
    )
    for at in range(end + 1):
        if at not in own["amount"] + own["date"]:
            for criterion, look in lines_of(which):
                making.rule(sheet, (first, at, last, at), criterion, look)


# --- the ground ------------------------------------------------------------------------------------------------------


def _ground(making: Making, sheet: Sheet) -> None:
    making.words_across(sheet, (_GROUND, 0, _GROUND, _LAST), "ground", "heading", "middle")
    sheet.set_row(_GROUND, 24)
    row = _GROUND
    for key in _TERMS:
        row += 1
        making.words_across(sheet, (row, 0, row, _LAST), key, "wrap", "middle")
        sheet.set_row(row, longest(making, key, sum(WIDTHS)))
    row = _rates(making, sheet, row + 1)
    making.words_across(sheet, (row, 0, row, _LAST), "pay", "bold", "wrap", "middle")
    sheet.set_row(row, longest(making, "pay", sum(WIDTHS)))
    making.words_across(sheet, (row + 1, 0, row + 1, _LAST), "made_with", "note", "middle")


def longest(making: Making, key: str, width: float) -> float:
    """A height that fits a text in each language."""
    return max(ROW, *(lines_high(making.words.texts[language][key], width) for language in LANGUAGES))


def _rates(making: Making, sheet: Sheet, row: int) -> int:
    day, law = serial(making.data.as_of), making.words.law
    for key, function, more, arguments in (
        ("rate_statutory", "COPRO_LEGAL_RATE", f",{text_of(law)}", [day, law]),
        ("rate_late", "COPRO_LATE_RATE", "", [day]),
    ):
        value = call(function, arguments, making.data.session)
        making.words_across(sheet, (row, 0, row, 4), key, "line", "middle")
        look = ("percent", "bold", "line", "middle")
        making.formula(sheet, row, 5, f"={function}({making.layout.as_of}{more})", value, *look)
        row += 1
    making.mark_errors(sheet, (row - 2, 5, row - 1, 5))
    return row
