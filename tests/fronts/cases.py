"""Random calls of every function, and what each must answer: the cases that all fronts are compared on.

Needs nothing but the project, so that it runs wherever a front runs. The calls hold only what every spreadsheet can:
numbers of at most fifteen significant digits, short texts, booleans, blanks, error cells (as their code, "#N/A") and
rectangular ranges (lists of rows). They depend on the seed, the catalogue and the accepted names, and on nothing else:
``random.Random.random`` gives the same sequence in every Python.

``python -m tests.fronts.cases`` prints their fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.codes import codes
from core.topics import LANGUAGES, groups
from tests.fronts.folder import FOLDER_NAME, data_folder
from xl_addin import Session, call
from xl_addin.catalogue import FUNCTIONS, Argument, Function, kinds
from xl_addin.catalogue.model import Kind
from xl_addin.cells import CellError, serial

Case = tuple[str, list[object]]

COUNT, SEED = 20_000, 20_261_120

WEIGHTS = {
    "COPRO_INSPECTION_FEE": 24,
    "COPRO_WASTED_TRIP_FEE": 10,
    "COPRO_LATE_INTEREST": 9,
    "COPRO_PERFORMANCE_FEE": 8,
    "COPRO_TRAVEL_FEE": 6,
    "COPRO_RATE": 6,
    "COPRO_TRANSPORT_COST": 5,
    "COPRO_STAY_FEE": 5,
    "COPRO_APPLICATION_FEE": 5,
    "COPRO_CONTRIBUTION": 5,
    "COPRO_VAT": 5,
    "COPRO_LUMP_SUM": 5,
    "COPRO_LATE_CLAIM": 5,
    "COPRO_LATE_INTEREST_DETAIL": 4,
    "COPRO_INDEXED": 4,
    "COPRO_EXPLAIN": 4,
    "COPRO_STATUS": 1,
    "COPRO_POLICIES": 1,
    "COPRO_TARIFF": 1,
}
USUAL_WEIGHT = 2
"""Of a function without a weight of its own: the functions that give money come first."""


class Dice:
    """Chance, from `random.Random.random` only."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def below(self, limit: int) -> int:
        return int(self._random() * limit)

    def pick(self, values: Sequence[object]) -> object:
        return values[self.below(len(values))]

    def chance(self, percent: float) -> bool:
        return self._random() * 100 < percent


# --- good values ---------------------------------------------------------------------------------------------------

Maker = Callable[[Dice], object]


def fifteen(number: float) -> float:
    """A number as a cell keeps it."""
    return float(f"{number:.15g}")


def one_of(*values: object) -> Maker:
    return lambda dice: dice.pick(values)


def decimals(highest: int, places: int) -> Maker:
    """A number from 0 to ``highest`` with up to so many decimals."""
    return lambda dice: fifteen(dice.below(highest * 10**places) / 10**places)


FIRST_DAY, LAST_DAY = date(2022, 11, 1), date(2027, 2, 28)
BUSY_FIRST, BUSY_LAST = date(2023, 1, 1), date(2026, 12, 31)
SPECIAL_DAYS = (
    *(date(year, month, day) for year in (2023, 2024, 2025) for month, day in ((1, 1), (7, 12), (7, 21), (12, 31))),
    *(date(2024, 2, 29), date(2024, 3, 31), date(2023, 3, 26), date(2023, 10, 29), date(2025, 5, 29)),
)
SPECIAL_MINUTES = (6 * 60 - 1, 6 * 60, 18 * 60 - 1, 18 * 60, 17 * 60 + 31, 24 * 60 - 1, 2 * 60 + 30)


def some_day(dice: Dice) -> date:
    if dice.chance(8):
        return dice.pick(SPECIAL_DAYS)  # type: ignore[return-value]
    first, last = (FIRST_DAY, LAST_DAY) if dice.chance(6) else (BUSY_FIRST, BUSY_LAST)
    return date.fromordinal(first.toordinal() + dice.below(last.toordinal() - first.toordinal() + 1))


def written_day(day: date, dice: Dice) -> object:
    """A day as people type it: a date mostly, else text."""
    if dice.chance(75):
        return serial(day)
    if dice.chance(70):
        return day.isoformat()
    return dice.pick((f"{day.day:02}/{day.month:02}/{day.year}", f"{day.day}.{day.month}.{day.year}"))


def a_date(dice: Dice) -> object:
    return written_day(some_day(dice), dice)


def a_moment(dice: Dice) -> object:
    """A day without a time, or with one: by quarters of an hour, by minutes, at the edges of the night."""
    day = some_day(dice)
    if dice.chance(15):
        return written_day(day, dice)
    minutes = 15 * dice.below(96)
    if dice.chance(30):
        minutes = dice.below(24 * 60)
    elif dice.chance(10):
        minutes = int(dice.pick(SPECIAL_MINUTES))  # type: ignore[call-overload]
    if dice.chance(70):
        return fifteen(serial(day) + minutes / (24 * 60))
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    return dice.pick((f"{day.isoformat()}T{clock}", f"{day.isoformat()} {clock}", f"{day:%d/%m/%Y} {clock}"))


def presence(dice: Dice) -> object:
    if dice.chance(65):
        return (1 + dice.below(40)) / 4
    if dice.chance(60):
        return fifteen((1 + dice.below(1440)) / 60)  # minutes
    return decimals(24, 3)(dice) or 1.0


@cache
def a_code(group: str) -> Maker:
    """A code of the group or one of its names in four languages; upper case, lower case, or as it is listed."""
    names = list(codes(group))
    weights = [name for name in names for _ in range(4)]
    weights += [
        name for known in groups()[group].values() for kind in (*LANGUAGES, "also") for name in known.get(kind, ())
    ]

    def make(dice: Dice) -> object:
        name = str(dice.pick(weights))
        if dice.chance(20):
            return name.upper().replace("ẞ", "SS")
        if dice.chance(20):
            return name.lower()
        return f" {name} " if dice.chance(2) else name

    return make


def law(dice: Dice) -> object:
    return dice.pick((1865.0, 2002.0)) if dice.chance(50) else a_code("LAW")(dice)


def salary_year(dice: Dice) -> object:
    return float(2022 + dice.below(6))


def payments(dice: Dice) -> object:
    """Up to five payments, with a blank row now and then."""
    rows: list[object] = [[a_date(dice), decimals(600, 2)(dice)] for _ in range(1 + dice.below(4))]
    if dice.chance(30):
        rows.insert(dice.below(len(rows) + 1), [None, None])
    return rows


TIMELINE = ("invoice_date", "due_date", "notice_received", "until_date", "as_of")
MONEY = decimals(5_000, 2)
GOOD: Mapping[Kind, Maker] = {
    kinds.MOMENT: a_moment,
    kinds.DATE: a_date,
    kinds.HOURS: presence,
    kinds.HOURS_ABROAD: one_of(0.0, 1.0, 2.5, 3.75, 7.2, 11.1),
    kinds.COUNT: one_of(0.0, 1.0, 1.0, 2.0, 3.0, 12.0),
    kinds.KILOMETRES: decimals(1_500, 1),
    kinds.MONEY: MONEY,
    kinds.EXACT_AMOUNT: decimals(3_000, 4),
    kinds.INDEX: decimals(150, 2),
    kinds.QUANTITY: lambda dice: decimals(9_000, 2 if dice.chance(25) else 0)(dice),
    kinds.YEAR: salary_year,
    kinds.QUARTER: one_of(1.0, 2.0, 3.0, 3.0, 4.0),
    kinds.LAW: law,
    kinds.REGULATION: one_of("EXAMPLE-BRS", "example-brs", "TAR-COPRO-EXE-2.0", "tar-copro-exe-2.0"),
    kinds.FUNCTION_NAME: one_of(*FUNCTIONS),
    kinds.PAYMENTS: payments,
}


def good(argument: Argument, dice: Dice) -> object:
    """A value that the argument is meant to take."""
    kind = argument.kind
    if kind not in GOOD and kind.codes:
        return a_code(kind.codes)(dice)
    return GOOD[kind](dice)


# --- edges and rubbish ---------------------------------------------------------------------------------------------

NUMBER_EDGES = (0.0, 0.01, 0.005, 0.49, 0.5, 0.4999, 1.0, 1.5, 23.99, 24.0, 24.01, 25.0, 1333.33, 9999.0, 10000.0)
DATE_EDGES = (
    0.0,
    1.0,
    59.0,
    60.0,
    61.0,
    44926.0,
    44927.0,
    2958465.0,
    2958465.75,
    2958466.0,
    "2022-12-31",
    "2023-01-01",
)
MORE_DATE_EDGES = (
    "2024-02-29",
    "2023-02-29",
    "29/02/2024",
    "9999-12-31",
    "9999-12-01",
    "2023-03-26T02:30",
    "1899-12-31",
)
BIG_EDGES = (1e6, 1e9, 1e10, 1e12, 1e15, 123456789012345.0, 1e-7, 1e100)
YEAR_EDGES = (1899.0, 1900.0, 2022.0, 2023.0, 2027.0, 2100.0, 9999.0, 10000.0)
ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")
UNKNOWN = ("ONBEKEND", "x", "hours", "Antwerpenaar", "été", "ß", "2023-13-45", "31/02/2023", "12:30", "1.5 uur", "nee")
RUBBISH = (
    *UNKNOWN,
    True,
    False,
    -1.0,
    -0.01,
    1.5,
    2.7,
    1e15,
    -44927.0,
    30.0,
    99.0,
    "2023",
    "3,5",
    "€ 12",
    "COPRO_NIET",
)
DATES = (kinds.MOMENT, kinds.DATE)


def edge(argument: Argument, dice: Dice) -> object:
    """A value at a boundary of what the argument takes."""
    if argument.kind in DATES:
        return dice.pick(DATE_EDGES + MORE_DATE_EDGES)
    if argument.kind is kinds.YEAR:
        return dice.pick(YEAR_EDGES)
    if argument.kind is kinds.QUARTER:
        return dice.pick((0.0, 1.0, 4.0, 5.0))
    if argument.kind.codes or argument.range or argument.kind in (kinds.REGULATION, kinds.FUNCTION_NAME):
        return good(argument, dice)
    return dice.pick(NUMBER_EDGES) if dice.chance(75) else dice.pick(BIG_EDGES)


def bad(argument: Argument, dice: Dice) -> object:
    """An error cell, a value of the wrong type, an impossible value, an unknown code, or nothing where it is needed."""
    if dice.chance(22):
        return dice.pick(ERRORS)
    if argument.required and dice.chance(10):
        return dice.pick((None, ""))
    if argument.range:
        return dice.pick(
            ([[45000.0, None]], [["x", 5.0]], [[45000.0], [1.0]], [[45000.0, "#N/A"]], [[45000.0, -5.0]], 5.0)
        )
    return dice.pick(RUBBISH)


# --- calls ---------------------------------------------------------------------------------------------------------


def given(function: Function, dice: Dice) -> list[object]:
    """Good values for the needed arguments; an optional one is given about half of the time."""
    optional = dice.pick((0, 20, 45, 80))
    values = [
        good(argument, dice) if argument.required or dice.chance(optional) else dice.pick((None, None, ""))  # type: ignore[arg-type]
        for argument in function.arguments
    ]
    _sensible({argument.name: n for n, argument in enumerate(function.arguments)}, values, dice)
    return values


def _sensible(places: Mapping[str, int], values: list[object], dice: Dice) -> None:
    """Mostly what belongs together: kilometres with hours abroad, contributions with a regulation, dates in order."""
    abroad = places.get("hours_abroad")
    if abroad is not None and "car_km" in places:
        journey = any(values[places[name]] for name in ("car_km", "tickets"))
        if journey and not values[abroad] and dice.chance(90):
            values[abroad] = dice.pick((1.0, 2.5, 6.25))
    if "kind" in places and dice.chance(75):
        values[places["regulation"]] = "EXAMPLE-BRS"
    if sum(name in places for name in TIMELINE) > 1 and dice.chance(85):
        _in_order(places, values, dice)


def _in_order(places: Mapping[str, int], values: list[object], dice: Dice) -> None:
    """The dates of a late payment one after the other, the payments between the first and the last."""
    names = [name for name in TIMELINE if name in places and values[places[name]] not in (None, "")]
    days = sorted(some_day(dice) for _ in names)
    for name, day in zip(names, days, strict=True):
        values[places[name]] = written_day(day, dice)
    rows = values[places["payments"]] if "payments" in places else None
    for row in rows if isinstance(rows, list) else ():
        if row[0] is not None:
            between = days[0].toordinal() + dice.below((days[-1] - days[0]).days + 1)
            row[0] = written_day(date.fromordinal(between), dice)


def trimmed(values: list[object], dice: Dice) -> list[object]:
    """Blanks at the end mostly left out."""
    while values and values[-1] in (None, "") and not dice.chance(10):
        values = values[:-1]
    return values


def scalar(function: Function, dice: Dice) -> list[object]:
    """Single cells: mostly good, else one at a boundary or wrong."""
    values = given(function, dice)
    if not function.arguments or dice.chance(64):
        return values
    place = dice.below(len(values))
    make = edge if dice.chance(45) else bad
    values[place] = make(function.arguments[place], dice)
    return values


def ranges(function: Function, dice: Dice) -> list[object]:
    """Some of the arguments as columns, rows, grids or a range of one cell."""
    values = given(function, dice)
    rows, columns = 1 + dice.below(6), 1
    if dice.chance(20):
        rows, columns = columns, rows
    elif dice.chance(10):
        columns = 1 + dice.below(3)
    for place, argument in enumerate(function.arguments):
        if not argument.range and (place == 0 or dice.chance(40)):
            values[place] = _range(argument, *_shape(rows, columns, dice), dice)
    if dice.chance(15):
        _blank_row(values)
    return values


def _shape(rows: int, columns: int, dice: Dice) -> tuple[int, int]:
    if dice.chance(80):
        return rows, columns
    return dice.pick(((1, 1), (columns, rows), (rows + 1, columns), (rows, 1), (1, columns)))  # type: ignore[return-value]


def _range(argument: Argument, rows: int, columns: int, dice: Dice) -> object:
    return [[_element(argument, dice) for _ in range(columns)] for _ in range(rows)]


def _element(argument: Argument, dice: Dice) -> object:
    if dice.chance(6):
        return bad(argument, dice) if not argument.range else None
    if dice.chance(5):
        return edge(argument, dice)
    return None if dice.chance(5) else good(argument, dice)


def _blank_row(values: list[object]) -> None:
    """The last row blank in every range."""
    for value in values:
        if isinstance(value, list) and len(value) > 1:
            value[-1] = [None] * len(value[-1])


def explained(dice: Dice) -> list[object]:
    """The explanation of another call, in some language."""
    function = FUNCTIONS[chosen(dice)]
    name = function.name
    if dice.chance(60):
        name = f"{dice.pick(LANGUAGES)}:{name.lower() if dice.chance(20) else name}"
    arguments = ranges(function, dice) if dice.chance(3) else scalar(function, dice)
    if dice.chance(4):
        name = str(dice.pick((f"xx:{name}", "COPRO_NIET", f" {name} ", "fr:", "#N/A")))
    return [name, *trimmed(arguments, dice)]


def arguments_of(function: Function, dice: Dice) -> list[object]:
    if function.variadic and dice.chance(95):
        return explained(dice)
    wanted = 4 if function.table else 22
    return trimmed(
        ranges(function, dice) if function.arguments and dice.chance(wanted) else scalar(function, dice), dice
    )


_BALLOTS = [name for name in FUNCTIONS for _ in range(WEIGHTS.get(name, USUAL_WEIGHT))]


def chosen(dice: Dice) -> str:
    """A function's name, by weight."""
    return str(dice.pick(_BALLOTS))


def random_calls(count: int = COUNT, seed: int = SEED) -> list[Case]:
    """So many calls, the same for the same seed; every function among them when there are enough."""
    dice = Dice(seed)
    calls = []
    for _ in range(count):
        name = chosen(dice)
        calls.append((name, arguments_of(FUNCTIONS[name], dice)))
    return calls


# --- answers -------------------------------------------------------------------------------------------------------


def canonical(answer: object) -> object:
    """An answer as every front can show it: numbers as floats, a date as its serial, an error as its code, blank ""."""
    if isinstance(answer, CellError):
        return answer.code
    if isinstance(answer, list | tuple):
        return [canonical(item) for item in answer]
    if isinstance(answer, date):
        return serial(answer)
    if isinstance(answer, int) and not isinstance(answer, bool):
        return float(answer)
    return "" if answer is None else answer


def expected(cases: Sequence[Case], session: Session | None = None) -> list[object]:
    """What `xl_addin.call` answers, on the fronts' data folder when no session is given."""
    if session is not None:
        return [canonical(call(name, arguments, session)) for name, arguments in cases]
    with TemporaryDirectory() as target:
        return expected(cases, Session.open(data_folder(Path(target))))


def same(one: object, other: object) -> bool:
    """Whether two canonical answers agree: numbers to the last bit, the data folder wherever it lies."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one == other or (one.endswith(FOLDER_NAME) and other.endswith(FOLDER_NAME))
    if isinstance(one, float) and isinstance(other, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return type(one) is type(other) and one == other


def fingerprint(cases: Sequence[Case]) -> str:
    """Of the calls as JSON."""
    return hashlib.sha256(json.dumps(cases, ensure_ascii=True).encode()).hexdigest()


if __name__ == "__main__":
    print(fingerprint(random_calls()))
