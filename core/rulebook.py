"""The rulebook: regulations, dated figures, calendars and policies, read once (`core.loading`), asked by every rule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from core.calendar import Calendar
from core.errors import ConflictingFigures, FileProblem, InputError, NotAvailable
from core.formats import one_line
from core.ledger import FrozenKey
from core.memory import remember
from core.policies import Policies
from core.records import Figures
from core.regulation import GeneralRegulation, SpecificRegulation
from core.rules.art_2_2_7_factors import Factors
from core.tariff import Tariff, days_of_change, departures_on
from core.vocabulary import DayType, Item

GENERAL = ""
"""Stands for the general regulation in force on the day."""
ANY = "*"
"""Stands for whichever specific regulation a refused file was to hold."""


@dataclass
class Rulebook:
    """Everything a rule may ask, and what was wrong with the files it came from.

    Attributes:
        figures: dated figures.
        calendar: kinds of day.
        general: general regulations, the earliest first.
        specific: files of each specific regulation, by its id.
        policies: the settings of the installation.
        suspended_general: days from which a general regulation in a refused file was to hold, and the problem.
        problems: files refused.
        refused_regulations: id (without regard to case) of a regulation in a refused file, or `ANY` → the problem.
        fingerprint: changes when any data does.
        sources: the files read.
        frozen: rates of the general regulation as they were when users recorded the figures, in euro.
        recordings: each time that users recorded figures, in order: on which day, and who.
        columns: what `core.batch` has asked already.
    """

    figures: Figures
    calendar: Calendar
    general: tuple[GeneralRegulation, ...]
    specific: Mapping[str, tuple[tuple[SpecificRegulation, str], ...]]
    policies: Policies
    suspended_general: tuple[tuple[date, FileProblem], ...] = ()
    problems: tuple[FileProblem, ...] = ()
    refused_regulations: Mapping[str, FileProblem] = field(default_factory=dict)
    fingerprint: str = ""
    sources: tuple[Path, ...] = ()
    frozen: Mapping[FrozenKey, tuple[Decimal, ...]] = field(default_factory=dict)
    recordings: tuple[tuple[date, tuple[str, ...]], ...] = ()
    _tariffs: dict[tuple[date, str], Tariff] = field(default_factory=dict)
    _stretches: dict[tuple[int, int, str], Tariff] = field(default_factory=dict)
    _versions: dict[object, Tariff] = field(default_factory=dict)
    _factors: dict[tuple[Tariff, str, DayType | None], Factors] = field(default_factory=dict)
    columns: dict[object, object] = field(default_factory=dict)

    def tariff(self, day: date, regulation: str = GENERAL) -> Tariff:
        """The tariff in force on ``day``: the general one, or that of the specific regulation with that id.

        Raises:
            NotAvailable: no regulation is in force yet, the one asked for is not, or a file of it was refused.
            ConflictingFigures: two files of the regulation differ.
        """
        key = (day, regulation)
        return self._tariffs.get(key) or remember(self._tariffs, key, self._on_stretch(day, regulation))

    def factors(self, tariff: Tariff, site: str, day_type: DayType | None = None) -> Factors:
        """The factors of art. 2.2.7 at ``site``, or for a kind of day given."""
        key = (tariff, site, day_type)
        return self._factors.get(key) or remember(self._factors, key, Factors(tariff, self.calendar, site, day_type))

    def general_on(self, day: date) -> GeneralRegulation:
        """The general regulation in force on ``day``.

        Raises:
            NotAvailable: there is none yet, or a refused file was to hold one.
            ConflictingFigures: two that differ hold from the same day on.
        """
        in_force = [regulation for regulation in self.general if regulation.valid_from <= day]
        if not in_force:
            raise NotAvailable("before_regulation", day=day, first=self.general[0].valid_from)
        latest = in_force[-1]
        for since, problem in self.suspended_general:
            if latest.valid_from <= since <= day:
                raise NotAvailable("general_suspended", day=day, problem=problem)
        for other in in_force[:-1]:
            if other.valid_from == latest.valid_from and other != latest:
                raise ConflictingFigures(
                    "general_conflict", day=latest.valid_from, one=other.source, other=latest.source
                )
        return latest

    def regulation_id(self, name: str) -> str:
        """The id of the regulation called ``name``, in any case.

        Raises:
            InputError: there is none.
            NotAvailable: its file was refused.
        """
        known_ids = [*dict.fromkeys(regulation.id for regulation in self.general), *self.specific]
        for known in (*known_ids, *self.refused_regulations):
            if known.casefold() == name.casefold():
                return known
        raise InputError("regulation_unknown", regulation=one_line(name), known=", ".join(known_ids))

    def first_day(self) -> date:
        """The first day of the earliest general regulation."""
        return self.general[0].valid_from

    def years_indexed(self) -> range:
        """The years, from the base year on, for which every rate is known without a gap."""
        year = self.general[0].base_year
        while year < date.max.year and self._fully_indexed(year + 1):
            year += 1
        return range(self.general[0].base_year, year + 1)

    def _fully_indexed(self, year: int) -> bool:
        try:
            tariff = self.tariff(date(year, 1, 1))
            for item in tariff.base_rates:
                tariff.rate(item, [])
        except NotAvailable:
            return False
        return True

    def _on_stretch(self, day: date, regulation: str) -> Tariff:
        """The tariff of the days around ``day`` between which nothing changes; what is refused is refused anew."""
        key = (day.year, bisect_right(self._changes, day), regulation)
        return self._stretches.get(key) or remember(self._stretches, key, self._find(day, regulation))

    @cached_property
    def _changes(self) -> Sequence[date]:
        """The days within a year from which another tariff may hold, or none."""
        days = {general.valid_from for general in self.general} | {since for since, _ in self.suspended_general}
        return sorted(days.union(*(days_of_change(file) for files in self.specific.values() for file, _ in files)))

    def _find(self, day: date, regulation: str) -> Tariff:
        general = self.general_on(day)
        if regulation in {known.id for known in self.general}:
            if regulation != general.id:
                raise NotAvailable("regulation_not_in_force", regulation=regulation, day=day, other=general.id)
            regulation = GENERAL
        departures = departures_on(day, general, self._files_of(regulation))
        version = (general.id, general.valid_from, day.year, regulation, repr(departures))
        if version not in self._versions:
            named = regulation or general.id
            frozen = self._frozen(general.id, day.year) if regulation == GENERAL else {}
            self._versions[version] = Tariff(named, day.year, general, departures, self.figures, self.policies, frozen)
        return self._versions[version]

    def _frozen(self, regulation: str, year: int) -> Mapping[Item, tuple[Decimal, ...]]:
        return {
            item: rates for (of, in_year, item), rates in self.frozen.items() if (of, in_year) == (regulation, year)
        }

    def _files_of(self, regulation: str) -> tuple[tuple[SpecificRegulation, str], ...]:
        if regulation == GENERAL:
            return ()
        problem = self.refused_regulations.get(regulation.casefold()) or self.refused_regulations.get(ANY)
        if problem:
            raise NotAvailable("regulation_suspended", regulation=regulation, problem=problem)
        return self.specific[regulation]
