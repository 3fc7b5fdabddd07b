"""Registers for the tests: the example, and one in which much is wrong."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook import Workbook

from workbooks.register import Row
from workbooks.register.model import FIELDS
from xl_addin.cells import CellError

EXAMPLE = Path(__file__).parents[2] / "workbooks" / "examples" / "register.toml"

MONDAY = datetime(2023, 3, 6, 10)
SATURDAY = datetime(2023, 3, 4, 21, 30)
STANDARD = "STANDARD_INSPECTION"

# 2023: fixed 360.30, hour 125.82, round trip 228.92.
TWO_HOURS = 840.86  # 360.30 + 2 × 125.82 + 228.92
THREE_HOURS = 966.68  # 2.5 hours are charged as 3: 360.30 + 3 × 125.82 + 228.92
WASTED = 715.04  # one hour: 360.30 + 125.82 + 228.92
SATURDAY_NIGHT = 1321.42  # all but the fixed fee twice: 360.30 + 2 × 2 × 125.82 + 2 × 228.92


def inspection(**values: object) -> Row:
    """Two hours on a working day for Acme, unless something else is said."""
    usual: dict[str, object] = {"start": MONDAY, "customer": "Acme", "kind": STANDARD, "hours": 2.0}
    return Row(**{**usual, **values})  # type: ignore[arg-type]


def troubled() -> list[Row]:
    """Rows with and without a price, of customers whose names mean something else in a formula."""
    return [
        inspection(reference="r1"),
        inspection(customer="acme ", kind="WASTED_TRIP", hours=None),
        inspection(customer="B*", kind="Nonsense"),
        inspection(customer="=1+1", kind=None),
        inspection(reference="r1", hours=30),
        Row(),
        inspection(customer="B?", site="Atlantis"),
        inspection(customer=10023, start=SATURDAY),
        inspection(customer=">0", start=SATURDAY, hours=None),
        inspection(customer=CellError("#REF!")),
        inspection(customer="B1", start=date(2023, 3, 6), hours="x"),
        inspection(customer="B1", start="2023-03-06", hours=2.5),
        inspection(customer="@SUM(A1)", reference="http://example.invalid", inspector="-2+3"),
        inspection(customer="B1", start=None),
        inspection(customer="n" * 240 + "~" * 10),
        inspection(customer="n" * 240 + "~" * 20),
        inspection(customer="B1", start=datetime(2029, 3, 12, 9)),
        inspection(customer=None, hours=CellError("#N/A")),
    ]


PRICED = {1: TWO_HOURS, 2: WASTED, 8: SATURDAY_NIGHT, 10: TWO_HOURS, 12: THREE_HOURS, 13: TWO_HOURS}
PRICED |= {15: TWO_HOURS, 16: TWO_HOURS}
"""The fees of `troubled`, by the number of the row."""
ERRORS = {3: "#VALUE!", 4: "#VALUE!", 5: "#NUM!", 7: "#VALUE!", 9: "#VALUE!", 11: "#VALUE!", 14: "#VALUE!"}
ERRORS |= {17: "#N/A", 18: "#N/A"}
TOTAL = 7207.44  # 715.04 + 1321.42 + 966.68 + 5 × 840.86


class Filled:
    """A register workbook that somebody fills in."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.book: Workbook = load_workbook(file)

    def place(self, field: str, number: int) -> str:
        """The cell of a field in a row of the table."""
        area = str(self.book.defined_names[f"register_{field}"].attr_text).rpartition("!")[2]
        left, top, _, _ = range_boundaries(area.replace("$", ""))
        assert left
        assert top
        return str(self.book.worksheets[0].cell(top + number - 1, left).coordinate)

    def fill(self, number: int, **values: object) -> None:
        """Types values in a row."""
        assert set(values) <= set(FIELDS)
        for field, value in values.items():
            self.book.worksheets[0][self.place(field, number)].value = value  # type: ignore[index]

    def saved(self) -> Path:
        """The file, saved."""
        self.book.save(self.file)
        return self.file
