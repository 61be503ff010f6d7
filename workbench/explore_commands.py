"""The command that answers a question without a notebook: parses arguments and prints results."""

import shutil
from pathlib import Path

import click

from workbench.model.paths import find_project, write_whole


@click.command()
@click.argument("what", metavar="INDICATOR|DATASET")
@click.argument("selection", nargs=-1, metavar="[DIMENSION=CODES]...")
@click.option("--language", default="en", show_default=True)
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with table and chart.")
@click.option(
    "--csv", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), help="Write all numbers; - prints them."
)
@click.option("--cell", is_flag=True, help="Print the cell of a notebook that makes it.")
def explore(
    what: str, selection: tuple[str, ...], language: str, html: Path | None, csv: Path | None, cell: bool
) -> None:
    """Answer a question: a table and a chart of an indicator or a dataset, with all that must be known of its numbers.

    A selection names a dimension and its codes, or their labels, a comma between them; periods may be a range:

    \b
    workbench explore first_time_applicants_per_million citizen=Belarus geo=baltic time=2015-2024
    workbench explore migr_resfirst reason=EMP citizen=UA,BY geo=LT time=2019-2023
    workbench explore asylum_applicants citizen='*' time=2022

    Without geo= it is of the home country, without time= of the last ten years; * is every single code. baltic, neighbours,
    members and the groups of params/countries.yaml are places. vintage= and dataset= say what is read; of several vintages
    each is a series of its own.
    """
    from workbench.execution.preload import gc_paused

    with gc_paused():
        from workbench.exploring.answer import answer
        from workbench.exploring.missing import missing_of
        from workbench.exploring.question import read_question
        from workbench.exploring.shape import Shape
        from workbench.model.results_csv import results_csv
        from workbench.presentation.wording import Wording

    project = find_project()
    question = read_question(project, what, selection)
    wording = Wording(language, question.held.indicators)
    answered = answer(question)
    shape = Shape(answered)
    if csv:
        text = results_csv(answered.results, shape.is_made_up)
        click.echo(text, nl=False) if str(csv) == "-" else write_whole(csv, text)
    if cell:
        from workbench.exploring.cell import cell_of

        click.echo(cell_of(answered))
    if html:
        from workbench.exploring.page import page_html

        write_whole(html, page_html(shape, missing_of(project, answered), wording))
    for path in (csv, html):
        if path and str(path) != "-":
            click.echo(path)
    if not (csv or cell or html):
        from workbench.exploring.terminal import told

        width = shutil.get_terminal_size((100, 24)).columns
        click.echo(told(shape, missing_of(project, answered), wording, width))
