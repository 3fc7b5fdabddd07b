"""What the rates on a tariff card rest on: the dated figures behind the coefficients, with their sources and status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import NotAvailable
from core.formats import day, label, number
from core.records import ConstructionHoliday, Record
from core.tariff import Tariff
from core.texts import text
from core.trace import Steps
from core.vocabulary import Item, Series, Status
from workbooks.style import lines_high
from workbooks.tariff_card_sides import CODE, COEFFICIENT, LABEL, LAST, OTHER, RATE, WIDTHS, Sides, capital

_SALARY_DECIMALS, _ALLOWANCE_DECIMALS = 2, 4


@dataclass(frozen=True, slots=True)
class Basis:
    """What one rate rests on: the dated figures used, and how certain they are."""

    figures: tuple[Record, ...]
    status: Status


def basis_of(tariff: Tariff, item: Item) -> Basis:
    """What the rate of an item rests on; a rate that is not there rests on nothing."""
    steps: Steps = []
    try:
        tariff.rate(item, steps)
    except NotAvailable:
        return Basis((), Status.OFFICIAL)
    found = [figure for step in steps for figure in step.cited]
    assert not any(isinstance(figure, ConstructionHoliday) for figure in found)
    statuses = {tariff.general.status, *(figure.status for figure in found)}
    worst = next(status for status in (Status.EXAMPLE, Status.PROVISIONAL, Status.OFFICIAL) if status in statuses)
    return Basis(tuple(figure for figure in found if isinstance(figure, Record)), worst)


def write_indexation(page: Sides, row: int, tariff: Tariff, basis: Iterable[Basis]) -> int:
    """Writes the figures from ``row`` on, each once; gives the row after them."""
    page.heading(row, "indexing")
    row += 1
    base_year = tariff.general.base_year
    if tariff.year == base_year:
        page.halves(row, page.both("base_year", year=str(base_year)), "wrap")
        return row + 1
    figures = {id(figure): figure for one in basis for figure in one.figures}.values()
    for figure in sorted(figures, key=lambda figure: (figure.series, figure.valid_from)):
        _write_figure(page, row, figure)
        row += 2
    return row


def _write_figure(page: Sides, row: int, figure: Record) -> None:
    """A figure on two rows: what it is and how much, then its status and source."""
    book, sheet = page.book, page.sheet
    mark = [] if figure.status is Status.OFFICIAL else ["warning", "light"]
    names = page.each(lambda language: capital(label("series", figure.series, language)))
    status = page.each(lambda language: _status(figure.status, language))
    origin = f"{page.inline(status)}: {figure.source}"
    book.merged(sheet, (row, CODE, row + 1, CODE), _period(figure, page.languages[0]), "wrap", "line", *mark)
    book.text(sheet, row, LABEL, names[0], *mark)
    book.merged(sheet, (row, OTHER, row, COEFFICIENT), names[1], *mark)
    book.text(sheet, row, RATE, _value(page, figure), "right", *mark)
    book.merged(sheet, (row + 1, LABEL, row + 1, LAST), origin, "note", "line", *mark)
    sheet.set_row(row, 15.5)
    sheet.set_row(row + 1, lines_high(origin, sum(WIDTHS[LABEL:])) - 2)


def _status(status: Status, language: str) -> str:
    if status is Status.OFFICIAL:
        return text("tariff_card", "official", language)
    return text("labels", f"status.{status}", language)


def _value(page: Sides, figure: Record) -> str:
    """A figure as text: it is the rule's, not this workbook's to compute with."""
    decimals = _SALARY_DECIMALS if figure.series is Series.SALARY_INDEX else _ALLOWANCE_DECIMALS
    decimals = max(decimals, -int(figure.value.normalize().as_tuple().exponent))
    return page.inline(page.each(lambda language: number(figure.value, language, decimals)))


def _period(figure: Record, language: str) -> str:
    if figure.period and figure.series is Series.SALARY_INDEX:
        return figure.period
    last: Sequence[str] = [day(figure.valid_to, language)] if figure.valid_to else []
    return " –\n".join([day(figure.valid_from, language), *last])
