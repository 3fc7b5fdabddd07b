"""What stands in a register: an inspection a row, each value as its cell holds it.

Nothing is judged here. A value that cannot be right is an error in its own row when the register is priced, as in a
sheet: one bad row never stops the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Final, NamedTuple

from pydantic import ConfigDict, PlainValidator

from core.codes import code_named
from core.errors import InputError
from core.records import refuse
from core.topics import names
from core.vocabulary import Cost
from workbooks.quote.model import PRICING, Pricing
from xl_addin.cells import Cell, CellError, serial

Value = str | float | int | bool | Decimal | date | CellError | None
"""What an input cell can hold; a ``datetime`` is a date with its time of day."""

KINDS: Final = tuple(kind for kind, way in PRICING.items() if way in (Pricing.INSPECTION, Pricing.WASTED_TRIP))
"""What a register can hold: what is priced by its hours, and the wasted trip. Their order is that of the drop-down."""
WASTED: Final = KINDS.index(Cost.WASTED_TRIP) + 1
"""The position of the wasted trip among the kinds, counted from 1 as a sheet does."""

TEXTS: Final = ("customer", "reference", "kind", "inspector", "site", "day_type", "regulation")
"""The fields that hold text; a number typed in one is meant as text."""
NUMBERS: Final = ("hours", "trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost")
FIELDS: Final = (
    *("start", "customer", "reference", "kind", "inspector"),
    *NUMBERS,
    *("site", "day_type", "regulation"),
)
"""The input columns, from left to right."""

_GROUPS: Final[Mapping[str, str]] = {"kind": "COST", "site": "SITE", "day_type": "DAY_TYPE"}
"""The fields that hold a code, by the list it is in."""


def _one_value(value: object) -> object:
    """Refuses lists and tables in a file, and times without a date."""
    if isinstance(value, str | float | int | Decimal | date):
        return value
    raise refuse("field_wrong", value="…" if isinstance(value, list | dict) else str(value))


Held = Annotated[Value, PlainValidator(_one_value)]


class Source(NamedTuple):
    """Where a row was read: its number there, and the letter of each column."""

    row: int
    columns: Mapping[str, str]

    def cell(self, field: str) -> str:
        """The cell of a field, such as ``F17``; that of the first column when it is no one field."""
        return f"{self.columns.get(field, self.columns['start'])}{self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """An inspection performed, or a trip in vain.

    Attributes:
        start: when it began; a date without a time is during normal hours.
        customer: whose inspection it is; rows of one customer are added up.
        reference: of the certificate, the site or the order.
        kind: what it was, by its code or its name in any language.
        inspector: who performed it.
        hours: of presence, decimal.
        trips, hours_abroad, car_km, tickets, nights, room_cost: as in COPRO_INSPECTION_FEE.
        site: whose construction holidays count; the installation's own when nothing is said.
        day_type: overrides the calendar.
        regulation: id of a specific regulation; the general one when nothing is said.
        source: the workbook's row it was read from, to name a wrong cell.
    """

    __pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    start: Held = None
    customer: Held = None
    reference: Held = None
    kind: Held = None
    inspector: Held = None
    hours: Held = None
    trips: Held = None
    hours_abroad: Held = None
    car_km: Held = None
    tickets: Held = None
    nights: Held = None
    room_cost: Held = None
    site: Held = None
    day_type: Held = None
    regulation: Held = None
    source: Source | None = None


def cell(field: str, value: Value, language: str) -> Cell:
    """A value as its cell holds it: dates as numbers, a known code by its label, a number in a column of texts as text.

    What no cell can hold, such as infinity, is ``#NUM!``.
    """
    if isinstance(value, str):
        return labelled(field, value, language) if value and field in _GROUPS else str(value) or None
    if isinstance(value, date):
        return serial(value)
    if value is None or isinstance(value, CellError | bool):
        return value
    number = _number(value)
    return f"{number:.15g}" if field in TEXTS and isinstance(number, float) else number


def _number(value: float | Decimal) -> float | CellError:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    return number if math.isfinite(number) else CellError("#NUM!")


_PLAIN: Final = frozenset({float, type(None)})


def cells(field: str, values: Iterable[Value], language: str) -> list[Cell]:
    """A column as its cells hold it."""
    column = list(values)
    if set(map(type, column)) <= _PLAIN and all(map(math.isfinite, filter(None, column))):  # type: ignore[arg-type]
        return column if field not in TEXTS else [cell(field, value, language) for value in column]  # type: ignore[return-value]
    return [cell(field, value, language) if value is not None else None for value in column]


@lru_cache(maxsize=4096)
def labelled(field: str, written: str, language: str) -> str:
    """A code as people read it; what is no code stays as it was written."""
    group = _GROUPS[field]
    try:
        return names(group, code_named(group, written), language)[0]
    except InputError:
        return written


@cache
def kind_labels(language: str) -> tuple[str, ...]:
    """What the drop-down of kinds offers."""
    return tuple(names("COST", kind.value, language)[0] for kind in KINDS)
