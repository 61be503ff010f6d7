"""No page is written on which a number cannot be followed, and none says that it is sealed before it is."""

import zipfile

import nbformat
import pytest

from workbench.declarations.editions import read_edition
from workbench.execution.run_files import record_of
from workbench.model.errors import UnboundNumber
from workbench.page.citation import bibtex, citation
from workbench.page.number_check import check_numbers

STUDY = "asylum_applications"


@pytest.fixture(scope="module")
def written(edition):
    """The page of a study, and the record of its run."""
    folder = edition[0].outputs / "2022" / "LT"
    record = record_of(nbformat.read(folder / f"{STUDY}.en.ipynb", as_version=4).cells)
    return (folder / f"{STUDY}.en.html").read_text(encoding="utf-8"), record


def test_the_page_as_it_is_written_passes(written):
    check_numbers(*written)


def test_a_number_without_a_result_is_refused(written):
    page, record = written
    spoilt = page.replace('data-result="asylum_applicants|LT||2022|', 'data-result="asylum_applicants|LT||2099|', 1)
    with pytest.raises(UnboundNumber, match=r"no result backs[\s\S]*asylum_applicants\|LT\|\|2099"):
        check_numbers(spoilt, record)


def test_a_number_without_a_definition_is_refused(written):
    page, record = written
    spoilt = page.replace('id="definition-population"', "", 1)
    with pytest.raises(UnboundNumber, match=r"does not define[\s\S]*definition-population[\s\S]*study\.definitions"):
        check_numbers(spoilt, record)


def test_what_stands_in_outputs_is_what_was_sealed(edition):
    project, outcome = edition
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        for name in archive.namelist():
            if "/data/studies/" in name:
                inside = archive.read(name)
                assert inside == (project.outputs / "2022" / name.split("/data/studies/")[1]).read_bytes()
                assert not name.endswith(".html") or b'<span class="status sealed">' in inside


def test_a_record_survives_its_notebook(edition, written):
    _, record = written
    assert repr(type(record).from_json(record.as_json())) == repr(record)
    assert (
        record.findings
        and len(record.exhibits) == 16 + 9
        and record.edition.released == str(read_edition(edition[0], 2022).released)
    )


def test_a_citation_names_publisher_year_and_vintages(written):
    _, record = written
    assert citation(record) == (
        "National Contact Point of the European Migration Network, Lithuania (2026). Asylum applications: Lithuania, 2022. "
        "Annual Report on Migration and Asylum 2022."
    )
    entry = bibtex(record)
    assert entry.startswith("@techreport{asylum_applications-LT-2022-en,\n") and entry.count("{") == entry.count("}")
    assert r"Eurostat, migr\_asyappctza, 2024-01-18" in entry and "year = {{2026}}" in entry
