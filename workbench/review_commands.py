"""The commands of a review: parse arguments and print results."""

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.model.counted import counted
from workbench.model.errors import WorkbenchError
from workbench.model.names import EDITION
from workbench.model.paths import Project, find_project, write_whole

if TYPE_CHECKING:
    from workbench.declarations.reviews import KeptReview
    from workbench.reviewing.collect import Collected


@click.group()
def review() -> None:
    """Have studies reviewed, collect what reviewers say, and answer them."""


@review.command("open")
@click.argument("name", metavar="STUDY|EDITION")
@click.option("--country", help="Eurostat code of the reporting country.")
@click.option("--year", type=int, help="Reference year.")
@click.option("--language", default="en", show_default=True)
@click.option("--reviewer", default="", help="The institution or role that reviews; without it, the sheet asks.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write a single sheet.")
def open_(name: str, country: str | None, year: int | None, language: str, reviewer: str, output: Path | None) -> None:
    """Write the review sheet of a study, or of each study of an edition: a file for a browser, to be sent to reviewers."""
    from workbench.presentation.wording import check_language
    from workbench.reviewing.rendered import studies_named
    from workbench.reviewing.sheet import sheet_html

    project = find_project()
    check_language(language)
    if reviewer:
        _check_reviewer(reviewer)
    studies = studies_named(project, name, country, year)
    if output and len(studies) > 1:
        raise WorkbenchError("-o names the file of one sheet", found=f"{len(studies)} studies", hint="leave -o out")
    for study in studies:
        stem = f"{study.study}.{study.country}.{language}"
        path = output or _folder(project, study.edition) / f"{stem}.html"
        write_whole(path, sheet_html(study, language, reviewer))
        click.echo(path.relative_to(project.root).as_posix() if not output else str(path))


@review.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def collect(files: tuple[Path, ...]) -> None:
    """Check the files that reviewers sent, and keep them in params/reviews/."""
    from workbench.reviewing.collect import collect as collect_file

    project = find_project()
    failures = 0
    for file in files:
        try:
            _say_collected(project, collect_file(project, file))
        except WorkbenchError as error:
            failures += 1
            click.echo(f"error: {error}", err=True)
    if failures:
        sys.exit(1)


def _say_collected(project: Project, collected: "Collected") -> None:
    from workbench.reviewing.standing import Standing

    click.echo(f"{_headline(collected.review)}; {counted(collected.new, 'new comment')}")
    click.echo(f"  {collected.path.relative_to(project.root).as_posix()}")
    if collected.has_changed:
        counts = collected.standings
        click.echo(
            f"  the study has changed since the sheet was made; comments on what still stands there: "
            f"{counts[Standing.HOLDS]}, on what says something else now: {counts[Standing.CHANGED]}, "
            f"on what is gone: {counts[Standing.GONE]}"
        )


@review.command()
@click.argument("edition", required=False, metavar="[EDITION]")
def status(edition: str | None) -> None:
    """List what reviewers said, and what is not resolved."""
    from workbench.declarations.reviews import State, reviews_of

    project = find_project()
    reviews = reviews_of(project, EDITION.checked(edition) if edition else "*")
    for one in reviews:
        click.echo(_headline(one))
        for comment in one.comments:
            if (state := one.state(comment)) != State.RESOLVED:
                click.echo(f"  {comment.short_id} {state}, {comment.kind}: {_line(comment.quote)}")
                click.echo(f"    {_line(comment.body.value)}")
    comments = [(one, comment) for one in reviews for comment in one.comments]
    blocking = sum(len(one.blocking) for one in reviews)
    states = [one.state(comment) for one, comment in comments]
    counts = ", ".join(f"{states.count(state)} {state}" for state in State)
    click.echo(
        f"reviews: {len(reviews)}; comments: {len(comments)} ({counts}); keep an edition from being final: {blocking}"
    )


@review.command()
@click.argument("comment_id", metavar="ID")
@click.option("--text", required=True, help="What you answer.")
@click.option("--by", help="The institution or role that answers; the publisher of the edition by default.")
@click.option("--resolved", is_flag=True, help="The comment is resolved by this.")
def answer(comment_id: str, text: str, by: str | None, resolved: bool) -> None:
    """Answer a comment; ID is what review status shows of it."""
    from workbench.reviewing.answer import answer as keep_answer

    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    for answered in keep_answer(find_project(), comment_id, text, by, resolved, now):
        click.echo(_headline(answered))


@review.command()
@click.argument("edition")
@click.option("--language", default="en", show_default=True)
def page(edition: str, language: str) -> None:
    """Write a page of all comments on an edition, for its editors; the site does not list it."""
    from workbench.presentation.wording import check_language, index_name
    from workbench.reviewing.page import reviews_html

    project = find_project()
    check_language(language)
    path = _folder(project, EDITION.checked(edition)) / index_name(language)
    write_whole(path, reviews_html(project, edition, language))
    click.echo(path.relative_to(project.root).as_posix())


def _folder(project: Project, edition: str) -> Path:
    return project.outputs / "reviews" / edition


def _check_reviewer(name: str) -> None:
    from workbench.declarations.models import Unfit
    from workbench.declarations.reviews import Creator
    from workbench.declarations.structuring import structured

    try:
        structured({"name": name}, Creator)
    except Unfit as unfit:
        raise WorkbenchError("this is not the name of a reviewer", expected=unfit.expected, found=name[:80]) from None


def _headline(one: "KeptReview") -> str:
    verdict = one.verdict.replace("_", " ")
    return f"{one.reviewed}, {one.reviewer}, {one.modified:%Y-%m-%d}: {verdict}, comments: {len(one.comments)}"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"
