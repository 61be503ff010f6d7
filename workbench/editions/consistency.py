"""One number, one value: whether the pages of an edition agree, with each other and with the site.

A fact is an indicator, a place, a breakdown and a period. It has one value wherever it is stated. Where datasets or
vintages are compared, each number is shown with its own, and another value is not a contradiction. Nor is it between studies
of different reference years, as the edition ``latest`` has them: each reads the series that has its own year, and says so.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.data.preferred import Key, PreferredSeries, fact, read_by_most
from workbench.declarations.indicators import Difference, Indicators
from workbench.execution.recorded import Recorded, read_recorded
from workbench.execution.run_files import RunFiles
from workbench.model.errors import InconsistentResult, WorkbenchError
from workbench.model.record import Record
from workbench.model.types import NOT_BROKEN_DOWN, OTHER, Result
from workbench.presentation.blocks import Exhibit
from workbench.presentation.sentences import in_english
from workbench.site.headline_results import is_total_of_a_year

REST = frozenset({OTHER, NOT_BROKEN_DOWN})
"""The codes of what remains of a whole beside its named parts."""

YearAndKey = tuple[int, Key]
"""The reference year of a study, and a fact that it states."""

_TOLERANCE = 1e-6
_NOT_SEALED = "the edition was not sealed"


@dataclass(frozen=True)
class Stated:
    """A number, and where it is stated."""

    result: Result
    place: str


def contradictions(
    runs: Iterable[RunFiles], indicators: Indicators, pinned: Mapping[str, Sequence[str]]
) -> list[WorkbenchError]:
    """The contradictions between the studies of an edition, or with the site; one for each fact.

    The site shows the preferred of all numbers that
    the studies of a country publish; these are what the studies must state.

    Parameters
    ----------
    runs : iterable of RunFiles
        The runs of the edition.
    indicators : Indicators
        The declarations.
    pinned : mapping
        The vintages that the edition pins.
    """
    seen: dict[YearAndKey, Stated] = {}
    found: dict[YearAndKey, WorkbenchError] = {}
    balances: list[WorkbenchError] = []
    published: dict[tuple[str, int], list[Result]] = defaultdict(list)
    chosen: dict[tuple[str, int], list[Mapping[str, str]]] = defaultdict(list)
    for files in runs:
        recorded = read_recorded(files)
        record = recorded.record
        for stated in stated_in(recorded):
            key = record.year, fact(stated.result)
            # The rest of a whole depends on which parts a figure names: the rest in another figure is another number.
            if not REST.isdisjoint(stated.result.codes.values()):
                continue
            before = seen.setdefault(key, stated)
            if not _agree(before.result, stated.result):
                found.setdefault(key, _contradiction(before, stated))
        balances += [*unbalanced(recorded, indicators), *incomplete(recorded)]
        of = record.country, record.year
        published[of] += [r for r in record.results if r.geo == record.country and is_total_of_a_year(r)]
        if not files.run.is_of_its_year:
            chosen[of].append(files.run.vintages)
    for (country, year), of_country in published.items():
        vintages = read_by_most(chosen[country, year]) | dict(pinned)
        preferred = {(year, key): r for key, r in PreferredSeries(indicators, vintages).of(of_country).items()}
        for key in sorted(preferred.keys() & seen.keys() - found.keys()):
            if preferred[key].is_available and not _agree(seen[key].result, preferred[key]):
                found[key] = _contradiction(seen[key], Stated(preferred[key], "the site"))
    return [*found.values(), *balances]


def stated_in(recorded: Recorded) -> Iterator[Stated]:
    """Every available number that a study states as the value of a fact: in a sentence, or in a figure or table that
    does not compare datasets or vintages."""
    name = f"{recorded.record.study} {recorded.record.country}"
    for statement in recorded.statements:
        said, text = statement.sentence.results, in_english(statement.sentence)
        yield from (
            Stated(result, f"{name}, “{text}”")
            for result in said
            if result.is_available and not _is_compared_in(said, result)
        )
        yield from (
            Stated(result, f"{name}, the trend beside “{text}”") for result in statement.trend if result.is_available
        )
    for exhibit in recorded.exhibits:
        for result in exhibit.results:
            if result.is_available and not _is_compared(exhibit, result):
                yield Stated(result, f"{name}, {exhibit.id}")


def unbalanced(recorded: Recorded, indicators: Indicators) -> Iterator[WorkbenchError]:
    """The differences in a figure or table that do not match the numbers beside them, beyond what rounding allows."""
    for exhibit in recorded.exhibits:
        shown = [result for result in exhibit.results if result.is_available]
        for result in shown:
            declared = indicators.indicators.get(result.indicator)
            if isinstance(declared, Difference):
                minuend, subtrahend = (
                    _beside(result, (of, *fact(result)[1:]), shown) for of in (declared.minuend, declared.subtrahend)
                )
                if minuend and subtrahend and not _adds_up(result, minuend, subtrahend):
                    yield _not_adding_up(recorded.record, exhibit, result, minuend, subtrahend)


def _beside(difference: Result, sought: tuple[str, ...], shown: Iterable[Result]) -> Result | None:
    """The number that a reader takes a difference to be of: where several datasets are compared, that of its own."""
    found = [result for result in shown if fact(result) == sought]
    own = [result for result in found if set(result.sources) <= set(difference.sources)]
    return next(iter(own or found), None)


def incomplete(recorded: Recorded) -> Iterator[WorkbenchError]:
    """The figures whose parts do not add up to the whole that they are drawn as, beyond what rounding allows.

    Shares add up to a hundred per cent; counts to the total, where the study publishes it from the same vintage.
    """
    by_key: dict[tuple[str, ...], Result] = {result.key: result for result in recorded.record.results}
    for exhibit in recorded.exhibits:
        groups: dict[tuple[str, str], list[Result]] = {}
        for result in exhibit.parts:
            groups.setdefault((result.geo, result.time), []).append(result)
        for parts in groups.values():
            whole = _whole_of(parts, by_key)
            if whole and all(part.is_available for part in parts) and not _fills(parts, whole):
                yield _not_whole(recorded.record, exhibit, parts, whole)


def _whole_of(parts: list[Result], by_key: Mapping[tuple[str, ...], Result]) -> tuple[float, float] | None:
    """The bounds of what the parts add up to; None where that is not known."""
    first = parts[0]
    if first.unit == "%":
        return 100.0, 100.0
    total = by_key.get((first.indicator, first.geo, "", first.time, first.dataset, first.vintage))
    return (total.low, total.high) if total and total.is_available and total not in parts else None


def _fills(parts: list[Result], whole: tuple[float, float]) -> bool:
    low, high = (sum(getattr(part, bound) for part in parts) for bound in ("low", "high"))
    return low - _TOLERANCE <= whole[1] and high + _TOLERANCE >= whole[0]


def _is_compared(exhibit: Exhibit, result: Result) -> bool:
    """Whether the exhibit names dataset and vintage beside the number: along an axis, or by several series."""
    axes = {*exhibit.rows.split("+"), *exhibit.columns.split("+")}
    if "dataset" in axes:
        return True
    series = (result.indicator, result.breakdown)
    same = {(r.dataset, r.vintage) for r in exhibit.results if (r.indicator, r.breakdown) == series}
    return "series" in axes and len(same) > 1


def _is_compared_in(said: Sequence[Result], result: Result) -> bool:
    """Whether a sentence states the same fact from another dataset or vintage too: "from … to …"."""
    return any(fact(other) == fact(result) and other.sources != result.sources for other in said)


def _agree(one: Result, other: Result) -> bool:
    return math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9)


def _adds_up(difference: Result, minuend: Result, subtrahend: Result) -> bool:
    lowest, highest = minuend.low - subtrahend.high, minuend.high - subtrahend.low
    return lowest - _TOLERANCE <= difference.value <= highest + _TOLERANCE


def _contradiction(one: Stated, other: Stated) -> InconsistentResult:
    return InconsistentResult(
        "one number has two values",
        where="; ".join(part for part in fact(one.result) if part),
        expected=f"{one.result.value:g} ({one.result.dataset} {one.result.vintage}), as in {one.place}",
        found=f"{other.result.value:g} ({other.result.dataset} {other.result.vintage}), in {other.place}",
        unchanged=_NOT_SEALED,
        hint="take both from the preferred series, or compare the vintages in a table by dataset",
    )


def _not_adding_up(record: Record, exhibit: Exhibit, difference: Result, *terms: Result) -> InconsistentResult:
    return InconsistentResult(
        "a difference does not match the numbers beside it",
        where=f"{record.study} {record.country}, {exhibit.id}: {'; '.join(filter(None, fact(difference)))}",
        expected=" less ".join(f"{term.value:g} ({term.dataset} {term.vintage})" for term in terms),
        found=f"{difference.value:g} ({difference.dataset} {difference.vintage})",
        unchanged=_NOT_SEALED,
        hint="take all three from one series",
    )


def _not_whole(record: Record, exhibit: Exhibit, parts: list[Result], whole: tuple[float, float]) -> InconsistentResult:
    return InconsistentResult(
        "the parts of a figure do not add up to the whole that it shows",
        where=f"{record.study} {record.country}, {exhibit.id}: {parts[0].geo}, {parts[0].time}",
        expected=f"{whole[0]:g}" if whole[0] == whole[1] else f"{whole[0]:g} to {whole[1]:g}",
        found=f"{sum(part.value for part in parts):g}, the sum of {len(parts)} parts",
        unchanged=_NOT_SEALED,
        hint="show what remains as a part of its own: study.and_rest or study.rest",
    )
