"""The answer to a question: its results, from one vintage of each dataset unless several are asked for; and what is missing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from workbench.data.observations import Columns, Parts, absent, absent_parts, select_columns, select_parts
from workbench.data.preferred import having_most
from workbench.data.snapshots import Snapshot
from workbench.declarations.datasets import DatasetDeclaration
from workbench.declarations.indicators import CountSource
from workbench.exploring.question import Question
from workbench.indicators.evaluate import Evaluator
from workbench.indicators.results import Results
from workbench.model.errors import UnknownCode
from workbench.model.types import NO_VINTAGE, TOTALS

Vintages = Mapping[str, str]
"""Dataset to the vintage that is read of it."""


@dataclass(frozen=True)
class Reading:
    """A question, read from one vintage of each dataset.

    Attributes
    ----------
    question : Question
        What is asked.
    vintages : dict
        Dataset to the vintage that is read.
    """

    question: Question
    vintages: Vintages

    @cached_property
    def results(self) -> Results:
        """All that is asked for, in the order of the question.

        Raises
        ------
        InconsistentResult
            If the parts of a number are in two vintages of one dataset.
        UnknownCode
            If the formula does not break down by what is asked for.
        """
        asked, (found, _) = self.question, self._computed
        for dimension, codes in asked.breakdown.items():
            if found and not set(TOTALS).issuperset(codes) and not any(dimension in result.codes for result in found):
                raise UnknownCode(
                    f"{asked.indicator} is not broken down by {dimension}: its formula leaves that out",
                    where=dimension,
                    hint=f"ask for what it is computed from: {', '.join(asked.held.indicators.counts(asked.indicator))}",
                )
        return found

    @property
    def counts_read(self) -> list[tuple[str, CountSource, Mapping]]:
        """The counts that the results were computed from: each with what it was read from, and its breakdown."""
        return self._computed[1]

    @cached_property
    def _computed(self) -> tuple[Results, list[tuple[str, CountSource, Mapping]]]:
        asked = self.question
        chosen: dict[str, tuple[str, CountSource, Mapping]] = {}

        def choose(indicator: str, sources: tuple[CountSource, ...], breakdown: Mapping) -> CountSource:
            source = self._choose(indicator, sources, breakdown)
            chosen[repr((indicator, breakdown))] = indicator, source, breakdown
            return source

        frame = self._evaluator(choose).results(asked.indicator, asked.geo, asked.time, asked.breakdown)
        return Results.of(frame), list(chosen.values())

    @property
    def snapshots(self) -> list[tuple[DatasetDeclaration, Snapshot]]:
        """The snapshots that numbers are from."""
        pairs = {pair for result in self.results for pair in result.sources if pair[1] != NO_VINTAGE}
        declared = self.question.held.datasets
        read = [(declared[dataset], self.snapshot(dataset)) for dataset, _ in sorted(pairs)]
        return [(declaration, snapshot) for declaration, snapshot in read if snapshot]

    def snapshot(self, dataset: str) -> Snapshot | None:
        """The snapshot that is read of a dataset; None where there is none."""
        vintage = self.vintages.get(dataset)
        return next((one for one in self.question.held.snapshots[dataset] if one.id.vintage == vintage), None)

    def counted(self, indicator: str, source: CountSource, breakdown: Mapping) -> Results:
        """A count, read from one source, of the places and periods that are asked for."""
        asked = self.question
        key = indicator, repr(source), repr(breakdown), self.vintages.get(source.dataset, "")
        if key not in asked.counted:
            only = self._evaluator(lambda *_: source)
            asked.counted[key] = Results.of(only.results(indicator, asked.geo, asked.time, breakdown))
        return asked.counted[key]

    def _evaluator(self, choose: Callable) -> Evaluator:
        return Evaluator(self.question.held.indicators, self._observe, self._observe_parts, choose)

    def _choose(self, indicator: str, sources: tuple[CountSource, ...], breakdown: Mapping) -> CountSource:
        """Of the datasets that publish the same, the one that has most of what is asked for."""
        named = tuple(source for source in sources if source.dataset == self.question.dataset) or sources
        allowed = tuple(filter(self.question.may_be_in, named)) or named
        return having_most(allowed, lambda source: _available(self.counted(indicator, source, breakdown)))

    def _observe(self, dataset: str, filters: Mapping) -> Columns:
        declaration, snapshot = self.question.held.datasets[dataset], self.snapshot(dataset)
        return select_columns(snapshot, declaration, filters, gaps=True) if snapshot else absent(declaration, filters)

    def _observe_parts(self, dataset: str, filters: Mapping, over: Collection[str]) -> Parts:
        declaration, snapshot = self.question.held.datasets[dataset], self.snapshot(dataset)
        if snapshot is None:
            return absent_parts(declaration, filters, over)
        return select_parts(snapshot, declaration, filters, over, gaps=True)


@dataclass(frozen=True)
class Answer:
    """What a question is answered with: a reading, or one for each vintage that is asked for."""

    question: Question
    readings: tuple[Reading, ...]

    @cached_property
    def results(self) -> Results:
        """The results of all readings; no series is made of two."""
        once = {result.key: result for reading in self.readings for result in reading.results}
        return Results(once.values())

    @property
    def snapshots(self) -> list[tuple[DatasetDeclaration, Snapshot]]:
        """The snapshots that numbers are from, each once."""
        once = {str(snapshot.id): (declared, snapshot) for one in self.readings for declared, snapshot in one.snapshots}
        return [once[name] for name in sorted(once)]


def answer(question: Question) -> Answer:
    """Answer a question from the vintage of each dataset that has most of what is asked for; among equally full ones, the
    newest. Of several vintages that are asked for, each makes a series of its own."""
    fullest = _fullest(question)
    if not question.vintages:
        return Answer(question, (Reading(question, fullest),))
    held = question.held.snapshots
    named = (
        {dataset: vintage for dataset in held if any(one.id.vintage == vintage for one in held[dataset])}
        for vintage in question.vintages
    )
    return Answer(question, tuple(Reading(question, {**fullest, **of_one}) for of_one in named))


def other_readings(reading: Reading) -> Iterator[Reading]:
    """The same question, read from another vintage of a dataset that was read, or from another dataset that publishes the same."""
    asked = reading.question
    read = {source.dataset for _, source, _ in reading.counts_read}
    for dataset, snapshots in asked.held.snapshots.items():
        if dataset not in read:
            yield Reading(replace(asked, dataset=dataset), reading.vintages)
            continue
        for snapshot in snapshots:
            if snapshot.id.vintage != reading.vintages[dataset]:
                yield Reading(asked, {**reading.vintages, dataset: snapshot.id.vintage})


def _fullest(question: Question) -> dict[str, str]:
    """The vintage of each dataset in which the counts have most values of what is asked for."""
    counts = _counts_asked(question)
    chosen = {}
    for dataset, snapshots in question.held.snapshots.items():

        def values(snapshot: Snapshot, dataset: str = dataset) -> int:
            reading = Reading(question, {dataset: snapshot.id.vintage})
            return sum(
                max(_available(reading.counted(name, source, breakdown)) for source in own)
                for name, sources, breakdown in counts
                if (own := [source for source in sources if source.dataset == dataset])
            )

        if snapshots:
            chosen[dataset] = having_most(snapshots, values).id.vintage
    return chosen


def _counts_asked(question: Question) -> list[tuple[str, tuple[CountSource, ...], Mapping]]:
    """The counts that the formula asks for, with the breakdown of each: found out by computing it from nothing."""
    asked: dict[str, tuple[str, tuple[CountSource, ...], Mapping]] = {}

    def choose(indicator: str, sources: tuple[CountSource, ...], breakdown: Mapping) -> CountSource:
        asked[repr((indicator, breakdown))] = indicator, sources, breakdown
        return sources[0]

    declared = question.held.datasets
    nothing = Evaluator(
        question.held.indicators,
        lambda dataset, filters: absent(declared[dataset], filters),
        lambda dataset, filters, over: absent_parts(declared[dataset], filters, over),
        choose,
    )
    nothing.results(question.indicator, question.geo, question.time, question.breakdown)
    return list(asked.values())


def _available(results: Results) -> int:
    return sum(result.is_available for result in results)
