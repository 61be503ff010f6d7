"""The maximum of a likelihood, sought from several starts: an optimiser that stops short is not believed."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy
from numpy.linalg import LinAlgError
from numpy.typing import ArrayLike
from statsmodels.tsa.statespace.mlemodel import MLEModel

from workbench.methods.refusal import Reason, ThinData

_STEPS = 200


def most_likely(model: MLEModel, starts: Sequence[ArrayLike] = ()) -> Any:
    """Fit a state space model from its own start and from others, and climb on from the best.

    L-BFGS-B of each start, then BFGS from where the likelihood was highest: the first is quick and now and then stops on a
    slope. All starts are fixed, so that the same data give the same parameters.

    Parameters
    ----------
    model : MLEModel
        Of a series with a standard deviation near 1; of others the optimisers' tolerances mean little.
    starts : sequence of array_like
        Further starts, in the model's parameters.

    Returns
    -------
    MLEResults

    Raises
    ------
    ThinData
        If the likelihood is finite from none of them.
    """
    with warnings.catch_warnings():
        # That one of them did not converge is no news: it is why there are several.
        warnings.simplefilter("ignore")
        found = [_climbed(model, start, "lbfgs") for start in (None, *starts)]
        best = max(found, key=_height)
        if _height(best) == -numpy.inf:
            raise ThinData(
                f"{type(model).__name__} has no likelihood that can be climbed",
                Reason.NOT_CONVERGED,
                expected="a finite likelihood",
                found=f"none from {len(found)} starts",
            )
        return max(best, _climbed(model, best.params, "bfgs"), key=_height)


def _climbed(model: MLEModel, start: ArrayLike | None, method: str) -> Any:
    try:
        return model.fit(start, disp=False, method=method, maxiter=_STEPS, cov_type="none")
    except (LinAlgError, ValueError):
        return None


def _height(fitted: Any) -> float:
    return float(fitted.llf) if fitted is not None and numpy.isfinite(fitted.llf) else -numpy.inf
