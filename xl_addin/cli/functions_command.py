"""``copro functions``: the catalogue, or one function of it."""

from __future__ import annotations

import argparse
import json
from shutil import get_terminal_size

from core.codes import codes
from core.texts import text
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.cli.main import DONE
from xl_addin.evaluate import find
from xl_addin.session import Session


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """An optional name, and JSON."""
    parser.add_argument("name", nargs="?", help=text("cli", "functions_name", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Prints what there is."""
    chosen = [find(options.name)] if options.name else list(FUNCTIONS.values())
    if options.json:
        described = [description(function, session.language) for function in chosen]
        print(json.dumps(described, ensure_ascii=False, indent=1))
    elif options.name:
        print(_page(chosen[0], session.language))
    else:
        print("\n".join(f"{function.signature()}\n    {function.help(session.language)}" for function in chosen))
    return DONE


def description(function: Function, language: str) -> dict[str, object]:
    """A function as data: name, help, arguments, examples."""
    return {
        "name": function.name,
        "category": function.category,
        "article": function.article,
        "help": function.help(language),
        "arguments": [
            {
                "name": argument.name,
                "required": argument.required,
                "kind": argument.kind.name,
                "codes": list(codes(argument.kind.codes)) if argument.kind.codes else [],
                "help": function.argument_help(argument.name, language),
            }
            for argument in function.arguments
        ],
        "table": function.table,
        "variadic": function.variadic,
        "examples": [list(example) for example in function.examples],
    }


def _page(function: Function, language: str) -> str:
    """The function's page of the reference, and its first example as a command."""
    from xl_addin.reference import as_text, function_page

    page = as_text(function_page(function, language), get_terminal_size().columns)
    words = " ".join(_word(value) for value in function.examples[0])
    return f"{page}\n\ncopro call {function.name} {words}".rstrip()


def _word(value: object) -> str:
    """An argument as the command line takes it; a range is JSON, which a shell must not take apart."""
    written = json.dumps(value, ensure_ascii=False)
    return f"'{written}'" if isinstance(value, list) else written
