"""Where the data shipped with the toolkit are."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def data_file(*parts: str) -> Traversable:
    """A file or folder below ``core/data``, wherever the package is installed."""
    return files("core").joinpath("data", *parts)
