"""Registers as Parquet, priced in Arrow's memory; needs pyarrow."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.batch.columns import numpy
from core.errors import FileError, system_reason
from core.formats import one_line
from xl_addin.cells import Cell
from xl_addin.pricing.engine import Priced
from xl_addin.pricing.fields import AMOUNTS, NUMBERS, RESULTS, Header, RegisterError, header
from xl_addin.pricing.rows import Block, Rows, text_of

if TYPE_CHECKING:
    from xl_addin.pricing.arrow_table import ArrowTable

BLOCK: Final = 1 << 16
"""Rows read at a time."""
BUFFER: Final = 1 << 20
"""Bytes of a column read at a time, so that a file with one large row group is not read whole."""


def needed(path: Path) -> None:
    """Checks that Parquet can be read and written.

    Raises:
        RegisterError: pyarrow or NumPy is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise RegisterError("parquet_not_installed", file=str(path)) from error
    if numpy() is None:
        raise RegisterError("parquet_not_installed", file=str(path))


class ArrowRows:
    """Rows held as a record batch."""

    def __init__(self, found: Header, batch: Any, first: int) -> None:  # noqa: ANN401
        from xl_addin.pricing.arrow_table import ArrowTable

        self._header, self._batch, self._first = found, batch, first
        arrays = {field: batch.column(place) for field, place in found.fields.items()}
        self.table: ArrowTable = ArrowTable(arrays, batch.num_rows)

    def number(self, row: int) -> int:
        return self._first + row

    def cells(self) -> list[Sequence[Cell]]:
        from xl_addin.pricing.arrow_table import as_cell

        return [[as_cell(value) for value in self._batch.column(place)] for place in self._header.kept]

    def texts(self, decimal: str) -> list[Sequence[str]]:
        return [[text_of(value, decimal) for value in column] for column in self.cells()]

    def arrays(self) -> list[Any]:
        return [self._batch.column(place) for place in self._header.kept]


class ParquetReader(NamedTuple):
    """Reads record batches."""

    header: Header

    def rows(self, block: Block) -> Rows:
        """The rows of a block."""
        return ArrowRows(self.header, block.content, block.first)


class ParquetFile:
    """A Parquet file to read.

    Attributes:
        dense: the columns that compressing hardly makes smaller.

    Raises:
        FileError: it cannot be read, or is no register.
    """

    unit = "rows"

    def __init__(self, path: Path) -> None:
        needed(path)
        import pyarrow as pa
        import pyarrow.parquet as pq

        from xl_addin.pricing.arrow_table import check_zone

        self._path = path
        try:
            self._file = pq.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER, page_checksum_verification=True)
        except OSError as error:
            if not path.is_file() or isinstance(error, PermissionError):
                raise FileError("input_unreadable", file=str(path), reason=system_reason(error)) from error
            raise _unread(path, error) from error
        except (pa.ArrowException, ValueError) as error:
            raise _unread(path, error) from error
        self.schema = self._file.schema_arrow
        self.header = header(self.schema.names, str(path))
        check_zone(self.schema, self.header, str(path))
        self.size = self._file.metadata.num_rows
        self.dense = _dense(self._file.metadata)

    @property
    def reader(self) -> ParquetReader:
        return ParquetReader(self.header)

    def told(self) -> Mapping[str, str]:
        """Nothing had to be found out."""
        return {}

    def blocks(self) -> Generator[Block]:
        """The rows, as they are stored.

        Raises:
            RegisterError: the file is damaged.
        """
        import pyarrow as pa

        done = 0
        try:
            for batch in self._file.iter_batches(BLOCK):
                done += batch.num_rows
                yield Block(batch, done - batch.num_rows + 1, done)
        except (pa.ArrowException, OSError) as error:
            raise _unread(self._path, error) from error
        finally:
            self._file.close()
        if done != self.size:
            raise RegisterError("parquet_broken", file=str(self._path))


def _dense(footer: Any) -> frozenset[str]:  # noqa: ANN401
    """The columns that compressing made less than a fifth smaller in the first row group."""
    if not footer.num_row_groups:
        return frozenset()
    columns = map(footer.row_group(0).column, range(footer.num_columns))
    tried = [column for column in columns if column.compression != "UNCOMPRESSED"]
    return frozenset(
        column.path_in_schema for column in tried if column.total_compressed_size > 0.8 * column.total_uncompressed_size
    )


def _unread(path: Path, error: Exception) -> RegisterError:
    """Whether a file is damaged, or holds what cannot be read here."""
    import pyarrow as pa

    if isinstance(error, pa.ArrowNotImplementedError) or "encrypt" in str(error).lower():
        return RegisterError("parquet_foreign", file=str(path), reason=one_line(str(error)))
    return RegisterError("parquet_broken", file=str(path))


# --- writing -------------------------------------------------------------------------------------------------------


class ParquetWriter(NamedTuple):
    """Makes record batches."""

    schema: Any

    def content(self, rows: Rows, priced: Priced) -> Any:  # noqa: ANN401
        """The rows with their prices."""
        import pyarrow as pa

        from xl_addin.arrow import result_arrays

        amount = self.schema.field(AMOUNTS[0]).type
        kept = [
            array if array.type.equals(field.type) else array.cast(field.type)
            for array, field in zip(rows.arrays(), self.schema, strict=False)
        ]
        return pa.record_batch([*kept, *result_arrays(priced, amount)], schema=self.schema)


class ParquetTarget:
    """A Parquet file to write.

    Args:
        place: the file.
        found: the columns of the file read.
        source: where it is Parquet too; else numbers become ``float64`` and everything else text.
        threads: row groups encoded at a time.
    """

    def __init__(self, place: Path, found: Header, source: ParquetFile | None = None, threads: int = 1) -> None:
        from xl_addin.pricing.row_groups import RowGroups

        whole = _schema(found, source.schema if source else None)
        footer = _footer(whole)
        held = _held(whole, footer)
        self.writer = ParquetWriter(held)
        codecs = {name: "none" if source and name in source.dense else "snappy" for name in held.names}
        opened = partial(_opened, schema=held, store_schema=False, compression=codecs)
        self._file = RowGroups(place, opened, footer, threads)

    def write(self, content: Any) -> None:  # noqa: ANN401
        self._file.write(content)

    def close(self) -> None:
        self._file.close()


def _held(whole: Any, footer: Any) -> Any:  # noqa: ANN401
    """The schema of what is written: amounts in eight bytes, as Parquet has them, where pyarrow can write those.

    The file keeps telling the schema with sixteen, which every reader knows.
    """
    import pyarrow as pa

    from xl_addin.arrow import added_fields

    kept = [whole.field(place) for place in range(len(whole) - len(RESULTS))]
    held = pa.schema([*kept, *added_fields(pa.decimal64(18, 2))], whole.metadata)
    try:
        return held if _footer(held).schema.equals(footer.schema) else whole
    except pa.ArrowNotImplementedError:
        return whole


def _footer(schema: Any) -> Any:  # noqa: ANN401
    """What pyarrow says at the end of a file with this schema."""
    import pyarrow as pa

    footers: list[Any] = []
    _opened(pa.BufferOutputStream(), schema, metadata_collector=footers).close()
    return footers[0]


def _opened(sink: Any, schema: Any, **options: Any) -> Any:  # noqa: ANN401
    import pyarrow.parquet as pq

    repeated = [item.name for item in schema if item.name in RESULTS or not _is_number(item.type)]
    return pq.ParquetWriter(sink, schema, store_decimal_as_integer=True, use_dictionary=repeated, **options)


def _is_number(kind: Any) -> bool:  # noqa: ANN401 - a type of Arrow
    """Whether values are numbers or moments, which mostly differ from row to row: a dictionary would only cost time."""
    import pyarrow as pa

    return bool(pa.types.is_primitive(kind) and not pa.types.is_boolean(kind))


def _schema(found: Header, given: Any) -> Any:  # noqa: ANN401
    import pyarrow as pa

    from xl_addin.arrow import added_fields

    if given is not None:
        return pa.schema([*(_roomy(given.field(place)) for place in found.kept), *added_fields()], given.metadata)
    numeric = {place for field, place in found.fields.items() if field in NUMBERS}
    names = _unique([found.names[place] for place in found.kept])
    kept = [
        pa.field(name, pa.float64() if place in numeric else pa.string())
        for name, place in zip(names, found.kept, strict=True)
    ]
    return pa.schema([*kept, *added_fields()])


def _roomy(field: Any) -> Any:  # noqa: ANN401 - a field of Arrow
    """A column of values held once with room for more of them: row groups of the source may be written as one."""
    import pyarrow as pa

    if not pa.types.is_dictionary(field.type) or field.type.index_type.bit_width >= 32:
        return field
    return field.with_type(pa.dictionary(pa.int32(), field.type.value_type, field.type.ordered))


def _unique(names: Sequence[str]) -> list[str]:
    """Names of which none is there twice or is empty: in Parquet a column is found by its name alone."""
    taken: set[str] = set(RESULTS)
    found = []
    for position, name in enumerate(names, start=1):
        new, number = name or f"column {position}", 1
        while new in taken:
            number += 1
            new = f"{name or 'column'} ({number})"
        taken.add(new)
        found.append(new)
    return found
