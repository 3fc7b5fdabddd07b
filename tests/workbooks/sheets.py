"""A workbook as these tests read it: its values, formulas and styles, and the same recalculated by LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.formula import ArrayFormula

from xl_addin import Session
from xl_addin.calc.recalc import recalculate

TODAY = date(2026, 11, 20)
LANGUAGES = ("nl", "fr", "de", "en")


def session_on(folder: Path) -> Session:
    """A session that reads ``folder`` and nothing else of this computer's user."""
    return Session.open(data_folder=folder, language="en", site="BRUSSEL", today=lambda: TODAY)


class Book:
    """A workbook on disk, sheets by their position."""

    def __init__(self, file: Path) -> None:
        self.values = load_workbook(file, data_only=True).worksheets
        self.formulas = load_workbook(file).worksheets

    def value(self, sheet: int, address: str) -> Any:
        return self.values[sheet][address].value

    def rows(self, sheet: int, area: str) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in self.values[sheet][area]]

    def formula(self, sheet: int, address: str) -> str:
        held = self.formulas[sheet][address].value
        return str(held.text if isinstance(held, ArrayFormula) else held)

    def cell(self, sheet: int, address: str) -> Cell:
        return self.values[sheet][address]

    def cells(self, sheet: int) -> Iterator[Cell]:
        """Every cell that shows something."""
        for row in self.values[sheet].iter_rows():
            yield from (cell for cell in row if cell.value not in (None, ""))

    def texts(self, sheet: int) -> list[str]:
        return [str(cell.value) for cell in self.cells(sheet)]

    def place(self, sheet: int, shown: object) -> str:
        """The address of the first cell that shows this."""
        return str(next(cell.coordinate for cell in self.cells(sheet) if cell.value == shown))


def computed_anew(source: Path, data: Path) -> Book:
    """The workbook as LibreOffice computes it with the functions loaded, on the same data."""
    target = source.with_name(f"computed-{source.name}")
    recalculate(source, target, environment={"COPRO_DATA": str(data), "COPRO_LANGUAGE": "en", "COPRO_SITE": "BRUSSEL"})
    return Book(target)


def differences(written: Book, computed: Book, sheet: int) -> list[str]:
    """Cells whose value as written is not the one computed; amounts must be the same to the last digit shown."""
    found = []
    for row in written.values[sheet].iter_rows():
        for cell in row:
            one, other = cell.value, computed.values[sheet][cell.coordinate].value
            if one in (None, "") and other in (None, ""):
                continue
            same = one == other
            if isinstance(one, int | float) and isinstance(other, int | float):
                same = abs(one - other) < 1e-9
            if not same:
                found.append(f"{cell.coordinate}: written {one!r}, computed {other!r}")
    return found
