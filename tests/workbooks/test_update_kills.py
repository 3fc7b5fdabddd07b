"""Recording that is cut short: killed, out of room, not allowed, twice at once. What was there stays as it was.

``COPRO_KILLS=1000`` kills as many times as it says; the usual number keeps the tests short.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import FileError
from core.ledger import FOLDER, read_ledger
from core.loading import load
from core.vocabulary import Series
from tests.core.test_ledger import put, rate
from tests.workbooks.index_filling import filled
from workbooks.index.layout import INTEREST_1865, INTEREST_2002

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("COPRO_KILLS", "60"))
REAL_KILLS = max(3, KILLS // 20)
"""Kills of a whole ``copro update``, which takes a second each."""
ONE_FOLDER = 12
"""Kills after which a new folder is begun, so that reading it stays quick."""
NEW_YEAR, TODAY = date(2027, 1, 1), date(2027, 1, 8)

posix = pytest.mark.skipif(os.name == "nt", reason="SIGKILL and fork are POSIX's")


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "COPRO_DATA": str(data), "COPRO_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}


def check(folder: Path, recorded: int) -> int:
    """The folder loads without a problem, every recording is whole, the last one counts; gives how many there are."""
    rulebook = load(folder)
    assert rulebook.problems == ()
    count = len(read_ledger(folder).entries)
    assert recorded <= count <= recorded + 3
    if count:
        assert rulebook.figures.on(Series.LEGAL_INTEREST_1865, NEW_YEAR).value == Decimal(count) / 100
    return count


class Recorder:
    """The process that forks recording children."""

    def __init__(self, tmp_path: Path) -> None:
        self.stage = tmp_path / "stage"
        self.stage.write_bytes(b"?")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.workbooks.recording_child", str(self.stage)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def kill_one(self, folder: Path, after: float) -> str:
        """Starts recording in a folder, kills it some seconds later; gives what it was doing."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{folder}\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        while _lives(child):
            time.sleep(0.0005)
        return self.stage.read_bytes().decode()

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=10)
        assert self.process.stdout
        self.process.stdout.close()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@posix
def test_killed_while_recording(tmp_path: Path) -> None:
    """Kills fall while it decides, while it writes and after; each leaves the old record or the new one."""
    fell: Counter[str] = Counter()
    left = recorded = 0
    chance = random.Random(20270108)
    recorder = Recorder(tmp_path)
    try:
        for number in range(KILLS):
            folder = tmp_path / f"data-{number // ONE_FOLDER}"
            if number % ONE_FOLDER == 0:
                folder.mkdir()
                recorded = 0
            fell[recorder.kill_one(folder, chance.uniform(0, 0.025))] += 1
            recorded = check(folder, recorded)
            left += bool(list((folder / FOLDER).glob(".*.part"))) if (folder / FOLDER).exists() else 0
    finally:
        recorder.close()
    print(f"{KILLS} kills: {dict(fell)}; {left} looks found half-written files, none of them read")
    assert fell["W"] > 0, "some kills fell within the writing"
    assert fell["D"] > 0
    assert sum(fell.values()) == KILLS


@posix
def test_a_killed_update_leaves_the_old_figures_or_the_new(tmp_path: Path) -> None:
    """The whole command, killed at any moment of its second; then it is simply run again."""
    made = tmp_path / "made"
    made.mkdir()
    file = filled(
        made, tmp_path / "index.xlsx", lambda filling: filling.fill(INTEREST_1865, "2027", value=4.25), today=TODAY
    )
    begun = time.monotonic()
    assert _update(file, tmp_path / "whole").wait(timeout=60) == 0
    whole = time.monotonic() - begun
    outcomes: Counter[int] = Counter()
    chance = random.Random(8)
    for number in range(REAL_KILLS):
        data = tmp_path / f"killed-{number}"
        process = _update(file, data)
        time.sleep(chance.uniform(0.6, 1.05) * whole)
        process.kill()
        process.wait(timeout=60)
        rulebook = load(data)
        count = len(read_ledger(data).entries)
        assert rulebook.problems == ()
        assert [str(record.value) for record in read_ledger(data).records] == ["4.25"] * count
        outcomes[count] += 1
        assert _update(file, data).wait(timeout=60) == (2 if count else 0), "refused when it is recorded already"
        assert len(read_ledger(data).entries) == 1
    print(f"{REAL_KILLS} kills of copro update: {outcomes[0]} before it was recorded, {outcomes[1]} after")


def _update(file: Path, data: Path) -> subprocess.Popen[bytes]:
    data.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.workbooks.update_child", "update", str(file), "--yes"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment(data), cwd=ROOT)


def test_two_updates_at_once(tmp_path: Path) -> None:
    """Two people, one folder: whoever is told that it is recorded finds it there; the other is told to look again."""
    made = tmp_path / "made"
    made.mkdir()
    fills = {
        "one": lambda filling: filling.fill(INTEREST_1865, "2027", value=4.25),
        "other": lambda filling: filling.fill(INTEREST_2002, "2026-H2", value=10),
    }
    books = {name: filled(made, tmp_path / f"{name}.xlsx", fill, today=TODAY) for name, fill in fills.items()}
    data = tmp_path / "data"
    running = {name: _update(file, data) for name, file in books.items()}
    ended = {name: process.wait(timeout=60) for name, process in running.items()}
    assert set(ended.values()) <= {0, 2}
    assert 0 in ended.values()
    assert load(data).problems == ()
    found = {record.series.value for record in read_ledger(data).records}
    wanted = {"one": "legal_interest_1865", "other": "legal_interest_2002"}
    assert found == {wanted[name] for name, status in ended.items() if status == 0}


_ADD_ALL_AT_ONCE = """
import sys, time
from pathlib import Path
from core.ledger import LedgerFile, add, read_ledger
from tests.workbooks.recording_child import figure
from datetime import date
folder, number = Path(sys.argv[1]), int(sys.argv[2])
known = read_ledger(folder)
print("ready", flush=True)
sys.stdin.readline()
add(folder, LedgerFile(recorded_on=date(2027, 1, 8), record=(figure(number),)), known)
"""


def test_many_write_at_the_same_moment(tmp_path: Path) -> None:
    """All follow the same recording: every file is there, and what they differ about is nobody's until said again."""
    put(tmp_path, rate("4.25"))
    command = [sys.executable, "-c", _ADD_ALL_AT_ONCE, str(tmp_path)]
    pipe = subprocess.PIPE
    people = [
        subprocess.Popen([*command, str(number)], stdin=pipe, stdout=pipe, cwd=ROOT, text=True)
        for number in range(1, 6)
    ]
    for person in people:
        assert person.stdout
        assert person.stdout.readline() == "ready\n"
    for person in people:
        person.communicate("\n", timeout=60)
    ledger = read_ledger(tmp_path)
    assert len(ledger.entries) == 6
    assert len(ledger.heads()) == 5
    assert {record.value for record in ledger.records} == {Decimal(number) / 100 for number in range(1, 6)}
    assert {problem.reason.key for problem in load(tmp_path).problems} == {"ledger_fork"}
    put(tmp_path, rate("4.25"))
    assert load(tmp_path).problems == ()


# --- no room, no right ---------------------------------------------------------------------------------------------


@contextmanager
def small_disk(place: Path, options: str) -> Iterator[Path]:
    """A file system of its own, in memory; only where this user may make one."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


mounts = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")


@mounts
def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=32k") as disk:
        put(disk, rate("4.25"))
        (disk / "ballast").write_bytes(b"x" * (20 * 1024))
        with pytest.raises(FileError) as caught:
            _fill_up(disk)
        assert "full" in caught.value.message("en") or "space" in caught.value.message("en")
        kept = read_ledger(disk)
        assert load(disk).problems == ()
        assert len(list((disk / FOLDER).iterdir())) == len(kept.entries), "nothing half-written is left"
        (disk / "ballast").unlink()
        put(disk, rate("4.99"))
        assert str(load(disk).figures.on(Series.LEGAL_INTEREST_1865, NEW_YEAR).value) == "4.99"


def _fill_up(folder: Path) -> None:
    for number in range(30, 60):
        put(folder, rate(f"4.{number}"))


@mounts
def test_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=1m") as disk:
        put(disk, rate("4.25"))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(FileError) as caught:
            put(disk, rate("4.50"))
        assert str(disk) in caught.value.message("en")
        assert str(load(disk).figures.on(Series.LEGAL_INTEREST_1865, NEW_YEAR).value) == "4.25"


def test_a_folder_where_another_program_holds_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Windows says of a folder that a synchroniser or a virus scanner holds."""
    put(tmp_path, rate("4.25"))

    def held(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(FileError):
        put(tmp_path, rate("4.50"))
    monkeypatch.undo()
    assert len(list((tmp_path / FOLDER).iterdir())) == 1
    assert load(tmp_path).problems == ()
