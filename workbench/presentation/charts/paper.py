"""What Matplotlib draws on: it holds lines, areas and words, and tells them as SVG in few bytes.

Matplotlib's own SVG says the looks of each tick and word anew. Here what looks the same is told together, wherever nothing in between
would be covered in another order; gridlines become one path, and the words of an axis one group.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any, cast

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties, weight_dict
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Transform

from workbench.presentation.charts.style import VARIABLES

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""
Point = tuple[int, int]
"""In tenths of a unit of the drawing: no eye sees less."""
Dashes = tuple[float, Sequence[float] | None]
"""Where strokes and gaps begin, and their lengths."""
Look = tuple[tuple[str, str], ...]
"""Attributes of an element: names and values."""

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_CAPS = {"projecting": "square"}
_REGULAR = 400
_CIRCLE = tuple(cast(np.ndarray, Path.unit_circle().codes))
_HATCH_STEP = 4
_UNSEEN = (("fill", "none"),)


@dataclass
class Piece:
    """A part of a drawing that looks like others."""

    box: Box


@dataclass
class Stroke(Piece):
    """A line or an area: a letter of SVG's paths for each step, and the points that it leads through."""

    steps: list[tuple[str, tuple[Point, ...]]]


@dataclass
class Words(Piece):
    """A line of words, where it stands; turned by so many degrees."""

    text: str
    at: Point
    turned: float


@dataclass
class Layer:
    """Pieces that look the same, none of them over another layer that is told before."""

    look: Look
    pieces: list[Piece] = field(default_factory=list)

    def is_touched(self, box: Box) -> bool:
        """Whether something in it lies where a box is."""
        return any(overlap(piece.box, box) for piece in self.pieces)


class Paper(RendererBase):
    """A sheet of so many points width and height; ids in what it tells begin with ``name``."""

    def __init__(self, width: float, height: float, name: str):
        super().__init__()
        self.width, self.height, self._name = width, height, name
        self._layers: list[Layer] = []
        self._definitions: dict[tuple, str] = {}

    @property
    def words(self) -> list[Words]:
        """All words on it."""
        return [piece for layer in self._layers for piece in layer.pieces if isinstance(piece, Words)]

    @property
    def sizes(self) -> list[float]:
        """Of the letters on it."""
        return [float(dict(layer.look)["font-size"]) for layer in self._layers if "font-size" in dict(layer.look)]

    def svg(self, **attributes: str) -> str:
        """The drawing as an ``<svg>`` element with some attributes more."""
        size = f"0 0 {_number(round(self.width * 10))} {_number(round(self.height * 10))}"
        own = _attributes(
            {"viewBox": size, "stroke-linejoin": "round", "font-family": "sans-serif", **attributes}.items()
        )
        defined = f"<defs>{''.join(self._definitions.values())}</defs>" if self._definitions else ""
        return f'<svg xmlns="http://www.w3.org/2000/svg"{own}>{defined}{"".join(map(_layer_svg, self._layers))}</svg>'

    # What Matplotlib asks

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        return text_to_path.get_text_width_height_descent(s, prop, ismath)

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:
        onto = transform + Affine2D().scale(1, -1).translate(0, self.height)
        placed = onto.transform_path(path)
        if _is_circle(path) and rgbFace is not None and gc.get_hatch() is None:
            self._draw_dot(gc, placed, rgbFace)
        elif (look := self._look(gc, rgbFace)) != _UNSEEN and len(steps := _steps(placed)) > 1:
            self._add(look + self._clip(gc, placed), Stroke(_box(steps, gc.get_linewidth() / 2), steps))

    def draw_text(
        self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:  # fmt: skip
        weight = _weight(prop.get_weight())
        size = prop.get_size_in_points()
        width, height = _measured(s, tuple(prop.get_family()), size, weight)
        anchor, left = "left", x
        if mtext is not None and not angle:
            # The page's letters are narrower than those that were measured: words stay at their anchor.
            anchor = mtext.get_horizontalalignment()
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
        look = {
            "fill": _colour(gc.get_rgb()),
            "font-size": f"{size:g}",
            "font-weight": f"{weight}" if weight != _REGULAR else "",
            "text-anchor": _ANCHORS[anchor] if anchor != "left" else "",
        }
        box = (left, y - height, left + width, y) if not angle else _turned(x, y, width, height, angle)
        self._add(_look_of(look), Words(box, s, _tenths(x, y), angle))

    # Layers

    def _add(self, look: Look, piece: Piece) -> None:
        """To the layer that looks like it, unless what lies in between would then cover it."""
        for layer in reversed(self._layers):
            if layer.look == look:
                layer.pieces.append(piece)
                return
            if layer.is_touched(piece.box):
                break
        self._layers.append(Layer(look, [piece]))

    def _draw_dot(self, gc: GraphicsContextBase, placed: Path, face: Any) -> None:
        """A dot is the round end of a line without length: its edge, and its face upon it."""
        left, top, right, bottom = _corners(placed)
        at = _tenths((left + right) / 2, (top + bottom) / 2)
        edge = gc.get_linewidth() if gc.get_rgb()[3] else 0.0
        if edge:
            self._add_round(at, right - left + edge, gc.get_rgb())
        if right - left > edge:
            self._add_round(at, right - left - edge, face)

    def _add_round(self, at: Point, across: float, colour: Any) -> None:
        x, y = at[0] / 10, at[1] / 10
        look = {"fill": "none", "stroke": _colour(colour), "stroke-width": _width(across), "stroke-linecap": "round"}
        box = (x - across / 2, y - across / 2, x + across / 2, y + across / 2)
        self._add(_look_of(look), Stroke(box, [("M", (at,)), ("L", (at,))]))

    def _look(self, gc: GraphicsContextBase, face: Any) -> Look:
        fill = "none" if face is None or face[3:] == (0,) else _colour(face)
        if gc.get_hatch() is not None:
            fill = f"url(#{self._hatch(fill, _colour(gc.get_hatch_color()))})"
        width, (start, dashes) = gc.get_linewidth(), cast(Dashes, gc.get_dashes())
        is_stroked = bool(width) and gc.get_rgb()[3] > 0
        look = {"fill": fill}
        if is_stroked:
            cap = gc.get_capstyle()
            look |= {
                "stroke": _colour(gc.get_rgb()),
                "stroke-width": _width(width) if width != 1 else "",
                "stroke-dasharray": " ".join(map(_width, dashes)) if dashes is not None else "",
                "stroke-dashoffset": _width(start) if dashes is not None and start else "",
                "stroke-linecap": _CAPS.get(cap, cap) if cap != "butt" else "",
            }
        alpha = gc.get_rgb()[3] if is_stroked else face[3] if face is not None and len(face) > 3 else 1
        return _look_of(look | {"opacity": f"{alpha:g}" if alpha != 1 else ""})

    def _clip(self, gc: GraphicsContextBase, placed: Path) -> Look:
        """What cuts a path off, where it goes beyond."""
        frame = gc.get_clip_rectangle()
        if frame is None:
            return ()
        x0, y0, x1, y1 = frame.x0, self.height - frame.y1, frame.x1, self.height - frame.y0
        left, top, right, bottom = _corners(placed)
        if left > x0 - 1 and top > y0 - 1 and right < x1 + 1 and bottom < y1 + 1:
            return ()
        x, y, width, height = (_number(round(part * 10)) for part in (x0, y0, x1 - x0, y1 - y0))
        rectangle = f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/>'
        return (("clip-path", f"url(#{self._defined('clipPath', '', rectangle)})"),)

    def _hatch(self, fill: str, colour: str) -> str:
        ground = "" if fill == "none" else f'<path d="M0 0h{_HATCH_STEP}v{_HATCH_STEP}h-{_HATCH_STEP}z" fill="{fill}"/>'
        line = f'<path d="M0 0v{_HATCH_STEP}" stroke="{colour}" stroke-width="2"/>'
        how = (
            f' width="{_HATCH_STEP}" height="{_HATCH_STEP}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
        )
        return self._defined("pattern", how, ground + line)

    def _defined(self, tag: str, how: str, content: str) -> str:
        """The id of a definition."""
        key = (tag, how, content)
        if key not in self._definitions:
            identifier = f"{self._name}-{len(self._definitions)}"
            self._definitions[key] = f'<{tag} id="{identifier}"{how}>{content}</{tag}>'
        return self._definitions[key].split('"', 2)[1]


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share some ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_circle(path: Path) -> bool:
    return path.codes is not None and tuple(cast(np.ndarray, path.codes)) == _CIRCLE


def _corners(path: Path) -> Box:
    points = cast(np.ndarray, path.vertices)
    (left, top), (right, bottom) = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    return left, top, right, bottom


def _steps(path: Path) -> list[tuple[str, tuple[Point, ...]]]:
    """A path of lines and curves; parted where a point is missing, without steps to where it already is."""
    steps: list[tuple[str, tuple[Point, ...]]] = []
    for corners, code in path.iter_segments(simplify=False, curves=True, remove_nans=True):
        if code == Path.CLOSEPOLY:
            steps.append(("z", ()))
            continue
        points = tuple(_tenths(*corner) for corner in np.reshape(corners, (-1, 2)))
        letter = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}[code]
        if letter != "L" or not steps or steps[-1][1][-1:] != points:
            steps.append((letter, points))
    return steps


def _box(steps: Sequence[tuple[str, tuple[Point, ...]]], around: float) -> Box:
    points = [point for _, own in steps for point in own]
    xs, ys = [x / 10 for x, _ in points], [y / 10 for _, y in points]
    return min(xs) - around, min(ys) - around, max(xs) + around, max(ys) + around


def _turned(x: float, y: float, width: float, height: float, angle: float) -> Box:
    """The box around words that are turned about where they begin."""
    corners = (
        Affine2D().rotate_deg(-angle).translate(x, y).transform([(0, 0), (width, 0), (0, -height), (width, -height)])
    )
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return left, top, right, bottom


def _weight(weight: int | str) -> int:
    return weight if isinstance(weight, int) else weight_dict[weight]


@lru_cache(maxsize=4096)
def _measured(text: str, family: tuple[str, ...], size: float, weight: int) -> tuple[float, float]:
    """The width of words and the height above their foot, in the letters of the layout."""
    font = FontProperties(family=list(family), size=size, weight=weight)
    width, height, descent = text_to_path.get_text_width_height_descent(text, font, False)
    return width, height - descent


def _tenths(x: float, y: float) -> Point:
    return round(float(x) * 10), round(float(y) * 10)


def _number(tenths: int) -> str:
    """``12``, ``3.5``, ``-.5``."""
    whole, rest = divmod(abs(tenths), 10)
    said = f"{whole}.{rest}" if rest and whole else f".{rest}" if rest else f"{whole}"
    return f"-{said}" if tenths < 0 else said


def _width(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _colour(rgba: Any) -> str:
    """A colour by the page's name for it."""
    own = to_hex(rgba)
    return f"var({VARIABLES[own]},{own})" if own in VARIABLES else own


def _look_of(attributes: dict[str, str]) -> Look:
    return tuple((name, value) for name, value in attributes.items() if value)


def _attributes(look: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in look)


# As SVG


def _layer_svg(layer: Layer) -> str:
    elements = list(_elements(layer))
    if len(elements) == 1:
        # One element needs no group.
        tag, rest = elements[0].split(" ", 1)
        return f"{tag}{_attributes(layer.look)} {rest}"
    return f"<g{_attributes(layer.look)}>{''.join(elements)}</g>"


def _elements(layer: Layer) -> Iterator[str]:
    strokes = [piece for piece in layer.pieces if isinstance(piece, Stroke)]
    is_filled = dict(layer.look)["fill"] != "none"
    for path in _joined(strokes) if is_filled else filter(None, [strokes]):
        yield f'<path d="{_path(path)}"/>'
    for piece in layer.pieces:
        if isinstance(piece, Words):
            x, y = map(_number, piece.at)
            turn = f' transform="rotate({-piece.turned:g} {x} {y})"' if piece.turned else ""
            yield f'<text x="{x}" y="{y}"{turn}>{escape(piece.text, quote=False)}</text>'


def _joined(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Areas that one path can tell: none over another."""
    paths: list[list[Stroke]] = []
    for stroke in strokes:
        if paths and not any(overlap(stroke.box, other.box) for other in paths[-1]):
            paths[-1].append(stroke)
        else:
            paths.append([stroke])
    return paths


def _path(strokes: Sequence[Stroke]) -> str:
    """Several lines or areas as one path, each step told from where the one before it ended."""
    said: list[str] = []
    at = begun = (0, 0)
    for letter, points in (step for stroke in strokes for step in stroke.steps):
        if letter == "z":
            at = begun
            said.append("z")
            continue
        said.append(_step(letter, points, at, is_first=not said))
        at = points[-1]
        begun = at if letter == "M" else begun
    return "".join(said)


def _step(letter: str, points: Sequence[Point], at: Point, is_first: bool) -> str:
    if is_first:
        return "M" + _joined_numbers(points[0])
    away = [(x - at[0], y - at[1]) for x, y in points]
    if letter == "L" and not away[0][1]:
        return "h" + _number(away[0][0])
    if letter == "L" and not away[0][0]:
        return "v" + _number(away[0][1])
    return letter.lower() + _joined_numbers([part for point in away for part in point])


def _joined_numbers(tenths: Sequence[int]) -> str:
    said = " ".join(map(_number, tenths))
    return said.replace(" -", "-")
