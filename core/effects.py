"""What new figures do to the rates: the tariff of each year before and after, and the rates to freeze with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.errors import NotAvailable
from core.ledger import FrozenRates, Ledger, LedgerFile
from core.loading import load
from core.proposals import Change, FigureProposal, Finding, HolidayProposal, Severity, UpdateError, What
from core.rulebook import Rulebook
from core.trace import Steps
from core.updates import Examined, examine
from core.vocabulary import Item, Series, Status

_OF_THE_TARIFF = frozenset({Series.SALARY_INDEX, Series.TRAVEL_ALLOWANCE, Series.TRAVEL_ALLOWANCE_QUARTERLY})
_YEARS_AHEAD = 3
"""Years after this one whose tariff a figure can touch."""

Rates = Mapping[Item, Decimal]
"""The rates that can be computed, in euro."""


@dataclass(frozen=True, slots=True)
class YearTouched:
    """The tariff of a year that comes out otherwise.

    Attributes:
        year: the tariff year.
        regulation: the general regulation in force on its first day.
        before, after: its rates.
        settled: those to record: the rates that come out otherwise than before, or than recorded before.
        refrozen: rates recorded with another value before.
        statuses: how certain the figures behind the rates are.
    """

    year: int
    regulation: str
    before: Rates
    after: Rates
    settled: Rates
    refrozen: tuple[Item, ...]
    statuses: frozenset[Status]

    @property
    def frozen(self) -> FrozenRates | None:
        """The rates to record; none of made-up figures, and none where there is nothing to record."""
        if Status.EXAMPLE in self.statuses or not self.settled:
            return None
        return FrozenRates(regulation=self.regulation, year=self.year, rates=dict(self.settled))


@dataclass(frozen=True)
class Prepared:
    """An update ready to be recorded, or what stands in its way.

    Attributes:
        examined: what came of the proposals.
        years: the tariff years touched.
        before, after: the rulebook as it is, and as it would be.
        content: the file to record, frozen rates included; ``None`` when there is nothing to record, or something is
            wrong.
    """

    examined: Examined
    years: tuple[YearTouched, ...]
    before: Rulebook
    after: Rulebook
    content: LedgerFile | None


def prepare(
    proposals: Sequence[FigureProposal | HolidayProposal], data_folder: Path, ledger: Ledger, today: date
) -> Prepared:
    """Checks proposals, and computes what they would change.

    Args:
        proposals: the figures somebody filled in.
        data_folder: the user's data folder.
        ledger: what it holds; the recording is to follow that.
        today: the day of the recording.
    """
    before = load(data_folder, ledger=ledger)
    examined = examine(proposals, before, ledger, today)
    if examined.content is None:
        return Prepared(examined, (), before, before, None)
    was = load(data_folder, ledger=replace(ledger, frozen={}))
    then = load(data_folder, ledger=replace(ledger.followed_by(examined.content), frozen={}))
    years = tuple(_touched(was, then, before.frozen, today))
    content = examined.content.model_copy(update={"frozen": tuple(year.frozen for year in years if year.frozen)})
    after = load(data_folder, ledger=ledger.followed_by(content))
    examined.findings += _uncertain(examined.changes, years)
    examined.findings += _without_effect(examined.changes, after)
    return Prepared(examined, years, before, after, None if examined.refused else content)


def rates(rulebook: Rulebook, year: int) -> tuple[Rates, frozenset[Status]]:
    """The rates of a year under the general regulation that can be computed, and how certain their figures are."""
    tariff = rulebook.tariff(date(year, 1, 1))
    found: dict[Item, Decimal] = {}
    steps: Steps = []
    for item in Item:
        try:
            found[item] = Decimal(tariff.rate(item, steps)).scaleb(-item.decimals)
        except NotAvailable:
            continue
    return found, frozenset(cited.status for step in steps for cited in step.cited)


def _touched(
    before: Rulebook, after: Rulebook, frozen: Mapping[tuple[str, int, Item], Sequence[Decimal]], today: date
) -> Iterator[YearTouched]:
    first = before.general[0].base_year
    disputed = {year for (_, year, _), rates in frozen.items() if len(rates) > 1}
    for year in range(first, today.year + _YEARS_AHEAD + 1):
        (then, _), (now, statuses) = rates(before, year), rates(after, year)
        if then != now or year in disputed:
            regulation = after.general_on(date(year, 1, 1)).id
            known = {item: frozen.get((regulation, year, item), ()) for item in now}
            refrozen = tuple(item for item, rate in now.items() if any(was != rate for was in known[item]))
            settled = {item: rate for item, rate in now.items() if then.get(item) != rate or known[item] != (rate,)}
            yield YearTouched(year, regulation, then, now, settled, refrozen, statuses)


def _uncertain(changes: Sequence[Change], years: Sequence[YearTouched]) -> Iterator[Finding]:
    """Rates that are frozen on provisional figures need a reason; those on made-up figures are not frozen."""
    figures = [change.proposal for change in changes if isinstance(change.proposal, FigureProposal)]
    tariff = [proposal for proposal in figures if proposal.series in _OF_THE_TARIFF]
    explained = any(proposal.note for proposal in tariff)
    for year in years:
        if Status.EXAMPLE in year.statuses:
            yield Finding(Severity.WARNING, "", UpdateError("freeze_example", year=str(year.year)))
        elif Status.PROVISIONAL in year.statuses:
            severity = Severity.WARNING if explained else Severity.ERROR
            reason = UpdateError("freeze_provisional", year=str(year.year))
            yield Finding(severity, tariff[0].place.of("note"), reason)


def _without_effect(changes: Sequence[Change], after: Rulebook) -> Iterator[Finding]:
    """A figure that would be recorded and yet not hold: a file written by hand says otherwise."""
    for change in changes:
        proposal = change.proposal
        if change.what is What.WITHDRAWN:
            continue
        try:
            holds = _holds(proposal, after)
        except NotAvailable as error:
            yield proposal.wrong("note", "without_effect", reason=error)
            continue
        if not holds:
            yield proposal.wrong("note", "without_effect", reason=UpdateError("figure_newer"))


def _holds(proposal: FigureProposal | HolidayProposal, after: Rulebook) -> bool:
    if isinstance(proposal, FigureProposal):
        return after.figures.on(proposal.series, proposal.first).value == proposal.value
    found = after.calendar.construction_holidays[proposal.site, proposal.year]
    if isinstance(found, NotAvailable):
        raise found
    return tuple((days.first, days.last) for days in found.periods) == proposal.periods
