"""nbconvert: an executed notebook becomes a self-contained HTML page."""

import base64
import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from workbench.execution.recorded import Recorded
from workbench.model.record import About
from workbench.page.sanitizer import sanitized
from workbench.page.schema_org import schema_org
from workbench.page.shown_notebook import BlocksHtml, shown
from workbench.page.status import shown_status
from workbench.presentation import spreadsheet
from workbench.presentation.blocks import address_of_study
from workbench.presentation.citation import bibtex, citation
from workbench.presentation.downloads import file_link
from workbench.presentation.wording import Wording, index_name, other_languages

TEMPLATES = Path(__file__).parent / "templates"

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230a5a8c' "
    "d='M2 9h3v5H2zm4.5-4h3v9h-3zM11 2h3v12h-3z'/%3E%3C/svg%3E"
)
"""The icon of all pages: without one, browsers ask the server for it."""


class LeaveOutEmptySections(Preprocessor):
    """Leaves out the Markdown of a section, from a heading ``##`` to the next, if none of its code cells shows anything.

    The code stays: what it computes may be shown further down, and readers of the code need it.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        before, *sections = _sections(nb.cells)
        kept = [cell for section in sections for cell in section if cell.cell_type == "code" or _has_content(section)]
        return NotebookNode(nb, cells=before + kept), resources


def _sections(cells: Iterable[NotebookNode]) -> list[list[NotebookNode]]:
    """The cells before the first section; then those of each section, which begins with a heading."""
    sections: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            sections.append([])
        sections[-1].append(cell)
    return sections


def _has_content(section: Iterable[NotebookNode]) -> bool:
    """Whether a section shows something, or consists of text only."""
    code = [cell for cell in section if cell.cell_type == "code"]
    return not code or any(_is_visible(output) for cell in code for output in cell.outputs)


def _is_visible(output: NotebookNode) -> bool:
    """Whether an output shows anything; a paragraph without sentences is empty."""
    return bool(output.get("data", {}).get("text/html", "any other").strip())


def html_page(
    recorded: Recorded,
    blocks: BlocksHtml,
    study: About,
    wording: Wording,
    workbook: bytes,
    results: str,
    status: str,
) -> str:
    """Convert an executed notebook to its page in a language.

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
    workbook : bytes
        The study's results as a spreadsheet.
    results : str
        The results as CSV.
    status : str
        ``draft``, or ``sealed`` for a study that is archived with its inputs.

    Returns
    -------
    str
        An HTML document that loads nothing: style, script, drawings and data are inside. Its numbers are still to be
        checked.
    """
    style, script, own = shared_style() + _template("study/study.css"), study_script(), set(blocks.values())
    notebook, published = recorded.notebook, recorded.record.results
    resources = {
        "study": study,
        "status": shown_status(wording.text, status),
        "text": wording.text,
        "released": study.edition and wording.date(datetime.date.fromisoformat(study.edition.released)),
        "vintages": [f"{source.dataset} {source.vintage}" for source in study.sources],
        "other_languages": other_languages(
            study.language,
            study.edition.languages if study.edition else (),
            lambda other: address_of_study(study.study, other),
        ),
        "home": f"../../{index_name(study.language)}",
        "citation": citation(study),
        "bibtex": bibtex(study),
        "linked_data": schema_org(study, published, wording),
        "downloads": _downloads(study, wording, workbook, results),
        "is_parameters": _is_parameters,
        "is_own": lambda output: output.get("data", {}).get("text/html") in own,
        "parameters": [cell for cell in notebook.cells if _is_parameters(cell)],
        "icon": ICON,
        "style": style,
        "script": script,
        "style_hash": content_hash(style),
        "script_hash": content_hash(script),
        "metadata": {"name": study.study},
    }
    page, _ = _exporter().from_notebook_node(shown(recorded.notebook, blocks, wording), resources)
    return page


def shared_style() -> str:
    """The stylesheet that studies, the pages of the site and the home page of an archive share."""
    return _template("base.css")


def study_script() -> str:
    """The script of studies, and of other pages whose numbers show their source when they are clicked."""
    return _template("study/study.js")


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def content_hash(text: str) -> str:
    """The hash by which a content security policy allows an inline style or script, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _downloads(study: About, wording: Wording, workbook: bytes, results: str) -> list[str]:
    """Links to all results of the study as files."""
    label, csv = wording.text("All results"), results.encode()
    return [
        file_link(wording, f"{study.study}.results.csv", "text/csv", csv, label),
        file_link(wording, f"{study.study}.{study.language}.xlsx", spreadsheet.MEDIA_TYPE, workbook, label),
    ]


class StudyExporter(HTMLExporter):
    """Converts many studies with one template environment.

    nbconvert's own HTMLExporter parses each page again, to find pictures without a description and to make its cells
    focusable; the template here describes all pictures and has no such cells.
    """

    # nbconvert annotates the method as returning a notebook, and ignores that in its own HTMLExporter too.
    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **options)

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """As nbconvert's own, of nbconvert's copy of the notebook: its own copies that and the record three times more, and
        checks the notebook after each preprocessor that does nothing."""
        for preprocessor in self._preprocessors:
            if preprocessor.enabled:
                nb, resources = preprocessor(nb, resources)
        return nb, resources

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        yield "highlight_code", _highlighted
        yield "sanitized", sanitized


def _highlighted(source: str, metadata: object = None) -> str:
    """The code of a cell with syntax highlighting; it is the same in each run of a study."""
    return _coloured(source)


@lru_cache(maxsize=4096)
def _coloured(source: str) -> str:
    return Highlight2HTML(pygments_lexer="ipython3")(source)


@cache
def _exporter() -> StudyExporter:
    exporter = StudyExporter(
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="study",
        exclude_anchor_links=True,
        optimistic_validation=True,  # once, not after each preprocessor
    )
    exporter.register_preprocessor(LeaveOutEmptySections(), enabled=True)
    return exporter


def forget_templates() -> None:
    """Have the templates read again: they were changed."""
    _exporter.cache_clear()


def _is_parameters(cell: NotebookNode) -> bool:
    return bool({"parameters", "injected-parameters"} & set(cell.metadata.get("tags", [])))
