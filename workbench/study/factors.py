"""What made a number of grants change: more or fewer applicants, decisions for each of them, or grants for each decision."""

from collections.abc import Sequence
from typing import Any

import numpy

from workbench.indicators.results import Results
from workbench.methods.decomposition import effect_of_factor
from workbench.methods.rounding import formula_bounds
from workbench.model.types import BREAK, Result
from workbench.study.estimates import estimate
from workbench.study.reader import Reader

FACTORS = ("APPLICANTS", "PACE", "RECOGNITION")
"""Of the number of grants: their product."""


def factors_of_grants(study: Reader, now: Sequence[Result], before: Sequence[Result]) -> Results:
    """The change of the number of grants as the sum of the effects of its three factors.

    Grants are applicants × decisions for each applicant × grants for each decision. The effect of a factor is what the number
    would differ by if that factor alone were another, averaged over all states of the others (Das Gupta).

    Parameters
    ----------
    study : Reader
        For whose record it is.
    now, before : sequence of Result
        Applicants, decisions and grants, of the reference year and of the one before it.

    Returns
    -------
    Results
        One for each of `FACTORS`; none where a number is missing or may be nought, or a series breaks in between.
    """
    counts = [*now, *before]
    is_broken = any(BREAK in count.flags for count in now)
    if is_broken or not all(count.is_available and count.low > 0 for count in counts):
        return Results()
    box = numpy.array([count.low for count in counts]), numpy.array([count.high for count in counts])
    values = numpy.array([count.value for count in counts])

    def effect(numbers: Any, at: int) -> Any:
        return effect_of_factor(_factors(numbers[:3]), _factors(numbers[3:]), at)

    bounds = [formula_bounds(lambda numbers, at=at: effect(numbers, at), box) for at in range(len(FACTORS))]
    return Results(
        estimate(
            study,
            f"{now[-1].indicator}_change_by_factor",
            counts,
            effect(values, at),
            min(bounds[at][0], effect(values, at)),
            max(bounds[at][1], effect(values, at)),
            geo=now[-1].geo,
            time=now[-1].time,
            breakdown=f"factor={factor}",
        )
        for at, factor in enumerate(FACTORS)
    )


def _factors(counts: Any) -> tuple:
    applicants, decisions, grants = (counts[at] for at in range(3))
    return applicants, decisions / applicants, grants / decisions
