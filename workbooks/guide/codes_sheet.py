"""The sheet with every code and its names, which the drop-downs of the examples take their lists from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from xlsxwriter.utility import xl_range_abs

from workbooks.guide.parts import CODES, Guide, quoted
from workbooks.style import Sheet, lines_high
from xl_addin.catalogue import Function
from xl_addin.reference.document import plain
from xl_addin.reference.function_page import code_table
from xl_addin.reference.words import columns, words

FUNCTION, REGULATION = "function", "regulation"
"""Kinds of argument that have a list too, although they are no group of codes."""
_WIDTHS: Final = (32, 48, 62)


def write_codes(guide: Guide, functions: Iterable[Function]) -> None:
    """Writes the sheet, and tells the guide where each list stands."""
    sheet = guide.sheet(CODES, _WIDTHS)
    guide.book.text(sheet, 0, 0, guide.words("codes_title"), "title")
    sheet.set_row(0, 32)
    guide.back(sheet, 1)
    every = list(functions)
    row = 3
    headings = columns(guide.language, "code", "name", "also")
    for group, named in _groups(every).items():
        table = code_table(group, guide.language)
        rows = [tuple(plain(cell) for cell in line) for line in table.rows]
        row = _list(guide, sheet, row, group, ", ".join(named), headings, rows)
    rulebook = guide.session.rulebook
    ids = dict.fromkeys([regulation.id for regulation in rulebook.general] + list(rulebook.specific))
    regulations = [(regulation, "", "") for regulation in ids]
    row = _list(guide, sheet, row, REGULATION, guide.words("regulations"), headings[:1], regulations)
    named_functions = [(one.name, words(f"term.{one.name}", guide.language), "") for one in every]
    row = _list(guide, sheet, row, FUNCTION, guide.words("functions"), headings[:2], named_functions)
    sheet.print_area(0, 0, row - 2, len(_WIDTHS) - 1)
    sheet.freeze_panes(2, 0)
    guide.book.protect(sheet)


def _groups(functions: Iterable[Function]) -> dict[str, list[str]]:
    """Each group of codes, and the arguments that take them."""
    found: dict[str, list[str]] = {}
    for function in functions:
        for argument in function.arguments:
            named = found.setdefault(argument.kind.codes, []) if argument.kind.codes else []
            if argument.name not in named:
                named.append(argument.name)
    return found


def _list(
    guide: Guide,
    sheet: Sheet,
    row: int,
    group: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[tuple[str, ...]],
) -> int:
    """A list under its title; gives the row of the next."""
    guide.book.text(sheet, row, 0, title, "heading")
    sheet.set_row(row, 22)
    for column, heading in enumerate(headings):
        guide.book.text(sheet, row + 1, column, heading, "header")
    first = row + 2
    for down, cells in enumerate(rows, start=first):
        for column, said in enumerate(cells[: len(headings)]):
            guide.book.text(sheet, down, column, said, "wrap", "line", *(["bold"] if column == 0 else []))
        sheet.set_row(down, max(lines_high(said, width) for said, width in zip(cells, _WIDTHS, strict=True)))
    last = first + len(rows) - 1
    guide.choices[group] = f"={quoted(guide.words(CODES))}!{xl_range_abs(first, 0, last, 0)}"
    return last + 2
