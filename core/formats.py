"""Numbers, amounts and dates as each language writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from core.topics import groups, names, topic
from core.units import CENTS_PER_EURO, Moment, Unit

NARROW_SPACE = "\u202f"
_SEPARATORS = {"nl": (".", ","), "fr": (NARROW_SPACE, ","), "de": (".", ","), "en": (",", ".")}
_DATES = {"nl": "%d/%m/%Y", "fr": "%d/%m/%Y", "de": "%d.%m.%Y", "en": "%Y-%m-%d"}
_DECIMALS = {Unit.EURO: 2, Unit.EURO_PER_KM: 4}
RATIO_DECIMALS = 10
LARGEST_DENOMINATOR = 100_000
"""A ratio that no ten decimals hold is shown as a fraction, so that it can be computed with; beyond this, rounded."""


LONGEST_SHOWN = 80


def one_line(written: str) -> str:
    """What somebody typed, as a message repeats it: its beginning, without line breaks and what no cell can show."""
    shown = written[:LONGEST_SHOWN]
    if shown.isprintable():
        return shown
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "?" for sign in shown)


class Named(NamedTuple):
    """A code that people know by a name: shown by that name in their language."""

    group: str
    code: str


def number(value: Fraction | Decimal | int, language: str, decimals: int | None = None) -> str:
    """A number with that language's separators; without ``decimals``, as many as it needs, or a fraction."""
    exact = Fraction(value)
    if decimals is None and exact * 10**RATIO_DECIMALS % 1 and exact.denominator <= LARGEST_DENOMINATOR:
        whole_number, part = number(exact.numerator, language), number(exact.denominator, language)
        return f"{whole_number}/{part}"
    places = RATIO_DECIMALS if decimals is None else decimals
    whole, rest = divmod(round(abs(exact) * 10**places), 10**places)
    digits = f"{'-' if exact < 0 else ''}{whole:,}" + (f".{rest:0{places}d}" if places else "")
    if decimals is None:
        digits = digits.rstrip("0").rstrip(".")
    group, point = _SEPARATORS[language]
    return digits.translate({ord(","): group, ord("."): point})


def _decimals_needed(value: Fraction) -> int:
    return next((n for n in range(3, RATIO_DECIMALS) if value * 10**n % 1 == 0), RATIO_DECIMALS)


def euro(value: Fraction | Decimal | int, language: str, decimals: int | None = 2) -> str:
    """An amount in euro: ``€ 1.234,56``, ``1 234,56 €``, ``1.234,56 €`` or ``€1,234.56``.

    Without ``decimals``, as many as it needs, two at least.
    """
    if decimals is None:
        decimals = 2 if Fraction(value) * CENTS_PER_EURO % 1 == 0 else _decimals_needed(Fraction(value))
    digits = number(value, language, decimals)
    if language == "nl":
        return f"€ {digits}"
    return f"€{digits}" if language == "en" else f"{digits} €"


def day(value: date, language: str) -> str:
    """A date, and its time where it has one."""
    written = value.strftime(_DATES[language])
    return f"{written} {value:%H:%M}" if isinstance(value, datetime) else written


def quantity(value: object, unit: Unit, language: str) -> str:
    """A quantity held in ``unit``, as people write it."""
    if unit in _WRITERS:
        return _WRITERS[unit](value, language)
    assert isinstance(value, int | Fraction)
    exact = unit.exact(value)
    if unit is Unit.EXACT_EURO:
        return euro(exact, language, None)
    if unit in _DECIMALS:
        return euro(exact, language, _DECIMALS[unit])
    return number(exact, language) + _SUFFIXES.get(unit, "")


def shown(value: object, language: str) -> str:
    """Any detail of a message: a name by its label, numbers and dates in the language, the rest as text."""
    if isinstance(value, Named):
        return label(value.group, value.code, language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, Fraction | Decimal):
        return number(value, language)
    message: Callable[[str], str] | None = getattr(value, "message", None)
    return message(language) if message else str(value)


def label(group: str, code: str, language: str) -> str:
    """The name of a code: the first of those its users may type, or the label given in ``labels.toml``."""
    if group in groups():
        return names(group, code, language)[0]
    return topic("labels")[f"{group}.{code}"][language]


def _code(value: object, language: str) -> str:
    group, _, code = str(value).partition(":")
    return label(group, code, language)


def _moment(value: object, language: str) -> str:
    assert isinstance(value, Moment)
    return day(value.clock(), language)


def _day(value: object, language: str) -> str:
    assert isinstance(value, date)
    return day(value, language)


_WRITERS: Mapping[Unit, Callable[[object, str], str]] = {
    Unit.DATE: _day,
    Unit.MOMENT: _moment,
    Unit.TEXT: lambda value, language: str(value),
    Unit.YEAR: lambda value, language: str(value),
    Unit.CODE: _code,
}
_SUFFIXES = {Unit.HOURS: " h", Unit.KILOMETRES: " km", Unit.PERCENT: " %"}
