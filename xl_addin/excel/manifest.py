"""What was installed, as the installation itself noted it down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Manifest:
    """What an installation put where.

    Attributes:
        toolkit: version of the toolkit.
        xlwings: version of xlwings, whose library the add-in asks for by name.
        python: version of Python.
        bits: of that Python, 32 or 64.
        language: of the add-in's help.
        addin: fingerprint of the add-in.
        files: every file and folder that was installed.
        folders: the folders that were not there before, outermost first.
    """

    toolkit: str
    xlwings: str
    python: str
    bits: int
    language: str
    addin: str
    files: Sequence[str]
    folders: Sequence[str]

    def write(self, file: Path) -> None:
        """Writes it as JSON."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")


def read_manifest(file: Path) -> Manifest | None:
    """The manifest in ``file``; None where there is none that can be read."""
    try:
        return Manifest(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def fingerprint(file: Path) -> str:
    """SHA-256 of a file's content."""
    return sha256(file.read_bytes()).hexdigest()
