"""Tariff and index (art. 2.2.1-2.2.5, 2.2.9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from core.errors import NotAvailable
from core.rules import art_2_2_3_and_2_2_5_contributions as contributions
from core.rules import art_2_2_9_indexation as indexation
from core.texts import text
from core.trace import Step
from core.units import Unit
from core.vocabulary import ContributionKind, Item
from xl_addin.catalogue import kinds
from xl_addin.catalogue.kinds import may, needs
from xl_addin.catalogue.model import Call, Function
from xl_addin.cells import Cell, CellError, Table, cell

if TYPE_CHECKING:
    from core.tariff import Tariff


def _unit(item: Item) -> Unit:
    return Unit.EURO_PER_KM if item is Item.KM_CAR else Unit.EURO


def rate(call: Call, item: str, on_date: date | None, regulation: str | None) -> Cell:
    """An indexed rate: euro, to the cent (four decimals for a kilometre)."""
    asked = Item(item)
    value = call.tariff(on_date or call.session.today(), regulation).rate(asked, call.steps)
    return cell(value, _unit(asked), call.session.language)


def tariff_card(call: Call, year: int | None, language: str | None, regulation: str | None) -> Table:
    """A row an item: code, label, unit, base, coefficient, indexed rate, article."""
    day = date(year or call.session.today().year, 1, 1)
    tariff = call.tariff(day, regulation)
    return [_card_row(call, tariff, item, language or call.session.language) for item in Item]


def _card_row(call: Call, tariff: Tariff, item: Item, language: str) -> list[Cell]:
    base = tariff.base_rates[item]
    try:
        value = cell(tariff.rate(item, call.steps), _unit(item), language)
        coefficient: Cell = cell(tariff.coefficient(item), Unit.RATIO, language)
    except NotAvailable as error:
        value = coefficient = CellError(error.cell_code, error)
    label = cell(f"ITEM:{item.value}", Unit.CODE, language)
    unit = text("labels", f"unit.{item.value}", language)
    return [
        item.value,
        label,
        unit,
        cell(Fraction(base.base), Unit.EXACT_EURO, language),
        coefficient,
        value,
        base.article,
    ]


def index_coefficient(call: Call, year: int, series: str | None) -> Fraction:
    """S_n/S_r, or the travel ratio, of a tariff year."""
    tariff = call.tariff(date(year, 1, 1))
    find = indexation.travel_coefficient if series == "TRAVEL" else indexation.salary_coefficient
    found = find(tariff.figures, tariff.policies, year, tariff.general.base_year)
    call.steps.append(found.step)
    return found.ratio


def indexed(call: Call, amount: Decimal, s_n: Decimal, s_r: Decimal) -> int:
    """An amount × S_n / S_r, in cents."""
    return indexation.indexed_amount(amount, s_n, s_r, call.policies, call.steps)


def salary_index(call: Call, year: int, quarter: int | None) -> Fraction:
    """The index on record for a quarter."""
    asked = 3 if quarter is None else quarter
    record = indexation.salary_index(call.session.rulebook.figures, year, asked)
    value = Fraction(record.value)
    call.steps.append(Step(indexation.SALARY_INDEX, (year, asked), value, (record,)))
    return value


def km_rate(call: Call, on_date: date | None) -> int:
    """Euro a kilometre, in 1/10 000."""
    return call.tariff(on_date or call.session.today()).rate(Item.KM_CAR, call.steps)


def contribution(call: Call, kind: str, quantity: Fraction, on_date: date | None, regulation: str | None) -> int:
    """A contribution of a specific regulation, in cents."""
    tariff = call.tariff(on_date or call.session.today(), regulation)
    return contributions.contribution(tariff, ContributionKind(kind), quantity, call.steps)


FUNCTIONS = (
    Function(
        "COPRO_RATE",
        "tariff",
        "2.2.1, 2.2.9",
        (needs("item", kinds.ITEM), may("on_date", kinds.DATE), may("regulation", kinds.REGULATION)),
        rate,
        clock="on_date",
        examples=(("HOUR", "2023-03-06"), ("KM_CAR", "2023-03-06")),
    ),
    Function(
        "COPRO_TARIFF",
        "tariff",
        "2.2.1, 2.2.9",
        (may("year", kinds.YEAR), may("language", kinds.LANGUAGE), may("regulation", kinds.REGULATION)),
        tariff_card,
        table=True,
        clock="year",
        examples=((2023,),),
    ),
    Function(
        "COPRO_INDEX_COEFFICIENT",
        "tariff",
        "2.2.9",
        (needs("year", kinds.YEAR), may("series", kinds.SERIES)),
        index_coefficient,
        unit=Unit.RATIO,
        examples=((2024, "TRAVEL"), (2024,)),
    ),
    Function(
        "COPRO_INDEXED",
        "tariff",
        "2.2.9",
        (needs("amount", kinds.EXACT_AMOUNT), needs("s_n", kinds.INDEX), needs("s_r", kinds.INDEX)),
        indexed,
        unit=Unit.EURO,
        examples=((125.82, 102.5, 100),),
    ),
    Function(
        "COPRO_SALARY_INDEX",
        "tariff",
        "2.2.9",
        (needs("year", kinds.YEAR), may("quarter", kinds.QUARTER)),
        salary_index,
        unit=Unit.RATIO,
        examples=((2022, 3),),
        made_up=((2023, 3),),
    ),
    Function(
        "COPRO_KM_RATE",
        "tariff",
        "2.2.4, 2.2.9",
        (may("on_date", kinds.DATE),),
        km_rate,
        unit=Unit.EURO_PER_KM,
        clock="on_date",
        examples=(("2024-03-06",),),
    ),
    Function(
        "COPRO_CONTRIBUTION",
        "tariff",
        "2.2.3, 2.2.5",
        (
            needs("kind", kinds.CONTRIBUTION),
            needs("quantity", kinds.QUANTITY),
            may("on_date", kinds.DATE),
            may("regulation", kinds.REGULATION),
        ),
        contribution,
        unit=Unit.EURO,
        clock="on_date",
        examples=(("CERTIFICATION", 4, "2023-03-06", "TAR-COPRO-EXE-2.0"),),
        made_up=(("CERTIFICATION", 4, "2023-03-06", "EXAMPLE-BRS"), ("EXECUTION", 1500, "2023-03-06", "EXAMPLE-BRS")),
    ),
)
