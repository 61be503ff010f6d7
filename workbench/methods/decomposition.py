"""What the difference between two rates, or among many, is made of: their factors, and the mix that each rate is of."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from numpy.typing import ArrayLike, NDArray

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.rounding import Range

Formula = Callable[..., float]


@dataclass(frozen=True)
class Components:
    """The difference of two crude rates, one less the other, and its two components.

    Attributes
    ----------
    rates, mix : ndarray
        What each stratum contributes by its own rate, and by its share; all of them add up to the difference.
    """

    rates: NDArray
    mix: NDArray

    @property
    def difference(self) -> float:
        return float(self.rates.sum() + self.mix.sum())


def kitagawa(
    events: ArrayLike, trials: ArrayLike, other_events: ArrayLike, other_trials: ArrayLike, fewest: float = 1
) -> Components:
    """Decompose the crude rate of one population less that of another into an effect of rates and one of the mix.

    With rates r and shares w of two populations, ``r − R`` counts with the mean of both shares, and ``w − W`` with the mean
    of both rates. Of the mix, what a stratum contributes is told from the mean of the two crude rates: a larger share of a
    stratum with rates above it raises, of one below it lowers. The sum is the same without that reference, each part is not.
    A stratum of fewer trials than ``fewest`` in one population has no rates to compare: all that it contributes is of the mix.

    Parameters
    ----------
    events, trials, other_events, other_trials : array_like
        Of each stratum, of shape (n,).

    Raises
    ------
    ThinData
        If one of the populations has no trial at all.

    References
    ----------
    E. M. Kitagawa, "Components of a Difference Between Two Rates", *JASA* 50 (1955) 1168–1194; P. Das Gupta, *Standardization
    and Decomposition of Rates: A User's Manual*, Current Population Reports P23-186, 1993, section 5.1.
    """
    x, n, other_x, other_n = _populations(events, trials, other_events, other_trials)
    share, other_share = n / n.sum(), other_n / other_n.sum()
    reference = (x.sum() / n.sum() + other_x.sum() / other_n.sum()) / 2
    contributed = x / n.sum() - other_x / other_n.sum() - reference * (share - other_share)
    differences = numpy.where(numpy.minimum(n, other_n) >= max(fewest, 1), _rate(x, n) - _rate(other_x, other_n), 0.0)
    rates = (share + other_share) / 2 * differences
    return Components(rates, contributed - rates)


def against_standard(
    events: ArrayLike, trials: ArrayLike, standard_events: ArrayLike, standard_trials: ArrayLike
) -> Components:
    """Decompose the crude rate of a small population less that of a standard, with the shares of the population.

    ``r − R`` counts with the population's own share w, and ``w − W`` with the rate of the standard: the two components are the
    observed rate less the expected one (`workbench.methods.standardisation.weighted_rate`), and the expected one less that of
    the standard. Unlike Kitagawa's, no rate of few trials counts with the share that the stratum has elsewhere. Of the mix,
    what a stratum contributes is told from the crude rate of the standard. A stratum that the standard has not is a matter of
    the mix alone.

    Raises
    ------
    ThinData
        If one of the two has no trial at all.

    References
    ----------
    Indirect standardisation as in Kitagawa (1955), section 2; A. S. Blinder, *Journal of Human Resources* 8 (1973) 436–455, has
    the same two components with the coefficients of one group.
    """
    x, n, standard_x, standard_n = _populations(events, trials, standard_events, standard_trials)
    share, standard_share = n / n.sum(), standard_n / standard_n.sum()
    reference = standard_x.sum() / standard_n.sum()
    differences = numpy.where((n > 0) & (standard_n > 0), _rate(x, n) - _rate(standard_x, standard_n), 0.0)
    rates = share * differences
    contributed = x / n.sum() - standard_x / standard_n.sum() - reference * (share - standard_share)
    return Components(rates, contributed - rates)


# As formulas, for `workbench.methods.rounding.formula_bounds`

Counts = Range | NDArray


def effect_of_rates(counts: Counts, is_compared: NDArray) -> Counts:
    """The effect of rates by Kitagawa: of events, trials, other events and other trials, one after the other.

    Only the strata that are compared have one; their trials are above nought in both.
    """
    x, n, other_x, other_n = _quarters(counts)
    shares = n / n.sum() + other_n / other_n.sum()
    differences = x[is_compared] / n[is_compared] - other_x[is_compared] / other_n[is_compared]
    return (shares[is_compared] * differences).sum() * 0.5


def effect_of_mix(counts: Counts, is_compared: NDArray) -> Counts:
    """The effect of the mix, likewise: what the effect of rates leaves of the difference."""
    x, n, other_x, other_n = _quarters(counts)
    return x.sum() / n.sum() - other_x.sum() / other_n.sum() - effect_of_rates(counts, is_compared)


def stratum_by_rates(counts: Counts) -> Counts:
    """What one stratum adds to the effect of rates: of its events, its trials, the events and the trials of all others, and the
    same four of the other population.
    """
    x, n, _, rest, other_x, other_n, _, other_rest = (counts[at] for at in range(8))
    return (n / (n + rest) + other_n / (other_n + other_rest)) * (x / n - other_x / other_n) * 0.5


def stratum_by_mix(counts: Counts, is_compared: bool) -> Counts:
    """What it adds to the effect of the mix, likewise."""
    x, n, rest_x, rest, other_x, other_n, other_rest_x, other_rest = (counts[at] for at in range(8))
    all_n, all_others = n + rest, other_n + other_rest
    reference = ((x + rest_x) / all_n + (other_x + other_rest_x) / all_others) * 0.5
    added = x / all_n - other_x / all_others - reference * (n / all_n - other_n / all_others)
    return added - stratum_by_rates(counts) if is_compared else added


def stratum_by_rates_of_standard(counts: Counts) -> Counts:
    """What one stratum adds to the rate less the expected one: of its events, its trials, those of all others, and its rate in
    the standard.
    """
    x, n, rest, rate = (counts[at] for at in range(4))
    return (x - n * rate) / (n + rest)


def stratum_by_mix_of_standard(counts: Counts) -> Counts:
    """What it adds to the expected rate less that of the standard: of its trials, those of all others, both of the standard, its
    rate there, and the crude rate there.
    """
    n, rest, standard_n, standard_rest, rate, crude = (counts[at] for at in range(6))
    return (n / (n + rest) - standard_n / (standard_n + standard_rest)) * (rate - crude)


def _populations(*counts: ArrayLike) -> list[NDArray]:
    x, n, other_x, other_n = (numpy.asarray(count, dtype=float) for count in counts)
    if not (n.sum() > 0 and other_n.sum() > 0):
        raise ThinData(
            "a rate of nothing is no rate",
            Reason.TOO_FEW,
            expected="trials in both populations",
            found=f"{n.sum():g} and {other_n.sum():g}",
        )
    return [x, n, other_x, other_n]


def _quarters(counts: Counts) -> list:
    size = len(counts.low if isinstance(counts, Range) else counts) // 4
    return [counts[at * size : (at + 1) * size] for at in range(4)]


def das_gupta(
    populations: Sequence[Mapping[str, ArrayLike]], formula: Formula | None = None
) -> tuple[dict[str, NDArray], NDArray]:
    """Standardise a rate that is a function of several factors, over any number of populations.

    The standardised rate of a factor is what the rate would be if the populations differed in that factor alone. Of two, the
    others are averaged over all ways of giving each of them to one or the other population, so that the differences of the
    standardised rates add up to that of the rates, whatever the order. Of more, the rates standardised in pairs are made
    consistent, so that the differences over two steps are those over one.

    Parameters
    ----------
    populations : sequence of mapping
        Of each population, name of a factor → a number, or an array over strata.
    formula : callable, optional
        The rate, of the factors by name; their product where none is given.

    Returns
    -------
    dict of str to ndarray
        Of each factor, the standardised rate of every population.
    ndarray
        The rates themselves.

    References
    ----------
    P. Das Gupta (1993), as above: equations 3.54 for any number of factors, 6.11 and 6.12 for any number of populations.
    """
    formula = formula or (lambda **factors: math.prod(factors.values()))
    given = [{name: numpy.asarray(value, dtype=float) for name, value in one.items()} for one in populations]
    names, size = list(given[0]), len(given)
    in_pairs = {name: numpy.full((size, size), numpy.nan) for name in names}
    for one, other in itertools.permutations(range(size), 2):
        for name in names:
            in_pairs[name][one, other] = _standardised(given[one], given[other], name, formula)
    standardised = {name: _consistent(of_pairs) for name, of_pairs in in_pairs.items()}
    return standardised, numpy.array([float(formula(**one)) for one in given])


def _standardised(one: Mapping, other: Mapping, name: str, formula: Formula) -> float:
    """The rate of one population in one factor, the others taken from both in every way that there is."""
    others = [factor for factor in one if factor != name]
    total = 0.0
    for taken in itertools.product((False, True), repeat=len(others)):
        factors = {factor: other[factor] if is_other else one[factor] for factor, is_other in zip(others, taken)}
        # So many ways as have this number from the other count together as one.
        total += float(formula(**{name: one[name]}, **factors)) / math.comb(len(others), sum(taken))
    return total / (len(others) + 1)


def effect_of_factor(now: Sequence, before: Sequence, at: int) -> Any:
    """What one factor makes of the difference of two products: that of `das_gupta`, as a formula of numbers or of
    `workbench.methods.rounding.Range`.

    Parameters
    ----------
    now, before : sequence
        The factors of the two products, in one order.
    at : int
        Position of the factor.
    """
    others = [other for other in range(len(now)) if other != at]
    mean: Any = 0.0
    for taken in itertools.product((False, True), repeat=len(others)):
        of_others = math.prod((now[other] if is_now else before[other]) for other, is_now in zip(others, taken))
        mean = mean + of_others * (1 / (len(now) * math.comb(len(others), sum(taken))))
    return (now[at] - before[at]) * mean


def _consistent(in_pairs: NDArray) -> NDArray:
    """Of the rate of each population standardised with each other one, one standardised rate for each."""
    size = len(in_pairs)
    if size == 2:
        return numpy.array([in_pairs[0, 1], in_pairs[1, 0]])
    together = numpy.nansum(in_pairs, axis=1)
    others = [sum(together[i] - (size - 1) * in_pairs[i, one] for i in range(size) if i != one) for one in range(size)]
    return together / (size - 1) + numpy.array(others) / (size * (size - 1))


def _rate(events: NDArray, trials: NDArray) -> NDArray:
    with numpy.errstate(divide="ignore", invalid="ignore"):
        return events / trials
