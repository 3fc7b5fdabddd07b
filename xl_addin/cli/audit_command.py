"""``copro audit``: what stands in a workbook's COPRO cells, against what the functions give."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from core.texts import text
from xl_addin.audit import Kind, Report, audit
from xl_addin.cli.main import DONE, FOUND_WRONG
from xl_addin.session import Session


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The workbook, and JSON."""
    parser.add_argument("file", type=Path, metavar="FILE.xlsx", help=text("cli", "audit_file", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Lists the cells that are stale, overwritten or not checked; the exit status says whether any is wrong."""
    report = audit(options.file, session)
    print(_json(report, session) if options.json else "\n".join(_lines(report, session)))
    return FOUND_WRONG if report.wrong else DONE


def _lines(report: Report, session: Session) -> Iterator[str]:
    def words(key: str, **details: object) -> str:
        return text("audit", key, session.language, **details)

    for finding in report.findings:
        yield f"{finding.place.sheet}!{finding.place.address}: {finding.message(session.language)}"
    counts = Counter(finding.kind for finding in report.findings)
    yield words("checked", formulas=report.formulas - counts[Kind.UNCHECKED], unchecked=counts[Kind.UNCHECKED])
    yield words("counts", **{kind.value: counts[kind] for kind in Kind if kind is not Kind.UNCHECKED})
    if report.errors:
        yield words("errors", errors=", ".join(f"{count} × {code}" for code, count in sorted(report.errors.items())))
    if report.fingerprint and report.fingerprint != session.rulebook.fingerprint:
        yield words("other_data", then=report.fingerprint, now=session.rulebook.fingerprint)


def _json(report: Report, session: Session) -> str:
    findings = [
        {
            "kind": finding.kind.value,
            "sheet": finding.place.sheet,
            "cell": finding.place.address,
            "saved": finding.saved,
            "computed": finding.computed,
            "message": finding.message(session.language),
        }
        for finding in report.findings
    ]
    content = {
        "formulas": report.formulas,
        "errors": dict(report.errors),
        "findings": findings,
        "fingerprint": {"workbook": report.fingerprint or None, "data": session.rulebook.fingerprint},
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False)
