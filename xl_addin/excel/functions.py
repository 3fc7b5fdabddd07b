"""Every function of the catalogue, decorated for xlwings in Excel for Windows.

The add-in's wrappers turn the error texts that come back into true errors, and make a cell volatile where today counts.
"""

from __future__ import annotations

import xlwings

from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import serial
from xl_addin.xlwings_functions import Worksheet, help_language, registered, serial_1904

CATEGORY = "COPRO"


def worksheet_functions(*, date1904: bool = False) -> dict[str, Worksheet]:
    """Every function of the catalogue, for workbooks that count days from 1900 or from 1904."""
    language, show_date = help_language(), serial_1904 if date1904 else serial
    func = xlwings.func(category=CATEGORY)
    return {
        name: registered(function, language, func, date1904=date1904, show_date=show_date)
        for name, function in FUNCTIONS.items()
    }


globals().update(worksheet_functions())
__all__ = [*FUNCTIONS]  # noqa: PLE0604
