"""Ours: the functions for whole columns, checks and all."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.data import Ints
from core.batch import Place, fees_at
from xl_addin import Session
from xl_addin.columns import register


def session() -> Session:
    """With the example index, so that 2024 has rates."""
    return Session.open(example=True, site="BRUSSEL", language="en")


def ready_exact(minutes: Ints, halves: Ints, years: Ints) -> Callable[[], Ints]:
    """What is classified already."""
    opened = session()
    prices = fees_at(opened.rulebook, Place(opened.site))
    return lambda: prices.ready(minutes, halves, years).values


def raw_exact(starts: Ints, hours: Ints, charges: Ints) -> Callable[[], Ints]:
    """A register as it stands in a sheet."""
    opened = session()
    return lambda: register(opened, starts, hours, charges).values
