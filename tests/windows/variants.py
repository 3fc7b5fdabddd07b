"""Values as Excel's macros pass them to another program: VARIANTs, by the system's own library; runs on Windows only.

pywin32 cannot make an error value (it turns each into "omitted"), so Excel's place is taken without it.

In requests and answers, which are JSON: ``null`` is an empty cell, ``{"omitted": true}`` an argument left out, the text
of an error ("#N/A") an error cell, a list of rows a range.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_double, c_int32, c_int64, c_long, c_short, c_uint, c_ushort, c_void_p

EMPTY, I4, R8, BSTR, DISPATCH, ERROR, BOOL, VARIANT_TYPE, I8 = 0, 3, 5, 8, 9, 10, 11, 12, 20
ARRAY = 0x2000

OMITTED = -2147352572
ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}
METHOD = 1
EXCEPTION_OCCURRED = -2147352567


class Variant(Structure):
    """One value, 24 bytes."""

    _fields_ = (("type", c_ushort), ("reserved", c_ushort * 3), ("value", c_int64), ("more", c_int64))


class Bound(Structure):
    """The size of one dimension of an array."""

    _fields_ = (("count", c_uint), ("first", c_long))


class Parameters(Structure):
    """What a method is called with, the last argument first."""

    _fields_ = (("values", POINTER(Variant)), ("names", c_void_p), ("count", c_uint), ("named", c_uint))


class Failure(Structure):
    """What a method says about its failure."""

    _fields_ = (
        ("code", c_ushort),
        ("reserved", c_ushort),
        ("source", c_void_p),
        ("description", c_void_p),
        ("help_file", c_void_p),
        ("help_context", c_uint),
        ("more", c_void_p),
        ("fill_in", c_void_p),
        ("scode", c_int32),
    )


class ComError(Exception):
    """A call that did not come back: its code, and what the other side said."""

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code


def _library():
    library = ctypes.WinDLL("oleaut32")
    library.SysAllocStringLen.restype = c_void_p
    library.SysAllocStringLen.argtypes = (ctypes.c_wchar_p, c_uint)
    library.SysStringLen.argtypes = (c_void_p,)
    library.SafeArrayCreate.restype = c_void_p
    library.SafeArrayCreate.argtypes = (c_ushort, c_uint, POINTER(Bound))
    library.SafeArrayAccessData.argtypes = (c_void_p, POINTER(c_void_p))
    library.SafeArrayUnaccessData.argtypes = (c_void_p,)
    library.SafeArrayGetDim.argtypes = (c_void_p,)
    library.SafeArrayGetLBound.argtypes = library.SafeArrayGetUBound.argtypes = (c_void_p, c_uint, POINTER(c_long))
    library.VariantClear.argtypes = (POINTER(Variant),)
    return library


oleaut = _library()


# --- making --------------------------------------------------------------------------------------------------------


def variant(value: object) -> Variant:
    """A cell, a range (a list of rows) or an omitted argument, as Excel's macros have it."""
    if isinstance(value, list):
        return range_of(value)
    if isinstance(value, str):
        return Variant(ERROR, value=ERRORS[value] & 0xFFFFFFFF) if value in ERRORS else text(value)
    if isinstance(value, bool):
        return Variant(BOOL, value=0xFFFF if value else 0)
    if isinstance(value, int | float):
        return Variant(R8, value=c_int64.from_buffer(c_double(value)).value)
    return Variant(EMPTY) if value is None else Variant(ERROR, value=OMITTED & 0xFFFFFFFF)


def text(value: str) -> Variant:
    """A text, as UTF-16."""
    return Variant(BSTR, value=oleaut.SysAllocStringLen(value, len(value.encode("utf-16-le")) // 2))


def range_of(rows: list[list[object]]) -> Variant:
    """A range's values: an array of two dimensions that count from 1."""
    count, width = len(rows), len(rows[0])
    return _array([variant(rows[row][column]) for column in range(width) for row in range(count)], (count, width), 1)


def array_of(values: list[object]) -> Variant:
    """What the macro language's ``Array(…)`` gives: one dimension that counts from 0."""
    return _array([variant(value) for value in values], (len(values),), 0)


def _array(elements: list[Variant], counts: tuple[int, ...], first: int) -> Variant:
    bounds = (Bound * len(counts))(*[Bound(count, first) for count in counts])
    array = oleaut.SafeArrayCreate(VARIANT_TYPE, len(counts), bounds)
    start = c_void_p()
    oleaut.SafeArrayAccessData(array, byref(start))
    if elements:
        ctypes.memmove(start, (Variant * len(elements))(*elements), ctypes.sizeof(Variant) * len(elements))
    oleaut.SafeArrayUnaccessData(array)
    return Variant(ARRAY | VARIANT_TYPE, value=array)


# --- reading -------------------------------------------------------------------------------------------------------


def read(value: Variant, types: set[int]) -> object:
    """The value as JSON has it; its type, and those in it, are added to ``types``."""
    if value.type & ARRAY:
        return _rows(value, types)
    types.add(value.type)
    if value.type == R8:
        return c_double.from_buffer(c_int64(value.value)).value
    if value.type in (I4, I8):
        return (c_int32 if value.type == I4 else c_int64)(value.value).value
    if value.type == BOOL:
        return c_short(value.value).value != 0
    if value.type == BSTR:
        return ctypes.wstring_at(value.value, oleaut.SysStringLen(value.value)) if value.value else ""
    return None if value.type == EMPTY else {"type": value.type}


def _rows(value: Variant, types: set[int]) -> list[list[object]]:
    """An array's rows; one of a single dimension is a row, as in a sheet."""
    dimensions = oleaut.SafeArrayGetDim(value.value)
    counts = [_count(value.value, number + 1) for number in range(dimensions)]
    rows, columns = counts if dimensions == 2 else (1, counts[0])
    start = c_void_p()
    oleaut.SafeArrayAccessData(value.value, byref(start))
    elements = (Variant * (rows * columns)).from_address(start.value)
    answer = [[read(elements[column * rows + row], types) for column in range(columns)] for row in range(rows)]
    oleaut.SafeArrayUnaccessData(value.value)
    return answer


def _count(array: int, dimension: int) -> int:
    lowest, highest = c_long(), c_long()
    oleaut.SafeArrayGetLBound(array, dimension, byref(lowest))
    oleaut.SafeArrayGetUBound(array, dimension, byref(highest))
    return highest.value - lowest.value + 1


# --- calling -------------------------------------------------------------------------------------------------------

NO_NAME = (ctypes.c_byte * 16)()
_release = ctypes.WINFUNCTYPE(c_uint)(2, "Release")
_ids_of_names = ctypes.WINFUNCTYPE(c_long, c_void_p, POINTER(ctypes.c_wchar_p), c_uint, c_uint, POINTER(c_long))(
    5, "GetIDsOfNames"
)
_invoke = ctypes.WINFUNCTYPE(
    c_long, c_long, c_void_p, c_uint, c_ushort, POINTER(Parameters), POINTER(Variant), POINTER(Failure), c_void_p
)(6, "Invoke")


def call(server: int, method: str, *arguments: Variant) -> Variant:
    """Calls a method of an object, by its name, as the macro language does.

    Raises:
        ComError: it did not come back with an answer.
    """
    number = c_long()
    code = _ids_of_names(c_void_p(server), NO_NAME, byref(ctypes.c_wchar_p(method)), 1, 0, byref(number))
    if code < 0:
        raise ComError(code)
    backwards = (Variant * len(arguments))(*reversed(arguments))
    parameters = Parameters(backwards, None, len(arguments), 0)
    answer, failure = Variant(), Failure()
    code = _invoke(c_void_p(server), number, NO_NAME, 0, METHOD, byref(parameters), byref(answer), byref(failure), None)
    if code == EXCEPTION_OCCURRED:
        raise ComError(failure.scode, ctypes.wstring_at(failure.description) if failure.description else "")
    if code < 0:
        raise ComError(code)
    return answer


def clear(*values: Variant) -> None:
    """Gives back the memory of values."""
    for value in values:
        oleaut.VariantClear(byref(value))


def release(server: int) -> None:
    """Lets go of an object."""
    _release(c_void_p(server))
