r"""The private environment: a Python of the add-in's own, made from the one that runs this, without any download.

A virtual environment where Python can make one; a copy of the interpreter where it cannot (Windows' embeddable Python).
Either way the interpreter is ``Scripts\python.exe``, the packages are in ``Lib\site-packages`` and xlwings' libraries
in the root. On other systems, where it serves the tests only, the folders are named as is usual there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from compileall import compile_dir
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from xl_addin.excel import distributions
from xl_addin.excel.installation_error import InstallationError
from xl_addin.excel.places import on_windows
from xl_addin.excel.server_command import OPTIONS

_SECONDS = 180
"""A first start may be slow: a virus scanner reads every module."""

_TRIAL = """
import json, platform, struct, sys
try:
    import xlwings, xl_addin.excel.functions
    from xl_addin.version import toolkit_version
    if sys.platform == "win32":
        import xlwings.com_server
    answer = xl_addin.call("COPRO_HOURS_CHARGED", [3.5])
    told = {"answer": str(answer), "toolkit": toolkit_version(), "xlwings": xlwings.__version__,
            "python": platform.python_version(), "bits": 8 * struct.calcsize("P")}
except BaseException as error:
    told = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(told))
"""
_RIGHT_ANSWER = "4"


class Trial(NamedTuple):
    """What the interpreter of a private environment said of itself; ``error`` is empty when all went well."""

    error: str = ""
    toolkit: str = ""
    xlwings: str = ""
    python: str = ""
    bits: int = 0


def make(folder: Path, progress: Callable[[str], None]) -> None:
    """Makes the environment in ``folder``, which is not there yet; ``progress`` is told each package's name.

    Raises:
        InstallationError: this Python cannot be used, or a package is missing.
        OSError: a file cannot be written.
    """
    if "windowsapps" in str(sys.base_prefix).lower():
        raise InstallationError("store_python", folder=sys.base_prefix)
    packages = distributions.needed()
    if find_spec("venv") is None:
        _copy_interpreter(folder)
    else:
        _make_virtual(folder)
    target = packages_folder(folder)
    target.mkdir(parents=True, exist_ok=True)
    for package in packages:
        progress(f"{package.name} {package.version}")
        distributions.copy(package, target)
        if package.name == "xlwings":
            for library in distributions.libraries(package, Path(sys.prefix)):
                shutil.copyfile(library, folder / library.name)
    compile_dir(target, quiet=2)  # the add-in starts Python so that it writes nothing


def interpreter(folder: Path, *, windowed: bool = False) -> Path:
    """The environment's interpreter; ``windowed``: the one without a console, which the add-in starts."""
    if on_windows():
        return folder / "Scripts" / ("pythonw.exe" if windowed else "python.exe")
    return folder / "bin" / "python"


def packages_folder(folder: Path) -> Path:
    """The folder the environment imports from."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))


def is_inside(file: str | Path, folder: Path) -> bool:
    """Whether ``file`` lies below ``folder``, wherever links lead."""
    return Path(file).resolve().is_relative_to(folder.resolve())


def is_running_from(folder: Path) -> bool:
    """Whether this very program runs from the environment in ``folder``, which can then not be replaced."""
    return is_inside(sys.prefix, folder)


def _make_virtual(folder: Path) -> None:
    from venv import EnvBuilder

    class Builder(EnvBuilder):
        """Without the scripts that activate it, which would name the folder it is made in."""

        def setup_scripts(self, context: SimpleNamespace) -> None:
            """Nobody activates it."""

    Builder(symlinks=not on_windows(), with_pip=False).create(folder)


def _copy_interpreter(folder: Path) -> None:
    """The files beside the running interpreter, told to import from the environment's own packages only."""
    home = interpreter(folder).parent
    home.mkdir(parents=True)
    for file in Path(sys.base_prefix).iterdir():
        if file.is_file() and file.suffix.lower() not in ("._pth", ".pth", ".py"):
            shutil.copyfile(file, home / file.name)
    version = f"python{sys.version_info.major}{sys.version_info.minor}"
    (home / f"{version}._pth").write_text(f"{version}.zip\n.\nimport site\n", encoding="utf-8")
    packages = os.path.relpath(packages_folder(folder), home)
    added = f"import os, site, sys; site.addsitedir(os.path.normpath(os.path.join(sys.prefix, {packages!r})))\n"
    (home / "packages.pth").write_text(added, encoding="utf-8")


def tried(folder: Path, seconds: float = _SECONDS) -> Trial:
    """Starts the environment's interpreter as the add-in does, and has it compute one figure."""
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that was installed
            [str(interpreter(folder)), *OPTIONS.split(), "-c", _TRIAL],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Trial(error=str(error))
    try:
        told = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return Trial(error=(done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    if "error" in told:
        return Trial(error=told["error"])
    answer = told.pop("answer")
    return Trial(**told) if answer == _RIGHT_ANSWER else Trial(error=f"COPRO_HOURS_CHARGED(3.5) = {answer}")
