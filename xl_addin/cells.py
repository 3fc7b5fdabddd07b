"""Spreadsheet values into core values and back: the only code that meets binary floats.

In: a number is read at fifteen significant digits, as the sheet itself does; an amount is exact cents, a duration exact
microseconds. Out: one division, on the way into the cell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from core.codes import code_named
from core.errors import CoproError, ImpossibleValue, InputError
from core.formats import LONGEST_SHOWN, label, one_line
from core.numeric import half_up_div
from core.texts import text
from core.trace import Value
from core.units import CENTS_PER_EURO, DAY, HOUR, KILOMETRE, MINUTE, POINTS_PER_WHOLE, SECOND, Moment, Unit
from core.vocabulary import DayType

if TYPE_CHECKING:
    from xl_addin.session import Session

ERROR_CODES = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


class CellError(NamedTuple):
    """A true spreadsheet error, with the reason for it and the argument and row it concerns."""

    code: str
    reason: CoproError | None = None
    argument: str = ""
    row: int = 0

    def message(self, language: str) -> str:
        """What was wrong, where, and what to do."""
        if self.reason is None:
            words = text("errors", "error_cell", language, code=self.code)
        else:
            words = self.reason.message(language)
        place = [self.argument] if self.argument else []
        if self.row:
            place.append(text("errors", "row", language, row=self.row))
        return f"{', '.join(place)}: {words}" if place else words


Cell = None | bool | int | float | str | date | CellError
Table = list[list[Cell]]


class ErrorCell(Exception):
    """An error cell was given: it comes out as it came in."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def blank(value: object) -> bool:
    """Whether a cell is empty (a formula's empty text counts)."""
    return value is None or (isinstance(value, str) and not value)


SAFE_INTEGER = 2**53
"""Below it every whole number is a float of its own."""
_SHOWN = (str, float, Decimal, Fraction, date)


def as_written(value: object) -> str:
    """A value as a message shows it: what people can have typed, and "…" for anything else.

    A whole number has no decimals, for a front may hand over 2 where another hands over 2.0.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < SAFE_INTEGER:
        return str(int(value))
    if isinstance(value, _SHOWN) or (isinstance(value, int) and abs(value) < 10**LONGEST_SHOWN):
        return one_line(str(value))
    return "…"


# --- out -----------------------------------------------------------------------------------------------------------


def cell(value: Value, unit: Unit, language: str) -> Cell:
    """A core value as a cell shows it: euro, hours, a fraction for a percentage, a date, a label."""
    if unit is Unit.DATE or unit is Unit.TEXT:
        assert isinstance(value, date | str)
        return value
    if unit is Unit.CODE:
        group, _, code = str(value).partition(":")
        return label(group, code, language)
    assert isinstance(value, int | Fraction)
    if unit is Unit.NUMBER or unit is Unit.YEAR:
        return int(value)
    if unit is Unit.PERCENT:
        return float(Fraction(value, POINTS_PER_WHOLE))
    if isinstance(value, int):
        return value / unit.per_whole
    return float(unit.exact(value))


# --- in: numbers ---------------------------------------------------------------------------------------------------


def decimal(value: object) -> Decimal:
    """A number as the sheet shows it: fifteen significant digits.

    Raises:
        InputError: not a number.
        ImpossibleValue: not finite.
    """
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        raise _not(value, "number_expected_cell")
    exact = Decimal(f"{value:.15g}" if isinstance(value, float) else value)
    if not exact.is_finite():
        raise ImpossibleValue("number_not_finite")
    if abs(exact) > HIGHEST_OF_ALL:
        key = "number_is_negative" if exact < 0 else "number_too_large"
        raise ImpossibleValue(key, value=as_written(value), highest=HIGHEST_AMOUNT)
    return exact if abs(exact) > LOWEST_OF_ALL else Decimal(0)


_NUMBERS = (float, int, Decimal)


def _not(value: object, key: str) -> InputError | ErrorCell:
    """The refusal of a value of the wrong type; an error cell comes out as itself."""
    if isinstance(value, CellError):
        return ErrorCell(value.code)
    if isinstance(value, str) and value in ERROR_CODES:
        return ErrorCell(value)
    return InputError(key, value=as_written(value))


def _from_zero(value: object, highest: int) -> Decimal:
    """A number from 0 up to ``highest``, exactly."""
    exact = decimal(value)
    if exact < 0:
        raise ImpossibleValue("number_is_negative", value=exact)
    if exact > highest:
        raise ImpossibleValue("number_too_large", value=exact, highest=highest)
    return exact


def _units(value: object, per_unit: int, highest: int) -> int:
    """A number from 0 up to ``highest``, in whole units of which ``per_unit`` make one; half a unit goes up."""
    if isinstance(value, float) and 0 <= value <= highest:
        whole = round(value * per_unit)
        if whole / per_unit == value:
            return whole
    exact = _from_zero(value, highest)
    numerator, denominator = exact.as_integer_ratio()
    return half_up_div(numerator * per_unit, denominator)


HIGHEST_OF_ALL, LOWEST_OF_ALL = 10**30, Decimal("1e-30")
"""Beyond the one a number is refused, below the other it is 0: arithmetic with millions of digits would never end."""
HIGHEST_AMOUNT = 1_000_000_000_000
HIGHEST_COUNT = 10_000
HIGHEST_KM = 100_000
HIGHEST_HOURS_ABROAD = 1_000
HIGHEST_PRESENCE = 1_000_000
LOWEST_INDEX, HIGHEST_INDEX = Decimal("0.000001"), 1_000_000_000
HIGHEST_QUANTITY = 1_000_000_000
NOISE = 5
"""Microseconds by which ``(end-start)*24`` can miss a whole millisecond."""
MILLISECOND = SECOND // 1000


def money(value: object, session: Session) -> int:
    """An amount in cents."""
    return _units(value, CENTS_PER_EURO, HIGHEST_AMOUNT)


def kilometres(value: object, session: Session) -> int:
    """A distance in millimetres."""
    return _units(value, KILOMETRE, HIGHEST_KM)


def without_noise(microseconds: int) -> int:
    """A duration as the clock shows it: on the millisecond where it is next to one; ``int`` or array."""
    missed = microseconds - (microseconds + MILLISECOND // 2) // MILLISECOND * MILLISECOND
    return microseconds - missed * (abs(missed) <= NOISE)


def hours(value: object, session: Session) -> int:
    """Decimal hours of presence in microseconds; the regulation says how long an inspection can last."""
    return without_noise(_units(value, HOUR, HIGHEST_PRESENCE))


def hours_abroad(value: object, session: Session) -> int:
    """Decimal hours of travel in microseconds."""
    return without_noise(_units(value, HOUR, HIGHEST_HOURS_ABROAD))


def _whole(value: object, lowest: int, highest: int) -> int:
    exact = decimal(value)
    if exact != exact.to_integral_value():
        raise ImpossibleValue("whole_number_expected", value=exact)
    if exact < lowest:
        raise ImpossibleValue("number_too_small", value=exact, lowest=lowest)
    if exact > highest:
        raise ImpossibleValue("number_too_large", value=exact, highest=highest)
    return int(exact)


def count(value: object, session: Session) -> int:
    """A whole number of trips, nights or applications."""
    return _whole(value, 0, HIGHEST_COUNT)


def year(value: object, session: Session) -> int:
    """A calendar year."""
    return _whole(value, 1900, 9999)


def quarter(value: object, session: Session) -> int:
    """A quarter, 1 to 4."""
    return _whole(value, 1, 4)


def quantity(value: object, session: Session) -> Fraction:
    """A quantity of units, exactly."""
    return Fraction(_from_zero(value, HIGHEST_QUANTITY))


def exact_amount(value: object, session: Session) -> Decimal:
    """An amount with all its decimals."""
    return _from_zero(value, HIGHEST_AMOUNT)


def index(value: object, session: Session) -> Decimal:
    """An index, more than 0."""
    exact = decimal(value)
    if exact <= 0:
        raise ImpossibleValue("number_not_above_zero", value=exact)
    if exact < LOWEST_INDEX:
        raise ImpossibleValue("number_too_small", value=exact, lowest=LOWEST_INDEX)
    if exact > HIGHEST_INDEX:
        raise ImpossibleValue("number_too_large", value=exact, highest=HIGHEST_INDEX)
    return exact


# --- in: dates -----------------------------------------------------------------------------------------------------

FIRST_SERIAL, LAST_SERIAL = 1, 2_958_465
LEAP_BUG = 60
DAY_ZERO = date(1899, 12, 30)
"""The day 0 of a sheet that counts from 1900."""
_ORDINAL_ZERO = DAY_ZERO.toordinal()
DAYS_BEFORE_1904 = 1462

_CLOCK = r"(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?"
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)" + _CLOCK, re.ASCII)
_BELGIAN = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})" + _CLOCK, re.ASCII)


def moment(value: object, session: Session) -> Moment:
    """A date, with its time of day where it has one.

    A serial or a ``datetime`` at exactly midnight is a date without a time; text that says 00:00 means midnight.

    Raises:
        InputError: not a date, or text that cannot be read as one.
        ImpossibleValue: outside the sheet's calendar.
    """
    if isinstance(value, float | int) and not isinstance(value, bool):
        return of_serial(value, date1904=session.date1904)
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise InputError("date_with_zone", value=as_written(value))
        time = (value.hour * HOUR + value.minute * MINUTE + value.second * SECOND + value.microsecond) or None
        return Moment(value.date(), time)
    if isinstance(value, date):
        return Moment(value)
    raise _not(value, "date_expected")


def day(value: object, session: Session) -> date:
    """A date; its time of day, if any, does not matter."""
    return moment(value, session).day


def of_serial(serial: float, *, date1904: bool) -> Moment:
    """A serial, of a sheet that counts its days from 1900 or from 1904.

    Raises:
        ImpossibleValue: outside the sheet's calendar.
    """
    if not -LAST_SERIAL <= serial <= LAST_SERIAL + 1:  # false for what is not a number, too
        raise ImpossibleValue("serial_out_of_range", value=as_written(serial))
    whole = math.floor(serial)
    time = without_noise(round((serial - whole) * DAY))
    if time >= DAY:
        whole, time = whole + 1, 0
    if date1904:
        whole += DAYS_BEFORE_1904
    if not FIRST_SERIAL <= whole <= LAST_SERIAL or whole == LEAP_BUG:
        raise ImpossibleValue("serial_out_of_range", value=as_written(serial))
    ordinal = _ORDINAL_ZERO + whole + (whole < LEAP_BUG)
    return Moment(date.fromordinal(ordinal), time or None)


def _of_text(value: str) -> Moment:
    written = value.strip()
    if match := _ISO.fullmatch(written):
        year, month, day, *clock = match.groups()
    elif match := _BELGIAN.fullmatch(written):
        day, _, month, year, *clock = match.groups()
    else:
        raise _not(value, "date_unreadable")
    try:
        return Moment(date(int(year), int(month), int(day)), _of_clock(clock))
    except ValueError:
        raise InputError("date_unreadable", value=as_written(value)) from None


def _of_clock(clock: list[str | None]) -> int | None:
    hour, minute, second, fraction = clock
    if hour is None:
        return None
    if int(hour) > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        raise ValueError(clock)
    whole = int(hour) * HOUR + int(minute or 0) * MINUTE + int(second or 0) * SECOND
    return whole + int((fraction or "0").ljust(6, "0"))


def serial(value: date, day_zero: date = DAY_ZERO) -> float:
    """A date, or a date and time, as a sheet counts it: days since its day 0."""
    if isinstance(value, datetime):
        midnight = datetime(day_zero.year, day_zero.month, day_zero.day)
        return (value - midnight) / timedelta(days=1)
    return float((value - day_zero).days)


# --- in: codes and names -------------------------------------------------------------------------------------------


def code(group: str) -> Callable[[object, Session], str]:
    """A reader of the codes of ``group``, by code or by name in any of the four languages."""

    def read(value: object, session: Session) -> str:
        if not isinstance(value, str) or value in ERROR_CODES:
            raise _not(value, "text_expected")
        return code_named(group, value)

    return read


def law(value: object, session: Session) -> str:
    """The year of a law: 1865 or 2002, as number or text, or its name."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = as_written(value)
    return code("LAW")(value, session)


def day_type(value: object, session: Session) -> DayType:
    """A kind of day."""
    return DayType(code("DAY_TYPE")(value, session))


def regulation(value: object, session: Session) -> str:
    """The id of a regulation, in any case."""
    if not isinstance(value, str) or value in ERROR_CODES:
        raise _not(value, "text_expected")
    return session.rulebook.regulation_id(value.strip())


def function_name(value: object, session: Session) -> str:
    """The name of a function, as written; whether there is one is for the call to say."""
    if isinstance(value, CellError) or (isinstance(value, str) and value in ERROR_CODES):
        raise _not(value, "text_expected")
    return as_written(value)


# --- in: ranges ----------------------------------------------------------------------------------------------------


def payments(value: object, session: Session) -> list[tuple[date, int]]:
    """A two-column range of dates and amounts; rows in which both are blank are skipped."""
    if isinstance(value, CellError) or not isinstance(value, list | tuple):
        raise _not(value, "payments_two_columns")
    found = []
    for number, row in enumerate(value, start=1):
        if isinstance(row, CellError) or not isinstance(row, list | tuple) or len(row) != 2:
            raise _not(row, "payments_two_columns")
        received, amount = row
        if blank(received) and blank(amount):
            continue
        if blank(received) or blank(amount):
            raise InputError("payment_half_filled", row=number)
        found.append((day(received, session), money(amount, session)))
    return found
