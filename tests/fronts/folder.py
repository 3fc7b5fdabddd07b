"""A data folder (``COPRO_DATA``) for the fronts: the example figures and regulation, so that 2024+ has rates."""

from __future__ import annotations

from pathlib import Path

from core.paths import data_file

FOLDER_NAME = "copro-fronts-data"
_FILES = {"salary_index_example.toml": "figures", "example_regulation.toml": "regulations"}


def data_folder(target: Path) -> Path:
    """Makes the folder inside ``target`` (any system's), byte for byte the same everywhere, and gives its path."""
    folder = target / FOLDER_NAME
    for name, place in _FILES.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        (folder / place / name).write_bytes(data_file("examples", name).read_bytes())
    return folder
