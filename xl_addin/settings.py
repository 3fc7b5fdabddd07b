"""The installation's ``settings.toml``: data folder, language, usual site."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.reading import read
from core.records import Strict, Text


class Settings(Strict):
    """The settings a user may write; each is optional."""

    data_folder: Text | None = None
    language: Text | None = None
    site: Text | None = None


def read_settings(file: Path) -> Mapping[str, str]:
    """The settings written in ``file``.

    Raises:
        FileRefused: the file holds a mistake.
    """
    return read(file, Settings).model_dump(exclude_none=True)
