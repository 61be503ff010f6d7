"""The layout of all pages of the site: head, content security policy, header, languages, footer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from workbench.declarations.site import SiteDeclaration
from workbench.model.results_csv import results_csv
from workbench.model.types import Result
from workbench.page.html import shared_style, study_script
from workbench.page.whole_page import templates_in, whole_page
from workbench.presentation.charts.svg import standalone
from workbench.presentation.downloads import downloads_html, file_link
from workbench.presentation.share_picture import SharePicture, share_picture
from workbench.presentation.wording import Wording, index_name, other_languages
from workbench.site.addresses import DCAT_FILE, address
from workbench.site.atom import feed_name
from workbench.site.kept_drawings import KeptDrawings

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = {"index.html.j2": ("search.js",), "indicator.html.j2": ("compare.js",), "compare.html.j2": ("compare.js",)}


@dataclass(frozen=True)
class Outside:
    """Where a page is that is not part of the site: it has no public address, and nothing of it is shared.

    Attributes
    ----------
    to_site : str
        The address of the site from there.
    language : str
        The language of the site's pages that it leads to: English, where the site has not that of the page.
    """

    to_site: str
    language: str


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
    drawings : KeptDrawings
        Draws its charts.
    pictures : dict
        The pictures that shared links to the pages show, by their addresses below ``outputs/``; each page adds its own.
    files : dict
        The files that the pages lead to, likewise.
    datasets : tuple of str
        The codes of the datasets that have a page.
    has_numbers : bool
        Whether there are numbers to define and to compare: the glossary, and the page that compares countries.
    outside : Outside or None
        Where the pages are, if they are not those of the site.
    """

    wording: Wording
    languages: tuple[str, ...]
    declared: SiteDeclaration
    drawings: KeptDrawings
    pictures: dict[str, SharePicture]
    files: dict[str, bytes]
    datasets: tuple[str, ...] = ()
    has_numbers: bool = False
    outside: Outside | None = None

    def page(self, template: str, stem: str, *, series: Sequence[Result] = (), **context: Any) -> str:
        """Render a page.

        Parameters
        ----------
        template : str
            Name of the template; it extends ``layout.html.j2``.
        stem : str
            ``index``, ``countries/LT``, ``indicators/population``.
        series : sequence of Result
            What the picture of a shared link shows; without it, all pages share one picture.
        **context
            What the template shows.
        """
        text, language = self.wording.text, self.wording.language
        above = "../" * stem.count("/")
        to_root, in_site = (self.outside.to_site, self.outside.language) if self.outside else (above, language)
        return whole_page(
            environment(),
            template,
            self.wording,
            _style(),
            _script(template),
            site_title=text(self.declared.title),
            site_description=text(self.declared.description),
            publisher=text(self.declared.publisher),
            contact=self.declared.contact_email,
            others=other_languages(language, self.languages, lambda other: above + _quoted(address(stem, other))),
            to_root=to_root,
            home=to_root + index_name(in_site),
            feed=to_root + feed_name(in_site),
            linked_data=to_root + DCAT_FILE,
            has_data=self.has_numbers,
            glossary=to_root + address("glossary", in_site),
            compare=to_root + address("compare", in_site),
            calendar=to_root + address("calendar", in_site) if self.declared.calendar else "",
            dataset_pages={code: to_root + address(f"datasets/{code}", in_site) for code in self.datasets},
            own=above + _quoted(address(stem, language)),
            canonical="" if self.outside else self.declared.url(address(stem, language)),
            picture="" if self.outside else self.declared.url(self._picture(stem, series, context)),
            **context,
        )  # fmt: skip

    def data_saved(self, path: str, results: Iterable[Result]) -> str:
        """The line of a link that saves results, each once, as the file ``<path>.csv`` beside the page."""
        path = f"{path}.csv"
        if path not in self.files:  # it has no language
            self.files[path] = results_csv(dict.fromkeys(results)).encode()
        return self._download(path, self.wording.text("Data"))

    def file_saved(self, path: str, content: bytes, label: str) -> str:
        """The line of a link that saves a file beside the page."""
        self.files[path] = content
        return self._download(path, label)

    def drawing_saved(self, path: str, drawing: str) -> str:
        """The line of a link that saves a drawing as the file ``<path>.<language>.svg`` beside the page."""
        path = f"{path}.{self.wording.language}.svg"
        return self.file_saved(path, standalone(drawing).encode(), self.wording.text("Figure"))

    def _download(self, path: str, label: str) -> str:
        name = path.rpartition("/")[2]
        return downloads_html(self.wording, file_link(self.wording, name, len(self.files[path]), label))

    def _picture(self, stem: str, series: Sequence[Result], context: dict[str, Any]) -> str:
        """The address of the page's picture, which changes with what it shows: it need not be drawn again."""
        site = self.wording.text(self.declared.title)
        title = context.get("share_title", site) if series else site
        picture = share_picture(
            self.wording, title, site if series else self.wording.text(self.declared.publisher), series
        )
        name = stem.replace("/", "-") if series else "site"
        path = f"share/{name}.{self.wording.language}.{picture.digest}.png"
        self.pictures[path] = picture
        return path


@cache
def environment() -> Environment:
    """The templates of the site: values are escaped, and none may be missing."""
    environment = templates_in(_TEMPLATES)
    environment.filters["address"] = _quoted
    return environment


def _quoted(path: str) -> str:
    """A path as an address: nothing in a name is taken for a scheme or a query."""
    return quote(path, safe="/")


@cache
def _style() -> str:
    return shared_style() + _file("site.css")


def _script(template: str) -> str:
    """The script of a page: that of a study, for its numbers, and what the page adds to it."""
    return study_script() + "".join(_file(name) for name in _SCRIPTS.get(template, ()))


@cache
def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
