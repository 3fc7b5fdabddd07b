"""Calc's values <-> the values of `xl_addin.call`, with nothing of LibreOffice in it.

Calc keeps an error in a cell as a number: a NaN whose lowest bits hold the error's number. An add-in may hand such
numbers back, alone or anywhere inside an array, and Calc shows, exports and tests them as the true error. (An
exception shows an error too, but one that `ERROR.TYPE` does not know, and never for one element.)

A cell that holds nothing reaches an add-in as 0 when its address is the argument, and as "" inside a range. So the
formulas of a workbook to recalculate are given guards first (`xl_addin.calc.formulas`), which send the texts below.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from datetime import date
from typing import Final

from xl_addin.calc import marks
from xl_addin.calc.marks import BLANK, ERROR, MORE
from xl_addin.cells import DAY_ZERO, serial

#: Calc's number of each error of Excel, in the order of Excel's ``ERROR.TYPE`` (1 to 7).
ERROR_NUMBERS: Final = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
_CODES: Final = {number: code for code, number in ERROR_NUMBERS.items()}
_BY_TYPE: Final = tuple(ERROR_NUMBERS)
_NUMBER_BITS: Final = 0xFFFF


def error_value(code: str) -> float:
    """The number that Calc shows as the error ``code``; an error that Calc lacks (``#SPILL!``) is ``#VALUE!``."""
    return marks.error_value(ERROR_NUMBERS.get(code, ERROR_NUMBERS["#VALUE!"]))


def error_code(number: int) -> str:
    """Excel's error for Calc's error ``number``; those that Excel lacks (Err:502, …) are ``#VALUE!``, as exported."""
    return _CODES.get(number, "#VALUE!")


def argument(value: object) -> object:
    """One argument from Calc as `xl_addin.call` takes it: None, a number, text, an error's text, or a list of rows.

    A range of one cell is that cell, for Calc turns ``A2:A2`` into either.
    """
    if not isinstance(value, tuple | list):
        return _cell(value)
    rows = [[_cell(item) for item in row] if isinstance(row, tuple | list) else [_cell(row)] for row in value]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def evened(arguments: Sequence[object]) -> list[object]:
    """The arguments with ranges that go on to the end of the sheet as long as the longest of them."""
    going_on = [value for value in arguments if _goes_on(value)]
    rows = max((len(value) - 1 for value in going_on), default=0)  # type: ignore[arg-type]
    return [_filled(value, rows) if _goes_on(value) else value for value in arguments]  # type: ignore[arg-type]


def _goes_on(value: object) -> bool:
    return isinstance(value, tuple) and isinstance(value[-1], tuple) and value[-1][0] == MORE


def _filled(value: tuple[tuple[object, ...], ...], rows: int) -> tuple[tuple[object, ...], ...]:
    known = value[:-1]
    return (*known, *[(BLANK,) * len(value[-1])] * (rows - len(known)))


def _cell(value: object) -> object:
    if isinstance(value, float):
        return error_code(_error_number(value)) if math.isnan(value) else value
    if isinstance(value, str):
        if value in ("", BLANK):
            return None
        return _sent_error(value) if value.startswith(ERROR) else value
    return value


def _error_number(value: float) -> int:
    bits: int = struct.unpack("<Q", struct.pack("<d", value))[0]
    return bits & _NUMBER_BITS


def _sent_error(text: str) -> str:
    """The error that a guard sent: as Excel's ``ERROR.TYPE``, or as Calc's own number of it, which is above 500."""
    sent = text.removeprefix(ERROR)
    number = int(sent) if len(sent) < 6 and sent.isdecimal() else 0
    return _BY_TYPE[number - 1] if 1 <= number <= len(_BY_TYPE) else error_code(number)


def result(value: object, day_zero: date = DAY_ZERO) -> tuple[tuple[object, ...], ...]:
    """What `xl_addin.call` gave, as rows of Calc's values; a single value is one row of one.

    ``day_zero`` is the workbook's: a date is the number of days since then.
    """
    rows = value if isinstance(value, list) else [[value]]
    shown = tuple(tuple(_shown(item, day_zero) for item in row) for row in rows)
    return shown if shown and shown[0] else (("",),)


def _shown(value: object, day_zero: date) -> object:
    if value is None:
        return ""  # a void inside an array would be shown as 0
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        number = float(value)
        return number if math.isfinite(number) else error_value("#NUM!")
    if isinstance(value, date):
        return serial(value, day_zero)
    return error_value(str(getattr(value, "code", "#VALUE!")))
