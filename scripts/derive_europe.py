"""Derive ``europe.json``, the shapes of the map, from Natural Earth's countries as TopoJSON.

``python scripts/derive_europe.py countries-50m.json`` writes the same bytes every time. What it does and why is said in
``workbench/presentation/charts/europe.README.md``.
"""

import heapq
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy

from workbench.declarations.codelists import code_list
from workbench.model.errors import MalformedFile, near
from workbench.presentation import charts

EUROPE = Path(charts.__file__).with_name("europe.json")

FRAME = (2_610_000, 1_320_000, 6_780_000, 5_412_000)
"""West, south, east, north in metres of EPSG:3035: Iceland to Cyprus, Crete to the North Cape."""

METRES = 6_000
"""Metres of a unit of the drawing."""

_SHOWN = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"),
    *("MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    *("CH", "IS", "LI", "NO", "UK"),
    *("AL", "BA", "ME", "MK", "RS", "XK"),
    *("AD", "BY", "MC", "MD", "SM", "TR", "UA"),
)
# Natural Earth's names where they are not the labels of the code list. Statistics on Finland include Åland; the whole
# island is the territory of the Republic of Cyprus.
_NAMES = {
    "BA": ("Bosnia and Herz.",),
    "CY": ("Cyprus", "N. Cyprus"),
    "FI": ("Finland", "Åland"),
    "MK": ("Macedonia",),
    "TR": ("Turkey",),
    "XK": ("Kosovo",),
}
_CRIMEA = (34.2, 45.3)

_MARGIN = 12_000  # metres around the frame: the edges of what is cut stay out of sight
_DETAIL = 110e6  # square metres: a point whose triangle is smaller is left out
_ISLET = 150e6  # square metres: a smaller island is left out, unless it is all there is
_SMALL = 3e9  # square metres: a smaller country gets a marker

Ring = tuple[int, ...]


def derive(source: bytes) -> bytes:
    """The content of ``europe.json``.

    Parameters
    ----------
    source : bytes
        TopoJSON of world-atlas, ``countries-50m.json``.

    Raises
    ------
    MalformedFile
        If a country that is to be shown is not in it.
    """
    topology = json.loads(source)
    degrees = _decoded(topology)
    rings = {shape["properties"]["name"]: _rings(shape) for shape in topology["objects"]["countries"]["geometries"]}
    _give_crimea_to_ukraine(rings, degrees)
    arcs = [_simplified(laea(arc)) for arc in degrees]
    names = {code: _names_of(code, rings) for code in sorted(_SHOWN)}
    countries = {
        code: _country(arcs, dissolved([ring for name in own for ring in rings[name]], arcs))
        for code, own in names.items()
    }
    shown = {name for own in names.values() for name in own}
    context = [_points(arcs, ring) for name in sorted(rings.keys() - shown) for ring in rings[name]]
    context = [_cut(ring) for ring in context if _meets_frame(ring)]
    west, south, east, north = FRAME
    europe = {
        "size": [(east - west) // METRES, (north - south) // METRES],
        "context": _path(ring for ring in context if _area(ring) >= _ISLET),
        "countries": countries,
    }
    return (json.dumps(europe, indent=1) + "\n").encode()


def laea(degrees: numpy.ndarray) -> numpy.ndarray:
    """Project longitudes and latitudes to metres of EPSG:3035.

    Lambert azimuthal equal area on the ellipsoid GRS80, centre 52° N 10° E, false easting 4 321 000 and northing
    3 210 000: equations 24-2 to 24-4 and 24-17 to 24-20 of Snyder, *Map Projections – A Working Manual*, U.S. Geological
    Survey Professional Paper 1395, 1987, with 3-11, 3-12 and 14-15.
    """
    axis, flattening = 6_378_137.0, 1 / 298.257222101
    squared = flattening * (2 - flattening)
    eccentricity = numpy.sqrt(squared)

    def q(latitude):
        sine = numpy.sin(latitude)
        ratio = (1 - eccentricity * sine) / (1 + eccentricity * sine)
        return (1 - squared) * (sine / (1 - squared * sine**2) - numpy.log(ratio) / (2 * eccentricity))

    pole = q(numpy.pi / 2)
    centre, meridian = numpy.radians(52.0), numpy.radians(10.0)
    away = numpy.radians(degrees[:, 0]) - meridian
    authalic = numpy.arcsin(numpy.clip(q(numpy.radians(degrees[:, 1])) / pole, -1, 1))
    authalic_centre = numpy.arcsin(q(centre) / pole)
    radius = axis * numpy.sqrt(pole / 2)
    scale = numpy.cos(centre) / numpy.sqrt(1 - squared * numpy.sin(centre) ** 2)
    stretch = axis * scale / (radius * numpy.cos(authalic_centre))
    cosine = numpy.sin(authalic_centre) * numpy.sin(authalic)
    cosine = 1 + cosine + numpy.cos(authalic_centre) * numpy.cos(authalic) * numpy.cos(away)
    reach = radius * numpy.sqrt(2 / cosine)
    northward = numpy.cos(authalic_centre) * numpy.sin(authalic)
    northward = northward - numpy.sin(authalic_centre) * numpy.cos(authalic) * numpy.cos(away)
    x = 4_321_000 + reach * stretch * numpy.cos(authalic) * numpy.sin(away)
    y = 3_210_000 + reach / stretch * northward
    return numpy.column_stack([x, y])


def dissolved(rings: Iterable[Ring], arcs: list[numpy.ndarray]) -> list[Ring]:
    """The rings of several areas as one: an arc that two of them share is no border any more."""
    left = Counter(arc for ring in rings for arc in ring)
    left = [arc for arc in left if ~arc not in left]
    starting = {}
    for arc in reversed(left):
        starting.setdefault(_end(arcs, arc, 0), []).append(arc)
    merged = []
    while any(starting.values()):
        ring = [next(arcs_there for arcs_there in starting.values() if arcs_there).pop()]
        while following := starting.get(_end(arcs, ring[-1], -1)):
            ring.append(following.pop())
        merged.append(tuple(ring))
    return merged


def _end(arcs: list[numpy.ndarray], arc: int, which: int) -> tuple[float, float]:
    return tuple(_directed(arcs, arc)[which])


def _decoded(topology: dict) -> list[numpy.ndarray]:
    """The arcs in degrees: TopoJSON writes them as integers, each point as the step from the one before."""
    scale, translate = (numpy.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [numpy.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]


def _rings(shape: dict) -> list[Ring]:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    return [tuple(ring) for polygon in polygons for ring in polygon]


def _give_crimea_to_ukraine(rings: dict[str, list[Ring]], degrees: list[numpy.ndarray]) -> None:
    """Natural Earth draws who controls a territory; the European Union does not recognise the annexation."""
    crimea = [ring for ring in rings["Russia"] if _surrounds(_points(degrees, ring), _CRIMEA)]
    crimea = [ring for ring in crimea if len(_points(degrees, ring)) < 200]
    if len(crimea) != 1:
        raise MalformedFile(
            "Crimea is not where the source has it",
            expected="one ring of Russia, apart from its mainland, around 34.2° E 45.3° N",
            found=f"{len(crimea)} rings",
            hint="look at the new source, and at europe.README.md",
        )
    rings["Russia"].remove(crimea[0])
    rings["Ukraine"].append(crimea[0])


def _surrounds(ring: numpy.ndarray, point: tuple[float, float]) -> bool:
    """Whether a ray from the point to the east leaves the ring an odd number of times."""
    (x, y), following = ring.T, numpy.roll(ring, -1, axis=0)
    crosses = (y > point[1]) != (following[:, 1] > point[1])
    rise = numpy.where(crosses, following[:, 1] - y, 1)
    return bool((crosses & (point[0] < x + (point[1] - y) * (following[:, 0] - x) / rise)).sum() % 2)


def _names_of(code: str, rings: dict[str, list[Ring]]) -> tuple[str, ...]:
    names = _NAMES.get(code, (code_list("geo").label(code),))
    for name in names:
        if name not in rings:
            raise MalformedFile(f"the source has no country {name!r}", where=code, expected=near(name, rings))
    return names


def _directed(arcs: list[numpy.ndarray], arc: int) -> numpy.ndarray:
    """An arc as a ring runs along it: TopoJSON writes ``~3`` for the fourth arc from its end."""
    return arcs[arc] if arc >= 0 else arcs[~arc][::-1]


def _points(arcs: list[numpy.ndarray], ring: Ring) -> numpy.ndarray:
    return numpy.concatenate([_directed(arcs, arc)[:-1] for arc in ring])


def _simplified(arc: numpy.ndarray) -> numpy.ndarray:
    """Leave out points, the least important first: Visvalingam and Whyatt, *The Cartographic Journal* 30, 1993.

    The ends stay, so that arcs still meet; neighbours share an arc, so that they share the simplified one. An arc that is
    an island's whole coast keeps enough points to be one.
    """
    if not _meets_frame(arc):
        return arc[[0, -1]]
    points = [tuple(point) for point in arc.tolist()]
    fewest = 6 if points[0] == points[-1] else 2
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    area = {i: _triangle(points[i - 1], points[i], points[i + 1]) for i in range(1, len(points) - 1)}
    queue = [(size, i) for i, size in area.items()]
    heapq.heapify(queue)
    while queue and len(area) + 2 > fewest:
        size, i = heapq.heappop(queue)
        if area.get(i) != size:
            continue
        if size >= _DETAIL:
            break
        del area[i]
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for near_by in (left, right):
            if near_by in area:
                # Never smaller than what has gone: a bump does not vanish from its top.
                own = _triangle(points[before[near_by]], points[near_by], points[after[near_by]])
                area[near_by] = max(size, own)
                heapq.heappush(queue, (area[near_by], near_by))
    return numpy.array([points[i] for i in (0, *sorted(area), len(points) - 1)])


def _triangle(one, two, three) -> float:
    return abs((two[0] - one[0]) * (three[1] - one[1]) - (three[0] - one[0]) * (two[1] - one[1])) / 2


def _meets_frame(points: numpy.ndarray) -> bool:
    west, south, east, north = _with_margin()
    (left, below), (right, above) = points.min(axis=0), points.max(axis=0)
    return bool(left <= east and right >= west and below <= north and above >= south)


def _with_margin() -> tuple[int, int, int, int]:
    west, south, east, north = FRAME
    return west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN


def _country(arcs: list[numpy.ndarray], rings: list[Ring]) -> dict:
    """A country's path, and for a small one where its marker stands: the middle of its largest part."""
    mainland, *islands = sorted((_points(arcs, ring) for ring in rings), key=_area, reverse=True)
    shape = {"path": _path([_cut(mainland), *(island for island in islands if _is_worth_drawing(island))])}
    if _area(mainland) < _SMALL:
        shape["marker"] = [round(float(middle), 1) for middle in _drawn(mainland).mean(axis=0)]
    return shape | {"middle": shape.get("marker") or _middle(_drawn(_cut(mainland)))}


def _middle(ring: numpy.ndarray) -> list[float]:
    """A point within a ring: halfway up it, in the middle of where it is widest there."""
    (x, y), (next_x, next_y) = ring.T, numpy.roll(ring, -1, axis=0).T
    # Between the corners' heights, so that no corner lies upon it.
    height = (y.min() + y.max()) / 2 + 0.05
    crosses = (y > height) != (next_y > height)
    at = sorted((x + (height - y) * (next_x - x) / numpy.where(crosses, next_y - y, 1))[crosses].tolist())
    left, right = max(zip(at[::2], at[1::2]), key=lambda span: span[1] - span[0])
    return [round((left + right) / 2, 1), round(height, 1)]


def _is_worth_drawing(island: numpy.ndarray) -> bool:
    """Whether it is large enough, and wholly in the frame: half an island is a blot at the edge."""
    west, south, east, north = FRAME
    (left, below), (right, above) = island.min(axis=0), island.max(axis=0)
    return _area(island) >= _ISLET and bool(west <= left and right <= east and south <= below and above <= north)


def _area(ring: numpy.ndarray) -> float:
    """In square metres: the projection keeps areas."""
    if len(ring) < 3:
        return 0.0
    (x, y), (next_x, next_y) = ring.T, numpy.roll(ring, -1, axis=0).T
    return abs(float((x * next_y - next_x * y).sum())) / 2


def _cut(ring: numpy.ndarray) -> numpy.ndarray:
    """The part of a ring within the frame and its margin: Sutherland and Hodgman, *Communications of the ACM* 17, 1974."""
    west, south, east, north = _with_margin()
    points = ring.tolist()
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        points = list(_cut_side(points, axis, limit, sign))
    return numpy.array(points).reshape(-1, 2)


def _cut_side(points: list, axis: int, limit: float, sign: int) -> Iterator[list[float]]:
    for last, point in zip([*points[-1:], *points[:-1]], points):
        was_within, is_within = ((each[axis] - limit) * sign >= 0 for each in (last, point))
        if was_within != is_within:
            share = (limit - last[axis]) / (point[axis] - last[axis])
            crossing = [start + share * (end - start) for start, end in zip(last, point)]
            crossing[axis] = limit
            yield crossing
        if is_within:
            yield point


def _drawn(points: numpy.ndarray) -> numpy.ndarray:
    """Metres as units of the drawing, to one decimal, downwards from the upper left corner of the frame."""
    west, _, _, north = FRAME
    return ((points - [west, north]) * [1, -1] / METRES).round(1) + 0.0


def _path(rings: Iterable[numpy.ndarray]) -> str:
    """Rings as SVG path data, each point as the step from the one before: shorter, and in tenths, so that no error adds up."""
    return "".join(map(_ring_path, rings))


def _ring_path(ring: numpy.ndarray) -> str:
    tenths = (_drawn(ring) * 10).round().astype(int)
    steps = numpy.diff(tenths, axis=0)
    steps = steps[steps.any(axis=1)]
    return f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}l{_numbers(steps.ravel())}z"


def _numbers(tenths: Iterable[int]) -> str:
    """Numbers of tenths in a row, parted by no more than they need."""
    return " ".join(map(_tenth, tenths)).replace(" -", "-")


def _tenth(tenths: int) -> str:
    """A number of tenths: ``12.3``, ``12``, ``-.3``."""
    return f"{tenths / 10:.1f}".removesuffix(".0").replace("0.", ".", 1 if abs(tenths) < 10 else 0)


if __name__ == "__main__":
    EUROPE.write_bytes(derive(Path(sys.argv[1]).read_bytes()))
