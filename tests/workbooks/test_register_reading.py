"""Reading a register back from its input file, or from a workbook that somebody filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from core.errors import FileError
from core.topics import LANGUAGES
from tests.workbooks.registers import EXAMPLE, MONDAY, Filled, inspection, troubled
from tests.workbooks.sheets import session_on
from workbooks.register import Row, price, read_register, write_empty, write_register
from xl_addin import Session


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_on(tmp_path_factory.mktemp("data"))


@pytest.fixture
def filled(session: Session, tmp_path: Path) -> Filled:
    target = tmp_path / "empty.xlsx"
    write_empty(target, session, rows=10)
    return Filled(target)


def key(caught: pytest.ExceptionInfo[FileError]) -> str:
    assert str(caught.value)
    return caught.value.key


# --- there and back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_register_comes_back_as_it_went(session: Session, tmp_path: Path, language: str) -> None:
    ours, target = replace(session, language=language), tmp_path / "register.xlsx"
    rows = [row for row in troubled() if row != Row()]
    before = price(rows, ours)
    write_register(rows, target, ours)
    after = price(read_register(target), ours)
    assert after.inputs == before.inputs
    assert [getattr(fee, "code", fee) for fee in after.fee] == [getattr(fee, "code", fee) for fee in before.fee]


def test_everything_that_can_be_said_comes_back(session: Session, tmp_path: Path) -> None:
    row = Row(
        *(
            datetime(2023, 3, 7, 23, 59),
            "=1+1",
            "'x",
            "WASTED_TRIP",
            "@y",
            None,
            0,
            7.123456,
            812.5,
            0.01,
            2,
            123456.78,
        ),
        *("LIEGE", "BUILDERS", "EXAMPLE-BRS"),
    )
    target = tmp_path / "register.xlsx"
    write_register([row], target, session)
    (again,) = read_register(target)
    for field in ("start", "customer", "reference", "inspector", "trips", "hours_abroad", "car_km", "tickets"):
        assert getattr(again, field) == getattr(row, field)
    assert (again.kind, again.site, again.day_type) == ("Wasted trip", "Liège", "construction holiday")


def test_the_example_is_read(session: Session) -> None:
    rows = read_register(EXAMPLE)
    assert len(rows) == 40
    assert len({row.customer for row in rows}) == 4
    assert rows[0].start == datetime(2023, 3, 1, 8, 30)


# --- what people type -----------------------------------------------------------------------------------------------


def test_rows_are_read_wherever_they_stand(filled: Filled) -> None:
    filled.fill(3, start=MONDAY, kind="Standaard inspectie", hours=2.5, customer=10023)
    filled.fill(10, start="06/03/2023 17:10", kind="WASTED_TRIP")
    first, second = read_register(filled.saved())
    assert (first.start, first.hours, first.customer) == (MONDAY, 2.5, 10023)
    assert second.start == "06/03/2023 17:10"
    assert (first.source.row, second.source.row) == (8, 15)  # type: ignore[union-attr]


def test_a_wrong_cell_is_named_and_the_other_rows_are_priced(filled: Filled, session: Session) -> None:
    filled.fill(1, start=MONDAY, kind="Standard inspection", hours=2)
    filled.fill(2, start=MONDAY, kind="Standard inspection", hours="two")
    filled.fill(4, start="soon", kind="Standard inspection", hours=2)
    filled.fill(5, start=MONDAY, kind="Lunch", hours=2)
    filled.fill(6, start=MONDAY, kind="Standard inspection", hours=2, trips="#REF!")
    filled.fill(7, customer="Acme")
    priced = price(read_register(filled.saved()), session)
    failures = [priced.failure(position) for position in priced.failed]
    assert [failure.cell for failure in failures] == ["G7", "B9", "E10", "H11", "E12"]
    assert priced.fee[0] == 840.86


def test_the_summary_names_the_cell(filled: Filled, session: Session, tmp_path: Path) -> None:
    filled.fill(2, start=MONDAY, kind="Standard inspection", hours="two")
    told = write_register(read_register(filled.saved()), tmp_path / "again.xlsx", session).told()
    assert "row 1 (G7): hours:" in told


def test_a_time_is_the_number_it_is(filled: Filled) -> None:
    """3:30 in a cell is 0.1458 of a day, to a formula too: far too short, and not three and a half hours."""
    filled.fill(1, start=MONDAY, kind="Standard inspection", hours=time(3, 30))
    (row,) = read_register(filled.saved())
    assert row.hours == pytest.approx(3.5 / 24)


def test_columns_that_were_moved_are_still_found(filled: Filled) -> None:
    filled.fill(1, start=MONDAY, hours=2)
    book, sheet = filled.book, filled.book.worksheets[0]
    sheet["AZ6"] = 3
    book.defined_names["register_trips"] = DefinedName("register_trips", attr_text="'Register'!$AZ$6:$AZ$15")
    (row,) = read_register(filled.saved())
    assert row.trips == 3
    assert row.source is not None
    assert row.source.cell("trips") == "AZ6"


def test_a_workbook_that_counts_from_1904_is_read(filled: Filled) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    filled.book.epoch = CALENDAR_MAC_1904
    filled.fill(1, start=MONDAY, hours=2)
    filled.fill(2, start=43529.5, hours=2)
    filled.book.worksheets[0][filled.place("start", 2)].number_format = "0.00"
    first, second = read_register(filled.saved())
    assert first.start == MONDAY
    assert second.start == datetime(2023, 3, 6, 12)


# --- what is refused ------------------------------------------------------------------------------------------------


def test_an_empty_register_is_refused(filled: Filled) -> None:
    with pytest.raises(FileError) as caught:
        read_register(filled.saved())
    assert key(caught) == "nothing_filled"


def test_something_else_is_refused(tmp_path: Path) -> None:
    other, text = tmp_path / "other.xlsx", tmp_path / "text.xlsx"
    Workbook().save(other)
    text.write_text("not a workbook", encoding="utf-8")
    for file in (other, text):
        with pytest.raises(FileError) as caught:
            read_register(file)
        assert key(caught) == "not_ours"
    with pytest.raises(FileError):
        read_register(tmp_path / "nowhere.xlsx")


def test_what_stands_under_the_table_is_refused(filled: Filled) -> None:
    filled.fill(1, start=MONDAY)
    filled.fill(12, customer="Acme")
    with pytest.raises(FileError, match="C17") as caught:
        read_register(filled.saved())
    assert key(caught) == "row_below"


@pytest.mark.parametrize("meaning", [None, "#REF!", "'Nowhere'!$A$1:$A$2", "'Register'!$A:$A", "Register!$G$6:$XFD$15"])
def test_a_lost_column_is_refused(filled: Filled, meaning: str | None) -> None:
    filled.fill(1, start=MONDAY)
    if meaning is None:
        del filled.book.defined_names["register_hours"]
    else:
        filled.book.defined_names["register_hours"] = DefinedName("register_hours", attr_text=meaning)
    with pytest.raises(FileError) as caught:
        read_register(filled.saved())
    assert key(caught) in ("column_missing", "table_torn")


def test_a_torn_table_is_refused(filled: Filled) -> None:
    filled.fill(1, start=MONDAY)
    filled.book.defined_names["register_hours"] = DefinedName("register_hours", attr_text="'Register'!$G$7:$G$16")
    with pytest.raises(FileError) as caught:
        read_register(filled.saved())
    assert key(caught) == "table_torn"


@pytest.mark.parametrize(
    "wrong",
    ["hour = 2", "hours = [2]", "start = 10:00:00", "hours = {a = 1}", "source = 5", "", "hours = 2\nhours = 3"],
)
def test_an_input_file_with_a_mistake_is_refused(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "register.toml"
    file.write_text(f"[[row]]\nkind = 'START_INSPECTION'\n{wrong}\n" if wrong else "", encoding="utf-8")
    with pytest.raises(FileError, match=r"register\.toml"):
        read_register(file)


def test_a_row_of_a_file_is_as_it_says(tmp_path: Path, session: Session) -> None:
    file = tmp_path / "register.toml"
    file.write_text(
        "[[row]]\nstart = 2023-03-06\ncustomer = 7\nhours = 2.0\nkind = 'Standaard inspectie'\n", encoding="utf-8"
    )
    (row,) = read_register(file)
    assert row.start == date(2023, 3, 6)
    priced = price([row, inspection(customer="7")], session)
    assert priced.fee == [840.86, 840.86]
    assert priced.customer_no == [1, 1]
