"""The workbooks in a LibreOffice that does not have the functions: the values as written, and no ``#NAME?``."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.calc.conftest import why_not
from tests.workbooks.quotes import EXAMPLES, contributions, example_session, planned, year
from workbooks.late_payment import read_claims, write_claims
from workbooks.quote import write_empty_quote, write_quote
from workbooks.tariff_card import write_tariff_card
from xl_addin.calc.recalc import libreoffice


def test_no_workbook_shows_a_name_error(tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not here")
    session = example_session(tmp_path / "data")
    written = [tmp_path / f"{name}.xlsx" for name in ("year", "contributions", "empty", "card", "statement", "planned")]
    write_quote(year("en"), written[0], session)
    write_quote(contributions("en"), written[1], session)
    write_empty_quote(written[2], replace(session, language="en"), lines=3)
    write_tariff_card(2023, written[3], session, language="en")
    claims = read_claims(EXAMPLES / "late_payment.toml").model_copy(update={"language": "en"})
    write_claims(claims, written[4], session)
    write_quote(planned("en"), written[5], session)
    expected = ("€14,819.82", "EXAMPLE", "Total", "125.82", "Total", "€24,911.01")
    for file, shown in zip(written, expected, strict=True):
        told = _printed(file)
        assert "#NAME?" not in told
        assert shown in told


def _printed(file: Path) -> str:
    """What the pages say, LibreOffice started with new settings of its own and nothing of ours."""
    profile = file.with_suffix(".profile")
    command = [str(libreoffice()), "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(file.parent), str(file)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = file.with_suffix(".pdf")
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
