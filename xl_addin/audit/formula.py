"""A formula as a tree, read with openpyxl's tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

PREFIX: Final = "COPRO_"


class NotReadable(Exception):
    """A formula, or a part of one, that is not understood; the part is told."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text, TRUE or FALSE, an error, or nothing (an argument left out)."""

    value: float | str | bool | None
    error: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell, a range, a name or a column of a table, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; operators are functions named by their sign, ``-x`` is ``neg``."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """A constant array: ``{1,2;3,4}``."""

    rows: tuple[tuple[Node, ...], ...]


Node = Constant | Reference | Call | Array

_BINDING: Final = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), 1),
    "&": 2,
    **dict.fromkeys(("+", "-"), 3),
    **dict.fromkeys(("*", "/"), 4),
    "^": 5,
}
_SIGNS: Final = {"-": "neg", "+": "plus"}
_SIGN_BINDING: Final = 6


def calls_us(formula: object) -> bool:
    """Whether a cell's content is a formula that calls one of our functions."""
    if not isinstance(formula, str) or not formula.startswith("=") or PREFIX not in formula.upper():
        return False
    try:
        tokens = Tokenizer(formula).items
    except (TokenizerError, IndexError):
        return True  # to be told as one that is not understood
    return any(token.type == Token.FUNC and function_name(token.value).startswith(PREFIX) for token in tokens)


def looks_elsewhere(content: object) -> bool:
    """Whether a cell's content is a formula of its own: with a function or a reference, not ``=125.82``."""
    if not isinstance(content, str) or not content.startswith("="):
        return False
    try:
        tokens = Tokenizer(content).items
    except (TokenizerError, IndexError):
        return True
    return any(token.type == Token.FUNC or token.subtype == Token.RANGE for token in tokens)


def function_name(written: str) -> str:
    """A function's name without what a file puts before it: ``_xlfn.``, a link to an add-in, a namespace of xlwings."""
    name = written.rstrip("(").lstrip("@").rpartition("!")[2].upper()
    if name.startswith("_XLDUDF_") and PREFIX in name:
        return name[name.rindex(PREFIX) :]
    return name.removeprefix("_XLFN.").removeprefix("_XLWS.")


def parse(formula: str) -> Node:
    """The tree of a formula, which begins with ``=``.

    Raises:
        NotReadable: it is not understood.
    """
    try:
        tokens = [token for token in Tokenizer(formula).items if token.type != Token.WSPACE]
    except (TokenizerError, IndexError):
        raise NotReadable(formula) from None
    parser = _Parser(tokens)
    tree = parser.expression(0)
    if parser.here is not None:
        raise NotReadable(parser.here.value)
    return tree


class _Parser:
    """Operator precedence by recursion; a token is looked at, then taken."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0

    @property
    def here(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> Token:
        token = self.here
        if token is None:
            raise NotReadable("…")
        self.position += 1
        return token

    def expression(self, binding: int) -> Node:
        left = self.operand()
        while (token := self.here) is not None:
            if token.type == Token.OP_POST:
                self.take()
                left = Call("/", (left, Constant(100.0)))
            elif token.type == Token.OP_IN and _BINDING.get(token.value, 0) > binding:
                self.take()
                left = Call(token.value, (left, self.expression(_BINDING[token.value])))
            else:
                break
        return left

    def operand(self) -> Node:
        token = self.take()
        if token.type == Token.OP_PRE:
            return Call(_SIGNS[token.value], (self.expression(_SIGN_BINDING),))
        if token.type == Token.OPERAND:
            return _operand(token)
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return Call(function_name(token.value), self.arguments())
        if token.type == Token.PAREN and token.subtype == Token.OPEN:
            inside = self.expression(0)
            self.close()
            return inside
        if token.type == Token.ARRAY and token.subtype == Token.OPEN:
            return self.array()
        raise NotReadable(token.value)

    def arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while (token := self.here) is not None and token.subtype != Token.CLOSE:
            if token.type == Token.SEP:
                self.take()
                found.append(Constant(None))
                continue
            found.append(self.expression(0))
            if (after := self.here) is not None and after.type == Token.SEP:
                self.take()
                if (last := self.here) is not None and last.subtype == Token.CLOSE:
                    found.append(Constant(None))
        self.close()
        return tuple(found)

    def array(self) -> Array:
        rows: list[list[Node]] = [[]]
        while (token := self.here) is not None and token.type != Token.ARRAY:
            rows[-1].append(self.expression(0))
            if (after := self.here) is not None and after.type == Token.SEP:
                if self.take().subtype == Token.ROW:
                    rows.append([])
            elif after is not None and after.type != Token.ARRAY:
                raise NotReadable(after.value)
        self.close()
        if not all(rows):
            raise NotReadable("{}")
        return Array(tuple(tuple(row) for row in rows))

    def close(self) -> None:
        token = self.take()
        if token.subtype != Token.CLOSE:
            raise NotReadable(token.value)


def _operand(token: Token) -> Node:
    if token.subtype == Token.NUMBER:
        return Constant(float(token.value))
    if token.subtype == Token.TEXT:
        return Constant(token.value[1:-1].replace('""', '"'))
    if token.subtype == Token.LOGICAL:
        return Constant(token.value.upper() == "TRUE")
    if token.subtype == Token.ERROR:
        return Constant(token.value, error=True)
    return Reference(token.value)
