"""The compression of VBA source and of the ``dir`` stream: MS-OVBA section 2.4.1.

A container is one signature byte and chunks of 4096 bytes. In a chunk, eight tokens follow one byte of flags: a literal
byte, or two bytes saying "copy so many bytes from so far back". The matches are those of the specification's own
algorithm; Excel finds fewer, so its containers are a little larger and say the same.
"""

from __future__ import annotations

from typing import Final

_CHUNK: Final = 4096
_SIGNATURE: Final = b"\x01"
_COMPRESSED: Final = 0xB000  # the chunk's flag and signature (2.4.1.1.5)
_RAW: Final = 0x3000
_SHORTEST: Final = 3  # a copy of fewer bytes would be no smaller


def compress(data: bytes) -> bytes:
    """The compressed container of ``data`` (2.4.1.3.6). Raises ValueError for what has no exact form.

    A chunk that does not become smaller is stored as it is, filled up to 4096 bytes (2.4.1.3.10): the last one would be
    read back longer than it was. Text is never like that.
    """
    chunks = (_chunk(data[start : start + _CHUNK]) for start in range(0, len(data), _CHUNK))
    return _SIGNATURE + b"".join(chunks)


def _chunk(data: bytes) -> bytes:
    """One chunk, header first (2.4.1.3.7)."""
    packed, kind = _tokens(data), _COMPRESSED
    if len(packed) > _CHUNK:
        if len(data) < _CHUNK:
            raise ValueError(f"the last {len(data)} bytes cannot be compressed and have no exact form uncompressed")
        packed, kind = data, _RAW
    size = len(packed) + 2
    return (kind | size - 3).to_bytes(2, "little") + packed


def _tokens(data: bytes) -> bytes:
    """Groups of eight tokens, each group after its byte of flags (2.4.1.3.8)."""
    packed = bytearray()
    at = 0
    while at < len(data):
        flags = len(packed)
        packed.append(0)
        for bit in range(8):
            if at == len(data):
                break
            back, length = _match(data, at)
            if length:
                packed[flags] |= 1 << bit
                packed += _copy(at, back, length)
            else:
                packed.append(data[at])
            at += length or 1
    return bytes(packed)


def _copy(at: int, back: int, length: int) -> bytes:
    """A copy token (2.4.1.3.19.3): how far back above, how long below; where they part depends on the place."""
    return (back - 1 << 16 - _offset_bits(at) | length - _SHORTEST).to_bytes(2, "little")


def _offset_bits(at: int) -> int:
    """How many bits an offset takes at this place of the chunk (2.4.1.3.19.1)."""
    return max((at - 1).bit_length(), 4)


def _match(data: bytes, at: int) -> tuple[int, int]:
    """The longest run before ``at`` that comes again there, the nearest of equals (2.4.1.3.19.4): how far back, length.

    A run may overlap what it makes. (0, 0) when none is long enough.
    """
    longest = min((0xFFFF >> _offset_bits(at)) + _SHORTEST, len(data) - at)
    found, length, last = at, 0, at - 1
    while (wanted := max(length + 1, _SHORTEST)) <= longest:
        last = data.rfind(data[at : at + wanted], 0, last + wanted)
        if last < 0:
            break
        found, length = last, wanted
        while length < longest and data[found + length] == data[at + length]:
            length += 1
    return at - found, length
