"""Registers as CSV: the delimiter, the encoding and the decimal sign are found out, never assumed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from core.errors import FileError, system_reason
from core.units import CENTS_PER_EURO
from xl_addin.cells import Cell
from xl_addin.pricing import csv_text
from xl_addin.pricing.csv_text import Sign
from xl_addin.pricing.engine import Priced
from xl_addin.pricing.fields import HEADER_WITHIN, NUMBERS, Header, RegisterError, header_row, result_names
from xl_addin.pricing.rows import Block, ListRows, Rows, absent, amounts, told

DELIMITERS: Final = ";,\t|"
BLOCK: Final = 1 << 19
"""Bytes read at a time."""
LONGEST_RECORD: Final = 1 << 25
"""A row with more bytes is a quote that was never closed."""
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Dialect(NamedTuple):
    """How a file is written; ``decimal`` is empty when no number in it has decimals."""

    encoding: str
    delimiter: str
    decimal: str
    newline: str = "\r\n"


class CsvReader(NamedTuple):
    """Reads blocks of whole lines."""

    file: str
    header: Header
    dialect: Dialect

    def rows(self, block: Block) -> Rows:
        """The rows of a block.

        Raises:
            RegisterError: a row that is not one, or a number that is written otherwise than those before.
        """
        records, lines = [], []
        for line, record in records_of(
            block.content.decode(self.dialect.encoding), self.dialect, self.file, block.first
        ):
            if len(record) != len(self.header.names):
                raise RegisterError(
                    "csv_width", file=self.file, line=line, cells=len(record), expected=len(self.header.names)
                )
            records.append(record)
            lines.append(line)
        columns: list[Sequence[str]] = [
            [csv_text.unsafe(cell) if cell[:1] == "'" else cell for cell in column]
            for column in zip(*records, strict=True)
        ] or [()] * len(self.header.names)
        read: dict[str, Sequence[Cell]] = {}
        for field, place in self.header.fields.items():
            read[field] = self._numbers(columns[place], lines) if field in NUMBERS else columns[place]
        return ListRows(self.header, columns, lines, read)

    def _numbers(self, column: Sequence[str], lines: Sequence[int]) -> list[Cell]:
        """A column of numbers; what is none stays text."""
        known = {written: self._number(written, column, lines) for written in dict.fromkeys(column)}
        return [known[written] for written in column]

    def _number(self, written: str, column: Sequence[str], lines: Sequence[int]) -> Cell:
        found = csv_text.number(written)
        if found is None:
            return written or None
        if found.sign in (Sign.COMMA, Sign.POINT) and found.sign.value != self.dialect.decimal:
            line, decimal = lines[column.index(written)], self.dialect.decimal
            raise RegisterError("csv_mixed", file=self.file, line=line, written=written, decimal=decimal)
        return csv_text.value(found, self.dialect.decimal or ".")


def records_of(text: str, dialect: Dialect, file: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text that are not empty, each with the line on which it begins.

    Raises:
        RegisterError: quotes that do not match.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True)
    line = first
    try:
        for record in reader:
            if record and (len(record) > 1 or record[0].strip()):
                yield line, record
            line = first + reader.line_num
    except csv.Error as error:
        raise RegisterError("csv_broken", file=file, line=first + reader.line_num - 1) from error


class CsvFile:
    """A CSV file to read.

    Raises:
        FileError: it cannot be read, its columns are not found, or its numbers can be read in two ways.
    """

    unit = "bytes"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.size = path.stat().st_size
            encoding = _encoding(path)
            self._delimiter, self.header, self._begin, self._line = self._found(encoding)
            self.dialect = Dialect(encoding, self._delimiter, "")
            self.dialect = self.dialect._replace(decimal=self._decimal())
        except OSError as error:
            raise FileError("input_unreadable", file=str(path), reason=system_reason(error)) from error

    @property
    def reader(self) -> CsvReader:
        return CsvReader(str(self._path), self.header, self.dialect)

    def told(self) -> Mapping[str, str]:
        """How the file was read."""
        encoding = self.dialect.encoding.replace("-sig", "")
        return {"encoding": encoding, "delimiter": self._delimiter, "decimal": self.dialect.decimal}

    def blocks(self) -> Iterator[Block]:
        """The file in blocks of whole rows.

        Raises:
            RegisterError: a quote that is never closed.
        """
        try:
            with self._path.open("rb") as file:
                yield from self._blocks(file)
        except OSError as error:
            raise FileError("input_unreadable", file=str(self._path), reason=system_reason(error)) from error

    def _blocks(self, file: IO[bytes]) -> Iterator[Block]:
        file.seek(self._begin)
        rest, line = b"", self._line
        while chunk := file.read(BLOCK):
            data = rest + chunk
            end = _rows_end(data, self.dialect)
            if not end and len(data) > LONGEST_RECORD:
                raise RegisterError("csv_broken", file=str(self._path), line=line)
            if end:
                yield Block(data[:end], line, file.tell() - len(data) + end)
                line += _lines(data[:end])
            rest = data[end:]
        if rest:
            yield Block(rest, line, self.size)

    def _found(self, encoding: str) -> tuple[str, Header, int, int]:
        """The delimiter with which the columns are found, those, and where the rows begin."""
        with self._path.open("rb") as file:
            start = file.read(BLOCK)
        text = start.decode(encoding, errors="ignore")
        problem: RegisterError | None = None
        found: list[tuple[int, str, Header, int]] = []
        for delimiter in DELIMITERS:
            try:
                found.append((*self._header(text, encoding, delimiter),))
            except RegisterError as error:
                problem = min(problem or error, error, key=_how_far)
        if not found:
            assert problem is not None
            raise problem
        end, delimiter, header, line = max(found, key=lambda each: len(each[2].fields))
        return delimiter, header, end, line

    def _header(self, text: str, encoding: str, delimiter: str) -> tuple[int, str, Header, int]:
        lines = iter(io.StringIO(text, newline=""))
        consumed: list[str] = []
        rows: list[list[str]] = []
        ends: list[tuple[int, int]] = []

        def passed() -> Iterator[str]:
            for line in lines:
                consumed.append(line)
                yield line

        try:
            for record in csv.reader(passed(), delimiter=delimiter):
                rows.append(record)
                ends.append((len("".join(consumed).encode(encoding)), len(consumed)))
                if len(rows) == HEADER_WITHIN:
                    break
        except csv.Error as error:
            raise RegisterError("csv_broken", file=str(self._path), line=len(consumed)) from error
        plain = [[csv_text.unsafe(name) for name in record] for record in rows]
        row, header = header_row(plain, str(self._path))
        return ends[row][0], delimiter, header, ends[row][1] + 1

    def _decimal(self) -> str:
        """The decimal sign that the numbers tell; nothing when none has decimals.

        Raises:
            RegisterError: a number can be read in two ways, and no other tells in which.
        """
        places = [self.header.fields[field] for field in NUMBERS if field in self.header.fields]
        unclear: tuple[int, str] | None = None
        for block in self.blocks():
            text = block.content.decode(self.dialect.encoding)
            for line, record in records_of(text, self.dialect, str(self._path), block.first):
                for written in [record[place] for place in places if place < len(record)]:
                    found = None if written.isdigit() else csv_text.number(written)
                    if found is not None and found.sign in (Sign.COMMA, Sign.POINT):
                        return str(found.sign.value)
                    if found is not None and found.sign is Sign.EITHER and unclear is None:
                        unclear = line, written
        if unclear is not None:
            raise RegisterError("csv_unclear", file=str(self._path), line=unclear[0], written=unclear[1])
        return ""


def _encoding(path: Path) -> str:
    """UTF-8 when all of the file is, else Windows' own for western languages.

    Raises:
        RegisterError: it is neither.
    """
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "cp1252")}
    line = 1
    with path.open("rb") as file:
        begin = file.read(4)
        if begin.startswith(_UTF_16):
            raise RegisterError("csv_encoding", file=str(path), line=1)
        file.seek(0)
        while chunk := file.read(BLOCK):
            for name, decoder in list(decoders.items()):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    del decoders[name]
                    if not decoders:
                        raise RegisterError(
                            "csv_encoding", file=str(path), line=line + chunk[: error.start].count(b"\n")
                        ) from error
            if b"\0" in chunk:
                raise RegisterError("csv_encoding", file=str(path), line=line + chunk[: chunk.index(0)].count(b"\n"))
            line += chunk.count(b"\n")
    if "utf-8" not in decoders:
        return "cp1252"
    return "utf-8-sig" if begin.startswith(codecs.BOM_UTF8) else "utf-8"


def _how_far(problem: RegisterError) -> int:
    """How many columns were not found: with the right delimiter the fewest."""
    return len(str(problem.details.get("missing", "")))


def _lines(data: bytes) -> int:
    return data.count(b"\n") or data.count(b"\r")


def _rows_end(data: bytes, dialect: Dialect) -> int:
    """Where the last whole row ends; 0 when there is none."""
    last = data.rfind(b"\n")
    if last < 0:
        last = data.rfind(b"\r", 0, -1)
    if b'"' not in data:
        return last + 1
    text = data[: last + 1].decode(dialect.encoding)
    lines = io.StringIO(text, newline="")
    end = before = 0
    try:
        for _ in csv.reader(iter(lines.readline, ""), delimiter=dialect.delimiter):
            end, before = lines.tell(), end
    except csv.Error:
        return 0
    whole = before if _open_quote(text[before:end], dialect) else end
    return len(text[:whole].encode(dialect.encoding.replace("-sig", "")))


def _open_quote(text: str, dialect: Dialect) -> bool:
    """Whether the last row of a text goes on after it."""
    try:
        list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


# --- writing -------------------------------------------------------------------------------------------------------


class CsvWriter(NamedTuple):
    """Makes the text of rows."""

    dialect: Dialect

    def content(self, rows: Rows, priced: Priced) -> bytes:
        """The rows with their prices, as they stand in the file."""
        decimal, none = self.dialect.decimal, absent(priced)
        begins, safe, known = csv_text.BEGINS, csv_text.safe, _Amounts(decimal)
        kept = [[safe(text) if text[:1] in begins else text for text in column] for column in rows.texts(decimal)]
        money = [list(map(known.__getitem__, column)) for column in amounts(priced)]
        for column in money:
            for row in none:
                column[row] = ""
        errors, reasons = told(priced)
        return written(zip(*kept, *money, errors, map(csv_text.safe, reasons), strict=True), self.dialect)


class _Amounts(dict[int, str]):
    """Amounts with their two decimals, each distinct one written once."""

    def __init__(self, decimal: str) -> None:
        super().__init__()
        self._decimal = decimal

    def __missing__(self, cents: int) -> str:
        self[cents] = text = f"{cents // CENTS_PER_EURO}{self._decimal}{cents % CENTS_PER_EURO:02d}"
        return text


def written(rows: Any, dialect: Dialect) -> bytes:  # noqa: ANN401 - rows of texts
    """Rows as they stand in a file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.newline).writerows(rows)
    return text.getvalue().encode(dialect.encoding.replace("-sig", ""), errors="strict")


class CsvTarget:
    """A CSV file to write.

    Args:
        place: the file.
        names: of the columns that are kept.
        dialect: how it is written.
        language: of the columns that are added.
    """

    def __init__(self, place: Path, names: Sequence[str], dialect: Dialect, language: str) -> None:
        self.writer = CsvWriter(dialect)
        self._file = place.open("wb")
        if dialect.encoding == "utf-8-sig":
            self._file.write(codecs.BOM_UTF8)
        self._file.write(written([[*map(csv_text.safe, names), *result_names(language)]], dialect))

    def write(self, content: bytes) -> None:
        self._file.write(content)

    def close(self) -> None:
        self._file.close()
