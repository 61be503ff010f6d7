"""HTTP: complete files or none. Requests that are slow, break off or must wait are repeated; anything but data is refused.

RFC 9110: Retry-After, Range with If-Range, 413 and 429. Files are written as they arrive, under a temporary name.
"""

import datetime
import email.utils
import gzip
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from workbench import __version__
from workbench.model.errors import RefusedDownload, SourceUnavailable
from workbench.sources.error_pages import own_words

ATTEMPTS = 6
"""How often a request is made."""
ONCE = 1
"""How often it is made where nothing waits for it: whoever asks what is newer, without a network, is told at once."""
PAUSE = 2.0
"""Seconds before the second attempt; each later pause is twice as long."""
LONGEST_PAUSE = 300.0
"""The longest Retry-After, in seconds, that is respected; a provider that asks for more is not asked again."""
TIMEOUT = httpx.Timeout(60.0, connect=20.0)
MOST_BYTES = 256 << 20
"""The largest answer that is read into memory, such as a structure or a page."""

_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_REDIRECTS = 5
_GZIP = b"\x1f\x8b"
_HEADERS = {
    "User-Agent": f"migration-workbench/{__version__}",
    # Files are gzip themselves; ranges would be those of a further encoding.
    "Accept-Encoding": "identity",
}


Answer = TypeVar("Answer")


class _Interrupted(Exception):
    """The answer did not come, or broke off; ``pause`` is how long the provider asks to wait."""

    def __init__(self, why: str, pause: float | None = None):
        super().__init__(why)
        self.pause = pause


def download(
    url: str,
    target: Path,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Headers:
    """Download a file.

    Parameters
    ----------
    url : str
        Its address.
    target : Path
        The file to write; what arrives goes to ``<target>.part`` first.
    progress : callable
        Called with the bytes received so far and, if known, their total.
    headers : mapping, optional
        Further headers of the request.

    Returns
    -------
    Headers
        Those of the response.

    Raises
    ------
    RefusedDownload
        If the provider refuses, with its own words.
    SourceUnavailable
        If it does not answer completely, however often it is asked.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    validator: list[str] = []

    def attempt() -> httpx.Headers:
        wanted = dict(headers or {})
        have = part.stat().st_size if part.exists() else 0
        if have and validator:
            wanted |= {"Range": f"bytes={have}-", "If-Range": validator[0]}
        with _answer(url, wanted) as answer:
            begin = have if answer.status_code == 206 else 0
            validator[:] = [tag for tag in (_strong_validator(answer),) if tag]
            total = _total(answer, begin)
            with part.open("r+b" if begin else "wb") as file:
                file.seek(begin)
                file.truncate()
                for chunk in answer.iter_raw():
                    file.write(chunk)
                    begin += len(chunk)
                    progress(begin, total)
        if total is not None and begin != total:
            raise _Interrupted(f"{begin} of {total} bytes arrived")
        _check_gzip(part)
        return answer.headers

    try:
        answered = _patiently(url, attempt)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return answered


def get(url: str, headers: Mapping[str, str] | None = None, attempts: int = ATTEMPTS) -> bytes:
    """Read an answer into memory, unpacked if it is gzip, whatever its header says; asked at the most so often. Raises as `download`."""

    def attempt() -> bytes:
        content = bytearray()
        with _answer(url, dict(headers or {})) as answer:
            for chunk in answer.iter_raw():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise RefusedDownload(
                        "the answer is too large", where=url, expected=f"at most {MOST_BYTES} bytes", found="more"
                    )
            total = _total(answer, 0)
        if total is not None and len(content) != total:
            raise _Interrupted(f"{len(content)} of {total} bytes arrived")
        return _unpacked(bytes(content), url)

    return _patiently(url, attempt, attempts)


def _patiently(url: str, attempt: Callable[[], Answer], attempts: int = ATTEMPTS) -> Answer:
    why = []
    for number in range(attempts):
        try:
            return attempt()
        except (_Interrupted, httpx.TransportError) as error:
            why.append(str(error) or type(error).__name__)
            pause = getattr(error, "pause", None)
            if pause is not None and pause > LONGEST_PAUSE:
                break
            if number + 1 < attempts:
                time.sleep(PAUSE * 2**number if pause is None else pause)
    raise SourceUnavailable(
        "the provider did not answer completely",
        where=url,
        expected="the whole answer",
        found=f"{len(why)} attempt{'s' * (len(why) > 1)}: {'; '.join(dict.fromkeys(why))}",
        unchanged="nothing was stored",
        hint="try again later",
    )


@contextmanager
def _answer(url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """The answer, after redirections, but never to a less secure address."""
    with httpx.Client(timeout=TIMEOUT, headers=_HEADERS) as client:
        for _ in range(_REDIRECTS):
            with client.stream("GET", url, headers=headers) as answer:
                if answer.has_redirect_location:
                    url = _followed(url, answer)
                    continue
                _judge(url, answer)
                yield answer
                return
    raise RefusedDownload(
        "the provider redirects from one address to the next", where=url, found=f"{_REDIRECTS} in a row"
    )


def _followed(url: str, answer: httpx.Response) -> str:
    target = httpx.URL(url).join(answer.headers["location"])
    if target.scheme not in {"https", httpx.URL(url).scheme}:
        raise RefusedDownload(
            "the provider redirects to a less secure address", where=url, expected="https", found=str(target)
        )
    return str(target)


def _judge(url: str, answer: httpx.Response) -> None:
    if answer.status_code in (200, 206):
        return
    pause = _retry_after(answer.headers.get("retry-after"))
    words = own_words(_begin(answer))
    said = f"status {answer.status_code}: {words}"
    # 413 with a Retry-After asks to wait (RFC 9110, 15.5.14).
    if answer.status_code in _AGAIN or (answer.status_code == 413 and pause is not None):
        raise _Interrupted(said, pause)
    raise RefusedDownload(
        "the provider refuses this request",
        where=url,
        expected="status 200",
        found=said,
        unchanged="nothing was stored",
        hint="cut the dataset with --since or --filter" if answer.status_code == 413 else "see what the provider says",
    )


def _begin(answer: httpx.Response) -> str:
    content = b""
    for chunk in answer.iter_raw(1 << 14):
        content += chunk
        if len(content) >= 1 << 14:
            break
    if content.startswith(_GZIP):
        try:
            content = zlib.decompressobj(31).decompress(content)
        except zlib.error:
            return "a damaged gzip answer"
    return content.decode(errors="replace")


def _retry_after(text: str | None) -> float | None:
    """Seconds to wait; the header holds seconds or a date."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())


def _strong_validator(answer: httpx.Response) -> str | None:
    tag = answer.headers.get("etag")
    if tag and not tag.startswith("W/") and answer.headers.get("accept-ranges") == "bytes":
        return tag
    return None


def _total(answer: httpx.Response, begin: int) -> int | None:
    length = answer.headers.get("content-length", "")
    return begin + int(length) if length.isdecimal() else None


def _check_gzip(path: Path) -> None:
    """Read a gzip file to its end, where its length and checksum are."""
    with path.open("rb") as file:
        if file.peek(2)[:2] != _GZIP:
            return
        try:
            with gzip.GzipFile(fileobj=file) as packed:
                while packed.read(1 << 20):
                    pass
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            path.unlink()
            raise _Interrupted(f"a truncated or damaged gzip file ({error})") from None


def _unpacked(content: bytes, url: str) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        unpacked = zlib.decompressobj(31).decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise _Interrupted(f"a damaged gzip answer ({error})") from None
    if len(unpacked) >= MOST_BYTES:
        raise RefusedDownload(
            "the answer is too large", where=url, expected=f"at most {MOST_BYTES} bytes", found="more"
        )
    return unpacked
