"""The register workbook as written: one call a column, every value stored, totals that cannot pass for whole."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from core.errors import FileError
from core.topics import LANGUAGES, topic
from tests.workbooks.registers import ERRORS, EXAMPLE, PRICED, TOTAL, Filled, inspection, troubled
from tests.workbooks.sheets import Book, session_on
from workbooks.register import Row, read_register, write_empty, write_register
from workbooks.register.layout import COLUMNS, FIRST, POSITIONS, PRINTED
from workbooks.workbook_command import known_workbooks
from xl_addin import Session
from xl_addin.audit import audit

HERE = Path(__file__).parents[2]
REGISTER, TOTALS, CUSTOMERS, FAILURES, DATA = range(5)
Write = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_on(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def written(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Writes a register in a language, once."""
    made: dict[tuple[str, str], Path] = {}

    def write(name: str, language: str) -> Path:
        if (name, language) not in made:
            target = tmp_path_factory.mktemp("register") / f"{name}-{language}.xlsx"
            ours = replace(session, language=language)
            if name == "empty":
                write_empty(target, ours, rows=30)
            else:
                write_register(troubled() if name == "troubled" else read_register(EXAMPLE), target, ours)
            made[name, language] = target
        return made[name, language]

    return write


def column(book: Book, key: str) -> list[object]:
    letters = get_column_letter(POSITIONS[key] + 1)
    return [book.value(REGISTER, f"{letters}{row}") for row in range(FIRST + 1, book.values[REGISTER].max_row + 1)]


# --- one call a column ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_column_is_priced_by_one_formula(written: Write, language: str) -> None:
    sheet = Book(written("troubled", language)).formulas[REGISTER]
    ours = [cell for row in sheet.iter_rows() for cell in row if "COPRO_" in str(getattr(cell.value, "text", ""))]
    assert [COLUMNS[cell.column - 1].key for cell in ours] == ["day", "factor", "fee", "payer"]
    for cell in ours:
        assert isinstance(cell.value, ArrayFormula)
        assert cell.value.ref == f"{cell.column_letter}6:{cell.column_letter}{sheet.max_row}"


@pytest.mark.parametrize("name", ["troubled", "example", "empty"])
def test_the_audit_finds_everything_right(written: Write, session: Session, name: str) -> None:
    report = audit(written(name, "en"), session)
    assert report.findings == []
    assert report.formulas > 100


def test_every_value_is_stored(written: Write) -> None:
    book = Book(written("troubled", "en"))
    fees = {number: fee for number, fee in enumerate(column(book, "fee"), 1) if fee is not None}
    assert fees == {**PRICED, **ERRORS}
    errors = [cell for cell in book.cells(REGISTER) if cell.data_type == "e" and cell.column <= PRINTED]
    assert {cell.value for cell in errors} == {"#VALUE!", "#NUM!", "#N/A", "#REF!"}


# --- totals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_totals_that_miss_nothing_are_numbers(written: Write, language: str) -> None:
    book = Book(written("example", language))
    assert [cell.value for cell in book.cells(TOTALS) if cell.value == 43468.34 and cell.column == 5] == [43468.34] * 4
    assert (
        book.value(CUSTOMERS, book.place(CUSTOMERS, topic("register")["all"][language]).replace("A", "E")) == 43468.34
    )
    assert topic("register")["control.right"][language] in book.texts(TOTALS)
    assert topic("register")["failures.none"][language] in book.texts(FAILURES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_total_passes_for_whole_while_a_row_is_missing(written: Write, language: str) -> None:
    book = Book(written("troubled", language))
    for sheet in (TOTALS, CUSTOMERS):
        for cell in book.cells(sheet):
            if cell.column == 4 and isinstance(cell.value, int) and cell.value > 0:
                assert isinstance(book.value(sheet, f"E{cell.row}"), str)
    assert [cell.value for cell in book.cells(TOTALS) if cell.value == TOTAL and cell.column < 6] == []
    banner = topic("register")["banner.not_priced"][language].partition("{")[0]
    for sheet in (REGISTER, TOTALS, CUSTOMERS):
        assert any(f"{banner}9" in told for told in book.texts(sheet))


def test_rows_priced_and_not_priced_are_all_rows(written: Write) -> None:
    book, words = Book(written("troubled", "en")), topic("register")
    told = {
        key: book.value(TOTALS, book.place(TOTALS, words[f"control.{key}"]["en"]).replace("A", "E")) for key in COUNTS
    }
    assert told == {"filled": 17, "priced": 8, "not_priced": 9, "doubles": 1}


COUNTS = ("filled", "priced", "not_priced", "doubles")


def test_every_row_without_a_price_is_listed_with_its_reason(written: Write, session: Session) -> None:
    book = Book(written("troubled", "en"))
    listed = {row[0]: row[5] for row in book.rows(FAILURES, "A4:F20") if row[0]}
    assert sorted(listed) == sorted(ERRORS)
    assert "Atlantis" in listed[7]
    assert "24 hours" in listed[5]
    assert all(listed.values())


# --- text from people -------------------------------------------------------------------------------------------------

DANGEROUS = [
    '=HYPERLINK("http://example.invalid","x")',
    "@SUM(A1)",
    "+1",
    "-2+3",
    "http://example.invalid",
    "'x",
    "*",
    "~?",
    ">0",
]


@pytest.mark.parametrize("said", [*DANGEROUS, "<b>&amp;</b>", "é ü 漢字"])
def test_text_from_people_stays_text(session: Session, tmp_path: Path, said: str) -> None:
    target = tmp_path / "register.xlsx"
    others = [inspection(customer=name) for name in ("A", "=A", "0")]
    write_register([inspection(customer=said, reference=said, inspector=said), *others], target, session)
    book = Book(target)
    cells = [cell for cell in book.cells(REGISTER) if cell.value == said and cell.column <= PRINTED]
    assert len(cells) == 3
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    if said[0] in "=+-@'":
        assert all(cell.quotePrefix for cell in cells)
    assert book.rows(CUSTOMERS, "A4:E4") == [[said, 1, 1, 0, 840.86]]
    parts = zipfile.ZipFile(target)
    assert not any("externalLink" in name for name in parts.namelist())


def test_signs_that_no_cell_can_show_do_no_harm(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "register.xlsx"
    write_register([inspection(customer="a\x01b_x0041_", hours="\x02")], target, session)
    assert Book(target).value(CUSTOMERS, "A4") == "a_x0001_b_x005F_x0041_"  # as the file holds it
    (row,) = read_register(target)
    assert row.start == inspection().start


def test_what_is_long_is_not_clipped(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "register.xlsx"
    name = "Wegenbouw " * 10
    write_register([inspection(customer=name), inspection()], target, session)
    book = Book(target)
    assert book.values[REGISTER].row_dimensions[6].height > 40
    assert book.values[REGISTER].row_dimensions[7].height is None
    assert book.cell(REGISTER, book.place(REGISTER, name)).alignment.wrap_text


# --- what else a workbook must be -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_inputs_can_be_changed(written: Write, language: str) -> None:
    book = Book(written("empty", language))
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.values)
    assert not book.values[REGISTER].protection.autoFilter  # it can be used
    for cell in (book.values[REGISTER].cell(6, position + 1) for position in range(len(COLUMNS))):
        assert cell.protection.locked is not (1 < cell.column <= 16)


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_that_only_help_are_hidden(written: Write, language: str) -> None:
    sheet = Book(written("troubled", language)).values[REGISTER]
    hidden = [key for key, dimension in sheet.column_dimensions.items() if dimension.hidden]
    assert sum(sheet.column_dimensions[key].max - sheet.column_dimensions[key].min + 1 for key in hidden) == 12
    assert str(sheet.print_area).endswith(f"$T${sheet.max_row}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_a4_lying_and_one_page_wide(written: Write, language: str) -> None:
    book = Book(written("example", language))
    for sheet in book.values:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.oddFooter.right.text == topic("quote")["page"][language].format(page="&P", pages="&N")
    assert (book.values[TOTALS].page_setup.fitToWidth, book.values[TOTALS].page_setup.fitToHeight) in (
        (1, 1),
        (None, None),
    )
    assert book.values[REGISTER].print_title_rows == "$5:$5"
    assert book.values[REGISTER].freeze_panes == "E6"
    assert book.values[REGISTER].auto_filter.ref == f"A5:T{book.values[REGISTER].max_row}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_days_and_sites_are_chosen_from_lists(written: Write, language: str) -> None:
    book = Book(written("empty", language))
    lists = [check for check in book.values[REGISTER].data_validations.dataValidation if check.type == "list"]
    assert {str(check.sqref) for check in lists} == {"E6:E35", "N6:N35", "O6:O35"}
    custom = [check for check in book.values[REGISTER].data_validations.dataValidation if check.type == "custom"]
    assert len(custom) == 9
    assert all(check.error for check in (*lists, *custom))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_register_shows_no_error(written: Write, language: str) -> None:
    book = Book(written("empty", language))
    assert not [cell for sheet in range(5) for cell in book.cells(sheet) if cell.data_type == "e"]
    assert column(book, "no") == list(range(1, 31))


def test_formulas_keep_within_what_excel_takes(written: Write) -> None:
    for language in LANGUAGES:
        book = Book(written("troubled", language))
        for number, sheet in enumerate(book.formulas):
            for row in sheet.iter_rows():
                for cell in row:
                    formula = book.formula(number, cell.coordinate)
                    if formula.startswith("="):
                        assert len(formula) < 8192
                        assert all(len(said) <= 255 for said in re.findall(r'"((?:[^"]|"")*)"', formula))


def test_a_new_register_can_be_asked_for() -> None:
    assert known_workbooks()["register"].load() is write_empty


def test_a_register_of_one_row_and_of_none(session: Session, tmp_path: Path) -> None:
    for name, rows in (("one", [inspection()]), ("none", []), ("blank", [Row()])):
        target = tmp_path / f"{name}.xlsx"
        summary = write_register(rows, target, session)
        assert summary.failed == 0
        assert audit(target, session).findings == []


def test_more_failures_than_are_listed_are_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbooks.register.sheets.MOST_LINES", 3)
    target = tmp_path / "register.xlsx"
    told = write_register([inspection(hours=30, customer=f"C{n}") for n in range(30)], target, session).told()
    assert "and 10 more" in told
    book = Book(target)
    assert any("Rows not priced: 30." in words and "first 3" in words for words in book.texts(FAILURES))
    assert ["(further customers, without a line of their own)", 27, 0, 27] in [
        row[:4] for row in book.rows(CUSTOMERS, "A4:E9")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_told_in_each_language(session: Session, tmp_path: Path, language: str) -> None:
    told = write_register(troubled(), tmp_path / "register.xlsx", replace(session, language=language)).told()
    assert "{" not in told
    assert {"nl": "€ 7.207,44", "fr": "7\u202f207,44 €", "de": "7.207,44 €", "en": "€7,207.44"}[language] in told


def test_a_file_already_there_is_only_replaced_when_asked(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "register.xlsx"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="exists"):
        write_register([inspection()], target, session)
    with pytest.raises(FileError, match="exists"):
        write_empty(target, session)
    write_register([inspection()], target, session, force=True)
    assert list(tmp_path.iterdir()) == [target]


def test_a_long_register_is_written_and_read_back(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "register.xlsx"
    rows = [inspection(customer=f"C{n % 7}", reference=f"R{n}") for n in range(6_000)]
    write_register(rows, target, session)
    again = read_register(target)
    assert [replace(row, source=None, kind=rows[0].kind) for row in again] == rows


def test_every_text_is_used() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (HERE / "workbooks" / "register").rglob("*.py"))
    families = ("column.", "sheet.", "sum.", "control.", "summary.", "customer_", "payer_", "totals.", "customers.")
    assert [key for key in topic("register") if f'"{key}"' not in source and not key.startswith(families)] == []


def test_a_filled_in_cell_is_found_by_its_name(written: Write) -> None:
    assert Filled(written("empty", "nl")).place("hours", 1) == "G6"
