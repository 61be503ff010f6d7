"""What a method of the study returns: described without a language, and worded in the notebook's."""

import json

import pytest
from IPython.core.formatters import DisplayFormatter

from both_languages import EN, LT
from made_up_results import made_up, said
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE, Record
from workbench.presentation.descriptions import block_of, digest_of
from workbench.presentation.notebook_style import styled
from workbench.study import Study
from workbench.study.shown import ONLY_DESCRIBED

YEARS = ["2020", "2021", "2022"]


def open_study(language: str = "en") -> Study:
    return Study.open("asylum_applications", country="LT", year=2022, language=language)


def table(study: Study):
    applicants = study.results("asylum_applicants", time=YEARS)
    return study.table("made-up", applicants, rows="time", columns="indicator", title=study.say("{country}, {year}"))


@pytest.fixture(autouse=True)
def worded_too(monkeypatch):
    """As in JupyterLab, whatever the tests are run in."""
    monkeypatch.delenv(ONLY_DESCRIBED, raising=False)


@pytest.mark.parametrize(("language", "wording", "place"), [("en", EN, "Lithuania"), ("lt", LT, "Lietuva")])
def test_a_block_is_shown_in_both_forms(language, wording, place):
    shown = table(open_study(language))
    data, metadata = shown._repr_mimebundle_()
    assert set(data) == {BLOCK_TYPE, "text/html", "text/plain"} and metadata == {}
    assert data["text/html"] == styled(shown.block.html(wording)) and place in data["text/html"]
    assert data["text/plain"] == repr(shown) == "<Table table-made-up>"
    assert block_of(json.loads(json.dumps(data[BLOCK_TYPE]))).html(wording) == shown.block.html(wording)


def test_the_description_alone_is_shown_where_pages_are_made_elsewhere(monkeypatch):
    monkeypatch.setenv(ONLY_DESCRIBED, "1")
    shown = table(open_study())
    data, _ = shown._repr_mimebundle_()
    assert set(data) == {BLOCK_TYPE, "text/plain"} and block_of(data[BLOCK_TYPE]) == shown.block


def test_nothing_is_worded_or_drawn_for_a_description_alone(monkeypatch):
    monkeypatch.setenv(ONLY_DESCRIBED, "1")
    study = open_study()
    shown = table(study)
    monkeypatch.setattr(type(shown.block), "html", None)
    assert BLOCK_TYPE in shown._repr_mimebundle_()[0]


def test_ipython_shows_both_forms():
    data, _ = DisplayFormatter().format(table(open_study()))
    assert {BLOCK_TYPE, "text/html", "text/plain"} <= set(data)


def test_the_language_of_the_notebook_goes_into_the_html_alone():
    english, lithuanian = (table(open_study(language))._repr_mimebundle_()[0] for language in ("en", "lt"))
    assert english[BLOCK_TYPE] == lithuanian[BLOCK_TYPE] and english["text/html"] != lithuanian["text/html"]


def test_a_sentence_says_the_same_in_the_notebook_of_any_language():
    english, lithuanian = (open_study(language).say("In {country:locative}, {year}") for language in ("en", "lt"))
    assert english == lithuanian


def test_what_the_provenance_carries_is_the_record_with_the_blocks_that_were_made():
    study = open_study()
    one, other = table(study), study.text(study.say("In {country:locative}."))
    together, shown = one + other, study.provenance()
    data, _ = shown._repr_mimebundle_()
    assert set(data) == {BLOCK_TYPE, RECORD_TYPE, "text/html", "text/plain"}
    record = Record.from_json(json.loads(json.dumps(data[RECORD_TYPE])))
    made = {digest_of(each.description) for each in (one, other, together, shown)}
    assert set(record.blocks) == made and list(record.blocks) == sorted(made)
    assert {result.key for result in one.block.results} <= {result.key for result in record.results}
    # Beside it, what the reader sees does not carry the numbers again.
    assert shown.block.record.results == () and shown.block.published == len(record.results)
    assert RECORD_TYPE not in one._repr_mimebundle_()[0]


def test_two_in_one_cell_are_one_below_the_other():
    study = open_study()
    one, other = study.text(said("One", made_up(5, indicator="asylum_applicants"))), table(study)
    together = one + other
    data, _ = together._repr_mimebundle_()
    assert data["text/html"] == styled(one.block.html(EN) + "\n" + other.block.html(EN))
    assert together.block.parts == (one.block, other.block)
    assert len((together + one).block.html(EN)) > len(together.block.html(EN))


def test_a_sentence_that_no_text_shows_says_so_where_a_cell_ends_in_it():
    sentence = open_study().say("{country}, {year}")
    plain = DisplayFormatter().format(sentence)[0]["text/plain"]
    assert plain == "not on the page until study.text(…) shows it: {country}, {year}"
