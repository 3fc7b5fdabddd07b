"""The register workbook: inspections performed, a row each, priced by the column, with totals that miss nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from core.formats import euro
from core.saving import check_target, saved
from core.texts import text
from core.units import CENTS_PER_EURO
from workbooks.register.layout import sheet_name
from workbooks.register.model import Row
from workbooks.register.pricing import PricedRegister, price
from workbooks.register.reading import read_register
from xl_addin.session import Session

__all__ = ["PricedRegister", "Row", "Summary", "price", "read_register", "write_empty", "write_register"]

EMPTY_ROWS = 500
"""Rows of an empty workbook."""
_TOLD = 20
"""Rows without a price that the summary tells one by one."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was priced.

    Attributes:
        file: the workbook.
        priced: the register with its prices.
    """

    file: Path
    priced: PricedRegister

    @property
    def failed(self) -> int:
        """How many rows have no price."""
        return len(self.priced.failed)

    def told(self) -> str:
        """The summary for the terminal, in the language of the workbook."""
        return "\n".join(_told(self))


def write_register(rows: Sequence[Row], target: Path, session: Session, *, force: bool = False) -> Summary:
    """Prices a register and writes its workbook, in the language of the session.

    Args:
        rows: what was performed; a row that cannot be priced keeps its error, is counted and is told.
        target: the workbook to make (.xlsx).
        session: the installation at work.
        force: whether a file already there is replaced.

    Raises:
        FileError: the workbook cannot be written, or is there already.
        NotAvailable: the file of the regulation, or that of the policies, was refused.
    """
    from workbooks.register.sheets import write_book

    check_target(target, force=force)
    priced = price(rows, session)
    with saved(target, force=force) as place:
        write_book(place, priced)
    return Summary(target, priced)


def write_empty(target: Path, session: Session, *, rows: int = EMPTY_ROWS, force: bool = False) -> None:
    """Writes a register to be filled in, in the language of the session.

    Raises:
        FileError: the workbook cannot be written, or is there already.
    """
    from workbooks.register.sheets import write_book

    with saved(target, force=force) as place:
        write_book(place, price((), session), rows=rows)


def _told(summary: Summary) -> Iterator[str]:
    priced, language = summary.priced, summary.priced.session.language

    def words(key: str, **details: object) -> str:
        return text("register", f"summary.{key}", language, **details)

    yield words("rows", rows=priced.filled, priced=priced.filled - summary.failed, failed=summary.failed)
    for position in priced.failed[:_TOLD]:
        failure = priced.failure(position)
        place = f"{failure.number} ({failure.cell})" if failure.cell else str(failure.number)
        yield "  " + words("failed", place=place, reason=failure.reason)
    if summary.failed > _TOLD:
        yield "  " + words("more", count=summary.failed - _TOLD, sheet=sheet_name("failures", language))
    if priced.doubles:
        yield words("doubles", count=priced.doubles)
    amount = euro(Fraction(priced.total, CENTS_PER_EURO), language)
    if summary.failed:
        yield words("incomplete", amount=amount, failed=summary.failed)
    else:
        yield words("total", amount=amount)
    yield text("quote", "summary.file", language, file=str(summary.file))
