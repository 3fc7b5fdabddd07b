"""Reads the functions out of LibreOffice's types file (UNOIDL binary format), so that no LibreOffice tool is needed.

The file is a tree: a module (kind 0) holds names and the places of what they stand for; an interface (kind 5) holds
its bases, attributes and methods. Numbers are 32 bits, little-endian; a text is its length and its bytes, or, with the
length's highest bit set, the place where that same text was written before.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MODULE, _INTERFACE = 0, 5
_KIND = 0x1F
_ELSEWHERE = 0x8000_0000


class Types:
    """The interfaces in a types file: ``interfaces["copro.calc.XFunctions"]["COPRO_RATE"]`` are its parameters."""

    def __init__(self, file: Path) -> None:
        self.bytes = file.read_bytes()
        if not self.bytes.startswith(b"UNOIDL\xff\0"):
            raise ValueError(f"{file} is not a types file")
        self.interfaces: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._module(self._number(8), self._number(12), "")

    def _number(self, place: int) -> int:
        (number,) = struct.unpack_from("<I", self.bytes, place)
        return int(number)

    def _module(self, place: int, count: int, within: str) -> None:
        for entry in range(place, place + 8 * count, 8):
            start = self._number(entry)
            name = within + self.bytes[start : self.bytes.index(0, start)].decode()
            data = self._number(entry + 4)
            kind = self.bytes[data] & _KIND
            if kind == _MODULE:
                self._module(data + 5, self._number(data + 1), name + ".")
            elif kind == _INTERFACE:
                self.interfaces[name] = _Interface(self, data + 1).methods


class _Interface:
    def __init__(self, types: Types, place: int) -> None:
        self.types = types
        self.place = place
        for _ in range(self._number()):
            self._text()  # a base
        if self._number() or self._number():
            raise ValueError("optional bases and attributes are not ours")
        self.methods = dict(self._method() for _ in range(self._number()))

    def _method(self) -> tuple[str, list[tuple[str, str]]]:
        name, _result = self._text(), self._text()
        parameters = []
        for _ in range(self._number()):
            self.place += 1  # in or out
            parameter = self._text()
            parameters.append((parameter, self._text()))
        for _ in range(self._number()):
            self._text()  # an exception
        return name, parameters

    def _number(self) -> int:
        self.place += 4
        return self.types._number(self.place - 4)

    def _text(self) -> str:
        length = self._number()
        if length & _ELSEWHERE:
            start = (length & ~_ELSEWHERE) + 4
            return self.types.bytes[start : start + self.types._number(start - 4)].decode()
        self.place += length
        return self.types.bytes[self.place - length : self.place].decode()
