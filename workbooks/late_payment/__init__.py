"""The late-payment workbook (art. 2.3.2): what is owed and received, ageing, statement, reminder, calculation.

Everything on it is computed by its own formulas, from the three sheets that people fill in. What is wrong is listed,
and no total shows until it is put right.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from core.saving import check_target, saved
from workbooks.late_payment.model import Claims, read_claims
from xl_addin.session import Session

__all__ = ["Claims", "read_claims", "write_claims", "write_empty"]

CUSTOMERS: Final = 30
INVOICES: Final = 150
PAYMENTS: Final = 300
SLOTS: Final = 10
"""Rows of an empty workbook, and the payments an invoice can have."""


def write_claims(claims: Claims, target: Path, session: Session, *, force: bool = False) -> None:
    """Writes the workbook of an input file, in its language.

    Args:
        claims: the customers, the invoices and the payments.
        target: the workbook to make (.xlsx).
        session: the installation at work.
        force: whether a file already there is replaced.

    Raises:
        NotAvailable: the installation's settings of policies are refused. FileError: the file is there already or
        cannot be written.
    """
    from workbooks.late_payment.accounts import receivables_of
    from workbooks.late_payment.layout import Layout
    from workbooks.late_payment.sheets import write_book

    check_target(target, force=force)
    session = replace(session, language=claims.language)
    data = receivables_of(claims, session)
    paid = [len(invoice.payment) for invoice in claims.invoice]
    layout = Layout(
        claims.language,
        customers=max(CUSTOMERS, len(claims.customer) + 10),
        invoices=max(INVOICES, len(claims.invoice) + 20),
        payments=max(PAYMENTS, sum(paid) + 100),
        slots=max(SLOTS, max(paid) + 2),
    )
    with saved(target, force=force) as file:
        write_book(file, data, layout)


def write_empty(target: Path, session: Session, *, force: bool = False) -> None:
    """Writes a workbook to be filled in, in the language of the session.

    Raises:
        NotAvailable: the installation's settings of policies are refused. FileError: the file is there already or
        cannot be written.
    """
    from workbooks.late_payment.accounts import Receivables
    from workbooks.late_payment.layout import Layout
    from workbooks.late_payment.sheets import write_book

    layout = Layout(session.language, CUSTOMERS, INVOICES, PAYMENTS, SLOTS)
    with saved(target, force=force) as file:
        write_book(file, Receivables(session, session.today()), layout)
