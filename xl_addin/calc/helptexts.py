"""Names and help of functions and arguments for Calc's function wizard, from the catalogue."""

from __future__ import annotations

from core.topics import LANGUAGES
from xl_addin.catalogue import FUNCTIONS


def function_help(name: str, language: str) -> str:
    """What the function gives, in the screen's language (English for one we do not have)."""
    return FUNCTIONS[name].help(_ours(language)) if name in FUNCTIONS else ""


def argument_name(name: str, position: int) -> str:
    """The argument's name; positions count from 0. ``…`` stands for further arguments, passed on as they are."""
    arguments = FUNCTIONS[name].arguments if name in FUNCTIONS else ()
    return arguments[position].name if 0 <= position < len(arguments) else "…"


def argument_help(name: str, position: int, language: str) -> str:
    """What the argument means."""
    argument = argument_name(name, position)
    return FUNCTIONS[name].argument_help(argument, _ours(language)) if argument != "…" else ""


def _ours(language: str) -> str:
    return language if language in LANGUAGES else "en"
