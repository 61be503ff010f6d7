"""A page in a language, and its spreadsheet, from what a run recorded: no cell runs, and no data is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.declarations.editions import edition_file, read_edition
from workbench.execution.recorded import Recorded
from workbench.model.errors import FailedRun
from workbench.model.names import LATEST
from workbench.model.paths import Project
from workbench.model.record import About, EditionNote
from workbench.model.results_csv import results_csv
from workbench.model.types import Run, message
from workbench.page.html import html_page
from workbench.page.number_check import check_numbers
from workbench.page.shown_notebook import BlocksHtml, blocks_html
from workbench.page.status import DRAFT
from workbench.page.untranslated import untranslated_texts
from workbench.presentation.about import about
from workbench.presentation.study_spreadsheet import study_spreadsheet
from workbench.presentation.wording import Wording

NEWEST_YEAR = message("the newest year with data")
"""What the titles of the studies of the edition ``latest`` say after their year."""


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
    blocks : mapping
        The HTML of its blocks.
    untranslated : FailedRun or None
        Why no edition publishes it, if some of its texts are not translated.
    """

    study: About
    html: str
    workbook: bytes
    blocks: BlocksHtml
    untranslated: FailedRun | None


@dataclass(frozen=True)
class Known:
    """What of a page need not be made: blocks as HTML by the digests of their descriptions, and the spreadsheet."""

    blocks: Mapping[str, str]
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
        Its edition.
    known : Known
        What it has in common with the page as it was made before.

    Raises
    ------
    UnboundNumber
        If it shows a number that no result backs.
    FailedRun
        If a block cannot be shown.
    """
    study = about(recorded.record, edition, wording)
    blocks = blocks_html(recorded, wording, known.blocks)
    html, workbook = laid_out(recorded, blocks, study, wording, known.workbook)
    check_numbers(html, study, recorded.record.results)
    return Page(study, html, workbook, blocks, untranslated_texts(project, run, wording.language, wording.untranslated))


def laid_out(
    recorded: Recorded, blocks: BlocksHtml, study: About, wording: Wording, known_workbook: bytes | None = None
) -> tuple[str, bytes]:
    """A page as a draft, whose numbers are not checked, and its spreadsheet, of blocks that are drawn already."""
    record = recorded.record
    workbook = known_workbook or study_spreadsheet(wording, study, record, recorded.exhibits)
    return html_page(recorded, blocks, study, wording, workbook, results_csv(record.results), DRAFT), workbook


def edition_note(project: Project, run: Run) -> EditionNote | None:
    """What pages say of a run's edition, without a language; None where it is not declared."""
    if not edition_file(project, run.edition).is_file():
        return None
    edition = read_edition(project, run.edition)
    return EditionNote(
        title=edition.title,
        publisher=edition.publisher,
        licence=edition.licence,
        released=str(edition.released),
        languages=tuple(edition.languages),
        remark=NEWEST_YEAR if run.edition == LATEST else "",
    )
