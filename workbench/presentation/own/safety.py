"""Whether a drawing may be put into a page: a notebook file, from which it is read back, can be changed by anybody."""

import re
from xml.etree import ElementTree

from workbench.presentation.charts.svg import HREF, SVG

_ELEMENTS = {
    f"{{{SVG}}}{name}" for name in ("clipPath", "defs", "g", "image", "path", "pattern", "rect", "text", "tspan", "use")
}
_ATTRIBUTES = {
    "clip-path", "clip-rule", "clipPathUnits", "d", "direction", "fill", "fill-opacity", "fill-rule", "font", "font-family",
    "font-size", "font-stretch", "font-style", "font-variant", "font-weight", "height", "id", "image-rendering", "opacity",
    "patternTransform", "patternUnits", "preserveAspectRatio", "shape-rendering", "stroke", "stroke-dasharray", "stroke-dashoffset",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "transform",
    "version", "viewBox", "width", "x", "y",
    "{http://www.w3.org/XML/1998/namespace}space",
}  # fmt: skip
# No address, no escape and no function of CSS but these.
_VALUE = re.compile(
    r"""url\(#[\w.-]+\)|(?:[\w\s.,;#%+'"/-]|(?:var|rgb|matrix|translate|scale|rotate|skewX|skewY)\(|\))*"""
)
_PART = re.compile(r"#[\w.-]+")
_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def safe_svg(svg: str) -> bool:
    """Whether a drawing is shapes, words and embedded pictures only, written as the workbench writes it.

    There is but one way to write each drawing, so that a browser, which reads it as HTML, sees nothing else in it.
    """
    # Before anything is read: entities and instructions are declared in no drawing of the workbench.
    if "<!" in svg or "<?" in svg:
        return False
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return False
    inside = [element for element in root.iter() if element is not root]
    return (
        root.tag == f"{{{SVG}}}svg"
        and ElementTree.tostring(root, encoding="unicode") == svg
        and root.attrib.get("role", "img") == "img"
        and all(element.tag in _ELEMENTS for element in inside)
        and _is_safe(root, {"role", "aria-label"})
        and all(_is_safe(element, set()) for element in inside)
    )


def _is_safe(element: ElementTree.Element, described: set[str]) -> bool:
    return all(
        _is_safe_reference(element, value)
        if name == HREF
        else name in described or (name in _ATTRIBUTES and _VALUE.fullmatch(value) is not None)
        for name, value in element.attrib.items()
    )


def _is_safe_reference(element: ElementTree.Element, target: str) -> bool:
    """Only an image has a picture, in the drawing itself; anything else leads to a part of the drawing."""
    form = _PICTURE if element.tag == f"{{{SVG}}}image" else _PART
    return form.fullmatch(target) is not None
