"""A workbook made of a few cells, recalculated by the LibreOffice of this machine."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from xl_addin.calc.office import libreoffice
from xl_addin.calc.recalc import recalculate

OLDEST = (24, 8)
_ADVICE = "tests/install-libreoffice installs it"
#: A value no formula of ours gives: what the cell shows when it was not computed anew.
STALE = "not recalculated"


@cache
def why_not() -> str:
    """Why no workbook can be recalculated here; empty when one can."""
    soffice = libreoffice()
    if soffice is None:
        return f"LibreOffice is not here ({_ADVICE})"
    if not (soffice.resolve().parent / "pythonloader.py").exists():
        return f"LibreOffice has no Python here ({_ADVICE})"
    said = subprocess.run([soffice, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        return f"LibreOffice is older than {'.'.join(map(str, OLDEST))} ({_ADVICE})"
    return ""


@pytest.fixture(scope="session")
def office() -> Path:
    """LibreOffice's program; the test is reported as not run without it."""
    if reason := why_not():
        pytest.skip(reason)
    soffice = libreoffice()
    assert soffice is not None
    return soffice


def write_workbook(file: Path, cells: Mapping[str, object], names: Mapping[str, str], **options: bool) -> None:
    """A workbook of one sheet. ``{=…}`` is an array formula, its address a range; every formula's value is stale."""
    with xlsxwriter.Workbook(str(file), dict(options)) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("Sheet 1")
        for address, value in cells.items():
            if isinstance(value, str) and value.startswith("{="):
                sheet.write_array_formula(address, value, None, STALE)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(address, value, None, STALE)
            elif isinstance(value, date | datetime):
                sheet.write_datetime(address, value, moment)
            else:
                sheet.write(address, value)
        for name, meaning in names.items():
            book.define_name(name, "=" + meaning)


def cells_of(file: Path, *, formulas: bool = False) -> Callable[[str], Any]:
    """Reads a cell (or the rows of a range) of the workbook's sheet: its value, or its formula."""
    sheet = load_workbook(file, data_only=not formulas).worksheets[0]

    def read(address: str) -> Any:
        if ":" in address:
            return [[cell.value for cell in row] for row in sheet[address]]
        return sheet[address].value

    return read


def processes_with(variable: str) -> list[Path]:
    """Every process that has this in its environment, as ``NAME=value``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if variable.encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append(process)
    return found


Recalculated = Callable[..., Callable[[str], Any]]


@pytest.fixture(scope="module")
def recalculated(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Recalculated:
    """Writes a workbook of these cells, recalculates it and gives a reader of its values."""

    def make(
        cells: Mapping[str, object],
        *,
        names: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        formulas: bool = False,
        **options: bool,
    ) -> Callable[[str], Any]:
        folder = tmp_path_factory.mktemp("calc")
        source, target = folder / "source.xlsx", folder / "target.xlsx"
        write_workbook(source, cells, names or {}, **options)
        recalculate(source, target, environment=environment)
        return cells_of(target, formulas=formulas)

    return make
