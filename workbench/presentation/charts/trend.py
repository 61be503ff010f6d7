"""A small line without axes beside a finding: where the number comes from over the years."""

from collections.abc import Sequence
from itertools import groupby

from workbench.model.words import Result

_WIDTH, _HEIGHT, _MARGIN = 120, 36, 4


def trend_svg(series: Sequence[Result]) -> str:
    """Draw a series from zero to its highest value; gaps where a value is missing, a dot at the last.

    It decorates a sentence that states the number, and is hidden from screen readers: the figures say more.
    Empty for fewer than two values.
    """
    there = [result for result in series if result.is_available]
    if len(there) < 2:
        return ""
    highest = max(result.value for result in there) or 1.0
    step = (_WIDTH - 2 * _MARGIN) / (len(series) - 1)

    def point(position: int, result: Result) -> str:
        height = (_HEIGHT - 2 * _MARGIN) * result.value / highest
        return f"{_MARGIN + position * step:.1f},{_HEIGHT - _MARGIN - height:.1f}"

    stretches = groupby(enumerate(series), key=lambda item: item[1].is_available)
    lines = "".join(
        f'<polyline points="{" ".join(point(*item) for item in stretch)}"/>'
        for available, stretch in stretches
        if available
    )
    x, y = point(*max((item for item in enumerate(series) if item[1].is_available), key=lambda item: item[0])).split(
        ","
    )
    return (
        f'<svg class="trend" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true" focusable="false">'
        f'{lines}<circle cx="{x}" cy="{y}" r="3"/></svg>'
    )
