"""Finding and running a command. Exit status: 0 done, 1 something wrong was found, 2 it could not run.

A command is a module with ``add_arguments(parser, language)`` and ``run(options, session)``. Those of the worksheet
functions are listed here; workbooks add theirs as entry points of the group ``copro.commands``, so that nothing is
imported before it is asked for.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol

from core.codes import code_named
from core.errors import CoproError
from core.texts import text
from xl_addin.session import DEFAULT_LANGUAGE, Session, language_set

DONE, FOUND_WRONG, COULD_NOT_RUN = 0, 1, 2
_NAMES = ("addin", "audit", "call", "functions", "price", "recalc", "tariff")
_OWN = {name: f"xl_addin.cli.{name}_command" for name in _NAMES}
_GROUP = "copro.commands"


class Command(Protocol):
    """What a command's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser, language: str) -> None:
        """Declares the command's arguments."""

    def run(self, options: argparse.Namespace, session: Session) -> int:
        """Does the work and gives the exit status."""


class UsageError(CoproError):
    """The command line cannot be understood."""

    texts = "cli"


class _Help(argparse.HelpFormatter):
    """Help whose headings are in the reader's language."""

    language = DEFAULT_LANGUAGE

    def add_usage(self, usage, actions, groups, prefix=None) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        super().add_usage(usage, actions, groups, prefix or f"{text('cli', 'usage', self.language)}: ")


_MISTAKES = {
    r"the following arguments are required: (.*)": "usage_missing",
    r"unrecognized arguments: (.*)": "usage_unknown",
    r"argument (.*): expected one argument": "usage_no_value",
    r"argument .*: invalid int value: '(.*)'": "usage_not_whole",
}
"""What argparse says in English, and our text for it."""


class Parser(argparse.ArgumentParser):
    """A parser that tells mistakes as an exception and heads its help in the reader's language."""

    def __init__(self, language: str, **settings: object) -> None:
        formatter = type("Help", (_Help,), {"language": language})
        super().__init__(formatter_class=formatter, add_help=False, allow_abbrev=False, **settings)  # type: ignore[arg-type]
        self._positionals.title = text("cli", "arguments", language)
        self._optionals.title = text("cli", "options", language)
        self.add_argument("-h", "--help", action="help", help=text("cli", "option_help", language))

    def error(self, message: str) -> NoReturn:
        for pattern, key in _MISTAKES.items():
            if found := re.fullmatch(pattern, message):
                raise UsageError(key, what=found[1], program=self.prog)
        raise UsageError("usage_wrong", reason=message, program=self.prog)


def commands() -> Mapping[str, str]:
    """Every command and the module that does it."""
    from importlib.metadata import entry_points

    added = {point.name: point.value for point in entry_points(group=_GROUP)}
    return _OWN | added


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives the exit status; no traceback reaches the user, unless asked for."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    language = DEFAULT_LANGUAGE
    try:
        language = _language(given)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        return _run(given, language)
    except CoproError as error:
        return _failed(error.message(language), debug=debug)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return _failed(text("cli", "interrupted", language), debug=debug)
    except Exception as error:  # noqa: BLE001 - whatever happens, a user gets one line that says what to do
        reason = f"{type(error).__name__}: {error}"
        return _failed(text("cli", "unexpected", language, reason=reason), debug=debug)


def _failed(message: str, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print(f"copro: {' '.join(message.split())}", file=sys.stderr)
    return COULD_NOT_RUN


def _language(given: Sequence[str]) -> str:
    """The language asked for on the command line, else that of the environment, for the help itself."""
    named = next((given[n + 1] for n, word in enumerate(given[:-1]) if word == "--language"), None)
    named = named or next((word.partition("=")[2] for word in given if word.startswith("--language=")), None)
    return code_named("LANGUAGE", named or language_set() or DEFAULT_LANGUAGE)


def _run(given: Sequence[str], language: str) -> int:
    name = _command_name(given)
    known = _OWN if name in _OWN else commands()
    if name is None or name not in known:
        return _overview(known, name, given, language)
    command: Command = import_module(known[name])
    parser = Parser(language, prog=f"copro {name}", description=text("cli", f"command_{name}", language))
    _common(parser, language)
    command.add_arguments(parser, language)
    rest = list(given)
    rest.remove(name)
    options = parser.parse_args(rest)
    session = _session(options)
    _tell_problems(session)
    return command.run(options, session)


def _tell_problems(session: Session) -> None:
    """Says on standard error that data files were refused: what they name is not available."""
    problems = session.rulebook.problems
    if problems:
        told = text("errors", "files_refused", session.language, count=len(problems), problem=problems[0])
        print(f"copro: {told}", file=sys.stderr)


def _command_name(given: Sequence[str]) -> str | None:
    """The first word that is neither an option nor the value of one that comes before the command."""
    words = iter(given)
    for word in words:
        if word in ("--language", "--data", "--known-on"):
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None


def _common(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("--language", metavar="nl|fr|de|en", help=text("cli", "option_language", language))
    parser.add_argument("--data", type=Path, metavar="FOLDER", help=text("cli", "option_data", language))
    known_on = text("cli", "option_known_on", language)
    parser.add_argument("--known-on", type=_day, metavar="YYYY-MM-DD", help=known_on)
    parser.add_argument("--example", action="store_true", help=text("cli", "option_example", language))
    parser.add_argument("--debug", action="store_true", help=text("cli", "option_debug", language))


def _day(written: str) -> date:
    """A day, as ISO text."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("usage_not_day", what=written) from None


def _session(options: argparse.Namespace) -> Session:
    return Session.open(options.data, options.language, example=options.example, known_on=options.known_on)


def _overview(known: Mapping[str, str], name: str | None, given: Sequence[str], language: str) -> int:
    """What commands there are; asked for by name, a command that does not exist is an error."""
    if name is not None:
        raise UsageError("command_unknown", command=name, known=", ".join(sorted(known)))
    if "--version" in given:
        from xl_addin.version import toolkit_version

        print(f"copro {toolkit_version()}")
        return DONE
    wide = max(len(command) for command in known)
    print(text("cli", "overview", language))
    for command in sorted(known):
        print(f"  {command:<{wide}}  {text('cli', f'command_{command}', language)}")
    print(text("cli", "overview_more", language))
    return DONE if given else COULD_NOT_RUN
