"""How good a chart was: its false alarms and its delay, measured on history and on rises put into it.

A chart is judged by what turned out later. Whether a rise was real is decided in retrospect, by more than the chart knew; what the
chart said is taken as it stood then.

References
----------
Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222, section 5 (false positive rate, power of detection with simulated
outbreaks of a size in standard deviations); Bédubourg & Le Strat (2017), PLoS ONE 12(7): e0181227 (proportion of outbreaks
detected, delay); Kenett & Pollak (1983), IEEE Transactions on Reliability 32, 471-474 (conditional expected delay).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import pdtr

from workbench.methods.expected_counts import ExpectedCounts

# A rise is real where a year holds so many times what the year before it held.
RATIO = 1.5
# And so many more: below that it is a matter of a few cases.
AT_LEAST = 20.0


@dataclass(frozen=True)
class Rise:
    """A real rise, as it is seen in retrospect: positions in the series.

    Attributes
    ----------
    first : int
        From here on, the year ahead holds so much more than the year behind.
    onset : int
        Where it does so most: the change itself, from which delay is counted.
    last : int
        The end of the year that begins with the onset. From ``first`` to here no period is quiet.
    """

    first: int
    onset: int
    last: int


@dataclass(frozen=True)
class TrackRecord:
    """What a chart would have said in the past.

    Attributes
    ----------
    watched : int
        Periods in which it could say something, and of which it is known by now whether there was a rise.
    quiet : int
        Of these, the periods in no rise.
    false_alarms : int
        Alarms in quiet periods.
    false_alarms_per_year : float
        For each year of quiet periods; nan without any.
    rises : int
        Real rises in what it watched.
    noticed : int
        Of these, the rises with an alarm.
    delays : tuple of int
        Of those noticed, periods from the onset to the first alarm; 0 is the period of the onset, or the quarter before it.
    """

    watched: int
    quiet: int
    false_alarms: int
    false_alarms_per_year: float
    rises: int
    noticed: int
    delays: tuple[int, ...]


@dataclass(frozen=True)
class Detection:
    """How soon a chart notices rises that are put into quiet history.

    Attributes
    ----------
    trials : int
        Periods at which a rise was put in, one at a time.
    noticed_pct : float
        The chance of an alarm while it lasts, on average, in per cent; nan without a trial.
    mean_delay : float
        If noticed, the mean number of periods from its beginning to the first alarm; nan if it never is.
    """

    trials: int
    noticed_pct: float
    mean_delay: float


def real_rises(
    counts: ArrayLike, per_year: int, *, ratio: float = RATIO, at_least: float = AT_LEAST
) -> tuple[Rise, ...]:
    """The rises that turned out to be real: a year that held at least half as much again as the year before it had held.

    By the sums of whole years, so that no season passes for a rise; and in retrospect, for it takes a year to know.

    Parameters
    ----------
    counts : array_like, shape (n,)
        nan where one is missing; a year with a gap is compared by what is known of both.
    per_year : int
        Periods in a year.
    ratio : float
        How many times more the year from a period on must hold.
    at_least : float
        And how many more.
    """
    counts = np.asarray(counts, float)
    ahead, behind = _years_about(counts, per_year)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where((ahead >= ratio * behind) & (ahead - behind >= at_least), ahead / np.maximum(behind, 1), 0.0)
    rises = []
    start = 0
    while (candidates := np.flatnonzero(growth[start:] > 0)).size:
        first = start + int(candidates[0])
        quiet_again = np.flatnonzero(growth[first:] == 0)
        end = first + int(quiet_again[0]) if quiet_again.size else len(counts)
        onset = first + int(np.argmax(growth[first:end]))
        rises.append(Rise(first, onset, min(max(onset + per_year, end) - 1, len(counts) - 1)))
        start = rises[-1].last + 1
    return tuple(rises)


def quiet_periods(is_watched: ArrayLike, rises: Sequence[Rise]) -> np.ndarray:
    """The periods watched that lie in no rise."""
    is_quiet = np.array(is_watched, bool)
    for rise in rises:
        is_quiet[rise.first : rise.last + 1] = False
    return is_quiet


def track_record(alarms: ArrayLike, is_watched: ArrayLike, rises: Sequence[Rise], per_year: int) -> TrackRecord:
    """False alarms and delays of alarms that were given in the past.

    Parameters
    ----------
    alarms, is_watched : array_like of bool, shape (n,)
        Where the chart alarmed, and where it could.
    rises : sequence of Rise
        Those that were real. Left out are those that the chart did not watch from their first period on, and one that still
        grows, whose onset is not known yet.
    per_year : int
        Periods in a year. The newest year less a period is left out as well: of it nobody knows yet.
    """
    alarms, is_watched = np.asarray(alarms, bool), np.array(is_watched, bool)
    is_watched[max(0, len(alarms) - per_year + 1) :] = False
    is_quiet = quiet_periods(is_watched, rises)
    delays: list[int] = []
    seen = [rise for rise in rises if is_watched[rise.first : rise.onset + 2].all()]
    for rise in seen:
        # Earlier than a quarter before the change, an alarm is neither true nor false.
        begin = max(rise.first, rise.onset - per_year // 4)
        at = np.flatnonzero(alarms[begin : rise.last + 1])
        if at.size:
            delays.append(max(0, begin + int(at[0]) - rise.onset))
    quiet, false_alarms = int(is_quiet.sum()), int((alarms & is_quiet).sum())
    per_year_of_quiet = false_alarms * per_year / quiet if quiet else float("nan")
    return TrackRecord(
        int(is_watched.sum()), quiet, false_alarms, per_year_of_quiet, len(seen), len(delays), tuple(delays)
    )


def injected(
    counts: ArrayLike, expected: ExpectedCounts, excess: ArrayLike, is_quiet: ArrayLike, lasting: int
) -> Detection:
    """How soon the chart notices a rise that is put into the real history, at each quiet period in turn.

    What is added is Poisson, as in the simulations of the literature; here their mean is computed, so that nothing is random.

    Parameters
    ----------
    counts : array_like, shape (n,)
        The real history.
    expected : ExpectedCounts
        What was expected of it.
    excess : array_like, shape (n,)
        The mean of what is added to a period: ``expected.mean`` doubles it; ``m × sqrt(expected.variance)`` is a rise of m
        standard deviations.
    is_quiet : array_like of bool, shape (n,)
        Where a rise may be put: with no real one in it. Where the chart alarms by itself none is put.
    lasting : int
        Periods that it lasts. Not more than half a year: the newest half year enters no expectation, so the bounds stand.

    Notes
    -----
    A rise that begins at t is unnoticed after j periods with the chance ``∏ P(added <= upper - counts)`` over these periods.
    """
    counts, excess = np.asarray(counts, float), np.asarray(excess, float)
    is_calm = np.asarray(is_quiet, bool) & (counts <= expected.upper)
    starts = np.array([at for at in range(len(counts) - lasting + 1) if is_calm[at : at + lasting].all()], int)
    if not starts.size:
        return Detection(0, float("nan"), float("nan"))
    within = starts[:, None] + np.arange(lasting)
    room = np.floor(expected.upper[within] - counts[within])
    unnoticed = np.cumprod(pdtr(room, excess[within]), axis=1)
    noticed = 1 - unnoticed[:, -1].mean()
    first_noticed = -np.diff(unnoticed, axis=1, prepend=1.0).mean(axis=0)
    delay = float(first_noticed @ np.arange(lasting) / noticed) if noticed > 0 else float("nan")
    return Detection(len(starts), 100 * float(noticed), delay)


def _years_about(counts: np.ndarray, per_year: int) -> tuple[np.ndarray, np.ndarray]:
    """The sums of the year from each period on and of the year before it, over the seasons known of both; 0 where either is cut."""
    ahead, behind = np.zeros(len(counts)), np.zeros(len(counts))
    for at in range(per_year, len(counts) - per_year + 1):
        year_ahead, year_behind = counts[at : at + per_year], counts[at - per_year : at]
        known = ~np.isnan(year_ahead) & ~np.isnan(year_behind)
        ahead[at], behind[at] = year_ahead[known].sum(), year_behind[known].sum()
    return ahead, behind
