"""The sheet of a series, or of the construction holidays: what is on record, and the cells to fill in beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from core.formats import number
from core.records import PERCENT_SERIES, ConstructionHoliday, Record
from core.texts import text
from core.usual import BOUNDS, most_change
from core.vocabulary import Series, Status
from workbooks.index.layout import (
    FIRST_ROW,
    HEADER,
    HOLIDAYS,
    MOST_ROW,
    SALARY,
    VAT,
    Column,
    Table,
    sheet_name,
)
from workbooks.index.making import STATUSES, WITHDRAWN, Making, protect, status_told
from workbooks.index.model import Row, days_told
from workbooks.style import Page, Sheet, lines_high

_FIRST_DAY: Final = date(1990, 1, 1)
_SHOWN_BEFORE: Final = 12
"""Rows before the first one to fill in that are in sight when the sheet is opened."""
_MOST_CELL: Final = f"$A${MOST_ROW + 1}"


def text_of(words: str) -> str:
    """A text as formulas write it."""
    return '"' + words.replace('"', '""') + '"'


def _either(condition: str, one: str, other: str) -> str:
    return f"IF({condition},{one},{other})"


def write(making: Making, table: Table) -> None:
    """The whole sheet."""
    _Writer(making, table).write()


class _Writer:
    def __init__(self, making: Making, table: Table) -> None:
        self.making = making
        self.table = table
        self.rows = making.rows[table.name]
        self.book = making.book
        widths = [column.width for column in table.columns]
        page = Page(landscape=True, across=2, repeat=(HEADER, HEADER))
        self.sheet: Sheet = self.book.sheet(sheet_name(table.name, making.language), page, widths)
        self.last = FIRST_ROW + making.length(table) - 1
        self.shown = max(5, len(table.keys) + 7)
        self.width = sum(widths[: self.shown + 1])

    def write(self) -> None:
        self._head()
        self._headers()
        for row in range(FIRST_ROW, self.last + 1):
            self._row(row)
        self._validations()
        self._formats()
        keys = len(self.table.keys)
        self.sheet.repeat_columns(0, keys - 1)
        first_to_fill = next((n for n, row in enumerate(self.rows) if row.record is None), 0)
        later = self._first_to_come(first_to_fill)
        self.sheet.freeze_panes(FIRST_ROW, keys, FIRST_ROW + max(0, later - _SHOWN_BEFORE), keys)
        self.sheet.autofilter(HEADER, 0, self.last, len(self.table.columns) - 1)
        protect(self.sheet)

    def _first_to_come(self, otherwise: int) -> int:
        """The first row after the last on record."""
        known = [n for n, row in enumerate(self.rows) if row.record is not None]
        return max(known) + 1 if known else otherwise

    # --- above the table -----------------------------------------------------------------------------------------

    def _head(self) -> None:
        making, book, sheet = self.making, self.book, self.sheet
        reference = f"{making.rulebook.general[0].base_year - 1}-Q3"
        book.merged(sheet, (0, 0, 0, self.shown), sheet_name(self.table.name, making.language), "title")
        sheet.set_row(0, 30)
        if self.table is SALARY:
            about = making.words("about.salary", reference=reference)
        else:
            about = making.words(f"about.{self.table.name}")
        book.merged(sheet, (1, 0, 1, self.shown), about, "wrap", "quiet")
        sheet.set_row(1, lines_high(about, self.width))
        book.data_notice(sheet, (2, 0, 2, self.shown), making.words("data_changed"))
        if self.table.series and self.table is not VAT:
            self._most(self.table.series[0])

    def _most(self, series: Series) -> None:
        """The largest change that needs no explanation, which the check column compares with."""
        most = most_change(series, self.making.rulebook.figures.timeline(series))
        points = series in PERCENT_SERIES
        self.book.value(self.sheet, MOST_ROW, 0, float(most), *(["figure"] if points else ["percent"]))
        label = self.making.words("most_points" if points else "most_share")
        self.book.merged(self.sheet, (MOST_ROW, 1, MOST_ROW, self.shown), label, "quiet", "indent")

    def _headers(self) -> None:
        columns = list(enumerate(self.table.columns))
        for group, members in groupby(columns, key=lambda at: at[1].group):
            at = [position for position, _ in members]
            title = self.making.words(f"group.{group}")
            if len(at) > 1:
                self.book.merged(self.sheet, (HEADER - 1, at[0], HEADER - 1, at[-1]), title, "over")
            else:
                self.book.text(self.sheet, HEADER - 1, at[0], title, "over")
        self.sheet.set_row(HEADER, 34)
        for position, column in columns:
            side = "indent" if "indent" in column.styles else "inset"
            self.book.text(self.sheet, HEADER, position, column.title(self.making.language), "header", side)

    # --- the rows ------------------------------------------------------------------------------------------------

    def _row(self, row: int) -> None:
        position = row - FIRST_ROW
        listed = self.rows[position] if position < len(self.rows) else Row()
        values = self._values(listed)
        for at, column in enumerate(self.table.columns):
            if column.key == "holds":
                self._holds(row, at, listed)
            elif column.key == "check":
                self.book.formula(self.sheet, row, at, self._check(row), "", "wrap", "indent", "middle", "line")
            else:
                self.book.value(self.sheet, row, at, values.get(column.key), *self._look(column, listed))
        told = [
            (str(values.get(c.key) or ""), c.width)
            for c in self.table.columns
            if c.group in ("origin", "key", "record")
        ]
        self.sheet.set_row(row, max(20, *(lines_high(words, width) for words, width in told)))

    def _look(self, column: Column, row: Row) -> tuple[str, ...]:
        marks: tuple[str, ...] = ()
        if column.group == "input" or (column.group == "key" and row.keys is None):
            marks = ("input",)
        elif column.group == "record":
            doubtful = row.record is not None and row.record.status is not Status.OFFICIAL
            marks = ("band", *(("warning", "light") if doubtful else ()), *(("error",) if row.contradicted else ()))
        elif column.group == "key":
            marks = ("bold",)
        return (*column.styles, "middle", "line", *marks)

    def _values(self, row: Row) -> Mapping[str, object]:
        """What stands in the cells that hold no formula."""
        found: dict[str, object] = dict(zip(self.table.keys, row.keys or (), strict=False))
        record, language = row.record, self.making.language
        if row.contradicted:
            found["rec_status"] = text("update", "state.conflict", language)
        if record is None:
            return found
        found |= {
            "rec_source": record.source,
            "rec_on": record.recorded_on,
            "rec_by": record.recorded_by,
            "rec_checked": record.checked_by,
        }
        found.setdefault("rec_status", status_told(record.status.value, language))
        if isinstance(record, ConstructionHoliday):
            return {**found, "rec_days": days_told(record, language)}
        return {**found, "rec_value": record.value, "rec_basis": record.basis}

    def _holds(self, row: int, at: int, listed: Row) -> None:
        """What holds once this is recorded."""
        cell = self.table.cell
        withdrawn = text_of(status_told(WITHDRAWN, self.making.language))
        new, now = cell("value", row), cell("rec_value", row)
        formula = f'=IF({cell("status", row)}={withdrawn},"",IF(ISNUMBER({new}),{new},IF(ISNUMBER({now}),{now},"")))'
        value = float(listed.record.value) if isinstance(listed.record, Record) else ""
        self.book.formula(self.sheet, row, at, formula, value, *self.table.columns[at].styles, "middle", "line")

    # --- the check column ----------------------------------------------------------------------------------------

    def _check(self, row: int) -> str:
        """A sentence about what is filled in; nothing while the row is empty."""
        cell = self.table.cell
        filled = f"COUNTA({cell(self.table.inputs[0], row)}:{cell(self.table.inputs[-1], row)})=0"
        names = [f'LOWER(SUBSTITUTE({cell(key, row)}," ",""))' for key in ("entered_by", "checked_by")]
        same = f'AND({cell("entered_by", row)}<>"",{names[0]}={names[1]})'
        people = f'{cell("entered_by", row)}="",{cell("checked_by", row)}=""'
        value = self.table.values[0]
        status = text_of(status_told(WITHDRAWN, self.making.language))
        reason = f'OR({cell("note", row)}="",{cell(value, row)}<>"",{people})'
        missing = f'OR({cell(value, row)}="",{cell("status", row)}="",{cell("source", row)}="",{people})'
        complete = _either(missing, self._guard("incomplete"), self._guard("ready"))
        told = _either(reason, self._guard("reason"), self._guard("ready"))
        told = _either(f"{cell('status', row)}={status}", told, complete)
        for key, doubt in reversed([*self._wrong(row), ("person", same)]):
            told = _either(doubt, self._guard(key), told)
        return f"={_either(filled, text_of(''), told)}"

    def _guard(self, key: str) -> str:
        return text_of(self.making.words(f"guard.{key}"))

    def _wrong(self, row: int) -> list[tuple[str, str]]:
        cell = self.table.cell
        if self.table is HOLIDAYS:
            runs = [(cell(f"first_{n}", row), cell(f"last_{n}", row)) for n in (1, 2, 3)]
            wrong = ",".join(f'({first}<>"")<>({last}<>""),N({last})<N({first})' for first, last in runs)
            return [("days", f"OR({wrong})")]
        value = cell("value", row)
        found = [("text", f'AND({value}<>"",NOT(ISNUMBER({value})))')]
        apart = 4 if self.table is SALARY else 1
        if self.table is not VAT and FIRST_ROW + apart <= row < FIRST_ROW + len(self.rows):
            before = cell("holds", row - apart)
            points = self.table.series[0] in PERCENT_SERIES
            change = f"ABS({value}-{before})" if points else f"ABS({value}/{before}-1)"
            both = f'AND(ISNUMBER({value}),ISNUMBER({before}),{cell("note", row)}="")'
            found.append(("jump", f"IF({both},{change}>{_MOST_CELL},FALSE)"))
        return found

    # --- what is refused while typing, and what stands out -------------------------------------------------------

    def _area(self, key: str, first: int = FIRST_ROW) -> tuple[int, int, int, int]:
        at = self.table.at(key)
        return first, at, self.last, at

    def _validations(self) -> None:
        statuses = [status_told(status, self.making.language) for status in STATUSES]
        self._choose(self._area("status"), statuses)
        spare = FIRST_ROW + len(self.rows)
        for key in self.table.keys:
            if key in ("first", "last"):
                self._day(self._area(key, spare))
            elif key == "year":
                bounds = {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2100}
                self.sheet.data_validation(
                    *self._area(key, spare), {**bounds, **self._told("value", low=2000, high=2100)}
                )
            else:
                self._choose(self._area(key, spare), f"={self.making.lists[self._list(key)]}")
        if self.table is HOLIDAYS:
            for key in self.table.values:
                self._day(self._area(key))
        else:
            self._decimal()

    def _list(self, key: str) -> str:
        return f"{self.table.name}.{key}" if key == "period" else key

    def _told(self, key: str, **details: object) -> dict[str, str]:
        words = self.making.words
        return {"error_title": words("refused.title"), "error_message": words(f"refused.{key}", **details)}

    def _choose(self, area: tuple[int, int, int, int], source: list[str] | str) -> None:
        self.sheet.data_validation(*area, {"validate": "list", "source": source, **self._told("choice")})

    def _day(self, area: tuple[int, int, int, int]) -> None:
        last = date(self.making.today.year + 10, 12, 31)
        bounds = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": last}
        self.sheet.data_validation(*area, {**bounds, **self._told("day")})

    def _decimal(self) -> None:
        low, high = BOUNDS[self.table.series[0]]
        shown = {name: number(Decimal(bound), self.making.language) for name, bound in (("low", low), ("high", high))}
        bounds = {"validate": "decimal", "criteria": "between", "minimum": float(low), "maximum": float(high)}
        self.sheet.data_validation(*self._area("value"), {**bounds, **self._told("value", **shown)})

    def _formats(self) -> None:
        """What needs a look stands out; so does text where a number belongs."""
        check = self.table.cell("check", FIRST_ROW)
        ready = text_of(self.making.words("guard.ready"))
        doubtful = {"type": "formula", "criteria": f'=AND({check}<>"",{check}<>{ready})'}
        self.sheet.conditional_format(*self._area("check"), {**doubtful, "format": self.book.style("warning", "light")})
        for key in self.table.values:
            cell = self.table.cell(key, FIRST_ROW)
            wrong = {"type": "formula", "criteria": f'=AND({cell}<>"",NOT(ISNUMBER({cell})))'}
            self.sheet.conditional_format(*self._area(key), {**wrong, "format": self.book.style("error")})
        if "period" in self.table.keys:
            self.sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW + 1}:A{self.last + 1}"})
