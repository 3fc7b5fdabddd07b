"""Pyodide is not part of every test run: these tests are collected only when their folder is named."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = any("pyodide" in argument for argument in config.args)
    return None if asked else True
