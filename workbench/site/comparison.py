"""An indicator in countries over the years: what the chart that compares them is drawn from, in the page and without script."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import groupby

from markupsafe import Markup

from workbench.declarations.codelists import is_aggregate
from workbench.indicators.asked import EU27
from workbench.model.types import Result
from workbench.presentation.charts.lines import Lines
from workbench.presentation.data_block import as_json
from workbench.presentation.wording import Wording
from workbench.site.columns import Column
from workbench.site.headline_results import HeadlineResults
from workbench.site.kept_drawings import KeptDrawings

SHOWN_AT_FIRST = 5
"""So many lines a reader meets; any others can be chosen."""

_TOLD_DIGITS = 6
_TIMES_AS_HIGH = 12


def places_shown_at_first(headline_results: HeadlineResults, columns: list[Column]) -> list[str]:
    """The home country, the union and the home country's neighbours, as far as they have a line; else those with the most values."""
    places = dict.fromkeys(place for column in columns for place in column.by_place)
    lengths = {place: _years_with_values(columns, place) for place in places}
    lines = [place for place, years in lengths.items() if years > 1]
    home = headline_results.home
    wanted = [home, EU27, *headline_results.neighbours(home)]
    known = [place for place in wanted if place in lines and _is_seen_beside(columns, place, home)]
    others = sorted((place for place in lines if place not in known), key=lambda place: (-lengths[place], place))
    return [*known, *([] if home in known else others)][:SHOWN_AT_FIRST]


def _years_with_values(columns: list[Column], place: str) -> int:
    return sum(place in column.by_place and column.by_place[place].is_available for column in columns)


def _is_seen_beside(columns: list[Column], place: str, home: str) -> bool:
    """Whether the line of a place does not press that of the home country to the ground, as the counts of a union would."""
    highest = _highest(columns, home)
    return not highest or _highest(columns, place) <= _TIMES_AS_HIGH * highest


def _highest(columns: list[Column], place: str) -> float:
    own = (column.by_place[place] for column in columns if place in column.by_place)
    return max((result.value for result in own if result.is_available), default=0.0)


def fallback_svg(
    columns: list[Column], places: Iterable[str], drawings: KeptDrawings, wording: Wording, name: str, caption: str
) -> str:
    """The chart without script: the years of the last vintage that has several, for a line must not run over a seam."""
    stretches = [list(of_one) for _, of_one in groupby(columns, lambda column: column.vintage)]
    stretch = next((one for one in reversed(stretches) if len(one) > 2), max(stretches, key=len, default=[]))
    results = [column.by_place[place] for place in places for column in stretch if place in column.by_place]
    if len({result.time for result in results if result.is_available}) < 2:
        return ""
    return drawings.svg(Lines(tuple(results), "geo"), wording, name, (caption,))


def series_data(columns: list[Column], wording: Wording, indicator: str) -> dict:
    """The numbers of an indicator as the page's script reads them, with everything that formats them.

    Years, and for each place a value a year, null where there is none; then what is not plain: flags by year, and texts of
    numbers that rounding leaves open. ``seams`` are the first years of another vintage than the year before.
    """
    unit = wording.indicators.unit(indicator)
    places = {place for column in columns for place, result in column.by_place.items() if result.is_available}
    return {
        "label": wording.indicator(indicator),
        "unit": wording.unit(unit),
        "sign": wording.unit_sign(unit),
        "decimals": wording.decimals(unit),
        "years": [int(column.time) for column in columns],
        "seams": [int(column.time) for column in columns if column.is_seam],
        "series": {place: _series(columns, wording, place) for place, _ in labelled(wording, places)},
    }


def labelled(wording: Wording, places: Iterable[str]) -> list[tuple[str, str]]:
    """Places with their names, each once, in the order of the alphabet; aggregates come first."""
    names = {place: wording.label("geo", place) for place in places}
    return sorted(names.items(), key=lambda named: (not is_aggregate("geo", named[0]), wording.sort_key(named[1])))


def _series(columns: list[Column], wording: Wording, place: str) -> dict:
    results = [column.by_place.get(place) for column in columns]
    flagged = {one.time: one.flags for one in results if one and one.is_available and one.flags}
    texts = {one.time: wording.value(one) for one in results if one and not _is_plain(wording, one)}
    series: dict = {"values": [_value(one) for one in results]}
    return series | ({"flags": flagged} if flagged else {}) | ({"texts": texts} if texts else {})


def _is_plain(wording: Wording, result: Result) -> bool:
    """Whether a number reads as its value in the decimals of its unit, as most do; one that is not there says why."""
    is_exact = result.low == result.high and abs(result.value) >= 1
    is_told = is_exact or wording.value(result) == wording.full_value(result)
    return is_told and _rounds_alike(result, wording.decimals(result.unit))


def _rounds_alike(result: Result, decimals: int) -> bool:
    """Whether a browser makes of the value that it is told what is made of the whole one here: it rounds halves up."""
    if not result.is_available:
        return True
    step = Decimal(1).scaleb(-decimals)
    by_browser = Decimal(repr(_value(result))).quantize(step, ROUND_HALF_UP)
    return by_browser == Decimal(repr(result.value)).quantize(step, ROUND_HALF_EVEN)


def _value(result: Result | None) -> float | int | None:
    if result is None or not result.is_available:
        return None
    rounded = float(f"{result.value:.{_TOLD_DIGITS}g}") if result.value % 1 else result.value
    return int(rounded) if rounded == int(rounded) else rounded


def page_data(
    headline_results: HeadlineResults, wording: Wording, indicators: dict[str, dict], first: str, start: list[str]
) -> Markup:
    """The data block of a page that compares countries: the indicator that it shows ``first``, in the places of the ``start``."""
    places = dict.fromkeys(place for one in indicators.values() for place in one["series"])
    said = {
        "language": wording.language,
        "home": headline_results.home,
        "first": first,
        "start": start,
        "places": dict(labelled(wording, places)),
        "aggregates": [place for place in places if is_aggregate("geo", place)],
        "texts": _texts(wording),
        "indicators": indicators,
    }
    return Markup(as_json(said))


def _texts(wording: Wording) -> dict[str, str]:
    return {
        "chart": wording.text("Line chart."),
        "line": wording.text("{place}: {first} in {from}, {last} in {to}."),
        "missing": wording.text("no data"),
        "chosen": wording.text("Countries shown: {count}"),
        "nothing": wording.text("Choose a country: none of those chosen has data in these years."),
    }
