"""A page in a language, and its spreadsheet, from what a run recorded: no cell runs, and no data is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.declarations.editions import edition_file, read_edition
from workbench.declarations.site import read_site_declaration
from workbench.execution.recorded import Recorded
from workbench.model.errors import FailedRun
from workbench.model.names import LATEST, is_restricted
from workbench.model.paths import Project
from workbench.model.record import About, CorrectionNote, EditionNote
from workbench.model.results_csv import results_csv
from workbench.model.types import Run, message
from workbench.page.html import Published, StudyHtml, study_html
from workbench.page.number_check import check_numbers
from workbench.page.printing import printed
from workbench.page.shown_notebook import BlocksHtml, blocks_html
from workbench.page.status import DRAFT
from workbench.page.untranslated import untranslated_texts
from workbench.presentation.about import about
from workbench.presentation.share_picture import png, study_picture
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
    html : StudyHtml
        The page, and that on its method and data, as drafts.
    workbook : bytes
        Its spreadsheet.
    picture : bytes
        What a link to it shows where it is shared, as PNG.
    pdf : bytes or None
        Its two sheets, if it is printed.
    blocks : mapping
        The HTML of its blocks.
    untranslated : FailedRun or None
        Why no edition publishes it, if some of its texts are not translated.
    """

    study: About
    html: StudyHtml
    workbook: bytes
    picture: bytes
    pdf: bytes | None
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
    is_printed: bool = False,
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
    is_printed : bool
        Whether it is a brief, and there is a browser that prints it.

    Raises
    ------
    UnboundNumber
        If it shows a number that no result backs.
    FailedRun
        If a block cannot be shown, or the page cannot be printed.
    """
    study = about(recorded.record, edition, wording)
    blocks = blocks_html(recorded, wording, known.blocks)
    published = published_in(project, run)
    html, workbook = laid_out(recorded, blocks, study, wording, published, known.workbook)
    check_numbers(html.page, html.method, study, recorded.record.results)
    pdf = printed(html.page, f"{run} {wording.language}") if is_printed else None
    return Page(
        study,
        html,
        workbook,
        png(study_picture(study, wording.text(published.site))),
        pdf,
        blocks,
        untranslated_texts(project, run, wording.language, wording.untranslated),
    )


def laid_out(
    recorded: Recorded,
    blocks: BlocksHtml,
    study: About,
    wording: Wording,
    published: Published,
    known_workbook: bytes | None = None,
) -> tuple[StudyHtml, bytes]:
    """Its pages as drafts, whose numbers are not checked, and its spreadsheet, of blocks that are drawn already."""
    record = recorded.record
    workbook = known_workbook or study_spreadsheet(wording, study, record, recorded.exhibits)
    sizes = {
        "results.csv": len(results_csv(record.results, study.is_made_up).encode()),
        f"{study.language}.xlsx": len(workbook),
    }
    return study_html(recorded, blocks, study, wording, sizes, DRAFT, published), workbook


def published_in(project: Project, run: Run) -> Published:
    """Where the pages of a run are published."""
    site = read_site_declaration(project)
    return Published(site.title, site.url(f"{run.edition}/{run.country}/"), not is_restricted(run.edition))


def edition_note(project: Project, run: Run, language: str) -> EditionNote | None:
    """What pages in a language say of a run's edition, which `about` translates; None where it is not declared."""
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
        corrections=tuple(
            CorrectionNote(str(correction.date), correction.told_in(language))
            for correction in edition.corrections
            if correction.bears_on(run.study)
        ),
    )
