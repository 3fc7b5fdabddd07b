"""Art. 2.2.1 and 2.2.9: base rates of 2023, adapted each 1 January.

Rates that follow salaries are multiplied by S_n/S_r: S_r is the index of employees' salaries (nl: index van de
bediendensalarissen, fr: index des salaires des employés) of the third quarter before the base year, S_n that of the
third quarter before the year asked for; always on the base, never chained. The travel fee and transport follow the
allowance of FOD/SPF BOSA in force on 1 January. Indexed rates are rounded to the cent; the rate for a kilometre by
car keeps four decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from core.numeric import half_up_div
from core.trace import Cited, Step, StepKind, Steps
from core.units import CENTS_PER_EURO, Unit, scaled
from core.vocabulary import Item, Series

if TYPE_CHECKING:
    from core.records import Figures, Record
    from core.regulation import Index, Rate

_SALARY_OPERANDS = (Unit.YEAR, Unit.RATIO, Unit.RATIO)
_COEFFICIENT = ("index.coefficient",)
COEFFICIENTS_SALARY = {
    "exact": StepKind("coefficient_salary", "2.2.9", "{1} / {2}", _SALARY_OPERANDS, Unit.RATIO, policies=_COEFFICIENT),
    "four_decimals": StepKind(
        "coefficient_salary", "2.2.9", "{1} / {2}", _SALARY_OPERANDS, Unit.RATIO, rounding=True, policies=_COEFFICIENT
    ),
}
COEFFICIENTS_TRIED = {
    setting: StepKind(
        "coefficient_tried",
        "2.2.9",
        "{0} / {1}",
        (Unit.RATIO, Unit.RATIO),
        Unit.RATIO,
        rounding=setting == "four_decimals",
        policies=_COEFFICIENT,
    )
    for setting in COEFFICIENTS_SALARY
}
COEFFICIENT_TRAVEL = StepKind(
    "coefficient_travel",
    "2.2.9",
    "{1} / {2}",
    (Unit.YEAR, Unit.RATIO, Unit.RATIO),
    Unit.RATIO,
    policies=("index.travel_series",),
)
COEFFICIENT_BASE_YEAR = StepKind("coefficient_base_year", "2.2.1", "1", (Unit.YEAR,), Unit.RATIO)
SALARY_INDEX = StepKind("salary_index", "2.2.9", "{0}-Q{1}", (Unit.YEAR, Unit.NUMBER), Unit.RATIO)
INDEXED_AMOUNT = StepKind(
    "indexed_amount",
    "2.2.9",
    "{0} × {1}",
    (Unit.EXACT_EURO, Unit.RATIO),
    Unit.EURO,
    rounding=True,
    policies=("rounding",),
)


def _rate_kinds(unit: Unit) -> tuple[StepKind, StepKind]:
    base = StepKind("rate_base", "2.2.1", "{1}", (Unit.CODE, unit, Unit.YEAR), unit)
    indexed = StepKind(
        "rate_indexed",
        "2.2.9",
        "{1} × {3}",
        (Unit.CODE, unit, Unit.YEAR, Unit.RATIO),
        unit,
        rounding=True,
        policies=("rounding",),
    )
    return base, indexed


_KINDS = {2: _rate_kinds(Unit.EURO), 4: _rate_kinds(Unit.EURO_PER_KM)}
COEFFICIENT_DECIMALS = 4


class Coefficient(NamedTuple):
    """By how much a rate of the base year is multiplied, and how that was found."""

    ratio: Fraction
    step: Step


class IndexedRate(NamedTuple):
    """A rate in force: cents (1/10 000 euro for a kilometre), its coefficient, and how it was found."""

    value: int
    ratio: Fraction
    steps: tuple[Step, ...]


ALLOWANCES: Mapping[str, Series] = {
    "yearly": Series.TRAVEL_ALLOWANCE,
    "quarterly": Series.TRAVEL_ALLOWANCE_QUARTERLY,
}


def salary_index(figures: Figures, year: int, quarter: int = 3) -> Record:
    """The recorded index of employees' salaries (S) of a quarter: index points."""
    return figures.on(Series.SALARY_INDEX, date(year, 3 * quarter - 2, 1))


def salary_coefficient(figures: Figures, policies: Mapping[str, str], year: int, base_year: int) -> Coefficient:
    """S_n/S_r for the rates of ``year``; 1 in the base year itself, whatever the index was.

    Raises:
        NotAvailable: an index is not recorded.
    """
    if year == base_year:
        return _unchanged(year)
    current, reference = salary_index(figures, year - 1), salary_index(figures, base_year - 1)
    ratio = _salary_ratio(Fraction(current.value), Fraction(reference.value), policies)
    kind = COEFFICIENTS_SALARY[policies["index.coefficient"]]
    return _coefficient(kind, year, current, reference, ratio)


def travel_coefficient(figures: Figures, policies: Mapping[str, str], year: int, base_year: int) -> Coefficient:
    """The allowance in force on 1 January of ``year`` over that of the base year.

    Raises:
        NotAvailable: an allowance is not recorded.
    """
    if year == base_year:
        return _unchanged(year)
    series = ALLOWANCES[policies["index.travel_series"]]
    current, reference = figures.on(series, date(year, 1, 1)), figures.on(series, date(base_year, 1, 1))
    ratio = Fraction(current.value) / Fraction(reference.value)
    return _coefficient(COEFFICIENT_TRAVEL, year, current, reference, ratio)


def _unchanged(year: int) -> Coefficient:
    return Coefficient(Fraction(1), Step(COEFFICIENT_BASE_YEAR, (year,), Fraction(1)))


def _coefficient(kind: StepKind, year: int, current: Record, reference: Record, ratio: Fraction) -> Coefficient:
    operands = (year, Fraction(current.value), Fraction(reference.value))
    return Coefficient(ratio, Step(kind, operands, ratio, (current, reference)))


def _salary_ratio(s_n: Fraction, s_r: Fraction, policies: Mapping[str, str]) -> Fraction:
    """S_n/S_r, exactly or to four decimals, as the policy ``index.coefficient`` says."""
    ratio = s_n / s_r
    if policies["index.coefficient"] != "four_decimals":
        return ratio
    scale = 10**COEFFICIENT_DECIMALS
    return Fraction(half_up_div(ratio.numerator * scale, ratio.denominator), scale)


def coefficient(index: Index, figures: Figures, policies: Mapping[str, str], year: int, base_year: int) -> Coefficient:
    """The coefficient of ``year`` for a rate of ``base_year`` that follows ``index``."""
    if index == "none":
        return _unchanged(base_year)
    find = salary_coefficient if index == "salary" else travel_coefficient
    return find(figures, policies, year, base_year)


def index_followed(rate: Rate, policies: Mapping[str, str]) -> Index:
    """What a rate follows. The hour of travel abroad is part of the travel fee, so the text takes it from S."""
    if rate.code is Item.HOUR_ABROAD and rate.index == "travel" and policies["index.hours_abroad"] == "salary":
        return "salary"
    return rate.index


def indexed_rate(
    rate: Rate, origin: tuple[Cited, ...], figures: Figures, policies: Mapping[str, str], year: int, base_year: int
) -> IndexedRate:
    """``rate`` of ``base_year``, which ``origin`` sets, as it stands in ``year``, rounded once to its own decimals.

    Raises:
        NotAvailable: an index or allowance is not recorded.
    """
    base = scaled(rate.base, 10**rate.code.decimals)
    unchanged, indexed = _KINDS[rate.code.decimals]
    item = f"ITEM:{rate.code.value}"
    if year == base_year or rate.index == "none":
        return IndexedRate(base, Fraction(1), (Step(unchanged, (item, base, base_year), base, origin),))
    found = coefficient(index_followed(rate, policies), figures, policies, year, base_year)
    value = half_up_div(base * found.ratio.numerator, found.ratio.denominator)
    step = Step(indexed, (item, base, year, found.ratio), value, origin)
    return IndexedRate(value, found.ratio, (found.step, step))


def indexed_amount(amount: Decimal, s_n: Decimal, s_r: Decimal, policies: Mapping[str, str], steps: Steps) -> int:
    """``amount`` × ``s_n`` / ``s_r`` in cents: for trying a figure before it is official."""
    ratio = _salary_ratio(Fraction(s_n), Fraction(s_r), policies)
    exact = Fraction(amount) * ratio * CENTS_PER_EURO
    value = half_up_div(exact.numerator, exact.denominator)
    kind = COEFFICIENTS_TRIED[policies["index.coefficient"]]
    steps.append(Step(kind, (Fraction(s_n), Fraction(s_r)), ratio))
    steps.append(Step(INDEXED_AMOUNT, (Fraction(amount), ratio), value))
    return value
