"""The commands of collections: parse arguments and print results."""

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.model.errors import WorkbenchError, near
from workbench.model.names import download_day, latest_day
from workbench.model.paths import Project, find_project, write_whole

if TYPE_CHECKING:
    from workbench.deadlines.standings import Standing
    from workbench.partners.accept import Accepted
    from workbench.partners.read import Reading


@click.group()
def collect() -> None:
    """Ask institutions for figures by forms, check what they send, and see who owes what."""


@collect.command()
@click.argument("collection", required=False)
@click.option("--period", help="A declared period; each collection's newest by default.")
@click.option("--language", help="Language of the forms; each collection's own by default.")
def forms(collection: str | None, period: str | None, language: str | None) -> None:
    """Write the form of a collection, or of each: a workbook to send to the institution."""
    from workbench.declarations.collections import declared_collections, read_collection
    from workbench.partners.form import Form, form_bytes
    from workbench.presentation.wording import check_language

    project = find_project()
    if language:
        check_language(language)
    collections = [
        read_collection(project, name) for name in ([collection] if collection else declared_collections(project))
    ]
    for asked in collections:
        of, worded_in = period or asked.newest_period, language or asked.language
        if of not in asked.periods:
            raise WorkbenchError(
                f"{asked.collection} is not asked for {of[:40]}",
                expected=near(of, asked.periods),
                found=of[:40],
                unchanged="its form was not written",
                hint=f"add the period with its deadline to params/collections/{asked.collection}.yaml",
            )
        path = _folder(project) / of / f"{asked.collection}.{worded_in}.xlsx"
        write_whole(path, form_bytes(Form.of(project, asked, of, worded_in)))
        click.echo(path.relative_to(project.root).as_posix())


@collect.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--received", metavar="DAY", help="The day on which the files came: the vintage. Today by default.")
def read(files: tuple[Path, ...], received: str | None) -> None:
    """Check forms that institutions sent back, and store those in which nothing is wrong.

    For every other file, what must be mended or explained is printed and written as a page in the institution's language.
    """
    project = find_project()
    today = latest_day(datetime.datetime.now(datetime.UTC))
    day = download_day(received, today) if received else datetime.datetime.now(datetime.UTC).date()
    failures = 0
    for file in files:
        try:
            failures += not _is_accepted(project, file, day)
        except WorkbenchError as error:
            failures += 1
            click.echo(f"error: {error}", err=True)
    if failures:
        sys.exit(1)


def _is_accepted(project: Project, file: Path, day: datetime.date) -> bool:
    """Whether the tables of a file are stored, now or before; what was found is printed."""
    from workbench.partners.accept import accept, accepted_before
    from workbench.partners.read import read_form

    if stored := accepted_before(project, file):
        _say_stored(file, stored)
        return True
    reading = read_form(project, file)
    report = _folder(project) / "errors" / f"{file.stem}.errors.html"
    if reading.is_clean:
        _say_stored(file, accept(project, reading, day))
        report.unlink(missing_ok=True)
        return True
    _say_wrong(project, reading, report)
    return False


def _say_stored(file: Path, stored: "list[Accepted]") -> None:
    state = "accepted" if any(one.is_new for one in stored) else "was accepted before"
    click.echo(f"{file.name} {state}")
    for one in stored:
        click.echo(f"  {one.snapshot.id}{'' if one.is_new else ' exists already'}")


def _say_wrong(project: Project, reading: "Reading", report: Path) -> None:
    from workbench.partners.report import report_html, report_lines

    write_whole(report, report_html(reading))
    click.echo(f"error: {reading.path.name} is not accepted; nothing of it was stored", err=True)
    for line in report_lines(reading):
        click.echo(f"  {line}", err=True)
    click.echo(f"  hint: send {report.relative_to(project.root).as_posix()} to the institution", err=True)


@collect.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, for programs.")
def status(as_json: bool) -> None:
    """Show who owes what, by deadline."""
    from workbench.deadlines.standings import standings

    found = standings(find_project(), datetime.datetime.now(datetime.UTC).date())
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found], indent=1, ensure_ascii=False))
        return
    for one in found:
        click.echo(_line(one))


def _as_json(one: "Standing") -> dict[str, object]:
    return {**vars(one), "state": one.state, "deadline": str(one.deadline)}


def _line(one: "Standing") -> str:
    when = f"{-one.days} days ago" if one.days < 0 else f"in {one.days} days"
    line = f"{one.deadline} {one.state:8} {one.collection} {one.period}: {one.institution}"
    return f"{line}; {when}; missing: {', '.join(one.missing)}" if one.missing else line


def _folder(project: Project) -> Path:
    return project.outputs / "collections"
