"""The tariff card: one page with the rates of a year (art. 2.2.1, 2.2.9) and the factors on them (2.2.7).

Every text stands in two languages side by side: that of the session on the left, its companion on the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.formats import day as written_day
from core.saving import check_target, saved
from core.tariff import Tariff
from core.texts import text
from core.topics import names
from core.vocabulary import DayType, Item, Status
from workbooks.style import FONT, QUIET, Book, Page, Sheet, lines_high
from workbooks.tariff_card_basis import basis_of, write_indexation
from workbooks.tariff_card_sides import (
    BASE,
    CODE,
    COEFFICIENT,
    COMPANIONS,
    LABEL,
    LAST,
    OTHER,
    RATE,
    WIDTHS,
    YEAR_CELL,
    Sides,
    capital,
)
from workbooks.tariff_card_worked import Held, WorkedExample
from xl_addin.cells import CellError, Table, serial
from xl_addin.evaluate import call
from xl_addin.session import Session

_COLUMNS: Final = ("code", "label", "unit", "base", "coefficient", "rate", "article")
"""Those of ``COPRO_TARIFF``."""
_YEAR_ROW: Final = 5
_TABLE_ROW: Final = 9
_ITEMS: Final = tuple(Item)
_KINDS_OF_DAY: Final = (DayType.WORKDAY, DayType.SATURDAY, DayType.SUNDAY, DayType.HOLIDAY, DayType.BUILDERS)


def write_tariff_card(year: int, target: Path, session: Session, *, language: str, force: bool = False) -> None:
    """Writes the card of a year: the rates as a live ``COPRO_TARIFF``, with their values.

    A rate whose index is not recorded stays ``#N/A``, with the reason under the table.

    Args:
        year: the tariff year.
        target: the workbook to make (.xlsx).
        session: the installation at work.
        language: of the left half of the card: nl, fr, de or en; `COMPANIONS` tells that of the right half.
        force: whether a file already there is replaced.

    Raises:
        CoproError: no regulation is in force in that year. FileError: the file is there already or cannot be written.
    """
    check_target(target, force=force)
    session = replace(session, language=language)
    cards = [_computed(year, shown, session) for shown in (language, COMPANIONS[language])]
    tariff = session.rulebook.tariff(date(year, 1, 1))
    with saved(target, force=force) as file:
        _Card(file, session, tariff, cards).write()


def write_latest_card(target: Path, session: Session, *, force: bool = False) -> None:
    """Writes the card of the last year whose figures are all recorded, in the language of the session.

    Raises:
        CoproError: no year is. FileError: the file is there already or cannot be written.
    """
    year = session.rulebook.years_indexed()[-1]
    write_tariff_card(year, target, session, language=session.language, force=force)


def _computed(year: int, language: str, session: Session) -> Table:
    card = call("COPRO_TARIFF", [year, language], session)
    if isinstance(card, CellError):
        assert card.reason is not None
        raise card.reason
    assert isinstance(card, list)
    return card


class _Card:
    def __init__(self, file: Path, session: Session, tariff: Tariff, cards: Sequence[Table]) -> None:
        self.session = session
        self.tariff = tariff
        self.cards = cards
        self.basis = {item: basis_of(tariff, item) for item in Item}
        languages = session.language, COMPANIONS[session.language]
        title = " / ".join(text("tariff_card", "title", language, year=str(tariff.year)) for language in languages)
        self.book = Book(
            file,
            session.language,
            title=title,
            subject=tariff.general.title[session.language],
            fingerprint=session.rulebook.fingerprint,
            created=session.today(),
        )
        self.sheet: Sheet = self.book.sheet(text("tariff_card", "sheet", session.language), Page(), WIDTHS)
        self.page = Sides(self.book, self.sheet, languages)

    def write(self) -> None:
        """The whole page, from top to bottom."""
        self._heading()
        row = self._rates()
        row = self._reasons(row)
        row = self._factors(row)
        row = WorkedExample(self.page, self.tariff, self.session, self._rate_cells()).write(row)
        row = write_indexation(self.page, row, self.tariff, self.basis.values())
        today, fingerprint = self.session.today(), self.session.rulebook.fingerprint
        made_with = self.page.both("made_with", day=today, fingerprint=fingerprint)
        self.page.halves(row, made_with, "note", "middle", height=24)
        self.sheet.print_area(0, 0, row, LAST)
        self.sheet.fit_to_pages(1, 1)
        self.sheet.center_horizontally()
        self.sheet.set_footer(self._footer())
        self.book.protect(self.sheet)
        self.book.close()

    def _footer(self) -> str:
        """The title and the data, in both languages too; a single page needs no number."""
        small = f'&"{FONT}"&8&K{QUIET.removeprefix("#")}'
        told = self.page.each(lambda language: text("quote", "data_fingerprint", language))
        data = self.page.inline(told).format(fingerprint=self.book.fingerprint)
        return f"&L{small}{self.book.title}&R{small}{data}"

    # --- the heading -----------------------------------------------------------------------------------------------

    def _heading(self) -> None:
        general, year, page = self.tariff.general, self.tariff.year, self.page
        page.halves(0, page.both("title", year=str(year)), "title", height=32)
        page.halves(1, page.each(lambda language: general.title[language]), "subtitle", height=18)
        source = f"{page.inline(page.both('source'))}: {general.source}"
        self.book.merged(self.sheet, (2, 0, 2, LAST), source, "note")
        self.sheet.set_row(2, lines_high(source, sum(WIDTHS)))
        self._status(3)
        page.notice(4, "data_changed")
        self._year(page.both("year"))
        page.halves(_YEAR_ROW + 1, page.each(self._validity), "wrap")
        page.halves(_YEAR_ROW + 2, page.both("without_vat"), "wrap")

    def _year(self, words: Sequence[str]) -> None:
        left, right = words
        self.book.text(self.sheet, _YEAR_ROW, CODE, left, "label")
        self.book.value(self.sheet, _YEAR_ROW, LABEL, self.tariff.year, "whole", "left", "bold")
        formula = f'="{right} "&{YEAR_CELL}'
        self.sheet.set_row(_YEAR_ROW, 18)
        self.book.formula(self.sheet, _YEAR_ROW, OTHER, formula, f"{right} {self.tariff.year}", "label")

    def _validity(self, language: str) -> str:
        """Rates hold for a calendar year (2.2.9)."""
        first, last = (written_day(date(self.tariff.year, *day), language) for day in ((1, 1), (12, 31)))
        return text("tariff_card", "valid", language, first=first, last=last)

    def _status(self, row: int) -> None:
        """What to beware of when a figure is not official."""
        statuses = {basis.status for basis in self.basis.values()}
        for status in (Status.EXAMPLE, Status.PROVISIONAL):
            if status in statuses:
                self.page.halves(row, self.page.both(status.value), "warning", "wrap", "middle", height=42)
                return
        self.sheet.set_row(row, 6)

    # --- the rates -------------------------------------------------------------------------------------------------

    def _rates(self) -> int:
        page = self.page
        base = page.joined("base", year=str(self.tariff.general.base_year))
        rate = page.joined("rate", year=str(self.tariff.year))
        columns = (
            (CODE, page.joined("article")),
            (BASE, base),
            (COEFFICIENT, page.joined("coefficient")),
            (RATE, rate),
        )
        page.headers(_TABLE_ROW - 1, columns)
        page.names(_TABLE_ROW - 1, page.both("item"), "header")
        for item in Item:
            self._item(_item_row(item), item)
        return _item_row(_ITEMS[-1]) + 2

    def _item(self, row: int, item: Item) -> None:
        """An item on two rows: article over code, label over unit, and its figures."""
        self.sheet.set_row(row, 15.5)
        self.sheet.set_row(row + 1, 14)
        self._cell(row, CODE, item, "article", "middle")
        self._cell(row + 1, CODE, item, "code", "note", "line")
        for side, column in enumerate((LABEL, OTHER)):
            self._cell(row, column, item, "label", "middle", side=side)
            self._cell(row + 1, column, item, "unit", "note", "line", side=side)
        for column, key in ((BASE, "base"), (COEFFICIENT, "coefficient"), (RATE, "rate")):
            look = self._look(item, key)
            self.book.merged(self.sheet, (row, column, row + 1, column), "", *look)
            self._cell(row, column, item, key, *look)

    def _cell(self, row: int, column: int, item: Item, key: str, *look: str, side: int = 0) -> None:
        """A cell of the table, live: taken out of the call in the language of its side."""
        down, across = _ITEMS.index(item), _COLUMNS.index(key)
        called = f'COPRO_TARIFF({YEAR_CELL},"{self.page.languages[side]}")'
        formula = f"=INDEX({called},{down + 1},{across + 1})"
        self.book.formula(self.sheet, row, column, formula, self.cards[side][down][across], *look)

    def _look(self, item: Item, key: str) -> Sequence[str]:
        """How a figure of the table looks; a rate that rests on a figure that is not official is marked."""
        money = "km_rate" if item.decimals == 4 else "amount"
        look = {"base": [money], "coefficient": ["ratio"], "rate": [money, "bold"]}[key]
        if key != "base":
            if isinstance(self._value(item, key), CellError):
                look.append("error")
            elif self.basis[item].status is not Status.OFFICIAL:
                look.append("warning")
        return [*look, "middle", "line"]

    def _value(self, item: Item, key: str) -> object:
        return self.cards[0][_ITEMS.index(item)][_COLUMNS.index(key)]

    def _rate_cells(self) -> dict[Item, Held]:
        rate = _COLUMNS.index("rate")
        return {item: Held(_rate_cell(item), self.cards[0][down][rate]) for down, item in enumerate(_ITEMS)}

    def _reasons(self, row: int) -> int:
        """Why a rate is missing, once a reason; it goes away when the figure is recorded."""
        told = set()
        for item in Item:
            error = self._value(item, "rate")
            if not isinstance(error, CellError) or (reason := error.message("en")) in told:
                continue
            told.add(reason)
            self._reason(row, item, error)
            row += 1
        return row

    def _reason(self, row: int, item: Item, error: CellError) -> None:
        look = ("error", "wrap", "middle")
        self.book.text(self.sheet, row, CODE, self.page.joined("missing"), *look)
        self.book.merged(self.sheet, (row, OTHER, row, LAST), "", *look, "light")
        code = f"$A${_item_row(item) + 2}"
        for column, language in zip((LABEL, OTHER), self.page.languages, strict=True):
            why = f'COPRO_EXPLAIN("{language}:COPRO_RATE",{code},DATE({YEAR_CELL},1,1))'
            formula = f'=IF(ISNA({_rate_cell(item)}),INDEX({why},1,3),"")'
            self.book.formula(self.sheet, row, column, formula, error.message(language), *look, "light")
        self.sheet.set_row(row, max(lines_high(said, WIDTHS[LABEL]) for said in self.page.each(error.message)))

    # --- the factors -----------------------------------------------------------------------------------------------

    def _factors(self, row: int) -> int:
        page = self.page
        page.heading(row, "factors")
        for (first, last), words in zip(((CODE, LABEL), (OTHER, BASE)), page.both("day_type"), strict=True):
            self.book.merged(self.sheet, (row + 1, first, row + 2, last), words, "header")
        clocks = {COEFFICIENT: ("day", self.tariff.night_until), RATE: ("night", self.tariff.night_from)}
        moments = {}
        for column, (key, clock) in clocks.items():
            hour, minute = divmod(clock // 60_000_000, 60)
            moments[column] = serial(datetime(self.tariff.year, 1, 1, hour, minute))
            formula = f"=DATE({YEAR_CELL},1,1)+TIME({hour},{minute},0)"
            self.book.text(self.sheet, row + 1, column, page.joined(key), "header", "right")
            self.book.formula(self.sheet, row + 2, column, formula, moments[column], "header", "right", "clock")
        self.sheet.set_row(row + 1, 28)
        first = row + 3
        for down, kind in enumerate(_KINDS_OF_DAY):
            self._kind_of_day(first + down, kind)
            for column, moment in moments.items():
                formula = f"=COPRO_FACTOR({xl_rowcol_to_cell(row + 2, column)},,$A{first + down + 1})"
                factor = call("COPRO_FACTOR", [moment, None, kind.value], self.session)
                self.book.formula(self.sheet, first + down, column, formula, factor, "times", "right", "middle", "line")
        return first + len(_KINDS_OF_DAY)

    def _kind_of_day(self, row: int, kind: DayType) -> None:
        said = self.page.each(lambda language: capital(names("DAY_TYPE", kind.value, language)[0]))
        self.book.text(self.sheet, row, CODE, kind.value, "note", "middle", "line")
        self.page.names(row, said, "middle", "line")
        self.book.text(self.sheet, row, BASE, "", "line")
        self.sheet.set_row(row, 18)


def _item_row(item: Item) -> int:
    return _TABLE_ROW + 2 * _ITEMS.index(item)


def _rate_cell(item: Item) -> str:
    return str(xl_rowcol_to_cell(_item_row(item), RATE, row_abs=True, col_abs=True))
