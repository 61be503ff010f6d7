"""A page in a language, and its spreadsheet, from what a run recorded: no cell runs, and no data is read."""

from dataclasses import dataclass

from workbench.declarations.editions import edition_file, read_edition
from workbench.execution.recorded import Recorded
from workbench.model.errors import FailedRun
from workbench.model.paths import Project
from workbench.model.record import About, EditionNote
from workbench.model.results_csv import results_csv
from workbench.model.types import Run
from workbench.page.html import html_page
from workbench.page.shown_notebook import BlocksHtml, blocks_html
from workbench.page.status import DRAFT
from workbench.page.untranslated import untranslated_texts
from workbench.presentation.about import about
from workbench.presentation.study_spreadsheet import study_spreadsheet
from workbench.presentation.wording import Wording


@dataclass(frozen=True)
class Page:
    """A study in one language.

    Attributes
    ----------
    study : About
        What it says of the study.
    html : str
        The page, as a draft.
    workbook : bytes
        Its spreadsheet.
    blocks : dict
        The HTML of its blocks, by the digests of their descriptions.
    untranslated : FailedRun or None
        Why no edition publishes it, if some of its texts are not translated.
    """

    study: About
    html: str
    workbook: bytes
    blocks: dict[str, str]
    untranslated: FailedRun | None


@dataclass(frozen=True)
class Known:
    """What of a page need not be made: blocks as HTML by the digests of their descriptions, and the spreadsheet."""

    blocks: BlocksHtml
    workbook: bytes | None


NOTHING_KNOWN = Known({}, None)


def page_of(
    project: Project,
    run: Run,
    recorded: Recorded,
    wording: Wording,
    edition: EditionNote | None,
    known: Known = NOTHING_KNOWN,
) -> Page:
    """Make a page.

    Parameters
    ----------
    project, run
        The run.
    recorded : Recorded
        What it left behind, with its text as it is written now.
    wording : Wording
        The language.
    edition : EditionNote or None
        The edition of its year.
    known : Known
        What it has in common with the page as it was made before.

    Raises
    ------
    UnboundNumber
        If it shows a number that no result backs.
    FailedRun
        If a block cannot be shown.
    """
    study, results = about(recorded.record, edition, wording), recorded.record.results
    blocks = blocks_html(recorded, wording, known.blocks)
    workbook = known.workbook or study_spreadsheet(wording, study, recorded.record, recorded.exhibits)
    html = html_page(recorded, blocks, study, wording, workbook, results_csv(results), DRAFT)
    return Page(study, html, workbook, blocks, untranslated_texts(project, run, wording.language, wording.untranslated))


def edition_note(project: Project, run: Run) -> EditionNote | None:
    """What pages say of the edition of a run's year, without a language; None where there is none."""
    if not edition_file(project, run.year).is_file():
        return None
    edition = read_edition(project, run.year)
    return EditionNote(
        title=edition.title,
        publisher=edition.publisher,
        licence=edition.licence,
        released=str(edition.released),
        languages=tuple(edition.languages),
    )
