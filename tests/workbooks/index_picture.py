"""The index workbook as docs/yearly-update.md shows it: filled in with made-up figures, printed to a PDF.

``python -m tests.workbooks.index_picture TARGET.pdf``
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from core.paths import data_file
from tests.workbooks.index_filling import Filling, filled, salary
from workbooks.index.layout import TRAVEL
from xl_addin.calc.recalc import to_pdf

EXAMPLE = "salary_index_example.toml"


def fill(filling: Filling) -> None:
    """Figures of the year to come."""
    salary(filling, {"2026-Q3": 109.3})
    filling.fill(TRAVEL, date(2026, 7, 1), date(2027, 6, 30), value=0.4463)


def main(target: Path) -> None:
    """Makes the workbook on the example figures and prints it."""
    with tempfile.TemporaryDirectory() as name:
        figures = Path(name) / "figures"
        figures.mkdir()
        with data_file("examples", EXAMPLE).open("rb") as source, (figures / EXAMPLE).open("wb") as copy:
            shutil.copyfileobj(source, copy)
        file = filled(Path(name), Path(name) / "index.xlsx", fill)
        to_pdf(file, target, environment={"COPRO_DATA": name, "COPRO_LANGUAGE": "en", "COPRO_SITE": "BRUSSEL"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
