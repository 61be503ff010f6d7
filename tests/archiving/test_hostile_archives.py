"""Archives that mean harm, and bits that are not as they were: refused by name, at once, without a trace on the disk."""

import io
import json
import os
import random
import stat
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner
from test_archive import CARD, HTML, SNAPSHOT, made_up

from sealed_again import CRATE, bagged_again, below_top, described_again, in_form, members_of, seal_again
from workbench.archiving import members as reading
from workbench.archiving import seal, verify
from workbench.archiving.members import Members
from workbench.archiving.zip_form import CENTRAL, END, LOCAL, end_record
from workbench.cli import main
from workbench.model.errors import DamagedArchive


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> bytes:
    return seal(made_up(), tmp_path_factory.mktemp("sealed")).path.read_bytes()


@pytest.fixture
def archive(tmp_path, sealed, monkeypatch):
    """An archive, and an empty place for temporary files, which is empty afterwards."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = tmp_path / "2022-r1.zip"
    path.write_bytes(sealed)
    yield path
    assert list(scratch.iterdir()) == [], "something was unpacked and left"


def refused(archive) -> DamagedArchive:
    """Why an archive is refused; the command says the same, and no more."""
    with pytest.raises(DamagedArchive) as caught:
        verify(archive)
    error = caught.value
    assert all((error.where, error.expected, error.found, error.unchanged, error.hint)), error
    done = CliRunner().invoke(main, ["verify", str(archive)], catch_exceptions=False)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"error: {error}\n")
    return error


# Bits


def test_every_bit_beside_the_contents_is_fixed(tmp_path):
    """In headers, directory and last record: all of them are tried."""
    path = tmp_path / "2022-r1.zip"
    path.write_bytes(
        in_form([("2022-r1/bagit.txt", b"some text"), ("2022-r1/data/x.csv", b"1,2\n"), ("2022-r1/z", b"")])
    )
    with Members(path) as whole:
        contents = {at for one in whole.members.values() for at in range(one.content_place, one.end)}
    size = path.stat().st_size
    assert size - len(contents) > 250
    unseen = []
    with path.open("r+b") as file:
        for at in sorted({*range(size)} - contents):
            file.seek(at)
            (byte,) = file.read(1)
            for bit in range(8):
                write_at(file, at, byte ^ 1 << bit)
                try:
                    Members(path).__exit__()
                    unseen.append((at, bit))
                except DamagedArchive:
                    pass
            write_at(file, at, byte)
    assert unseen == []
    Members(path).__exit__()


def write_at(file, at: int, byte: int) -> None:
    file.seek(at)
    file.write(bytes([byte]))
    file.flush()


def test_flipped_bits_in_contents_are_found(archive):
    """Also those behind the end of a packed content, which mean nothing to who unpacks it."""
    whole, contents = archive.read_bytes(), members_of(archive)
    with Members(archive) as intact:
        places = [(one.content_place, one.end) for one in intact.members.values()]
    inside = [at for begin, end in places for at in range(8 * begin, 8 * end)]
    last = [8 * (end - 1) + bit for _, end in places for bit in range(8)]
    for at in {*random.Random(1).sample(inside, 150), *last}:
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        archive.write_bytes(flipped)
        try:
            verify(archive)
        except DamagedArchive:
            continue
        # There may be two ways to pack the same. None of them is behind the end.
        assert at not in last and members_of(archive) == contents


def test_a_cut_archive_is_found_wherever_it_is_cut(archive):
    whole = archive.read_bytes()
    for size in {0, 1, 4, 21, 22, 23, len(whole) - 1, *range(30, len(whole), 397)}:
        archive.write_bytes(whole[:size])
        with pytest.raises(DamagedArchive):
            verify(archive)


# Another zip file of the same contents


def ordinary(archive, change=lambda member: None, **how) -> None:
    """Written again by the library, with members that were changed."""
    contents = members_of(archive)
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in contents.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            change(member)
            with zipped.open(member, "w", **how) as file:
                file.write(content)


def with_comment(archive):
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.comment = b"a word"


def with_bytes(before: bytes, after: bytes):
    return lambda archive: archive.write_bytes(before + archive.read_bytes() + after)


def streamed(archive):
    """As who cannot go back in the file writes it: sizes and checksum stand after each content."""

    class Stream(io.RawIOBase):
        def __init__(self):
            self.written = b""

        def writable(self):
            return True

        def write(self, piece):
            self.written += bytes(piece)
            return len(piece)

    stream = Stream()
    contents = members_of(archive)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in contents.items():
            zipped.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    archive.write_bytes(stream.written)


def backwards(archive):
    archive.write_bytes(in_form(sorted(members_of(archive).items(), reverse=True)))


def with_gap(archive):
    """Bytes before the directory; the last record leads past them, so that no tool minds."""
    whole = bytearray(archive.read_bytes())
    place = int.from_bytes(whole[-6:-2], "little")
    whole[-6:-2] = (place + 4).to_bytes(4, "little")
    archive.write_bytes(whole[:place] + b"evil" + whole[place:])


def with_other_local_size(archive):
    whole = bytearray(archive.read_bytes())
    whole[22:26] = (1).to_bytes(4, "little")
    archive.write_bytes(whole)


def setting(**fields):
    def change(member):
        for name, value in fields.items():
            setattr(member, name, value)

    return lambda archive: ordinary(archive, change)


OTHER_FORMS = {
    "a comment": with_comment,
    "a comment of a member": setting(comment=b"a word"),
    "an extra field": setting(extra=b"\xfe\xca\x00\x00"),
    "a date": setting(date_time=(2022, 1, 1, 0, 0, 0)),
    "a right": setting(external_attr=0o100755 << 16),
    "a link": setting(external_attr=(stat.S_IFLNK | 0o777) << 16),
    "a device": setting(external_attr=(stat.S_IFCHR | 0o644) << 16),
    "another system": setting(create_system=0),
    "an internal attribute": setting(internal_attr=1),
    "not packed": setting(compress_type=zipfile.ZIP_STORED),
    "packed otherwise": setting(compress_type=zipfile.ZIP_BZIP2),
    "zip64": lambda archive: ordinary(archive, force_zip64=True),
    "sizes after the contents": streamed,
    "bytes before": with_bytes(b"#!/bin/sh\n", b""),
    "bytes after": with_bytes(b"", b"\n"),
    "bytes between": with_gap,
    "another order": backwards,
    "another size in a header": with_other_local_size,
}


@pytest.mark.parametrize("form", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_an_archive_is_the_one_file_and_no_other_with_its_contents(archive, form):
    before = archive.read_bytes()
    form(archive)
    assert archive.read_bytes() != before
    refused(archive)


def test_the_form_is_what_the_library_writes(archive):
    """Or the other forms would be refused for another reason."""
    before = archive.read_bytes()
    ordinary(archive)
    verify(archive)
    assert members_of(archive) and len(archive.read_bytes()) == len(before)


# Names and sizes


NAMES = {
    "upwards": "2022-r1/../../evil",
    "upwards at the end": "2022-r1/data/..",
    "here": "2022-r1/./bagit.txt",
    "from the root": "/evil",
    "of Windows": "2022-r1\\..\\evil",
    "of a drive": "C:/evil",
    "a stream": "2022-r1/data/x:evil",
    "a device": "2022-r1/data/AUX.txt",
    "a device in a folder": "2022-r1/nul/x",
    "a dot at the end": "2022-r1/data/x.",
    "hidden": "2022-r1/.bashrc",
    "control": "2022-r1/data/\x1b[2J",
    "nothing": "2022-r1/\x00",
    "empty": "",
    "a folder": "2022-r1/data/empty/",
    "beside the folder": "zzz",
    "second folder": "2022-r2/bagit.txt",
    "file where a folder is": "2022-r1/data",
    "other letters": "2022-r1/BAGIT.txt",
    "very long": f"2022-r1/{'x' * 300}",
    "twice": "2022-r1/bagit.txt",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_leads_astray_is_refused_before_anything_is_unpacked(archive, monkeypatch, name):
    contents = [*members_of(archive).items(), (name, b"evil")]
    archive.write_bytes(in_form(sorted(contents)))
    never_unpack(monkeypatch)
    refused(archive)


def never_unpack(monkeypatch):
    monkeypatch.setattr(Members, "_inflated", lambda self, member: pytest.fail(f"unpacked {member.path}"))


def claiming(archive, path: str, size: int) -> None:
    """A member that says of itself that it unpacks to so many bytes, in both of its headers."""
    whole, name = archive.read_bytes(), path.encode()
    for form in (LOCAL, CENTRAL):
        at = form.fields.index("size")
        begins = whole.index(name) if form is LOCAL else whole.rindex(name)
        fields = list(form.layout.unpack(whole[begins - form.layout.size : begins]))
        fields[at] = size
        whole = whole[: begins - form.layout.size] + form.write(fields) + whole[begins:]
    archive.write_bytes(whole)


def test_three_gigabytes_are_refused_at_once(archive, monkeypatch):
    never_unpack(monkeypatch)
    claiming(archive, f"2022-r1/data/{HTML}", 3 * 1024**3)
    assert "too large" in refused(archive).what


def test_what_is_in_no_manifest_is_not_unpacked(archive, monkeypatch):
    members = below_top(archive)
    seal_again(archive, {**members, "data/evil.bin": b"\0" * 10_000_000})
    unpacked, inflated = [], Members._inflated
    monkeypatch.setattr(
        Members, "_inflated", lambda self, member: unpacked.append(member.path) or inflated(self, member)
    )
    error = refused(archive)
    assert error.where.endswith("member data/evil.bin") and "not sealed with" in error.what
    assert not [path for path in unpacked if "/data/" in path], "only what says what should be there was read"


def test_a_bomb_that_says_that_it_is_small_is_left_after_its_first_piece(archive, monkeypatch):
    seal_again(archive, {**below_top(archive), f"data/{HTML}": b"\0" * 50_000_000})
    claiming(archive, f"2022-r1/data/{HTML}", 10)
    given, inflated = [], Members._inflated

    def counted(self, member):
        for piece in inflated(self, member):
            given.append(len(piece))
            yield piece

    monkeypatch.setattr(Members, "_inflated", counted)
    with pytest.raises(DamagedArchive, match=r"cannot be unpacked(.|\n)*or more"):
        verify(archive)
    assert sum(given) < 2_000_000


BOUNDS = {
    "MOST_PACKED": 100,
    "MOST_UNPACKED": 8000,
    "MOST_MEMBERS": 5,
    "LARGEST_MEMBER": 1000,
    "LARGEST_READ_WHOLE": 1000,
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_more_than_an_archive_may_have_is_refused(archive, monkeypatch, bound):
    monkeypatch.setattr(reading, bound, BOUNDS[bound])
    assert "too large" in refused(archive).what


def test_too_many_members_are_refused_by_their_number(archive, monkeypatch):
    never_unpack(monkeypatch)
    whole = archive.read_bytes()
    _, _, _, _, _, size, place, _ = END.layout.unpack(whole[-END.layout.size :])
    archive.write_bytes(whole[: -END.layout.size] + END.write(end_record(65_535, size, place)))
    assert "65535 members" in refused(archive).found


# What stands in it, with all digests made anew


def tags(**contents):
    return lambda members: {**members, **contents}


def card(text: str):
    return lambda members: described_again(members, {CARD: text.encode()})


def crate(change):
    def changed(members):
        said = json.loads(members[f"data/{CRATE}"])
        return {**members, f"data/{CRATE}": json.dumps(change(said) or said).encode()}

    return changed


def crate_text(text: bytes):
    return lambda members: {**members, f"data/{CRATE}": text}


def graph(change):
    return crate(lambda said: change(said["@graph"]))


def first_file(said):
    return next(one for one in said if one["@type"] == "File")


DEEP = 1000
ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
CONTENTS = {
    "bagit.txt in a codec that is none for text": (
        tags(**{"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: zlib_codec\n"}), "bagit.txt"),
    "bagit.txt in utf-7": (
        tags(**{"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-7\n"}), "bagit.txt"),
    "bagit.txt in bytes that are no text": (tags(**{"bagit.txt": b"\xff\xfe\x00"}), "bagit.txt"),
    "an older BagIt": (
        tags(**{"bagit.txt": b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"}), "bagit.txt"),
    "files to fetch": (
        tags(**{"fetch.txt": b"http://localhost/x 3 data/x\n"}), "tagmanifest-sha256.txt"),
    "a program beside the payload": (tags(**{"evil/run.sh": b"rm -r /"}), "tagmanifest-sha256.txt"),
    "another name in the bag": (
        lambda m: {**m, "bag-info.txt": m["bag-info.txt"].replace(b"2022-r1", b"2022-r9")}, "bag-info.txt"),
    "a label twice": (lambda m: {**m, "bag-info.txt": m["bag-info.txt"] * 2}, "bag-info.txt"),
    "a crate a thousand deep": (crate_text(b"[" * DEEP + b"]" * DEEP), f"data/{CRATE}"),
    "a crate a hundred thousand deep": (crate_text(b'{"@graph":' * 100_000), f"data/{CRATE}"),
    "a crate with a deep part": (
        graph(lambda g: g[0].update(x=json.loads("[" * 500 + "]" * 500))), f"data/{CRATE}"),
    "a crate that is a number": (crate_text(b"1"), f"data/{CRATE}"),
    "a crate with a long number": (crate_text(b"9" * 10_000), f"data/{CRATE}"),
    "a crate in no encoding": (crate_text(b"\xff{}"), f"data/{CRATE}"),
    "a crate that says something twice": (crate_text(b'{"@graph": [], "@graph": []}'), f"data/{CRATE}"),
    "a crate with what is no number": (graph(lambda g: g[0].update(x=float("nan"))), f"data/{CRATE}"),
    "a graph that is a text": (crate(lambda said: {"@graph": "x"}), f"data/{CRATE}"),
    "a graph of texts": (crate(lambda said: {"@graph": ["x"]}), f"data/{CRATE}"),
    "an id that is a list": (graph(lambda g: first_file(g).update({"@id": ["x"]})), f"data/{CRATE}"),
    "an id that is a mapping": (graph(lambda g: first_file(g).update({"@id": {}})), f"data/{CRATE}"),
    "an id twice": (graph(lambda g: g.append(g[-1])), f"data/{CRATE}"),
    "no id": (graph(lambda g: g.append({"@type": "File"})), f"data/{CRATE}"),
    "a type that is a number": (graph(lambda g: first_file(g).update({"@type": 1})), f"data/{CRATE}"),
    "a type that is a list of lists": (graph(lambda g: first_file(g).update({"@type": [[]]})), f"data/{CRATE}"),
    "a digest that is a list": (graph(lambda g: first_file(g).update(sha256=["x"])), "data/README.md"),
    "a size that is another": (graph(lambda g: first_file(g).update(contentSize="1")), "data/README.md"),
    "a reference to nothing": (graph(lambda g: g[1].update(about={"@id": "#nobody"})), f"data/{CRATE}"),
    "no profile": (graph(lambda g: g[1].pop("conformsTo")), f"data/{CRATE}"),
    "a run of nothing": (
        graph(lambda g: [one.pop("instrument") for one in g if one["@type"] == "CreateAction"] and None), f"data/{CRATE}"),
    "a card fifty thousand deep": (card("x: " + "[" * 50_000), f"data/{CARD}"),
    "a card nested and closed": (card("x: " + "[" * 5_000 + "]" * 5_000), f"data/{CARD}"),
    "a card with an impossible date": (card("sha256: 2022-13-45\n"), f"data/{SNAPSHOT}"),
    "a card with a bad number": (card("sha256: 0b\n"), f"data/{SNAPSHOT}"),
    "a card that grows": (card(f"{ALIASES}sha256: x\n"), f"data/{CARD}"),
    "a card that stands for itself": (card("sha256: &x [*x]\n"), f"data/{CARD}"),
    "a card that makes an object": (card("sha256: !!python/object/apply:os.system [id]\n"), f"data/{SNAPSHOT}"),
    "a card that is a list": (card("- sha256\n"), f"data/{CARD}"),
    "a card in no encoding": (lambda m: described_again(m, {CARD: b"\xff\xfe"}), f"data/{CARD}"),
    "a card with control characters": (card("sha256: \x07\n"), f"data/{CARD}"),
}  # fmt: skip


@pytest.mark.parametrize(("harm", "member"), CONTENTS.values(), ids=CONTENTS)
def test_what_cannot_be_read_is_refused_by_name(archive, harm, member):
    seal_again(archive, bagged_again(dict(harm(below_top(archive)))))
    assert refused(archive).where.endswith(f", member {member}")


MANIFESTS = {
    "a path upwards": b"0" * 64 + b"  ../../etc/passwd\n",
    "a path from the root": b"0" * 64 + b"  /etc/passwd\n",
    "a short digest": b"00  data/x\n",
    "no text": b"\xff\xff\n",
    "no end": b"0" * 64 + b"  data/x",
    "a file twice": None,
}


@pytest.mark.parametrize("line", MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_is_none_is_refused(archive, line):
    members = bagged_again(below_top(archive))
    manifest = members["tagmanifest-sha256.txt"]
    seal_again(archive, {**members, "tagmanifest-sha256.txt": manifest + (line or manifest.splitlines(True)[0])})
    refused(archive)


def test_the_deepest_does_not_end_the_process(archive):
    """Nor leaves anything behind; as another process, which might be killed by the system."""
    seal_again(archive, card("x: " + "[" * 200_000)(below_top(archive)))
    command = [sys.executable, "-m", "workbench", "verify", str(archive)]
    environment = {**os.environ, "TMPDIR": str(archive.parent / "scratch")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1 and done.stderr.startswith("error: 2022-r1.zip is damaged")
