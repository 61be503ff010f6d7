"""What is up to date is not made again, and a change re-runs or re-renders only what depends on it: told before anything is."""

import dataclasses
import json
import shutil
import time

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import copy_package, copy_project
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.editions.plan import plan, resolve_here, shard
from workbench.execution import fingerprint
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import DISPLAY, FileState, PageState, RunLog, RunState
from workbench.model import digests
from workbench.model.errors import RefusedRun
from workbench.model.paths import Project, write_whole

pytestmark = pytest.mark.slow

STUDY, OTHER = "asylum_applications", "made_up"
PLACES = [
    (study, country, language)
    for country in ("LT", "LV")
    for study in (STUDY, OTHER)
    for language in ("en", "lt", DISPLAY)
]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of what the package's digests are made of, free to be changed."""
    copy = copy_package(tmp_path / "package")
    for module in (fingerprint, digests):
        monkeypatch.setattr(module, "CODE_FOLDER", copy)
    monkeypatch.setattr(fingerprint, "STARTER_SNAPSHOTS", copy / "data" / "starter")
    return copy


@pytest.fixture(scope="module")
def pretended_once(tmp_path_factory) -> Project:
    """Two studies for two countries in two languages, whose runs are noted as made: to resolve them takes seconds."""
    return pretend(copy_project(tmp_path_factory.mktemp("pretended") / "project"))


@pytest.fixture
def pretended(pretended_once, package, tmp_path) -> Project:
    """A copy of it, free to be changed."""
    return Project(shutil.copytree(pretended_once.root, tmp_path / "project"))


def pretend(project: Project) -> Project:
    shutil.copy(project.notebook(STUDY), project.notebook(OTHER))
    shutil.copy(project.sidecar(STUDY), project.sidecar(OTHER))
    declared = project.params / "editions" / "2022.yaml"
    said = yaml.safe_load(declared.read_text())
    declared.write_text(yaml.safe_dump(said | {"studies": [STUDY, OTHER], "countries": ["LT", "LV"]}))
    pretend_made(project)
    return project


def pretend_made(project: Project) -> None:
    """Write made-up files for each run, and its state, as a worker does."""
    for one in planned(project):
        made = RunFiles(project, one.run)
        for path in (*made.record, *(path for language in one.languages for path in made.page(language))):
            write_whole(path, f"made up for {path.name}")
        pages = {
            page.language: PageState(page.inputs, states(made.page(page.language) if page.language != DISPLAY else ()))
            for page in one.pages
        }
        run = one.run
        state = RunState(
            one.inputs, one.selection, dict(run.parameters), dict(run.vintages), {}, states(made.record), pages
        )
        state.write(RunLog(project).state_path(run))


def states(paths) -> dict[str, FileState]:
    return {path.name: FileState.of(path) for path in paths}


def planned(project: Project, resolve=resolve_here):
    return plan(project, read_edition(project, 2022), resolve)


def to_run(project: Project) -> set[tuple[str, str]]:
    """Study and country of each run of which a cell would run."""
    return {(one.run.study, one.run.country) for one in planned(project) if one.reasons}


def to_render(project: Project) -> set[tuple[str, str, str]]:
    """Study, country and language of each page that would be made from the record that is there."""
    return {
        (one.run.study, one.run.country, page.language)
        for one in planned(project)
        for page in one.pages
        if page.reasons
    }


def appended(path, text: str = "\n# made up\n"):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def replaced(path, old: str, new: str):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def runs(study=None, country=None):
    """What runs, where nothing else but what runs is made."""
    return {place[:2] for place in PLACES if study in (None, place[0]) and country in (None, place[1])}, set()


def pages(study=None, country=None, languages=("en", "lt", DISPLAY)):
    """What is rendered, where nothing runs."""
    return set(), {
        place for place in PLACES if study in (None, place[0]) and country in (None, place[1]) and place[2] in languages
    }


def edited(path, kind: str) -> None:
    """Add a word to the first cell of a kind, which ends in a line of text."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == kind and cell["source"])
    cell["source"] = "".join(cell["source"]) + "\n# made up"
    path.write_text(json.dumps(notebook), encoding="utf-8")


TRANSLATIONS = "presentation/locale/{}/LC_MESSAGES/workbench.po"

# What is changed; the runs that depend on it, and the pages that do so beside them.
CHANGES = {
    "code of a notebook": (lambda project, _: edited(project.notebook(OTHER), "code"), runs(OTHER)),
    "text of a notebook": (lambda project, _: edited(project.notebook(OTHER), "markdown"), pages(OTHER)),
    "the layout of a notebook": (lambda project, _: appended(project.notebook(OTHER), " "), pages(OTHER)),
    "a sidecar": (lambda project, _: appended(project.sidecar(STUDY)), runs(STUDY)),
    "the translations": (
        lambda _, package: appended(package / TRANSLATIONS.format("lt")), pages(languages=["lt"]),
    ),
    "the code of formulas": (lambda _, package: appended(package / "indicators/formulas.py"), runs()),
    "the code of studies": (lambda _, package: appended(package / "study/study.py"), runs()),
    "the labels of codes": (lambda _, package: appended(package / "declarations/codelists/sex.csv"), runs()),
    "the code of sentences": (lambda _, package: appended(package / "presentation/sentences.py"), pages()),
    "the code of charts": (lambda _, package: appended(package / "presentation/charts/lines.py"), pages()),
    "a style": (lambda _, package: appended(next((package / "page").rglob("*.css"))), pages()),
    "a template": (lambda _, package: appended(next((package / "page").rglob("*.j2"))), pages()),
    "what puts a page together": (lambda _, package: appended(package / "editions/pages.py"), pages()),
    "the code of the site": (lambda _, package: appended(package / "site/build.py"), pages(languages=[])),
    "the command line": (lambda _, package: appended(package / "cli.py"), pages(languages=[])),
    "the lock": (lambda project, _: appended(project.root / "requirements.lock"), runs()),
    "the indicators": (lambda project, _: appended(project.params / "indicators.yaml"), runs()),
    "a dataset's declaration": (lambda project, _: appended(project.params / "datasets/demo_gind.yaml"), runs()),
    "the edition's title": (
        lambda project, _: replaced(project.params / "editions/2022.yaml", "title: ", "title: Another "), pages(),
    ),
    "a snapshot that is read": (
        lambda _, package: appended(package / "data/starter/estat/demo_gind/2025-03-27.yaml"), runs(),
    ),
    "a snapshot that is not read": (
        lambda _, package: appended(package / "data/starter/estat/migr_asyappctza/2025-05-26.yaml"), (set(), set()),
    ),
    "a page that was made": (
        lambda project, _: appended(project.outputs / f"2022/LV/{OTHER}.lt.html"), pages(OTHER, "LV", ["lt"]),
    ),
    "a spreadsheet that was made": (
        lambda project, _: (project.outputs / f"2022/LV/{STUDY}.en.xlsx").unlink(), pages(STUDY, "LV", ["en"]),
    ),
    "a notebook that was executed": (
        lambda project, _: appended(project.outputs / f"2022/LT/{OTHER}.ipynb"), runs(OTHER, "LT"),
    ),
    "results of a study": (
        lambda project, _: (project.outputs / f"2022/LT/{STUDY}.results.csv").unlink(), runs(STUDY, "LT"),
    ),
    "another edition": (
        lambda project, _: (project.params / "editions/2021.yaml").write_text("made up"), (set(), set()),
    ),
    "another dataset": (lambda project, _: appended(project.params / "datasets/tps00176.yaml"), (set(), set())),
    "a picture of a page": (
        lambda project, _: (project.outputs / f"2022/LV/{STUDY}.lt.png").unlink(), pages(STUDY, "LV", ["lt"]),
    ),
    "what harvesters see of the site": (
        lambda project, _: replaced(project.params / "site.yaml", "contact_email: ncp", "contact_email: another"),
        (set(), set()),
    ),
    "the address of the site": (
        lambda project, _: replaced(project.params / "site.yaml", "migration-studies.example/\n", "example.org/\n"), pages(),
    ),
    "a file of no concern": (
        lambda project, _: (project.root / "README.md").write_text("made up"), (set(), set()),
    ),
    "a time of change": (
        lambda project, _: (project.outputs / f"2022/LT/{STUDY}.en.html").touch(), (set(), set()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_makes_again_exactly_what_depends_on_it(pretended, package, what):
    assert (to_run(pretended), to_render(pretended)) == (set(), set())
    change, dependent = CHANGES[what]
    change(pretended, package)
    assert (to_run(pretended), to_render(pretended)) == dependent
    pretend_made(pretended)
    assert (to_run(pretended), to_render(pretended)) == (set(), set())


def test_a_task_has_the_pages_that_are_made_from_its_record(pretended, package):
    """Of what runs, all; else those that depend on what changed."""
    appended(package / TRANSLATIONS.format("lt"))
    edited(pretended.notebook(OTHER), "code")
    tasks = {one.run.study: one.task(pretended) for one in planned(pretended) if one.run.country == "LT"}
    assert tasks[STUDY].is_executed and list(tasks[STUDY].pages) == ["lt"]
    assert not tasks[OTHER].is_executed and list(tasks[OTHER].pages) == ["en", "lt", DISPLAY]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.sampled_from(
            [
                what
                for what in CHANGES
                if what not in ("the edition's title", "text of a notebook", "code of a notebook")
            ]
        ),
        unique=True,
    )
)
def test_several_changes_make_again_what_depends_on_any(pretended_once, tmp_path_factory, monkeypatch, changes):
    folder = tmp_path_factory.mktemp("several")
    package = copy_package(folder / "package")
    with monkeypatch.context() as patched:
        for module in (fingerprint, digests):
            patched.setattr(module, "CODE_FOLDER", package)
        patched.setattr(fingerprint, "STARTER_SNAPSHOTS", package / "data" / "starter")
        project = Project(shutil.copytree(pretended_once.root, folder / "project"))
        for what in changes:
            CHANGES[what][0](project, package)
        to_be_run = set().union(*(CHANGES[what][1][0] for what in changes))
        to_be_rendered = set().union(*(CHANGES[what][1][1] for what in changes))
        assert to_run(project) == to_be_run
        assert to_render(project) == {page for page in to_be_rendered if page[:2] not in to_be_run}


UNREAD = "data/starter/estat/migr_asyappctza/2025-05-26.yaml"


@pytest.mark.parametrize(
    ("depends_on", "change"),
    [
        ("every vintage", lambda _, package: appended(package / UNREAD)),
        ("every vintage", lambda _, package: (package / UNREAD).unlink()),
        ("other studies", lambda project, _: appended(project.sidecar(STUDY))),
        ("other studies", lambda project, _: replaced(project.params / "editions/2022.yaml", f"- {STUDY}\n", "")),
    ],
)
def test_a_study_that_looks_at_more_is_made_anew_when_that_changes(pretended, package, depends_on, change):
    appended(pretended.sidecar(OTHER), f"depends_on: [{depends_on}]\n")
    pretend_made(pretended)
    change(pretended, package)
    assert {study for study, _ in to_run(pretended)} >= {OTHER}


def test_a_breakdown_with_a_vintage_of_its_own_is_an_input(pretended, package):
    run = planned(pretended)[0].run
    other = dataclasses.replace(run, vintages={**run.vintages, "migr_asyappctza by citizen": "2025-03-31"})
    digests = fingerprint.Fingerprints(pretended).of(other)
    assert "the snapshot migr_asyappctza 2025-03-31" in digests
    assert all(digests.values())


def test_what_is_up_to_date_is_known_without_a_look_at_the_data(pretended):
    def resolve(asked):
        assert asked == []
        return []

    assert all(one.is_up_to_date for one in planned(pretended, resolve))


def test_a_copy_of_the_outputs_elsewhere_is_up_to_date_too(pretended, tmp_path):
    other = tmp_path / "elsewhere"
    shutil.copytree(pretended.root, other, copy_function=shutil.copy)
    assert (to_run(Project(other)), to_render(Project(other))) == (set(), set())


def test_parts_of_an_edition_are_all_of_it_and_each_run_is_in_one(pretended):
    runs = planned(pretended)
    for number in range(1, len(runs) + 2):
        parts = [shard(runs, part, number) for part in range(1, number + 1)]
        assert sorted(str(one.run) for part in parts for one in part) == sorted(str(one.run) for one in runs)
        assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_state_that_is_cut_off_or_of_another_version_is_none(pretended):
    (path,) = RunLog(pretended).folder.glob(f"runs/2022/LV/{STUDY}.json")
    whole = json.loads(path.read_text())
    of_another_version = [json.dumps(whole | {"pages": other}) for other in ([], {"en": {}}, {"en": None}, "en")]
    for text in (path.read_text()[:-40], "{}", "[]", "", json.dumps(whole | {"others": 1}), *of_another_version):
        path.write_text(text)
        assert to_run(pretended) == {(STUDY, "LV")}


def test_a_run_that_cannot_be_made_is_refused_before_any_is(pretended):
    declared = pretended.params / "editions" / "2022.yaml"
    declared.write_text(declared.read_text().replace("- LV", "- US"))
    with pytest.raises(RefusedRun, match="US"):
        planned(pretended)


def test_a_dry_run_says_what_would_run_and_what_be_rendered_and_why_and_does_nothing(pretended, monkeypatch):
    monkeypatch.chdir(pretended.root)
    edited(pretended.notebook(OTHER), "code")
    (pretended.outputs / f"2022/LT/{STUDY}.lt.xlsx").unlink()
    (RunLog(pretended).folder / f"runs/2022/LV/{STUDY}.json").unlink()
    before = {path: path.stat().st_mtime_ns for path in pretended.outputs.rglob("*")}
    told = CliRunner().invoke(main, ["edition", "2022", "--dry-run"])
    changed = "would run, and be rendered in en, lt: the notebook changed"
    assert told.exit_code == 0 and told.output.splitlines() == [
        f"{STUDY} LT 2022 lt: would be rendered: {STUDY}.lt.xlsx is missing or was changed",
        f"{OTHER} LT 2022: {changed}",
        f"{STUDY} LV 2022: would run, and be rendered in en, lt: it has not been made yet",
        f"{OTHER} LV 2022: {changed}",
        "3 would run, 7 pages would be rendered, 0 up to date",
    ]
    assert {path: path.stat().st_mtime_ns for path in pretended.outputs.rglob("*")} == before
    part = CliRunner().invoke(main, ["edition", "2022", "--dry-run", "--shard", "2/4"])
    assert part.output.splitlines()[-1] == "1 would run, 2 pages would be rendered, 0 up to date"


def test_a_dry_run_says_what_words_alone_would_do(pretended, package, monkeypatch):
    monkeypatch.chdir(pretended.root)
    edited(pretended.notebook(OTHER), "markdown")
    appended(package / TRANSLATIONS.format("lt"))
    told = CliRunner().invoke(main, ["edition", "2022", "--dry-run", "--country", "LT"])
    assert told.output.splitlines() == [
        f"{STUDY} LT 2022 lt: would be rendered: the translations changed",
        f"{OTHER} LT 2022 en: would be rendered: the text of the notebook changed",
        f"{OTHER} LT 2022 lt: would be rendered: the text of the notebook changed; the translations changed",
        "0 would run, 3 pages would be rendered, 0 up to date",
    ]
    told = CliRunner().invoke(main, ["edition", "2022", "--dry-run", "--country", "LV", "--language", "en"])
    assert told.output.splitlines() == [
        f"{STUDY} LV 2022: up to date",
        f"{OTHER} LV 2022 en: would be rendered: the text of the notebook changed",
        "0 would run, 1 page would be rendered, 1 up to date",
    ]


@pytest.mark.parametrize("wrong", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2"])
def test_a_part_that_cannot_be_is_refused(wrong):
    refused = CliRunner().invoke(main, ["edition", "2022", f"--shard={wrong}"])
    assert refused.exit_code == 2 and "such as 2/8" in refused.stderr


def test_the_run_log_leaves_out_a_line_that_was_cut_off(project):
    run_log = RunLog(project)
    run = next(iter(planned(project))).run
    run_log.note_failure(run, "made up")
    with run_log.log.open("a") as log:
        log.write('{"run": "cut o')
    (entry,) = run_log.entries()
    assert entry["run"] == str(run) and entry["outcome"] == "failed" and entry["reason"] == "made up"
    assert entry["at"][:4] == time.strftime("%Y", time.gmtime())
