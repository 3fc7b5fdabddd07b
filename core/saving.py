"""Writing a file beside its place and moving it there: whatever happens, the old file or the new one, never half."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import FileError


@contextmanager
def saved(target: Path, *, force: bool = False, suffix: str = ".xlsx") -> Iterator[Path]:
    """The place to write to; moved to ``target`` when the block ends well, removed when it does not.

    Args:
        target: the file to make.
        force: whether a file already there is replaced.
        suffix: how its name must end.

    Raises:
        FileError: the file is there already or its name ends otherwise, its folder is not there, or it cannot be
            written.
    """
    check_target(target, force=force, suffix=suffix)
    target = _resolved(target)
    beside = target.with_name(f".{target.stem}.{threading.get_native_id()}.part{target.suffix}")
    try:
        yield beside
        _put_in_place(beside, target, force=force, suffix=suffix)
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        beside.unlink(missing_ok=True)


def check_target(target: Path, *, force: bool = False, suffix: str = ".xlsx") -> None:
    """Refuses a target that cannot be written, before any work is done.

    Raises:
        FileError: the file is there already, its folder is not, or its name does not end in ``suffix``.
    """
    if target.is_dir():
        raise FileError("target_is_folder", file=str(target))
    if target.suffix.lower() != suffix:
        raise FileError("target_suffix", file=str(target), suffix=suffix)
    place = _resolved(target)
    if not place.parent.is_dir():
        raise FileError("folder_missing", file=str(target), folder=str(place.parent))
    if place.exists() and not place.is_file():
        raise FileError("target_not_file", file=str(target))
    if place.exists() and not force:
        raise FileError("file_exists", file=str(target))


def _resolved(target: Path) -> Path:
    """Where a link leads, so that the link stays."""
    if not target.is_symlink():
        return target
    try:
        return target.resolve()
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise FileError("target_not_file", file=str(target)) from error


def _put_in_place(beside: Path, target: Path, *, force: bool, suffix: str) -> None:
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    if force:
        beside.replace(target)
        return
    check_target(target, suffix=suffix)  # somebody else may have made it in the meantime
    beside.replace(target)


def _not_written(target: Path, error: OSError) -> FileError:
    return FileError("file_not_written", file=str(target), reason=error.strerror or str(error))
