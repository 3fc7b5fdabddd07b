"""Columns and what a rule makes of them: the arithmetic in chunks, the rest case by case."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import CoproError, ImpossibleValue, InputError, NotAvailable

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

    IntColumn = Sequence[int] | NDArray[np.int64]
    ErrorColumn = Sequence[int] | NDArray[np.uint8]

Ints = Any
"""An ``int64`` array; anything to the type checker, for the arithmetic of the rules is typed for ``int``."""
Mask = Any
"""An array of ``bool``: some of the rows."""
Figure = Any
"""A whole number, or ``None`` for a column left out."""

DAY_ONLY = -1
"""The time of day where only the day is known."""
CHUNK = 24_576
"""Rows computed at a time: their columns stay in the processor's cache, and in memory that is used again at once."""
FEW = 2_000
"""Rows of a plain sequence for which NumPy is not worth its import."""
MOST_CASES = 1_000_000
"""Distinct cases that one memory keeps; then it begins anew."""
MOST_COUNTED = 2**20
"""Trips, nights or applications of a row that arrays multiply; rows with more are asked one by one."""
ROOM = 2**61
"""The largest product that arrays may hold, so that it can be doubled and another added within 64 bits."""
HIGHEST = 2**63 - 1
REFUSED = -(2**62)
"""A value below it, by the number of an error, stands for a row that is known to end in that error."""
ERRORS: tuple[type[CoproError] | None, ...] = (None, InputError, ImpossibleValue, NotAvailable)
"""What the numbers in `Outcome.errors` stand for."""
_NUMBERS = {error.cell_code: number for number, error in enumerate(ERRORS) if error}


class Outcome(NamedTuple):
    """What a rule says of every row.

    Attributes:
        values: cents (or days, or halves); 0 where the row is refused.
        errors: 0, or the place in `ERRORS` of what the row ends in.
    """

    values: IntColumn
    errors: ErrorColumn


@cache
def numpy() -> ModuleType | None:
    """NumPy where it is installed."""
    try:
        import numpy as np
    except ImportError:
        return None
    return np


class Cases(dict[Hashable, int]):
    """Answers by case, each asked once: a value, or a negative number for the error that it ends in."""

    def __init__(self, rule: ColumnRule) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, case: tuple[Any, ...]) -> int:
        answer = self._rule.known(*case)
        try:
            if answer < 0:
                answer = self._rule.one(*case)
            if answer > HIGHEST:
                raise _too_large(answer)
        except CoproError as error:
            answer = -_NUMBERS[error.cell_code]
        if len(self) >= MOST_CASES:
            self.clear()
        self[case] = answer
        return answer


def _too_large(value: int) -> ImpossibleValue:
    return ImpossibleValue("number_too_large", value=value, highest=HIGHEST)


class ColumnRule(ABC):
    """A rule that can be asked about one case, and about columns of them."""

    def __init__(self) -> None:
        self._cases = Cases(self)

    @abstractmethod
    def one(self, *case: Figure) -> int:
        """The answer for one case, by the rules themselves; ``None`` stands for a column left out.

        Raises:
            CoproError: what is wrong with it.
        """

    def known(self, *case: Figure) -> int:
        """The answer for one case where it follows from what was asked before, else -1."""
        return -1

    @abstractmethod
    def vector(self, *columns: Ints) -> tuple[Ints, Mask | None]:
        """The answers for arrays, and the rows that must be asked one by one (``None``: there are none).

        A row among them with a value below `REFUSED` need not be asked: it ends in error ``REFUSED - value``.
        """

    def learn(self, columns: Sequence[Ints], answers: Ints) -> None:  # noqa: B027 (most rules have nothing to learn)
        """Takes note of the answers for rows that had to be asked."""

    def alike(self, *columns: Sequence[int] | None) -> Sequence[Sequence[int] | None]:
        """The columns with each case replaced by one that has the same answer, so that few are left to ask."""
        return columns

    def __call__(self, *columns: IntColumn | None) -> Outcome:
        """The answers for whole columns; a column left out is ``None``.

        Raises:
            ValueError: columns of different lengths.
            TypeError, OverflowError: a column that does not hold whole numbers of at most 64 bits.
        """
        sizes = {len(column) for column in columns if column is not None}
        if len(sizes) != 1:
            raise ValueError("columns of different lengths")
        size = sizes.pop()
        few = size < FEW and all(column is None or isinstance(column, list | tuple) for column in columns)
        if few or numpy() is None:
            plain: Sequence[Any] = columns
            return self.of_alike(*self.alike(*plain))
        return self._in_chunks([None if column is None else whole_numbers(column) for column in columns], size)

    def reason(self, *case: int | None) -> CoproError | None:
        """Why a case is refused, as the rules say it; ``None`` when it is not."""
        try:
            answer = self.one(*case)
        except CoproError as error:
            return error.forgetful()
        return _too_large(answer) if answer > HIGHEST else None

    def of_alike(self, *columns: Sequence[int] | None) -> Outcome:
        """The answers for plain columns that `alike` gave: each distinct case is asked once."""
        answers = self._answers(columns)
        errors = bytearray(len(answers))
        if min(answers, default=0) < 0:
            for row in [row for row, answer in enumerate(answers) if answer < 0]:
                errors[row], answers[row] = -answers[row], 0
        return Outcome(answers, errors)

    def _answers(self, columns: Sequence[Any]) -> list[int]:
        cases = zip(*(repeat(None) if column is None else column for column in columns), strict=False)
        return list(map(self._cases.__getitem__, cases))

    def _in_chunks(self, columns: Sequence[Any], size: int) -> Outcome:
        import numpy as np

        values, errors = np.empty(size, np.int64), np.zeros(size, np.uint8)
        for begin in range(0, size, CHUNK):
            part = slice(begin, begin + CHUNK)
            chunk = [None if column is None else column[part] for column in columns]
            values[part], unsure = self.vector(*chunk)
            if unsure is not None and unsure.any():
                self._ask(chunk, unsure, values[part], errors[part])
        return Outcome(values, errors)

    def _ask(self, chunk: Sequence[Any], unsure: Mask, values: Ints, errors: NDArray[np.uint8]) -> None:
        """Asks the rows that are not sure one by one."""
        import numpy as np

        rows = np.flatnonzero(unsure)
        doubtful = values[rows]
        learnt = doubtful < REFUSED
        answers = np.where(learnt, doubtful, REFUSED) - REFUSED
        if not learnt.all():
            asked = [None if column is None else column[rows[~learnt]] for column in chunk]
            plain = (None if column is None else column.tolist() for column in asked)
            answers[~learnt] = self._answers(self.alike(*plain))
            self.learn(asked, answers[~learnt])
        values[rows] = np.maximum(answers, 0)
        errors[rows] = np.maximum(-answers, 0)


def whole_numbers(column: IntColumn) -> Ints:
    """A column as an ``int64`` array.

    Raises:
        TypeError: not whole numbers.
        OverflowError: numbers of more than 64 bits.
    """
    import numpy as np

    array = np.asarray(column, None if len(column) else np.int64)
    if array.dtype.kind not in "iu" and not all(type(value) is int for value in array.tolist()):
        raise TypeError("a column holds whole numbers")
    if not np.can_cast(array.dtype, np.int64):
        raise OverflowError("a number of more than 64 bits")
    return array.astype(np.int64, copy=False)


def picked(column: Any, rows: Any) -> Any:  # noqa: ANN401
    """Some rows of a column, an array or a sequence; all when ``rows`` is ``None``, as for a column left out."""
    if column is None or rows is None:
        return column
    return [column[row] for row in rows] if isinstance(column, list | tuple | bytearray) else column[rows]


def place_in(target: Any, rows: Any, values: Any) -> None:  # noqa: ANN401
    """Puts values into some rows of an array or a list."""
    if isinstance(target, list | bytearray):
        for row, value in zip(rows, values, strict=True):
            target[row] = value
    else:
        target[rows] = values


def either(one: Mask | None, other: Mask | None) -> Mask | None:
    """The rows of the one or the other."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def none_sure(column: Ints) -> tuple[Ints, Mask]:
    """No answer for any row: all must be asked one by one."""
    import numpy as np

    return np.zeros_like(column), np.ones(len(column), np.bool_)


def within(column: Ints, highest: int, lowest: int = 0) -> tuple[Ints, Mask | None]:
    """A column with ``lowest`` for what is below it or above ``highest``, and the rows that were."""
    import numpy as np

    if column.min() >= lowest and column.max() <= highest:
        return column, None
    outside = (column < lowest) | (column > highest)
    return np.where(outside, lowest, column), outside


def not_negative(value: int) -> int:
    """The value itself.

    Raises:
        ImpossibleValue: it is negative.
    """
    if value < 0:
        raise ImpossibleValue("number_is_negative", value=value)
    return value


def by_number(
    numbers: Ints, compute: Callable[..., tuple[Ints, Mask | None]], *columns: Ints
) -> tuple[Ints, Mask | None]:
    """Computes the rows of each number apart; mostly there is only one."""
    import numpy as np

    lowest, highest = int(numbers.min()), int(numbers.max())
    if lowest == highest:
        return compute(lowest, *columns)
    values, unsure = np.zeros_like(numbers), np.zeros(len(numbers), np.bool_)
    for number in np.unique(numbers).tolist():
        rows = np.flatnonzero(numbers == number)
        values[rows], doubtful = compute(number, *(column[rows] for column in columns))
        if doubtful is not None:
            unsure[rows] = doubtful
    return values, unsure
