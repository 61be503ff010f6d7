"""The commands of ad-hoc queries: parse arguments and print results."""

import datetime
import json
import shlex
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from workbench.model.names import latest_day
from workbench.model.paths import Project, find_project

if TYPE_CHECKING:
    from workbench.editions.make import EditionOutcome

_DAY = click.DateTime(["%Y-%m-%d"])


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


@click.command("query")
@click.argument("name")
@click.option("--question", "questions", multiple=True, required=True, help="In English; may be repeated.")
@click.option("--deadline", type=_DAY, required=True, metavar="YYYY-MM-DD", help="Until when answers are due.")
@click.option("--requested", type=_DAY, metavar="YYYY-MM-DD", help="When it was asked; today by default.")
@click.option(
    "--dissemination",
    type=click.Choice(["wider", "restricted"]),
    default="restricted",
    show_default=True,
    help="Whether it may be published, or stays within the network.",
)
@click.option(
    "--explore", "explored", metavar="'INDICATOR geo=… time=…'", default="",
    help="What the national answer begins with: a figure and a table of it, as of workbench explore.",
)  # fmt: skip
def new_query(
    name: str,
    questions: tuple[str, ...],
    deadline: datetime.datetime,
    requested: datetime.datetime | None,
    dissemination: str,
    explored: str,
) -> None:
    """Make an ad-hoc query: its declaration, and the notebook of the national answer.

    NAME is in lower case, with underscores, such as seasonal_workers.
    """
    from workbench.querying.new_query import NewQuery, make_query

    project = find_project()
    asked_on = requested.date() if requested else _today()
    new = NewQuery(name, questions, asked_on, deadline.date(), dissemination, shlex.split(explored))
    for path in make_query(project, new):
        click.echo(path.relative_to(project.root).as_posix())
    click.echo(f"see its page while you write: workbench preview {name}")
    click.echo(f"render it in all its languages, and seal it once it is answered: workbench query {name}")


@click.command()
@click.argument("name")
def query(name: str) -> None:
    """Render an ad-hoc query in its languages; once it says when it was answered, seal it."""
    from workbench.execution.processes import need_open_files
    from workbench.querying.make_query import render_query

    need_open_files()
    project = find_project()
    made, outcomes = render_query(project, name, latest_day(datetime.datetime.now(datetime.UTC)))
    for outcome in outcomes:
        _tell(project, made.languages, outcome)
    if made.state == "open":
        click.echo("not sealed: it is open; say in its declaration when it was answered")
    if any(outcome.failures for outcome in outcomes):
        sys.exit(1)


def _tell(project: Project, languages: Iterable[str], outcome: "EditionOutcome") -> None:
    for files in outcome.rendered:
        for language in languages:
            click.echo(files.html(language).relative_to(project.root).as_posix())
    if outcome.sealed:
        state = "sealed" if outcome.sealed.is_new else "unchanged, sealed before as"
        click.echo(f"{state} {outcome.sealed.path.relative_to(project.root).as_posix()}")
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    for failure in outcome.failures:
        click.echo(f"error: {failure}", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, for programs.")
def queries(as_json: bool) -> None:
    """List ad-hoc queries by their deadlines, what is overdue first."""
    from workbench.querying.listing import listed_queries

    listed = listed_queries(find_project(), _today())
    if as_json:
        click.echo(json.dumps([one.as_json() for one in listed], indent=1, ensure_ascii=False))
        return
    for one in listed:
        click.echo(one)
    if not listed:
        click.echo("no query is declared in params/queries/")
