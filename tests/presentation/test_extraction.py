"""The messages that Babel extracts are those that the code marks, and the texts of notebooks and declarations."""

import ast
import json
from pathlib import Path

import pytest
from babel.messages.extract import extract

from conftest import ROOT
from workbench.model.errors import InvalidDeclaration
from workbench.model.paths import Project
from workbench.presentation.extraction import KEYWORDS, extract_notebook, extract_yaml, extracted


def given_to_a_marker(code: str) -> set[str]:
    """Every text among the first arguments of a marking function, wherever it is called: in an f-string, too."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call) and node.args]
    marking = [call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", None)) in KEYWORDS]
    firsts = [call.args[0] for call in marking]
    choices = [[first.body, first.orelse] if isinstance(first, ast.IfExp) else [first] for first in firsts]
    texts = [one.value for some in choices for one in some if isinstance(one, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and text}


@pytest.fixture(scope="module")
def found() -> set[tuple[str, str]]:
    """Message and file; of one with a plural, the singular."""
    return {(message if isinstance(message, str) else message[0], file) for message, file in extracted(Project(ROOT))}


def test_every_text_that_the_package_marks_is_extracted(found):
    for path in sorted((ROOT / "workbench").rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        assert given_to_a_marker(path.read_text(encoding="utf-8")) == {text for text, where in found if where == file}


def test_every_text_that_a_notebook_marks_is_extracted(found):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        assert given_to_a_marker(code) <= {text for text, where in found if where == f"notebooks/{path.name}"}


def test_templates_declarations_and_cards_are_extracted(found):
    assert {
        ("Skip to the content", "workbench/site/templates/layout.html.j2"),
        ("Key findings", "notebooks/asylum_applications.ipynb"),
        ("persons", "params/indicators.yaml"),
        ("other items of the demographic balance; EFTA and euro area",
         "workbench/data/starter/estat/demo_gind/2025-03-27.yaml"),
    } <= found  # fmt: skip


def messages_of(method, file: Path, content: str, **options: str) -> list:
    file.write_text(content, encoding="utf-8")
    with file.open("rb") as opened:
        return [message for _, message, *_ in extract(method, opened, KEYWORDS, options=options)]


def notebook(*cells: tuple[str, str]) -> str:
    cells = [{"cell_type": kind, "source": source.splitlines(keepends=True)} for kind, source in cells]
    return json.dumps({"nbformat": 4, "cells": cells})


def test_of_a_notebook_headings_paragraphs_and_marked_texts_are_messages(tmp_path):
    cells = (
        ("markdown", "## Heading\n\nA text\nof two lines."),
        ("code", "%matplotlib inline\nstudy.text(say('One ' 'sentence.', n=1))\n"),
        ("code", "say_plural('{count} person', '{count} persons', count=n)"),
    )
    assert messages_of(extract_notebook, tmp_path / "made-up.ipynb", notebook(*cells)) == [
        "Heading", "A text of two lines.", "One sentence.", ("{count} person", "{count} persons"),
    ]  # fmt: skip


def test_of_what_is_named_in_a_notebook_each_text_is_a_message_and_so_is_each_of_two(tmp_path):
    code = "study.say_change(n, *m, rise='More.', from_to='Rose.' if n > m else 'Fell.', place=Place('geo', 'LT'))"
    found = messages_of(extract_notebook, tmp_path / "made-up.ipynb", notebook(("code", code)))
    assert found == ["More.", "Rose.", "Fell."]


def test_of_a_declaration_the_texts_under_some_keys_are_messages(tmp_path):
    yaml = "title: A title\nvintage: none\nretrieved: 2024-01-18\nnotes:\n- {since: 2020, text: A note}\ncaveats:\n- One\n- '2024'\n"
    keys = "title retrieved text caveats"
    assert messages_of(extract_yaml, tmp_path / "made-up.yaml", yaml, keys=keys) == ["A title", "A note", "One"]


def test_a_declaration_that_is_not_yaml_is_refused(tmp_path):
    with pytest.raises(InvalidDeclaration, match="this file is not YAML"):
        messages_of(extract_yaml, tmp_path / "made-up.yaml", "title: [", keys="title")
