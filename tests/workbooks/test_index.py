"""The index workbook: live, in four languages, what is typed shows in the tariff before anything is recorded."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.effects import rates
from core.ledger import read_ledger
from core.loading import load
from core.records import Record
from core.texts import text
from core.topics import LANGUAGES
from core.vocabulary import Item
from tests.calc.conftest import why_not
from tests.core.folder import record, write
from tests.core.test_ledger import figure as recorded_figure
from tests.core.test_ledger import put
from tests.workbooks.index_filling import Filling, empty_workbook, filled, salary, session_in
from tests.workbooks.sheets import TODAY, Book, computed_anew, differences
from workbooks.index.layout import (
    FIRST_ROW,
    HOLIDAYS,
    INTEREST_1865,
    INTEREST_2002,
    SALARY,
    TABLES,
    TRAVEL,
    VAT,
    sheet_name,
)
from workbooks.index.reading import read_index
from workbooks.index.state import check_state
from xl_addin.audit import audit

TARIFF, HISTORY = 0, 8
RATES = "A14:G20"
"""Code, label, unit, base, the year before, as filled in, difference."""
INDEX = {"2022-Q3": 100, "2025-Q3": 107.3, "2026-Q3": 109.3}
SUMMER_2026 = (date(2026, 7, 1), date(2027, 6, 30))
NOT_YET = "not yet"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def guard(key: str) -> str:
    return text("index", f"guard.{key}", "en")


# --- as written ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_recalculated_as_written_and_without_an_error(tmp_path: Path, data: Path, language: str) -> None:
    if reason := why_not():
        pytest.skip(reason)
    put(data, recorded_figure("salary_index", "2022-Q3", "100"), recorded_figure("salary_index", "2025-Q3", "107.3"))
    file = empty_workbook(data, tmp_path / "index.xlsx", language, date(2027, 1, 8))
    written, computed = Book(file), computed_anew(file, data)
    assert [sheet.title for sheet in written.values[1:8]] == [sheet_name(table.name, language) for table in TABLES]
    for at in range(len(written.values)):
        assert differences(written, computed, at) == []
        assert [cell.coordinate for cell in computed.cells(at) if cell.data_type == "e"] == []


def test_the_audit_finds_it_right(tmp_path: Path, data: Path) -> None:
    put(data, recorded_figure("salary_index", "2022-Q3", "100"), recorded_figure("salary_index", "2025-Q3", "107.3"))
    today = date(2027, 1, 8)
    file = empty_workbook(data, tmp_path / "index.xlsx", today=today)
    report = audit(file, session_in(data, today=today))
    assert report.formulas > 50
    assert report.findings == []
    assert report.fingerprint == load(data).fingerprint


def test_what_is_on_record_is_shown_with_its_origin(tmp_path: Path, data: Path) -> None:
    put(data, recorded_figure("legal_interest_1865", "2026", "4.40"))
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx", today=date(2027, 1, 8)))
    sheet, row = filling.sheet(INTEREST_1865), filling.row(INTEREST_1865, "2026")
    shown = {column.key: sheet.cell(row, at + 1).value for at, column in enumerate(INTEREST_1865.columns)}
    assert (shown["rec_value"], shown["rec_status"], shown["rec_source"]) == (4.4, "official", "gazette")
    assert (shown["rec_by"], shown["rec_checked"], shown["rec_basis"]) == ("An", "Bea", "law")
    assert shown["rec_on"].date() == date(2027, 1, 4)
    assert (shown["value"], shown["source"]) == (None, None), "nothing is filled in for anybody"
    row = filling.row(INTEREST_2002, "2026-H1")
    assert filling.sheet(INTEREST_2002).cell(row, INTEREST_2002.at("rec_status") + 1).value == "provisional"


def test_the_periods_to_come_are_listed(tmp_path: Path, data: Path) -> None:
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx"))
    for table, keys in (
        (SALARY, ("2026-Q3",)),
        (SALARY, ("2028-Q4",)),
        (INTEREST_1865, ("2027",)),
        (INTEREST_2002, ("2027-H1",)),
        (TRAVEL, SUMMER_2026),
        (HOLIDAYS, (2026, "Namur")),
        (HOLIDAYS, (2027, "Antwerp")),
    ):
        row = filling.row(table, *keys)
        assert filling.sheet(table).cell(row, table.at(table.values[0]) + 1).value is None
    assert filling.row(VAT) > FIRST_ROW, "empty rows for figures of other days"


def test_figures_that_contradict_each_other_are_marked(tmp_path: Path, data: Path) -> None:
    before = read_ledger(data)
    for value in ("4.25", "4.50"):
        put(data, recorded_figure("legal_interest_1865", "2027", value), after=before)
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx", today=date(2027, 1, 8)))
    row = filling.row(INTEREST_1865, "2027")
    status = filling.sheet(INTEREST_1865).cell(row, INTEREST_1865.at("rec_status") + 1).value
    assert status == text("update", "state.conflict", "en")


def test_no_rate_is_typed(tmp_path: Path, data: Path) -> None:
    book = Book(empty_workbook(data, tmp_path / "index.xlsx"))
    typed = [c.coordinate for c in book.cells(TARIFF) if isinstance(book.formulas[0][c.coordinate].value, int | float)]
    assert typed == ["B11"], "only the year"
    first = [book.formula(HISTORY, f"A{row}") for row in range(6, 12)]
    assert first == [str(year) for year in range(2023, 2029)]
    assert all(book.formula(HISTORY, f"{column}6").startswith("=") for column in "BCDEFGHIJKL")


def test_only_what_is_filled_in_can_be_changed(tmp_path: Path, data: Path) -> None:
    book = load_workbook(empty_workbook(data, tmp_path / "index.xlsx"))
    for table in TABLES:
        sheet = book[sheet_name(table.name, "en")]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        open_columns = {c.key for at, c in enumerate(table.columns) if not sheet.cell(8, at + 1).protection.locked}
        assert open_columns == set(table.inputs)
        spare = {c.key for at, c in enumerate(table.columns) if not sheet.cell(sheet.max_row, at + 1).protection.locked}
        assert spare == {*table.inputs, *table.keys}


def test_what_is_typed_is_checked_at_once(tmp_path: Path, data: Path) -> None:
    book = load_workbook(empty_workbook(data, tmp_path / "index.xlsx", "nl"))
    kinds = {
        table.name: {rule.type for rule in book[sheet_name(table.name, "nl")].data_validations.dataValidation}
        for table in TABLES
    }
    assert kinds["salary"] == {"list", "decimal"}
    assert kinds["travel"] == {"list", "decimal", "date"}
    assert kinds["vat"] == {"list", "decimal", "date"}
    assert kinds["holidays"] == {"list", "whole", "date"}
    rules = book[sheet_name("salary", "nl")].data_validations.dataValidation
    (decimal,) = (rule for rule in rules if rule.type == "decimal")
    assert decimal.error == "Typ een getal tussen 10 en 1.000."
    (status,) = (rule for rule in rules if rule.type == "list" and rule.formula1.startswith('"'))
    assert status.formula1 == '"officieel,voorlopig,ingetrokken"'


def test_charts_can_be_read_aloud(tmp_path: Path, data: Path) -> None:
    file = empty_workbook(data, tmp_path / "index.xlsx", "fr")
    with zipfile.ZipFile(file) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    told = re.findall(r'descr="([^"]+)"', drawing)
    assert len(told) == 2 + len(Item) + 3
    assert all("tableau" in words or "feuille" in words for words in told)


def test_headers_stay_in_sight_and_pages_are_promised(tmp_path: Path, data: Path) -> None:
    book = load_workbook(empty_workbook(data, tmp_path / "index.xlsx"))
    for table in TABLES:
        sheet = book[sheet_name(table.name, "en")]
        assert sheet.views.sheetView[0].pane.ySplit == FIRST_ROW
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert book.worksheets[0].page_setup.fitToHeight in (None, 1)


def test_text_of_people_is_never_a_formula(tmp_path: Path, data: Path) -> None:
    hostile = "'=HYPERLINK(\"x\")'"
    write(data, "figures/mine.toml", record(period='"2027"', value="4.25", source=hostile, recorded_by='"@SUM(A1)"'))
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx", today=date(2027, 1, 8)))
    row = filling.row(INTEREST_1865, "2027")
    for key in ("rec_source", "rec_by"):
        cell = filling.sheet(INTEREST_1865).cell(row, INTEREST_1865.at(key) + 1)
        assert (cell.data_type, cell.hyperlink, cell.quotePrefix) == ("s", None, True)


# --- filled in -----------------------------------------------------------------------------------------------------


def test_the_tariff_shows_before_anything_is_recorded(tmp_path: Path, data: Path) -> None:
    """1160.96 × 109.3 / 100 = 1268.92928; what is recorded afterwards gives the very same rates."""
    if reason := why_not():
        pytest.skip(reason)

    def fill(filling: Filling) -> None:
        salary(filling, INDEX)
        filling.fill(TRAVEL, *SUMMER_2026, value=0.4461)

    file = filled(data, tmp_path / "index.xlsx", fill)
    shown = computed_anew(file, data)
    rows = {row[0]: row for row in shown.rows(TARIFF, RATES)}
    assert rows["APPLICATION"][5] == 1268.93
    folder = tmp_path / "recorded"
    records = [
        *(recorded_figure("salary_index", period, str(value), TODAY) for period, value in INDEX.items()),
        _allowance(folder),
    ]
    put(folder, *records, day=TODAY)
    for year, column in ((2026, 4), (2027, 5)):
        known, _ = rates(load(folder), year)
        assert {code: row[column] for code, row in rows.items()} == {
            item.value: float(rate) for item, rate in known.items()
        }
    assert rows["HOUR"][6] == pytest.approx(137.52 / 135.00 - 1)
    history = {row[0]: row[2] for row in shown.rows(HISTORY, "A6:L11")}
    assert (history[2023], history[2027]) == (1, 1.093)
    assert history[2025] in (None, "")


def _allowance(folder: Path) -> Record:
    fields = recorded_figure("legal_interest_1865", "2026", "1", TODAY).model_dump(exclude={"period", "valid_to"})
    days = {"valid_from": SUMMER_2026[0], "valid_to": SUMMER_2026[1]}
    return Record.model_validate({**fields, **days, "series": "travel_allowance", "value": _decimal("0.4461")})


def _decimal(value: str) -> object:
    from decimal import Decimal

    return Decimal(value)


def test_another_year_and_what_is_not_there_yet(tmp_path: Path, data: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)

    def fill(filling: Filling) -> None:
        salary(filling, INDEX)
        filling.book.worksheets[0]["B11"].value = 2026

    shown = computed_anew(filled(data, tmp_path / "index.xlsx", fill), data)
    rows = {row[0]: row for row in shown.rows(TARIFF, RATES)}
    assert rows["HOUR"][4:] == [NOT_YET, 135.0, None]
    assert rows["TRIP_BE"][4:6] == [242.37, 244.24]


def test_the_check_column_speaks(tmp_path: Path, data: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    wanted: dict[tuple[str, int], str] = {}

    def fill(filling: Filling) -> None:
        def case(key: str, table, *keys: object, **values: object) -> None:
            filling.fill(table, *keys, **values)
            wanted[table.name, filling.row(table, *keys)] = guard(key)

        case("ready", INTEREST_1865, "2027", value=4.25)
        case("text", INTEREST_1865, "2026", value="4,75")
        case("jump", INTEREST_1865, "2025", value=0.5)
        case("ready", INTEREST_1865, "2011", value=0.25, note="explained")
        case("person", INTEREST_2002, "2026-H2", value=10, checked_by="an PEETERS")
        case("incomplete", INTEREST_2002, "2026-H1", value=10, source=None)
        case("reason", INTEREST_2002, "2025-H1", value=None, status="withdrawn")
        case("ready", INTEREST_2002, "2025-H2", value=None, status="withdrawn", note="slip")
        case("jump", SALARY, "2023-Q3", value=150)
        case("ready", SALARY, "2022-Q3", value=100)
        case("days", HOLIDAYS, 2026, "Namur", first_1=date(2026, 7, 13))
        case("ready", HOLIDAYS, 2026, "Antwerp", first_1=date(2026, 7, 13), last_1=date(2026, 7, 31))

    shown = computed_anew(filled(data, tmp_path / "index.xlsx", fill), data)
    by_name = {sheet.title: sheet for sheet in shown.values}
    tables = {table.name: table for table in TABLES}
    found = {
        (name, row): by_name[sheet_name(name, "en")].cell(row, tables[name].at("check") + 1).value
        for name, row in wanted
    }
    assert found == wanted


def test_it_says_when_the_data_have_changed(tmp_path: Path, data: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    file = empty_workbook(data, tmp_path / "index.xlsx")
    assert computed_anew(file, data).value(TARIFF, "A3") is None
    put(data, recorded_figure("legal_interest_1865", "2027", "4.25"))
    shown = computed_anew(file, data)
    assert shown.value(TARIFF, "A3") == shown.value(1, "A3") == text("index", "data_changed", "en")


# --- what it was made from -----------------------------------------------------------------------------------------


def test_it_knows_what_it_was_made_from(tmp_path: Path, data: Path) -> None:
    recorded = put(data, recorded_figure("legal_interest_1865", "2027", "4.25"))
    found = read_index(empty_workbook(data, tmp_path / "index.xlsx", "de", date(2027, 1, 8)))
    assert (found.language, found.recordings) == ("de", (recorded.name,))
    assert (found.proposals, found.findings) == ([], [])
    check_state(found, read_ledger(data), load(data), data)


def test_reading_back_what_was_typed(tmp_path: Path, data: Path) -> None:
    file = empty_workbook(data, tmp_path / "index.xlsx", "fr")
    filling = Filling(file, "fr")
    filling.fill(INTEREST_1865, "2027", value=4.25, status="officiel", note=" comme publié ")
    filling.fill(HOLIDAYS, 2027, "Namur", first_1=date(2027, 7, 12), last_1=date(2027, 7, 30), status="provisoire")
    filling.save()
    (rate, days) = read_index(file).proposals
    assert (str(rate.value), rate.period, rate.status, rate.note) == ("4.25", "2027", "official", "comme publié")  # type: ignore[union-attr]
    assert (days.site, days.year, days.periods) == ("NAMUR", 2027, ((date(2027, 7, 12), date(2027, 7, 30)),))  # type: ignore[union-attr]
