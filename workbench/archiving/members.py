"""The members of an archive: its zip file is held against its one form, and read piece by piece, never beyond a bound."""

import os
import re
import zlib
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Self

from workbench.archiving.contents import is_archivable
from workbench.archiving.damage import damaged
from workbench.archiving.zip_form import CENTRAL, END, LOCAL, Member, end_record
from workbench.model.errors import DamagedArchive

MOST_PACKED = 2**31 - 1
"""The bytes of an archive; from there on a zip file needs records of another form."""

MOST_UNPACKED = 4 * 1024**3
MOST_MEMBERS = 2**16 - 2
LARGEST_MEMBER = 512 * 1024**2
LARGEST_READ_WHOLE = 64 * 1024**2
"""The size of a member that is read into memory, such as a page or a notebook."""

LONGEST_NAME = 255

_PIECE = 1 << 18
_FIRST = b"PK\x03\x04"


class Members:
    """An archive, open for reading; what stands in its zip file beside contents has been checked.

    Attributes
    ----------
    archive : Path
        The file.
    top : str
        The one folder in it: ``2022-r3``.
    members : dict
        Path below that folder to the member, in the order of the file.

    Raises
    ------
    DamagedArchive
        If the file is not the one form of an archive; nothing has been unpacked then.
    """

    def __init__(self, archive: Path):
        self.archive = archive
        self._file: BinaryIO = archive.open("rb")
        try:
            directory = self._directory(os.fstat(self._file.fileno()).st_size)
            self.top = directory[0].path.partition("/")[0]
            self.members = {member.path.partition("/")[2]: member for member in directory}
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        """The bytes that all of it unpacks to."""
        return sum(member.size for member in self.members.values())

    def read(self, path: str) -> bytes:
        """The content of a member.

        Raises
        ------
        DamagedArchive
            If it is not what the directory says, or too large to be read at once.
        """
        if self.members[path].size > LARGEST_READ_WHOLE:
            expected, found = f"at most {LARGEST_READ_WHOLE} bytes", f"{self.members[path].size} bytes"
            raise damaged(self.archive, "a member is too large", path, expected, found)
        return b"".join(self.pieces(path))

    def pieces(self, path: str) -> Iterator[bytes]:
        """The content of a member, piece by piece; the last pieces are given before the end has been checked.

        Raises
        ------
        DamagedArchive
            If it is not what the directory says.
        """
        member = self.members[path]
        size, checksum = 0, 0
        try:
            for piece in self._inflated(member):
                size, checksum = size + len(piece), zlib.crc32(piece, checksum)
                if size > member.size:
                    break
                yield piece
        except (zlib.error, EOFError, _Superfluous) as error:
            raise self._spoilt(path, str(error)) from error
        if (size, checksum) != (member.size, member.checksum):
            raise self._spoilt(path, f"{size} bytes or more, CRC-32 {checksum:08x}")

    def _spoilt(self, path: str, found: str) -> DamagedArchive:
        member = self.members[path]
        expected = f"{member.size} bytes, CRC-32 {member.checksum:08x}"
        return damaged(self.archive, "a member cannot be unpacked", path, expected, found)

    def _inflated(self, member: Member) -> Iterator[bytes]:
        """What a member unpacks to, in pieces of a bounded size; all of its bytes are needed, to the last bit."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._file.seek(member.content_place)
        left = member.packed_size - 1
        while left > 0 and (packed := self._file.read(min(_PIECE, left))):
            left -= len(packed)
            while packed:
                yield inflater.decompress(packed, _PIECE)
                packed = inflater.unconsumed_tail
                if inflater.eof:
                    raise _Superfluous("its end before its last byte")
        last = self._file.read(1)
        before = inflater.copy()
        end = inflater.decompress(last, _PIECE)
        if not inflater.eof:
            raise EOFError("no end")
        _refuse_idle_bits(before, last, end)
        yield end

    def _directory(self, size: int) -> list[Member]:
        """The members, whose headers in the directory and before each content have been compared with their form."""
        if size > MOST_PACKED:
            raise self._too_large(f"{size} bytes")
        directory, place, many = self._end(size)
        members: list[Member] = []
        at, after = 0, 0
        while at < len(directory):
            member = self._entry(directory, at, after)
            self._refuse_beside(member, members)
            members.append(member)
            at, after = at + CENTRAL.layout.size + len(member.path), member.end
        if len(members) != many:
            raise self._damaged("its directory is not as sealed", f"{many} members", f"{len(members)} members")
        if after != place:
            raise self._misplaced("the directory", after, place)
        unpacked = sum(member.size for member in members)
        if unpacked > MOST_UNPACKED:
            raise self._too_large(f"{unpacked} bytes, once unpacked")
        self._refuse_clashes([member.path for member in members])
        for member in members:
            self._compare_local(member)
        return members

    def _end(self, size: int) -> tuple[bytes, int, int]:
        """The directory, where it begins and how many members it has, as the record at the end of the file says."""
        begins = self._read(0, min(size, len(_FIRST)))
        last = self._read(max(0, size - END.layout.size), END.layout.size)
        if not last.startswith(b"PK\x05\x06") or len(last) < END.layout.size:
            is_zip = begins == _FIRST
            what = "truncated, or bytes follow its end" if is_zip else "not a zip file"
            raise self._damaged(f"the archive is {what}", "a zip file that ends with its directory", _hexadecimal(last))
        many, directory_size, place = END.layout.unpack(last)[4:7]
        if not 0 < many <= MOST_MEMBERS:
            raise self._too_large(f"{many} members or more")
        expected = end_record(many, directory_size, place)
        if last != END.write(expected):
            raise self._damaged("its last record is not as sealed", *END.difference(expected, last))
        if place + directory_size + END.layout.size != size:
            raise self._misplaced("the last record", place + directory_size, size - END.layout.size)
        if directory_size > many * (CENTRAL.layout.size + LONGEST_NAME):
            raise self._damaged("its directory is not as sealed", f"{many} members", f"{directory_size} bytes")
        return self._read(place, directory_size), place, many

    def _entry(self, directory: bytes, at: int, place: int) -> Member:
        """The member whose entry in the directory begins there, and which itself should begin at ``place``."""
        found = directory[at : at + CENTRAL.layout.size]
        if len(found) < CENTRAL.layout.size:
            raise self._damaged("its directory is not as sealed", "an entry for each member", _hexadecimal(found))
        checksum, packed_size, size, length = CENTRAL.layout.unpack(found)[7:11]
        begins = at + CENTRAL.layout.size
        path = directory[begins : begins + length].decode("ascii", "backslashreplace")
        if reason := _danger(path):
            raise damaged(self.archive, "a member must not be unpacked", path, "a plain relative path", reason)
        member = Member(path, place, packed_size, size, checksum)
        if found != CENTRAL.write(member.central):
            raise damaged(self.archive, "an entry of its directory is not as sealed", path,
                          *CENTRAL.difference(member.central, found))  # fmt: skip
        return member

    def _refuse_beside(self, member: Member, before: list[Member]) -> None:
        """Refuse a member that is larger than any, or does not come after those before it."""
        if member.size > LARGEST_MEMBER:
            expected = f"at most {LARGEST_MEMBER} bytes"
            raise damaged(self.archive, "a member is too large", member.path, expected, f"{member.size} bytes")
        if not before:
            return
        last, top = before[-1].path, before[0].path.partition("/")[0]
        if member.path == last:
            raise self._twice(member.path, "two members of that name")
        if member.path.partition("/")[0] != top:
            raise self._damaged("the archive is not one folder", top, f"{member.path} beside it")
        if member.path < last:
            raise damaged(
                self.archive, "its members are not in order", member.path, f"a name after {last}", member.path
            )

    def _refuse_clashes(self, paths: list[str]) -> None:
        """Refuse names that are one where small and large letters are one, and a file where a folder is."""
        seen: dict[str, str] = {}
        for path in paths:
            for folder in accumulate(path.split("/")[:-1], "{}/{}".format):
                seen.setdefault(folder.lower(), folder)
        for path in paths:
            other = seen.setdefault(path.lower(), "")
            if other:
                raise self._twice(path, other)
            seen[path.lower()] = path

    def _twice(self, path: str, found: str) -> DamagedArchive:
        return damaged(self.archive, "a member is there twice", path, "each name once", found)

    def _compare_local(self, member: Member) -> None:
        """Compare the header before a member's content with its entry in the directory."""
        name = member.path.encode()
        found = self._read(member.place, LOCAL.layout.size + len(name))
        if found == LOCAL.write(member.local) + name:
            return
        expected, other = "a header", _hexadecimal(found)
        if len(found) == LOCAL.layout.size + len(name):
            expected, other = LOCAL.difference(member.local, found[: LOCAL.layout.size])
        raise damaged(self.archive, "the header of a member is not as sealed", member.path, expected, other)

    def _read(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        return self._file.read(size)

    def _misplaced(self, what: str, expected: int, found: int) -> DamagedArchive:
        return self._damaged(
            f"bytes stand in it that belong to no member, before {what}, or some are missing",
            f"{what} at byte {expected}",
            f"at byte {found}",
        )

    def _too_large(self, found: str) -> DamagedArchive:
        expected = f"at most {MOST_PACKED} bytes, {MOST_UNPACKED} once unpacked, in 1 to {MOST_MEMBERS} members"
        return self._damaged("the archive is too large", expected, found)

    def _damaged(self, what: str, expected: str, found: str) -> DamagedArchive:
        return damaged(self.archive, what, None, expected, found)


class _Superfluous(Exception):
    """Bytes or bits of a packed content that mean nothing."""


def _refuse_idle_bits(before: "zlib._Decompress", last: bytes, end: bytes) -> None:
    """Refuse a last byte in which a bit could as well be 0: what is left of it after the content is 0.

    Parameters
    ----------
    before : decompressor
        As it was before the last byte.
    last, end : bytes
        That byte, and what it unpacked to.
    """
    if not last[0]:
        return
    without_highest = last[0] - (1 << last[0].bit_length() - 1)
    try:
        same = before.decompress(bytes([without_highest]), _PIECE) == end
    except zlib.error:
        return
    if same and before.eof:
        raise _Superfluous("bits after its end")


_DRIVE_OR_FOLDER = re.compile(r"(^|/)\.*(/|$)|[\\:\x00-\x1f]")


def _danger(path: str) -> str | None:
    """Why a member must not be unpacked under its path; None if it may be."""
    if len(path) > LONGEST_NAME:
        return f"a path of more than {LONGEST_NAME} bytes"
    if _DRIVE_OR_FOLDER.search(path):
        return "a path that may lead out of the folder"
    if "/" not in path:
        return "a file beside the folder"
    if not is_archivable(path):
        return "a name that no archive has: other characters than letters, digits, '.', '_', '-', or that of a device"
    return None


def _hexadecimal(found: bytes) -> str:
    return f"the bytes {found[:24].hex(' ')}" if found else "nothing"
