"""HTML that the package did not write (Markdown cells, a researcher's own outputs) reaches the page without its power."""

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
    """Keep text, structure and links to the web and to mail; drop script, style, drawings, media, forms, ids and handlers.

    With ``pictures``, an image stays whose data are in the text itself: as an image, in which nothing runs.
    """
    return nh3.clean(
        html,
        tags=_TAGS | {"img"} if pictures else _TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_of_pictures_alone,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _of_pictures_alone(element: str, attribute: str, value: str) -> str | None:
    """Data are the source of an image, which has no other, and no link leads to them."""
    if (element, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    return None if attribute == "href" and _BLANKS.sub("", value).lower().startswith("data:") else value
