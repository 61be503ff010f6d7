"""What an older version sealed stays verifiable, and comparable with what this one seals."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from sealed_again import members_of, zip_again
from workbench.archiving import verify
from workbench.cli import main
from workbench.model.errors import DamagedArchive

OLDER = Path(__file__).parent / "sealed_by_0.2.0" / "2022-r1.zip"
COMMIT = "da718cee64aea92d7e2cf2640a2e0227326f945b"


def test_the_command_accepts_it():
    done = CliRunner().invoke(main, ["verify", str(OLDER)], catch_exceptions=False)
    first, *rest = done.output.splitlines()
    assert (done.exit_code, first) == (0, "2022-r1.zip is intact: 59 files, 2 runs")
    told = "\n".join(rest)
    assert "10 are cells of a snapshot" in told and "28 numbers on 2 pages" in told
    assert "another version recorded it" in told, "what cannot be compared is told"


def test_it_is_of_the_layout_before():
    """An executed notebook and an action a language, and named by whom it was sealed: or it would try nothing."""
    with zipfile.ZipFile(OLDER) as zipped:
        names = {name.removeprefix("2022-r1/data/") for name in zipped.namelist()}
        graph = json.loads(zipped.read("2022-r1/data/ro-crate-metadata.json"))["@graph"]
    assert {f"studies/LT/temporary_protection.{language}.ipynb" for language in ("en", "lt")} <= names
    runs = {entity["@id"] for entity in graph if entity["@type"] == "CreateAction"}
    assert runs == {f"#run-temporary_protection-LT-2022-{language}" for language in ("en", "lt")}
    (software,) = [entity for entity in graph if entity["@id"] == "#workbench"]
    assert (software["softwareVersion"], software["identifier"]) == ("0.2.0", f"swh:1:rev:{COMMIT}")


def test_damage_to_it_is_still_named(tmp_path):
    member, damaged = "2022-r1/data/studies/LT/temporary_protection.lt.ipynb", tmp_path / OLDER.name
    members = members_of(OLDER)
    zip_again(damaged, {**members, member: members[member].replace(b"Lietuv", b"Latvij")})
    with pytest.raises(DamagedArchive) as caught:
        verify(damaged)
    assert member.removeprefix("2022-r1/") in caught.value.where


def test_it_can_be_compared(tmp_path):
    done = CliRunner().invoke(main, ["compare", str(OLDER), str(OLDER), "-o", str(tmp_path / "report")])
    assert (done.exit_code, done.stdout.splitlines()[1]) == (
        0,
        "the same is published by 1 of 1 study; crossed runs: 0",
    )
