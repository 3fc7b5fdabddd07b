"""Spreadsheet columns into columns of core values: as `xl_addin.cells` reads a cell, many at a time.

Where arithmetic on a whole column could read a cell otherwise than `cells` does, the row is left to `cells`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from math import floor
from operator import mul, sub
from typing import TYPE_CHECKING, Any, NamedTuple

from core.batch import DAY_ONLY, Charge, Outcome, Place, fees_at
from core.batch.columns import CHUNK, ERRORS, Ints, Mask, numpy
from core.batch.situations import Memo
from core.errors import CoproError
from core.units import CENTS_PER_EURO, DAY, HOUR, KILOMETRE, Moment
from xl_addin import cells
from xl_addin.catalogue import kinds
from xl_addin.cells import DAYS_BEFORE_1904, LAST_SERIAL, LEAP_BUG, without_noise

if TYPE_CHECKING:
    from core.batch.situations import Situations
    from xl_addin.catalogue import Kind
    from xl_addin.session import Session

Floats = Any
"""An array of ``float64``; anything to the type checker, as `Ints` is."""
ORDINAL_ZERO = cells.DAY_ZERO.toordinal()
LARGEST_PRODUCT = 1e12
"""Below it fifteen digits and one multiplication leave a number within 1/100 of the unit it is read in."""
NEAR_WHOLE = 0.49
ON_THE_CLOCK = (cells.NOISE - 1) / cells.MILLISECOND
"""Milliseconds from a whole one within which `without_noise` makes it that one, whatever the last microsecond is."""


class Scale(NamedTuple):
    """How a kind of number is held: units in one, the highest there can be, and whether it is cleared of noise."""

    per_unit: int
    highest: int
    noisy: bool = False


SCALES: dict[Kind, Scale] = {
    kinds.MONEY: Scale(CENTS_PER_EURO, cells.HIGHEST_AMOUNT),
    kinds.KILOMETRES: Scale(KILOMETRE, cells.HIGHEST_KM),
    kinds.HOURS: Scale(HOUR, cells.HIGHEST_PRESENCE, noisy=True),
    kinds.HOURS_ABROAD: Scale(HOUR, cells.HIGHEST_HOURS_ABROAD, noisy=True),
}


def numbers(values: Floats, scale: Scale) -> tuple[Ints, Mask]:
    """Floats in whole units, and the rows that `cells` must read."""
    import numpy as np

    limit = min(LARGEST_PRODUCT, scale.highest * scale.per_unit)
    if scale.noisy and values.min(initial=0) >= 0 and values.max(initial=0) < limit / scale.per_unit:
        found = _on_the_clock(values * (scale.per_unit // cells.MILLISECOND))
        if found is not None:
            return found, np.zeros(len(values), np.bool_)
    with np.errstate(invalid="ignore", over="ignore"):
        exact = values * scale.per_unit
        whole = np.rint(exact)
        inside = (exact >= 0) & (exact < limit)
        sure = inside & (abs(exact - whole) < NEAR_WHOLE)
    if not sure.all():
        if scale.noisy:  # between two microseconds that the clock shows as the same millisecond, either will do
            rows = np.flatnonzero(inside & ~sure)
            below = np.floor(exact[rows]).astype(np.int64)
            sure[rows] = without_noise(below) == without_noise(below + 1)
        whole = np.where(sure, whole, 0)
    read = whole.astype(np.int64)
    return (without_noise(read) if scale.noisy else read), ~sure


def _on_the_clock(milliseconds: Floats) -> Ints | None:
    """Microseconds, where every number is next to a whole millisecond, as times and parts of hours mostly are."""
    import numpy as np

    whole = np.rint(milliseconds)
    near = abs(milliseconds - whole).max(initial=0) <= ON_THE_CLOCK
    return whole.astype(np.int64) * cells.MILLISECOND if near else None


def counts(values: Floats) -> tuple[Ints, Mask]:
    """Floats as whole numbers, and the rows that `cells` must read."""
    import numpy as np

    sure = (values >= 0) & (values <= cells.HIGHEST_COUNT) & (values == np.floor(values))
    return np.where(sure, values, 0).astype(np.int64), ~sure


def moments(serials: Floats, session: Session) -> tuple[Ints, Ints, Mask]:
    """Serials as days and times, and the rows that `cells` must read."""
    import numpy as np

    shift = DAYS_BEFORE_1904 * session.date1904
    first, last = LEAP_BUG + 1 - shift, LAST_SERIAL - shift
    doubtful = np.zeros(len(serials), np.bool_)
    if not (serials.min(initial=first) >= first and serials.max(initial=first) < last):
        doubtful = ~((serials >= first) & (serials < last))
        serials = np.where(doubtful, LEAP_BUG + 1, serials)
    whole = np.floor(serials)
    clock = serials - whole
    times: Ints = _on_the_clock(clock * (DAY // cells.MILLISECOND))
    if times is None:
        times = without_noise(np.rint(clock * DAY).astype(np.int64))
    days = whole.astype(np.int64) + (ORDINAL_ZERO + shift)
    if times.max(initial=0) >= DAY:
        next_day = times >= DAY
        days, times = days + next_day, times - next_day * DAY
    if not times.min(initial=1):
        times = times + (times == 0) * DAY_ONLY
    return days, times, doubtful


def moment(read: Moment) -> tuple[int, int]:
    """A start, as columns hold it."""
    return read.day.toordinal(), DAY_ONLY if read.time is None else read.time


# --- a register ----------------------------------------------------------------------------------------------------


def register(session: Session, starts: Floats, hours: Floats, charges: Ints) -> Outcome:
    """Prices a register of any length: what each row costs in cents, or which error it ends in.

    Args:
        session: the installation at work; its own site and the general regulation count.
        starts: serials, one a row.
        hours: decimal hours of presence; they count for inspections only.
        charges: `Charge` numbers.

    Arrays of ``float64`` and of whole numbers where NumPy is installed, or plain sequences of the same.
    """
    if numpy() is None:
        return _plain_register(session, starts, hours, charges)
    import numpy as np

    starts, hours, charges = np.asarray(starts, np.float64), np.asarray(hours, np.float64), np.asarray(charges)
    values, errors = np.empty(len(starts), np.int64), np.empty(len(starts), np.uint8)
    price = fees_at(session.rulebook, Place(session.site)).charge
    scale = SCALES[kinds.HOURS]
    for begin in range(0, len(starts), CHUNK):
        part = slice(begin, begin + CHUNK)
        days, times, doubtful = moments(starts[part], session)
        presence, unread = numbers(hours[part], scale)
        values[part], errors[part] = price(charges[part], days, times, presence)
        doubtful |= unread & (charges[part] == Charge.INSPECTION)
        for row in (np.flatnonzero(doubtful) + begin).tolist():
            case = float(starts[row]), float(hours[row]), int(charges[row])
            values[row], errors[row] = _one(session, *case)
    return Outcome(values, errors)


def _one(session: Session, start: float, hours: float, charge: int) -> tuple[int, int]:
    """One row of a register, read as cells are."""
    try:
        day, time = moment(cells.moment(start, session))
        presence = cells.hours(hours, session) if charge == Charge.INSPECTION else 0
        return fees_at(session.rulebook, Place(session.site)).charge.one(charge, day, time, presence), 0
    except CoproError as error:
        return 0, [kind.cell_code if kind else "" for kind in ERRORS].index(error.cell_code)


def _plain_register(
    session: Session, starts: Sequence[float], hours: Sequence[float], charges: Sequence[int]
) -> Outcome:
    rule = fees_at(session.rulebook, Place(session.site)).charge
    reading = _PlainReading(rule.situations, session)
    odd = _odd_rows(session, starts, hours)
    starts, hours, given = list(starts), list(hours), (starts, hours)
    for row in odd:
        starts[row] = hours[row] = float(LEAP_BUG + 1)
    whole = list(map(floor, starts))
    clock = map(round, map(mul, map(sub, starts, whole), repeat(float(DAY))))
    times = list(map(Memo(reading.time).__getitem__, clock))
    presence = list(map(Memo(reading.presence).__getitem__, hours))  # type: ignore[arg-type]
    for column in (times, presence):
        if min(column, default=0) == UNREAD:
            odd += [row for row, read in enumerate(column) if read == UNREAD]
    for row in odd:
        times[row] = presence[row] = 0
    found = rule.of_alike(charges, list(map(Memo(reading.day).__getitem__, whole)), times, presence)
    values: Ints = found.values
    errors: Ints = found.errors
    for row in odd:
        values[row], errors[row] = _one(session, given[0][row], given[1][row], charges[row])
    return found


UNREAD = -2
"""A time or a presence that `cells` must read."""


class _PlainReading:
    """How the parts of serials and the hours become cases that are alike."""

    def __init__(self, situations: Situations, session: Session) -> None:
        self._alike = situations
        self._session = session
        self._zero = ORDINAL_ZERO + DAYS_BEFORE_1904 * session.date1904

    def day(self, whole: int) -> int:
        """A day."""
        return self._alike.like_day(whole + self._zero)

    def time(self, microseconds: int) -> int:
        """A time of day; what is the next day already must be read by `cells`."""
        read = without_noise(microseconds) or DAY_ONLY
        return UNREAD if read == DAY else self._alike.like_time(read)

    def presence(self, written: float) -> int:
        """Hours of presence."""
        try:
            return self._alike.like_presence(cells.hours(written, self._session))
        except CoproError:
            return UNREAD


def _odd_rows(session: Session, starts: Sequence[float], hours: Sequence[float]) -> list[int]:
    """The rows in which something else than a serial and a number stands, or a day at the ends of the calendar."""
    shift = DAYS_BEFORE_1904 * session.date1904
    first, last = LEAP_BUG + 1 - shift, LAST_SERIAL - shift
    if set(map(type, starts)) | set(map(type, hours)) <= {float, int} and _all_between(starts, first, last):
        return []
    return [
        row
        for row, (start, lasting) in enumerate(zip(starts, hours, strict=True))
        if {type(start), type(lasting)} - {float, int} or not first <= start < last
    ]


def _all_between(values: Sequence[float], first: int, last: int) -> bool:
    return not values or (min(values) >= first and max(values) < last and sum(values) == sum(values))
