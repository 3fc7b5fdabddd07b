"""Says what is wrong with an installation of the add-in. A new check is a function in one of the two lists below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xl_addin.excel import environment_checks as environment
from xl_addin.excel import excel_checks as excel
from xl_addin.excel.finding import Finding, Patient

Check = Callable[[Patient], Iterator[Finding]]

ALWAYS: Sequence[Check] = (
    environment.data,
    excel.excel_missing,
    excel.second_copy,
    excel.disabled_after_crash,
    excel.policies,
    excel.attack_surface,
)
"""Those that make sense also where nothing is installed."""

INSTALLED: Sequence[Check] = (
    environment.interrupted,
    environment.missing,
    environment.interpreter_moved,
    environment.interpreter_fails,
    environment.versions,
    environment.addin_changed,
    environment.libraries,
    environment.bitness,
    environment.blocked,
    environment.letters,
    environment.synchronised,
    environment.server,
)
"""Those of what was installed."""


def examine(patient: Patient) -> list[Finding]:
    """Every finding, those of the installation first."""
    places = patient.places
    if not any(place.exists() for place in (places.manifest, places.python, places.addin, places.journal)):
        return [Finding("not_installed"), *_found(ALWAYS, patient)]
    return [*_found(INSTALLED, patient), *_found(ALWAYS, patient)]


def _found(checks: Sequence[Check], patient: Patient) -> Iterator[Finding]:
    for check in checks:
        yield from check(patient)
