"""A page as data, before anything decides how it looks: Markdown, HTML or the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Code(NamedTuple):
    """What people type or see literally: a code, a formula, the name of an argument."""

    text: str


class Link(NamedTuple):
    """A link to another page of the same language; the page ``""`` is the index."""

    page: str
    text: str
    anchor: str = ""


Inline = str | Code | Link
Line = tuple[Inline, ...]


class Heading(NamedTuple):
    """A heading below the title, with a name to link to where there is one."""

    text: str
    anchor: str = ""


class Paragraph(NamedTuple):
    """A line of running text."""

    line: Line


class Formula(NamedTuple):
    """A formula on a line of its own."""

    text: str


class Items(NamedTuple):
    """A list with bullets."""

    lines: tuple[Line, ...]


class Table(NamedTuple):
    """Rows under headings; the columns that hold figures are numbered from 0."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    figures: frozenset[int] = frozenset()


Block = Heading | Paragraph | Formula | Items | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A page.

    Attributes:
        name: of the file, without ending; ``""`` for the index.
        title: at its top.
        language: nl, fr, de or en.
        blocks: what it holds, in order.
    """

    name: str
    title: str
    language: str
    blocks: tuple[Block, ...]


def plain(line: Line) -> str:
    """A line as bare text."""
    return "".join(part if isinstance(part, str) else part.text for part in line)
