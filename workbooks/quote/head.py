"""The top of the first sheet: title, warnings, the head of the quote, the customer, the totals at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import zip_longest

from core.texts import text
from core.vocabulary import Status
from workbooks.quote import formulas, layout
from workbooks.quote.layout import HEAD, HEAD_FIRST, VALUES, head_cell, label, labels
from workbooks.quote.making import Front
from workbooks.quote.pricing import euro, tariff_of
from workbooks.quote.totals import total_cells
from workbooks.style import lines_high

_LINE = 18
"""The height of a row that holds one line, in points."""
_TITLE_END = 5
"""The last column of the title; the regulation's name has the rest."""


def write(front: Front) -> None:
    """Everything above the lines."""
    _title(front)
    _banners(front)
    _head(front)
    _customer(front)
    _heights(front)
    _box(front)


def _title(front: Front) -> None:
    heading, year_word = front.words("title.quote"), front.words("tariff_year_of")
    number = front.priced.quote.number if front.priced else ""
    front.sheet.set_row(0, 34)
    formula = f'=TRIM("{heading} "&{head_cell("number")})'
    front.spread((0, 0, 0, _TITLE_END), formula, f"{heading} {number}".strip(), "title", "middle", "shrink")
    known = formulas.regulation(front.references.regulation_table, 2, head_cell("regulation"))
    years = head_cell("tariff_year")
    formula = f'={known}&IF({years}="","",", {year_word} "&{years})'
    value = f"{front.priced.title}, {year_word} {_years(front)}" if front.priced else _general_title(front)
    area = (0, _TITLE_END + 1, 0, front.table.last_column)
    front.spread(area, formula, value, "subtitle", "right", "middle", "shrink")


def _general_title(front: Front) -> str:
    tariff = tariff_of(front.making.session, None, front.making.day)
    return tariff.general.title[front.making.language]


def _years(front: Front) -> str:
    if not front.priced:
        return ""
    years = [line.line.day.year for line in front.priced.lines]
    return str(years[0]) if min(years) == max(years) else f"{min(years)}–{max(years)}"


# --- warnings --------------------------------------------------------------------------------------------------------


def _banners(front: Front) -> None:
    """Two rows that stay empty unless there is something to warn of."""
    references = front.references
    changed = formulas.data_changed(
        references.stored, references.installed, front.words("data.no_functions"), front.words("banner.data")
    )
    for row, (formula, value) in enumerate(((changed, ""), _line_banner(front)), 1):
        area = (row, 0, row, front.table.last_column)
        front.sheet.set_row(row, 16)
        front.spread(area, formula, value, "bold", "middle", "indent")
        front.warn(area)
    front.sheet.set_row(HEAD_FIRST - 1, 8)


def _line_banner(front: Front) -> tuple[str, str]:
    """The warning about lines without a price and figures that are not official: formula and value."""
    sheet = layout.sheet_name("explanation", front.making.language)
    key = "banner.errors" if front.priced else "banner.errors_open"
    told = front.words(key, count="{count}", sheet=sheet)
    parts, values = [formulas.failures_told(front.table, told)], []
    if front.priced and front.priced.failed:
        values.append(told.format(count=len(front.priced.failed)))
    for kind in (Status.EXAMPLE, Status.PROVISIONAL):
        warning = front.words(f"banner.{kind}")
        parts.append(f'IF({_uses(front, kind)},{formulas.text_of(warning)},"")')
        if front.priced and kind in front.priced.statuses:
            values.append(warning)
    spaced = '&" "&'.join(parts)
    return f"=TRIM({spaced})", " ".join(values)


def _uses(front: Front, kind: Status) -> str:
    """Whether the regulation, or a figure of the explanation, is of this kind."""
    known = formulas.regulation(front.references.regulation_table, 3, '""')
    chosen = f"{known}={formulas.text_of(front.words(f'status.{kind}'))}"
    if not front.references.sources:
        return chosen
    word = text("labels", f"status.{kind}", front.making.language)
    return f"OR({chosen},{formulas.mentions(word, front.references.sources)}>0)"


# --- head and customer -----------------------------------------------------------------------------------------------


def _head(front: Front) -> None:
    values = _head_values(front)
    for position, key in enumerate(HEAD):
        row = HEAD_FIRST + position
        front.book.merged(front.sheet, (row, 0, row, 1), front.words(f"head.{key}"), "label", "middle")
        if key in values:
            style = "date" if key in ("date", "valid_until") else "left"
            front.book.value(front.sheet, row, VALUES, values[key], style, "input", "middle", "wrap")
            front.book.name(layout.defined_name(key), front.sheet, row, VALUES)
    years, rate = (HEAD_FIRST + HEAD.index(key) for key in ("tariff_year", "vat_rate"))
    front.book.formula(front.sheet, years, VALUES, formulas.tariff_years(front.table), _years(front), "left", "middle")
    known = front.priced.vat_rate if front.priced else ""
    front.book.formula(front.sheet, rate, VALUES, formulas.vat_rate(front.table), known, "percent", "left", "middle")
    for key, source in (
        ("regulation", front.references.regulations),
        ("site", front.references.sites),
        ("vat", labels("CUSTOMER", front.making.language)),
    ):
        row = HEAD_FIRST + HEAD.index(key)
        front.choose((row, VALUES, row, VALUES), source)


def _head_values(front: Front) -> Mapping[str, str | date | None]:
    language, quote = front.making.language, front.making.quote
    if quote is None:
        usual = label("SITE", front.making.session.site, language)
        nothing = dict.fromkeys(("number", "date", "valid_until", "regulation"))
        return {**nothing, "site": usual, "vat": label("CUSTOMER", "BE", language)}
    return {
        "number": quote.number,
        "date": quote.date,
        "valid_until": quote.valid_until,
        "regulation": quote.regulation,
        "site": label("SITE", quote.site or front.making.session.site, language),
        "vat": label("CUSTOMER", quote.vat, language),
    }


def _customer(front: Front) -> None:
    first, last = layout.CUSTOMER_VALUES, front.table.column("day_type") - 1
    values = _customer_values(front)
    for position, key in enumerate(layout.CUSTOMER):
        row = HEAD_FIRST + position
        told = "" if key in layout.CUSTOMER[2:5] else key.removesuffix("_1")
        front.book.text(
            front.sheet, row, layout.CUSTOMER_LABELS, front.words(f"customer.{told}") if told else "", "label", "middle"
        )
        strong = ("bold",) if key == "name" else ()
        front.book.merged(
            front.sheet, (row, first, row, last), values.get(key) or "", "left", "input", "middle", "wrap", *strong
        )
        front.book.name(layout.defined_name(key, customer=True), front.sheet, row, first)


def _heights(front: Front) -> None:
    """Rows high enough for what is long."""
    values, customer = _head_values(front), _customer_values(front)
    columns = front.table.columns
    first, last = layout.CUSTOMER_VALUES, front.table.column("day_type")
    room = sum(column.width for column in columns[first:last])
    for row, (key, theirs) in enumerate(zip_longest(HEAD, layout.CUSTOMER, fillvalue=""), HEAD_FIRST):
        said = str(values.get(key) or "")
        height = max(lines_high(said, columns[VALUES].width), lines_high(customer.get(theirs) or "", room))
        if height > _LINE:
            front.sheet.set_row(row, height)


def _customer_values(front: Front) -> Mapping[str, str | None]:
    if front.making.quote is None:
        return {}
    customer = front.making.quote.customer
    address = {f"address_{number}": line for number, line in enumerate(customer.address, 1)}
    return {"name": customer.name, **address, "vat_number": customer.vat_number, "reference": customer.reference}


def _box(front: Front) -> None:
    """The totals at a glance, at the top right."""
    first, split, last = front.table.column("unit"), front.table.column("amount") + 1, front.table.last_column
    net, vat, gross = total_cells(front.table, front.table.grand_total)
    total = front.priced.total if front.priced else None
    row = HEAD_FIRST
    front.book.merged(
        front.sheet, (row, first, row, last), front.words("box.gross"), "label", "band", "inset", "middle"
    )
    area = (row + 1, first, row + 2, last)
    front.spread(area, f"={gross}", euro(total.gross) if total else 0.0, "amount", "band", "large", "inset", "middle")
    for down, key, cell, cents in ((3, "net", net, total and total.net), (4, "vat", vat, total and total.vat)):
        names = ("label", "band", "right", "middle")
        front.book.merged(front.sheet, (row + down, first, row + down, split - 1), front.words(f"box.{key}"), *names)
        area = (row + down, split, row + down, last)
        front.spread(area, f"={cell}", euro(cents or 0), "amount", "band", "inset", "middle")
