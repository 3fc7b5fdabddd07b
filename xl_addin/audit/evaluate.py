"""The value of a formula's tree, from the cells as they were saved: our functions, and what people put around them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from xl_addin.audit.formula import PREFIX, Array, Call, Constant, Node, NotReadable, Reference
from xl_addin.audit.sheets import Place, Rows, Sheets, Value
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import ERROR_CODES, CellError, serial
from xl_addin.evaluate import Answer, call
from xl_addin.session import Session

Result = Value | Rows


class Evaluator:
    """Computes formulas of one workbook; cells that a formula refers to count as they were saved."""

    def __init__(self, sheets: Sheets, session: Session) -> None:
        self.sheets = sheets
        self.session = session

    def value(self, node: Node, at: Place) -> Result:
        """The value, or the rows, of a tree.

        Raises:
            NotReadable: a function, a name or a reference that is not known here.
        """
        match node:
            case Constant():
                return node.value
            case Reference():
                return self.sheets.read(node.text, at)
            case Array():
                return [[_single(self.value(cell, at)) for cell in row] for row in node.rows]
            case Call():
                return self._called(node, at)

    def _called(self, node: Call, at: Place) -> Result:
        if node.name in _LAZY:
            return _LAZY[node.name](self, node.arguments, at)
        given = [self.value(argument, at) for argument in node.arguments]
        if node.name.startswith(PREFIX):
            return _plain(call(node.name, given, self.session)) if node.name in FUNCTIONS else "#NAME?"
        if node.name in _OPERATORS:
            return _each(_OPERATORS[node.name], given)
        if node.name in _CLOCK:
            return _CLOCK[node.name](self.session)
        if node.name not in _FUNCTIONS:
            raise NotReadable(f"{node.name}()")
        return _FUNCTIONS[node.name](*given)


def is_error(value: object) -> bool:
    """Whether a cell holds an error."""
    return isinstance(value, str) and value in ERROR_CODES


def _plain(answer: Answer) -> Result:
    if isinstance(answer, list):
        return [[_cell(value) for value in row] for row in answer]
    return _cell(answer)


def _cell(value: object) -> Value:
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, date):
        return serial(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    assert value is None or isinstance(value, bool | float | str)
    return value


def _single(value: Result) -> Value:
    return value[0][0] if isinstance(value, list) else value


def _number(value: Value) -> float:
    """A value as arithmetic takes it.

    Raises:
        _Refused: text, or an error.
    """
    if isinstance(value, str):
        raise _Refused(value if is_error(value) else "#VALUE!")
    return float(value or 0.0)


class _Refused(Exception):
    """An operation that ends in an error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _each(compute: Callable[..., Value], given: Sequence[Result]) -> Result:
    """An operation on single values, or on every cell of ranges."""
    tables = [value for value in given if isinstance(value, list)]
    if not tables:
        return _attempt(compute, given)  # type: ignore[arg-type]
    height, width = max(map(len, tables)), max(len(table[0]) for table in tables)
    return [
        [_attempt(compute, [_at(value, row, column) for value in given]) for column in range(width)]
        for row in range(height)
    ]


def _at(value: Result, row: int, column: int) -> Value:
    if not isinstance(value, list):
        return value
    cells = value[0] if len(value) == 1 else value[row] if row < len(value) else []
    return (cells[0] if len(cells) == 1 else cells[column] if column < len(cells) else "#N/A") if cells else "#N/A"


def _attempt(compute: Callable[..., Value], given: Sequence[Value]) -> Value:
    try:
        result = compute(*given)
    except _Refused as refused:
        return refused.code
    except ZeroDivisionError:
        return "#DIV/0!"
    except OverflowError:
        return "#NUM!"
    return "#NUM!" if isinstance(result, complex) or (isinstance(result, float) and math.isnan(result)) else result


# --- operators -----------------------------------------------------------------------------------------------------


def _arithmetic(compute: Callable[..., float]) -> Callable[..., Value]:
    return lambda *given: compute(*(_number(value) for value in given))


def _joined(left: Value, right: Value) -> str:
    for value in (left, right):
        if is_error(value):
            raise _Refused(str(value))
    return _text(left) + _text(right)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    return value or ""


def _comparison(compute: Callable[[_Order, _Order], bool]) -> Callable[[Value, Value], Value]:
    def compared(left: Value, right: Value) -> Value:
        for value in (left, right):
            if is_error(value):
                raise _Refused(str(value))
        return compute(_order(left, right), _order(right, left))

    return compared


_Order = tuple[int, Any]


def _order(value: Value, other: Value) -> _Order:
    """As a sheet sorts: numbers, then texts whatever their case, then FALSE and TRUE; a blank is as the other side."""
    if value is None:
        value = "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0
    if isinstance(value, bool):
        return (2, float(value))
    return (1, value.casefold()) if isinstance(value, str) else (0, value)


_OPERATORS: Final[dict[str, Callable[..., Value]]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(operator.truediv),
    "^": _arithmetic(operator.pow),
    "neg": _arithmetic(operator.neg),
    "plus": lambda value: value,
    "&": _joined,
    "=": _comparison(operator.eq),
    "<>": _comparison(operator.ne),
    "<": _comparison(operator.lt),
    ">": _comparison(operator.gt),
    "<=": _comparison(operator.le),
    ">=": _comparison(operator.ge),
    "INT": _arithmetic(lambda number: float(math.floor(number))),
    "ABS": _arithmetic(abs),
    "ROUND": lambda value, digits=0.0: _rounded(_number(value), int(_number(digits))),
    "N": lambda value: value if is_error(value) else 0.0 if isinstance(value, str) else float(value or 0.0),
    "T": lambda value: value if isinstance(value, str) else "",
    "TRIM": lambda value: " ".join(word for word in _text(value).split(" ") if word),
    "UPPER": lambda value: _text(value).upper(),
    "ISBLANK": lambda value: value is None,
    "ISNUMBER": lambda value: isinstance(value, float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(value, str) and not is_error(value),
    "ISERROR": is_error,
    "ISNA": lambda value: value == "#N/A",
    "NOT": lambda value: not _truth(value),
    "DATE": lambda year, month, day: _date(_number(year), _number(month), _number(day)),
}


def _rounded(number: float, digits: int) -> float:
    """Half away from zero, on the fifteen digits that a sheet shows."""
    step = Decimal(1).scaleb(-digits)
    return float((Decimal(f"{number:.15g}") / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def _date(year: float, month: float, day: float) -> float:
    months = int(year) * 12 + int(month) - 1
    try:
        return serial(date(months // 12, months % 12 + 1, 1)) + int(day) - 1
    except ValueError:
        raise _Refused("#NUM!") from None


def _truth(value: Result) -> bool:
    single = _single(value)
    return bool(_number(single))


# --- functions that look before they compute -----------------------------------------------------------------------

_Lazy = Callable[[Evaluator, Sequence[Node], Place], Result]


def _if(evaluator: Evaluator, arguments: Sequence[Node], at: Place) -> Result:
    condition = evaluator.value(arguments[0], at)
    if isinstance(condition, list):
        choices = [evaluator.value(argument, at) for argument in arguments[1:]] + [False] * (3 - len(arguments))
        return _each(lambda truth, one, other: one if _truth(truth) else other, [condition, *choices])
    if is_error(condition):
        return condition
    if isinstance(condition, str):
        return "#VALUE!"
    if condition:
        return evaluator.value(arguments[1], at)
    return evaluator.value(arguments[2], at) if len(arguments) > 2 else False


def _instead(of: Callable[[object], bool]) -> _Lazy:
    def chosen(evaluator: Evaluator, arguments: Sequence[Node], at: Place) -> Result:
        value = evaluator.value(arguments[0], at)
        cells = [cell for row in value for cell in row] if isinstance(value, list) else [value]
        if not any(of(cell) for cell in cells):
            return value
        other = evaluator.value(arguments[1], at)
        return _each(lambda one, two: two if of(one) else one, [value, other])

    return chosen


def _all(wanted: bool) -> _Lazy:
    """AND and OR."""

    def decided(evaluator: Evaluator, arguments: Sequence[Node], at: Place) -> Result:
        cells = _flat([evaluator.value(argument, at) for argument in arguments])
        wrong = next((cell for cell in cells if is_error(cell)), None)
        if wrong is not None:
            return wrong
        truths = [bool(cell) for cell in cells if cell is not None and not isinstance(cell, str)]
        return all(truths) if wanted else any(truths)

    return decided


_LAZY: Final[dict[str, _Lazy]] = {
    "IF": _if,
    "IFERROR": _instead(is_error),
    "IFNA": _instead(lambda value: value == "#N/A"),
    "AND": _all(wanted=True),
    "OR": _all(wanted=False),
}


# --- functions of ranges -------------------------------------------------------------------------------------------


def _flat(given: Sequence[Result]) -> list[Value]:
    return [cell for value in given for row in (value if isinstance(value, list) else [[value]]) for cell in row]


def _aggregate(compute: Callable[[list[float]], float]) -> Callable[..., Result]:
    def aggregated(*given: Result) -> Result:
        cells = _flat(given)
        wrong = next((cell for cell in cells if is_error(cell)), None)
        numbers = [cell for cell in cells if isinstance(cell, float) and not isinstance(cell, bool)]
        return wrong if wrong is not None else compute(numbers)

    return aggregated


def _index(table: Result, row: Result = 1.0, *columns: Result) -> Result:
    column = columns[0] if columns else 1.0
    rows = table if isinstance(table, list) else [[table]]
    if is_error(table):
        return table
    if not isinstance(row, float | None) or not isinstance(column, float | None):
        raise NotReadable("INDEX()")
    down, across = int(row or 0), int(column or 0)
    if len(rows) == 1 and len(rows[0]) > 1 and not columns:  # of a single row, the only position is the column
        down, across = 1, down
    if down > len(rows) or across > len(rows[0]) or down < 0 or across < 0:
        return "#REF!"
    chosen = rows if down == 0 else [rows[down - 1]]
    cut = chosen if across == 0 else [[cells[across - 1]] for cells in chosen]
    return cut[0][0] if len(cut) == 1 and len(cut[0]) == 1 else cut


def _match(wanted: Result, table: Result, kind: Result = 1.0) -> Result:
    if kind not in (0.0, None) or isinstance(wanted, list):
        raise NotReadable("MATCH()")
    if is_error(wanted):
        return wanted
    for position, cell in enumerate(_flat([table]), start=1):
        if not is_error(cell) and cell is not None and _order(cell, wanted) == _order(wanted, cell):
            return float(position)
    return "#N/A"


def _sum_of_products(*given: Result) -> Result:
    products = _each(lambda *cells: math.prod(_factor(cell) for cell in cells), given)
    return _FUNCTIONS["SUM"](products)


def _factor(cell: Value) -> float:
    if is_error(cell):
        raise _Refused(str(cell))
    return cell if isinstance(cell, float) and not isinstance(cell, bool) else 0.0


_FUNCTIONS: Final[dict[str, Callable[..., Result]]] = {
    "SUM": _aggregate(math.fsum),
    "MAX": _aggregate(lambda numbers: max(numbers, default=0.0)),
    "MIN": _aggregate(lambda numbers: min(numbers, default=0.0)),
    "COUNT": lambda *given: float(sum(isinstance(cell, float) and not isinstance(cell, bool) for cell in _flat(given))),
    "INDEX": _index,
    "MATCH": _match,
    "SUMPRODUCT": _sum_of_products,
}

_CLOCK: Final[dict[str, Callable[[Session], Result]]] = {
    "TODAY": lambda session: serial(session.today()),
    "NOW": lambda session: serial(session.today()),
}
