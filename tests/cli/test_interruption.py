"""Being told to end is taken as Ctrl-C, and only while it lasts."""

from __future__ import annotations

import signal
import threading

import pytest

from xl_addin.cli.interruption import ENDING, ended_like_an_interruption


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_to_end_interrupts(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), ended_like_an_interruption():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_what_is_ignored_stays_ignored() -> None:
    number = ENDING[-1]
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with ended_like_an_interruption():
            signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_in_another_thread_nothing_is_taken() -> None:
    ran = []

    def work() -> None:
        with ended_like_an_interruption():
            ran.append(signal.getsignal(ENDING[0]))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ran == [signal.getsignal(ENDING[0])]
