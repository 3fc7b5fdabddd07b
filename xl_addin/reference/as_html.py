"""A page as HTML that stands alone: no script, nothing from elsewhere, readable by a screen reader."""

from __future__ import annotations

import re
from html import escape

from xl_addin.reference.document import Block, Code, Document, Formula, Heading, Inline, Items, Line, Paragraph, Table

INDEX = "index"
_STYLE = """
body { font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 0 auto;
  max-width: 62rem; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 1.75rem; }
a { color: #0b4f8a; } a:focus { outline: 3px solid #0b4f8a; outline-offset: 2px; }
code, pre { font-family: Consolas, "DejaVu Sans Mono", monospace; font-size: .95em; }
pre { background: #f3f5f7; border-left: 4px solid #0b4f8a; padding: .6rem .8rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.table { overflow-x: auto; } table { border-collapse: collapse; }
th, td { border: 1px solid #c3c9cf; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: #e8edf2; } td code { white-space: nowrap; } .figure { text-align: right; white-space: nowrap; }
"""


_SIGN = re.compile(r"(?<=\d) (?=[€%])|(?<=€) (?=\d)")
"""Between a figure and its sign, where no line may end."""


def html(page: Document) -> str:
    """The page as one file."""
    title = escape(page.title)
    body = "\n".join(_block(block) for block in page.blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
        return f"<h2{anchor}>{escape(block.text)}</h2>"
    if isinstance(block, Paragraph):
        return f"<p>{_line(block.line)}</p>"
    if isinstance(block, Formula):
        return f"<pre><code>{escape(block.text)}</code></pre>"
    if isinstance(block, Items):
        items = "".join(f"<li>{_line(line)}</li>\n" for line in block.lines)
        return f"<ul>\n{items}</ul>"
    return _table(block)


def _table(table: Table) -> str:
    """A table whose columns have headings a screen reader can announce; one wider than the page scrolls by itself."""
    headings = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
    rows = "\n".join(_row(row, table.figures) for row in table.rows)
    return f'<div class="table"><table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


def _row(row: tuple[Line, ...], figures: frozenset[int]) -> str:
    marks = (' class="figure"' if column in figures else "" for column in range(len(row)))
    cells = (f"<td{mark}>{_line(cell)}</td>" for mark, cell in zip(marks, row, strict=True))
    return f"<tr>{''.join(cells)}</tr>"


def _line(line: Line) -> str:
    return "".join(_inline(part) for part in line)


def _inline(part: Inline) -> str:
    if isinstance(part, str):
        return escape(_SIGN.sub("\u00a0", part))
    if isinstance(part, Code):
        return f"<code>{escape(part.text)}</code>"
    anchor = f"#{part.anchor}" if part.anchor else ""
    return f'<a href="{escape(part.page or INDEX)}.html{anchor}">{escape(part.text)}</a>'
