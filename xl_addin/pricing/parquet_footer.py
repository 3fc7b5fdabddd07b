"""The footer of a Parquet file, moved: what it says stands at a place, it says stands so many bytes further.

A footer is one structure in Thrift's compact protocol; its fields, and so which of them are places in the file, are
those of the format. All others are copied as they are, also those that are not known here.
"""

from __future__ import annotations

from typing import Final

_ROW_GROUP, _COLUMN, _PAGES = (4,), (4, 1), (4, 1, 3)
_OFFSETS: Final = frozenset(
    {(*_ROW_GROUP, 5), (*_COLUMN, 2), (*_COLUMN, 4), (*_COLUMN, 6), *((*_PAGES, field) for field in (9, 10, 11, 14))}
)
"""The fields that are places in the file, each by the fields it is in."""
_BOOLEANS, _WHOLE, _BYTES, _LISTS, _STRUCT = (1, 2), (4, 5, 6), 8, (9, 10), 12
_SIZES: Final = {1: 1, 2: 1, 3: 1, 7: 8}
"""The bytes of what is always as long: truth values in a list, bytes, floats."""
_MANY: Final = 15
"""In the head of a list: how many there are follows."""


def moved(footer: bytes, by: int) -> bytes:
    """A footer in which every place is so many bytes further.

    Raises:
        ValueError: it is no footer.
    """
    copy = _Copy(footer, by)
    copy.struct(())
    if copy.at != len(footer):
        raise ValueError(f"a footer of {copy.at} bytes in {len(footer)}")
    return bytes(copy.made)


class _Copy:
    """A footer while it is copied, field by field."""

    def __init__(self, footer: bytes, by: int) -> None:
        self._given, self._by = footer, by
        self.at = 0
        self.made = bytearray()

    def _bytes(self, count: int) -> int:
        """Copies bytes; gives the last."""
        self.made += self._given[self.at : self.at + count]
        self.at += count
        if self.at > len(self._given):
            raise ValueError("a footer without an end")
        return self.made[-1]

    def _number(self) -> int:
        """Copies a number of variable length: seven bits in each byte, the lowest first; the last is below 128."""
        number, bits = 0, 0
        while (byte := self._bytes(1)) > 127:
            number |= (byte & 127) << bits
            bits += 7
        return number | byte << bits

    def struct(self, path: tuple[int, ...]) -> None:
        """Copies a structure that is in these fields."""
        field = 0
        while head := self._bytes(1):
            field = field + (head >> 4) if head >> 4 else self._number() >> 1
            if head & 15 not in _BOOLEANS:  # these are in the head
                self._value(head & 15, (*path, field))

    def _value(self, kind: int, path: tuple[int, ...]) -> None:
        if kind in _WHOLE:
            self._whole(path)
        elif kind in _LISTS:
            self._list(path)
        elif kind == _STRUCT:
            self.struct(path)
        else:
            if kind != _BYTES and kind not in _SIZES:
                raise ValueError(f"a footer with a value of type {kind}")
            self._bytes(self._number() if kind == _BYTES else _SIZES[kind])

    def _list(self, path: tuple[int, ...]) -> None:
        head = self._bytes(1)
        for _ in range(self._number() if head >> 4 == _MANY else head >> 4):
            self._value(head & 15, path)

    def _whole(self, path: tuple[int, ...]) -> None:
        begin = len(self.made)
        number = self._number()
        if number and path in _OFFSETS:  # 0 says that there is none
            del self.made[begin:]
            number += 2 * self._by  # the lowest bit is the sign
            while number > 127:
                self.made.append(number & 127 | 128)
                number >>= 7
            self.made.append(number)
