"""``copro update``: shows what changes, asks, records; what is wrong is told, and then nothing is recorded."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.ledger import FOLDER, read_ledger
from core.loading import load
from core.topics import LANGUAGES
from core.vocabulary import Item
from tests.core.folder import record, session_on, write
from tests.core.test_ledger import figure as recorded_figure
from tests.core.test_ledger import put, rate
from tests.workbooks.index_filling import Filling, empty_workbook, filled, salary
from workbooks import update_command
from workbooks.index.layout import HOLIDAYS, INTEREST_1865, INTEREST_2002, TRAVEL
from xl_addin import Session, call
from xl_addin.cli.main import COULD_NOT_RUN, DONE, FOUND_WRONG, main

TODAY = date(2027, 1, 8)
INDEX = {"2022-Q3": 100, "2023-Q3": 102.5}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on the data folder, on a day in January 2027; gives status, output, errors."""
    opened = Session.open

    def on_that_day(*given: Any, **named: Any) -> Session:
        session = opened(*given, **named)
        session.today = lambda: TODAY
        return session

    monkeypatch.setattr(Session, "open", on_that_day)

    def command(*words: object, language: str = "en") -> tuple[int, str, str]:
        status = main([*map(str, words), "--data", str(data), "--language", language])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


_MADE: dict[str, bytes] = {}


def workbook(data: Path, fill: Callable[[Filling], object], name: str = "index") -> Path:
    """A filled-in workbook; the one of 2024 on an empty folder is made once, for making it takes a second."""
    file = data.parent / f"{name}.xlsx"
    usual = fill is index_2024 and not any(data.iterdir())
    if usual and "usual" in _MADE:
        file.write_bytes(_MADE["usual"])
        return file
    filled(data, file, fill, today=TODAY)
    if usual:
        _MADE["usual"] = file.read_bytes()
    return file


def index_2024(filling: Filling) -> None:
    salary(filling, INDEX)


def files(data: Path) -> list[str]:
    folder = data / FOLDER
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


# --- the whole way -------------------------------------------------------------------------------------------------


def test_shown_and_recorded(data: Path, run: Run) -> None:
    """125.82 × 1.025 = 128.97; 369.31 + 4 × 128.97 + 234.96 = 1120.15 for 3.5 hours, charged as 4."""
    status, said, _ = run("update", workbook(data, index_2024), "--yes")
    assert status == DONE
    assert "new: index of employees' salaries (S) 2023-Q3: 102.5 (official); gazette; entered by An Peeters" in said
    assert "Rates of 2024" in said
    assert "#N/A → €128.97" in said
    assert "€234.96 → €234.96 (0.00 %)" in said
    assert "#N/A → €1,120.15" in said
    (name,) = files(data)
    assert name.startswith("2027-01-08-")
    assert said.rstrip().endswith(name)
    session = session_on(data)
    assert call("COPRO_RATE", ["HOUR", "2024-03-01"], session) == 128.97
    assert call("COPRO_INSPECTION_FEE", ["2024-03-05T10:00", 3.5, 1], session) == 1120.15
    assert len(load(data).frozen) == len(Item)


def test_a_dry_run_records_nothing(data: Path, run: Run) -> None:
    status, said, _ = run("update", workbook(data, index_2024), "--dry-run", "--yes")
    assert (status, files(data)) == (DONE, [])
    assert "€128.97" in said
    assert said.rstrip().endswith("Dry run: nothing is recorded.")


def test_without_anybody_to_ask_nothing_is_recorded(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    status, _, wrong = run("update", workbook(data, index_2024))
    assert (status, files(data)) == (COULD_NOT_RUN, [])
    assert "--yes" in wrong


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("language", "answer", "recorded"),
    [
        ("en", "y\n", True),
        ("en", "Yes\n", True),
        ("nl", "j\n", True),
        ("nl", "ja\n", True),
        ("fr", "o\n", True),
        ("fr", " OUI \n", True),
        ("de", "j\n", True),
        ("nl", "y\n", False),
        ("en", "\n", False),
        ("en", "", False),
        ("fr", "n\n", False),
    ],
)
def test_asked_in_the_language(
    data: Path, run: Run, monkeypatch: pytest.MonkeyPatch, language: str, answer: str, recorded: bool
) -> None:
    file = workbook(data, index_2024)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    status, said, _ = run("update", file, language=language)
    assert status == DONE
    assert bool(files(data)) is recorded
    assert str(data) in said


def test_nothing_filled_in(data: Path, run: Run) -> None:
    status, said, _ = run("update", empty_workbook(data, data.parent / "index.xlsx", today=TODAY), "--yes")
    assert (status, files(data)) == (DONE, [])
    assert "Nothing is filled in" in said


def test_all_on_record_already(data: Path, run: Run) -> None:
    file = workbook(data, lambda filling: filling.fill(INTEREST_1865, "2026", value=4.5))
    status, said, _ = run("update", file, "--yes")
    assert (status, files(data)) == (DONE, [])
    assert "skipped: Interest law 1865!" in said
    assert "All of it is on record already" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_told_in_every_language(data: Path, run: Run, language: str) -> None:
    status, said, _ = run("update", workbook(data, index_2024), "--dry-run", language=language)
    assert status == DONE
    assert "128" in said
    assert "{" not in said


# --- what is wrong -------------------------------------------------------------------------------------------------


def test_mistakes_are_listed_with_their_cells_and_nothing_is_recorded(data: Path, run: Run) -> None:
    places = []

    def fill(filling: Filling) -> None:
        salary(filling, INDEX)
        places.append(filling.fill(INTEREST_1865, "2027", value="4,25"))
        filling.fill(INTEREST_2002, "2026-H2", value=10.5, checked_by="an  peeters")
        row = filling.row(INTEREST_2002, "2026-H2")
        places.append(filling.address(INTEREST_2002, "checked_by", row))
        places.append(filling.fill(TRAVEL, date(2026, 7, 1), date(2027, 6, 30), value=0.6))

    status, said, _ = run("update", workbook(data, fill), "--yes")
    assert (status, files(data)) == (FOUND_WRONG, [])
    for place in places:
        assert f"error: {place}: " in said
    assert said.rstrip().endswith("Nothing is recorded: put 3 mistake(s) right first.")


def test_a_jump_that_is_explained_is_recorded_and_shown(data: Path, run: Run) -> None:
    file = workbook(data, lambda filling: filling.fill(INTEREST_1865, "2027", value=9, note="law of 2026"))
    status, said, _ = run("update", file, "--yes")
    assert (status, len(files(data))) == (DONE, 1)
    assert "warning: Interest law 1865!" in said


def test_as_json(data: Path, run: Run) -> None:
    status, said, _ = run("update", workbook(data, index_2024), "--json", "--yes")
    found = json.loads(said)
    assert status == DONE
    assert found["recorded"].endswith(files(data)[0])
    assert [change["what"] for change in found["changes"]] == ["new", "new"]
    (year,) = found["years"]
    assert (year["year"], year["after"]["HOUR"], year["before"].get("HOUR")) == (2024, "128.97", None)
    assert (year["sample"], year["frozen"]) == ({"before": None, "after": "1120.15"}, True)
    file = workbook(data, lambda filling: filling.fill(INTEREST_1865, "2027", value="4,25"))
    status, said, _ = run("update", file, "--json", "--yes")
    found = json.loads(said)
    assert (status, found["recorded"]) == (FOUND_WRONG, None)
    assert [(one["severity"], one["key"]) for one in found["findings"]] == [("error", "text_separator")]
    assert run("update", workbook(data, lambda f: f.fill(INTEREST_1865, "2027", value=4)), "--json")[0] == COULD_NOT_RUN


# --- corrections ---------------------------------------------------------------------------------------------------


def test_a_correction_shows_old_and_new_and_freezes_anew(data: Path, run: Run) -> None:
    run("update", workbook(data, index_2024), "--yes")
    file = workbook(data, lambda filling: salary(filling, {"2023-Q3": 102.6}), name="again")
    status, said, _ = run("update", file, "--yes")
    assert status == DONE
    assert "corrected: index of employees' salaries (S) 2023-Q3: 102.5 (official) → 102.6 (official)" in said
    assert "€128.97 → €129.09 (+0.09 %)" in said
    assert "€1,120.15 → €1,120.99" in said
    assert "this year was settled with other rates before: " in said
    assert "--known-on" in said
    assert call("COPRO_RATE", ["HOUR", "2024-03-01"], session_on(data)) == 129.09
    assert run("records")[0] == DONE


def test_a_withdrawal_shows_what_holds_again(data: Path, run: Run) -> None:
    put(data, rate("4.40", 2026))

    def fill(filling: Filling) -> None:
        filling.fill(INTEREST_1865, "2026", value=None, status="withdrawn", note="wrong year")

    status, said, _ = run("update", workbook(data, fill), "--yes")
    assert status == DONE
    assert "4.40 % (official) → withdrawn (wrong year); what holds again then: 4.50 % (official)" in said
    assert call("COPRO_LEGAL_RATE", ["2026-03-01"], session_on(data)) == 0.045
    put(data, rate("4.25", 2027))
    file = workbook(data, lambda f: f.fill(INTEREST_1865, "2027", value=None, status="withdrawn", note="x"))
    assert "no figure holds then" in run("update", file, "--dry-run")[1]


def test_construction_holidays(data: Path, run: Run) -> None:
    def fill(filling: Filling, last: int = 30) -> None:
        filling.fill(HOLIDAYS, 2027, "Namur", first_1=date(2027, 7, 12), last_1=date(2027, 7, last))

    status, said, _ = run("update", workbook(data, fill), "--yes")
    assert status == DONE
    assert "new: construction holidays Namur 2027: 2027-07-12 – 2027-07-30 (official)" in said
    assert call("COPRO_DAY_TYPE", ["2027-07-14", "NAMUR", "en"], session_on(data)) == "construction holiday"
    file = workbook(data, lambda filling: fill(filling, 31), name="again")
    assert "corrected: construction holidays Namur 2027: 2027-07-12 – 2027-07-30" in run("update", file, "--yes")[1]

    def gone(filling: Filling) -> None:
        filling.fill(HOLIDAYS, 2027, "Namur", first_1=None, status="withdrawn", note="not yet agreed")

    status, said, _ = run("update", workbook(data, gone, name="gone"), "--yes")
    assert "no figure holds then" in said
    assert (status, load(data).calendar.construction_holidays.get(("NAMUR", 2027))) == (DONE, None)


# --- the state of the data -----------------------------------------------------------------------------------------


def test_somebody_recorded_since_the_workbook_was_made(data: Path, run: Run) -> None:
    file = workbook(data, index_2024)
    put(data, rate("4.25"))
    before = files(data)
    status, _, wrong = run("update", file, "--yes")
    assert (status, files(data)) == (COULD_NOT_RUN, before)
    assert "2027-01-04 by An: statutory interest rate (law of 5 May 1865) 2027" in wrong
    assert before[0] in wrong


def test_somebody_records_while_this_one_is_read(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workbook(data, index_2024)

    class Slow(Terminal):
        def readline(self, *_: object) -> str:
            put(data, rate("4.25"))
            return "y\n"

    monkeypatch.setattr("sys.stdin", Slow())
    status, _, wrong = run("update", file)
    assert (status, len(files(data))) == (COULD_NOT_RUN, 1)
    assert "something else was recorded" in wrong


def test_somebody_records_at_the_very_moment(data: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the last look and the writing: both files follow the same one, nothing is lost, and it is said."""
    file = workbook(data, index_2024)
    adds = update_command.add

    def at_once(*given: Any) -> Path:
        put(data, rate("4.25"))
        return adds(*given)

    monkeypatch.setattr(update_command, "add", at_once)
    status, said, _ = run("update", file, "--yes")
    assert (status, len(files(data))) == (DONE, 2)
    assert "recorded at the same time" in said
    ledger = read_ledger(data)
    assert len(ledger.heads()) == 2
    assert ledger.doubts == ()
    assert {(record.series.value, record.period) for record in ledger.records} == {
        ("legal_interest_1865", "2027"),
        ("salary_index", "2022-Q3"),
        ("salary_index", "2023-Q3"),
    }


def test_two_who_say_different_things_at_once_are_told_and_can_put_it_right(data: Path, run: Run) -> None:
    before = read_ledger(data)
    put(data, rate("4.25"), after=before)
    put(data, rate("4.50"), after=before)
    assert run("records")[0] == FOUND_WRONG
    file = workbook(data, lambda filling: filling.fill(INTEREST_1865, "2027", value=4.5))
    assert run("update", file, "--yes")[0] == DONE
    assert call("COPRO_LEGAL_RATE", ["2027-03-01"], session_on(data)) == 0.045
    assert run("records")[0] == DONE


def test_a_folder_that_is_not_whole(data: Path, run: Run) -> None:
    first = put(data, rate("4.25"))
    put(data, recorded_figure("salary_index", "2022-Q3", "100"))
    file = workbook(data, lambda filling: filling.fill(INTEREST_2002, "2026-H2", value=10))
    first.unlink()
    status, _, wrong = run("update", file, "--yes")
    assert (status, len(files(data))) == (COULD_NOT_RUN, 1)
    assert first.name in wrong


def test_a_workbook_of_another_folder(data: Path, run: Run) -> None:
    other = data.parent / "other"
    recorded = put(other, rate("4.25"))
    file = filled(other, data.parent / "index.xlsx", index_2024, today=TODAY)
    status, _, wrong = run("update", file, "--yes")
    assert (status, files(data)) == (COULD_NOT_RUN, [])
    assert recorded.name in wrong


def test_a_workbook_made_with_other_data(data: Path, run: Run) -> None:
    file = workbook(data, index_2024)
    write(data, "figures/mine.toml", record(period='"2027"', value="4.25"))
    status, _, wrong = run("update", file, "--yes")
    assert (status, files(data)) == (COULD_NOT_RUN, [])
    assert load(data).fingerprint in wrong


def test_a_workbook_made_with_the_example_index(data: Path, run: Run) -> None:
    file = data.parent / "example.xlsx"
    assert run("workbook", "index", "-o", file, "--example")[0] == DONE
    status, _, wrong = run("update", file, "--yes")
    assert (status, files(data)) == (COULD_NOT_RUN, [])
    assert "other data" in wrong


def test_a_refused_file_of_figures(data: Path, run: Run) -> None:
    file = workbook(data, index_2024)
    write(data, "figures/mine.toml", "nonsense")
    status, _, wrong = run("update", file, "--yes")
    assert (status, files(data)) == (COULD_NOT_RUN, [])
    assert "mine.toml" in wrong


def test_a_data_folder_that_is_not_there_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new user: the folder of one's own is made by the first recording."""
    from tests.workbooks.index_filling import session_in
    from xl_addin.session import user_folder

    assert not user_folder().exists()
    try:
        file = tmp_path / "index.xlsx"
        assert main(["workbook", "index", "-o", str(file), "--language", "en"]) == DONE
        filling = Filling(file)
        salary(filling, INDEX)
        assert main(["update", str(filling.save()), "--yes", "--language", "en"]) == DONE
        assert str(user_folder()) in capsys.readouterr().out
        assert len(read_ledger(user_folder()).entries) == 1
        assert session_in(user_folder())
    finally:
        for made in sorted(user_folder().rglob("*"), reverse=True):
            made.rmdir() if made.is_dir() else made.unlink()
        user_folder().rmdir()


def test_a_day_before_the_last_recording(data: Path, run: Run) -> None:
    put(data, rate("4.25", day=date(2027, 2, 1)), day=date(2027, 2, 1))
    file = workbook(data, index_2024)
    status, said, _ = run("update", file, "--yes")
    assert (status, len(files(data))) == (FOUND_WRONG, 1)
    assert "set the clock" in said
