"""copro price: every kind of file into every other, mistakes told by row and line, and never half a file."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from benchmarks.measure import run as measured
from core.errors import FileError
from core.topics import LANGUAGES
from tests.xl_addin.registers import Row, rows, scalar
from xl_addin import Session
from xl_addin.cli import main
from xl_addin.pricing import csv_file, csv_text, fields, stream, xlsx_file
from xl_addin.pricing.csv_text import Sign
from xl_addin.pricing.fields import AMOUNTS, FIELDS, RESULTS, result_names

ROOT = Path(__file__).resolve().parents[2]
KINDS = (".csv", ".xlsx", ".parquet")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPRO_LANGUAGE", "en")


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.open(language="en")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main(["price", *map(str, words)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def register(path: Path, cells: list[Row], *, heading: int = 0) -> Path:
    """A file of any kind with these rows, beside two columns of its own."""
    names = [*cells[0], "my own", "text"]
    lines = [[*row.values(), number, f"=row {number}"] for number, row in enumerate(cells)]
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names, *[[_text(value) for value in line] for line in lines]])
    elif path.suffix == ".xlsx":
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "nan_inf_to_errors": True})
        sheet, moment = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, line in enumerate([names, *lines]):
            for column, value in enumerate(line):
                if isinstance(value, datetime):
                    sheet.write_datetime(number + heading, column, value, moment)
                elif value is not None:
                    sheet.write(number + heading, column, value)
        book.close()
    else:
        from tests.xl_addin.test_arrow import pa, table

        held = table(cells).append_column("my own", pa.array(range(len(cells))))
        import pyarrow.parquet as pq

        pq.write_table(held.append_column("text", pa.array([line[-1] for line in lines])), path, row_group_size=97)
    return path


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat() if value.hour or value.minute else value.date().isoformat()
    return f"{Decimal(f'{value:.15g}'):f}" if isinstance(value, float) else str(value)


def results(path: Path) -> list[list[Any]]:
    """The result columns of a file: amounts as decimals, errors and reasons as text."""
    if path.suffix == ".csv":
        text = path.read_text("utf-8-sig")
        delimiter = max(";,\t", key=text.partition("\n")[0].count)
        found = [line[-len(RESULTS) :] for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    elif path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        found = [list(line[-len(RESULTS) :]) for line in sheet.iter_rows(values_only=True)]
    else:
        import pyarrow.parquet as pq

        table = pq.read_table(path).select(list(RESULTS))
        found = [table.column_names, *[list(line.values()) for line in table.to_pylist()]]
    many = len(AMOUNTS)
    return [[*map(_amount, line[:many]), *(value or "" for value in line[many:])] for line in found[1:]]


def _amount(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value).replace(",", ".")).quantize(Decimal("0.01"))


# --- every kind of file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_as_its_cells_alone(
    kind: str, to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], session: Session
) -> None:
    if ".parquet" in (kind, to):
        pytest.importorskip("pyarrow")
    cells = [row for row in rows(700, seed=20) if "nan" not in map(str, row.values())]
    source, target = register(tmp_path / f"in{kind}", cells), tmp_path / f"out{to}"
    status, out, err = run(capsys, source, "-o", target, "--json", "--workers", 1)
    assert err == ""
    expected = [scalar(row, session) for row in cells]
    found = results(target)
    assert [(line[: len(AMOUNTS)], line[-2]) for line in found] == expected
    assert all(bool(line[-1]) == bool(line[-2]) for line in found)
    failed = [place for place, (_, error) in enumerate(expected) if error]
    told = json.loads(out)
    assert (status, told["rows"], told["not_priced"]) == (1, len(cells), len(failed))
    assert Decimal(told["sum"]) == sum(amounts[-1] for amounts, _ in expected if amounts[-1] is not None)
    first = 1 if kind == ".parquet" else 2
    assert [failure["row"] for failure in told["failures"]] == [place + first for place in failed[:20]]
    again = tmp_path / f"again{kind}"
    run(capsys, target, "-o", again, "--workers", 1)  # what was written is read again and comes to the same
    assert [line[:-1] for line in results(again)] == [line[:-1] for line in found]


def test_several_workers_keep_the_order(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    cells = rows(1500, seed=21, wrong=0.01)
    source = register(tmp_path / "in.csv", cells)
    monkeypatch.setattr(csv_file, "BLOCK", 1 << 14)
    for workers in (1, 2):
        run(capsys, source, "-o", tmp_path / f"{workers}.csv", "--workers", workers)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_without_numpy(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any, session: Session) -> None:
    """Where NumPy is not installed the same comes out; Parquet says what to install."""
    cells = rows(300, seed=22)
    source = register(tmp_path / "in.csv", cells)
    run(capsys, source, "-o", tmp_path / "with.csv")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("numpy", "pyarrow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    from core.batch.columns import numpy

    numpy.cache_clear()
    try:
        run(capsys, source, "-o", tmp_path / "without.csv")
        status, _, err = run(capsys, source, "-o", tmp_path / "out.parquet")
    finally:
        numpy.cache_clear()
    assert (tmp_path / "with.csv").read_bytes() == (tmp_path / "without.csv").read_bytes()
    assert status == 2
    assert "copro-tariff[columns]" in err


# --- columns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_found_in_every_language(language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from core.texts import text

    for title in (lambda field: text("register", f"column.{field}", language), lambda field: field.upper()):
        header = ";".join(title(field) for field in FIELDS)
        source = write(tmp_path / "in.csv", f"{header}\r\n2023-03-06;inspectie;3,5;;;;;;;;;\r\n")
        run(capsys, source, "-o", tmp_path / "out.csv", "--force", "--language", language)
        assert results(tmp_path / "out.csv")[0][5] == Decimal("1092.50")
        names = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[0].split(";")
        assert tuple(names[-len(RESULTS) :]) == result_names(language)


def test_no_name_means_two_columns() -> None:
    assert len(fields._known()) > 100
    assert not set(fields._known()) & set(fields._added())


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("start;kind", "these columns are missing: hours"),
        ("hours;kind", "these columns are missing: start"),
        ("start;hours;uren", '"hours" and "uren" mean the same'),
        ("start;hours;fee", 'there is a column "fee" already'),
        ("", "these columns are missing: start, hours"),
    ],
)
def test_columns_that_cannot_be_used(
    header: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(capsys, write(tmp_path / "in.csv", header), "-o", tmp_path / "out.csv")
    assert status == 2
    assert words in err
    assert not (tmp_path / "out.csv").exists()


def test_names_below_a_heading_and_rows_without_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [*rows(3, seed=23, wrong=0), dict.fromkeys(FIELDS)]
    source = register(tmp_path / "in.xlsx", rows(3, seed=23, wrong=0), heading=4)
    run(capsys, source, "-o", tmp_path / "out.csv")
    assert len(results(tmp_path / "out.csv")) == 3
    text = "Our register\r\n\r\nstart;hours\r\n2023-03-06;3\r\n;\r\n\r\n2023-03-06;x\r\n"
    status, out, _ = run(capsys, write(tmp_path / "in.csv", text), "-o", tmp_path / "two.csv", "--json")
    told = json.loads(out)
    assert (status, told["rows"], told["blank"], told["failures"][0]["row"]) == (1, 2, 1, 7)
    assert len(cells) == 4


def test_a_filled_in_register_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str], session: Session) -> None:
    from workbooks.register import write_register
    from workbooks.register.model import Row as Line

    for language in LANGUAGES:
        lines = [
            Line(start=datetime(2023, 3, 6, 10), kind="STANDARD_INSPECTION", hours=3.5, customer="=A"),
            Line(start=date(2023, 3, 5), kind="WASTED_TRIP", customer="B"),
        ]
        book = tmp_path / f"{language}.xlsx"
        write_register(lines, book, Session.open(language=language))
        status, out, _ = run(capsys, book, "-o", tmp_path / f"{language}.csv", "--json")
        assert (status, json.loads(out)["rows"], json.loads(out)["sum"]) == (0, 2, "2162.28")


# --- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        *[
            (text, Sign.COMMA)
            for text in ("3,5", "0,125", "1.234,56", "1234,567", ",5", "1.234.567", "1 234,5", "-3,25")
        ],
        *[(text, Sign.POINT) for text in ("3.5", "0.125", "1,234.56", "1234.567", ".5", "1,234,567", "1 234.5")],
        *[(text, Sign.EITHER) for text in ("1.234", "12,345", "123.456")],
        *[(text, Sign.NOTHING) for text in ("3", "1234", "1 234", "-5", " 7 ")],
        *[
            (text, None)
            for text in ("", "-", "abc", "1,2,3", "1.23.456", "1,234.567,8", "1e5", "٣", "3,5 h", "12.34,56")
        ],
    ],
)
def test_what_a_number_tells_about_its_file(written: str, sign: Sign | None) -> None:
    found = csv_text.number(written)
    assert (found and found.sign) == sign


def test_numbers_are_read_as_the_others_of_their_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = "start;hours;hours_abroad;tickets\r\n2023-03-06;3;1;{}\r\n2023-03-06;3;1;{}\r\n"
    for one, other, transport in (("1.250", "0,5", "1250.00"), ("1,250", "0.5", "1250.00"), ("1.250", "0.5", "1.25")):
        run(capsys, write(tmp_path / "in.csv", base.format(one, other)), "-o", tmp_path / "out.csv", "--force")
        assert results(tmp_path / "out.csv")[0][3] == Decimal(transport)
    for one, other, words in (
        ("1.250", "7", 'line 2: "1.250" can mean thousands or decimals'),
        ("0,5", "0.5", 'line 3: "0.5" does not go with the decimal sign ","'),
    ):
        before = (tmp_path / "out.csv").read_bytes()
        source = write(tmp_path / "in.csv", base.format(one, other))
        status, _, err = run(capsys, source, "-o", tmp_path / "out.csv", "--force")
        assert status == 2
        assert words in err
        assert (tmp_path / "out.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        ("start;hours;é\r\n2023-03-06;3,5;ï\r\n", "cp1252", ("cp1252", ";", ",")),
        ("start,hours,é\n2023-03-06,3.5,ï\n", "utf-8", ("utf-8", ",", ".")),
        ("start\thours\té\r2023-03-06\t3.5\tï\r", "utf-8-sig", ("utf-8", "\t", ".")),
    ],
)
def test_what_a_file_leaves_unsaid_is_found_out_and_told(
    text: str, encoding: str, told: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, write(tmp_path / "in.csv", text, encoding), "-o", tmp_path / "out.csv", "--json")
    assert tuple(json.loads(out)["read_as"].values()) == told
    assert "ï" in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert results(tmp_path / "out.csv")[0][5] == Decimal("1092.50")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"start;hours\r\n2023-03-06;3;4\r\n", "line 2: 3 cells instead of 2"),
        (b"start;hours\r\n2023-03-06\r\n", "line 2: 1 cells instead of 2"),
        (b'start;hours;x\r\n2023-03-06;3;"a\r\n2023-03-06;3;b\r\n', "the quotes do not match"),
        (b"start;hours\r\n2023-03-06;\x81\xff\r\n", "line 2: this is no text"),
        (b"start;hours\r\n2023-03-06;\0\r\n", "line 2: this is no text"),
        ("start;hours\r\n".encode("utf-16"), "line 1: this is no text"),
    ],
)
def test_damaged_csv(content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    status, out, err = run(capsys, source, "-o", tmp_path / "out.csv")
    assert (status, out) == (2, "")
    assert words in err


def test_rows_over_several_lines_are_never_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    lines = [f'2023-03-06;3,5;"a{number};""b\r\n{"x" * (number % 50)}"\r\n' for number in range(500)]
    source = write(tmp_path / "in.csv", "start;hours;note\r\n" + "".join(lines))
    run(capsys, source, "-o", tmp_path / "whole.csv")
    monkeypatch.setattr(csv_file, "BLOCK", 97)
    run(capsys, source, "-o", tmp_path / "pieces.csv", "--workers", 1)
    assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert len(results(tmp_path / "whole.csv")) == 500


def test_text_that_looks_like_a_formula_is_written_safely_and_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [
        "=1+1",
        "+cmd",
        "-x",
        "@sum",
        "\tx",
        "'=1",
        "''-",
        "-5",
        "+32 2 123",
        "-1,5",
        "'tis",
        "plain",
        "-2+3",
        "\r=",
    ]
    for text in texts:
        assert csv_text.unsafe(csv_text.safe(text)) == text
        number = text in ("-5", "+32 2 123", "-1,5")
        assert number or csv_text.safe(text)[:1] not in tuple("=+-@\t\r")
    book = xlsxwriter.Workbook(str(tmp_path / "in.xlsx"), {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["start", "hours", "=note"])
    for row, text in enumerate(texts, 1):
        sheet.write_row(row, 0, ["2023-03-06", 3.5])
        sheet.write_string(row, 2, text)
    book.close()
    run(capsys, tmp_path / "in.xlsx", "-o", tmp_path / "out.csv")
    run(capsys, tmp_path / "out.csv", "-o", tmp_path / "back.xlsx")
    found = openpyxl.load_workbook(tmp_path / "back.xlsx").active
    held = [cell.value for cell in found["C"]]
    assert held == ["=note", *(text.replace("\r", "_x000D_") for text in texts)]  # as XML has it
    assert {cell.data_type for cell in found["C"]} <= {"s", "inlineStr"}


# --- workbooks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["1/03/2023  10:00", "6/03/2023 T22:00", " 6/03/2023 22:00 ", "6/03/2023\u00a022:00"])
def test_starts_as_text_are_read_as_in_a_cell(start: str, tmp_path: Path, session: Session) -> None:
    """The same from a CSV file, a workbook and Arrow."""
    amounts, error = scalar({"start": start, "hours": 3.0}, session)
    for suffix in (".csv", ".xlsx"):
        source = register(tmp_path / f"in{suffix}", [{"start": start, "hours": 3.0}])
        stream.price_file(source, tmp_path / f"out{suffix}.parquet", session)
        priced = pytest.importorskip("pyarrow.parquet").read_table(tmp_path / f"out{suffix}.parquet").to_pylist()
        assert [(row["fee"], row["error"] or "") for row in priced] == [(amounts[-1], error)]


def test_starts_shown_as_numbers_stay_starts(tmp_path: Path, session: Session) -> None:
    """From a workbook into text and priced again: the same."""
    cells = [{"start": serial, "hours": 3.0} for serial in (44991.4166666667, 44991.0, 44991.75, 7e9)]
    source = register(tmp_path / "in.xlsx", cells)
    first = stream.price_file(source, tmp_path / "priced.csv", session)
    again = stream.price_file(tmp_path / "priced.csv", tmp_path / "again.csv", session)
    assert (first.total, first.failed) == (again.total, again.failed) == (2 * 96_668 + 126_987, 1)


def test_no_room_for_a_workbook(tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(tmp_path / "out.xlsx", "old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("xlsxwriter.Workbook._store_workbook", full)
    with pytest.raises(FileError, match=os.strerror(errno.ENOSPC)) as told:
        stream.price_file(register(tmp_path / "in.csv", rows(3)), target, session, force=True)
    assert told.value.key == "file_not_written"
    assert target.read_text() == "old"


def test_text_in_a_workbook_is_never_a_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", "start;hours;who\r\n2023-03-06;3,5;=1+1\r\n2023-03-06T16:30;3,5;http://x\r\n")
    run(capsys, source, "-o", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
    assert sheet["C3"].hyperlink is None
    assert (sheet["B2"].value, sheet["I2"].value, sheet["I2"].number_format) == (3.5, 1092.5, "#,##0.00")


def test_more_than_a_sheet_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(xlsx_file, "LAST_ROW", 3)
    source = write(tmp_path / "in.csv", "start;hours\r\n" + "2023-03-06;3\r\n" * 3)
    status, _, err = run(capsys, source, "-o", tmp_path / "out.xlsx")
    assert status == 2
    assert "at most 2 rows" in err
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_files_that_are_something_else(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    for content in (b"", b"nonsense", b"PK\3\4" + b"x" * 100, b"PAR1" + b"x" * 100 + b"PAR1"):
        source = tmp_path / f"in{suffix}"
        source.write_bytes(content)
        status, _, err = run(capsys, source, "-o", tmp_path / "out.csv")
        assert status == 2
        assert "damaged" in err


def test_a_damaged_parquet_file_leaves_the_old_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    source = register(tmp_path / "in.parquet", rows(2000, seed=24))
    content = bytearray(source.read_bytes())
    content[200:2000] = os.urandom(1800)
    source.write_bytes(content)
    target = write(tmp_path / "out.csv", "old")
    status, _, err = run(capsys, source, "-o", target, "--force")
    assert status == 2
    assert "damaged" in err
    assert target.read_text() == "old"


# --- the command -----------------------------------------------------------------------------------------------------


def test_what_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fine = write(tmp_path / "in.csv", "start;hours\r\n" + "2023-03-06;3,5\r\n" * 3)
    assert run(capsys, fine, "-o", tmp_path / "out.csv") == (
        0,
        (
            "Read as: utf-8, delimiter ;, decimal sign ,\n"
            "Rows: 3, priced: 3, not priced: 0, blank: 0\n"
            "Sum of the priced rows, excl. VAT: €3,277.50\n"
        ),
        "",
    )
    wrong = write(tmp_path / "in.csv", "start;Uren\r\n" + "2023-03-06;30\r\n" * 25)
    status, out, _ = run(capsys, wrong, "-o", tmp_path / "out.csv", "--force")
    assert status == 1
    assert out.count("\nrow ") + out.startswith("row ") == stream.TOLD
    assert "row 2: #NUM! an inspection lasts at most 24 hours" in out
    assert "and 5 more rows without a price" in out


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("missing.csv", "out.csv", "cannot be read"),
        ("in.txt", "out.csv", "choose one of: .xlsx, .csv, .parquet"),
        ("in.csv", "out.txt", "choose one of: .xlsx, .csv, .parquet"),
        ("in.csv", "there.csv", "--force"),
        ("in.csv", "nowhere/out.csv", "folder"),
    ],
)
def test_files_that_cannot_be_used(
    source: str, target: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("in.csv", "in.txt", "there.csv"):
        write(tmp_path / name, "start;hours\r\n2023-03-06;3\r\n")
    status, out, err = run(capsys, tmp_path / source, "-o", tmp_path / target)
    assert (status, out) == (2, "")
    assert words in err


def test_workers_is_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, tmp_path / "in.csv", "-o", tmp_path / "out.csv", "--workers", 0)
    assert status == 2
    assert "1 or more; 0 was given" in err


def test_a_bar_on_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    source = write(tmp_path / "in.csv", "start;hours\r\n2023-03-06;3\r\n")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, _, err = run(capsys, source, "-o", tmp_path / "out.csv")
    assert err.startswith("\r[##############################] 0 of 0 MB")
    assert err.endswith(" \r")


# --- large, and interrupted ------------------------------------------------------------------------------------------


def _copro(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "xl_addin.cli", "price", *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Two million rows, in one row group: they would take far more than is used."""
    pa, np = pytest.importorskip("pyarrow"), pytest.importorskip("numpy")
    import pyarrow.parquet as pq

    peaks = []
    for millions in (1, 2):
        count = millions * 1_000_000
        minutes = np.arange(count) % (300 * 1440)
        starts = np.datetime64("2023-01-01", "us") + minutes.astype("timedelta64[m]")
        held = pa.table({"id": np.arange(count), "start": starts, "hours": (minutes % 96 + 1) / 4})
        pq.write_table(held, tmp_path / "in.parquet", row_group_size=count)
        files = (tmp_path / "in.parquet", tmp_path / "out.parquet")
        command = [sys.executable, "-m", "xl_addin.cli", "price", str(files[0]), "-o", str(files[1]), "--force"]
        peaks.append(measured(command).megabytes)
        assert pq.ParquetFile(files[1]).metadata.num_rows == count
    assert max(peaks) < 600
    assert peaks[1] < peaks[0] + 120


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_killed_while_writing_the_old_file_is_whole(how: signal.Signals, suffix: str, tmp_path: Path) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    source = tmp_path / "in.csv"
    source.write_text("start;hours\r\n" + "2023-03-06;3,5\r\n" * 300_000)
    target = write(tmp_path / f"out{suffix}", "old")
    process = _copro(source, "-o", target, "--force")
    end = time.monotonic() + 60
    while not (beside := list(tmp_path.glob(".out*"))):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert target.read_text() == "old"
    if how is not signal.SIGKILL:
        assert "nothing was changed" in err
        assert not any(file.exists() for file in beside)
