"""The edition ``latest``: each study of each country of the newest year whose headline is whole, wherever that is."""

import json
import re
import shutil
import zipfile

import pytest
import yaml
from click.testing import CliRunner

from conftest import ROOT, copy_project
from workbench.archiving import verify
from workbench.cli import main
from workbench.data.observations import codes_present, select
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.declarations.editions import read_edition
from workbench.declarations.studies import read_sidecar
from workbench.editions.make import make_edition
from workbench.editions.newest_years import left_out, note_newest_years
from workbench.editions.plan import plan, resolve_here
from workbench.execution.run_log import RunLog, RunState
from workbench.model.errors import RefusedRun
from workbench.model.paths import Project
from workbench.model.periods import months_of, quarters_of
from workbench.model.types import Run

TOLD = re.compile(r"(\w+) (\w\w) (\d{4}) \(latest\): would run, .*: it has not been made yet")


@pytest.fixture
def latest(project) -> Project:
    """The project with the edition ``latest`` as it is declared."""
    shutil.copy(ROOT / "params" / "editions" / "latest.yaml", project.params / "editions")
    return project


def declare(project: Project, **said: object) -> None:
    path = project.params / "editions" / "latest.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text(encoding="utf-8")) | said, allow_unicode=True))


def command(project: Project, monkeypatch, *words: str):
    monkeypatch.chdir(project.root)
    return CliRunner().invoke(main, ["edition", *words])


def planned_years(project: Project) -> dict[tuple[str, str], int]:
    planned = plan(project, read_edition(project, "latest"), resolve_here)
    return {(one.run.study, one.run.country): one.run.year for one in planned}


def years_with(project: Project, dataset: str, country: str, parts_of_year, **codes: str) -> set[int]:
    """The years of which one snapshot has every part for a country, read from all snapshots without the code of the plan."""
    declaration, years = read_dataset(project, dataset), set[int]()
    for snapshot in SnapshotStore.of(project).vintages(dataset):
        times = codes_present(snapshot, declaration, "time")
        there = select(snapshot, declaration, {"geo": country, "time": times, **codes}, gaps=True)
        with_value = set(there.loc[there["value"].notna(), "time"])
        years |= {year for year in range(2008, 2030) if with_value.issuperset(parts_of_year(year))}
    return years


def whole(year: int) -> list[str]:
    return [str(year)]


def december(year: int) -> list[str]:
    return months_of(year)[-1:]


@pytest.mark.slow
@pytest.mark.parametrize("country", ["LT", "CH"])
def test_the_year_of_each_study_is_the_newest_whose_headline_is_whole(latest, country):
    """Also outside the European Union."""
    declare(latest, countries=[country])
    years = {study: year for (study, _), year in planned_years(latest).items()}
    asylum = years_with(latest, "migr_asyappctza", country, whole, applicant="TOTAL")
    decisions = years_with(latest, "migr_asydcfstq", country, quarters_of, decision="TOTAL")
    protection = years_with(latest, "migr_asytpsm", country, december, citizen="TOTAL")
    permits = years_with(latest, "migr_resfirst", country, whole) | years_with(latest, "tps00170", country, whole)
    borders = [years_with(latest, dataset, country, whole) for dataset in ("migr_eirfs", "migr_eipre", "migr_eirtn")]
    assert years["asylum_applications"] == max(asylum & set(read_sidecar(latest, "asylum_applications").years))
    assert years["asylum_decisions"] == max(decisions & set(read_sidecar(latest, "asylum_decisions").years))
    assert years["temporary_protection"] == max(protection & set(read_sidecar(latest, "temporary_protection").years))
    assert years["legal_migration"] == max(permits & set(read_sidecar(latest, "legal_migration").years))
    assert years["borders_and_return"] == max(set.intersection(*borders))


def protection_until(project: Project, tmp_path, month: str, day: str) -> None:
    """Import a made-up vintage of temporary protection in Lithuania."""
    rows = [
        f"ESTAT:MIGR_ASYTPSM(1.0),,M,PER,{citizen},T,TOTAL,LT,{time},{40_000 + place},,"
        for citizen in ("TOTAL", "UA")
        for place, time in enumerate(months_of(2026))
        if time <= month
    ]
    header = "DATAFLOW,LAST UPDATE,freq,unit,citizen,sex,age,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
    file = tmp_path / f"{month}.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    # Its last month has not begun yet.
    words = ["import", str(file), "--dataset", "migr_asytpsm", "--vintage", day, "--accept-doubts"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output


def note_as_made(project: Project) -> None:
    for one in plan(project, read_edition(project, "latest"), resolve_here):
        state = RunState(one.inputs, one.selection, dict(one.run.parameters), dict(one.run.vintages), {}, {}, {})
        state.write(RunLog(project).state_path(one.run))


def test_a_new_vintage_moves_the_year_once_it_is_whole_and_the_plan_says_why(latest, tmp_path, monkeypatch):
    monkeypatch.chdir(latest.root)
    declare(latest, studies=["temporary_protection"])
    sidecar = latest.sidecar("temporary_protection")
    sidecar.write_text(re.sub(r"maximum: \d+", "maximum: 2026", sidecar.read_text(encoding="utf-8")))
    ((place, before),) = planned_years(latest).items()
    assert before < 2026
    note_as_made(latest)
    protection_until(latest, tmp_path, "2026-11", "2026-11-01")
    assert planned_years(latest) == {place: before}
    protection_until(latest, tmp_path, "2026-12", "2026-11-02")
    assert planned_years(latest) == {place: 2026}
    told = CliRunner().invoke(main, ["edition", "latest", "--dry-run"]).output.splitlines()
    assert told[0].startswith("temporary_protection LT 2026 (latest): would run, and be rendered in en, lt: ")
    assert "the reference year changed" in told[0] and "the snapshot migr_asytpsm 2026-11-02 changed" in told[0]


def test_a_vintage_that_is_pinned_keeps_the_year(latest, tmp_path, monkeypatch):
    monkeypatch.chdir(latest.root)
    sidecar = latest.sidecar("temporary_protection")
    sidecar.write_text(re.sub(r"maximum: \d+", "maximum: 2026", sidecar.read_text(encoding="utf-8")))
    declare(
        latest,
        studies=["temporary_protection"],
        vintages={"migr_asytpsm": "2026-09-15", "migr_asytpsm by citizen": "2025-05-15"},
    )
    protection_until(latest, tmp_path, "2026-12", "2026-11-02")
    assert planned_years(latest) == {("temporary_protection", "LT"): 2025}


@pytest.mark.slow
def test_a_dry_run_tells_the_year_of_each_study_and_what_is_left_out(latest, monkeypatch):
    """The United Kingdom left before there was temporary protection."""
    told = command(latest, monkeypatch, "latest", "--dry-run", "--country", "UK", "--country", "LT")
    lines = told.output.splitlines()
    years = {(study, country): int(year) for study, country, year in TOLD.findall(told.output)}
    declare(latest, countries=["UK", "LT"])
    assert told.exit_code == 0 and years == planned_years(latest) and years["asylum_applications", "UK"] == 2019
    assert "temporary_protection UK is left out: the snapshots have no whole year of it" in lines
    assert not [line for line in lines if line.startswith("temporary_protection UK 2")]
    assert not list(latest.outputs.iterdir())


@pytest.mark.slow
def test_years_that_were_noted_are_not_found_again(latest, monkeypatch):
    declared = read_edition(latest, "latest")
    note_newest_years(latest, declared)
    before = planned_years(latest)
    monkeypatch.setattr("workbench.resolving.newest_year.newest_year", lambda *of: pytest.fail("the data were read"))
    assert planned_years(latest) == before and not left_out(latest, declared)


def test_a_country_without_any_year_is_refused(latest, monkeypatch):
    told = command(latest, monkeypatch, "latest", "--dry-run", "--country", "US")
    assert told.exit_code == 1 and "found: none for US" in told.stderr


def test_a_study_without_a_headline_is_refused(latest):
    sidecar = latest.sidecar("temporary_protection")
    sidecar.write_text(re.sub(r"\nheadline: .*", "", sidecar.read_text(encoding="utf-8")))
    with pytest.raises(RefusedRun, match="does not say of what its newest year must have data") as refused:
        planned_years(latest)
    assert refused.value.where == "params/studies/temporary_protection.yaml"


@pytest.mark.parametrize(
    ("name", "near"), [("late", "near: latest"), ("Latest", "did you mean latest"), ("2014", "near: ")]
)
def test_an_edition_that_is_not_there_is_told_with_the_nearest(project, monkeypatch, name, near):
    shutil.copytree(ROOT / "params" / "editions", project.params / "editions", dirs_exist_ok=True)
    told = command(project, monkeypatch, name)
    assert told.exit_code == 1 and near in told.stderr and not list(project.outputs.iterdir())


def test_a_run_of_latest_is_not_the_one_of_its_year():
    newest, of_its_year = Run("asylum_decisions", "LT", 2025, edition="latest"), Run("asylum_decisions", "LT", 2025)
    run_log = RunLog(Project(ROOT))
    assert str(newest) == "asylum_decisions LT 2025 (latest)" != str(of_its_year) == "asylum_decisions LT 2025"
    assert run_log.state_path(newest) != run_log.state_path(of_its_year)
    assert newest.command == "workbench edition latest --country LT"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """Two studies of different years, made and sealed."""
    project = copy_project(tmp_path_factory.mktemp("latest") / "project")
    shutil.copy(ROOT / "params" / "editions" / "latest.yaml", project.params / "editions")
    declare(project, studies=["legal_migration", "annual_overview"])
    outcome = make_edition(project, read_edition(project, "latest"))
    assert not outcome.failures, "\n".join(map(str, outcome.failures))
    return project, outcome


@pytest.mark.slow
def test_latest_is_sealed_under_its_own_name_and_found_up_to_date(sealed):
    project, outcome = sealed
    assert outcome.sealed.path.name == "latest-r1.zip"
    verified = verify(outcome.sealed.path)
    assert (verified.name, verified.revision, verified.runs) == ("latest", 1, 2)
    assert not list(project.outputs.glob("2*/"))
    again = make_edition(project, read_edition(project, "latest"))
    assert again.executed == again.made == 0 and again.sealed.path == outcome.sealed.path and not again.sealed.is_new


@pytest.mark.slow
def test_the_archive_covers_the_years_of_its_studies(sealed):
    project, outcome = sealed
    years = sorted(set(planned_years(project).values()))
    with zipfile.ZipFile(outcome.sealed.path) as zipped:
        (crate,) = (name for name in zipped.namelist() if name.endswith("ro-crate-metadata.json"))
        described = {one["@id"]: one for one in json.loads(zipped.read(crate))["@graph"]}
    assert described["./"]["temporalCoverage"] == f"{years[0]}/{years[-1]}" and len(years) == 2
    assert {f"#run-legal_migration-LT-{years[-1]}", f"#run-annual_overview-LT-{years[0]}"} <= described.keys()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "edition", "remark"),
    [
        ("en", "Latest figures on migration and asylum", "the newest year with data"),
        ("lt", "Naujausi migracijos ir prieglobsčio duomenys", "naujausi metai, kurių duomenų yra"),
    ],
)
def test_title_and_edition_say_that_it_is_the_newest_year(sealed, language, edition, remark):
    project, _ = sealed
    for (study, country), year in planned_years(project).items():
        page = (project.outputs / "latest" / country / f"{study}.{language}.html").read_text(encoding="utf-8")
        title = re.search(r"<h1>.*</h1>", page)[0]
        assert f", {year} – {remark}</span>" in title
        assert f'<p class="kicker">{edition}' in page


@pytest.mark.slow
def test_related_studies_lie_in_the_same_folder_though_their_years_differ(sealed):
    project, _ = sealed
    page = (project.outputs / "latest/LT/annual_overview.en.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<a [^>]*href="(\w+)\.en\.html', page))
    assert links == {"legal_migration"}


@pytest.mark.slow
def test_sentences_and_record_are_of_the_study_s_own_year(sealed):
    project, _ = sealed
    for (study, country), year in planned_years(project).items():
        notebook = json.loads((project.outputs / "latest" / country / f"{study}.ipynb").read_text(encoding="utf-8"))
        said = notebook["metadata"]["migration_workbench"]
        assert said["pages"]["en"]["year"] == year and said["vintages"]["migr_resfirst"]
        assert any(str(year) in finding for finding in said["pages"]["en"]["findings"])
