"""A page as Markdown, for docs/functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xl_addin.reference.document import Block, Code, Document, Formula, Heading, Inline, Items, Line, Paragraph

INDEX = "README"
_MARKS = re.compile(r"([\\`*<>|\[\]])")


def markdown(page: Document) -> str:
    """The page, ending in a newline."""
    blocks = [f"# {_escaped(page.title)}", *(_block(block) for block in page.blocks)]
    return "\n\n".join(blocks) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        anchor = f'<a id="{block.anchor}"></a>\n\n' if block.anchor else ""
        return f"{anchor}## {_escaped(block.text)}"
    if isinstance(block, Paragraph):
        return _line(block.line)
    if isinstance(block, Formula):
        return f"```text\n{block.text}\n```"
    if isinstance(block, Items):
        return "\n".join(f"- {_line(line)}" for line in block.lines)
    marks = ["---:" if column in block.figures else "---" for column in range(len(block.headings))]
    rows = [
        [_escaped(heading) for heading in block.headings],
        marks,
        *([_line(cell) for cell in r] for r in block.rows),
    ]
    return "\n".join(_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _line(line: Line) -> str:
    return "".join(_inline(part) for part in line)


def _inline(part: Inline) -> str:
    if isinstance(part, str):
        return _escaped(part)
    if isinstance(part, Code):
        return f"`{part.text}`"
    anchor = f"#{part.anchor}" if part.anchor else ""
    return f"[{_escaped(part.text)}]({part.page or INDEX}.md{anchor})"


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
