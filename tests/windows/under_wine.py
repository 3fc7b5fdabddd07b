"""The add-in's Python side as Excel for Windows uses it: Windows programs, COM between two of them, xlwings' library.

A process in Excel's place loads xlwings' library, which starts the server with the add-in's command; then it calls the
server with the very values that Excel's macros pass. Only the macros themselves do not run here.

The file's name keeps it out of `make test`: it needs an environment of its own. `make test-windows` names it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.fronts.cases import Case, canonical, expected, random_calls, same
from tests.fronts.folder import FOLDER_NAME, data_folder
from tests.windows import wine
from tests.windows.wine import FUNCTIONS_1904, OMITTED, Excel
from xl_addin import Session, call
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import CellError

SERVER_GONE = -2147023174
"""What a call to a server that was killed ends in (RPC server unavailable)."""
WHOLE, NUMBER, TEXT, TRUTH = 3, 5, 8, 11
DAYS_TO_1904 = 1462


@pytest.fixture(scope="module", autouse=True)
def environment() -> None:
    """Wine with this checkout in it as it is now, and the add-in installed by it."""
    if reason := wine.why_not():
        pytest.skip(f"not run: {reason}")
    assert not wine.out_of_date(), "the project was changed since: run tests/windows/install-wine again"
    installed = wine.copro("addin", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr


@pytest.fixture(scope="module")
def excel(environment: None) -> Iterator[Excel]:
    """Excel with the server started and the example figures."""
    with Excel() as opened:
        opened.open(COPRO_DATA=opened.there(data_folder(opened.files)))
        started = opened.start()
        assert "process" in started, started
        yield opened


@pytest.fixture
def another(environment: None) -> Iterator[Excel]:
    """An Excel for one test. Used before ``excel`` only: one runs at a time."""
    with Excel() as opened:
        yield opened


def today() -> date:
    """The day it is in Wine, whose clock is that of UTC."""
    return datetime.now(UTC).date()


def session(tmp_path: Path, *, date1904: bool = False) -> Session:
    """This side's session on the same data."""
    opened = Session.open(data_folder(tmp_path), today=today)
    opened.date1904 = date1904
    return opened


def as_rows(answer: object) -> object:
    """An answer as the sheet shows it: a single cell is a range of one. Whole numbers are numbers like others."""
    if isinstance(answer, list):
        return [[_number(value) for value in row] for row in answer]
    return [[_number(answer)]]


def _number(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def with_omissions(cases: Sequence[Case]) -> list[tuple[str, list[object]]]:
    """The calls, with the blanks of every second one left out instead of given as empty cells."""
    return [
        (name, [OMITTED if value is None and number % 2 else value for value in arguments])
        for number, (name, arguments) in enumerate(cases)
    ]


def as_cells(arguments: Sequence[object]) -> list[object]:
    """An example's arguments as JSON has them."""
    cells = canonical(list(arguments))
    assert isinstance(cells, list)
    return cells


def from_1904(answer: object) -> object:
    """An answer with its dates moved, so that what a sheet from 1900 shows is what one from 1904 should."""
    if isinstance(answer, list | tuple) and not isinstance(answer, CellError):
        return [from_1904(value) for value in answer]
    return answer - timedelta(days=DAYS_TO_1904) if isinstance(answer, date) else answer


def differences(cases: Sequence[Case], answers: Sequence[object], wanted: Sequence[object]) -> list[str]:
    """The calls whose answer is not the one wanted."""
    return [
        f"{name}{json.dumps(arguments)}: {answer} instead of {want}"
        for (name, arguments), answer, want in zip(cases, answers, wanted, strict=True)
        if not same(as_rows(answer), as_rows(want))
    ]


# --- installed -----------------------------------------------------------------------------------------------------


def test_the_doctor_finds_nothing_wrong_with_what_was_installed() -> None:
    said = wine.copro("addin", "doctor", "--json")
    assert said.returncode == 0, said.stdout + said.stderr
    assert [finding["code"] for finding in json.loads(said.stdout)["value"]] == ["excel_missing"]


def test_what_was_installed_can_be_removed_and_installed_again() -> None:
    removed = wine.copro("addin", "uninstall")
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert not wine.here(wine.home()).exists()
    assert not wine.here(wine.addin()).exists()
    installed = wine.copro("addin", "install")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert wine.here(wine.addin()).exists()


def test_a_user_with_spaces_and_an_accent_in_the_name() -> None:
    user = "C:\\users\\José Van Damme"
    for folder in ("Local", "Roaming"):
        wine.here(f"{user}\\AppData\\{folder}").mkdir(parents=True, exist_ok=True)
    installed = wine.copro("addin", "install", user=user)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert wine.here(wine.addin(user)).exists()
    with Excel() as excel:
        data = data_folder(excel.files / "Tarief & données (2026)")
        started = excel.open(COPRO_DATA=excel.there(data)).start(user=user)
        assert "process" in started, started
        assert excel.call("COPRO_RATE", "HOUR", "2024-03-06") == 128.97
    assert wine.copro("addin", "uninstall", user=user).returncode == 0


# --- the server: started, killed, fed ------------------------------------------------------------------------------


def test_the_server_starts_with_the_command_of_the_add_in_and_stays(another: Excel) -> None:
    first = another.open().start()
    assert "process" in first, first
    assert another.start()["process"] == first["process"]
    assert another.call("COPRO_INSPECTION_FEE", 44991.4375, 3.5) == 1092.5


@pytest.mark.parametrize("way", ["kill", "restart"])
def test_a_server_that_was_ended_is_started_again_at_the_next_attempt(another: Excel, way: str) -> None:
    process = another.open().start()["process"]
    assert another.ask("alive")["alive"] is True
    another.ask(way, **({"process": process} if way == "kill" else {}))
    gone = another.calls([("COPRO_HOURS_CHARGED", [3.5])])["answers"][0]
    assert gone["failed"] == SERVER_GONE
    assert another.ask("alive")["alive"] is False
    again = another.start(attempt=2)
    assert again.get("process", process) != process, again
    assert another.call("COPRO_HOURS_CHARGED", 3.5) == 4


def test_figures_added_later_are_seen_by_the_running_server(another: Excel, tmp_path: Path) -> None:
    (another.files / FOLDER_NAME).mkdir()
    another.open(COPRO_DATA=another.there(another.files / FOLDER_NAME)).start()
    day = "2024-03-06"
    assert another.call("COPRO_RATE", "HOUR", day) == "#N/A"
    data_folder(another.files)
    time.sleep(1.5)  # changes are looked for at most once a second
    assert [another.call("COPRO_RATE", "HOUR", day)] == expected([("COPRO_RATE", ["HOUR", day])], session(tmp_path))


# --- the functions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_gives_its_examples(excel: Excel, name: str, tmp_path: Path) -> None:
    function = FUNCTIONS[name]
    cases = [(name, as_cells(arguments)) for arguments in (*function.examples, *function.made_up)]
    assert cases
    wrong = differences(cases, excel.calls(cases)["answers"], expected(cases, session(tmp_path)))
    assert not wrong


def test_a_column_is_one_call_with_an_error_in_its_own_row(excel: Excel) -> None:
    starts = [[44991.4375], [None], [44991.4375], ["#N/A"], ["#DIV/0!"], ["morgen"]]
    hours = [[3.5], [None], [30], [2], [2], [2]]
    answer = excel.call("COPRO_INSPECTION_FEE", starts, hours)
    assert answer == [[1092.5], [""], ["#NUM!"], ["#N/A"], ["#DIV/0!"], ["#VALUE!"]]


@pytest.mark.parametrize("error", ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"])
def test_an_error_that_goes_in_comes_out(excel: Excel, error: str) -> None:
    assert excel.call("COPRO_INSPECTION_FEE", 44991.4375, error) == error
    assert excel.call("COPRO_HOURS_CHARGED", [[1, error, 2.5]]) == [[1, error, 3]]


def test_left_out_empty_and_nothing_at_all_are_the_same(excel: Excel) -> None:
    fee = excel.call("COPRO_INSPECTION_FEE", 44991.4375, 3.5)
    for absent in (OMITTED, None, ""):
        assert excel.call("COPRO_INSPECTION_FEE", 44991.4375, 3.5, *[absent] * 9) == fee == 1092.5
    assert excel.call("COPRO_INSPECTION_FEE", 44991.4375, 3.5, OMITTED, None, OMITTED, OMITTED, 1, 80) == 1310.11


def test_a_row_against_a_column_is_a_grid(excel: Excel) -> None:
    grid = excel.call("COPRO_PERFORMANCE_FEE", [[44991.4375], [44991.8125]], [[1, 2, 3.5]])
    assert grid == [[125.82, 251.64, 503.28], [188.73, 377.46, 754.92]]


def test_workbooks_that_count_from_1904(excel: Excel, tmp_path: Path) -> None:
    assert excel.call("COPRO_DUE_DATE", 46037 - DAYS_TO_1904, module=FUNCTIONS_1904) == 46083 - DAYS_TO_1904
    cases = random_calls(1_000, seed=1904)
    answers = excel.calls(with_omissions(cases), FUNCTIONS_1904)["answers"]
    opened = session(tmp_path, date1904=True)
    wrong = differences(cases, answers, [canonical(from_1904(call(*case, opened))) for case in cases])
    assert not wrong, f"{len(wrong)} differ: {wrong[:5]}"


def test_twenty_thousand_random_calls_give_what_the_core_gives(excel: Excel, tmp_path: Path) -> None:
    cases = random_calls()
    assert len(cases) == 20_000
    returned = excel.calls(with_omissions(cases), limit=500)
    wrong = differences(cases, returned["answers"], expected(cases, session(tmp_path)))
    assert not wrong, f"{len(wrong)} differ: {wrong[:5]}"
    assert set(returned["types"]) <= {WHOLE, NUMBER, TEXT, TRUTH}  # nothing that a sheet would round or not take
