"""``copro recalc``: targets, several workbooks at once, and no LibreOffice left behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calc.conftest import STALE, cells_of, processes_with, write_workbook
from tests.fronts.folder import data_folder
from xl_addin import Session, call
from xl_addin.cli.main import main

PROJECT = Path(__file__).parents[2]
SLOW = "sleep 60 & sleep 60"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook that no spreadsheet has computed yet."""
    file = tmp_path / "book.xlsx"
    write_workbook(file, {"A1": '=COPRO_RATE("HOUR",B1)', "A2": "=COPRO_DAY_TYPE(B1)", "B1": 44991}, {})
    return file


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``soffice`` that does what ``script`` says."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_one_workbook(office: Path, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "done.xlsx"
    assert main(["recalc", str(book), "-o", str(target), "--language", "fr"]) == 0
    read = cells_of(target)
    assert (read("A1"), read("A2")) == (125.82, call("COPRO_DAY_TYPE", [44991.0], Session.open(language="fr")))
    assert f"{target} écrit" in capsys.readouterr().out
    assert cells_of(book)("A1") == STALE


def test_the_examples_a_data_folder_and_the_figures_known_on_a_day(office: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    write_workbook(source, {"A1": '=COPRO_RATE("HOUR",B1)', "B1": 45748}, {})
    folder = str(data_folder(tmp_path))
    shown = []
    for options in (["--example"], ["--data", folder], ["--data", folder, "--known-on", "2020-01-01"]):
        target = tmp_path / "target.xlsx"
        assert main(["recalc", str(source), "-o", str(target), "--force", *options]) == 0
        shown.append(cells_of(target)("A1"))
    example = call("COPRO_RATE", ["HOUR", 45748.0], Session.open(example=True))
    assert isinstance(example, float)
    assert shown == [example, example, "#N/A"]


def test_several_workbooks_into_a_folder(
    office: Path, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, other, out = tmp_path / "broken.xlsx", tmp_path / "other.xlsx", tmp_path / "out"
    broken.write_bytes(b"no workbook")
    other.write_bytes(book.read_bytes())
    files = [str(file) for file in (book, broken, other)]
    assert main(["recalc", *files, "-o", str(out), "--workers", "2", "--language", "en"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line[:4] for line in said] == ["1/3 ", "2/3 ", "3/3 "]
    assert sum("broken.xlsx was not recalculated: " in line for line in said) == 1
    assert sorted(file.name for file in out.iterdir()) == ["book.xlsx", "other.xlsx"]
    assert cells_of(out / "other.xlsx")("A1") == 125.82


def failed(arguments: list[object], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which the command refuses."""
    assert main(["recalc", *map(str, arguments), "--language", "en"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.strip()


def test_a_target_is_replaced_only_when_asked(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called = tmp_path / "called"
    stand_in(tmp_path, f"touch '{called}'; exit 1", monkeypatch)
    target = tmp_path / "done.xlsx"
    target.write_text("as it was")
    assert "--force" in failed([book, "-o", target], capsys)
    assert target.read_text() == "as it was"
    assert not called.exists()
    assert "was not made" not in failed([book, "-o", target, "--force"], capsys)
    assert called.exists()
    assert target.read_text() == "as it was"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["{book}", "-o", "{tmp}/done.ods"], "done.ods"),
        (["{tmp}/none.xlsx", "-o", "{tmp}/done.xlsx"], "none.xlsx cannot be read"),
        (["{book}", "{book}", "-o", "{tmp}/out"], "two workbooks would both become"),
        (["{book}", "-o", "{tmp}/no/folder/done.xlsx"], "folder"),
        (["{book}", "{book}", "-o", "{book}"], "book.xlsx cannot be written"),
        (["{book}", "-o", "{tmp}/done.xlsx", "--workers", "0"], "--workers must be at least 1"),
        (["{book}", "-o", "{tmp}/done.xlsx", "--seconds", "-1"], "--seconds must be at least 1"),
        (["{book}"], "missing"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_starts(
    arguments: list[str],
    reason: str,
    book: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(tmp_path, f"touch {tmp_path}/started", monkeypatch)
    assert reason in failed([word.format(book=book, tmp=tmp_path) for word in arguments], capsys)
    assert not (tmp_path / "started").exists()


# --- nothing is left behind ----------------------------------------------------------------------------------------


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A variable by which every process that this test started is found."""
    monkeypatch.setenv("COPRO_TEST", str(tmp_path))
    return f"COPRO_TEST={tmp_path}"


def started(book: Path, folder: Path, mark: str, program: str, *options: str) -> subprocess.Popen[str]:
    """The command, running, when its LibreOffice runs too."""
    command = [sys.executable, "-m", "xl_addin.cli", "recalc", *options, "--language", "en"]
    running = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(200):
        if any(program in _command(process) for process in processes_with(mark)):
            return running
        time.sleep(0.05)
    running.kill()
    raise AssertionError(f"{program} did not start: {running.communicate()}")


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""


def nothing_left(mark: str) -> bool:
    """Whether what was started has gone, but for this process, within two seconds."""
    for _ in range(40):
        if [process for process in processes_with(mark) if process.name != str(os.getpid())] == []:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Iterator[list[subprocess.Popen[str]]]:
    """What a test runs, ended whatever happens."""
    begun: list[subprocess.Popen[str]] = []
    yield begun
    for process in begun:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("several", [False, True])
def test_ctrl_c_ends_all_of_it(
    told: int,
    several: bool,
    book: Path,
    tmp_path: Path,
    mark: str,
    running: list[subprocess.Popen[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(tmp_path, SLOW, monkeypatch)
    other = tmp_path / "other.xlsx"
    other.write_bytes(book.read_bytes())
    files = [str(book), str(other)] if several else [str(book)]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    running.append(started(book, tmp_path, mark, "sleep", *files, "-o", "out" if several else "out.xlsx"))
    running[0].send_signal(told)
    _, said = running[0].communicate(timeout=10)
    assert running[0].returncode == 2
    assert said.strip() == "copro: interrupted; nothing was changed"
    assert nothing_left(mark)
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "out.xlsx").exists()


def test_a_real_libreoffice_is_ended_by_ctrl_c(
    office: Path, tmp_path: Path, mark: str, running: list[subprocess.Popen[str]]
) -> None:
    book = tmp_path / "long.xlsx"
    cells: dict[str, object] = {f"A{row}": f"=COPRO_HOURS_CHARGED(B{row})" for row in range(1, 5000)}
    write_workbook(book, cells | {"B1": 1}, {})
    running.append(started(book, tmp_path, mark, "soffice.bin", str(book), "-o", "out.xlsx"))
    running[0].send_signal(signal.SIGINT)
    running[0].communicate(timeout=10)
    assert running[0].returncode == 2
    assert nothing_left(mark)


def test_when_the_time_is_over(
    book: Path, tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(tmp_path, SLOW, monkeypatch)
    assert "after 1 seconds" in failed([book, "-o", tmp_path / "out.xlsx", "--seconds", 1], capsys)
    assert nothing_left(mark)


def test_when_libreoffice_is_killed(
    office: Path,
    book: Path,
    tmp_path: Path,
    mark: str,
    running: list[subprocess.Popen[str]],
) -> None:
    write_workbook(book, {f"A{row}": f"=COPRO_HOURS_CHARGED(B{row})" for row in range(1, 5000)}, {})
    running.append(started(book, tmp_path, mark, "soffice.bin", str(book), "-o", "out.xlsx"))
    for process in processes_with(mark):
        if "soffice.bin" in _command(process):
            os.kill(int(process.name), signal.SIGKILL)
    _, said = running[0].communicate(timeout=20)
    assert running[0].returncode == 2
    assert said.startswith("copro: LibreOffice could not ")
    assert nothing_left(mark)
    assert not (tmp_path / "out.xlsx").exists()
