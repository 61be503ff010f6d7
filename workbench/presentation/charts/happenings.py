"""What happened in the periods of a chart over time: a faint line each, behind what is drawn, its number above, and its name in a list."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes

from workbench.declarations.events import Event
from workbench.model.periods import days_of, is_period
from workbench.presentation.charts.sheet import sheet_of
from workbench.presentation.charts.style import CONTEXT, FAINT, annotate
from workbench.presentation.wording import Wording, capitalised

_DIGIT = 0.64
"""The width of a digit, of its letters."""
_ACROSS = 0.6
"""About the part of a sheet's width that the axes take, with names beside them."""

_FREE = 0.9
"""Up to this part of its height what is said within the axes does not reach beyond them."""


def draw_events(axes: Axes, periods: Sequence[str], events: Iterable[Event], said_to: float) -> None:
    """Mark when each event began; the limits of the axis of time are set.

    The numbers stand above the drawing, each at its line or beside the number that it would touch; ``said_to`` is the highest
    place of other words, above which they stand.
    """
    top, measure = axes.get_xaxis_transform(), sheet_of(axes).measure
    left, right = axes.get_xlim()
    digit = measure.small * _DIGIT * (right - left) / (_ACROSS * measure.points)
    least, bottom = left, axes.get_ylim()[0]
    is_free = said_to - bottom < _FREE * (axes.get_ylim()[1] - bottom)
    away = 4 if is_free else 7 + measure.size
    for number, event in enumerate(in_time(periods, events), start=1):
        place = _place(periods, event)
        axes.axvline(place, color=CONTEXT, linewidth=0.6, zorder=0)
        stands = max(place, least)
        look = {"ha": "center", "color": FAINT, "fontsize": measure.small}
        annotate(axes, str(number), (stands, 1), (0, away), origin=top, **look)
        least = stands + 1.5 * digit


def in_time(periods: Sequence[str], events: Iterable[Event]) -> list[Event]:
    """The events that began from the first period to the last, the earliest first: as they are numbered."""
    return sorted(
        (event for event in events if _place(periods, event) >= 0), key=lambda event: (event.first_day, event.id)
    )


def described_events(wording: Wording, periods: Sequence[str], events: Iterable[Event]) -> list[str]:
    """Name and date of each: ``Route through Belarus (June 2021)``."""
    return [
        f"{capitalised(wording.in_language(event.labels))} ({_when(wording, event)})"
        for event in in_time(periods, events)
    ]


def describe_events(wording: Wording, periods: Sequence[str], events: Iterable[Event]) -> list[str]:
    """What happened, in words: one sentence, or none."""
    named = "; ".join(described_events(wording, periods, events))
    return [wording.text("Marked as events: {events}.").format(events=named)] if named else []


def _place(periods: Sequence[str], event: Event) -> int:
    """The position of the period in which it began, or of the next one that is shown; -1 where it began in none of their time."""
    days = [days_of(period) for period in periods]
    if not days or not days[0][0] <= event.first_day <= days[-1][1]:
        return -1
    return sum(last < event.first_day for _, last in days)


def _when(wording: Wording, event: Event) -> str:
    return wording.period_alone(event.first) if is_period(event.first) else wording.date(event.first_day)
