"""``copro records``: every dated figure, where it comes from, who recorded and checked it, and whether it holds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from core.formats import label, number
from core.ledger import HOLIDAYS, HolidayWithdrawal, Ledger, Withdrawal, read_ledger
from core.proposals import UpdateError
from core.provenance import Known, Thawed, everything, recorded, thawed
from core.records import ConstructionHoliday, Record
from core.texts import text
from core.vocabulary import Series
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.cli.output import table
from xl_addin.session import Session, user_folder

_COLUMNS = ("series", "when", "value", "status", "state", "recorded_on", "recorded_by", "checked_by", "source", "file")
_NAMES = (*(series.value for series in Series), HOLIDAYS)
_LONGEST_SOURCE = 48


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Which series, in which order, and JSON."""
    known = ", ".join(_NAMES)
    parser.add_argument("--series", metavar="NAME", help=text("cli", "records_series", language, known=known))
    parser.add_argument("--as-files", action="store_true", help=text("cli", "records_as_files", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Lists the figures; the exit status says whether something is wrong with them."""
    if options.series not in (None, *_NAMES):
        raise UpdateError("series_unknown", value=options.series, known=", ".join(_NAMES))
    ledger = read_ledger(session.data_folder or user_folder(), options.known_on)
    listing = _Listing(session, options.series, ledger, options.known_on or date.max)
    if options.json:
        print(json.dumps(listing.data(), ensure_ascii=False))
    else:
        print("\n".join([*(listing.by_file() if options.as_files else listing.by_figure()), *listing.ending()]))
    return FOUND_WRONG if listing.problems or listing.thawed else DONE


class _Listing:
    def __init__(self, session: Session, series: str | None, ledger: Ledger, known_on: date) -> None:
        self.session = session
        self.language = session.language
        self.series = series
        self.ledger = ledger
        self.known_on = known_on
        self.rulebook = session.rulebook
        self.problems = self.rulebook.problems
        self.thawed: Sequence[Thawed] = list(thawed(self.rulebook))
        found = everything(session.data_folder, ledger, self.rulebook)
        self.known = sorted((known for known in found if self._wanted(known)), key=_in_order)

    def _words(self, key: str, **details: object) -> str:
        return text("update", f"records.{key}", self.language, **details)

    def _wanted(self, known: Known) -> bool:
        return self.series in (None, _series(known)) and (known.shipped or known.recorded_on <= self.known_on)

    # --- for people ----------------------------------------------------------------------------------------------

    def by_figure(self) -> Iterator[str]:
        """A line a figure, series by series, the days in order."""
        yield self._table(self.known)

    def by_file(self) -> Iterator[str]:
        """The recordings in order: what each says, and which it follows."""
        for entry in self.ledger.entries:
            content = entry.content
            people = ", ".join(content.people())
            yield self._words("recording", day=content.recorded_on, people=people, file=entry.file.name)
            if content.follows:
                yield "  " + self._words("follows", files=", ".join(follows.file for follows in content.follows))
            known = [said for said in recorded(entry, self.ledger, self.rulebook) if self._wanted(said)]
            if known:
                yield "\n".join(f"  {line}" for line in self._table(known).splitlines())
            if content.frozen:
                yield "  " + self._words("settles", years=", ".join(str(frozen.year) for frozen in content.frozen))

    def _table(self, known: Sequence[Known]) -> str:
        headings = [self._words(column) for column in _COLUMNS]
        return table([list(self._row(one)) for one in known], self.language, headings)

    def _row(self, known: Known) -> Iterator[str]:
        said = known.said
        series = _series(known)
        yield text("index", "sheet.holidays", self.language) if series == HOLIDAYS else series
        yield _when(known, self.language)
        yield _value(known, self.language)
        yield text("update", said.status.value, self.language) if isinstance(said, Record | ConstructionHoliday) else ""
        yield text("update", f"state.{known.state}", self.language)
        yield known.recorded_on.isoformat()
        yield said.recorded_by
        yield said.checked_by or "–"
        source = _source(known)
        yield source if len(source) <= _LONGEST_SOURCE else f"{source[: _LONGEST_SOURCE - 1]}…"
        yield f"{self._words('toolkit')}: {known.file.name}" if known.shipped else known.file.name

    def ending(self) -> Iterator[str]:
        """How many, whether the settled rates still come out, and what is wrong."""
        folder = str(self.session.data_folder or user_folder())
        yield self._words("count", count=len(self.known), recordings=len(self.ledger.entries), folder=folder)
        frozen = self.rulebook.frozen
        if frozen:
            years = ", ".join(str(year) for year in sorted({year for _, year, _ in frozen}))
            yield self._words("frozen", years=years, count=len(frozen) - len(self.thawed))
        for rate in self.thawed:
            item = label("ITEM", rate.item.value, self.language)
            then = " / ".join(number(was, self.language, _decimals(was)) for was in rate.then)
            yield self._words("no_longer", item=item, year=str(rate.year), then=then, reason=rate.reason)
        if self.problems:
            yield self._words("problems", count=len(self.problems))
        for problem in self.problems:
            yield f"  {problem.message(self.language)}"

    # --- for programs --------------------------------------------------------------------------------------------

    def data(self) -> dict[str, object]:
        """The same as plain data; values as text, so that they stay exact."""
        return {
            "figures": [self._figure(known) for known in self.known],
            "recordings": [
                {
                    "file": entry.file.name,
                    "recorded_on": entry.content.recorded_on.isoformat(),
                    "recorded_by": list(entry.content.people()),
                    "follows": [follows.file for follows in entry.content.follows],
                    "settles": [frozen.year for frozen in entry.content.frozen],
                }
                for entry in self.ledger.entries
            ],
            "settled": len(self.rulebook.frozen),
            "no_longer": [
                {
                    "year": rate.year,
                    "item": rate.item.value,
                    "then": [str(was) for was in rate.then],
                    "message": rate.reason.message(self.language),
                }
                for rate in self.thawed
            ],
            "problems": [problem.message(self.language) for problem in self.problems],
        }

    def _figure(self, known: Known) -> dict[str, object]:
        said = known.said
        found: dict[str, object] = {
            "series": _series(known),
            "when": _when(known, "en"),
            "value": str(said.value) if isinstance(said, Record) else _value(known, "en"),
            "state": known.state.value,
            "recorded_on": known.recorded_on.isoformat(),
            "recorded_by": said.recorded_by,
            "checked_by": said.checked_by,
            "source": _source(known),
            "file": str(known.file),
            "shipped": known.shipped,
        }
        if isinstance(said, Record | ConstructionHoliday):
            found |= {"status": said.status.value, "note": said.note}
        return found


def _series(known: Known) -> str:
    return known.said.series.value if isinstance(known.said, Record | Withdrawal) else HOLIDAYS


def _first(known: Known) -> date:
    said = known.said
    if isinstance(said, Record):
        return said.valid_from
    return said.first_day if isinstance(said, Withdrawal) else date(said.year, 1, 1)


def _in_order(known: Known) -> tuple[int, date, date]:
    return _NAMES.index(_series(known)), _first(known), known.recorded_on


def _when(known: Known, language: str) -> str:
    said = known.said
    if isinstance(said, ConstructionHoliday | HolidayWithdrawal):
        return f"{said.year} {label('SITE', said.site, language)}"
    if isinstance(said, Record) and said.valid_to and not said.period:
        return f"{said.valid_from} – {said.valid_to}"
    return said.period or str(_first(known))


def _value(known: Known, language: str) -> str:
    said = known.said
    if isinstance(said, Record):
        return number(said.value, language, _decimals(said.value))
    if isinstance(said, ConstructionHoliday):
        return ", ".join(f"{run.first} – {run.last}" for run in said.periods)
    return "–"


def _decimals(value: Decimal) -> int:
    """As many as it was written with, and two at least."""
    return max(2, -int(value.as_tuple().exponent))


def _source(known: Known) -> str:
    return known.said.source if isinstance(known.said, Record | ConstructionHoliday) else known.said.reason
