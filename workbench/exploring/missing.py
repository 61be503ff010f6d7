"""Why a number is not there (``x``), and where it may be had: in another vintage, another dataset, or at the provider."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from workbench.data.observations import EVERY
from workbench.declarations.sources import declared_sources
from workbench.exploring.answer import Answer, Reading, other_readings
from workbench.indicators.lacking import Held, Lacking, Reason, why_lacking
from workbench.model.paths import Project
from workbench.model.types import NO_VINTAGE, NOT_AVAILABLE, Result


@dataclass(frozen=True)
class Elsewhere:
    """Results that are missing here, and that another vintage or dataset has."""

    dataset: str
    vintage: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Missing:
    """What is missing from an answer.

    Attributes
    ----------
    results : tuple of Result
        Those that are not available.
    elsewhere : tuple of Elsewhere
        What other vintages and datasets have of them, those that have most first.
    lacking : tuple of Lacking
        What the snapshots that were read lack.
    commands : tuple of str
        What would ask the providers for what no snapshot here has.
    """

    results: tuple[Result, ...]
    elsewhere: tuple[Elsewhere, ...]
    lacking: tuple[Lacking, ...]
    commands: tuple[str, ...]

    def is_all_of(self, results: Collection[Result]) -> bool:
        """Whether none of the results is there, and nothing but that can be said of them."""
        return len(self.results) == len(results)


def missing_of(project: Project, answer: Answer) -> Missing:
    """What is missing from an answer, and why. What a flag explains (confidential, withheld) is not missing."""
    readings = [
        (reading, _missing(reading.results)) for reading in answer.readings if _missing(reading.results)
    ]  # fmt: skip
    there = {_cell(result) for result in answer.results if result.is_available}
    results = [result for _, missing in readings for result in missing]
    if not results:
        return Missing((), (), (), ())
    elsewhere = [one for reading, missing in readings for one in _elsewhere(reading, missing, there)]
    lacking = [one for reading, missing in readings for one in _lacking(reading, missing)]
    found = there | {_cell(result) for one in elsewhere for result in one.results}
    nowhere = [result for result in results if _cell(result) not in found]
    return Missing(
        tuple({result.key: result for result in results}.values()),
        tuple({(one.dataset, one.vintage): one for one in elsewhere}.values()),
        tuple(dict.fromkeys(lacking)),
        tuple(_commands(project, answer, nowhere, lacking)),
    )


def _missing(results: Iterable[Result]) -> list[Result]:
    return [result for result in results if not result.is_available and NOT_AVAILABLE in result.flags]


def _cell(result: Result) -> tuple[str, str, str]:
    return result.geo, result.breakdown, result.time


# Elsewhere


def _elsewhere(reading: Reading, missing: list[Result], there: set[tuple[str, str, str]]) -> list[Elsewhere]:
    """Other vintages of a dataset that is read, then other datasets: each that has some of what is missing."""
    wanted = {_cell(result) for result in missing} - there
    read = {pair for result in reading.results for pair in result.sources}
    found: dict[tuple[str, str], Elsewhere] = {}
    for other in other_readings(reading):
        having = tuple(one for one in other.results if one.is_available and _cell(one) in wanted)
        for pair in dict.fromkeys(pair for one in having for pair in one.sources if pair not in read):
            found.setdefault(pair, Elsewhere(*pair, having))
    return sorted(found.values(), key=lambda one: -len(one.results))


# Why it is not here


def _lacking(reading: Reading, missing: list[Result]) -> list[Lacking]:
    """Of each count that a missing result needs, what its snapshot does not have."""
    wanted = {(result.geo, result.time) for result in missing}
    grouped: dict[tuple[str, str, Reason, tuple[tuple[str, str], ...]], list[tuple[str, str]]] = defaultdict(list)
    for count, source, breakdown in reading.counts_read:
        snapshot = reading.snapshot(source.dataset)
        for result in _missing(reading.counted(count, source, breakdown)):
            if (result.geo, result.time) in wanted:
                why = why_lacking(source, _held(reading, source.dataset), breakdown, result)
                grouped[(source.dataset, snapshot.id.vintage if snapshot else NO_VINTAGE, *why)].append(
                    (result.geo, result.time)
                )
    return [Lacking(*key, tuple(dict.fromkeys(cells))) for key, cells in grouped.items()]


def _held(reading: Reading, dataset: str) -> Held | None:
    snapshot = reading.snapshot(dataset)
    return snapshot.opened(reading.question.held.datasets[dataset]).codes if snapshot else None


# Where it may be had


def _commands(project: Project, answer: Answer, nowhere: list[Result], lacking: Iterable[Lacking]) -> Iterable[str]:
    """What would fill what no snapshot here has, of the datasets that lack it: not of those that published no value."""
    if not nowhere:
        return
    cells = {(result.geo, result.time) for result in nowhere}
    with_interface = declared_sources(project)
    asked = answer.question
    for dataset in dict.fromkeys(
        one.dataset for one in lacking if one.reason is not Reason.NOT_PUBLISHED and cells & set(one.cells)
    ):
        if asked.held.datasets[dataset].agency not in with_interface:
            yield asked.held.datasets[dataset].taken_in_by
            continue
        own = {
            name
            for snapshot in asked.held.snapshots[dataset]
            for name in snapshot.opened(asked.held.datasets[dataset]).dimensions
        }
        filters = [
            f" --filter {dimension}={','.join(codes)}"
            for dimension, codes in asked.breakdown.items()
            if dimension in own and EVERY not in codes
        ]
        yield f"workbench fetch {dataset} --since {min(asked.time)}{''.join(filters)}"
