"""The pages for reviewers and editors: their templates, style and content security policy."""

from pathlib import Path
from typing import Any

from workbench.page.html import figure_script, figure_style, shared_style, study_script
from workbench.page.whole_page import templates_in, whole_page
from workbench.presentation.wording import Wording

_TEMPLATES = Path(__file__).parent / "templates"


def sheet_script() -> str:
    """The script of a sheet; the page of reviews has none."""
    return study_script() + figure_script() + _file("sheet.js")


def review_html(template: str, wording: Wording, script: str = "", **context: Any) -> str:
    """Render a page: whole in itself, it loads nothing; values are escaped, and none may be missing."""
    style = shared_style() + figure_style() + _file("review.css")
    return whole_page(templates_in(_TEMPLATES), template, wording, style, script, **context)


def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
