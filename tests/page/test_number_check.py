"""No page is written on which a number cannot be followed, and none says that it is sealed before it is."""

import zipfile

import pytest

from workbench.declarations.editions import read_edition
from workbench.declarations.indicators import read_indicators
from workbench.editions.pages import edition_note
from workbench.execution.recorded import read_recorded
from workbench.model.errors import UnboundNumber
from workbench.page.number_check import check_numbers
from workbench.presentation.about import about
from workbench.presentation.citation import bibtex, citation
from workbench.presentation.wording import Wording

STUDY = "asylum_applications"


@pytest.fixture(scope="module")
def recorded(edition):
    """What the run of the study left behind."""
    (files,) = edition[1].rendered
    return read_recorded(files)


@pytest.fixture(scope="module")
def study(edition, recorded):
    """What the study says of itself in English."""
    project, outcome = edition
    note = edition_note(project, outcome.rendered[0].run, "en")
    return about(recorded.record, note, Wording("en", read_indicators(project)))


def written(edition, name: str) -> str:
    return (edition[0].outputs / "2022" / "LT" / f"{STUDY}.{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(edition):
    return written(edition, "en")


@pytest.fixture(scope="module")
def method(edition):
    return written(edition, "method.en")


def test_the_page_as_it_is_written_passes(page, method, study, recorded):
    check_numbers(page, method, study, recorded.record.results)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('data-result="asylum_applicants|LT||2022|', 'data-result="asylum_applicants|LT||2099|'),
        ('"times":["2008",', '"times":["2099",'),  # of the numbers in tables
    ],
)
def test_a_number_without_a_result_is_refused(page, method, study, recorded, old, new):
    spoilt = page.replace(old, new, 1)
    with pytest.raises(UnboundNumber, match=r"no result backs[\s\S]*asylum_applicants\|LT\|\|2099") as refused:
        check_numbers(spoilt, method, study, recorded.record.results)
    assert f"{STUDY} LT 2022 en" in refused.value.where


def test_a_number_without_a_definition_is_refused(page, method, study, recorded):
    spoilt = method.replace('id="definition-population"', "", 1)
    with pytest.raises(UnboundNumber, match=r"no page defines[\s\S]*definition-population[\s\S]*study\.definitions"):
        check_numbers(page, spoilt, study, recorded.record.results)


def test_what_stands_in_outputs_is_what_was_sealed(edition):
    project, outcome = edition
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        for name in archive.namelist():
            if "/data/studies/" in name:
                inside = archive.read(name)
                assert inside == (project.outputs / "2022" / name.split("/data/studies/")[1]).read_bytes()
                assert not name.endswith(".html") or b'<span class="status sealed"' in inside


def test_a_record_survives_its_notebook(edition, recorded, study):
    record = recorded.record
    assert repr(type(record).from_json(record.as_json())) == repr(record)
    assert record.findings and len(recorded.exhibits) == 10 + 1
    assert study.edition.released == str(read_edition(edition[0], 2022).released)


def test_a_citation_names_publisher_year_and_vintages(study):
    assert citation(study) == (
        "National Contact Point of the European Migration Network, Lithuania (2026). Asylum applications: Lithuania, 2022. "
        "Annual Report on Migration and Asylum 2022."
    )
    entry = bibtex(study)
    assert entry.startswith("@techreport{asylum_applications-LT-2022-en,\n") and entry.count("{") == entry.count("}")
    assert r"Eurostat, migr\_asyappctza, 2024-01-18" in entry and "year = {{2026}}" in entry
