"""Pictures of Markdown cells: attached to their cell, with words for those who do not see them; any other is refused."""

import re

from lxml import etree
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from workbench.model.errors import RefusedRun

ATTACHMENT = "attachment:"
MEDIA_TYPES = ("image/svg+xml", "image/png", "image/jpeg")
"""What nbconvert shows an attachment by, the best first."""

_MAY_HOLD_ONE = re.compile(r"!\[|<")
_MEDIA = {"img", "svg", "picture", "object", "embed", "iframe", "video", "audio", "canvas"}


class _Pictures(IPythonRenderer):
    """Notes each picture of a text, its words and its address, instead of showing it."""

    def __init__(self):
        super().__init__(escape=False)
        self.noted: list[tuple[str, str]] = []

    def image(self, text: str, url: str, title: str | None = None) -> str:
        self.noted.append((text, url))
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
        For the first that the page could not show from within itself, or not say in words.
    """
    if not _MAY_HOLD_ONE.search(source):
        return
    renderer = _Pictures()
    html = MarkdownWithMath(renderer=renderer).render(source)
    for text, url in renderer.noted:
        if not url.startswith(ATTACHMENT):
            raise _refusal(where, url, "a picture is not in the notebook: archive and page would not hold it")
        media_types = attachments.get(url.removeprefix(ATTACHMENT), {}).keys() & set(MEDIA_TYPES)
        if not media_types:
            raise _refusal(where, url, f"there is no such attachment of the kinds {', '.join(MEDIA_TYPES)}")
        if not text.strip():
            raise _refusal(where, url, "a picture has no words for those who do not see it")
    document = etree.HTML(f"<body>{html}</body>")
    for media in document.iter(*_MEDIA):
        raise _refusal(where, etree.tostring(media, encoding="unicode", with_tail=False), "a page shows no such HTML")


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
