"""nbconvert: cells become the HTML of a page, by the templates of this package."""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

from workbench.page.sanitizer import sanitized
from workbench.page.sections import begins_section, lead_and_rest

TEMPLATES = Path(__file__).parent / "templates"


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
        """Nothing: nbconvert would copy the notebook, and the record in it, and check it."""
        return nb, resources

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        yield "highlight_code", _highlighted
        yield "sanitized", sanitized
        yield "begins_section", begins_section
        yield "lead_and_rest", lead_and_rest


@cache
def exporter(template: str) -> StudyExporter:
    """What converts by one of the templates: ``index`` for a study, ``method`` for what stands beside it."""
    return StudyExporter(
        extra_template_basedirs=[str(TEMPLATES)],
        template_name="study",
        template_file=f"{template}.html.j2",
        exclude_anchor_links=True,
        optimistic_validation=True,
    )


def forget_templates() -> None:
    """Have the templates read again: they were changed."""
    exporter.cache_clear()


def _highlighted(source: str, metadata: object = None) -> str:
    """The code of a cell with syntax highlighting; it is the same in each run of a study."""
    return _coloured(source)


@lru_cache(maxsize=4096)
def _coloured(source: str) -> str:
    return Highlight2HTML(pygments_lexer="ipython3")(source)
