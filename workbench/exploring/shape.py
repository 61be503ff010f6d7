"""How an answer is laid out: what tells its series apart, what all its numbers share, and the order of both."""

from dataclasses import dataclass
from functools import cached_property

from workbench.exploring.answer import Answer
from workbench.indicators.results import Results
from workbench.model.periods import spans
from workbench.model.types import Result
from workbench.presentation.about import titled
from workbench.presentation.tables import Axis
from workbench.presentation.wording import Wording

_DATASET = "dataset"


@dataclass(frozen=True)
class Shape:
    """The layout of an answer.

    Attributes
    ----------
    answer : Answer
        What is shown.
    """

    answer: Answer

    @cached_property
    def axis(self) -> str:
        """What tells the series apart, as `workbench.presentation.tables.Axis` names it."""
        results = self.answer.results
        of_codes = [
            name for name in ("geo", *self.answer.question.breakdown) if len({_code(r, name) for r in results}) > 1
        ]
        several = [_DATASET] if len(self.answer.readings) > 1 else []
        return "+".join([*of_codes, *several]) or "geo"

    @cached_property
    def times(self) -> list[str]:
        """The periods, in order."""
        return sorted({result.time for result in self.answer.results})

    @cached_property
    def results(self) -> Results:
        """The results; of one period the highest come first, and last what is not available."""
        results = self.answer.results
        if len(self.times) > 1:
            return results
        return Results(sorted(results, key=lambda result: -result.value if result.is_available else float("inf")))

    @cached_property
    def series(self) -> dict[str, list[Result]]:
        """The results of each series, by its key on the axis."""
        return Axis(self.axis).groups(self.results)

    def labels(self, wording: Wording) -> dict[str, str]:
        """The name of each series."""
        return Axis(self.axis).labels(wording, self.series)

    def title(self, wording: Wording) -> str:
        """What is shown: the indicator; and that it is made up, if it is."""
        return titled(wording, wording.indicator(self.answer.question.indicator), self.is_made_up)

    @property
    def is_made_up(self) -> bool:
        """Whether any of its numbers is made up, to try things out."""
        return any(snapshot.card.is_made_up for _, snapshot in self.answer.snapshots)

    def scope(self, wording: Wording) -> str:
        """What all numbers share: places and codes that are not told apart, periods, unit."""
        first = self.answer.results[0]
        shared = [
            name
            for name in ("geo", *self.answer.question.breakdown)
            if name not in self.axis.split("+") or len(self.series) == 1
        ]
        parts = [f"{Axis(name).heading(wording)}: {wording.label(name, _code(first, name))}" for name in shared]
        return "; ".join([*parts, ", ".join(spans(self.times)), wording.unit(first.unit)])


def _code(result: Result, dimension: str) -> str:
    return result.geo if dimension == "geo" else result.code(dimension)
