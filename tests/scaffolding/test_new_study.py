"""A new study runs at once and is in an edition; nothing is overwritten."""

import json

import pytest
from click.testing import CliRunner

from conftest import copy_project
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.model.errors import InvalidDeclaration, InvalidName, WorkbenchError
from workbench.scaffolding.study import make_study

NAME = "children_seeking_asylum"


@pytest.fixture
def project(tmp_path):
    project = copy_project(tmp_path / "project")
    listed = project.params / "editions" / "2022.yaml"
    listed.write_text(
        listed.read_text(encoding="utf-8").replace(
            "studies: [asylum_applications]", "studies:\n  - asylum_applications"
        ),
        encoding="utf-8",
    )
    return project


def files_of(project):
    return {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


def test_it_is_in_the_edition_of_which_nothing_else_changes(project):
    edition = project.params / "editions" / "2022.yaml"
    declared = edition.read_text(encoding="utf-8")
    made = make_study(project, NAME, "2022")
    assert read_edition(project, 2022).studies == ("asylum_applications", NAME)
    assert edition.read_text(encoding="utf-8").replace(f"  - {NAME}\n", "") == declared
    assert [path.relative_to(project.root).as_posix() for path in made] == [
        f"notebooks/{NAME}.ipynb",
        f"params/studies/{NAME}.yaml",
        f"tests/notebooks/test_{NAME}.py",
        "params/editions/2022.yaml",
    ]


@pytest.mark.slow
def test_it_runs_at_once_and_its_page_is_whole(project, monkeypatch):
    monkeypatch.chdir(project.root)
    told = CliRunner().invoke(main, ["new", "study", NAME, "--edition", "2022"])
    assert told.exit_code == 0 and f"workbench preview {NAME}" in told.output
    run = CliRunner().invoke(main, ["run", NAME])
    assert run.exit_code == 0, run.output
    page = (project.outputs / "2022" / "LT" / f"{NAME}.en.html").read_text(encoding="utf-8")
    assert "figure-rates-by-year" in page and "table-applicants-by-year" in page


@pytest.mark.parametrize("there", ["notebooks/{}.ipynb", "params/studies/{}.yaml", "tests/notebooks/test_{}.py"])
def test_nothing_is_overwritten_and_nothing_is_half_made(project, there):
    path = project.root / there.format(NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    before = files_of(project)
    with pytest.raises(WorkbenchError, match="never overwritten") as refused:
        make_study(project, NAME, "2022")
    assert there.format(NAME) in str(refused.value) and files_of(project) == before


@pytest.mark.parametrize("name", ["Children", "../x", "a b", "", "x" * 65, "1st"])
def test_a_name_that_is_none_is_refused(project, name):
    before = files_of(project)
    with pytest.raises(InvalidName):
        make_study(project, name, "2022")
    assert files_of(project) == before


def test_an_edition_whose_studies_stand_on_one_line_is_left_alone(project):
    edition = project.params / "editions" / "2022.yaml"
    edition.write_text(
        edition.read_text(encoding="utf-8").replace(
            "studies:\n  - asylum_applications", "studies: [asylum_applications]"
        ),
        encoding="utf-8",
    )
    before = files_of(project)
    with pytest.raises(InvalidDeclaration, match="one on each line"):
        make_study(project, NAME, "2022")
    assert files_of(project) == before


def test_when_the_last_file_cannot_be_written_the_others_are_gone_again(project, monkeypatch):
    from workbench.model import new_files

    def full(path, content, write=new_files.write_whole):
        if path.suffix == ".py":
            raise OSError("the disk is full")
        return write(path, content)

    monkeypatch.setattr(new_files, "write_whole", full)
    before = files_of(project)
    with pytest.raises(OSError, match="full"):
        make_study(project, NAME, "2022")
    assert files_of(project) == before


def test_the_notebook_is_written_as_the_others_are(project):
    make_study(project, NAME, "2022")
    written = project.notebook(NAME).read_text(encoding="utf-8")
    assert json.dumps(json.loads(written), ensure_ascii=False, indent=1, sort_keys=True) + "\n" == written
