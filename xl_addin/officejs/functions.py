"""Every function of the catalogue, decorated for xlwings Lite and xlwings Server.

Codes have no drop-down: a parameter with one takes a single text, so that neither a column of codes nor an error cell
could be given any more. The codes are in the help of the argument.
"""

from __future__ import annotations

from datetime import date

from xlwings import func

from xl_addin.catalogue import FUNCTIONS
from xl_addin.xlwings_functions import Worksheet, help_language, registered, serial_1904


def worksheet_functions(*, date1904: bool = False) -> dict[str, Worksheet]:
    """Every function of the catalogue, for workbooks that count days from 1900 or from 1904.

    Office.js cannot make a cell volatile depending on its arguments: a function for which today can count always is.
    """
    language, show_date = help_language(), serial_1904 if date1904 else _as_date
    return {
        name: registered(
            function, language, func(volatile=bool(function.clock)), date1904=date1904, show_date=show_date
        )
        for name, function in FUNCTIONS.items()
    }


def _as_date(day: date) -> object:
    """As it is: xlwings makes the serial number, counted from 1900, and lets Excel show it as a date."""
    return day


globals().update(worksheet_functions())
__all__ = [*FUNCTIONS]  # noqa: PLE0604
