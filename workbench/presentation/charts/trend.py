"""A small line without axes beside a finding: how the number developed over the years."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from workbench.model.types import Result
from workbench.presentation.wording import Wording

_WIDTH, _HEIGHT, _MARGIN, _WORDS = 240, 64, 5, 16


def trend_svg(wording: Wording, series: Sequence[Result]) -> str:
    """Draw a series from zero, or its lowest negative value, to its highest (a rank from the last place to the first), its
    first and last period with a value below; gaps where a value is missing between them.

    It decorates a sentence that states the number, and is hidden from screen readers: the figures say more.
    Empty for fewer than two values.
    """
    series = _from_first_to_last(sorted(series, key=lambda result: result.time))
    there = [position for position, result in enumerate(series) if result.is_available]
    if len(there) < 2:
        return ""
    values = [series[position].value for position in there]
    lowest, highest = min(0.0, *values), max(0.0, *values)
    across = len(series) - 1
    points = {at: _point(at / across, _height(series[at], lowest, (highest - lowest) or 1.0)) for at in there}
    stretches = groupby(range(len(series)), key=points.__contains__)
    lines = "".join(
        f'<polyline points="{" ".join("{},{}".format(*points[position]) for position in stretch)}"/>'
        for available, stretch in stretches
        if available
    )
    x, y = points[there[-1]]
    return (
        f'<svg class="trend" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true" focusable="false">'
        f'{lines}<circle cx="{x}" cy="{y}" r="4"/>'
        f'<text x="{_MARGIN}" y="{_HEIGHT - 2}">{escape(wording.short_period(series[0].time))}</text>'
        f'<text x="{_WIDTH - _MARGIN}" y="{_HEIGHT - 2}" text-anchor="end">{escape(wording.short_period(series[-1].time))}</text></svg>'
    )


def _from_first_to_last(series: list[Result]) -> list[Result]:
    there = [position for position, result in enumerate(series) if result.is_available]
    return series[there[0] : there[-1] + 1] if there else []


def _height(result: Result, lowest: float, range_of_values: float) -> float:
    """How far up a value is; the first rank is highest."""
    share = (result.value - lowest) / range_of_values
    return 1 - share if result.unit == "rank" else share


def _point(across: float, up: float) -> tuple[str, str]:
    """Coordinates of a point, given as shares of the width and height that margins and words leave."""
    x = _MARGIN + across * (_WIDTH - 2 * _MARGIN)
    y = _HEIGHT - _WORDS - _MARGIN - up * (_HEIGHT - _WORDS - 2 * _MARGIN)
    return f"{x:.1f}", f"{y:.1f}"
