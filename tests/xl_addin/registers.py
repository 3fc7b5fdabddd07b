"""Registers made at random, and what each of their rows comes to when its cells are asked for one by one."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from xl_addin import Session, call
from xl_addin.cells import CellError
from xl_addin.pricing.fields import AMOUNTS, JOURNEY, WHERE

Row = dict[str, Any]
KINDS = ["STANDARD_INSPECTION", "wasted trip", "Inspection de démarrage", "inspectie", "klachtonderzoek"]
BAD_KINDS = ["APPLICATION", "nonsense", None]


def rows(count: int, seed: int = 1, *, wrong: float = 0.02) -> list[Row]:
    """Rows of a register; a share of the cells holds what no register should."""
    chance = random.Random(seed)
    return [_row(chance, wrong) for _ in range(count)]


def _row(chance: random.Random, wrong: float) -> Row:
    abroad = chance.random() < 0.2
    day = datetime(2023, 1, 1) + timedelta(minutes=chance.randrange(365 * 24 * 60))
    row: Row = {
        "start": day if chance.random() < 0.8 else day.replace(hour=0, minute=0),
        "kind": chance.choice(KINDS),
        "hours": chance.choice([chance.randint(1, 96) / 4, chance.randint(1, 1440) / 60]),
        "trips": chance.choice([None, None, 0, 1, 2]),
        "hours_abroad": chance.randint(1, 40) / 4 if abroad else chance.choice([None, 0]),
        "car_km": chance.randint(0, 9000) / 10 if abroad else None,
        "tickets": chance.randint(0, 30000) / 100 if abroad else None,
        "nights": chance.choice([None, 0, 1, 3]),
        "room_cost": chance.choice([None, 0, 110.5, 99.99]),
        "site": chance.choice([None, None, "BRUSSEL", "Antwerpen", "Namur"]),
        "day_type": chance.choice([None] * 6 + ["SATURDAY", "feestdag"]),
        "regulation": None,
    }
    for field in row:
        if chance.random() < wrong:
            row[field] = chance.choice(_WRONG[field])
    return row


_NUMBERS = [-1, 1e9, float("nan"), 2.5, 1e300]
_WRONG: dict[str, list[Any]] = {
    "start": [None, datetime(2022, 12, 31, 10), datetime(2027, 5, 3, 9, 30), datetime(2023, 3, 26, 2, 30)],
    "kind": BAD_KINDS,
    "hours": [None, 0, 25, *_NUMBERS],
    **dict.fromkeys(JOURNEY, _NUMBERS),
    "site": ["Atlantis", ""],
    "day_type": ["DOOMSDAY", ""],
    "regulation": ["NO-SUCH", "", "TAR COPRO.EXE 2.0"],
}


def scalar(row: Row, session: Session) -> tuple[list[Decimal | None], str]:
    """The six amounts of a row and its error, each asked for as a single cell would."""
    if all(row.get(field) in (None, "") for field in row):
        return [None] * len(AMOUNTS), ""
    if row.get("kind", "x") in BAD_KINDS:
        return [None] * len(AMOUNTS), "#VALUE!"
    wasted = row.get("kind") == "wasted trip"
    journey, where = [row.get(field) for field in JOURNEY], [row.get(field) for field in WHERE]
    hours = [] if wasted else [row["hours"]]
    function = "COPRO_WASTED_TRIP_FEE" if wasted else "COPRO_INSPECTION_FEE"
    fee = call(function, [row["start"], *hours, *journey, *where], session)
    if isinstance(fee, CellError):
        return [None] * len(AMOUNTS), fee.code
    trips, abroad, car, tickets, nights, room = journey
    start, regulation = row["start"], row.get("regulation")
    given = trips if trips is not None else 0 if abroad else 1
    parts = [
        call("COPRO_RATE", ["INSPECTION", start, regulation], session),
        call("COPRO_PERFORMANCE_FEE", [start, 1 if wasted else row["hours"], *where], session),
        call("COPRO_TRAVEL_FEE", [start, given, abroad, *where], session),
        call("COPRO_TRANSPORT_COST", [start, car, tickets, regulation], session),
        call("COPRO_STAY_FEE", [start, nights or 0, room, regulation], session),
        fee,
    ]
    return [Decimal(str(part)).quantize(Decimal("0.01")) for part in parts], ""


def as_date(value: datetime | None) -> date | None:
    """The day of a start."""
    return None if value is None else value.date()
