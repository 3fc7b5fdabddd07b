"""Registers in Arrow's memory, priced: for pyarrow, pandas, polars and the engines that map over Arrow batches.

>>> from xl_addin.arrow import price            # doctest: +SKIP
>>> priced = price(frame)                       # a pandas or polars DataFrame, a pyarrow Table or RecordBatch

`price_batches` takes and gives an iterator of record batches, as Spark's ``mapInArrow`` and others have it. The columns
are found by their names (``docs/columns.md``); those of the result are `RESULTS`: six amounts as ``decimal128(18, 2)``,
the error and its reason, both null where a row has a price. Needs pyarrow and NumPy (the extra ``columns``).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from xl_addin.pricing.arrow_table import ArrowTable, check_zone
from xl_addin.pricing.engine import Engine, Priced, own_copy
from xl_addin.pricing.fields import AMOUNTS, RESULTS, Header, header
from xl_addin.session import default_session

if TYPE_CHECKING:
    from xl_addin.session import Session

__all__ = ["RESULTS", "price", "price_batches", "result_schema"]

AMOUNT: Final = pa.decimal128(18, 2)
BATCH: Final = 1 << 16
"""Rows priced at a time."""
_SOURCE: Final = "Arrow"
"""What messages name the data."""


def price(data: Any, session: Session | None = None) -> Any:  # noqa: ANN401
    """Prices a register.

    Args:
        data: anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``; its columns are not copied.
        session: the installation at work; its own default when none is given.

    Returns:
        A ``pyarrow.RecordBatch`` for one batch, else a ``pyarrow.Table``: the columns given, then `RESULTS`.

    Raises:
        RegisterError: a column that is needed is not there, or one is there twice.
        CoproError: the installation cannot be used.
    """
    if hasattr(data, "__arrow_c_array__") and not hasattr(data, "__arrow_c_stream__"):
        return next(price_batches([pa.record_batch(data)], session))
    table = pa.table(data)
    found = header(table.schema.names, _SOURCE)
    priced = list(_each(table.to_batches(max_chunksize=BATCH), found, _engine(session)))
    return pa.Table.from_batches(priced, schema=result_schema(table.schema))


def price_batches(batches: Iterable[Any], session: Session | None = None) -> Iterator[Any]:
    """Prices record batches one by one, each with all its rows.

    Raises:
        RegisterError, CoproError: as `price`.
    """
    for batch in batches:
        yield from _each([batch], header(batch.schema.names, _SOURCE), _engine(session))


def result_schema(schema: Any) -> Any:  # noqa: ANN401
    """The schema of what `price` gives for data of this ``pyarrow.Schema``."""
    kept = [schema.field(place) for place in header(schema.names, _SOURCE).kept]
    return pa.schema([*kept, *added_fields()], schema.metadata)


def added_fields(amount: Any = AMOUNT) -> list[Any]:  # noqa: ANN401 - a type of Arrow
    """The fields of the columns that are added."""
    return [pa.field(name, amount if name in AMOUNTS else pa.string()) for name in RESULTS]


def _each(batches: Iterable[Any], found: Header, engine: Engine) -> Iterator[Any]:
    for batch in batches:
        check_zone(batch.schema, found, _SOURCE)
        arrays = {field: batch.column(place) for field, place in found.fields.items()}
        priced = engine.price(ArrowTable(arrays, batch.num_rows))
        columns = [batch.column(place) for place in found.kept]
        yield pa.record_batch([*columns, *result_arrays(priced)], schema=result_schema(batch.schema))


def result_arrays(priced: Priced, amount: Any = AMOUNT) -> list[Any]:  # noqa: ANN401
    """The columns of the result; null where a row has no price, or none is asked for.

    Args:
        priced: the block.
        amount: the type of the amounts: `AMOUNT`, or ``decimal64(18, 2)``, for which nothing is copied.
    """
    absent = [failure.row for failure in priced.failures]
    valid = None
    if absent or priced.blank:
        there = np.ones(priced.size, np.bool_)
        there[[*absent, *priced.blank]] = False
        valid = pa.py_buffer(np.packbits(there, bitorder="little"))
    amounts = [_decimals(np.ascontiguousarray(values, np.int64), valid, amount) for values in priced.amounts]
    return [*amounts, *(_texts(priced, which) for which in (1, 2))]


def _decimals(cents: Any, valid: Any, amount: Any) -> Any:  # noqa: ANN401
    """Cents as decimals: eight bytes as they are, or the lower half of sixteen; the upper is 0: none is negative."""
    held = cents
    if amount == AMOUNT:
        held = np.zeros((len(cents), 2), np.int64)
        held[:, 0] = cents
    return pa.Array.from_buffers(amount, len(cents), [valid, pa.py_buffer(held)])


def _texts(priced: Priced, which: int) -> Any:  # noqa: ANN401
    """A column of texts, null but for the few rows without a price."""
    if not priced.failures:
        return pa.nulls(priced.size, pa.string())
    rows = [failure.row for failure in priced.failures]
    texts = [str(failure[which]).encode() for failure in priced.failures]
    there, lengths = np.zeros(priced.size, np.bool_), np.zeros(priced.size + 1, np.int32)
    there[rows] = True
    lengths[1:][rows] = [len(text) for text in texts]
    bits = pa.py_buffer(np.packbits(there, bitorder="little"))
    buffers = [bits, pa.py_buffer(lengths.cumsum(dtype=np.int32)), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), priced.size, buffers)


_local = threading.local()


def _engine(session: Session | None) -> Engine:
    """An engine for this thread: engines run many, and what one asks the rules is its own."""
    asked = session or default_session()
    if getattr(_local, "session", None) is not asked:
        _local.session, _local.engine = asked, Engine(own_copy(asked))
    engine: Engine = _local.engine
    return engine
