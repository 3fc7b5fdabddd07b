"""The top of the sheet of lines: title, warnings, the head of the quote, the customer, the totals at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import zip_longest

from core.texts import text
from core.vocabulary import Status
from workbooks.quote import formulas, layout
from workbooks.quote.layout import HEAD, HEAD_FIRST, TITLE_END, VALUES, head_cell, label, labels
from workbooks.quote.making import Canvas
from workbooks.quote.pricing import euro, tariff_of
from workbooks.quote.totals import total_cells
from workbooks.style import lines_high

_LINE = 18
"""The height of a row that holds one line, in points."""


def write(canvas: Canvas) -> None:
    """Everything above the lines."""
    _title(canvas)
    _banners(canvas)
    _head(canvas)
    _customer(canvas)
    _heights(canvas)
    _box(canvas)


def _title(canvas: Canvas) -> None:
    heading, year_word = canvas.words("title.quote"), canvas.words("tariff_year_of")
    number = canvas.priced.quote.number if canvas.priced else ""
    canvas.sheet.set_row(0, 34)
    formula = f'=TRIM("{heading} "&{head_cell("number")})'
    canvas.spread((0, 0, 0, TITLE_END), formula, f"{heading} {number}".strip(), "title", "middle", "shrink")
    known = formulas.regulation(canvas.references.regulation_table, 2, head_cell("regulation"))
    years = head_cell("tariff_year")
    formula = f'={known}&IF({years}="","",", {year_word} "&{years})'
    area = (0, TITLE_END + 1, 0, canvas.table.last_column)
    canvas.spread(area, formula, regulation_told(canvas), "subtitle", "right", "middle", "shrink")


def regulation_told(canvas: Canvas) -> str:
    """The regulation and the tariff years, as the title says them."""
    if canvas.priced:
        return f"{canvas.priced.title}, {canvas.words('tariff_year_of')} {years_told(canvas)}"
    tariff = tariff_of(canvas.making.session, None, canvas.making.day)
    return tariff.general.title[canvas.making.language]


def years_told(canvas: Canvas) -> str:
    """The tariff year of the lines, or the first and the last."""
    if not canvas.priced:
        return ""
    years = [line.line.day.year for line in canvas.priced.lines]
    return str(years[0]) if min(years) == max(years) else f"{min(years)}–{max(years)}"


# --- warnings --------------------------------------------------------------------------------------------------------


def _banners(canvas: Canvas) -> None:
    """Two rows that stay empty unless there is something to warn of."""
    for row, (formula, value) in enumerate(banners(canvas), 1):
        area = (row, 0, row, canvas.table.last_column)
        canvas.sheet.set_row(row, 16)
        canvas.spread(area, formula, value, "bold", "middle", "indent")
        canvas.warn(area)
    canvas.sheet.set_row(HEAD_FIRST - 1, 8)


def banners(canvas: Canvas) -> tuple[tuple[str, str], tuple[str, str]]:
    """What they say: formula and value."""
    references = canvas.references
    changed = formulas.data_changed(
        references.stored, references.installed, canvas.words("data.no_functions"), canvas.words("banner.data")
    )
    return (changed, ""), _line_banner(canvas)


def _line_banner(canvas: Canvas) -> tuple[str, str]:
    """The warning about lines without a price and figures that are not official: formula and value."""
    sheet = layout.sheet_name("explanation", canvas.making.language)
    key = "banner.errors" if canvas.priced else "banner.errors_open"
    told = canvas.words(key, count="{count}", sheet=sheet)
    parts, values = [formulas.counted(told, formulas.failures(canvas.table))], []
    if canvas.priced and canvas.priced.failed:
        values.append(told.format(count=len(canvas.priced.failed)))
    unknown = canvas.words("banner.year", year="{year}")
    parts.append(formulas.year_unknown(canvas.table, canvas.references.last_year, unknown))
    if canvas.priced and canvas.priced.year_unknown:
        values.append(unknown.format(year=canvas.priced.year_unknown))
    if canvas.table.plans:
        planned = formulas.text_of(canvas.words("banner.plans"))
        parts.append(f'IF(COUNTA({canvas.table.open_plans})>0,{planned},"")')
    for kind in (Status.EXAMPLE, Status.PROVISIONAL):
        warning = canvas.words(f"banner.{kind}")
        parts.append(f'IF({_uses(canvas, kind)},{formulas.text_of(warning)},"")')
        if canvas.priced and kind in canvas.priced.statuses:
            values.append(warning)
    spaced = '&" "&'.join(parts)
    return f"=TRIM({spaced})", " ".join(values)


def _uses(canvas: Canvas, kind: Status) -> str:
    """Whether the regulation, or a figure of the explanation, is of this kind."""
    known = formulas.regulation(canvas.references.regulation_table, 3, '""')
    chosen = f"{known}={formulas.text_of(canvas.words(f'status.{kind}'))}"
    if not canvas.references.sources:
        return chosen
    word = text("labels", f"status.{kind}", canvas.making.language)
    return f"OR({chosen},{formulas.mentions(word, canvas.references.sources)}>0)"


# --- head and customer -----------------------------------------------------------------------------------------------


def _head(canvas: Canvas) -> None:
    values = head_values(canvas)
    for position, key in enumerate(HEAD):
        row = HEAD_FIRST + position
        canvas.book.merged(canvas.sheet, (row, 0, row, 1), canvas.words(f"head.{key}"), "label", "middle")
        if key in values:
            style = "date" if key in ("date", "valid_until") else "left"
            canvas.book.value(canvas.sheet, row, VALUES, values[key], style, "input", "middle", "wrap")
            canvas.book.name(layout.defined_name(key), canvas.sheet, row, VALUES)
    years, rate = (HEAD_FIRST + HEAD.index(key) for key in ("tariff_year", "vat_rate"))
    canvas.book.formula(
        canvas.sheet, years, VALUES, formulas.tariff_years(canvas.table), years_told(canvas), "left", "middle"
    )
    known = canvas.priced.vat_rate if canvas.priced else ""
    canvas.book.formula(canvas.sheet, rate, VALUES, formulas.vat_rate(canvas.table), known, "percent", "left", "middle")
    for key, source in (
        ("regulation", canvas.references.regulations),
        ("site", canvas.references.sites),
        ("vat", labels("CUSTOMER", canvas.making.language)),
    ):
        row = HEAD_FIRST + HEAD.index(key)
        canvas.choose((row, VALUES, row, VALUES), source)


def head_values(canvas: Canvas) -> Mapping[str, str | date | None]:
    """What is filled in, by its field."""
    language, quote = canvas.making.language, canvas.making.quote
    if quote is None:
        usual = label("SITE", canvas.making.session.site, language)
        nothing = dict.fromkeys(("number", "date", "valid_until", "regulation"))
        return {**nothing, "site": usual, "vat": label("CUSTOMER", "BE", language)}
    return {
        "number": quote.number,
        "date": quote.date,
        "valid_until": quote.valid_until,
        "regulation": quote.regulation,
        "site": label("SITE", quote.site or canvas.making.session.site, language),
        "vat": label("CUSTOMER", quote.vat, language),
    }


def _customer(canvas: Canvas) -> None:
    first, last = canvas.table.customer_values, canvas.table.column("day_type") - 1
    values = _customer_values(canvas)
    for position, key in enumerate(layout.CUSTOMER):
        row = HEAD_FIRST + position
        told = "" if key in layout.CUSTOMER[2:5] else key.removesuffix("_1")
        canvas.book.text(
            canvas.sheet,
            row,
            canvas.table.customer_labels,
            canvas.words(f"customer.{told}") if told else "",
            "label",
            "middle",
        )
        strong = ("bold",) if key == "name" else ()
        canvas.book.merged(
            canvas.sheet, (row, first, row, last), values.get(key) or "", "left", "input", "middle", "wrap", *strong
        )
        canvas.book.name(layout.defined_name(key, customer=True), canvas.sheet, row, first)


def _heights(canvas: Canvas) -> None:
    """Rows high enough for what is long."""
    values, customer = head_values(canvas), _customer_values(canvas)
    columns = canvas.table.columns
    first, last = canvas.table.customer_values, canvas.table.column("day_type")
    room = sum(column.width for column in columns[first:last])
    for row, (key, theirs) in enumerate(zip_longest(HEAD, layout.CUSTOMER, fillvalue=""), HEAD_FIRST):
        said = str(values.get(key) or "")
        height = max(lines_high(said, columns[VALUES].width), lines_high(customer.get(theirs) or "", room))
        if height > _LINE:
            canvas.sheet.set_row(row, height)


def _customer_values(canvas: Canvas) -> Mapping[str, str | None]:
    if canvas.making.quote is None:
        return {}
    customer = canvas.making.quote.customer
    address = {f"address_{number}": line for number, line in enumerate(customer.address, 1)}
    return {"name": customer.name, **address, "vat_number": customer.vat_number, "reference": customer.reference}


def _box(canvas: Canvas) -> None:
    """The totals at a glance, at the top right."""
    first, split, last = canvas.table.column("unit"), canvas.table.column("amount") + 1, canvas.table.last_column
    net, vat, gross = total_cells(canvas.table, canvas.table.grand_total)
    total = canvas.priced.total if canvas.priced else None
    row = HEAD_FIRST
    canvas.book.merged(
        canvas.sheet, (row, first, row, last), canvas.words("box.gross"), "label", "band", "inset", "middle"
    )
    area = (row + 1, first, row + 2, last)
    canvas.spread(area, f"={gross}", euro(total.gross) if total else 0.0, "amount", "band", "large", "inset", "middle")
    for down, key, cell, cents in ((3, "net", net, total and total.net), (4, "vat", vat, total and total.vat)):
        names = ("label", "band", "right", "middle")
        canvas.book.merged(canvas.sheet, (row + down, first, row + down, split - 1), canvas.words(f"box.{key}"), *names)
        area = (row + down, split, row + down, last)
        canvas.spread(area, f"={cell}", euro(cents or 0), "amount", "band", "inset", "middle")
