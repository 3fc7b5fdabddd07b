"""Millions of random rows through the column rules and through the oracle: ``python -m tests.oracle_run``.

A shard is some rows of every rule (`tests.oracle_rules`) under one combination of policies at one place. The first
shards have the defaults and each alternative on its own; the others a random setting of every policy. A shard follows
from the seed and its number alone, so that it can be run again: ``--seed … --shard …``.

Exit status: 0 everything agrees, 1 something does not.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate, combinations, count
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.report import Table
from core.batch import Place
from core.loading import load
from core.policies import known_policies
from core.vocabulary import DayType
from tests import oracle
from tests.oracle_cases import SETTINGS, SITES, dotted
from tests.oracle_rules import RULES, Answer, Row, Rule, Setup

SEED = 20_230_101
ROWS = 10_000_000
ROWS_A_SHARD = 5_000
"""So few that a rule has less than `core.batch.columns.FEW` of them: plain lists are then answered case by case."""
LONG, ROWS_OF_A_LONG_SHARD = 200, 300_000
"""One shard in so many is so long that columns are computed in several chunks."""
SHOWN = 20
"""Rows that are told when they differ; no more than so many of one shard are kept."""


class Tally(NamedTuple):
    """What came of the rows of one rule in one shard.

    Attributes:
        rows: compared.
        distinct: rows of them that differ from all others of the shard.
        refused: rows that end in an error.
        wrong: rows that differ from the oracle.
        asked: the policies that the oracle asked for.
        told: what differed, for people.
    """

    rows: int
    distinct: int
    refused: int
    wrong: int
    asked: frozenset[str]
    told: tuple[str, ...]


class Shard(NamedTuple):
    """A shard that was compared: its settings, and its tallies by the title of the rule."""

    policies: Mapping[str, str]
    plain: bool
    tallies: Mapping[str, Tally]


class Noted(dict[str, str]):
    """Settings that take note of which are asked for."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        super().__init__(settings)
        self.asked: set[str] = set()

    def get(self, name: str, default: str) -> str:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


# --- a shard -------------------------------------------------------------------------------------------------------


def setup_of(seed: int, number: int) -> Setup:
    """Under which settings, and where, a shard is priced."""
    dice = random.Random(f"{seed} {number}")
    policies = {name: dice.choice(list(policy.settings)) for name, policy in known_policies().items()}
    if number < len(SETTINGS):
        policies = dotted(SETTINGS[number])
    day_type = dice.choice(list(DayType)) if dice.random() < 0.3 else None
    place = Place(dice.choice(list(SITES)), day_type, oracle.OVERLAY if dice.random() < 0.25 else "")
    plain, date1904 = dice.random() < 0.5, dice.random() < 0.3
    return Setup(policies, place, plain, date1904, load(example=True, policies=policies))


def size_of(number: int) -> int:
    """The rows of a shard."""
    return ROWS_OF_A_LONG_SHARD if number % LONG == LONG - 1 else ROWS_A_SHARD


def shards_for(rows: int) -> range:
    """As many shards as have that many rows."""
    sizes = accumulate(map(size_of, count()))
    return range(1 + next(number for number, done in enumerate(sizes) if done >= rows))


def compared(seed: int, number: int, size: int) -> Shard:
    """Compares a shard of so many rows; at least one of every rule."""
    try:
        setup = setup_of(seed, number)
        tallies = {rule.title: _tally(rule, setup, seed, number, max(1, size * rule.share // 100)) for rule in RULES}
    except Exception as error:
        error.add_note(f"in shard {number} of seed {seed}")
        raise
    return Shard(setup.policies, setup.plain, tallies)


def _tally(rule: Rule, setup: Setup, seed: int, number: int, size: int) -> Tally:
    dice = random.Random(f"{seed} {number} {rule.title}")
    rows = [rule.draw(dice) for _ in range(size)]
    noted = Noted(setup.policies)
    world = oracle.World(noted, oracle.EXAMPLE_SALARY)
    theirs = [_answer(rule, setup, world, row) for row in rows]
    pairs = zip(rows, _ours(rule, setup, rows), theirs, strict=True)
    wrong = [(row, one, other) for row, one, other in pairs if one != other]
    where = f"shard {number}: {rule.title}, {_described(setup)}"
    told = tuple(f"{where}: {row}: ours {_shown(one)}, oracle {_shown(other)}" for row, one, other in wrong[:SHOWN])
    refused = sum(isinstance(answer, str) for answer in theirs)
    return Tally(size, len(set(rows)), refused, len(wrong), frozenset(noted.asked), told)


def _ours(rule: Rule, setup: Setup, rows: Sequence[Row]) -> list[Answer]:
    """Our answers; where a column cannot be answered at all, that of the row which is to blame says so."""
    try:
        return rule.ours(setup, rows)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
        if len(rows) == 1:
            return [repr(error)]
        half = len(rows) // 2
        return [*_ours(rule, setup, rows[:half]), *_ours(rule, setup, rows[half:])]


def _answer(rule: Rule, setup: Setup, world: oracle.World, row: Row) -> Answer:
    try:
        return rule.theirs(setup, world, *row)
    except oracle.Refused as refused:
        return refused.code


def _described(setup: Setup) -> str:
    """A place and the settings other than the defaults."""
    known = known_policies()
    changed = [f"{name}={setting}" for name, setting in setup.policies.items() if setting != known[name].default]
    way = "case by case" if setup.plain else "arrays"
    days = ["days from 1904"] if setup.date1904 else []
    return ", ".join([*filter(None, setup.place), way, *days, *changed])


def _shown(answer: Answer) -> str:
    return f"({', '.join(map(str, answer))})" if isinstance(answer, tuple) else str(answer)


# --- all shards ----------------------------------------------------------------------------------------------------


@dataclass
class Totals:
    """What came of all shards."""

    shards: int = 0
    plain: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    distinct: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    under: Counter[tuple[str, str]] = field(default_factory=Counter)
    asking: Counter[tuple[str, str]] = field(default_factory=Counter)
    combinations: set[tuple[tuple[str, str], ...]] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    def add(self, shard: Shard) -> None:
        """Adds a shard."""
        settings = tuple((name, shard.policies.get(name, policy.default)) for name, policy in known_policies().items())
        self.shards += 1
        self.combinations.add(settings)
        for title, tally in shard.tallies.items():
            self._add(title, tally, settings)
            self.plain += tally.rows * shard.plain

    def _add(self, title: str, tally: Tally, settings: Sequence[tuple[str, str]]) -> None:
        self.rows[title] += tally.rows
        self.distinct[title] += tally.distinct
        self.refused[title] += tally.refused
        self.wrong[title] += tally.wrong
        self.told += tally.told[: SHOWN - len(self.told)]
        for setting in settings:
            self.under[setting] += tally.rows
            self.asking[setting] += tally.rows * (setting[0] in tally.asked)

    def pairs(self) -> tuple[int, int]:
        """The pairs of settings of two policies with alternatives: those met, and all."""
        choices = {name: policy.settings for name, policy in known_policies().items() if policy.open}
        of_choices = ([setting for setting in settings if setting[0] in choices] for settings in self.combinations)
        met = {pair for settings in of_choices for pair in combinations(settings, 2)}
        return len(met), sum(len(one) * len(other) for one, other in combinations(choices.values(), 2))


def totals(seed: int, numbers: Sequence[int], workers: int) -> Totals:
    """Compares shards with so many processes, and says on stderr how far it is."""
    found, begin = Totals(), time.monotonic()
    for shard in _shards(seed, numbers, min(workers, len(numbers))):
        found.add(shard)
        if found.shards % max(1, len(numbers) // 100) == 0:
            rows, wrong, passed = found.rows.total(), found.wrong.total(), time.monotonic() - begin
            sys.stderr.write(
                f"{found.shards:,} of {len(numbers):,} shards, {rows:,} rows, {wrong:,} mismatches, "
                f"{passed:,.0f} s, {rows / passed:,.0f} rows/s\n"
            )
    return found


def _shards(seed: int, numbers: Sequence[int], workers: int) -> Iterator[Shard]:
    """The shards, in order."""
    arguments: tuple[Iterable[int], ...] = ([seed] * len(numbers), numbers, map(size_of, numbers))
    if workers <= 1:
        yield from map(compared, *arguments)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(compared, *arguments)


# --- what is told --------------------------------------------------------------------------------------------------


def report(found: Totals, how: str, took: float, workers: int) -> list[str]:
    """The tables, in Markdown.

    Args:
        found: what was compared.
        how: the options with which the same rows are compared again.
        took: seconds.
        workers: processes.
    """
    rows, wrong = found.rows.total(), found.wrong.total()
    shards, processes = f"shard{'s' * (found.shards > 1)}", f"process{'es' * (workers > 1)}"
    summary = (
        f"**{wrong:,} mismatches in {rows:,} random rows.** `python -m tests.oracle_run {how}` compares them again: "
        f"{found.shards:,} {shards}, {took / 60:,.1f} minutes with {workers} {processes}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}."
    )
    way = (
        "Every row was drawn on its own, not from a pool, and `tests/oracle.py` computed every one in fractions; it "
        "remembers only what a day is, the factor of a day and of a night, and the rates of a year. "
        f"{rows - found.plain:,} rows were given as arrays, {found.plain:,} as plain lists. Errors are compared too."
    )
    return [
        "# The column functions against the exact oracle",
        "",
        summary,
        "",
        way,
        "",
        *_rules(found).lines(),
        "",
        *_settings(found).lines(),
        *(["", "## What differs", "", *(f"- {line}" for line in found.told)] if found.told else []),
    ]


def _rules(found: Totals) -> Table:
    counters = found.rows, found.wrong, found.refused, found.distinct
    lines = [[title, *(f"{counter[title]:,}" for counter in counters)] for title in found.rows]
    whole = ["all", *(f"{counter.total():,}" for counter in counters)]
    heads = ["rule", "rows compared", "mismatches", "end in an error", "distinct in their shard"]
    return Table("Rules", [*lines, whole], heads)


def _settings(found: Totals) -> Table:
    met, pairs = found.pairs()
    lines = [
        [f"`{name}`", setting + " (default)" * (setting == policy.default), *_counted(found, name, setting)]
        for name, policy in known_policies().items()
        for setting in policy.settings
    ]
    words = (
        f"{len(found.combinations):,} combinations of settings were met, and {met:,} of the {pairs:,} pairs of "
        "settings of two policies with alternatives. The last column leaves out rules whose oracle never asks for the "
        "policy: what none asks for is decided in quotes and statements, or has one setting that the oracle is written "
        "for."
    )
    return Table("Settings", lines, ["policy", "setting", "rows compared", "by rules that ask for it"], words)


def _counted(found: Totals, name: str, setting: str) -> list[str]:
    return [f"{counter[name, setting]:,}" for counter in (found.under, found.asking)]


def main(given: Sequence[str] | None = None) -> int:
    """Compares as many rows as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle_run", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rounded up to whole shards of {ROWS_A_SHARD:,}")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--shard", type=int, help="this one only, to see it again")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; usually one a core")
    parser.add_argument("--output", type=Path, help="where the tables are written, too")
    asked = parser.parse_args(given)
    numbers = shards_for(asked.rows) if asked.shard is None else [asked.shard]
    begin = time.monotonic()
    found = totals(asked.seed, numbers, asked.workers)
    how = f"--rows {found.rows.total()}" if asked.shard is None else f"--shard {asked.shard}"
    took, workers = time.monotonic() - begin, min(asked.workers, len(numbers))
    lines = report(found, f"{how} --seed {asked.seed}", took, workers)
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.output:
        asked.output.write_text(text, encoding="utf-8")
    return 1 if found.wrong.total() else 0


if __name__ == "__main__":
    sys.exit(main())
