"""LibreOffice's programs: where they are, and how one is run and ended with all that it started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_LOOK_UP: Final = 0.2
"""Seconds after which a running program may be told to stop."""

_ASTRAY: Final = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
_SYSTEM: Final = ("/usr/bin", "/bin")


def libreoffice() -> Path | None:
    """LibreOffice's program (``soffice``), or None when it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Path(found) if found else None


def own_environment() -> dict[str, str]:
    """This process's environment, without what would lead LibreOffice's own Python astray.

    A distribution's LibreOffice embeds the distribution's Python, which takes its library from beside the first
    ``python3`` on the path: in an activated environment that is another Python's, and no function loads.
    """
    ours = {name: value for name, value in os.environ.items() if name not in _ASTRAY}
    if os.name == "posix":
        ours["PATH"] = os.pathsep.join([*_SYSTEM, ours.get("PATH", "")]).rstrip(os.pathsep)
    return ours


def run(
    command: Sequence[str], variables: Mapping[str, str], timeout: float, stop: threading.Event | None = None
) -> tuple[int, str]:
    """Runs a program of LibreOffice and gives its exit status and what it said.

    Whatever happens, it and everything it started has ended afterwards.

    Args:
        command: the program and its arguments.
        variables: its environment.
        timeout: in seconds.
        stop: ends it when set, by another thread: only the main one hears Ctrl-C.

    Raises:
        TimeoutError: it was not done in time.
        InterruptedError: ``stop`` was set.
    """
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
        said = _all_it_says(process, time.monotonic() + timeout, stop)
    finally:
        _end(process)
    return process.returncode, said.strip()


def _all_it_says(process: subprocess.Popen[str], until: float, stop: threading.Event | None) -> str:
    while True:
        try:
            return process.communicate(timeout=max(0.0, min(_LOOK_UP, until - time.monotonic())))[0]
        except subprocess.TimeoutExpired:
            if stop is not None and stop.is_set():
                raise InterruptedError from None
            if time.monotonic() >= until:
                raise TimeoutError from None


def _end(process: subprocess.Popen[str]) -> None:
    """Ends the program and whatever it started, also what outlived it."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):  # all have ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def last_line(said: str) -> str:
    """The last thing said: of a traceback that is the reason. A crash says more, so its first line counts."""
    lines = said.splitlines() or ["?"]
    return next((line for line in lines if line.startswith("Fatal exception")), lines[-1])
