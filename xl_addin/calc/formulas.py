"""Guards around the arguments of our functions in a workbook's formulas, and the same formulas without them.

Calc hands an add-in the *value* of a cell: an empty one is 0, so `trips` left blank would be no trip at all, and one
error anywhere in a range refuses the whole call with ``Err:502``. No declaration of a parameter changes that (one that
takes references refuses numbers). So, in the copy of a workbook that is recalculated, an argument is written as

* ``IF(ISBLANK(A2),"copro:blank",A2)`` for one cell,
* ``COPRO_CELLS(A2:A9)`` for a range: the add-in reads the cells themselves (`COPRO_EXPLAIN` is given single cells
  in this way too, as it explains errors),
* ``IF(ISERROR(x),"copro:error "&…,x)`` for other array arithmetic, such as ``(C2:C9-B2:B9)*24`` (``#N/A`` stays
  itself there and any other error is ``#VALUE!``: Calc's ``ERROR.TYPE`` takes no arrays),

`xl_addin.calc.convert` reads what these send, and the recalculated workbook gets its own formulas back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from xl_addin.calc.convert import BLANK, ERROR
from xl_addin.calc.names import CELLS_FUNCTION

_PREFIX: Final = "COPRO_"
_EXPLAIN: Final = "COPRO_EXPLAIN("
#: Functions whose result is a reference, to a cell that may be blank; in an array formula only the first do that.
_GIVE_REFERENCES: Final = ("INDEX", "OFFSET", "INDIRECT", "CHOOSE")
_MAY_GIVE_REFERENCES: Final = ("IF", "IFERROR", "_XLFN.IFNA", "_XLFN.IFS", "_XLFN.SWITCH", "_XLFN.XLOOKUP")

_CELL: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}")
_AREA: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}")
_LINES: Final = re.compile(r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[0-9]{1,7}:\$?[0-9]{1,7}")
_THIS_ROW: Final = re.compile(r"\[\s*(@|\[?#this row)", re.IGNORECASE)

_BLANK_GUARD: Final = re.compile(rf'IF\(ISBLANK\((.+?)\),"{BLANK}",\1\)', re.DOTALL)
_ERROR_GUARD: Final = re.compile(rf'IF\(ISERROR\((.+?)\),"{ERROR}"&IF\(ISNA\(\1\),7,3\),\1\)', re.DOTALL)
_CELLS_GUARD: Final = re.compile(rf"{CELLS_FUNCTION}\(((?:'[^']*'|\[[^\]]*\]|[^()'\[])*)\)")


def calls_us(formula: str) -> bool:
    """Whether one of our functions may stand in the formula."""
    return _PREFIX in formula.upper()


def guarded(formula: str, *, array: bool = False, areas: Mapping[str, bool] | None = None) -> str:
    """The formula (without ``=``) with guards; one that cannot be read is left as it is.

    ``array``: it is an array formula. ``areas`` tells, for each defined name in lower case that stands for a
    reference, whether that is a range (True) or one cell (False).
    """
    try:
        tokens = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError):
        return formula
    return _Guards(array, areas or {}).expression(tokens)


def unguarded(formula: str) -> str:
    """The formula without the guards."""
    before = None
    while before != formula and (BLANK in formula or ERROR in formula or CELLS_FUNCTION in formula):
        before = formula
        for guard in (_CELLS_GUARD, _BLANK_GUARD, _ERROR_GUARD):
            formula = guard.sub(r"\1", formula)
    return formula


class _Guards:
    def __init__(self, array: bool, areas: Mapping[str, bool]) -> None:
        self.array = array
        self.areas = areas

    def expression(self, tokens: Sequence[Token]) -> str:
        written = []
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type == Token.FUNC and token.subtype == Token.OPEN:
                end = _closing(tokens, position)
                written.append(self._function(tokens[position : end + 1]))
                position = end + 1
            else:
                written.append(token.value)
                position += 1
        return "".join(written)

    def _function(self, tokens: Sequence[Token]) -> str:
        name = tokens[0].value.upper()
        ours = name.startswith(_PREFIX) and name != f"{CELLS_FUNCTION}("
        explains = name == _EXPLAIN
        arguments = (self._argument(part, explains) if ours else self.expression(part) for part in _arguments(tokens))
        return f"{tokens[0].value}{','.join(arguments)}{tokens[-1].value}"

    def _argument(self, tokens: Sequence[Token], explains: bool) -> str:
        written = self.expression(tokens)
        core = [token for token in tokens if token.type != Token.WSPACE]
        plain = written.strip()
        if len(core) == 1 and _is_reference(core[0]):
            area = self._is_area(core[0].value)
            return written if area is None else _cells(plain) if area or explains else _blank(plain)
        if not core or not any(_is_reference(token) for token in core):
            return written
        if _is_call(core, _GIVE_REFERENCES if self.array else _GIVE_REFERENCES + _MAY_GIVE_REFERENCES):
            return _blank(plain)
        areas = (_is_reference(token) and self._is_area(token.value) for token in core)
        return _error(plain) if self.array and any(areas) else written

    def _is_area(self, reference: str) -> bool | None:
        """Whether the reference is a range; None: not known, so better left alone."""
        local = reference.rsplit("!", 1)[-1]
        if _CELL.fullmatch(local):
            return False
        if _AREA.fullmatch(local) or _LINES.fullmatch(local):
            return True
        if "[" in local:
            return not _THIS_ROW.search(local)
        return self.areas.get(local.lower())


def _blank(plain: str) -> str:
    return f'IF(ISBLANK({plain}),"{BLANK}",{plain})'


def _cells(plain: str) -> str:
    return f"{CELLS_FUNCTION}({plain})"


def _error(plain: str) -> str:
    return f'IF(ISERROR({plain}),"{ERROR}"&IF(ISNA({plain}),7,3),{plain})'


def _is_reference(token: Token) -> bool:
    return bool(token.type == Token.OPERAND and token.subtype == Token.RANGE)


def _is_call(tokens: Sequence[Token], functions: Sequence[str]) -> bool:
    """Whether the tokens are one call of one of these functions, and nothing more."""
    opening = tokens[0]
    if opening.type != Token.FUNC or opening.value.upper().rstrip("(") not in functions:
        return False
    return _closing(tokens, 0) == len(tokens) - 1


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for position in range(opening, len(tokens)):
        if tokens[position].subtype == Token.OPEN:
            depth += 1
        elif tokens[position].subtype == Token.CLOSE:
            depth -= 1
            if depth == 0:
                return position
    return len(tokens) - 1


def _arguments(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The arguments of a function call given from its name to its closing bracket; none for ``F()``."""
    inside = tokens[1:-1]
    if not inside:
        return
    depth = start = 0
    for position, token in enumerate(inside):
        if token.subtype == Token.OPEN:
            depth += 1
        elif token.subtype == Token.CLOSE:
            depth -= 1
        elif depth == 0 and token.type == Token.SEP and token.subtype == Token.ARG:
            yield inside[start:position]
            start = position + 1
    yield inside[start:]


def named_areas(names: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """For each defined name that stands for a plain reference, in lower case: whether that is a range."""
    guards = _Guards(False, {})
    found = ((name.lower(), guards._is_area(text)) for name, text in names if "[" not in text)
    return {name: area for name, area in found if area is not None}
