"""Registers in Arrow's memory: every row as its cells alone, from every library that speaks Arrow."""

from __future__ import annotations

import shutil
import sys
import threading
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from core.errors import CoproError
from tests.xl_addin.registers import Row, as_date, rows, scalar
from xl_addin import Session

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

from xl_addin import arrow  # noqa: E402 - needs what was asked for above
from xl_addin.pricing import engine  # noqa: E402
from xl_addin.pricing.fields import AMOUNTS, RESULTS  # noqa: E402

COUNT = 3000
CODES_OF_PANDAS = pa.dictionary(pa.int8(), pa.large_string())


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.open(language="en")


def table(cells: list[Row], **types: Any) -> Any:
    columns = {}
    for field in cells[0]:
        kind = types.get(field) or _TYPES.get(field, pa.string())
        columns[field] = pa.array([row[field] for row in cells], kind)
    return pa.table(columns)


_TYPES = {
    "start": pa.timestamp("us"),
    **dict.fromkeys(("hours", "trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost"), pa.float64()),
}


def check(priced: Any, cells: list[Row], session: Session) -> None:
    """Every row of a result against its cells asked for one by one."""
    found = {name: priced[name].to_pylist() for name in RESULTS}
    wrong = []
    for place, row in enumerate(cells):
        amounts, error = scalar(row, session)
        ours = [found[name][place] for name in AMOUNTS]
        if ours != amounts or (found["error"][place] or "") != error or bool(found["reason"][place]) != bool(error):
            wrong.append((place, row, amounts, error, ours, found["error"][place], found["reason"][place]))
    assert wrong == []


def test_every_row_is_as_its_cells_alone(session: Session) -> None:
    cells = rows(COUNT)
    check(arrow.price(table(cells), session), cells, session)


def test_rows_without_a_mistake(session: Session) -> None:
    cells = rows(COUNT, seed=2, wrong=0)
    priced = arrow.price(table(cells), session)
    check(priced, cells, session)
    for row in priced.to_pylist()[:500]:
        if row["fee"] is not None:
            assert row["fee"] == sum(row[name] for name in AMOUNTS[:-1])


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_timestamps_of_every_unit(unit: str, session: Session) -> None:
    cells = rows(400, seed=3)
    check(arrow.price(table(cells, start=pa.timestamp(unit)), session), cells, session)


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_days_without_a_time(kind: Any, session: Session) -> None:
    cells = [{**row, "start": as_date(row["start"])} for row in rows(400, seed=4)]
    check(arrow.price(table(cells, start=kind), session), cells, session)


def test_starts_as_text_and_as_serials(session: Session) -> None:
    for start in ("2023-03-06T16:30", "06/03/2023 16:30", "nonsense", "2023-03-06T00:00", "2023-03-06"):
        cells = [{"start": start, "hours": 3.5}]
        check(arrow.price(table(cells, start=pa.string()), session), cells, session)
    serials = [{"start": value, "hours": 2.0} for value in (44991.6875, 44991.0, 60.0, -5.0, 44991.99999999999)]
    check(arrow.price(table(serials, start=pa.float64()), session), serials, session)


@pytest.mark.parametrize("scale", [0, 1, 2, 4])
def test_decimals_are_exact(scale: int, session: Session) -> None:
    unit = Decimal(1).scaleb(-scale)
    whole = [Decimal(value) for value in ("0", "-1", "7.5", "125.8249", "99999999999", "1e12", "2e12")]
    values = [None, *(value.quantize(unit) for value in whole)]
    row = {"start": datetime(2023, 3, 6, 10), "hours": 3.0, "hours_abroad": 2.0}
    cells = [{**row, "tickets": value} for value in values]
    for kind in (pa.decimal128(30, scale), pa.decimal128(18, scale)):
        check(arrow.price(table(cells, tickets=kind), session), cells, session)


@pytest.mark.parametrize("scale", [7, 8, 9])
def test_hours_in_decimals_are_cleared_of_noise(scale: int, session: Session) -> None:
    """0.36111111 h is 21 minutes and 40 seconds, as in a cell; half cents hang on it."""
    unit = Decimal(1).scaleb(-scale)
    row = {"start": datetime(2023, 3, 6, 10), "hours": 3.0}
    cells = [{**row, "hours_abroad": Decimal(n * 100_000_000 // 3600).scaleb(-8).quantize(unit)} for n in range(1300)]
    check(arrow.price(table(cells, hours_abroad=pa.decimal128(12, scale)), session), cells, session)


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint8(), pa.int32(), pa.int64(), pa.uint64(), pa.float32()])
def test_whole_numbers_of_every_size(kind: Any, session: Session) -> None:
    cells = [
        {"start": datetime(2023, 3, 6, 10), "hours": hours, "trips": trips, "nights": trips, "hours_abroad": 1.0}
        for hours in (1, 24, 25, 127)
        for trips in (None, 0, 3, 100)
    ]
    check(arrow.price(table(cells, hours=kind, trips=kind, nights=kind), session), cells, session)


def test_date64_has_no_time_of_day(session: Session) -> None:
    late = [(datetime(2023, 3, 6) - datetime(1970, 1, 1)).days * 86_400_000 + ms for ms in (0, 79_200_000, 9_000_000)]
    given = pa.table({"start": pa.array(late, pa.int64()).view(pa.date64()), "hours": [3.0] * 3})
    assert arrow.price(given, session)["fee"].to_pylist() == [Decimal("966.68")] * 3


def test_dates_past_the_calendar_end_their_own_row_only(session: Session) -> None:
    given = pa.table({"start": pa.array([19422, 2**31 - 1], pa.int32()).view(pa.date32()), "hours": [3.0, 3.0]})
    assert arrow.price(given, session)["error"].to_pylist() == [None, "#VALUE!"]


@pytest.mark.parametrize("name", ["kind", "site", "day_type", "regulation", "hours", "trips"])
def test_nested_values_are_refused_row_by_row(name: str, session: Session) -> None:
    start = [datetime(2023, 3, 6, 10)] * 2
    given = {"start": start, "hours": [3.0, 3.0], name: pa.array([["a"], None], pa.list_(pa.string()))}
    errors = arrow.price(pa.table(given), session)["error"].to_pylist()
    assert errors == ["#VALUE!", "#VALUE!" if name in ("kind", "hours") else None]


def test_run_ends(session: Session) -> None:
    kinds = pa.RunEndEncodedArray.from_arrays([2, 3], ["STANDARD_INSPECTION", "WASTED_TRIP"])
    given = pa.table({"start": [datetime(2023, 3, 6, 10)] * 3, "hours": [3.0] * 3, "kind": kinds})
    assert arrow.price(given, session)["fee"].to_pylist() == [Decimal("966.68")] * 2 + [Decimal("715.04")]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_blank_rows_among_codes_held_once(kind: Any, session: Session) -> None:
    codes = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["inspectie", ""], kind))
    given = pa.table({"start": [datetime(2023, 3, 6, 10), None, None], "hours": [3.0, None, None], "kind": codes})
    priced = arrow.price(given, session)
    assert priced["fee"].to_pylist() == [Decimal("966.68"), None, None]
    assert priced["error"].to_pylist() == [None] * 3


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()), CODES_OF_PANDAS]
)
def test_codes_as_any_text(kind: Any, session: Session) -> None:
    cells = rows(500, seed=5)
    check(arrow.price(table(cells, kind=kind, site=kind, day_type=kind), session), cells, session)


def test_columns_that_are_left_out_or_hold_nothing(session: Session) -> None:
    cells = [{"start": row["start"], "hours": row["hours"]} for row in rows(300, seed=6)]
    check(arrow.price(table(cells), session), cells, session)
    empty = [{**row, "trips": None, "car_km": None, "site": None} for row in cells]
    check(arrow.price(table(empty, trips=pa.null(), car_km=pa.int64()), session), empty, session)


def test_a_row_in_which_nothing_stands_stays_blank(session: Session) -> None:
    cells = [*rows(5, seed=7, wrong=0), dict.fromkeys(rows(1)[0])]
    cells[-1]["site"] = ""
    priced = arrow.price(table(cells), session)
    assert priced.slice(5).select(list(RESULTS)).to_pylist() == [dict.fromkeys(RESULTS)]
    check(priced, cells, session)


def test_slices_and_chunks(session: Session) -> None:
    cells = rows(300, seed=8)
    whole = table(cells)
    check(arrow.price(whole.slice(37, 101), session), cells[37:138], session)
    check(arrow.price(pa.concat_tables([whole.slice(0, 10), whole.slice(10)]), session), cells, session)
    batch = whole.to_batches()[0].slice(5, 50)
    priced = arrow.price(batch, session)
    assert isinstance(priced, pa.RecordBatch) or priced.num_rows == 50
    check(priced, cells[5:55], session)
    assert arrow.price(whole.slice(0, 0), session).num_rows == 0


def test_what_was_given_is_not_copied(session: Session) -> None:
    whole = table(rows(100, seed=9)).append_column("mine", pa.array(range(100)))
    priced = arrow.price(whole, session)
    for name in ("start", "mine"):
        ours, given = (data[name].chunk(0).buffers()[1].address for data in (priced, whole))
        assert ours == given
    assert priced.schema == arrow.result_schema(whole.schema)
    assert arrow.price(priced, session).schema == priced.schema  # what was added before is replaced


def test_refusals_are_told_by_the_name_of_the_column(session: Session) -> None:
    whole = table([{"start": datetime(2023, 3, 6), "hours": -1.0}])
    assert "negative" in arrow.price(whole, session)["reason"][0].as_py()
    with pytest.raises(CoproError, match="hours"):
        arrow.price(whole.select(["start"]), session)
    with pytest.raises(CoproError, match="mean the same"):
        arrow.price(whole.append_column("uren", whole["hours"]), session)
    zoned = whole.set_column(0, "start", whole["start"].cast(pa.timestamp("us", "UTC")))
    with pytest.raises(CoproError, match="time zone"):
        arrow.price(zoned, session)
    with pytest.raises(CoproError, match="already"):
        arrow.price(whole.append_column("fee", whole["hours"]), session)


def test_every_kind_of_inspection_is_that_of_the_register_workbook() -> None:
    from core.vocabulary import Cost
    from workbooks.register.model import KINDS

    assert {*engine.INSPECTIONS, Cost.WASTED_TRIP} == set(KINDS)


def test_threads_do_not_disturb_each_other(session: Session) -> None:
    """Each thread asks the rules for itself: many at once give what one gives."""
    tables = [table(rows(2000, seed=seed)) for seed in range(6)]
    alone = [arrow.price(each, session) for each in tables]
    found: dict[int, Any] = {}

    def work(number: int) -> None:
        found[number] = arrow.price(tables[number], session)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(6):
        assert found[number].select(list(RESULTS)) == alone[number].select(list(RESULTS))


# --- who speaks Arrow ------------------------------------------------------------------------------------------------


def test_pandas(session: Session) -> None:
    pytest.importorskip("pandas")
    cells = rows(200, seed=10, wrong=0)
    check(arrow.price(table(cells).to_pandas(), session), cells, session)


def test_polars(session: Session) -> None:
    polars = pytest.importorskip("polars")
    cells = rows(200, seed=11, wrong=0)
    priced = arrow.price(polars.from_arrow(table(cells)), session)
    check(priced, cells, session)
    assert polars.from_arrow(priced)["fee"].dtype == polars.Decimal(18, 2)


def test_duckdb_reads_batches_and_takes_the_result() -> None:
    duckdb = pytest.importorskip("duckdb")
    cells = rows(500, seed=12, wrong=0)
    base = duckdb.connect().register("register", table(cells))
    reader = base.sql("select * from register where hours > 2").to_arrow_reader(100)
    priced = pa.RecordBatchReader.from_batches(arrow.result_schema(reader.schema), arrow.price_batches(reader))
    found = duckdb.connect().register("priced", priced).sql("select count(*), sum(fee) from priced").fetchall()
    expected = [scalar(row, Session.open())[0][-1] for row in cells if row["hours"] > 2]
    assert found == [(len(expected), sum(filter(None, expected)))]


def test_dask_prices_partitions_on_its_own_workers() -> None:
    """An existing engine: a Dask DataFrame, each partition priced where it is, in threads and in processes."""
    frames = pytest.importorskip("dask.dataframe")
    pandas = pytest.importorskip("pandas")
    cells = rows(200, seed=13, wrong=0)
    frame = table(cells).to_pandas()
    meta = in_dask(frame.head(1)).head(0)
    parts = frames.from_pandas(frame, npartitions=4).map_partitions(in_dask, meta=meta)
    expected = [scalar(row, Session.open())[0][-1] for row in cells]
    for scheduler in ("threads", "processes"):
        priced = parts.compute(scheduler=scheduler)
        assert [None if pandas.isna(fee) else Decimal(fee) for fee in priced["fee"]] == expected


@pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning")
def test_spark_maps_in_arrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch of a partition is priced by the workers of Spark, which it starts itself."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    from pyspark.sql.pandas.types import from_arrow_schema

    cells = [{"id": place, **row} for place, row in enumerate(rows(200, seed=14, wrong=0))]
    given = table(cells, id=pa.int64())
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    spark = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        spark.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")
        frame = spark.createDataFrame(given).repartition(4)
        schema = from_arrow_schema(arrow.result_schema(frame.limit(1).toArrow().schema))
        priced = frame.mapInArrow(arrow.price_batches, schema).orderBy("id").toArrow()
    finally:
        spark.stop()
    expected = arrow.price(given)
    assert [priced[name].to_pylist() for name in RESULTS] == [expected[name].to_pylist() for name in RESULTS]


def in_dask(frame: Any) -> Any:
    """What is mapped over the partitions."""
    return arrow.price(pa.Table.from_pandas(frame)).to_pandas(types_mapper=_arrow_types)


def _arrow_types(kind: Any) -> Any:
    import pandas as pd

    return pd.ArrowDtype(kind) if pa.types.is_decimal(kind) or pa.types.is_string(kind) else None
