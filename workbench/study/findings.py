"""Key findings with how far each departs from the years before, to be ordered by that."""

from collections.abc import Sequence

from workbench.model.sentence import Sentence
from workbench.model.types import Result
from workbench.study.claims import Extreme
from workbench.study.defining import departure
from workbench.study.finding import Finding


def finding_with_departure(
    sentence: Sentence, number: Result | Extreme | None, trend: Sequence[Result] = (), shares: Sequence[Result] = ()
) -> tuple[Finding, float]:
    """A finding, and how far its number departs from the years before: what `the_year_first` orders.

    Parameters
    ----------
    sentence, number, trend
        Of the finding. Without a trend nothing tells what is ordinary, and it departs from nothing.
    shares : sequence of Result
        As for `workbench.study.defining.departure`.
    """
    return Finding(sentence, number, trend), departure(trend, shares) if trend else 1.0
