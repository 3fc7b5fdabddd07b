"""Tables as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

PLAIN = ("what", "median", "ratio", "note")


class Table(NamedTuple):
    """A table under a title, with a few words before it."""

    title: str
    rows: Sequence[Sequence[str]]
    heads: Sequence[str] = PLAIN
    words: str = ""

    def lines(self) -> list[str]:
        """The table in Markdown."""
        words = [self.words, ""] if self.words else []
        ruled = [f"| {' | '.join(row)} |" for row in self.rows]
        return [f"## {self.title}", "", *words, f"| {' | '.join(self.heads)} |", "|---" * len(self.heads) + "|", *ruled]


def not_run(name: str, reason: str, columns: int) -> list[str]:
    """The row of what did not run."""
    return [name, "not run", *[""] * (columns - 3), reason]


def seconds(value: float) -> str:
    """A time as people read it."""
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def figure(value: float) -> str:
    """A number with about two digits that matter."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"
