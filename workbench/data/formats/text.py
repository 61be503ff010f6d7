"""From the bytes of a file to its text: compression, encoding, line ends; and what is no data at all."""

import gzip
import zlib
from pathlib import Path

from workbench.data.formats.table import malformed

_GZIP = b"\x1f\x8b"


def read_text(path: Path) -> str:
    """Read a text file, plain or gzip, with lines that end in ``\\n``.

    Raises
    ------
    MalformedFile
        If it is empty, a truncated or broken gzip, or a web page.
    """
    content = path.read_bytes()
    if content.startswith(_GZIP):
        content = _unpacked(content, path.name)
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise malformed(path.name, "is empty", remedy="download it again")
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "{")):
        raise malformed(
            path.name,
            "is an answer of a web server, not data",
            found=text.lstrip()[:80].splitlines()[0],
            expected="SDMX-CSV or Eurostat TSV",
            remedy="open it in a browser to see what the provider said, and download it again",
        )
    return text


def _unpacked(content: bytes, name: str) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise malformed(
            name, "is a broken gzip file", found=str(error), expected="a complete one", remedy="download it again"
        ) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Files saved by spreadsheet programs of Windows; every byte has a meaning there.
        return content.decode("cp1252", errors="replace")
