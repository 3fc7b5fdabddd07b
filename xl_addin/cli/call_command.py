"""``copro call``: one function, or a batch of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import get_terminal_size
from typing import TextIO

from core.errors import FileError, InputError, system_reason
from core.texts import text
from core.units import Unit
from xl_addin.catalogue import FUNCTIONS
from xl_addin.cells import CellError
from xl_addin.cli.main import DONE, FOUND_WRONG, UsageError
from xl_addin.cli.output import as_json, found_errors, plain, steps, table
from xl_addin.evaluate import Answer, call
from xl_addin.session import Session

_DECIMALS = {Unit.EURO: 2, Unit.EURO_PER_KM: 4}


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The function and its arguments, or a batch."""
    parser.add_argument("function", nargs="?", help=text("cli", "call_function", language))
    parser.add_argument("values", nargs="*", help=text("cli", "call_values", language))
    parser.add_argument("--json", action="store_true", help=text("cli", "option_json", language))
    parser.add_argument("--batch", metavar="FILE", help=text("cli", "call_batch", language))


def run(options: argparse.Namespace, session: Session) -> int:
    """Prints the result, or one object a line of the batch."""
    if (options.batch is None) == (options.function is None):
        raise UsageError("call_one_or_batch")
    if options.batch is not None:
        return _batch(options.batch, session)
    answer = call(options.function, [_typed(value) for value in options.values], session)
    print(as_json(answer, session.language) if options.json else _readable(options.function, answer, session))
    return FOUND_WRONG if found_errors(answer) else DONE


def _typed(word: str) -> object:
    """A word of the command line as a cell: a number, a range or quoted text as JSON writes them, else text."""
    if word == "":
        return None
    try:
        return json.loads(word, parse_constant=_reject)
    except ValueError:
        return word


def _reject(constant: str) -> object:
    raise ValueError(constant)


def _readable(name: str, answer: Answer, session: Session) -> str:
    function = FUNCTIONS.get(name.strip().upper())
    if isinstance(answer, list):
        if function and function.variadic:
            return steps(answer, session.language, get_terminal_size().columns)
        lines = [table(answer, session.language)]
        return "\n".join(lines + [plain(error, session.language) for error in found_errors(answer)])
    decimals = _DECIMALS.get(function.unit) if function and function.unit else None
    return plain(answer, session.language, decimals=decimals)


# --- batch ---------------------------------------------------------------------------------------------------------


def _batch(source: str, session: Session) -> int:
    if source == "-":
        return _answer_lines(sys.stdin, session)
    try:
        with Path(source).open(encoding="utf-8", errors="replace") as lines:
            return _answer_lines(lines, session)
    except OSError as error:
        raise FileError("input_unreadable", file=source, reason=system_reason(error)) from error


def _answer_lines(lines: Iterable[str] | TextIO, session: Session) -> int:
    status = DONE
    for line in lines:
        answer = _answer_line(line, session)
        if found_errors(answer):
            status = FOUND_WRONG
        sys.stdout.write(as_json(answer, session.language) + "\n")
    return status


def _answer_line(line: str, session: Session) -> Answer:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return _refused("batch_not_json")
    if not isinstance(asked, dict) or not set(asked) <= {"function", "args"}:
        return _refused("batch_not_a_call")
    name, arguments = asked.get("function"), asked.get("args", [])
    if not isinstance(name, str) or not isinstance(arguments, list):
        return _refused("batch_not_a_call")
    return call(name, arguments, session)


def _refused(key: str) -> CellError:
    return CellError(InputError.cell_code, InputError(key))
