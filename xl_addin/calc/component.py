"""The add-in that LibreOffice loads: every catalogue function as a method, its help, and the guards' helper.

LibreOffice runs this file by its address, in its own Python, so it is told where the toolkit is:
``COPRO_PYTHON_PATH`` holds the folders to import from. ``COPRO_CALC_STATUS`` may name a file that gets the word
``ready`` once the functions are there (or why they refuse to start), and the traceback of anything unexpected.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [folder for folder in os.environ.get("COPRO_PYTHON_PATH", "").split(os.pathsep) if folder]


def _tell(text: str) -> None:
    """Adds ``text`` to the status file, where there is one."""
    if status := os.environ.get("COPRO_CALC_STATUS"):
        with Path(status).open("a", encoding="utf-8") as file:
            file.write(text + "\n")


try:
    import unohelper
    from com.sun.star.lang import Locale, XServiceInfo, XServiceName
    from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
    from copro.calc import XCells, XFunctions  # type: ignore[import-not-found]

    from xl_addin.calc import answer, helptexts, names
except Exception:
    _tell(traceback.format_exc())
    raise


class _AddIn(unohelper.Base, XAddIn, XCompatibilityNames, XServiceInfo, XServiceName):  # type: ignore[misc]
    """What Calc asks of any add-in: names and help, in the language of its screen."""

    service = ""

    def __init__(self, context: object) -> None:
        self.locale = Locale("en", "US", "")

    def setLocale(self, locale: Any) -> None:
        self.locale = locale

    def getLocale(self) -> Any:
        return self.locale

    def getProgrammaticFuntionName(self, display_name: str) -> str:
        """(The spelling is LibreOffice's.) A function is called the same in every language."""
        return display_name

    def getDisplayFunctionName(self, name: str) -> str:
        return name

    def getFunctionDescription(self, name: str) -> str:
        return helptexts.function_help(name, self.locale.Language)

    def getDisplayArgumentName(self, name: str, position: int) -> str:
        return helptexts.argument_name(name, position - 1)

    def getArgumentDescription(self, name: str, position: int) -> str:
        return helptexts.argument_help(name, position - 1, self.locale.Language)

    def getProgrammaticCategoryName(self, name: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, name: str) -> str:
        return "Add-In"

    def getCompatibilityNames(self, name: str) -> tuple[Any, ...]:
        """The names in Excel's files: without them ``=COPRO_…`` in an .xlsx is ``#NAME?``."""
        return (LocalizedName(Locale("en", "US", ""), name),)

    def getServiceName(self) -> str:
        return self.service

    def getImplementationName(self) -> str:
        return self.service + "AddIn"

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (names.ADD_IN_SERVICE, self.service)


class Functions(_AddIn, XFunctions):  # type: ignore[misc]
    """The catalogue's functions; each method takes the workbook and the arguments, all optional."""

    service = names.FUNCTIONS_SERVICE

    def __init__(self, context: object) -> None:
        super().__init__(context)
        _tell(answer.state())


class Cells(_AddIn, XCells):  # type: ignore[misc]
    """The guards' helper: a range as it is, blanks and errors included. Loaded only to recalculate a workbook."""

    service = names.CELLS_SERVICE

    def COPRO_CELLS(self, area: Any) -> tuple[tuple[object, ...], ...]:
        return answer.cells(area)


def _method(name: str) -> Callable[..., tuple[tuple[object, ...], ...]]:
    def method(self: Functions, workbook: Any, *arguments: object) -> tuple[tuple[object, ...], ...]:
        return answer.function_result(name, workbook, arguments, _tell)

    method.__name__ = name
    return method


def _add_methods(functions: Sequence[str]) -> None:
    for name in functions:
        setattr(Functions, name, _method(name))


#: For a range Calc first computes the cells in it, calling us from within a call of ours, hundreds deep if need be.
sys.setrecursionlimit(20_000)
_add_methods(names.functions())
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for this name
for _add_in in (Functions, Cells):
    g_ImplementationHelper.addImplementation(
        _add_in, _add_in.service + "AddIn", (names.ADD_IN_SERVICE, _add_in.service)
    )
