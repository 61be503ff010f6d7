"""nbconvert: an executed notebook becomes one self-contained HTML page."""

from functools import cache
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Unicode

from workbench.presentation.markdown import translated_markdown
from workbench.presentation.wording import translations
from workbench.rendering.notebooks import METADATA

TEMPLATES = Path(__file__).parent / "templates"


class TranslateMarkdown(Preprocessor):
    """Puts each paragraph of the Markdown cells into the study's language."""

    language = Unicode("en")

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "markdown":
            cell.source = translated_markdown(translations(self.language), cell.source)
        return cell, resources


def html_page(notebook: NotebookNode) -> str:
    """Convert an executed notebook to its page.

    Parameters
    ----------
    notebook : NotebookNode
        As `workbench.rendering.notebooks.execute` gives it.

    Returns
    -------
    str
        One HTML document that loads nothing: styles and drawings are inside.
    """
    about = notebook.metadata[METADATA]
    exporter = _exporter(about["language"])
    resources = {
        "study": dict(about),
        "text": translations(about["language"]).gettext,
        "is_parameters": _is_parameters,
        "parameters": [cell for cell in notebook.cells if _is_parameters(cell)],
        "style": stylesheet(),
        "metadata": {"name": about["study"]},
    }
    page, _ = exporter.from_notebook_node(notebook, resources)
    return page


def stylesheet() -> str:
    """The one stylesheet of studies and catalogue."""
    return (TEMPLATES / "study" / "study.css").read_text(encoding="utf-8")


@cache
def _exporter(language: str) -> HTMLExporter:
    exporter = HTMLExporter(extra_template_basedirs=[str(TEMPLATES)], template_name="study", exclude_anchor_links=True)
    exporter.register_preprocessor(TranslateMarkdown(language=language), enabled=True)
    return exporter


def _is_parameters(cell: NotebookNode) -> bool:
    return bool({"parameters", "injected-parameters"} & set(cell.metadata.get("tags", [])))
