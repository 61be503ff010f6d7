"""Numbers of both sides in the reader's words: what each is, its value as it was and is, and what the difference consists of."""

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from workbench.archiving.reading import refuse_hostile_yaml
from workbench.comparing.changes import NumberChange
from workbench.comparing.comparison import Comparison
from workbench.comparing.parts import DATA, METHOD, PERIOD
from workbench.comparing.side import Side, understood
from workbench.declarations.indicators import Indicators, read_indicators
from workbench.model.errors import WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Result
from workbench.presentation.tables import legend_html
from workbench.presentation.wording import Wording, flags_beside, why_missing

_PERCENT, _POINTS = "%", "percentage points"
_MOST_DECIMALS = 6

Said = TypeVar("Said")


class NumbersInWords:
    """Words the numbers of a comparison in a language.

    Each number by the indicators of the side that publishes it; by those of the other side, or of the project, where this
    version cannot read them.
    """

    def __init__(self, project: Project, found: Comparison, language: str):
        before, after = (_indicators(side) for side in (found.before, found.after))
        own = before or after or read_indicators(project)
        self._before = Wording(language, before or after or own)
        self.wording = Wording(language, after or before or own)

    def row(self, change: NumberChange) -> dict[str, Any]:
        """What a table says of a number that differs."""
        before, after = change.pair.before, change.pair.after
        decimals = self._decimals(change)
        unit = _POINTS if change.pair.any.unit == _PERCENT else change.pair.any.unit

        def signed(number: float | None) -> str:
            return "" if number is None else self._signed(number, unit, decimals)

        return {
            "name": self.name(change.pair.any),
            "unit": self.wording.unit(change.pair.any.unit),
            "before": before and self.value(before, False, decimals),
            "after": after and self.value(after, True, decimals),
            "difference": signed(change.difference),
            "parts": [signed(change.parts.of(part)) if change.parts else "" for part in (DATA, METHOD, PERIOD)],
            "is_of_one_order": len(change.orders) == 1,
        }

    def flags(self, changes: Iterable[NumberChange]) -> str:
        """What the flags beside numbers mean, as HTML."""
        return legend_html(
            self.wording, [one for change in changes for one in (change.pair.before, change.pair.after) if one]
        )

    def name(self, result: Result) -> dict[str, str]:
        """What a number is: indicator; place and period; breakdown."""
        wording = self.wording
        return {
            "indicator": _or(lambda: wording.indicator(result.indicator), lambda: self._of_old(result)),
            "place": _or(lambda: wording.label("geo", result.geo), lambda: result.geo),
            "period": _or(lambda: wording.period_alone(result.time), lambda: result.time),
            "breakdown": _or(lambda: "; ".join(wording.breakdown(result)), lambda: result.breakdown),
        }

    def _of_old(self, result: Result) -> str:
        return _or(lambda: self._before.indicator(result.indicator), lambda: result.indicator)

    def value(self, result: Result, is_new: bool, decimals: int | None = None) -> dict[str, Any]:
        """A value with its flags, its interval, and its datasets with their vintages."""
        wording = self.wording if is_new else self._before
        value, interval = self._value(wording, result, decimals), _or(lambda: wording.interval(result), lambda: "")
        return {
            "value": value + flags_beside(result),
            "interval": interval if interval != value else "",
            "sources": result.sources,
        }

    def _value(self, wording: Wording, result: Result, decimals: int | None) -> str:
        if not result.is_available:
            return why_missing(result)
        if decimals is None:
            return _or(lambda: wording.value(result), lambda: f"{result.value:g}")
        return wording.number(result.value, result.unit, decimals=decimals) + wording.unit_sign(result.unit)

    def _decimals(self, change: NumberChange) -> int:
        """How many decimals values and difference are told with: those of the unit, or as many more as show the difference."""
        usual, difference = self.wording.decimals(change.pair.any.unit), abs(change.difference or 0)
        shows = 1 - math.floor(math.log10(difference)) if difference else 0
        return min(max(usual, shows if difference < 10.0**-usual else usual), _MOST_DECIMALS)

    def _signed(self, number: float, unit: str, decimals: int) -> str:
        told = self.wording.number(number, unit, decimals=decimals)
        sign = "+" if number > 0 and told.strip("0.,") else ""
        return sign + told + self.wording.unit_sign(unit)


def _indicators(side: Side) -> Indicators | None:
    """The indicators of a side, if this version can read them."""
    try:
        understood(side.payload / "params" / "indicators.yaml", refuse_hostile_yaml)
        return read_indicators(Project(side.payload))
    except WorkbenchError:
        return None


def _or(say: Callable[[], Said], otherwise: Callable[[], Said]) -> Said:
    """What is said; or, of a code or indicator that this version does not know, something else."""
    try:
        return say()
    except (WorkbenchError, KeyError, ValueError):
        return otherwise()
