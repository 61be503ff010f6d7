"""Effects of groups, taken out of variables without estimating one by one: alternating projections."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from workbench.methods.refusal import Reason, ThinData

_TOLERANCE = 1e-11
_MOST_SWEEPS = 20_000


@dataclass(frozen=True, eq=False)
class Effects:
    """Groups of observations, by one or more classifications; each group has an effect of its own.

    Attributes
    ----------
    members : tuple of sparse array of shape (groups, n)
        For each classification, 1 where an observation is of a group.
    """

    members: tuple[sparse.csr_array, ...]

    @classmethod
    def of(cls, classifications: Sequence[ArrayLike], n: int) -> "Effects":
        """The groups of `n` observations; all are one group where there is no classification, so that there is a constant."""
        labels = [np.asarray(labels) for labels in classifications] or [np.zeros(n, dtype=np.intp)]
        return cls(tuple(_members(own) for own in labels))

    def among(self, chosen: NDArray[np.bool_]) -> "Effects":
        """The groups of some observations."""
        return Effects(tuple(_without_empty(own[:, chosen]) for own in self.members))

    def dummies(self) -> sparse.csr_array:
        """One column for each group: an array of shape (n, groups of all classifications)."""
        return sparse.csr_array(sparse.vstack(self.members).T)

    def absorbed(self, variables: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is left of variables when the effects of the groups are taken out, by weighted least squares.

        Projects on one classification after the other until nothing changes (Halperin 1962; Guimarães and Portugal 2010, "A
        simple feasible procedure to fit models with high-dimensional fixed effects", Stata Journal 10(4)).

        Parameters
        ----------
        variables : array of shape (n, k)
        weights : array of shape (n,)
            Positive.

        Raises
        ------
        ThinData
            If the projections do not settle.
        """
        totals = [(own @ weights)[:, None] for own in self.members]
        scale = np.maximum(np.abs(variables).max(axis=0, initial=0), np.finfo(float).tiny)
        left = variables.copy()
        for _ in range(_MOST_SWEEPS):
            most = 0.0
            for own, total in zip(self.members, totals, strict=True):
                effect = own @ (left * weights[:, None]) / total
                left -= own.T @ effect
                most = max(most, float((np.abs(effect) / scale).max(initial=0)))
            if most < _TOLERANCE or len(totals) == 1:
                return left
        raise ThinData(
            "The effects of the groups cannot be told apart",
            Reason.NOT_CONVERGED,
            expected=f"at most {_MOST_SWEEPS} projections on the groups",
            found=f"effects that still change by {most:.1e} of the largest value",
        )


def _members(labels: NDArray) -> sparse.csr_array:
    groups, codes = np.unique(labels, return_inverse=True)
    n = len(codes)
    return sparse.csr_array((np.ones(n), (codes, np.arange(n))), shape=(len(groups), n))


def _without_empty(members: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(members[members.sum(axis=1) > 0])
