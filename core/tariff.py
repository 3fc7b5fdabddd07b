"""The tariff in force on a date: every rate, factor and term (art. 2.2.1, 2.2.9), with what overrides it (1.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from core.errors import NotAvailable
from core.formats import Named
from core.policies import Policies
from core.records import Figures
from core.regulation import (
    Contribution,
    CostRule,
    FactorPair,
    GeneralRegulation,
    HourTerms,
    PaymentTerms,
    Rate,
    RateOverride,
    SpecificRegulation,
    microseconds,
)
from core.rules.art_1_4_precedence import Departure, prevailing
from core.rules.art_2_2_9_indexation import IndexedRate, indexed_rate
from core.trace import Step, StepKind, Steps
from core.units import Unit
from core.vocabulary import ContributionKind, Cost, DayType, Item

D = TypeVar("D", bound=Departure)

DEPARTS = StepKind("regulation_departs", "1.4", "{0} → {1}", (Unit.TEXT, Unit.TEXT), Unit.TEXT)


@dataclass(frozen=True, eq=False)
class Departures:
    """What a specific regulation, made up of ``files``, says on one day, thing by thing."""

    files: tuple[SpecificRegulation, ...]
    rates: Mapping[Item, RateOverride]
    policies: Mapping[str, str]
    payers: Mapping[Cost, CostRule]
    factors: Mapping[DayType, FactorPair]
    hours: HourTerms
    payment: PaymentTerms
    contributions: Mapping[ContributionKind, Contribution]
    articles: Mapping[str, str]
    """``hours``, ``payment``, ``factor.SATURDAY``, ``payer.SAMPLES``: what is replaced → the article that does so."""


def departures_on(day: date, general: GeneralRegulation, files: Iterable[tuple[SpecificRegulation, str]]) -> Departures:
    """What ``files`` (with their names), which make up one specific regulation, say on ``day``.

    Raises:
        ConflictingFigures: two files differ.
    """
    said = list(files)
    payers = _by_thing(day, ((p.cost, p, file) for s, file in said for p in s.payer))
    costs = {rule.code: rule for rule in general.cost}
    contributions = ((c.kind, c, file) for s, file in said for c in s.contribution)
    hours = prevailing(((h, file) for s, file in said for h in s.hours), day)
    payment = prevailing(((p, file) for s, file in said for p in s.payment), day)
    policies = _by_thing(day, ((p.id, p, file) for s, file in said for p in s.policy))
    factors = _by_thing(day, ((f.day_type, f, file) for s, file in said for f in s.factor))
    articles = {f"factor.{kind}": override.article for kind, override in factors.items()}
    articles |= {f"payer.{cost}": payer.article for cost, payer in payers.items()}
    for name, override in (("hours", hours), ("payment", payment)):
        if override:
            articles[name] = override.article
    return Departures(
        articles=articles,
        files=tuple(regulation for regulation, _ in said),
        rates=_by_thing(day, ((r.code, r, file) for s, file in said for r in s.rate)),
        policies={name: policy.setting for name, policy in policies.items()},
        payers={
            cost: costs[cost].model_copy(update={"paid_to": payer.paid_to, "payer_article": payer.article})
            for cost, payer in payers.items()
        },
        factors={kind: override.factors for kind, override in factors.items()},
        hours=hours.hours if hours else general.hours,
        payment=payment.payment if payment else general.payment,
        contributions=_by_thing(day, contributions),
    )


def days_of_change(regulation: SpecificRegulation) -> set[date]:
    """The days from which one of its departures holds: between two of them it says the same."""
    departures = (said for said in vars(regulation).values() if isinstance(said, tuple))
    return {departure.valid_from for said in departures for departure in said}


K = TypeVar("K")


def _by_thing(day: date, said: Iterable[tuple[K, D, str]]) -> dict[K, D]:
    """For each thing, what prevails on ``day``."""
    grouped: dict[K, list[tuple[D, str]]] = {}
    for thing, departure, file in said:
        grouped.setdefault(thing, []).append((departure, file))
    found = {thing: prevailing(candidates, day) for thing, candidates in grouped.items()}
    return {thing: departure for thing, departure in found.items() if departure is not None}


class Tariff:
    """Everything a rule asks of the regulation on one day.

    Attributes:
        regulation: id of the regulation asked for.
        year: the tariff year; rates hold from 1 January to 31 December.
        policies: the settings that hold.
        hours, payment: terms of art. 2.2.4/2.2.6 and 2.3.2.
        factors: kind of day → factors by day and by night, in halves (art. 2.2.7).
        night_from, night_until: microseconds since midnight.
        costs: cost → who pays whom.
        contributions: those a specific regulation defines.
    """

    def __init__(
        self,
        regulation: str,
        year: int,
        general: GeneralRegulation,
        departures: Departures,
        figures: Figures,
        policies: Policies,
        frozen: Mapping[Item, tuple[Decimal, ...]] = MappingProxyType({}),
    ) -> None:
        self.regulation = regulation
        self.year = year
        self.general = general
        self.figures = figures
        self.policies = policies.with_settings(departures.policies, regulation)
        self.hours = departures.hours
        self.payment = departures.payment
        self.factors = {kind: departures.factors.get(kind, general.factors.pair(kind)).halves for kind in DayType}
        self.night_from = microseconds(general.factors.night_from)
        self.night_until = microseconds(general.factors.night_until)
        self.costs = {rule.code: departures.payers.get(rule.code, rule) for rule in general.cost}
        self.departures = departures
        self.contributions = departures.contributions
        self.base_rates: Mapping[Item, Rate] = {rate.code: rate for rate in general.rate} | dict(departures.rates)
        self._rates = {item: self._find(item, frozen.get(item, ())) for item in Item}

    def rate(self, item: Item, steps: Steps) -> int:
        """The rate of ``item``: cents, or 1/10 000 euro for a kilometre.

        Raises:
            NotAvailable: the index or allowance of the year is not recorded.
        """
        found = self._known(item)
        steps += found.steps
        return found.value

    def departed(self, thing: str) -> tuple[Step, ...]:
        """The step that says that a specific regulation replaces ``thing``; none where it does not."""
        article = self.departures.articles.get(thing)
        if article is None:
            return ()
        return (Step(DEPARTS, (article, self.regulation), self.regulation, self.departures.files),)

    def coefficient(self, item: Item) -> Fraction:
        """By how much the base rate of ``item`` is multiplied.

        Raises:
            NotAvailable: the index or allowance of the year is not recorded.
        """
        return self._known(item).ratio

    def base_year(self, item: Item) -> int:
        """The year whose price level the base rate is."""
        rate = self.base_rates[item]
        return rate.base_year if isinstance(rate, RateOverride) else self.general.base_year

    def _known(self, item: Item) -> IndexedRate:
        found = self._rates[item]
        if isinstance(found, NotAvailable):
            raise type(found)(found.key, **found.details)
        return found

    def _find(self, item: Item, frozen: tuple[Decimal, ...]) -> IndexedRate | NotAvailable:
        rate = self.base_rates[item]
        origin = self.departures.files if isinstance(rate, RateOverride) else (self.general,)
        try:
            found = indexed_rate(rate, origin, self.figures, self.policies, self.year, self.base_year(item))
        except NotAvailable as error:
            return error.forgetful()
        now = Decimal(found.value).scaleb(-item.decimals)
        if any(was != now for was in frozen):
            return self._thawed(item, now, frozen)
        if isinstance(rate, RateOverride):
            departs = Step(DEPARTS, (rate.article, self.regulation), self.regulation)
            return found._replace(steps=(departs, *found.steps))
        return found

    def _thawed(self, item: Item, now: Decimal, frozen: tuple[Decimal, ...]) -> NotAvailable:
        """The refusal of a rate that is not what it was when the year's figures were recorded."""
        then = " / ".join(str(was) for was in frozen)
        return NotAvailable("rate_frozen", item=Named("ITEM", item.value), year=str(self.year), then=then, now=str(now))
