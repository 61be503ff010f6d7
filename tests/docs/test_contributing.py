"""CONTRIBUTING.md lists the rooms of the package as they are, on the floors that import-linter holds."""

import re
import tomllib

import pytest

from conftest import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def rooms_listed() -> list[set[str]]:
    """The rooms of each floor, from the top, as the table has them."""
    section = TEXT.split("## Rooms\n")[1].split("\n## ")[0]
    return [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in section.splitlines() if row.startswith("| `")]


def test_the_rooms_stand_on_the_floors_that_are_held():
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (floors,) = [one for one in configuration["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    assert rooms_listed() == [set(layer.split(" | ")) for layer in floors["layers"]]


def test_each_room_is_there_and_no_other():
    package = ROOT / "workbench"
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert set().union(*rooms_listed()) == folders | modules


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w/]+\.(?:py|yaml|toml))`", TEXT))))
def test_a_file_that_is_named_is_there(path):
    assert any((ROOT / folder / path).exists() for folder in ("", "workbench", "params", "tests"))
