"""A register priced from one file into another: in blocks, on every core, in order, a few in memory at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from core.saving import check_target, saved
from core.units import CENTS_PER_EURO
from xl_addin.pricing.csv_file import CsvFile, CsvTarget, Dialect
from xl_addin.pricing.engine import Engine, own_copy
from xl_addin.pricing.fields import Header, RegisterError
from xl_addin.pricing.parquet_file import ParquetFile, ParquetTarget, ParquetWriter, needed
from xl_addin.pricing.rows import Block, Reader, Writer
from xl_addin.pricing.xlsx_file import XlsxFile, XlsxTarget
from xl_addin.session import Session

TOLD: Final = 20
"""Rows without a price that are told one by one."""
AHEAD: Final = 2
"""Blocks that wait while every worker has one."""
MOST_ENCODERS: Final = 6
"""Row groups of Parquet encoded at a time: about as many as can be read meanwhile, and each takes memory."""


class Source(Protocol):
    """A file that is read."""

    unit: str
    size: int
    header: Header

    @property
    def reader(self) -> Reader:
        """What reads its blocks."""

    def told(self) -> Mapping[str, str]:
        """What was found out about it."""

    def blocks(self) -> Iterator[Block]:
        """The file in blocks."""


class Target(Protocol):
    """A file that is written."""

    @property
    def writer(self) -> Writer:
        """What makes what it takes."""

    def write(self, content: Any) -> None:  # noqa: ANN401
        """Writes what the writer made of a block."""

    def close(self) -> None:
        """Ends the file."""


class NotPriced(NamedTuple):
    """A row without a price: where it stands in its file."""

    row: int
    error: str
    reason: str


class Done(NamedTuple):
    """A block that is priced, and what it adds to the totals."""

    content: Any
    rows: int
    blank: int
    failed: int
    failures: Sequence[NotPriced]
    total: int
    done: int


@dataclass
class Totals:
    """What a register came to.

    Attributes:
        rows: of the file, without those in which nothing stands.
        blank: those.
        failed: rows without a price.
        failures: the first of them.
        total: of the fees, in cents.
        source: what was found out about the file.
    """

    rows: int = 0
    blank: int = 0
    failed: int = 0
    failures: list[NotPriced] = field(default_factory=list)
    total: int = 0
    source: Mapping[str, str] = field(default_factory=dict)

    @property
    def priced(self) -> int:
        """Rows with a price."""
        return self.rows - self.failed

    @property
    def euro(self) -> str:
        """The sum, with its cents."""
        return f"{self.total // CENTS_PER_EURO}.{self.total % CENTS_PER_EURO:02d}"

    def add(self, done: Done) -> None:
        self.rows += done.rows - done.blank
        self.blank += done.blank
        self.failed += done.failed
        self.failures += done.failures[: TOLD - len(self.failures)]
        self.total += done.total


Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much, in which unit."""


def price_file(
    source: Path,
    target: Path,
    session: Session,
    *,
    force: bool = False,
    workers: int = 0,
    progress: Progress | None = None,
) -> Totals:
    """Prices a register.

    Args:
        source: ``.xlsx``, ``.csv`` or ``.parquet``.
        target: the file to make, in any of them.
        session: the installation at work.
        force: whether a file already there is replaced.
        workers: blocks priced at a time; as many as there are cores when it is 0.
        progress: is told after each block.

    Raises:
        FileError: a file that cannot be read or written; an old one is then as it was.
    """
    suffix = target.suffix.lower()
    if suffix not in _TARGETS:
        raise RegisterError("file_kind", file=str(target), known=", ".join(_TARGETS))
    check_target(target, force=force, suffix=suffix)
    if suffix == ".parquet":
        needed(target)
    opened = _open(source)
    totals = Totals(source=opened.told())
    workers = workers or os.cpu_count() or 1
    with saved(target, force=force, suffix=suffix) as place:
        written = _TARGETS[suffix](place, opened, session, workers)
        try:
            with closing(_priced(opened, written.writer, session, workers)) as blocks:
                for done in blocks:
                    written.write(done.content)
                    totals.add(done)
                    if progress is not None:
                        progress(done.done, opened.size, opened.unit)
        finally:
            written.close()
    return totals


_SOURCES: Mapping[str, Callable[[Path], Source]] = {".xlsx": XlsxFile, ".csv": CsvFile, ".parquet": ParquetFile}


def _open(path: Path) -> Source:
    kind = _SOURCES.get(path.suffix.lower())
    if kind is None:
        raise RegisterError("file_kind", file=str(path), known=", ".join(_SOURCES))
    return kind(path)


def _csv_target(place: Path, source: Source, session: Session, _workers: int) -> Target:
    dialect = source.dialect if isinstance(source, CsvFile) else Dialect("utf-8-sig", ";", "")
    if session.language == "en" and not isinstance(source, CsvFile):
        dialect = dialect._replace(delimiter=",")
    if dialect.encoding == "cp1252":  # has not every sign of the reasons
        dialect = dialect._replace(encoding="utf-8-sig")
    if not dialect.decimal:
        point = dialect.delimiter == "," or session.language == "en"
        dialect = dialect._replace(decimal="." if point else ",")
    return CsvTarget(place, _names(source), dialect, session.language)


def _xlsx_target(place: Path, source: Source, session: Session, _workers: int) -> Target:
    return XlsxTarget(place, _names(source), session.language)


def _parquet_target(place: Path, source: Source, _session: Session, workers: int) -> Target:
    parquet = source if isinstance(source, ParquetFile) else None
    return ParquetTarget(place, source.header, parquet, min(workers, MOST_ENCODERS))


_TARGETS: Mapping[str, Callable[[Path, Source, Session, int], Target]] = {
    ".xlsx": _xlsx_target,
    ".csv": _csv_target,
    ".parquet": _parquet_target,
}


def _names(source: Source) -> list[str]:
    return [source.header.names[place] for place in source.header.kept]


# --- workers -------------------------------------------------------------------------------------------------------


class _Work:
    """What a worker does, with an engine of its own."""

    def __init__(self, session: Session, reader: Reader, writer: Writer, shown: Mapping[str, str]) -> None:
        self._given = session, reader, writer, shown
        self._local = threading.local()

    def __getstate__(self) -> tuple[Any, ...]:
        return self._given

    def __setstate__(self, given: tuple[Any, ...]) -> None:
        self._given = given
        self._local = threading.local()

    def __call__(self, block: Block) -> Done:
        session, reader, writer, shown = self._given
        engine: Engine | None = getattr(self._local, "engine", None)
        if engine is None:
            engine = self._local.engine = Engine(own_copy(session), shown)
        rows = reader.rows(block)
        priced = engine.price(rows.table)
        failures = [NotPriced(rows.number(row), error, reason) for row, error, reason in priced.failures[:TOLD]]
        content = writer.content(rows, priced)
        return Done(content, priced.size, len(priced.blank), len(priced.failures), failures, priced.total, block.done)


def _priced(source: Source, writer: Writer, session: Session, workers: int) -> Generator[Done]:
    """The blocks of a file, priced, in order."""
    shown = {name: source.header.shown(name) for name in source.header.fields}
    work = _Work(own_copy(session), source.reader, writer, shown)
    with _read(source) as blocks:
        first = list(islice(blocks, AHEAD))
        if workers == 1 or len(first) < AHEAD:
            yield from map(work, chain(first, blocks))
            return
        threads = _in_threads(source, writer)
        if threads:
            workers = min(workers, MOST_ENCODERS)
        with _threads(workers) if threads else _processes(work, workers) as executor:
            yield from _in_order(executor, work if threads else _worked, chain(first, blocks), workers + AHEAD)


@contextmanager
def _read(source: Source) -> Iterator[Iterator[Block]]:
    """The blocks of a file; Parquet is read by a thread of its own, for Arrow needs nothing of Python's."""
    if not isinstance(source, ParquetFile):
        yield source.blocks()
        return
    with closing(ahead(source.blocks(), AHEAD)) as blocks:
        yield blocks


def ahead(blocks: Generator[Block], most: int) -> Generator[Block]:
    """The same blocks, made by a thread that is so many ahead; it ends when they do, or when no more are asked for."""
    reader = ThreadPoolExecutor(1)
    try:
        waiting = deque(reader.submit(next, blocks, None) for _ in range(most))
        while (block := waiting.popleft().result()) is not None:
            waiting.append(reader.submit(next, blocks, None))
            yield block
    finally:
        reader.shutdown(cancel_futures=True)
        blocks.close()


def _in_threads(source: Source, writer: Writer) -> bool:
    """Whether Arrow and NumPy do the work: then threads do it, which share memory; else processes, for Python does."""
    return isinstance(source, ParquetFile) and isinstance(writer, ParquetWriter)


def _threads(workers: int) -> Executor:
    """Half as many as encode what they price, for that takes longer; and each asks the rules once for itself."""
    return ThreadPoolExecutor(max(1, workers // 2))


def _processes(work: _Work, workers: int) -> Executor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (work,))


def _in_order(executor: Executor, run: Callable[[Block], Done], blocks: Iterator[Block], most: int) -> Iterator[Done]:
    waiting: deque[Future[Done]] = deque()
    try:
        for block in blocks:
            waiting.append(executor.submit(run, block))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


_work: _Work | None = None


def _begin(work: _Work) -> None:
    """A process begins: it ends when the one that started it does, however that ended."""
    global _work  # noqa: PLW0603 - what a process works with
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _worked(block: Block) -> Done:
    assert _work is not None
    return _work(block)
