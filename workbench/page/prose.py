"""A Markdown text as HTML, in which nothing is active."""

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from workbench.page.sanitizer import sanitized


def prose_html(source: str) -> str:
    """Markdown as a page shows it."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return sanitized(MarkdownWithMath(renderer=renderer).render(source), pictures=True)
