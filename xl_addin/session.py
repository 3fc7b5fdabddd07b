"""What a call needs besides its arguments: the rulebook, the language, the usual site, and today's date."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.codes import code_named
from core.errors import CoproError, FileError

if TYPE_CHECKING:
    from core.rulebook import Rulebook

DEFAULT_LANGUAGE = "nl"
DEFAULT_SITE = "BRUSSEL"


@dataclass
class Session:
    """An installation at work.

    Attributes:
        rulebook: regulations, figures, calendars and policies.
        language: of the texts: nl, fr, de or en.
        site: code of the site whose construction holidays count when none is given.
        data_folder: the user's data folder; it need not exist.
        today: says what day it is.
        date1904: whether the workbook counts days from 1904.
    """

    rulebook: Rulebook
    language: str = DEFAULT_LANGUAGE
    site: str = DEFAULT_SITE
    data_folder: Path | None = None
    today: Callable[[], date] = field(default=date.today)
    date1904: bool = False

    @classmethod
    def open(
        cls,
        data_folder: Path | None = None,
        language: str | None = None,
        site: str | None = None,
        *,
        example: bool = False,
        policies: Mapping[str, str] | None = None,
        known_on: date | None = None,
        today: Callable[[], date] = date.today,
    ) -> Session:
        """A session on the shipped data and the user's data folder.

        What is not given comes from the environment (``COPRO_DATA``, ``COPRO_LANGUAGE``, ``COPRO_SITE``), then from
        ``settings.toml`` in the user's own folder, then from that in the data folder, then from the defaults: the
        user's own folder, Dutch, Brussel-Halle-Vilvoorde.

        Args:
            data_folder, language, site: as the attributes.
            example: whether to add the made-up example index and regulation, for examples and tests only.
            policies: settings that replace those of the data folder.
            known_on: leaves out figures recorded after this day, to compute again what was computed then.
            today: says what day it is.

        Raises:
            FileError: the settings cannot be read, or the data folder named does not exist.
            InputError: a language or a site that does not exist.
        """
        from core.loading import load

        own = _settings(user_folder())
        folder = _folder(data_folder, own)
        settings = {**_settings(folder), **own}
        chosen_language = language or _setting("COPRO_LANGUAGE", settings.get("language")) or DEFAULT_LANGUAGE
        chosen_site = site or _setting("COPRO_SITE", settings.get("site")) or DEFAULT_SITE
        return cls(
            rulebook=load(folder, example=example, policies=policies, known_on=known_on),
            language=code_named("LANGUAGE", chosen_language),
            site=code_named("SITE", chosen_site),
            data_folder=folder,
            today=today,
        )


def user_folder() -> Path:
    """The user's own folder for settings and data, as the operating system has it."""
    from platformdirs import user_data_path

    return user_data_path("copro", appauthor=False, roaming=True)


def language_set() -> str | None:
    """The language of the environment or of the user's own settings, where one is set."""
    return _setting("COPRO_LANGUAGE", _settings(user_folder()).get("language"))


LOOK_AGAIN = 1.0
"""Seconds after which the default session looks whether its files have changed."""


class _Default:
    """The session of a front that was given none, and what its files looked like when it was opened."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Opens a new session at the next call."""
        self._found: tuple[Session, Session] | CoproError | None = None
        self._stamp: object = None
        self._look_at = 0.0

    def get(self, *, date1904: bool) -> Session:
        now = time.monotonic()
        if self._found is None or now >= self._look_at:
            self._found = self._looked(self._found)
            self._look_at = now + LOOK_AGAIN
        if isinstance(self._found, CoproError):
            raise self._found
        return self._found[date1904]

    def _looked(self, found: tuple[Session, Session] | CoproError | None) -> tuple[Session, Session] | CoproError:
        """The session found before, or a new one when a file has changed; or why there is none.

        A spreadsheet keeps its server for days: it must not go on with the figures it read on the first.
        """
        try:
            stamp = _stamp()  # before the files are read: what changes meanwhile is seen at the next look
            if stamp == self._stamp and isinstance(found, tuple):
                return found
            opened = Session.open()
        except CoproError as error:
            return error.forgetful()
        self._stamp = stamp
        return opened, replace(opened, date1904=True)


_default = _Default()


def default_session(*, date1904: bool = False) -> Session:
    """The session of a front that was given none: opened at the first call, and anew when its files have changed.

    Args:
        date1904: whether the workbook counts days from 1904.

    Raises:
        CoproError: settings or a data folder that cannot be used.
    """
    return _default.get(date1904=date1904)


def _stamp() -> object:
    """Tells one state of the settings and data files from another: their names, times and sizes."""
    named = tuple(os.environ.get(variable) for variable in ("COPRO_DATA", "COPRO_LANGUAGE", "COPRO_SITE"))
    own = user_folder()
    folders = {own, _folder(None, _settings(own))}
    return named, sorted(found for folder in folders for found in _files(folder))


def _files(folder: Path, depth: int = 1) -> Iterator[tuple[str, int, int]]:
    """The data files in a folder and in the folders in it, each with its time and size."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.lower().endswith(".toml"):
            try:
                status = Path(entry.path).stat()  # that of the folder's list may be older on Windows
                yield entry.path, status.st_mtime_ns, status.st_size
            except OSError:  # gone in the meantime, or a link that leads nowhere
                yield entry.path, 0, 0
        elif depth and entry.is_dir():
            yield from _files(Path(entry.path), depth - 1)


def _setting(variable: str, written: str | None) -> str | None:
    return os.environ.get(variable) or written


def _folder(given: Path | None, own: Mapping[str, str]) -> Path:
    """The data folder: the one given, else of the environment, else of the user's settings, else the user's own."""
    return _existing(given or _setting("COPRO_DATA", own.get("data_folder"))) or user_folder()


def _existing(folder: Path | str | None) -> Path | None:
    """The data folder named, which must be there: a mistyped one must not mean "no figures of our own"."""
    if folder is None:
        return None
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise FileError("data_folder_missing", folder=str(path))
    return path


def _settings(folder: Path) -> Mapping[str, str]:
    file = folder / "settings.toml"
    if not file.is_file():
        return {}
    from xl_addin.settings import read_settings

    return read_settings(file)
