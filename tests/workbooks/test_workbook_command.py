"""``copro workbook``: a new workbook of every kind that is installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.topics import LANGUAGES
from workbooks.workbook_command import known_workbooks
from xl_addin.cli.main import COULD_NOT_RUN, DONE, main


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", known_workbooks())
def test_a_new_workbook(name: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"{name}.xlsx"
    assert main(["workbook", name, "-o", str(target), "--language", language]) == DONE
    assert str(target) in capsys.readouterr().out
    assert load_workbook(target).sheetnames


def test_a_workbook_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "ledger.xlsx"
    assert main(["workbook", "ledger", "-o", str(target), "--language", "en"]) == COULD_NOT_RUN
    said = capsys.readouterr().err
    assert "ledger" in said
    assert all(name in said for name in known_workbooks())
    assert not target.exists()


def test_an_existing_workbook_is_replaced_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    target.write_bytes(b"mine")
    assert main(["workbook", "quote", "-o", str(target)]) == COULD_NOT_RUN
    assert target.read_bytes() == b"mine"
    assert main(["workbook", "quote", "-o", str(target), "--force"]) == DONE
    assert target.read_bytes() != b"mine"
