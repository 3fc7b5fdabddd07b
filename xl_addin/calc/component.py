"""The add-in that LibreOffice loads: every catalogue function as a method, its help, and the guards' helper.

LibreOffice runs this file by its address, in its own Python (3.8 or later), from a folder that also holds what
`xl_addin.calc.contents` puts there: names and help of the functions, and where the toolkit is. The toolkit itself is
asked through `copro_link`. ``COPRO_CALC_STATUS`` may name a file that gets the word ``ready`` once the functions are
there (or why they refuse to start), and whatever goes wrong unexpectedly; without it that goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Rows = tuple[tuple[object, ...], ...]


def _tell(text: str) -> None:
    """Adds ``text`` to the status file, where there is one."""
    if status := os.environ.get("COPRO_CALC_STATUS"):
        with Path(status).open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    elif sys.stderr is not None:
        print("copro:", text, file=sys.stderr)


def _read(name: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return read


try:
    import copro_link  # type: ignore[import-not-found]
    import copro_marks  # type: ignore[import-not-found]
    import unohelper
    from com.sun.star.lang import Locale, XServiceInfo, XServiceName
    from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
    from copro.calc import XCells, XFunctions  # type: ignore[import-not-found]

    _WORDS = _read("functions.json")
    _TOOLKIT = copro_link.Link(_read("toolkit.json"))
except Exception:
    _tell(traceback.format_exc())
    raise

_FUNCTIONS = _WORDS["functions"]
#: Functions whose cells tell people why the toolkit cannot be reached; any other shows an error.
_TELL_WHY = ("COPRO_STATUS", "COPRO_EXPLAIN")
#: Calc knows a fixed list of categories; this is the one of interest, depreciation and discount.
_CATEGORY = "Financial"


class _AddIn(unohelper.Base, XAddIn, XCompatibilityNames, XServiceInfo, XServiceName):  # type: ignore[misc]
    """What Calc asks of any add-in: names and help, in the language of its screen."""

    service = ""

    def __init__(self, context: object) -> None:
        self.locale = Locale("en", "US", "")

    def setLocale(self, locale: Any) -> None:
        self.locale = locale

    def getLocale(self) -> Any:
        return self.locale

    def in_words(self, texts: Mapping[str, str]) -> str:
        """The text in the screen's language; English for one we do not have."""
        return texts.get(self.locale.Language) or texts["en"]

    def getProgrammaticFuntionName(self, display_name: str) -> str:
        """(The spelling is LibreOffice's.) A function is called the same in every language."""
        return display_name

    def getDisplayFunctionName(self, name: str) -> str:
        return name

    def getFunctionDescription(self, name: str) -> str:
        return self.in_words(_FUNCTIONS[name]["help"]) if name in _FUNCTIONS else ""

    def getDisplayArgumentName(self, name: str, position: int) -> str:
        return str(self._argument(name, position).get("name", ""))

    def getArgumentDescription(self, name: str, position: int) -> str:
        argument = self._argument(name, position)
        return self.in_words(argument["help"]) if argument else ""

    def _argument(self, name: str, position: int) -> Mapping[str, Any]:
        """An argument as it was written down; position 0 is the workbook, which nobody types."""
        arguments = _FUNCTIONS.get(name, {}).get("arguments", [])
        return arguments[position - 1] if 1 <= position <= len(arguments) else {}

    def getProgrammaticCategoryName(self, name: str) -> str:
        return _CATEGORY

    def getDisplayCategoryName(self, name: str) -> str:
        return _CATEGORY

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
        return ("com.sun.star.sheet.AddIn", self.service)


class Functions(_AddIn, XFunctions):  # type: ignore[misc]
    """The catalogue's functions; each method takes the workbook and the arguments, all optional."""

    service = "copro.calc.Functions"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        self.told_why = False
        if "COPRO_CALC_STATUS" in os.environ:
            _tell(_state())

    def answer(self, name: str, workbook: Any, arguments: Sequence[object]) -> Rows:
        """A function's answer; without the toolkit an error, and the reason where people look for one."""
        zero = workbook.getPropertyValue("NullDate")
        given = copro_marks.shortened(arguments)
        try:
            rows, trouble = _TOOLKIT.ask("answer", name, (zero.Year, zero.Month, zero.Day), given)
        except copro_link.Gone as gone:
            return self.without_toolkit(name, str(gone))
        if trouble:
            _tell(trouble)
        return rows  # type: ignore[no-any-return]

    def without_toolkit(self, name: str, reason: str) -> Rows:
        """``#NAME?``, as if there were no such function, and in those that explain things the reason."""
        why = self.in_words(_WORDS["gone"]).format(reason=reason)
        if not self.told_why:
            self.told_why = True
            _tell(why)
        return ((why if name in _TELL_WHY else copro_marks.error_value(copro_marks.NO_SUCH_FUNCTION),),)


def _state() -> str:
    try:
        state, _ = _TOOLKIT.ask("state")
    except copro_link.Gone as gone:
        return str(gone)
    return str(state)


class Cells(_AddIn, XCells):  # type: ignore[misc]
    """The guards' helper: a range as it is, blanks and errors included. Loaded only to recalculate a workbook."""

    service = "copro.calc.Cells"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        #: Calc first computes the cells of the range, calling us from within a call of ours, hundreds deep if need be.
        sys.setrecursionlimit(20_000)

    def COPRO_CELLS(self, area: Any) -> Rows:
        return copro_marks.cells(area)  # type: ignore[no-any-return]


def _method(name: str) -> Callable[..., Rows]:
    def method(self: Functions, workbook: Any, *arguments: object) -> Rows:
        return self.answer(name, workbook, arguments)

    method.__name__ = name
    return method


for _name in _FUNCTIONS:
    setattr(Functions, _name, _method(_name))
g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice looks for this name
for _add_in in (Functions, Cells):
    g_ImplementationHelper.addImplementation(
        _add_in, _add_in.service + "AddIn", ("com.sun.star.sheet.AddIn", _add_in.service)
    )
