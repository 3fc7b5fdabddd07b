"""What is wrong with an installation, and what may be: told with its remedy, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from core.texts import text
from xl_addin.excel import private_environment
from xl_addin.excel.manifest import Manifest, read_manifest
from xl_addin.excel.places import Places
from xl_addin.excel.private_environment import Trial
from xl_addin.excel.registry import Registry, WindowsRegistry
from xl_addin.session import Session


class Finding(NamedTuple):
    """Something found.

    Attributes:
        code: names the texts: what was found is ``code``, what to do ``code_remedy``.
        details: what goes into the texts.
        certain: whether it keeps the functions from working; else it is good to know when they do not.
    """

    code: str
    details: Mapping[str, object] = {}
    certain: bool = True

    def what(self, language: str) -> str:
        """What was found."""
        return text("addin", self.code, language, **self.details)

    def remedy(self, language: str) -> str:
        """What to do about it."""
        return text("addin", f"{self.code}_remedy", language, **self.details)


@dataclass(frozen=True)
class Patient:
    """An installation that is being examined."""

    places: Places
    session: Session
    variables: Mapping[str, str]
    registry: Registry = field(default_factory=WindowsRegistry)

    @cached_property
    def manifest(self) -> Manifest | None:
        """What the installation noted down of itself."""
        return read_manifest(self.places.manifest)

    @cached_property
    def trial(self) -> Trial | None:
        """What the private environment says of itself; None where there is no interpreter."""
        if not private_environment.interpreter(self.places.python).exists():
            return None
        return private_environment.tried(self.places.python)
