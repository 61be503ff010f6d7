"""What is lacking is told with the dataset and the command that would get it; what no file would fill is not lacking."""

import math
from types import SimpleNamespace

from both_languages import EN
from conftest import ROOT
from workbench.declarations.datasets import read_dataset
from workbench.declarations.sources import declared_sources
from workbench.editions.missing_data import described_gaps
from workbench.execution.run_log import RunLog
from workbench.model.paths import Project
from workbench.model.types import NO_VINTAGE, Result
from workbench.study import Study
from workbench.study.missing_datasets import gap, missing_datasets

PROJECT = Project(ROOT)


def made_up(value: float = math.nan, flags: str = "", dataset: str = "flows", vintage: str = "2024-01-01") -> Result:
    return Result("made_up", "LT", "", "2022", value, value, value, "persons", flags, dataset, vintage)


def test_what_the_vintages_do_not_have_is_lacking_and_what_is_withheld_or_cannot_be_is_not():
    assert missing_datasets([made_up(flags="x")]) == ["flows"]
    assert missing_datasets([made_up(flags="u"), made_up(flags="z"), made_up(flags="c")]) == []
    assert missing_datasets([made_up(flags="x"), made_up(1.0, dataset="stocks")]) == []


def test_a_dataset_without_any_snapshot_is_lacking_even_beside_values():
    rows = [made_up(1.0), made_up(flags="x", dataset="orders", vintage=NO_VINTAGE), made_up(flags="x", dataset="other")]
    assert missing_datasets(rows) == ["orders"]


def test_of_what_is_computed_of_two_the_one_that_is_missing_is_named():
    rate = made_up(flags="x", dataset="flows+population", vintage="2024-01-01+2024-01-01")
    assert missing_datasets([made_up(flags="x"), rate]) == ["flows"]
    assert missing_datasets([rate]) == ["flows", "population"]


def test_what_no_interface_serves_is_imported():
    datasets = [read_dataset(PROJECT, name) for name in ("migr_eiord1", "migr_acq", "frontex_detections")]
    assert gap(datasets, declared_sources(PROJECT), True).commands == (
        "workbench fetch migr_eiord1 migr_acq",
        "workbench import FILE --dataset frontex_detections --vintage DATE",
    )


def test_a_country_outside_the_union_has_no_table_of_ranks_and_the_reason_is_told():
    study = Study.open("asylum_applications", country="NO", year=2022)
    ranks = study.results("asylum_applicants_rank_eu27", "asylum_applicants_share_eu27_pct")
    shown = study.table("standing", ranks, rows="indicator", columns="time", title=study.say("Made up"))
    (gap,) = shown.block.gaps(EN)
    assert "[z]" in gap.why and "workbench fetch" not in gap.why and shown.block.html(EN) == ""


def test_only_what_has_a_value_is_numbered():
    study = Study.open("asylum_applications", country="NO", year=2022)
    ranks, applicants = study.results("asylum_applicants_rank_eu27"), study.results("asylum_applicants")
    shown = [
        study.table(name, results, rows="indicator", columns="time", title=study.say("Made up"))
        for name, results in {"first": applicants, "none": ranks, "second": applicants}.items()
    ]
    assert [one.block.number for one in shown] == [1, 0, 2]


def test_an_edition_lists_what_its_studies_lack(edition, monkeypatch):
    project, outcome = edition
    no_snapshot = "asylum_applications: sections from migr_asyumactm are left out: workbench fetch migr_asyumactm"
    assert list(described_gaps(project, outcome.rendered)) == [no_snapshot]
    lacking = SimpleNamespace(gaps={"figure-made-up": ["workbench fetch migr_acq", "workbench fetch migr_asydcfina"]})
    monkeypatch.setattr(RunLog, "state", lambda log, run: lacking)
    told, *left_out = described_gaps(project, [*outcome.rendered, *outcome.rendered])
    commands = "workbench fetch migr_acq; workbench fetch migr_asydcfina"
    assert told == f"asylum_applications #figure-made-up (LT): {commands}"
    assert left_out == [no_snapshot]


def test_a_run_of_an_unknown_state_has_no_gaps_to_tell(project):
    run = SimpleNamespace(study="temporary_protection", country="LT", year=2022, edition="2022")
    assert list(described_gaps(project, [SimpleNamespace(run=run)])) == []
