"""The quote workbook recalculated by LibreOffice with the functions loaded: every value must be the one written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from core.topics import LANGUAGES, topic
from tests.calc.conftest import why_not
from tests.workbooks.quotes import LINES, SUMMARY, contributions, example_session, planned, quote_of, year
from tests.workbooks.sheets import Book, computed_anew, differences
from tests.workbooks.test_quote_reading import Filled
from workbooks.quote import Quote, price, write_empty_quote, write_quote
from workbooks.quote.pricing import euro
from xl_addin import Session

INSPECTION = {"kind": "STANDARD_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": 2}


@pytest.fixture(autouse=True)
def _office() -> None:
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return example_session(tmp_path_factory.mktemp("session") / "data")


def compared(file: Path, session: Session) -> Book:
    assert session.data_folder is not None
    written, computed = Book(file), computed_anew(file, session.data_folder)
    for sheet in range(len(written.values)):
        assert differences(written, computed, sheet) == []
    return computed


def errors(book: Book) -> set[object]:
    return {cell.value for sheet in range(len(book.values)) for cell in book.cells(sheet) if cell.data_type == "e"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [year, contributions, planned])
def test_an_example_is_computed_as_written(
    session: Session, tmp_path: Path, example: Callable[[str], Quote], language: str
) -> None:
    target = tmp_path / "quote.xlsx"
    write_quote(example(language), target, session)
    assert errors(compared(target, session)) == set()


def test_errors_are_computed_as_written(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    lines = (
        {**INSPECTION, "quantity": 1234},
        {**INSPECTION, "hours": 30},
        {"kind": "APPLICATION", "date": date(2029, 1, 1)},
    )
    write_quote(quote_of(*lines, language="de"), target, session)
    assert errors(compared(target, session)) == {"#NUM!", "#N/A"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_of_one_kind_are_computed_as_written(session: Session, tmp_path: Path, language: str) -> None:
    target = tmp_path / "quote.xlsx"
    abroad = {**INSPECTION, "tickets": 1234567, "hours_abroad": 1, "quantity": 2}
    write_quote(quote_of({**INSPECTION, "quantity": 12}, abroad, language=language), target, session)
    assert errors(compared(target, session)) == set()


def test_sites_of_lines_and_vat_by_line_are_computed_as_written(session: Session, tmp_path: Path) -> None:
    assert session.data_folder is not None
    folder = tmp_path / "data"
    by_line = example_session(folder)
    (folder / "policies.toml").write_text('"vat.rounding" = "line"\n', encoding="utf-8")
    by_line = replace(by_line, rulebook=Session.open(data_folder=folder).rulebook)
    target = tmp_path / "quote.xlsx"
    summer = {**INSPECTION, "start": datetime(2023, 7, 12, 10)}
    write_quote(quote_of(summer, {**summer, "site": "LIEGE"}, INSPECTION, site="BRUSSEL"), target, by_line)
    assert errors(compared(target, by_line)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_workbook_is_computed_as_written(session: Session, tmp_path: Path, language: str) -> None:
    target = tmp_path / "empty.xlsx"
    write_empty_quote(target, replace(session, language=language), lines=3)
    assert errors(compared(target, session)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_filled_in_by_hand_are_priced(session: Session, tmp_path: Path, language: str) -> None:
    """An empty line takes any kind; the price is that of the same line in a quote."""
    filled = Filled(session, tmp_path, language)
    filled.named("quote_regulation").value = "EXAMPLE-BRS"
    known = {line.kind: line for line in (*contributions(language).line, *year(language).line)}
    kinds = ("APPLICATION", "EXECUTION_CONTRIBUTION", "ADDITIONAL_INSPECTION", "WASTED_TRIP")
    quote = contributions(language).model_copy(update={"line": tuple(known[kind] for kind in kinds), "site": "BRUSSEL"})
    priced = price(quote, session)
    for number, line in enumerate(priced.quote.line, 1):
        fields = ("hours", "hours_abroad", "car_km", "tickets", "nights", "room_cost")
        filled.line(number, kind=_label(line.kind, language), when=line.when, quantity=float(line.quantity))
        filled.line(number, **{key: float(value) for key in fields if (value := getattr(line, key)) is not None})
    filled.book.save(filled.file)
    assert session.data_folder is not None
    computed = computed_anew(filled.file, session.data_folder)
    header = filled.column("amount")
    shown = [computed.value(LINES, f"{header.column_letter}{header.row + number}") for number in range(1, 5)]
    assert shown == [euro(line.amount) for line in priced.lines]
    totals = [cell.value for cell in computed.cells(LINES)]
    assert totals.count(euro(priced.total.gross)) == 3  # without and with options, and at a glance


def test_a_line_without_a_kind_is_not_left_out_in_silence(session: Session, tmp_path: Path) -> None:
    """It is in no total; the cell that adds the lines up says so."""
    filled = Filled(session, tmp_path, "en")
    filled.line(1, kind=_label("STANDARD_INSPECTION", "en"), when=datetime(2023, 3, 6, 10), hours=2.0)
    filled.line(2, when=datetime(2023, 3, 7, 10), hours=2.0)
    filled.book.save(filled.file)
    assert session.data_folder is not None
    computed = computed_anew(filled.file, session.data_folder)
    assert topic("quote")["check.wrong"]["en"] in computed.texts(LINES)


def _label(kind: str, language: str) -> str:
    from workbooks.quote.layout import label

    return label("COST", kind, language)


def test_other_data_show_a_warning(session: Session, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "quote.xlsx", tmp_path / "elsewhere"
    write_quote(quote_of(INSPECTION), target, session)
    elsewhere.mkdir()
    computed = computed_anew(target, elsewhere)
    for sheet in (SUMMARY, LINES):
        assert any("differ from those" in told for told in computed.texts(sheet))
    assert not any("differ from those" in told for told in Book(target).texts(LINES))
