"""The rows of a statistical annex: what a series was, what it is, and where it stands in the Union.

A row is one series of one dataset and vintage. Where the one that the run reads lacks an earlier year and another one has
it, that one has a row of its own: the two stand one below the other and are never joined. Where a country stands in the
Union is taken from the series that the run reads, because the other one may hold other countries; the Union's own figure, where
that series lacks it, from the other one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose
from typing import TYPE_CHECKING, Any

from workbench.declarations.indicators import Difference, Indicators, Ratio
from workbench.indicators.asked import EU27
from workbench.indicators.results import Results
from workbench.model.errors import InconsistentResult, UnknownCode

if TYPE_CHECKING:
    from workbench.study.reader import Reader

Vintages = Mapping[str, str]
"""Datasets that are named, with the vintage of each; none named stands for what the run reads."""

Held = dict[str, tuple[float, str]]
"""The values that a series has and their flags, by time."""

_YEARS_BEFORE = (5, 1, 0)


def annex(reader: Reader, indicators: Sequence[str], breakdown: Mapping) -> Results:
    """All cells of the rows of some indicators, column by column: so columns keep their order whatever a row lacks."""
    times = [str(reader.year - before) for before in _YEARS_BEFORE]
    rows = [row for indicator in indicators for row in _rows(reader, indicator, times, breakdown)]
    return Results(result for column in zip(*rows) for cell in column for result in cell)


def series(reader: Reader, indicator: str, times: Sequence[str], breakdown: Mapping) -> list[Results]:
    """An indicator over time: as the run reads it, and as another dataset or vintage has it that has more of the times."""
    return [
        reader.results(indicator, time=times, dataset=vintages, **breakdown)
        for vintages in _vintages_shown(reader, indicator, times, breakdown)
    ]


def _rows(reader: Reader, indicator: str, times: Sequence[str], breakdown: Mapping) -> list[list[Results]]:
    own, *others = (
        _row(reader, indicator, times, vintages, breakdown)
        for vintages in _vintages_shown(reader, indicator, times, breakdown)
    )
    read = _row(reader, indicator, times, {}, breakdown)
    has_the_year = any(result.is_available for result in read[len(times) - 1])
    if has_the_year and not _agree(_standing(read), _standing(own)):
        return [read, *(_below(read, row) for row in (own, *others))]
    return [own, *(_below(own, row) for row in others)]


def _row(reader: Reader, indicator: str, times: Sequence[str], vintages: Vintages, breakdown: Mapping) -> list[Results]:
    """The cells of a row: its times, its change, the Union's figure, the rank and how many are ranked."""

    def of(suffix: str = "", **where: Any) -> Results:
        return reader.results(indicator + suffix, dataset=vintages, **where, **breakdown)

    change = _suffix_of_change(reader.indicators, indicator)
    return [
        *(Results([result]) for result in of(time=times)),
        of(change) if change else Results(),
        of(geo=EU27),
        *((of("_rank_eu27"), of("_ranked_eu27")) if reader.is_member else ()),
    ]


_OF_THE_COUNTRY = len(_YEARS_BEFORE) + 1
"""So many cells at the beginning of a row are the country's own; then come those of the Union and of the place in it."""


def _standing(row: list[Results]) -> dict[tuple, float]:
    return {
        (result.indicator, result.geo): result.value
        for cell in row[_OF_THE_COUNTRY:]
        for result in cell
        if result.is_available
    }


def _agree(one: dict[tuple, float], other: dict[tuple, float]) -> bool:
    """Whether what both say is the same."""
    return all(isclose(one[key], other[key]) for key in one.keys() & other.keys())


def _below(first: list[Results], row: list[Results]) -> list[Results]:
    """A further row of an indicator: without the place in the Union, and of the Union itself what the first row lacks."""
    here, there = first[_OF_THE_COUNTRY], row[_OF_THE_COUNTRY]
    is_lacking = any(result.is_available for result in there) and not any(result.is_available for result in here)
    of_union = there if is_lacking else Results()
    return [*row[:_OF_THE_COUNTRY], of_union, *(Results() for _ in row[_OF_THE_COUNTRY + 1 :])]


def _suffix_of_change(indicators: Indicators, indicator: str) -> str:
    """A share changes by percentage points; a balance, which may be negative, has no change in per cent."""
    if _is_balance(indicators, indicator):
        return ""
    return "_change_pp" if indicators.unit(indicator) == "%" else "_change_pct"


def _is_balance(indicators: Indicators, indicator: str) -> bool:
    declared = indicators.declared(indicator)
    if isinstance(declared, Ratio):
        return _is_balance(indicators, declared.numerator)
    return isinstance(declared, Difference)


def _vintages_shown(reader: Reader, indicator: str, times: Sequence[str], breakdown: Mapping) -> list[Vintages]:
    """Where the rows of an indicator are read: what the run reads, and what has a time that this lacks."""
    own = _held(reader, indicator, times, {}, breakdown)
    if len(own) == len(times):
        return [{}]
    elsewhere = _elsewhere(reader, indicator, times, breakdown)
    other = _held(reader, indicator, times, elsewhere, breakdown)
    if not other.keys() - own.keys():
        return [{}]
    # One that says all that the other says, and more, stands for both.
    return [elsewhere] if own.items() <= other.items() else [{}, elsewhere]


def _elsewhere(reader: Reader, indicator: str, times: Sequence[str], breakdown: Mapping) -> Vintages:
    """The other datasets or vintages that have, of the counts behind an indicator, most of the missing times."""
    found: dict[str, str] = {}
    for count in reader.indicators.counts(indicator):
        own = _held(reader, count, times, {}, breakdown).keys()
        if len(own) == len(times):
            continue
        others = [
            {dataset: vintage}
            for dataset in dict.fromkeys(reader.indicators.datasets(count))
            if dataset in reader.sidecar.datasets
            for vintage in reversed(reader.vintages(dataset))
        ]
        held = [_held(reader, count, times, other, breakdown).keys() for other in others]
        # Of several that add as much, one that the edition pins, for it belongs to the others that it pins; then the one that
        # also has most of the other times: they can be compared within it.
        added, *_, best = max(
            ((len(has - own), _is_pinned(reader, other), len(has), other) for has, other in zip(held, others)),
            key=lambda of: of[:3],
            default=(0, False, 0, {}),
        )
        found |= best if added else {}
    return found


def _is_pinned(reader: Reader, vintages: Vintages) -> bool:
    return all(reader.vintage(dataset) == vintage for dataset, vintage in vintages.items())


def _held(reader: Reader, indicator: str, times: Sequence[str], vintages: Vintages, breakdown: Mapping) -> Held:
    """What a series has; nothing where the dataset has no such breakdown, or its parts do not belong together."""
    try:
        if vintages:
            series = reader.tried(indicator, time=times, dataset=vintages, **breakdown)
        else:
            series = reader.results(indicator, time=times, **breakdown)
    except (UnknownCode, InconsistentResult):
        return {}
    return {result.time: (result.value, result.flags) for result in series if result.is_available}
