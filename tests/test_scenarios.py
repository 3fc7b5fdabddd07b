"""The worked examples of ``scenarios/``, a table an article, put to the functions and to the oracle.

A scenario carries ``call``, ``args`` ("" is a blank) and what comes out: ``value``, ``error``, ``rows`` (a range or a
table; ``columns`` picks some of its columns) or ``contains`` (texts that occur, in any case). ``data = "example"``
loads the made-up salary index and the example regulation; ``policies`` sets alternatives; ``working`` is the sum by
hand.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests import oracle
from xl_addin import Session, call

FOLDER = Path(__file__).parent / "scenarios"
KEYS = {
    *("name", "call", "args", "data", "policies", "columns", "working"),
    *("value", "error", "rows", "contains"),
}
EXPECTATIONS = ("value", "error", "rows", "contains")
Scenario = dict[str, Any]
OpenSession = Callable[[Scenario], Session]


def read_scenarios() -> list[tuple[str, Scenario]]:
    """Every scenario with the table it stands in."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        found += [(path.stem, scenario) for scenario in tomllib.loads(path.read_text("utf-8"))["scenario"]]
    return found


ALL = read_scenarios()
IDS = [f"{table}: {scenario['name']}" for table, scenario in ALL]
SCENARIOS = [pytest.param(scenario, id=name) for name, (_, scenario) in zip(IDS, ALL, strict=True)]


@pytest.fixture(scope="module")
def open_session(tmp_path_factory: pytest.TempPathFactory) -> OpenSession:
    """A session a combination of data and policies, without any records of this computer's user."""
    opened: dict[str, Session] = {}

    def open_for(scenario: Scenario) -> Session:
        example, policies = scenario.get("data") == "example", scenario.get("policies", {})
        key = f"{example} {sorted(policies.items())}"
        if key not in opened:
            folder = tmp_path_factory.mktemp("records")
            opened[key] = Session.open(data_folder=folder, language="en", policies=policies, example=example)
        return opened[key]

    return open_for


def plain(result: Any) -> Any:
    """A result as the tables write it: blanks as "", errors as their code."""
    if isinstance(result, list):
        return [plain(item) for item in result]
    if result is None:
        return ""
    return getattr(result, "code", result)


def same(got: Any, expected: Any) -> bool:
    """Equal; amounts and rates to the last bit, ratios written with fewer digits to those."""
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, float) and isinstance(got, float):
        return got == expected if round(expected, 4) == expected else abs(got - expected) < 1e-13
    if isinstance(expected, int) and not isinstance(expected, bool):
        return isinstance(got, int | float) and got == expected
    return type(got) is type(expected) and bool(got == expected)


def expectation(scenario: Scenario) -> Any:
    """What must come out; one row for one value where the table gives one."""
    return next(scenario[key] for key in EXPECTATIONS if key in scenario)


def test_tables_are_well_formed() -> None:
    assert [name for name, times in Counter(IDS).items() if times > 1] == []
    for _, scenario in ALL:
        assert set(scenario) <= KEYS, scenario["name"]
        assert sum(key in scenario for key in EXPECTATIONS) == 1, scenario["name"]
        assert scenario["working"]


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 150
    assert len({table for table, _ in ALL}) == 11


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario: Scenario, open_session: OpenSession) -> None:
    got = plain(call(scenario["call"], scenario["args"], session=open_session(scenario)))
    if "columns" in scenario and isinstance(got, list):
        got = [[row[column] for column in scenario["columns"]] for row in got]
    if "contains" in scenario:
        text = str(got).casefold()
        assert [part for part in scenario["contains"] if part.casefold() not in text] == [], text
    else:
        expected = expectation(scenario)
        assert same(got, expected), f"got {got}, expected {expected}: {scenario['working']}"


# --- the oracle against the same tables ---------------------------------------------------------------------------

TABLES = ("COPRO_LATE_CLAIM", "COPRO_LATE_INTEREST_DETAIL")
OTHER_NAMES = ("uur", "Stunde")  # the oracle knows the English codes only


def is_for_oracle(scenario: Scenario) -> bool:
    """Whether the oracle answers this function and reads these arguments."""
    unread = any(name in str(scenario["args"]) for name in OTHER_NAMES)
    heights = {len(values) for values in scenario["args"] if isinstance(values, list)} - {1}
    return scenario["call"] in oracle.ANSWERS and "contains" not in scenario and not unread and len(heights) < 2


def spread(arguments: list[Any]) -> list[list[list[Any]]]:
    """The arguments of each cell of the grid that ranges, rows and columns span."""
    ranges = [argument for argument in arguments if isinstance(argument, list)]
    height = max((len(values) for values in ranges), default=1)
    width = max((len(values[0]) for values in ranges), default=1)

    def cell(argument: Any, row: int, column: int) -> Any:
        if not isinstance(argument, list):
            return argument
        values = argument[row if len(argument) > 1 else 0]
        return values[column if len(values) > 1 else 0]

    return [[[cell(a, row, column) for a in arguments] for column in range(width)] for row in range(height)]


@pytest.mark.parametrize(
    "scenario",
    [pytest.param(scenario, id=name) for name, (_, scenario) in zip(IDS, ALL, strict=True) if is_for_oracle(scenario)],
)
def test_oracle_agrees(scenario: Scenario) -> None:
    world = oracle.World(
        scenario.get("policies", {}), oracle.EXAMPLE_SALARY if scenario.get("data") == "example" else {}
    )
    name, expected = scenario["call"], expectation(scenario)
    if name in TABLES:
        got = plain(oracle.answer(name, scenario["args"], world))
    else:
        got = plain([[oracle.answer(name, cell, world) for cell in row] for row in spread(scenario["args"])])
        if "rows" not in scenario:
            got = got[0][0]
    assert same(got, expected), f"got {got}, expected {expected}: {scenario['working']}"


def test_oracle_interest_is_a_sum_of_days() -> None:
    world, amount = oracle.World({"interest.day_count": "actual/actual"}), Fraction(365000)
    due, until = date(2023, 6, 15), date(2026, 2, 3)
    days = (due + number * oracle.DAY for number in range(1, (until - due).days + 1))
    by_day = sum(amount * oracle.late_rate(day, world) / 100 / oracle.days_of_year(day, world) for day in days)
    assert oracle.exact_interest(amount, due, until, world) == by_day
