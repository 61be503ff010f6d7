"""What a table may come in: a zip archive beside its notes, a compressed workbook, standard input.

Gzip around text is no container here: the formats read it as it comes, without a second copy on the disk.
"""

import errno
import gzip
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from workbench.data.formats.text import GZIP, Unpacking, malformed
from workbench.model.errors import MalformedFile

MOST_RECEIVED = 1 << 30
"""Bytes of standard input, which may never end."""

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_SEEKABLE = (*_ZIPS, b"\xd0\xcf\x11\xe0", b"PAR1")
"""The beginnings of files that are not read from one end to the other: workbooks and Parquet."""
_MOST_MEMBERS = 1_000
_TABLE = re.compile(r"\.(csv|tsv|json|xml|parquet|xlsx?|xlsm|ods)(\.gz)?$", re.IGNORECASE)
_NOTES = re.compile(r"(^|[\W_])(read.?me|metadata|licen[cs]e|footnotes?|dsd|structure|codelists?)", re.IGNORECASE)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
# APPNOTE.TXT of PKWARE, 4.3.16: signature, disks, members, size and offset of the central directory, comment.
_END = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 0xFFFF
_CHUNK = 1 << 20


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The table that a file holds, as a file that can be read twice.

    Parameters
    ----------
    path : Path
        A file of a table; a zip archive with one table in it, notes on it aside; or a workbook or Parquet file in gzip.

    Yields
    ------
    Path
        The file itself where it is not packed, is a workbook, or is text in gzip. Otherwise a temporary file under the name
        of the packed one, for errors, removed afterwards. Names of members are never used.

    Raises
    ------
    MalformedFile
        If it is a pipe or a device; or an archive that is damaged, encrypted, packed twice or too large, or that does not
        hold exactly one table.
    """
    if not path.is_file() and path.exists() and not path.is_dir():
        raise malformed(
            "this is a pipe or a device, not a file",
            where=path.name,
            expected="a file",
            found=str(path),
            hint="give - in its place, and send the data to standard input",
        )
    copy = _copy_of(path)
    if copy is None:
        yield path
        return
    with _temporary(path.name) as table:
        copy(table)
        yield table


@contextmanager
def received(stream: BinaryIO, name: str = "standard input") -> Iterator[Path]:
    """What a stream holds, as a temporary file of that name, removed afterwards: a table is read more than once.

    Raises
    ------
    MalformedFile
        If there is more than `MOST_RECEIVED`.
    """
    with _temporary(name) as file:
        size = 0
        with file.open("wb") as copy:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > MOST_RECEIVED:
                    raise malformed(
                        "there is no end to this input",
                        where=name,
                        expected=f"at most {MOST_RECEIVED:,} bytes",
                        found="more",
                        hint="save it as a file, and import the file",
                    )
                copy.write(chunk)
        yield file


@contextmanager
def _temporary(name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        yield Path(folder) / name


def _copy_of(path: Path) -> Callable[[Path], None] | None:
    """How to unpack a file into another; None if it can be read as it is."""
    with path.open("rb") as file:
        begin = file.read(4)
    if begin.startswith(_ZIPS):
        return None if _is_workbook(path) else lambda table: _unzip(path, table)
    if begin.startswith(GZIP) and _begin_of_gzip(path).startswith(_SEEKABLE):
        return lambda table: _gunzip(path, table)
    return None


def _is_workbook(path: Path) -> bool:
    with _opened(path) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def _unzip(path: Path, table: Path) -> None:
    with _opened(path) as archive:
        member = _only_table(archive, path.name)
        with archive.open(member) as packed:
            _copy(packed, table, path)
    _refuse_packed_twice(table)


def _gunzip(path: Path, table: Path) -> None:
    with gzip.open(path) as packed:
        _copy(packed, table, path)
    _refuse_packed_twice(table)


def _refuse_packed_twice(table: Path) -> None:
    with table.open("rb") as file:
        is_zip = file.read(4) in _ZIPS
    if is_zip and not _is_workbook(table):
        raise malformed(
            "this archive holds another archive",
            where=table.name,
            expected="a table",
            found="a zip archive in it",
            hint="unpack it, and import the table",
        )


def _only_table(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The member that is the table: the only one, or the only one that is named like a table and not like notes on one."""
    files = [
        member for member in archive.infolist() if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    named = [member for member in files if _TABLE.search(member.filename)]
    without_notes = [member for member in named if not _NOTES.search(member.filename)]
    tables = files if len(files) == 1 else without_notes or named
    if len(tables) != 1:
        names = ", ".join(repr(member.filename[:80]) for member in (tables or files)[:10])
        raise malformed(
            "this archive does not hold exactly one table",
            where=name,
            expected="one table, and notes on it if need be",
            found=f"{len(tables)}: {names}" if tables else f"none among {names or 'no files'}",
            hint="unpack it, and import the table that you mean",
        )
    (table,) = tables
    if table.flag_bits & _ENCRYPTED or table.compress_type not in _METHODS:
        raise malformed(
            "this archive is encrypted, or packed in an unusual way",
            where=name,
            expected="an archive packed by deflate, without a password",
            found="a password" if table.flag_bits & _ENCRYPTED else f"method {table.compress_type}",
            hint="unpack it, and import the table",
        )
    return table


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with path.open("rb") as file:
        _refuse_many_members(file, path.name)
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError) as error:
            raise _damaged(path.name, str(error)) from None
        except OSError as error:
            if error.errno != errno.EINVAL:  # of an offset before the beginning
                raise
            raise _damaged(path.name, "a directory that does not fit") from None


def _refuse_many_members(file: BinaryIO, name: str) -> None:
    """Refuse an archive of too many members before its directory is read into memory."""
    length = file.seek(0, 2)
    begin = file.seek(max(0, length - _END.size - _LONGEST_COMMENT))
    tail = file.read(length - begin)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise _damaged(name, "no directory at its end")
    _, _, _, _, members, size, _, _ = _END.unpack_from(tail, at)
    if members > _MOST_MEMBERS or size > _MOST_MEMBERS * _CHUNK // 1024:
        raise malformed(
            "this archive has far more in it than a table and notes on it",
            where=name,
            expected=f"at most {_MOST_MEMBERS:,} files",
            found=f"{members:,} files, listed in {size:,} bytes",
            hint="unpack it, and import the table",
        )


def _begin_of_gzip(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(4)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return b""  # whoever reads it says so


def _copy(packed: IO[bytes] | gzip.GzipFile, table: Path, path: Path) -> None:
    unpacking = Unpacking(path)
    try:
        with table.open("wb") as copy:
            while chunk := packed.read(_CHUNK):
                unpacking.add(len(chunk))
                copy.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path.name, str(error)) from None


def _damaged(name: str, found: str) -> MalformedFile:
    return malformed(
        "this archive is truncated or damaged",
        where=name,
        expected="a whole archive",
        found=found or "it breaks off",
        hint="download it again",
    )
