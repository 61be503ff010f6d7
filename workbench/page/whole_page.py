"""Pages that are whole in themselves: a template with its style and script, which the page's policy names by their hashes."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbench.page.html import ICON, TEMPLATES, content_hash
from workbench.presentation.wording import Wording


@cache
def templates_in(folder: Path) -> Environment:
    """The templates of a folder, which may extend ``whole_page.html.j2``: values are escaped, and none may be missing."""
    return Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def whole_page(
    templates: Environment, template: str, wording: Wording, style: str, script: str = "", **shown: Any
) -> str:
    """Render a page that loads nothing.

    Parameters
    ----------
    templates : Environment
        From `templates_in`.
    template : str
        The name of its template.
    style, script : str
        All that it has of each.
    **shown
        What the template shows besides.
    """
    return templates.get_template(template).render(
        language=wording.language,
        text=wording.text,
        icon=Markup(ICON),
        style=Markup(style),
        style_hash=Markup(content_hash(style)),
        script=Markup(script),
        script_hash=Markup(content_hash(script)),
        **shown,
    )
