"""Writes a compound file (MS-CFB), the small file system inside a file that Excel keeps a VBA project in.

Version 3: sectors of 512 bytes, in chains that the FAT tells; streams under 4096 bytes share a mini stream of 64-byte
sectors. The order here: large streams, mini stream, mini FAT, directory, FAT. There are no time stamps.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

#: What is in a storage, by name: streams, and storages in it.
Storage: TypeAlias = "Mapping[str, bytes | Storage]"

_SECTOR: Final = 512
_MINI_SECTOR: Final = 64
_MINI_LIMIT: Final = 4096
_FREE: Final = 0xFFFFFFFF
_NOBODY: Final = 0xFFFFFFFF  # no such entry of the directory
_END_OF_CHAIN: Final = 0xFFFFFFFE
_FAT_SECTOR: Final = 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK: Final = 1
_NUMBERS_A_SECTOR: Final = _SECTOR // 4
_FAT_SECTORS_IN_HEADER: Final = 109
_LONGEST_NAME: Final = 31


@dataclass(slots=True)
class _Entry:
    """One entry of the directory (2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    left: int = _NOBODY
    right: int = _NOBODY
    child: int = _NOBODY
    start: int = 0
    size: int = 0


class _Chains:
    """Sectors of one size, and the table that chains them (2.3, 2.4)."""

    def __init__(self, sector: int) -> None:
        self.sector = sector
        self.table: list[int] = []
        self.data = bytearray()

    def add(self, content: bytes) -> int:
        """Adds ``content`` as a chain; gives its first sector."""
        if not content:
            return _END_OF_CHAIN
        first = len(self.table)
        count = -(-len(content) // self.sector)
        self.table += [*range(first + 1, first + count), _END_OF_CHAIN]
        self.data += content.ljust(count * self.sector, b"\0")
        return first


def write(root: Storage) -> bytes:
    """The compound file with these streams and storages. Raises ValueError when a name is, or all is, too long."""
    entries = [_Entry("Root Entry", _ROOT)]
    entries[0].child = _add_all(root, entries)
    sectors, mini = _Chains(_SECTOR), _Chains(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.size = len(entry.content)
            entry.start = (mini if entry.size < _MINI_LIMIT else sectors).add(entry.content)
    entries[0].size = len(mini.data)
    entries[0].start = sectors.add(bytes(mini.data))
    mini_fat = _numbers(mini.table)
    mini_fat_start = sectors.add(mini_fat)
    directory_start = sectors.add(_directory(entries))
    fat_start = len(sectors.table)
    fat_count = -(-fat_start // (_NUMBERS_A_SECTOR - 1))  # the FAT tells of its own sectors too
    if fat_count > _FAT_SECTORS_IN_HEADER:
        raise ValueError(f"{len(sectors.data)} bytes are too many for one VBA project (about 7 MB)")
    sectors.add(_numbers([*sectors.table, *[_FAT_SECTOR] * fat_count]))
    header = _header(fat_start, fat_count, directory_start, mini_fat_start, len(mini_fat) // _SECTOR)
    return header + bytes(sectors.data)


def _add_all(storage: Storage, entries: list[_Entry]) -> int:
    """Adds what is in ``storage`` to the directory; gives the entry at the top of its tree."""
    numbers = []
    for name in sorted(storage, key=_rank):
        if len(name) > _LONGEST_NAME:
            raise ValueError(f"{name!r} is longer than {_LONGEST_NAME} characters")
        content = storage[name]
        numbers.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entry = _Entry(name, _STORAGE)
            entries.append(entry)
            entry.child = _add_all(content, entries)
    return _tree(numbers, entries)


def _rank(name: str) -> tuple[int, str]:
    """The order of names: shorter first, then by capitals (2.6.4)."""
    return len(name), name.upper()


def _tree(numbers: Sequence[int], entries: list[_Entry]) -> int:
    """Joins entries, in order, to a balanced tree and gives its top. All are black, as 2.6.4 allows."""
    if not numbers:
        return _NOBODY
    middle = len(numbers) // 2
    top = entries[numbers[middle]]
    top.left, top.right = _tree(numbers[:middle], entries), _tree(numbers[middle + 1 :], entries)
    return numbers[middle]


def _directory(entries: Sequence[_Entry]) -> bytes:
    """The directory, filled up with unused entries (2.6.1)."""
    unused = _Entry("", 0)
    spare = -len(entries) % (_SECTOR // 128)
    return b"".join(_packed(entry) for entry in [*entries, *[unused] * spare])


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    length = len(name) + 2 if name else 0
    family = (entry.left, entry.right, entry.child)
    # After the family: class, state and two times, all nothing.
    return struct.pack("<64sHBB3I36xIQ", name, length, entry.kind, _BLACK, *family, entry.start, entry.size)


def _numbers(table: Sequence[int]) -> bytes:
    """A FAT or mini FAT as whole sectors (2.3, 2.4)."""
    spare = -len(table) % _NUMBERS_A_SECTOR
    return struct.pack(f"<{len(table) + spare}I", *table, *[_FREE] * spare)


def _header(fat_start: int, fat_count: int, directory: int, mini_fat: int, mini_fat_count: int) -> bytes:
    """The header (2.2), with the places of the FAT's sectors."""
    beginning = struct.pack(
        "<8s16x5H6x10I",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        0x3E,  # minor version
        3,  # major version
        0xFFFE,  # little-endian
        9,  # sectors of 2⁹ bytes
        6,  # mini sectors of 2⁶ bytes
        0,  # version 3 does not count the directory's sectors
        fat_count,
        directory,
        0,  # no transactions
        _MINI_LIMIT,
        mini_fat,
        mini_fat_count,
        _END_OF_CHAIN,  # the FAT's places all fit into the header
        0,
        fat_start,
    )
    places = [*range(fat_start + 1, fat_start + fat_count)]
    spare = _FAT_SECTORS_IN_HEADER - fat_count
    return beginning + struct.pack(f"<{_FAT_SECTORS_IN_HEADER - 1}I", *places, *[_FREE] * spare)
