"""What can go wrong around an installation of the add-in; the texts are in ``core/data/texts/addin.toml``."""

from __future__ import annotations

from core.errors import FileError


class InstallationError(FileError):
    """The add-in cannot be made, installed or removed; says what to do."""

    texts = "addin"
