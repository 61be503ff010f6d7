"""A researcher's own figure as a drawing for a page: made in the kernel, described outside it, in each language."""

import colorsys
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree

import matplotlib
from matplotlib.artist import Artist
from matplotlib.collections import PolyQuadMesh, QuadMesh
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from workbench.model.errors import MalformedFile, WorkbenchError
from workbench.presentation.charts.style import GRID, INK, LOOKS, styled
from workbench.presentation.charts.svg import HREF, NO_METADATA, SVG, describe, for_page
from workbench.presentation.own.safety import safe_svg
from workbench.presentation.own.taken import figure_of

_KEPT = "own-colours"
"""Marks, while a figure is drawn, what does not change with a dark page."""

_RESOLUTION = 200
"""Dots per inch of pictures within a drawing."""


def _muted(colour: str) -> str:
    """A colour with three quarters of its saturation, as seaborn draws bars and boxes."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*to_rgb(colour))
    return to_hex(colorsys.hls_to_rgb(hue, lightness, 0.75 * saturation))


_OF_PALETTE = {_muted(colour): colour for colour, _ in LOOKS} | {"#eaeaf2": GRID}
"""What seaborn makes of the palette; and the ground of its own theme, on which lie white lines."""

_DARK_GREY = re.compile(r"#([0-4][0-9a-f])\1\1\b")
_COLOUR = re.compile(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b")


def drawing(shown: object, name: str) -> str:
    """Draw what a researcher shows as an ``<svg>`` element, as yet without a text alternative.

    Parameters
    ----------
    shown : object
        See `workbench.presentation.own.taken.figure_of`; it is closed in pyplot.
    name : str
        Unique in the page; ids within the drawing begin with it.

    Raises
    ------
    WorkbenchError
        If it is no figure, or a page cannot hold what is in it.
    """
    root = ElementTree.fromstring(_written(figure_of(shown), name))
    for element in root.iter():
        _embed(element)
        if element.get("id") == _KEPT:
            _keep_colours(element)
    for element in root.iter():
        _name_plain_colours(element)
    # What Matplotlib draws in black has no colour of its own.
    root.set("style", f"fill: {INK}")
    for_page(root, name)
    svg = ElementTree.tostring(root, encoding="unicode")
    if not safe_svg(svg):
        raise WorkbenchError(
            "a page cannot hold what is in this figure",
            where=name,
            expected="lines, areas, words and pictures",
            found="something else that Matplotlib wrote: a shading between colours, a filter, or text with control signs",
            hint="give that part rasterized=True, and it is a picture",
        )
    return svg


def with_alternative(drawing: str, alternative: str) -> str:
    """Give a drawing its text alternative.

    Parameters
    ----------
    drawing : str
        From `drawing`, perhaps read back from a file.
    alternative : str
        What it shows, in words.

    Raises
    ------
    MalformedFile
        If there is anything in it that the workbench does not draw; see `workbench.presentation.own.safety.safe_svg`.
    """
    if not safe_svg(drawing):
        raise MalformedFile(
            "a drawing holds what the workbench does not draw",
            expected="an <svg> as the workbench wrote it",
            found=repr(drawing[:80]),
            hint="execute the study again",
        )
    root = ElementTree.fromstring(drawing)
    describe(root, alternative)
    return ElementTree.tostring(root, encoding="unicode")


def _written(figure: Figure, name: str) -> bytes:
    """The figure as Matplotlib writes it, with all that stands beside its axes, as a notebook shows it."""
    buffer = io.BytesIO()
    for axes in figure.axes:
        # The grid of the style would lie over a picture.
        if axes.images:
            axes.grid(False)
    with styled(), matplotlib.rc_context({"svg.hashsalt": name}), _marked(list(_own_colours(figure))):
        figure.savefig(buffer, format="svg", dpi=_RESOLUTION, bbox_inches="tight", metadata=NO_METADATA)
    # Each layout begins at the one before: a second would differ a little.
    figure.set_layout_engine("none")
    return buffer.getvalue()


def _own_colours(figure: Figure) -> Iterator[Artist]:
    """What does not change in a dark page: colours that stand for numbers, and words that lie on such colours."""
    for axes in figure.axes:
        coloured = [collection for collection in axes.collections if collection.get_array() is not None]
        yield from coloured
        if axes.images or any(isinstance(collection, QuadMesh | PolyQuadMesh) for collection in coloured):
            yield from axes.texts


@contextmanager
def _marked(artists: list[Artist]) -> Iterator[None]:
    """Artists have the mark as their id while they are drawn, and then their own again."""
    ids = [artist.get_gid() for artist in artists]
    for artist in artists:
        artist.set_gid(_KEPT)
    try:
        yield
    finally:
        for artist, own in zip(artists, ids):
            artist.set_gid(own)


def _embed(element: ElementTree.Element) -> None:
    """Links lead nowhere from a drawing; the data of a picture stand on one line."""
    if element.tag == f"{{{SVG}}}a":
        element.tag = f"{{{SVG}}}g"
        element.attrib.clear()
    elif HREF in element.attrib:
        element.set(HREF, "".join(element.attrib[HREF].split()))


def _keep_colours(group: ElementTree.Element) -> None:
    """Write colours so that no name of the stylesheet is found for them."""
    for element in group.iter():
        if style := element.get("style"):
            element.set("style", _COLOUR.sub(_as_numbers, style))
    group.attrib.setdefault("style", "fill: rgb(0, 0, 0)")


def _as_numbers(colour: re.Match) -> str:
    return "rgb({}, {}, {})".format(*(int(part, 16) for part in colour.groups()))


def _name_plain_colours(element: ElementTree.Element) -> None:
    """Greys that are nearly black, as Matplotlib and seaborn draw words and axes unless they are told otherwise, are ink."""
    if style := element.get("style"):
        element.set("style", _COLOUR.sub(lambda found: _OF_PALETTE.get(found[0], found[0]), _DARK_GREY.sub(INK, style)))
