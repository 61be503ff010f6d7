"""Recursive residuals of a linear regression: each observation against the forecast from those before it."""

import numpy as np

from workbench.methods.x11_filters import Array


def recursive_residuals(y: Array, x: Array) -> Array:
    """Standardised one-step forecast errors, w_t = (y_t − x_t'b_{t−1}) / √(1 + x_t'(X'X)⁻¹x_t).

    Under a stable regression they are independent with the variance of the disturbances, and the sum of the squares of the
    first of them is the residual sum of squares of the regression up to there.

    Parameters
    ----------
    y : array, shape (n,)
    x : array, shape (n, k)
        Regressors, the constant among them.

    Returns
    -------
    array, shape (n,)
        NaN while the regressors seen so far are collinear, and zero sums of squares with them.

    References
    ----------
    Brown, R. L., Durbin, J. and Evans, J. M. (1975), Techniques for testing the constancy of regression relationships over
    time, Journal of the Royal Statistical Society B 37(2), 149–192, equation (2).
    """
    n, k = x.shape
    residuals = np.full(n, np.nan)
    start = next((end for end in range(k, n) if np.linalg.matrix_rank(x[:end]) == k), n)
    if start == n:
        return residuals
    inverse = np.linalg.inv(x[:start].T @ x[:start])
    coefficients = inverse @ x[:start].T @ y[:start]
    for t in range(start, n):
        gain = inverse @ x[t]
        spread = 1 + x[t] @ gain
        error = y[t] - x[t] @ coefficients
        residuals[t] = error / np.sqrt(spread)
        coefficients = coefficients + gain * error / spread
        inverse = inverse - np.outer(gain, gain) / spread
    return residuals
