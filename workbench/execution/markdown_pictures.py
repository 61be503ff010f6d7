"""Pictures of Markdown cells: attached to their cell and with a description in words; others are refused."""

import re

from lxml import etree
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from workbench.model.errors import RefusedRun

ATTACHMENT = "attachment:"
MEDIA_TYPES = ("image/svg+xml", "image/png", "image/jpeg")
"""The media types that nbconvert shows, the best first."""

_MAY_HOLD_PICTURE = re.compile(r"!\[|<")
_MEDIA = {"img", "svg", "picture", "object", "embed", "iframe", "video", "audio", "canvas"}


class _Pictures(IPythonRenderer):
    """Collects the description and address of each picture in a text, instead of showing it."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.found: list[tuple[str, str]] = []

    def image(self, text: str, url: str, title: str | None = None) -> str:
        self.found.append((text, url))
        return ""


def check_pictures(source: str, attachments: dict, where: str) -> None:
    """Check the pictures of a Markdown cell.

    Parameters
    ----------
    source : str
        The cell's Markdown, in the reader's language.
    attachments : dict
        Name to media type to content, as a notebook keeps them in its cell.
    where : str
        File and cell.

    Raises
    ------
    RefusedRun
        For the first that is not held in the page itself, or has no description.
    """
    if not _MAY_HOLD_PICTURE.search(source):
        return
    renderer = _Pictures()
    html = MarkdownWithMath(renderer=renderer).render(source)
    for text, url in renderer.found:
        if not url.startswith(ATTACHMENT):
            raise _refusal(where, url, "a picture is not in the notebook: archive and page would not hold it")
        media_types = attachments.get(url.removeprefix(ATTACHMENT), {}).keys() & set(MEDIA_TYPES)
        if not media_types:
            raise _refusal(where, url, f"the cell has no such attachment of type {', '.join(MEDIA_TYPES)}")
        if not text.strip():
            raise _refusal(where, url, "a picture has no description for readers who cannot see it")
    document = etree.HTML(f"<body>{html}</body>")
    for media in document.iter(*_MEDIA):
        raise _refusal(
            where, etree.tostring(media, encoding="unicode", with_tail=False), "a page does not show such HTML"
        )


def _refusal(where: str, found: str, what: str) -> RefusedRun:
    return RefusedRun(
        what,
        where=where,
        expected="![what the picture shows](attachment:picture.png)",
        found=found if len(found) <= 120 else f"{found[:120]} …",
        unchanged="nothing was run and nothing was written",
        hint="attach the picture to its cell (in JupyterLab: Edit, Insert Image, or paste it), and write what it shows "
        "between the brackets",
    )
