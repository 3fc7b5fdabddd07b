"""The pictures of docs/: the first page that shows what a workbook is for, of every workbook, in every language.

``python -m tests.pictures FOLDER``; needs LibreOffice, and ``pdftoppm`` (Debian: poppler-utils).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from core.paths import data_file
from core.topics import LANGUAGES
from tests.workbooks.index_filling import Filling, filled, salary
from workbooks.guide import write_guide
from workbooks.index.layout import TRAVEL
from xl_addin import Session
from xl_addin.calc.recalc import to_pdf
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cli.main import DONE, main

EXAMPLE = "salary_index_example.toml"
GUIDE_PAGE = 3 + list(FUNCTIONS).index("COPRO_HOURS_CHARGED")
"""A function's page of the guide: the contents and the codes come first."""


def pictures(folder: Path) -> None:
    """Makes the workbooks and a picture of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as name:
            for workbook, page in _workbooks(Path(name), language):
                _draw(workbook, page, folder / f"{workbook.stem}-{language}", language)


def _workbooks(folder: Path, language: str) -> Iterator[tuple[Path, int]]:
    """Each workbook, and its page to show."""
    if main(["demo", "--folder", str(folder), "--language", language]) != DONE:
        raise SystemExit("the demo did not work")
    for name in ("quote", "tariff-card", "late-payment", "register"):
        yield folder / f"{name}.xlsx", 1
    write_guide(folder / "guide.xlsx", Session.open(language=language))
    yield folder / "guide.xlsx", GUIDE_PAGE
    figures = folder / "figures"
    figures.mkdir()
    with data_file("examples", EXAMPLE).open("rb") as source, (figures / EXAMPLE).open("wb") as copy:
        shutil.copyfileobj(source, copy)
    yield filled(folder, folder / "index.xlsx", _next_year, language=language), 1


def _next_year(filling: Filling) -> None:
    """Figures of the year to come, made up."""
    salary(filling, {"2026-Q3": 109.3})
    filling.fill(TRAVEL, date(2026, 7, 1), date(2027, 6, 30), value=0.4463)


def _draw(workbook: Path, page: int, picture: Path, language: str) -> None:
    pages = workbook.with_suffix(".pdf")
    data = {"COPRO_DATA": str(workbook.parent)} if workbook.stem == "index" else {}
    to_pdf(workbook, pages, environment={**data, "COPRO_LANGUAGE": language, "COPRO_SITE": "BRUSSEL"})
    one_page = ("-f", str(page), "-l", str(page), "-singlefile")
    subprocess.run(["pdftoppm", "-png", "-r", "90", *one_page, str(pages), str(picture)], check=True)


if __name__ == "__main__":
    pictures(Path(sys.argv[1]))
