"""The kinds of argument, each with the one reader that turns a cell into a core value."""

from __future__ import annotations

from xl_addin import cells
from xl_addin.catalogue.model import Argument, Kind

MOMENT = Kind("moment", cells.moment)
DATE = Kind("date", cells.day)
HOURS = Kind("hours", cells.hours)
HOURS_ABROAD = Kind("hours", cells.hours_abroad)
COUNT = Kind("count", cells.count)
KILOMETRES = Kind("kilometres", cells.kilometres)
MONEY = Kind("money", cells.money)
EXACT_AMOUNT = Kind("money", cells.exact_amount)
INDEX = Kind("index", cells.index)
QUANTITY = Kind("quantity", cells.quantity)
YEAR = Kind("year", cells.year)
QUARTER = Kind("quarter", cells.quarter)
ITEM = Kind("code", cells.code("ITEM"), "ITEM")
SERIES = Kind("code", cells.code("SERIES"), "SERIES")
CONTRIBUTION = Kind("code", cells.code("CONTRIBUTION"), "CONTRIBUTION")
DAY_TYPE = Kind("code", cells.day_type, "DAY_TYPE")
CUSTOMER = Kind("code", cells.code("CUSTOMER"), "CUSTOMER")
COST = Kind("code", cells.code("COST"), "COST")
LAW = Kind("code", cells.law, "LAW")
LANGUAGE = Kind("code", cells.code("LANGUAGE"), "LANGUAGE")
SITE = Kind("code", cells.code("SITE"), "SITE")
REGULATION = Kind("regulation", cells.regulation)
FUNCTION_NAME = Kind("function", cells.function_name)
PAYMENTS = Kind("payments", cells.payments, takes_range=True)


def needs(name: str, kind: Kind) -> Argument:
    """An argument that must be given."""
    return Argument(name, kind)


def may(name: str, kind: Kind) -> Argument:
    """An argument that can be left out."""
    return Argument(name, kind, required=False)
