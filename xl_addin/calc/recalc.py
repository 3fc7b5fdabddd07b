"""Recalculates a workbook in LibreOffice with our functions loaded, or prints it to PDF, without installing anything.

Every call starts LibreOffice without a window, with a new settings folder of its own that is thrown away afterwards,
and ends it, with whatever it started, when its time is over. Several may run at once.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from core.saving import saved
from xl_addin.calc import contents, names, package
from xl_addin.calc.contents import Place
from xl_addin.calc.errors import RecalculationError
from xl_addin.calc.office import last_line, libreoffice, own_environment, run

_LOG = logging.getLogger(__name__)
_FILTER: Final = "Calc MS Excel 2007 XML"
_XLSX: Final = f"xlsx:{_FILTER}"
_PDF: Final = "pdf:calc_pdf_Export"

#: A port on which no program answers.
_NOBODY: Final = "9"

#: The settings of a run, by their place in LibreOffice's registry: a stranger's workbook computes and does no more.
_SETTINGS: Final = (
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),  # always compute anew
    ("Office.Calc/Content/Update", "Link", "2"),  # never fetch what it links to
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),  # very high
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Inet/Settings", "ooInetProxyType", "2"),  # whatever would still be fetched is asked of nobody
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", _NOBODY),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", _NOBODY),
    ("Inet/Settings", "ooInetNoProxy", ""),
)


def recalculate(
    source: Path,
    target: Path,
    *,
    toolkit: Place | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 120,
    stop: threading.Event | None = None,
) -> None:
    """Writes ``source`` (.xlsx), every formula of it computed anew, to ``target`` (.xlsx).

    A blank cell that a COPRO function is given counts as omitted, and an error in a range stays in its own row, as in
    Excel. ``target`` is the old file or the new one, never half a workbook.

    Args:
        source: the workbook.
        target: the workbook to write; one that is there is replaced.
        toolkit: the one that computes (default: the one that runs here).
        environment: added to this process's, for example ``COPRO_LANGUAGE`` and ``COPRO_DATA``.
        timeout: in seconds.
        stop: ends the work when set, by another thread.

    Raises:
        FileError: LibreOffice is missing, cannot read the workbook or load the functions, or is not done in time; or
            the target cannot be written.
        InterruptedError: ``stop`` was set.
    """
    _convert(source, target, _XLSX, package.without_guards, toolkit, environment, timeout, stop)


def to_pdf(
    source: Path,
    target: Path,
    *,
    toolkit: Place | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> None:
    """Writes ``source`` (.xlsx), computed anew, as pages to ``target`` (.pdf); all else as for `recalculate`."""
    _convert(source, target, _PDF, shutil.copyfile, toolkit, environment, timeout)


def _convert(
    source: Path,
    target: Path,
    kind: str,
    deliver: Callable[[Path, Path], object],
    toolkit: Place | None,
    environment: Mapping[str, str] | None,
    timeout: float,
    stop: threading.Event | None = None,
) -> None:
    soffice = libreoffice()
    if soffice is None:
        raise RecalculationError("no_libreoffice")
    with tempfile.TemporaryDirectory(prefix="copro-calc-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        to_load, made = folder / "workbook.xlsx", folder / "out" / f"workbook.{kind.partition(':')[0]}"
        ours = package.with_guards(source, to_load)
        command = [
            str(soffice),
            *_arguments(soffice, folder, toolkit or contents.place()),
            f"--infilter={_FILTER}",  # never as anything else, whatever else the file may hold
            "--convert-to",
            kind,
            "--outdir",
            str(made.parent),
        ]
        try:
            _, said = run([*command, str(to_load)], _variables(folder, environment or {}), timeout, stop)
        except TimeoutError:
            raise RecalculationError("too_slow", file=source, seconds=f"{timeout:g}") from None
        _check(folder, made, source, ours, said)
        with saved(target, force=True, suffix=target.suffix) as beside:
            deliver(made, beside)


def _arguments(soffice: Path, folder: Path, toolkit: Place) -> list[str]:
    """The options: no window, own settings, and our functions beside LibreOffice's own."""
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    add_in = folder / "add-in"
    for name, content in contents.files(toolkit, (names.FUNCTIONS_SERVICE, names.CELLS_SERVICE)).items():
        file = add_in / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    program = soffice.resolve().parent.as_uri()
    return [
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        f"-env:URE_MORE_TYPES=<{program}/types>* {(add_in / contents.TYPES).as_uri()}",
        f"-env:URE_MORE_SERVICES=<{program}/services>* {(add_in / contents.COMPONENTS).as_uri()}",
    ]


def _registry() -> str:
    """The settings as LibreOffice keeps them."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n'
    )


def _variables(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment: this process's, and what the add-in and LibreOffice are told in it."""
    temporary = folder / "temporary"
    temporary.mkdir()
    return {
        **own_environment(),
        "TMPDIR": str(temporary),
        **environment,
        "COPRO_CALC_STATUS": str(folder / "status"),
        "COPRO_CALC_GUARDS": "1",
    }


def _check(folder: Path, made: Path, source: Path, ours: bool, said: str) -> None:
    """Refuses a result that is not there, or that was made without our functions although it calls them."""
    status = folder / "status"
    told = status.read_text(encoding="utf-8").strip() if status.exists() else ""
    if told.startswith("refused "):
        raise RecalculationError("refused", reason=told.removeprefix("refused "))
    if ours and not told.startswith("ready"):
        raise RecalculationError("no_functions", reason=last_line(told or said))
    if not made.exists():
        raise RecalculationError("not_made", file=source, reason=last_line(said))
    for line in told.splitlines()[1:]:
        _LOG.warning("%s", line)
