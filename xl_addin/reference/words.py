"""Words of the reference in a language: texts, and names together with the regulation's own Dutch and French ones."""

from __future__ import annotations

from core.texts import text

REGULATION = ("nl", "fr")
"""The languages in which the regulation is published."""


def words(key: str, language: str, **details: object) -> str:
    """A text of the reference."""
    return text("reference", key, language, **details)


def columns(language: str, *names: str) -> tuple[str, ...]:
    """The headings of a table."""
    return tuple(words(f"column.{name}", language) for name in names)


def with_own_terms(key: str, language: str) -> str:
    """A term, and in brackets its name in the regulation's languages: "Levies (Heffingen / Taxes)"."""
    others = " / ".join(words(key, other) for other in REGULATION if other != language)
    return f"{words(key, language)} ({others})"
