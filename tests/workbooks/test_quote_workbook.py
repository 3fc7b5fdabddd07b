"""The quote workbook as written: every formula beside its value, text that stays text, nothing that leaks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

from core.errors import FileError
from core.topics import LANGUAGES, topic
from tests.workbooks.quotes import EXPLANATION, LINES, SUMMARY, contributions, example_session, planned, quote_of, year
from tests.workbooks.sheets import Book
from workbooks.quote import Quote, write_empty_quote, write_quote
from xl_addin import Session, call
from xl_addin.cells import CellError

HERE = Path(__file__).parents[2]
QUOTES: dict[str, Callable[[str | None], Quote]] = {"year": year, "contributions": contributions, "planned": planned}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return example_session(tmp_path_factory.mktemp("session") / "data")


@pytest.fixture(scope="module")
def written(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Writes an example in a language, once."""
    made: dict[tuple[str, str], Path] = {}

    def write(name: str, language: str) -> Path:
        if (name, language) not in made:
            target = tmp_path_factory.mktemp("quote") / f"{name}-{language}.xlsx"
            write_quote(QUOTES[name](language), target, session)
            made[name, language] = target
        return made[name, language]

    return write


# --- every formula's value is what `call` gives ----------------------------------------------------------------------


class Called(NamedTuple):
    """A call in a cell: its sheet, function and arguments, the value stored, and its place in a table."""

    sheet: str
    function: str
    arguments: list[str]
    shown: object
    place: tuple[int, int] | None = None


class Sheets:
    """Finds the values that the arguments of a formula stand for."""

    def __init__(self, file: Path) -> None:
        self.values = load_workbook(file, data_only=True)
        self.formulas = load_workbook(file)

    def calls(self) -> Iterator[Called]:
        """Every cell that is one call of ours, or takes its value out of one."""
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    shown = self.values[sheet.title][cell.coordinate].value
                    if found := re.fullmatch(r"=(COPRO_\w+)\((.*)\)", str(cell.value)):
                        yield Called(sheet.title, found[1], list(_split(found[2])), shown)
                    if found := re.fullmatch(r'=IF\(\w+="",(COPRO_\w+)\((.*)\),""\)', str(cell.value)):
                        yield Called(sheet.title, found[1], list(_split(found[2])), shown)
                    if found := re.fullmatch(r"=INDEX\((COPRO_\w+)\((.*)\),(\d+),(\d+)\)", str(cell.value)):
                        place = int(found[3]) - 1, int(found[4]) - 1
                        yield Called(sheet.title, found[1], list(_split(found[2])), shown, place)

    def value(self, written: str, sheet: str) -> object:
        """What an argument stands for."""
        if written.startswith('"'):
            return written[1:-1].replace('""', '"')
        if inner := re.fullmatch(r"N\((.+)\)", written):
            return self.value(inner[1], sheet) or 0.0
        if chosen := re.fullmatch(r"IF\((.+)\)", written):
            condition, empty, filled = _split(chosen[1])
            own = self.value(condition.removesuffix('=""'), sheet)
            return self.value(empty if own is None else filled, sheet)
        if found := re.fullmatch(r"INDEX\((.+),MATCH\((.+),(.+),0\)\)", written):
            names, wanted = self.area(found[3]), self.value(found[2], sheet)
            return self.area(found[1])[names.index(wanted)]
        if "!" in written:
            name, _, written = written.rpartition("!")
            sheet = name.strip("'").replace("''", "'")
        found = self.values[sheet][written.replace("$", "")].value
        return to_excel(found) if isinstance(found, date) else found

    def area(self, written: str) -> list[object]:
        """The cells of a column on another sheet."""
        name, _, cells = written.rpartition("!")
        return [row[0].value for row in self.values[name.strip("'")][cells.replace("$", "")]]


def _split(arguments: str) -> Iterator[str]:
    depth = start = 0
    quoted = False
    for position, letter in enumerate(arguments):
        quoted ^= letter == '"'
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth and not quoted:
            yield arguments[start:position]
            start = position + 1
    yield arguments[start:]


def as_read(value: object) -> object:
    """A computed cell as openpyxl reads it back."""
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, date):
        return to_excel(value)
    return None if value == "" else value


def plain(value: object) -> object:
    return to_excel(value) if isinstance(value, date) else value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", QUOTES)
def test_every_formula_has_the_value_its_call_gives(
    written: Callable[[str, str], Path], session: Session, name: str, language: str
) -> None:
    sheets = Sheets(written(name, language))
    functions = []
    for called in sheets.calls():
        if called.function in ("COPRO_VAT", "COPRO_VAT_RATE") or ":COPRO_VAT" in called.arguments[0]:
            continue
        answer = call(called.function, [sheets.value(argument, called.sheet) for argument in called.arguments], session)
        if called.place:
            assert isinstance(answer, list)
            answer = answer[called.place[0]][called.place[1]]
        assert plain(called.shown) == as_read(answer)
        if called.place in (None, (0, 0)):
            functions.append(called.function)
    lines = len(QUOTES[name](None).line)
    assert functions.count("COPRO_EXPLAIN") == lines
    assert len(functions) == 2 * lines + 1  # a price and an explanation a line, and the policies


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_totals_are_written_with_their_formulas(written: Callable[[str, str], Path], language: str) -> None:
    book = Book(written("year", language))
    totals = [cell for cell in book.cells(LINES) if cell.value in (12247.79, 2572.03, 14819.82)]
    assert {cell.value for cell in totals} == {12247.79, 2572.03, 14819.82}
    assert all(book.formula(LINES, cell.coordinate).startswith("=") for cell in totals)
    assert topic("quote")["check.right"][language] in book.texts(LINES)


# --- the explanation -------------------------------------------------------------------------------------------------


def explained(book: Book, what: str) -> list[tuple[Any, str, str]]:
    """The rows that explain something: result, number format, computation."""
    rows = []
    for cell in book.cells(EXPLANATION):
        if cell.column == 2 and cell.value == what:
            result = book.cell(EXPLANATION, f"D{cell.row}")
            rows.append((result.value, result.number_format, str(book.value(EXPLANATION, f"C{cell.row}"))))
    return rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_of_one_kind_are_multiplied_out(session: Session, tmp_path: Path, language: str) -> None:
    line = {"kind": "START_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": Decimal("3.5"), "quantity": 3}
    target = tmp_path / "quote.xlsx"
    priced = write_quote(quote_of(line, {**line, "quantity": 1}, language=language), target, session).priced
    ((result, shown, told),) = explained(Book(target), topic("quote")["step.quantity"][language])
    assert (result, priced.lines[0].unit) == (3277.5, 109250)
    assert "€" in shown
    assert (
        told == "3 × " + {"nl": "€ 1.092,50", "fr": "1\u202f092,50 €", "de": "1.092,50 €", "en": "€1,092.50"}[language]
    )
    assert 3277.5 in [cell.value for cell in Book(target).cells(EXPLANATION) if cell.column == 4 and cell.row == 5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_vat_and_totals_are_explained(written: Callable[[str, str], Path], language: str) -> None:
    book, words = Book(written("year", language)), topic("quote")
    parties = [words[f"party.{paid_to}"][language] for paid_to in ("certification_body", "performing_body")]
    shown = {
        key: [
            explained(book, of.format(party=name, what=words[f"total.{key}"][language])) for name in (*parties, grand)
        ]
        for grand, of in ((words["total.all"][language], words["step.of_party"][language]),)
        for key in ("net", "gross")
    }
    assert [row[0][0] for row in shown["net"]] == [1160.96, 11086.83, 12247.79]
    assert [row[0][0] for row in shown["gross"]] == [1404.76, 13415.06, 14819.82]
    assert sum(told.startswith("vat.rounding: ") for told in book.texts(EXPLANATION)) == 2
    rates = [cell for cell in book.cells(EXPLANATION) if cell.value == 0.21]
    assert [cell.number_format for cell in rates] == ["0.00\\ %"] * 2


# --- text from people ------------------------------------------------------------------------------------------------

DANGEROUS = [
    '=HYPERLINK("http://example.invalid","x")',
    "@SUM(A1)",
    "+1",
    "-2+3",
    "=1+1",
    "http://example.invalid",
    "'x",
]


@pytest.mark.parametrize("said", DANGEROUS)
def test_text_from_people_stays_text(session: Session, tmp_path: Path, said: str) -> None:
    line = {"kind": "APPLICATION", "date": date(2023, 2, 1), "description": said}
    customer = {"name": said, "address": [said], "vat_number": said, "reference": said}
    quote = quote_of(line, number=said, customer=customer)
    target = tmp_path / "quote.xlsx"
    write_quote(quote, target, session)
    cells = [cell for cell in Book(target).cells(LINES) if cell.value == said]
    assert len(cells) == 6
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    taken_over = [cell for cell in Book(target).cells(SUMMARY) if said in str(cell.value)]
    assert len(taken_over) == 6  # title, number, name, address, VAT number, reference
    assert {cell.data_type for cell in taken_over} == {"s"}
    assert all(cell.hyperlink is None for cell in taken_over)
    if said[0] in "=+-@'":
        assert all(cell.quotePrefix for cell in cells)  # and stays text when somebody edits the cell


def test_a_long_or_strange_text_is_written_whole(session: Session, tmp_path: Path) -> None:
    said = "é ü ß € 漢字 <b>&amp;</b> \t" + "x" * 400
    line = {"kind": "APPLICATION", "date": date(2023, 2, 1), "description": said}
    target = tmp_path / "quote.xlsx"
    write_quote(quote_of(line), target, session)
    assert said.strip() in Book(target).texts(LINES)


def test_what_is_long_or_large_is_not_clipped(session: Session, tmp_path: Path) -> None:
    line = {"kind": "STANDARD_INSPECTION", "start": date(2023, 2, 1), "hours": 1, "hours_abroad": 1}
    name = "Wegenbouw " * 30
    target = tmp_path / "quote.xlsx"
    quote = quote_of({**line, "tickets": 123_456_789}, customer={"name": name})
    write_quote(quote, target, session)
    book = Book(target)
    cell = book.cell(LINES, book.place(LINES, name.strip()))
    assert cell.alignment.wrap_text
    assert book.values[LINES].row_dimensions[cell.row].height > 40
    amounts = [cell for cell in book.cells(LINES) if isinstance(cell.value, float) and cell.value > 1e8]
    assert len(amounts) >= 8
    assert all(cell.alignment.shrink_to_fit for cell in amounts)


# --- what else a workbook must be ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_inputs_can_be_changed(written: Callable[[str, str], Path], language: str) -> None:
    book = Book(written("year", language))
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.values)
    for number in range(len(book.values)):
        for cell in book.cells(number):
            if book.formula(number, cell.coordinate).startswith("=") and cell.data_type != "s":
                assert cell.protection.locked


def test_nothing_of_the_users_computer_is_in_the_workbook(
    written: Callable[[str, str], Path], session: Session
) -> None:
    with zipfile.ZipFile(written("year", "nl")) as parts:
        content = b"".join(parts.read(name) for name in parts.namelist())
    assert str(session.data_folder).encode() not in content
    assert b"externalLink" not in content


def test_the_workbook_is_not_computed_anew_by_whoever_lacks_the_functions(
    written: Callable[[str, str], Path],
) -> None:
    with zipfile.ZipFile(written("year", "nl")) as parts:
        workbook = parts.read("xl/workbook.xml").decode()
    assert "fullCalcOnLoad" not in workbook
    assert 'calcId="191029"' in workbook


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_a4_and_one_page_wide(written: Callable[[str, str], Path], language: str) -> None:
    for name in QUOTES:
        for number, sheet in enumerate(Book(written(name, language)).values):
            assert sheet.page_setup.paperSize == 9
            assert sheet.page_setup.orientation == ("portrait" if number == SUMMARY else "landscape")
            fitted = (sheet.page_setup.fitToWidth or 1, 1 if number == SUMMARY else sheet.page_setup.fitToHeight)
            assert fitted == (1, 1 if number == SUMMARY else 0)
            assert session_fingerprint(written(name, language)) in sheet.oddFooter.center.text


def session_fingerprint(file: Path) -> str:
    return str(load_workbook(file).properties.description)


def test_a_warning_says_that_figures_are_made_up(written: Callable[[str, str], Path]) -> None:
    assert topic("quote")["banner.example"]["fr"] in Book(written("contributions", "fr")).texts(LINES)
    assert topic("quote")["banner.example"]["fr"] not in Book(written("year", "fr")).texts(LINES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_without_a_price_shows_its_error_and_reason(session: Session, tmp_path: Path, language: str) -> None:
    good = {"kind": "START_INSPECTION", "start": datetime(2023, 3, 6, 10), "hours": 2}
    target = tmp_path / "quote.xlsx"
    summary = write_quote(quote_of(good, {**good, "hours": 30}, language=language), target, session)
    book = Book(target)
    errors = [cell for cell in book.cells(LINES) if cell.data_type == "e"]
    assert {cell.value for cell in errors} == {"#NUM!"}
    # the line, its party and the grand total, both without and with options, the totals at a glance
    assert len(errors) == 2 + 2 * (3 + 3) + 3
    assert topic("quote")["check.wrong"][language] in book.texts(LINES)
    assert any(topic("quote")["banner.errors"][language].partition("{")[0] in told for told in book.texts(LINES))
    reason = summary.priced.lines[1].error
    assert reason is not None
    assert reason.message(language) in book.texts(EXPLANATION)
    assert any(told.startswith("2. ") and reason.message(language) in told for told in book.texts(SUMMARY))
    assert summary.failed == 1
    assert reason.message(language) in summary.told()


def test_a_line_with_a_site_of_its_own_gets_a_column(session: Session, tmp_path: Path) -> None:
    line = {"kind": "START_INSPECTION", "start": datetime(2023, 7, 12, 10), "hours": 2}
    target = tmp_path / "quote.xlsx"
    write_quote(quote_of(line, {**line, "site": "LIEGE"}, site="BRUSSEL"), target, session)
    assert topic("quote")["column.site"]["en"] in Book(target).texts(LINES)
    sheets = Sheets(target)
    prices = [called for called in sheets.calls() if called.function == "COPRO_INSPECTION_FEE"]
    assert len(prices) == 2
    for called in prices:
        given = [sheets.value(argument, called.sheet) for argument in called.arguments]
        assert called.shown == call(called.function, given, session)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_told_in_each_language(session: Session, tmp_path: Path, language: str) -> None:
    told = write_quote(year(language), tmp_path / "quote.xlsx", session).told()
    assert "V-2023-001" in told
    assert "quote.xlsx" in told
    assert "{" not in told
    assert {"nl": "€ 14.819,82", "fr": "14\u202f819,82 €", "de": "14.819,82 €", "en": "€14,819.82"}[language] in told


def test_a_file_already_there_is_only_replaced_when_asked(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="exists"):
        write_quote(year(), target, session)
    assert target.read_text(encoding="utf-8") == "mine"
    write_quote(year(), target, session, force=True)
    assert zipfile.is_zipfile(target)
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupted_run_leaves_the_old_file_whole(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "quote.xlsx"
    target.write_text("mine", encoding="utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workbooks.quote.totals.write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_quote(year(), target, session, force=True)
    assert target.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_told(session: Session, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        write_quote(year(), tmp_path / "nowhere" / "quote.xlsx", session)
    assert caught.value.key == "folder_missing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_workbook_is_written_in_each_language(session: Session, tmp_path: Path, language: str) -> None:
    target = tmp_path / "empty.xlsx"
    write_empty_quote(target, replace(session, language=language), lines=5)
    book = Book(target)
    assert len(book.values) == 4
    assert not [cell for number in range(4) for cell in book.cells(number) if cell.data_type == "e"]


def test_every_text_is_used() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (HERE / "workbooks").rglob("*.py"))
    families = ("column.", "head.", "customer.", "party.", "banner.", "policy.", "step.", "data.regulation_", "status.")
    families += ("sheet.", "box.", "summary.", "period.", "weekday.")
    unused = [key for key in topic("quote") if f'"{key}"' not in source and not key.startswith(families)]
    assert unused == []


def test_texts_have_the_same_places_in_each_language() -> None:
    for key, words in topic("quote").items():
        places: set[Any] = {tuple(sorted(re.findall(r"\{\w+\}", words[language]))) for language in LANGUAGES}
        assert len(places) == 1, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_keep_within_what_excel_takes(
    written: Callable[[str, str], Path], session: Session, tmp_path: Path, language: str
) -> None:
    empty = tmp_path / "empty.xlsx"
    write_empty_quote(empty, replace(session, language=language), lines=2)
    for file in (empty, written("year", language), written("contributions", language)):
        book = Book(file)
        for sheet in range(len(book.formulas)):
            for row in book.formulas[sheet].iter_rows():
                for cell in row:
                    formula = book.formula(sheet, cell.coordinate)
                    if formula.startswith("="):
                        assert len(formula) < 8192
                        assert all(len(said) <= 255 for said in re.findall(r'"((?:[^"]|"")*)"', formula))
