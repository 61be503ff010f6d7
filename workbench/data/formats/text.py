"""From the bytes of a file to blocks of whole lines: compression, encoding, and content that is not data.

A file is never held in memory as a whole: official datasets can be hundreds of megabytes once unpacked.
"""

import codecs
import gzip
import zlib
from collections.abc import Iterator
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
# A web page, an XML message or JSON: the response of a server that has no data to give.
_RESPONSES = (b"<", b"{")
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


def read_heading(path: Path) -> bytes:
    """The first line of a text file, as UTF-8 without its line end.

    Raises
    ------
    MalformedFile
        As `blocks`; also if the file is empty, or the message of a server instead of data.
    """
    first = next(blocks(path), b"")
    begin = first[:200].lstrip()
    if not begin:
        raise malformed("this file is empty", where=path.name, expected="a header and rows", found="nothing")
    if begin.startswith(_RESPONSES):
        raise malformed(
            "this is a web page or a server's message, not data",
            where=place(path.name, 1),
            expected="SDMX-CSV or Eurostat TSV",
            found=begin.decode(errors="replace").splitlines()[0][:80],
            hint="open it in a browser to read the message, then download the data again",
        )
    heading = first.partition(b"\n")[0].rstrip(b"\r")
    if b"\r" in heading:
        raise malformed(
            "the lines of this file end with CR alone, as on no current system",
            where=place(path.name, 1),
            expected="lines that end with LF or CRLF",
            found="CR",
            hint="save it once more as CSV UTF-8",
        )
    columns = 1 + max(heading.count(b","), heading.count(b"\t"))
    if columns > MOST_COLUMNS or len(heading) > LONGEST_LINE:
        raise malformed(
            "the header has more columns than a table of statistics can have",
            where=place(path.name, 1),
            expected=f"at most {MOST_COLUMNS:,} columns",
            found=f"{columns:,} in {len(heading):,} bytes",
        )
    return heading


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
    with path.open("rb") as plain:
        is_packed = plain.peek(2)[:2] == GZIP
        file = gzip.GzipFile(fileobj=plain) if is_packed else plain
        unpacking = Unpacking(path)
        chunk = _read(file, max(size, len(codecs.BOM_UTF8)), path.name)
        yield chunk.removeprefix(codecs.BOM_UTF8)
        while chunk:
            unpacking.add(len(chunk))
            chunk = _read(file, size, path.name)
            yield chunk


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
        if len(rest) > LONGEST_LINE:
            raise malformed(
                "a line of this file is longer than any row of data",
                where=place(file, row),
                expected=f"a line end within {LONGEST_LINE:,} bytes",
                found="none",
            )
        text = rest + chunk
        lines = text[: text.rfind(b"\n") + 1].rstrip(_LINE_ENDS)
        if lines:
            yield lines + b"\n"
            row += lines.count(b"\n") + 1
            # The line end that was just written, one byte or two.
            rest = text[len(lines) :].removeprefix(b"\r").removeprefix(b"\n")
        else:
            rest = text
    if rest.strip(_LINE_ENDS):
        yield rest.rstrip(_LINE_ENDS) + b"\n"


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
