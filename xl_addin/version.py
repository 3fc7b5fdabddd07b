"""The version of the toolkit that is installed."""

from __future__ import annotations

DISTRIBUTION = "copro-tariff"


def toolkit_version() -> str:
    """The version, or a dash when the toolkit runs from a folder and is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "–"
