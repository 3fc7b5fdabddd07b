"""What an update would do, told: for people line by line, for programs as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.effects import Prepared, YearTouched
from core.errors import NotAvailable
from core.formats import day, euro, label, number
from core.proposals import Change, FigureProposal, Finding, HolidayProposal, What
from core.records import PERCENT_SERIES, ConstructionHoliday, Record
from core.rulebook import Rulebook
from core.texts import text
from core.vocabulary import Item, Series
from workbooks.index.state import holiday_told
from xl_addin.cells import CellError
from xl_addin.evaluate import call
from xl_addin.session import Session

SAMPLE_MONTH = 3
SAMPLE_HOURS = 3.5


class Telling:
    """An update, in one language."""

    def __init__(self, prepared: Prepared, findings: Sequence[Finding], session: Session) -> None:
        self.prepared = prepared
        self.findings = findings
        self.session = session
        self.language = session.language

    def _words(self, key: str, **details: object) -> str:
        return text("update", key, self.language, **details)

    # --- for people ----------------------------------------------------------------------------------------------

    def found(self) -> Iterator[str]:
        """Every finding: what kind, where, what and what to do."""
        for finding in self.findings:
            kind = self._words(f"severity.{finding.severity}")
            place = f"{finding.place}: " if finding.place else ""
            yield f"{kind}: {place}{finding.reason.message(self.language)}"

    def lines(self) -> Iterator[str]:
        """What changes: the figures, then the rates of each year touched and a sample inspection."""
        changes = self.prepared.examined.changes
        if changes:
            yield self._words("changes")
        for change in changes:
            yield f"  {self._change(change)}"
        for year in self.prepared.years:
            yield from self._year(year)

    def _change(self, change: Change) -> str:
        proposal = change.proposal
        people = self._words("by", entered_by=proposal.entered_by, checked_by=proposal.checked_by)
        was = f"{self._said(change.before)} → " if change.before else ""
        then = self._then(change)
        source = f"; {proposal.source}" if proposal.source else ""
        return f"{self._words(f'what.{change.what}')}: {self.name(change)}: {was}{then}{source}; {people}"

    def name(self, change: Change) -> str:
        """Which figure."""
        proposal = change.proposal
        if isinstance(proposal, HolidayProposal):
            return holiday_told(proposal.site, proposal.year, self.language)
        when = proposal.period or day(proposal.first, self.language)
        return f"{label('series', proposal.series.value, self.language)} {when}"

    def _then(self, change: Change) -> str:
        """What is said now; of a withdrawal, what holds again."""
        proposal = change.proposal
        if change.what is not What.WITHDRAWN:
            assert proposal.status is not None
            if isinstance(proposal, FigureProposal):
                assert proposal.value is not None
                shown = _value(proposal.series, proposal.value, self.language)
            else:
                shown = _days(proposal.periods, self.language)
            return f"{shown} ({self._words(proposal.status.value)})"
        back = _holding(proposal, self.prepared.after)
        told = self._words("holds_again", value=self._said(back)) if back else self._words("nothing_holds")
        return f"{self._words('withdrawn')} ({proposal.note}); {told}"

    def _said(self, record: Record | ConstructionHoliday) -> str:
        status = self._words(record.status.value)
        if isinstance(record, Record):
            return f"{_value(record.series, record.value, self.language)} ({status})"
        return f"{_days([(run.first, run.last) for run in record.periods], self.language)} ({status})"

    def _year(self, year: YearTouched) -> Iterator[str]:
        yield self._words("rates_of", year=str(year.year))
        names = {item: label("ITEM", item.value, self.language) for item in Item}
        wide = max(len(name) for name in names.values())
        for item in Item:
            change = f"{self._rate(item, year.before)} → {self._rate(item, year.after)}"
            yield f"  {names[item]:<{wide}}  {change}{_percent(item, year, self.language)}"
        before, after = (self._sample(rulebook, year.year) for rulebook in (self.prepared.before, self.prepared.after))
        yield f"  {self._words('sample')}: {_euro(before, self.language)} → {_euro(after, self.language)}"
        if year.refrozen:
            yield "  " + self._words("refrozen", items=", ".join(names[item] for item in year.refrozen))
        changed = any(year.after.get(item) != rate for item, rate in year.before.items())
        if changed and year.year <= self.session.today().year:
            yield "  " + self._words("year_running", year=str(year.year))

    def _rate(self, item: Item, rates: Mapping[Item, Decimal]) -> str:
        return euro(rates[item], self.language, item.decimals) if item in rates else "#N/A"

    def _sample(self, rulebook: Rulebook, year: int) -> Decimal | None:
        """An inspection on a working day: 10:00, 3.5 hours, one trip."""
        start = f"{year}-{SAMPLE_MONTH:02}-01T10:00"
        arguments = [start, SAMPLE_HOURS, 1, None, None, None, None, None, None, "WORKDAY"]
        fee = call("COPRO_INSPECTION_FEE", arguments, replace(self.session, rulebook=rulebook))
        return None if isinstance(fee, CellError) else Decimal(str(fee))

    # --- for programs --------------------------------------------------------------------------------------------

    def data(self) -> dict[str, object]:
        """The same as plain data: amounts as text, so that they stay exact."""
        return {
            "findings": [
                {
                    "severity": finding.severity.value,
                    "place": finding.place,
                    "key": finding.reason.key,
                    "message": finding.reason.message(self.language),
                }
                for finding in self.findings
            ],
            "changes": [self._change_data(change) for change in self.prepared.examined.changes],
            "years": [self._year_data(year) for year in self.prepared.years],
        }

    def _change_data(self, change: Change) -> dict[str, object]:
        proposal = change.proposal
        return {
            "what": change.what.value,
            "figure": self.name(change),
            "place": proposal.place.sheet,
            "before": self._said(change.before) if change.before else None,
            "after": self._then(change),
            "source": proposal.source,
            "recorded_by": proposal.entered_by,
            "checked_by": proposal.checked_by,
            "note": proposal.note,
        }

    def _year_data(self, year: YearTouched) -> dict[str, object]:
        before, after = (self._sample(rulebook, year.year) for rulebook in (self.prepared.before, self.prepared.after))
        return {
            "year": year.year,
            "before": {item.value: str(rate) for item, rate in year.before.items()},
            "after": {item.value: str(rate) for item, rate in year.after.items()},
            "refrozen": [item.value for item in year.refrozen],
            "frozen": year.frozen is not None,
            "sample": {"before": before and str(before), "after": after and str(after)},
        }


def _value(series: Series, value: Decimal, language: str) -> str:
    if series in PERCENT_SERIES:
        return f"{number(value, language, 2)} %"
    if series is Series.SALARY_INDEX:
        return number(value, language)
    return f"{euro(value, language, 4)}/km"


def _days(runs: Sequence[tuple[date, date]], language: str) -> str:
    return ", ".join(f"{day(first, language)} – {day(last, language)}" for first, last in runs)


def _percent(item: Item, year: YearTouched, language: str) -> str:
    """By how much a rate changes."""
    if item not in year.before or item not in year.after:
        return ""
    change = (year.after[item] / year.before[item] - 1) * 100
    sign = "+" if change > 0 else ""
    return f" ({sign}{number(round(change, 2), language, 2)} %)"


def _euro(amount: Decimal | None, language: str) -> str:
    return "#N/A" if amount is None else euro(amount, language)


def _holding(proposal: FigureProposal | HolidayProposal, after: Rulebook) -> Record | ConstructionHoliday | None:
    """What holds in the place of what is withdrawn."""
    if isinstance(proposal, HolidayProposal):
        found = after.calendar.construction_holidays.get((proposal.site, proposal.year))
        return found if isinstance(found, ConstructionHoliday) else None
    try:
        return after.figures.on(proposal.series, proposal.first)
    except NotAvailable:
        return None
