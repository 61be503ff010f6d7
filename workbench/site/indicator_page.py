"""The page of an indicator: a map and a ranking of the countries, and the countries over the years."""

from collections.abc import Iterator
from itertools import groupby

from workbench.declarations.codelists import is_aggregate, members
from workbench.indicators.asked import EU27
from workbench.indicators.formulas import rank
from workbench.indicators.results import Results
from workbench.model.types import Result
from workbench.presentation.blocks import source_html
from workbench.presentation.charts.europe import EuropeMap
from workbench.presentation.notes import definitions_html
from workbench.presentation.sentences import number_html
from workbench.presentation.tables import legend_html, number_in_cell_html
from workbench.presentation.wording import Wording
from workbench.site.addresses import address
from workbench.site.columns import Column, columns_of, columns_with_computed
from workbench.site.comparison import fallback_svg, labelled, page_data, places_shown_at_first
from workbench.site.formula_in_words import formula_in_words
from workbench.site.headline_results import HeadlineResults
from workbench.site.page_layout import PageLayout
from workbench.site.topics import topic_name

SEVERAL = 3
"""So many countries must have a value in a year to be drawn and ranked."""


def indicator_page(headline_results: HeadlineResults, indicator: str, data: dict, layout: PageLayout) -> str:
    """The page of an indicator in a language; ``data`` is what `series_data` tells of it."""
    wording = layout.wording
    columns, whole = columns_of(headline_results, indicator), columns_with_computed(headline_results, indicator)
    drawn = next((column for column in reversed(whole) if _has_several(column)), None)
    ranks = _ranks(wording, drawn) if drawn else {}
    results = [result for column in columns for result in column.by_place.values()]
    return layout.page(
        "indicator.html.j2",
        f"indicators/{indicator}",
        series=_of_home(headline_results, columns),
        share_title=wording.indicator(indicator),
        indicator=indicator,
        label=wording.indicator(indicator),
        definition=wording.definition(indicator),
        unit=wording.unit(wording.indicators.unit(indicator)),
        reference=wording.reference(indicator),
        datasets=[
            (dataset, headline_results.providers.get(dataset, "")) for dataset in wording.indicators.datasets(indicator)
        ],
        topic=topic_name(wording, headline_results.topic(indicator)),
        formula=formula_in_words(wording, indicator),
        comparison=_lines(headline_results, whole, data, layout, indicator),
        drawn=drawn and _comparison(headline_results, drawn, ranks, layout, any(column.computed for column in columns)),
        columns=columns,
        vintages=[(vintage, len(list(years))) for vintage, years in groupby(columns, lambda column: column.vintage)],
        rows=_rows(headline_results, columns, wording),
        foot=_foot(headline_results, layout, indicator, results),
        definitions=definitions_html(wording, (result.indicator for result in (*results, *ranks.values()))),
    )


def _of_home(headline_results: HeadlineResults, columns: list[Column]) -> list[Result]:
    """The home country's series in the vintage of its last year."""
    own = [column.by_place[headline_results.home] for column in columns if headline_results.home in column.by_place]
    return [result for result in own if result.sources == own[-1].sources]


def _has_several(column: Column) -> bool:
    return sum(result.is_available for result in column.countries) >= SEVERAL


def _ranks(wording: Wording, column: Column) -> dict[str, Result]:
    """The ranks in the EU-27 by country; none unless all Member States were asked for: the ranks would differ."""
    asked = [column.by_place[place] for place in members(EU27, int(column.time)) if place in column.by_place]
    if len(asked) < len(members(EU27, int(column.time))):
        return {}
    derived = f"{asked[0].indicator}_rank_eu27"
    ranked = Results.of(rank(Results(asked).frame, derived, wording.indicators.unit(derived)))
    return {result.geo: result for result in ranked}


# The lines


def _lines(
    headline_results: HeadlineResults, columns: list[Column], data: dict, layout: PageLayout, indicator: str
) -> dict | None:
    """The chart over the years; None where no place has two."""
    wording = layout.wording
    start = places_shown_at_first(headline_results, columns)
    if not start:
        return None
    caption = wording.text("{label} over the years").format(label=data["label"])
    return {
        "caption": caption,
        "unit": data["unit"],
        "places": labelled(wording, data["series"]),
        "fallback": fallback_svg(columns, start, layout.drawings, wording, "lines", caption),
        "foot": layout.data_saved(f"indicators/{indicator}-over-the-years", _results(columns)),
        "data": page_data(headline_results, wording, {indicator: data}, indicator, start),
    }


def _results(columns: list[Column]) -> list[Result]:
    """All numbers in the order of their keys."""
    results = (result for column in columns for result in column.by_place.values())
    return sorted(results, key=lambda result: result.key)


# The map and the ranking


def _comparison(
    headline_results: HeadlineResults, column: Column, ranks: dict[str, Result], layout: PageLayout, has_computed: bool
) -> dict:
    """The map and ranking of the newest year with several countries."""
    wording = layout.wording
    links = {
        country: f"../{address(f'countries/{country}', wording.language)}"
        for country in headline_results.countries
        if country in column.by_place
    }
    there = sorted(
        (result for result in column.countries if result.is_available),
        key=lambda result: (-result.value, wording.sort_key(wording.label("geo", result.geo))),
    )
    scale = _Scale(column)
    drawing = EuropeMap(tuple(column.countries)).svg(wording, "map", links=links)
    shown = [*column.by_place.values(), *ranks.values()]
    indicator = shown[0].indicator
    return {
        "time": column.time,
        "vintage": column.vintage,
        "map": drawing,
        "map_foot": _drawing_foot(headline_results, layout, indicator, column, drawing),
        "unit": wording.unit(shown[0].unit),
        "has_ranks": bool(ranks),
        "has_computed": has_computed,
        "has_mark": scale.union is not None,
        "union": column.union and _ranked_row(wording, column.union, None, "", scale),
        "rows": [
            _ranked_row(wording, result, ranks.get(result.geo), links.get(result.geo, ""), scale) for result in there
        ],
        "not_available": _not_available(wording, column),
        "not_published": _not_published(wording, column),
        "foot": _foot(headline_results, layout, f"{indicator}-{column.time}", shown),
    }


class _Scale:
    """From a value to a length in the bars of a year, which start at zero; 100 is the full width."""

    def __init__(self, column: Column):
        values = [result.value for result in column.countries if result.is_available]
        self.lowest, highest = min(0.0, *values), max(0.0, *values)
        self.span = (highest - self.lowest) or 1.0
        union = column.union
        self.union = union.value if union and union.is_available and union.value <= highest else None

    def at(self, value: float) -> float:
        return (value - self.lowest) / self.span * 100

    def bar_html(self, value: float) -> str:
        """A bar, with a thin line at the value of the union; it is for the eye only, as the number is beside it."""
        left, right = sorted((self.at(0), self.at(value)))
        mark = (
            "" if self.union is None else f'<rect class="mark" x="{self.at(self.union):.2f}" width="0.5" height="10"/>'
        )
        return (
            '<svg class="bar-drawn" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
            f'<rect x="{left:.2f}" width="{right - left:.2f}" height="10"/>{mark}</svg>'
        )


def _ranked_row(wording: Wording, result: Result, own_rank: Result | None, href: str, scale: _Scale) -> dict:
    has_bar = not is_aggregate("geo", result.geo) and result.is_available
    return {
        "name": wording.label("geo", result.geo),
        "href": href,
        "rank": number_html(wording, own_rank, wording.value(own_rank)) if own_rank and own_rank.is_available else "",
        "number": number_in_cell_html(wording, result),
        "bar": scale.bar_html(result.value) if has_bar else "",
    }


def _not_available(wording: Wording, column: Column) -> list[str]:
    """The countries whose number was asked for and is not available, each with its flags."""
    missing = [result for result in column.countries if not result.is_available]
    return sorted(
        (f"{wording.label('geo', result.geo)} {wording.value(result)}" for result in missing), key=wording.sort_key
    )


def _not_published(wording: Wording, column: Column) -> list[str]:
    """The Member States for which no study publishes a number in the vintage."""
    others = [place for place in members(EU27, int(column.time)) if place not in column.by_place]
    return sorted((wording.label("geo", place) for place in others), key=wording.sort_key)


# The countries over the years


def _rows(headline_results: HeadlineResults, columns: list[Column], wording: Wording) -> list[dict]:
    """A row for each country, sorted by name; the union comes first, set apart."""
    places = {
        place
        for column in columns
        for place, result in column.by_place.items()
        if result.is_available or place == headline_results.home
    }
    ordered = sorted(
        places,
        key=lambda place: (not is_aggregate("geo", place), wording.sort_key(wording.label("geo", place))),
    )
    return [
        {
            "name": wording.label("geo", place),
            "is_aggregate": is_aggregate("geo", place),
            "href": f"../{address(f'countries/{place}', wording.language)}"
            if place in headline_results.countries
            else "",
            "cells": list(_cells(wording, columns, place)),
        }
        for place in ordered
    ]


def _cells(wording: Wording, columns: list[Column], place: str) -> Iterator[tuple[bool, str]]:
    for column in columns:
        result = column.by_place.get(place)
        yield column.is_seam, number_in_cell_html(wording, result) if result else ""


def _foot(headline_results: HeadlineResults, layout: PageLayout, name: str, results: list[Result]) -> str:
    """Flags, sources, and the numbers as a file, in the order of their keys."""
    return (
        legend_html(layout.wording, results)
        + source_html(layout.wording, headline_results.sources(results))
        + layout.data_saved(f"indicators/{name}", sorted(results, key=lambda result: result.key))
    )


def _drawing_foot(
    headline_results: HeadlineResults, layout: PageLayout, indicator: str, column: Column, drawing: str
) -> str:
    sources = source_html(layout.wording, headline_results.sources(column.countries))
    return sources + layout.drawing_saved(f"indicators/{indicator}-{column.time}", drawing)
