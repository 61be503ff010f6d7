"""A map of Europe: each country in the shade of its class, missing values and those of low reliability hatched, the key below.

The shapes are those of ``europe.json``; ``europe.README.md`` says where they come from.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from textwrap import wrap

from workbench.declarations.codelists import code_list, is_aggregate
from workbench.model.errors import WorkbenchError
from workbench.model.types import Result
from workbench.presentation.charts.chart import Drawing
from workbench.presentation.charts.classes import class_limits, shown_decimal
from workbench.presentation.charts.sheet import Mark
from workbench.presentation.charts.style import FAINT, GROUND, INK, SHADES
from workbench.presentation.wording import Wording

NO_DATA = "#9aa3ad"
"""The hatching of a country without a value: ``--map-none``."""
LAND = "#eceef1"
"""Countries without a result, and the ground of the hatching: ``--map-land``."""

_MARKER = 6.5
_BAR_TOP, _BAR_HEIGHT, _LINE = 40, 18, 36
_LETTERS = 44  # of a line of the key, as large as on a phone


@dataclass(frozen=True)
class EuropeMap:
    """One number for each country, as a shade on a map; one country may be outlined.

    Parameters
    ----------
    results : tuple of Result
        Of one indicator, breakdown, time and unit; one for each country, no aggregate.
    highlight : str
        Code of the country with the outline; empty for none.
    by : str
        The dimension whose codes are the countries: the place, or one that a result is broken down by.

    Raises
    ------
    WorkbenchError
        If the results are not of that kind.
    UnknownCode
        If ``highlight`` is not a country code.
    """

    results: tuple[Result, ...]
    highlight: str = ""
    by: str = "geo"

    shows_whole = False
    along = ""
    compares_countries = True
    marks_hollow = False
    events = ()

    def __post_init__(self) -> None:
        _check(self.results, self.by)
        if self.highlight:
            code_list("geo").code(self.highlight)

    @property
    def table_axes(self) -> tuple[str, str]:
        return self.by, "indicator"

    def _country(self, result: Result) -> str:
        return _country(result, self.by)

    def svg(
        self, wording: Wording, name: str, caption: Sequence[str] = (), links: Mapping[str, str] | None = None
    ) -> str:
        """Write the map as an ``<svg>`` element for a page, without inline style: the page's policy refuses it.

        Parameters
        ----------
        wording : Wording
            The language.
        name : str
            Unique in the page; ids within the drawing begin with it.
        caption : sequence of str
            Not repeated: the description says itself what is measured, and when.
        links : mapping, optional
            Where a country leads to, by its code. Without any, the drawing is one image with one description.
        """
        links = links or {}
        role = "group" if links else "img"
        drawn = f"{self._countries(wording, name, links)}{self._outline()}"
        return self._svg(wording, name, drawn, f' role="{role}" aria-label="{escape(self.describe(wording))}"')

    def drawings(self, wording: Wording, name: str) -> tuple[Drawing, ...]:
        """One map for pages of every width, its key in larger letters on a narrow one; see `Chart.drawings`.

        Each country that has a value is numbered, as its mark is: a finger anywhere on it reads it.
        """
        shapes = _europe()["countries"]
        there = [one for one in self._available() if self._country(one) in shapes]
        middles = [shapes[self._country(one)]["middle"] for one in there]
        marks = tuple(Mark(x, y, one) for (x, y), one in zip(middles, there))
        numbers = {self._country(mark.result): str(number) for number, mark in enumerate(marks)}
        drawn = "".join(
            f'<g data-mark="{numbers[code]}">{shape}</g>' if code in numbers else shape
            for code, shape in self._shapes(wording, name)
        )
        return (Drawing(self._svg(wording, name, drawn + self._outline(), ""), marks),)

    def _svg(self, wording: Wording, name: str, drawn: str, attributes: str) -> str:
        name = escape(name)
        width, height = _europe()["size"]
        key, key_height = self._key(wording, name)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="europe" viewBox="0 0 {width} {height + key_height}"{attributes}>'
            f"{_definitions(name, width, height)}"
            f'<g class="map" clip-path="url(#{name}-frame)" stroke="{_variable("--ground", GROUND)}" '
            'stroke-width="0.9" stroke-linejoin="round">'
            f'<path class="land" d="{_europe()["context"]}" fill="{_variable("--map-land", LAND)}"/>{drawn}</g>'
            f'<g class="key" transform="translate(0 {height})" font-family="sans-serif" font-size="18" '
            f'fill="{_variable("--faint", FAINT)}">{key}</g></svg>'
        )

    def describe(self, wording: Wording) -> str:
        """Say in words what it shows: indicator, unit, time, how many countries, the lowest and the highest."""
        first, there = self.results[0], self._available()
        codes = [wording.label(*code) for code in _codes(first, self.by)]
        what = [wording.indicator(first.indicator), *codes]
        parts = [
            wording.text("Map of Europe: {indicator} ({unit}), {time}.").format(
                indicator=", ".join(what), unit=wording.unit(first.unit), time=wording.period(first.time)
            ),
            wording.text("Countries with a value: {available}; without: {missing}.").format(
                available=len(there), missing=len(self.results) - len(there)
            ),
        ]
        if there:
            lowest, highest = (
                f"{wording.label('geo', self._country(r))} {wording.flagged_value(r)}" for r in (there[0], there[-1])
            )
            parts.append(
                wording.text("Lowest: {lowest}; highest: {highest}.").format(lowest=lowest, highest=highest),
            )
        return " ".join(filter(None, [*parts, self._not_on_the_map(wording)]))

    def _available(self) -> list[Result]:
        """The results that have a value to go by, from the lowest to the highest."""
        return sorted(
            (result for result in self.results if result.is_reliable), key=lambda r: (r.value, self._country(r))
        )

    def _classified(self, wording: Wording) -> tuple[dict[str, Decimal], tuple[Decimal, ...]]:
        """The values by country, as the reader sees them, and the limits between their classes.

        As the reader sees them: a country is never in another class than the number shown for it.
        """
        values = {self._country(result): shown_decimal(wording, result) for result in self._available()}
        return values, class_limits(values.values())

    def _countries(self, wording: Wording, name: str, links: Mapping[str, str]) -> str:
        """All countries that have a shape, each with its name."""
        by_place = {self._country(result): result for result in self.results}
        return "".join(
            _labelled(
                _name(wording, code, by_place.get(code)), shape, links.get(code), alone=bool(links and code in by_place)
            )
            for code, shape in self._shapes(wording, name)
        )

    def _shapes(self, wording: Wording, name: str) -> Iterator[tuple[str, str]]:
        """Each country's shape, by its code; the small ones last, for they lie on top."""
        values, limits = self._classified(wording)
        shown, shapes = {self._country(result) for result in self.results}, _europe()["countries"]
        for code in sorted(shapes, key=lambda code: ("marker" in shapes[code], code)):
            if code in values:
                kind, fill = "value", _shade(bisect_right(limits, values[code]), len(limits) + 1)
            elif code in shown:
                kind, fill = "no-data", f"url(#{escape(name)}-none)"
            else:
                kind, fill = "land", _variable("--map-land", LAND)
            forms = [_path(shapes[code])]
            # A marker without a value would only hide what is around it.
            if code in shown and "marker" in shapes[code]:
                forms.append(_marker(shapes[code]))
            yield code, "".join(f'<{form} class="{kind}" fill="{fill}"/>' for form in forms)

    def _outline(self) -> str:
        """The outline of the highlighted country, over its neighbours' borders and out of the pointer's way."""
        shape = _europe()["countries"].get(self.highlight)
        if not shape:
            return ""
        # Ink would not be visible on the darkest shade: a rim in the colour of the ground sets it off.
        looks = ((_variable("--ground", GROUND), 4.6), (_variable("--ink", INK), 2.2))
        form = _marker(shape, _MARKER + 1.5) if "marker" in shape else _path(shape)
        return "".join(
            f'<{form} class="highlight" fill="none" stroke="{colour}" stroke-width="{width}" pointer-events="none"/>'
            for colour, width in looks
        )

    def _key(self, wording: Wording, name: str) -> tuple[str, int]:
        """The classes with their limits, what has no value, what is not on the map; and the height that it takes."""
        result = self.results[0]
        values, limits = self._classified(wording)
        drawn = [
            f'<text y="{_BAR_TOP - 12}">{escape(wording.unit(result.unit))}, {escape(wording.period(result.time))}</text>'
        ]
        height = _BAR_TOP
        if values:
            drawn.append(_bar(wording, result.unit, limits or tuple(set(values.values())), len(limits) + 1))
            height += _BAR_HEIGHT + _LINE + 10
        if len(values) < len(self.results):
            swatch = f'<rect y="{height}" width="36" height="{_BAR_HEIGHT}" fill="url(#{name}-none)"/>'
            is_unsure = any(result.is_available and not result.is_reliable for result in self.results)
            words = escape(wording.text("No data, or of low reliability") if is_unsure else wording.text("No data"))
            drawn.append(f'{swatch}<text x="46" y="{height + _BAR_HEIGHT / 2}" dy="0.35em">{words}</text>')
            height += _LINE
        for line in wrap(self._not_on_the_map(wording), _LETTERS):
            drawn.append(f'<text y="{height + _BAR_HEIGHT / 2}" dy="0.35em">{escape(line)}</text>')
            height += _LINE
        return "".join(drawn), height

    def _not_on_the_map(self, wording: Wording) -> str:
        """Names the countries outside the frame: their values are in the table alone. Empty where there are none."""
        places = map(self._country, self.results)
        outside = [place for place in places if place not in _europe()["countries"]]
        if not outside:
            return ""
        named = ", ".join(sorted((wording.label("geo", code) for code in outside), key=wording.sort_key))
        return wording.text("Not on the map: {countries}.").format(countries=named)


def _country(result: Result, by: str) -> str:
    return result.geo if by == "geo" else result.code(by)


def _codes(result: Result, by: str) -> tuple[tuple[str, str], ...]:
    """What a result is broken down by beside the countries."""
    return tuple(code for code in result.codes.items() if code[0] != by)


def _check(results: tuple[Result, ...], by: str) -> None:
    where = "EuropeMap"
    if not results:
        raise WorkbenchError("a map needs results", where=where, expected="one for each country", found="none")
    kinds = {
        (result.indicator, "|".join("=".join(code) for code in _codes(result, by)), result.time, result.unit)
        for result in results
    }
    if len(kinds) > 1:
        raise WorkbenchError(
            "a map shows one indicator at one time",
            where=where,
            expected="results of one indicator, breakdown, time and unit",
            found="; ".join(" ".join(filter(None, kind)) for kind in sorted(kinds)),
            hint="draw a map for each",
        )
    places = [_country(result, by) for result in results]
    if aggregates := sorted(place for place in places if is_aggregate("geo", place)):
        raise WorkbenchError(
            "an aggregate cannot be shown on a map of countries",
            where=where,
            expected="countries",
            found=", ".join(aggregates),
            hint="leave it out, and state it beside the map",
        )
    if twice := sorted({place for place in places if places.count(place) > 1}):
        raise WorkbenchError(
            "a country has several results",
            where=where,
            expected="one for each country",
            found=", ".join(twice),
            hint="take one of them",
        )


@cache
def _europe() -> dict:
    return json.loads(Path(__file__).with_name("europe.json").read_text(encoding="utf-8"))


def _variable(name: str, own: str) -> str:
    """A colour that the page decides; by itself the drawing keeps its own."""
    return f"var({name},{own})"


def _shade(position: int, classes: int) -> str:
    """The shade of a class: fewer classes are spread over the same ramp, a single one has its middle."""
    last = len(SHADES) - 1
    shade = last // 2 if classes == 1 else round(position * last / (classes - 1))
    return _variable(f"--map-{shade + 1}", SHADES[shade])


def _definitions(name: str, width: int, height: int) -> str:
    """The frame that cuts the map, and the hatching of what has no value."""
    return (
        f'<defs><clipPath id="{name}-frame"><rect width="{width}" height="{height}"/></clipPath>'
        f'<pattern id="{name}-none" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="{_variable("--map-land", LAND)}"/>'
        f'<rect width="1.6" height="5" fill="{_variable("--map-none", NO_DATA)}"/></pattern></defs>'
    )


def _path(shape: Mapping) -> str:
    """The beginning of the element that draws a country; attributes follow."""
    return f'path d="{shape["path"]}"'


def _marker(shape: Mapping, radius: float = _MARKER) -> str:
    """The beginning of the element that marks a small country."""
    x, y = shape["marker"]
    return f'circle cx="{x}" cy="{y}" r="{radius}"'


def _labelled(label: str, shape: str, href: str | None, alone: bool) -> str:
    """A shape with its name: a link; an image of its own beside links (``alone``); else a part of the one image."""
    inner = f"<title>{escape(label)}</title>{shape}"
    if href is not None:
        return f'<a href="{escape(href)}" aria-label="{escape(label)}">{inner}</a>'
    role = f' role="img" aria-label="{escape(label)}"' if alone else ""
    return f"<g{role}>{inner}</g>"


def _name(wording: Wording, code: str, result: Result | None) -> str:
    """What a country is called: name, value, flags and unit."""
    label = wording.label("geo", code)
    if result is None:
        return label
    if not result.is_available:
        return " ".join((f"{label}:", wording.text("No data"), wording.value(result)))
    # The sign of a unit stands at the number already.
    unit = "" if wording.unit_sign(result.unit) else f" ({wording.unit(result.unit)})"
    return f"{label}: {wording.flagged_value(result)}{unit}"


def _bar(wording: Wording, unit: str, limits: tuple[Decimal, ...], classes: int) -> str:
    """The shades side by side, each limit under the edge that it is; a single class with its only value."""
    width = _europe()["size"][0]
    each = width / classes
    boxes = "".join(
        f'<rect x="{position * each:g}" y="{_BAR_TOP}" width="{each:g}" height="{_BAR_HEIGHT}" '
        f'fill="{_shade(position, classes)}" stroke="{_variable("--ground", GROUND)}"/>'
        for position in range(classes)
    )
    places = [(position + 1) * each for position in range(classes - 1)] or [width / 2]
    decimals = max(0, *(len(f"{limit.normalize():f}".partition(".")[2]) for limit in limits))
    # The step down is measured in the letters themselves, which the page may enlarge on a phone.
    words = "".join(
        f'<text x="{x:g}" y="{_BAR_TOP + _BAR_HEIGHT + 3}" dy="1em" text-anchor="middle">'
        f"{wording.number(float(limit), unit, decimals=decimals)}{wording.unit_sign(unit)}</text>"
        for x, limit in zip(places, limits)
    )
    return boxes + words
