"""From the bytes of a file to its text: compression, encoding, and what is no data at all."""

import codecs
import gzip
import zlib
from pathlib import Path

from workbench.model.errors import MalformedFile

_GZIP = b"\x1f\x8b"
# A web page, an XML message or JSON: what a server answers when it has no data to give.
_ANSWERS = (b"<", b"{")
AGAIN = "download it again, as SDMX-CSV"


def place(file: str, row: int | None = None, column: str | None = None) -> str:
    """Where in a file: rows are lines, counted from 1 with the header."""
    parts = [file, f"row {row}" if row else "", f"column {column}" if column else ""]
    return ", ".join(filter(None, parts))


def malformed(what: str, *, where: str, expected: str, found: str, remedy: str = AGAIN) -> MalformedFile:
    """An error about a file, of which nothing was stored."""
    untouched = "nothing was stored"
    return MalformedFile(what, where=where, expected=expected, found=found, untouched=untouched, remedy=remedy)


def no_observation(file: str) -> MalformedFile:
    """An error about a file that has a header and nothing else."""
    return malformed(
        "this file has a header and no observation",
        where=file,
        expected="an observation",
        found="none",
        remedy="look at the filter of the download: by a code that was renamed it finds nothing",
    )


def read_content(path: Path) -> bytes:
    """Read a text file, plain or gzip.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        UTF-8 without byte-order mark, and without line ends after the last row.

    Raises
    ------
    MalformedFile
        If it is empty, a broken gzip file, no text, or the answer of a server instead of data.
    """
    content = path.read_bytes()
    if content.startswith(_GZIP):
        content = _unpacked(content, path.name)
    content = _as_utf8(content, path.name).rstrip(b"\r\n")
    begin = content[:200].lstrip()
    if not begin:
        raise malformed("this file is empty", where=path.name, expected="a header and rows", found="nothing")
    if begin.startswith(_ANSWERS):
        raise malformed(
            "this is a web page or a server's message, not data",
            where=place(path.name, 1),
            expected="SDMX-CSV or Eurostat TSV",
            found=begin.decode(errors="replace").splitlines()[0][:80],
            remedy="open it in a browser to see what the provider says; then download the data again",
        )
    return content


def _unpacked(content: bytes, file: str) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise malformed(
            "this gzip file is truncated or damaged", where=file, expected="a whole gzip file", found=str(error)
        ) from None


def _as_utf8(content: bytes, file: str) -> bytes:
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        content.decode()
        return content
    except UnicodeDecodeError:
        pass
    try:
        # What spreadsheet programs of Windows write, and the old Data Explorer wrote. It would take a workbook too.
        if b"\0" not in content:
            return content.decode("cp1252").encode()
    except UnicodeDecodeError:
        pass
    raise malformed("this is not text", where=file, expected="UTF-8 or Windows-1252", found=repr(content[:20]))
