"""What docs/ and the README tell a reader to do works as it is written there."""

import re

import pytest
from page_blocks import Reader, blocks_of, joined

from conftest import ROOT, copy_package, copy_project
from quick_study import QUICK
from server import Answer, Provider, serving, structure

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = [page for page in PAGES if blocks_of(page)]


OFFICE = "https://stat.example/rest/"
ASYLUM = """DATAFLOW,FREQ,GEO,TIME_PERIOD,OBS_VALUE
STAT:ASYLUM(1.0),A,LT,2021,40
STAT:ASYLUM(1.0),A,LT,2022,10
"""


def name_of(page):
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def office():
    """The statistical office that pages speak of, on this machine. Its figures are made up."""
    codes = {"FREQ": {"A": "Annual"}, "GEO": {"LT": "Lithuania", "LV": "Latvia"}}
    with serving(Provider()) as provider:
        provider.says("dataflow/STAT/ASYLUM", Answer(structure("ASYLUM", codes, "Asylum applicants", "STAT")))
        provider.says("data/STAT", Answer(ASYLUM.encode()))
        yield provider


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_what_a_page_says_works(page, tmp_path, office):
    root = tmp_path / "project"
    edition = copy_project(root).params / "editions" / "2022.yaml"
    # One study a line, as it is in the project; the one that is quickest, for no page speaks of it.
    edition.write_text(edition.read_text(encoding="utf-8").replace("[asylum_applications]", f"\n  - {QUICK}"))
    copy_package(root / "workbench")
    reader = Reader(root, tmp_path, {OFFICE: office.address})
    for block in joined(blocks_of(page)):
        try:
            reader.follow(block)
        except Exception as error:
            raise AssertionError(f"{name_of(page)}, line {block.line}: {error}") from error


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_targets_and_files_that_a_page_names_are_there(page):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets
    linked = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [link for link in linked if not (page.parent / link).exists()] == []
