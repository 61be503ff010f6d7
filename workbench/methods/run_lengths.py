"""Average run lengths of control charts: how many periods a chart waits for an alarm, false or true.

The average run length in control (ARL₀) is the mean number of periods until a false alarm; out of control it is the mean delay
until a true shift is noticed. Both start from a chart at zero ("zero state"), and count the period of the alarm.
"""

import numpy as np
from scipy.special import ndtr

from workbench.methods.count_distribution import probabilities

# Nodes of the Gauss-Legendre quadrature: enough for six figures over the intervals that charts have.
NODES = 80


def normal_cusum_arl(k: float, h: float, shift: float = 0.0) -> float:
    """Average run length of a one-sided CUSUM of independent N(shift, 1) values.

    Parameters
    ----------
    k, h : float
        Reference value and decision interval, in standard deviations: ``S = max(0, S + z - k)``, an alarm where ``S > h``.
    shift : float
        The mean of the values, in standard deviations; 0 is in control.

    Returns
    -------
    float
        Periods. Of a two-sided chart, in which the two sides do not interact, ``1/ARL`` is the sum of those of its sides.

    Notes
    -----
    The integral equation ``L(s) = 1 + L(0) Φ(k - s - shift) + ∫₀ʰ L(y) φ(y + k - s - shift) dy``, by Gauss-Legendre quadrature.

    References
    ----------
    Brook & Evans (1972), Biometrika 59, 539-549; Vance (1986), Journal of Quality Technology 18, 189-193.
    """
    nodes, weights = _gauss_legendre(0.0, h)
    points = np.concatenate([[0.0], nodes])
    kernel = np.empty((points.size, points.size))
    kernel[:, 0] = ndtr(k - points - shift)
    kernel[:, 1:] = weights * _density(nodes[None, :] + k - points[:, None] - shift)
    return float(_expected_steps(kernel)[0])


def normal_ewma_arl(smoothing: float, width: float, shift: float = 0.0) -> float:
    """Average run length of a two-sided EWMA of independent N(shift, 1) values with its steady limits.

    Parameters
    ----------
    smoothing : float
        λ, the weight of the newest value, above 0 and up to 1.
    width : float
        L: the limits stand at ``±L √(λ / (2 - λ))``.
    shift : float
        The mean of the values, in standard deviations.

    References
    ----------
    Crowder (1987), Technometrics 29, 401-407; Lucas & Saccucci (1990), Technometrics 32, 1-12.
    """
    limit = ewma_limit(smoothing, width)
    nodes, weights = _gauss_legendre(-limit, limit)
    points = np.concatenate([[0.0], nodes])
    steps = (nodes[None, :] - (1 - smoothing) * points[:, None]) / smoothing - shift
    kernel = np.zeros((points.size, points.size))
    kernel[:, 1:] = weights * _density(steps) / smoothing
    return float(_expected_steps(kernel)[0])


def ewma_limit(smoothing: float, width: float) -> float:
    """The steady limit of an EWMA of values with standard deviation 1: ``L √(λ / (2 - λ))``."""
    return float(width * np.sqrt(smoothing / (2 - smoothing)))


def count_cusum_arl(
    mean: float, k: int, h: int, *, variance: float | None = None, parts: int = 1, head_start: int = 0
) -> float:
    """Average run length of an upper CUSUM of independent counts, exactly.

    Parameters
    ----------
    mean : float
        The mean of the counts.
    k, h : int
        Reference value and decision interval, in parts of a count: ``S = max(0, S + parts × count - k)``, an alarm where
        ``S >= h`` (Lucas takes equality for an alarm).
    variance : float, optional
        Of the counts: above the mean they are negative binomial, otherwise Poisson.
    parts : int
        Into how many parts a count is divided, so that k and h are whole numbers of them.
    head_start : int
        Where the chart starts, in parts (fast initial response).

    Notes
    -----
    The chart takes the values 0 … h − 1 and is a Markov chain on them; the mean number of steps until it leaves them solves a
    linear system (Brook & Evans).

    References
    ----------
    Brook & Evans (1972), Biometrika 59, 539-549; Lucas (1985), Technometrics 27, 129-144; Hawkins & Olwell (1998), Cumulative
    Sum Charts, ch. 5.
    """
    from_state = np.arange(h)[:, None]
    chances = probabilities(np.arange((h + k) // parts + 1), mean, mean if variance is None else variance)
    reached = np.maximum(0, from_state + parts * np.arange(chances.size)[None, :] - k)
    kernel = np.zeros((h, h + 1))
    np.add.at(kernel, (from_state, np.minimum(reached, h)), chances[None, :])
    return float(_expected_steps(kernel[:, :h])[head_start])


def _expected_steps(kernel: np.ndarray) -> np.ndarray:
    return np.linalg.solve(np.eye(len(kernel)) - kernel, np.ones(len(kernel)))


def _gauss_legendre(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return low + (nodes + 1) * (high - low) / 2, weights * (high - low) / 2


def _density(values: np.ndarray) -> np.ndarray:
    return np.exp(-(values**2) / 2) / np.sqrt(2 * np.pi)
