"""Standard errors that allow for observations that belong together: of one origin, of one destination, or of both."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.methods.refusal import Reason, ThinData


def sandwich(
    bread: NDArray[np.float64], scores: NDArray[np.float64], clusters: Sequence[ArrayLike] = ()
) -> NDArray[np.float64]:
    """The covariance of estimates whose scores are correlated within clusters.

    Without clusters: White's, with n / (n − 1). With clusters of one kind: the scores are summed by cluster. With two or
    more kinds (Cameron, Gelbach and Miller 2011, "Robust inference with multiway clustering", Journal of Business & Economic
    Statistics 29(2), equation 2.11): those of each kind, less those of each pair of kinds, and so on. The small-sample
    factor is G / (G − 1), where G is the number of clusters of the kind with the fewest; there is none for the number of
    coefficients. Where the sum is not positive semi-definite, its negative eigenvalues are set to zero (section 2.3 there).

    Parameters
    ----------
    bread : array of shape (k, k)
        The inverse of the information.
    scores : array of shape (n, k)
        The derivative of each observation's log likelihood.
    clusters : sequence of arrays of shape (n,)
        The labels of the clusters, of each kind.

    Returns
    -------
    array of shape (k, k)

    Raises
    ------
    ThinData
        If a kind has a single cluster.
    """
    if not clusters:
        n = len(scores)
        return bread @ (scores.T @ scores) @ bread * n / (n - 1)
    codes = [np.unique(np.asarray(labels), return_inverse=True)[1] for labels in clusters]
    fewest = fewest_clusters(clusters)
    if fewest < 2:
        raise ThinData(
            "Standard errors need more than one cluster",
            Reason.TOO_FEW,
            expected="at least two clusters of each kind",
            found="one",
        )
    kinds = range(1, len(codes) + 1)
    meat = sum((-1) ** (of + 1) * _within(scores, chosen) for of in kinds for chosen in combinations(codes, of))
    return _positive(bread @ meat @ bread * fewest / (fewest - 1))


def fewest_clusters(clusters: Sequence[ArrayLike]) -> int:
    """The number of clusters of the kind with the fewest; one less is the degrees of freedom of t."""
    return min(len(np.unique(np.asarray(labels))) for labels in clusters)


def _within(scores: NDArray[np.float64], codes: Sequence[NDArray[np.intp]]) -> NDArray[np.float64]:
    """The sum over the clusters (where several codes are given, over their intersections) of the squared sum of scores."""
    _, clusters = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    sums = np.zeros((clusters.max() + 1, scores.shape[1]))
    np.add.at(sums, clusters, scores)
    return sums.T @ sums


def _positive(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return covariance if values.min() >= 0 else (vectors * values.clip(0)) @ vectors.T
