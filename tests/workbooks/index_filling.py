"""An index workbook filled in as people do, cell by cell, for the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.workbooks.sheets import TODAY
from workbooks.index import write_index
from workbooks.index.layout import FIRST_ROW, Table, sheet_name
from xl_addin import Session

PEOPLE = {"status": "official", "source": "gazette", "entered_by": "An Peeters", "checked_by": "Bea Maes"}
Sheet = Any


def session_in(folder: Path, language: str = "en", today: date = TODAY) -> Session:
    """A session that reads ``folder`` and nothing else of this computer's user."""
    return Session.open(data_folder=folder, language=language, site="BRUSSEL", today=lambda: today)


def empty_workbook(folder: Path, target: Path, language: str = "en", today: date = TODAY) -> Path:
    write_index(target, session_in(folder, language, today), force=True)
    return target


class Filling:
    """A workbook being filled in."""

    def __init__(self, file: Path, language: str = "en") -> None:
        self.file = file
        self.language = language
        self.book = load_workbook(file)

    def sheet(self, table: Table) -> Sheet:
        return self.book[sheet_name(table.name, self.language)]

    def row(self, table: Table, *keys: object) -> int:
        """The row with these keys; a first empty row without any."""
        sheet = self.sheet(table)
        wanted = keys or (None,) * len(table.keys)
        for row in range(FIRST_ROW + 1, sheet.max_row + 1):
            found = tuple(_plain(sheet.cell(row, at + 1).value) for at in range(len(table.keys)))
            if found[: len(wanted)] == wanted:
                return row
        raise AssertionError(f"no row {keys} on {sheet.title}")

    def fill(self, table: Table, *keys: object, **values: object) -> str:
        """Fills in cells of a row, the people included; gives the address of the first one."""
        row = self.row(table, *keys)
        for key, value in {**PEOPLE, **values}.items():
            self.sheet(table).cell(row, table.at(key) + 1).value = value
        return self.address(table, next(iter(values)), row)

    def address(self, table: Table, key: str, row: int) -> str:
        return f"{sheet_name(table.name, self.language)}!{self.sheet(table).cell(row, table.at(key) + 1).coordinate}"

    def save(self, target: Path | None = None) -> Path:
        self.book.save(target or self.file)
        return target or self.file


def filled(folder: Path, target: Path, fill: Callable[[Filling], object], **more: Any) -> Path:
    """A new workbook of a data folder, filled in."""
    filling = Filling(empty_workbook(folder, target, **more), more.get("language", "en"))
    fill(filling)
    return filling.save()


def salary(filling: Filling, figures: Mapping[str, object], **more: object) -> None:
    from workbooks.index.layout import SALARY

    for period, value in figures.items():
        filling.fill(SALARY, period, value=value, **more)


def _plain(value: object) -> object:
    from datetime import datetime

    return value.date() if isinstance(value, datetime) else value
