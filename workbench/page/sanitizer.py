"""HTML that the package did not write (Markdown cells, a researcher's own outputs) is stripped of active content."""

import re

import nh3

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"lang", "title"},
    "a": {"href", "hreflang"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "img": {"src", "alt"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "data"}
_BLANKS = re.compile(r"[\x00-\x20]")
_PICTURE = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=\s]*")


def sanitized(html: str, pictures: bool = False) -> str:
    """Keep text, structure, and links to web and mail; drop scripts, styles, drawings, media, forms, ids and handlers.

    With ``pictures``, an image whose data are in the text itself is kept: as an image, in which nothing runs.
    """
    return nh3.clean(
        html,
        tags=_TAGS | {"img"} if pictures else _TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_embedded_pictures,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _only_embedded_pictures(element: str, attribute: str, value: str) -> str | None:
    """An image must have its data as source, and a link must not have data as target."""
    if (element, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    return None if attribute == "href" and _BLANKS.sub("", value).lower().startswith("data:") else value
