"""The formulas of the quote workbook. Each names cells; what language there is in them is that of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from core.formats import euro, number
from core.vocabulary import Cost
from workbooks.quote.layout import Layout, head_cell, label
from workbooks.quote.model import CONTRIBUTIONS, PRICING, Pricing
from workbooks.quote.pricing import CALLS, FUNCTIONS


def text_of(value: str) -> str:
    """A text as formulas write it."""
    return '"' + value.replace('"', '""') + '"'


def arguments(layout: Layout, row: int, kind: Cost, sheet: str = "") -> list[str]:
    """The cells a line's function is given; with ``sheet``, as another sheet names them."""
    return [_argument(name, layout, row, kind, f"{sheet}!" if sheet else "") for name in CALLS[PRICING[kind]]]


def _argument(name: str, layout: Layout, row: int, kind: Cost, sheet: str) -> str:
    if name == "=kind":
        return text_of(CONTRIBUTIONS[kind].value)
    if name.startswith("="):
        return text_of(name[1:])
    if name == "regulation":
        return sheet + head_cell(name)
    if name == "site":
        usual = sheet + head_cell(name)
        own = sheet + layout.cell(name, row) if layout.sites else ""
        return f'IF({own}="",{usual},{own})' if own else usual
    if name == "date":  # a date left blank must not mean today
        return f"N({sheet}{layout.cell('when', row)})"
    return sheet + layout.cell("when" if name == "start" else name, row)


def priced(layout: Layout, row: int, kind: Cost) -> str:
    """The call that prices a line of this kind, without ``=``."""
    return f"{FUNCTIONS[PRICING[kind]]}({','.join(arguments(layout, row, kind))})"


def explained(layout: Layout, row: int, kind: Cost) -> str:
    """The call of COPRO_EXPLAIN for a line, from another sheet."""
    name = text_of(f"{layout.language}:{FUNCTIONS[PRICING[kind]]}")
    return f"=COPRO_EXPLAIN({','.join([name, *arguments(layout, row, kind, layout.sheet)])})"


def vat_explained(layout: Layout, net: str) -> str:
    """The call of COPRO_EXPLAIN for the VAT on a cell of the first sheet, from another sheet."""
    days = layout.whole("when")
    day = f"INT(MAX({layout.sheet}!{days}))"
    name = text_of(f"{layout.language}:COPRO_VAT")
    return f"=COPRO_EXPLAIN({name},{layout.sheet}!{net},{day},{layout.sheet}!{head_cell('vat')})"


def unit(layout: Layout, row: int, kind: Cost) -> str:
    """The price of one."""
    return f"={priced(layout, row, kind)}"


def amount(layout: Layout, row: int, kind: Cost) -> str:
    """The amount of a line: its quantity at its price; a contribution is computed on its quantity."""
    if PRICING[kind] is Pricing.CONTRIBUTION:
        return f"={priced(layout, row, kind)}"
    return f"=ROUND({layout.cell('quantity', row)}*{layout.cell('unit', row)},2)"


def line_vat(layout: Layout, row: int) -> str:
    """The VAT of a line."""
    amount, when = layout.cell("amount", row), layout.cell("when", row)
    return f'=IF({amount}="","",COPRO_VAT({amount},{when},{head_cell("vat")}))'


# --- a line that is still empty: its kind is chosen in the workbook --------------------------------------------------


def _by_kind(layout: Layout, row: int, answers: Mapping[Cost, str], otherwise: str) -> str:
    """An answer a kind, and one for every other; nothing while no kind is chosen."""
    chosen = layout.cell("kind", row)
    written = otherwise
    for kind, answer in reversed(list(answers.items())):
        written = f"IF({chosen}={text_of(label('COST', kind.value, layout.language))},{answer},{written})"
    return f'=IF({chosen}="","",{written})'


def open_unit(layout: Layout, row: int) -> str:
    """The price of one, of whatever kind the line turns out to be."""
    answers = {
        Cost.APPLICATION: priced(layout, row, Cost.APPLICATION),
        Cost.WASTED_TRIP: priced(layout, row, Cost.WASTED_TRIP),
        **dict.fromkeys(CONTRIBUTIONS, '""'),
    }
    return _by_kind(layout, row, answers, priced(layout, row, Cost.STANDARD_INSPECTION))


def open_amount(layout: Layout, row: int) -> str:
    """The amount, of whatever kind the line turns out to be; a quantity left blank is one."""
    answers = {kind: priced(layout, row, kind) for kind in CONTRIBUTIONS}
    quantity = layout.cell("quantity", row)
    simple = f'ROUND(IF({quantity}="",1,{quantity})*{layout.cell("unit", row)},2)'
    return _by_kind(layout, row, answers, simple)


def looked_up(layout: Layout, row: int, kinds: str, column: str) -> str:
    """What the table of kinds (two ranges of the same length) says of the line's kind."""
    chosen = layout.cell("kind", row)
    return f'=IF({chosen}="","",IFERROR(INDEX({column},MATCH({chosen},{kinds},0)),"?"))'


# --- head and totals -----------------------------------------------------------------------------------------------


def last_day(layout: Layout) -> str:
    """The day of the last line."""
    return f"INT(MAX({layout.whole('when')}))"


def tariff_years(layout: Layout) -> str:
    """The tariff year of the lines, or the first and the last."""
    days = layout.whole("when")
    first, last = f"YEAR(MIN({days}))", f"YEAR(MAX({days}))"
    return f'=IF(MAX({days})=0,"",IF({first}={last},{first}&"",{first}&"–"&{last}))'


def vat_rate(layout: Layout) -> str:
    """The VAT rate on the day of the last line."""
    return f'=IF(MAX({layout.whole("when")})=0,"",COPRO_VAT_RATE({last_day(layout)},{head_cell("vat")}))'


def party_net(layout: Layout, party: str) -> str:
    """What the party named in a cell is paid."""
    return f"=ROUND(SUMIF({layout.whole('paid_to')},{party},{layout.whole('amount')}),2)"


def party_vat(layout: Layout, party: str, net: str) -> str:
    """The VAT on it."""
    if layout.line_vat:
        return f"=ROUND(SUMIF({layout.whole('paid_to')},{party},{layout.whole('vat')}),2)"
    return f"=IF({net}=0,0,COPRO_VAT({net},{last_day(layout)},{head_cell('vat')}))"


def everything_counted(layout: Layout, total: str, right: str, wrong: str) -> str:
    """Whether the lines add up to the total of the parties."""
    difference = f"ROUND(SUM({layout.whole('amount')})-{total},2)"
    return f"=IF(IFERROR({difference},1)=0,{text_of(right)},{text_of(wrong)})"


def failures(layout: Layout) -> str:
    """How many lines show an error."""
    return f"SUMPRODUCT(--ISERROR({layout.whole('amount')}))"


def mentions(word: str, column: str) -> str:
    """How many cells of a column mention a word."""
    return f"SUMPRODUCT(--ISNUMBER(SEARCH({text_of(word)},{column})))"


def failures_told(layout: Layout, told: str) -> str:
    """The sentence that says how many lines have no price, ``{count}`` standing for the number; nothing when none."""
    before, after = told.split("{count}")
    count = failures(layout)
    return f'IF({count}>0,{text_of(before)}&{count}&{text_of(after)},"")'


def regulation(table: str, column: int, otherwise: str) -> str:
    """What the table of regulations says of the one chosen; of the first when none is."""
    chosen = head_cell("regulation")
    return f'IF({chosen}="",INDEX({table},1,{column}),IFERROR(VLOOKUP({chosen},{table},{column},FALSE),{otherwise}))'


def status_of(name: str, language: str) -> str:
    """A row of COPRO_STATUS."""
    return f"={_status(language, text_of(name))}"


def status_now(name: str, language: str, otherwise: str) -> str:
    """A row of COPRO_STATUS, computed whenever the workbook is opened; ``otherwise`` where there are no functions."""
    return f"=IFERROR({_status(language, f'{text_of(name)}&T(NOW())')},{text_of(otherwise)})"


def _status(language: str, name: str) -> str:
    rows = f'COPRO_STATUS("{language}")'
    return f"INDEX({rows},MATCH({name},INDEX({rows},0,1),0),2)"


def data_changed(stored: str, installed: str, otherwise: str, told: str) -> str:
    """The warning that the data installed are not those used; nothing where ``installed`` says ``otherwise``."""
    return f'=IF(OR({installed}={text_of(otherwise)},{installed}={stored}),"",{text_of(told)})'


def euro_told(cell: str, language: str) -> str:
    """An amount in a cell (below a milliard) as ``core.formats.euro`` writes it, whatever the reader's separators."""
    group, point = (number(Fraction(10001, 10), language)[place] for place in (1, 5))
    before, after = euro(0, language).split(number(0, language, 2))
    cents = f"ROUND(ABS({cell})*100,0)"
    whole = f"INT({cents}/100)"
    thousands = f'{text_of(group)}&TEXT(MOD({whole},1000),"000")'
    millions = f'INT({whole}/1000000)&{text_of(group)}&TEXT(MOD(INT({whole}/1000),1000),"000")&{thousands}'
    digits = f"IF({whole}<1000,{whole},IF({whole}<1000000,INT({whole}/1000)&{thousands},{millions}))"
    written = f'IF({cell}<0,"-","")&{digits}&{text_of(point)}&TEXT(MOD({cents},100),"00")'
    return f"{text_of(before)}&{written}&{text_of(after)}"


def steps_changed(amount: str, last_result: str, told: str) -> str:
    """The warning that the last step no longer gives the amount, so that there are steps the sheet does not show."""
    same = f"IF(ISERROR({amount}),ISERROR({last_result}),IFERROR(ROUND({amount}-{last_result},2)=0,FALSE))"
    return f'=IF({same},"",{text_of(told)})'
