"""Reading a quote back from a workbook that somebody filled in."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook as Opened

from core.errors import FileError
from core.topics import LANGUAGES, topic
from tests.workbooks.quotes import contributions, example_session, quote_of, year
from workbooks.quote import Quote, read_quote, write_empty_quote, write_quote
from xl_addin import Session

INSPECTION = {"kind": "START_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": Decimal("2.25")}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return example_session(tmp_path_factory.mktemp("session") / "data")


def there_and_back(quote: Quote, session: Session, folder: Path) -> Quote:
    target = folder / "quote.xlsx"
    write_quote(quote, target, session)
    return read_quote(target)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [year, contributions])
def test_a_quote_comes_back_as_it_went(
    session: Session, tmp_path: Path, example: Callable[[str], Quote], language: str
) -> None:
    quote = example(language)
    assert there_and_back(quote, session, tmp_path) == quote


def test_everything_that_can_be_said_comes_back(session: Session, tmp_path: Path) -> None:
    quote = quote_of(
        {**INSPECTION, "start": date(2023, 7, 3), "site": "LIEGE", "day_type": "BUILDERS", "quantity": 3},
        {
            "kind": "WASTED_TRIP",
            "description": "=1+1",
            "start": datetime(2023, 3, 7, 23, 59),
            "trips": 0,
            "hours_abroad": Decimal("7.123456"),
            "car_km": Decimal("812.5"),
            "tickets": Decimal("0.01"),
            "nights": 2,
            "room_cost": Decimal("123456.78"),
        },
        {"kind": "EXECUTION_CONTRIBUTION", "date": date(2023, 12, 31), "quantity": Decimal("12.345678")},
        number="007",
        valid_until=date(2023, 2, 28),
        regulation="EXAMPLE-BRS",
        site="ANTWERPEN",
        vat="EU_REVERSE",
        customer={"name": "+x", "address": ["a", "b", "c", "d"], "vat_number": "BE 1", "reference": "@y"},
    )
    assert there_and_back(quote, session, tmp_path) == quote


def test_a_quote_without_a_site_comes_back_with_that_of_the_installation(session: Session, tmp_path: Path) -> None:
    assert there_and_back(quote_of(INSPECTION), session, tmp_path).site == session.site


def test_every_minute_of_the_day_comes_back(session: Session, tmp_path: Path) -> None:
    chosen = random.Random(1).sample(range(1, 24 * 60), 400)
    lines = [{**INSPECTION, "start": datetime(2023, 5, 9, *divmod(minute, 60))} for minute in chosen]
    quote = quote_of(*lines, site="BRUSSEL")
    assert there_and_back(quote, session, tmp_path) == quote


# --- filled in by hand -----------------------------------------------------------------------------------------------


class Filled:
    """An empty workbook, filled in as a person does."""

    def __init__(self, session: Session, folder: Path, language: str = "en") -> None:
        self.file = folder / "filled.xlsx"
        write_empty_quote(self.file, replace(session, language=language), lines=4)
        self.language = language
        self.book: Opened = load_workbook(self.file)
        self.named("quote_number").value = "V-9"
        self.named("quote_date").value = date(2023, 1, 16)
        self.named("customer_name").value = "Example"

    def named(self, name: str) -> Cell:
        ((sheet, address),) = self.book.defined_names[name].destinations
        return self.book[sheet][address.replace("$", "")]

    def column(self, key: str) -> Cell:
        header = self.named("quote_lines")
        title = topic("quote")[f"column.{key}"][self.language]
        (found,) = (cell for cell in header.parent[header.row] if cell.value == title)
        return found

    def line(self, number: int, **values: object) -> None:
        for key, value in values.items():
            header = self.column(key)
            header.parent.cell(header.row + number, header.column).value = value

    def read(self) -> Quote:
        self.book.save(self.file)
        return read_quote(self.file)

    def refusal(self) -> FileError:
        with pytest.raises(FileError) as caught:
            self.read()
        for language in LANGUAGES:
            assert "{" not in caught.value.message(language)
        return caught.value


@pytest.fixture
def filled(session: Session, tmp_path: Path) -> Filled:
    made = Filled(session, tmp_path)
    made.line(1, kind="Start-up inspection", when=datetime(2023, 3, 6, 10), hours=3.5)
    return made


def test_a_filled_in_workbook_is_read(filled: Filled) -> None:
    filled.line(3, kind="Certification application", when=date(2023, 2, 1), quantity=2, description=42)
    quote = filled.read()
    assert quote.number == "V-9"
    assert quote.date == date(2023, 1, 16)
    assert [line.kind for line in quote.line] == ["START_INSPECTION", "APPLICATION"]
    assert quote.line[0].hours == Decimal("3.5")
    assert quote.line[1].date == date(2023, 2, 1)
    assert quote.line[1].description == "42"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_read_back(session: Session, tmp_path: Path, language: str) -> None:
    made = Filled(session, tmp_path, language)
    made.line(2, kind="START_INSPECTION", when=date(2023, 3, 6), hours=1, day_type="SATURDAY")
    quote = made.read()
    assert quote.language == language
    assert quote.line[0].day_type == "SATURDAY"


def test_a_moved_column_is_still_found(filled: Filled) -> None:
    hours, trips = filled.column("hours"), filled.column("trips")
    for row in range(5):
        here, there = (x.parent.cell(x.row + row, x.column) for x in (hours, trips))
        here.value, there.value = there.value, here.value
    quote = filled.read()
    assert (quote.line[0].hours, quote.line[0].trips) == (Decimal("3.5"), None)


def test_a_renamed_column_is_named(filled: Filled) -> None:
    filled.column("hours").value = "Time"
    error = filled.refusal()
    assert error.key == "quote_column_missing"
    assert error.details["column"] == topic("quote")["column.hours"]["en"]


def test_a_column_that_is_there_twice_is_named(filled: Filled) -> None:
    filled.column("trips").value = topic("quote")["column.hours"]["en"]
    assert filled.refusal().key == "quote_column_twice"


def test_a_missing_name_is_named(filled: Filled) -> None:
    del filled.book.defined_names["customer_name"]
    error = filled.refusal()
    assert (error.key, error.details["wanted"]) == ("quote_name_missing", "customer_name")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("hours", "three", "number_expected_cell"),
        ("hours", True, "number_expected_cell"),
        ("description", "x" * 501, "quote_text_cell"),
        ("when", True, "quote_day_cell"),
        ("when", -5, "date_unreadable"),
        ("when", "31/02/2023", "date_unreadable"),
        ("when", "06/03/2023 00:00", "quote_midnight"),
        ("hours", -1, "number_negative"),
        ("hours", "#DIV/0!", "error_cell"),
        ("when", "soon", "date_unreadable"),
        ("day_type", "someday", "code_unknown"),
        ("kind", "Self-control", "quote_kind_borne"),
        ("nights", 1.5, "whole_number_expected"),
        ("quantity", 0, "number_not_above_zero"),
        ("tickets", 1.005, "too_many_decimals"),
    ],
)
def test_a_wrong_cell_is_named(filled: Filled, key: str, value: object, reason: str) -> None:
    filled.line(1, **{key: value})
    header = filled.column(key)
    error = filled.refusal()
    assert error.key == "quote_column_wrong"
    assert error.details["column"] == header.value
    assert error.details["cell"] == header.parent.cell(header.row + 1, header.column).coordinate
    assert error.details["reason"].key == reason  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("06/03/2023 17:10", datetime(2023, 3, 6, 17, 10)),
        ("6.3.2023", date(2023, 3, 6)),
        ("2023-03-06T17:10", datetime(2023, 3, 6, 17, 10)),
        (44991, date(2023, 3, 6)),
        (44991.5, datetime(2023, 3, 6, 12)),
    ],
)
def test_a_date_typed_as_text_or_shown_as_a_number_is_read(filled: Filled, typed: object, meant: date) -> None:
    filled.line(1, when=typed)
    filled.named("quote_date").value = "16/01/2023"
    quote = filled.read()
    assert (quote.line[0].start, quote.date) == (meant, date(2023, 1, 16))


def test_a_field_of_another_kind_of_line_is_named(filled: Filled) -> None:
    filled.line(2, kind="APPLICATION", when=date(2023, 2, 1), hours=2)
    error = filled.refusal()
    assert error.details["reason"].key == "quote_cell_foreign"  # type: ignore[attr-defined]


def test_a_line_that_lacks_something_is_named(filled: Filled) -> None:
    filled.line(2, kind="START_INSPECTION", when=date(2023, 2, 1))
    error = filled.refusal()
    assert error.details["reason"].key == "quote_cell_needed"  # type: ignore[attr-defined]


def test_a_filled_line_without_a_kind_is_named(filled: Filled) -> None:
    filled.line(2, hours=2)
    assert filled.refusal().details["reason"].key == "quote_kind_missing"  # type: ignore[attr-defined]


def test_an_empty_head_is_named(filled: Filled) -> None:
    filled.named("quote_number").value = None
    error = filled.refusal()
    assert error.details["cell"] == filled.named("quote_number").coordinate


def test_a_workbook_without_lines_is_refused(filled: Filled) -> None:
    filled.line(1, kind=None, when=None, hours=None)
    assert filled.refusal().key == "quote_nothing_filled"


def test_what_stands_below_the_last_line_is_named(filled: Filled) -> None:
    filled.line(5, kind="APPLICATION", when=date(2023, 2, 1))
    error = filled.refusal()
    header = filled.column("kind")
    assert error.key == "quote_line_below"
    assert error.details["cell"] == header.parent.cell(header.row + 5, header.column).coordinate


def test_a_line_added_to_a_quote_is_read(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    write_quote(quote_of(INSPECTION), target, session)
    book = load_workbook(target)
    ((sheet, address),) = book.defined_names["quote_lines"].destinations
    header = book[sheet][address.replace("$", "")]
    for key, value in (("kind", "APPLICATION"), ("when", date(2023, 2, 1))):
        (column,) = (c.column for c in book[sheet][header.row] if c.value == topic("quote")[f"column.{key}"]["en"])
        cell = book[sheet].cell(header.row + 2, column)
        assert not cell.protection.locked
        cell.value = value
    book.save(target)
    assert [line.kind for line in read_quote(target).line] == ["START_INSPECTION", "APPLICATION"]


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
    for name, key in (("other", "quote_not_ours"), ("text", "quote_not_ours"), ("nothing", "input_unreadable")):
        with pytest.raises(FileError) as caught:
            read_quote(tmp_path / f"{name}.xlsx")
        assert caught.value.key == key
