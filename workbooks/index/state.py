"""Whether a filled-in workbook still belongs to the data: nothing was recorded, or changed, since it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.formats import Named, label
from core.ledger import Entry, Ledger, LedgerFile
from core.proposals import UpdateError
from core.rulebook import Rulebook
from core.texts import text
from workbooks.index.reading import Filled

FORK = "ledger_fork"
"""The one problem that recording again puts right."""


def check_state(filled: Filled, ledger: Ledger, rulebook: Rulebook, folder: Path) -> None:
    """Refuses a workbook whose data are not those of the folder.

    Two people who fill in a workbook each start from the same recording; whoever records second is told what the first
    recorded, and looks again. That the folder may change after this check is the ledger's business: a file that
    follows an older one stands beside the newer one, and neither is lost.

    Raises:
        UpdateError: the folder has problems, lacks what the workbook follows, or holds something newer.
    """
    for problem in rulebook.problems:
        if problem.reason.key != FORK:
            raise UpdateError("folder_wrong", problem=problem)
    names = {entry.file.name for entry in ledger.entries}
    for name in filled.recordings:
        if name not in names:
            raise UpdateError("not_here", file=name, folder=str(folder))
    newer = newer_than(ledger, filled.recordings)
    if newer:
        raise UpdateError("meanwhile", what=Recordings(newer))
    if filled.fingerprint != rulebook.fingerprint:
        raise UpdateError("other_data", then=filled.fingerprint, now=rulebook.fingerprint)


def newer_than(ledger: Ledger, recordings: Iterable[str]) -> tuple[Entry, ...]:
    """The recordings that neither are among these nor come before them."""
    known = set(recordings)
    before = frozenset[str]().union(*(entry.before for entry in ledger.entries if entry.file.name in known))
    return tuple(entry for entry in ledger.entries if entry.file.name not in known | before)


class Recordings:
    """Recordings, as a message tells them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)

    def message(self, language: str) -> str:
        """Day, people, figures and file of each."""
        return "; ".join(_recording(entry, language) for entry in self.entries)


def _recording(entry: Entry, language: str) -> str:
    content = entry.content
    people, figures = ", ".join(content.people()), ", ".join(figures_of(content, language))
    return text(
        "update", "recording", language, day=content.recorded_on, people=people, figures=figures, file=entry.file.name
    )


def figures_of(content: LedgerFile, language: str) -> Iterator[str]:
    """What a recording is about: each series with its periods, each site with its year."""
    for record in content.record:
        yield f"{label('series', record.series.value, language)} {record.period or record.valid_from}"
    withdrawn = text("update", "withdrawn", language)
    for mistaken in content.withdrawal:
        yield f"{label('series', mistaken.series.value, language)} {mistaken.first_day} ({withdrawn})"
    for holiday in content.construction_holiday:
        yield holiday_told(holiday.site, holiday.year, language)
    for gone in content.construction_holiday_withdrawal:
        yield f"{holiday_told(gone.site, gone.year, language)} ({withdrawn})"


def holiday_told(site: str, year: int, language: str) -> str:
    """The construction holidays of a site and year, by name."""
    return f"{text('update', 'holiday', language, site=Named('SITE', site))} {year}"
