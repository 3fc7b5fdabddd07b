"""Registers as Parquet: what the file says of itself, how it is read, and what is imported for it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Generator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.xl_addin.registers import rows
from xl_addin import Session
from xl_addin.pricing import parquet_file
from xl_addin.pricing.fields import AMOUNTS, RESULTS
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


# --- what the file says of itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("small", [True, False])
def test_a_file_says_what_pyarrow_would(
    small: bool, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schema and metadata are those of the priced table, also where pyarrow cannot write amounts of eight bytes."""
    source, target = register(tmp_path / "in.parquet"), tmp_path / "out.parquet"
    if not small:
        monkeypatch.setattr(parquet_file, "_held", lambda whole: whole)
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
    assert parquet_file._held(whole) is whole


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
