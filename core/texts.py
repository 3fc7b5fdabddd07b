"""A text for people, in their language, with its details filled in."""

from __future__ import annotations

from core.formats import shown
from core.topics import topic


def text(name: str, key: str, language: str, /, **details: object) -> str:
    """The text ``key`` of topic ``name``, each detail shown as that language writes it."""
    template = topic(name)[key][language]
    if not details:
        return template
    return template.format(**{name: shown(value, language) for name, value in details.items()})
