"""The linter of a study finds each thing that keeps a notebook from being one, by rule, cell and line; the shipped ones have none."""

import json

import pytest
from click.testing import CliRunner

from conftest import ROOT, copy_project
from workbench.checking.check import check_notebook
from workbench.checking.mending import mend
from workbench.cli import main
from workbench.model.paths import Project
from workbench.scaffolding.study import make_study

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAME = "temporary_protection"
"""A study that is there and translated: the cells of another stand in its notebook."""

PARAMETERS = 'country = "LT"\nyear = 2022\nlanguage = "en"\nneighbours = None'
OPEN = (
    "from workbench.study import Study\n"
    f'study = Study.open("{NAME}", country=country, year=year, language=language, neighbours=neighbours)\nsay = study.say'
)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_shipped_study_has_nothing_wrong(notebook):
    assert list(map(str, check_notebook(Project(ROOT), notebook))) == []


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return copy_project(tmp_path_factory.mktemp("checked") / "project")


def cell(source: str, name: str = "tried", kind: str = "code", **more) -> dict:
    own = {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(keepends=True)}
    return own | ({"outputs": [], "execution_count": None} if kind == "code" else {}) | more


def written(
    project: Project, *cells: dict, parameters: str = PARAMETERS, opened: str = OPEN
) -> list[tuple[str, str, int]]:
    """What is remarked of a notebook of these cells: rule, cell and line."""
    return [
        (remark.rule, remark.cell, remark.line)
        for remark in remarks_of(project, *cells, parameters=parameters, opened=opened)
    ]


def remarks_of(project: Project, *cells: dict, parameters: str = PARAMETERS, opened: str = OPEN) -> list:
    first = cell(parameters, "parameters") | {"metadata": {"tags": ["parameters"]}}
    notebook = {"cells": [first, cell(opened, "open"), *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    project.notebook(NAME).write_text(json.dumps(notebook), encoding="utf-8")
    return check_notebook(project, project.notebook(NAME))


def test_what_is_written_as_it_should_be_has_nothing_wrong(project):
    own = (
        "import numpy as np\nimport seaborn as sns\n"
        'rng = np.random.default_rng(study.seed("bands"))\n'
        'axes = sns.barplot(frame, x="sex", y="persons", errorbar=None)\n'
        'study.own_figure("x", axes, title=say("Key findings"), alternative=say("Sources"))'
    )
    assert written(project, cell("## Key findings", "heading", "markdown"), cell(own)) == []


@pytest.mark.parametrize(
    ("code", "rule", "line"),
    [
        ("from workbench.data import snapshots", "imports", 1),
        ("import pandas as pd\n\nframe = pd.read_csv('x.csv')", "files", 3),
        ("rows = open('x.csv')", "files", 1),
        ("from pathlib import Path", "files", 1),
        ("from pandas import read_excel as read\nframe = read('x.xlsx')", "files", 2),
        ("import pandas as pd\nread = pd.read_csv\nframe = read('x.csv')", "files", 2),
        ("from urllib.request import urlopen", "files", 1),
        ("import pyarrow.parquet as pq\ntable = pq.read_table('x')", "files", 2),
        ("import seaborn as sns\ntips = sns.load_dataset('tips')", "files", 2),
        ("text = study.project.root.joinpath('x').read_text()", "files", 1),
        ("import requests", "files", 1),
        ("import numpy as np\nx = np.random.rand(3)", "random", 2),
        ("import numpy as np\nrng = np.random.default_rng()", "random", 2),
        ("import random\nx = random.random()", "random", 2),
        ("from numpy.random import default_rng as new\nrng = new(None)", "random", 2),
        ("import numpy as np\ndraw = np.random.normal\nx = draw()", "random", 2),
        ("from uuid import uuid4\nx = uuid4()", "random", 2),
        ("from scipy.stats import norm\nx = norm.rvs(size=3)", "random", 2),
        ("from scipy import stats\nx = stats.bootstrap((sample,), mean)", "random", 2),
        ("order = hash('a')", "random", 1),
        ("few = frame.sample(5)", "random", 1),
        ("import seaborn as sns\naxes = sns.pointplot(frame, errorbar=('ci', 95))", "random", 2),
        ("import seaborn as sns\ngrid = sns.catplot(frame)", "random", 2),
        ("import seaborn.objects as so\nplot = so.Plot(frame).add(so.Band(), so.Est())", "random", 2),
        ("import seaborn as sns\naxes = sns.barplot(frame, x='a', y='b')", "random", 2),
        ("import seaborn as sns\naxes = sns.stripplot(frame, x='a', y='b')", "random", 2),
        ("from datetime import date\nday = date.today()", "clock", 2),
        ("import datetime as dt\nday = dt.datetime.now()", "clock", 2),
        ("import time\nnow = time.time()", "clock", 2),
        ("from time import perf_counter as tick\nnow = tick()", "clock", 2),
        ("import pandas as pd\nday = pd.to_datetime('today')", "clock", 2),
        ("import numpy as np\nday = np.datetime64('now')", "clock", 2),
        ("import seaborn as sns\nsns.histplot(frame, x='a')", "figures", 2),
        ("import matplotlib.pyplot as plt\nplt.show()", "figures", 2),
        ("frame.plot(x='a')", "figures", 1),
        ("import seaborn as sns\naxes = sns.histplot(frame, x='a')\naxes.figure", "figures", 3),
        ("frame.plot.bar()", "figures", 1),
        ("study.figure('x', chart, title=say('Key findings'))", "figures", 1),
        ("study.table('x', results, title='Asylum applicants')", "figures", 1),
        ("x = 1\nsay('Key findings')", "sentences", 2),
        ("say('Key findings') if x else None", "sentences", 1),
        ("study.text(say(f'There were {count} of them.'))", "numbers", 1),
        ("study.text(say('There were ' + str(count)))", "numbers", 1),
        ("study.text(say('There were {count}.'.format(count=count)))", "numbers", 1),
        ("study.own_figure('x', drawn, title=say('Sources'), alternative=say('Sources'))", "figures", 1),
        ("study.own_figure('x', drawn, title=say('Sources'), alternative=say(''))", "figures", 1),
        ("x = study.one('asylum_applicants', geo='LV')", "country", 1),
        ("x = study.results('asylum_applicants',\n    geo=['LV', study.country])", "country", 2),
        ("is_here = study.country == 'LT'", "country", 1),
        ("%matplotlib inline", "notation", 1),
        ("x = 1\n%study --country LV", "notation", 2),
        ("!ls", "notation", 1),
        ("x = 1\n" * 26, "length", 26),
        ("x = (", "syntax", 0),
    ],
)  # fmt: skip
def test_code_that_does_not_belong_in_a_study_is_found(project, code, rule, line):
    found = written(project, cell(code))
    where = "" if rule == "syntax" else "tried"
    assert (rule, where, line) in found and {each for each, *_ in found} == {rule}


@pytest.mark.parametrize(
    "code",
    [
        "import random\nrng = random.Random(study.seed('a'))\nx = rng.random()",
        "import numpy as np\ndef drawn(rng: np.random.Generator):\n    return rng.normal()",
        "import seaborn as sns\naxes = sns.barplot(frame, errorbar='sd')",
        "import seaborn as sns\naxes = sns.regplot(frame, ci=None)",
        "import seaborn as sns\naxes = sns.lineplot(frame, seed=study.seed('a'))",
        "import seaborn as sns\ngrid = sns.catplot(frame, kind='box')",
        "import seaborn as sns\ngrid = sns.relplot(frame)",
        "few = frame.sample(3, random_state=study.seed('a'))",
        "time = frame['time']\nlast = time.max()",
        "open = frame['open']\nfirst = open.min()",
        "from datetime import date\nday = date.fromisoformat('2022-01-01')",
        "import pandas as pd\ndays = pd.to_datetime(frame['time'])",
        "frame.describe()",
    ],
)
def test_what_only_looks_like_it_is_let_alone(project, code):
    assert written(project, cell(code)) == []


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("study.text(say('In all, 1025 persons.'))", {"numbers", "untranslated"}),
        ("study.text(say('Nobody has translated this.'))", {"untranslated"}),
        ("study.text(say('In Lithuania, nobody has translated this.'))", {"untranslated", "country"}),
    ],
)
def test_a_text_of_the_code_that_readers_would_see_is_found_with_its_line(project, code, rules):
    found = written(project, cell(f"x = 1\n{code}"))
    assert {rule for rule, *_ in found} == rules and {(where, line) for _, where, line in found} == {("tried", 2)}


@pytest.mark.parametrize(
    ("markdown", "rules"),
    [
        ("There were 25 of them.", {"numbers", "untranslated"}),
        ("Nobody has translated this.", {"untranslated"}),
        ("## Key findings", set()),
        ("![](attachment:a.png)", {"figures", "untranslated"}),
    ],
)
def test_a_text_of_a_markdown_cell_is_looked_at_too(project, markdown, rules):
    assert {rule for rule, *_ in written(project, cell(markdown, "prose", "markdown"))} == rules


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"parameters": PARAMETERS + "\nregion = 3"}, "region has no type"),
        ({"parameters": PARAMETERS.replace("2022", '"2022"')}, "year must be a year, without quotes"),
        ({"parameters": PARAMETERS.replace("neighbours = None", "pass")}, "neighbours is declared in the sidecar"),
        ({"opened": OPEN.replace("year=year", "year=2022")}, "year is not passed on unchanged"),
        ({"opened": OPEN.replace(", neighbours=neighbours", "")}, "neighbours is not passed on"),
    ],
)
def test_a_parameter_that_has_no_type_or_cannot_be_set_is_found(project, changed, said):
    found = remarks_of(project, **changed)
    assert {remark.rule for remark in found} == {"parameters"} and said in str(found[0])


def test_what_running_left_behind_is_found_and_out_of_which_order(project):
    ran = [cell("x = 1", "first", execution_count=2), cell("y = 1", "second", execution_count=1)]
    assert [found for found in written(project, *ran) if found[0] == "outputs"] == [
        ("outputs", "first", 0),
        ("outputs", "second", 0),
    ]
    assert [found for found in written(project, *ran) if found[0] == "order"] == [("order", "parameters", 0)]


def test_a_cell_without_a_name_of_its_own_is_found(project):
    random = "3f0c8a12-9a5b-4c0e-8d5e-0a1b2c3d4e5f"
    found = written(project, cell("x = 1", random), cell("x = 2", "twice"), cell("x = 3", "twice"))
    assert found == [("names", random, 0), ("names", "twice", 0)]


def test_mending_names_cells_by_what_they_hold_and_takes_outputs_out(project):
    random = [f"{number}f0c8a12" for number in range(5)]
    cells = [
        cell("## Over the years\n\nText.", random[0], "markdown"),
        cell(
            'study.figure(\n    "by-year",\n    chart,\n    title=say("Sources"),\n    subtitle=say("Sources"),\n)',
            random[1],
        ),
        cell(
            "study.sources()",
            random[2],
            execution_count=3,
            outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}],
        ),
        cell("over_years = 1", random[3]),
        cell("over_years = 2", random[4]),
    ]
    assert {rule for rule, *_ in written(project, *cells)} == {"names", "outputs", "order", "untranslated"}
    assert mend(project.notebook(NAME)) and not mend(project.notebook(NAME)), "once is enough"
    mended = json.loads(project.notebook(NAME).read_text(encoding="utf-8"))["cells"]
    assert [each["id"] for each in mended[2:]] == [
        "over-the-years-heading",
        "by-year",
        "sources",
        "over-years",
        "over-years-2",
    ]
    assert {remark.rule for remark in check_notebook(project, project.notebook(NAME))} == {"untranslated"}


def test_the_shipped_notebooks_are_as_mending_would_write_them(project, tmp_path):
    for notebook in NOTEBOOKS:
        path = tmp_path / notebook.name
        path.write_bytes(notebook.read_bytes())
        assert not mend(path), notebook.name


def test_the_command_names_notebook_cell_and_rule_and_fails(project, monkeypatch):
    monkeypatch.chdir(project.root)
    written(project, cell("rows = open('x.csv')"))
    told = CliRunner().invoke(main, ["check", NAME])
    assert told.exit_code == 1 and f"{NAME}.ipynb, cell tried, line 1: open reads around the workbench" in told.output
    by_file = CliRunner().invoke(main, ["check", f"notebooks/{NAME}.ipynb", "visas"])
    assert by_file.output == told.output
    clean = CliRunner().invoke(main, ["check", "visas"])
    assert (clean.exit_code, clean.output) == (0, "")


def test_a_new_study_lacks_nothing_but_its_translation(tmp_path):
    project = copy_project(tmp_path / "project")
    edition = project.params / "editions" / "2022.yaml"
    edition.write_text(
        edition.read_text(encoding="utf-8")
        .replace("studies: [", "studies:\n  - ")
        .replace("applications]", "applications"),
        encoding="utf-8",
    )
    make_study(project, "of_my_own", "2022")
    assert {(remark.rule, remark.cell) for remark in check_notebook(project, project.notebook("of_my_own"))} == {
        ("untranslated", "")
    }
