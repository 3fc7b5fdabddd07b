"""What a call needs besides its arguments: the rulebook, the language, the usual site, and today's date."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.codes import code_named
from core.errors import FileError

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
            today: says what day it is.

        Raises:
            FileError: the settings cannot be read, or the data folder named does not exist.
            InputError: a language or a site that does not exist.
        """
        from core.loading import load

        own = _settings(user_folder())
        folder = _existing(data_folder or _setting("COPRO_DATA", own.get("data_folder"))) or user_folder()
        settings = {**_settings(folder), **own}
        chosen_language = language or _setting("COPRO_LANGUAGE", settings.get("language")) or DEFAULT_LANGUAGE
        chosen_site = site or _setting("COPRO_SITE", settings.get("site")) or DEFAULT_SITE
        return cls(
            rulebook=load(folder, example=example, policies=policies),
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


@cache
def default_session() -> Session:
    """The session of a front that was given none, opened at the first call."""
    return Session.open()


def _setting(variable: str, written: str | None) -> str | None:
    return os.environ.get(variable) or written


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
