"""What can go wrong around LibreOffice; the texts are in ``core/data/texts/calc.toml``."""

from __future__ import annotations

from core.errors import FileError


class RecalculationError(FileError):
    """LibreOffice is missing, cannot load the functions, or did not deliver; says what to do."""

    texts = "calc"
