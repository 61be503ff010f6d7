"""Counts of zero that a Poisson regression would predict perfectly, by a coefficient that grows without end."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from workbench.methods.fixed_effects import Effects
from workbench.methods.refusal import Reason, ThinData


def separated(y: NDArray[np.float64], x: NDArray[np.float64], effects: Effects) -> NDArray[np.bool_]:
    """Which observations are separated: the maximum likelihood estimate puts their mean at zero, and does not exist with them.

    An observation of zero is separated if a combination z of the regressors and effects is zero wherever y > 0, nowhere
    negative, and positive for it. All the others have finite estimates without it, and the same ones (Correia, Guimarães and
    Zylkin 2019, "Verifying the existence of maximum likelihood estimates for generalized linear models", Proposition 1).
    Groups of nothing but zeros are separated. For the rest one linear programme finds the z with the most positive
    observations: as z may be scaled at will, min(z, 1) is 1 where an observation is separated, and else 0 (Clarkson and
    Jennrich 1991).

    Parameters
    ----------
    y : array of shape (n,)
        Not negative.
    x : array of shape (n, k)
    effects : Effects
        Of the n observations.

    Returns
    -------
    array of shape (n,)
    """
    alone = _in_groups_of_zeros(y, effects)
    result = alone.copy()
    if np.any(y[~alone] == 0):
        result[~alone] = _by_linear_programme(y[~alone], x[~alone], effects.among(~alone))
    return result


def _in_groups_of_zeros(y: NDArray[np.float64], effects: Effects) -> NDArray[np.bool_]:
    found = np.zeros(len(y), dtype=bool)
    for members in effects.members:
        found |= (members.T @ (members @ y)) == 0
    return found


def _by_linear_programme(y: NDArray[np.float64], x: NDArray[np.float64], effects: Effects) -> NDArray[np.bool_]:
    """Maximise the sum of s over observations of zero: 0 ≤ s ≤ 1, s ≤ z there, z = 0 for all others."""
    scale = np.abs(x).max(axis=0, initial=0)
    regressors = sparse.csr_array(x / np.where(scale > 0, scale, 1))
    combined = sparse.csr_array(sparse.hstack([regressors, effects.dummies()]))
    zero = y == 0
    zeros, coefficients = int(zero.sum()), combined.shape[1]
    found = linprog(
        np.concatenate([np.zeros(coefficients), -np.ones(zeros)]),
        A_ub=sparse.hstack([-combined[zero], sparse.eye_array(zeros)]),
        b_ub=np.zeros(zeros),
        A_eq=sparse.hstack([combined[~zero], sparse.csr_array(((~zero).sum(), zeros))]),
        b_eq=np.zeros((~zero).sum()),
        bounds=[(None, None)] * coefficients + [(0, 1)] * zeros,
        method="highs",
    )
    if not found.success:
        raise ThinData(
            "Whether the counts of zero are separated cannot be told",
            Reason.NOT_CONVERGED,
            expected="a solution of the linear programme",
            found=found.message,
        )
    result = np.zeros(len(y), dtype=bool)
    result[zero] = found.x[coefficients:] > 0.5
    return result
