"""Installing into a made-up Windows user's folders: what is put where, what a failure leaves, and removing it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.topics import LANGUAGES
from xl_addin.excel import installation, private_environment
from xl_addin.excel.installation import install, take_back, uninstall
from xl_addin.excel.installation_error import InstallationError
from xl_addin.excel.manifest import fingerprint, read_manifest
from xl_addin.excel.places import Places, mark_of_the_web
from xl_addin.excel.private_environment import Trial, interpreter

ROOT = Path(__file__).resolve().parents[2]
Tree = dict[str, bytes | None]


def silent(key: str, detail: str) -> None:
    """Progress that nobody reads."""


def users_folders(home: Path) -> Places:
    """The folders of a user as Windows makes them, with something of the user's own in each."""
    places = Places(home / "AppData" / "Local", home / "AppData" / "Roaming")
    for folder in (places.local, places.roaming / "Microsoft" / "Excel", places.data / "figures"):
        folder.mkdir(parents=True)
    (places.data / "figures" / "2024.toml").write_text("# own figures", encoding="utf-8")
    (places.roaming / "Microsoft" / "Excel" / "Excel15.xlb").write_bytes(b"menu")
    return places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return users_folders(tmp_path / "Users" / "Zoë Van Damme")


def tree(places: Places) -> Tree:
    """Every file below a user's folders with its content, every folder with None."""
    home = places.local.parent
    return {str(f.relative_to(home)): None if f.is_dir() else f.read_bytes() for f in sorted(home.rglob("*"))}


# --- the real thing ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A whole installation, with a private environment that works."""
    places = users_folders(tmp_path_factory.mktemp("Users") / "Zoë Van Damme")
    install(places, "fr", silent)
    return places


def computed(places: Places, tmp_path: Path) -> str:
    """What the private environment computes, started away from the sources."""
    code = "import xl_addin; print(xl_addin.call('COPRO_INSPECTION_FEE', ['2023-03-06T10:00', 3.5]), xl_addin.__file__)"
    done = subprocess.run(
        [interpreter(places.python), "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_private_environment_computes_without_the_sources(real: Places, tmp_path: Path) -> None:
    amount, file = computed(real, tmp_path).split(" ", 1)
    assert amount == "1092.5"
    assert Path(file.strip()).is_relative_to(real.python)


def test_it_holds_what_is_needed_and_no_tools(real: Places) -> None:
    packages = {folder.name for folder in private_environment.packages_folder(real.python).iterdir()}
    assert {"core", "xl_addin", "workbooks", "xlwings", "pydantic", "pydantic_core", "openpyxl", "six.py"} <= packages
    assert not packages & {"pip", "setuptools", "pytest", "mypy", "numpy", "ruff"}
    assert not any(name.endswith(".pth") for name in packages)


def test_commands_of_workbooks_are_known_in_it(real: Places, tmp_path: Path) -> None:
    done = subprocess.run(
        [interpreter(real.python), "-I", "-m", "xl_addin.cli", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert "quote" in done.stdout


def test_everything_is_compiled_because_the_add_in_writes_nothing(real: Places) -> None:
    packages = private_environment.packages_folder(real.python)
    for package in ("xl_addin", "pydantic"):
        sources = list((packages / package).rglob("*.py"))
        compiled = list((packages / package).rglob("*.pyc"))
        assert len(compiled) >= len(sources) > 0


def test_the_add_in_and_its_help_are_in_their_places(real: Places) -> None:
    assert real.addin.relative_to(real.roaming) == Path("Microsoft", "Excel", "XLSTART", "copro.xlam")
    assert list(real.start_folder.iterdir()) == [real.addin]
    assert "<html" in (real.help_pages / "index.html").read_text("utf-8")
    assert sorted(file.name for file in real.own.iterdir()) == ["help", "installed.json", "python"]


def test_the_manifest_says_what_was_installed(real: Places) -> None:
    manifest = read_manifest(real.manifest)
    assert manifest is not None
    assert manifest.python == ".".join(map(str, sys.version_info[:3]))
    assert (manifest.bits, manifest.language, manifest.xlwings) == (64, "fr", "0.37.8")
    assert manifest.addin == fingerprint(real.addin)
    assert all(Path(file).exists() for file in manifest.files)


def test_a_failing_second_installation_leaves_the_first_working(
    real: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(real.addin))

    before = tree(real)
    monkeypatch.setattr(installation, "write_files", full)
    with pytest.raises(InstallationError) as refused:
        install(real, "nl", silent)
    assert refused.value.key == "not_written"
    assert tree(real) == before
    assert computed(real, tmp_path).startswith("1092.5 ")


# --- with a small environment in the place of a real one -----------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Installations take no time; gives a function that sets their version."""
    version = ["1"]

    def make(folder: Path, _: object) -> None:
        interpreter(folder).parent.mkdir(parents=True)
        interpreter(folder).write_text(version[0])

    def write_files(folder: Path, language: str) -> None:
        (folder / "copro.xlam").write_text(f"{version[0]} {language}")
        (folder / "help").mkdir()
        (folder / "help" / "index.html").write_text(version[0])

    monkeypatch.setattr(private_environment, "make", make)
    monkeypatch.setattr(private_environment, "tried", lambda _: Trial(xlwings="0.37.8", python="3.11.7", bits=64))
    monkeypatch.setattr(installation, "write_files", write_files)
    monkeypatch.setattr(installation, "PATIENCE", 0.0)
    return lambda named: version.__setitem__(0, named)


Quick = Callable[[str], None]


def test_uninstalling_leaves_everything_as_it_was(places: Places, quick: Quick) -> None:
    before = tree(places)
    install(places, "nl", silent)
    install(places, "nl", silent)
    (places.python / "written later.pyc").write_bytes(b"")
    mark_of_the_web(places.addin).write_text("[ZoneTransfer]")
    assert set(uninstall(places)) == {places.python, places.help_pages, places.addin, places.manifest}
    assert tree(places) == before
    assert uninstall(places) == []
    assert tree(places) == before


def test_what_is_not_ours_stays(places: Places, quick: Quick) -> None:
    install(places, "nl", silent)
    (places.start_folder / "PERSONAL.XLSB").write_bytes(b"macros")
    (places.own / "notes.txt").write_text("mine")
    uninstall(places)
    assert (places.start_folder / "PERSONAL.XLSB").read_bytes() == b"macros"
    assert [file.name for file in places.own.iterdir()] == ["notes.txt"]


def test_a_second_installation_takes_the_place_of_the_first(places: Places, quick: Quick) -> None:
    install(places, "nl", silent)
    first = tree(places)
    quick("2")
    install(places, "de", silent)
    assert places.addin.read_text() == "2 de"
    assert interpreter(places.python).read_text() == "2"
    assert tree(places).keys() == first.keys()


def test_a_mark_of_the_web_is_removed(places: Places, quick: Quick) -> None:
    install(places, "nl", silent)
    mark_of_the_web(places.addin).write_text("[ZoneTransfer]\nZoneId=3")
    install(places, "nl", silent)
    assert not mark_of_the_web(places.addin).exists()


def test_half_an_installation_is_removed_too(places: Places, quick: Quick) -> None:
    install(places, "nl", silent)
    places.manifest.unlink()
    places.addin.unlink()
    places.new.mkdir()
    uninstall(places)
    assert not places.own.exists()


STEPS = ("rename", "replace", "unlink", "mkdir", "write_text")
"""How an installation changes the disk."""


class Stopped(Exception):
    """The disk gave up."""


def failing_at(monkeypatch: pytest.MonkeyPatch, step: int, failure: BaseException) -> list[str]:
    """Makes the change numbered ``step`` fail, once; gives the list of changes that are done."""
    done: list[str] = []
    for name in STEPS:
        original = getattr(Path, name)

        def change(self: Path, *arguments: object, _do: object = original, _name: str = name, **options: object):
            done.append(f"{_name} {self.name}")
            if len(done) == step + 1:
                raise failure
            return _do(self, *arguments, **options)

        monkeypatch.setattr(Path, name, change)
    return done


@pytest.mark.parametrize("failure", [Stopped(), KeyboardInterrupt(), OSError(28, "full", "x")])
@pytest.mark.parametrize("installed", [True, False])
def test_a_failure_at_any_step_is_taken_back(
    places: Places, quick: Quick, installed: bool, failure: BaseException
) -> None:
    if installed:
        install(places, "nl", silent)
    quick("2")
    before = tree(places)
    for step in range(100):
        with pytest.MonkeyPatch.context() as patch:
            done = failing_at(patch, step, failure)
            try:
                install(places, "nl", silent)
            except (Stopped, KeyboardInterrupt, InstallationError):
                pass
            else:
                break
        assert tree(places) == before, (step, done)
    assert step > 8
    install(places, "nl", silent)
    assert interpreter(places.python).read_text() == "2"


KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = [{root!r}]
from tests.excel import test_installation as tests
from xl_addin.excel import installation, private_environment
places = tests.Places(Path({local!r}), Path({roaming!r}))
with tests.pytest.MonkeyPatch.context() as patch:
    tests.quick.__wrapped__(patch)("2")
    done = []
    for name in tests.STEPS:
        original = getattr(Path, name)
        def change(self, *arguments, _do=original, **options):
            done.append(1)
            if len(done) == {step} + 1:
                os._exit(9)
            return _do(self, *arguments, **options)
        setattr(Path, name, change)
    installation.install(places, "nl", tests.silent)
"""


def test_being_killed_at_any_step_is_taken_back_by_the_next_command(places: Places, quick: Quick) -> None:
    install(places, "nl", silent)
    before = tree(places)
    killed = 0
    for step in range(100):
        code = KILLED.format(root=str(ROOT), local=str(places.local), roaming=str(places.roaming), step=step)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == 9, done.stderr
        killed += 1
        if not places.journal.exists() and interpreter(places.python).read_text() == "2":
            continue  # it was done; the rest only tidies up
        take_back(places)
        left = {name: content for name, content in tree(places).items() if "copro/new" not in name.replace(os.sep, "/")}
        left = {n: c for n, c in left.items() if not n.endswith((".part", f"copro{os.sep}old"))}
        assert left == before, step
    assert killed > 8


def test_a_journal_that_was_not_finished_moves_nothing(places: Places, quick: Quick) -> None:
    install(places, "nl", silent)
    before = tree(places)
    places.journal.write_text('["pyth')
    take_back(places)
    assert tree(places) == before


# --- what is refused -----------------------------------------------------------------------------------------------


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(InstallationError) as refused:
        work()
    for language in LANGUAGES:
        assert "{" not in refused.value.message(language)
    return refused.value.key


def test_an_environment_in_use_is_not_replaced(places: Places, quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    install(places, "nl", silent)
    before = tree(places)
    monkeypatch.setattr(installation, "is_held", lambda file: file == interpreter(places.python))
    assert refusal(lambda: install(places, "nl", silent)) == "in_use"
    assert refusal(lambda: uninstall(places)) == "in_use"
    assert tree(places) == before


@pytest.mark.parametrize("name", ["rename", "replace", "unlink"])
def test_what_excel_opens_meanwhile_is_not_replaced(
    places: Places, quick: Quick, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Windows refuses to move or remove what a program has open."""
    install(places, "nl", silent)
    before = tree(places)
    original = getattr(Path, name)

    def held(self: Path, *arguments: Path, **options: object) -> object:
        if {self, *arguments} & {places.python, places.addin}:
            raise PermissionError(13, "Access is denied", str(self), 5, *map(str, arguments))
        return original(self, *arguments, **options)

    monkeypatch.setattr(Path, name, held)
    works = {"rename": (install, uninstall), "replace": (install,), "unlink": (uninstall,)}[name]
    for work in works:
        arguments = (places, "nl", silent) if work is install else (places,)
        with pytest.raises(InstallationError) as refused:
            work(*arguments)
        assert refused.value.key == "in_use"
        assert {n: c for n, c in tree(places).items() if not n.endswith("old")} == before


def test_a_folder_that_may_not_be_written(places: Places, quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    before = tree(places)
    monkeypatch.setattr(Path, "mkdir", denied)
    assert refusal(lambda: install(places, "nl", silent)) == "not_written"
    assert tree(places) == before


def test_a_file_where_a_folder_should_be(places: Places, quick: Quick) -> None:
    places.own.write_text("in the way")
    assert refusal(lambda: install(places, "nl", silent)) == "not_written"
    assert places.own.read_text() == "in the way"


def test_an_environment_that_does_not_work_is_not_put_in_place(
    places: Places, quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(places)
    monkeypatch.setattr(private_environment, "tried", lambda _: Trial(error="ImportError: no"))
    assert refusal(lambda: install(places, "nl", silent)) == "environment_fails"
    assert tree(places) == before


def test_the_environment_does_not_replace_itself(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(places.python))
    assert refusal(lambda: install(places, "nl", silent)) == "own_environment"
    assert refusal(lambda: uninstall(places)) == "own_environment"


def test_a_python_from_the_store_cannot_be_used(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.11")
    assert refusal(lambda: install(places, "nl", silent)) == "store_python"


@pytest.mark.parametrize("missing", ["LOCALAPPDATA", "APPDATA"])
def test_places_come_from_windows(missing: str) -> None:
    variables = {"LOCALAPPDATA": "/local", "APPDATA": "/roaming"}
    assert Places.of_user(variables).addin == Path("/roaming/Microsoft/Excel/XLSTART/copro.xlam")
    assert refusal(lambda: Places.of_user({**variables, missing: ""})) == "no_place"


# --- a Python without venv -----------------------------------------------------------------------------------------


def test_an_interpreter_without_venv_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "embeddable"
    (home / "Lib" / "site-packages").mkdir(parents=True)
    version = f"python{sys.version_info.major}{sys.version_info.minor}"
    for name in ("python.exe", "pythonw.exe", f"{version}.dll", f"{version}.zip", f"{version}._pth", "own.py"):
        (home / name).write_text(name)
    monkeypatch.setattr(sys, "base_prefix", str(home))
    monkeypatch.setattr(private_environment, "find_spec", lambda name: None)
    monkeypatch.setattr(private_environment, "on_windows", lambda: True)
    monkeypatch.setattr(private_environment.distributions, "needed", list)
    target = tmp_path / "python"
    private_environment.make(target, lambda _: None)
    scripts = target / "Scripts"
    names = {"python.exe", "pythonw.exe", f"{version}.dll", f"{version}.zip", f"{version}._pth", "packages.pth"}
    assert {file.name for file in scripts.iterdir()} == names
    assert (scripts / f"{version}._pth").read_text() == f"{version}.zip\n.\nimport site\n"
    assert "site-packages" in (scripts / "packages.pth").read_text()


def test_an_interpreter_that_says_nothing_is_told(tmp_path: Path) -> None:
    assert "No such file" in private_environment.tried(tmp_path).error
    program = interpreter(tmp_path)
    program.parent.mkdir()
    for script, told in (
        ("exit 3", "exit status 3"),
        ("echo Fatal error >&2; exit 1", "Fatal error"),
        ('echo \'{"error": "ImportError: xlwings"}\'', "ImportError: xlwings"),
        ('echo \'{"answer": "5"}\'', "COPRO_HOURS_CHARGED(3.5) = 5"),
    ):
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        assert private_environment.tried(tmp_path).error == told
    program.write_text("#!/bin/sh\nsleep 20\n")
    assert "timed out" in private_environment.tried(tmp_path, 0.2).error


def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    file = tmp_path / "installed.json"
    assert read_manifest(file) is None
    for content in ("{", "[]", json.dumps({"toolkit": "1"})):
        file.write_text(content)
        assert read_manifest(file) is None
