"""The index of a language: every function by group, how to read the formulas, and what holds for all of them."""

from __future__ import annotations

from core.codes import codes
from core.topics import groups
from xl_addin.catalogue import FUNCTIONS, Function
from xl_addin.reference.document import Block, Code, Document, Heading, Items, Line, Link, Paragraph, Table
from xl_addin.reference.function_page import ON_THE_INDEX, code_table
from xl_addin.reference.words import columns, words

ERRORS = ("#VALUE!", "#NUM!", "#N/A")


def index_page(language: str) -> Document:
    """Functions, formulas, errors, and the codes many functions share."""
    blocks: list[Block] = [
        Paragraph((words("intro", language),)),
        *_functions(language),
        Heading(words("how", language), "formulas"),
        Items(_how(language)),
        Heading(words("errors_heading", language), "errors"),
        Table(columns(language, "error", "when"), tuple(_error(code, language) for code in ERRORS)),
        Paragraph((words("error_passed", language),)),
        Paragraph((f"{words('errors_why', language)} ", Link("COPRO_EXPLAIN", "COPRO_EXPLAIN"), ".")),
    ]
    for group in ON_THE_INDEX:
        blocks += [Heading(words(f"codes.{group}", language), group.lower()), _with_other_names(group, language)]
    return Document("", words("title", language), language, tuple(blocks))


def _functions(language: str) -> list[Block]:
    by_category: dict[str, list[Function]] = {}
    for function in FUNCTIONS.values():
        by_category.setdefault(function.category, []).append(function)
    blocks: list[Block] = []
    for category, functions in by_category.items():
        rows = tuple(_row(function, language) for function in functions)
        blocks += [
            Heading(words(f"category.{category}", language), category),
            Table(columns(language, "function", "term", "article"), rows),
        ]
    return blocks


def _row(function: Function, language: str) -> tuple[Line, ...]:
    term = words(f"term.{function.name}", language)
    return (Link(function.name, function.name),), (term,), (function.article,)


def _how(language: str) -> tuple[Line, ...]:
    keys = ("how_separator", "how_dates", "how_optional", "how_ranges", "how_amounts", "how_codes")
    return tuple((words(key, language),) for key in keys)


def _error(code: str, language: str) -> tuple[Line, ...]:
    return (Code(code),), (words(f"error.{code}", language),)


def _with_other_names(group: str, language: str) -> Table:
    """The codes of a group with the names of no one language as well."""
    table = code_table(group, language)
    rows = [
        (*row[:2], (", ".join(filter(None, [str(row[2][0]), *groups()[group][code].get("also", ())])),))
        for code, row in zip(codes(group), table.rows, strict=True)
    ]
    return Table(table.headings, tuple(rows))
