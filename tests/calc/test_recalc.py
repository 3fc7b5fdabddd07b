"""Workbooks recalculated by LibreOffice itself. One workbook a test module keeps this quick."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.calc.conftest import STALE, Recalculated, cells_of, write_workbook
from xl_addin import Session, call
from xl_addin.calc import contents, recalc
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
    "COPRO_VAT_RATE(B2)": 0.21,
    "COPRO_APPLICATION_FEE(B1,B2)=COPRO_APPLICATION_FEE(B1,1)": True,
    "COPRO_FACTOR(B1,B2,B2)": 1,
    # inside other formulas: one IF in another, and what wants a single value
    "IF(COPRO_HOURS_CHARGED(B7)>3,IF(B8=0,1,2),0)": 1,
    "IFERROR(COPRO_HOURS_CHARGED(40),COPRO_HOURS_CHARGED(B7))": 4,
    "CHOOSE(COPRO_HOURS_CHARGED(C1),B7,B8,B9)": 12,
    "COPRO_HOURS_CHARGED(COPRO_HOURS_CHARGED(B7)/2)": 2,
    "SUM(COPRO_HOURS_CHARGED(C1:C2),COPRO_HOURS_CHARGED(C6))": 4,
    'INDEX(COPRO_TARIFF(2023,"en"),1,1)': "APPLICATION",
    # errors: wrong type, impossible value, not there; and those that come in
    "COPRO_INSPECTION_FEE(B1,B2)": "#VALUE!",
    "COPRO_DUE_DATE(B2)": "#VALUE!",
    "COPRO_VAT(B2,B1)": "#VALUE!",
    "COPRO_VAT(B8,B1)": 0,
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
    'COPRO_DAY_TYPE(DATE(2023,3,6),,"en")': "working day",
}

ARRAYS: dict[str, str] = {
    "F1:F6": "{=COPRO_HOURS_CHARGED(C1:C6)}",
    "G1:G6": "{=COPRO_HOURS_CHARGED(hours)}",
    "H1:H6": "{=COPRO_HOURS_CHARGED(C1:C6*2)}",
    "I1:I6": "{=IF(ISERROR(COPRO_HOURS_CHARGED(C1:C6)),0,1)}",
    "J1:K2": "{=COPRO_HOURS_CHARGED({1.2,2.5;3.5,40})}",
    "L1:L6": "{=IF(COPRO_HOURS_CHARGED(C1:C6*2)>3,IF(C1:C6>2,COPRO_HOURS_CHARGED(C1:C6*2),0),-1)}",
    "M1:M6": "{=COPRO_TRAVEL_FEE(B1,C1:C6,B2)}",
    "N1:S9": '{=COPRO_EXPLAIN("en:COPRO_INSPECTION_FEE",B1,B7,B2)}',
    "T1:Y1": '{=COPRO_EXPLAIN("en:COPRO_HOURS_CHARGED",B4)}',
}


def address(number: int) -> str:
    return f"A{number + 1}"


@pytest.fixture(scope="module")
def workbook(recalculated: Recalculated) -> Callable[[str], Any]:
    singles = {address(number): f"={formula}" for number, formula in enumerate(SINGLE)}
    return recalculated(INPUTS | singles | ARRAYS, names=NAMES)


@pytest.mark.parametrize(("number", "formula"), list(enumerate(SINGLE)), ids=list(SINGLE))
def test_a_formula(workbook: Callable[[str], Any], number: int, formula: str) -> None:
    shown = workbook(address(number))
    expected = SINGLE[formula]
    assert shown == (pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("F1:F6", [3, None, "#VALUE!", "#DIV/0!", "#NUM!", 1]),
        ("G1:G6", [3, None, "#VALUE!", "#DIV/0!", "#NUM!", 1]),
        ("H1:H6", [5, "#NUM!", "#VALUE!", "#VALUE!", "#NUM!", 2]),  # blank * 2 is 0, as in Excel; see formulas.py
        ("I1:I6", [1, 1, 0, 0, 0, 1]),
        ("L1:L6", [5, "#NUM!", "#VALUE!", "#VALUE!", "#NUM!", -1]),
        ("M1:M6", ["#NUM!", TRIP, "#VALUE!", "#DIV/0!", 40 * TRIP, "#NUM!"]),
    ],
)
def test_a_column_priced_at_once_keeps_each_error_in_its_own_row(
    workbook: Callable[[str], Any], area: str, expected: list[object]
) -> None:
    assert [row[0] for row in workbook(area)] == expected


def test_a_constant_array_spills_a_table(workbook: Callable[[str], Any]) -> None:
    assert workbook("J1:K2") == [[1, 3], [4, "#NUM!"]]


def test_an_explanation_is_a_table_and_a_blank_argument_counts_as_omitted(workbook: Callable[[str], Any]) -> None:
    session = Session.open(language="nl")
    expected = call("COPRO_EXPLAIN", ["en:COPRO_INSPECTION_FEE", "2023-03-06T10:00", 3.5], session=session)
    assert isinstance(expected, list)
    shown = [row for row in workbook("N1:S9") if row[0] != "#N/A"]  # rows beyond the table are #N/A, as in Excel
    assert [[row[0], row[1]] for row in shown] == [[row[0], row[1]] for row in expected[:9]]


def test_an_error_that_comes_in_is_explained(workbook: Callable[[str], Any]) -> None:
    (row,) = workbook("T1:Y1")
    assert "#DIV/0!" in row[2]
    assert row[3] == "#DIV/0!"


def test_a_workbook_keeps_its_own_formulas(recalculated: Recalculated) -> None:
    formulas = [
        "COPRO_TRAVEL_FEE(B1,B2)",
        "IF(COPRO_HOURS_CHARGED(presence)>3,IF(B8=0,1,2),0)",
        "SUM(COPRO_HOURS_CHARGED(hours))",
        "COPRO_TRAVEL_FEE(B1,INDEX(B1:B9,2))",
    ]
    cells = INPUTS | {address(number): f"={formula}" for number, formula in enumerate(formulas)}
    read = recalculated(cells | {"F1:F6": "{=COPRO_HOURS_CHARGED(C1:C6*2)}"}, names=NAMES, formulas=True)
    assert [read(address(number)) for number in range(len(formulas))] == [f"={formula}" for formula in formulas]
    assert read("F1").text == "=COPRO_HOURS_CHARGED(C1:C6*2)"


def test_dates_of_a_workbook_that_counts_from_1904(recalculated: Recalculated) -> None:
    cells: dict[str, object] = {
        "A1": "=COPRO_DUE_DATE(B1)",
        "A2": '=COPRO_RATE("HOUR",B2)',
        "A3": '=TEXT(COPRO_DUE_DATE("2026-01-15"),"yyyy-mm-dd")',
        "B1": date(2026, 1, 15),
        "B2": date(2023, 3, 6),
    }
    read = recalculated(cells, date_1904=True)
    assert (read("A1"), read("A2"), read("A3")) == ((date(2026, 3, 2) - date(1904, 1, 1)).days, HOUR, "2026-03-02")


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_language_comes_from_the_environment(recalculated: Recalculated, language: str) -> None:
    read = recalculated({"A1": '=COPRO_DAY_TYPE("2023-03-06")'}, environment={"COPRO_LANGUAGE": language})
    assert read("A1") == call("COPRO_DAY_TYPE", ["2023-03-06"], session=Session.open(language=language))


def test_a_data_folder_that_is_not_there_is_refused(recalculated: Recalculated, tmp_path: Path) -> None:
    with pytest.raises(RecalculationError, match="no-such-folder"):
        recalculated({"A1": "=COPRO_POLICIES()"}, environment={"COPRO_DATA": str(tmp_path / "no-such-folder")})


def test_a_workbook_without_our_functions_is_recalculated_too(recalculated: Recalculated) -> None:
    assert recalculated({"A1": "=SUM(B1:B2)", "B1": 2, "B2": 3})("A1") == 5


def test_rows_that_each_need_the_rows_below_them(recalculated: Recalculated) -> None:
    rows = 450  # deeper than Calc goes before it starts over, and than Python goes by itself
    cells: dict[str, object] = {
        f"A{row}": f"=SUM(COPRO_INDEXED(A{row + 1}:A{row + 2},1,1))/2" for row in range(1, rows)
    }
    assert recalculated(cells | {f"A{rows}": 100, f"A{rows + 1}": 100})("A1") == 100


def test_functions_that_cannot_be_loaded_are_an_error_and_the_target_is_left_alone(
    office: Path, tmp_path: Path
) -> None:
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    write_workbook(source, {"A1": "=COPRO_POLICIES()"}, {})
    target.write_text("as it was")
    toolkit = contents.place() | {"python": str(tmp_path / "python"), "folders": [], "compiled_for": "another"}
    with pytest.raises(RecalculationError, match=r"could not load the COPRO functions: .*/python"):
        recalc.recalculate(source, target, toolkit=toolkit)
    assert target.read_text() == "as it was"
    assert sorted(tmp_path.iterdir()) == [source, target]


def test_the_functions_load_in_an_activated_environment(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = Path(sys.prefix) / "bin"
    monkeypatch.setenv("PATH", os.pathsep.join([str(scripts), os.environ["PATH"]]))
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    write_workbook(source, {"A1": "=COPRO_HOURS_CHARGED(3)"}, {})
    recalc.recalculate(source, target)
    assert cells_of(target)("A1") == 3


def test_several_workbooks_at_once(office: Path, tmp_path: Path) -> None:
    def one(number: int) -> object:
        source, target = tmp_path / f"{number}.xlsx", tmp_path / f"{number}-done.xlsx"
        write_workbook(source, {"A1": f"=COPRO_HOURS_CHARGED({number})"}, {})
        recalc.recalculate(source, target)
        return cells_of(target)("A1")

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(one, [2, 3, 4])) == [2, 3, 4]


def test_a_pdf_shows_the_new_values(office: Path, tmp_path: Path) -> None:
    write_workbook(tmp_path / "source.xlsx", {"A1": "=COPRO_TRAVEL_FEE(B1,B2)", "B1": MONDAY}, {})
    recalc.to_pdf(tmp_path / "source.xlsx", tmp_path / "pages.pdf")
    assert (tmp_path / "pages.pdf").read_bytes().startswith(b"%PDF-")
    try:
        done = subprocess.run(["pdftotext", tmp_path / "pages.pdf", "-"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    assert "228.92" in done.stdout
    assert STALE not in done.stdout


# --- without LibreOffice ---------------------------------------------------------------------------------------------


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``soffice`` that does what ``script`` says."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_when_the_time_is_over_everything_it_started_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(tmp_path / "source.xlsx", {"A1": "=1+1"}, {})
    stand_in(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait", monkeypatch)
    began = time.monotonic()
    with pytest.raises(RecalculationError, match=r"after 0\.5 seconds"):
        recalc.recalculate(tmp_path / "source.xlsx", tmp_path / "target.xlsx", timeout=0.5)
    assert time.monotonic() - began < 10
    assert not _runs(int((tmp_path / "child").read_text()))


def _runs(process: int) -> bool:
    for _ in range(50):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True


def test_nothing_made_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(tmp_path / "source.xlsx", {"A1": "=1+1"}, {})
    stand_in(tmp_path, "echo first; echo 'Error: source file could not be loaded'", monkeypatch)
    with pytest.raises(RecalculationError, match="source file could not be loaded"):
        recalc.recalculate(tmp_path / "source.xlsx", tmp_path / "target.xlsx")


@pytest.mark.parametrize("convert", [recalc.recalculate, recalc.to_pdf])
def test_without_libreoffice(convert: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert recalc.libreoffice() is None
    with pytest.raises(RecalculationError, match="Install LibreOffice"):
        convert(tmp_path / "source.xlsx", tmp_path / "target.xlsx")


@pytest.mark.parametrize("content", [None, b"no workbook", "a zip"])
def test_what_is_no_workbook(content: bytes | str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source.xlsx"
    if isinstance(content, bytes):
        source.write_bytes(content)
    elif content:
        with zipfile.ZipFile(source, "w") as file:
            file.writestr("other.txt", content)
    stand_in(tmp_path, "true", monkeypatch)
    with pytest.raises(RecalculationError, match="cannot be read as an Excel workbook"):
        recalc.recalculate(source, tmp_path / "target.xlsx")


def test_what_goes_wrong_inside_a_function_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_workbook(tmp_path / "source.xlsx", {"A1": "=COPRO_STATUS()"}, {})
    made = 'mkdir -p "$COPRO_OUT"; echo made > "$COPRO_OUT/workbook.pdf"'
    told = 'printf "ready\\nTraceback: a slip of ours\\n" > "$COPRO_CALC_STATUS"'
    out = 'COPRO_OUT=$(dirname "$COPRO_CALC_STATUS")/out'
    stand_in(tmp_path, f"{out}; {made}; {told}", monkeypatch)
    with caplog.at_level(logging.WARNING):
        recalc.to_pdf(tmp_path / "source.xlsx", tmp_path / "pages.pdf")
    assert "a slip of ours" in caplog.text
