"""The sheets behind a quote: how each amount was computed, and the rules and data in force when it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from core.formats import euro as euro_text
from core.policies import known_policies
from core.texts import text
from core.units import CENTS_PER_EURO, Unit
from workbooks.quote import formulas
from workbooks.quote.layout import LANGUAGE_NAME, label, labels, party, quoted, sheet_name
from workbooks.quote.making import Making, References
from workbooks.quote.model import PRICING
from workbooks.quote.pricing import Cents, PartyTotal, PricedLine, euro, rules_on
from workbooks.quote.totals import total_cells
from workbooks.style import UNIT_LOOKS, Page, Sheet
from xl_addin.cells import CellError, Table, serial
from xl_addin.evaluate import call, computed

STEPS: Final = (
    ("article", 12, ("text",)),
    ("what", 46, ("wrap",)),
    ("formula", 46, ("wrap", "indent")),
    ("result", 15, ("figure", "wrap")),
    ("policy", 64, ("note", "indent")),
    ("source", 34, ("note", "indent")),
)
"""The columns of COPRO_EXPLAIN: name, width, style."""
POLICIES: Final = (
    ("id", 28, ("wrap", "bold")),
    ("about", 32, ("wrap", "indent")),
    ("setting", 20, ("wrap", "indent")),
    ("does", 52, ("wrap", "indent")),
    ("article", 11, ("wrap", "indent")),
    ("reason", 52, ("wrap", "indent")),
    ("others", 18, ("wrap", "indent")),
)
"""The columns of COPRO_POLICIES."""
_FACTS: Final = ("status_version", "status_regulation", "status_last_year")
"""The rows of COPRO_STATUS shown; where the user keeps his data is nobody else's business."""
_REASON: Final = 2
"""The column of COPRO_EXPLAIN that says why there is no result."""
_SITES_COLUMN: Final = len(POLICIES) + 1


def write(making: Making) -> References:
    """Writes both sheets (an empty workbook has nothing to explain)."""
    sources, reasons = _explanation(making) if making.priced else ("", {})
    return _Data(making).write(sources, reasons)


# --- how each amount was computed ------------------------------------------------------------------------------------


def _explanation(making: Making) -> tuple[str, Mapping[int, str]]:
    """Writes the sheet; gives the range of its sources, and the cells that say why a line has no price."""
    assert making.priced is not None
    name = sheet_name("explanation", making.language)
    widths = [width for _, width, _ in STEPS]
    sheet = making.book.sheet(name, Page(landscape=True, repeat=(2, 2)), widths)
    sheet.set_row(0, 34)
    making.book.text(sheet, 0, 0, making.words("explanation.title"), "title", "middle")
    sheet.set_row(2, 22)
    for column, (key, _, styles) in enumerate(STEPS):
        aligned = "right" if "figure" in styles else "indent" if "indent" in styles else "left"
        making.book.text(sheet, 2, column, making.words(f"step.{key}"), "header", aligned)
    row, reasons = 4, {}
    for number, line in enumerate(making.priced.lines, 1):
        if line.error:
            reasons[number] = f"{quoted(name)}!{xl_rowcol_to_cell(row + 1, _REASON, row_abs=True, col_abs=True)}"
        row = _explained(making, sheet, row, number, line)
    row = _Closing(making, sheet, row).write()
    sheet.freeze_panes(3, 0)
    making.book.protect(sheet)
    return f"{quoted(name)}!{xl_range_abs(4, 5, row, 5)}", reasons


def _explained(making: Making, sheet: Sheet, row: int, number: int, line: PricedLine) -> int:
    """The heading and the steps of one line; gives the row after them."""
    book, table = making.book, making.layout
    line_row = table.line_row(number)
    sentence = text("labels", f"paid_to.{line.rule.paid_to}", making.language)
    paid = making.words("explanation.paid", sentence=sentence, article=line.rule.payer_article)
    last = row + len(line.explanation) + (1 if _several(line) else 0)
    amount, result = (str(xl_rowcol_to_cell(down, 3)) for down in (row, last))
    changed = formulas.steps_changed(amount, result, making.words("explanation.changed"))
    sheet.set_row(row, 20)
    book.merged(sheet, (row, 0, row, 1), _heading(making, number, line), "heading", "band", "middle", "shrink")
    when = f"={table.sheet}!{table.cell('when', line_row)}"
    style = "moment" if isinstance(line.line.when, datetime) else "date"
    book.formula(sheet, row, 2, when, line.line.when, style, "indent", "band", "middle")
    source = formulas.amount_of(table, line_row)
    book.formula(sheet, row, 3, source, euro(line.amount), "amount", "bold", "band", "middle")
    book.text(sheet, row, 4, paid, "note", "indent", "band", "middle")
    book.formula(sheet, row, 5, changed, "", "note", "indent", "band", "middle")
    warning = {"type": "formula", "criteria": f'=$F${row + 1}<>""', "format": book.style("warning")}
    sheet.conditional_format(row, 5, row, 5, warning)
    explained = formulas.explained(table, line_row, line.line.kind)
    _steps(making, sheet, row + 1, explained, line.explanation, line.units)
    if _several(line):
        _quantity(making, sheet, last, line, line_row)
    return last + 2


def _heading(making: Making, number: int, line: PricedLine) -> str:
    """What the line is, of which work, and whether it is an option."""
    kind = label("COST", line.line.kind.value, making.language)
    told = making.words("explanation.line", number=number, kind=kind)
    option = making.words("option.yes") if line.line.optional else None
    return ", ".join(filter(None, (told, line.line.work, option)))


def _several(line: PricedLine) -> bool:
    """Whether the steps give the price of one only."""
    return line.unit is not None and line.error is None and line.line.times > 1


def _quantity(making: Making, sheet: Sheet, row: int, line: PricedLine, line_row: int) -> None:
    """The last step of a line of several: their number at the price of one, which the row above gives."""
    table, policy = making.layout, ""
    one = str(xl_rowcol_to_cell(row - 1, 3))
    assert isinstance(line.unit, int)
    counts = [("quantity", int(line.line.quantity))]
    if line.line.inspectors is not None:
        counts.append(("inspectors", int(line.line.inspectors)))
        policy = making.words("notes.inspectors") if line.line.inspectors > 1 else ""
    cells = [f"{table.sheet}!{table.cell(key, line_row)}" for key, _ in counts]
    price = euro_text(Fraction(line.unit, CENTS_PER_EURO), making.language)
    told = " × ".join([*(str(count) for _, count in counts), price])
    formula = "=" + '&" × "&'.join([*cells, formulas.euro_told(one, making.language)])
    what = making.words("step.quantity" if len(counts) == 1 else "step.inspectors")
    step = Step(line.rule.priced_by, what, formula, told, policy)
    _step(making, sheet, row, step, f"=ROUND({'*'.join([*cells, one])},2)", euro(line.amount))


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is no function's: article, what it is, and its computation, as a formula and as text."""

    article: str
    what: str
    formula: str
    told: str
    policy: str = ""


def _step(making: Making, sheet: Sheet, row: int, step: Step, result: str, value: float | CellError) -> None:
    looks = {key: ("line", *styles) for key, _, styles in STEPS}
    making.book.text(sheet, row, 0, step.article, *looks["article"])
    making.book.text(sheet, row, 1, step.what, *looks["what"])
    if step.formula.startswith("="):
        making.book.formula(sheet, row, 2, step.formula, step.told, *looks["formula"])
    else:
        making.book.text(sheet, row, 2, step.told, *looks["formula"])
    making.book.formula(sheet, row, 3, result, value, "line", "amount", "bold")
    making.book.text(sheet, row, 4, step.policy, *looks["policy"])
    making.book.text(sheet, row, 5, "", *looks["source"])


def _steps(making: Making, sheet: Sheet, row: int, formula: str, rows: Table, units: Sequence[Unit]) -> None:
    """The steps of a call, each result shown as what it is."""

    def look(down: int, across: int) -> Sequence[str]:
        if STEPS[across][0] != "result":
            return ("line", *STEPS[across][2])
        if not units:
            return ("line", "error", "right")
        shown = UNIT_LOOKS.get(units[down])
        return ("line", shown, "right") if shown else ("line", "wrap", "right")

    making.book.table(sheet, row, 0, formula, rows, look)


class _Closing:
    """Below the last line: how the totals and the VAT follow from the lines."""

    def __init__(self, making: Making, sheet: Sheet, row: int) -> None:
        self.making = making
        self.sheet = sheet
        self.row = row

    def write(self) -> int:
        """The heading, each party, the grand total; gives the row after them."""
        making, table = self.making, self.making.layout
        assert making.priced is not None
        self.sheet.set_row(self.row, 20)
        heading = making.words("explanation.totals")
        making.book.merged(self.sheet, (self.row, 0, self.row, 1), heading, "heading", "band", "middle")
        for column in (2, 4, 5):
            making.book.text(self.sheet, self.row, column, "", "band")
        grand = total_cells(table, table.grand_total)
        source = f"={table.sheet}!{grand[2]}"
        making.book.formula(
            self.sheet, self.row, 3, source, euro(making.priced.total.gross), "amount", "bold", "band", "middle"
        )
        self.row += 1
        totals = {total.paid_to: total for total in making.priced.parties}
        for row, paid_to in zip(table.party_rows(), table.parties, strict=True):
            self._party(total_cells(table, row), totals.get(paid_to, PartyTotal(paid_to, 0, 0, 0)))
        self._all(grand, making.priced.total, making.words("total.all"))
        if making.priced.options:
            totals = {total.paid_to: total for total in making.priced.option_parties}
            for row, paid_to in zip(table.option_rows(), table.parties, strict=True):
                self._with_options(total_cells(table, row), totals.get(paid_to, PartyTotal(paid_to, 0, 0, 0)))
            grand = total_cells(table, table.option_total)
            self._all(grand, making.priced.option_total, making.words("total.all_options"))
        return self.row

    def _all(self, cells: tuple[str, str, str], total: PartyTotal, name: str) -> None:
        self._line("2.3.1", "net", name, "step.sum_parties", cells[0], total.net)
        self._line("2.2.8", "vat", name, "step.sum_parties", cells[1], total.vat)
        self._line("", "gross", name, "step.net_and_vat", cells[2], total.gross)

    def _with_options(self, cells: tuple[str, str, str], total: PartyTotal) -> None:
        """A party with all options: the same, the VAT on its new subtotal."""
        name = self.making.words("step.party_options", party=party(total.paid_to, self.making.language))
        how = "step.sum_vat" if self.making.layout.line_vat else "step.vat_rate"
        self._line("2.3.1", "net", name, "step.sum_lines", cells[0], total.net)
        self._line("2.2.8", "vat", name, how, cells[1], total.vat, _policy(self.making, "vat.rounding"))
        self._line("", "gross", name, "step.net_and_vat", cells[2], total.gross)

    def _party(self, cells: tuple[str, str, str], total: PartyTotal) -> None:
        name = party(total.paid_to, self.making.language)
        self._line("2.3.1", "net", name, "step.sum_lines", cells[0], total.net)
        if self.making.layout.line_vat:
            self._line("2.2.8", "vat", name, "step.sum_vat", cells[1], total.vat, _policy(self.making, "vat.rounding"))
        elif isinstance(total.net, int) and total.net:
            self._vat(cells[0], total.net)
        else:
            self._line("2.2.8", "vat", name, "step.vat_rate", cells[1], total.vat)
        self._line("", "gross", name, "step.net_and_vat", cells[2], total.gross)

    def _vat(self, net: str, cents: int) -> None:
        """The steps of the VAT on a subtotal."""
        making = self.making
        assert making.priced is not None
        vat = making.priced.quote.vat
        given = [euro(cents), serial(making.priced.last_day), vat]
        rows = call("COPRO_EXPLAIN", [f"{making.language}:COPRO_VAT", *given], making.session)
        answer, under_way = computed("COPRO_VAT", given, making.session)
        assert isinstance(rows, list)
        units = [] if isinstance(answer, CellError) else [step.kind.unit for step in under_way.steps]
        formula = formulas.vat_explained(making.layout, net)
        _steps(making, self.sheet, self.row, formula, rows, units)
        self.row += len(rows)

    def _line(self, article: str, which: str, name: str, how: str, cell: str, value: Cents, policy: str = "") -> None:
        what = self.making.words("step.of_party", party=name, what=self.making.words(f"total.{which}"))
        told = self.making.words(how)
        result = f"={self.making.layout.sheet}!{cell}"
        _step(self.making, self.sheet, self.row, Step(article, what, "", told, policy), result, euro(value))
        self.row += 1


def _policy(making: Making, name: str) -> str:
    """A policy and what its setting means."""
    assert making.priced is not None
    setting = making.session.rulebook.policies[name]
    return f"{name}: {known_policies()[name].settings[setting][making.language]}"


def _live_table(
    making: Making,
    sheet: Sheet,
    row: int,
    formula: str,
    rows: Table,
    columns: Sequence[tuple[str, int, tuple[str, ...]]],
) -> None:
    """A live table, each column in its own style, with a rule under every row."""
    making.book.table(sheet, row, 0, formula, rows, lambda down, across: ("line", *columns[across][2]))


# --- rules and data --------------------------------------------------------------------------------------------------


class _Data:
    """The third sheet, written from top to bottom."""

    def __init__(self, making: Making) -> None:
        self.making = making
        self.book = making.book
        self.name = sheet_name("data", making.language)
        widths = [width for _, width, _ in POLICIES]
        self.sheet = self.book.sheet(self.name, Page(landscape=True), widths)
        self.row = 2

    def write(self, sources: str, reasons: Mapping[int, str]) -> References:
        """Everything on it, and where it stands."""
        self.sheet.set_row(0, 34)
        self.book.text(self.sheet, 0, 0, self.making.words("data.title"), "title", "middle")
        first = self._regulations()
        ids, table = self._area(first, 0), self._area(first, 0, 3)
        stored, installed, last_year = self._facts()
        first = self._kinds()
        kinds, payees, articles = (self._area(first, column) for column in range(3))
        self._policies()
        sites = self._sites()
        self.sheet.freeze_panes(1, 0)
        self.book.protect(self.sheet)
        return References(
            kinds=kinds,
            articles=articles,
            payees=payees,
            regulations=ids,
            regulation_table=table,
            stored=stored,
            installed=installed,
            sites=sites,
            last_year=last_year,
            sources=sources,
            reasons=reasons,
        )

    def _heading(self, key: str) -> None:
        self.row += 1
        self.sheet.set_row(self.row, 24)
        self.book.text(self.sheet, self.row, 0, self.making.words(key), "heading")
        self.row += 1

    def _header(self, *keys: str) -> int:
        """The headers of a table; gives its first row."""
        self.sheet.set_row(self.row, 18)
        for column, key in enumerate(keys):
            aligned = "indent" if column else "left"
            self.book.text(self.sheet, self.row, column, self.making.words(key), "header", aligned, "middle")
        self.row += 1
        return self.row

    def _line(self, *values: str) -> None:
        for column, value in enumerate(values):
            self.book.text(self.sheet, self.row, column, value, "line", "wrap", *(("indent",) if column else ()))
        self.row += 1

    def _area(self, first: int, column: int, last_column: int | None = None) -> str:
        """The cells of a table just written, as other sheets name them."""
        last = column if last_column is None else last_column
        return f"{quoted(self.name)}!{xl_range_abs(first, column, self.row - 1, last)}"

    def _cell(self, row: int, column: int) -> str:
        return f"{quoted(self.name)}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def _regulations(self) -> int:
        """The general regulation and the quote's own; in an empty workbook every one there is to choose from."""
        self._heading("data.regulations")
        first = self._header(*(f"data.regulation_{key}" for key in ("id", "title", "status", "source")))
        rulebook, quote, words = self.making.session.rulebook, self.making.quote, self.making.words
        chosen = rulebook.regulation_id(quote.regulation) if quote and quote.regulation else ""
        specific = [name for name in rulebook.specific if quote is None or name == chosen]
        general = rulebook.general_on(max(self.making.day, rulebook.first_day()))
        for known in (general, *(rulebook.specific[name][0][0] for name in specific)):
            self._line(known.id, known.title[self.making.language], words(f"status.{known.status}"), known.source)
        return first

    def _facts(self) -> tuple[str, str, str]:
        """What was used; the cells of the fingerprint as it was and as it is now, and of the last year with rates."""
        self._heading("data.computed")
        making, book, sheet = self.making, self.book, self.sheet
        status = {str(name): value for name, value in _table("COPRO_STATUS", making)}
        self._fact(making.words("data.language"))
        book.text(sheet, self.row - 1, 1, making.language, "line", "indent")
        book.name(LANGUAGE_NAME, sheet, self.row - 1, 1)
        self._fact(making.words("data.written_on"))
        book.value(sheet, self.row - 1, 1, making.session.today(), "line", "date", "indent")
        for key in _FACTS:
            name = text("labels", key, making.language)
            self._fact(name)
            formula = formulas.status_of(name, making.language)
            book.formula(sheet, self.row - 1, 1, formula, status[name], "line", "indent")
        self._fact(making.words("data.stored"))
        book.text(sheet, self.row - 1, 1, making.session.rulebook.fingerprint, "line", "indent")
        name = text("labels", "status_fingerprint", making.language)
        self._fact(making.words("data.installed"))
        formula = formulas.status_now(name, making.language, making.words("data.no_functions"))
        book.formula(sheet, self.row - 1, 1, formula, status[name], "line", "indent")
        return self._cell(self.row - 2, 1), self._cell(self.row - 1, 1), self._cell(self.row - 3, 1)

    def _fact(self, name: str) -> None:
        self.book.text(self.sheet, self.row, 0, name, "line", "wrap")
        self.row += 1

    def _kinds(self) -> int:
        self._heading("data.kinds")
        first = self._header("column.kind", "column.paid_to", "column.article", "data.kind_payer")
        making = self.making
        rules = rules_on(making.session, making.quote.regulation if making.quote else None, making.day)
        for kind in PRICING:
            rule = rules[kind]
            sentence = text("labels", f"paid_to.{rule.paid_to}", making.language)
            told = making.words("explanation.paid", sentence=sentence, article=rule.payer_article)
            name = label("COST", kind.value, making.language)
            self._line(name, party(rule.paid_to, making.language), rule.priced_by, told)
        return first

    def _policies(self) -> None:
        self._heading("data.policies")
        self.book.text(self.sheet, self.row, 0, self.making.words("data.policies_note"), "label")
        self.row += 1
        first = self._header(*(f"policy.{key}" for key, _, _ in POLICIES))
        self.sheet.repeat_rows(first - 1)
        rows = _table("COPRO_POLICIES", self.making)
        formula = f'=COPRO_POLICIES("{self.making.language}")'
        _live_table(self.making, self.sheet, self.row, formula, rows, POLICIES)
        self.row += len(rows)

    def _sites(self) -> str:
        """The sites to choose from, out of sight and off the paper."""
        known = labels("SITE", self.making.language)
        self.sheet.write_column(0, _SITES_COLUMN, known)
        self.sheet.set_column(_SITES_COLUMN, _SITES_COLUMN, None, None, {"hidden": True})
        self.sheet.print_area(0, 0, self.row - 1, len(POLICIES) - 1)
        return f"{quoted(self.name)}!{xl_range_abs(0, _SITES_COLUMN, len(known) - 1, _SITES_COLUMN)}"


def _table(function: str, making: Making) -> Table:
    rows = call(function, [making.language], making.session)
    assert isinstance(rows, list)
    return rows
