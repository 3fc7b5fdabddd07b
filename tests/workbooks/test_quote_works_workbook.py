"""The workbook of a quote with works, options and plans: written, read back, audited, recalculated and printed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell import Cell

from core.topics import LANGUAGES, topic
from tests.calc.conftest import why_not
from tests.workbooks.quotes import LINES, SUMMARY, YEAR, contributions, example_session, planned, quote_of, year
from tests.workbooks.sheets import TODAY, Book, computed_anew
from tests.workbooks.test_quote_reading import Filled, there_and_back
from tests.workbooks.test_quote_recalculated import compared, errors
from workbooks.quote import Quote, read_quote, write_empty_quote, write_quote
from workbooks.quote.pricing import euro
from xl_addin import Session
from xl_addin.audit.checking import audit
from xl_addin.calc.recalc import to_pdf

WORKS = 2
INSPECTION = {"kind": "STANDARD_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": Decimal(2)}
EXAMPLES: list[Callable[[str | None], Quote]] = [year, contributions, planned]
WORDS = topic("quote")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return example_session(tmp_path_factory.mktemp("session") / "data")


def made(quote: Quote, session: Session, folder: Path) -> Book:
    write_quote(quote, folder / "quote.xlsx", session, force=True)
    return Book(folder / "quote.xlsx")


@pytest.fixture
def _office() -> None:
    if reason := why_not():
        pytest.skip(reason)


# --- as written ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_stand_on_three_sheets_with_their_formulas(session: Session, tmp_path: Path, language: str) -> None:
    book = made(planned(language), session, tmp_path)
    firm, with_options, works = (
        {19031.71, 3996.66, 23028.37},
        {20587.61, 4323.40, 24911.01},
        {9809.78, 4273.01, 4948.92},
    )
    for sheet, amounts in ((SUMMARY, firm | with_options | works), (LINES, firm | with_options), (WORKS, works)):
        found = [cell for cell in book.cells(sheet) if cell.value in amounts]
        assert {cell.value for cell in found} == amounts
        assert all(book.formula(sheet, cell.coordinate).startswith("=") for cell in found)
    for sheet in (SUMMARY, LINES):
        assert WORDS["check.right"][language] in book.texts(sheet)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_tells_what_a_customer_must_know(session: Session, tmp_path: Path, language: str) -> None:
    told = made(planned(language), session, tmp_path).texts(SUMMARY)
    for said in (
        "Voorbeeld Wegenbouw nv (verzonnen onderneming)",
        "E40 Groot-Bijgaarden – Wegmarkeringen in thermoplast",
        WORDS["works.none"][language],
        WORDS["total.all_options"][language],
        WORDS["validity.lapsed"][language],
        WORDS["notes.inspectors"][language],
        WORDS["notes.factored"][language].format(count=3),
        WORDS["box.counted"][language].format(lines=17, options=2),
        WORDS["agreed"][language],
    ):
        assert said in told
    (terms,) = (said for said in told if "2.3.2" in said)
    assert {"30", "8", "15"} <= set(terms.replace(",", " ").split())
    assert "200" in terms


def test_what_does_not_apply_is_not_told(session: Session, tmp_path: Path) -> None:
    quote = quote_of(INSPECTION, valid_until=date(2099, 1, 1))
    told = made(quote, session, tmp_path).texts(SUMMARY)
    for key in ("validity.lapsed", "notes.inspectors", "total.all_options", "works.none"):
        assert WORDS[key]["en"] not in told
    assert not any(said.startswith(WORDS["notes.factored"]["en"].partition("{")[0]) for said in told)


def test_the_last_day_of_validity_still_counts(session: Session, tmp_path: Path) -> None:
    quote = quote_of(INSPECTION, valid_until=TODAY)
    assert WORDS["validity.lapsed"]["en"] not in made(quote, session, tmp_path).texts(SUMMARY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_without_a_price_are_counted_and_told_on_the_first_page(
    session: Session, tmp_path: Path, language: str
) -> None:
    late = {**INSPECTION, "start": date(2029, 3, 6)}
    quote = quote_of(INSPECTION, late, {**late, "optional": True}, language=language)
    book = made(quote, session, tmp_path)
    banner = WORDS["banner.errors"][language].partition("{")[0]
    for sheet in (SUMMARY, LINES):
        (told,) = (said for said in book.texts(sheet) if said.startswith(banner))
        assert told.startswith(f"{banner}2")
        assert WORDS["banner.year"][language].format(year=2029) in told
        assert WORDS["check.wrong"][language] in book.texts(sheet)
    assert [said[:3] for said in book.texts(SUMMARY) if said[:3] in ("1. ", "2. ", "3. ")] == ["2. ", "3. "]


def test_a_factor_is_shown_and_no_date_is_moved(session: Session, tmp_path: Path) -> None:
    book = made(planned("en"), session, tmp_path)
    header = book.cell(LINES, book.place(LINES, WORDS["column.factor"]["en"]))
    factors = [book.value(LINES, f"{header.column_letter}{header.row + number}") for number in range(1, 18)]
    assert factors == [None, 1, 1, 1, 1.5, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 2, 1]


@pytest.mark.parametrize("said", ["=1+1", "@SUM(A1)", "-2+3", "http://example.invalid", "'x", '<b>"x"</b>'])
def test_text_about_works_stays_text(session: Session, tmp_path: Path, said: str) -> None:
    quote = quote_of({**INSPECTION, "work": said}, work=[{"name": said, "description": said}], site="BRUSSEL")
    book = made(quote, session, tmp_path)
    for sheet in (SUMMARY, LINES, WORKS):
        cells = [cell for cell in book.cells(sheet) if said in str(cell.value)]
        assert cells
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.hyperlink is None for cell in cells)
    assert read_quote(tmp_path / "quote.xlsx") == quote


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_audit_finds_every_quote_right(session: Session, tmp_path: Path, language: str) -> None:
    files = []
    for number, example in enumerate(EXAMPLES):
        files.append(tmp_path / f"{number}.xlsx")
        write_quote(example(language), files[-1], session)
    files.append(tmp_path / "empty.xlsx")
    write_empty_quote(files[-1], replace(session, language=language), lines=4)
    for file in files:
        report = audit(file, session)
        assert report.findings == []
        assert report.formulas > 50


def test_only_inputs_of_the_works_can_be_changed(session: Session, tmp_path: Path) -> None:
    book = made(planned("en"), session, tmp_path)
    for sheet in (SUMMARY, WORKS):
        for row in book.formulas[sheet].iter_rows():
            for cell in row:
                if str(cell.value).startswith("="):
                    assert cell.protection.locked
    name = book.cell(WORKS, book.place(WORKS, "R4 Gent"))
    assert not name.protection.locked


# --- read back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_works_inspectors_and_options_come_back(session: Session, tmp_path: Path, language: str) -> None:
    assert there_and_back(planned(language), session, tmp_path) == planned(language)


def test_a_work_without_lines_and_a_line_with_a_calendar_of_its_own_come_back(session: Session, tmp_path: Path) -> None:
    quote = quote_of(
        {**INSPECTION, "work": "2023", "site": "LIEGE", "optional": True, "inspectors": 12},
        work=[{"name": "2023", "site": "NAMUR"}, {"name": "R4 (Gent) & é", "description": "=x"}],
        site="BRUSSEL",
    )
    assert there_and_back(quote, session, tmp_path) == quote


def test_a_workbook_from_before_there_were_works_is_read() -> None:
    before = Path(__file__).with_name("quote_of_before.xlsx")
    assert read_quote(before) == read_quote(YEAR)


class Planned(Filled):
    """An empty workbook in which works and plans are filled in too."""

    def row(self, table: str, number: int, **values: object) -> dict[str, Cell]:
        header = self.named(f"quote_{table}")
        cells = {}
        for key, value in values.items():
            title = WORDS[f"column.{key}"][self.language]
            (column,) = (cell.column for cell in header.parent[header.row] if cell.value == title)
            cells[key] = header.parent.cell(header.row + number, column)
            cells[key].value = value
        return cells


PLAN = {"kind": "STANDARD_INSPECTION", "count": 2, "first": date(2023, 3, 1), "hours": 3}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_that_is_typed_becomes_lines(session: Session, tmp_path: Path, language: str) -> None:
    made = Planned(session, tmp_path, language)
    made.row("works", 2, work=2023, execution="Markings", site="LIEGE")
    made.line(1, kind="APPLICATION", when=date(2023, 2, 1), option=WORDS["option.yes"][language].upper())
    month, tuesday = WORDS["period.MONTH"][language], WORDS["weekday.TUESDAY"][language]
    made.row("plans", 1, **PLAN, every=month, weekday=tuesday, time=time(9), work=2023, inspectors=2, trips=0)
    quote = made.read()
    assert [(work.name, work.description, work.site) for work in quote.work] == [("2023", "Markings", "LIEGE")]
    assert [line.optional for line in quote.line] == [True, False, False]
    assert [line.when for line in quote.line[1:]] == [datetime(2023, 3, 7, 9), datetime(2023, 4, 4, 9)]
    assert [(line.work, line.inspectors, line.trips) for line in quote.line[1:]] == [("2023", 2, 0)] * 2


@pytest.mark.parametrize(
    "typed", [time(9, 30), 0.395833333333333, 45000 + 0.395833333333333, "09:30", " 9:30", "9u30", "9.30"]
)
def test_a_time_of_day_is_read_however_it_is_typed(session: Session, tmp_path: Path, typed: object) -> None:
    made = Planned(session, tmp_path)
    made.row("plans", 1, **PLAN, time=typed)
    assert made.read().line[0].start == datetime(2023, 3, 1, 9, 30)


@pytest.mark.parametrize(
    ("table", "values", "wrong", "reason"),
    [
        ("works", {"work": "a*"}, "work", "quote_work_name"),
        ("works", {"execution": "x"}, "works", "argument_missing"),
        ("works", {"work": "a", "site": "Atlantis"}, "site", "code_unknown"),
        ("plans", {**PLAN, "work": "R5"}, "work", "quote_work_unknown"),
        ("plans", {**PLAN, "count": 1.5}, "count", "whole_number_expected"),
        ("plans", {**PLAN, "first": "soon"}, "first", "date_unreadable"),
        ("plans", {**PLAN, "time": "soon"}, "time", "quote_clock_expected"),
        ("plans", {**PLAN, "weekday": "Doomsday"}, "weekday", "code_unknown"),
        ("plans", {**PLAN, "option": "perhaps"}, "option", "quote_option_word"),
        ("plans", {**PLAN, "hours": "#REF!"}, "hours", "error_cell"),
        ("plans", {**PLAN, "count": None}, "count", "argument_missing"),
    ],
)
def test_a_wrong_cell_is_named(
    session: Session, tmp_path: Path, table: str, values: dict[str, Any], wrong: str, reason: str
) -> None:
    made = Planned(session, tmp_path)
    made.line(1, kind="APPLICATION", when=date(2023, 2, 1))
    cells = made.row(table, 1, **values)
    first = made.named(f"quote_{table}")
    error = made.refusal()
    assert error.details["reason"].key == reason  # type: ignore[attr-defined]
    below = first.parent.cell(first.row + 1, first.column)
    assert error.details["cell"] == cells.get(wrong, below).coordinate


def test_a_work_that_is_not_there_names_its_line(session: Session, tmp_path: Path) -> None:
    made = Planned(session, tmp_path)
    made.line(1, kind="APPLICATION", when=date(2023, 2, 1))
    made.line(3, kind="APPLICATION", when=date(2023, 2, 1), work="R5")
    error = made.refusal()
    column = made.column("work")
    assert error.details["reason"].key == "quote_work_unknown"  # type: ignore[attr-defined]
    assert error.details["cell"] == column.parent.cell(column.row + 3, column.column).coordinate


# --- recalculated by LibreOffice -------------------------------------------------------------------------------------


def amounts(book: Book, filled: Filled, key: str, rows: int) -> list[object]:
    header = filled.column(key)
    return [book.value(LINES, f"{header.column_letter}{header.row + number}") for number in range(1, rows + 1)]


@pytest.mark.usefixtures("_office")
def test_works_options_and_inspectors_filled_in_by_hand_are_priced(session: Session, tmp_path: Path) -> None:
    made = Planned(session, tmp_path)
    made.row("works", 1, work="R4", site="East Flanders")
    made.row("works", 3, work="E40")
    day = datetime(2023, 4, 12, 10)
    made.line(1, kind="Standard inspection", when=day, hours=2, work="R4")
    made.line(2, kind="Standard inspection", when=day, hours=2, work="E40", inspectors=2, quantity=3)
    made.line(3, kind="Certification application", when=date(2023, 2, 1), option="option", work="R4")
    made.line(4, kind="Standard inspection", when=day, hours=2, work="nowhere")
    made.book.save(made.file)
    assert session.data_folder is not None
    book = computed_anew(made.file, session.data_folder)
    assert amounts(book, made, "amount", 4) == [1321.42, 6 * 840.86, None, "#N/A"]
    assert amounts(book, made, "option_amount", 4) == [None, None, 1160.96, None]
    assert amounts(book, made, "factor", 4) == [2, 1, None, "#N/A"]
    assert WORDS["check.wrong"]["en"] in book.texts(SUMMARY)
    made.line(4, work=None)
    made.book.save(made.file)
    book = computed_anew(made.file, session.data_folder)
    assert errors(book) == set()
    assert WORDS["check.right"]["en"] in book.texts(SUMMARY)
    for sheet in (SUMMARY, WORKS):
        shown = [cell.value for cell in book.cells(sheet)]
        for amount in (1321.42, 5045.16, 840.86, 1160.96):
            assert amount in shown
    priced = write_quote(made.read(), tmp_path / "priced.xlsx", session).priced
    assert {euro(priced.total.gross), euro(priced.option_total.gross)} <= {c.value for c in book.cells(SUMMARY)}


@pytest.mark.usefixtures("_office")
def test_no_total_holds_while_a_plan_is_to_be_worked_out(session: Session, tmp_path: Path) -> None:
    made = Planned(session, tmp_path)
    made.line(1, kind="Certification application", when=date(2023, 2, 1))
    made.row("plans", 2, **PLAN)
    made.book.save(made.file)
    assert session.data_folder is not None
    book = computed_anew(made.file, session.data_folder)
    assert errors(book) == {"#N/A"}
    for sheet in (SUMMARY, LINES):
        assert any(WORDS["banner.plans"]["en"] in said for said in book.texts(sheet))
        assert WORDS["check.wrong"]["en"] in book.texts(sheet)


@pytest.mark.usefixtures("_office")
def test_unusual_quotes_are_computed_as_written(session: Session, tmp_path: Path) -> None:
    assert session.data_folder is not None
    target = tmp_path / "quote.xlsx"
    works = [
        {"name": "=1+1"},
        {"name": "2023", "site": "LIEGE"},
        {"name": ">5"},
        {"name": "é <x> & y", "description": "z"},
    ]
    summer = {**INSPECTION, "start": datetime(2023, 7, 12, 19, 30)}
    lines = (
        {**INSPECTION, "work": "=1+1", "hours": 30, "optional": True},
        {**summer, "work": "2023"},
        {**summer, "work": ">5", "inspectors": 3, "quantity": 2},
        {**summer, "work": "é <x> & y", "optional": True},
        {"kind": "APPLICATION", "date": date(2029, 2, 1), "work": "2023"},
    )
    write_quote(quote_of(*lines, work=works, language="fr", valid_until=date(2023, 3, 1)), target, session)
    assert errors(compared(target, session)) == {"#NUM!", "#N/A"}


@pytest.mark.usefixtures("_office")
def test_options_with_vat_line_by_line_are_computed_as_written(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    by_line = example_session(folder)
    (folder / "policies.toml").write_text('"vat.rounding" = "line"\n', encoding="utf-8")
    by_line = replace(by_line, rulebook=Session.open(data_folder=folder).rulebook)
    target = tmp_path / "quote.xlsx"
    write_quote(quote_of(INSPECTION, {**INSPECTION, "optional": True}, INSPECTION), target, by_line)
    assert errors(compared(target, by_line)) == set()
    assert audit(target, by_line).findings == []


# --- on paper --------------------------------------------------------------------------------------------------------


def pages(file: Path, session: Session) -> list[str]:
    """What each page says."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not here")
    target = file.with_suffix(".pdf")
    to_pdf(file, target, environment={"COPRO_DATA": str(session.data_folder), "COPRO_LANGUAGE": "en"})
    command = ["pdftotext", "-layout", str(target), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\f")[:-1]


def _many(language: str) -> Quote:
    works = [
        {"name": f"Work number {n} with a name of some length", "description": "What is done" * 5} for n in range(20)
    ]
    lines = [{**INSPECTION, "work": works[n % 20]["name"], "optional": n % 3 == 0} for n in range(60)]
    customer = {"name": "A contractor with a long name " * 5, "address": ["a", "b", "c", "d"], "reference": "r" * 200}
    return quote_of(*lines, {**INSPECTION, "hours": 30}, work=works, customer=customer, language=language)


@pytest.mark.usefixtures("_office")
@pytest.mark.parametrize(
    ("example", "language"), [*((planned, language) for language in LANGUAGES), (year, "de"), (_many, "fr")]
)
def test_the_summary_is_one_page_and_the_annex_follows(
    session: Session, tmp_path: Path, example: Callable[[str], Quote], language: str
) -> None:
    file = tmp_path / "quote.xlsx"
    write_quote(example(language), file, session)
    first, second, third, *others = pages(file, session)
    assert WORDS["agreed"][language] in first
    assert WORDS["total.all"][language] in first
    for page in (second, third, *others):
        assert WORDS["agreed"][language] not in page
    if example is planned:  # the lines and the works take a page each
        assert WORDS["works.title"][language] in third
        assert WORDS["explanation.title"][language] in others[0]
    assert WORDS["explanation.title"][language] not in first + second
    for key in ("explanation.title", "data.title"):
        assert sum(WORDS[key][language] in page for page in (third, *others)) == 1
