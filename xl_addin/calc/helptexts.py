"""Names and help of functions and arguments for Calc's function wizard, as data made from the catalogue.

The add-in carries them, so that the wizard works wherever LibreOffice's Python and the toolkit's are.
"""

from __future__ import annotations

from core.texts import text
from core.topics import LANGUAGES
from xl_addin.catalogue import FUNCTIONS, Function

Words = dict[str, str]

#: A variadic function's further arguments, one for each that a function can have, and one more: too many is an error
#: of the function itself, which says so. (Calc's own way of declaring any number of them takes an array formula apart.)
FURTHER = 1 + max(len(function.arguments) for function in FUNCTIONS.values())


def argument_names(function: Function) -> list[str]:
    """The arguments as Calc lists them."""
    further = [f"argument_{number}" for number in range(1, FURTHER + 1)] if function.variadic else []
    return [argument.name for argument in function.arguments] + further


def functions() -> dict[str, object]:
    """Every function: its help in each language, and its arguments with theirs."""
    return {name: {"help": _words(name), "arguments": _arguments(function)} for name, function in FUNCTIONS.items()}


def _words(name: str) -> Words:
    return {language: FUNCTIONS[name].help(language) for language in LANGUAGES}


def _arguments(function: Function) -> list[dict[str, object]]:
    own = [argument.name for argument in function.arguments]
    return [
        {
            "name": name,
            "help": {
                language: function.argument_help(name if name in own else "arguments", language)
                for language in LANGUAGES
            },
        }
        for name in argument_names(function)
    ]


def gone() -> Words:
    """What is told when the toolkit cannot be reached; ``{reason}`` is still open."""
    return {language: text("calc", "toolkit_gone", language) for language in LANGUAGES}
