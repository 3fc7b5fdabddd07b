"""Late payment (art. 2.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.rules import art_2_3_2_late_payment as late
from core.rules.art_2_3_2_late_payment import Law, Payment
from core.texts import text
from core.units import Unit
from xl_addin.catalogue import kinds
from xl_addin.catalogue.kinds import may, needs
from xl_addin.catalogue.model import Call, Function
from xl_addin.cells import Cell, Table, cell


def due_date(call: Call, invoice_date: date, regulation: str | None) -> date:
    """When an invoice is due."""
    return late.due_date(call.tariff(invoice_date, regulation), invoice_date, call.steps)


def legal_rate(call: Call, on_date: date, law: str | None) -> int:
    """The statutory rate, in 1/100 of a percent."""
    day = call.on(on_date)
    return late.legal_rate(call.session.rulebook.figures, Law(law or "1865"), day, call.steps)


def late_rate(call: Call, on_date: date, regulation: str | None) -> int:
    """The rate late payers owe, in 1/100 of a percent."""
    return late.late_rate(call.tariff(on_date, regulation), on_date, call.steps)


def late_interest(call: Call, amount: int, due_date: date, until_date: date, regulation: str | None) -> int:
    """Interest, in cents."""
    call.tariff(until_date)
    return late.late_interest(call.tariff(due_date, regulation), amount, due_date, until_date, call.steps)


def late_interest_detail(
    call: Call, amount: int, due_date: date, until_date: date, language: str | None, regulation: str | None
) -> Table:
    """A row a period: from, to, days, rate, interest; a row that says so when nothing is late."""
    call.tariff(until_date)
    words = language or call.session.language
    rows = late.late_interest_detail(call.tariff(due_date, regulation), amount, due_date, until_date, call.steps)
    if not rows:
        return [[text("labels", "not_late", words), None, 0, None, cell(0, Unit.EURO, words)]]
    return [
        [
            row.first,
            row.last,
            row.days,
            cell(row.points, Unit.PERCENT, words),
            cell(row.interest, Unit.EURO, words),
        ]
        for row in rows
    ]


def lump_sum(call: Call, amount: int, notice_received: date, as_of: date, regulation: str | None) -> int:
    """The lump sum, in cents."""
    call.tariff(as_of)
    tariff = call.tariff(notice_received, regulation)
    return late.lump_sum(tariff, amount, notice_received, as_of, call.steps)


def late_claim(
    call: Call,
    amount: int,
    invoice_date: date,
    as_of: date,
    payments: Sequence[tuple[date, int]] | None,
    notice_received: date | None,
    language: str | None,
    regulation: str | None,
) -> Table:
    """A row a figure: its name, its value."""
    received = [Payment(day, cents) for day, cents in payments or ()]
    for day in (as_of, notice_received or as_of, *(payment.day for payment in received)):
        call.tariff(day)
    claim = late.late_claim(
        call.tariff(invoice_date, regulation), amount, invoice_date, as_of, received, notice_received, call.steps
    )
    words = language or call.session.language
    figures: list[tuple[str, Cell]] = [
        ("due_date", claim.due),
        ("days_late", claim.days_late),
        ("principal", cell(claim.principal, Unit.EURO, words)),
        ("interest", cell(claim.interest, Unit.EURO, words)),
        ("lump_sum", cell(claim.lump_sum, Unit.EURO, words)),
        ("total", cell(claim.total, Unit.EURO, words)),
    ]
    if claim.later_payments:
        figures.append(("later_payments", cell(claim.later_payments, Unit.EURO, words)))
    if claim.overpaid:
        figures.append(("overpaid", cell(claim.overpaid, Unit.EURO, words)))
    return [[text("labels", f"claim.{name}", words), value] for name, value in figures]


_AMOUNT, _DUE, _UNTIL = (
    needs("amount", kinds.MONEY),
    needs("due_date", kinds.DATE),
    needs("until_date", kinds.DATE),
)
_LANGUAGE = may("language", kinds.LANGUAGE)
_REGULATION = may("regulation", kinds.REGULATION)

FUNCTIONS = (
    Function(
        "COPRO_DUE_DATE",
        "late_payment",
        "2.3.2",
        (needs("invoice_date", kinds.DATE), _REGULATION),
        due_date,
        unit=Unit.DATE,
        examples=(("2026-01-15",), ("2023-11-10",)),
    ),
    Function(
        "COPRO_LEGAL_RATE",
        "late_payment",
        "2.3.2",
        (needs("on_date", kinds.DATE), may("law", kinds.LAW)),
        legal_rate,
        unit=Unit.PERCENT,
        examples=(("2026-01-15", 1865), ("2023-09-15", 2002)),
    ),
    Function(
        "COPRO_LATE_RATE",
        "late_payment",
        "2.3.2",
        (needs("on_date", kinds.DATE), _REGULATION),
        late_rate,
        unit=Unit.PERCENT,
        examples=(("2026-01-15",),),
    ),
    Function(
        "COPRO_LATE_INTEREST",
        "late_payment",
        "2.3.2",
        (_AMOUNT, _DUE, _UNTIL, _REGULATION),
        late_interest,
        unit=Unit.EURO,
        examples=((1321.93, "2023-11-30", "2024-03-31"), (1321.93, "2023-11-30", "2023-11-30")),
    ),
    Function(
        "COPRO_LATE_INTEREST_DETAIL",
        "late_payment",
        "2.3.2",
        (_AMOUNT, _DUE, _UNTIL, _LANGUAGE, _REGULATION),
        late_interest_detail,
        table=True,
        examples=((1321.93, "2023-11-30", "2024-03-31"),),
    ),
    Function(
        "COPRO_LUMP_SUM",
        "late_payment",
        "2.3.2",
        (_AMOUNT, needs("notice_received", kinds.DATE), needs("as_of", kinds.DATE), _REGULATION),
        lump_sum,
        unit=Unit.EURO,
        examples=(
            (1321.93, "2024-01-10", "2024-02-01"),
            (2500, "2024-01-10", "2024-02-01"),
            (2500, "2024-01-10", "2024-01-18"),
        ),
    ),
    Function(
        "COPRO_LATE_CLAIM",
        "late_payment",
        "2.3.2",
        (
            _AMOUNT,
            needs("invoice_date", kinds.DATE),
            needs("as_of", kinds.DATE),
            may("payments", kinds.PAYMENTS),
            may("notice_received", kinds.DATE),
            _LANGUAGE,
            _REGULATION,
        ),
        late_claim,
        table=True,
        examples=((1321.93, "2023-10-15", "2024-03-31", [["2024-01-15", 500]], "2024-01-10"),),
    ),
)
