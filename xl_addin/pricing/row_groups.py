"""A Parquet file whose row groups are encoded in threads: encoding takes longer than pricing.

pyarrow encodes a file in one thread, from its beginning to its end. So each row group becomes a file of its own, in
memory; what it holds is put behind the row groups before it, and its footer, with the offsets moved as far, is joined
to theirs. pyarrow joins them, and writes the footer of the whole file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from xl_addin.pricing.parquet_footer import moved

ROW_GROUP: Final = 1 << 18
"""Rows that are encoded together; they are in memory until then."""
MOST_BYTES: Final = 1 << 26
"""Fewer where they are longer than this."""
MAGIC: Final = b"PAR1"
_LENGTH: Final = 4
"""Bytes of the length of a footer; it stands behind it, and the magic once more behind that."""


class RowGroups:
    """A Parquet file to write.

    Args:
        place: the file.
        opened: begins a Parquet file in memory; the schema and how it is encoded are its own.
        footer: of the whole file without any row; takes up those of the row groups.
        threads: row groups encoded at a time.
    """

    def __init__(self, place: Path, opened: Callable[[Any], Any], footer: Any, threads: int) -> None:  # noqa: ANN401
        self._opened, self._footer, self._threads = opened, footer, threads
        self._batches: list[Any] = []
        self._rows = self._bytes = 0
        self._waiting: deque[Future[Any]] = deque()
        self._encoders = ThreadPoolExecutor(threads)
        self._file = place.open("wb")
        self._size = self._file.write(MAGIC)

    def write(self, batch: Any) -> None:  # noqa: ANN401
        """Adds a record batch."""
        self._batches.append(batch)
        self._rows += len(batch)
        self._bytes += batch.nbytes
        if self._rows >= ROW_GROUP or self._bytes >= MOST_BYTES:
            self._encode()
            self._put(self._threads)

    def close(self) -> None:
        """Ends the file, unless something before it failed: then nothing more is written."""
        try:
            if not self._file.closed:
                self._encode()
                self._put(0)
                self._file.write(_of(self._footer))
        finally:
            self._encoders.shutdown(cancel_futures=True)
            self._file.close()

    def _encode(self) -> None:
        if self._rows:
            self._waiting.append(self._encoders.submit(_encoded, self._opened, self._batches))
        self._batches, self._rows, self._bytes = [], 0, 0

    def _put(self, most: int) -> None:
        """Puts row groups in the file, in order, until so many are waiting."""
        try:
            while len(self._waiting) > most:
                self._append(memoryview(self._waiting.popleft().result()))
        except BaseException:
            self._file.close()
            raise

    def _append(self, encoded: memoryview) -> None:
        end = len(encoded) - _LENGTH - len(MAGIC)
        begin = end - int.from_bytes(encoded[end : end + _LENGTH], "little")
        footer = _read(moved(bytes(encoded[begin:end]), self._size - len(MAGIC)))
        held = encoded[len(MAGIC) : begin]
        _check(footer, self._size, self._size + len(held))
        self._footer.append_row_groups(footer)
        self._size += self._file.write(held)


def _encoded(opened: Callable[[Any], Any], batches: list[Any]) -> Any:  # noqa: ANN401
    """A file with one row group."""
    import pyarrow as pa

    table = pa.Table.from_batches(batches).unify_dictionaries()
    sink = pa.BufferOutputStream()
    with opened(sink) as written:
        written.write_table(table, len(table))
    return sink.getvalue()


def _of(footer: Any) -> Any:  # noqa: ANN401
    """A footer as it stands at the end of a file."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    footer.write_metadata_file(sink)
    return memoryview(sink.getvalue())[len(MAGIC) :]


def _read(footer: bytes) -> Any:  # noqa: ANN401
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.read_metadata(pa.BufferReader(MAGIC + footer + len(footer).to_bytes(_LENGTH, "little") + MAGIC))


def _check(footer: Any, begin: int, end: int) -> None:  # noqa: ANN401
    """A footer is only used when its columns are where they must be, one behind the other: never a broken file."""
    group, at = footer.row_group(0), begin
    for column in map(group.column, range(group.num_columns)):
        first = column.dictionary_page_offset or column.data_page_offset
        if first != at or not at <= column.data_page_offset < at + column.total_compressed_size:
            raise ValueError(f"column {column.path_in_schema} begins at {first} instead of {at}")
        at += column.total_compressed_size
    if at != end or footer.num_row_groups != 1:
        raise ValueError(f"{footer.num_row_groups} row groups end at {at} instead of one at {end}")
