"""Somebody who works with LibreOffice and is not root: LibreOffice changes no extensions of root's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xl_addin.calc.contents import HERE

NOBODY = 65534
PROJECT = HERE.parents[1]
SECONDS = 120


class Person:
    """A home, a settings folder of LibreOffice in it, and a Python that reads this project."""

    def __init__(self, home: Path, python: str, who: dict[str, Any]) -> None:
        self.home, self.python, self._who = home, python, who
        self.profile = home / "profile"

    def runs(self, command: Sequence[str | Path], **environment: str) -> str:
        """What a program says that is run by the person; it must end well."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COPRO"))}
        variables |= {
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home),
            "PYTHONPATH": _import_from(),
            **environment,
        }
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.home,
            env=variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            **self._who,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def asks(self, code: str, *arguments: str | Path) -> str:
        """What a piece of Python prints."""
        return self.runs([self.python, "-c", code, *arguments], PYTHONPATH=_import_from()).strip()

    def owns(self, file: Path) -> Path:
        """Hands a file or folder over to the person."""
        if self._who:
            os.chown(file, NOBODY, NOBODY)
        return file


def _import_from() -> str:
    return os.pathsep.join((str(PROJECT), sysconfig.get_path("purelib")))


@contextmanager
def person() -> Iterator[Person | None]:
    """The person who runs the tests; in place of root somebody without rights. None: nobody else can read this."""
    with tempfile.TemporaryDirectory(prefix="copro-person-", ignore_cleanup_errors=True) as folder:
        root = os.geteuid() == 0
        who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if root else {}
        for python in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")):
            found = Person(Path(folder), python or "", who)
            found.owns(found.home)
            try:
                found.asks("import xl_addin, pydantic_core")
            except (AssertionError, OSError):
                continue
            yield found
            return
        yield None
