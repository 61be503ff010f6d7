"""STL and MSTL against the authors' own program, whose results statsmodels carries, and their refusals."""

from pathlib import Path

import numpy as np
import pandas
import pytest
import statsmodels.tsa.stl.tests as stl_tests

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.seasonal_adjustment import mstl, stl


def test_carbon_dioxide_as_by_the_authors_program():
    results = Path(stl_tests.__file__).parent / "results"
    co2 = pandas.read_csv(results / "stl_co2.csv", header=None)[0].to_numpy()
    published = pandas.read_csv(results / "stl_test_results.csv", skipinitialspace=True)
    published.columns = published.columns.str.strip()
    of_the_paper = published[published["scenario"].str.strip() == "baseline"]
    # The program was run with other spans than the defaults here: the same trend, and a season of the same shape.
    parts = stl(co2, seasonal=35)
    assert np.abs(parts.trend - of_the_paper["trend"].to_numpy()).max() < 0.25
    assert np.corrcoef(parts.seasonal, of_the_paper["season"])[0, 1] > 0.999


def test_the_components_add_up():
    t = np.arange(96)
    values = 20 + 5 * np.sin(2 * np.pi * t / 12) + np.random.default_rng(0).normal(size=96)
    parts = stl(values)
    assert np.allclose(parts.trend + parts.seasonal + parts.irregular, values)
    assert np.allclose(parts.adjusted, values - parts.seasonal)
    assert np.corrcoef(parts.seasonal, np.sin(2 * np.pi * t / 12))[0, 1] > 0.9


def test_two_seasons_are_told_apart_from_the_trend():
    t = np.arange(28 * 12)
    values = 50 + 0.1 * t + 6 * np.sin(2 * np.pi * t / 7) + 4 * np.sin(2 * np.pi * t / 28)
    parts = mstl(values, (28, 7))
    assert np.allclose(parts.trend + parts.seasonal + parts.irregular, values)
    assert np.abs(parts.adjusted - (50 + 0.1 * t))[28:-28].max() < 2


@pytest.mark.parametrize(
    "values, reason",
    [
        (np.arange(30.0), Reason.TOO_SHORT),
        (np.r_[np.nan, np.arange(50.0)], Reason.GAPS),
        (np.zeros(48), Reason.CONSTANT),
    ],
)
def test_refusals(values, reason):
    with pytest.raises(ThinData) as refused:
        stl(values)
    assert refused.value.reason is reason
