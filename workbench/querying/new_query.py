"""A new query: its declaration, and the notebook of the national answer, which runs at once."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from workbench.declarations.models import Unfit
from workbench.declarations.new_notebooks import CODE, MARKDOWN, Cell, new_notebook
from workbench.declarations.queries import Query, declared_queries
from workbench.declarations.site import read_site_declaration
from workbench.declarations.structuring import structured
from workbench.declarations.yaml_files import explained
from workbench.exploring.answer import Answer, answer
from workbench.exploring.cell import datasets_of, names_shown, reading_code, showing_code
from workbench.exploring.charts import chart_of
from workbench.exploring.question import read_question
from workbench.exploring.shape import Shape
from workbench.model.errors import WorkbenchError
from workbench.model.names import STUDY
from workbench.model.new_files import make_files
from workbench.model.paths import Project
from workbench.model.types import message

_HEADINGS = {
    "query": message("The query"),
    "national-answer": message("National answer"),
    "answers": message("Answers by Member State"),
}
_OF_METHOD = ("comparability", "definitions", "sources", "provenance")
_DECLARED = """\
# An ad-hoc query of the European Migration Network: docs/how-to/query.md
# A text may be in several languages: {en: …, lt: …}. background: says why it is asked.
# dissemination: wider, or restricted: then nothing of it is published.
# What Member States answer goes into {name}/AT.yaml and so on. State the days: answered: YYYY-MM-DD, then closed: YYYY-MM-DD.
"""


@dataclass(frozen=True)
class NewQuery:
    """What is known of a query when it begins.

    Attributes
    ----------
    questions : sequence of str
        In English, in their order.
    requested, deadline : date
        When it was asked, and until when answers are due.
    dissemination : str
        ``wider`` or ``restricted``.
    explored : sequence of str
        An indicator and a selection, as for ``workbench explore``, whose figure the national answer begins with; or nothing.
    """

    name: str
    questions: Sequence[str]
    requested: datetime.date
    deadline: datetime.date
    dissemination: str
    explored: Sequence[str] = ()


def make_query(project: Project, new: NewQuery) -> list[Path]:
    """Write the declaration of a query and its notebook.

    Raises
    ------
    InvalidName, InvalidDeclaration, WorkbenchError
        If the name is not valid or taken, a text or day is not, or what is to be explored cannot be; nothing was written.
    """
    STUDY.checked(new.name, known=declared_queries(project))
    declaration = project.queries / f"{new.name}.yaml"
    notebook = project.notebooks / "queries" / f"{new.name}.ipynb"
    taken = [declaration, notebook, project.params / "studies" / declaration.name, project.notebooks / notebook.name]
    if there := [path.relative_to(project.root).as_posix() for path in taken if path.exists()]:
        raise WorkbenchError(
            f"there is a query or study {new.name} already",
            found=", ".join(there),
            unchanged="nothing was written",
            hint="take another name",
        )
    explored = answer(read_question(project, new.explored[0], new.explored[1:])) if new.explored else None
    said = _said(project, new, explored)
    try:
        structured({**said, "query": new.name}, Query)
    except Unfit as unfit:
        raise explained(unfit, declaration) from None
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120)
    files = {
        declaration: _DECLARED.replace("{name}", new.name) + text,
        notebook: _notebook(new.name, said["country"], said["year"], explored),
    }
    return make_files(project, files, {})


def _said(project: Project, new: NewQuery, explored: Answer | None) -> dict[str, Any]:
    home = read_site_declaration(project).home_country
    if home is None:
        raise WorkbenchError("no country answers the query", expected="a home_country in params/site.yaml")
    return {
        "title": {"en": new.name.replace("_", " ").strip().capitalize()},
        "requested_by": home,
        "requested": new.requested,
        "deadline": new.deadline,
        "dissemination": new.dissemination,
        "questions": [{"en": question} for question in new.questions],
        "country": home,
        "year": new.requested.year,
        **(_read(explored) if explored else {}),
    }


def _read(explored: Answer) -> dict[str, Any]:
    """The datasets of an answer, in the vintages that it was read from; all of them, where it compares several."""
    datasets: dict[str, dict] = {dataset: {} for dataset in datasets_of(explored)}
    if len(explored.readings) > 1:
        return {"datasets": datasets, "depends_on": ["every vintage"]}
    return {"datasets": datasets, "vintages": {one.id.dataset: one.id.vintage for _, one in explored.snapshots}}


def _notebook(name: str, country: str, year: int, explored: Answer | None) -> str:
    cells: list[Cell] = [
        ("parameters", CODE, f'country = "{country}"\nyear = {year}\nlanguage = "en"'),
        ("open", CODE, _opening(name, explored)),
        _heading("query"),
        ("query", CODE, "study.query()"),
        _heading("national-answer"),
        *(_explored(explored) if explored else []),
        _heading("answers"),
        ("answers", CODE, "study.answers()"),
        *(cell for part in _OF_METHOD for cell in (_heading(part), (part, CODE, f"study.{part}()"))),
    ]
    return new_notebook(cells)


def _opening(name: str, explored: Answer | None) -> str:
    names = [*(names_shown(Shape(explored)) if explored else []), "Study"]
    return (
        f"from workbench.study import {', '.join(sorted(names))}\n\n"
        f'study = Study.open("{name}", country=country, year=year, language=language)'
    )


def _explored(explored: Answer) -> list[Cell]:
    """The cells that read what was explored, show it, and give its table."""
    shape = Shape(explored)
    cells: list[Cell] = [("results", CODE, reading_code(explored)), ("shown", CODE, showing_code(shape))]
    if chart_of(shape):
        table = f'study.table("numbers", results, rows="time", columns="{shape.axis}", title=titled(results))'
        cells.append(("numbers", CODE, table))
    return cells


def _heading(identifier: str) -> Cell:
    return f"{identifier}-heading", MARKDOWN, f"## {_HEADINGS.get(identifier, identifier.capitalize())}"
