"""Recalculates a workbook in LibreOffice with our functions loaded, or prints it to PDF, without installing anything.

Every call starts LibreOffice without a window, with a new settings folder of its own that is thrown away afterwards,
and ends it, with whatever it started, when its time is over. Several may run at once.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from xl_addin.calc import names, package
from xl_addin.calc.errors import RecalculationError

_HERE = Path(__file__).parent
_LOG = logging.getLogger(__name__)
_XLSX = "xlsx:Calc MS Excel 2007 XML"
_PDF = "pdf:calc_pdf_Export"

#: Recalculate every workbook when it is loaded (0: always), and never fetch what it links to (2: never).
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"> <item
oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value>\
</prop></item> <item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"
oor:op="fuse"><value>2</value></prop>\\ </item> </oor:items>
"""


def libreoffice() -> Path | None:
    """LibreOffice's program (``soffice``), or None when it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Path(found) if found else None


def default_python_path() -> tuple[Path, ...]:
    """Where LibreOffice's Python finds this toolkit and what it needs: the same places as here."""
    packages = (Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib"))
    return tuple(dict.fromkeys((_HERE.parent.parent, *packages)))


def recalculate(
    source: Path,
    target: Path,
    *,
    python_path: Sequence[Path] | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> None:
    """Writes ``source`` (.xlsx), every formula of it computed anew, to ``target`` (.xlsx).

    A blank cell that a COPRO function is given counts as omitted, and an error in a range stays in its own row, as in
    Excel. ``python_path`` are the folders LibreOffice's Python imports from (default: those of this Python);
    ``environment`` is added to this process's, for example ``COPRO_LANGUAGE`` and ``COPRO_DATA``; ``timeout`` is in
    seconds. ``target`` is written beside its place and moved there, so it is never half a workbook. Raises
    `RecalculationError`.
    """
    _convert(source, target, _XLSX, package.without_guards, python_path, environment, timeout)


def to_pdf(
    source: Path,
    target: Path,
    *,
    python_path: Sequence[Path] | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> None:
    """Writes ``source`` (.xlsx), computed anew, as pages to ``target`` (.pdf); all else as for `recalculate`."""
    _convert(source, target, _PDF, shutil.copyfile, python_path, environment, timeout)


def _convert(
    source: Path,
    target: Path,
    kind: str,
    deliver: Callable[[Path, Path], object],
    python_path: Sequence[Path] | None,
    environment: Mapping[str, str] | None,
    timeout: float,
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
            *_arguments(soffice, folder),
            "--convert-to",
            kind,
            "--outdir",
            str(made.parent),
        ]
        variables = _variables(folder, python_path or default_python_path(), environment or {})
        said = _run([*command, str(to_load)], variables, timeout, source)
        _check(folder, made, source, ours, said)
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            deliver(made, beside)
            beside.replace(target)
        except OSError as error:
            raise RecalculationError("not_written", file=target, reason=error.strerror) from None
        finally:
            beside.unlink(missing_ok=True)


def _arguments(soffice: Path, folder: Path) -> list[str]:
    """The options: no window, own settings, and our functions beside LibreOffice's own."""
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    components = folder / "functions.components"
    components.write_text(_components(), encoding="utf-8")
    program = soffice.resolve().parent.as_uri()
    return [
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        f"-env:URE_MORE_TYPES=<{program}/types>* {(_HERE / 'types.rdb').as_uri()}",
        f"-env:URE_MORE_SERVICES=<{program}/services>* {components.as_uri()}",
    ]


def _components() -> str:
    """What LibreOffice reads to find the add-ins in ``component.py``."""
    services = "".join(
        f'<implementation name="{service}AddIn"><service name="{names.ADD_IN_SERVICE}"/>'
        f'<service name="{service}"/></implementation>'
        for service in (names.FUNCTIONS_SERVICE, names.CELLS_SERVICE)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<components xmlns="http://openoffice.org/2010/uno-components">'
        f'<component loader="com.sun.star.loader.Python" uri={quoteattr((_HERE / "component.py").as_uri())}>'
        f"{services}</component></components>\n"
    )


def _variables(folder: Path, python_path: Sequence[Path], environment: Mapping[str, str]) -> dict[str, str]:
    """The environment: this process's, without what would lead LibreOffice's own Python astray."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    temporary = folder / "temporary"
    temporary.mkdir()
    return {
        **kept,
        "TMPDIR": str(temporary),
        **environment,
        "COPRO_PYTHON_PATH": os.pathsep.join(map(str, python_path)),
        "COPRO_CALC_STATUS": str(folder / "status"),
        "COPRO_CALC_GUARDS": "1",
    }


def _run(command: Sequence[str], variables: Mapping[str, str], timeout: float, source: Path) -> str:
    """Runs LibreOffice and gives what it said; after ``timeout`` ends it and everything it started."""
    process = subprocess.Popen(  # noqa: S603 - LibreOffice, found on the path
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise RecalculationError("too_slow", file=source, seconds=f"{timeout:g}") from None
    finally:
        _end(process)
    return said.strip()


def _end(process: subprocess.Popen[str]) -> None:
    """Ends LibreOffice and whatever it started, unless it has ended by itself."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _check(folder: Path, made: Path, source: Path, ours: bool, said: str) -> None:
    """Refuses a result that is not there, or that was made without our functions although it calls them."""
    status = folder / "status"
    told = status.read_text(encoding="utf-8").strip() if status.exists() else ""
    if told.startswith("refused "):
        raise RecalculationError("refused", reason=told.removeprefix("refused "))
    if ours and not told.startswith("ready"):
        raise RecalculationError("no_functions", reason=_last_line(told) or _last_line(said))
    if not made.exists():
        raise RecalculationError("not_made", file=source, reason=_last_line(said))
    for line in told.splitlines()[1:]:
        _LOG.warning("%s", line)


def _last_line(said: str) -> str:
    """The last thing said: of a traceback that is the reason. A crash says more, so its first line counts."""
    lines = said.splitlines() or ["?"]
    return next((line for line in lines if line.startswith("Fatal exception")), lines[-1])
