"""A page as plain text, for the terminal."""

from __future__ import annotations

import re
from textwrap import wrap

from xl_addin.reference.document import Block, Document, Formula, Heading, Items, Link, Paragraph, Table, plain

_BETWEEN = "  "


def as_text(page: Document, width: int) -> str:
    """The page in lines of at most ``width`` characters, where words allow."""
    blocks = [f"{page.title}\n{'=' * len(page.title)}", *(_block(block, width) for block in page.blocks)]
    return "\n\n".join(block for block in blocks if block)


def _block(block: Block, width: int) -> str:
    if isinstance(block, Heading):
        return f"{block.text}\n{'-' * len(block.text)}"
    if isinstance(block, Paragraph):
        return "" if isinstance(block.line[0], Link) else _hanging("", plain(block.line), width)
    if isinstance(block, Formula):
        return f"    {block.text}"
    if isinstance(block, Items):
        return "\n".join(_hanging("- ", plain(line), width) for line in block.lines)
    return _aligned(block, width) or _stacked(block, width)


def _hanging(lead: str, words: str, width: int) -> str:
    return "\n".join(wrap(_together(f"{lead}{words}"), width, subsequent_indent=" " * len(lead)))


def _together(words: str) -> str:
    """No line begins with a French colon or semicolon."""
    return re.sub(r" (?=[:;?!])", "\u00a0", words)


def _aligned(table: Table, width: int) -> str:
    """The table in columns; nothing where the lines would be too long."""
    lines = [list(table.headings), *([plain(cell) for cell in row] for row in table.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.headings))]
    if sum(widths) + len(_BETWEEN) * len(widths) > width:
        return ""
    return "\n".join(_columns(line, widths, table.figures) for line in lines)


def _columns(line: list[str], widths: list[int], figures: frozenset[int]) -> str:
    padded = (f"{c:>{w}}" if n in figures else f"{c:<{w}}" for n, (c, w) in enumerate(zip(line, widths, strict=True)))
    return _BETWEEN.join(padded).rstrip()


def _stacked(table: Table, width: int) -> str:
    """The table a row a point, its cells one after another: what they are shows."""
    rows = (" · ".join(filter(None, map(plain, row))) for row in table.rows)
    return "\n".join(_hanging("- ", row, width) for row in rows)
