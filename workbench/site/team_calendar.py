"""The calendar for the team: a page in the layout of the site, outside of what is published, which tells of restricted queries too."""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

from workbench.deadlines.calendar import Due, Kind, calendar
from workbench.declarations.indicators import read_indicators
from workbench.declarations.queries import read_query
from workbench.declarations.site import read_site_declaration
from workbench.model.paths import Project, write_whole
from workbench.presentation.wording import SOURCE_LANGUAGE, Wording, language_name, languages
from workbench.site.addresses import address
from workbench.site.build import write_site
from workbench.site.calendar_page import STEM, CalendarPage, studies_of
from workbench.site.kept_drawings import KeptDrawings
from workbench.site.page_layout import Outside, PageLayout


def write_team_calendar(project: Project, day: datetime.date) -> list[Path]:
    """Write the page in each language, each with its file for calendar programs, into the folder of what is restricted.

    Parameters
    ----------
    day : date
        As of when.

    Returns
    -------
    list of Path
        The pages.
    """
    if not (project.outputs / "index.html").is_file():
        write_site(project)  # the page leads there
    page = CalendarPage.of(
        project, day, calendar(project, day), lambda due, wording: list(_onward(project, due, wording))
    )
    written = []
    for language in languages():
        layout = _layout(project, language)
        written.append(write_whole(project.restricted / address(STEM, language), page.html(layout)))
        for name, content in layout.files.items():
            write_whole(project.restricted / name, content)
    return written


def _layout(project: Project, language: str) -> PageLayout:
    """The layout of the site's pages; what it leads to is what is there."""
    to_site = Outside(_from_page(project, project.outputs) + "/", _language_of_site(project, language))
    with_page = (project.outputs / "datasets").glob(f"*.{to_site.language}.html")
    return PageLayout(
        Wording(language, read_indicators(project)),
        tuple(languages()),
        read_site_declaration(project),
        KeptDrawings(project),
        {},
        {},
        tuple(sorted(path.name.partition(".")[0] for path in with_page)),
        (project.outputs / address("glossary", to_site.language)).is_file(),
        outside=to_site,
    )


def _language_of_site(project: Project, language: str) -> str:
    """A language, if the site has it; otherwise English, which it always has."""
    return language if (project.outputs / address("index", language)).is_file() else SOURCE_LANGUAGE


def _onward(project: Project, due: Due, wording: Wording) -> Iterator[tuple[str, str]]:
    """The form of a collection, the page of a query, the studies of an edition, as far as they are there."""
    match due.kind:
        case Kind.COLLECTION:
            collection, _, period = due.name.rpartition(" ")
            word = wording.text("Form")  # no text is extracted from within another
            for form in sorted((project.outputs / "collections" / period).glob(f"{collection}.*.xlsx")):
                language = form.suffixes[-2].removeprefix(".")
                yield f"{word} ({language_name(language)})", _from_page(project, form)
        case Kind.QUERY:
            query = read_query(project, due.name)
            folder = project.made_of(query.edition) / query.edition / query.country
            if (page := folder / f"{query.query}.{wording.language}.html").is_file():
                yield wording.text("Page"), _from_page(project, page)
        case Kind.EDITION if any((project.outputs / due.name).glob("*/*.ipynb")):
            listed = project.outputs / studies_of(due, _language_of_site(project, wording.language))
            yield wording.text("Studies"), _from_page(project, listed)


def _from_page(project: Project, path: Path) -> str:
    return Path(os.path.relpath(path, project.restricted)).as_posix()
