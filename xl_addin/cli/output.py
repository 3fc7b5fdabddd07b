"""Answers written for people and for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from xl_addin.cells import Cell, CellError, Table
from xl_addin.evaluate import Answer


def as_json(answer: Answer, language: str) -> str:
    """``{"value": …}``, or the error object; dates are ISO text, errors inside a table are objects in place."""
    if isinstance(answer, CellError):
        return _dumps(_error(answer, language))
    if isinstance(answer, list):
        return _dumps({"value": [[_cell(value, language) for value in row] for row in answer]})
    return _dumps({"value": _cell(answer, language)})


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _cell(value: Cell, language: str) -> object:
    if isinstance(value, CellError):
        return _error(value, language)
    return value.isoformat() if isinstance(value, date) else value


def _error(error: CellError, language: str) -> dict[str, str]:
    return {"error": error.code, "message": error.message(language)}


def plain(value: Cell, language: str, *, decimals: int | None = None) -> str:
    """A cell as one line of text: a number with a decimal point, a date as ISO text, an error with its reason."""
    if isinstance(value, CellError):
        return f"{value.code} {value.message(language)}"
    if isinstance(value, float):
        return f"{value:.{decimals}f}" if decimals is not None else f"{value:.15g}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def table(rows: Table, language: str, headings: Sequence[str] = ()) -> str:
    """Rows with their columns aligned, numbers to the right."""
    lines = [list(headings)] if headings else []
    lines += [[value.code if isinstance(value, CellError) else plain(value, language) for value in row] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    numeric = [all(isinstance(row[column], int | float | CellError) for row in rows) for column in range(len(widths))]
    return "\n".join(_aligned(line, widths, numeric) for line in lines)


_POLICY = re.compile(r"; (?=[a-z]\w*(?:\.\w+)?: )")
"""What stands between two policies of a step: each begins with its name."""


def steps(rows: Table, language: str, width: int) -> str:
    """The rows of ``COPRO_EXPLAIN`` as a text to read: a step, its computation, and once what each choice means."""
    lines: list[str] = []
    told: set[str] = set()
    for article, what, formula, value, policy, source in rows:
        lines.append(f"{article or '':<7} {what}")
        computed = f"{formula} = {_result(value, str(formula), language)}"
        lines.append(f"{'':<7} {f'{value.code} {formula}' if isinstance(value, CellError) else computed}")
        new = [part for part in _POLICY.split(str(policy or "")) if part and part not in told]
        told.update(new)
        for note in (*new, *([str(source)] if source else [])):
            lines += wrap(note, width, initial_indent=" " * 10, subsequent_indent=" " * 12)
    return "\n".join(lines)


def _result(value: Cell, formula: str, language: str) -> str:
    whole_cents = isinstance(value, float) and "€" in formula and round(value, 2) == value
    return plain(value, language, decimals=2 if whole_cents else None)


def _aligned(line: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = [f"{cell:>{w}}" if right else f"{cell:<{w}}" for cell, w, right in zip(line, widths, numeric, strict=True)]
    return "  ".join(padded).rstrip()


def found_errors(answer: Answer) -> list[CellError]:
    """The errors in an answer."""
    cells = [answer] if not isinstance(answer, list) else [value for row in answer for value in row]
    return [value for value in cells if isinstance(value, CellError)]
