"""What a model says of the next periods: a normal distribution of all of them together, on the scale of the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri


@dataclass(frozen=True)
class Law:
    """A joint normal distribution of the next periods.

    Attributes
    ----------
    mean : ndarray, shape (h,)
    covariance : ndarray, shape (h, h)
        Between the periods: what makes the distribution of their sum.
    """

    mean: NDArray
    covariance: NDArray

    @property
    def sd(self) -> NDArray:
        """Standard deviation of each period."""
        return numpy.sqrt(numpy.diag(self.covariance))

    def quantiles(self, levels: ArrayLike) -> NDArray:
        """Quantiles of each period, shape (h, number of levels)."""
        return self.mean[:, None] + self.sd[:, None] * ndtri(numpy.asarray(levels, dtype=float))

    def paths(self, number: int, seed: int) -> NDArray:
        """Draws of all periods together, shape (number, h); each draw has its mirror image, so that the median is exact."""
        half = numpy.random.default_rng(seed).standard_normal((number // 2, len(self.mean)))
        values, vectors = numpy.linalg.eigh(self.covariance)
        root = vectors * numpy.sqrt(numpy.maximum(values, 0.0))
        return self.mean + numpy.concatenate([half, -half]) @ root.T

    def widened(self, factor: float) -> "Law":
        """The same with all standard deviations times ``factor``."""
        return Law(self.mean, self.covariance * factor**2)


def from_responses(mean: NDArray, responses: Sequence[float] | NDArray, sd: float) -> Law:
    """The law of a linear process driven by one innovation a period.

    Parameters
    ----------
    mean : ndarray, shape (h,)
    responses : shape (h,)
        ψ: what an innovation does to its own period (1) and to each one after it. Of a random walk all are 1.
    sd : float
        Standard deviation of the innovations.

    References
    ----------
    R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with Exponential Smoothing, 2008, section 6.1.
    """
    horizon = len(mean)
    lag = numpy.subtract.outer(numpy.arange(horizon), numpy.arange(horizon))
    effect = numpy.where(lag >= 0, numpy.asarray(responses, dtype=float)[numpy.abs(lag)], 0.0)
    return Law(numpy.asarray(mean, dtype=float), sd**2 * effect @ effect.T)


def average(laws: Sequence[Law]) -> Law:
    """The law whose quantiles are the average of the quantiles of several, each weighing the same.

    Of normal distributions it is normal, with the average mean and the average standard deviation: it is no wider than the
    laws it is made of, unlike their mixture. The correlation between periods is averaged, too.

    References
    ----------
    K. C. Lichtendahl, Y. Grushka-Cockayne and R. L. Winkler, Is It Better to Average Probabilities or Quantiles?, Management
    Science 59 (2013), 1594–1611.
    """
    sd = numpy.mean([law.sd for law in laws], axis=0)
    correlation = numpy.mean([law.covariance / numpy.outer(law.sd, law.sd) for law in laws], axis=0)
    return Law(numpy.mean([law.mean for law in laws], axis=0), numpy.outer(sd, sd) * correlation)
