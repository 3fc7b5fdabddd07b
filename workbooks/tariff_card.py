"""The tariff card: one page with the rates of a year (art. 2.2.1, 2.2.9) and the factors on them (2.2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.errors import NotAvailable
from core.formats import day as written_day
from core.formats import label
from core.records import ConstructionHoliday, Record
from core.saving import check_target, saved
from core.tariff import Tariff
from core.texts import text
from core.topics import names
from core.trace import Steps
from core.vocabulary import DayType, Item, Series, Status
from workbooks.style import Book, Page, Sheet, lines_high
from xl_addin.cells import CellError, Table, serial
from xl_addin.evaluate import call
from xl_addin.session import Session

_WIDTHS: Final = (14, 38, 21, 13, 13, 15, 9)
_LAST: Final = len(_WIDTHS) - 1
_CODE, _LABEL, _UNIT, _BASE, _COEFFICIENT, _RATE, _ARTICLE = range(len(_WIDTHS))
_HEADERS: Final = ("code", "item", "unit", "base", "coefficient", "rate", "article")
_ALIGNED: Final = {_BASE: "right", _COEFFICIENT: "right", _RATE: "right", _ARTICLE: "center"}
_YEAR_CELL: Final = "$B$6"
_YEAR_ROW: Final = 5
_TABLE_ROW: Final = 8
_KINDS_OF_DAY: Final = (DayType.WORKDAY, DayType.SATURDAY, DayType.SUNDAY, DayType.HOLIDAY, DayType.BUILDERS)


def write_tariff_card(year: int, target: Path, session: Session, *, language: str, force: bool = False) -> None:
    """Writes the card of a year: the rates as a live ``COPRO_TARIFF``, with their values.

    A rate whose index is not recorded stays ``#N/A``, with the reason under the table.

    Args:
        year: the tariff year.
        target: the workbook to make (.xlsx).
        session: the installation at work.
        language: of the card: nl, fr, de or en.
        force: whether a file already there is replaced.

    Raises:
        CoproError: no regulation is in force in that year. FileError: the file is there already or cannot be written.
    """
    check_target(target, force=force)
    session = replace(session, language=language)
    card = call("COPRO_TARIFF", [year, language], session)
    if isinstance(card, CellError):
        assert card.reason is not None
        raise card.reason
    assert isinstance(card, list)
    tariff = session.rulebook.tariff(date(year, 1, 1))
    with saved(target, force=force) as file:
        _Card(file, session, tariff, card).write()


def write_latest_card(target: Path, session: Session, *, force: bool = False) -> None:
    """Writes the card of the last year whose figures are all recorded, in the language of the session.

    Raises:
        CoproError: no year is. FileError: the file is there already or cannot be written.
    """
    year = session.rulebook.years_indexed()[-1]
    write_tariff_card(year, target, session, language=session.language, force=force)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What one rate rests on: the dated figures used, and how certain they are."""

    figures: tuple[Record, ...]
    status: Status


def _basis(tariff: Tariff, item: Item) -> _Basis:
    steps: Steps = []
    try:
        tariff.rate(item, steps)
    except NotAvailable:
        return _Basis((), Status.OFFICIAL)
    found = [figure for step in steps for figure in step.cited]
    assert not any(isinstance(figure, ConstructionHoliday) for figure in found)
    statuses = {tariff.general.status, *(figure.status for figure in found)}
    worst = next(status for status in (Status.EXAMPLE, Status.PROVISIONAL, Status.OFFICIAL) if status in statuses)
    return _Basis(tuple(figure for figure in found if isinstance(figure, Record)), worst)


class _Card:
    def __init__(self, file: Path, session: Session, tariff: Tariff, card: Table) -> None:
        self.session = session
        self.language = session.language
        self.tariff = tariff
        self.card = card
        self.basis = [_basis(tariff, item) for item in Item]
        title = self._text("title", year=str(tariff.year))
        fingerprint = session.rulebook.fingerprint
        about = tariff.general.title[self.language]
        today = session.today()
        self.book = Book(file, self.language, title=title, subject=about, fingerprint=fingerprint, created=today)
        self.sheet: Sheet = self.book.sheet(self._text("sheet"), Page(), _WIDTHS)

    def write(self) -> None:
        """The whole page, from top to bottom."""
        self._heading()
        row = self._rates()
        row = self._reasons(row)
        row = self._factors(row + 1)
        row = self._indexing(row + 1)
        self._made_with(row + 1)
        self.sheet.print_area(0, 0, row + 1, _LAST)
        self.sheet.fit_to_pages(1, 1)
        self.book.protect(self.sheet)
        self.book.close()

    def _text(self, key: str, **details: object) -> str:
        return text("tariff_card", key, self.language, **details)

    def _across(self, row: int, words: str, *styles: str, height: float | None = None) -> None:
        self.book.merged(self.sheet, (row, 0, row, _LAST), words, *styles)
        self.sheet.set_row(row, height or lines_high(words, sum(_WIDTHS)))

    # --- what stands on it -----------------------------------------------------------------------------------------

    def _heading(self) -> None:
        general = self.tariff.general
        self._across(0, self._text("title", year=str(self.tariff.year)), "title", height=32)
        self._across(1, general.title[self.language], "subtitle", height=18)
        self._across(2, self._text("source", source=general.source), "note")
        worst = {basis.status for basis in self.basis}
        for status in (Status.EXAMPLE, Status.PROVISIONAL):
            if status in worst:
                self._across(3, self._text(status.value), "warning", "wrap", "middle", height=22)
                break
        self.book.data_notice(self.sheet, (4, 0, 4, _LAST), self._text("data_changed"))
        self.book.text(self.sheet, _YEAR_ROW, 0, self._text("year"), "label")
        self.book.value(self.sheet, _YEAR_ROW, 1, self.tariff.year, "whole", "left", "bold")
        self.book.merged(
            self.sheet, (_YEAR_ROW, 2, _YEAR_ROW, _LAST), self._text("without_vat"), "label", "right", "wrap"
        )

    def _rates(self) -> int:
        years = {"base": self.tariff.general.base_year, "rate": self.tariff.year}
        for column, key in enumerate(_HEADERS):
            words = self._text(key, year=str(years[key])) if key in years else self._text(key)
            self.book.text(self.sheet, _TABLE_ROW - 1, column, words, "header", _ALIGNED.get(column, "left"))
        self.sheet.set_row(_TABLE_ROW - 1, 22)
        formula = f'=COPRO_TARIFF({_YEAR_CELL},"{self.language}")'
        self.book.table(self.sheet, _TABLE_ROW, 0, formula, self.card, self._look)
        for down in range(len(self.card)):
            self.sheet.set_row(_TABLE_ROW + down, 20)
        return _TABLE_ROW + len(self.card)

    def _look(self, down: int, column: int) -> Sequence[str]:
        """How a cell of the table looks; a rate that rests on a figure that is not official is marked."""
        item = tuple(Item)[down]
        money = "km_rate" if item.decimals == 4 else "amount"
        looks = {_CODE: ["note"], _BASE: [money], _COEFFICIENT: ["ratio"], _RATE: [money, "bold"], _ARTICLE: ["center"]}
        look = looks.get(column, ["text"])
        if column in (_COEFFICIENT, _RATE):
            if isinstance(self.card[down][column], CellError):
                look.append("error")
            elif self.basis[down].status is not Status.OFFICIAL:
                look.append("warning")
        return [*look, "middle", "line"]

    def _reasons(self, row: int) -> int:
        """Why a rate is missing, once a reason; it goes away when the figure is recorded."""
        told = set()
        for down, cells in enumerate(self.card):
            error = cells[_RATE]
            if not isinstance(error, CellError) or (reason := error.message(self.language)) in told:
                continue
            told.add(reason)
            rate, code = f"$F${_TABLE_ROW + down + 1}", f"$A${_TABLE_ROW + down + 1}"
            why = f'COPRO_EXPLAIN("{self.language}:COPRO_RATE",{code},DATE({_YEAR_CELL},1,1))'
            area = (row, 1, row, _LAST)
            self.book.text(self.sheet, row, 0, self._text("missing"), "error", "middle")
            self.book.merged(self.sheet, area, "", "error", "wrap", "middle", "light")
            formula = f'=IF(ISNA({rate}),INDEX({why},1,3),"")'
            self.book.formula(self.sheet, row, 1, formula, reason, "error", "wrap", "middle", "light")
            self.sheet.set_row(row, lines_high(reason, sum(_WIDTHS[1:])))
            row += 1
        return row

    def _factors(self, row: int) -> int:
        self._across(row, self._text("factors"), "heading", "middle", height=26)
        self.book.merged(self.sheet, (row + 1, 0, row + 2, 1), self._text("day_type"), "header")
        moments = []
        for column, key in ((_UNIT, "day"), (_BASE, "night")):
            clock = self.tariff.night_until if key == "day" else self.tariff.night_from
            hour, minute = divmod(clock // 60_000_000, 60)
            moment = serial(datetime(self.tariff.year, 1, 1, hour, minute))
            formula = f"=DATE({_YEAR_CELL},1,1)+TIME({hour},{minute},0)"
            self.book.text(self.sheet, row + 1, column, self._text(key), "header", "center")
            self.book.formula(self.sheet, row + 2, column, formula, moment, "header", "center", "clock")
            moments.append(moment)
        first = row + 3
        for down, kind in enumerate(_KINDS_OF_DAY):
            name = names("DAY_TYPE", kind.value, self.language)[0]
            self.book.text(self.sheet, first + down, 0, kind.value, "note", "middle", "line")
            self.book.text(self.sheet, first + down, 1, name[:1].upper() + name[1:], "middle", "line")
            self.sheet.set_row(first + down, 19)
            for column, moment in zip((_UNIT, _BASE), moments, strict=True):
                formula = f"=COPRO_FACTOR({xl_rowcol_to_cell(row + 2, column)},,$A{first + down + 1})"
                factor = call("COPRO_FACTOR", [moment, None, kind.value], self.session)
                self.book.formula(self.sheet, first + down, column, formula, factor, "times", "middle", "line")
        return first + len(_KINDS_OF_DAY)

    def _indexing(self, row: int) -> int:
        """The dated figures behind the coefficients."""
        self._across(row, self._text("indexing"), "heading", "middle", height=26)
        figures = list({id(figure): figure for basis in self.basis for figure in basis.figures}.values())
        base_year = self.tariff.general.base_year
        if self.tariff.year == base_year:
            self._across(row + 1, self._text("base_year", year=str(base_year)), "wrap")
            return row + 2
        if not figures:
            return row
        row += 1
        for first, last, key in ((0, 1, "figure"), (2, 3, "period"), (4, _LAST, "origin")):
            self.book.merged(self.sheet, (row, first, row, last), self._text(key), "header")
        for figure in figures:
            row += 1
            self._figure(row, figure)
        return row + 1

    def _figure(self, row: int, figure: Record) -> None:
        official = figure.status is Status.OFFICIAL
        origin = figure.source
        if not official:
            origin = f"{text('labels', f'status.{figure.status}', self.language)}: {origin}"
        name = label("series", figure.series, self.language)
        mark = ["line"] if official else ["line", "warning", "light"]
        for first, last, words in ((0, 1, name), (2, 3, self._period(figure)), (4, _LAST, origin)):
            self.book.merged(self.sheet, (row, first, row, last), words, "wrap", "middle", *mark)
        self.sheet.set_row(row, lines_high(origin, sum(_WIDTHS[4:])))

    def _period(self, figure: Record) -> str:
        if figure.period and figure.series is Series.SALARY_INDEX:
            return figure.period
        last = figure.valid_to
        first = written_day(figure.valid_from, self.language)
        return f"{first} – {written_day(last, self.language)}" if last else first

    def _made_with(self, row: int) -> None:
        fingerprint = self.session.rulebook.fingerprint
        self._across(row, self._text("made_with", day=self.session.today(), fingerprint=fingerprint), "note")
