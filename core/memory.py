"""Remembering answers without growing for ever: a spreadsheet may ask about every day there is."""

from __future__ import annotations

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 20_000
"""Answers that one memory keeps; then it begins anew."""


def remember(known: dict[K, V], key: K, value: V) -> V:
    """Keeps ``value`` under ``key``, and gives it back."""
    if len(known) >= MOST:
        known.clear()
    known[key] = value
    return value
