"""Layer 8: the command line. It parses and prints."""

import sys
from pathlib import Path

import click

from workbench import __version__
from workbench.archiving import verify as verify_archive
from workbench.collecting.files import import_file
from workbench.declarations.editions import read_edition
from workbench.model.errors import WorkbenchError
from workbench.model.paths import find_project
from workbench.presentation import messages
from workbench.publishing.catalogue import write_catalogue
from workbench.publishing.edition import make_edition
from workbench.rendering.runs import render
from workbench.study.parameters import parse_parameter, resolve


class _Commands(click.Group):
    """Prints an error of the workbench as it is, without a traceback, and ends with 1."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except WorkbenchError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(1)


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="workbench")
def main():
    """Research workbench for migration and asylum studies."""


@main.command()
@click.argument("study")
@click.option("--country", help="Eurostat code of the reporting country.")
@click.option("--year", type=int, help="Reference year.")
@click.option("--language", help="Language of the study.")
@click.option(
    "-p", "--parameter", "others", multiple=True, metavar="NAME=VALUE", help="A parameter of the study's own."
)
def run(study, country, year, language, others):
    """Render one study for one country, year and language."""
    project = find_project()
    given = {"country": country, "year": year, "language": language}
    parameters = {name: value for name, value in given.items() if value is not None}
    for other in others:
        name, separator, text = other.partition("=")
        if not separator:
            raise click.BadParameter(f"expected NAME=VALUE, found {other!r}")
        parameters[name] = parse_parameter(project, study, name, text)
    rendered = render(project, resolve(project, study, parameters), progress=True)
    write_catalogue(project)
    for path in (rendered.html, rendered.notebook, rendered.results):
        click.echo(_shown(project, path))


@main.command()
@click.argument("year", type=int)
@click.option("--country", "countries", multiple=True, help="Instead of the edition's countries; may be repeated.")
@click.option("--language", "languages", multiple=True, help="Instead of the edition's languages; may be repeated.")
def edition(year, countries, languages):
    """Render all studies of an edition and seal its archive."""
    project = find_project()
    declared = read_edition(project, year)
    instead = {"countries": countries or declared.countries, "languages": languages or declared.languages}
    outcome = make_edition(project, declared.model_copy(update=instead), progress=True)
    for made in outcome.rendered:
        click.echo(_shown(project, made.html))
    if outcome.sealed:
        state = "sealed" if outcome.sealed.is_new else "unchanged, sealed before as"
        click.echo(f"{state} {_shown(project, outcome.sealed.path)}")
    click.echo(_shown(project, project.outputs / "index.html"))
    for failure in outcome.failures:
        click.echo(f"error: {failure}", err=True)
    if outcome.failures:
        click.echo(f"{len(outcome.failures)} failed; the edition was not sealed", err=True)
        sys.exit(1)


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="The provider's code, such as migr_asyappctza.")
@click.option("--vintage", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Day of the download.")
def import_(file, dataset, vintage):
    """Add a file of official statistics as a snapshot.

    SDMX-CSV (both headers of Eurostat, with codes or labels) or Eurostat TSV, plain or gzip.
    """
    project = find_project()
    snapshot, is_new = import_file(project, file, dataset, vintage.date())
    state = "added" if is_new else "is here already"
    coverage = snapshot.card.coverage
    click.echo(f"{snapshot.id} {state}: {coverage['rows']} observations, {coverage['from']} to {coverage['to']}")


@main.command()
@click.argument("archive", type=click.Path(path_type=Path))
def verify(archive):
    """Check that an archive is what it was sealed as."""
    verified = verify_archive(archive)
    click.echo(f"{archive.name} is intact: {verified.files} files, {verified.runs} runs")


@main.command("messages")
@click.option("--check", is_flag=True, help="Change nothing; fail if a message is untranslated or stale.")
def messages_(check):
    """Bring the catalogues up to date with all texts of the studies."""
    project = find_project()
    reports = messages.check(project) if check else messages.update(project)
    for report in reports:
        click.echo(report)
    if check and reports:
        sys.exit(1)


def _shown(project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()
