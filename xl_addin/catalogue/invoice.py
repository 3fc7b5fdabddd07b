"""Invoice (art. 2.2.8, 2.3.1)."""

from __future__ import annotations

from datetime import date

from core.formats import label
from core.rules import art_2_2_8_vat as vat_rules
from core.rules import art_2_3_1_payers as payers
from core.rules.art_2_2_8_vat import Customer
from core.texts import text
from core.units import Unit
from core.vocabulary import Cost
from xl_addin.catalogue import kinds
from xl_addin.catalogue.kinds import may, needs
from xl_addin.catalogue.model import Call, Function


def vat_rate(call: Call, on_date: date | None, customer: str | None) -> int:
    """The VAT rate, in 1/100 of a percent."""
    day = call.on(on_date)
    return vat_rules.vat_rate(call.session.rulebook.figures, Customer(customer or "BE"), day, call.steps)


def vat(call: Call, amount: int, on_date: date | None, customer: str | None) -> int:
    """VAT on an amount, in cents."""
    day = call.on(on_date)
    return vat_rules.vat(call.session.rulebook.figures, Customer(customer or "BE"), day, amount, call.steps)


def payer(call: Call, cost: str, language: str | None, on_date: date | None, regulation: str | None) -> str:
    """Who pays whom, with the article."""
    rule = payers.payer(call.tariff(on_date or call.session.today(), regulation), Cost(cost), call.steps)
    words = language or call.session.language
    return f"{label('paid_to', rule.paid_to, words)} ({text('labels', 'article', words)} {rule.payer_article})"


FUNCTIONS = (
    Function(
        "COPRO_VAT_RATE",
        "invoice",
        "2.2.8",
        (may("on_date", kinds.DATE), may("customer", kinds.CUSTOMER)),
        vat_rate,
        unit=Unit.PERCENT,
        clock="on_date",
        examples=(("2023-03-06",), ("2023-03-06", "EU_REVERSE")),
    ),
    Function(
        "COPRO_VAT",
        "invoice",
        "2.2.8",
        (needs("amount", kinds.MONEY), may("on_date", kinds.DATE), may("customer", kinds.CUSTOMER)),
        vat,
        unit=Unit.EURO,
        clock="on_date",
        examples=((1092.5, "2023-03-06", "BE"),),
    ),
    Function(
        "COPRO_PAYER",
        "invoice",
        "2.3.1",
        (
            needs("cost", kinds.COST),
            may("language", kinds.LANGUAGE),
            may("on_date", kinds.DATE),
            may("regulation", kinds.REGULATION),
        ),
        payer,
        unit=Unit.TEXT,
        clock="on_date",
        examples=(("STANDARD_INSPECTION",), ("EXTERNAL_LABORATORY",)),
    ),
)
