"""The curves of a funnel, through limits that are known at some denominators."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.model.types import Result

_POINTS = 120


def curves(limits: Sequence[Result], sizes: Mapping[str, float]) -> list[tuple[NDArray, NDArray]]:
    """The lower and the upper limit as curves over the denominators; none where limits of fewer than two units are known.

    The distance of a limit from the centre, times the root of the denominator, changes little from one unit to the next: that is
    what is interpolated, over the logarithm of the denominator.

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
    places = np.array(sorted(known))
    between = np.geomspace(places[0], places[-1], _POINTS)
    centre, low, high = (np.array([getattr(known[place], end) for place in places]) for end in ("value", "low", "high"))
    middle = np.interp(np.log(between), np.log(places), centre)

    def curve(limit: NDArray) -> tuple[NDArray, NDArray]:
        distance = (limit - centre) * np.sqrt(places)
        return between, middle + np.interp(np.log(between), np.log(places), distance) / np.sqrt(between)

    return [curve(low), curve(high)]
