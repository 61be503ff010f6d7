"""Archives made by hand for tests: in the form in which archives are sealed, whatever stands in them."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.archiving.zip_form import CENTRAL, END, LOCAL, Member, end_record

CRATE = "ro-crate-metadata.json"
Named = Iterable[tuple[str, bytes]]


def members_of(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def below_top(archive: Path) -> dict[str, bytes]:
    """The members by their paths below the one folder."""
    return {name.partition("/")[2]: content for name, content in members_of(archive).items()}


def in_form(members: Named) -> bytes:
    """A zip file in the form of an archive, its members as they are given."""
    contents, directory = b"", b""
    for path, content in members:
        packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        member = Member(path, len(contents), len(packed), len(content), zlib.crc32(content))
        contents += LOCAL.write(member.local) + path.encode() + packed
        directory += CENTRAL.write(member.central) + path.encode()
    many = directory.count(b"PK\x01\x02")
    return contents + directory + END.write(end_record(many, len(directory), len(contents)))


def zip_again(archive: Path, members: Mapping[str, bytes]) -> None:
    archive.write_bytes(in_form(sorted(members.items())))


def bagged_again(members: dict[str, bytes]) -> dict[str, bytes]:
    """What a hand leaves that changes the payload and makes all manifests anew."""
    payload = [content for name, content in members.items() if name.startswith("data/")]
    oxum = f"Payload-Oxum: {sum(map(len, payload))}.{len(payload)}\n".encode()
    lines = members["bag-info.txt"].splitlines(True)
    members["bag-info.txt"] = b"".join(oxum if line.startswith(b"Payload-Oxum: ") else line for line in lines)
    for kind in ("manifest", "tagmanifest"):
        for algorithm in ("sha256", "sha512"):
            listed = [n for n in sorted(members) if n.startswith("data/") == (kind == "manifest") and kind[:3] != n[:3]]
            lines_ = [f"{hashlib.new(algorithm, members[name]).hexdigest()}  {name}\n" for name in listed]
            members[f"{kind}-{algorithm}.txt"] = "".join(lines_).encode()
    return members


def described_again(members: dict[str, bytes], changes: Mapping[str, bytes]) -> dict[str, bytes]:
    """Members with other contents of files of the payload, described by the RO-Crate as they are now."""
    crate = json.loads(members[f"data/{CRATE}"])
    for entity in crate["@graph"]:
        content = changes.get(entity["@id"])
        if content is not None:
            entity |= {"sha256": hashlib.sha256(content).hexdigest(), "contentSize": str(len(content))}
    changed = {f"data/{path}": content for path, content in changes.items()}
    return bagged_again({**members, **changed, f"data/{CRATE}": json.dumps(crate).encode()})


def seal_again(archive: Path, members: Mapping[str, bytes]) -> None:
    """Zip members below the folder of the archive."""
    zip_again(archive, {f"{archive.stem}/{name}": content for name, content in members.items()})


def forge(archive: Path, changes: Mapping[str, bytes]) -> None:
    """Alter files of an archive, and with them every digest in it, as who wants to deceive would."""
    seal_again(archive, described_again(below_top(archive), changes))
