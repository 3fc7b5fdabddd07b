"""New figures, decided upon: proposals checked against what is on record, before anything is recorded.

A proposal that is wrong, or not explained where it needs to be, is a finding that names its sheet and cell; one such
finding and nothing is recorded. What passes is a file for the ledger (`core.ledger`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from core import usual
from core.errors import NotAvailable
from core.ledger import HolidayWithdrawal, Ledger, LedgerFile, Withdrawal
from core.proposals import Change, FigureProposal, Finding, HolidayProposal, Proposal, Severity, UpdateError, What
from core.records import PERCENT_SERIES, ConstructionHoliday, Record, Span
from core.rulebook import Rulebook
from core.vocabulary import Series, Status

_YEARS_AHEAD: Final = 2
"""Years ahead for which construction holidays are agreed."""
_BASIS: Final = "TAR COPRO.EXE 2.0, art. 2.2.9"
"""The basis of a series of which nothing is on record yet: that of the salary index."""


@dataclass
class Examined:
    """What came of the proposals."""

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    content: LedgerFile | None = None

    @property
    def refused(self) -> bool:
        """Whether something must be put right first."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


# --- the checks ------------------------------------------------------------------------------------------------------


def examine(
    proposals: Sequence[FigureProposal | HolidayProposal], rulebook: Rulebook, ledger: Ledger, today: date
) -> Examined:
    """Checks proposals against what is on record, and makes the file to record, where nothing is wrong."""
    examined = Examined()
    examined.findings += _clock(rulebook, today)
    examined.findings += _twice(proposals)
    figures = [proposal for proposal in proposals if isinstance(proposal, FigureProposal)]
    holidays = [proposal for proposal in proposals if isinstance(proposal, HolidayProposal)]
    records: list[Record] = []
    for series in Series:
        own = [proposal for proposal in figures if proposal.series is series]
        if own:
            records += _OfSeries(series, own, rulebook, ledger, today).examine(examined)
    agreed = tuple(_OfHolidays(holidays, rulebook, ledger, today).examine(examined))
    if examined.changes and not examined.refused:
        withdrawn = [change.proposal for change in examined.changes if change.what is What.WITHDRAWN]
        examined.content = LedgerFile(
            recorded_on=today,
            record=tuple(records),
            construction_holiday=agreed,
            withdrawal=tuple(_withdrawal(p) for p in withdrawn if isinstance(p, FigureProposal)),
            construction_holiday_withdrawal=tuple(
                _holiday_withdrawal(p) for p in withdrawn if isinstance(p, HolidayProposal)
            ),
        )
    return examined


def _clock(rulebook: Rulebook, today: date) -> Iterator[Finding]:
    """A recording of a day before the last one would count as older than it: the clock is wrong."""
    days = [day for day, _ in rulebook.recordings] + [record.recorded_on for record in rulebook.figures.records]
    if today < max(days):
        yield Finding(Severity.ERROR, "", UpdateError("clock", today=today, last=max(days)))


def _twice(proposals: Iterable[FigureProposal | HolidayProposal]) -> Iterator[Finding]:
    first: dict[object, Proposal] = {}
    for proposal in proposals:
        if isinstance(proposal, FigureProposal):
            key: object = (proposal.series, proposal.first)
        else:
            key = (proposal.site, proposal.year)
        name = _key_cell(proposal)
        other = first.setdefault(key, proposal)
        if other is not proposal:
            yield proposal.wrong(name, "twice", other=other.place.of(name))


def _key_cell(proposal: Proposal) -> str:
    """The field that says which figure it is."""
    return next(name for name in ("period", "first", "year") if name in proposal.place.cells)


def _people(proposal: Proposal) -> Iterator[Finding]:
    """Source, and two different people."""
    if not proposal.source and proposal.status is not None:
        yield proposal.wrong("source", "source_missing")
    if not proposal.entered_by:
        yield proposal.wrong("entered_by", "entered_by_missing")
    if not proposal.checked_by:
        yield proposal.wrong("checked_by", "checked_by_missing")
    elif _person(proposal.checked_by) == _person(proposal.entered_by):
        yield proposal.wrong("checked_by", "same_person", name=proposal.checked_by)


def _person(name: str) -> str:
    return "".join(name.casefold().split())


def _withdrawn(proposal: Proposal, *, filled: bool, recorded: bool, on_record: bool) -> Iterator[Finding]:
    """What a withdrawal needs: a reason, no value, and a figure that users recorded."""
    if filled:
        yield proposal.wrong("status", "withdrawn_with_value")
    if not proposal.note:
        yield proposal.wrong("note", "withdrawn_without_reason")
    if not on_record:
        yield proposal.wrong("status", "withdrawn_nothing")
    elif not recorded:
        yield proposal.wrong("status", "withdrawn_shipped")


def _withdrawal(proposal: FigureProposal) -> Withdrawal:
    return Withdrawal(
        series=proposal.series,
        valid_from=proposal.first,
        reason=proposal.note,
        recorded_by=proposal.entered_by,
        checked_by=proposal.checked_by,
    )


def _holiday_withdrawal(proposal: HolidayProposal) -> HolidayWithdrawal:
    return HolidayWithdrawal(
        site=proposal.site,
        year=proposal.year,
        reason=proposal.note,
        recorded_by=proposal.entered_by,
        checked_by=proposal.checked_by,
    )


def _same_status(proposal: Proposal, before: Record | ConstructionHoliday) -> Iterator[Finding]:
    """A figure that was official does not become provisional without a reason."""
    if proposal.status is Status.PROVISIONAL and before.status is Status.OFFICIAL:
        yield proposal.unless_explained("status", "no_longer_official")


class _OfSeries:
    """The proposals for one series."""

    def __init__(
        self, series: Series, proposals: Sequence[FigureProposal], rulebook: Rulebook, ledger: Ledger, today: date
    ) -> None:
        self.series = series
        self.proposals = proposals
        self.figures = rulebook.figures
        self.spans = rulebook.figures.timeline(series)
        self.on_record = {span.record.valid_from: span for span in self.spans}
        self.recorded = {record.valid_from for record in ledger.records if record.series is series}
        self.most = usual.most_change(series, self.spans)
        self.today = today
        told = {p.first: p.value for p in proposals if p.value is not None and p.status is not None}
        taken = {p.first for p in proposals if p.status is None}
        known = {day: span.record.value for day, span in self.on_record.items() if day not in taken}
        self.known: Mapping[date, Decimal] = known | told

    def examine(self, examined: Examined) -> Iterator[Record]:
        for proposal in self.proposals:
            span = self.on_record.get(proposal.first)
            if self._unchanged(proposal, span):
                found = proposal.finding(Severity.SKIPPED, "value", "unchanged", when=proposal.when)
                examined.findings.append(found)
                continue
            findings = list(self._findings(proposal, span.record if span else None))
            examined.findings += findings
            if any(finding.severity is Severity.ERROR for finding in findings):
                continue
            examined.changes.append(Change(self._what(proposal, span), proposal, span.record if span else None))
            if proposal.status is not None:
                yield self._record(proposal, span.record if span else None)

    def _unchanged(self, proposal: FigureProposal, span: Span | None) -> bool:
        return span is not None and not span.rival and not self._doubted(proposal) and self._same(proposal, span.record)

    def _doubted(self, proposal: FigureProposal) -> bool:
        """Whether the figure on record is not used, as two people said it differently: saying it again settles that."""
        try:
            self.figures.on(self.series, proposal.first)
        except NotAvailable:
            return True
        return False

    @staticmethod
    def _same(proposal: FigureProposal, record: Record) -> bool:
        said = (proposal.value, proposal.status, proposal.last)
        return said == (record.value, record.status, record.valid_to)

    @staticmethod
    def _what(proposal: FigureProposal, span: Span | None) -> What:
        if proposal.status is None:
            return What.WITHDRAWN
        if span is None:
            return What.NEW
        same = (span.record.value, span.record.valid_to) == (proposal.value, proposal.last) and not span.rival
        return What.CONFIRMED if same else What.CORRECTED

    def _findings(self, proposal: FigureProposal, before: Record | None) -> Iterator[Finding]:
        yield from _people(proposal)
        if proposal.status is None:
            filled, recorded = proposal.value is not None, proposal.first in self.recorded
            yield from _withdrawn(proposal, filled=filled, recorded=recorded, on_record=before is not None)
        elif proposal.value is None:
            yield proposal.wrong("value", "value_missing")
        else:
            yield from self._value(proposal, proposal.value)
            yield from self._days(proposal)
            if before:
                yield from _same_status(proposal, before)

    def _value(self, proposal: FigureProposal, value: Decimal) -> Iterator[Finding]:
        low, high = usual.BOUNDS[self.series]
        if value < 0 or (value == 0 and self.series in usual.RELATIVE):
            yield proposal.wrong("value", "value_not_positive", value=value)
        elif not low <= value <= high:
            yield proposal.wrong("value", "value_out_of_bounds", value=value, low=low, high=high)
        elif self.series in PERCENT_SERIES and value != round(value, 2):
            yield proposal.wrong("value", "percent_decimals", value=value)
        else:
            yield from self._jump(proposal, value)

    def _jump(self, proposal: FigureProposal, value: Decimal) -> Iterator[Finding]:
        """A change from the figure before, or to the one after, that is larger than any on record."""
        others = [day for day in self._chain(proposal) if day != proposal.first]
        earlier = [day for day in others if day < proposal.first][-1:]
        later = [day for day in others if day > proposal.first and day in self.on_record][:1]
        for day in (*earlier, *later):
            steps = usual.steps(self.series, min(day, proposal.first), max(day, proposal.first))
            change = usual.change(self.series, self.known[day], value)
            if change > self.most * steps:
                relative = self.series in usual.RELATIVE
                scale = 100 if relative else 1
                details = {
                    "value": value,
                    "other": self.known[day],
                    "day": day,
                    "change": round(Decimal(float(change * scale)), 2),
                    "most": round(Decimal(float(self.most * scale)), 2),
                }
                yield proposal.unless_explained("value", "jump_share" if relative else "jump_points", **details)
                return

    def _chain(self, proposal: FigureProposal) -> list[date]:
        """The first days of the figures it is compared with, itself included."""
        known = sorted(self.known.items())
        return next(
            [day for day, _ in chain]
            for chain in usual.chains(self.series, known)
            if any(day == proposal.first for day, _ in chain)
        )

    def _days(self, proposal: FigureProposal) -> Iterator[Finding]:
        ahead = timedelta(usual.AHEAD.get(self.series, 31))
        name = _key_cell(proposal)
        if proposal.last is not None and proposal.last < proposal.first:
            yield proposal.wrong("last", "days_reversed")
        elif (longest := usual.LONGEST.get(self.series)) and (_ending(proposal.last) - proposal.first).days >= longest:
            yield proposal.wrong("last", "days_too_long", longest=longest)
        elif proposal.first > self.today + ahead:
            yield proposal.wrong(name, "too_early", when=proposal.when, today=self.today)
        else:
            yield from self._overlap(proposal)
            yield from self._gap(proposal)

    def _overlap(self, proposal: FigureProposal) -> Iterator[Finding]:
        """Two figures of one series for the same day; a VAT rate gives way to the next."""
        if self.series not in usual.STEP_MONTHS:
            return
        others = {day: span.record.valid_to for day, span in self.on_record.items()}
        others |= {other.first: other.last for other in self.proposals if other.status is not None}
        for first, last in others.items():
            if first != proposal.first and first <= _ending(proposal.last) and proposal.first <= _ending(last):
                yield proposal.wrong(_key_cell(proposal), "overlap", first=first, last=_ending(last))
                return

    def _gap(self, proposal: FigureProposal) -> Iterator[Finding]:
        """A figure after all those on record that does not follow on the one before it."""
        chain = self._chain(proposal)
        earlier = [day for day in chain if day < proposal.first]
        if not earlier or any(day >= proposal.first for day in chain if day in self.on_record):
            return
        if usual.steps(self.series, earlier[-1], proposal.first) > 1:
            yield proposal.unless_explained(_key_cell(proposal), "gap", when=proposal.when, last=earlier[-1])

    def _record(self, proposal: FigureProposal, before: Record | None) -> Record:
        latest = before or (self.spans[-1].record if self.spans else None)
        days: dict[str, object] = {"valid_from": proposal.first}
        if proposal.last is not None:
            days["valid_to"] = proposal.last
        return Record.model_validate(
            {
                **({"period": proposal.period} if proposal.period else days),
                "series": self.series,
                "value": proposal.value,
                "basis": latest.basis if latest else _BASIS,
                "source": proposal.source,
                "status": proposal.status,
                "recorded_on": self.today,
                "recorded_by": proposal.entered_by,
                "checked_by": proposal.checked_by,
                "note": proposal.note or None,
            }
        )


def _ending(last: date | None) -> date:
    return last or date.max


class _OfHolidays:
    """The proposals for construction holidays."""

    def __init__(self, proposals: Sequence[HolidayProposal], rulebook: Rulebook, ledger: Ledger, today: date) -> None:
        self.proposals = proposals
        known = rulebook.calendar.construction_holidays
        self.on_record = {key: found for key, found in known.items() if isinstance(found, ConstructionHoliday)}
        self.recorded = {(holiday.site, holiday.year) for holiday in ledger.holidays}
        self.longest = max((_length(_runs(holiday)) for holiday in self.on_record.values()), default=0)
        self.today = today

    def examine(self, examined: Examined) -> Iterator[ConstructionHoliday]:
        for proposal in self.proposals:
            before = self.on_record.get((proposal.site, proposal.year))
            if before and (_runs(before), before.status) == (proposal.periods, proposal.status):
                found = proposal.finding(Severity.SKIPPED, "first_1", "unchanged", when=str(proposal.year))
                examined.findings.append(found)
                continue
            findings = list(self._findings(proposal, before))
            examined.findings += findings
            if any(finding.severity is Severity.ERROR for finding in findings):
                continue
            examined.changes.append(Change(self._what(proposal, before), proposal, before))
            if proposal.status is not None:
                yield self._holiday(proposal)

    @staticmethod
    def _what(proposal: HolidayProposal, before: ConstructionHoliday | None) -> What:
        if proposal.status is None:
            return What.WITHDRAWN
        if before is None:
            return What.NEW
        return What.CONFIRMED if _runs(before) == proposal.periods else What.CORRECTED

    def _findings(self, proposal: HolidayProposal, before: ConstructionHoliday | None) -> Iterator[Finding]:
        yield from _people(proposal)
        if proposal.status is None:
            recorded = (proposal.site, proposal.year) in self.recorded
            filled = bool(proposal.periods)
            yield from _withdrawn(proposal, filled=filled, recorded=recorded, on_record=before is not None)
        elif not proposal.periods:
            yield proposal.wrong("first_1", "holiday_missing")
        else:
            yield from self._periods(proposal)
            if before:
                yield from _same_status(proposal, before)

    def _periods(self, proposal: HolidayProposal) -> Iterator[Finding]:
        for number, (first, last) in enumerate(proposal.periods, start=1):
            if last < first:
                yield proposal.wrong(f"last_{number}", "days_reversed")
            elif {first.year, last.year} != {proposal.year}:
                yield proposal.wrong(f"first_{number}", "holiday_other_year", year=str(proposal.year))
        for number, ((_, end), (first, _)) in enumerate(pairwise(proposal.periods), start=2):
            if first <= end:
                yield proposal.wrong(f"first_{number}", "holiday_order")
        if proposal.year > self.today.year + _YEARS_AHEAD:
            yield proposal.wrong("year", "too_early", when=str(proposal.year), today=self.today)
        if _length(proposal.periods) > self.longest > 0:
            days, most = _length(proposal.periods), self.longest
            yield proposal.unless_explained("first_1", "holiday_long", days=days, most=most)

    def _holiday(self, proposal: HolidayProposal) -> ConstructionHoliday:
        return ConstructionHoliday.model_validate(
            {
                "site": proposal.site,
                "year": proposal.year,
                "periods": tuple({"from": first, "to": last} for first, last in proposal.periods),
                "source": proposal.source,
                "status": proposal.status,
                "recorded_on": self.today,
                "recorded_by": proposal.entered_by,
                "checked_by": proposal.checked_by,
                "note": proposal.note or None,
            }
        )


def _runs(holiday: ConstructionHoliday) -> tuple[tuple[date, date], ...]:
    return tuple((days.first, days.last) for days in holiday.periods)


def _length(runs: Iterable[tuple[date, date]]) -> int:
    """Days from first to last of each run, added up."""
    return sum((last - first).days + 1 for first, last in runs)
