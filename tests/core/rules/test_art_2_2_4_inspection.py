"""Art. 2.2.4: the parts of an inspection, and that together they make the contribution."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import ImpossibleValue
from core.loading import load
from core.rulebook import Rulebook
from core.rules.art_2_2_4_inspection import (
    Inspection,
    control_contribution,
    hours_charged,
    inspection_travel,
    round_trips,
    stay_fee,
    transport_cost,
    travel_alone,
)
from core.rules.art_2_2_6_wasted_trip import wasted_trip_fee
from core.trace import Steps
from core.units import HOUR, KILOMETRE, MINUTE, Moment

BOOK = load(example=True)
MONDAY = Moment(date(2023, 3, 6), 10 * HOUR)
EVENING = Moment(date(2023, 3, 6), 17 * HOUR)
SUNDAY = Moment(date(2023, 3, 5), 10 * HOUR)


def travel(case: Inspection, book: Rulebook = BOOK, **policies: str) -> int:
    chosen = (
        load(example=True, policies={name.replace("_", ".", 1): s for name, s in policies.items()})
        if policies
        else book
    )
    tariff = chosen.tariff(case.start.day)
    return inspection_travel(tariff, chosen.factors(tariff, "BRUSSEL"), case, [])


def whole(case: Inspection) -> tuple[int, list[str]]:
    steps: Steps = []
    tariff = BOOK.tariff(case.start.day)
    fee = control_contribution(tariff, BOOK.factors(tariff, "BRUSSEL"), case, steps)
    return fee, [step.kind.key for step in steps]


@pytest.mark.parametrize(
    ("trips", "abroad", "meant"), [(None, 0, 1), (None, 1, 0), (0, 0, 0), (0, 1, 0), (3, 0, 3), (3, 1, 3)]
)
def test_the_trips_that_are_meant(trips: int | None, abroad: int, meant: int) -> None:
    assert round_trips(trips, abroad) == meant


@pytest.mark.parametrize(
    ("case", "cents"),
    [
        (Inspection(MONDAY, HOUR), 22_892),
        (Inspection(MONDAY, HOUR, trips=0), 0),
        (Inspection(MONDAY, HOUR, trips=3), 68_676),
        (Inspection(SUNDAY, HOUR), 45_784),
        (Inspection(MONDAY, HOUR, travel_abroad=4 * HOUR), 50_328),
        (Inspection(MONDAY, HOUR, travel_abroad=50 * MINUTE), 10_485),
        (Inspection(MONDAY, HOUR, trips=1, travel_abroad=HOUR), 35_474),
        # 228.92 x 1.5 = 343.38; 125.82 x 1.5 x 1/4 = 47.1825
        (Inspection(Moment(MONDAY.day, 18 * HOUR), HOUR, trips=1, travel_abroad=15 * MINUTE), 39_056),
    ],
)
def test_travel(case: Inspection, cents: int) -> None:
    assert travel(case) == cents


def test_the_factor_of_a_flat_trip() -> None:
    case = Inspection(EVENING, 2 * HOUR)  # 17:00 and 18:00: by day and by night
    assert travel(case) == 22_892
    assert travel(case, factor_flat_trip="highest") == 34_338
    assert travel(case._replace(start=SUNDAY), factor_flat_trip="none") == 22_892
    assert travel(case._replace(start=SUNDAY), factor_flat_trip="highest") == 45_784


def test_the_factor_of_hours_abroad() -> None:
    case = Inspection(SUNDAY, HOUR, travel_abroad=HOUR)
    assert travel(case) == 25_164
    assert travel(case, factor_hours_abroad="none") == 12_582
    later = case._replace(start=Moment(date(2024, 3, 4), 10 * HOUR))
    # travel: 125.82 x 0.4280/0.4170 = 129.1389...; salary: 125.82 x 1.025 = 128.9655
    assert [travel(later), travel(later, index_hours_abroad="salary")] == [12_914, 12_897]


def test_travel_alone() -> None:
    tariff = BOOK.tariff(MONDAY.day)
    factors = BOOK.factors(tariff, "BRUSSEL")
    fees = [
        travel_alone(tariff, factors, MONDAY, trips, abroad, [])
        for trips, abroad in ((None, 0), (0, 0), (None, HOUR), (0, HOUR))
    ]
    assert fees == [22_892, 0, 35_474, 12_582]


def test_transport_and_stay() -> None:
    tariff = BOOK.tariff(MONDAY.day)
    assert [
        transport_cost(tariff, car * KILOMETRE, tickets, []) for car, tickets in ((0, 0), (100, 0), (0, 55), (100, 55))
    ] == [
        *(0, 4_170, 55, 4_225),
    ]
    assert [stay_fee(tariff, nights, room, []) for nights, room in ((0, 0), (2, 0), (0, 9_000), (2, 9_000))] == [
        *(0, 27_522, 9_000, 36_522),
    ]


def test_nothing_of_no_use_is_looked_up() -> None:
    """In a year without an index for salaries a stay that is none, or transport that is none, still costs nothing."""
    tariff = load().tariff(date(2026, 3, 2))
    assert stay_fee(tariff, 0, 0, []) == 0
    assert transport_cost(load().tariff(date(2030, 1, 1)), 0, 0, []) == 0


def test_the_parts_make_the_whole() -> None:
    case = Inspection(MONDAY, 210 * MINUTE, None, 4 * HOUR, 412 * KILOMETRE, 3_820, 2, 24_000)
    fee, keys = whole(case)
    # 360.30 + 4 x 125.82 + 4 x 125.82 + (412 x 0.4170 = 171.804 -> 171.80) + 38.20 + 2 x 137.61 + 240.00
    assert fee == 36_030 + 50_328 + 50_328 + 17_180 + 3_820 + 27_522 + 24_000
    assert [key for key in keys if key.endswith(("fee", "cost", "contribution", "abroad"))] == [
        *(
            "fixed_fee",
            "performance_fee",
            "travel_abroad",
            "car_cost",
            "transport_cost",
            "stay_fee",
            "control_contribution",
        ),
    ]


def test_a_second_inspection_on_one_journey() -> None:
    assert whole(Inspection(MONDAY, HOUR, trips=0))[0] == 36_030 + 12_582


@pytest.mark.parametrize("case", [Inspection(MONDAY, HOUR, car=1), Inspection(MONDAY, HOUR, tickets=1)])
def test_no_transport_within_belgium(case: Inspection) -> None:
    for charge in (control_contribution, wasted_trip_fee):
        tariff = BOOK.tariff(case.start.day)
        with pytest.raises(ImpossibleValue) as impossible:
            charge(tariff, BOOK.factors(tariff, "BRUSSEL"), case, [])
        assert impossible.value.key == "transport_in_belgium"


@pytest.mark.parametrize(("presence", "key"), [(0, "hours_not_positive"), (24 * HOUR + 1, "hours_too_many")])
def test_impossible_hours(presence: int, key: str) -> None:
    with pytest.raises(ImpossibleValue) as impossible:
        hours_charged(presence, BOOK.general[0].hours, [])
    assert impossible.value.key == key


def test_a_wasted_trip_counts_an_hour_whatever_the_presence() -> None:
    tariff = BOOK.tariff(MONDAY.day)
    for presence in (0, HOUR, 30 * HOUR):
        fee = wasted_trip_fee(tariff, BOOK.factors(tariff, "BRUSSEL"), Inspection(MONDAY, presence), [])
        assert fee == 36_030 + 12_582 + 22_892
