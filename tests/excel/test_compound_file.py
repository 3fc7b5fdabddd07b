"""Compound files are read back by olefile, and their sectors and directory are checked here, one by one."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_addin.excel import compound_file
from xl_addin.excel.compound_file import Storage

NAMES = st.text("ABCXYZabcxyz0189_", min_size=1, max_size=31)
#: The limits of a mini sector, a sector and a mini stream, and a little around them.
SIZES = st.sampled_from([0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 8192]) | st.integers(0, 20_000)
CONTENTS = st.builds(lambda size, byte: bytes([byte]) * size, SIZES, st.integers(0, 255))


def one_case(names: Mapping[str, object]) -> bool:
    """Names that differ in more than their case."""
    return len({name.upper() for name in names}) == len(names)


STREAMS = st.dictionaries(NAMES, CONTENTS, max_size=12).filter(one_case)
TREES = st.dictionaries(NAMES, CONTENTS | STREAMS, max_size=8).filter(one_case)


def flat(storage: Storage, *above: str) -> Iterator[tuple[list[str], bytes]]:
    for name, content in storage.items():
        if isinstance(content, bytes):
            yield [*above, name], content
        else:
            yield from flat(content, *above, name)


def read(data: bytes) -> dict[tuple[str, ...], bytes]:
    with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_POTENTIAL) as file:
        return {tuple(path): file.openstream(path).read() for path in file.listdir()}


@given(TREES)
def test_olefile_reads_what_was_written(tree):
    data = compound_file.write(tree)
    assert read(data) == {tuple(path): content for path, content in flat(tree)}
    check_sectors(data)
    check_directory(data)


@given(TREES)
def test_the_order_of_the_streams_does_not_matter(tree):
    assert compound_file.write(tree) == compound_file.write(dict(reversed(tree.items())))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 127, 128, 129, 500])
def test_many_streams(count):
    tree = {"VBA": {f"Module{number}": bytes([number % 256]) * (number * 40) for number in range(count)}}
    data = compound_file.write(tree)
    assert read(data) == {tuple(path): content for path, content in flat(tree)}
    check_sectors(data)
    check_directory(data)


def test_as_much_as_the_header_can_tell_of():
    """109 sectors of FAT hold 109 · 128 sectors, themselves and one sector of directory among them."""
    most = (109 * 128 - 109 - 1) * 512
    data = compound_file.write({"a": bytes(most)})
    assert len(data) == (1 + 109 * 128) * 512
    assert len(read(data)["a",]) == most
    check_sectors(data)
    with pytest.raises(ValueError, match="too many"):
        compound_file.write({"a": bytes(most + 1)})


def test_a_long_name():
    assert read(compound_file.write({"a" * 31: b"x"})) == {("a" * 31,): b"x"}
    with pytest.raises(ValueError, match="longer than 31"):
        compound_file.write({"a" * 32: b"x"})


def test_no_time_stamps():
    data = compound_file.write({"VBA": {"dir": b"x"}, "PROJECT": b"y"})
    for _, entry in entries(data):
        assert entry[100:116] == bytes(16)


def numbers(data: bytes, sector: int) -> tuple[int, ...]:
    return struct.unpack_from("<128I", data, 512 * (sector + 1))


def fat(data: bytes) -> list[int]:
    places = [place for place in struct.unpack_from("<109I", data, 76) if place != 0xFFFFFFFF]
    assert len(places) == struct.unpack_from("<I", data, 44)[0]
    return [number for place in places for number in numbers(data, place)]


def chain(table: list[int], start: int) -> list[int]:
    found = []
    while start != 0xFFFFFFFE:
        found.append(start)
        start = table[start]
        assert len(found) <= len(table)
    return found


def directory(data: bytes) -> bytes:
    (start,) = struct.unpack_from("<I", data, 48)
    return b"".join(data[512 * (sector + 1) :][:512] for sector in chain(fat(data), start))


def entries(data: bytes) -> list[tuple[str, bytes]]:
    packed = directory(data)
    found = []
    for at in range(0, len(packed), 128):
        entry = packed[at : at + 128]
        (length,) = struct.unpack_from("<H", entry, 64)
        found.append((entry[: max(length - 2, 0)].decode("utf-16-le"), entry))
    return found


def check_sectors(data: bytes) -> None:
    """Every sector is in the file, belongs to one chain, and is as many as its stream needs; the rest is free."""
    assert len(data) % 512 == 0
    table = fat(data)
    directory_start, mini_start, mini_count = struct.unpack_from("<I8xII", data, 48)
    assert struct.unpack_from("<II", data, 68) == (0xFFFFFFFE, 0)
    used = [*chain(table, directory_start), *chain(table, mini_start)]
    assert len(chain(table, mini_start)) == mini_count
    mini_table = [number for sector in chain(table, mini_start) for number in numbers(data, sector)]
    mini_used = []
    for _, entry in entries(data):
        start, size = struct.unpack_from("<IQ", entry, 116)
        small = entry[66] == 2 and size < 4096
        if entry[66] in (2, 5):
            found = chain(mini_table if small else table, start)
            assert len(found) == -(-size // (64 if small else 512))
            (mini_used if small else used).extend(found)
    used += [number for number, follower in enumerate(table) if follower == 0xFFFFFFFD]
    assert sorted(used) == list(range(len(data) // 512 - 1))
    assert set(table[len(used) :]) <= {0xFFFFFFFF}
    assert sorted(mini_used) == list(range(len(mini_used)))
    assert set(mini_table[len(mini_used) :]) <= {0xFFFFFFFF}


def check_directory(data: bytes) -> None:
    """Each storage's entries are in the order of MS-CFB 2.6.4, in a tree no deeper than it must be."""
    found = entries(data)
    seen = [0]

    def walk(number: int) -> tuple[list[str], int]:
        if number == 0xFFFFFFFF:
            return [], 0
        seen.append(number)
        name, entry = found[number]
        left, right, child = struct.unpack_from("<3I", entry, 68)
        assert entry[67] == 1
        check(child)
        (before, depth), (after, other) = walk(left), walk(right)
        return [*before, name, *after], 1 + max(depth, other)

    def check(top: int) -> None:
        names, depth = walk(top)
        assert names == sorted(names, key=lambda name: (len(name), name.upper()))
        assert depth == len(names).bit_length()

    assert found[0][0] == "Root Entry"
    assert found[0][1][66] == 5
    check(struct.unpack_from("<I", found[0][1], 76)[0])
    assert sorted(seen) == [number for number, (_, entry) in enumerate(found) if entry[66]]
