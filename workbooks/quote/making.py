"""A quote workbook in the making, as its sheets see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.texts import text
from workbooks.quote.layout import Layout
from workbooks.quote.model import Quote
from workbooks.quote.pricing import PricedQuote
from workbooks.style import Book, Sheet
from xl_addin.evaluate import Answer
from xl_addin.session import Session

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


@dataclass(frozen=True)
class Making:
    """A priced quote on its way into a workbook, or an empty workbook (``priced`` is ``None``)."""

    book: Book
    session: Session
    layout: Layout
    priced: PricedQuote | None

    @property
    def quote(self) -> Quote | None:
        """What is quoted."""
        return self.priced.quote if self.priced else None

    @property
    def day(self) -> date:
        """The day of the last line; today for an empty workbook."""
        return self.priced.last_day if self.priced else self.session.today()

    @property
    def language(self) -> str:
        """Of the workbook."""
        return self.layout.language

    def words(self, key: str, **details: object) -> str:
        """A text of the workbook."""
        return text("quote", key, self.language, **details)


@dataclass(frozen=True, slots=True)
class References:
    """What the first sheet refers to on the others.

    Attributes:
        kinds, articles, payees: ranges: what can be quoted, which article prices it, who is paid.
        regulations, sites: ranges to choose from; the general regulation comes first.
        regulation_table: range: id, title, status, source.
        stored, installed: cells with the fingerprint of the data, when written and now.
        sources: range of the sources in the explanation; empty when there is none.
    """

    kinds: str
    articles: str
    payees: str
    regulations: str
    regulation_table: str
    stored: str
    installed: str
    sites: str
    sources: str


@dataclass(frozen=True)
class Front:
    """The first sheet in the making."""

    making: Making
    sheet: Sheet
    references: References

    @property
    def book(self) -> Book:
        """The workbook."""
        return self.making.book

    @property
    def table(self) -> Layout:
        """Where everything stands."""
        return self.making.layout

    @property
    def priced(self) -> PricedQuote | None:
        """The quote with its prices; ``None`` in an empty workbook."""
        return self.making.priced

    def words(self, key: str, **details: object) -> str:
        """A text of the workbook."""
        return self.making.words(key, **details)

    def spread(self, area: Area, formula: str, value: Answer, *names: str) -> None:
        """A formula over several cells."""
        self.sheet.merge_range(*area, "", self.book.style(*names))
        self.book.formula(self.sheet, area[0], area[1], formula, value, *names)

    def warn(self, area: Area) -> None:
        """Colours an area while its first cell says something."""
        filled = {"type": "formula", "criteria": f'=${chr(65 + area[1])}${area[0] + 1}<>""'}
        self.sheet.conditional_format(*area, {**filled, "format": self.book.style("warning")})

    def choose(self, area: Area, source: Sequence[str] | str) -> None:
        """A drop-down list: of names, or of the cells of a range."""
        listed = f"={source}" if isinstance(source, str) else list(source)
        told = {"error_title": self.words("list.title"), "error_message": self.words("list.message")}
        self.sheet.data_validation(*area, {"validate": "list", "source": listed, **told})

    def check(self, area: Area, rule: str, key: str, **details: object) -> None:
        """Refuses a number for which the rule (a formula about the first cell) does not hold."""
        told = {"error_title": self.words("number.title"), "error_message": self.words(key, **details)}
        self.sheet.data_validation(*area, {"validate": "custom", "value": rule, **told})
