"""What the sources say, for tests that compare them with the data: literals, f-strings, calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "xl_addin", "workbooks")
TEXTS = ROOT / "core" / "data" / "texts"


class Named(NamedTuple):
    """A call whose texts can be checked: where it stands, whom it calls, its literal arguments and keywords."""

    place: str
    function: str
    arguments: tuple[ast.expr, ...]
    keywords: frozenset[str]
    unpacks: bool


@cache
def trees() -> Mapping[str, ast.Module]:
    """Every module of the project, parsed."""
    files = (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text("utf-8")) for file in files}


def nodes(kind: type[ast.AST]) -> Iterator[ast.AST]:
    """Every node of a kind in every module."""
    for tree in trees().values():
        yield from (node for node in ast.walk(tree) if isinstance(node, kind))


@cache
def literals() -> frozenset[str]:
    """Every text written out in the sources, docstrings left out."""
    docstrings = {id(node.value) for node in nodes(ast.Expr) if isinstance(node, ast.Expr)}
    found = (node for node in nodes(ast.Constant) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return frozenset(node.value for node in found if isinstance(node.value, str))


def pattern(joined: ast.JoinedStr) -> str:
    """An f-string as a regular expression: anything where a value goes in."""
    parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in joined.values)
    return "".join(parts)


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Every f-string of the sources that holds a word, as a pattern."""
    joined = {pattern(node) for node in nodes(ast.JoinedStr) if isinstance(node, ast.JoinedStr)}
    return tuple(re.compile(text) for text in sorted(joined) if re.search(r"[a-z]{3}", text))


def used(key: str) -> bool:
    """Whether a key stands in the sources, or can be put together by one of their f-strings."""
    return key in literals() or any(found.fullmatch(key) for found in patterns())


@cache
def calls() -> tuple[Named, ...]:
    """Every call of a function or class by its name."""
    found = []
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            keywords = frozenset(k.arg for k in node.keywords if k.arg is not None)
            unpacks = any(k.arg is None for k in node.keywords)
            found.append(Named(f"{file}:{node.lineno}", name, tuple(node.args), keywords, unpacks))
    return tuple(found)


@cache
def error_topics() -> Mapping[str, str]:
    """Every class of error with the topic its texts stand in."""
    topics = {"CoproError": "errors"}
    classes = [node for node in nodes(ast.ClassDef) if isinstance(node, ast.ClassDef)]
    for _ in classes:
        for node in classes:
            bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in topics]
            if bases and node.name not in topics:
                topics[node.name] = _own_topic(node) or topics[bases[0]]
    return topics


def _own_topic(node: ast.ClassDef) -> str:
    """The topic a class of error names: ``texts = "cli"``, or ``text("calc", …)`` in its own ``message``."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and getattr(part.targets[0], "id", "") == "texts":
            return str(ast.literal_eval(part.value))
        if (
            isinstance(part, ast.Call)
            and getattr(part.func, "id", "") == "text"
            and isinstance(part.args[0], ast.Constant)
        ):
            return str(part.args[0].value)
    return ""
