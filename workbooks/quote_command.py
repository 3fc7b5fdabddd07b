"""``copro quote``: prices a quote into its workbook."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.texts import text
from workbooks.quote import read_quote, write_quote
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.session import Session


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The quote, the workbook to write, and whether it may replace another."""
    parser.add_argument("input", type=Path, help=text("cli", "quote_input", language))
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE.xlsx", help=text("cli", "option_output", language)
    )
    parser.add_argument("--force", action="store_true", help=text("cli", "option_force", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Writes the workbook and tells the totals; a line without a price is told, and the exit status says so."""
    summary = write_quote(read_quote(options.input), options.output, session, force=options.force)
    print(summary.told(options.language and session.language))
    return FOUND_WRONG if summary.failed else DONE
