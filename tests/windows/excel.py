"""In Excel's place: starts the Python server as the add-in's macros do, and calls it with the values they pass.

Runs on Windows, with nothing but Python's own library. Reads one JSON request a line, and writes one answer a line.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # Python was started without the folder of its script

import variants
from variants import ComError, Variant, array_of, call, clear, read, text, variant

START, END = 1, -1


class Excel:
    """What the add-in keeps while Excel runs: xlwings' library, and the server it has started."""

    def __init__(self) -> None:
        ctypes.OleDLL("ole32").CoInitialize(None)
        self.library: ctypes.WinDLL | None = None
        self.command = ""
        self.server = 0

    def start(self, library: str, command: str) -> dict[str, object]:
        """Starts the server, or finds it running."""
        begin = time.perf_counter()
        self.library = self.library or _loaded(library)
        self.command = command
        answer = self._activate(START)
        seconds = time.perf_counter() - begin
        if answer.type != variants.DISPATCH:
            return {"error": read(answer, set()), "seconds": seconds}
        self.server = answer.value
        return {"process": self._process(), "seconds": seconds}

    def _activate(self, mode: int) -> Variant:
        assert self.library is not None
        answer = Variant()
        self.library.XLPyDLLActivateAuto(ctypes.byref(answer), self.command.encode("mbcs"), ctypes.c_long(mode))
        return answer

    def _process(self) -> int:
        """The server's process, as itself says."""
        number = call(self.server, "Eval", text("__import__('os').getpid()"))
        return int(str(read(call(self.server, "Str", number), set())))

    def alive(self) -> dict[str, object]:
        """Whether the server answers: what the macros ask after a call that failed."""
        try:
            return {"alive": read(call(self.server, "Bool", variant(True)), set())}
        except ComError:
            return {"alive": False}

    def restart(self) -> dict[str, object]:
        """Ends the server, as the library does it."""
        self._activate(END)
        return {}

    def kill(self, process: int) -> dict[str, object]:
        """Ends the server from outside, as a crash does."""
        os.kill(process, signal.SIGTERM)
        return {}

    def calls(self, module: str, calls: list[tuple[str, list[object]]]) -> dict[str, object]:
        """Calls functions: an answer each, or what the failure said; and the types of all values that came back."""
        types: set[int] = set()
        answers = [self._answer(module, name, arguments, types) for name, arguments in calls]
        return {"answers": answers, "types": sorted(types)}

    def _answer(self, module: str, name: str, arguments: list[object], types: set[int]) -> object:
        given = array_of(arguments)
        where, which = text(module), text(name)
        try:
            answer = call(self.server, "CallUDF", where, which, given)
        except ComError as error:
            return {"failed": error.code, "text": str(error)}
        finally:
            clear(where, which, given)
        value = read(answer, types)
        clear(answer)
        return value

    def measure(self, functions: list[tuple[str, str]], arguments: list[object], times: int) -> dict[str, object]:
        """The seconds of each of so many calls of functions, each a module and a name; they take turns."""
        given = array_of(arguments)
        named = [(text(module), text(name)) for module, name in functions]
        seconds: list[list[float]] = [[] for _ in functions]
        for _ in range(times):
            for names, taken in zip(named, seconds, strict=True):
                begin = time.perf_counter()
                answer = call(self.server, "CallUDF", *names, given)
                taken.append(time.perf_counter() - begin)
                clear(answer)
        return {"seconds": seconds}


def _loaded(library: str) -> ctypes.WinDLL:
    """The library, loaded as the macros do: by its path, then found by its name."""
    ctypes.WinDLL("kernel32").LoadLibraryW(library)
    return ctypes.WinDLL(library.rpartition("\\")[2], winmode=0)


def main() -> None:
    """Answers requests until there are no more."""
    excel = Excel()
    verbs: Mapping[str, Callable[..., dict[str, object]]] = {
        "start": excel.start,
        "alive": excel.alive,
        "restart": excel.restart,
        "kill": excel.kill,
        "calls": excel.calls,
        "measure": excel.measure,
    }
    for line in sys.stdin:
        request = json.loads(line)
        answer = verbs[request.pop("do")](**request)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
