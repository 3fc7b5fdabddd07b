"""``copro addin``: what it prints, what it makes, and its exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.topics import LANGUAGES
from xl_addin.calc import extension
from xl_addin.calc.errors import RecalculationError
from xl_addin.cli import addin_command, main
from xl_addin.excel import doctor, installation
from xl_addin.excel.finding import Finding
from xl_addin.excel.manifest import Manifest

MANIFEST = Manifest("1.2", "0.37.8", "3.11.7", 64, "en", "", [], [])
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("COPRO_LANGUAGE", "en")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str, str]:
        status = main(["addin", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addin_command, "on_windows", lambda: True)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addin_command, "on_windows", lambda: False)


# --- build ---------------------------------------------------------------------------------------------------------


def test_everything_is_built(run: Run, tmp_path: Path) -> None:
    status, out, err = run("build", "-o", "made")
    names = ["copro-lite.xlsx", "copro.IntelliSense.xml", "copro.oxt", "copro.xlam"]
    assert (status, err) == (0, "")
    assert sorted(file.name for file in (tmp_path / "made").iterdir()) == names
    assert all(name in out for name in names)
    assert (tmp_path / "made" / "copro.xlam").read_bytes().startswith(b"PK")


def test_one_product_is_built_in_a_language(run: Run, tmp_path: Path) -> None:
    assert run("build", "--for", "excel", "--language", "fr")[0] == 0
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".xlam", ".xml"]
    assert "jour férié" in (tmp_path / "copro.IntelliSense.xml").read_text("utf-8")


def test_a_file_is_replaced_only_when_asked_and_none_is_written_before(run: Run, tmp_path: Path) -> None:
    (tmp_path / "copro.oxt").write_text("old")
    status, out, err = run("build")
    assert (status, out) == (2, "")
    assert "copro.oxt" in err
    assert [file.name for file in tmp_path.iterdir()] == ["copro.oxt"]
    assert run("build", "--for", "libreoffice", "--force")[0] == 0
    assert (tmp_path / "copro.oxt").read_bytes().startswith(b"PK")


def test_a_folder_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "made").write_text("in the way")
    status, _, err = run("build", "-o", "made")
    assert status == 2
    assert err.count("\n") == 1


# --- Excel ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("windows")
def test_installing_tells_what_it_does(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(places: object, language: str, progress: Callable[[str, str], None]) -> Manifest:
        for key in ("step_environment", "step_package", "step_trial", "step_addin", "step_place"):
            progress(key, "DETAIL")
        return MANIFEST

    monkeypatch.setattr(installation, "install", install)
    status, out, err = run("install")
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].startswith("Installed: version 1.2, with Python 3.11.7 (64 bits).")
    assert out.count("DETAIL") == 4


@pytest.mark.usefixtures("windows")
def test_uninstalling_tells_what_is_gone_and_what_stays(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    (tmp_path / "Roaming" / "copro").mkdir(parents=True)
    assert run("uninstall")[1].splitlines()[0] == "Nothing was installed."
    addin = tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "copro.xlam"
    addin.parent.mkdir(parents=True)
    addin.touch()
    status, out, _ = run("uninstall", "--for", "excel")
    assert status == 0
    assert out.splitlines() == [
        f"{addin} was removed",
        "The add-in was removed.",
        f"Your own figures and settings stay in {tmp_path / 'Roaming' / 'copro'}.",
    ]
    assert not addin.exists()


@pytest.mark.usefixtures("windows")
def test_the_doctor_tells_every_finding_with_its_remedy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    note = Finding("excel_missing", certain=False)
    fault = Finding("missing", {"file": "copro.xlam"})
    monkeypatch.setattr(doctor, "examine", lambda patient: [fault, note])
    status, out, err = run("doctor")
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "FAULT: copro.xlam is missing."
    assert lines[1].startswith("   Close Excel")
    assert lines[2].startswith("Note: ")
    assert lines[-1] == "Faults found: 1."
    status, out, _ = run("doctor", "--json")
    assert status == 1
    told = json.loads(out)["value"]
    assert [(found["code"], found["fault"]) for found in told] == [("missing", True), ("excel_missing", False)]
    assert told[0]["remedy"].startswith("Close Excel")
    monkeypatch.setattr(doctor, "examine", lambda patient: [note])
    assert run("doctor")[0] == 0
    assert run("doctor", "--json")[0] == 0
    monkeypatch.setattr(doctor, "examine", lambda patient: [])
    assert run("doctor") == (0, "All is well.\n", "")


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("action", ["install", "uninstall", "doctor"])
def test_elsewhere_excel_is_explained(run: Run, action: str) -> None:
    status, out, err = run(action, "--for", "excel")
    assert (status, out) == (2, "")
    assert "xlwings Lite" in err


# --- LibreOffice ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("elsewhere")
def test_libreoffice_is_what_is_meant_elsewhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(extension, "install", lambda: done.append("install"))
    monkeypatch.setattr(extension, "uninstall", lambda: len(done) == 1)
    monkeypatch.setattr(extension, "faults", list)
    assert run("install")[0] == 0
    assert run("uninstall")[1] == "The add-in was removed.\n"
    assert run("doctor") == (0, "All is well.\n", "")
    done.clear()
    assert run("uninstall")[1] == "Nothing was installed.\n"
    monkeypatch.setattr(extension, "faults", lambda: [RecalculationError("no_libreoffice")])
    status, out, _ = run("doctor")
    assert status == 1
    assert out.startswith("FAULT: LibreOffice is not on this computer.")
    status, out, _ = run("doctor", "--json")
    assert status == 1
    assert json.loads(out)["value"][0]["code"] == "no_libreoffice"


# --- what cannot be understood -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["repair"],
        ["install", "--force"],
        ["install", "-o", "x"],
        ["build", "--json"],
        ["build", "--for", "word"],
        ["install", "--for", "lite"],
        ["doctor", "--for", "excel", "--for", "libreoffice"],
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_makes_no_sense_is_refused(run: Run, words: list[str], language: str) -> None:
    status, out, err = run(*words, "--language", language)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("copro: ")
