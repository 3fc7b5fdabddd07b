"""Installs the add-in for the user who runs it, and removes it.

Everything is made and tried in a folder beside first. Only then does it take the place of what was there: what was
there waits in another folder, a journal says that the exchange is under way, and whatever goes wrong is taken back, at
once or, when the computer stopped in between, by the next installation. So there is always an installation that works,
but for the instant between two renames.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from core.errors import system_reason
from xl_addin.excel import private_environment
from xl_addin.excel.installation_error import InstallationError
from xl_addin.excel.manifest import Manifest, fingerprint, read_manifest
from xl_addin.excel.places import ADDIN, Places, mark_of_the_web, missing_folders, on_windows
from xl_addin.version import toolkit_version

PATIENCE = 5.0
"""Seconds to wait for a virus scanner to let go of files just written."""

Progress = Callable[[str, str], None]
"""Is told what is being done: the key of a text, and a detail."""


class _Piece(NamedTuple):
    """A file or folder of an installation: its name where it waits, and its place."""

    name: str
    place: Path


def _pieces(places: Places) -> list[_Piece]:
    """What an installation consists of; the environment first: when Excel has it open, nothing has been moved yet."""
    return [
        _Piece("python", places.python),
        _Piece("help", places.help_pages),
        _Piece(ADDIN, places.addin),
        _Piece(places.manifest.name, places.manifest),
    ]


def install(places: Places, language: str, progress: Progress) -> Manifest:
    """Installs the add-in, or takes the place of the one installed; the add-in's help is in ``language``.

    Raises:
        InstallationError: it could not be installed; what was installed before is as it was.
    """
    if private_environment.is_running_from(places.python):
        raise InstallationError("own_environment", folder=str(places.python))
    _refuse_when_held(places)
    before = read_manifest(places.manifest)
    with _told(places):
        take_back(places)
        shutil.rmtree(places.new, ignore_errors=True)
        missing = missing_folders([places.own, places.start_folder])
        folders = [*(before.folders if before else ()), *map(str, missing)]
        try:
            for folder in missing:
                folder.mkdir()
            manifest = _make(places, language, folders, progress)
            progress("step_place", str(places.own))
            _exchange(places)
        finally:
            shutil.rmtree(places.new, ignore_errors=True)
            if not places.manifest.exists():
                _remove_empty(folders)
    return manifest


def _make(places: Places, language: str, folders: list[str], progress: Progress) -> Manifest:
    """Makes every piece in the folder beside, and tries the environment there."""
    places.new.mkdir()
    environment = places.new / "python"
    progress("step_environment", str(places.python))
    private_environment.make(environment, lambda package: progress("step_package", package))
    progress("step_trial", str(places.python))
    trial = private_environment.tried(environment)
    if trial.error:
        raise InstallationError("environment_fails", reason=trial.error)
    progress("step_addin", str(places.addin))
    write_files(places.new, language)
    manifest = Manifest(
        toolkit=toolkit_version(),
        xlwings=trial.xlwings,
        python=trial.python,
        bits=trial.bits,
        language=language,
        addin=fingerprint(places.new / ADDIN),
        files=[str(piece.place) for piece in _pieces(places)],
        folders=folders,
    )
    manifest.write(places.new / places.manifest.name)
    return manifest


def write_files(folder: Path, language: str) -> None:
    """Writes the add-in, which holds the help shown while typing, and the pages of help."""
    from xl_addin.excel.addin import write_addin
    from xl_addin.reference import write_help

    write_addin(folder / ADDIN, language)
    (folder / "help").mkdir()
    write_help(folder / "help", language)


# --- taking each other's place -------------------------------------------------------------------------------------


def _exchange(places: Places) -> None:
    """Moves every new piece to its place; on any failure all is as it was."""
    there = [piece.name for piece in _pieces(places) if piece.place.exists()]
    try:
        places.old.mkdir()
        places.journal.write_text(json.dumps(there), encoding="utf-8")
        for piece in _pieces(places):
            if piece.place.is_dir():
                _patiently(piece.place.rename, places.old / piece.name)
            elif piece.place.exists():
                _copy(piece.place, places.old / piece.name)
            _put(places.new / piece.name, piece.place)
        mark_of_the_web(places.addin).unlink(missing_ok=True)
        places.journal.unlink()
    except BaseException:
        take_back(places)
        raise
    shutil.rmtree(places.old, ignore_errors=True)


def take_back(places: Places) -> None:
    """Puts everything back as it was before an exchange that was not finished; does nothing where there was none."""
    if places.journal.exists():
        for piece in reversed(_pieces(places)):
            _take_back(piece, places.old / piece.name, _there_before(places))
        places.journal.unlink()
    shutil.rmtree(places.old, ignore_errors=True)


def _there_before(places: Places) -> list[str]:
    """The names of the pieces that were there before the exchange."""
    try:
        names: list[str] = json.loads(places.journal.read_text(encoding="utf-8"))
    except ValueError:  # the computer stopped while the journal was written: nothing had been moved
        return [piece.name for piece in _pieces(places)]
    return names


def _take_back(piece: _Piece, waiting: Path, there: list[str]) -> None:
    if waiting.is_dir():
        _remove(piece.place)
        _put(waiting, piece.place)
    elif waiting.exists():
        if not piece.place.exists() or fingerprint(waiting) != fingerprint(piece.place):
            _put(waiting, piece.place)
    elif piece.name not in there:
        _remove(piece.place)


def _put(source: Path, target: Path) -> None:
    """Moves a folder by renaming it; a file is copied, as its place may be on another drive."""
    if source.is_dir():
        _patiently(source.rename, target)
    else:
        _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    """Copies a file so that it is never half there."""
    beside = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, beside)
        _patiently(beside.replace, target)
    finally:
        beside.unlink(missing_ok=True)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    elif place.exists():
        _patiently(place.unlink)


def _patiently(work: Callable[..., object], *arguments: Path) -> None:
    """Does ``work``, again and again for a while when a file is held by another program."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            work(*arguments)
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.25)
        else:
            return


@contextmanager
def _told(places: Places) -> Iterator[None]:
    """Failures of the system in words: a file held by another program is Excel's, most likely."""
    try:
        yield
    except OSError as error:
        files = [Path(str(name)) for name in (error.filename2, error.filename) if name]
        if isinstance(error, PermissionError) and any(_is_excels(file, places) for file in files):
            raise InstallationError("in_use", file=str(files[0])) from error
        file = str(files[0] if files else places.own)
        raise InstallationError("not_written", file=file, reason=system_reason(error)) from error


def _refuse_when_held(places: Places) -> None:
    """Refuses when Excel has the add-in open or has started its Python; before any work is done."""
    programs = (private_environment.interpreter(places.python, windowed=windowed) for windowed in (False, True))
    for file in (places.addin, *programs, *places.python.glob("*.dll")):
        if is_held(file):
            raise InstallationError("in_use", file=str(file))


def is_held(file: Path) -> bool:
    """Whether a program has ``file`` open or runs from it; only Windows keeps such a file from being changed."""
    if not on_windows():
        return False
    try:
        with file.open("r+b"):
            return False
    except PermissionError:
        return True
    except OSError:
        return False


def _is_excels(file: Path, places: Places) -> bool:
    """Whether Excel may have ``file`` open: the add-in that is there, or the environment at its place."""
    return (file == places.addin and file.exists()) or file.is_relative_to(places.python)


# --- removing ------------------------------------------------------------------------------------------------------


def uninstall(places: Places) -> list[Path]:
    """Removes what `install` put there, whole or half, and gives the places where something was.

    Raises:
        InstallationError: Excel has the add-in or its environment open, or a file cannot be removed.
    """
    if private_environment.is_running_from(places.python):
        raise InstallationError("own_environment", folder=str(places.python))
    manifest = read_manifest(places.manifest)
    *own, last = [piece.place for piece in _pieces(places)]
    found = [place for place in (*own, places.new, places.old, places.journal, last) if place.exists()]
    _refuse_when_held(places)
    with _told(places):
        _set_aside(places)
        for place in (places.old, *found):
            _remove(place)
        _remove_empty([*(manifest.folders if manifest else ()), str(places.own)])
    return found


def _set_aside(places: Places) -> None:
    """Takes the environment and the add-in away, both or neither: when Excel has one open, nothing is removed."""
    _remove(mark_of_the_web(places.addin))
    if not places.python.exists():
        _remove(places.addin)
        return
    _remove(places.old)
    places.old.mkdir()
    _patiently(places.python.rename, places.old / "python")
    try:
        _remove(places.addin)
    except OSError:
        _patiently((places.old / "python").rename, places.python)
        raise


def _remove_empty(folders: list[str]) -> None:
    """Removes those folders that hold nothing (more), innermost first."""
    for name in sorted(set(folders), key=len, reverse=True):
        folder = Path(name)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
