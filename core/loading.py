"""Reading the data: what ships with the toolkit, then what a user's data folder adds.

=====================  ==================================================================
``figures/*.toml``     dated figures (`core.records`)
``regulations/*.toml`` regulations of one's own, general or specific (`core.regulation`)
``policies.toml``      settings of policies (`core.policies`)
``records/*.toml``     figures recorded by ``copro update`` (`core.ledger`)
=====================  ==================================================================

A file with a mistake is refused whole and listed among the problems; everything else keeps working, except what that
file might have changed: its figures, its regulation or the open policies are "not available" until it is put right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path

from core.calendar import Calendar
from core.codes import codes
from core.errors import ConflictingFigures, CoproError, FileProblem, NotAvailable, system_reason
from core.formats import Named
from core.ledger import HOLIDAYS, FrozenKey, Ledger, read_ledger
from core.paths import data_file
from core.policies import Policies, PolicySettings
from core.reading import FileRefused, Model, is_data, line_of, read
from core.records import ConstructionHoliday, Figures, FiguresFile, Record, Suspension
from core.regulation import GeneralRegulation, RegulationFile, SpecificRegulation
from core.rulebook import ANY, Rulebook
from core.suspension import suspended_figures, suspended_general, suspended_holidays, suspended_regulation

HolidayKey = tuple[str, int]
FIRST_RELEASE = date(2026, 11, 20)
"""What came with the first version had been published before: it counts as known on any day."""


@dataclass
class _Reading:
    """What has been read so far."""

    records: list[Record] = field(default_factory=list)
    holidays: list[ConstructionHoliday] = field(default_factory=list)
    suspensions: list[Suspension] = field(default_factory=list)
    suspended_holidays: list[tuple[str | None, int | None, FileProblem]] = field(default_factory=list)
    general: list[GeneralRegulation] = field(default_factory=list)
    suspended_general: list[tuple[date, FileProblem]] = field(default_factory=list)
    specific: dict[str, list[tuple[SpecificRegulation, str]]] = field(default_factory=dict)
    refused: dict[str, FileProblem] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    settings_refused: FileProblem | None = None
    problems: list[FileProblem] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    frozen: Mapping[FrozenKey, tuple[Decimal, ...]] = field(default_factory=dict)
    recordings: tuple[tuple[date, tuple[str, ...]], ...] = ()

    def folder(self, folder: Traversable, known_on: date) -> None:
        """Takes the figures and regulations of a folder."""
        for file in _toml(folder.joinpath("figures"), self.problems):
            self.figures(file, known_on)
        for file in _toml(folder.joinpath("regulations"), self.problems):
            self.regulation(file)

    def figures(self, file: Traversable, known_on: date = date.max) -> None:
        """Takes a file of dated figures, those recorded after ``known_on`` left out."""
        try:
            found = self._read(file, FiguresFile)
        except FileRefused as error:
            self._refuse_figures(_raw(file), error.problem)
            return
        self.records += (record for record in found.record if record.recorded_on <= known_on)
        self.holidays += (holiday for holiday in found.construction_holiday if holiday.recorded_on <= known_on)

    def ledger(self, ledger: Ledger) -> None:
        """Takes the figures that users recorded; what is wrong with the ledger puts what it names in doubt."""
        for problem, names in (*ledger.refused, *ledger.doubts):
            self.problems.append(problem)
            self.suspensions += (Suspension(name, since, problem) for name, since in names.items() if name != HOLIDAYS)
            self.suspended_holidays += [(None, None, problem)] if HOLIDAYS in names else []
        self._shipped_give_way(ledger)
        self.records += ledger.records
        self.holidays += ledger.holidays
        self.recordings = tuple((entry.content.recorded_on, entry.content.people()) for entry in ledger.entries)
        self.frozen = ledger.frozen
        self.sources += (entry.file for entry in ledger.entries)
        self.also(*(entry.file.name for entry in ledger.entries))

    def _shipped_give_way(self, ledger: Ledger) -> None:
        """Leaves out what shipped with the toolkit and was corrected by a user on the very day of its release."""
        figures = {(record.series, record.valid_from) for record in ledger.records}
        holidays = {(holiday.site, holiday.year) for holiday in ledger.holidays}
        self.records = [
            r for r in self.records if r.recorded_on != FIRST_RELEASE or (r.series, r.valid_from) not in figures
        ]
        self.holidays = [h for h in self.holidays if h.recorded_on != FIRST_RELEASE or (h.site, h.year) not in holidays]

    def regulation(self, file: Traversable) -> None:
        """Takes a regulation; one of one's own must not bear the name of a general one."""
        try:
            found = self._read(file, RegulationFile).regulation
            if isinstance(found, SpecificRegulation):
                self._specific(found, file)
            else:
                self.general.append(found)
        except FileRefused as error:
            self._refuse_regulation(_raw(file), error.problem)

    def policies(self, file: Traversable) -> None:
        """Takes the settings of policies."""
        try:
            self.settings |= self._read(file, PolicySettings).root
        except FileRefused as error:
            self.problems.append(error.problem)
            self.settings_refused = error.problem

    def _refuse_figures(self, content: str, problem: FileProblem) -> None:
        self.problems.append(problem)
        self.suspensions += suspended_figures(content, problem)
        self.suspended_holidays += [(*key, problem) for key in suspended_holidays(content)]

    def _specific(self, found: SpecificRegulation, file: Traversable) -> None:
        names = {regulation.id.casefold() for regulation in self.general}
        if found.id.casefold() in names:
            line = line_of(_raw(file), ("id",))
            reason = CoproError("regulation_id_taken", value=found.id)
            raise FileRefused(FileProblem(Path(str(file)), line, reason))
        known = next((name for name in self.specific if name.casefold() == found.id.casefold()), found.id)
        self.specific.setdefault(known, []).append((found, file.name))

    def _refuse_regulation(self, content: str, problem: FileProblem) -> None:
        self.problems.append(problem)
        since = suspended_general(content)
        if since is not None:
            self.suspended_general.append((since, problem))
        else:
            self.refused[(suspended_regulation(content) or ANY).casefold()] = problem

    def _read(self, file: Traversable, model: type[Model]) -> Model:
        self.sources.append(Path(str(file)))
        self.digest.update(f"\0{file.name}\0{_raw(file)}".encode(errors="replace"))
        return read(file, model)

    def also(self, *content: str) -> None:
        """Lets the fingerprint tell what else the answers depend on."""
        self.digest.update("\0".join(content).encode(errors="replace"))

    def rulebook(self) -> Rulebook:
        """Everything read, ready to be asked."""
        return Rulebook(
            figures=Figures(tuple(self.records), tuple(self.suspensions)),
            calendar=Calendar(self._construction_holidays()),
            general=tuple(sorted(self.general, key=lambda regulation: regulation.valid_from)),
            suspended_general=tuple(self.suspended_general),
            specific={name: tuple(files) for name, files in self.specific.items()},
            policies=Policies(self.settings, self.settings_refused),
            problems=tuple(self.problems),
            refused_regulations=self.refused,
            fingerprint=self.digest.hexdigest()[:12],
            sources=tuple(self.sources),
            frozen=self.frozen,
            recordings=self.recordings,
        )

    def _construction_holidays(self) -> Mapping[HolidayKey, ConstructionHoliday | NotAvailable]:
        """For each site and year the latest recording, or why there is none to use."""
        found: dict[HolidayKey, ConstructionHoliday | NotAvailable] = {}
        for holiday in sorted(self.holidays, key=lambda holiday: holiday.recorded_on):
            key = (holiday.site, holiday.year)
            found[key] = _latest(found.get(key), holiday)
        years = {year for _, year in found}
        for site, year, problem in self.suspended_holidays:
            for key in product([site] if site else codes("SITE"), [year] if year else years):
                named = Named("SITE", key[0]) if key[0] in codes("SITE") else key[0]
                found[key] = NotAvailable("holidays_suspended", site=named, year=str(key[1]), problem=problem)
        return found


def _latest(
    known: ConstructionHoliday | NotAvailable | None, later: ConstructionHoliday
) -> ConstructionHoliday | NotAvailable:
    """The later of two recordings, in the order of their days; of one day, they must agree."""
    if not isinstance(known, ConstructionHoliday) or known.recorded_on < later.recorded_on:
        return later
    if known.periods == later.periods:
        return known
    site, year = Named("SITE", later.site), str(later.year)
    return ConflictingFigures("holidays_conflict", site=site, year=year, source=known.source, other_source=later.source)


def _raw(file: Traversable) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _toml(folder: Traversable, problems: list[FileProblem]) -> list[Traversable]:
    """The data files of a folder, by name; a folder that cannot be looked into is a problem."""
    try:
        files = list(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        reason = CoproError("file_unreadable", reason=system_reason(error))
        problems.append(FileProblem(Path(str(folder)), 1, reason))
        return []
    return sorted((file for file in files if is_data(file.name)), key=lambda file: file.name)


def load(
    data_folder: Path | None = None,
    *,
    example: bool = False,
    policies: Mapping[str, str] | None = None,
    known_on: date | None = None,
    ledger: Ledger | None = None,
) -> Rulebook:
    """Reads the shipped data and the user's.

    Args:
        data_folder: the user's data folder, if there is one.
        example: whether to add the made-up example index and regulation, for examples and tests only.
        policies: settings that replace those of the files.
        known_on: leaves out figures recorded after this day, to compute again what was computed then.
        ledger: what users recorded, instead of what the data folder holds, to see what a recording would change.
    """
    reading = _Reading()
    reading.folder(data_file(), max(known_on, FIRST_RELEASE) if known_on else date.max)
    if data_folder:
        reading.ledger(ledger or read_ledger(data_folder, known_on))
        reading.folder(data_folder, known_on or date.max)
    if example:
        reading.figures(data_file("examples", "salary_index_example.toml"))
        reading.regulation(data_file("examples", "example_regulation.toml"))
    if data_folder and data_folder.joinpath("policies.toml").is_file():
        reading.policies(data_folder.joinpath("policies.toml"))
    reading.also(_raw(data_file("policies.toml")), repr(sorted((policies or {}).items())), str(known_on or ""))
    rulebook = reading.rulebook()
    if policies:
        rulebook.policies = rulebook.policies.with_settings(policies)
    return rulebook
