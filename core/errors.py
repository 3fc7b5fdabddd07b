"""What can go wrong, as a small tree.

An error names a text (in ``core/data/texts/errors.toml``, or the topic of its class) and the figures that go into it;
the text is put together only when somebody reads it, in that reader's language. Each class answers one question: what
should the spreadsheet show?

=================  ==========  ==========================================================
class              cell shows  meaning
=================  ==========  ==========================================================
`InputError`       #VALUE!     wrong type, unknown code, unreadable date, shapes that differ
`ImpossibleValue`  #NUM!       right type, impossible value
`NotAvailable`     #N/A        the rule or the figure is not there
`FileError`        (commands)  a file that cannot be read, is wrong, or cannot be written
=================  ==========  ==========================================================
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.formats import Named
from core.texts import text


class CoproError(Exception):
    """Anything this toolkit refuses to do, with the reason and what to do about it.

    ``key`` names the text, in the topic ``texts``; ``details`` are the figures in it.
    """

    cell_code = "#VALUE!"
    texts = "errors"

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(key, details)
        self.key = key
        self.details = details

    def message(self, language: str) -> str:
        """The reason and the remedy, in ``language`` (nl, fr, de or en)."""
        return text(self.texts, self.key, language, **self.details)

    def forgetful(self) -> Self:
        """The same error without the stack it came through, which would keep everything on it in memory."""
        self.__context__ = self.__cause__ = None
        return self.with_traceback(None)

    def __str__(self) -> str:
        return self.message("en")

    def __reduce__(self) -> tuple[Callable[..., CoproError], tuple[object, ...], dict[str, object]]:
        """How it goes to another process."""
        return _again, (type(self), self.key, self.details), self.__dict__


def _again(kind: type[CoproError], key: str, details: Mapping[str, object]) -> CoproError:
    error = kind.__new__(kind)
    CoproError.__init__(error, key, **details)
    return error


class InputError(CoproError):
    """Wrong type, unknown code, a date that cannot be read, shapes that do not match: ``#VALUE!``."""

    cell_code = "#VALUE!"


class ImpossibleValue(CoproError):
    """Right type, impossible value (negative hours, 30 hours, a date after 9999): ``#NUM!``."""

    cell_code = "#NUM!"


class NotAvailable(CoproError):
    """The rule or the figure is not there: ``#N/A``. Nothing is carried over from another year."""

    cell_code = "#N/A"


class ConflictingFigures(NotAvailable):
    """Two records or two regulations answer the same question differently: never a silent choice."""


class FileError(CoproError):
    """A file that cannot be read, holds a mistake, or cannot be written."""


_BY_NUMBER = {
    errno.ENOENT: "missing",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "denied",
    errno.EEXIST: "exists",
    errno.ENOTDIR: "exists",
    errno.EISDIR: "folder",
    errno.ENOSPC: "full",
}


def system_reason(error: OSError | UnicodeError) -> Named:
    """What the operating system said about a file, as a name that can be told in any language."""
    if isinstance(error, UnicodeError):
        return Named("system", "not_utf8")
    return Named("system", _BY_NUMBER.get(error.errno or 0, "other"))


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One mistake in a data file: where it is and why the file is refused."""

    file: Path
    line: int
    reason: CoproError

    def message(self, language: str) -> str:
        """``file:line: reason``, in ``language``."""
        return f"{self.file}:{self.line}: {self.reason.message(language)}"
