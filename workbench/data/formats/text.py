"""From the bytes of a file to blocks of whole lines: compression, encoding, and content that is not data.

A file is never held in memory as a whole: official datasets can be hundreds of megabytes once unpacked.
"""

import codecs
import gzip
import itertools
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from workbench.model.errors import MalformedFile

BLOCK = 4 << 20
"""Bytes of a block. Larger blocks are no faster, because they exceed the processor's cache; see tests/benchmarks."""

LONGEST_LINE = 1 << 17
"""Bytes: a series of monthly figures since 1800, each with its flags, takes a third of that."""
MOST_COLUMNS = 4_096
"""Monthly figures since 1800 would be 2,700."""
LARGEST = 1 << 34
"""Bytes of a file, once it is unpacked: forty times the largest dataset on asylum with every citizenship, age and sex."""
_MOST_UNPACKED = 250
"""Times the size of the packed file; official statistics are packed to a twentieth, in the best case to a hundredth."""
_NEVER_MIND = 1 << 26
"""Bytes that may be packed as small as they can be."""

GZIP = b"\x1f\x8b"
"""How a gzip file begins."""
SEPARATORS = (b",", b";", b"\t")
"""Between cells: as served, as a spreadsheet program saves CSV where a comma is in numbers, and in TSV."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A web page, an XML message or JSON: the response of a server that has no data to give.
_RESPONSES = (b"<", b"{", b"[")
_RESPONSE = 4_000
_TAG = re.compile("<[^<>]*>")
_LINE_ENDS = b"\r\n"
AGAIN = "download it again, as SDMX-CSV"


def place(file: str, row: int | None = None, column: str | None = None) -> str:
    """A place in a file: rows are lines, counted from 1 with the header."""
    parts = [file, f"row {row}" if row else "", f"column {column}" if column else ""]
    return ", ".join(filter(None, parts))


def malformed(what: str, *, where: str, expected: str, found: str, hint: str = AGAIN) -> MalformedFile:
    """An error about a file from which nothing was stored."""
    unchanged = "nothing was stored"
    return MalformedFile(what, where=where, expected=expected, found=found, unchanged=unchanged, hint=hint)


def no_observation(file: str) -> MalformedFile:
    """An error about a file that has a header and nothing else."""
    return malformed(
        "this file has a header and no observation",
        where=file,
        expected="an observation",
        found="none",
        hint="check the filter of the download: one with a renamed code finds nothing",
    )


@dataclass
class Unpacking:
    """Counts the bytes that come out of a file, and refuses one that unpacks to more than data would."""

    path: Path
    size: int = 0

    def add(self, number: int) -> None:
        """Count some more bytes.

        Raises
        ------
        MalformedFile
            If there are too many by now.
        """
        self.size += number
        packed = self.path.stat().st_size if self.size > _NEVER_MIND else self.size
        if self.size > min(LARGEST, max(_NEVER_MIND, packed * _MOST_UNPACKED)):
            raise malformed(
                "this file is far larger, once it is unpacked, than data are",
                where=self.path.name,
                expected=f"at most {LARGEST:,} bytes, and {_MOST_UNPACKED} times the size of the packed file",
                found=f"{self.size:,} bytes out of {packed:,}, and more to come",
            )


def read_beginning(path: Path) -> bytes:
    """The first bytes of a file, unpacked if it is gzip: enough to decide its format, and to hold the longest header.

    Raises
    ------
    MalformedFile
        If the file is empty, or is damaged gzip.
    """
    begin = next(_chunks(path, LONGEST_LINE + len(b"\n")))
    if not begin[:200].strip():
        raise malformed("this file is empty", where=path.name, expected="a header and rows", found="nothing")
    return begin


def read_heading(path: Path) -> bytes:
    """The first line of a text file, as UTF-8 without its line end.

    Raises
    ------
    MalformedFile
        As `blocks`; also if the file is empty, or the message of a server instead of data.
    """
    begin = read_beginning(path).lstrip()
    if begin.startswith(_RESPONSES):
        raise response(path.name, begin)
    heading = next(blocks(path)).partition(b"\n")[0].rstrip(b"\r")
    if b"\r" in heading:
        raise _ends_with_cr(path.name)
    columns = 1 + max(map(heading.count, SEPARATORS))
    if columns > MOST_COLUMNS or len(heading) > LONGEST_LINE:
        raise malformed(
            "the header has more columns than a table of statistics can have",
            where=place(path.name, 1),
            expected=f"at most {MOST_COLUMNS:,} columns",
            found=f"{columns:,} in {len(heading):,} bytes",
        )
    return heading


def response(file: str, begin: bytes) -> MalformedFile:
    """The error about what a server says in place of data."""
    return malformed(
        "this is a web page or a server's message, not data",
        where=place(file, 1),
        expected="data as SDMX-CSV, TSV, JSON-stat, SDMX-ML or Parquet",
        found=" ".join(_TAG.sub(" ", begin[:_RESPONSE].decode(errors="replace")).split())[:80] or "nothing but markup",
        hint="open it in a browser to read the message, then download the data again",
    )


def _ends_with_cr(file: str) -> MalformedFile:
    return malformed(
        "the lines of this file end with CR alone, as on no current system",
        where=place(file, 1),
        expected="lines that end with LF or CRLF",
        found="CR",
        hint="save it once more as CSV UTF-8",
    )


def blocks_below_heading(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """As `blocks`, from the second line on."""
    lines = blocks(path, size)
    rows = next(lines).partition(b"\n")[2]
    if rows:
        yield rows
    yield from lines


def blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """Read a text file, plain or gzip, block by block.

    Parameters
    ----------
    path : Path
        The file.
    size : int
        Number of bytes to read at once.

    Yields
    ------
    bytes
        Whole lines in UTF-8, the last one also with a line end; without byte-order mark and empty lines after the last row.

    Raises
    ------
    MalformedFile
        If it is a damaged gzip file, or not text.
    """
    encoding = None
    for block in _whole_lines(_chunks(path, size), path.name):
        if not block.isascii():
            encoding = encoding or _encoding(block)
            block = _as_utf8(block, encoding, path.name)
        elif b"\0" in block:
            raise _not_text(block, path.name)
        yield block


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    """The bytes of a file, unpacked, in UTF-8 if they were UTF-16, without a byte-order mark."""
    chunks = unpacked_bytes(path, max(size, len(codecs.BOM_UTF8)))
    first = next(chunks, b"")
    if first.startswith(_UTF16):
        return _from_utf16(itertools.chain([first], chunks), path.name)
    return itertools.chain([first.removeprefix(codecs.BOM_UTF8)], chunks)


def unpacked_bytes(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """Read a file, plain or gzip, a number of bytes at once.

    Raises
    ------
    MalformedFile
        If it is a damaged gzip file, or unpacks to far more than data would.
    """
    with path.open("rb") as plain:
        is_packed = plain.peek(2)[:2] == GZIP
        file = gzip.GzipFile(fileobj=plain) if is_packed else plain
        unpacking = Unpacking(path)
        while chunk := _read(file, size, path.name):
            unpacking.add(len(chunk))
            yield chunk


def _from_utf16(chunks: Iterable[bytes], file: str) -> Iterator[bytes]:
    """As Excel's "Unicode text"."""
    decoder = codecs.getincrementaldecoder("utf-16")()
    for chunk in itertools.chain(chunks, [b""]):
        try:
            yield decoder.decode(chunk, final=not chunk).encode()
        except UnicodeError:
            raise _not_text(chunk, file) from None


def _read(file: gzip.GzipFile | BufferedReader, size: int, name: str) -> bytes:
    try:
        return file.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise malformed(
            "this gzip file is truncated or damaged", where=name, expected="a whole gzip file", found=str(error)
        ) from None


def _whole_lines(chunks: Iterator[bytes], file: str) -> Iterator[bytes]:
    """Divide at line ends; those after the last row are held back and dropped."""
    rest, row = b"", 1
    for chunk in chunks:
        text = rest + chunk
        _refuse_long_line(text, row, file)
        lines = text[: text.rfind(b"\n") + 1].rstrip(_LINE_ENDS)
        if lines:
            yield lines + b"\n"
            row += lines.count(b"\n") + 1
            # The line end that was just written, one byte or two.
            rest = text[len(lines) :].removeprefix(b"\r").removeprefix(b"\n")
        else:
            rest = text
        if len(rest) > 2 * LONGEST_LINE:
            raise malformed(
                "this file has thousands of empty lines",
                where=place(file, row),
                expected="rows",
                found="empty lines",
                hint="delete them, or download it again",
            )
    if rest.strip(_LINE_ENDS):
        yield rest.rstrip(_LINE_ENDS) + b"\n"


def _refuse_long_line(text: bytes, row: int, file: str) -> None:
    """Refuse a line of more than `LONGEST_LINE`, of which one of these steps at least has no line end."""
    step = LONGEST_LINE // 2
    for at in range(0, len(text) - step, step):
        if text.find(b"\n", at, at + step) < 0:
            begin, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
            if (end if end >= 0 else len(text)) - begin > LONGEST_LINE:
                if b"\r" in text[begin : begin + step]:
                    raise _ends_with_cr(file)
                raise malformed(
                    "a line of this file is longer than any row of data",
                    where=place(file, row + text.count(b"\n", 0, begin)),
                    expected=f"a line end within {LONGEST_LINE:,} bytes",
                    found="none",
                )


def _encoding(block: bytes) -> str:
    try:
        block.decode()
        return "utf-8"
    except UnicodeDecodeError:
        # As spreadsheet programs on Windows write it, and the old Data Explorer did.
        return "cp1252"


def _as_utf8(block: bytes, encoding: str, file: str) -> bytes:
    try:
        # Windows-1252 would accept a workbook too.
        if b"\0" not in block:
            return block.decode(encoding).encode()
    except UnicodeDecodeError:
        pass
    raise _not_text(block, file)


def _not_text(block: bytes, file: str) -> MalformedFile:
    return malformed("this is not text", where=file, expected="UTF-8 or Windows-1252", found=repr(block[:20]))
