"""An executed notebook becomes two HTML pages in a language: the study, and its method and data beside it."""

import base64
import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from workbench.declarations.studies import BRIEF
from workbench.execution.browser import browser
from workbench.execution.recorded import Recorded
from workbench.model.record import About, Record
from workbench.page.exporter import TEMPLATES, exporter
from workbench.page.numbers import compact
from workbench.page.schema_org import schema_org
from workbench.page.sections import (
    Section,
    cells_of,
    headings,
    method_sections,
    places_of_method,
    side_by_side,
    study_sections,
    with_one_figure,
)
from workbench.page.shown_notebook import BlocksHtml, shown
from workbench.page.status import shown_status
from workbench.presentation.blocks import Missing, address_of_study, gaps_html
from workbench.presentation.citation import bibtex, citation
from workbench.presentation.downloads import file_link
from workbench.presentation.figure import words_of_figures
from workbench.presentation.notes import notes_that_matter, source_line
from workbench.presentation.share_picture import first_said
from workbench.presentation.wording import Wording, index_name, other_languages

ICON = (
    "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E%3Cpath%20fill='%230a5a8c'%20"
    "d='M2%209h3v5H2zm4.5-4h3v9h-3zM11%202h3v12h-3z'/%3E%3C/svg%3E"
)
"""The icon of all pages: without one, browsers ask the server for it."""

_NAMED_GAPS = 6


@dataclass(frozen=True)
class Published:
    """Where the pages of a run are published, as they say to whoever shares them.

    Attributes
    ----------
    site : str
        The title of the site; a message.
    folder : str
        The address of the folder that they are in; ends with ``/``.
    is_public : bool
        Whether they are published at all: what is restricted names no address, and asks search engines to leave it out.
    """

    site: str
    folder: str
    is_public: bool = True


@dataclass(frozen=True)
class StudyHtml:
    """The pages of a study in a language: each a whole HTML document, which loads nothing.

    Attributes
    ----------
    page : str
        What it found.
    method : str
        Definitions, comparability, sources, provenance, what is missing, and the code.
    """

    page: str
    method: str


def study_html(
    recorded: Recorded,
    blocks: BlocksHtml,
    study: About,
    wording: Wording,
    sizes: dict[str, int],
    status: str,
    published: Published,
) -> StudyHtml:
    """Convert an executed notebook to its pages in a language.

    Parameters
    ----------
    recorded : Recorded
        What a run left behind, with its text as it is written.
    blocks : mapping
        The HTML of its blocks in that language; see `workbench.page.shown_notebook.blocks_html`.
    study : About
        What it says of itself.
    wording : Wording
        The language.
    sizes : dict
        The files beside the page, by the ends of their names, and how many bytes each has.
    status : str
        ``draft``, or ``sealed`` for a study that is archived with its inputs.
    published : Published
        Where they are published.

    Returns
    -------
    StudyHtml
        Style, script, drawings and data are inside. Its numbers are still to be checked.
    """
    own, of_method = set(blocks.values()), places_of_method(recorded)
    notebook = shown(recorded.notebook, blocks, wording)
    common = _common(study, wording, status, published) | {
        "is_own": lambda output: output.get("data", {}).get("text/html") in own,
        "downloads": [file_link(wording, f"{study.study}.{end}", size) for end, size in sizes.items()],
    }
    gaps = list({gap.what: gap for block in recorded.blocks for gap in block.gaps(wording)}.values())
    found = study_sections(notebook.cells, of_method)
    page = _converted(
        BRIEF if recorded.record.page == BRIEF else "index",
        NotebookNode(notebook, cells=cells_of(found)),
        common | _of_page(recorded.record, study, wording, found, gaps),
    )
    made = method_sections(notebook.cells, of_method)
    method = _converted(
        "method",
        NotebookNode(notebook, cells=cells_of(made)),
        common | _of_method(notebook, study, wording, made, gaps),
    )
    address = address_of_method(study.study, study.language)
    return StudyHtml(compact(page, recorded.record.results, wording, address), method)


def address_of_method(study: str, language: str) -> str:
    """Where the page on the method and data of a study is, seen from its page."""
    return f"{study}.method.{language}.html"


def address_of_picture(study: str, language: str) -> str:
    """Where the picture that a link to the page of a study shows is, likewise."""
    return f"{study}.{language}.png"


def shared_style() -> str:
    """The stylesheet that studies, the pages of the site and the home page of an archive share."""
    return _template("base.css")


def figure_style() -> str:
    """The stylesheet of figures; see `workbench.presentation.figure`."""
    return _template("figure.css")


def figure_script() -> str:
    """The script of figures and tables; its words are those of `workbench.presentation.figure.words_of_figures`."""
    return _template("figure.js")


def study_script() -> str:
    """The script of studies, and of other pages whose numbers show their source when they are clicked."""
    return _template("study/study.js")


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def content_hash(text: str) -> str:
    """The hash by which a content security policy allows an inline style or script, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _common(study: About, wording: Wording, status: str, published: Published) -> dict[str, Any]:
    """What both pages say."""
    script = study_script() + figure_script()
    return {
        "study": study,
        "status": shown_status(wording.text, status),
        "text": wording.text,
        "released": study.edition and wording.date(datetime.date.fromisoformat(study.edition.released)),
        "corrections": [
            (correction.date, wording.date(datetime.date.fromisoformat(correction.date)), correction.text)
            for correction in (study.edition.corrections if study.edition else ())
        ],
        "home": f"../../{index_name(study.language)}",
        "site": wording.text(published.site),
        "folder": published.folder,
        "is_public": published.is_public,
        "picture": address_of_picture(study.study, study.language),
        "said": first_said(study),
        "citation": citation(study),
        "icon": ICON,
        "script": script,
        "script_hash": content_hash(script),
        "words_of_figures": words_of_figures(wording),
        "metadata": {"name": study.study},
    }


def _of_page(
    record: Record, study: About, wording: Wording, sections: Sequence[Section], gaps: Sequence[Missing]
) -> dict[str, Any]:
    """What the page of a study or brief says beside its sections."""
    is_brief = record.page == BRIEF
    return {
        **_style("study/study.css", *(["study/brief.css"] if is_brief else [])),
        **_in_each_language(study, address_of_study),
        "headings": headings(sections),
        "side_by_side": side_by_side(sections),
        "with_one_figure": with_one_figure(sections),
        "method": address_of_method(study.study, study.language),
        "printed": f"{study.study}.{study.language}.pdf" if is_brief and browser() else None,
        "linked_data": schema_org(study, record.results, wording),
        "notes": notes_that_matter(wording, record),
        "not_in": _named(gaps),
        "source_line": source_line(wording, study.sources),
    }


def _of_method(
    notebook: NotebookNode, study: About, wording: Wording, sections: Sequence[Section], gaps: Sequence[Missing]
) -> dict[str, Any]:
    """What the page on method and data says beside its sections."""
    missing = [("not-in-this-edition", wording.text("Not in this edition"))] if gaps else []
    return {
        **_style("study/study.css"),
        **_in_each_language(study, address_of_method),
        "headings": [*headings(sections), *missing, ("code", wording.text("Code"))],
        "page": address_of_study(study.study, study.language),
        "vintages": [f"{source.dataset} {source.vintage}" for source in study.sources],
        "bibtex": bibtex(study),
        "gaps": gaps_html(gaps),
        "code": [cell for cell in notebook.cells if cell.cell_type == "code"],
    }


def _style(*files: str) -> dict[str, str]:
    style = shared_style() + figure_style() + "".join(map(_template, files))
    return {"style": style, "style_hash": content_hash(style)}


def _in_each_language(study: About, address: Callable[[str, str], str]) -> dict[str, Any]:
    languages = study.edition.languages if study.edition else ()
    return {
        "own": address(study.study, study.language),
        "other_languages": other_languages(study.language, languages, lambda other: address(study.study, other)),
    }


def _converted(template: str, notebook: NotebookNode, resources: dict[str, Any]) -> str:
    page, _ = exporter(template).from_notebook_node(notebook, resources)
    return page


def _named(gaps: Sequence[Missing]) -> str:
    """What is missing, in one line; of many, the first."""
    named = [gap.what for gap in gaps]
    return "; ".join([*named[:_NAMED_GAPS], *(["…"] if len(named) > _NAMED_GAPS else [])])
