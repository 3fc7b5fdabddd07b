"""Checks of Excel itself, from what it and the organisation's policies keep in the registry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from xl_addin.excel.finding import Finding, Patient
from xl_addin.excel.places import ADDIN, mark_of_the_web

_EXCEL = r"Software\Microsoft\Office\16.0\Excel"
_POLICIES = r"Software\Policies\Microsoft\Office\16.0\Excel"
_PROGRAM = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_ATTACK_SURFACE = r"Software\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_RULES = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "Block all Office applications from creating child processes",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "Block Win32 API calls from Office macros",
}
_SIGNED_ONLY, _NO_MACROS = 3, 4


def excel_missing(patient: Patient) -> Iterator[Finding]:
    """There is no Excel on this computer, as far as Windows knows."""
    if not patient.registry.values("machine", _PROGRAM):
        yield Finding("excel_missing", certain=False)


def second_copy(patient: Patient) -> Iterator[Finding]:
    """Excel opens another ``copro.xlam`` too: which one answers is then a matter of chance."""
    for folder in _other_folders(patient):
        if (folder / ADDIN).is_file() and (folder / ADDIN) != patient.places.addin:
            yield Finding("second_copy", {"file": str(folder / ADDIN)})
    ours = str(patient.places.addin).lower()
    for name, value in patient.registry.values("user", rf"{_EXCEL}\Options").items():
        if re.fullmatch(r"open\d*", name) and ADDIN in str(value).lower() and ours not in str(value).lower():
            yield Finding("second_registered", {"name": name.upper(), "value": str(value)})


def _other_folders(patient: Patient) -> list[Path]:
    """The folders that Excel opens add-ins from, besides the user's own start folder."""
    folders = [patient.places.roaming / "Microsoft" / "AddIns"]
    alternative = patient.registry.values("user", rf"{_EXCEL}\Options").get("altstartup")
    if alternative:
        folders.append(Path(str(alternative)))
    program = patient.registry.values("machine", _PROGRAM).get("path")
    if program:
        folders.append(Path(str(program)) / "XLSTART")
    return folders


def disabled_after_crash(patient: Patient) -> Iterator[Finding]:
    """Excel turned the add-in off because it once stopped while the add-in was loading."""
    name = ADDIN.encode("utf-16-le")
    for value in patient.registry.values("user", rf"{_EXCEL}\Resiliency\DisabledItems").values():
        if isinstance(value, bytes) and name in value.lower():
            yield Finding("disabled_after_crash")
            return


def policies(patient: Patient) -> Iterator[Finding]:
    """The organisation keeps add-ins or macros from running."""
    for name in ("DisableAllAddins", "RequireAddinSig"):
        if _setting(patient, "Security", name) == 1:
            yield Finding("addins_off" if name == "DisableAllAddins" else "signature_needed", {"name": name})
    if _setting(patient, r"Security\Trusted Locations", "AllLocationsDisabled") == 1:
        yield Finding("trusted_places_off", {"name": "AllLocationsDisabled"})
    if _setting(patient, "Security", "BlockContentExecutionFromInternet") == 1 and _is_marked(patient):
        yield Finding("internet_blocked", {"name": "BlockContentExecutionFromInternet"})
    macros = _setting(patient, "Security", "VBAWarnings")
    if macros in (_SIGNED_ONLY, _NO_MACROS):
        yield Finding("macros_restricted", {"name": "VBAWarnings", "value": macros}, certain=False)


def attack_surface(patient: Patient) -> Iterator[Finding]:
    """A rule of Microsoft Defender keeps Excel from starting Python, or its macros from calling the library."""
    rules = patient.registry.values("machine", _ATTACK_SURFACE)
    for rule, name in _RULES.items():
        if str(rules.get(rule, "0")) == "1":
            yield Finding("attack_surface", {"rule": name, "id": rule}, certain=False)


def _is_marked(patient: Patient) -> bool:
    return mark_of_the_web(patient.places.addin).exists()


def _setting(patient: Patient, key: str, name: str) -> object:
    """A security setting: the organisation's where it has one, else the user's own."""
    for top in (_POLICIES, _EXCEL):
        values = patient.registry.values("user", rf"{top}\{key}")
        if name.lower() in values:
            return values[name.lower()]
    return None
