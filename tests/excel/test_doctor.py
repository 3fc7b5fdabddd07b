"""The doctor: every finding is provoked in a made-up installation for Windows, and is absent from a healthy one."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import FileProblem, InputError
from core.topics import LANGUAGES, topic
from xl_addin.excel import environment_checks, private_environment
from xl_addin.excel.doctor import examine
from xl_addin.excel.finding import Finding, Patient
from xl_addin.excel.machine import machine
from xl_addin.excel.manifest import Manifest, fingerprint, read_manifest
from xl_addin.excel.places import Places, mark_of_the_web
from xl_addin.excel.private_environment import Trial, interpreter, packages_folder
from xl_addin.excel.registry import Root, WindowsRegistry
from xl_addin.session import Session
from xl_addin.version import toolkit_version

XLWINGS = "0.37.8"
EXCEL = r"Software\Microsoft\Office\16.0\Excel"
POLICIES = r"Software\Policies\Microsoft\Office\16.0\Excel"
PROGRAM = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
MACHINES = {"x86": 0x014C, "x64": 0x8664, "arm64": 0xAA64}


class MadeUpRegistry:
    """A registry that holds what a test puts into it."""

    def __init__(self) -> None:
        self.keys: dict[tuple[Root, str], dict[str, object]] = {
            ("machine", PROGRAM): {"": r"C:\Office\EXCEL.EXE", "path": "/no/office"}
        }

    def values(self, root: Root, key: str) -> Mapping[str, object]:
        return self.keys.get((root, key), {})

    def set(self, key: str, name: str, value: object, root: Root = "user") -> None:
        self.keys.setdefault((root, key), {})[name.lower()] = value


def program(file: Path, made_for: str) -> None:
    """As much of a Windows program as says what processor it is made for."""
    file.parent.mkdir(parents=True, exist_ok=True)
    head = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80)
    file.write_bytes(head.ljust(0x80, b"\0") + b"PE\0\0" + struct.pack("<H", MACHINES[made_for]))


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """A healthy installation."""
    places = Places(tmp_path / "Zoë Van Damme" / "Local", tmp_path / "Zoë Van Damme" / "Roaming")
    program(interpreter(places.python), "x64")
    program(packages_folder(places.python) / "pywin32_system32" / "pywintypes311.dll", "x64")
    program(places.python / f"xlwings32-{XLWINGS}.dll", "x86")
    program(places.python / f"xlwings64-{XLWINGS}.dll", "x64")
    home = tmp_path / "Python311"
    program(home / "python.exe", "x64")
    (places.python / "pyvenv.cfg").write_text(f"home = {home}\nversion = 3.11.7\n", encoding="utf-8")
    places.help_pages.mkdir()
    places.start_folder.mkdir(parents=True)
    with zipfile.ZipFile(places.addin, "w") as addin:
        addin.writestr("xl/vbaProject.bin", b"macros")
    Manifest(
        toolkit=toolkit_version(),
        xlwings=XLWINGS,
        python="3.11.7",
        bits=64,
        language="nl",
        addin=fingerprint(places.addin),
        files=[str(places.python), str(places.help_pages), str(places.addin)],
        folders=[],
    ).write(places.manifest)
    says(monkeypatch, Trial(toolkit=toolkit_version(), xlwings=XLWINGS, python="3.11.7", bits=64))
    return Patient(places, Session.open(), {}, MadeUpRegistry())


def says(monkeypatch: pytest.MonkeyPatch, trial: Trial) -> None:
    """Has the private environment say this of itself."""
    monkeypatch.setattr(private_environment, "tried", lambda _: trial)


def codes(patient: Patient) -> list[str]:
    """What the doctor finds, told in every language as a check on the way."""
    findings = examine(Patient(patient.places, patient.session, patient.variables, patient.registry))
    for finding in findings:
        for language in LANGUAGES:
            told = finding.what(language) + finding.remedy(language)
            assert "{" not in told
    return [finding.code for finding in findings]


def registry_of(patient: Patient) -> MadeUpRegistry:
    assert isinstance(patient.registry, MadeUpRegistry)
    return patient.registry


def remanifest(patient: Patient, **changes: object) -> None:
    manifest = read_manifest(patient.places.manifest)
    assert manifest is not None
    replace(manifest, **changes).write(patient.places.manifest)


def test_a_healthy_installation_has_nothing(patient: Patient) -> None:
    assert codes(patient) == []


# --- what was installed --------------------------------------------------------------------------------------------


def test_nothing_installed(patient: Patient, tmp_path: Path) -> None:
    nowhere = replace(patient, places=Places(tmp_path / "a", tmp_path / "b"))
    assert codes(nowhere) == ["not_installed"]


def test_an_installation_that_stopped_halfway(patient: Patient) -> None:
    patient.places.journal.write_text("[]")
    assert codes(patient) == ["interrupted"]


@pytest.mark.parametrize("gone", ["addin", "manifest", "help_pages", "interpreter", "environment"])
def test_something_missing(patient: Patient, gone: str) -> None:
    places = patient.places
    if gone == "addin":
        places.addin.unlink()
    elif gone == "help_pages":
        places.help_pages.rmdir()
    elif gone == "manifest":
        places.manifest.unlink()
    elif gone == "interpreter":
        interpreter(places.python).unlink()
    else:
        places.python.rename(places.own / "elsewhere")
    assert codes(patient) == ["no_manifest" if gone == "manifest" else "missing"]


def test_python_has_moved(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    (patient.places.python / "pyvenv.cfg").write_text("home = /no/python/here\n")
    says(monkeypatch, Trial(error="No Python at '/no/python/here/python.exe'"))
    assert codes(patient) == ["interpreter_moved"]


def test_python_does_not_compute(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, Trial(error="ImportError: DLL load failed"))
    assert codes(patient) == ["interpreter_fails"]


def test_a_copied_interpreter_needs_no_other(patient: Patient) -> None:
    (patient.places.python / "pyvenv.cfg").unlink()
    assert codes(patient) == []


def test_versions_that_differ(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, Trial(toolkit="0.0.1", xlwings=XLWINGS, python="3.11.7", bits=64))
    assert codes(patient) == ["version_environment"]
    remanifest(patient, toolkit="0.0.1")
    assert codes(patient) == ["version_running"]


def test_another_add_in_in_its_place(patient: Patient) -> None:
    patient.places.addin.write_bytes(b"another")
    assert codes(patient) == ["addin_changed"]


def test_an_add_in_that_was_signed_since(patient: Patient) -> None:
    with zipfile.ZipFile(patient.places.addin, "a") as addin:
        addin.writestr("xl/vbaProjectSignature.bin", b"signature")
    assert codes(patient) == []


def test_the_library_of_another_version(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, Trial(toolkit=toolkit_version(), xlwings="0.36.0", python="3.11.7", bits=64))
    assert codes(patient) == ["library_version"]


@pytest.mark.parametrize("bits", [32, 64])
def test_a_library_missing_or_damaged(patient: Patient, bits: int) -> None:
    library = patient.places.python / f"xlwings{bits}-{XLWINGS}.dll"
    library.write_bytes(library.read_bytes()[:50])
    assert codes(patient) == ["library_damaged"]
    library.unlink()
    assert codes(patient) == ["missing"]


def test_pywin32_for_another_processor(patient: Patient) -> None:
    program(packages_folder(patient.places.python) / "pywin32_system32" / "pywintypes311.dll", "x86")
    assert codes(patient) == ["bitness"]


def test_python_for_another_processor_than_excel_is_no_fault(patient: Patient) -> None:
    """Python is a program of its own, and xlwings has a library for each Excel."""
    program(interpreter(patient.places.python), "x86")
    program(packages_folder(patient.places.python) / "pywin32_system32" / "pywintypes311.dll", "x86")
    assert codes(patient) == []


def test_an_add_in_marked_as_downloaded(patient: Patient) -> None:
    mark_of_the_web(patient.places.addin).write_text("[ZoneTransfer]\nZoneId=3\n")
    assert codes(patient) == ["blocked"]
    registry_of(patient).set(rf"{POLICIES}\Security", "BlockContentExecutionFromInternet", 1)
    assert codes(patient) == ["blocked", "internet_blocked"]
    mark_of_the_web(patient.places.addin).unlink()
    assert codes(patient) == []


def test_letters_that_windows_cannot_pass_on(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "cp1252")
    assert codes(patient) == []
    greek = replace(patient, places=Places(Path("/Users/Ζωή/Local"), patient.places.roaming))
    assert [finding.code for finding in environment_checks.letters(greek)] == ["letters"]


def test_folders_that_are_synchronised(patient: Patient) -> None:
    roaming = str(patient.places.roaming)
    assert codes(replace(patient, variables={"OneDriveCommercial": roaming})) == ["synchronised"]
    assert codes(replace(patient, variables={"ONEDRIVE": ""})) == []
    named = Places(Path("/C:/Users/Zoë/OneDrive - Firma/Local"), patient.places.roaming)
    assert [f.code for f in environment_checks.synchronised(replace(patient, places=named))] == ["synchronised"]


def test_folders_on_the_network(patient: Patient) -> None:
    far = Places(patient.places.local, Path("//server/profiles/zoë/AppData/Roaming"))
    found = list(environment_checks.synchronised(replace(patient, places=far)))
    assert [(finding.code, finding.certain) for finding in found] == [("on_network", False)]


def test_data_files_that_are_refused(patient: Patient) -> None:
    problem = FileProblem(Path("2024.toml"), 3, InputError("days_outside_year", year=2024))
    session = replace(patient.session, rulebook=replace(patient.session.rulebook, problems=(problem,)))
    assert codes(replace(patient, session=session)) == ["data_refused"]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("exit 0", []),
        ("echo Traceback >&2; echo 'ComError: no' >&2; exit 1", ["server_fails"]),
        ("exit 7", ["server_fails"]),
    ],
)
def test_the_server_is_started(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, script: str, found: list[str]
) -> None:
    """On Windows; here another program says how it went."""
    file = interpreter(patient.places.python)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    assert codes(patient) == []
    monkeypatch.setattr(environment_checks, "on_windows", lambda: True)
    assert [finding.code for finding in environment_checks.server(patient)] == found
    says(monkeypatch, Trial(error="x"))
    assert list(environment_checks.server(replace(patient))) == []


def test_a_server_that_cannot_be_started(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment_checks, "on_windows", lambda: True)
    assert [finding.code for finding in environment_checks.server(patient)] == ["server_fails"]


# --- Excel itself --------------------------------------------------------------------------------------------------


def test_no_excel(patient: Patient) -> None:
    registry_of(patient).keys.clear()
    findings = examine(patient)
    assert [(finding.code, finding.certain) for finding in findings] == [("excel_missing", False)]


def test_second_copies(patient: Patient, tmp_path: Path) -> None:
    registry = registry_of(patient)
    registry.set(rf"{EXCEL}\Options", "AltStartup", str(tmp_path / "alternative"))
    registry.set(PROGRAM, "Path", str(tmp_path / "Office16"), "machine")
    folders = (
        patient.places.roaming / "Microsoft" / "AddIns",
        tmp_path / "alternative",
        tmp_path / "Office16" / "XLSTART",
    )
    for number, folder in enumerate(folders):
        folder.mkdir(parents=True)
        (folder / "xlwings.xlam").touch()  # xlwings' own add-in does no harm
        assert codes(patient) == ["second_copy"] * number
        (folder / "copro.xlam").touch()
    assert codes(patient) == ["second_copy"] * 3


def test_a_second_copy_that_is_ticked(patient: Patient) -> None:
    registry = registry_of(patient)
    registry.set(rf"{EXCEL}\Options", "OPEN", r'/R "C:\Tools\xlwings.xlam"')
    registry.set(rf"{EXCEL}\Options", "OPEN1", f'"{patient.places.addin}"')
    registry.set(rf"{EXCEL}\Options", "Opening", r"C:\Tools\copro.xlam")
    assert codes(patient) == []
    registry.set(rf"{EXCEL}\Options", "OPEN2", r'/R "C:\Tools\Copro.xlam"')
    assert codes(patient) == ["second_registered"]


def test_an_add_in_turned_off_after_a_crash(patient: Patient) -> None:
    registry = registry_of(patient)
    registry.set(rf"{EXCEL}\Resiliency\DisabledItems", "1A2B", r"C:\x\other.xlam".encode("utf-16-le"))
    assert codes(patient) == []
    registry.set(rf"{EXCEL}\Resiliency\DisabledItems", "1A2C", b"\1\0\0\0" + r"C:\x\COPRO.XLAM".encode("utf-16-le"))
    assert codes(patient) == ["disabled_after_crash"]


@pytest.mark.parametrize("top", [EXCEL, POLICIES])
@pytest.mark.parametrize(
    ("key", "name", "value", "code"),
    [
        ("Security", "DisableAllAddins", 1, "addins_off"),
        ("Security", "RequireAddinSig", 1, "signature_needed"),
        (r"Security\Trusted Locations", "AllLocationsDisabled", 1, "trusted_places_off"),
        ("Security", "VBAWarnings", 3, "macros_restricted"),
        ("Security", "VBAWarnings", 4, "macros_restricted"),
    ],
)
def test_settings_that_stop_macros(patient: Patient, top: str, key: str, name: str, value: int, code: str) -> None:
    registry_of(patient).set(rf"{top}\{key}", name, value)
    assert codes(patient) == [code]
    registry_of(patient).set(rf"{top}\{key}", name, 2 if name == "VBAWarnings" else 0)
    assert codes(patient) == []


def test_a_policy_goes_before_the_users_own_setting(patient: Patient) -> None:
    registry_of(patient).set(rf"{EXCEL}\Security", "DisableAllAddins", 1)
    registry_of(patient).set(rf"{POLICIES}\Security", "DisableAllAddins", 0)
    assert codes(patient) == []


@pytest.mark.parametrize("rule", ["d4f940ab-401b-4efc-aadc-ad5f3c50688a", "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"])
def test_rules_of_defender_are_notes(patient: Patient, rule: str) -> None:
    key = r"Software\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
    registry_of(patient).set(key, rule, "2", "machine")  # only looks on
    assert codes(patient) == []
    registry_of(patient).set(key, rule.upper(), "1", "machine")
    assert codes(patient) == ["attack_surface"]
    assert not examine(patient)[0].certain


def test_the_registry_of_windows_is_empty_elsewhere() -> None:
    assert WindowsRegistry().values("user", EXCEL) == {}


# --- all of it -----------------------------------------------------------------------------------------------------


def test_every_text_of_a_finding_is_provoked_here() -> None:
    """A finding has a remedy; each is in this file, so that none is told that nobody tried."""
    remedies = {key.removesuffix("_remedy") for key in topic("addin") if key.endswith("_remedy")}
    here = Path(__file__).read_text("utf-8")
    assert [code for code in sorted(remedies) if f'"{code}"' not in here] == []


def test_a_finding_is_told_with_its_remedy() -> None:
    finding = Finding("missing", {"file": "copro.xlam"})
    assert finding.what("en") == "copro.xlam is missing."
    assert "copro addin install" in finding.remedy("en")


@pytest.mark.parametrize("content", [b"", b"MZ", b"#!/bin/sh\n" * 20, b"MZ".ljust(0x3C, b"\0") + b"\xff" * 8])
def test_no_program(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert machine(tmp_path / "x") == ""
    assert machine(tmp_path / "nowhere") == ""
