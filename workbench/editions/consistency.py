"""One number, one value: whether the pages of an edition agree, with each other and with the catalogue.

A fact is an indicator, a place, a breakdown and a period. It has one value wherever it is stated. Where datasets or
vintages are compared, each number stands under the name of its own, and another value is no contradiction.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.data.preferred import Key, PreferredSeries, fact
from workbench.declarations.indicators import Difference, Indicators
from workbench.execution.run_files import RunFiles
from workbench.model.errors import InconsistentResult, WorkbenchError
from workbench.model.record import Exhibit, Record
from workbench.model.types import NOT_BROKEN_DOWN, Result
from workbench.site.headline_results import is_total_of_a_year

REST = frozenset({"OTHER", NOT_BROKEN_DOWN})
"""The codes of what the named parts leave of a whole."""

_LEAVES_OPEN = 1e-6
_NOT_SEALED = "the edition was not sealed"


@dataclass(frozen=True)
class Stated:
    """A number, and where it is stated."""

    result: Result
    place: str


def contradictions(
    rendered: Iterable[RunFiles], indicators: Indicators, pinned: Mapping[str, str]
) -> list[WorkbenchError]:
    """What the studies of an edition say in contradiction to each other, or to the catalogue, one for each fact.

    The languages of a study share their numbers, so one of them is read. The catalogue shows the preferred of all numbers
    that the studies of a country publish; these are what the studies must state.

    Parameters
    ----------
    rendered : iterable of RenderedRun
        The runs of the edition.
    indicators : Indicators
        The declarations.
    pinned : mapping
        The vintages that the edition pins.
    """
    first_of_study: dict[tuple[str, str], RunFiles] = {}
    for made in rendered:
        first_of_study.setdefault((made.run.study, made.run.country), made)
    seen: dict[Key, Stated] = {}
    found: dict[Key, WorkbenchError] = {}
    balances: list[WorkbenchError] = []
    published: list[Result] = []
    for made in first_of_study.values():
        record = made.record
        for stated in stated_in(record):
            key = fact(stated.result)
            # What is left of a whole depends on which parts a figure names: another figure's rest is another number.
            if not REST.isdisjoint(stated.result.codes.values()):
                continue
            before = seen.setdefault(key, stated)
            if not _agree(before.result, stated.result):
                found.setdefault(key, _contradiction(key, before, stated))
        balances += [*unbalanced(record, indicators), *incomplete(record)]
        published += [r for r in record.results if r.geo == record.country and is_total_of_a_year(r)]
    speaks = PreferredSeries(indicators, pinned).of(published)
    for key in sorted(speaks.keys() & seen.keys() - found.keys()):
        if speaks[key].is_available and not _agree(seen[key].result, speaks[key]):
            found[key] = _contradiction(key, seen[key], Stated(speaks[key], "the catalogue"))
    return [*found.values(), *balances]


def stated_in(record: Record) -> Iterator[Stated]:
    """Every available number that a study states as the one that holds: in a sentence, or in a figure or table that does
    not compare datasets or vintages."""
    by_key = {result.key: result for result in record.results}
    name = f"{record.study} {record.country}"
    for sentence in record.said:
        said = [by_key[tuple(key)] for key in sentence.results]
        yield from (
            Stated(result, f"{name}, “{sentence.text}”") for result in said if not _is_compared_in(said, result)
        )
        yield from (Stated(by_key[tuple(key)], f"{name}, the trend beside “{sentence.text}”") for key in sentence.trend)
    for exhibit in record.exhibits:
        shown = [by_key[tuple(key)] for key in exhibit.results]
        for result in shown:
            if result.is_available and not _is_compared(exhibit, result, shown):
                yield Stated(result, f"{name}, {exhibit.id}")


def unbalanced(record: Record, indicators: Indicators) -> Iterator[WorkbenchError]:
    """The differences in a figure or table that are not those of the numbers beside them, beyond what rounding allows."""
    by_key = {result.key: result for result in record.results}
    for exhibit in record.exhibits:
        shown = {
            fact(result): result for result in (by_key[tuple(key)] for key in exhibit.results) if result.is_available
        }
        for result in shown.values():
            declared = indicators.indicators.get(result.indicator)
            if isinstance(declared, Difference):
                terms = [shown.get((of, *fact(result)[1:])) for of in (declared.minuend, declared.subtrahend)]
                if all(terms) and not _adds_up(result, *terms):
                    yield _not_adding_up(record, exhibit, result, *terms)


def incomplete(record: Record) -> Iterator[WorkbenchError]:
    """The figures whose parts are not the whole that they are drawn as, beyond what rounding allows.

    Shares make a hundred per cent; counts make the published total, where the study publishes it from the same vintage.
    """
    by_key = {result.key: result for result in record.results}
    for exhibit in record.exhibits:
        groups: dict[tuple[str, str], list[Result]] = {}
        for result in (by_key[tuple(key)] for key in exhibit.results if exhibit.is_whole):
            groups.setdefault((result.geo, result.time), []).append(result)
        for parts in groups.values():
            whole = _whole_of(parts, by_key)
            if whole and all(part.is_available for part in parts) and not _fills(parts, whole):
                yield _not_whole(record, exhibit, parts, whole)


def _whole_of(parts: list[Result], by_key: Mapping[tuple, Result]) -> tuple[float, float] | None:
    """The bounds of what the parts make together; none where that is not known."""
    first = parts[0]
    if first.unit == "%":
        return 100.0, 100.0
    total = by_key.get((first.indicator, first.geo, "", first.time, first.dataset, first.vintage))
    return (total.low, total.high) if total and total.is_available and total not in parts else None


def _fills(parts: list[Result], whole: tuple[float, float]) -> bool:
    low, high = (sum(getattr(part, bound) for part in parts) for bound in ("low", "high"))
    return low - _LEAVES_OPEN <= whole[1] and high + _LEAVES_OPEN >= whole[0]


def _is_compared(exhibit: Exhibit, result: Result, shown: list[Result]) -> bool:
    """Whether the exhibit names dataset and vintage beside the number: along an axis, or because there are several series."""
    axes = {*exhibit.rows.split("+"), *exhibit.columns.split("+")}
    if "dataset" in axes:
        return True
    same = {(r.dataset, r.vintage) for r in shown if (r.indicator, r.breakdown) == (result.indicator, result.breakdown)}
    return "series" in axes and len(same) > 1


def _is_compared_in(said: list[Result], result: Result) -> bool:
    """Whether a sentence states the same fact from another dataset or vintage too: "from … to …"."""
    return any(fact(other) == fact(result) and other.sources != result.sources for other in said)


def _agree(one: Result, other: Result) -> bool:
    return math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9)


def _adds_up(difference: Result, minuend: Result, subtrahend: Result) -> bool:
    lowest, highest = minuend.low - subtrahend.high, minuend.high - subtrahend.low
    return lowest - _LEAVES_OPEN <= difference.value <= highest + _LEAVES_OPEN


def _contradiction(key: Key, one: Stated, other: Stated) -> InconsistentResult:
    return InconsistentResult(
        "one number has two values",
        where="; ".join(part for part in key if part),
        expected=f"{one.result.value:g} ({one.result.dataset} {one.result.vintage}), as in {one.place}",
        found=f"{other.result.value:g} ({other.result.dataset} {other.result.vintage}), in {other.place}",
        unchanged=_NOT_SEALED,
        hint="take both from the preferred series, or show the other by dataset where vintages are compared",
    )


def _not_adding_up(record: Record, exhibit: Exhibit, difference: Result, *terms: Result) -> InconsistentResult:
    return InconsistentResult(
        "a difference is not that of the numbers beside it",
        where=f"{record.study} {record.country}, {exhibit.id}: {'; '.join(filter(None, fact(difference)))}",
        expected=" less ".join(f"{term.value:g} ({term.dataset} {term.vintage})" for term in terms),
        found=f"{difference.value:g} ({difference.dataset} {difference.vintage})",
        unchanged=_NOT_SEALED,
        hint="take all three from one series",
    )


def _not_whole(record: Record, exhibit: Exhibit, parts: list[Result], whole: tuple[float, float]) -> InconsistentResult:
    return InconsistentResult(
        "the parts of a figure are not the whole that it shows",
        where=f"{record.study} {record.country}, {exhibit.id}: {parts[0].geo}, {parts[0].time}",
        expected=f"{whole[0]:g}" if whole[0] == whole[1] else f"{whole[0]:g} to {whole[1]:g}",
        found=f"{sum(part.value for part in parts):g}, of {len(parts)} parts",
        unchanged=_NOT_SEALED,
        hint="show what the parts do not hold as a part of its own: study.and_rest or study.rest",
    )
