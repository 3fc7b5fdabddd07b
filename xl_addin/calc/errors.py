"""What can go wrong around LibreOffice; the texts are in ``core/data/texts/calc.toml``."""

from __future__ import annotations

from core.errors import FileError
from core.texts import text


class RecalculationError(FileError):
    """LibreOffice is missing, cannot load the functions, or did not deliver; says what to do."""

    def message(self, language: str) -> str:
        """The reason and the remedy, in ``language`` (nl, fr, de or en)."""
        return text("calc", self.key, language, **self.details)
