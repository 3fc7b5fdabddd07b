"""``copro workbook``: writes a new workbook to work in.

The workbooks are entry points of the group ``copro.workbooks``: a name, and the function that writes an empty one.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

from core.errors import InputError
from core.texts import text
from xl_addin.cli.main import DONE
from xl_addin.session import Session

GROUP = "copro.workbooks"


class WriteEmpty(Protocol):
    """Writes a new workbook in the language of the session."""

    def __call__(self, target: Path, session: Session, *, force: bool = False) -> None: ...


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """Which workbook, where, and whether it may replace another."""
    names = ", ".join(known_workbooks())
    parser.add_argument("name", help=text("cli", "workbook_name", language, names=names))
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.xlsx", help=text("cli", "option_output", language)
    )
    parser.add_argument("--force", action="store_true", help=text("cli", "option_force", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Writes the workbook and tells where it is."""
    known = known_workbooks()
    if options.name not in known:
        raise InputError("workbook_unknown", name=options.name, names=", ".join(known))
    write: WriteEmpty = known[options.name].load()
    write(options.output, session, force=options.force)
    print(text("quote", "summary.file", session.language, file=str(options.output)))
    return DONE


def known_workbooks() -> Mapping[str, EntryPoint]:
    """The workbooks that are installed, by name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}
