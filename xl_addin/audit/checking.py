"""Every COPRO formula of a workbook, computed anew and compared with what was saved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError

from core.formats import one_line
from core.texts import text
from xl_addin.audit.evaluate import Evaluator, Result, is_error
from xl_addin.audit.formula import NotReadable, calls_us, looks_elsewhere, parse
from xl_addin.audit.sheets import FormulaCell, Place, Sheets, Value
from xl_addin.session import Session

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{12}")
_CLOSE: Final = 1e-9
_RELATIVE: Final = 1e-12
"""Differences within which two numbers are the same, the larger counts: a file keeps fifteen digits or more, and a
cent of a thousand million is not to be missed."""

_AROUND: Final = (-3, -2, -1, 1, 2, 3)
"""The rows beside a cell whose formulas, where two or more are alike, tell what belongs in it."""

_ABSOLUTE_ROW: Final = re.compile(r"\$[0-9]+\b")
"""The row of an absolute reference, which stays when a formula is copied."""


class Kind(StrEnum):
    """What can be the matter with a cell."""

    STALE = "stale"  # the value saved is not what the functions give with the data of today
    OVERWRITTEN = "overwritten"  # something was typed where the rows around it have a formula
    REMOVED = "removed"  # nothing stands where the rows around it have a formula
    UNCHECKED = "unchecked"  # the formula holds something that cannot be computed here


@dataclass(frozen=True, slots=True)
class Finding:
    """A cell that is not as it should be.

    Attributes:
        kind: what is the matter.
        place: the sheet and the cell.
        saved: what the cell showed when the workbook was saved.
        computed: what the functions give now.
        part: for a formula that is not checked, the part that is not understood.
    """

    kind: Kind
    place: Place
    saved: Value = None
    computed: Value = None
    part: str = ""

    def message(self, language: str) -> str:
        """What is the matter and what to do, without the place."""
        shown = {"saved": _shown(self.saved), "computed": _shown(self.computed), "part": self.part}
        unknown = self.kind in (Kind.OVERWRITTEN, Kind.REMOVED) and self.computed is None
        return text("audit", f"{self.kind}_unknown" if unknown else self.kind.value, language, **shown)


@dataclass
class Report:
    """What was found.

    Attributes:
        formulas: how many cells with a COPRO function were looked at; those of an array count each.
        errors: how many of them hold an error, now as when they were saved, by code.
        findings: cells that are not as they should be, in the order of the workbook.
        fingerprint: of the data that the workbook says it was priced with; empty when it says none.
    """

    formulas: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    fingerprint: str = ""

    @property
    def wrong(self) -> bool:
        """Whether a cell shows something else than it should."""
        return any(finding.kind is not Kind.UNCHECKED for finding in self.findings)


def audit(file: Path, session: Session) -> Report:
    """Recomputes every COPRO function of a workbook (.xlsx, .xlsm) and compares.

    Cells that a formula refers to count as they were saved, so that each finding stands for itself.

    Raises:
        FileError: the file cannot be read, or is no workbook.
    """
    sheets = Sheets(file)
    checker = _Checker(sheets, replace(session, date1904=sheets.date1904))
    report = Report(fingerprint=sheets.comments if _FINGERPRINT.fullmatch(sheets.comments) else "")
    ours = [cell for cell in sheets.formulas() if calls_us(cell.formula)]
    for cell in ours:
        checker.check(cell, report)
    report.findings += checker.gaps(ours)
    order = {name: position for position, name in enumerate(sheets.names)}
    report.findings.sort(key=lambda found: (order[found.place.sheet], found.place.row, found.place.column))
    return report


class _Checker:
    def __init__(self, sheets: Sheets, session: Session) -> None:
        self.sheets = sheets
        self.rows_with_ours: set[tuple[str, int]] = set()
        self.evaluator = Evaluator(sheets, session)

    def check(self, cell: FormulaCell, report: Report) -> None:
        """Compares a formula's cell, or all the cells that an array formula fills."""
        try:
            computed = self._computed(cell.formula, cell.place)
        except NotReadable as part:
            report.formulas += 1
            report.findings.append(Finding(Kind.UNCHECKED, cell.place, part=str(part)))
            return
        for place, value in _spread(cell, computed):
            report.formulas += 1
            saved = self.sheets.value(place)
            if not _same(saved, value):
                report.findings.append(Finding(Kind.STALE, place, saved, _or_blank(value)))
            elif is_error(value):
                report.errors[str(value)] += 1

    def _computed(self, formula: str, place: Place) -> Result:
        """What a formula gives.

        Raises:
            NotReadable: it is not understood; whatever a stranger wrote in it, the other cells are looked at.
        """
        try:
            return self.evaluator.value(parse(formula), place)
        except (TypeError, LookupError, ValueError, ArithmeticError, RecursionError) as error:
            raise NotReadable(one_line(formula)) from error

    def gaps(self, ours: list[FormulaCell]) -> Iterator[Finding]:
        """Cells without the formula that the rows around them have: typed over, or emptied.

        A cell counts when the formula would give a number there: a heading, a total and an empty row do not.
        """
        single = {(c.place.sheet, c.place.column, c.place.row): c.formula for c in ours if c.rows == c.columns == 1}
        self.rows_with_ours = {(sheet, row) for sheet, _, row in single}
        seen: set[Place] = set()
        for sheet, column, row in single:
            for place in (Place(sheet, row - 1, column), Place(sheet, row + 1, column)):
                if place.row and place not in seen and (sheet, column, place.row) not in single:
                    seen.add(place)
                    yield from self._gap(place, single)

    def _gap(self, place: Place, single: Mapping[tuple[str, int, int], str]) -> Iterator[Finding]:
        around = [Place(place.sheet, place.row + away, place.column) for away in _AROUND]
        copied = [
            _moved(single[near.sheet, near.column, near.row], near, place)
            for near in around
            if (near.sheet, near.column, near.row) in single
        ]
        alike = Counter(_ABSOLUTE_ROW.sub("$", formula) for formula in copied if formula).most_common(1)
        if not alike or alike[0][1] < 2 or looks_elsewhere(self.sheets.content(place)):
            return
        meant = {formula for formula in copied if _ABSOLUTE_ROW.sub("$", formula) == alike[0][0]}
        saved = self.sheets.value(place)
        kind = Kind.REMOVED if saved is None else Kind.OVERWRITTEN
        if len(meant) > 1:  # each row refers to rows of its own elsewhere, so what belongs here is not known
            if (place.sheet, place.row) in self.rows_with_ours:
                yield Finding(kind, place, saved)
            return
        try:
            computed = self._computed(meant.pop(), place)
        except NotReadable:
            return
        if isinstance(computed, float) and not isinstance(computed, bool):
            yield Finding(kind, place, saved, computed)


def _moved(formula: str, origin: Place, target: Place) -> str:
    """The formula as it would be copied to another cell; empty when it would refer to cells above the sheet."""
    try:
        return str(Translator(formula, origin.address).translate_formula(target.address))
    except (TranslatorError, TokenizerError, LookupError):
        return ""


def _spread(cell: FormulaCell, computed: Result) -> Iterator[tuple[Place, Value]]:
    """Each cell that a formula fills, and the value that belongs there."""
    if cell.rows == cell.columns == 1:
        yield cell.place, computed[0][0] if isinstance(computed, list) else computed
        return
    for row in range(cell.rows):
        for column in range(cell.columns):
            place = Place(cell.place.sheet, cell.place.row + row, cell.place.column + column)
            yield place, _element(computed, row, column)


def _element(computed: Result, row: int, column: int) -> Value:
    """An element of an array; a single row or column is repeated, beyond the others is ``#N/A``, as in a sheet."""
    if not isinstance(computed, list):
        return computed
    cells = computed[0] if len(computed) == 1 else computed[row] if row < len(computed) else None
    if cells is None or (len(cells) > 1 and column >= len(cells)):
        return "#N/A"
    return cells[0] if len(cells) == 1 else cells[column]


def _same(saved: Value, computed: Value) -> bool:
    saved, computed = _or_blank(saved), _or_blank(computed)
    if isinstance(saved, float) and isinstance(computed, float):
        return abs(saved - computed) <= max(_CLOSE, _RELATIVE * max(abs(saved), abs(computed)))
    if {saved, computed} == {None, 0.0}:
        return True  # a formula that refers to a blank cell shows 0
    return saved == computed


def _or_blank(value: Value) -> Value:
    """Empty text is a blank; TRUE and FALSE stay what they are."""
    return None if value == "" else value


def _shown(value: Value) -> str:
    return "–" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
