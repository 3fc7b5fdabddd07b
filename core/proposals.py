"""What somebody proposes to record, and what is found about it: each names the sheet and the cell it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.errors import CoproError
from core.records import ConstructionHoliday, Record
from core.vocabulary import Series, Status


class UpdateError(CoproError):
    """Something about an update of the figures."""

    texts = "update"


class Severity(StrEnum):
    """What a finding means for the recording."""

    ERROR = "error"  # nothing is recorded
    WARNING = "warning"  # recorded, for somebody explained it
    SKIPPED = "skipped"  # not recorded, for it is on record already


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about one cell, or about the whole update (then ``place`` is empty)."""

    severity: Severity
    place: str
    reason: CoproError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a proposal stands: the sheet, and the cell of each of its fields."""

    sheet: str
    cells: Mapping[str, str]

    def of(self, name: str) -> str:
        """The cell of a field, as people write it: ``Salary index!F12``."""
        return f"{self.sheet}!{self.cells[name]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What every proposal says. ``status`` is ``None`` for a figure that is to count no more."""

    place: Place
    status: Status | None
    source: str = ""
    entered_by: str = ""
    checked_by: str = ""
    note: str = ""

    def finding(self, severity: Severity, name: str, key: str, /, **details: object) -> Finding:
        """A finding about one of its cells."""
        return Finding(severity, self.place.of(name), UpdateError(key, **details))

    def wrong(self, name: str, key: str, /, **details: object) -> Finding:
        """What must be put right."""
        return self.finding(Severity.ERROR, name, key, **details)

    def unless_explained(self, name: str, key: str, /, **details: object) -> Finding:
        """What a note may explain."""
        return self.finding(Severity.WARNING if self.note else Severity.ERROR, name, key, **details)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureProposal(Proposal):
    """A dated figure. ``last`` is ``None`` where it holds until further notice."""

    series: Series
    first: date
    last: date | None
    period: str = ""
    value: Decimal | None = None

    @property
    def when(self) -> object:
        """For which days, as people say it."""
        return self.period or self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayProposal(Proposal):
    """The construction holidays of a site in a year."""

    site: str
    year: int
    periods: tuple[tuple[date, date], ...] = ()


class What(StrEnum):
    """What a proposal does."""

    NEW = "new"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"  # the same value, of another status
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal that passed, and what is on record for the same days."""

    what: What
    proposal: FigureProposal | HolidayProposal
    before: Record | ConstructionHoliday | None
