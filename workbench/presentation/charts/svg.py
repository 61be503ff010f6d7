"""A drawing as SVG: the same bytes every time, words as text, ids unique in the page, with a text alternative.

In a page the page's stylesheet decides the colours, light or dark; saved as a file, the drawing keeps its own.
"""

import re
from xml.etree import ElementTree

from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure

from workbench.presentation.charts.paper import Paper
from workbench.presentation.charts.style import GROUND, VARIABLES

SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"

NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""For Matplotlib: a drawing tells neither when nor by which version it was made."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_VARIABLE = re.compile(r"var\(--[\w-]+, ?([^)]+)\)")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def painted(figure: Figure, name: str) -> Paper:
    """Lay a figure out and draw it.

    Parameters
    ----------
    figure : matplotlib Figure
        Drawn under `workbench.presentation.charts.style.styled`.
    name : str
        Unique in the page; ids within the drawing begin with it.
    """
    canvas = _Canvas(figure)
    # A pixel of an SVG is a point.
    figure.dpi = 72
    # `savefig` draws everything twice, the first time for the layout alone.
    engine = figure.get_layout_engine()
    if figure.axes and engine is not None:
        engine.execute(figure)
        _round_layout(figure)
    figure.set_layout_engine("none")
    paper = canvas.get_renderer(name)
    figure.draw(paper)
    return paper


def for_page(root: ElementTree.Element, name: str) -> None:
    """Turn what Matplotlib wrote into an element of a page: no inline style, colours by the page's names, own ids."""
    _drop(root, {f"{{{SVG}}}metadata", f"{{{SVG}}}style"})
    _own_ids(root, name)
    for element in root.iter():
        _set_attributes(element, element.attrib.pop("style", ""))
        # The ground of a hatching is no style.
        if element.tag == f"{{{SVG}}}rect" and "fill" in element.attrib:
            element.set("fill", _COLOUR.sub(_named, element.attrib["fill"]))
    # It was in the style, of all that there is.
    root.set("stroke-linejoin", "round")
    for size in ("width", "height"):
        root.attrib.pop(size)


def describe(root: ElementTree.Element, alternative: str) -> None:
    """Give a drawing its text alternative."""
    root.set("role", "img")
    root.set("aria-label", alternative)


def _round_layout(figure: Figure) -> None:
    """Drop the last digits of where the axes are: they depend on the order in which widths were added up."""
    for axes in figure.axes:
        left, bottom, width, height = (round(part, 6) for part in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


class _Canvas(FigureCanvasBase):
    """Where a figure stands while it is laid out and drawn."""

    def get_renderer(self, name: str = "") -> Paper:
        width, height = self.figure.get_size_inches() * self.figure.dpi
        return Paper(width, height, name)


def standalone(drawing: str) -> str:
    """The drawing as a file of its own: with its own colours and on a ground of its own."""
    root = ElementTree.fromstring(_VARIABLE.sub(r"\1", drawing))
    x, y, width, height = root.attrib["viewBox"].split()
    ground = ElementTree.Element(f"{{{SVG}}}rect", x=x, y=y, width=width, height=height, fill=GROUND)
    root.insert(0, ground)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _set_attributes(element: ElementTree.Element, style: str) -> None:
    """Write each declaration of a style as the presentation attribute of the same name, its colours by the page's names."""
    for declaration in filter(None, map(str.strip, style.split(";"))):
        name, _, value = declaration.partition(":")
        element.set(name.strip(), _COLOUR.sub(_named, value.strip()))


def _named(colour: re.Match) -> str:
    own = colour.group().lower()
    return f"var({VARIABLES[own]}, {own})" if own in VARIABLES else own


def _drop(root: ElementTree.Element, tags: set[str]) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in tags:
                parent.remove(child)


def _own_ids(root: ElementTree.Element, name: str) -> None:
    """Keep the ids that something refers to, under the drawing's name: two drawings of a page must not share any."""
    referred = set()
    for element in root.iter():
        for attribute, text in element.attrib.items():
            if attribute == HREF and text.startswith("#"):
                referred.add(text.removeprefix("#"))
                element.set(attribute, f"#{name}-{text.removeprefix('#')}")
            elif match := _REFERENCE.search(text):
                referred.add(match.group(1))
                element.set(attribute, _REFERENCE.sub(rf"url(#{name}-\1)", text))
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in referred:
            element.set("id", f"{name}-{own}")
