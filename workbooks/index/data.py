"""The last sheet: what the workbook was made from, by which the command knows it again, and lists to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xlsxwriter.utility import xl_range_abs

from core.codes import codes
from core.formats import label
from core.texts import text
from workbooks.index.layout import FIGURES, FINGERPRINT_NAME, LANGUAGE_NAME, RECORDINGS_NAME, VAT, quoted, sheet_name
from workbooks.index.making import protect
from workbooks.index.model import Row, other_periods
from workbooks.style import Book, Page

_LISTS_ROW = 7


def lists_of(rows: Mapping[str, Sequence[Row]], language: str) -> Mapping[str, list[str]]:
    """What can be chosen: sites, VAT series, the periods of each table that are not listed."""
    found = {
        "site": [label("SITE", site, language) for site in codes("SITE")],
        "series": [label("series", series.value, language) for series in VAT.series],
    }
    periods = {f"{table.name}.period": other_periods(table, rows[table.name]) for table in FIGURES}
    return found | {name: listed for name, listed in periods.items() if listed}


def ranges_of(lists: Mapping[str, Sequence[str]], language: str) -> Mapping[str, str]:
    """Where each list stands."""
    sheet = quoted(sheet_name("data", language))
    return {
        name: f"{sheet}!{xl_range_abs(_LISTS_ROW, at, _LISTS_ROW + len(listed) - 1, at)}"
        for at, (name, listed) in enumerate(lists.items())
    }


def write(
    book: Book, lists: Mapping[str, Sequence[str]], fingerprint: str, recordings: Iterable[str], today: date
) -> None:
    """The whole sheet."""
    language = book.language

    def words(key: str) -> str:
        return text("index", key, language)

    sheet = book.sheet(sheet_name("data", language), Page(), [30, 44, *[14] * (len(lists) - 2)])
    book.merged(sheet, (0, 0, 0, 1), words("data.about"), "wrap", "quiet")
    sheet.set_row(0, 34)
    facts = {
        "language": language,
        "fingerprint": fingerprint,
        "recordings": ", ".join(recordings),
        "made_on": today,
    }
    names = {"language": LANGUAGE_NAME, "fingerprint": FINGERPRINT_NAME, "recordings": RECORDINGS_NAME}
    for row, (key, value) in enumerate(facts.items(), start=1):
        book.text(sheet, row, 0, words(f"data.{key}"), "label")
        book.value(sheet, row, 1, value, *(["date"] if key == "made_on" else ["wrap"]))
        if key in names:
            book.name(names[key], sheet, row, 1)
    book.text(sheet, _LISTS_ROW - 1, 0, words("data.choices"), "heading")
    for at, listed in enumerate(lists.values()):
        for down, value in enumerate(listed):
            book.text(sheet, _LISTS_ROW + down, at, value, "quiet")
    protect(sheet)
