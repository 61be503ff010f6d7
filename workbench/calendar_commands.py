"""The command that tells what is due."""

import datetime
import json
from pathlib import Path
from urllib.parse import urlsplit

import click

from workbench.model.paths import find_project, write_whole

_YEARS = range(2000, 2100)


@click.command()
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="From when to look ahead. Today by default."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@click.option(
    "--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write it as a file for calendar programs."
)
def calendar(on: datetime.datetime | None, as_json: bool, ics: Path | None) -> None:
    """Show what is due within a year, and what is overdue: collections, queries, editions, figures for the providers."""
    from workbench.declarations.site import read_site_declaration
    from workbench.partners.calendar import calendar
    from workbench.partners.icalendar import icalendar

    project = find_project()
    today = (on or datetime.datetime.now(datetime.UTC)).date()
    if not _YEARS.start <= today.year < _YEARS.stop:
        raise click.BadParameter(f"a day between {_YEARS.start} and {_YEARS.stop - 1}", param_hint="--on")
    found = calendar(project, today)
    if ics:
        host = urlsplit(read_site_declaration(project).address).hostname or "localhost"
        write_whole(ics, icalendar(found, today, host))
        click.echo(f"{ics}: {len(found)} events")
    elif as_json:
        click.echo(json.dumps([vars(due) | {"day": str(due.day)} for due in found], indent=1, ensure_ascii=False))
    else:
        for due in found:
            click.echo(f"{due.day} {'overdue' if due.is_overdue else '':8}{due.kind:11}{due.what}")
