"""The command that starts the Python server of the Excel add-in; the add-in's macros hold the same text.

xlwings' library starts it, and puts the class under which the server is to answer in the place of ``$(CLSID)``.
"""

from __future__ import annotations

SERVE = "import xlwings; xlwings.serve('$(CLSID)')"
OPTIONS = "-I -B"
"""Isolated: Python must not look for modules in Excel's current folder, nor follow the user's PYTHON… variables."""


def server_command(interpreter: str, attempt: int = 1) -> str:
    """The command line that starts the server with ``interpreter``, a path on Windows.

    The library keeps one server for each text. After a failure the add-in makes another attempt with a number behind
    the command, which Python ignores, so that it never waits for a server that is gone.
    """
    again = f" {attempt}" if attempt > 1 else ""
    return f'"{interpreter}" {OPTIONS} -c "{SERVE}"{again}'
