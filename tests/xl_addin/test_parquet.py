"""Registers as Parquet: what the file says of itself, how it is read, and what is imported for it."""

from __future__ import annotations

import errno
import importlib
import random
import subprocess
import sys
import threading
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import FileError
from tests.xl_addin.registers import rows
from xl_addin import Session
from xl_addin.pricing import parquet_file, row_groups
from xl_addin.pricing.fields import AMOUNTS, RESULTS
from xl_addin.pricing.parquet_footer import moved
from xl_addin.pricing.rows import Block
from xl_addin.pricing.stream import ahead, price_file

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402 - needs what was asked for above

from tests.xl_addin.test_arrow import table  # noqa: E402
from xl_addin import arrow  # noqa: E402

COUNT = 500


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.open(language="en")


def register(path: Path, count: int = COUNT) -> Path:
    """A register whose schema says more than the names and types of its columns."""
    held = table(rows(count, seed=30))
    fields = [field.with_metadata({"PARQUET:field_id": str(place)}) for place, field in enumerate(held.schema, start=7)]
    held = held.cast(pa.schema(fields)).append_column("price", pa.array([None, 5] * (count // 2), pa.decimal128(9, 3)))
    for name, kind in (("seen", pa.timestamp("ms", "UTC")), ("on", pa.date32()), ("many", pa.list_(pa.int8()))):
        held = held.append_column(name, pa.nulls(count, kind))
    at = held.schema.get_field_index("kind")
    held = held.set_column(at, "kind", held["kind"].dictionary_encode())
    pq.write_table(held.replace_schema_metadata({"pandas": '{"columns": []}', "mine": "é"}), path, row_group_size=97)
    return path


def test_more_codes_than_a_dictionary_of_the_source_can_hold(tmp_path: Path, session: Session) -> None:
    """Each row group of the source has its own hundred; together they are more than eight bits can tell."""
    start, hours = pa.array([datetime(2023, 3, 6, 10)] * 100), pa.array([3.0] * 100)
    names = [[f"{part}-{number}" for number in range(100)] for part in range(3)]
    kind = pa.dictionary(pa.int8(), pa.string())
    with pq.ParquetWriter(
        tmp_path / "in.parquet", pa.schema([("start", start.type), ("hours", hours.type), ("customer", kind)])
    ) as written:
        for each in names:
            codes = pa.DictionaryArray.from_arrays(pa.array(range(100), pa.int8()), pa.array(each))
            written.write_table(pa.table({"start": start, "hours": hours, "customer": codes}))
    price_file(tmp_path / "in.parquet", tmp_path / "out.parquet", session)
    read = pq.ParquetFile(tmp_path / "out.parquet").read(["customer"])["customer"].cast(pa.string()).to_pylist()
    assert read == [name for each in names for name in each]


# --- what the file says of itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("small", [True, False])
def test_a_file_says_what_pyarrow_would(
    small: bool, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schema and metadata are those of the priced table, also where pyarrow cannot write amounts of eight bytes."""
    source, target = register(tmp_path / "in.parquet"), tmp_path / "out.parquet"
    if not small:
        monkeypatch.setattr(parquet_file, "_held", lambda whole, _footer: whole)
    price_file(source, target, session)
    expected = arrow.price(pq.read_table(source), session)
    pq.write_table(expected, tmp_path / "plain.parquet", store_decimal_as_integer=True)
    written, plain = pq.ParquetFile(target), pq.ParquetFile(tmp_path / "plain.parquet")
    assert written.schema_arrow.equals(plain.schema_arrow, check_metadata=True)
    assert written.schema.equals(plain.schema)
    assert written.metadata.metadata == plain.metadata.metadata
    assert {written.schema_arrow.field(name).type for name in AMOUNTS} == {arrow.AMOUNT}
    assert str(written.read().to_pylist()) == str(plain.read().to_pylist())  # NaN is not NaN


def test_amounts_of_sixteen_bytes_where_pyarrow_writes_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = arrow.result_schema(pa.schema([("start", pa.date32()), ("hours", pa.int8())]))
    footer = parquet_file._footer

    def refusing(schema: Any) -> Any:
        if pa.types.is_decimal64(schema.field("fee").type):
            raise pa.ArrowNotImplementedError("decimal64")
        return footer(schema)

    monkeypatch.setattr(parquet_file, "_footer", refusing)
    assert parquet_file._held(whole, footer(whole)) is whole


def test_what_does_not_compress_is_not_compressed(tmp_path: Path, session: Session) -> None:
    size = 20_000
    noise = random.Random(1)
    start = [datetime(2023, 3, 6, 10)] * size
    held = {"start": start, "hours": [3.0] * size, "noise": [noise.random() for _ in range(size)]}
    pq.write_table(pa.table(held), tmp_path / "in.parquet", use_dictionary=False)
    price_file(tmp_path / "in.parquet", tmp_path / "out.parquet", session)
    group = pq.ParquetFile(tmp_path / "out.parquet").metadata.row_group(0)
    found = {group.column(place).path_in_schema: group.column(place).compression for place in range(3)}
    assert found == {"start": "SNAPPY", "hours": "SNAPPY", "noise": "UNCOMPRESSED"}
    assert pq.read_table(tmp_path / "out.parquet")["noise"].to_pylist() == held["noise"]


# --- what cannot be read ---------------------------------------------------------------------------------------------


def test_rows_that_the_file_does_not_hold_are_missed(tmp_path: Path) -> None:
    """A footer that is damaged where it counts the rows: what is left is not taken for the whole."""
    opened = parquet_file.ParquetFile(register(tmp_path / "in.parquet"))
    opened.size += 1
    with pytest.raises(FileError) as told:
        list(opened.blocks())
    assert told.value.key == "parquet_broken"


def test_what_pyarrow_cannot_read_is_not_called_damaged(tmp_path: Path, session: Session) -> None:
    codes = [pa.array(["a", "b"]).dictionary_encode(), pa.array(["c", "a"]).dictionary_encode()]
    lists = [pa.ListArray.from_arrays([0, 1, 2], each) for each in codes]
    start = pa.array([datetime(2023, 3, 6, 10)] * 2)
    batches = [pa.record_batch([start, pa.array([3.0, 2.0]), each], ["start", "hours", "tags"]) for each in lists]
    with pq.ParquetWriter(tmp_path / "in.parquet", batches[0].schema) as written:
        for batch in batches:
            written.write_batch(batch)
    with pytest.raises(FileError) as told:
        price_file(tmp_path / "in.parquet", tmp_path / "out.parquet", session)
    assert told.value.key == "parquet_foreign"


# --- row groups ------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A priced register of five row groups, and the same one written by pyarrow alone beside it."""
    monkeypatch.setattr(row_groups, "ROW_GROUP", 1000)
    source, target = register(tmp_path / "in.parquet", 4900), tmp_path / "out.parquet"
    price_file(source, target, session, workers=3)
    table = arrow.price(pq.read_table(source), session)
    pq.write_table(table, tmp_path / "plain.parquet", row_group_size=1067, store_decimal_as_integer=True)
    return target


def test_row_groups_hold_what_pyarrow_writes(several: Path) -> None:
    written, plain = (pq.ParquetFile(file) for file in (several, several.with_name("plain.parquet")))
    assert str(written.read().to_pylist()) == str(plain.read().to_pylist())
    assert [written.metadata.row_group(at).num_rows for at in range(5)] == [1067, 1067, 1067, 1067, 632]
    assert written.metadata.num_row_groups == plain.metadata.num_row_groups == 5
    for group in range(5):
        for column in range(written.metadata.num_columns):
            ours, theirs = (file.metadata.row_group(group).column(column) for file in (written, plain))
            assert ours.path_in_schema == theirs.path_in_schema
            assert _limits(ours.statistics) == _limits(theirs.statistics)
    for group in reversed(range(5)):  # each can be read without those before it
        rows = written.read_row_group(group, columns=["fee", "reason"])
        assert rows.equals(plain.read().select(["fee", "reason"]).slice(group * 1067, 1067))


def _limits(statistics: Any) -> Any:
    return statistics and (statistics.null_count, statistics.has_min_max and (statistics.min_raw, statistics.max_raw))


def test_other_readers_read_row_groups_and_use_their_statistics(several: Path) -> None:
    expected = pq.read_table(several.with_name("plain.parquet"))
    fees = [fee.as_py() for fee in expected["fee"] if fee.is_valid]
    high = sorted(fees)[-5]
    few = [fee for fee in fees if fee >= high]
    found = pq.read_table(several, columns=["fee"], filters=[("fee", ">=", high)])
    assert sorted(found["fee"].to_pylist()) == sorted(few)
    if duckdb := _installed("duckdb"):
        query = f"select count(*), sum(fee), count(kind) from '{several}' where fee >= {high}"
        assert duckdb.sql(query).fetchall() == [(len(few), sum(few), found.num_rows)]
        kinds = duckdb.sql(f"select kind from '{several}'").fetchall()
        assert [kind for (kind,) in kinds] == expected["kind"].to_pylist()
    if polars := _installed("polars"):
        frame = polars.scan_parquet(several).filter(polars.col("fee") >= high).collect()
        assert sorted(frame["fee"].to_list()) == sorted(few)
        assert polars.read_parquet(several)["reason"].to_list() == expected["reason"].to_pylist()


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_file_does_not_depend_on_how_many_work(several: Path, workers: int, session: Session) -> None:
    target = several.with_name("again.parquet")
    price_file(several.with_name("in.parquet"), target, session, workers=workers)
    assert target.read_bytes() == several.read_bytes()


def test_a_register_without_rows(tmp_path: Path, session: Session) -> None:
    held = table(rows(1)).slice(0, 0)
    pq.write_table(held, tmp_path / "in.parquet")
    price_file(tmp_path / "in.parquet", tmp_path / "out.parquet", session)
    written = pq.ParquetFile(tmp_path / "out.parquet")
    assert (written.metadata.num_row_groups, written.metadata.num_rows) == (0, 0)
    assert written.schema_arrow == arrow.result_schema(held.schema)


def test_a_column_keeps_its_dictionary_where_row_groups_of_the_source_meet(several: Path, tmp_path: Path) -> None:
    """Two parts of a row group may know other values: without one dictionary for both, texts would be written out."""
    kinds = [pa.array([word] * 600).dictionary_encode() for word in ("inspection", "wasted trip", "inspectie")]
    starts = pa.array([datetime(2023, 3, 6, 10)] * 1800)
    held = pa.table({"start": starts, "hours": [3.5] * 1800, "kind": pa.chunked_array(kinds)})
    source = tmp_path / "kinds.parquet"
    pq.write_table(held, source, row_group_size=600)
    price_file(source, several, Session.open(), force=True)
    written = pq.ParquetFile(several)
    assert written.read()["kind"].to_pylist() == held["kind"].to_pylist()
    assert written.metadata.row_group(0).num_rows == 1200
    assert written.metadata.row_group(0).column(2).total_uncompressed_size < 400


def test_a_row_group_that_is_not_where_its_footer_says_is_refused(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = register(tmp_path / "in.parquet")
    monkeypatch.setattr(row_groups, "moved", lambda footer, by: moved(footer, by + 1))
    before = threading.active_count()
    with pytest.raises(ValueError, match="begins at 5 instead of 4"):
        price_file(source, tmp_path / "out.parquet", session)
    assert list(tmp_path.iterdir()) == [source]
    assert threading.active_count() == before


def test_a_row_group_that_cannot_be_encoded_or_written(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = register(tmp_path / "in.parquet"), tmp_path / "out.parquet"
    target.write_text("old")

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(row_groups, "_encoded", full)
    with pytest.raises(FileError, match="No space left"):
        price_file(source, target, session, force=True)
    assert target.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [source, target]


def test_every_place_in_a_footer_is_moved_and_nothing_else() -> None:
    held = pa.table({f"column {at}": [at, None, 2**40] for at in range(20)} | {"é": ["a", "b", None]})
    sink = pa.BufferOutputStream()
    order = [pq.SortingColumn(0)]
    with pq.ParquetWriter(sink, held.schema, sorting_columns=order, write_page_index=True) as writer:
        writer.add_key_value_metadata({f"key {at}": "x" * 200 for at in range(20)})
        for _ in range(20):
            writer.write_table(held)
    content = sink.getvalue().to_pybytes()
    footer = content[-8 - int.from_bytes(content[-8:-4], "little") : -8]
    assert moved(footer, 0) == footer
    for by in (1, 200, 10**12):
        there = moved(footer, by)
        assert moved(there, -by) == footer
        found, given = (row_groups._read(each).to_dict() for each in (there, footer))
        for group, before in zip(found["row_groups"], given["row_groups"], strict=True):
            for column, was in zip(group["columns"], before["columns"], strict=True):
                for name in ("dictionary_page_offset", "data_page_offset"):
                    assert column.pop(name) == was.pop(name) + by
                column.pop("file_offset"), was.pop("file_offset")
        assert {**found, "serialized_size": 0} == {**given, "serialized_size": 0}


@pytest.mark.parametrize("footer", [b"", b"\x15", b"\x15\x80", b"\x00\x00", b"\x18\x7fshort"])
def test_what_is_no_footer(footer: bytes) -> None:
    with pytest.raises(ValueError, match="footer"):
        moved(footer, 1)


# --- how it is read --------------------------------------------------------------------------------------------------


def blocks(many: int, seen: list[str], error: Exception | None = None) -> Generator[Block]:
    try:
        for number in range(many):
            seen.append(threading.current_thread().name)
            yield Block(number, number + 1, number + 1)
        if error is not None:
            raise error
    finally:
        seen.append("closed")


def test_blocks_are_read_ahead_in_order_by_another_thread() -> None:
    before, seen = threading.active_count(), list[str]()
    assert [block.content for block in ahead(blocks(100, seen), 2)] == list(range(100))
    assert threading.current_thread().name not in seen
    assert (threading.active_count(), seen[-1], len(seen)) == (before, "closed", 101)


def test_who_stops_asking_ends_the_reader() -> None:
    before, seen = threading.active_count(), list[str]()
    asked = ahead(blocks(100, seen), 3)
    assert next(asked).content == 0
    asked.close()
    assert (threading.active_count(), seen[-1]) == (before, "closed")
    assert len(seen) <= 1 + 3 + 1 + 1


def test_an_error_comes_after_the_blocks_before_it() -> None:
    before, seen = threading.active_count(), list[str]()
    asked = ahead(blocks(5, seen, OSError("broken")), 2)
    assert [next(asked).content for _ in range(5)] == list(range(5))
    with pytest.raises(OSError, match="broken"):
        next(asked)
    assert threading.active_count() == before


def test_no_thread_is_left_when_a_file_is_refused_half_way(tmp_path: Path, session: Session) -> None:
    source = register(tmp_path / "in.parquet", 2000)
    content = bytearray(source.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    source.write_bytes(content)
    before = threading.active_count()
    with pytest.raises(Exception, match="damaged"):
        price_file(source, tmp_path / "out.parquet", session)
    assert threading.active_count() == before
    assert list(tmp_path.iterdir()) == [source]


# --- what is imported ------------------------------------------------------------------------------------------------


def test_neither_pandas_nor_the_kernels_of_arrow_are_imported(tmp_path: Path) -> None:
    """They take longer than a short register."""
    source = tmp_path / "in.parquet"
    starts = pa.array([datetime(2023, 3, day, 10) for day in range(1, 11)])
    kinds = pa.DictionaryArray.from_arrays([0, None] * 5, ["inspection"])
    held = {"start": starts, "hours": [3.5, None] * 5, "kind": kinds, "trips": pa.array([None, 2] * 5, pa.int8())}
    pq.write_table(pa.table(held), source)
    program = (
        "import sys; from xl_addin.cli import main\n"
        f"status = main(['price', {str(source)!r}, '-o', {str(tmp_path / 'out.parquet')!r}])\n"
        "print(status, [name for name in ('pandas', 'pyarrow.compute', 'pyarrow.dataset') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.splitlines()[-1] == "1 []"
    assert pq.read_table(tmp_path / "out.parquet").column_names[-len(RESULTS) :] == list(RESULTS)
