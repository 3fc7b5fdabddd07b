"""Where a workbook may be written, and that the old file stays whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import FileError
from core.saving import saved


def save(target: Path, *, force: bool = False) -> None:
    with saved(target, force=force) as place:
        place.write_text("new", encoding="utf-8")


def refusal(target: Path, *, force: bool = True, meanwhile: Callable[[], None] = lambda: None) -> str:
    def attempt() -> None:
        with saved(target, force=force) as place:
            place.write_text("new", encoding="utf-8")
            meanwhile()

    with pytest.raises(FileError) as caught:
        attempt()
    return caught.value.key


@pytest.mark.parametrize("name", ["quote.toml", "quote", "quote.xls", "quote.xlsx.txt", ".xlsx"])
def test_only_a_workbook_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert refusal(tmp_path / name) == "target_suffix"
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


def test_other_files_have_other_names(tmp_path: Path) -> None:
    with saved(tmp_path / "copro.xlam", suffix=".xlam") as place:
        place.write_bytes(b"add-in")
    assert (tmp_path / "copro.xlam").read_bytes() == b"add-in"
    with pytest.raises(FileError, match="xlam"), saved(tmp_path / "copro.xlsx", suffix=".xlam"):
        pass


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    assert refusal(tmp_path / "folder.xlsx") == "target_is_folder"
    assert refusal(tmp_path / "nowhere" / "quote.xlsx") == "folder_missing"


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"
    target.write_text("old", encoding="utf-8")

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert refusal(target, meanwhile=full) == "file_not_written"
    assert (target.read_text(encoding="utf-8"), list(tmp_path.iterdir())) == ("old", [target])


def test_a_file_that_somebody_makes_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "quote.xlsx"

    def others() -> None:
        target.write_text("theirs", encoding="utf-8")

    assert refusal(target, force=False, meanwhile=others) == "file_exists"
    assert target.read_text(encoding="utf-8") == "theirs"
