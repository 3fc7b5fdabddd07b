"""What a register adds up to: per customer, per kind, per payer, and whether every row is in.

A line knows how many of its rows have no price, so that no total can pass for whole while a row is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.formats import euro
from core.texts import text
from core.units import CENTS_PER_EURO
from workbooks.register.model import KINDS, kind_labels
from workbooks.register.pricing import NOT_PRICED, Column, PricedRegister


@dataclass(frozen=True, slots=True)
class Line:
    """A line of totals.

    Attributes:
        name: of the customer, the kind or the payer.
        wanted: the number of the group, or the condition that gathers the rows of several.
        rows: how many there are.
        failed: how many of them have no price.
        cents: what the others come to.
    """

    name: str
    wanted: int | str
    rows: int = 0
    failed: int = 0
    cents: int = 0

    def shown(self, language: str) -> float | str:
        """The total as its cell shows it: a number when it is whole, and otherwise a text that says what is missing."""
        if not self.failed:
            return self.cents / CENTS_PER_EURO
        amount = euro(Fraction(self.cents, CENTS_PER_EURO), language)
        return text("register", "incomplete", language, amount=amount, count=self.failed)


Lines = Sequence[Line]


def customers(priced: PricedRegister, most: int) -> list[Line]:
    """A line a customer in the order in which they appear, at most so many; the others and the nameless together."""
    return _grouped(priced, priced.customer_no, most, [str(name) for name in priced.customer_name], "customer")


def payers(priced: PricedRegister, most: int) -> list[Line]:
    """A line a payer, as for customers."""
    return _grouped(priced, priced.payer_no, most, [str(name) for name in priced.payer_name], "payer")


def kinds(priced: PricedRegister) -> list[Line]:
    """A line a kind, also those without rows, and one for rows of no kind."""
    language = priced.session.language
    labels = dict(enumerate(kind_labels(language), 1))
    found = _added(priced, priced.kind_no, {number: number for number in range(len(KINDS) + 1)})
    lines = [_line(label, number, found.get(number)) for number, label in labels.items()]
    return [*lines, *_gathered(found, 0, text("register", "kind_none", language))]


def whole(priced: PricedRegister) -> Line:
    """All rows."""
    return Line(text("register", "all", priced.session.language), "", priced.filled, len(priced.failed), priced.total)


def together(lines: Lines) -> tuple[int, int, int]:
    """Rows, rows without a price and cents of several lines."""
    return sum(line.rows for line in lines), sum(line.failed for line in lines), sum(line.cents for line in lines)


def count(numbers: Column) -> int:
    """How many groups there are, that of the rows in none not counted."""
    return len({number for number in numbers if number})


_Sums = tuple[int, int, int]


def _grouped(priced: PricedRegister, numbers: Column, most: int, names: Sequence[str], which: str) -> list[Line]:
    language = priced.session.language
    groups = sorted({number for number in numbers if isinstance(number, int) and number})
    listed = groups[:most]
    further = f">{listed[-1]}" if len(groups) > most else ""
    into: dict[int, int | str] = {
        **dict.fromkeys(groups[most:], further),
        **{number: number for number in (0, *listed)},
    }
    found = _added(priced, numbers, into)
    lines = [_line(names[number - 1], number, found.get(number)) for number in listed]
    lines += _gathered(found, 0, text("register", f"{which}_none", language))
    return [*lines, *_gathered(found, further, text("register", f"{which}_further", language))]


def _added(priced: PricedRegister, numbers: Column, into: dict[int, int | str]) -> dict[int | str, _Sums]:
    """Rows, rows without a price and cents of each line."""
    sums: dict[int | str, _Sums] = {}
    for number, state, cents in zip(numbers, priced.state, priced.cents, strict=True):
        if isinstance(number, int):
            rows, failed, total = sums.get(into[number], (0, 0, 0))
            sums[into[number]] = rows + 1, failed + (state == NOT_PRICED), total + cents
    return sums


def _line(name: str, wanted: int | str, sums: _Sums | None) -> Line:
    return Line(name, wanted, *(sums or (0, 0, 0)))


def _gathered(found: dict[int | str, _Sums], wanted: int | str, name: str) -> Iterator[Line]:
    """The line of what has no line of its own, where there is anything."""
    if wanted in found and wanted != "":
        yield _line(name, wanted, found[wanted])
