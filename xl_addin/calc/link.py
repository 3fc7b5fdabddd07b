"""The way from the add-in to the toolkit: in the same Python where that can be, else in a child process.

Runs inside LibreOffice, in whatever Python that has (3.8 or later), without the toolkit; the add-in carries a copy.
The toolkit needs its own Python (3.11 or later, with compiled packages). Where LibreOffice's Python is that very
version, the toolkit is imported; where it is another, the toolkit's own Python is started once and asked through its
pipes. Both answer the same question with the same function, `xl_addin.calc.answer.reply`.
"""

from __future__ import annotations

import marshal
import os
import struct
import subprocess
import sys
import sysconfig
import tempfile
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    Reply = tuple[Any, str]  # what was asked for, and what went wrong in answering, if anything

_PLAIN = 2  # the way of writing that every version of Python from 3.8 on reads
_LENGTH = struct.Struct("<I")
_NO_WINDOW = 0x0800_0000 if os.name == "nt" else 0
_CHILD = "import sys; sys.path[:0] = sys.argv[1:]; from xl_addin.calc.remote import serve; serve()"


class Gone(Exception):
    """The toolkit cannot be reached; says why."""


def compiled_for() -> str:
    """Version and machine that compiled packages must be made for to load in this Python."""
    return str(sysconfig.get_config_var("EXT_SUFFIX"))


def send(pipe: IO[bytes], message: Any) -> None:  # noqa: ANN401 - plain values
    """Writes one message: its length, then itself."""
    content = marshal.dumps(message, _PLAIN)
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:  # noqa: ANN401 - whatever was sent
    """Reads one message. ``EOFError``: the other side has ended."""
    return marshal.loads(_exactly(pipe, _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]))  # noqa: S302 - our own child


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


class Link:
    """The toolkit, wherever it answers. It is sought when it is first asked, and once more when it has died."""

    def __init__(self, place: dict[str, Any]) -> None:
        """``place``: ``python`` is the toolkit's, ``folders`` it imports from, ``compiled_for`` as above."""
        self.place = place
        self._toolkit: Here | Child | None = None
        self._gone = ""
        self._one_at_a_time = threading.Lock()

    def ask(self, *question: object) -> Reply:
        """The toolkit's reply. `Gone` when it cannot be reached, from then on always for the same reason."""
        with self._one_at_a_time:
            if self._gone:
                raise Gone(self._gone)
            try:
                return self._asked(question)
            except Gone as gone:
                self._gone = str(gone)
                raise

    def _asked(self, question: tuple[object, ...]) -> Reply:
        for _ in range(2):
            self._toolkit = self._toolkit or self._found()
            try:
                return self._toolkit.ask(question)
            except (OSError, EOFError):
                said = self._toolkit.end()
                self._toolkit = None
        raise Gone(said or "?")

    def _found(self) -> Here | Child:
        if self.place["compiled_for"] == compiled_for():
            try:
                return Here(self.place["folders"])
            except ImportError:
                pass  # the toolkit's own Python may still have what is missing here
        return Child(self.place["python"], self.place["folders"])


class Here:
    """The toolkit imported into this Python."""

    def __init__(self, folders: list[str]) -> None:
        sys.path[:0] = [folder for folder in folders if folder not in sys.path]
        from xl_addin.calc.answer import reply

        self.ask = reply

    def end(self) -> str:
        """Nothing to end."""
        return ""


class Child:
    """The toolkit in its own Python. It ends by itself when this process does, for its input is closed then."""

    def __init__(self, python: str, folders: list[str]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the child has ended
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the Python that the toolkit was installed with
                [python, "-I", "-c", _CHILD, *folders],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                creationflags=_NO_WINDOW,
            )
        except OSError as error:
            self._said.close()
            raise Gone(str(error)) from None

    def ask(self, question: tuple[object, ...]) -> Reply:
        """Sends the question and waits for the reply."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        send(self._process.stdin, question)
        reply: Reply = receive(self._process.stdout)
        return reply

    def end(self) -> str:
        """Ends the child, and gives the last line it said."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be sent has nobody to read it
                pipe.close()  # type: ignore[union-attr]
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        self._said.close()
        return lines[-1] if lines else ""
