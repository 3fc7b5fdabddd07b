"""The page of a function."""

from __future__ import annotations

from collections.abc import Iterable

from core.codes import codes
from core.topics import names
from xl_addin.catalogue import FUNCTIONS, Argument, Function
from xl_addin.reference import typed
from xl_addin.reference.document import (
    Block,
    Code,
    Document,
    Formula,
    Heading,
    Inline,
    Items,
    Line,
    Link,
    Paragraph,
    Table,
)
from xl_addin.reference.example_blocks import example
from xl_addin.reference.tries import Change, refusals
from xl_addin.reference.words import columns, with_own_terms, words
from xl_addin.reference.worked import examples

ON_THE_INDEX = ("SITE", "LANGUAGE")
"""Groups of codes that many functions take: listed once, on the index."""
_IN_THE_HELP = ("LANGUAGE",)
"""Groups that the argument's help spells out."""
FURTHER = "arguments"
"""What a function that takes any further arguments calls them in its help."""


def function_page(function: Function, language: str) -> Document:
    """Signature, arguments, codes, examples, errors, related functions."""
    blocks: list[Block] = [
        Paragraph((Link("", words("title", language)),)),
        Formula(_signature(function, language)),
        Paragraph((function.help(language),)),
        Items(_facts(function, language)),
        Heading(words("arguments", language)),
        _arguments(function, language),
        *_codes(function, language),
        *_examples(function, language),
        Heading(words("errors_own", language)),
        *_errors(function, language),
        Heading(words("related", language)),
        Items(tuple(_related(function, language))),
    ]
    title = f"{function.name} – {words(f'term.{function.name}', language)}"
    return Document(function.name, title, language, tuple(blocks))


def _signature(function: Function, language: str) -> str:
    named = [argument.name if argument.required else f"[{argument.name}]" for argument in function.arguments]
    return typed.signature(function.name, [*named, "…"] if function.variadic else named, language)


def _facts(function: Function, language: str) -> tuple[Line, ...]:
    """What it gives, under the regulation's names, and the articles it comes from."""
    result = "table" if function.table else function.unit.name if function.unit else "cell"
    facts = [f"{words('gives', language)} {words(f'result.{result}', language)}"]
    articles = function.article.split(", ") if function.article else []
    titles = [with_own_terms(f"title.{number}", language) for number in articles]
    term = with_own_terms(f"term.{function.name}", language)
    if articles and term not in titles:
        facts.append(f"{words('term', language)} {term}")
    facts += [f"{words('article', language)} {number}, {title}" for number, title in zip(articles, titles, strict=True)]
    return tuple((fact,) for fact in facts)


# --- arguments and codes -------------------------------------------------------------------------------------------


def _arguments(function: Function, language: str) -> Block:
    rows = [_argument_row(function, argument, language) for argument in function.arguments]
    if function.variadic:
        kind = words("kind.further", language)
        rows.append(((Code("…"),), (function.argument_help(FURTHER, language),), (words("no", language),), (kind,)))
    return Table(columns(language, "argument", "what", "needed", "kind"), tuple(rows))


def _argument_row(function: Function, argument: Argument, language: str) -> tuple[Line, ...]:
    return (
        (Code(argument.name),),
        (function.argument_help(argument.name, language),),
        (words("yes" if argument.required else "no", language),),
        (words(f"kind.{argument.kind.name}", language),),
    )


def _codes(function: Function, language: str) -> Iterable[Block]:
    for argument in function.arguments:
        group = argument.kind.codes
        if group in _IN_THE_HELP:
            continue
        if group in ON_THE_INDEX:
            lead = words("codes_elsewhere", language, argument=argument.name)
            yield Paragraph((f"{lead} ", Link("", words(f"codes.{group}", language), group.lower())))
        elif group:
            yield Heading(f"{words('codes', language)} {argument.name}")
            yield code_table(group, language)


def code_table(group: str, language: str) -> Table:
    """Every code of a group, its name, and what else may be typed for it in that language."""
    rows = []
    for code in codes(group):
        name, *others = names(group, code, language)
        rows.append(((Code(code),), (name,), (", ".join(others),)))
    return Table(columns(language, "code", "name", "also"), tuple(rows))


# --- examples, errors, related functions ---------------------------------------------------------------------------


def _examples(function: Function, language: str) -> Iterable[Block]:
    worked = examples(function, language)
    for number, one in enumerate(worked, start=1):
        counted = f" {number}" if len(worked) > 1 else ""
        yield Heading(f"{words('example', language)}{counted}")
        yield from example(function, one, language)


def _errors(function: Function, language: str) -> Iterable[Block]:
    found = refusals(function)
    if found:
        rows = tuple(
            (_changed(refusal.change, language), (Code(refusal.code),), (refusal.reason.message(language),))
            for refusal in found
        )
        yield Table(columns(language, "given", "error", "message"), rows)
    general = words("errors_general", language)
    yield Paragraph((f"{general} ", Link("", words("errors_heading", language), "errors"), "."))


def _changed(change: Change, language: str) -> Line:
    """``start = "2023-03-26T02:30"``."""
    line: list[Inline] = []
    for name, value in change.items():
        if value is None:
            continue
        cells = [cell for row in value for cell in row] if isinstance(value, list) else [value]
        given = f"{typed.SEPARATORS[language]} ".join(typed.argument(cell, language) for cell in cells)
        line += [*([", "] if line else []), Code(f"{name} = {given}")]
    return tuple(line)


def _related(function: Function, language: str) -> Iterable[Line]:
    for other in FUNCTIONS.values():
        if other.category == function.category and other.name != function.name:
            yield (Link(other.name, other.name), f" – {words(f'term.{other.name}', language)}")
