"""What is asked of Pyodide: each function gets what JavaScript has and gives JSON."""

from __future__ import annotations

import importlib
import json
import pkgutil
import platform
import sys
import time
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

FRONT = "xl_addin.officejs.functions"
FEE = ("COPRO_INSPECTION_FEE", [44991.6875, 3.5])


def functions(cases: list[tuple[str, list[object]]]) -> str:
    """What is registered, and what Excel gets for each call; with the figures of the fronts' data folder."""
    import os

    from tests.fronts.folder import data_folder

    os.environ["COPRO_DATA"] = str(data_folder(Path("/data")))
    from tests.officejs.lite import call_in_lite, lite, metadata, shown

    with lite(FRONT, f"{FRONT}_1904") as (front, front_1904):
        answers = [shown(call_in_lite(front, name, arguments)) for name, arguments in cases]
        told = {
            "python": platform.python_version(),
            "system": sys.platform,
            "registered": metadata(front),
            "registered_1904": metadata(front_1904),
            "due_1904": shown(call_in_lite(front_1904, "COPRO_DUE_DATE", [46037 - 1462])),
            "answers": answers,
        }
    return json.dumps(told)


def imports(packages: list[str]) -> str:
    """The modules of each package that cannot be imported, with the reason."""
    failed = {}
    for package in packages:
        found = importlib.import_module(package)
        inner = pkgutil.walk_packages(found.__path__, f"{package}.") if hasattr(found, "__path__") else ()
        for module in (package, *(info.name for info in inner)):
            try:
                importlib.import_module(module)
            except ImportError as error:
                failed[module] = str(error)
    return json.dumps({"failed": failed, "loaded": sorted(sys.modules)})


def main_py(task: dict[str, Any]) -> str:
    """A workbook's own main.py, run as Lite does; then calls of what it registers."""
    import xlwings

    from tests.officejs import lite

    xlwings.func, xlwings.arg = lite.func, lite.arg
    main = ModuleType("main")
    sys.modules["main"] = main
    exec(task["source"], main.__dict__)
    cells = [lite.shown(lite.call_in_lite(main, name, arguments)) for name, arguments in task["calls"]]
    import xl_addin

    return json.dumps({"registered": sorted(lite.metadata(main)), "cells": cells, "from": xl_addin.__file__})


def speed(_: object) -> str:
    """Seconds until the functions can be called, of the first call, and of one call among many."""
    begun = time.perf_counter()
    from xl_addin import Session, call

    session = Session.open(language="en")
    opened = time.perf_counter()
    name, arguments = FEE
    call(name, arguments, session)
    first = time.perf_counter()
    taken = []
    for _round in range(9):
        start = time.perf_counter()
        for _call in range(500):
            call(name, arguments, session)
        taken.append((time.perf_counter() - start) / 500)
    return json.dumps({"open": opened - begun, "first": first - opened, "call": median(taken)})
