"""The command line: parses arguments and prints results."""

import datetime
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from workbench import __version__
from workbench.activities_commands import activities
from workbench.calendar_commands import calendar
from workbench.collect_commands import collect
from workbench.execution.stopping import STOPPED, is_stopping
from workbench.explore_commands import explore
from workbench.model.counted import counted
from workbench.model.errors import WorkbenchError, refused_by_system
from workbench.model.names import download_day, latest_day
from workbench.model.paths import Project, find_project
from workbench.new_commands import new
from workbench.query_commands import queries, query
from workbench.review_commands import review

if TYPE_CHECKING:
    from tqdm import tqdm

    from workbench.collecting.overview import Held
    from workbench.data.snapshots import Snapshot
    from workbench.declarations.editions import Edition
    from workbench.model.types import Run, Sealed

# What only one command needs is imported in it: to tell what there is must not take longer than to read it.


class _Commands(click.Group):
    """Prints errors of the workbench without a traceback and exits with 1; reports when it was stopped."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) or is_stopping():
                click.echo(f"stopping: {_said(error) or 'the same command starts again'}", err=True)
                sys.exit(STOPPED)
            shown = refused_by_system(error) if isinstance(error, OSError) else error
            if not isinstance(shown, WorkbenchError):
                raise
            click.echo(f"error: {shown}", err=True)
            sys.exit(1)


def _said(error: BaseException) -> str:
    return str(error) if isinstance(error, KeyboardInterrupt) else ""


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="workbench")
def main() -> None:
    """Research workbench for migration and asylum studies."""


main.add_command(activities)
main.add_command(calendar)
main.add_command(collect)
main.add_command(review)
for _command in (explore, new, query, queries):
    main.add_command(_command)


def _of_a_run(command: Callable) -> Callable:
    """The argument and the options that say which run, and in which language."""
    options = (
        click.argument("study"),
        click.option("--country", help="Eurostat code of the reporting country."),
        click.option("--year", type=int, help="Reference year."),
        click.option("--language", help="Language of the study."),
        click.option(
            "-p", "--parameter", "others", multiple=True, metavar="NAME=VALUE", help="A parameter of the study's own."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_of_a_run
@click.pass_context
def run(
    context: click.Context,
    study: str,
    country: str | None,
    year: int | None,
    language: str | None,
    others: tuple[str, ...],
) -> None:
    """Execute one study for one country and year, and render it in one language."""
    project, given = find_project(), _given(country, year, language)
    _refuse_before_loading(project, study, given, others)
    from workbench.execution.kernels.forked_kernel import close_fork_servers, warm_up
    from workbench.execution.preload import gc_paused, imported_by
    from workbench.execution.processes import need_open_files

    need_open_files()
    context.call_on_close(close_fork_servers)
    # While the fork server imports its libraries on one core, the rest is imported on another.
    warm_up(imported_by(project.notebook(study)))
    with gc_paused():
        from workbench.editions.single_run import render_alone

    rendered, worded_in = render_alone(
        project,
        study,
        given,
        others,
        warn=lambda reason: click.echo(f"warning: {reason}", err=True),
    )
    for path in (rendered.html(worded_in), rendered.notebook, rendered.results):
        click.echo(_shown(project, path))


@main.command()
@_of_a_run
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen on this machine; a free port by default.")
def preview(
    study: str,
    country: str | None,
    year: int | None,
    language: str | None,
    others: tuple[str, ...],
    port: int | None,
) -> None:
    """Show the page of one study in a browser, and renew it there each time that the notebook is saved."""
    project, given = find_project(), _given(country, year, language)
    _refuse_before_loading(project, study, given, others)
    from workbench.execution.processes import need_open_files
    from workbench.preview.serve import preview as serve_preview

    need_open_files()
    serve_preview(project, study, given, others, port or 0, click.echo)


@main.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option("--mend", is_flag=True, help="First take outputs out, and name cells that have no name.")
def check(notebooks: tuple[str, ...], mend: bool) -> None:
    """Say what keeps notebooks from being studies, before any cell runs.

    NOTEBOOK is a file or the name of a study or query; without any, all of notebooks/. Ends with 1 if something is wrong.
    """
    from workbench.checking.check import check_notebook, notebooks_named
    from workbench.checking.mending import mend as mend_notebook

    project, many = find_project(), 0
    for path in notebooks_named(project, notebooks):
        if mend and mend_notebook(path):
            click.echo(f"mended {path.name}")
        for remark in check_notebook(project, path):
            many += 1
            click.echo(f"{path.name}, {remark}")
    if many:
        sys.exit(1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF JUPYTERLAB]...")
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab on the notebooks, with the workbench's kernel; notebooks are saved without outputs."""
    from workbench.lab.server import open_lab

    open_lab(find_project(), options)


def _given(country: str | None, year: int | None, language: str | None) -> dict[str, Any]:
    given = {"country": country, "year": year, "language": language}
    return {name: value for name, value in given.items() if value is not None}


def _refuse_before_loading(project: Project, study: str, given: dict[str, Any], others: tuple[str, ...]) -> None:
    """Refuse a study or a parameter that is not there before what runs studies is loaded, which takes seconds."""
    from workbench.resolving.parameters import checked, together

    checked(project, study, together(project, study, given, others))


class _Shard(click.ParamType):
    name = "i/n"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        try:
            number, of = map(int, value.split("/"))
        except ValueError:
            number, of = 0, 0
        if not 1 <= number <= of:
            self.fail(f"expected i/n with 1 ≤ i ≤ n, such as 2/8; found {value!r}", param, ctx)
        return number, of


@main.command()
@click.argument("name", metavar="EDITION")
@click.option("--country", "countries", multiple=True, help="Instead of the countries of the edition; may be repeated.")
@click.option(
    "--language", "languages", multiple=True, help="Instead of the languages of the edition; may be repeated."
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes on this machine; one for each core by default.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on a dask.distributed cluster instead: tcp://host:8786.")
@click.option(
    "--shard", type=_Shard(), help="Make only the i-th of n parts; once all are made, run without it to seal."
)
@click.option("--draft", is_flag=True, help="Seal it as a draft, whatever reviewers still want changed.")
@click.option("--dry-run", is_flag=True, help="Say what would run, and why; run nothing.")
def edition(
    name: str,
    countries: tuple[str, ...],
    languages: tuple[str, ...],
    workers: int | None,
    scheduler: str | None,
    shard: tuple[int, int] | None,
    draft: bool,
    dry_run: bool,
) -> None:
    """Render what is not up to date in an edition, and seal its archive.

    EDITION is a year, or latest: each study of the newest year that it has data for.
    """
    from msgspec import structs

    from workbench.declarations.editions import read_edition
    from workbench.editions import plan
    from workbench.editions.newest_years import left_out

    project = find_project()
    declared = read_edition(project, name)
    instead = {"countries": countries or declared.countries, "languages": languages or declared.languages}
    wanted = structs.replace(declared, **instead)
    if dry_run:
        planned = plan.plan(project, wanted, plan.resolve_here)
        for line in (*plan.described(plan.shard(planned, *shard) if shard else planned), *left_out(project, wanted)):
            click.echo(line)
        return
    from workbench.editions.make import RunOptions, make_edition
    from workbench.editions.missing_data import described_gaps

    outcome = make_edition(project, wanted, RunOptions(workers, scheduler, shard, progress=True, is_draft=draft))
    for made in outcome.rendered:
        for language in wanted.languages:
            click.echo(_shown(project, made.html(language)))
    if gaps := list(described_gaps(project, outcome.rendered)):
        click.echo("gaps in the snapshots:")
        for gap in gaps:
            click.echo(f"  {gap}")
    rerendered = outcome.made - outcome.executed
    click.echo(
        f"{outcome.executed} executed now, {rerendered} rendered from their records, "
        f"{len(outcome.rendered) - outcome.made} up to date"
    )
    if outcome.sealed:
        _show_sealed(project, wanted, outcome.sealed, draft)
    click.echo(_shown(project, project.outputs / "index.html"))
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    for failure in outcome.failures:
        click.echo(f"error: {failure}", err=True)
    if outcome.failures:
        click.echo(f"{len(outcome.failures)} failed; the edition was not sealed", err=True)
        sys.exit(1)


def _show_sealed(project: Project, edition: "Edition", sealed: "Sealed", is_draft: bool) -> None:
    state = "sealed" if sealed.is_new else "unchanged, sealed before as"
    click.echo(f"{state} {_shown(project, sealed.path)}")
    if not sealed.replaces:
        return
    click.echo(f"it replaces {sealed.replaces.name}: {sealed.replaces.reason}; files: {sealed.replaces.changed}")
    if not (sealed.replaces.is_told or is_draft):
        from workbench.declarations.editions import edition_file

        declared = _shown(project, edition_file(project, edition.name))
        click.echo(
            f"warning: readers are not told why there is another: {declared} declares no correction that "
            f"{sealed.replaces.name} had not",
            err=True,
        )


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--dataset", help="The provider's code, such as migr_asyappctza; not needed where the file says it.")
@click.option("--vintage", required=True, metavar="DAY", help="Day of the download, such as 2026-09-15.")
@click.option("--time", help="The period of a file that does not name it, such as the yearly files of visa statistics.")
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML with the codes of labels in this file, by dimension; params/labels/ holds those for every file.",
)
@click.option(
    "--labels-template",
    "template",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the labels that are not known, as a file for --labels with the codes to fill in.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be stored; store nothing.")
@click.option("--accept-doubts", is_flag=True, help="Store the file although it is hardly what it is taken for.")
def import_(
    file: Path,
    dataset: str | None,
    vintage: str,
    time: str | None,
    labels: Path | None,
    template: Path | None,
    dry_run: bool,
    accept_doubts: bool,
) -> None:
    """Add a file of official statistics as a snapshot.

    FILE is of one of these forms, which its content decides, or - for standard input:

    \b
    SDMX-CSV 1 and 2, with codes, labels or both
    Eurostat TSV, as it is and as it was before 2023
    JSON-stat 2
    SDMX-ML 2.1 and 3.0, generic and structure-specific
    Parquet with the columns of SDMX-CSV
    a workbook of Eurostat's Data Browser
    CSV or a workbook of Eurostat's old Data Explorer
    any table or workbook with a layout in params/datasets/

    Each may be plain, in gzip, or alone in a zip archive.
    """
    from workbench.collecting.files import import_file
    from workbench.collecting.trial import try_import

    project = find_project()
    day = download_day(vintage, latest_day(datetime.datetime.now(datetime.UTC)))
    with _given_file(file) as path, _bar(path.name) as bar:
        said = (project, path, dataset, day, time, labels)
        how: dict[str, Any] = {"template": template, "accept_doubts": accept_doubts}
        how |= {"progress": _shown_by(bar), "stored": _rows_shown_by(bar)}
        warnings: list[str] = []
        if dry_run:
            trial = try_import(*said, **how)
        else:
            snapshot, is_new = import_file(*said, **how, warn=warnings.append)
    if dry_run:
        click.echo("\n".join(trial.lines))
        sys.exit(1 if trial.is_refused else 0)
    click.echo(_described(snapshot, is_new))
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)


def _given_file(file: Path) -> AbstractContextManager[Path]:
    """The file that is named, or standard input as a file."""
    from workbench.data.formats.containers import received

    return received(sys.stdin.buffer) if str(file) == "-" else nullcontext(file)


@main.command()
@click.argument("datasets", nargs=-1, required=True, metavar="DATASET...")
@click.option("--since", help="First period, such as 2015 or 2022-03; all periods by default.")
@click.option(
    "--filter", "filters", multiple=True, metavar="DIMENSION=CODES", help="Only these codes, such as citizen=UA,SY."
)
@click.option(
    "--code-lists",
    "only_lists",
    is_flag=True,
    help="Only the provider's code lists, by which import then reads labels, also offline.",
)
def fetch(datasets: tuple[str, ...], since: str | None, filters: tuple[str, ...], only_lists: bool) -> None:
    """Fetch datasets from their providers, whole or in part, as dated snapshots."""
    from workbench.collecting.fetch import parse_filter

    project = find_project()
    wanted = dict(map(parse_filter, filters))
    failures = 0
    for dataset in datasets:
        try:
            if only_lists:
                _fetch_code_lists(project, dataset)
            else:
                _fetch_data(project, dataset, since, wanted)
        except WorkbenchError as error:
            failures += 1
            click.echo(f"error: {dataset}: {error}", err=True)
    if failures:
        sys.exit(1)


def _fetch_code_lists(project: Project, dataset: str) -> None:
    from workbench.collecting.code_lists import fetch_code_lists

    kept, many = fetch_code_lists(project, dataset)
    click.echo(f"{_shown(project, kept)}: {counted(many, 'code')} with their labels")


def _fetch_data(project: Project, dataset: str, since: str | None, wanted: dict[str, list[str]]) -> None:
    from workbench.collecting.fetch import fetch_dataset

    with _bar(dataset) as bar:
        fetched = fetch_dataset(
            project,
            dataset,
            day=_today(),
            since=since,
            filters=wanted,
            progress=_shown_by(bar),
            stored=_rows_shown_by(bar),
        )
    click.echo(_described(fetched.snapshot, fetched.is_new))
    if fetched.is_new and fetched.before:
        older, newer = fetched.before.id.vintage, fetched.snapshot.id.vintage
        click.echo(f"  what changed: workbench revisions {dataset} --from {older} --to {newer}")


@main.command("datasets")
@click.option("--offline", is_flag=True, help="Do not ask the providers.")
def datasets_(offline: bool) -> None:
    """List datasets with snapshots, how old these are, and what is newer at the provider."""
    from workbench.collecting.overview import overview

    held, failures = overview(find_project(), ask=not offline)
    for dataset in held:
        click.echo(_line_of(dataset))
    for failure in failures:
        click.echo(f"error: {failure}", err=True)
    if failures:
        sys.exit(1)


@main.command()
@click.argument("dataset")
@click.option("--from", "older", required=True, metavar="VINTAGE")
@click.option("--to", "newer", required=True, metavar="VINTAGE")
@click.option("--country", default="LT", show_default=True, help="The country shown in the figure.")
@click.option("--language", default="en", show_default=True)
def revisions(dataset: str, older: str, newer: str, country: str, language: str) -> None:
    """Compare two vintages: a summary of revisions, all changes as CSV, and a figure for one country."""
    from workbench.revisions.report import write_revisions

    project = find_project()
    report = write_revisions(project, dataset, older, newer, country, language)
    click.echo(report.summary)
    for path in (report.changes, report.figure):
        click.echo(_shown(project, path))


def _regular(context: click.Context, parameter: click.Parameter, given: Any) -> Any:
    """What is given, if it is a file or files to read."""
    for path in given if isinstance(given, tuple) else filter(None, (given,)):
        if not path.is_file():
            raise click.BadParameter(f"{str(path)!r} is not a file.", context, parameter)
    return given


def _usable(read: Callable[[Path], Any], key: Path) -> Any:
    """The key in a file; a file without one is a mistake in the command."""
    try:
        return read(key)
    except WorkbenchError as error:
        raise click.UsageError(str(error)) from None


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@main.command()
@click.argument("archives", nargs=-1, required=True, type=_FILE, callback=_regular, metavar="ARCHIVE...")
@click.option("--key", type=_FILE, callback=_regular, help="Demand a signature by this public Ed25519 key, as PEM.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, for programs.")
def verify(archives: tuple[Path, ...], key: Path | None, as_json: bool) -> None:
    """Check that archives are as they were sealed, and that what they hold agrees with itself.

    It ends with 0 if all are intact; with 1 if one is damaged, or its signature refused; with 2 if a file is not there.
    """
    from workbench.archiving.signing import public_key
    from workbench.editions.verification import refusal_as_json, verify_all

    demanded = _usable(public_key, key) if key else None
    told: list[dict[str, Any]] = []
    for archive in archives:
        try:
            verification = verify_all(archive, demanded)
        except WorkbenchError as error:
            told.append(refusal_as_json(archive, error))
            click.echo(f"error: {error}", err=True)
        else:
            told.append(verification.as_json())
            if not as_json:
                click.echo("\n".join(verification.lines))
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    if not all(report["accepted"] for report in told):
        sys.exit(1)


@main.command()
@click.argument("archives", nargs=-1, type=_FILE, callback=_regular, metavar="[ARCHIVE]...")
@click.option(
    "--sign",
    "key",
    required=True,
    type=_FILE,
    callback=_regular,
    metavar="KEY",
    help="Sign with this private Ed25519 key, as PEM: openssl genpkey -algorithm ed25519 -out KEY",
)
def archive(archives: tuple[Path, ...], key: Path) -> None:
    """Sign sealed archives; each is verified first, and stays as it is: its signature is a file beside it.

    Without ARCHIVE, all in outputs/archive that have no signature yet.
    """
    from workbench.archiving.signing import private_key, sign, signature_file
    from workbench.editions.verification import verify_all

    private = _usable(private_key, key)
    unsigned = archives or [
        path for path in sorted(find_project().archives.glob("*.zip")) if not signature_file(path).exists()
    ]
    for path in unsigned:
        verify_all(path)
        signature, is_new = sign(path, private)
        click.echo(f"{path.name} {'is signed now' if is_new else 'was signed before'}: {signature}")
    if not unsigned:
        click.echo("no archive is without a signature")


@main.command()
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--study", "studies", multiple=True, help="Only this study; may be repeated.")
@click.option("--country", "countries", multiple=True, help="Only this country; may be repeated.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes on this machine; one for each core by default.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of it as JSON.")
def reproduce(
    archive: Path, studies: tuple[str, ...], countries: tuple[str, ...], workers: int | None, as_json: bool
) -> None:
    """Make the studies of an archive again from what it holds and nothing else, and compare them byte by byte.

    Ends with 0 if all are the same; or, where packages have other versions, if all numbers are.
    """
    from tqdm import tqdm

    from workbench.reproducing import report
    from workbench.reproducing.reproduce import reproduce as reproduce_archive

    with tqdm(desc="runs", unit="run", file=sys.stderr) as bar:

        def progress(_: "Run", of: int) -> None:
            bar.total = of
            bar.update()

        made = reproduce_archive(archive, studies, countries, workers, progress)
    click.echo(report.as_json(made) if as_json else "\n".join(report.lines(made)))
    if not made.is_reproduced:
        sys.exit(1)


@main.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--study", "studies", multiple=True, help="Only this study; may be repeated.")
@click.option("--country", "countries", multiple=True, help="Only this country; may be repeated.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes on this machine; one for each core by default.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="The folder of the report.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON, for programs.")
def compare(
    before: str,
    after: str,
    studies: tuple[str, ...],
    countries: tuple[str, ...],
    workers: int | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Say what differs between two editions, and how much of it is data, method and new period.

    A and B are archives, editions (the newest archive of one or, if it has none, what is in outputs/), or . for the working
    tree. The report is a folder: outputs/comparisons/A--B by default.

    Ends with 0 if all numbers, texts and figures are the same; with 1 if any differs; with 2 if a side is refused.
    """
    from tqdm import tqdm

    from workbench.comparing.comparison import compare as compare_sides
    from workbench.comparing.report import refuse_other, write_report

    try:
        project = find_project()
        if output:
            refuse_other(output)
        with tqdm(desc="crossed runs", unit="run", file=sys.stderr, leave=False, delay=0.1) as bar:

            def progress(of: int) -> None:
                bar.total = of
                bar.update()

            report = compare_sides(
                project,
                (before, after),
                lambda found: write_report(project, found, output),
                studies=studies,
                countries=countries,
                workers=workers,
                progress=progress,
            )
    except (WorkbenchError, OSError) as error:
        _refuse(error, as_json)
    click.echo(json.dumps(report.as_json, indent=1, ensure_ascii=False) if as_json else "\n".join(report.lines))
    if not report.is_same:
        sys.exit(1)


def _refuse(error: WorkbenchError | OSError, as_json: bool) -> NoReturn:
    """Say why there is no comparison, and end with 2: 1 says that there is a difference."""
    from workbench.editions.verification import error_as_json

    refusal = refused_by_system(error) if isinstance(error, OSError) else error
    if refusal is None:
        raise error
    click.echo(f"error: {refusal}", err=True)
    if as_json:
        click.echo(json.dumps({"accepted": False, "error": error_as_json(refusal)}, indent=1, ensure_ascii=False))
    sys.exit(2)


@main.command("messages")
@click.option("--check", is_flag=True, help="Change nothing; fail if a message is untranslated or obsolete.")
def messages_(check: bool) -> None:
    """Update the catalogues with all texts of the studies."""
    from workbench.presentation import messages

    project = find_project()
    reports = messages.check(project) if check else messages.update(project)
    for report in reports:
        click.echo(report)
    if check and reports:
        sys.exit(1)


def _described(snapshot: "Snapshot", is_new: bool) -> str:
    state = "added" if is_new else "exists already, with the same content"
    return f"{snapshot.id} {state}: {_rows_of(snapshot)}, {' to '.join(snapshot.card.ends)}"


def _rows_of(snapshot: "Snapshot") -> str:
    return counted(int(snapshot.card.coverage["rows"]), "observation")


def _bar(what: str) -> "tqdm":
    """A progress bar of bytes, with the number of rows beside it."""
    from tqdm import tqdm

    return tqdm(desc=what, unit="B", unit_scale=True, file=sys.stderr)


def _rows_shown_by(bar: "tqdm") -> Callable[[int], None]:
    return lambda rows: bar.set_postfix_str(counted(rows, "row"))


def _shown_by(bar: "tqdm") -> Callable[[int, int | None], None]:
    def progress(done: int, total: int | None) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return progress


def _line_of(held: "Held") -> str:
    vintages = ", ".join(snapshot.id.vintage for snapshot in held.snapshots) or "no snapshot"
    line = f"{held.dataset:28} {vintages}"
    if held.newest:
        line += f"; {' to '.join(held.newest.card.ends)}, {_rows_of(held.newest)}, {_age(held.newest)}"
    if held.at_provider and held.at_provider.last_update:
        state = "newer at the provider" if held.is_outdated or not held.newest else "up to date"
        line += f"; {state}: {held.at_provider.last_update}"
    return line


def _age(snapshot: "Snapshot") -> str:
    days = (_today() - datetime.date.fromisoformat(snapshot.id.vintage[:10])).days
    return f"{counted(days, 'day')} old"


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def _shown(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()
