"""Ending as Ctrl-C does: what is half done is taken back, and nothing is left behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Being told to end, and the terminal being closed."""


@contextmanager
def ended_like_an_interruption() -> Iterator[None]:
    """Takes every signal to end as Ctrl-C, except those that are ignored (``nohup``)."""
    if threading.current_thread() is not threading.main_thread():  # signals are for that one
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    taken = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    try:
        for number in taken:
            signal.signal(number, signal.default_int_handler)
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])
