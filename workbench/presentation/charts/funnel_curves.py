"""The curves of a funnel, through limits that are known at some denominators."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.model.types import Result

_POINTS = 120


def curves(limits: Sequence[Result], sizes: Mapping[str, float]) -> list[tuple[NDArray, NDArray]]:
    """The lower and the upper limit as curves over the denominators; none where limits of fewer than two units are known.

    The square of a limit's distance from the centre is a variance: that of chance goes as one over the denominator, and what
    differs between the units beyond chance is added to it (Spiegelhalter, *Statistics in Medicine* 24 (2005) 1185–1202, section
    5). So the squares are interpolated over one over the denominator.

    Parameters
    ----------
    limits : sequence of Result
        Of one level, one for each unit: the centre line, and the limits at its denominator.
    sizes : mapping
        The denominator of each unit.
    """
    known = {sizes[one.geo]: one for one in limits if one.is_available and one.geo in sizes}
    if len(known) < 2:
        return []
    places = np.array(sorted(known))[::-1]
    between = np.geomspace(places[-1], places[0], _POINTS)
    centre, low, high = (np.array([getattr(known[place], end) for place in places]) for end in ("value", "low", "high"))

    def through(heights: NDArray) -> NDArray:
        return np.interp(1 / between, 1 / places, heights)

    below, above = np.sqrt(through((centre - low) ** 2)), np.sqrt(through((high - centre) ** 2))
    return [(between, through(centre) - below), (between, through(centre) + above)]
