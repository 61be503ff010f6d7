"""The commands that begin something new: parse arguments and print what was made, and what to do next."""

import click

from workbench.model.paths import find_project
from workbench.query_commands import new_query


@click.group()
def new() -> None:
    """Begin something new, of which everything runs at once."""


new.add_command(new_query)


@new.command("study")
@click.argument("name")
@click.option("--edition", default="latest", show_default=True, help="The edition that it is to be in.")
def study_(name: str, edition: str) -> None:
    """Make a study: its notebook, sidecar and test, and its name in an edition.

    NAME is in lower case, with underscores, such as children_seeking_asylum.
    """
    from workbench.scaffolding.study import make_study

    project = find_project()
    for path in make_study(project, name, edition):
        click.echo(path.relative_to(project.root).as_posix())
    click.echo(f"see its page while you write: workbench preview {name}")
    click.echo("translate its title and summary, which an edition needs: workbench messages")
    click.echo(f"what keeps it from being a study: workbench check {name}")
    click.echo("cell by cell: docs/tutorial.md; a figure or table of your own: docs/how-to/own-figure.md")
