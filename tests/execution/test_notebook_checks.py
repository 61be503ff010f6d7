"""What is sealed is what was asked: the run's own record, the study's own blocks, the inputs that made it, in one language."""

import base64
import json
import shutil

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from conftest import ROOT
from workbench.cli import main
from workbench.declarations.editions import RunLimits, read_edition
from workbench.declarations.notebooks import read_notebook
from workbench.editions.make import RunOptions, make_edition
from workbench.editions.plan import plan, planned_run, resolve_here
from workbench.editions.render import read_recorded, render
from workbench.editions.seal import finish
from workbench.editions.single_run import render_alone
from workbench.execution.fingerprint import Fingerprints
from workbench.execution.kernels.output_limit import OutputLimit
from workbench.execution.markdown_pictures import check_pictures
from workbench.execution.notebook_checks import check_written
from workbench.execution.run_files import RunFiles
from workbench.model.errors import FailedRun, RefusedRun, UnboundNumber
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.model.record import BLOCK_TYPE
from workbench.model.types import Run
from workbench.page.untranslated import untranslated_texts
from workbench.resolving.parameters import resolve

pytestmark = pytest.mark.slow

SIDECAR = """
title: Temporary protection
topic: asylum
summary: Who holds temporary protection and to whom it was granted, citizens of Ukraine and all, month by month, and how that compares.
parameters:
  country: {type: country, default: LT}
  year: {type: year, default: 2022, minimum: 2014, maximum: 2024}
  language: {type: language, default: en}
  neighbours: {type: countries, default: [LV, EE], at_most: 5}
datasets:
  demo_gind: {required: {indic_de: JAN}}
"""
PARAMETERS = 'country = "LT"\nyear = 2022\nlanguage = "en"\nneighbours = ["LV", "EE"]'
OPEN = """from workbench.study import Study

study = Study.open("tiny", country=country, year=year, language=language, neighbours=neighbours)
study.text(study.say("{population}", population=study.one("population")))"""
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def cells(*more, opened: str = OPEN) -> list:
    return [
        new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell(opened, id="open"),
        *more,
        new_code_cell("study.definitions()", id="definitions"),
        new_code_cell("study.provenance()", id="provenance"),
    ]


def code(source: str, name: str = "stray"):
    return new_code_cell(source, id=name)


def write(project: Project, of_cells: list) -> None:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    text = json.dumps(new_notebook(cells=of_cells, metadata=metadata), indent=1)
    project.notebook("tiny").write_text(text, encoding="utf-8")


@pytest.fixture
def tiny(project) -> Project:
    """A project whose edition is one study in English, of one number."""
    return one_tiny_study(project)


def one_tiny_study(project: Project) -> Project:
    project.sidecar("tiny").write_text(SIDECAR, encoding="utf-8")
    write(project, cells())
    declared = project.params / "editions" / "2022.yaml"
    said = yaml.safe_load(declared.read_text(encoding="utf-8"))
    declared.write_text(yaml.safe_dump(said | {"studies": ["tiny"], "languages": ["en"]}), encoding="utf-8")
    return project


def run_of(project: Project, **given) -> Run:
    return resolve(project, "tiny", {"country": "LV", "year": 2021, **given})


def rendered(
    project: Project, is_alone: bool = False, language: str = "en", **given
) -> tuple[RunFiles, tuple[FailedRun, ...]]:
    run = run_of(project, **given)
    task = planned_run(project, Fingerprints(project), run, [language], selection="", state=None).task(project)
    effort = render(project, task, is_alone=is_alone)
    return RunFiles(project, run), effort.warnings


def written(project: Project) -> list[str]:
    return [path.name for path in project.outputs.rglob("*") if path.is_file() and ".journal" not in path.parts]


# The record is of the run


def test_a_study_is_of_what_was_asked(tiny):
    made, warnings = rendered(tiny, neighbours=["PL"])
    record = read_recorded(made).record
    assert (record.study, record.country, record.year) == ("tiny", "LV", 2021)
    assert sorted(path.name for path in made.folder.glob("*.html")) == ["tiny.en.html", "tiny.method.en.html"]
    assert record.parameters == {"neighbours": ("PL",)} and {result.geo for result in record.results} == {"LV"}
    assert warnings == ()


def test_a_notebook_that_names_no_kernel_is_run_as_python(tiny):
    notebook = tiny.notebook("tiny")
    said = json.loads(notebook.read_text(encoding="utf-8"))
    notebook.write_text(json.dumps(said | {"metadata": {}}), encoding="utf-8")
    assert read_recorded(rendered(tiny)[0]).record.country == "LV"


def test_a_lost_tag_is_noticed_before_any_cell_runs(tiny):
    untagged = cells(code("import pathlib; pathlib.Path('ran').touch()"))
    untagged[0].metadata = {}
    write(tiny, untagged)
    with pytest.raises(RefusedRun) as refused:
        rendered(tiny)
    assert "no cell with that tag; cell parameters sets country = 'LT'; year = 2022; language = 'en'" in str(
        refused.value
    )
    assert "nothing was written" in str(refused.value) and "tiny LV 2021: the notebook" in str(refused.value)
    assert written(tiny) == [] and not (tiny.root / "ran").exists()


@pytest.mark.parametrize(
    ("leftover", "name"),
    [
        ('country = "EE"', "country"),
        ('if True:\n    year, other = 2015, "x"', "year"),
        ("for country in neighbours:\n    pass", "country"),
        ("import math as language", "language"),
        ('neighbours += ["PL"]', "neighbours"),
        ("%time country = 'EE'\ncountry: str = 'EE'", "country"),
        ("[country := code for code in neighbours]", "country"),
    ],
)
def test_a_parameter_that_is_set_again_is_noticed_before_any_cell_runs(tiny, leftover, name):
    of_cells = cells()
    of_cells.insert(1, code(leftover, "leftover"))
    write(tiny, of_cells)
    with pytest.raises(RefusedRun) as refused:
        check_written(tiny, run_of(tiny))
    assert f"sets {name} again" in str(refused.value) and "tiny.ipynb, cell leftover" in str(refused.value)
    assert name in refused.value.found


@pytest.mark.parametrize(
    "harmless",
    [
        "def of(country):\n    year = country\n    return year",
        "[country for country in neighbours]",
        "country_name = country",
        "%precision 2",
    ],
)
def test_a_name_of_its_own_may_be_like_a_parameter(tiny, harmless):
    write(tiny, cells(code(harmless)))
    check_written(tiny, run_of(tiny))


@pytest.mark.parametrize(
    ("opened", "differs"),
    [
        (OPEN.replace("country=country", 'country="EE"'), "expected: country LV\n  found: country EE"),
        (OPEN.replace("year=year", "year=2020"), "expected: year 2021\n  found: year 2020"),
        (OPEN.replace(", neighbours=neighbours", ""), "expected: neighbours PL\n  found: neighbours LV, EE"),
        (OPEN.replace('"tiny"', '"temporary_protection"').replace("year=year", "year=2022"), "study tiny"),
    ],
)
def test_a_record_of_another_run_is_not_published(tiny, opened, differs):
    write(tiny, cells(opened=opened))
    with pytest.raises(FailedRun) as failed:
        rendered(tiny, neighbours=["PL"])
    assert differs in str(failed.value) and "the run is tiny LV 2021\n" in str(failed.value)
    assert written(tiny) == []


@pytest.mark.parametrize(
    ("options", "others", "said"),
    [
        ({"country": "LT"}, ["country=EE"], "country is given twice"),
        ({"year": 2021}, ["year=2022"], "year is given twice"),
        ({}, ["neighbours=LV", "neighbours=EE"], "neighbours is given twice"),
        ({}, ["neighbours"], "a parameter without a value"),
    ],
)
def test_parameters_that_contradict_one_another_are_refused(tiny, options, others, said):
    with pytest.raises(RefusedRun) as refused:
        render_alone(tiny, "tiny", options, others)
    assert said in str(refused.value) and written(tiny) == []


# A notebook that ends before its end, or is none


@pytest.mark.parametrize("leave", ["sys.exit()", "sys.exit(0)"])
def test_a_cell_that_leaves_is_named(tiny, leave):
    write(tiny, cells(code(f"import sys\nif study.year < 2030:\n    {leave}", "stop-early")))
    with pytest.raises(FailedRun) as failed:
        rendered(tiny)
    assert "tiny.ipynb, cell stop-early, the last that ran" in str(failed.value) and "SystemExit" in str(failed.value)


def broken(text: str) -> dict[str, tuple[str, str]]:
    """A notebook in the ways in which it can be no notebook, each with what must be said of it."""
    lines = text.splitlines(keepends=True)
    conflict = [*lines[:5], "<<<<<<< HEAD\n", lines[5], "=======\n", lines[5], ">>>>>>> other\n", *lines[6:]]
    return {
        "conflict": ("".join(conflict), "line 6"),
        "conflict in a cell": (
            text.replace("study.definitions()", "<<<<<<< local\\n1\\n>>>>>>> remote"),
            "cell definitions",
        ),
        "cut short": ("".join(lines[:-10]), f"line {len(lines) - 9}"),
        "empty": ("", "is empty"),
        "no notebook": ("[]", "is not a notebook"),
        "cells without sources": ('{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "is not a notebook"),
        "too deep": ("[" * 100_000, "is not a notebook"),
    }


@pytest.mark.parametrize("way", broken("\n" * 20))
def test_what_is_no_notebook_is_refused_by_every_command_that_reads_it(tiny, monkeypatch, way):
    path = tiny.notebook("tiny")
    text, said = broken(path.read_text(encoding="utf-8"))[way]
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedRun) as refused:
        read_notebook(path)
    monkeypatch.chdir(tiny.root)
    checked = CliRunner().invoke(main, ["messages", "--check"])
    assert checked.exit_code == 1 and isinstance(checked.exception, SystemExit)
    with pytest.raises(RefusedRun) as not_run:
        rendered(tiny)
    for told in (str(refused.value), checked.stderr, str(not_run.value)):
        assert "tiny.ipynb" in told and said in told and "nothing was written" in told and "hint:" in told
    assert written(tiny) == []


# What cells show beside the study's own blocks


FORGED = """from IPython.display import display
from workbench.model.record import BLOCK_TYPE
from workbench.model.sentence import Sentence
from workbench.presentation.blocks import Paragraph
from workbench.presentation.descriptions import described
from workbench.study.shown import Shown

forged = Paragraph((Sentence("<script>window.ran = true</script>47200", {}),))"""
SHOWN = {
    "printed": "print('checked by hand: 47200 persons')",
    "frame": "import pandas\npandas.DataFrame({'persons': [47200]})",
    "results": "study.results('population')",
    "plotted": "from IPython.display import SVG\nSVG(data='<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "claimed": f"{FORGED}\nShown(forged, None, set())",
    "added": "study.definitions() + Shown(forged, None, set())",
    "described": "display({BLOCK_TYPE: described(forged), 'text/html': '<b onclick=1>x</b>'}, raw=True)",
    "marked": "display({BLOCK_TYPE: {}, 'text/html': '<script>window.ran = true</script>'}, raw=True)",
}


def test_what_is_no_block_of_the_study_is_marked_in_a_draft_and_in_no_edition(tiny):
    write(tiny, cells(*(code(source, name) for name, source in SHOWN.items())))
    warnings = []
    draft, language = render_alone(tiny, "tiny", {"year": 2022}, warn=warnings.append)
    (warning,) = map(str, warnings)
    assert "cell printed: 'checked by hand: 47200 persons'" in warning and "and 3 more" in warning
    page = html.parse(draft.html(language)).getroot()
    stray = page.find_class("stray")
    assert len(stray) == len(SHOWN) and all("Not checked" in part.text_content() for part in stray)
    assert not page.xpath("//div[@class='stray']//script | //div[@class='stray']//@onclick")
    assert page.find_class("number"), "its own blocks are as ever"
    edition = read_edition(tiny, 2022)
    (planned,) = plan(tiny, edition, resolve_here)
    assert planned.reasons == ("it was made as a draft that no edition may publish",)
    outcome = make_edition(tiny, edition, RunOptions(workers=1))
    assert outcome.sealed is None and "cell printed" in str(outcome.failures[0]) and not tiny.archives.exists()


def test_what_is_displayed_with_a_block_of_the_study_does_not_reach_the_page(tiny):
    """A page is made from the description: other HTML that comes with it is never read."""
    other = "from IPython.display import display\ndata, _ = study.definitions()._repr_mimebundle_()\n"
    write(tiny, cells(code(other + "display({**data, 'text/html': '<p>checked by hand</p>'}, raw=True)")))
    made, warnings = rendered(tiny)
    pages = [html.parse(path).getroot() for path in (made.html("en"), made.method("en"))]
    assert warnings == () and not any(page.xpath("//p[. = 'checked by hand']") for page in pages)
    assert len(pages[1].find_class("definitions")) == 2


def test_a_cell_that_shows_nothing_is_none_of_it(tiny):
    quiet = "import sys, warnings\nwarnings.warn('for the researcher')\nprint('likewise', file=sys.stderr)\nstudy.results('population');"
    write(tiny, cells(code(quiet)))
    assert rendered(tiny)[1] == ()


def test_a_raw_cell_is_refused(tiny):
    raw = new_raw_cell(
        "<meta http-equiv=refresh content='0; url=//x'>", id="raw", metadata={"raw_mimetype": "text/html"}
    )
    write(tiny, cells(raw))
    with pytest.raises(RefusedRun, match=r"tiny\.ipynb, cell raw"):
        check_written(tiny, run_of(tiny))


@pytest.mark.parametrize(
    ("name", "found"), [("open", "open, as cell number 2"), (None, "found: none")], ids=["taken", "no name"]
)
def test_a_cell_without_a_name_of_its_own_is_refused(tiny, name, found):
    """By its name, a page finds what a cell showed."""
    notebook = json.loads(tiny.notebook("tiny").read_text(encoding="utf-8"))
    notebook["cells"][2]["id"] = name
    if name is None:
        del notebook["cells"][2]["id"]
    tiny.notebook("tiny").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(RefusedRun, match=r"tiny\.ipynb, cell number 3") as refused:
        rendered(tiny)
    assert found in str(refused.value) and written(tiny) == []


def test_a_print_without_end_makes_no_page_without_end(tiny):
    declared = tiny.params / "editions" / "2022.yaml"
    declared.write_text(declared.read_text(encoding="utf-8") + "limits: {output_kb: 20}\n", encoding="utf-8")
    endless = "for _ in range(200):\n    print('1234567 ' * 12_500)\nfrom IPython.display import HTML\nHTML('<p>' + 'x' * 10**6)"
    write(tiny, cells())
    plain = rendered(tiny, year=2022)[0].html("en").stat().st_size
    write(tiny, cells(code(endless)))
    made, (warning,) = rendered(tiny, is_alone=True, year=2022)
    page = made.html("en").read_text(encoding="utf-8")
    assert len(page) < plain + 25_000 and page.count("cut here: more than 20 kB") == 1
    assert made.notebook.stat().st_size < 200_000 and "cell stray" in str(warning)


def message(kind: str, content: dict) -> dict:
    return {"msg_type": kind, "header": {"msg_type": kind}, "content": content}


streams = st.builds(
    lambda name, text: message("stream", {"name": name, "text": text}), st.sampled_from(["stdout", "stderr"]), st.text()
)
displays = st.builds(lambda text: message("display_data", {"data": {"text/html": text}, "metadata": {}}), st.text())


@given(st.lists(st.tuples(streams | displays, st.integers(0, 2)), max_size=40), st.integers(1, 200))
def test_whatever_comes_what_is_kept_is_within_the_limit(messages, limit):
    within = OutputLimit(limit / 1000)
    kept = [cut for shown, cell in messages if (cut := within.cut(shown, cell))]
    for is_error in (False, True):
        contents = [one["content"] for one in kept if (one["content"].get("name") == "stderr") == is_error]
        texts = [content["text"] if "text" in content else content["data"]["text/html"] for content in contents]
        assert sum(len(text.partition("\n[cut here")[0].encode(errors="replace")) for text in texts) <= limit
        assert sum("[cut here" in text for text in texts) <= 3, "once a cell"


def test_own_blocks_have_no_limit():
    own = message("display_data", {"data": {BLOCK_TYPE: {}, "text/html": "x" * 5000}, "metadata": {}})
    within = OutputLimit(1)
    assert all(within.cut(own, 0) is own for _ in range(3)) and OutputLimit(None).cut(own, 0) is own


# Pictures and prose of Markdown cells


def test_an_attached_picture_is_shown_with_its_words(tiny):
    cell = new_markdown_cell('The border: ![Crossing "A & B"](attachment:map-1.png)', id="picture")
    cell.attachments = {"map-1.png": {"image/png": PNG}}
    write(tiny, cells(cell))
    made, warnings = rendered(tiny)
    (picture,) = html.parse(made.html("en")).getroot().xpath("//main//img")
    assert (picture.get("src"), picture.get("alt")) == (f"data:image/png;base64,{PNG}", 'Crossing "A & B"')
    assert warnings == ()


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("![](attachment:a.png)", "attachment:a.png"),
        ("![words](attachment:gone.png)", "attachment:gone.png"),
        ("![words](attachment:a.gif)", "attachment:a.gif"),
        ("![words][there]\n\n[there]: picture.png", "picture.png"),
        ("![words](https://elsewhere.invalid/p.png)", "https://elsewhere.invalid/p.png"),
        (f"![words](data:image/png;base64,{PNG})", "data:image/png;base64"),
        ('<p>A <img src="attachment:a.png" alt="words"></p>', "<img"),
        ('<svg viewBox="0 0 1 1"/>', "<svg"),
        ("<iframe src=//elsewhere.invalid></iframe>", "<iframe"),
    ],
)
def test_any_other_picture_is_refused_by_name(markdown, found):
    attachments = {"a.png": {"image/png": PNG}, "a.gif": {"image/gif": PNG}}
    with pytest.raises(RefusedRun) as refused:
        check_pictures(markdown, attachments, "tiny.ipynb, cell picture")
    assert found in refused.value.found and "tiny.ipynb, cell picture" in str(refused.value)


def test_a_number_hard_coded_in_prose_is_noticed_before_any_cell_runs(tiny):
    write(tiny, cells(new_markdown_cell("There were 25.", id="prose")))
    with pytest.raises(UnboundNumber):
        check_written(tiny, run_of(tiny))


# An archive holds the inputs that made it


VINTAGE = "2026-11-20"


@pytest.fixture(scope="module")
def made_not_sealed(tmp_path_factory):
    """The edition with all its runs made, of a snapshot of one's own, and not sealed yet."""
    from conftest import copy_project

    project = one_tiny_study(copy_project(tmp_path_factory.mktemp("sealing") / "project"))
    folder = project.snapshots / "estat" / "demo_gind"
    folder.mkdir(parents=True)
    for suffix in (".yaml", ".parquet"):
        shutil.copy(STARTER_SNAPSHOTS / "estat" / "demo_gind" / f"2025-03-27{suffix}", folder / f"{VINTAGE}{suffix}")
    card = folder / f"{VINTAGE}.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("'2025-03-27'", f"'{VINTAGE}'"), encoding="utf-8")
    declared = project.params / "editions" / "2022.yaml"
    said = yaml.safe_load(declared.read_text(encoding="utf-8"))
    said["vintages"] = {"demo_gind": VINTAGE}
    declared.write_text(yaml.safe_dump(said), encoding="utf-8")
    outcome = make_edition(project, read_edition(project, 2022), RunOptions(workers=1, shard=(1, 1)))
    assert outcome.made == 1 and not outcome.failures and outcome.sealed is None
    return project


def sealed(project: Project, edition=None):
    edition = edition or read_edition(project, 2022)
    runs = [RunFiles(project, one.run) for one in plan(project, edition, resolve_here)]
    return finish(project, edition, runs, is_complete=True)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ("notebooks/tiny.ipynb", "the text of the notebook changed"),
        ("params/studies/tiny.yaml", "the sidecar changed"),
        ("params/indicators.yaml", "params/indicators.yaml changed"),
        ("params/datasets/demo_gind.yaml", "params/datasets/demo_gind.yaml changed"),
        ("requirements.lock", "requirements.lock changed"),
        (f"outputs/snapshots/estat/demo_gind/{VINTAGE}.yaml", f"the snapshot demo_gind {VINTAGE} changed"),
        ("outputs/2022/LT/tiny.results.csv", "tiny.results.csv is missing or was changed"),
        ("outputs/2022/LT/tiny.ipynb", "tiny.ipynb is missing or was changed"),
        ("outputs/2022/LT/tiny.en.html", "tiny.en.html is missing or was changed"),
    ],
)
def test_an_edition_is_not_sealed_with_what_did_not_make_it(made_not_sealed, tmp_path, changed, named):
    project = Project(shutil.copytree(made_not_sealed.root, tmp_path / "project"))
    path = project.root / changed
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    archive, (complaint,) = sealed(project)
    assert archive is None and named in str(complaint) and not list(project.archives.glob("*"))
    assert "tiny LT 2022: inputs changed" in str(complaint) and "the same command" in str(complaint)


@pytest.mark.parametrize("key", ["title", "vintages", "limits"])
def test_an_edition_is_not_sealed_with_another_declaration(made_not_sealed, tmp_path, key):
    project = Project(shutil.copytree(made_not_sealed.root, tmp_path / "project"))
    before, path = read_edition(project, 2022), project.params / "editions" / "2022.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    other = {"title": "Another", "vintages": {"demo_gind": "2025-03-27"}, "limits": {"seconds": 1}}
    path.write_text(yaml.safe_dump(said | {key: other[key]}), encoding="utf-8")
    archive, complaints = sealed(project, before)
    assert archive is None and "2022.yaml changed" in str(complaints[0])


def test_what_did_not_change_is_sealed(made_not_sealed, tmp_path):
    project = Project(shutil.copytree(made_not_sealed.root, tmp_path / "project"))
    archive, complaints = sealed(project)
    assert archive.is_new and complaints == []


def test_a_cell_that_edits_what_made_it_is_found_out_and_the_same_command_makes_it_anew(tiny):
    once = "import pathlib\npath = pathlib.Path('params/indicators.yaml')\nif '# once' not in path.read_text():\n    path.write_text(path.read_text() + '# once')"
    write(tiny, cells(code(once)))
    edition = read_edition(tiny, 2022)
    outcome = make_edition(tiny, edition, RunOptions(workers=1))
    (complaint,) = map(str, outcome.failures)
    assert outcome.sealed is None and "params/indicators.yaml changed" in complaint and "not sealed" in complaint
    again = make_edition(tiny, edition, RunOptions(workers=1))
    assert again.made == again.executed == 1 and again.sealed.is_new and not again.failures


# In one language


def test_an_edition_has_no_text_that_is_not_translated(tiny):
    said = 'study.text(study.say("Nobody has translated this."))'
    write(tiny, cells(code(said, "said"), new_markdown_cell("Nor this.", id="prose")))
    with pytest.raises(FailedRun) as failed:
        rendered(tiny, language="lt")
    assert "3 of its texts are not translated" in str(failed.value) and "workbench messages" in str(failed.value)
    assert "'Nobody has translated this.'; 'Nor this.'; '{population}'" in str(failed.value) and written(tiny) == []
    made, (warning,) = rendered(tiny, is_alone=True, language="lt")
    assert "3 of its texts" in str(warning) and "Nobody has translated this." in made.html("lt").read_text(
        encoding="utf-8"
    )
    assert rendered(tiny)[1] == (), "English is what the texts are written in"


def test_texts_that_cannot_be_translated_do_not_count(tiny):
    assert untranslated_texts(tiny, run_of(tiny), "lt", {"Licence of a file of one's own", "2024-01-18"}) is None


def test_the_studies_lack_no_translation():
    """A run and ``workbench messages`` agree on which texts need a translation."""
    run = Run("temporary_protection", "LT", 2022)
    said = {"Key findings", "Temporary protection"}
    assert untranslated_texts(Project(ROOT), run, "lt", said).found == "'Key findings'; 'Temporary protection'"


def test_a_limit_of_output_is_a_limit_of_the_edition(tiny):
    assert RunLimits().output_kb == 1000 and read_edition(tiny, 2022).limits == RunLimits()
