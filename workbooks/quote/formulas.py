"""The formulas of the quote workbook. Each names cells; what language there is in them is that of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from core.formats import euro, number
from core.vocabulary import Cost
from workbooks.quote.layout import Layout, head_cell, label
from workbooks.quote.model import CONTRIBUTIONS, PRICING, Pricing
from workbooks.quote.pricing import CALLS, FACTOR_ARGUMENTS, FUNCTIONS


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
        return _site(layout, row, sheet)
    if name == "date":  # a date left blank must not mean today
        return f"N({sheet}{layout.cell('when', row)})"
    return sheet + layout.cell("when" if name == "start" else name, row)


def _site(layout: Layout, row: int, sheet: str) -> str:
    """The construction-holiday calendar of a line: its own, or that of its work, or that of the quote."""
    chosen = sheet + head_cell("site")
    if layout.works:
        work = sheet + layout.cell("work", row)
        theirs = f"INDEX({layout.all_works('site')},MATCH({work},{layout.all_works('work')},0))"
        chosen = f'IF({work}="",{chosen},IF({theirs}="",{chosen},{theirs}))'
    if layout.sites:
        own = sheet + layout.cell("site", row)
        chosen = f'IF({own}="",{chosen},{own})'
    return chosen


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


def factor(layout: Layout, row: int) -> str:
    """The factor of the first hour (art. 2.2.7) under the quote's regulation: what that hour costs over its rate."""
    return f"={_factor(layout, row)}"


def _factor(layout: Layout, row: int) -> str:
    start, *others, regulation = (_argument(name, layout, row, Cost.START_INSPECTION, "") for name in FACTOR_ARGUMENTS)
    hour = f"COPRO_PERFORMANCE_FEE({','.join((start, '1', *others, regulation))})"
    return f'ROUND({hour}/COPRO_RATE("HOUR",N({start}),{regulation}),2)'


def amount(layout: Layout, row: int, kind: Cost, *, optional: bool) -> str:
    """The amount of a line, in the column of the amounts or in that of the options; empty in the other."""
    return "=" + _where(layout, row, _amount(layout, row, kind), optional=optional)


def _amount(layout: Layout, row: int, kind: Cost) -> str:
    """As often the price of one as the line says; a contribution is computed on its quantity."""
    if PRICING[kind] is Pricing.CONTRIBUTION:
        return priced(layout, row, kind)
    quantity, inspectors = layout.cell("quantity", row), layout.cell("inspectors", row)
    often = f'IF({quantity}="",1,{quantity})'
    if PRICING[kind] is not Pricing.APPLICATION:
        often += f'*IF({inspectors}="",1,{inspectors})'
    return f"ROUND({often}*{layout.cell('unit', row)},2)"


def _where(layout: Layout, row: int, amount: str, *, optional: bool) -> str:
    option = layout.cell("option", row)
    return f'IF({option}="","",{amount})' if optional else f'IF({option}="",{amount},"")'


def amount_of(layout: Layout, row: int) -> str:
    """The amount of a line, whichever column it stands in; for another sheet."""
    option, amount, other = (layout.on_sheet(layout.cell(key, row)) for key in ("option", "amount", "option_amount"))
    return f'=IF({option}="",{amount},{other})'


def line_vat(layout: Layout, row: int, key: str) -> str:
    """The VAT of a line, on the amount in this column."""
    amount, when = layout.cell(key, row), layout.cell("when", row)
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


def open_amount(layout: Layout, row: int, *, optional: bool) -> str:
    """The amount, of whatever kind the line turns out to be; a quantity left blank is one."""
    answers = {kind: priced(layout, row, kind) for kind in CONTRIBUTIONS}
    answers[Cost.APPLICATION] = _amount(layout, row, Cost.APPLICATION)
    chosen = _by_kind(layout, row, answers, _amount(layout, row, Cost.STANDARD_INSPECTION)).removeprefix("=")
    return "=" + _where(layout, row, chosen, optional=optional)


def open_factor(layout: Layout, row: int) -> str:
    """The factor of the first hour, where the kind that the line turns out to be has one."""
    return _by_kind(layout, row, dict.fromkeys((Cost.APPLICATION, *CONTRIBUTIONS), '""'), _factor(layout, row))


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
    """What the party named in a cell is paid, without the options."""
    paid = f"ROUND(SUMIF({layout.whole('paid_to')},{party},{layout.whole('amount')}),2)"
    return "=" + unless_planned(layout, paid)


def unless_planned(layout: Layout, total: str) -> str:
    """A total, or #N/A while a plan is still to be worked out into lines: it would be in no total."""
    return f"IF(COUNTA({layout.open_plans})>0,NA(),{total})" if layout.plans else total


def party_vat(layout: Layout, party: str, net: str) -> str:
    """The VAT on it."""
    if layout.line_vat:
        return f"=ROUND(SUMIF({layout.whole('paid_to')},{party},{layout.whole('vat')}),2)"
    return _vat(layout, net)


def option_net(layout: Layout, party: str, net: str) -> str:
    """What the party is paid with all options."""
    return f"=ROUND({net}+SUMIF({layout.whole('paid_to')},{party},{layout.whole('option_amount')}),2)"


def option_vat(layout: Layout, party: str, net: str, vat: str) -> str:
    """The VAT on it; ``vat`` is that without the options."""
    if layout.line_vat:
        return f"=ROUND({vat}+SUMIF({layout.whole('paid_to')},{party},{layout.whole('option_vat')}),2)"
    return _vat(layout, net)


def _vat(layout: Layout, net: str) -> str:
    return f"=IF({net}=0,0,COPRO_VAT({net},{last_day(layout)},{head_cell('vat')}))"


def everything_counted(layout: Layout, total: str, with_options: str, right: str, wrong: str) -> str:
    """Whether every line has a kind and an amount, and all of them add up to the totals."""
    amounts, options = layout.whole("amount"), layout.whole("option_amount")
    kindless = "+".join(f'({layout.whole(key)}<>"")' for key in ("when", "hours"))
    same = [
        f'SUMPRODUCT(({layout.whole("kind")}="")*({kindless}))=0',
        f"COUNTA({layout.whole('kind')})=COUNT({amounts})+COUNT({options})",
        f"ROUND(SUM({amounts})-{total},2)=0",
        f"ROUND(SUM({options})+{total}-{with_options},2)=0",
    ]
    if layout.works:
        same.append(f"ROUND({layout.work_cell('amount', layout.works_total)}-{total},2)=0")
    return f"=IF(IFERROR(AND({','.join(same)}),FALSE),{text_of(right)},{text_of(wrong)})"


def failures(layout: Layout) -> str:
    """How many lines show an error, on the sheet of lines or another."""
    return "+".join(
        f"SUMPRODUCT(--ISERROR({layout.on_sheet(layout.whole(key))}))" for key in ("amount", "option_amount")
    )


def option_count(layout: Layout) -> str:
    """How many lines are options, for another sheet."""
    return f"COUNTA({layout.on_sheet(layout.whole('option'))})"


def line_count(layout: Layout) -> str:
    """How many lines there are, for another sheet."""
    return f"COUNTA({layout.on_sheet(layout.whole('kind'))})"


def factored(layout: Layout) -> str:
    """How many lines have another factor than 1, for another sheet."""
    factors = layout.on_sheet(layout.whole("factor"))
    return f"COUNT({factors})-COUNTIF({factors},1)"


def several_inspectors(layout: Layout) -> str:
    """How many lines have more than one inspector, for another sheet."""
    return f'COUNTIF({layout.on_sheet(layout.whole("inspectors"))},">1")'


# --- works: on their own sheet ---------------------------------------------------------------------------------------


def work_lines(layout: Layout, name: str) -> str:
    """How many lines belong to the work named in a cell."""
    return f'=IF({name}="","",COUNTIF({layout.on_sheet(layout.whole("work"))},"="&{name}))'


def work_amount(layout: Layout, name: str, key: str) -> str:
    """What those lines come to, in one of the two columns of amounts."""
    return f'=IF({name}="","",{_of_work(layout, f""""="&{name}""", key)})'


def no_work_lines(layout: Layout) -> str:
    """How many lines belong to no work."""
    kinds, works = (layout.on_sheet(layout.whole(key)) for key in ("kind", "work"))
    return f"=COUNTA({kinds})-COUNTA({works})"


def no_work_amount(layout: Layout, key: str) -> str:
    """What those lines come to."""
    return "=" + _of_work(layout, '"="', key)


def _of_work(layout: Layout, criterion: str, key: str) -> str:
    works, amounts = (layout.on_sheet(layout.whole(name)) for name in ("work", key))
    return unless_planned(layout, f"ROUND(SUMIF({works},{criterion},{amounts}),2)")


def mentions(word: str, column: str) -> str:
    """How many cells of a column mention a word."""
    return f"SUMPRODUCT(--ISNUMBER(SEARCH({text_of(word)},{column})))"


def counted(told: str, count: str) -> str:
    """A sentence in which ``{count}`` stands for a number; nothing when that is 0."""
    before, after = told.split("{count}")
    return f'IF({count}>0,{text_of(before)}&({count})&{text_of(after)},"")'


def lapsed(layout: Layout, told: str) -> str:
    """A sentence while the quote can no longer be accepted; for another sheet."""
    until = layout.on_sheet(head_cell("valid_until"))
    return f'=IF({until}="","",IF({until}<TODAY(),{text_of(told)},""))'


def year_unknown(layout: Layout, last_year: str, told: str) -> str:
    """A sentence, ``{year}`` in it, while lines have no price and lie in a year for which no rates are recorded yet."""
    before, after = told.split("{year}")
    year = f"YEAR(MAX({layout.on_sheet(layout.whole('when'))}))"
    without = f"AND({failures(layout)}>0,IFERROR({year}>{last_year},FALSE))"
    return f'IF({without},{text_of(before)}&{year}&{text_of(after)},"")'


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
