"""A quote workbook in the making, as its sheets see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.utility import xl_rowcol_to_cell

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
    """What the sheets refer to on that with the rules and data, and on the explanation.

    Attributes:
        kinds, articles, payees: ranges: what can be quoted, which article prices it, who is paid.
        regulations, sites: ranges to choose from; the general regulation comes first.
        regulation_table: range: id, title, status, source.
        stored, installed: cells with the fingerprint of the data, when written and now.
        last_year: cell with the last year for which rates are recorded.
        sources: range of the sources in the explanation; empty when there is none.
        reasons: cells with the reason why a line has no price, by the number of the line.
    """

    kinds: str
    articles: str
    payees: str
    regulations: str
    regulation_table: str
    stored: str
    installed: str
    sites: str
    last_year: str
    sources: str
    reasons: Mapping[int, str]


@dataclass(frozen=True)
class Canvas:
    """A sheet in the making."""

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
        first = xl_rowcol_to_cell(area[0], area[1], row_abs=True, col_abs=True)
        filled = {"type": "formula", "criteria": f'={first}<>""'}
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
