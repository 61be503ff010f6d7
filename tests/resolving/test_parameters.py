"""What cannot be made is refused before anything runs, and the near values are named."""

import pytest
from click.testing import CliRunner

from workbench.cli import main
from workbench.data import snapshots
from workbench.data.cards import digest
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.editions import read_edition
from workbench.declarations.indicators import read_indicators
from workbench.declarations.studies import read_sidecar
from workbench.model.errors import DamagedSnapshot, InvalidDeclaration, MissingSnapshot, RefusedRun
from workbench.resolving.parameters import resolve

STUDY = "asylum_applications"


@pytest.mark.parametrize(
    ("given", "what", "near"),
    [
        ({"contry": "LT"}, "no parameter contry", "country"),
        ({"country": "LX"}, "'LX' is not a country code", "LT"),
        ({"country": "Lithuania"}, "is not a country code", "LT is the code of Lithuania"),
        ({"country": "GB"}, "is not a country code", "UK is the code of United Kingdom"),
        ({"country": "EU27_2020"}, "is not one country", "one country"),
        ({"country": "UNK"}, "is not one country", "one country"),
        ({"country": 370}, "is not text", "'LT'"),
        ({"year": "2022"}, "not a whole number", "2008 to 2024"),
        ({"year": True}, "not a whole number", "2008 to 2024"),
        ({"year": 2202}, "out of bounds", "near: 2024"),
        ({"year": 2020, "country": "UK"}, "no data for UK 2020", "2019"),
        ({"year": 2022, "country": "XK"}, "no data for XK 2022", "near"),
        ({"language": "lv"}, "'lv' has no catalogue", "en, lt"),
        ({"neighbours": "LV"}, "not a list", "['LV', 'EE']"),
        ({"neighbours": ["LV", "EX"]}, "'EX' is not a country code", "EE"),
        ({"neighbours": ["LV", "EE", "PL", "DE", "FI", "SE"]}, "too many", "at most 5"),
    ],
)
def test_a_run_is_refused(project, given, what, near):
    with pytest.raises(RefusedRun) as refused:
        resolve(project, STUDY, given)
    assert what in refused.value.what and near in refused.value.expected
    assert "nothing was run" in refused.value.unchanged


def test_an_unknown_study_names_those_there_are(project):
    with pytest.raises(RefusedRun, match="asylum_applications"):
        resolve(project, "asylum_application", {})


def test_the_command_line_refuses_before_anything_is_written(project, monkeypatch):
    monkeypatch.chdir(project.root)
    refused = CliRunner().invoke(main, ["run", STUDY, "--country", "LT", "--year", "2022", "-p", "colour=red"])
    assert refused.exit_code == 1 and "no parameter colour" in refused.stderr
    assert list(project.outputs.rglob("*")) == []


def test_an_edition_of_a_year_without_one_is_refused(project, monkeypatch):
    monkeypatch.chdir(project.root)
    refused = CliRunner().invoke(main, ["edition", "2012"])
    assert refused.exit_code == 1 and "no edition 2012" in refused.stderr and "2022" in refused.stderr


def test_the_edition_pins_the_vintages(project):
    assert resolve(project, STUDY, {}).vintages == {
        "migr_asyappctza": "2024-01-18",
        "migr_asyappctza by citizen": "2024-01-18",
        "migr_asyappctzm": "2024-10-15",
        "migr_asypenctzm": "2023-06-26",
        "demo_gind": "2025-03-27",
    }
    declared = project.params / "editions" / "2022.yaml"
    declared.write_text(declared.read_text().replace("2024-01-18", "2025-03-31"))
    assert resolve(project, STUDY, {}).vintages["migr_asyappctza"] == "2025-03-31"
    declared.write_text(declared.read_text().replace("2025-03-31", "2025-04-01"))
    with pytest.raises(MissingSnapshot, match="2025-04-01"):
        resolve(project, STUDY, {})


@pytest.mark.parametrize(("year", "vintage"), [(2021, "2024-01-18"), (2024, "2025-03-31")])
def test_without_an_edition_the_fullest_vintage_is_taken(project, year, vintage):
    # January 2024 has first-time applicants and ages to 2022; for later years only March 2025 has the total.
    assert resolve(project, STUDY, {"year": year}).vintages["migr_asyappctza"] == vintage


@pytest.mark.parametrize(
    ("file", "replaced", "by", "found"),
    [
        ("studies/asylum_applications.yaml", "topic:", "topics:", "topics"),
        ("studies/asylum_applications.yaml", "minimum: 2008", "minimum: early", "early"),
        ("editions/2022.yaml", "released: 2", "released: soon2", "soon2"),
        ("editions/2022.yaml", "countries: [LT]", "countries: []", "()"),
    ],
)
def test_a_declaration_that_says_something_else_is_refused_with_file_and_key(project, file, replaced, by, found):
    path = project.params / file
    path.write_text(path.read_text().replace(replaced, by))
    with pytest.raises(InvalidDeclaration) as refused:
        read_sidecar(project, STUDY) if "studies" in file else read_edition(project, 2022)
    assert path.name in refused.value.where and found.strip("()") in str(refused.value)


def test_an_indicator_that_names_an_undeclared_one_is_refused(project):
    path = project.params / "indicators.yaml"
    path.write_text(path.read_text().replace("denominator: population", "denominator: populations"))
    with pytest.raises(InvalidDeclaration, match="populations"):
        read_indicators(project)


def test_a_damaged_snapshot_is_refused_before_anything_runs_though_there_is_no_other_to_choose(project, monkeypatch):
    study, dataset = "temporary_protection", "demo_gind"
    (only,) = SnapshotStore.of(project).vintages(dataset)
    assert read_sidecar(project, study).datasets[dataset].required is None
    snapshots._opened.cache_clear()
    monkeypatch.setattr(snapshots, "digest", lambda path: "0" * 64 if path == only.path else digest(path))
    with pytest.raises(DamagedSnapshot, match=dataset):
        resolve(project, study, {})
    snapshots._opened.cache_clear()
