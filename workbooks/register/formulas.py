"""The formulas of the register workbook. They name columns of the table; what language is in them is the workbook's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.texts import text
from workbooks.quote.formulas import euro_told, text_of
from workbooks.register.layout import FIRST, KINDS_NAME, cell
from workbooks.register.model import FIELDS, WASTED
from workbooks.register.pricing import (
    CAN_STOP_IT,
    INSPECTION,
    LONGEST_KEY,
    LONGEST_LOOKED_UP,
    NOT_PRICED,
    PRICED,
    WASTED_TRIP,
)


def named(key: str) -> str:
    """A column of the table by its name."""
    return f"register_{key}"


def _call(function: str, arguments: Sequence[str]) -> str:
    return f"{function}({','.join(arguments)})"


# --- one call for a whole column -------------------------------------------------------------------------------------


def columns(language: str) -> dict[str, str]:
    """The array formulas of the table: each fills its column."""
    start, site, day_type, kind_no = (named(key) for key in ("start", "site", "day_type", "kind_no"))
    told = text_of(language)
    day = _call("COPRO_DAY_TYPE", [start, site, told])
    payer = _call("COPRO_PAYER", [named("kind"), told, start, named("regulation")])
    inspection = _call("COPRO_INSPECTION_FEE", [named(field) for field in INSPECTION])
    wasted = _call("COPRO_WASTED_TRIP_FEE", [named(field) for field in WASTED_TRIP])
    by_kind = f"IF({kind_no}={WASTED},{wasted},{inspection})"
    return {
        "day": f'=IF({day_type}="",{day},{day_type})',
        "factor": f"={_call('COPRO_FACTOR', [start, site, day_type])}",
        "payer": f'=IF(({kind_no}="")+({kind_no}=0)+({start}="")>0,"",{payer})',
        "fee": f'=IF({kind_no}="","",IF(({kind_no}=0)+({start}="")>0,#VALUE!,{by_kind}))',
    }


# --- one row ---------------------------------------------------------------------------------------------------------


def rows(language: str) -> dict[str, str]:
    """The formulas of a row of the table, as they stand in its first one."""
    inputs = f"{cell(FIELDS[0])}:{cell(FIELDS[-1])}"
    kind = f'TRIM({cell("kind")}&"")'
    empty, name, key = cell("kind_no"), cell("customer_name"), cell("key")
    reference, start, same = cell("reference"), cell("start"), cell("same_as")
    when = f"IF(ISNUMBER({start}),ROUND({start}*1440,0),{start})"
    parts = f'{cell("customer_no")}&"|"&LEFT(TRIM({reference}&""),{LONGEST_KEY})&"|"&{when}'
    nothing = f'OR({start}="",AND({cell("customer_no")}=0,{reference}=""))'
    told = text("register", "remark.not_priced", language)
    before, after = text("register", "remark.same_as", language, number="{number}").split("{number}")
    twice = f"{text_of(before)}&{same}&{text_of(after)}"
    return {
        "kind_no": f'=IF(COUNTIF({inputs},"")={len(FIELDS)},"",IFERROR({_position(kind, KINDS_NAME)},0))',
        "customer_name": f'=IFERROR(TRIM({cell("customer")}&""),"")',
        "customer_no": f'=IF({empty}="","",{_first(name, "customer_name")})',
        "customer_new": _new("customer_no"),
        "payer_name": f'=IFERROR({cell("payer")}&"","")',
        "payer_no": f'=IF({empty}="","",{_first(cell("payer_name"), "payer_name")})',
        "payer_new": _new("payer_no"),
        "key": f'=IF({empty}="","",IFERROR(IF({nothing},"",{parts}),""))',
        "key_no": f'=IF({key}="","",{_first(key, "key")})',
        "same_as": f'=IF({key}="","",IF(AND({cell("key_no")}>0,{cell("key_no")}<{_MINE}),{cell("key_no")},""))',
        "state": f'=IF({empty}="","",IF(ISNUMBER({cell("fee")}),{PRICED},{NOT_PRICED}))',
        "remark": f'=IF({cell("state")}={NOT_PRICED},{text_of(told)}&IF({same}="","",", "&{twice}),'
        f'IF({same}="","",{twice}))',
    }


_MINE: Final = f"ROW()-{FIRST}"
"""The number of the row that a formula stands in."""


def _new(number: str) -> str:
    """1 in the first row of each group."""
    return f'=IF({cell(number)}={_MINE},1,"")'


def _looked_up(value: str) -> str:
    """A text that is looked up as it is: ``*``, ``?`` and ``~`` stand for themselves."""
    for sign in "~*?":
        value = f'SUBSTITUTE({value},"{sign}","~{sign}")'
    return value


def _position(value: str, column: str) -> str:
    return f"MATCH({_looked_up(value)},{column},0)"


def _first(value: str, key: str) -> str:
    """The first row that holds a text; 0 when there is no text, or one too long to be looked up."""
    wanted = _looked_up(value)
    found = f'IF({value}="",0,IF(LEN({wanted})>{LONGEST_LOOKED_UP},0,MATCH({wanted},{named(key)},0)))'
    return f"IFERROR({found},0)"


# --- totals ----------------------------------------------------------------------------------------------------------


def counted(group: str, wanted: str, state: int = 0) -> str:
    """How many rows of a group there are, or how many of them are in a state; ``wanted`` is a cell or a condition."""
    also = f",{named('state')},{state}" if state else ""
    return f'=IF({wanted}="","",COUNTIFS({named(group)},{wanted}{also}))'


def added(group: str, wanted: str) -> str:
    """The fees of the rows of a group that have one; 0 for a line that is not used."""
    fees = f"SUMIFS({named('fee')},{named(group)},{wanted},{named('state')},{PRICED})"
    return f'=IF({wanted}="",0,ROUND({fees},2))'


def all_fees() -> str:
    """The fees of the whole column, whatever the helping columns say."""
    return f'=ROUND(SUMIF({named("fee")},">=0"),2)'


def shown(amount: str, missing: str, wanted: str, language: str) -> str:
    """A total: a number when it is whole, and otherwise a text that says how many rows are not in it."""
    before, after = text("register", "incomplete", language, amount="{amount}", count="{count}").split("{amount}")
    middle, end = after.split("{count}")
    told = f"{text_of(before)}&{euro_told(amount, language)}&{text_of(middle)}&{missing}&{text_of(end)}"
    whole = f"IF({missing}=0,{amount},{told})"
    return f'=IF({wanted}="","",{whole})' if wanted else f"={whole}"


def next_with(value: int, key: str, previous: str) -> str:
    """The number of the next row with this value in a column, after the row whose number a cell holds, if one does."""
    column = named(key)
    if not previous:
        return f'=IFERROR(MATCH({value},{column},0),"")'
    rest = f"INDEX({column},{previous}+1):INDEX({column},ROWS({column}))"
    later = f'IF({previous}=ROWS({column}),"",{previous}+MATCH({value},{rest},0))'
    return f'=IF({previous}="","",IFERROR({later},""))'


def without_group(group: str) -> str:
    """0, the number of the rows that are in no group, where there are any."""
    return f'=IF(COUNTIF({named(group)},0)=0,"",0)'


def further_groups(group: str, last: str) -> str:
    """The condition for groups after the one in a cell, where there are any."""
    return f'=IF({last}="","",IF(COUNTIF({named(group)},">"&{last})=0,"",">"&{last}))'


def name_of(key: str, number: str) -> str:
    """What a column of the table says in the row whose number a cell holds."""
    return f'=IF({number}="","",INDEX({named(key)},{number}))'


UNKNOWN: Final = 0
HOLDS_ERROR: Final = -1


def way(number: str) -> str:
    """How the reason is found for the row whose number a cell holds: the number of its kind, or what stops it."""
    kind, start = (f"INDEX({named(key)},{number})" for key in ("kind_no", CAN_STOP_IT[0]))
    others = ":".join(f"INDEX({named(key)},{number})" for key in (CAN_STOP_IT[1], CAN_STOP_IT[-1]))
    wrong = f"ISERROR({start})+SUMPRODUCT(--ISERROR({others}))>0"
    return f'=IF({number}="","",IF({kind}={UNKNOWN},{UNKNOWN},IF({wrong},{HOLDS_ERROR},{kind})))'


def reason(number: str, way: str, language: str) -> str:
    """Why the row whose number a cell holds has no price; another cell holds how the reason is found."""
    ways = [
        ("COPRO_WASTED_TRIP_FEE", WASTED_TRIP),
        ("COPRO_INSPECTION_FEE", INSPECTION),
    ]
    wasted, inspection = (_reason(function, fields, number, language) for function, fields in ways)
    unknown, error = (text_of(text("register", key, language)) for key in ("kind_unknown", "cell_error"))
    by_kind = f"IF({way}={WASTED},{wasted},{inspection})"
    return f'=IF({number}="","",IF({way}={UNKNOWN},{unknown},IF({way}={HOLDS_ERROR},{error},{by_kind})))'


def _reason(function: str, fields: Sequence[str], number: str, language: str) -> str:
    given = [text_of(f"{language}:{function}"), *(f"INDEX({named(field)},{number})" for field in fields)]
    return f"INDEX({_call('COPRO_EXPLAIN', given)},1,3)"


def held(key: str, number: str) -> str:
    """What an input cell holds in the row whose number a cell holds; nothing when it is empty."""
    cell_held = f"INDEX({named(key)},{number})"
    return f'=IF({number}="","",IF({cell_held}="","",{cell_held}))'
