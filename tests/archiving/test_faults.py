"""A disk that fills up, a folder that may not be written, a zip that is torn: nothing sealed is lost or altered."""

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from test_archive import archive, made_up  # noqa: F401, a fixture

from workbench.archiving import ArchivedFile, seal, verify
from workbench.model.errors import DamagedArchive, refused_by_system

NOBODY = 65534


def of_many_sizes(results: str):
    """An edition with files that do not get smaller when they are zipped, from small to large."""
    sizes = [300, 3_000, 10_000, 30_000]
    noise = [b"".join(sha256(f"{size} {part}".encode()).digest() for part in range(size // 32)) for size in sizes]
    files = [
        ArchivedFile(f"snapshots/noise{len(content)}.parquet", content, "Noise", "application/vnd.apache.parquet")
        for content in noise
    ]
    cards = [
        ArchivedFile(
            file.path.replace(".parquet", ".yaml"),
            f"sha256: {sha256(file.content).hexdigest()}\n".encode(),
            "Card",
            "a/y",
        )
        for file in files
    ]
    contents = made_up(results)
    return replace(contents, files=(*contents.files, *files, *cards))


@contextmanager
def room_of(size: int) -> Iterator[None]:
    """No file can become larger: the system writes what there is room for, and then refuses, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Without the rights of root, for which no folder is read-only."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("size", [0, 100, 1_000, 5_000, 20_000, 40_000])
def test_a_disk_that_is_full_at_any_moment_leaves_what_was_sealed_and_nothing_else(archive, size):  # noqa: F811
    """From the first file of the bag to the zip, which holds all and is the last."""
    before = archive.read_bytes()
    with pytest.raises(OSError) as full, room_of(size):
        seal(of_many_sizes("made_up,2"), archive.parent)
    assert full.value.errno == errno.EFBIG and "make room on the disk" in str(refused_by_system(full.value))
    assert list(archive.parent.iterdir()) == [archive] and archive.read_bytes() == before
    second = seal(of_many_sizes("made_up,2"), archive.parent)
    assert (second.path.name, second.is_new) == ("2022-r2.zip", True), "once there is room"


def test_a_folder_that_may_not_be_written_is_told_and_can_still_be_verified(archive):  # noqa: F811
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        folder = Path(name) / "archive"
        folder.mkdir()
        kept = folder / archive.name
        kept.write_bytes(archive.read_bytes())
        folder.chmod(0o555)
        with unprivileged():
            with pytest.raises(PermissionError) as refused:
                seal(made_up("made_up,2"), folder)
            assert verify(kept).runs == 1
        assert "make sure that you may" in str(refused_by_system(refused.value))
        assert list(folder.iterdir()) == [kept] and kept.read_bytes() == archive.read_bytes()
        folder.chmod(0o755)


def test_a_torn_zip_is_found_wherever_it_is_torn_and_no_revision_hides_it(archive):  # noqa: F811
    whole = archive.read_bytes()
    for length in [*range(0, len(whole), len(whole) // 60), len(whole) - 1]:
        archive.write_bytes(whole[:length])
        with pytest.raises(DamagedArchive):
            seal(made_up("made_up,2"), archive.parent)
        assert [path.name for path in archive.parent.iterdir()] == [archive.name]
    archive.write_bytes(whole)
    assert seal(made_up("made_up,2"), archive.parent).replaces.name == "2022-r1"
