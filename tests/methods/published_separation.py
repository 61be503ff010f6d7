"""Published examples of separation: Correia, Guimarães and Zylkin, guides of the Stata command ppmlhdfe (2019).

"Nonexistence of estimates of Poisson models across different statistical packages" and "Primer on statistical separation in
Poisson models". Each row is a count, then the regressors, then the groups.
"""

import numpy as np

NOT_CONVERGING = np.array(
    [
        [0, 0, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 1, 9, 0],
        [2, 21, 21, 21],
        [3, 0, 0, 0],
        [5, 0, 0, 0],
        [7, 0, 0, 0],
        [10, -18, -18, 0],
    ],
    dtype=float,
)
WRONGLY_CONVERGING = np.array(
    [
        [0, 0, 0, 2, 10],
        [0, 0, 0, 0, -2],
        [0, 0, 0, 0, 6],
        [0, 0, 0, 4, 5],
        [0, 1, 0, 0, 3],
        [2, 0, 0, 0, 3],
        [2, 0, 0, 0, 4],
        [2, 0, 0, -2, 15],
        [2, 0, 0, 0, -7],
        [4, 0, 0, -3, 15],
        [6, -3, -3, 0, 4],
        [6, 0, 0, 0, 4],
    ],
    dtype=float,
)
NOTHING_LEFT = np.array(
    [
        [0, 14, 4, 0, -12],
        [0, 0, 35, 34, 12],
        [0, 0, 3, 0, 17],
        [0, 0, 0, 0, 1],
        [0, 0, 0, -2, 7],
        [0, 0, 25, 0, 12],
        [0, 0, 13, 0, 60],
        [0, 0, 15, 0, 7],
        [0, 1, 0, 7, -24],
        [9, 0, 0, 0, 18],
        [4, 2, 0, 6, -1],
        [2, 1, 0, 0, -7],
    ],
    dtype=float,
)
FE1 = np.array(
    [
        [2, 0, 0, 2, 1],
        [0, 0, 0, 4, 2],
        [0, 0, 0, 1, 1],
        [1, 1, 0, 4, 3],
        [0, 0, 1, 2, 2],
        [0, 0, 0, 2, 2],
        [1, 0, 0, 5, 4],
        [0, 1, 2, 2, 3],
        [1, 0, 0, 1, 1],
        [0, 0, 0, 2, 2],
        [0, 2, 0, 1, 3],
        [0, 0, 0, 1, 3],
        [0, 1, 0, 2, 2],
        [0, 0, 1, 5, 2],
        [0, 0, 1, 2, 4],
        [0, 0, 0, 1, 2],
        [0, 0, 0, 1, 1],
        [2, 0, 0, 1, 2],
    ],
    dtype=float,
)
FE3 = np.array(
    [
        [0, 0, 1, 1],
        [0, 3, 1, 1],
        [0, -2, 1, 1],
        [0, 2, 1, 3],
        [0, 2, 1, 5],
        [0, 0, 1, 6],
        [0, 7, 4, 1],
        [0, 1, 4, 4],
        [0, 2, 4, 5],
        [0, 1, 6, 1],
        [0, -2, 8, 4],
        [0, 3, 8, 6],
        [1, -5, 1, 1],
        [1, 1, 1, 3],
        [5, -2, 6, 3],
        [7, 2, 1, 3],
    ],
    dtype=float,
)
