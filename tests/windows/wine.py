"""A Windows process in Excel's place, under Wine, asked from here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from xl_addin.excel.server_command import server_command

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
FUNCTIONS_1900, FUNCTIONS_1904 = "xl_addin.excel.functions", "xl_addin.excel.functions_1904"
PYTHON = "C:\\python311\\python.exe"
"""The user's own Python, with the copro command."""
USER = "C:\\users\\root"
"""The user's folder."""
OMITTED = {"omitted": True}
"""An argument left out of a call."""


def folder() -> Path:
    """Where tests/windows/install-wine made the environment."""
    return Path(os.environ.get("COPRO_WINE") or Path.home() / ".cache" / "copro" / "wine")


def why_not() -> str:
    """Why nothing can run under Wine here; empty when it can."""
    if os.geteuid() != 0:
        return "not root, which the separate Debian with Wine needs"
    if not (folder() / "installed").exists():
        return f"no Wine environment in {folder()}: tests/windows/install-wine makes it"
    return ""


def out_of_date() -> bool:
    """Whether the project was changed after it was installed there."""
    installed = (folder() / "installed").stat().st_mtime
    sources = (file for name in ("core", "xl_addin", "workbooks") for file in (PROJECT / name).rglob("*.*"))
    return any(file.stat().st_mtime > installed for file in sources if "__pycache__" not in file.parts)


def here(path: str) -> Path:
    """A path on Windows' drive C:, as seen from this side."""
    return folder() / "debian/copro/prefix/drive_c" / path.partition("\\")[2].replace("\\", "/")


def home(user: str = USER) -> str:
    """The add-in's Python environment, which `copro addin install` makes."""
    return f"{user}\\AppData\\Local\\copro\\python"


def addin(user: str = USER) -> str:
    """The add-in, which Excel opens when it starts."""
    return f"{user}\\AppData\\Roaming\\Microsoft\\Excel\\XLSTART\\copro.xlam"


def copro(*arguments: str, user: str = USER, limit: float = 300) -> subprocess.CompletedProcess[str]:
    """The copro command on Windows, in the user's own Python.

    Wine sets these variables itself, so another user's are given by a program that then runs ours.
    """
    folders = {"LOCALAPPDATA": f"{user}\\AppData\\Local", "APPDATA": f"{user}\\AppData\\Roaming"}
    program = f"import os, runpy; os.environ.update({folders}); runpy.run_module('xl_addin.cli', run_name='__main__')"
    command = [HERE / "in-wine", "wine", PYTHON, "-I", "-X", "utf8", "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=limit, check=False)


class Excel:
    """In Excel's place until it is closed: a Windows process that starts the server as the add-in does, and calls it.

    Attributes:
        files: a folder of this side, for files that the other side reads too.
    """

    def __init__(self) -> None:
        self.files = Path(tempfile.mkdtemp(prefix="run-", dir=folder() / "debian" / "copro"))
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def open(self, **environment: str) -> Self:
        """Starts the process, with some environment variables."""
        for name in ("excel.py", "variants.py"):
            shutil.copy(HERE / name, self.files)
        variables = [f"{name}={value}" for name, value in environment.items()]
        script = self.there(self.files / "excel.py")
        with (self.files / "errors.txt").open("w") as errors:
            self._process = subprocess.Popen(
                [HERE / "in-wine", "env", *variables, "wine", PYTHON, "-I", "-B", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        return self

    def there(self, path: Path) -> str:
        """A path in `files`, as Windows names it."""
        return "Z:\\" + str(path.relative_to(folder() / "debian")).replace("/", "\\")

    def ask(self, do: str, limit: float = 120, **details: object) -> dict[str, Any]:
        """Asks for one thing; the process is ended when the answer takes longer than ``limit`` seconds."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        timer = threading.Timer(limit, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        finally:
            timer.cancel()
        if not answer:
            said = (self.files / "errors.txt").read_text(errors="replace")
            raise AssertionError(f"no answer to {do!r}; it said:\n{said}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def start(self, attempt: int = 1, user: str = USER) -> dict[str, Any]:
        """Starts the server with the add-in's command, through xlwings' own library."""
        library = f"{home(user)}\\xlwings64-{version('xlwings')}.dll"
        command = server_command(f"{home(user)}\\Scripts\\pythonw.exe", attempt)
        return self.ask("start", library=library, command=command)

    def calls(
        self, calls: Sequence[tuple[str, Sequence[object]]], module: str = FUNCTIONS_1900, limit: float = 120
    ) -> dict[str, Any]:
        """Calls functions: ``answers``, one each, and ``types``, those of all the values that came back."""
        return self.ask("calls", limit, module=module, calls=calls)

    def call(self, name: str, *arguments: object, module: str = FUNCTIONS_1900) -> object:
        """The answer of one function."""
        answer: object = self.calls([(name, arguments)], module)["answers"][0]
        return answer

    def close(self) -> None:
        """Ends the process, and with it all that runs in Wine; its files go too."""
        if self._process is not None:
            self._process.communicate()
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.files)
