"""Guards around our functions in a workbook's formulas, and the same formulas without them.

Calc hands an add-in the *value* of a cell: an empty one is 0, so `trips` left blank would be no trip at all, and one
error anywhere in a range refuses the whole call with ``Err:502``. No declaration of a parameter changes that (one that
takes references refuses numbers). And what an add-in can give back is an array or a single value, never either: as
ours give arrays, a call inside another formula makes Calc compute that formula as an array, in which one ``IF`` inside
another does not work. So, in the copy of a workbook that is recalculated, an argument is written as

* ``IF(ISBLANK(A2),"copro:blank",A2)`` for one cell,
* ``COPRO_CELLS(A2:A9)`` for a range: the add-in reads the cells themselves (`COPRO_EXPLAIN` is given single cells in
  this way too, as it explains errors),
* ``IF(ISERROR(x),"copro:error "&…,x)`` for other array arithmetic, such as ``(C2:C9-B2:B9)*24`` (``#N/A`` stays itself
  there and any other error is ``#VALUE!``: Calc's ``ERROR.TYPE`` takes no arrays),

and a call with single values inside another formula as ``INDEX(COPRO_…,0+1,0+1)``. `xl_addin.calc.convert` reads what
the guards send, and the recalculated workbook gets its own formulas back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from xl_addin.calc.marks import BLANK, ERROR
from xl_addin.calc.names import CELLS_FUNCTION

_PREFIX: Final = "COPRO_"
_CALL: Final = re.compile(rf"\b{_PREFIX}\w+\(", re.IGNORECASE)
_TEXT: Final = re.compile(r'"[^"]*"')
_EXPLAIN: Final = "COPRO_EXPLAIN"
#: Functions whose result is a reference, to a cell that may be blank; in an array formula only the first do that.
_GIVE_REFERENCES: Final = ("INDEX", "OFFSET", "INDIRECT", "CHOOSE")
_MAY_GIVE_REFERENCES: Final = ("IF", "IFERROR", "_XLFN.IFNA", "_XLFN.IFS", "_XLFN.SWITCH", "_XLFN.XLOOKUP")
#: Functions that may give more than one value, and those that give what one of their arguments is.
_GIVE_ARRAYS: Final = {
    *(
        "OFFSET",
        "INDIRECT",
        "TRANSPOSE",
        "MMULT",
        "FREQUENCY",
        "_XLFN._XLWS.FILTER",
        "_XLFN._XLWS.SORT",
        "_XLFN.SORTBY",
    ),
    *("_XLFN.UNIQUE", "_XLFN.SEQUENCE", "_XLFN.RANDARRAY", "_XLFN.LET", "_XLFN.ANCHORARRAY"),
}
_PASS_ON: Final = {"IF", "IFERROR", "CHOOSE", "_XLFN.IFNA", "_XLFN.IFS", "_XLFN.SWITCH"}

_CELL: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}")
_AREA: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}")
_LINES: Final = re.compile(r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[0-9]{1,7}:\$?[0-9]{1,7}")
_CONSTANT: Final = re.compile(r'[-+]?[0-9.]+(E[-+]?[0-9]+)?%?|"([^"]|"")*"')
_THIS_ROW: Final = re.compile(r"\[\s*(@|\[?#this row)", re.IGNORECASE)

_BLANK_GUARD: Final = re.compile(rf'IF\(ISBLANK\((.+?)\),"{BLANK}",\1\)', re.DOTALL)
_ERROR_GUARD: Final = re.compile(rf'IF\(ISERROR\((.+?)\),"{ERROR}"&IF\(ISNA\(\1\),7,3\),\1\)', re.DOTALL)
_CELLS_GUARD: Final = re.compile(rf"{CELLS_FUNCTION}\(((?:'[^']*'|\[[^\]]*\]|[^()'\[])*)\)")
#: Characters that a formula may have, in Excel too; and with its guards, each of which repeats what it guards.
_LONGEST: Final = 8_192
_LONGEST_GUARDED: Final = 8 * _LONGEST
_SHOWN: Final = 60
_PICK: Final = "INDEX("
_PICKED: Final = ",0+1,0+1"


class TooLong(Exception):
    """A formula that is longer, or nested deeper, than a spreadsheet allows; its argument is how it begins."""


def calls_us(formula: str) -> bool:
    """Whether one of our functions is called in the formula."""
    return _PREFIX in formula.upper() and _CALL.search(_TEXT.sub("", formula)) is not None


def guarded(
    formula: str, *, array: bool = False, areas: Mapping[str, bool] | None = None, tables: Iterable[str] = ()
) -> str:
    """The formula (without ``=``) with guards; one that cannot be read, Calc neither, is left as it is.

    ``array``: it is an array formula. ``areas``: see `named_areas`. ``tables``: our functions that give tables.
    Raises `TooLong`: without guards it might be computed wrongly.
    """
    if len(formula) > _LONGEST:
        raise TooLong(formula[:_SHOWN])
    try:
        return _Guards(array, areas or {}, frozenset(tables)).formula(Tokenizer("=" + formula).items)
    except (TokenizerError, IndexError):
        return formula
    except (RecursionError, _Grown):
        raise TooLong(formula[:_SHOWN]) from None


def unguarded(formula: str) -> str:
    """The formula without the guards."""
    before = None
    while before != formula and (BLANK in formula or ERROR in formula or CELLS_FUNCTION in formula):
        before = formula
        for guard in (_CELLS_GUARD, _BLANK_GUARD, _ERROR_GUARD):
            formula = guard.sub(r"\1", formula)
    return _unpicked(formula) if _PICKED in formula else formula


def named_areas(names: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """For each defined name (name, meaning), in lower case: whether it is a range (True) or one value (False).

    A name that stands for anything else is left out: that is not known.
    """
    guards = _Guards(False, {}, frozenset())
    found = {name.lower(): _CONSTANT.fullmatch(text) is None and guards.is_area(text) for name, text in names}
    return {name: area for name, area in found.items() if area is not None}


class _Guards:
    def __init__(self, array: bool, areas: Mapping[str, bool], tables: frozenset[str]) -> None:
        self.array = array
        self.areas = areas
        self.tables = tables

    def formula(self, tokens: Sequence[Token]) -> str:
        """A whole formula: a call of ours that is all of it may well give an array, of which the cell shows one."""
        if tokens and _is_call(tokens) and self._is_ours(tokens):
            return self._function(tokens)
        return self._expression(tokens)

    def _expression(self, tokens: Sequence[Token]) -> str:
        written = []
        for part in _parts(tokens):
            if not _is_call(part):
                written.append("".join(token.value for token in part))
            elif self._is_ours(part) and not self.array and self._is_single(part):
                written.append(f"{_PICK}{self._function(part)}{_PICKED})")
            else:
                written.append(self._function(part))
        return "".join(written)

    def _function(self, tokens: Sequence[Token]) -> str:
        arguments = _arguments(tokens)
        if self._is_ours(tokens):
            explains = _name(tokens) == _EXPLAIN
            written = [self._argument(argument, explains) for argument in arguments]
        else:
            written = [self._expression(argument) for argument in arguments]
        return f"{tokens[0].value}{','.join(written)}{tokens[-1].value}"

    def _argument(self, tokens: Sequence[Token], explains: bool) -> str:
        core = [token for token in tokens if token.type != Token.WSPACE]
        if not any(_is_reference(token) for token in core):
            return self._expression(tokens)
        plain = _fitting(self._expression(core))
        if len(core) == 1:
            area = self.is_area(core[0].value)
            return plain if area is None else _cells(plain) if area or explains else _blank(plain)
        givers = _GIVE_REFERENCES if self.array else _GIVE_REFERENCES + _MAY_GIVE_REFERENCES
        if _is_call(core) and _name(core) in givers:
            return _blank(plain)
        areas = (_is_reference(token) and self.is_area(token.value) for token in core)
        return _error(plain) if self.array and any(areas) else plain

    def _is_ours(self, call: Sequence[Token]) -> bool:
        return _name(call).startswith(_PREFIX) and _name(call) != CELLS_FUNCTION

    def _is_single(self, call: Sequence[Token]) -> bool:
        """Whether a call of ours surely gives one value."""
        return _name(call) not in self.tables and all(map(self._is_value, _arguments(call)))

    def _is_value(self, tokens: Sequence[Token]) -> bool:
        return all(self._part_is_value(part) for part in _parts(tokens))

    def _part_is_value(self, part: Sequence[Token]) -> bool:
        if not _is_call(part):
            return not _is_reference(part[0]) or self.is_area(part[0].value) is False
        name = _name(part)
        if self._is_ours(part):
            return self._is_single(part)
        if name in _PASS_ON:
            return all(map(self._is_value, _arguments(part)))
        return name not in _GIVE_ARRAYS and part[0].type != Token.ARRAY

    def is_area(self, reference: str) -> bool | None:
        """Whether the reference is a range; None: not known, so better left alone."""
        local = reference.rsplit("!", 1)[-1]
        if _CELL.fullmatch(local):
            return False
        if _AREA.fullmatch(local) or _LINES.fullmatch(local):
            return True
        if "[" in local:
            return not _THIS_ROW.search(local)
        return self.areas.get(local.lower())


class _Grown(Exception):
    """Guards within guards have made a formula too long."""


def _fitting(plain: str) -> str:
    if len(plain) > _LONGEST_GUARDED:
        raise _Grown
    return plain


def _blank(plain: str) -> str:
    return f'IF(ISBLANK({plain}),"{BLANK}",{plain})'


def _cells(plain: str) -> str:
    return f"{CELLS_FUNCTION}({plain})"


def _error(plain: str) -> str:
    return f'IF(ISERROR({plain}),"{ERROR}"&IF(ISNA({plain}),7,3),{plain})'


def _unpicked(formula: str) -> str:
    start = formula.rfind(_PICK)
    while start >= 0:
        end = _closing_bracket(formula, start + len(_PICK))
        inside = formula[start + len(_PICK) : end]
        if inside.endswith(_PICKED):
            formula = formula[:start] + inside.removesuffix(_PICKED) + formula[end + 1 :]
        start = formula.rfind(_PICK, 0, start)
    return formula


def _closing_bracket(formula: str, start: int) -> int:
    """Where the bracket opened before ``start`` is closed; brackets in texts and in sheet names do not count."""
    depth = 1
    for found in re.finditer(r"\"[^\"]*\"|'[^']*'|[()]", formula[start:]):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth == 0:
            return start + found.start()
    return len(formula)


def _is_reference(token: Token) -> bool:
    return bool(token.type == Token.OPERAND and token.subtype == Token.RANGE)


def _name(call: Sequence[Token]) -> str:
    return str(call[0].value).upper().removesuffix("(")


def _is_call(tokens: Sequence[Token]) -> bool:
    """Whether the tokens are one call of a function (or one constant array), closed, and nothing more."""
    opens = tokens[0].type in (Token.FUNC, Token.ARRAY) and tokens[0].subtype == Token.OPEN
    return bool(opens and tokens[-1].subtype == Token.CLOSE and _closing(tokens, 0) == len(tokens) - 1)


def _parts(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens in turn, each call of a function with all that belongs to it as one part."""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        calls = token.type in (Token.FUNC, Token.ARRAY) and token.subtype == Token.OPEN
        end = _closing(tokens, position) if calls else position
        yield tokens[position : end + 1]
        position = end + 1


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for position in range(opening, len(tokens)):
        depth += {Token.OPEN: 1, Token.CLOSE: -1}.get(tokens[position].subtype, 0)
        if depth == 0:
            return position
    return len(tokens) - 1


def _arguments(call: Sequence[Token]) -> list[Sequence[Token]]:
    """The arguments of a call given from its name to its closing bracket; none for ``F()``."""
    found: list[Sequence[Token]] = []
    depth = start = 0
    inside = call[1:-1]
    for position, token in enumerate(inside):
        depth += {Token.OPEN: 1, Token.CLOSE: -1}.get(token.subtype, 0)
        if depth == 0 and token.type == Token.SEP and token.subtype == Token.ARG:
            found.append(inside[start:position])
            start = position + 1
    return [*found, inside[start:]] if inside else []
