"""Published series, as arrays: see data/README.md for where they are from."""

from pathlib import Path

import numpy as np
import pandas

DATA = Path(__file__).parent / "data"


def column(file: str, name: str) -> np.ndarray:
    """A column of one of the files, without what is empty."""
    return pandas.read_csv(DATA / file)[name].dropna().to_numpy(dtype=float)


def autoregression(rng: np.random.Generator, phi: float, n: int) -> np.ndarray:
    """A made-up series in which each value keeps a part of the one before."""
    values = rng.normal(size=n)
    for t in range(1, n):
        values[t] += phi * values[t - 1]
    return values
