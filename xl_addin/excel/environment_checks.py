"""Checks of what was installed: the files, the private environment, the user's data."""

from __future__ import annotations

import locale
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

from xl_addin.excel import private_environment
from xl_addin.excel.finding import Finding, Patient
from xl_addin.excel.machine import machine
from xl_addin.excel.manifest import fingerprint
from xl_addin.excel.places import mark_of_the_web, on_windows
from xl_addin.version import toolkit_version

_SERVER_SECONDS = 60


def interrupted(patient: Patient) -> Iterator[Finding]:
    """An installation stopped while it took the place of another."""
    if patient.places.journal.exists():
        yield Finding("interrupted")


def missing(patient: Patient) -> Iterator[Finding]:
    """A file or folder that was installed is not there."""
    files = patient.manifest.files if patient.manifest else [str(patient.places.python), str(patient.places.addin)]
    for file in files:
        if not Path(file).exists():
            yield Finding("missing", {"file": file})
    if patient.manifest is None:
        yield Finding("no_manifest", {"file": str(patient.places.manifest)})


def interpreter_moved(patient: Patient) -> Iterator[Finding]:
    """The Python that the private environment was made with is gone."""
    home = _home(patient.places.python)
    if home is not None and not any((home / name).exists() for name in ("python.exe", "python3", "python")):
        yield Finding("interpreter_moved", {"folder": str(home)})


def _home(environment: Path) -> Path | None:
    """The folder that a virtual environment names as its Python's."""
    try:
        lines = (environment / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    named = (value.strip() for key, _, value in (line.partition("=") for line in lines) if key.strip() == "home")
    return next((Path(value) for value in named), None)


def interpreter_fails(patient: Patient) -> Iterator[Finding]:
    """The private environment does not start, or cannot compute."""
    if patient.places.python.exists() and patient.trial is None:
        file = private_environment.interpreter(patient.places.python)
        yield Finding("missing", {"file": str(file)})
    elif patient.trial and patient.trial.error and not [*interpreter_moved(patient)]:
        yield Finding("interpreter_fails", {"reason": patient.trial.error})


def versions(patient: Patient) -> Iterator[Finding]:
    """The toolkit of the add-in, that of its environment and the one that runs this are not the same."""
    installed = patient.manifest.toolkit if patient.manifest else ""
    if patient.trial and not patient.trial.error and installed and patient.trial.toolkit != installed:
        yield Finding("version_environment", {"environment": patient.trial.toolkit, "addin": installed})
    if installed and toolkit_version() != installed:
        yield Finding("version_running", {"running": toolkit_version(), "addin": installed})


def addin_changed(patient: Patient) -> Iterator[Finding]:
    """The add-in is not the file that was installed; one that the organisation signed since is."""
    addin = patient.places.addin
    if not patient.manifest or not addin.exists() or fingerprint(addin) == patient.manifest.addin:
        return
    if not _is_signed(addin):
        yield Finding("addin_changed", {"file": str(addin)})


def _is_signed(addin: Path) -> bool:
    """Whether the add-in's macros carry a signature."""
    try:
        with zipfile.ZipFile(addin) as package:
            return any(name.startswith("xl/vbaProjectSignature") for name in package.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def libraries(patient: Patient) -> Iterator[Finding]:
    """The library through which Excel calls Python is missing, damaged, or not the version that the add-in asks for."""
    asked = patient.manifest.xlwings if patient.manifest else ""
    if patient.trial and not patient.trial.error and asked and patient.trial.xlwings != asked:
        yield Finding("library_version", {"environment": patient.trial.xlwings, "addin": asked})
    if not asked or not patient.places.python.exists():
        return
    for bits, made_for in ((32, "x86"), (64, "x64")):
        file = patient.places.python / f"xlwings{bits}-{asked}.dll"
        if not file.exists():
            yield Finding("missing", {"file": str(file)})
        elif machine(file) != made_for:
            yield Finding("library_damaged", {"file": str(file)})


def bitness(patient: Patient) -> Iterator[Finding]:
    """Python and the part of pywin32 that it loads are made for different processors.

    Excel's own bitness does not matter here: Python runs as a program of its own, and xlwings has a library for each.
    """
    python = machine(private_environment.interpreter(patient.places.python))
    folder = private_environment.packages_folder(patient.places.python) / "pywin32_system32"
    found = {machine(file) for file in folder.glob("pywintypes*.dll")} - {"", python}
    if python and found:
        yield Finding("bitness", {"python": python, "pywin32": ", ".join(sorted(found))})


def blocked(patient: Patient) -> Iterator[Finding]:
    """Windows marked the add-in as downloaded: Excel then keeps its macros from running."""
    if mark_of_the_web(patient.places.addin).exists():
        yield Finding("blocked", {"file": str(patient.places.addin)})


def letters(patient: Patient) -> Iterator[Finding]:
    """The environment's path has letters that the library cannot pass on to Windows: it has one alphabet."""
    try:
        str(patient.places.python).encode(locale.getencoding())
    except UnicodeEncodeError:
        yield Finding("letters", {"folder": str(patient.places.python)})


def synchronised(patient: Patient) -> Iterator[Finding]:
    """The add-in or its environment is in a folder that OneDrive synchronises, or on a network."""
    folders = [value for name, value in patient.variables.items() if name.upper().startswith("ONEDRIVE") and value]
    for place in (patient.places.own, patient.places.start_folder):
        below = any(place.is_relative_to(folder) for folder in folders)
        if below or any(part.lower().startswith("onedrive") for part in place.parts):
            yield Finding("synchronised", {"folder": str(place)})
        elif str(place).startswith(("\\\\", "//")):
            yield Finding("on_network", {"folder": str(place)}, certain=False)


def data(patient: Patient) -> Iterator[Finding]:
    """Files in the user's data folder were refused."""
    problems = patient.session.rulebook.problems
    if problems:
        yield Finding("data_refused", {"count": len(problems), "problem": problems[0]})


def server(patient: Patient) -> Iterator[Finding]:
    """The Python server that Excel starts does not start, or does not answer."""
    if not on_windows() or patient.trial is None or patient.trial.error:
        return
    python, windowed = (private_environment.interpreter(patient.places.python, windowed=w) for w in (False, True))
    command = [str(python), "-I", "-m", "xl_addin.excel.server_trial", str(windowed), str(_SERVER_SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that was installed
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=2 * _SERVER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        yield Finding("server_fails", {"reason": str(error)})
        return
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        yield Finding("server_fails", {"reason": reason})
