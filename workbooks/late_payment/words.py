"""The hidden sheet behind the others: every text a customer reads, in four languages, and what is known once for all.

The statement and the letter take their texts from the column of the language of the customer who is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from core.formats import euro, label, number
from core.policies import known_policies
from core.tariff import Tariff
from core.texts import text
from core.topics import LANGUAGES
from core.vocabulary import Status
from workbooks.late_payment.accounts import Account, Receivables, column
from workbooks.late_payment.formulas import found
from workbooks.late_payment.layout import BUCKETS, Layout
from workbooks.style import Book, Sheet
from xl_addin.cells import Cell, serial
from xl_addin.evaluate import call

CURRENT: Final = 1 + len(LANGUAGES)
"""The column of the texts in the customer's language."""
PLAIN: Final = (
    *("title", "customer", "vat_number", "reference", "as_of", "page", "page_of", "number", "invoice_date", "due_date"),
    *("amount", "payments", "principal", "days_late", "interest", "notice", "lump_sum", "total", "totals"),
    *("late_total", "not_due_total", "all_total", "later_total", "nothing_open", "example", "provisional"),
    *(
        "ground",
        "rate_statutory",
        "rate_late",
        "pay",
        "date_pattern",
        "letter_none",
        "letter_subject",
        "letter_reference",
    ),
    *("letter_greeting", "letter_opening", "letter_further", "letter_sum", "letter_ask", "letter_rate"),
    *("letter_dispute", "letter_closing"),
)
"""Texts as they stand in the data; further ones have the terms of the regulation in them."""
SUMS: Final = ("amount", "payments", "principal", "interest", "lump_sum", "total")
LATE_SUMS: Final = ("principal", "interest", "lump_sum", "total")
RATE_PERIODS: Final = 8
"""Half-years looked at for rates that are not official, back from the day."""
_SOURCE: Final = 6
"""The column of the source in ``COPRO_EXPLAIN``."""


def law_of(tariff: Tariff) -> str:
    """The law whose rate is the statutory one.

    Raises:
        NotAvailable: the installation's settings of policies are refused.
    """
    return tariff.policies["interest.law"]


def terms(tariff: Tariff, language: str) -> Mapping[str, str]:
    """Art. 2.3.2 in our words, with the figures and the readings that hold.

    Raises:
        NotAvailable: the installation's settings of policies are refused.
    """

    def reading(policy: str) -> str:
        return known_policies()[policy].settings[tariff.policies[policy]][language]

    payment = tariff.payment
    return {
        "ground_term": text("late_payment", "ground_term", language, days=payment.term_days),
        "ground_interest": text(
            "late_payment",
            "ground_interest",
            language,
            law=label("LAW", law_of(tariff), language),
            margin=number(payment.interest_margin, language),
            day_count=reading("interest.day_count"),
        ),
        "ground_lump_sum": text(
            "late_payment",
            "ground_lump_sum",
            language,
            days=payment.notice_days,
            percent=number(payment.lump_sum_percent, language),
            minimum=euro(payment.lump_sum_minimum, language),
        ),
        "ground_readings": f"{reading('payments.order')} {reading('due_date.weekend')}",
    }


def _spelling(language: str) -> Mapping[str, str]:
    """How amounts are written."""
    before, after = euro(0, language).split(number(0, language, 2))
    thousand = number(1000, language, 1)
    return {"money_before": before, "money_after": after, "group": thousand[1], "point": thousand[5]}


def customer_words(tariff: Tariff, language: str, made_with: Mapping[str, str]) -> Mapping[str, str]:
    """Every text a customer reads, by its key."""
    plain = {key: text("late_payment", key, language) for key in PLAIN}
    return {
        **plain,
        **terms(tariff, language),
        **_spelling(language),
        "regulation": tariff.general.title[language],
        "made_with": made_with[language],
    }


def _made_with(data: Receivables) -> Mapping[str, str]:
    """When and on what data the workbook was written."""
    day, fingerprint = data.session.today(), data.session.rulebook.fingerprint
    return {
        language: text("tariff_card", "made_with", language, day=day, fingerprint=fingerprint) for language in LANGUAGES
    }


class Words:
    """Where the texts and the shared figures stand, and what they say."""

    def __init__(self, layout: Layout, data: Receivables, tariff: Tariff) -> None:
        self.layout = layout
        self.data = data
        self.law = law_of(tariff)
        self.texts: Mapping[str, Mapping[str, str]] = {
            language: customer_words(tariff, language, _made_with(data)) for language in LANGUAGES
        }
        self._keys = list(self.texts["en"])
        self._state = list(self._states())
        self._rows = {key: row for row, (key, *_) in enumerate(self._state, start=len(self._keys) + 2)}

    def said(self, key: str) -> str:
        """A text in the customer's language."""
        return self.texts[self.data.their_language][key]

    def word(self, key: str) -> str:
        """The cell with it."""
        return self.layout.place("words", self._keys.index(key) + 1, CURRENT)

    def state(self, key: str) -> str:
        """The cell of a figure."""
        return self.layout.place("words", self._rows[key], 1)

    def value(self, key: str) -> Cell:
        """What it says."""
        return next(value for name, _, value in self._state if name == key)

    @property
    def languages(self) -> str:
        """The codes of the languages."""
        return f"{self.layout.place('words', 0, 1)}:{self.layout.place('words', 0, len(LANGUAGES)).rpartition('!')[2]}"

    @property
    def buckets(self) -> str:
        """The names of the buckets."""
        return f"{self.state('bucket_1')}:{self.state(f'bucket_{BUCKETS}').rpartition('!')[2]}"

    # --- figures ---------------------------------------------------------------------------------------------------

    def _states(self) -> Iterator[tuple[str, str, Cell]]:
        """Each figure: its key, its formula (or nothing, for what is fixed), its value."""
        yield from self._choice()
        yield from self._faults()
        invoices, data = self.layout.invoice_table, self.data
        for place, late in (("listed", False), ("overdue", True)):
            yield place, f"=MAX({invoices.whole(place)})", len(data.of_chosen(late=late))
        for sums, place, late in ((SUMS, "listed", False), (LATE_SUMS, "overdue", True)):
            for key in sums:
                area = f'SUMIFS({invoices.whole(key)},{invoices.whole(place)},">0")'
                value = data.total(column_of(data.of_chosen(late=late), key))
                yield f"{place}_{key}", self._sum(area), value
        later = f"SUMIF({invoices.whole('customer_no')},{{chosen_no}},{invoices.whole('later')})"
        theirs = [one.later for one in data.accounts if one.customer == 1]
        yield "later", self._sum(later), data.total(theirs)
        for bucket in range(1, BUCKETS + 1):
            yield f"bucket_{bucket}", "", text("late_payment", f"bucket_{bucket}", data.language)

    @staticmethod
    def _sum(area: str) -> str:
        return f"=IF({{wrong}}>0,#N/A,IF({{chosen_no}}=0,0,ROUND({area},2)))"

    def _choice(self) -> Iterator[tuple[str, str, Cell]]:
        """The customer who is chosen, and the language."""
        data, customers = self.data, self.layout.customer_table
        home = LANGUAGES.index(data.language) + 1
        theirs = LANGUAGES.index(data.their_language) + 1
        yield "home_no", "", home
        yield "chosen_no", found(customers, self.layout.chosen), 1 if data.customers else 0
        match = f"MATCH(INDEX({customers.whole('language')},{{chosen_no}}),{self.languages},0)"
        yield "language_no", f"=IF({{chosen_no}}=0,{{home_no}},IFERROR({match},{{home_no}}))", theirs

    def _faults(self) -> Iterator[tuple[str, str, Cell]]:
        """How many rows are wrong, on each sheet and together."""
        wrong = {
            "customers": 0,
            "invoices": sum(bool(account.check) for account in self.data.accounts),
            "payments": sum(bool(fault) for *_, fault in self.data.payments),
        }
        for name, table in self.layout.tables.items():
            yield f"wrong_{name}", f"=COUNT({table.whole('counter')})", wrong[name]
        yield "wrong", "={wrong_customers}+{wrong_invoices}+{wrong_payments}", self.data.wrong

    # --- the sheet -------------------------------------------------------------------------------------------------

    def write(self, book: Book, sheet: Sheet) -> None:
        """Everything on it."""
        book.text(sheet, 0, 0, "")
        for position, language in enumerate(LANGUAGES, 1):
            book.text(sheet, 0, position, language, "bold")
        for row, key in enumerate(self._keys, 1):
            book.text(sheet, row, 0, key, "note")
            for position, language in enumerate(LANGUAGES, 1):
                book.text(sheet, row, position, self.texts[language][key])
            first, last = (
                xl_rowcol_to_cell(row, position, row_abs=True, col_abs=True) for position in (1, len(LANGUAGES))
            )
            formula = f'=INDEX({first}:{last},1,{self.state("language_no")})&""'
            book.formula(sheet, row, CURRENT, formula, self.said(key))
        places = {key: f"$B${row + 1}" for key, row in self._rows.items()}
        for key, formula, value in self._state:
            book.text(sheet, self._rows[key], 0, key, "note")
            if formula:
                book.formula(sheet, self._rows[key], 1, _placed(formula, places), value)
            else:
                book.value(sheet, self._rows[key], 1, value)
        self._rates(book, sheet)
        book.protect(sheet)
        sheet.hide()

    # --- rates that are not official -------------------------------------------------------------------------------

    @property
    def _first_rate(self) -> int:
        return len(self._keys) + 2 + len(self._state) + 1

    def uncertain(self, status: Status) -> tuple[str, bool]:
        """Whether a rate of a day that bears interest is of this status: as a condition, and as it is now."""
        sources = f"{self.layout.place('words', self._first_rate, 3)}:$D${self._first_rate + RATE_PERIODS}"
        word = text("labels", f"status.{status}", self.data.language)
        told = any(word in str(source) for *_, source in self._periods())
        return f'SUMPRODUCT(--ISNUMBER(SEARCH("{word}",{sources})))>0', told

    def _periods(self) -> Iterator[tuple[date, date | None, Cell]]:
        """The half-years back from the day: first day, the day whose rate is looked at, and where that comes from."""
        since = [one.figure(1) for one in self.data.accounts if one.days > 0]
        earliest = min((day for day in since if isinstance(day, date)), default=None)
        year, first_half = self.data.as_of.year, self.data.as_of.month <= 6
        last = self.data.as_of
        for _ in range(RATE_PERIODS):
            first = date(year, 1 if first_half else 7, 1)
            used = last if earliest and last > earliest else None
            yield first, used, self._source(used) if used else ""
            last = date.fromordinal(first.toordinal() - 1)
            year, first_half = last.year, not first_half

    def _source(self, day: date) -> Cell:
        rows = call("COPRO_EXPLAIN", [f"{self.data.language}:COPRO_LATE_RATE", serial(day)], self.data.session)
        assert isinstance(rows, list)
        return rows[0][_SOURCE - 1] or ""

    def _rates(self, book: Book, sheet: Sheet) -> None:
        since = f"MIN({self.layout.invoice_table.whole('late_since')})"
        for row, (first, used, source) in enumerate(self._periods(), self._first_rate):
            here, above = row + 1, row
            if row == self._first_rate:
                day = self.layout.as_of
                starts = f"=DATE(YEAR({day}),IF(MONTH({day})>6,7,1),1)"
                last = day
            else:
                starts = f"=DATE(YEAR($B${above}),MONTH($B${above})-6,1)"
                last = f"$B${above}-1"
            book.formula(sheet, row, 1, starts, first, "date")
            looked_at = f'=IF({since}=0,"",IF({last}>{since},{last},""))'
            book.formula(sheet, row, 2, looked_at, used, "date")
            explain = f'COPRO_EXPLAIN("{self.data.language}:COPRO_LATE_RATE",$C${here})'
            book.formula(sheet, row, 3, f'=IF($C${here}="","",INDEX({explain},1,{_SOURCE}))', source)


def _placed(formula: str, places: Mapping[str, str]) -> str:
    """A formula with the cells of the figures it names."""
    for name, place in places.items():
        formula = formula.replace(f"{{{name}}}", place)
    return formula


def column_of(accounts: Sequence[Account], key: str) -> list[Cell]:
    """A column of amounts, as the table of invoices shows it."""
    if key == "amount":
        return [float(account.invoice.amount) for account in accounts]
    if key == "payments":
        return [account.paid for account in accounts]
    return list(column(accounts, FIGURES[key]))


FIGURES: Final = {"due_date": 1, "days_late": 2, "principal": 3, "interest": 4, "lump_sum": 5, "total": 6}
"""The row of ``COPRO_LATE_CLAIM`` of each figure."""
