"""The commands of the register of activities: parse arguments and print results."""

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.model.counted import counted
from workbench.model.names import download_day, latest_day
from workbench.model.paths import Project, find_project

if TYPE_CHECKING:
    from workbench.partners.activities.reading import RegisterReading

_MOST_SHOWN = 100
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def activities() -> None:
    """Check the register of what the contact point did, and take it in for the study technical_cooperation."""


@activities.command()
@_FILE
def check(file: Path) -> None:
    """Check a register by row and column; nothing is stored."""
    reading = _clean(find_project(), file)
    persons = sum(group.participants for entry in reading.entries for group in entry.groups)
    made_up = "; it is made up" if reading.is_made_up else ""
    told = f"{counted(len(reading.entries), 'activity', 'activities')}, {counted(persons, 'participant')}"
    click.echo(f"{file.name}: nothing is wrong; {told}{made_up}")


@activities.command()
@_FILE
@click.option("--vintage", metavar="DAY", help="The day on which the register stood so. Today by default.")
def add(file: Path, vintage: str | None) -> None:
    """Check a register and, if nothing is wrong, store it as a snapshot."""
    from workbench.partners.activities.accept import accept_register

    project, now = find_project(), datetime.datetime.now(datetime.UTC)
    day = download_day(vintage, latest_day(now)) if vintage else now.date()
    accepted = accept_register(project, _clean(project, file), day)
    card = accepted.snapshot.card
    state = f"{'made up, ' if card.is_made_up else ''}{'stored' if accepted.is_new else 'exists already'}"
    many = counted(len(card.activities), "activity", "activities")
    click.echo(f"{accepted.snapshot.id} {state}: {many}, {_span(accepted.years)}")
    if accepted.left_out:
        click.echo(f"  left out: {accepted.left_out} of years that had not ended on {day}")


def _span(years: range) -> str:
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])


def _clean(project: Project, file: Path) -> "RegisterReading":
    """A register in which nothing is wrong; otherwise the command ends with what is."""
    from workbench.partners.activities.reading import read_activities

    reading = read_activities(project, file)
    if not reading.wrong:
        return reading
    many = f"{len(reading.wrong)} cell{'s' if len(reading.wrong) > 1 else ''}"
    click.echo(f"error: {file.name} has {many} to mend; nothing of it was stored", err=True)
    for wrong in reading.wrong[:_MOST_SHOWN]:
        click.echo(f"  {wrong}", err=True)
    if len(reading.wrong) > _MOST_SHOWN:
        click.echo(f"  and {len(reading.wrong) - _MOST_SHOWN} more", err=True)
    click.echo("  hint: mend these cells, and run the command again (docs/how-to/activities.md)", err=True)
    sys.exit(1)
