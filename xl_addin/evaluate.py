"""One call: arguments read, ranges broadcast, computed, and given back as cells; the same for every front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat

from core.errors import CoproError, ImpossibleValue, InputError
from core.memory import remember
from xl_addin.catalogue import FUNCTIONS, Call, Function
from xl_addin.catalogue.model import Argument
from xl_addin.cells import Cell, CellError, ErrorCell, Table, as_written, blank, cell
from xl_addin.session import Session, default_session

MAX_CELLS = 2_100_000
"""Cells one call may fill: a whole column, twice over."""

Answer = Cell | Table
Rows = Sequence[Sequence[object]]


class ArgumentError(Exception):
    """An argument that cannot be read: which one, and why."""

    def __init__(self, argument: str, reason: CoproError) -> None:
        super().__init__(argument, reason)
        self.argument = argument
        self.reason = reason


def call(name: str, arguments: Sequence[object], session: Session | None = None) -> Answer:
    """Computes a function as a cell would.

    Args:
        name: of the function, in any case.
        arguments: values as a spreadsheet has them; a range is a sequence of rows; ``None`` or "" is a blank cell.
        session: the installation at work; its own default when none is given.

    Returns:
        A cell, or rows of cells for ranges and tables. What fails is a `CellError`, never an exception.
    """
    try:
        opened = session or default_session()
        function = find(name)
        given, shape = arranged(function, arguments)
    except CoproError as error:
        return CellError(error.cell_code, error.forgetful())
    if shape is None:
        return attempt(function, Call(opened), given)
    return _spread(function, opened, given, shape)


def computed(name: object, arguments: Sequence[object], session: Session) -> tuple[Answer, Call]:
    """One case: its answer, and the call that computed it, with its steps and the policies that held."""
    under_way = Call(session)
    try:
        function = find(name)
        given, shape = arranged(function, arguments)
        if shape is not None or function.variadic:
            raise InputError("explain_one_case")
    except CoproError as error:
        return CellError(error.cell_code, error.forgetful()), under_way
    return attempt(function, under_way, given), under_way


def find(name: object) -> Function:
    """The function called ``name``.

    Raises:
        InputError: there is none.
    """
    wanted = name.strip().upper() if isinstance(name, str) else ""
    if wanted not in FUNCTIONS:
        raise InputError("function_unknown", name=as_written(name))
    return FUNCTIONS[wanted]


def arranged(function: Function, arguments: Sequence[object]) -> tuple[list[object], tuple[int, int] | None]:
    """The arguments, those left out at the end included, and the rows and columns of the result.

    The shape is ``None`` when every argument is a single value; a range of one cell is that cell.

    Raises:
        InputError: too many arguments, shapes that do not match, or a range where there can be none.
        ImpossibleValue: more cells than one call may fill.
    """
    expected = len(function.arguments)
    if len(arguments) > expected and not function.variadic:
        raise InputError("too_many_arguments", function=function.name, expected=expected, given=len(arguments))
    given = [*arguments, *[None] * (expected - len(arguments))]
    return given, _shape(function, given)


def _read(argument: Argument, value: object, session: Session) -> object:
    try:
        return argument.kind.read(value, session)
    except CoproError as error:
        raise ArgumentError(argument.name, error) from None


Read = Callable[[Argument, object, Session], object]


def attempt(
    function: Function, under_way: Call, arguments: Sequence[object], row: int = 0, read: Read = _read
) -> Answer:
    """One case: its value, or the error it ends in."""
    try:
        return _compute(function, under_way, arguments, read)
    except ArgumentError as error:
        return CellError(error.reason.cell_code, error.reason.forgetful(), error.argument, row)
    except CoproError as error:
        return CellError(error.cell_code, error.forgetful(), "", row)
    except ErrorCell as error:
        return CellError(error.code, None, "", row)


def _compute(function: Function, under_way: Call, arguments: Sequence[object], read: Read) -> Answer:
    """Reads the arguments and computes; what fails is raised.

    Raises:
        CoproError, ArgumentError, ErrorCell: what was wrong.
    """
    session = under_way.session
    values: list[object] = []
    for argument, value in zip(function.arguments, arguments, strict=False):
        if value is None or (isinstance(value, str) and not value):
            if argument.required:
                raise ArgumentError(argument.name, InputError("argument_missing"))
            values.append(None)
        else:
            values.append(read(argument, value, session))
    if function.variadic:
        values += arguments[len(function.arguments) :]
    result = function.compute(under_way, *values)
    if function.unit is None:
        return result  # type: ignore[return-value]
    return cell(result, function.unit, session.language)  # type: ignore[arg-type]


# --- ranges --------------------------------------------------------------------------------------------------------


_RANGES = frozenset({list, tuple})


def _is_range(value: object) -> bool:
    return type(value) in _RANGES


def _shape(function: Function, arguments: list[object]) -> tuple[int, int] | None:
    """Rows and columns of the result; single-cell ranges are replaced by their cell, in place."""
    shape: tuple[int, int] | None = None
    for position, value in enumerate(arguments):
        if type(value) not in _RANGES:
            continue
        if single := _only_cell(value):  # type: ignore[arg-type]
            arguments[position] = single[0]
        elif not _takes_range(function, position):
            if function.table:
                raise InputError("range_not_possible", function=function.name)
            shape = _together(shape or (1, 1), _measured(value))  # type: ignore[arg-type]
    if shape and shape[0] * shape[1] > MAX_CELLS:
        raise ImpossibleValue("too_many_cells", cells=shape[0] * shape[1], most=MAX_CELLS)
    return shape


def _only_cell(value: Rows) -> tuple[object] | None:
    """The cell of a range that has just one."""
    if len(value) != 1 or not _is_range(value[0]) or len(value[0]) != 1:
        return None
    if _is_range(value[0][0]):
        raise InputError("range_not_rows")
    return (value[0][0],)


def _takes_range(function: Function, position: int) -> bool:
    if position < len(function.arguments):
        return function.arguments[position].range
    return function.variadic


def _measured(value: Rows) -> tuple[int, int]:
    if not value or not set(map(type, value)) <= _RANGES:
        raise InputError("range_not_rows")
    widths = set(map(len, value))
    if len(widths) > 1 or 0 in widths:
        raise InputError("range_not_rows")
    return len(value), widths.pop()


def _together(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    rows, columns = (_dimension(a, b) for a, b in zip(one, other, strict=True))
    return rows, columns


def _dimension(one: int, other: int) -> int:
    if one != other and 1 not in (one, other):
        raise InputError("shapes_differ", one=one, other=other)
    return max(one, other)


class Varying(list[object]):
    """An argument that has a value for each cell of the result."""


def _spread(function: Function, session: Session, arguments: Sequence[object], shape: tuple[int, int]) -> Table:
    """Every cell of the result, as if computed on its own; below the last filled row all are blank."""
    from xl_addin.ranges import alike, priced

    rows, columns = shape
    varying = [_is_range(value) and not _takes_range(function, n) for n, value in enumerate(arguments)]
    required = [argument.required for argument in function.arguments]
    deciding = [n for n, varies in enumerate(varying) if varies and required[n]]
    filled = max((_filled(arguments[n], rows) for n in deciding), default=rows)  # type: ignore[arg-type]
    flat = [
        _flat(value, filled, columns) if varies else value  # type: ignore[arg-type]
        for value, varies in zip(arguments, varying, strict=True)
    ]
    size = filled * columns
    cells = priced(function, session, flat, size) or [None] * size
    firsts = alike(function, session, flat, size)
    read = _Once().read
    for place, found in enumerate(cells):
        if found is not None:
            continue
        row, first = place // columns + 1, firsts[place]
        if first < place:
            cells[place] = _again(cells[first], row)
        else:
            case = [value[place] if isinstance(value, Varying) else value for value in flat]
            cells[place] = _row_cell(function, session, case, deciding, row, read)
    table: Table = [cells[place : place + columns] for place in range(0, size, columns)]
    table += ([None] * columns for _ in range(rows - filled))
    return table


def _again(answer: Cell, row: int) -> Cell:
    """The answer of another row, in this one."""
    return answer._replace(row=row) if isinstance(answer, CellError) else answer


def _filled(value: Rows, rows: int) -> int:
    """How many of the rows there are down to the last one filled in: a column given whole is mostly blank."""
    for number in range(len(value), 0, -1):
        for item in value[number - 1]:
            if item is not None and not blank(item):
                return rows if len(value) == 1 else number
    return 0


def _flat(value: Rows, rows: int, columns: int) -> Varying:
    """A range, spread over the result: its cells row after row."""
    lines = value[:rows] if len(value) > 1 else repeat(value[0], rows)
    if columns == 1:
        return Varying(line[0] for line in lines)
    return Varying(cell for line in lines for cell in (line if len(line) > 1 else repeat(line[0], columns)))


class _Once:
    """Reads the values of a range, each distinct text and number once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, type, object], object] = {}

    def read(self, argument: Argument, value: object, session: Session) -> object:
        """The core value; a value that cannot be read is refused each time it is met."""
        kind = type(value)
        if kind is not str and kind is not float:
            return _read(argument, value, session)
        key = argument.name, kind, value
        if key in self._known:
            return self._known[key]
        return remember(self._known, key, _read(argument, value, session))


def _row_cell(
    function: Function, session: Session, arguments: list[object], deciding: Sequence[int], row: int, read: Read
) -> Cell:
    """One cell of a range; it stays blank when every required cell of its row is."""
    if deciding and all(blank(arguments[n]) for n in deciding):
        return None
    answer = attempt(function, Call(session), arguments, row, read)
    assert not isinstance(answer, list)
    return answer
