"""What a regression can tell apart: columns that are no combination of those before them."""

import numpy as np
from numpy.typing import NDArray

_TOLERANCE = 1e-9


def independent(columns: NDArray[np.float64], lengths: NDArray[np.float64] | None = None) -> NDArray[np.bool_]:
    """Which columns are linearly independent of those before them, by the Gram–Schmidt process.

    Of columns that say the same the first is kept, as R and Stata do: the coefficients of the others are not defined.

    Parameters
    ----------
    columns : array of shape (n, k)
    lengths : array of shape (k,), optional
        What counts as long for each column: its Euclidean length before something else was taken out of it.

    Returns
    -------
    array of shape (k,)
        True where a column adds something. A column of zeros adds nothing.
    """
    lengths = np.linalg.norm(columns, axis=0) if lengths is None else lengths
    kept = np.zeros(columns.shape[1], dtype=bool)
    basis = np.empty((columns.shape[0], 0))
    for position, column in enumerate(columns.T):
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)  # once more, for what rounding left
        length = np.linalg.norm(rest)
        if length > _TOLERANCE * lengths[position]:
            kept[position] = True
            basis = np.column_stack([basis, rest / length])
    return kept
