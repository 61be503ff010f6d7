"""What a model would have said in the past, and what came: rolling-origin evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy
from numpy.linalg import LinAlgError
from numpy.typing import NDArray
from scipy.special import ndtri

from workbench.methods.cusum import Cusum, recursive_cusum
from workbench.methods.forecasting import scores
from workbench.methods.forecasting.law import Law, average
from workbench.methods.forecasting.models import COMBINATION, COMBINED, MODELS, NAIVE
from workbench.methods.forecasting.scales import Scale
from workbench.methods.refusal import ThinData

LEVELS = (0.5, 0.8, 0.95)
"""Of the intervals that are forecast and checked."""

_FINE = (numpy.arange(99) + 0.5) / 99
_ENOUGH_ERRORS = 10
_ENOUGH_FOR_DRIFT = 8
_WIDENED_AT = 0.8
_PATHS = 2000


@dataclass(frozen=True)
class ModelScore:
    """How good one model was.

    Attributes
    ----------
    model : str
    mase : float
        Mean absolute scaled error of the medians; see `workbench.methods.forecasting.scores.mase`.
    crps : float
        Mean continuous ranked probability score, in the unit of the series.
    skill : float
        Part of the naive forecast's CRPS that was saved; of the seasonal naive one's, where that was the better of the two.
    coverage_80, coverage_95 : float
        Share of what came that lay in the intervals of these levels.
    coverage_total_80 : float
        Likewise of the sums over all periods ahead, from the origins after which all of them have come; NaN without any.
    """

    model: str
    mase: float
    crps: float
    skill: float
    coverage_80: float
    coverage_95: float
    coverage_total_80: float


@dataclass(frozen=True)
class Evaluation:
    """How good each model was, forecast from every origin and set against what came.

    Attributes
    ----------
    origins : int
        Forecasts made.
    targets : int
        Periods that were forecast and have come, over all origins and horizons.
    horizon : int
        Periods ahead.
    average : float
        Of what came over these targets: what a CRPS may be measured by.
    scores : tuple of ModelScore
        By CRPS, the best first.
    reference : str
        The model that skill is measured against.
    widening : tuple of (str, float)
        Of each model, the factor by which its standard deviations are widened, for in the past it was surer than it should be.
    drift : Cusum or None
        Of the best model, whether its errors of one step, in the order of the origins, went one way for longer than chance lets
        them; None of fewer than eight.
    """

    origins: int
    targets: int
    horizon: int
    average: float
    scores: tuple[ModelScore, ...]
    reference: str
    widening: tuple[tuple[str, float], ...]
    drift: Cusum | None

    @property
    def best(self) -> ModelScore:
        """The model with the lowest CRPS."""
        return self.scores[0]


def candidates(cycle: int) -> list[str]:
    """The models that are tried of a series with such a season."""
    return [name for name in MODELS if cycle > 1 or name != "seasonal naive"]


def evaluate(
    counts: NDArray, scale: Scale, cycle: int, horizon: int, origins: int, refit_every: int, seed: int
) -> Evaluation:
    """Forecast from each of the last ``origins`` periods with what was known then, and score it by what came.

    Parameters are estimated anew at every ``refit_every``-th origin and kept in between; the observations are always those up
    to the origin. The intervals are widened, as they would have been then, by what the errors known at the origin say; see
    `widening`. A model that cannot be fitted at one of the origins is left out.

    Parameters
    ----------
    counts : ndarray, shape (n,)
        The series without a gap.
    scale : Scale
        On which the models work.
    cycle : int
        Periods in a season; 1 for none.
    horizon : int
        Periods ahead. The latest origins have fewer.
    origins, refit_every : int
        How many, and how often parameters are estimated.
    seed : int
        Of the paths by which sums over the periods are reckoned.

    References
    ----------
    L. J. Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16 (2000), 437–450.
    """
    ends = list(range(len(counts) - origins, len(counts)))
    observed = _what_came(counts, ends, horizon)
    laws = _foreseen(scale.to(counts), ends, cycle, horizon, refit_every)
    on_scale = _what_came(scale.to(counts), ends, horizon)
    errors = {name: _standardised(said, on_scale) for name, said in laws.items()}
    history = counts[: ends[0]]
    scored = {
        name: _scored(name, _in_time(laws[name], errors[name]), scale, observed, history, cycle, seed) for name in laws
    }
    # Of the two naive ones the better: it is the harder to beat.
    reference = min((name for name in scored if name in NAIVE), key=lambda name: scored[name].crps)
    against = scored[reference].crps
    judged = [replace(score, skill=scores.skill(score.crps, against)) for score in scored.values()]
    judged.sort(key=lambda score: score.crps)
    return Evaluation(
        origins=origins,
        targets=int(numpy.isfinite(observed).sum()),
        horizon=horizon,
        average=float(numpy.nanmean(observed)),
        scores=tuple(judged),
        reference=reference,
        widening=tuple((name, widening(errors[name])) for name in laws),
        drift=drift(errors[judged[0].model][:, 0]),
    )


def drift(errors: NDArray) -> Cusum | None:
    """Whether errors of one step, one after the other, went one way for longer than chance lets them; None of fewer than eight.

    They are summed as they are: no regression is between them and their sum.
    """
    if len(errors) < _ENOUGH_FOR_DRIFT:
        return None
    return recursive_cusum(errors, numpy.empty((len(errors), 0)))


def widening(errors: NDArray) -> float:
    """The factor by which standard deviations must be multiplied for the interval of 80 % to hold four in five past errors.

    The quantile of their absolute values at 80 %, of ``(n + 1)`` as split conformal prediction has it, over that of the normal
    distribution; never below one, and one as long as fewer than ten errors are known.

    Parameters
    ----------
    errors : ndarray
        In units of the standard deviations that were forecast; NaN where nothing is known.

    References
    ----------
    J. Lei, M. G'Sell, A. Rinaldo, R. J. Tibshirani and L. Wasserman, Distribution-Free Predictive Inference for Regression,
    JASA 113 (2018), sections 2.2 and 5.2. Errors of overlapping forecasts are not exchangeable: it is a correction, no guarantee.
    """
    known = numpy.sort(numpy.abs(errors[numpy.isfinite(errors)]))
    if known.size < _ENOUGH_ERRORS:
        return 1.0
    rank = min(known.size, int(numpy.ceil(_WIDENED_AT * (known.size + 1))))
    return max(1.0, float(known[rank - 1] / ndtri((1 + _WIDENED_AT) / 2)))


def _what_came(values: NDArray, ends: Sequence[int], horizon: int) -> NDArray:
    """The values after each origin, shape (origins, horizon); NaN of those that have not come."""
    padded = numpy.append(values, numpy.full(horizon, numpy.nan))
    return numpy.array([padded[end : end + horizon] for end in ends])


def _foreseen(series: NDArray, ends: Sequence[int], cycle: int, horizon: int, refit_every: int) -> dict[str, list[Law]]:
    """The laws of each model from each origin, and of their average."""
    laws: dict[str, list[Law]] = {}
    for name in candidates(cycle):
        try:
            laws[name] = _of_one_model(name, series, ends, cycle, horizon, refit_every)
        except (ThinData, LinAlgError, ValueError):
            continue
    if all(name in laws for name in COMBINED):
        laws[COMBINATION] = [average(each) for each in zip(*(laws[name] for name in COMBINED), strict=True)]
    return laws


def _of_one_model(
    name: str, series: NDArray, ends: Sequence[int], cycle: int, horizon: int, refit_every: int
) -> list[Law]:
    said = []
    for number, end in enumerate(ends):
        if number % refit_every == 0:
            model = MODELS[name](series[:end], cycle)
        said.append(model(series[:end], horizon))
    if not all(numpy.isfinite(law.mean).all() and (law.sd > 0).all() for law in said):
        raise ValueError(f"{name} gives no distribution")
    return said


def _standardised(laws: Sequence[Law], observed: NDArray) -> NDArray:
    """The errors in units of the standard deviations that were forecast, shape (origins, horizon)."""
    return numpy.array([(came - law.mean) / law.sd for law, came in zip(laws, observed, strict=True)])


def _in_time(laws: Sequence[Law], errors: NDArray) -> list[Law]:
    """Each law, widened by the errors that were known at its origin: of the one before, those of one step, and so on."""
    horizon = errors.shape[1]
    step = numpy.arange(horizon)
    widened = []
    for origin, law in enumerate(laws):
        is_known = (numpy.arange(origin)[:, None] + step) < origin
        widened.append(law.widened(widening(errors[:origin][is_known])))
    return widened


def _scored(
    name: str, laws: Sequence[Law], scale: Scale, observed: NDArray, history: NDArray, cycle: int, seed: int
) -> ModelScore:
    median = numpy.array([scale.back(law.mean) for law in laws])
    sample = numpy.array([scale.back(law.quantiles(_FINE)) for law in laws])
    return ModelScore(
        model=name,
        mase=scores.mase(observed - median, history, cycle),
        crps=float(numpy.nanmean(scores.crps_sample(observed, sample))),
        skill=float("nan"),
        coverage_80=scores.coverage(observed, *_interval(laws, scale, 0.8)),
        coverage_95=scores.coverage(observed, *_interval(laws, scale, 0.95)),
        coverage_total_80=_coverage_of_totals(laws, scale, observed, seed),
    )


def _coverage_of_totals(laws: Sequence[Law], scale: Scale, observed: NDArray, seed: int) -> float:
    totals = observed.sum(axis=1)
    known = [(law, total) for law, total in zip(laws, totals, strict=True) if numpy.isfinite(total)]
    if not known:
        return float("nan")
    ends = numpy.array([total_quantiles(law, scale, central(0.8), seed) for law, _ in known])
    return scores.coverage([total for _, total in known], ends[:, 0], ends[:, 1])


def total_quantiles(law: Law, scale: Scale, levels: Sequence[float], seed: int) -> NDArray:
    """Quantiles of the sum of all periods of a law, in counts; by paths, for a sum of transformed normals has no formula."""
    return numpy.quantile(scale.back(law.paths(_PATHS, seed)).sum(axis=1), levels)


def central(level: float) -> tuple[float, float]:
    """The probabilities between which a central interval of a level lies."""
    return (1 - level) / 2, (1 + level) / 2


def _interval(laws: Sequence[Law], scale: Scale, level: float) -> tuple[NDArray, NDArray]:
    both = numpy.array([scale.back(law.quantiles(central(level))) for law in laws])
    return both[..., 0], both[..., 1]
