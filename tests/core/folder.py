"""A user's data folder, written for a test, and sessions that read it and nothing else of this computer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from core.loading import load
from xl_addin import Session

TODAY = date(2024, 6, 3)
"""A Monday without anything special: what day it is in these tests."""

RECORD = {
    "series": '"legal_interest_1865"',
    "period": '"2024"',
    "value": "5.75",
    "basis": '"law"',
    "source": '"gazette"',
    "status": '"official"',
    "recorded_on": "2026-12-01",
    "recorded_by": '"me"',
}
HOLIDAY = {
    "site": '"BRUSSEL"',
    "year": "2026",
    "periods": "[{ from = 2026-07-06, to = 2026-07-26 }]",
    "source": '"sector"',
    "status": '"official"',
    "recorded_on": "2026-12-01",
    "recorded_by": '"me"',
}
SPECIFIC = """\
id = "BRS-1"
kind = "specific"
source = "a regulation of our own"
status = "official"

[title]
nl = "a"
fr = "b"
de = "c"
en = "d"
"""
GENERAL_FILE = Path(__file__).parents[2] / "core" / "data" / "regulations" / "tar_copro_exe_2_0.toml"


def table(header: str, fields: Mapping[str, str]) -> str:
    """A TOML table, a field a line."""
    return "\n".join([header, *(f"{name} = {value}" for name, value in fields.items())]) + "\n"


def record(**changes: str | None) -> str:
    """A ``[[record]]`` with some fields changed (TOML text), or left out (``None``)."""
    return table("[[record]]", _changed(RECORD, changes))


def holiday(**changes: str | None) -> str:
    """A ``[[construction_holiday]]`` with some fields changed, or left out."""
    return table("[[construction_holiday]]", _changed(HOLIDAY, changes))


def _changed(fields: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in ({**fields, **changes}).items() if value is not None}


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file of the data folder."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def session_on(folder: Path | None = None, language: str = "en", *, example: bool = False, **policies: str) -> Session:
    """A session on the shipped data and ``folder``; policies as ``hours_bands="start"`` (first _ is the dot)."""
    named = {name.replace("_", ".", 1): setting for name, setting in policies.items()}
    rulebook = load(folder, example=example, policies=named)
    return Session(rulebook, language=language, data_folder=folder, today=lambda: TODAY)
