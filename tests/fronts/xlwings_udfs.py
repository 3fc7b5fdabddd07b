"""xlwings' own user-defined functions, on Linux.

They need pywin32, which exists on Windows only. Empty stand-ins for it let the real `xlwings.udfs` run here: it reads
our decorated functions and converts arguments and results as it does in Excel.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import MagicMock, patch

import xlwings

FRONT = "xl_addin.excel.functions"
_WINDOWS_ONLY = (
    *("pythoncom", "pywintypes", "win32api", "win32com", "win32com.client", "win32com.server"),
    *("win32com.server.util", "win32con", "win32gui", "win32process", "win32timezone", "xlwings.com_server"),
)
_ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}
"""An error cell as COM hands it over."""


@contextmanager
def registered() -> Iterator[Any]:
    """The real `xlwings.udfs`, and our module registered with it; both as before afterwards."""
    stand_ins = {name: MagicMock() for name in _WINDOWS_ONLY}
    stand_ins["pywintypes"].TimeType = type("TimeType", (datetime,), {})
    stand_ins["pythoncom"].__file__ = "pythoncom.dll"
    libraries = {name: MagicMock() for name in ("oledll", "windll", "PyDLL") if not hasattr(ctypes, name)}
    before = {name: getattr(xlwings, name) for name in ("func", "arg", "ret")}
    front = importlib.import_module(FRONT)
    with patch.dict(sys.modules, stand_ins), patch.multiple(ctypes, create=True, PyDLL=MagicMock(), **libraries):
        windows = importlib.import_module("xlwings._xlwindows")
        windows.is_range_instance = lambda value: False
        with patch.object(xlwings, "_xlwindows", windows, create=True):
            real = importlib.import_module("xlwings.udfs")
            xlwings.engines.add(xlwings.main.Engine(impl=windows.engine))
            xlwings.func, xlwings.arg, xlwings.ret = real.xlfunc, real.xlarg, real.xlret
            try:
                importlib.reload(front)
                yield real
            finally:
                for name, decorator in before.items():
                    setattr(xlwings, name, decorator)
    for name in ("xlwings.udfs", "xlwings._xlwindows"):
        sys.modules.pop(name, None)
    importlib.reload(front)


def as_com(value: object) -> object:
    """An argument of `tests.fronts.cases` as the add-in's macros hand it over: rows are tuples, errors are numbers."""
    if isinstance(value, list):
        return tuple(as_com(item) for item in value)
    return _ERRORS.get(value, value) if isinstance(value, str) else value


def in_excel(udfs: Any, name: str, arguments: Sequence[object]) -> object:
    """What xlwings would hand to Excel: a single cell, or rows."""
    rows = udfs.call_udf(FRONT, name, tuple(map(as_com, arguments)))
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
