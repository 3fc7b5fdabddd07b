"""Where an installation for Excel on Windows puts what: fixed places of the user's own, no administrator needed.

The add-in stands in Excel's start folder (Excel keeps a link to a file there relative to it, so formulas work on
another computer too); all the rest in one folder of the user's local data. The user's own figures and settings are in
a third place, which no installation touches.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from xl_addin.excel.installation_error import InstallationError

ADDIN = "copro.xlam"
INTELLISENSE = "copro.IntelliSense.xml"


@dataclass(frozen=True)
class Places:
    """The places of one user.

    Attributes:
        local: what stays on this computer (``%LOCALAPPDATA%``).
        roaming: what follows the user (``%APPDATA%``).
    """

    local: Path
    roaming: Path

    @classmethod
    def of_user(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """The places Windows names in the environment."""
        for variable in ("LOCALAPPDATA", "APPDATA"):
            if not variables.get(variable):
                raise InstallationError("no_place", variable=variable)
        return cls(Path(variables["LOCALAPPDATA"]), Path(variables["APPDATA"]))

    @property
    def own(self) -> Path:
        """The folder that is all ours."""
        return self.local / "copro"

    @property
    def python(self) -> Path:
        """The private environment; the add-in knows this place."""
        return self.own / "python"

    @property
    def help_pages(self) -> Path:
        return self.own / "help"

    @property
    def manifest(self) -> Path:
        return self.own / "installed.json"

    @property
    def new(self) -> Path:
        """Where an installation is made before it takes its place."""
        return self.own / "new"

    @property
    def old(self) -> Path:
        """Where the installation that is being replaced waits until the new one is there."""
        return self.own / "old"

    @property
    def journal(self) -> Path:
        """Is there while one installation takes the place of another."""
        return self.own / "replacing.json"

    @property
    def start_folder(self) -> Path:
        """Excel opens what is in it when it starts."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART"

    @property
    def addin(self) -> Path:
        return self.start_folder / ADDIN

    @property
    def data(self) -> Path:
        """The user's own figures and settings: never touched."""
        return self.roaming / "copro"


def on_windows() -> bool:
    """Whether this is Windows, where all of this is for use; elsewhere it is for tests."""
    return os.name == "nt"


def mark_of_the_web(file: Path) -> Path:
    """The stream in which Windows notes that a file was downloaded; Excel blocks the macros of such a file."""
    return file.with_name(f"{file.name}:Zone.Identifier")


def missing_folders(folders: Iterable[Path]) -> list[Path]:
    """The folders, and those above them, that are not there yet, outermost first."""
    missing = {folder for wanted in folders for folder in (wanted, *wanted.parents) if not folder.exists()}
    return sorted(missing, key=lambda folder: len(folder.parts))
