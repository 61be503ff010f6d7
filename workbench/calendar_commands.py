"""The command that tells what is due."""

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from workbench.model.counted import counted
from workbench.model.paths import find_project, write_whole

if TYPE_CHECKING:
    from workbench.deadlines.calendar import Due

_YEARS = range(2000, 2100)


@click.command()
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="From when to look ahead. Today by default."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
@click.option(
    "--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write it as a file for calendar programs."
)
@click.option("--html", "as_page", is_flag=True, help="Write it as a page for the team, which is not published.")
def calendar(on: datetime.datetime | None, as_json: bool, ics: Path | None, as_page: bool) -> None:
    """Show what is due within a year, and what is overdue: collections, queries, editions, figures for the providers."""
    from workbench.deadlines.calendar import calendar
    from workbench.deadlines.icalendar import icalendar
    from workbench.deadlines.wording import in_a_line
    from workbench.declarations.site import read_site_declaration
    from workbench.presentation.wording import SOURCE_LANGUAGE, Wording

    project = find_project()
    today = (on or datetime.datetime.now(datetime.UTC)).date()
    if not _YEARS.start <= today.year < _YEARS.stop:
        raise click.BadParameter(f"a day between {_YEARS.start} and {_YEARS.stop - 1}", param_hint="--on")
    if as_page:
        # Imported here, because it loads what draws pages.
        from workbench.site.team_calendar import write_team_calendar

        for page in write_team_calendar(project, today):
            click.echo(page.relative_to(project.root).as_posix())
        return
    found, wording = calendar(project, today), Wording.without_indicators(SOURCE_LANGUAGE)
    if ics:
        host = urlsplit(read_site_declaration(project).address).hostname or "localhost"
        write_whole(ics, icalendar(found, today, host, wording))
        click.echo(f"{ics}: {counted(len(found), 'event')}")
    elif as_json:
        click.echo(json.dumps([_as_json(due, in_a_line(due, wording)) for due in found], indent=1, ensure_ascii=False))
    else:
        for due in found:
            click.echo(f"{due.day} {'overdue' if due.is_overdue else '':8}{due.kind:11}{in_a_line(due, wording)}")


def _as_json(due: "Due", told: str) -> dict[str, object]:
    return {
        "day": str(due.day),
        "kind": due.kind,
        "name": due.name,
        "what": told,
        "datasets": due.datasets,
        "is_overdue": due.is_overdue,
        "is_restricted": due.is_restricted,
    }
