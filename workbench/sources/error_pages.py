"""Error pages: what a provider says instead of data, in its own words."""

import gzip
import html
import re
from pathlib import Path

from workbench.model.errors import RefusedDownload

_GZIP = b"\x1f\x8b"
_WORDS = (
    re.compile(r"<faultstring[^>]*>(.*?)</faultstring>", re.DOTALL),
    re.compile(r"<(?:\w+:)?Text[^>]*>(.*?)</", re.DOTALL),
    re.compile(r'"(?:label|message|error|detail)"\s*:\s*"(.*?)"', re.DOTALL),
    re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE),
    re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL | re.IGNORECASE),
)


def own_words(text: str) -> str:
    """The text of a page or message without its markup, at most 200 characters."""
    for pattern in _WORDS:
        if (found := pattern.search(text)) and found.group(1).strip():
            text = found.group(1)
            break
    plain = re.sub(r"<[^>]*>", " ", text)
    return " ".join(html.unescape(plain).split())[:200] or "nothing"


def first_bytes(path: Path, size: int = 1 << 16) -> bytes:
    """The beginning of a file, unpacked if it is gzip."""
    with path.open("rb") as file:
        is_packed = file.peek(2)[:2] == _GZIP
        return (gzip.GzipFile(fileobj=file) if is_packed else file).read(size)


def refuse_message(path: Path, url: str) -> None:
    """Refuse a file that is a web page or a message although it was sent as data.

    Raises
    ------
    RefusedDownload
        With the provider's own words.
    """
    begin = first_bytes(path).lstrip(b"\xef\xbb\xbf \r\n\t")
    if begin.startswith((b"<", b"{")):
        raise RefusedDownload(
            "the provider answered with a message instead of data",
            where=url,
            expected="a data file",
            found=own_words(begin.decode(errors="replace")),
            unchanged="nothing was stored",
            hint="wait and try again; if the error persists, cut the dataset with --since or --filter",
        )
