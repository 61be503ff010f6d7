"""YAML that says a thing twice is refused; what is declared says each thing once."""

import pytest
import yaml

from conftest import ROOT
from workbench.declarations.commentary import read_commentary
from workbench.declarations.models import Declaration
from workbench.declarations.studies import read_sidecar
from workbench.declarations.yaml_files import Loader, read_mapping, read_yaml
from workbench.model.errors import InvalidDeclaration, RefusedRun

FILES = [*(ROOT / "params").rglob("*.yaml"), *(ROOT / "workbench" / "data" / "starter").rglob("*.yaml")]


@pytest.mark.parametrize(
    ("said", "line", "first", "key"),
    [
        ("title: One\nyear: 2022\ntitle: Another\n", 3, 1, "title"),
        ("vintages:\n  demo_gind: 2025-03-27\n  demo_gind: 2025-03-28\n", 3, 2, "demo_gind"),
        ("- {a: 1, b: 2}\n- {a: 1,\n   a: 2}\n", 3, 2, "a"),
    ],
)
def test_a_key_that_is_given_twice_is_refused_with_its_file_and_lines(tmp_path, said, line, first, key):
    path = tmp_path / "declared.yaml"
    path.write_text(said)
    with pytest.raises(InvalidDeclaration, match=r"declared\.yaml gives a key twice") as refused:
        read_mapping(path)
    assert refused.value.where == f"{path}, line {line}, key {key}"
    assert refused.value.found == f"it is given on line {first} already"


class _Square(Declaration, tag_field="kind", tag="square"):
    side: int


class _Disc(Declaration, tag_field="kind", tag="disc"):
    radius: int


class _Shapes(Declaration):
    shapes: dict[str, _Square | _Disc]


@pytest.mark.parametrize(
    ("said", "expected", "found"),
    [
        ("shapes: {a: {knid: disc, radius: 1}}", "the key kind", "the keys knid, radius"),
        ("shapes: {a: {kind: disk, radius: 1}}", "one of disc, square", "kind: disk"),
        ("shapes: {a: {kind: disc, radios: 1}}", "one of kind, radius", "unknown key shapes.a.radios"),
        ("shapes: {a: {kind: disc}}", "the key radius", "the keys kind"),
        (
            "shapes: {a: {kind: disc, radius: 1, colour: red}}",
            "one of kind, radius",
            "unknown key shapes.a.colour",
        ),
        ("shape: {}\nshapes: {}", "one of shapes", "unknown key shape"),
    ],
)
def test_a_broken_key_is_told_in_the_words_of_the_file(tmp_path, said, expected, found):
    path = tmp_path / "shapes.yaml"
    path.write_text(said)
    with pytest.raises(InvalidDeclaration) as refused:
        read_yaml(path, _Shapes)
    assert expected in refused.value.expected and refused.value.found == found


def test_the_lines_of_a_commentary_are_those_of_its_file(tmp_path):
    path = tmp_path / "en.md"
    path.write_text("---\nauthor: A. Writer\ndate: 2026-11-24\nauthor: Another\n---\nText.\n")
    with pytest.raises(InvalidDeclaration) as refused:
        read_commentary(path)
    assert refused.value.where == f"{path}, line 4, key author"


def test_the_same_key_elsewhere_and_a_default_that_is_replaced_are_not_given_twice():
    said = "one: &default {a: 1, b: 2}\ntwo: {<<: *default, a: 3}\nthree: {1: x, '1': y}\n"
    assert yaml.load(said, Loader) == {"one": {"a": 1, "b": 2}, "two": {"a": 3, "b": 2}, "three": {1: "x", "1": "y"}}


def test_what_is_declared_can_be_read():
    assert len(FILES) > 100
    for path in FILES:
        assert read_mapping(path), path


@pytest.mark.parametrize("there", ["notebooks/half.ipynb", "params/studies/half.yaml"])
def test_of_a_study_that_is_half_there_the_half_is_named(project, there):
    (project.root / there).write_text("{}", encoding="utf-8")
    with pytest.raises(RefusedRun, match="there is no study half") as refused:
        read_sidecar(project, "half")
    assert refused.value.found == f"{there} alone"
