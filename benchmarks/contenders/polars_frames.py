"""Polars: lazy expressions over a frame, in whole cents and in floats."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from benchmarks.contenders import tariff
from benchmarks.contenders.tariff import APPLICATION, COUNTS, HOURS_OF_WEEK, SERIAL_2024, WASTED_TRIP, YEARS
from benchmarks.data import Columns, Ints

Run = Callable[[], pl.Series]
HALVES, WEIGHTS = pl.Series(tariff.HALVES), pl.Series(tariff.WEIGHTS)
_RATES = {
    "fixed": tariff.FIXED,
    "hour": tariff.HOUR,
    "trip": tariff.TRIP,
    "application": tariff.APPLICATION_FEE,
}


def _rates(first_year: pl.Expr, read: Callable[[tuple[str, ...]], list[float]]) -> list[pl.Expr]:
    """The rates of each row, as columns."""
    return [
        pl.when(first_year).then(pl.lit(read(rates)[0])).otherwise(pl.lit(read(rates)[1])).alias(name)
        for name, rates in _RATES.items()
    ]


def _half(amount: pl.Expr) -> pl.Expr:
    """Half of whole cents, half up."""
    return (amount + 1) // 2


def _euro(amount: pl.Expr) -> pl.Expr:
    return amount.round(2, mode="half_away_from_zero")


def _collect(frame: pl.LazyFrame, total: pl.Expr) -> Run:
    query = frame.select(total.alias("total"))
    return lambda: query.collect()["total"]


# --- ready columns -----------------------------------------------------------------------------------------------


def _ready(columns: Columns) -> pl.LazyFrame:
    return pl.DataFrame(dict(zip(("minutes", "halves", "year"), columns, strict=True))).lazy()


def ready_exact(*columns: Ints) -> Run:
    hours = pl.max_horizontal((pl.col("minutes") + 30) // 60, 1)
    frame = _ready(columns).with_columns(hours.alias("hours"), *_rates(pl.col("year") == YEARS[0], tariff.cents))
    performance = _half(pl.col("hour") * pl.col("hours") * pl.col("halves"))
    return _collect(frame, pl.col("fixed") + performance + _half(pl.col("trip") * pl.col("halves")))


def ready_float(*columns: Ints) -> Run:
    hours = pl.max_horizontal((pl.col("minutes") / 60 + 0.5).floor(), 1.0)
    frame = _ready(columns).with_columns(
        hours.alias("hours"),
        (pl.col("halves") / 2).alias("factor"),
        *_rates(pl.col("year") == YEARS[0], tariff.floats),
    )
    performance = _euro(pl.col("hour") * pl.col("hours") * pl.col("factor"))
    return _collect(frame, pl.col("fixed") + performance + _euro(pl.col("trip") * pl.col("factor")))


# --- raw rows ----------------------------------------------------------------------------------------------------


def _raw(columns: Columns) -> pl.LazyFrame:
    return pl.DataFrame(dict(zip(("start", "hours", "charge"), columns, strict=True))).lazy()


def _charged(hours: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("charge") == WASTED_TRIP).then(1).otherwise(pl.max_horizontal(hours, 1)).alias("charged")


def _looked_up(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Adds the factor at the start and the sum of factors, both in halves."""
    return frame.with_columns(
        pl.lit(HALVES).gather(pl.col("begins")).alias("halves"),
        pl.lit(WEIGHTS).gather(pl.col("begins") * COUNTS + pl.col("charged")).alias("weight"),
    )


def _total(performance: pl.Expr, travel: pl.Expr) -> pl.Expr:
    fee = pl.col("fixed") + performance + travel
    return pl.when(pl.col("charge") == APPLICATION).then(pl.col("application")).otherwise(fee)


def raw_exact(*columns: Ints) -> Run:
    frame = _raw(columns).with_columns(
        ((pl.col("start") * 1440).round().cast(pl.Int64) // 60 % HOURS_OF_WEEK).alias("begins"),
        _charged(((pl.col("hours") * 60).round().cast(pl.Int64) + 30) // 60),
        *_rates(pl.col("start") < SERIAL_2024, tariff.cents),
    )
    performance = _half(pl.col("hour") * pl.col("weight"))
    return _collect(_looked_up(frame), _total(performance, _half(pl.col("trip") * pl.col("halves"))))


def raw_float(*columns: Ints) -> Run:
    frame = _raw(columns).with_columns(
        (pl.col("start") % 7 * 24).floor().cast(pl.Int64).alias("begins"),
        _charged((pl.col("hours") + 0.5).floor().cast(pl.Int64)),
        *_rates(pl.col("start") < SERIAL_2024, tariff.floats),
    )
    performance = _euro(pl.col("hour") * pl.col("weight") / 2)
    return _collect(_looked_up(frame), _total(performance, _euro(pl.col("trip") * pl.col("halves") / 2)))
