"""The layout of all pages of the site: head, content security policy, header, languages, footer."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workbench.declarations.site import SiteDeclaration
from workbench.page.html import ICON, content_hash, shared_style, study_script
from workbench.presentation.wording import Wording, index_name, other_languages
from workbench.site.atom import feed_name
from workbench.site.dcat import DCAT_FILE

_TEMPLATES = Path(__file__).parent / "templates"


def address(stem: str, language: str) -> str:
    """The address of a page below ``outputs/``: ``countries/LT.en.html``; the English home page is ``index.html``."""
    return index_name(language) if stem == "index" else f"{stem}.{language}.html"


@dataclass(frozen=True)
class PageLayout:
    """What the pages of one language have in common.

    Attributes
    ----------
    wording : Wording
        The wording of the language.
    languages : tuple of str
        All languages of the site.
    declared : SiteDeclaration
        How the site describes itself.
    """

    wording: Wording
    languages: tuple[str, ...]
    declared: SiteDeclaration

    def page(self, template: str, stem: str, **context: Any) -> str:
        """Render a page.

        Parameters
        ----------
        template : str
            Name of the template; it extends ``layout.html.j2``.
        stem : str
            ``index``, ``countries/LT``, ``indicators/population``.
        **context
            What the template shows.
        """
        text, language = self.wording.text, self.wording.language
        to_root = "../" * stem.count("/")
        style, script = _style(), _script(template)
        return environment().get_template(template).render(
            text=text,
            language=language,
            site_title=text(self.declared.title),
            site_description=text(self.declared.description),
            publisher=text(self.declared.publisher),
            contact=self.declared.contact_email,
            others=other_languages(language, self.languages, lambda other: to_root + _quoted(address(stem, other))),
            to_root=to_root,
            home=to_root + index_name(language),
            feed=to_root + feed_name(language),
            linked_data=to_root + DCAT_FILE,
            icon=ICON,
            style=Markup(style),
            style_hash=Markup(content_hash(style)),
            script=Markup(script),
            script_hash=Markup(content_hash(script)),
            **context,
        )  # fmt: skip


def size_text(wording: Wording, size: int) -> str:
    """The size of a file as a reader sees it."""
    if size < 1_000_000:
        return f"{wording.number(size / 1000, decimals=0)} kB"
    return f"{wording.number(size / 1_000_000, decimals=1)} MB"


@cache
def environment() -> Environment:
    """The templates of the site: values are escaped, and none may be missing."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = _quoted
    return environment


def _quoted(path: str) -> str:
    """A path as an address: nothing in a name is taken for a scheme or a query."""
    return quote(path, safe="/")


@cache
def _style() -> str:
    return shared_style() + _file("site.css")


def _script(template: str) -> str:
    """The script of a page: the search of the home page, or that of a study, for pages with numbers."""
    if template == "index.html.j2":
        return _file("home.js")
    return study_script()


@cache
def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
