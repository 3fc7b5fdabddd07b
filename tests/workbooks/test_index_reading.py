"""Every mistake of whoever fills in the index workbook is told with its sheet and cell; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.filters import FilterColumn

from core.errors import FileError
from core.topics import LANGUAGES
from tests.workbooks.index_filling import PEOPLE, Filling, empty_workbook
from workbooks.index.layout import HOLIDAYS, INTEREST_1865, INTEREST_2002, SALARY, TRAVEL, VAT, Table, sheet_name
from workbooks.index.reading import Filled, read_index

SUMMER_2026 = (date(2026, 7, 1), date(2027, 6, 30))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def told(found: Filled) -> list[tuple[str, str]]:
    """Place and key of every mistake; each can be told in every language."""
    assert all(finding.reason.message(language) for finding in found.findings for language in LANGUAGES)
    return [(finding.place, finding.reason.key) for finding in found.findings]


Mistake = tuple[Table, tuple[object, ...], dict[str, object], str, str]
"""Where something wrong is filled in, what, which cell is named and why."""
MISTAKES: list[Mistake] = [
    (INTEREST_1865, ("2027",), {"value": "4,25"}, "value", "text_separator"),
    (INTEREST_1865, ("2026",), {"value": "four"}, "value", "text_number"),
    (INTEREST_1865, ("2025",), {"value": "=4+0.25"}, "value", "formula_cell"),
    (INTEREST_1865, ("2024",), {"value": "#N/A"}, "value", "error_cell"),
    (INTEREST_1865, ("2023",), {"value": 4.25, "status": None}, "status", "status_missing"),
    (INTEREST_1865, ("2022",), {"value": 4.25, "status": "final"}, "status", "choice_wrong"),
    (HOLIDAYS, (2026, "Namur"), {"first_1": "13/07/2026", "last_1": date(2026, 7, 31)}, "first_1", "date_text"),
    (HOLIDAYS, (2026, "Hainaut"), {"first_1": 46000.5, "last_1": date(2026, 7, 31)}, "first_1", "date_wrong"),
    (HOLIDAYS, (2026, "Antwerp"), {"first_1": date(2026, 7, 13)}, "last_1", "date_missing"),
    *(
        (SALARY, (period,), {"value": value}, "value", "text_number")
        for period, value in {
            "2022-Q3": "102",
            "2022-Q4": "102,5,",
            "2023-Q1": "een",
            "2023-Q2": "12 a",
            "2023-Q3": True,
            "2023-Q4": datetime(2026, 7, 1),
        }.items()
    ),
]


def test_a_mistake_is_told_with_its_cell(tmp_path: Path, data: Path) -> None:
    """And every mistake at once; what is right beside them is read."""
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx"))
    for table, keys, values, _, _ in MISTAKES:
        filling.fill(table, *keys, **values)
    filling.fill(TRAVEL, *SUMMER_2026, value=0.4461)
    expected = {
        (filling.address(table, cell, filling.row(table, *keys)), key) for table, keys, _, cell, key in MISTAKES
    }
    found = read_index(filling.save())
    assert set(told(found)) == expected
    assert len(found.proposals) == 1


def test_a_decimal_comma_where_a_point_belongs_is_told_with_the_remedy(tmp_path: Path, data: Path) -> None:
    """``102,5`` in a Dutch sheet on an English computer is text: 102.5 or 1025 would both be a guess."""
    written = ("102,5", "102.5", "1.025,5", "1 025,5", "-4,25", "4,25 %")
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx", "nl"), "nl")
    for year, said in enumerate(written, start=2020):
        filling.fill(INTEREST_1865, str(year), value=said, status="officieel")
    found = read_index(filling.save())
    assert [key for _, key in told(found)] == ["text_separator"] * len(written)
    for finding, said in zip(found.findings, written, strict=True):
        assert "decimaaltoets" in finding.reason.message("nl")
        assert f'"{said}"' in finding.reason.message("nl")


def test_a_percentage_is_typed_as_a_number(tmp_path: Path, data: Path) -> None:
    """Somebody types ``4,25 %``: the sheet makes 0.0425 of it, shown as a percentage."""
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx"))
    place = filling.fill(INTEREST_1865, "2027", value=0.0425)
    row = filling.row(INTEREST_1865, "2027")
    filling.sheet(INTEREST_1865).cell(row, INTEREST_1865.at("value") + 1).number_format = "0.00%"
    assert told(read_index(filling.save())) == [(place, "percent_format")]


SPARE_ROWS: list[tuple[Table, dict[str, object], str, str]] = [
    (SALARY, {"period": "2026-H1"}, "period", "period_wrong"),
    (SALARY, {"period": "2026-Q5"}, "period", "period_wrong"),
    (SALARY, {"note": "which?"}, "period", "period_missing"),
    (INTEREST_1865, {"period": "next year"}, "period", "period_wrong"),
    (INTEREST_2002, {"period": "2026"}, "period", "period_wrong"),
    (TRAVEL, {"first": date(2026, 7, 1)}, "last", "date_missing"),
    (TRAVEL, {"last": date(2026, 7, 1)}, "first", "date_missing"),
    (TRAVEL, {"first": "1 July", "last": date(2027, 6, 30)}, "first", "date_text"),
    (VAT, {"first": date(2027, 1, 1)}, "series", "choice_missing"),
    (VAT, {"series": "VAT", "first": date(2027, 1, 1)}, "series", "choice_wrong"),
    (VAT, {"series": "VAT rate, customer in Belgium"}, "first", "date_missing"),
    (HOLIDAYS, {"year": "2026", "site": "Namur"}, "year", "period_wrong"),
    (HOLIDAYS, {"site": "Namur"}, "year", "period_missing"),
    (HOLIDAYS, {"year": 2026}, "site", "choice_missing"),
    (HOLIDAYS, {"year": 2026, "site": "Paris"}, "site", "choice_wrong"),
]


def spare(filling: Filling, table: Table, keys: dict[str, object], **more: object) -> int:
    """Fills in the next empty row; gives its number."""
    row = next(
        row
        for row in range(filling.row(table), filling.sheet(table).max_row + 1)
        if all(
            filling.sheet(table).cell(row, at + 1).value is None
            for at in range(len(table.columns) - 1)
            if table.columns[at].group in ("key", "input")
        )
    )
    values = {"value": 4.25} if table.series else {"first_1": date(2022, 7, 13), "last_1": date(2022, 7, 31)}
    for key, value in {**PEOPLE, **values, **keys, **more}.items():
        filling.sheet(table).cell(row, table.at(key) + 1).value = value  # type: ignore[assignment]
    return row


def test_an_empty_row_says_what_it_is_about(tmp_path: Path, data: Path) -> None:
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx"))
    expected = [
        (filling.address(table, cell, spare(filling, table, keys)), key) for table, keys, cell, key in SPARE_ROWS
    ]
    assert sorted(told(read_index(filling.save()))) == sorted(expected)


def test_names_are_taken_as_people_write_them(tmp_path: Path, data: Path) -> None:
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx"))
    spare(filling, SALARY, {"period": " 2021-q3"}, source=740)
    spare(filling, INTEREST_1865, {"period": 1999})
    spare(filling, HOLIDAYS, {"year": 2022, "site": "Namen"})
    spare(filling, HOLIDAYS, {"year": 2022.0, "site": "LIEGE"})
    index, rate, namur, liege = read_index(filling.save()).proposals
    assert (index.period, index.source, rate.period) == ("2021-Q3", "740", "1999")  # type: ignore[union-attr]
    assert [(days.site, days.year) for days in (namur, liege)] == [("NAMUR", 2022), ("LIEGE", 2022)]  # type: ignore[union-attr]


def test_spaces_are_nothing(tmp_path: Path, data: Path) -> None:
    filling = Filling(empty_workbook(data, tmp_path / "index.xlsx"))
    row = filling.row(INTEREST_1865, "2027")
    filling.sheet(INTEREST_1865).cell(row, INTEREST_1865.at("note") + 1).value = "   "
    found = read_index(filling.save())
    assert (found.proposals, found.findings) == ([], [])


# --- the sheet itself ----------------------------------------------------------------------------------------------


def changed(data: Path, file: Path, change: Callable[[Filling], object]) -> Filled:
    filling = Filling(empty_workbook(data, file))
    filling.fill(INTEREST_1865, "2027", value=4.25)
    change(filling)
    return read_index(filling.save())


def test_a_moved_table_is_found_by_its_headers(tmp_path: Path, data: Path) -> None:
    def move(filling: Filling) -> None:
        sheet = filling.sheet(INTEREST_1865)
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(area.coord)
        sheet.insert_cols(INTEREST_1865.at("value") + 1, 2)
        sheet.insert_rows(3, 4)

    found = changed(data, tmp_path / "index.xlsx", move)
    (proposal,) = found.proposals
    assert (str(proposal.value), proposal.place.cells["value"][0]) == ("4.25", "F")  # type: ignore[union-attr]


def test_a_renamed_column(tmp_path: Path, data: Path) -> None:
    def rename(filling: Filling) -> None:
        filling.sheet(INTEREST_1865).cell(7, INTEREST_1865.at("checked_by") + 1).value = "Second reader"

    found = changed(data, tmp_path / "index.xlsx", rename)
    assert told(found) == [("Interest law 1865", "column_missing")]
    assert "Checked by" in found.findings[0].reason.message("en")


def test_a_column_that_is_there_twice(tmp_path: Path, data: Path) -> None:
    def copy(filling: Filling) -> None:
        filling.sheet(INTEREST_1865).cell(7, INTEREST_1865.at("note") + 1).value = "New source"

    found = changed(data, tmp_path / "index.xlsx", copy)
    assert told(found) == [("Interest law 1865", "column_twice"), ("Interest law 1865", "column_missing")]


def test_a_renamed_or_removed_sheet(tmp_path: Path, data: Path) -> None:
    def rename(filling: Filling) -> None:
        filling.sheet(INTEREST_1865).title = "Rates"

    found = changed(data, tmp_path / "index.xlsx", rename)
    assert told(found) == [("Interest law 1865", "sheet_missing")]


def test_a_hidden_row(tmp_path: Path, data: Path) -> None:
    def hide(filling: Filling) -> None:
        filling.sheet(INTEREST_1865).row_dimensions[filling.row(INTEREST_1865, "2027")].hidden = True

    found = changed(data, tmp_path / "index.xlsx", hide)
    ((place, key),) = told(found)
    assert (place.startswith("Interest law 1865!"), key) == (True, "row_hidden")
    assert found.proposals == []


def test_a_row_that_a_filter_hides(tmp_path: Path, data: Path) -> None:
    def hide(filling: Filling) -> None:
        sheet = filling.sheet(INTEREST_1865)
        sheet.auto_filter.filterColumn.append(FilterColumn(colId=0))
        sheet.row_dimensions[filling.row(INTEREST_1865, "2027")].hidden = True

    assert [key for _, key in told(changed(data, tmp_path / "index.xlsx", hide))] == ["row_filtered"]


def test_hidden_rows_without_anything_in_them_are_nobodys_business(tmp_path: Path, data: Path) -> None:
    def hide(filling: Filling) -> None:
        filling.sheet(INTEREST_1865).row_dimensions[filling.row(INTEREST_1865, "2001")].hidden = True

    assert told(changed(data, tmp_path / "index.xlsx", hide)) == []


def test_merged_cells(tmp_path: Path, data: Path) -> None:
    def merge(filling: Filling) -> None:
        row, column = filling.row(INTEREST_1865, "2027"), INTEREST_1865.at("value") + 1
        filling.sheet(INTEREST_1865).merge_cells(None, row, column, row + 1, column)

    found = changed(data, tmp_path / "index.xlsx", merge)
    ((place, key),) = told(found)
    assert key == "merged"
    assert place.startswith("Interest law 1865!")
    assert found.proposals == []


# --- the file ------------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_index_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    other, text, absent = tmp_path / "other.xlsx", tmp_path / "text.xlsx", tmp_path / "absent.xlsx"
    Workbook().save(other)
    text.write_text("no workbook")
    for file in (other, text, absent):
        with pytest.raises(FileError) as caught:
            read_index(file)
        assert all(str(file) in caught.value.message(language) for language in LANGUAGES)


def test_a_workbook_without_its_data_sheet(tmp_path: Path, data: Path) -> None:
    file = empty_workbook(data, tmp_path / "index.xlsx")
    book = load_workbook(file)
    del book[sheet_name("data", "en")]
    book.save(file)
    with pytest.raises(FileError, match="no index workbook"):
        read_index(file)


@pytest.mark.parametrize("place", ["$A$1:$XFD$1048576", "'Data'!$A:$A", "$A$9999999", "#REF!", "$A$1,$B$2", "=1+1", ""])
def test_a_name_that_points_to_anything_but_a_cell_is_refused(tmp_path: Path, data: Path, place: str) -> None:
    file = empty_workbook(data, tmp_path / "index.xlsx")
    book = load_workbook(file)
    for known in book.defined_names.values():
        sheet = str(known.attr_text).partition("!")[0]
        known.attr_text = place if not place.startswith("$") else f"{sheet}!{place}"
    book.save(file)
    with pytest.raises(FileError) as caught:
        read_index(file)
    assert caught.value.key == "not_ours"


def test_a_cell_at_the_far_end_of_a_sheet_costs_no_time(tmp_path: Path, data: Path) -> None:
    name = sheet_name(SALARY.name, "en")

    def far(filling: Filling) -> None:
        filling.book[name]["A1048576"] = 1
        filling.book[sheet_name(VAT.name, "en")]["XFD2000"] = 1

    assert told(changed(data, tmp_path / "index.xlsx", far)) == [(f"{name}!1048576", "sheet_too_long")]


def test_a_declaration_is_refused(tmp_path: Path, data: Path) -> None:
    """Entities are for files made to do harm; no spreadsheet declares any."""
    file = empty_workbook(data, tmp_path / "index.xlsx")
    hostile = tmp_path / "hostile.xlsx"
    with ZipFile(file) as old, ZipFile(hostile, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1))
    with pytest.raises(FileError) as caught:
        read_index(hostile)
    assert caught.value.key == "not_ours"
