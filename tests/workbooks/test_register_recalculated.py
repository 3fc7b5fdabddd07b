"""The register recalculated by LibreOffice with the functions loaded: every value must be the one written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from core.topics import LANGUAGES, topic
from tests.calc.conftest import why_not
from tests.workbooks.quotes import example_session
from tests.workbooks.registers import EXAMPLE, TWO_HOURS, WASTED, Filled, inspection, troubled
from tests.workbooks.sheets import Book, computed_anew, differences, session_on
from workbooks.register import Row, read_register, write_empty, write_register
from workbooks.register.model import kind_labels
from xl_addin import Session


@pytest.fixture(autouse=True)
def _office() -> None:
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return session_on(tmp_path_factory.mktemp("data"))


def compared(file: Path, session: Session) -> Book:
    assert session.data_folder is not None
    written, computed = Book(file), computed_anew(file, session.data_folder)
    for sheet in range(5):
        assert differences(written, computed, sheet) == []
    return computed


def errors(book: Book) -> Iterator[object]:
    for sheet in range(5):
        yield from (cell.value for cell in book.cells(sheet) if cell.data_type == "e")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_computed_as_written(session: Session, tmp_path: Path, language: str) -> None:
    target = tmp_path / "register.xlsx"
    write_register(read_register(EXAMPLE), target, replace(session, language=language))
    assert not list(errors(compared(target, session)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_computed_as_written(session: Session, tmp_path: Path, language: str) -> None:
    target = tmp_path / "register.xlsx"
    write_register(troubled(), target, replace(session, language=language))
    assert set(errors(compared(target, session))) == {"#VALUE!", "#NUM!", "#N/A", "#REF!"}


def test_a_regulation_of_its_own_and_many_customers_are_computed_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbooks.register.sheets.MOST_LINES", 5)
    session = example_session(tmp_path / "data")
    target = tmp_path / "register.xlsx"
    rows = [
        inspection(customer=f"C{n % 9}", regulation="EXAMPLE-BRS" if n % 2 else None, hours=20 + n) for n in range(30)
    ]
    write_register([*rows, *rows[:3], Row(), inspection(customer=None)], target, session)
    assert set(errors(compared(target, session))) == {"#NUM!"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_register_is_computed_as_written_and_prices_what_is_filled_in(
    session: Session, tmp_path: Path, language: str
) -> None:
    target = tmp_path / "empty.xlsx"
    write_empty(target, replace(session, language=language), rows=12)
    assert not list(errors(compared(target, session)))
    filled, kinds = Filled(target), kind_labels(language)
    start = datetime(2023, 3, 6, 10)
    filled.fill(2, start=start, customer="Acme", kind=kinds[2], hours=2)
    filled.fill(3, start=start, customer="Acme", kind=kinds[-1])
    filled.fill(5, start=start, customer="*Other", kind=kinds[2].upper(), hours=30)
    filled.fill(7, customer="Nobody")
    filled.fill(12, start=start, customer="Acme", kind=kinds[2], hours=2)
    assert session.data_folder is not None
    computed, words = computed_anew(filled.saved(), session.data_folder), topic("register")
    fees = [row[0] for row in computed.rows(0, "S6:S17")]
    assert fees == [None, TWO_HOURS, WASTED, None, "#NUM!", None, "#VALUE!", None, None, None, None, TWO_HOURS]
    assert computed.value(0, "T17") == words["remark.same_as"][language].format(number=2)
    assert words["control.right"][language] in computed.texts(1)
    acme, other, nobody = computed.rows(2, "A4:E6")
    assert acme == ["Acme", 3, 3, 0, 2396.76]  # 2 × 840.86 + 715.04
    assert nobody[:4] == ["Nobody", 1, 0, 1]
    assert isinstance(other[4], str)
    assert [row[0] for row in computed.rows(3, "A4:A7")] == [5, 7, None, None]
    assert all(computed.value(3, f"F{row}") for row in (4, 5))


def test_what_is_typed_over_does_not_go_unseen(session: Session, tmp_path: Path) -> None:
    """A row put out of every group still counts: the control says that the sums do not agree."""
    target = tmp_path / "register.xlsx"
    write_register([inspection(), inspection(customer="B")], target, session)
    filled = Filled(target)
    sheet = filled.book.worksheets[2]
    sheet["G5"] = ""  # the second customer's line no longer adds anything up
    assert session.data_folder is not None
    computed = computed_anew(filled.saved(), session.data_folder)
    assert topic("register")["control.wrong"]["en"] in computed.texts(1)
