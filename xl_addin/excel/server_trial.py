"""Starts the Python server as Excel does, calls one function through it, and ends it. For Windows only.

Run by the private environment's interpreter: ``python -m xl_addin.excel.server_trial pythonw.exe SECONDS``.
"""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from importlib import import_module

from xl_addin.excel.server_command import OPTIONS, SERVE

_MODULE, _FUNCTION, _HOURS, _CHARGED = "xl_addin.excel.functions", "COPRO_HOURS_CHARGED", 3.5, 4


def main(program: str, seconds: float) -> None:
    """Raises whatever is wrong with the server."""
    server_class = f"{{{uuid.uuid4()}}}"
    serve = SERVE.replace("$(CLSID)", server_class)
    server = subprocess.Popen([program, *OPTIONS.split(), "-c", serve])  # noqa: S603 - the environment's own
    try:
        answer = _connected(server_class, server, time.monotonic() + seconds).CallUDF(_MODULE, _FUNCTION, (_HOURS,))
        if answer != _CHARGED:
            msg = f"{_FUNCTION}({_HOURS}) = {answer!r}"
            raise ValueError(msg)
    finally:
        server.kill()
        server.wait()


def _connected(server_class: str, server: subprocess.Popen[bytes], until: float):  # type: ignore[no-untyped-def] # noqa: ANN202
    """The server's object, as soon as the server offers it."""
    com, dispatch = import_module("pythoncom"), import_module("win32com.client").Dispatch
    while True:
        try:
            found = com.CoCreateInstance(server_class, None, com.CLSCTX_LOCAL_SERVER, com.IID_IDispatch)
        except com.com_error:
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return dispatch(found)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
