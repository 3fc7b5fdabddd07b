"""The prices of a register: a call a column, as the formulas of its workbook are, so that both give the same.

A row that cannot be priced keeps its error; it is counted, told with its reason, and in no sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from operator import attrgetter
from typing import Final

from core.errors import InputError
from core.texts import text
from core.units import CENTS_PER_EURO
from workbooks.register.model import FIELDS, WASTED, Row, cells, kind_labels
from xl_addin.cells import Cell, CellError, blank
from xl_addin.evaluate import call
from xl_addin.session import Session

Column = list[Cell]
"""A value a row."""

_JOURNEY: Final = ("trips", "hours_abroad", "car_km", "tickets", "nights", "room_cost")
_WHERE: Final = ("site", "day_type", "regulation")
INSPECTION: Final = ("start", "hours", *_JOURNEY, *_WHERE)
"""The arguments of COPRO_INSPECTION_FEE."""
WASTED_TRIP: Final = ("start", *_JOURNEY, *_WHERE)
"""The arguments of COPRO_WASTED_TRIP_FEE."""

CAN_STOP_IT: Final = ("start", *FIELDS[FIELDS.index("hours") :])
"""The fields in which an error leaves a row without a price."""

PRICED: Final = 1
NOT_PRICED: Final = 2
LONGEST_LOOKED_UP: Final = 255
"""Characters that a sheet looks up."""
LONGEST_KEY: Final = 100
"""Characters of a reference that tell two rows apart."""
_MINUTES: Final = 1440
_CLEAR: Final = 0.49
"""Nearer than this to a whole number, no fifteen digits make another of it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A row without a price.

    Attributes:
        number: of the row, from 1.
        row: what it holds.
        column: the field that is wrong; empty when it is no one field.
        reason: what is wrong and what to do, in the language of the session.
    """

    number: int
    row: Row
    column: str
    reason: str

    @property
    def cell(self) -> str:
        """The cell of the workbook it was read from, such as ``F17``; empty when it was read from none."""
        return self.row.source.cell(self.column) if self.row.source else ""


@dataclass(frozen=True)
class PricedRegister:
    """A register with its prices: for each column of the workbook a value a row; blank where there is none.

    Attributes:
        rows: what was performed.
        session: that priced it, in the language of the workbook.
        inputs: what the input cells hold, by field.
        day: the kind of day.
        factor: at the start.
        payer: who pays whom.
        fee: euro without VAT, or an error.
        kind_no: position of the kind in the drop-down; 0 when it is not there.
        customer_name: as it is compared, apart from its case.
        customer_no: the first row of the same customer; 0 when there is no name.
        payer_name: that, or nothing where it is an error.
        payer_no: the first row with the same payer; 0 when there is none.
        key: what makes two rows the same: customer, reference, start.
        customer_new, payer_new: 1 in the first row of each.
        key_no: the first row with the same key.
        same_as: the earlier row that is the same.
        state: 1 priced, 2 not priced; blank for an empty row.
    """

    rows: Sequence[Row]
    session: Session
    inputs: dict[str, Column]
    day: Column
    factor: Column
    payer: Column
    fee: Column
    kind_no: Column
    customer_name: Column
    customer_no: Column
    payer_name: Column
    payer_no: Column
    customer_new: Column
    payer_new: Column
    key: Column
    key_no: Column
    same_as: Column
    state: Column

    @cached_property
    def failed(self) -> list[int]:
        """The positions of the rows without a price, from 0."""
        return [position for position, state in enumerate(self.state) if state == NOT_PRICED]

    @property
    def filled(self) -> int:
        """How many rows hold anything."""
        return sum(state is not None for state in self.state)

    @property
    def doubles(self) -> int:
        """How many rows are the same as an earlier one."""
        return sum(same is not None for same in self.same_as)

    @cached_property
    def cents(self) -> list[int]:
        """The fee of each row in cents; 0 for one without."""
        return [round(fee * CENTS_PER_EURO) if type(fee) is float else 0 for fee in self.fee]

    @property
    def total(self) -> int:
        """Of the rows with a price, in cents."""
        return sum(self.cents)

    def failure(self, position: int) -> Failure:
        """Why a row has no price."""
        language = self.session.language
        error = self.fee[position]
        assert isinstance(error, CellError)
        if not self.kind_no[position]:
            return Failure(position + 1, self.rows[position], "kind", text("register", "kind_unknown", language))
        function, fields = _function(self.kind_no[position])
        given = [self.inputs[field][position] for field in fields]
        held = [field for field in CAN_STOP_IT if isinstance(self.inputs[field][position], CellError)]
        if held:
            return Failure(position + 1, self.rows[position], held[0], text("register", "cell_error", language))
        rows = call("COPRO_EXPLAIN", [f"{language}:{function}", *given], self.session)
        assert isinstance(rows, list)
        return Failure(position + 1, self.rows[position], error.argument, str(rows[0][2]))

    def remark(self, position: int) -> str:
        """What the last column says of a row."""
        language, told = self.session.language, []
        if self.state[position] == NOT_PRICED:
            told.append(text("register", "remark.not_priced", language))
        if (same := self.same_as[position]) is not None:
            told.append(text("register", "remark.same_as", language, number=same))
        return ", ".join(told)


def price(rows: Sequence[Row], session: Session) -> PricedRegister:
    """Every row priced; what fails is an error in its own row."""
    language = session.language
    inputs = {field: cells(field, map(attrgetter(field), rows), language) for field in FIELDS}
    kind_no = _kinds(inputs, language)
    payer = _payers(inputs, kind_no, session)
    fee = _fees(inputs, kind_no, session)
    name = [_trimmed(value) for value in inputs["customer"]]
    customer_no = _first_rows(name, kind_no)
    payer_name: Column = [value if isinstance(value, str) else None for value in payer]
    payer_no = _first_rows(payer_name, kind_no)
    key = [_key(*parts) for parts in zip(customer_no, inputs["reference"], inputs["start"], strict=True)]
    key_no = _first_rows(key, key)
    return PricedRegister(
        rows=rows,
        session=session,
        inputs=inputs,
        day=_days(inputs, session),
        factor=_factors(inputs, session),
        payer=payer,
        fee=fee,
        kind_no=kind_no,
        customer_name=name,
        customer_no=customer_no,
        payer_name=payer_name,
        payer_no=payer_no,
        customer_new=_new(customer_no),
        payer_new=_new(payer_no),
        key=key,
        key_no=key_no,
        same_as=[number if number and number != row else None for row, number in enumerate(key_no, 1)],
        state=[
            None if kind is None else PRICED if type(value) is float else NOT_PRICED
            for kind, value in zip(kind_no, fee, strict=True)
        ],
    )


# --- calls of whole columns ------------------------------------------------------------------------------------------


def _called(function: str, columns: Sequence[Sequence[Cell] | str], session: Session) -> Column:
    """One call for every row; a text holds for all of them, and so does a column that is blank from top to bottom."""
    rows = max((len(column) for column in columns if not isinstance(column, str)), default=0)
    if not rows:
        return []
    arguments: list[object] = []
    for position, column in enumerate(columns):
        if isinstance(column, str) or (position and not any(value is not None for value in column)):
            arguments.append(column if isinstance(column, str) else None)
        else:
            arguments.append([(value,) for value in column] + [(None,)])  # a range of one cell would be a cell
    answer = call(function, arguments, session)
    assert isinstance(answer, list)
    return [row[0] for row in answer[:rows]]


def _gathered(keys: Sequence[Hashable], compute: Callable[[list[int]], Column]) -> Column:
    """A column computed once for each distinct key, from the first row that has it."""
    first: dict[Hashable, int] = {}
    for position, key in enumerate(keys):
        first.setdefault(key, position)
    answers = dict(zip(first, compute(list(first.values())), strict=True))
    return [answers[key] for key in keys]


def _picked(column: Sequence[Cell], positions: Iterable[int]) -> Column:
    return [column[position] for position in positions]


def _day(value: Cell) -> Hashable:
    """What of a start decides about its day."""
    return math.floor(value) if isinstance(value, float) and math.isfinite(value) else (value, type(value))


def _days(inputs: dict[str, Column], session: Session) -> Column:
    """The kind of day: the one chosen, or that of the calendar."""
    keys = [(_day(start), site) for start, site in zip(inputs["start"], inputs["site"], strict=True)]

    def compute(firsts: list[int]) -> Column:
        columns = [_picked(inputs["start"], firsts), _picked(inputs["site"], firsts), session.language]
        return _called("COPRO_DAY_TYPE", columns, session)

    return [
        found if chosen is None else chosen
        for found, chosen in zip(_gathered(keys, compute), inputs["day_type"], strict=True)
    ]


def _factors(inputs: dict[str, Column], session: Session) -> Column:
    """The factor at the start."""
    return _called("COPRO_FACTOR", [inputs[field] for field in ("start", "site", "day_type")], session)


def _payers(inputs: dict[str, Column], kind_no: Column, session: Session) -> Column:
    """Who pays whom; blank where the kind or the start is not known."""
    keys = [
        (kind, _day(start), regulation)
        for kind, start, regulation in zip(kind_no, inputs["start"], inputs["regulation"], strict=True)
    ]

    def compute(firsts: list[int]) -> Column:
        columns = [_picked(inputs[field], firsts) for field in ("kind", "start", "regulation")]
        found = _called("COPRO_PAYER", [columns[0], session.language, *columns[1:]], session)
        return [
            payer if kind and start is not None else None
            for payer, kind, start in zip(found, _picked(kind_no, firsts), columns[1], strict=True)
        ]

    return _gathered(keys, compute)


def _fees(inputs: dict[str, Column], kind_no: Column, session: Session) -> Column:
    """The fee of each row, by the function of its kind."""
    missing = CellError("#VALUE!", InputError("argument_missing"), "start")
    unknown = CellError("#VALUE!", None, "kind")
    fees: Column = [None if kind is None else unknown for kind in kind_no]
    for wasted in (False, True):
        mine = [position for position, kind in enumerate(kind_no) if kind and (kind == WASTED) is wasted]
        function, fields = _function(WASTED if wasted else 0)
        for position, fee in zip(mine, _called(function, _columns(inputs, fields, mine), session), strict=True):
            fees[position] = missing if fee is None or inputs["start"][position] is None else fee
    return fees


def _columns(inputs: dict[str, Column], fields: Sequence[str], positions: list[int]) -> list[Column]:
    return [_picked(inputs[field], positions) for field in fields]


def _function(kind_no: Cell) -> tuple[str, tuple[str, ...]]:
    """What prices a kind, and its arguments."""
    if kind_no == WASTED:
        return "COPRO_WASTED_TRIP_FEE", WASTED_TRIP
    return "COPRO_INSPECTION_FEE", INSPECTION


# --- what helps to add up --------------------------------------------------------------------------------------------


def _kinds(inputs: dict[str, Column], language: str) -> Column:
    """The position of each kind in the drop-down; 0 when it is not there, blank for an empty row."""
    known = {label.lower(): position for position, label in enumerate(kind_labels(language), 1)}
    written = {kind: known.get(str(_trimmed(kind)).lower(), 0) for kind in set(inputs["kind"])}
    return [
        None if kind is None and all(column[row] is None for column in inputs.values()) else written[kind]
        for row, kind in enumerate(inputs["kind"])
    ]


def _trimmed(value: Cell) -> Cell:
    """A text without spaces around it or twice in it, as TRIM makes it; blank for what is no text."""
    if not isinstance(value, str):
        return None
    if "  " not in value and value[:1] != " " and value[-1:] != " ":
        return value
    return " ".join(word for word in value.split(" ") if word) or None


def escaped(value: str) -> str:
    """A text that a sheet looks up as it is: ``*`` and ``?`` stand for themselves."""
    return value.replace("~", "~~").replace("*", "~*").replace("?", "~?")


def _too_long(value: str) -> bool:
    """Whether a sheet cannot look up a text; escaping at most doubles it."""
    return len(value) * 2 > LONGEST_LOOKED_UP and len(escaped(value)) > LONGEST_LOOKED_UP


def _first_rows(values: Column, used: Column) -> Column:
    """For each row, the first one with the same value; 0 when it has none, blank for a row that is not used."""
    first: dict[str, int] = {}
    found: Column = []
    for number, (value, mine) in enumerate(zip(values, used, strict=True), 1):
        if mine is None:
            found.append(None)
        elif not isinstance(value, str) or _too_long(value):
            found.append(0)
        else:
            found.append(first.setdefault(value.lower(), number))
    return found


def _key(customer_no: Cell, reference: Cell, start: Cell) -> Cell:
    """Customer, reference and start; blank where there is too little to compare."""
    if blank(start) or (not customer_no and blank(reference)):
        return None
    if isinstance(reference, CellError) or isinstance(start, CellError):
        return None
    when = _half_up(start * _MINUTES) if isinstance(start, float) else start
    return f"{customer_no}|{str(_trimmed(reference) or '')[:LONGEST_KEY]}|{when}"


def _half_up(value: float) -> int:
    """The nearest whole number, as ROUND gives it."""
    nearest = round(value)
    if abs(value - nearest) < _CLEAR:
        return nearest
    return int(Decimal(f"{value:.15g}").quantize(Decimal(1), ROUND_HALF_UP))


def _new(numbers: Column) -> Column:
    """1 in the first row of each group."""
    return [1 if number == row else None for row, number in enumerate(numbers, 1)]
