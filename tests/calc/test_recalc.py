"""Workbooks recalculated by LibreOffice itself. One workbook a test module keeps this quick."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.calc.conftest import STALE, Recalculated, cells_of, write_workbook
from xl_addin.calc import recalc
from xl_addin.calc.errors import RecalculationError

# In 2023: € 360.30 an inspection, € 125.82 an hour, € 228.92 a round trip (2.2.2, 2.2.4).
MONDAY = datetime(2023, 3, 6, 10)
INSPECTION, HOUR, TRIP = 360.30, 125.82, 228.92

#: Inputs. B2 is blank, B3 text, B4 an error, B5 "", B6 #N/A.
INPUTS: dict[str, object] = {
    "B1": MONDAY,
    "B3": "text",
    "B4": "=1/0",
    "B5": '=""',
    "B6": "=NA()",
    "B7": 3.5,
    "B8": 0,
    "B9": 12,
    "B10": "HOUR",
    "C1": 2.5,
    "C3": "text",
    "C4": "=1/0",
    "C5": 40,
    "C6": 1.2,
}
NAMES = {"presence": "'Sheet 1'!$B$7", "nothing": "'Sheet 1'!$B$2", "hours": "'Sheet 1'!$C$1:$C$6", "vat": "0.21"}

#: Formula → what its cell must show; None: nothing.
SINGLE: dict[str, object] = {
    # values
    'COPRO_RATE("HOUR",B1)': HOUR,
    "COPRO_RATE(B10,B1)": HOUR,
    "COPRO_INSPECTION_FEE(B1,B7)": round(INSPECTION + 4 * HOUR + TRIP, 2),
    "COPRO_INSPECTION_FEE(B1,presence)": round(INSPECTION + 4 * HOUR + TRIP, 2),
    'COPRO_INSPECTION_FEE("2023-03-06T10:00",3.5)': round(INSPECTION + 4 * HOUR + TRIP, 2),
    "COPRO_VAT(1000*vat,B1)": 44.1,
    "COPRO_HOURS_CHARGED(B7)*2": 8,
    "IF(COPRO_HOURS_CHARGED(B7)>3,COPRO_HOURS_CHARGED(B7),0)": 4,
    'TEXT(COPRO_VAT(100,B1),"0.00")&" EUR"': "21.00 EUR",
    "SUM(COPRO_HOURS_CHARGED({1.2,2.5;3.5,4}))": 1 + 3 + 4 + 4,
    "INDEX(COPRO_HOURS_CHARGED({1.2,2.5;3.5,4}),2,1)": 4,
    # a blank optional cell is as if the argument were left out; 0 is not
    "COPRO_TRAVEL_FEE(B1)": TRIP,
    "COPRO_TRAVEL_FEE(B1,B2)": TRIP,
    "COPRO_TRAVEL_FEE(B1,B5)": TRIP,
    "COPRO_TRAVEL_FEE(B1,nothing)": TRIP,
    "COPRO_TRAVEL_FEE(B1,B2:B2)": TRIP,
    "COPRO_TRAVEL_FEE(B1,)": TRIP,
    "COPRO_TRAVEL_FEE(B1,INDEX(B1:B9,2))": TRIP,
    "COPRO_TRAVEL_FEE(B1,IF(TRUE,B2,B7))": TRIP,
    "COPRO_TRAVEL_FEE(B1,0)": 0,
    "COPRO_TRAVEL_FEE(B1,B8)": 0,
    'COPRO_RATE("HOUR",B2)=COPRO_RATE("HOUR")': True,
    # errors: wrong type, impossible value, not there; and those that come in
    "COPRO_INSPECTION_FEE(B1,B2)": "#VALUE!",
    "COPRO_INSPECTION_FEE(B2,B7)": "#VALUE!",
    "COPRO_INSPECTION_FEE(B1)": "#VALUE!",
    "COPRO_HOURS_CHARGED(B3)": "#VALUE!",
    "COPRO_HOURS_CHARGED(40)": "#NUM!",
    "COPRO_RATE(B10,44000)": "#N/A",
    "COPRO_HOURS_CHARGED(B4)": "#DIV/0!",
    "COPRO_HOURS_CHARGED(B6)": "#N/A",
    "COPRO_HOURS_CHARGED(1/0)": "#DIV/0!",
    'IFERROR(COPRO_HOURS_CHARGED(40),"caught")': "caught",
    'IF(ISNA(COPRO_RATE(B10,44000)),"missing","there")': "missing",
    "ERROR.TYPE(COPRO_HOURS_CHARGED(40))": 6,
    "ERROR.TYPE(COPRO_RATE(B10,44000))": 7,
    "ERROR.TYPE(COPRO_HOURS_CHARGED(B3))": 3,
    "ERROR.TYPE(COPRO_HOURS_CHARGED(B4))": 2,
    "SUM(COPRO_HOURS_CHARGED(hours))": "#VALUE!",
    # dates and texts out
    "COPRO_DUE_DATE(DATE(2026,1,15))": (date(2026, 3, 2) - date(1899, 12, 30)).days,
    "COPRO_DUE_DATE(B2)": None,
    "COPRO_HOURS_CHARGED(B2)": None,
    "LEN(COPRO_HOURS_CHARGED(B2))": 0,
}

ARRAYS: dict[str, str] = {
    "F1:F6": "{=COPRO_HOURS_CHARGED(C1:C6)}",
    "G1:G6": "{=COPRO_HOURS_CHARGED(hours)}",
    "H1:H6": "{=COPRO_HOURS_CHARGED(C1:C6*2)}",
    "I1:I6": "{=IF(ISERROR(COPRO_HOURS_CHARGED(C1:C6)),0,1)}",
    "J1:K2": "{=COPRO_HOURS_CHARGED({1.2,2.5;3.5,40})}",
}


def cell(number: int) -> str:
    return f"A{number + 1}"


@pytest.fixture(scope="module")
def workbook(recalculated: Recalculated) -> Callable[[str], Any]:
    singles = {cell(number): f"={formula}" for number, formula in enumerate(SINGLE)}
    return recalculated(INPUTS | singles | ARRAYS, names=NAMES)


@pytest.mark.parametrize(("number", "formula"), list(enumerate(SINGLE)), ids=list(SINGLE))
def test_a_formula(workbook: Callable[[str], Any], number: int, formula: str) -> None:
    shown = workbook(cell(number))
    expected = SINGLE[formula]
    assert shown == (pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("F1:F6", [3, None, "#VALUE!", "#DIV/0!", "#NUM!", 1]),
        ("G1:G6", [3, None, "#VALUE!", "#DIV/0!", "#NUM!", 1]),
        ("H1:H6", [5, "#NUM!", "#VALUE!", "#VALUE!", "#NUM!", 2]),  # blank * 2 is 0, as in Excel; see formulas.py
        ("I1:I6", [1, 1, 0, 0, 0, 1]),
    ],
)
def test_a_column_priced_at_once_keeps_each_error_in_its_own_row(
    workbook: Callable[[str], Any], area: str, expected: list[object]
) -> None:
    assert [row[0] for row in workbook(area)] == expected


def test_a_constant_array_spills_a_table(workbook: Callable[[str], Any]) -> None:
    assert workbook("J1:K2") == [[1, 3], [4, "#NUM!"]]
