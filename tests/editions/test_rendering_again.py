"""What words, draws or sets a page is changed: pages are made from the record, and no cell runs."""

import json
import shutil
from dataclasses import replace

import nbformat
import pytest
import yaml
from click.testing import CliRunner

from conftest import copy_project
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.declarations.indicators import read_indicators
from workbench.editions import render as rendering
from workbench.editions import write_run as writing
from workbench.editions.perform import perform
from workbench.editions.plan import plan, planned_run, resolve_here
from workbench.editions.single_run import render_alone
from workbench.execution import fingerprint
from workbench.execution.fingerprint import Fingerprints
from workbench.execution.recorded import read_recorded
from workbench.execution.run_files import RunFiles
from workbench.execution.run_log import DISPLAY, FileState, RunLog
from workbench.model.encoding import UnknownDescription
from workbench.model.paths import Project, write_whole
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE
from workbench.page import html as page_html
from workbench.presentation import blocks, wording
from workbench.presentation.descriptions import digest_of
from workbench.presentation.figure import Figure
from workbench.presentation.notebook_style import styled
from workbench.presentation.wording import Wording

pytestmark = pytest.mark.slow

STUDY = "temporary_protection"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Project:
    """An edition of one quick study in two languages, all of whose runs have been made."""
    project = copy_project(tmp_path_factory.mktemp("rendered") / "project")
    declared = project.params / "editions" / "2022.yaml"
    said = yaml.safe_load(declared.read_text())
    declared.write_text(yaml.safe_dump(said | {"studies": [STUDY]}))
    made(project)
    return project


@pytest.fixture
def project(made_once, tmp_path) -> Project:
    """A copy of it, free to be changed."""
    return Project(shutil.copytree(made_once.root, tmp_path / "project"))


@pytest.fixture
def no_kernel(monkeypatch):
    """No notebook is executed."""

    def refused(*_arguments, **_others):
        raise AssertionError("a notebook would run")

    monkeypatch.setattr(rendering, "execute", refused)


def planned(project: Project):
    (one,) = plan(project, read_edition(project, 2022), resolve_here)
    return one


def made(project: Project):
    """Make the run as a worker does, and note its state."""
    outcome = perform(planned(project).task(project))
    assert not outcome.failure, outcome.failure
    assert planned(project).is_up_to_date
    return outcome


def files_of(project: Project) -> RunFiles:
    return RunFiles(project, planned(project).run)


def edit_cell(project: Project, kind: str, text: str) -> str:
    """Add a text to a cell of the notebook as it is written; give the cell's name."""
    notebook = nbformat.read(project.notebook(STUDY), as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == kind and "study.provenance" not in cell.source]
    # The last texts stand on the page of the method.
    cell = cells[-1] if kind == "code" else cells[1]
    cell.source += text
    nbformat.write(notebook, project.notebook(STUDY))
    return cell.id


def changed_translations(monkeypatch, tmp_path) -> None:
    """Another Lithuanian catalogue: one word is another."""
    real = fingerprint._translations_file
    other = tmp_path / "workbench.po"
    other.write_text(real("lt").read_text(encoding="utf-8") + "\n# made up\n", encoding="utf-8")
    monkeypatch.setattr(fingerprint, "_translations_file", lambda lang: other if lang == "lt" else real(lang))
    plain = Wording.text

    def text(self, message):
        said = plain(self, message)
        return "Sukurta" if self.language == "lt" and message == "Key findings" else said

    monkeypatch.setattr(wording.Wording, "text", text)


def changed_code(monkeypatch, *names: str) -> None:
    """Other code of words and drawings, and of pages; or of those that are named."""
    own = fingerprint.own_code()
    other = dict.fromkeys(names or (fingerprint.WORDING_CODE, fingerprint.PAGE_CODE), "made up")
    monkeypatch.setattr(fingerprint, "own_code", lambda: own | other)


def test_a_changed_translation_renders_the_pages_of_its_language(project, monkeypatch, tmp_path, no_kernel):
    files = files_of(project)
    english, lithuanian = files.html("en").stat().st_mtime_ns, files.html("lt").stat().st_mtime_ns
    changed_translations(monkeypatch, tmp_path)
    one = planned(project)
    assert one.reasons == () and list(one.task(project).pages) == ["lt"]
    assert made(project).is_executed is False
    assert files.html("en").stat().st_mtime_ns == english and files.html("lt").stat().st_mtime_ns > lithuanian


def test_a_changed_style_renders_all_pages(project, monkeypatch, no_kernel):
    files = files_of(project)
    changed_code(monkeypatch, fingerprint.PAGE_CODE)
    monkeypatch.setattr(Figure, "html", None)  # nothing is drawn
    style = page_html.shared_style()
    monkeypatch.setattr(page_html, "shared_style", lambda: style + "/* made up */")
    one = planned(project)
    assert one.reasons == () and list(one.task(project).pages) == ["en", "lt", DISPLAY]
    outcome = made(project)
    assert (outcome.is_executed, outcome.peak_memory) == (False, 0)
    assert all("/* made up */" in files.html(language).read_text(encoding="utf-8") for language in ("en", "lt"))


def test_the_executed_notebook_is_displayed_as_the_code_of_today_sets_it(project, monkeypatch, no_kernel):
    files = files_of(project)
    before, results = read_recorded(files), files.results.stat().st_mtime_ns
    changed_code(monkeypatch)
    plain = blocks.Paragraph.html
    monkeypatch.setattr(blocks.Paragraph, "html", lambda self, said: plain(self, said).replace("<p>", "<p lang=en>"))
    made(project)
    now, english = read_recorded(files), Wording("en", read_indicators(project))
    assert now.record == before.record and now.shown == before.shown and files.results.stat().st_mtime_ns == results
    shown = {
        (cell.id, number): output.data["text/html"]
        for cell in now.notebook.cells
        for number, output in enumerate(cell.get("outputs", []))
    }
    assert shown == {place: styled(block.html(english)) for place, block in now.shown.items()}
    assert any("<p lang=en>" in text for text in shown.values())


def test_changed_markdown_is_shown_and_runs_nothing(project, no_kernel):
    files = files_of(project)
    cell = edit_cell(project, "markdown", "\n\n[EMN](https://www.emn.lt/)")
    one = planned(project)
    assert one.reasons == () and {reason for page in one.pages for reason in page.reasons} == {
        "the text of the notebook changed"
    }
    outcome = perform(one.task(project))
    assert "1 of its texts are not translated" in outcome.failure, "into Lithuanian"
    english = planned_run(
        project, Fingerprints(project), one.run, ["en"], one.selection, RunLog(project).state(one.run)
    )
    assert perform(english.task(project)).failure is None
    assert "https://www.emn.lt/" in files.html("en").read_text(encoding="utf-8")
    (shown,) = [one for one in nbformat.read(files.notebook, as_version=4).cells if one.id == cell]
    assert shown.source.endswith("(https://www.emn.lt/)")


def test_a_cell_of_text_can_be_added_moved_and_removed(project, no_kernel):
    notebook = nbformat.read(project.notebook(STUDY), as_version=4)
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    notebook.cells.remove(texts[-1])
    notebook.cells.insert(len(notebook.cells) - 1, texts[-1])
    notebook.cells.remove(texts[1])
    notebook.cells.append(nbformat.v4.new_markdown_cell("## Key findings", id="added"))
    nbformat.write(notebook, project.notebook(STUDY))
    made(project)
    executed = nbformat.read(files_of(project).notebook, as_version=4)
    own = [cell.id for cell in executed.cells if cell.id != "injected-parameters"]
    assert own == [cell.id for cell in notebook.cells] and len(own) == len(executed.cells) - 1
    assert [cell.source for cell in executed.cells if cell.id != "injected-parameters"] == [
        cell.source for cell in notebook.cells
    ]


def test_changed_code_is_executed(project):
    edit_cell(project, "code", "\nNone")
    one = planned(project)
    assert one.reasons == ("the notebook changed",) and not one.task(project).is_executed


def test_a_dry_run_tells_what_runs_from_what_is_rendered(project, monkeypatch, tmp_path):
    monkeypatch.chdir(project.root)

    def told():
        return CliRunner().invoke(main, ["edition", "2022", "--dry-run"]).output.splitlines()

    assert told() == [f"{STUDY} LT 2022: up to date", "0 would run, 0 pages would be rendered, 1 up to date"]
    changed_translations(monkeypatch, tmp_path)
    assert told() == [
        f"{STUDY} LT 2022 lt: would be rendered: the translations changed",
        "0 would run, 1 page would be rendered, 0 up to date",
    ]
    changed_code(monkeypatch, fingerprint.PAGE_CODE)
    assert told() == [
        f"{STUDY} LT 2022 en: would be rendered: the template and style of pages changed",
        f"{STUDY} LT 2022 lt: would be rendered: the template and style of pages changed; the translations changed",
        "0 would run, 2 pages would be rendered, 0 up to date",
    ]
    edit_cell(project, "code", "\nNone")
    assert told() == [
        f"{STUDY} LT 2022: would run, and be rendered in en, lt: the notebook changed",
        "1 would run, 2 pages would be rendered, 0 up to date",
    ]


def described_by_another_version(project: Project, change) -> RunFiles:
    """Change the first description in the executed notebook, and note the state as if a run had left it so."""
    files = files_of(project)
    notebook = json.loads(files.notebook.read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    of_record = next(output["data"] for output in outputs if RECORD_TYPE in output["data"])
    described = next(output["data"][BLOCK_TYPE] for output in outputs if BLOCK_TYPE in output["data"])
    before = digest_of(described)
    change(described["described"])
    said = json.dumps(of_record).replace(before, digest_of(described))
    of_record.clear()
    of_record.update(json.loads(said))
    write_whole(files.notebook, json.dumps(notebook, ensure_ascii=False))
    run_log = RunLog(project)
    state, path = run_log.state(files.run), run_log.state_path(files.run)
    replace(state, files={**state.files, files.notebook.name: FileState.of(files.notebook)}).write(path)
    return files


@pytest.mark.parametrize(
    "change",
    [lambda said: said.update(type="Hologram"), lambda said: said.update(colour="red"), lambda said: said.clear()],
    ids=["another type", "another field", "nothing"],
)
def test_a_run_that_another_version_described_is_executed_again(project, monkeypatch, change):
    """An edition need not be told; whoever reads the record is, with what to do."""
    contents = {path.name: path.read_bytes() for path in files_of(project).folder.iterdir()}
    files = described_by_another_version(project, change)
    with pytest.raises(UnknownDescription) as unknown:
        read_recorded(files)
    for part in (f"2022/LT/{STUDY}.ipynb", f"{STUDY} LT 2022", f"workbench run {STUDY} --country LT --year 2022"):
        assert part in str(unknown.value)
    with monkeypatch.context() as patched:
        changed_code(patched)
        assert planned(project).reasons == () and not planned(project).is_up_to_date
        outcome = made(project)
        assert outcome.is_executed and outcome.peak_memory > 0
    assert {path.name: path.read_bytes() for path in files.folder.iterdir()} == contents


class Stopped(Exception):
    """Made up: the process ends here."""


def stop_after(written: int, project: Project, monkeypatch) -> None:
    """Make the run, and stop when some of its files are written, the state of the run not."""
    left = iter(range(written))

    def write(path, content):
        if next(left, None) is None:
            raise Stopped
        write_whole(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(writing, "write_whole", write)
        patched.setattr(writing.RunState, "write", lambda *_: write(project.root / "state", ""))
        with pytest.raises(Stopped):
            rendering.render(project, planned(project).task(project))


EDITS = {"code": "\nNone", "markdown": "\n\n----"}


@pytest.fixture(scope="module")
def made_anew(made_once, tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """The files of the run after each edit, made where there were none."""
    contents = {}
    for kind, text in EDITS.items():
        project = Project(tmp_path_factory.mktemp(kind) / "project")
        shutil.copytree(made_once.root, project.root, ignore=shutil.ignore_patterns("outputs"))
        edit_cell(project, kind, text)
        made(project)
        contents[kind] = {path.name: path.read_bytes() for path in files_of(project).folder.iterdir()}
    return contents


@pytest.mark.parametrize("written", range(6))
@pytest.mark.parametrize("kind", EDITS)
def test_whatever_was_written_when_it_was_stopped_the_next_time_makes_it_whole(
    project, made_anew, monkeypatch, written, kind
):
    """The state is that of before, and tells which files are not."""
    edit_cell(project, kind, EDITS[kind])
    stop_after(written, project, monkeypatch)
    assert not planned(project).is_up_to_date
    made(project)
    assert {path.name: path.read_bytes() for path in files_of(project).folder.iterdir()} == made_anew[kind]


@pytest.mark.parametrize("written", range(6))
def test_what_was_edited_and_edited_back_is_as_before(project, monkeypatch, written):
    """Stopped between two files, with other text; then the text is again what it was."""
    before = {path.name: path.read_bytes() for path in files_of(project).folder.iterdir()}
    source = project.notebook(STUDY).read_bytes()
    edit_cell(project, "markdown", EDITS["markdown"])
    stop_after(written, project, monkeypatch)
    project.notebook(STUDY).write_bytes(source)
    assert planned(project).is_up_to_date == (written == 0)
    made(project)
    assert {path.name: path.read_bytes() for path in files_of(project).folder.iterdir()} == before


def test_a_run_alone_always_executes(project):
    warnings = []
    files, _ = render_alone(project, STUDY, {"language": "lt"}, warn=warnings.append)
    (entry,) = RunLog(project).entries()
    assert entry["peak_memory_mb"] > 50 and warnings == [] and files.html("lt").is_file()
