"""The axis of time: years, and quarters and months as a calendar shows them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from matplotlib.axes import Axes

from workbench.model.errors import WorkbenchError
from workbench.model.periods import in_a_year, number_in_year, shift, year_of
from workbench.model.types import Result
from workbench.presentation.charts.sheet import sheet_of
from workbench.presentation.wording import Wording

_MORE_WITHIN = 2
"""How many more names there may be of months and quarters than of years: they are shorter."""


def times_of(results: Iterable[Result]) -> list[str]:
    """The periods of some results, the earliest first; those without a result too, or an axis would have no place for them.

    Where no period follows another at once (a survey of every fifth year), those that there are.
    """
    times = sorted({result.time for result in results})
    is_regular = len({in_a_year(time) for time in times}) == 1 and any(
        shift(time, 1) == later for time, later in pairwise(times)
    )
    return _from_first_to_last(times) if is_regular else times


def every_period(results: Iterable[Result]) -> list[str]:
    """All periods from the first of some results to the last, those without a result too.

    Raises
    ------
    WorkbenchError
        If some are of another length: months and years have no common axis.
    """
    times = sorted({result.time for result in results})
    if len({in_a_year(time) for time in times}) > 1:
        raise WorkbenchError(
            "a chart over time has one kind of period",
            expected="years, quarters or months",
            found=", ".join((times[0], times[-1])),
            hint="ask for the results of one kind alone",
        )
    return _from_first_to_last(times)


def _from_first_to_last(times: Sequence[str]) -> list[str]:
    periods = list(times[:1])
    while periods and periods[-1] < times[-1]:
        periods.append(shift(periods[-1], 1))
    return periods


def calendar_ticks(axes: Axes, wording: Wording, periods: Sequence[str], most: int = 0, margin: float = 0.3) -> None:
    """Ticks at some of the periods, as many as the sheet has room for or fewer; see `calendar_names`."""
    names = calendar_names(wording, periods, most or sheet_of(axes).measure.ticks)
    axes.set_xticks(list(names), list(names.values()))
    axes.set_xlim(-margin, len(periods) - 1 + margin)


def calendar_names(wording: Wording, periods: Sequence[str], most: int = 8) -> dict[int, str]:
    """What is written below which of some periods.

    Of at most so many years, the last and evenly back from it; of few months or quarters, below these too, with the year once.
    """
    within = _within_years(periods)
    if in_a_year(periods[0]) == 1 or len(within) > most + _MORE_WITHIN:
        return {position: str(year_of(periods[position])) for position in _beginnings(periods, most)}
    first = {year_of(periods[position]): position for position in reversed(within)}
    return {
        position: wording.within_year(time) + (f"\n{year_of(time)}" if first[year_of(time)] == position else "")
        for position, time in ((position, periods[position]) for position in within)
    }


def _beginnings(periods: Sequence[str], most: int) -> list[int]:
    """Where years begin: the last year, and evenly back from it."""
    first = [
        position
        for position, time in enumerate(periods)
        if number_in_year(time) == 1 or (position and year_of(time) != year_of(periods[position - 1]))
    ]
    return first[:: min(-len(first) // most, -1)][::-1]


def _within_years(periods: Sequence[str]) -> list[int]:
    """Every quarter, or every month that begins one; of few months, each."""
    step = 3 if in_a_year(periods[0]) == 12 and len(periods) > 7 else 1
    return [position for position, time in enumerate(periods) if (number_in_year(time) - 1) % step == 0]


def end_names(wording: Wording, periods: Sequence[str]) -> list[str]:
    """The first and the last of some periods, a month or quarter above its year."""
    return [
        time if in_a_year(time) == 1 else f"{wording.within_year(time)}\n{year_of(time)}"
        for time in (periods[0], periods[-1])
    ]
