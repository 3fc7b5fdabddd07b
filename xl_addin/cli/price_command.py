"""``copro price``: a register of inspections, a row each, priced from one file into another."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.formats import euro, number
from core.texts import text
from core.units import CENTS_PER_EURO
from xl_addin.cli.interruption import ended_like_an_interruption
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.pricing.fields import RegisterError
from xl_addin.pricing.stream import TOLD, Totals, price_file
from xl_addin.session import Session

_BAR: Final = 30
_SECONDS: Final = 0.1
"""Between two looks of the bar."""
_DELIMITERS: Final = {"\t": "TAB"}


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The two files, and how many cores."""
    parser.add_argument("input", type=Path, metavar="INPUT", help=text("price", "input", language))
    output = text("cli", "option_output", language)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUTPUT", help=output)
    parser.add_argument("--force", action="store_true", help=text("cli", "option_force", language))
    parser.add_argument("--workers", type=int, metavar="N", help=text("price", "workers", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Prices the register and tells what it came to; the exit status says whether every row has a price."""
    if options.workers is not None and options.workers < 1:
        raise RegisterError("workers_wrong", number=options.workers)
    if sys.platform == "linux":  # where pyarrow has it, and is a tenth faster with it; read when pyarrow is imported
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    bar = _Bar(session.language) if sys.stderr.isatty() and not options.json else None
    try:
        with ended_like_an_interruption():
            totals = price_file(
                options.input,
                options.output,
                session,
                force=options.force,
                workers=options.workers or 0,
                progress=bar.show if bar else None,
            )
    finally:
        if bar:
            bar.clear()
    print(_json(totals) if options.json else "\n".join(_lines(totals, options.output, session.language)))
    return FOUND_WRONG if totals.failed else DONE


class _Bar:
    """A line on the terminal that says how far the work is."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._next = 0.0
        self._wide = 0

    def show(self, done: int, size: int, unit: str) -> None:
        """Draws the bar, unless it was drawn just now."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _SECONDS
        per = 1_000_000 if unit == "bytes" else 1
        told = {name: number(count // per, self._language) for name, count in (("done", done), ("size", size))}
        full = min(_BAR, done * _BAR // max(size, 1))
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {text('price', f'progress.{unit}', self._language, **told)}"
        print(f"\r{line:<{self._wide}}", end="", file=sys.stderr, flush=True)
        self._wide = len(line)

    def clear(self) -> None:
        """Takes the line away."""
        if self._wide:
            print(f"\r{'':<{self._wide}}\r", end="", file=sys.stderr, flush=True)


def _lines(totals: Totals, target: Path, language: str) -> Iterator[str]:
    def words(key: str, **details: object) -> str:
        return text("price", key, language, **details)

    if "encoding" in totals.source:
        found = {name: _DELIMITERS.get(sign, sign) or "–" for name, sign in totals.source.items()}
        yield words("read_as", **found)
    for failure in totals.failures:
        yield words("failure", row=failure.row, error=failure.error, reason=failure.reason)
    if totals.failed > TOLD:
        yield words("more", count=_count(totals.failed - TOLD, language), file=str(target))
    counted = {"rows": totals.rows, "priced": totals.priced, "failed": totals.failed, "blank": totals.blank}
    yield words("counts", **{name: _count(count, language) for name, count in counted.items()})
    yield words("sum", amount=euro(Decimal(totals.total) / CENTS_PER_EURO, language))


def _count(count: int, language: str) -> str:
    return number(count, language)


def _json(totals: Totals) -> str:
    content = {
        "rows": totals.rows,
        "priced": totals.priced,
        "not_priced": totals.failed,
        "blank": totals.blank,
        "sum": totals.euro,
        "read_as": dict(totals.source),
        "failures": [failure._asdict() for failure in totals.failures],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False)
