"""The way to the toolkit in a child process, without LibreOffice."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xl_addin import Session, call
from xl_addin.calc import contents, convert, link, marks, remote
from xl_addin.calc.contents import Place

ZERO = (1899, 12, 30)
HERE = Path(link.__file__).parent
RUN_INSIDE = ("component.py", "link.py", "marks.py")


def elsewhere(**changes: object) -> Place:
    """The toolkit as a LibreOffice with another Python finds it."""
    return contents.place() | {"compiled_for": "another Python"} | changes  # type: ignore[return-value]


@pytest.fixture
def linked() -> Iterator[Callable[[Place], link.Link]]:
    """Makes a link to a toolkit; what it started is ended when the test is over."""
    made: list[link.Link] = []

    def make(place: Place) -> link.Link:
        made.append(link.Link(dict(place)))
        return made[-1]

    yield make
    for asked in made:
        if asked._toolkit:
            asked._toolkit.end()


Linked = Callable[[Place], link.Link]


def child_of(asked: link.Link) -> subprocess.Popen[bytes]:
    assert isinstance(asked._toolkit, link.Child)
    return asked._toolkit._process


@pytest.mark.parametrize("module", RUN_INSIDE)
def test_what_runs_inside_libreoffice_is_read_by_python_3_8_and_needs_no_toolkit(module: str) -> None:
    tree = ast.parse((HERE / module).read_text("utf-8"), feature_version=(3, 8))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    roots = {str(name).partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert roots <= {"com", "copro", "copro_link", "copro_marks", "unohelper"} | (
        {"xl_addin"} if module == "link.py" else set()  # where it is the same Python
    )


def test_both_ways_answer_alike(linked: Linked) -> None:
    here, there = linked(contents.place()), linked(elsewhere())
    given = (44991.5, ((1.0,), ("copro:blank",), ("x",), (convert.error_value("#DIV/0!"),)))
    questions: list[tuple[object, ...]] = [
        ("state",),
        ("answer", "COPRO_INSPECTION_FEE", ZERO, given),
        ("answer", "COPRO_DUE_DATE", (1904, 1, 1), (45000.0,)),
        ("answer", "COPRO_TARIFF", ZERO, (2023.0, "fr")),
        ("answer", "COPRO_EXPLAIN", ZERO, ("COPRO_HOURS_CHARGED", 3.5, *[None] * 11)),
        ("answer", "COPRO_RATE", ZERO, ("HOUR", 40000.0)),
    ]
    for question in questions:
        assert repr(here.ask(*question)) == repr(there.ask(*question))
    assert isinstance(here._toolkit, link.Here)
    rows, trouble = there.ask(*questions[1])
    assert trouble == ""
    assert [convert.argument(value) for (value,) in rows[2:]] == ["#VALUE!", "#DIV/0!"]


def test_a_child_that_died_is_started_again(linked: Linked) -> None:
    asked = linked(elsewhere())
    assert asked.ask("state") == ("ready", "")
    first = child_of(asked)
    first.kill()
    first.wait()
    question = ("answer", "COPRO_HOURS_CHARGED", ZERO, (2.5,))
    assert asked.ask(*question) == (((3.0,),), "")
    assert child_of(asked).pid != first.pid


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"python": "/no/such/python"}, "/no/such/python"),
        ({"python": str(HERE)}, "ermission denied"),
        ({"python": shutil.which("true")}, "?"),
    ],
)
def test_a_toolkit_that_is_gone_stays_gone(linked: Linked, changes: dict[str, object], reason: str) -> None:
    asked = linked(elsewhere(**changes))
    for _ in range(2):
        with pytest.raises(link.Gone) as gone:
            asked.ask("state")
        assert reason in str(gone.value)
    assert asked._toolkit is None


def test_the_reason_is_the_last_thing_the_child_said(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'Traceback' >&2\necho 'ModuleNotFoundError: no pydantic' >&2\nexit 1\n")
    program.chmod(0o755)
    asked = link.Link(dict(elsewhere(python=str(program))))
    with pytest.raises(link.Gone, match="ModuleNotFoundError: no pydantic"):
        asked.ask("state")


def test_the_same_python_that_lacks_a_package_asks_the_toolkits_own(
    linked: Linked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_package(folders: list[str]) -> None:
        raise ImportError("pydantic_core")

    monkeypatch.setattr(link, "Here", no_package)
    asked = linked(contents.place())
    assert asked.ask("state") == ("ready", "")


def test_the_child_ends_with_the_process_that_asks_it(tmp_path: Path) -> None:
    """Even when that is killed: the pipe to the child is closed then."""
    asks = (
        "import sys, json; from xl_addin.calc import link; "
        "asked = link.Link(json.loads(sys.argv[1])); asked.ask('state'); "
        "print(asked._toolkit._process.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", asks, json.dumps(elsewhere())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    ) as asking:
        assert asking.stdout is not None
        child = int(asking.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        asking.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not Path(f"/proc/{child}").exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"process {child} is still there")


def test_what_the_toolkit_prints_stays_out_of_the_answers(linked: Linked) -> None:
    asked = linked(elsewhere())
    asked.ask("state")
    descriptors = Path(f"/proc/{child_of(asked).pid}/fd")
    assert str((descriptors / "0").readlink()) == os.devnull
    assert (descriptors / "1").readlink() == (descriptors / "2").readlink()


def test_the_toolkits_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    questions, answers = tmp_path / "questions", tmp_path / "answers"
    with questions.open("wb") as pipe:
        link.send(pipe, ("answer", "COPRO_HOURS_CHARGED", ZERO, (3.5,)))
        link.send(pipe, ("state",))
        pipe.write(b"\0")  # and then the other side ended
    with questions.open("rb") as asked, answers.open("wb") as given:
        monkeypatch.setattr(remote, "_pipes", lambda: (asked, given))
        remote.serve()
    with answers.open("rb") as given:
        assert [link.receive(given), link.receive(given)] == [(((4.0,),), ""), ("ready", "")]


PYTHONS = sorted(Path.home().glob(".pyenv/versions/*/bin/python3.[0-9]*")) + sorted(
    Path("/usr/bin").glob("python3.[0-9]*")
)


@pytest.mark.parametrize("minor", [8, 9, 10, 12, 13, 14])
def test_another_version_of_python_asks_the_toolkit(minor: int, tmp_path: Path) -> None:
    found = [file for file in PYTHONS if file.name == f"python3.{minor}"]
    if not found:
        pytest.skip(f"Python 3.{minor} is not here")
    for name in ("link", "marks"):
        shutil.copy(HERE / f"{name}.py", tmp_path / f"copro_{name}.py")
    asks = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); import copro_link, copro_marks; "
        "asked = copro_link.Link(json.loads(sys.argv[2])); "
        "given = ((2.5,), (copro_marks.error_value(532),), (copro_marks.BLANK,)); "
        "print(repr(asked.ask('answer', 'COPRO_HOURS_CHARGED', (1899, 12, 30), (given,))))"
    )
    command = [found[0], "-I", "-c", asks, str(tmp_path), json.dumps(elsewhere())]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.strip() == "(((3.0,), (nan,), ('',)), '')"


def test_a_big_range_goes_through_the_pipe(linked: Linked) -> None:
    asked = linked(elsewhere())
    hours = tuple((1 + row % 90 / 4,) for row in range(50_000))
    rows, _ = asked.ask("answer", "COPRO_HOURS_CHARGED", ZERO, (hours,))
    expected = call("COPRO_HOURS_CHARGED", [list(hours)], Session.open())
    assert rows == convert.result(expected)


def test_the_error_without_a_toolkit() -> None:
    assert convert.argument(marks.error_value(marks.NO_SUCH_FUNCTION)) == "#NAME?"
