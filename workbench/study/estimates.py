"""Results that a method estimates from others: each says what it was made from, and what its bounds are."""

import math
from collections.abc import Iterable

from workbench.indicators.formulas import joined_flags, joined_sources
from workbench.model.errors import InconsistentResult
from workbench.model.types import NOT_AVAILABLE, Result
from workbench.study.reader import Reader


def estimate(
    study: Reader,
    indicator: str,
    basis: Iterable[Result],
    value: float,
    low: float | None = None,
    high: float | None = None,
    *,
    geo: str | None = None,
    time: str | None = None,
    breakdown: str = "",
    flags: str | None = None,
    across_vintages: bool = False,
) -> Result:
    """A result of an estimated indicator.

    Parameters
    ----------
    study : Reader
        The study that publishes it: its country and reference year hold unless others are given.
    indicator : str
        An indicator, or a suffix of one, that ``params/indicators.yaml`` declares with an ``interval``.
    basis : iterable of Result
        What it was estimated from: its datasets and vintages, and its flags unless others are given.
    value, low, high : float
        In the unit that is declared; without bounds, the value is exact. NaN where the method refused.
    geo, time, breakdown, flags : str, optional
        As in `workbench.model.types.Result`.
    across_vintages : bool
        Whether it compares vintages of one dataset, as what is said of revisions does.

    Raises
    ------
    InconsistentResult
        If the indicator is not one that is estimated, nothing or two vintages are named that it was made from, or the value
        lies outside its bounds.
    """
    basis = tuple(basis)
    if not study.indicators.is_estimated(indicator):
        raise InconsistentResult(
            f"{indicator} is evaluated by a formula, not estimated",
            expected="formula: estimate, or a suffix with an interval",
            hint="ask study.results for it, or declare it in params/indicators.yaml as an estimate",
        )
    if not basis:
        raise InconsistentResult(f"{indicator} is made from nothing", expected="the results it was estimated from")
    low, high = value if low is None else low, value if high is None else high
    # A NaN is neither below nor above.
    if low > value or high < value:
        raise InconsistentResult(
            f"{indicator} lies outside its own interval", expected=f"{low} to {high}", found=f"{value}"
        )
    own = joined_flags(*(result.flags for result in basis)) if flags is None else flags
    dataset, vintage = joined_sources((result.dataset, result.vintage) for result in basis)
    if len(set(dataset.split("+"))) < len(dataset.split("+")) and not across_vintages:
        raise InconsistentResult(
            f"{indicator} was made from two vintages of one dataset",
            expected="one of each",
            found=f"{dataset} {vintage}",
        )
    return Result(
        indicator=indicator,
        geo=geo or study.country,
        breakdown=breakdown,
        time=time or str(study.year),
        value=float(value),
        low=float(low),
        high=float(high),
        unit=study.indicators.unit(indicator),
        flags=joined_flags(own, NOT_AVAILABLE if math.isnan(value) else ""),
        dataset=dataset,
        vintage=vintage,
    )
