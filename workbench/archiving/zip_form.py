"""The one form of an archive's zip file: what its headers hold, and how they are written.

Everything in them but names, sizes, checksums and places is the same in every archive, so that a reader writes them again and
compares: the form has no room for a comment, a date, a link, or a byte beside the members. Layouts are those of
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, without zip64.
"""

import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

DATE = (1980, 1, 1, 0, 0, 0)
UNIX = 3
PLAIN_FILE = 0o100644 << 16
LEVEL = 6

_VERSION = 20  # 2.0, of deflation
_MIDNIGHT, _FIRST_DAY = 0, (1 << 5) | 1


@dataclass(frozen=True)
class Form:
    """A record of the zip format: its layout, and its fields in their order."""

    layout: struct.Struct
    fields: Sequence[str]

    def write(self, said: Sequence[bytes | int]) -> bytes:
        """The record as bytes."""
        return self.layout.pack(*said)

    def difference(self, expected: Sequence[bytes | int], found: bytes) -> tuple[str, str]:
        """The first field that is not as expected: what it should be, and what it is."""
        for field, one, other in zip(self.fields, expected, self.layout.unpack(found)):
            if one != other:
                return f"{field} {_told(one)}", f"{field} {_told(other)}"
        return "the name as the directory has it", "another name"


_ENTRY = ("checksum", "packed size", "size", "length of the name", "length of the extra field")
_MEMBER = ("version needed", "flags", "compression", "time", "date")
_REST = ("length of the comment", "disk", "internal attributes", "attributes", "place of the member")
_DIRECTORY = ("size of the directory", "place of the directory", "length of the comment")

LOCAL = Form(struct.Struct("<4s5H3I2H"), ("signature", *_MEMBER, *_ENTRY))
CENTRAL = Form(
    struct.Struct("<4s6H3I5H2I"),
    ("signature", "version made by", *_MEMBER, *_ENTRY, *_REST),
)
END = Form(
    struct.Struct("<4s4H2IH"),
    ("signature", "disk", "disk of the directory", "members on this disk", "members", *_DIRECTORY),
)


@dataclass(frozen=True)
class Member:
    """A member as the directory of the zip file has it: its path in the archive, where it is, and what it unpacks to."""

    path: str
    place: int
    packed_size: int
    size: int
    checksum: int

    @property
    def local(self) -> list[bytes | int]:
        """The fields of the header before its content."""
        return [b"PK\x03\x04", *_MEMBER_FIELDS, *self._entry]

    @property
    def central(self) -> list[bytes | int]:
        """The fields of its entry in the directory."""
        return [b"PK\x01\x02", UNIX << 8 | _VERSION, *_MEMBER_FIELDS, *self._entry, 0, 0, 0, PLAIN_FILE, self.place]

    @property
    def content_place(self) -> int:
        """Where its packed content begins."""
        return self.place + LOCAL.layout.size + len(self.path.encode())

    @property
    def end(self) -> int:
        """Where its packed content ends, and the next header begins."""
        return self.content_place + self.packed_size

    @property
    def _entry(self) -> list[int]:
        return [self.checksum, self.packed_size, self.size, len(self.path.encode()), 0]


_MEMBER_FIELDS = (_VERSION, 0, zipfile.ZIP_DEFLATED, _MIDNIGHT, _FIRST_DAY)


def end_record(members: int, directory_size: int, directory_place: int) -> list[bytes | int]:
    """The fields of the last record of the file."""
    return [b"PK\x05\x06", 0, 0, members, members, directory_size, directory_place, 0]


def new_member(path: str) -> zipfile.ZipInfo:
    """What the library is told of a member, so that it writes this form."""
    member = zipfile.ZipInfo(path, date_time=DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = UNIX
    member.external_attr = PLAIN_FILE
    return member


def _told(field: bytes | int) -> str:
    return repr(field) if isinstance(field, bytes) else f"{field:#x}"
