"""What JupyterLab saves in notebooks/ is as it is committed."""

import copy
import json

import pytest

from conftest import ROOT
from workbench.lab.saving import clean_on_save


def used(notebook: dict) -> dict:
    """A notebook as it is after a run in JupyterLab."""
    notebook = copy.deepcopy(notebook)
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Migration workbench", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.11.2"},
    }
    for number, cell in enumerate(notebook["cells"], start=1):
        cell["metadata"] = {**cell["metadata"], "execution": {"iopub.status.busy": "2026"}, "collapsed": True}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}], "execution_count": number}
    return notebook


@pytest.fixture(scope="module")
def committed() -> dict:
    return json.loads((ROOT / "notebooks" / "visas.ipynb").read_text(encoding="utf-8"))


def test_a_study_is_saved_as_it_was_committed(committed):
    model = {"type": "notebook", "content": used(committed)}
    clean_on_save(model=model, path="notebooks/visas.ipynb", contents_manager=None)
    assert model["content"] == committed


@pytest.mark.parametrize(("kind", "path"), [("notebook", "scratch.ipynb"), ("file", "notebooks/visas.ipynb")])
def test_what_is_elsewhere_or_no_notebook_stays_as_it_is(committed, kind, path):
    content = used(committed)
    model = {"type": kind, "content": copy.deepcopy(content)}
    clean_on_save(model=model, path=path)
    assert model["content"] == content
