"""The toolkit's end of the pipes: answers the add-in's questions until LibreOffice, which asks them, has ended."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from xl_addin.calc.answer import reply
from xl_addin.calc.link import receive, send


def serve() -> None:
    """Answers on standard output what is asked on standard input; ends when that is closed."""
    questions, answers = _pipes()
    while True:
        try:
            question = receive(questions)
            send(answers, reply(question))
        except (EOFError, OSError):
            return


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, out of reach of whatever else reads or prints."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return questions, answers
