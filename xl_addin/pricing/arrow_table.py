"""A block of rows in Arrow's memory, read where it stands: NumPy looks at the same bytes.

Where the arithmetic on a whole column could read a cell otherwise than `xl_addin.cells` does, the cell is read by
itself. Arrow's own ``to_numpy`` would import pandas where that is installed, and many a method ``pyarrow.compute``:
both take longer than a short register, so they are asked only where the bytes alone do not say it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa

from core.batch import DAY_ONLY
from core.batch.columns import Ints, Mask
from core.units import DAY
from xl_addin import columns
from xl_addin.catalogue import kinds
from xl_addin.cells import HIGHEST_COUNT, Cell, without_noise
from xl_addin.columns import SCALES, Scale
from xl_addin.pricing.fields import Header, RegisterError
from xl_addin.pricing.tables import A_DAY, KINDS, LEFT_OUT, Coded, Column, read_cell
from xl_addin.session import Session

EPOCH: Final = date(1970, 1, 1).toordinal()
PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_COUNT: Final = Scale(1, HIGHEST_COUNT)
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
Array = Any
"""An array of Arrow, without chunks."""


class ArrowTable:
    """Rows held as Arrow arrays.

    Args:
        arrays: the columns that are understood.
        size: how many rows there are.
    """

    def __init__(self, arrays: Mapping[str, Array], size: int) -> None:
        self.size = size
        self._arrays = {field: plain(array) for field, array in arrays.items()}

    def cell(self, field: str, row: int) -> Cell:
        """A cell, blank where there is no such column."""
        array = self._arrays.get(field)
        return None if array is None else as_cell(array[row])

    def blank_rows(self) -> Sequence[int]:
        """The rows in which no column that is understood holds anything."""
        found: list[int] | None = None
        for array in self._arrays.values():
            if found is None:
                if not array.null_count and not _may_be_text(array.type):
                    return ()
                found = np.flatnonzero(_blank(array)).tolist()
            elif found:
                empty = _blank(array)
                found = [row for row in found if empty[row]]
        return found or ()

    def coded(self, field: str) -> Coded | None:
        """A column of codes; nothing when there is none."""
        array = self._arrays.get(field)
        if array is None or not len(array):
            return None
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode(null_encoding="encode")
        values = [as_cell(value) for value in array.dictionary]
        indices = array.indices
        places = _values(indices, _of_numbers(indices.type)).astype(np.int64)
        if indices.null_count:
            places[_missing(indices)] = len(values)
            values.append(None)
        return Coded(values, places)

    def numbers(self, field: str, session: Session) -> Column | None:
        """A column of numbers, or the starts; nothing when there is none or nothing is in it."""
        array = self._arrays.get(field)
        if array is None:
            return None
        required = field in ("start", "hours")
        if not required and array.null_count == len(array):
            return None
        nothing = A_DAY if field == "start" else (LEFT_OUT.get(field, 0),)
        with np.errstate(over="ignore", invalid="ignore"):  # such cells are read by themselves below
            *parts, unsure = (_starts if field == "start" else _numbers)(array, field, session)
        if array.null_count:
            missing = _missing(array)
            for part, number in zip(parts, nothing, strict=True):
                part[missing] = number
            unsure = unsure | missing if required else unsure & ~missing
        return Column(tuple(parts), self._by_itself(field, np.flatnonzero(unsure).tolist(), parts, session))

    def _by_itself(self, field: str, rows: Sequence[int], parts: Sequence[Ints], session: Session) -> list[int]:
        """Reads some cells one by one; gives the rows that cannot be read."""
        unread = []
        known: dict[Cell, tuple[int, ...] | None] = {}
        for row in rows:
            cell = self.cell(field, row)
            if cell not in known:
                known[cell] = read_cell(field, cell, session)
            found = known[cell]
            if found is None:
                unread.append(row)
            for part, number in zip(parts, found or (A_DAY if field == "start" else (0,)), strict=True):
                part[row] = number
        return unread


def check_zone(schema: Any, found: Header, file: str) -> None:  # noqa: ANN401 - a schema of Arrow
    """Refuses starts in a time zone: the rules know the clock of Brussels only.

    Raises:
        RegisterError: the starts have one.
    """
    kind = schema.field(found.fields["start"]).type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        raise RegisterError("start_zone", file=file, column=found.shown("start"), zone=kind.tz)


def plain(array: Array) -> Array:
    """An array as the readers know it: in one piece, texts with 32-bit offsets, decimals of 16 bytes."""
    array = _in_one_piece(array)
    if pa.types.is_dictionary(array.type):
        if _is_text(array.type.value_type):
            return pa.DictionaryArray.from_arrays(array.indices, plain(array.dictionary))
        array = array.dictionary_decode()
    kind = array.type
    if _is_text(kind) and not pa.types.is_string(kind):  # a cast imports every kernel of Arrow
        return array.cast(pa.string())
    if pa.types.is_decimal32(kind) or pa.types.is_decimal64(kind):
        return array.cast(pa.decimal128(18, kind.scale))
    if pa.types.is_nested(kind) or pa.types.is_run_end_encoded(kind):  # as no cell holds it
        return pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    return array


def _in_one_piece(array: Array) -> Array:
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    return array.storage if isinstance(array, pa.ExtensionArray) else array


def _is_text(kind: Any) -> Any:  # noqa: ANN401 - a type of Arrow
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _may_be_text(kind: Any) -> Any:  # noqa: ANN401
    return pa.types.is_string(kind) or pa.types.is_dictionary(kind)


def as_cell(value: Any) -> Any:  # noqa: ANN401 - a scalar of Arrow
    """A value as a spreadsheet has it; what no cell can hold is told by its text."""
    if pa.types.is_timestamp(value.type) and value.is_valid:
        return _instant(value)
    try:
        held = value.as_py()
    except OverflowError:  # a date past the calendar
        return str(value.value)
    if held is None or isinstance(held, bool | int | float | str | date | Decimal):
        return held
    return str(held)


def _instant(value: Any) -> Cell:  # noqa: ANN401
    """A timestamp, to the microsecond; in a time zone it is refused by whoever reads it."""
    microseconds = value.value * 10**6 // PER_SECOND[value.type.unit]
    try:
        found = datetime(1970, 1, 1) + timedelta(microseconds=microseconds)
    except OverflowError:
        return str(microseconds)
    return found if value.type.tz is None else value.cast(pa.timestamp("us", value.type.tz)).as_py()


def _blank(array: Array) -> Mask:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if not pa.types.is_string(array.type):
        return _missing(array)
    import pyarrow.compute as pc

    return _bits(pc.fill_null(pc.equal(array, ""), fill_value=True), 1)


def _missing(array: Array) -> Mask:
    """The rows in which nothing stands."""
    if array.buffers()[0] is None:  # none is missing, or the type says it otherwise
        return _bits(array.is_null(), 1)
    return ~_bits(array, 0)


def _bits(array: Array, which: int) -> Mask:
    """What one of an array's buffers has a bit for in each row: whether it is valid, or a truth value."""
    if not len(array):
        return np.zeros(0, np.bool_)
    held = np.frombuffer(array.buffers()[which], np.uint8)
    bits = np.unpackbits(held, count=array.offset + len(array), bitorder="little")
    return bits[array.offset :].view(np.bool_)


def _all_unsure(array: Array, parts: int) -> tuple[Any, ...]:
    return (*(np.zeros(len(array), np.int64) for _ in range(parts)), np.ones(len(array), np.bool_))


def _values(array: Array, kind: Any) -> Any:  # noqa: ANN401
    """The values as NumPy sees them, without a copy; where nothing stands, whatever the bytes say."""
    buffer = array.buffers()[1]
    return (
        np.frombuffer(buffer, kind, len(array), array.offset * np.dtype(kind).itemsize)
        if len(array)
        else np.zeros(0, kind)
    )


def _of_numbers(kind: Any) -> Any:  # noqa: ANN401 - types of Arrow and of NumPy
    """What NumPy calls a type of numbers; Arrow's own answer would import pandas."""
    letter = "f" if pa.types.is_floating(kind) else "i" if pa.types.is_signed_integer(kind) else "u"
    return np.dtype(f"{letter}{kind.bit_width // 8}")


# --- starts --------------------------------------------------------------------------------------------------------


def _starts(array: Array, field: str, session: Session) -> tuple[Ints, Ints, Mask]:
    kind = array.type
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return _timestamps(_values(array, np.int64), PER_SECOND[kind.unit])
    if pa.types.is_date32(kind):
        return _dates(_values(array, np.int32).astype(np.int64))
    if pa.types.is_date64(kind):  # milliseconds; those of a time of day do not count
        return _dates(_values(array, np.int64) // 86_400_000)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return columns.moments(_floats(array), session)
    return _all_unsure(array, 2)


def _dates(days: Ints) -> tuple[Ints, Ints, Mask]:
    """Days of days counted from 1970."""
    return _possible(days + EPOCH, np.full(len(days), DAY_ONLY))


def _timestamps(values: Ints, per_second: int) -> tuple[Ints, Ints, Mask]:
    """Days and times of timestamps; exactly midnight is a date without a time, as it is in a cell."""
    per_day = 86_400 * per_second
    days = values // per_day
    times = values - days * per_day
    if per_second > 10**6:
        times //= per_second // 10**6
    elif per_second < 10**6:
        times *= 10**6 // per_second
    times += (times == 0) * DAY_ONLY
    days += EPOCH
    return _possible(days, times)


def _possible(days: Ints, times: Ints) -> tuple[Ints, Ints, Mask]:
    """Days outside the calendar are left to the reader of cells."""
    unsure = (days < _FIRST) | (days > _LAST)
    if unsure.any():
        days, times = np.where(unsure, 1, days), np.where(unsure, DAY_ONLY, times)
    return days, times, unsure


assert DAY == 86_400 * 10**6


# --- numbers -------------------------------------------------------------------------------------------------------


def _numbers(array: Array, field: str, session: Session) -> tuple[Ints, Mask]:
    kind, count = array.type, KINDS[field] is kinds.COUNT
    scale = _COUNT if count else SCALES[KINDS[field]]
    if pa.types.is_floating(kind):
        floats = _floats(array)
        return columns.counts(floats) if count else columns.numbers(floats, scale)
    if pa.types.is_integer(kind):
        return _whole(_values(array, _of_numbers(kind)), scale)
    if pa.types.is_decimal128(kind):
        read, unsure = _decimals(array, scale)
        return (without_noise(read) if scale.noisy else read), unsure
    return _all_unsure(array, 1)


def _floats(array: Array) -> columns.Floats:
    return _values(array, _of_numbers(array.type)).astype(np.float64, copy=False)


def _whole(values: Any, scale: Scale) -> tuple[Ints, Mask]:  # noqa: ANN401
    """Whole numbers in the units of a column."""
    unsure = values > scale.highest
    if values.dtype.kind == "i":
        unsure |= values < 0
    return np.where(unsure, 0, values).astype(np.int64) * scale.per_unit, unsure


def _decimals(array: Array, scale: Scale) -> tuple[Ints, Mask]:
    """Decimals of up to 18 digits; those that are not whole units are read by themselves."""
    pairs = _values(array, np.dtype((np.int64, 2)))
    low, high = pairs[:, 0], pairs[:, 1]
    per_one = 10**array.type.scale if array.type.scale >= 0 else 0
    if not per_one or per_one > 10**18:
        return _all_unsure(array, 1)
    unsure = (high != 0) | (low < 0) | (low // per_one >= scale.highest)
    if scale.per_unit % per_one == 0:
        return np.where(unsure, 0, low) * (scale.per_unit // per_one), unsure
    if per_one % scale.per_unit == 0:
        parts = per_one // scale.per_unit
        whole = low // parts
        unsure |= whole * parts != low
        return np.where(unsure, 0, whole), unsure
    return _all_unsure(array, 1)
