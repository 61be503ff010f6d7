"""Seasonal adjustment of months by X-11: trend, season and irregular by moving averages, extremes weighted down."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11_filters import Array, centred_average, henderson_trend, seasonal_average

PERIOD = 12
YEARS = 5
"""Fewer years cannot tell a season from chance, nor an extreme from the rest."""

_LOWER, _UPPER = 1.5, 2.5
"""Beyond so many standard deviations an irregular value is weighted down, and left out."""


class Mode(Enum):
    """How trend T, season S and irregular I make up a count O."""

    MULTIPLICATIVE = "O = T × S × I"
    PSEUDO_ADDITIVE = "O = T × (S + I − 1)"


@dataclass(frozen=True)
class Decomposition:
    """A series taken apart.

    Attributes
    ----------
    adjusted, trend : array, shape (n,)
        Without its season; and without the irregular either. In the unit of the series.
    seasonal, irregular : array, shape (n,)
        Factors around 1 in X-11, amounts around 0 in STL.
    ratios : array, shape (n,)
        Season and irregular together (table D 8), which tests of seasonality look at.
    """

    adjusted: Array
    trend: Array
    seasonal: Array
    irregular: Array
    ratios: Array


def x11(counts: Array, *, first: int = 0) -> Decomposition:
    """Adjust monthly counts for their season by the filters of X-11.

    Three rounds (tables B, C and D) of: trend by a centred average, season by a 3×3 average, trend by a Henderson filter of
    9, 13 or 23 terms (by the ratio I/C), season by a 3×5 average; the first two find extremes, by a moving standard
    deviation of five years, and the last is of a series in which they are tempered. The last seasonal average is 3×3, 3×5 or
    3×9, by the moving seasonality ratio. The components multiply; where a count is zero, and nothing can be divided by a
    season that may be zero, they are pseudo-additive, and an adjusted count may then fall below zero. Nothing is forecast beyond the ends, and no calendar effect removed.

    Parameters
    ----------
    counts : array, shape (n,)
        Consecutive months, none missing, none negative.
    first : int
        Month of the first of them, 0 for January.

    Raises
    ------
    ThinData
        If there are fewer than five years, gaps, nothing but one value, or a trend that reaches zero.

    References
    ----------
    Shiskin, J., Young, A. and Musgrave, J. (1967), The X-11 Variant of the Census Method II Seasonal Adjustment Program,
    Bureau of the Census, Technical Paper 15. Ladiray, D. and Quenneville, B. (2001), Seasonal Adjustment with the X-11
    Method, Springer. Baxter, M. (1994), A guide to seasonal adjustment of monthly data (pseudo-additive).
    """
    counts = _adjustable(counts)
    mode = Mode.MULTIPLICATIVE if (counts > 0).all() else Mode.PSEUDO_ADDITIVE
    weighted = _extremes_of_the_raw_series(counts, first, mode)
    tempered = _tempered(counts, *weighted, mode)
    trend = _trend(tempered, mode)
    seasonal = _season(tempered / trend, 5)
    irregular = _irregular(counts / trend, seasonal, mode)
    tempered = _tempered(counts, trend, seasonal, irregular, _weights(irregular, first), mode)
    trend = _trend(tempered, mode)
    seasonal = _season(tempered / trend, _seasonal_length(tempered / trend, first, mode))
    final_trend = _positive(_henderson(_without_season(tempered, trend, seasonal, mode), mode))
    adjusted = _without_season(counts, trend, seasonal, mode)
    return Decomposition(adjusted, final_trend, seasonal, adjusted / final_trend, counts / trend)


def _adjustable(counts: Array) -> Array:
    counts = np.asarray(counts, dtype=float)
    if len(counts) < YEARS * PERIOD:
        raise ThinData(
            "A season is not looked for in so short a series",
            Reason.TOO_SHORT,
            expected=f"{YEARS * PERIOD} months",
            found=f"{len(counts)}",
        )
    if not np.isfinite(counts).all():
        raise ThinData(
            "A series with gaps is not adjusted for its season",
            Reason.GAPS,
            expected="a number in each month",
            found=f"{(~np.isfinite(counts)).sum()} months without",
        )
    if (counts < 0).any():
        raise ThinData(
            "X-11 adjusts counts", Reason.BROKEN, expected="no negative number", found=f"{(counts < 0).sum()} negative"
        )
    if np.ptp(counts) == 0:
        raise ThinData(
            "A series of one value has no season", Reason.CONSTANT, expected="different values", found=f"{counts[0]}"
        )
    return counts


def _positive(trend: Array) -> Array:
    if (trend <= 0).any():
        raise ThinData(
            "Months are not compared with a trend of zero",
            Reason.TOO_FEW,
            expected="a trend above zero throughout",
            found=f"{(trend <= 0).sum()} months at or below zero",
        )
    return trend


# The components, and how they make up the series


def _irregular(ratios: Array, seasonal: Array, mode: Mode) -> Array:
    return ratios / seasonal if mode is Mode.MULTIPLICATIVE else ratios - seasonal + 1


def _without_season(counts: Array, trend: Array, seasonal: Array, mode: Mode) -> Array:
    return counts / seasonal if mode is Mode.MULTIPLICATIVE else counts - trend * (seasonal - 1)


def _tempered(counts: Array, trend: Array, seasonal: Array, irregular: Array, weights: Array, mode: Mode) -> Array:
    """The series in which an extreme keeps only the weighted part of its irregular component."""
    kept = 1 + weights * (irregular - 1)
    made = trend * seasonal * kept if mode is Mode.MULTIPLICATIVE else trend * (seasonal + kept - 1)
    return np.where(weights < 1, made, counts)


# The rounds


def _extremes_of_the_raw_series(counts: Array, first: int, mode: Mode) -> tuple[Array, Array, Array, Array]:
    """Trend, season, irregular and weights of the first round (tables B)."""
    half = PERIOD // 2
    average = _positive(centred_average(counts, PERIOD))
    ratios = counts[half:-half] / average
    weights = _weights(_irregular(ratios, _season(ratios, 3), mode), first + half)
    seasonal = _extended(_season(_repaired(ratios, weights), 3))
    held = np.pad(average, half, mode="edge")
    trend = _positive(_henderson(_without_season(counts, held, seasonal, mode), mode, longest=13))
    ratios = counts / trend
    weights = _weights(_irregular(ratios, _season(ratios, 5), mode), first)
    seasonal = _season(_repaired(ratios, weights), 5)
    irregular = _irregular(ratios, seasonal, mode)
    return trend, seasonal, irregular, _weights(irregular, first)


def _trend(tempered: Array, mode: Mode) -> Array:
    """The Henderson trend of a series without the season that a centred average shows."""
    half = PERIOD // 2
    average = _positive(centred_average(tempered, PERIOD))
    seasonal = _extended(_season(tempered[half:-half] / average, 3))
    held = np.pad(average, half, mode="edge")
    return _positive(_henderson(_without_season(tempered, held, seasonal, mode), mode))


def _season(ratios: Array, years: int) -> Array:
    """Seasonal factors whose average over any year is one."""
    factors = seasonal_average(ratios, years, PERIOD)
    return factors / np.pad(centred_average(factors, PERIOD), PERIOD // 2, mode="edge")


def _extended(factors: Array) -> Array:
    """Factors for the half years that a centred average loses: those of the nearest year."""
    half = PERIOD // 2
    return np.r_[factors[half:PERIOD], factors, factors[-PERIOD:-half]]


def _henderson(adjusted: Array, mode: Mode, longest: int = 23) -> Array:
    """A Henderson trend as long as the irregular component asks for."""
    trend = henderson_trend(adjusted, 13)
    middle = slice(6, len(adjusted) - 6)
    irregular = (adjusted / trend if mode is Mode.MULTIPLICATIVE else adjusted - trend)[middle]
    of_irregular, of_trend = _mean_change(irregular, mode), _mean_change(trend[middle], mode)
    length = 9 if of_irregular < of_trend else 13 if of_irregular < 3.5 * of_trend else 23
    length = min(length, longest)
    return trend if length == 13 else henderson_trend(adjusted, length)


def _seasonal_length(ratios: Array, first: int, mode: Mode) -> int:
    """3, 5 or 9 by the moving seasonality ratio: how much the irregular changes over a year, to how much the season does.

    Where the ratio lies between two lengths the last year is left aside and another look taken; 5 where that does not end.
    """
    whole = ratios[: len(ratios) - (first + len(ratios)) % PERIOD]
    while len(whole) >= YEARS * PERIOD:
        ratio = moving_seasonality_ratio(whole, mode)
        for length, low, high in ((3, 0.0, 2.5), (5, 3.5, 5.5), (9, 6.5, np.inf)):
            if low <= ratio < high:
                return length
        whole = whole[:-PERIOD]
    return 5


def moving_seasonality_ratio(ratios: Array, mode: Mode) -> float:
    """The mean change of the irregular component over a year, divided by that of the seasonal component.

    The season of each month is a seven-year average; both means are corrected for the number of years.

    Parameters
    ----------
    ratios : array, shape (n,)
        Season and irregular together, at least five years of months.
    mode : Mode
        Changes are relative where components multiply, and differences otherwise.

    References
    ----------
    Lothian, J. (1984), The identification and treatment of moving seasonality in X-11-ARIMA. Ladiray and Quenneville (2001),
    section 4.3.3.
    """
    of_irregular = of_seasonal = 0.0
    for month in range(PERIOD):
        years = ratios[month::PERIOD]
        padded = np.r_[np.full(3, years[:3].mean()), years, np.full(3, years[-3:].mean())]
        seasonal = np.convolve(padded, np.ones(7) / 7, mode="valid")
        changes = len(years) - 1
        for_irregular, for_seasonal = _for_the_number_of_years(changes)
        of_irregular += for_irregular * changes * _mean_change(_irregular(years, seasonal, mode), mode)
        of_seasonal += for_seasonal * changes * _mean_change(seasonal, mode)
    return of_irregular / of_seasonal if of_seasonal else np.finfo(float).max


def _mean_change(component: Array, mode: Mode) -> float:
    changes = np.diff(component)
    return float(np.mean(np.abs(changes / component[:-1] if mode is Mode.MULTIPLICATIVE else changes)))


def _for_the_number_of_years(changes: int) -> tuple[float, float]:
    """What the mean changes of irregular and season are multiplied with: a short average smooths the ends less."""
    if changes < 6:
        return {4: (1.01779, 1.55291), 5: (1.01383, 1.30095)}[changes]
    more = changes - 6
    return changes * 12.247449 / (73.239334 + more * 12.247449), changes * 1.732051 / (8.485281 + more * 1.732051)


# Extremes


def _weights(irregular: Array, first: int) -> Array:
    """One for what lies within 1.5 standard deviations of one, nothing beyond 2.5, and in between what lies in between."""
    weights = _weights_by(irregular, _moving_deviation(irregular, np.ones(len(irregular), bool), first))
    return _weights_by(irregular, _moving_deviation(irregular, weights > 0, first))


def _weights_by(irregular: Array, deviation: Array) -> Array:
    away = np.abs(irregular - 1)
    reach = (_UPPER - _LOWER) * deviation
    fading = np.divide(_UPPER * deviation - away, reach, out=np.ones_like(away), where=reach > 1e-5)
    return np.clip(fading, 0, 1)


def _moving_deviation(irregular: Array, counted: NDArray[np.bool_], first: int) -> Array:
    """Standard deviation about one of the five calendar years around each; partial years count with the first and last."""
    year = (np.arange(len(irregular)) + first % PERIOD) // PERIOD
    whole = [number for number in range(year[-1] + 1) if (year == number).sum() == PERIOD]
    deviation = np.empty(len(irregular))
    if len(whole) < YEARS:
        deviation[:] = np.sqrt(np.mean((irregular[counted] - 1) ** 2))
        return deviation
    centres = range(whole[0] + 2, whole[-1] - 1)
    for number in range(year[-1] + 1):
        centre = min(max(number, centres[0]), centres[-1])
        low = 0 if number < centres[0] else centre - 2
        high = year[-1] if number > centres[-1] else centre + 2
        within = (year >= low) & (year <= high) & counted
        deviation[year == number] = np.sqrt(np.mean((irregular[within] - 1) ** 2))
    return deviation


def _repaired(ratios: Array, weights: Array) -> Array:
    """Extremes replaced by a weighted average with the nearest four of the same month that are not extreme."""
    repaired = ratios.copy()
    for position in np.flatnonzero(weights < 1):
        same = np.arange(position % PERIOD, len(ratios), PERIOD)
        sound = same[weights[same] == 1]
        before, after = sound[sound < position][::-1], sound[sound > position]
        if len(sound) < 4:
            repaired[position] = ratios[same].mean()
            continue
        taken_before = min(len(before), max(2, 4 - len(after)))
        near = np.r_[before[:taken_before], after[: 4 - taken_before]]
        weight = weights[position]
        repaired[position] = (weight * ratios[position] + ratios[near].sum()) / (weight + 4)
    return repaired
