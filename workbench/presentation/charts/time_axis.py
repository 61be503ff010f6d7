"""The axis of time: years, and quarters and months as a calendar shows them."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes

from workbench.model.errors import WorkbenchError
from workbench.model.periods import in_a_year, number_in_year, shift, year_of
from workbench.model.types import Result
from workbench.presentation.wording import Wording

_FEW_YEARS = 2.5
"""Up to so many years, the months or quarters in them are named too."""


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
    periods = times[:1]
    while periods and periods[-1] < times[-1]:
        periods.append(shift(periods[-1], 1))
    return periods


def calendar_ticks(axes: Axes, wording: Wording, periods: Sequence[str], margin: float = 0.5) -> None:
    """Ticks at some of the periods, none of which is left out: see `calendar_names`."""
    names = calendar_names(wording, periods)
    axes.set_xticks(list(names), list(names.values()))
    axes.set_xlim(-margin, len(periods) - 1 + margin)


def calendar_names(wording: Wording, periods: Sequence[str], most: int = 8) -> dict[int, str]:
    """What is written below which of some periods: below the first of a year its number, of at most so many years; of few years,
    months and quarters too."""
    number = in_a_year(periods[0])
    if number == 1 or len(periods) > _FEW_YEARS * number:
        return {position: str(year_of(periods[position])) for position in _beginnings(periods, most)}
    shown = _within_years(periods, number)
    # The year stands once, below its first name.
    first = {year_of(periods[position]): position for position in reversed(shown)}
    return {
        position: wording.within_year(time) + (f"\n{year_of(time)}" if first[year_of(time)] == position else "")
        for position, time in ((position, periods[position]) for position in shown)
    }


def _beginnings(periods: Sequence[str], most: int) -> list[int]:
    """The first periods of years: of the last year, and evenly back from it."""
    first = [position for position, time in enumerate(periods) if number_in_year(time) == 1]
    return first[:: min(-len(first) // most, -1)][::-1]


def _within_years(periods: Sequence[str], number: int) -> list[int]:
    """Every quarter, or every month that begins one; of half a year, every month."""
    step = 3 if number == 12 and len(periods) > 7 else 1
    return [position for position, time in enumerate(periods) if (number_in_year(time) - 1) % step == 0]
