"""A second revision says which archive it replaces, and why; a first one, and the same again, say nothing."""

import re
from dataclasses import replace
from hashlib import sha256

import pytest
from test_archive import archive, made_up, with_information  # noqa: F401, a fixture

from sealed_again import below_top, seal_again
from workbench.archiving import seal, verify
from workbench.model.errors import DamagedArchive

WHY = "2026-12-05: The rate was one of all decisions,\n and is one of those on substance."


def corrected(results: str, *corrections: str):
    return replace(made_up(results), corrections=corrections)


def test_a_revision_names_the_one_it_replaces_its_digest_and_why(archive):  # noqa: F811
    second = seal(corrected("made_up,2", WHY), archive.parent)
    replaces = verify(second.path).replaces
    assert replaces == second.replaces
    assert (replaces.name, replaces.digest) == ("2022-r1", sha256(archive.read_bytes()).hexdigest())
    assert replaces.reason == " ".join(WHY.split()) and replaces.is_told
    assert replaces.changed == "ro-crate-metadata.json 1 changed; studies/ 1 changed"
    third = seal(corrected("made_up,3", WHY, "2027-01-08: A second one."), archive.parent).replaces
    assert (third.name, third.reason) == ("2022-r2", "2027-01-08: A second one."), "what it has not told before"
    fourth = seal(corrected("made_up,4", WHY, "2027-01-08: A second one."), archive.parent).replaces
    assert not fourth.is_told and fourth.reason == "no correction is declared"


def test_what_is_first_and_what_is_the_same_replace_nothing(archive):  # noqa: F811
    assert verify(archive).replaces is None
    again = seal(made_up(), archive.parent)
    assert (again.is_new, again.replaces) == (False, None)


def test_files_that_come_and_go_are_counted_by_folder(archive):  # noqa: F811
    contents = made_up()
    files = [file for file in contents.files if file.path != "README.md"]
    files += [replace(files[0], path=f"snapshots/estat/made_up/{name}.txt") for name in ("a", "b")]
    changed = seal(replace(contents, files=tuple(files)), archive.parent).replaces.changed
    assert changed == "README.md 1 removed; ro-crate-metadata.json 1 changed; snapshots/ 2 added"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.replace(b"Replaces: 2022-r1\n", b"Replaces: 2022-r2\n"),
        lambda said: said.replace(b"Replaces: 2022-r1\n", b"Replaces: 2021-r1\n"),
        lambda said: re.sub(rb"Replaces-SHA256: .*\n", b"", said),
    ],
    ids=["itself", "another edition", "only half said"],
)
def test_what_cannot_be_replaced_is_refused(archive, change):  # noqa: F811
    second = seal(made_up("made_up,2"), archive.parent).path
    seal_again(second, with_information(below_top(second), change))
    with pytest.raises(DamagedArchive, match=r"Replaces.*an earlier revision of 2022-r2"):
        verify(second)
