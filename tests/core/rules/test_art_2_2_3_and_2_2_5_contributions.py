"""Art. 2.2.3 and 2.2.5: every way in which a specific regulation can define a contribution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.core.folder import SPECIFIC, session_on, table, write
from xl_addin import CellError, Session, call


def contribution(folder: Path, **rule: str) -> Session:
    """A session whose regulation BRS-1 defines a certification contribution."""
    common = {"kind": '"CERTIFICATION"', "article": '"2.2.3"', "valid_from": "2023-01-01", "index": '"none"'}
    write(folder, "regulations/brs.toml", SPECIFIC + table("[[contribution]]", common | rule))
    return session_on(folder, example=True)


def owed(session: Session, quantity: float, day: str = "2023-03-06") -> Any:
    answer = call("COPRO_CONTRIBUTION", ["CERTIFICATION", quantity, day, "BRS-1"], session)
    return answer.code if isinstance(answer, CellError) else answer


def test_a_flat_amount(tmp_path: Path) -> None:
    session = contribution(tmp_path, flat="350.00")
    assert [owed(session, quantity) for quantity in (0, 1, 7.5)] == [350, 350, 350]


def test_a_flat_amount_and_units(tmp_path: Path) -> None:
    session = contribution(tmp_path, flat="100.00", per_unit="2.50")
    assert [owed(session, quantity) for quantity in (0, 1, 4, 0.5)] == [100, 102.5, 110, 101.25]


def test_a_price_with_more_decimals(tmp_path: Path) -> None:
    session = contribution(tmp_path, per_unit="0.1234", decimals="4")
    # 1000 x 0.1234 = 123.40; 25 x 0.1234 = 3.085 -> 3.09
    assert [owed(session, quantity) for quantity in (1000, 25)] == [123.40, 3.09]


def test_an_indexed_price_is_rounded_to_its_own_decimals(tmp_path: Path) -> None:
    session = contribution(tmp_path, per_unit="0.1234", decimals="4", index='"salary"', flat="10.01")
    # 2024: 0.1234 x 1.025 = 0.126485 -> 0.1265, 1000 of them 126.50; 10.01 x 1.025 = 10.26025 -> 10.26
    assert owed(session, 1000, "2024-03-04") == 136.76
    assert owed(session, 1000, "2027-03-04") == "#N/A"


def test_a_price_that_follows_the_allowance(tmp_path: Path) -> None:
    session = contribution(tmp_path, per_unit="10.00", index='"travel"')
    # 10 x 0.4280/0.4170 = 10.2637... -> 10.26
    assert [owed(session, 2, day) for day in ("2023-03-06", "2024-03-04")] == [20, 20.52]


def test_another_base_year(tmp_path: Path) -> None:
    session = contribution(tmp_path, per_unit="10.00", index='"salary"', base_year="2025")
    # 2025 as it is; 2026: 10 x 107.3/105.1 = 10.2093... -> 10.21
    assert [owed(session, 1, day) for day in ("2025-03-06", "2026-03-06")] == [10, 10.21]


def test_what_follows_nothing_needs_no_index(tmp_path: Path) -> None:
    assert owed(contribution(tmp_path, per_unit="10.00"), 3, "2040-01-01") == 30


@pytest.mark.parametrize("period", ["year", "half-year", "quarter", "month"])
def test_part_of_a_period_is_impossible(tmp_path: Path, period: str) -> None:
    session = contribution(tmp_path, per_unit="10.00", period=f'"{period}"')
    assert [owed(session, quantity) for quantity in (0, 2, 2.5)] == [0, 20, "#NUM!"]


def test_tiers_and_bounds(tmp_path: Path) -> None:
    tiers = "[{ up_to = 10, per_unit = 5 }, { up_to = 20.5, per_unit = 3 }, { per_unit = 1 }]"
    session = contribution(tmp_path, tiers=tiers, minimum="20.00", maximum="85.00")
    # 2 x 5 = 10 -> 20; 10 x 5 = 50; + 10.5 x 3 = 81.50; + 1 = 82.50 at 21.5; beyond 85 the maximum
    assert [owed(session, quantity) for quantity in (0, 2, 10, 20.5, 21.5, 500)] == [20, 20, 50, 81.5, 82.5, 85]


def test_only_a_minimum_or_only_a_maximum(tmp_path: Path) -> None:
    assert owed(contribution(tmp_path / "a", per_unit="1", minimum="5.00"), 3) == 5
    assert owed(contribution(tmp_path / "b", per_unit="1", maximum="5.00"), 30) == 5


def test_the_other_contribution_is_not_defined(tmp_path: Path) -> None:
    session = contribution(tmp_path, flat="350.00")
    answer = call("COPRO_CONTRIBUTION", ["EXECUTION", 1, "2023-03-06", "BRS-1"], session)
    assert isinstance(answer, CellError)
    assert answer.code == "#N/A"
    assert "BRS-1" in answer.message("en")


def test_before_it_begins_it_is_not_defined(tmp_path: Path) -> None:
    session = contribution(tmp_path, flat="350.00", valid_from="2024-07-01")
    assert [owed(session, 1, day) for day in ("2024-06-30", "2024-07-01")] == ["#N/A", 350]
