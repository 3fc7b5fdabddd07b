"""``copro recalc``: workbooks computed anew in LibreOffice, with the functions loaded."""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

from core.errors import CoproError, FileError, system_reason
from core.formats import Named
from core.saving import check_target
from core.texts import text
from xl_addin.calc.recalc import recalculate
from xl_addin.cli.interruption import ended_like_an_interruption
from xl_addin.cli.main import DONE, FOUND_WRONG, UsageError
from xl_addin.session import Session

_SECONDS = 120
_LOOK_UP = 0.2
"""Seconds after which an interruption is noticed at the latest."""


class _Work(NamedTuple):
    source: Path
    target: Path


def add_arguments(parser: argparse.ArgumentParser, language: str) -> None:
    """The workbooks, where to write them, and how many at once."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.xlsx", help=text("cli", "recalc_files", language))
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT.xlsx|FOLDER",
        help=text("cli", "recalc_output", language),
    )
    parser.add_argument("--force", action="store_true", help=text("cli", "option_force", language))
    parser.add_argument("--workers", type=int, metavar="N", help=text("cli", "recalc_workers", language))
    parser.add_argument(
        "--seconds", type=int, metavar="N", default=_SECONDS, help=text("cli", "recalc_seconds", language)
    )


def run(options: argparse.Namespace, session: Session) -> int:
    """Recalculates each workbook. One that fails alone could not run; one of several is told, and is status 1.

    Whether cells then hold errors is not judged here: ``copro audit`` does that.
    """
    for option, number in (("--workers", options.workers), ("--seconds", options.seconds)):
        if number is not None and number < 1:
            raise UsageError("recalc_not_positive", option=option)
    work = _planned(options.files, options.output, force=options.force)
    environment = _environment(options, session)
    with ended_like_an_interruption():
        failed = _all_done(work, environment, options, session.language)
    return FOUND_WRONG if failed else DONE


def _planned(files: Sequence[Path], output: Path, *, force: bool) -> list[_Work]:
    """What is to be written where; nothing is begun unless every target can be written."""
    into_folder = len(files) > 1 or output.is_dir()
    if into_folder:
        _make_folder(output)
    work = [_Work(file, output / file.with_suffix(".xlsx").name if into_folder else output) for file in files]
    for number, (source, target) in enumerate(work):
        if not source.is_file():
            raise FileError("input_unreadable", file=str(source), reason=Named("system", "missing"))
        if any(target == earlier.target for earlier in work[:number]):
            raise UsageError("recalc_same_name", file=str(target))
        check_target(target, force=force)
    return work


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError("file_not_written", file=str(folder), reason=system_reason(error)) from error


def _environment(options: argparse.Namespace, session: Session) -> Mapping[str, str]:
    """The settings of this session, as the add-in reads them."""
    variables = {"COPRO_LANGUAGE": session.language, "COPRO_SITE": session.site}
    if session.data_folder is not None and session.data_folder.is_dir():
        variables["COPRO_DATA"] = str(session.data_folder.resolve())
    if options.example:
        variables["COPRO_CALC_EXAMPLE"] = "1"
    if options.known_on:
        variables["COPRO_CALC_KNOWN_ON"] = options.known_on.isoformat()
    return variables


def _all_done(
    work: Sequence[_Work], environment: Mapping[str, str], options: argparse.Namespace, language: str
) -> bool:
    """Recalculates several at once, and tells each as it ends; whether any failed."""
    stop = threading.Event()

    def one(item: _Work) -> float:
        begin = time.monotonic()
        recalculate(item.source, item.target, environment=environment, timeout=options.seconds, stop=stop)
        return time.monotonic() - begin

    failed = False
    workers = min(len(work), options.workers or os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as threads:
        try:  # from the first one on: an interruption that comes now must reach it too
            begun = {threads.submit(one, item): item for item in work}
            for number, done in enumerate(_as_they_end(begun), start=1):
                place = f"{number}/{len(work)} " if len(work) > 1 else ""
                failed = not _told(begun[done], done, place, language, alone=len(work) == 1) or failed
        except BaseException:
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise
    return failed


def _as_they_end(begun: Collection[Future[float]]) -> Iterator[Future[float]]:
    """Each when it has ended. Looks up every now and then: another thread may have been the one to hear Ctrl-C."""
    running = set(begun)
    while running:
        ended, running = wait(running, _LOOK_UP, FIRST_COMPLETED)
        yield from ended


def _told(item: _Work, done: Future[float], place: str, language: str, *, alone: bool) -> bool:
    """Says how it went; whether it went well. The only one that fails is the command's own failure."""
    try:
        seconds = f"{done.result():.1f}"
    except CoproError as error:
        if alone:
            raise
        print(place + text("cli", "recalc_failed", language, file=str(item.source), reason=error.message(language)))
        return False
    print(place + text("cli", "recalc_done", language, file=str(item.target), seconds=seconds), flush=True)
    return True
