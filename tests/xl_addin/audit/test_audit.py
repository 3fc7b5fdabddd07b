"""``copro audit``: what people do to a workbook is found, and what is right is left in peace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.workbook.defined_name import DefinedName

from core.errors import FileError
from core.topics import LANGUAGES
from tests.core.folder import session_on
from xl_addin.audit import Kind, Report, audit
from xl_addin.cli.main import COULD_NOT_RUN, DONE, FOUND_WRONG, main

# An inspection of three hours on a working day of 2023: 360.30 + 3 × 125.82 + 228.92 = 966.68; of four: 1092.50
START = datetime(2023, 3, 6, 10)
THREE, FOUR = 966.68, 1092.50
DAY = 44991
FEE = "=COPRO_INSPECTION_FEE(A{row},B{row})"


def book(folder: Path, cells: Mapping[str, object], **options: object) -> Path:
    """A workbook of these cells; a formula is (formula, the value saved with it), an array has its range as address."""
    file = folder / "book.xlsx"
    workbook = xlsxwriter.Workbook(str(file), options)
    dated = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = workbook.add_worksheet("Work")
    for address, content in cells.items():
        if isinstance(content, tuple) and ":" in address:
            formula, rows = content
            sheet.write_array_formula(address, formula, None, rows[0][0])
            first = address.split(":")[0]
            top, left = int(first[1:]) - 1, ord(first[0]) - ord("A")
            for down, row in enumerate(rows):
                for across, value in enumerate(row):
                    if down or across:
                        sheet.write(top + down, left + across, value)
        elif isinstance(content, tuple):
            sheet.write_formula(address, content[0], None, content[1])
        elif isinstance(content, datetime):
            sheet.write_datetime(address, content, dated)
        else:
            sheet.write(address, content)
    workbook.close()
    return file


def register(rows: int = 5) -> dict[str, object]:
    """A column of inspections of three hours, priced row by row."""
    found: dict[str, object] = {"A1": "start", "B1": "hours", "C1": "fee"}
    for row in range(2, rows + 2):
        found |= {f"A{row}": START, f"B{row}": 3, f"C{row}": (FEE.format(row=row), THREE)}
    return found


def of(report: Report) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.place.address) for finding in report.findings]


def test_a_right_workbook(tmp_path: Path) -> None:
    report = audit(book(tmp_path, register()), session_on())
    assert (report.formulas, report.findings, report.wrong) == (5, [], False)


@pytest.mark.parametrize("saved", [THREE + 0.01, THREE - 0.01, 0, "966.68", "", "#N/A", True])
def test_a_cent_is_found(tmp_path: Path, saved: object) -> None:
    report = audit(book(tmp_path, register() | {"C4": (FEE.format(row=4), saved)}), session_on())
    assert of(report) == [(Kind.STALE, "C4")]
    assert report.findings[0].computed == THREE


def test_a_value_of_last_year(tmp_path: Path) -> None:
    """A figure that was corrected since: 2 % of 2023-03-06 is not what the installation has on record."""
    cells = {"A1": datetime(2023, 3, 6), "B1": ("=COPRO_LEGAL_RATE(A1)", 0.02)}
    assert of(audit(book(tmp_path, cells), session_on())) == [(Kind.STALE, "B1")]


@pytest.mark.parametrize("row", [3, 5])
def test_a_number_typed_over_beside_a_row_of_another_kind(tmp_path: Path, row: int) -> None:
    """A quote has an application among its inspections: the rows around are not all alike."""
    other = ("=COPRO_APPLICATION_FEE(DATE(2023,3,6))", 1160.96)
    report = audit(book(tmp_path, register() | {"C4": other, f"C{row}": 950.0}), session_on())
    assert (Kind.OVERWRITTEN, f"C{row}") in of(report)


@pytest.mark.parametrize("row", [2, 3, 4, 6])
def test_a_number_typed_over_a_formula(tmp_path: Path, row: int) -> None:
    report = audit(book(tmp_path, register() | {f"C{row}": 950.0}), session_on())
    assert of(report) == [(Kind.OVERWRITTEN, f"C{row}")]
    assert (report.findings[0].saved, report.findings[0].computed) == (950.0, THREE)


def test_a_formula_that_is_gone_would_leave_its_row_out_of_the_total(tmp_path: Path) -> None:
    cells = register()
    del cells["C4"], cells["C6"]
    assert of(audit(book(tmp_path, cells), session_on())) == [(Kind.REMOVED, "C4"), (Kind.REMOVED, "C6")]


def test_a_total_below_the_column_is_not_taken_for_a_row(tmp_path: Path) -> None:
    cells = register() | {"C7": ("=SUM(C2:C6)", 5 * THREE), "C8": 12.5}
    assert of(audit(book(tmp_path, cells), session_on())) == []
    typed = register() | {"A7": "total", "C7": 5 * THREE}
    assert of(audit(book(tmp_path, typed), session_on())) == []


def test_what_cannot_be_computed_is_told_and_counted(tmp_path: Path) -> None:
    cells = register() | {"D2": ("=ROUNDUP(COPRO_FACTOR(A2),0)", 1), "D3": ("=COPRO_FACTOR(OFFSET(A1,1,0))", 1)}
    report = audit(book(tmp_path, cells), session_on())
    assert of(report) == [(Kind.UNCHECKED, "D2"), (Kind.UNCHECKED, "D3")]
    assert [finding.part for finding in report.findings] == ["ROUNDUP()", "OFFSET()"]
    assert not report.wrong


def test_an_error_that_belongs_there_is_counted(tmp_path: Path) -> None:
    cells = register() | {"A3": datetime(2031, 3, 6), "C3": (FEE.format(row=3), "#N/A")}
    report = audit(book(tmp_path, cells), session_on())
    assert (of(report), dict(report.errors)) == ([], {"#N/A": 1})


def test_whole_columns_and_arrays(tmp_path: Path) -> None:
    cells = {f"A{row}": START for row in range(2, 5)} | {"B2": 3, "B3": 4, "B4": 30}
    cells["D2:D4"] = ("=COPRO_INSPECTION_FEE(A2:A4,B2:B4)", [[THREE], [FOUR], ["#NUM!"]])
    cells["E2:E4"] = ("=COPRO_INSPECTION_FEE(A2:A4,(B2:B4-B2:B4)*24+3)", [[THREE], [THREE], [THREE]])
    report = audit(book(tmp_path, cells), session_on())
    assert (of(report), report.formulas, dict(report.errors)) == ([], 6, {"#NUM!": 1})
    cells["D2:D4"] = ("=COPRO_INSPECTION_FEE(A2:A4,B2:B4)", [[THREE], [THREE], ["#NUM!"]])
    assert of(audit(book(tmp_path, cells), session_on())) == [(Kind.STALE, "D3")]


def test_names_tables_and_other_sheets(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    workbook = xlsxwriter.Workbook(str(file))
    dated = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    data, work = workbook.add_worksheet("The data"), workbook.add_worksheet("Work")
    data.add_table("A1:B3", {"name": "Visits", "columns": [{"header": "Start"}, {"header": "Hours on site"}]})
    for row, hours in enumerate((3, 4), start=1):
        data.write_datetime(row, 0, START, dated)
        data.write_number(row, 1, hours)
    workbook.define_name("Hours", "='The data'!$B$2")
    workbook.define_name("Work!Hours", "='The data'!$B$3")
    formulas = {
        "A1": ("=COPRO_INSPECTION_FEE('The data'!A2,'The data'!$B$2)", THREE),
        "A2": ("=COPRO_INSPECTION_FEE('The data'!A2,Hours)", FOUR),
        "A3": ("=SUM(COPRO_INSPECTION_FEE(Visits[Start],Visits[Hours on site]))", THREE + FOUR),
        "A4": ("=[1]!COPRO_HOURS_CHARGED(3.5)", 4),
    }
    for address, (formula, value) in formulas.items():
        work.write_formula(address, formula, None, value)
    data.write_formula(
        "C3", "=COPRO_INSPECTION_FEE(Visits[[#This Row],[Start]],Visits[[#This Row],[Hours on site]])", None, FOUR
    )
    workbook.close()
    report = audit(file, session_on())
    assert (of(report), report.formulas) == ([], 5)


def test_days_counted_from_1904(tmp_path: Path) -> None:
    report = audit(book(tmp_path, register(), default_date_format="", date_1904=True), session_on())
    assert (of(report), report.formulas) == ([], 5)


def test_a_formula_that_depends_on_today(tmp_path: Path) -> None:
    """Saved in 2023, looked at in 2024 without the index of that year: 125.82 is last year's."""
    file = book(tmp_path, {"A1": ('=COPRO_RATE("HOUR")', 125.82)})
    assert of(audit(file, replace(session_on(), today=lambda: date(2023, 12, 31)))) == []
    late = audit(file, replace(session_on(), today=lambda: date(2024, 1, 1)))
    assert [(finding.kind, finding.computed) for finding in late.findings] == [(Kind.STALE, "#N/A")]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(content)
    with pytest.raises(FileError, match=r"book\.xlsx"):
        audit(file, session_on())
    with pytest.raises(FileError):
        audit(tmp_path / "nowhere.xlsx", session_on())


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbooks_of_the_demo_are_right(tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--folder", str(tmp_path), "--language", language]) == DONE
    files = sorted(tmp_path.glob("*.xlsx"))
    capsys.readouterr()
    for file in files:
        assert main(["audit", str(file), "--json"]) == DONE
        told = json.loads(capsys.readouterr().out)
        assert told["findings"] == []
        assert told["formulas"] > 50
        assert told["fingerprint"]["workbook"] == told["fingerprint"]["data"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_told_in_words(tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    cells = register() | {"C3": 950.0, "C5": (FEE.format(row=5), 900.0), "D2": ("=ROUNDUP(COPRO_FACTOR(A2),0)", 1)}
    del cells["C4"]
    assert main(["audit", str(book(tmp_path, cells)), "--language", language]) == FOUND_WRONG
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:4]] == ["Work!D2", "Work!C3", "Work!C4", "Work!C5"]
    assert "ROUNDUP()" in lines[0]
    assert "900" in lines[3]
    assert "966.68" in lines[3]


def test_a_workbook_priced_with_other_data_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo", "--folder", str(tmp_path)])
    capsys.readouterr()
    main(["audit", str(tmp_path / "quote.xlsx"), "--example", "--language", "en"])
    assert "other data" in capsys.readouterr().out


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "nowhere.xlsx"]) == COULD_NOT_RUN
    assert "nowhere.xlsx" in capsys.readouterr().err


STRANGE = [
    "IF()",
    "IFERROR(#N/A)",
    "INDEX()",
    "NOT()",
    "ROUND(1,2,3,4)",
    "one",
    "A0",
    "A99999999",
    "{}",
    "1)",
    "2#",
    "(",
]


@pytest.mark.parametrize("part", [*STRANGE, "(" * 3_000 + "1" + ")" * 3_000])
def test_a_formula_that_makes_no_sense_is_told_and_hides_no_other(tmp_path: Path, part: str) -> None:
    cells = {**register(2), "E9": (f'=COPRO_RATE("HOUR")+{part}', 1), "C3": (FEE.format(row=3), FOUR)}
    file = book(tmp_path, cells)
    workbook = load_workbook(file)
    for name, other in (("one", "other"), ("other", "one")):
        workbook.defined_names[name] = DefinedName(name, attr_text=other)
    workbook.save(file)
    report = audit(file, session_on())
    assert (Kind.UNCHECKED, "E9") in of(report)
    assert (Kind.STALE, "C3") in of(report)


@pytest.mark.parametrize("typed", ["=966.69", "=900+66.69"])
def test_an_amount_typed_as_a_formula_is_typed_over(tmp_path: Path, typed: str) -> None:
    report = audit(book(tmp_path, {**register(), "C4": (typed, 966.69)}), session_on())
    assert of(report) == [(Kind.OVERWRITTEN, "C4")]


def test_a_cent_of_a_large_amount_is_found(tmp_path: Path) -> None:
    cells = {"A1": (f'=COPRO_RATE("HOUR",{DAY})+99999999', 100_000_124.83)}
    assert of(audit(book(tmp_path, cells), session_on())) == [(Kind.STALE, "A1")]
    right = {"A1": (f'=COPRO_RATE("HOUR",{DAY})+99999999', 100_000_124.82)}
    assert of(audit(book(tmp_path, right), session_on())) == []


@pytest.mark.parametrize(("typed", "kind"), [(1.0, Kind.OVERWRITTEN), (None, Kind.REMOVED)])
def test_rows_that_refer_to_rows_of_their_own(tmp_path: Path, typed: float | None, kind: Kind) -> None:
    """Each row looks at a block of its own, so that what belongs in another row is not known; a formula does."""
    cells = register()
    for row in range(2, 7):
        cells |= {f"E{row}": row, f"D{row}": (f"=COPRO_HOURS_CHARGED(SUM($E${row}:$E${row}))", row)}
    if typed is None:
        del cells["D4"]
    else:
        cells["D4"] = typed
    found = audit(book(tmp_path, cells), session_on()).findings
    assert [(finding.kind, finding.place.address, finding.computed) for finding in found] == [(kind, "D4", None)]
    assert all(found[0].message(language) for language in LANGUAGES)
