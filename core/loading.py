"""Reading the data: what ships with the toolkit, then what a user's data folder adds.

=====================  ==================================================================
``figures/*.toml``     dated figures (`core.records`)
``regulations/*.toml`` regulations of one's own, general or specific (`core.regulation`)
``policies.toml``      settings of policies (`core.policies`)
=====================  ==================================================================

A file with a mistake is refused whole and listed among the problems; everything else keeps working, except what that
file might have changed: its figures, its regulation or the open policies are "not available" until it is put right.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from core.calendar import Calendar
from core.codes import codes
from core.errors import CoproError, FileProblem
from core.paths import data_file
from core.policies import Policies, PolicySettings
from core.reading import FileRefused, Model, read
from core.records import ConstructionHoliday, Figures, FiguresFile, Record, Suspension
from core.regulation import GeneralRegulation, RegulationFile, SpecificRegulation
from core.rulebook import Rulebook
from core.vocabulary import Series


@dataclass
class _Reading:
    """What has been read so far."""

    records: list[Record] = field(default_factory=list)
    holidays: dict[tuple[str, int], ConstructionHoliday] = field(default_factory=dict)
    suspensions: list[Suspension] = field(default_factory=list)
    general: list[GeneralRegulation] = field(default_factory=list)
    specific: dict[str, list[tuple[SpecificRegulation, str]]] = field(default_factory=dict)
    refused: dict[str, FileProblem] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    settings_refused: FileProblem | None = None
    problems: list[FileProblem] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def figures(self, file: Traversable) -> None:
        """Takes a file of dated figures."""
        try:
            found = self._read(file, FiguresFile)
            self._holidays(file, found.construction_holiday)
            self.records += found.record
        except FileRefused as error:
            self._refuse(error)
            self.suspensions += _suspensions(_raw(file), error.problem)

    def regulation(self, file: Traversable) -> None:
        """Takes a regulation."""
        try:
            found = self._read(file, RegulationFile).regulation
        except FileRefused as error:
            self._refuse(error)
            self.refused.update((name, error.problem) for name in _IDS.findall(_raw(file)))
            return
        if isinstance(found, GeneralRegulation):
            self.general.append(found)
        else:
            self.specific.setdefault(found.id, []).append((found, file.name))

    def policies(self, file: Traversable) -> None:
        """Takes the settings of policies."""
        try:
            self.settings |= self._read(file, PolicySettings).root
        except FileRefused as error:
            self._refuse(error)
            self.settings_refused = error.problem

    def _holidays(self, file: Traversable, found: Iterable[ConstructionHoliday]) -> None:
        for holiday in found:
            if holiday.site not in codes("SITE"):
                reason = CoproError("site_unknown", site=holiday.site, known=", ".join(codes("SITE")))
                line = _line_with(_raw(file), holiday.site)
                raise FileRefused(FileProblem(Path(str(file)), line, reason))
            key = (holiday.site, holiday.year)
            known = self.holidays.get(key)
            if known is None or holiday.recorded_on >= known.recorded_on:
                self.holidays[key] = holiday

    def _read(self, file: Traversable, model: type[Model]) -> Model:
        self.sources.append(Path(str(file)))
        self.digest.update(f"\0{file.name}\0{_raw(file)}".encode())
        return read(file, model)

    def _refuse(self, error: FileRefused) -> None:
        self.problems.append(error.problem)

    def rulebook(self) -> Rulebook:
        """Everything read, ready to be asked."""
        return Rulebook(
            figures=Figures(tuple(self.records), tuple(self.suspensions)),
            calendar=Calendar(self.holidays),
            general=tuple(sorted(self.general, key=lambda regulation: regulation.valid_from)),
            specific={name: tuple(files) for name, files in self.specific.items()},
            policies=Policies(self.settings, self.settings_refused),
            problems=tuple(self.problems),
            refused_regulations=self.refused,
            fingerprint=self.digest.hexdigest()[:12],
            sources=tuple(self.sources),
        )


_IDS = re.compile(r"^\s*id\s*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
_DATES = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")


def _raw(file: Traversable) -> str:
    try:
        return file.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return ""


def _line_with(content: str, word: str) -> int:
    lines = (number for number, line in enumerate(content.splitlines(), 1) if word in line)
    return next(lines, 1)


def _suspensions(content: str, problem: FileProblem) -> Iterator[Suspension]:
    """The figures a refused file may have meant to change: every series it names, from its earliest day on."""
    days = [date(int(y), int(m), int(d)) for y, m, d in _DATES.findall(content) if _is_day(y, m, d)]
    years = [date(int(year), 1, 1) for year in re.findall(r"period\s*=\s*[\"'](\d{4})", content) if int(year)]
    since = min(days + years, default=date.min)
    for series in Series:
        if re.search(rf"\b{series.value}\b", content):
            yield Suspension(series.value, since, problem)


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _toml(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def load(
    data_folder: Path | None = None, *, example: bool = False, policies: Mapping[str, str] | None = None
) -> Rulebook:
    """Reads the shipped data and the user's.

    Args:
        data_folder: the user's data folder, if there is one.
        example: whether to add the made-up example index and regulation, for examples and tests only.
        policies: settings that replace those of the files.
    """
    reading = _Reading()
    for folder in (data_file(), *([data_folder] if data_folder else [])):
        for file in _toml(folder.joinpath("figures")):
            reading.figures(file)
        for file in _toml(folder.joinpath("regulations")):
            reading.regulation(file)
    if example:
        reading.figures(data_file("examples", "salary_index_example.toml"))
        reading.regulation(data_file("examples", "example_regulation.toml"))
    if data_folder and data_folder.joinpath("policies.toml").is_file():
        reading.policies(data_folder.joinpath("policies.toml"))
    rulebook = reading.rulebook()
    if policies:
        rulebook.policies = rulebook.policies.with_settings(policies)
    return rulebook
