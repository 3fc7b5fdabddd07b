"""Where a workbook may be written, and that the old file stays whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import FileError
from workbooks.saving import saved


def save(target: Path, *, force: bool = False) -> None:
    with saved(target, force=force) as place:
        place.write_text("new", encoding="utf-8")


def refusal(target: Path, *, force: bool = True) -> str:
    with pytest.raises(FileError) as caught:
        save(target, force=force)
    return caught.value.key


@pytest.mark.parametrize("name", ["quote.toml", "quote", "quote.xls", "quote.xlsx.txt", ".xlsx"])
def test_only_a_workbook_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert refusal(tmp_path / name) == "target_not_xlsx"
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_what_is_no_ordinary_file_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    os.mkfifo(target)
    assert refusal(target) == "target_not_file"
    assert target.is_fifo()


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    target.symlink_to(target)
    assert refusal(target) == "target_not_file"


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, target = tmp_path / "there" / "real.xlsx", tmp_path / "quote.XLSX"
    target.symlink_to(real)
    save(target)
    assert (target.is_symlink(), real.read_text(encoding="utf-8")) == (True, "new")
    assert refusal(target, force=False) == "file_exists"
    save(target, force=True)
    assert target.is_symlink()
    assert list(real.parent.iterdir()) == [real]
