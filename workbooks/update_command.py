"""``copro update``: checks a filled-in index workbook, shows what changes, and records it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from core.codes import folded
from core.effects import Prepared, prepare
from core.ledger import Ledger, LedgerFile, add, read_ledger
from core.loading import load
from core.proposals import Finding, Severity, UpdateError
from core.texts import text
from workbooks.index.reading import read_index
from workbooks.index.state import Recordings, check_state, newer_than
from workbooks.index.telling import Telling
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.session import Session, user_folder


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The workbook, and how far to go."""
    parser.add_argument("file", type=Path, metavar="FILE.xlsx", help=text("cli", "update_file", language))
    parser.add_argument("--dry-run", action="store_true", help=text("cli", "update_dry_run", language))
    parser.add_argument("--yes", action="store_true", help=text("cli", "update_yes", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Tells what the workbook would change, and records it once that is confirmed."""
    filled = read_index(options.file)
    folder = session.data_folder or user_folder()
    ledger = read_ledger(folder)
    check_state(filled, ledger, load(folder, ledger=ledger), folder)
    prepared = prepare(filled.proposals, folder, ledger, session.today())
    findings = [*filled.findings, *prepared.examined.findings]
    telling = Telling(prepared, findings, session)
    if not options.json:
        print("\n".join([*telling.found(), *telling.lines()]))
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    recorded = None
    if not wrong and prepared.content and not options.dry_run and _confirmed(options, folder, telling):
        recorded = _record(prepared.content, folder, ledger, telling, quiet=options.json)
    if options.json:
        print(json.dumps({**telling.data(), "recorded": recorded and str(recorded)}, ensure_ascii=False))
    elif recorded is None:
        print(_why_not(prepared, findings, wrong, session.language, dry_run=options.dry_run))
    return FOUND_WRONG if wrong else DONE


def _why_not(prepared: Prepared, findings: list[Finding], wrong: int, language: str, *, dry_run: bool) -> str:
    """Why nothing was recorded."""
    if wrong:
        return text("update", "refused", language, count=wrong)
    if prepared.content is None:
        return text("update", "nothing_new" if findings else "nothing_filled", language)
    return text("update", "dry_run" if dry_run else "declined", language)


def _confirmed(options: argparse.Namespace, folder: Path, telling: Telling) -> bool:
    """Whether somebody says yes.

    Raises:
        UpdateError: there is nobody to ask.
    """
    if options.yes:
        return True
    if options.json or not sys.stdin.isatty():
        raise UpdateError("not_confirmed")
    language = telling.language
    print(text("update", "confirm", language, folder=str(folder)), end=" ", flush=True)
    yes = {text("update", key, language) for key in ("yes", "yes_words")}
    return folded(sys.stdin.readline()) in yes


def _record(content: LedgerFile, folder: Path, ledger: Ledger, telling: Telling, *, quiet: bool) -> Path:
    """Adds the file, unless somebody recorded while this one was read.

    Raises:
        UpdateError: somebody did. FileError: it cannot be written.
    """
    heads = [entry.file.name for entry in ledger.heads()]
    if newer := newer_than(read_ledger(folder), heads):
        raise UpdateError("meanwhile", what=Recordings(newer))
    file = add(folder, content, ledger)
    if quiet:
        return file
    print(text("update", "recorded", telling.language, file=str(file)))
    at_once = newer_than(read_ledger(folder), [*heads, file.name])
    if at_once:  # between the look and the writing: both are there, and records tells where they differ
        print(text("update", "at_once", telling.language, what=Recordings(at_once)))
    return file
