"""A study is executed once for all languages: none goes into what its kernel describes, and each is shown whole."""

import json
import re

import pytest

from both_languages import EN, LT
from conftest import ROOT
from notebook_code import Executed, executed
from workbench.model.record import Record
from workbench.presentation.blocks import gaps_html
from workbench.presentation.descriptions import described, digest_of
from workbench.presentation.notebook_style import styled

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # as the sweep

STUDIES = sorted(notebook.stem for notebook in (ROOT / "notebooks").glob("*.ipynb"))
# A member state with most of its data; of some studies one of few numbers and no place in the Union.
RUNS = [(study, "LT", 2022) for study in STUDIES] + [(study, "LI", 2023) for study in STUDIES[1::3]]


def run_in(study: str, country: str, year: int, language: str) -> Executed:
    return executed(study, country, year, language)


def described_json(run: Executed) -> dict[str, str]:
    """What each cell describes, to the letter."""
    return {cell: json.dumps(shown.description) for cell, shown in run.shown.items()}


@pytest.mark.parametrize(("study", "country", "year"), RUNS)
def test_no_language_goes_into_what_a_kernel_describes(study, country, year):
    english, lithuanian = (run_in(study, country, year, language) for language in ("en", "lt"))
    assert described_json(english) == described_json(lithuanian) != {}
    records = [json.dumps(run.record.as_json()) for run in (english, lithuanian)]
    assert records[0] == records[1]
    assert english.record.blocks == lithuanian.record.blocks != ()
    assert {digest_of(shown.description) for shown in english.shown.values()} <= set(english.record.blocks)


@pytest.mark.parametrize("study", STUDIES)
def test_what_is_described_is_read_back_and_shown_in_both_languages(study):
    """The blocks that the notebook shows in its own language are those of a page made from its record."""
    run = run_in(study, "LT", 2022, "lt")
    assert run.recorded.shown.keys() == {(cell, 0) for cell in run.shown}
    for (cell, _), block in run.recorded.shown.items():
        assert described(block) == run.shown[cell].description
    assert repr(run.record) == repr(Record.from_json(run.record.as_json()))
    # JupyterLab shows what a block lacks below it, and a page at its end.
    on_the_page = {cell: block.html(LT) for (cell, _), block in run.recorded.shown.items()}
    for cell, shown in run.shown.items():
        displayed = shown._repr_mimebundle_()[0]["text/html"]
        assert displayed == styled(on_the_page[cell] + gaps_html(shown.block.gaps(LT))), cell
    in_lithuanian, in_english = "\n".join(on_the_page.values()), run.html(EN)
    # The titles of official texts are in English, and say so.
    own = re.sub(r'<a [^>]*lang="en">[^<]*</a>', "", in_lithuanian)
    assert "Lithuania" in in_english and "Lithuania" not in own and "Lietuv" in own
