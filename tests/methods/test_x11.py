"""X-11 against tables that others published, and what must hold for any counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import column

from workbench.methods.refusal import Reason, ThinData
from workbench.methods.x11 import Mode, moving_seasonality_ratio, x11
from workbench.methods.x11_filters import SEASONAL_WEIGHTS, henderson_trend, henderson_weights, musgrave_weights

AIRLINE = column("airline_x11.csv", "passengers")
SEPTEMBER = 8


def made_up(seed: int, years: int = 8, level: float = 200.0) -> np.ndarray:
    """Counts with a season and a trend."""
    rng = np.random.default_rng(seed)
    t = np.arange(12 * years)
    return (
        rng.poisson(level * np.exp(0.3 * np.sin(2 * np.pi * t / 12) + 0.05 * np.cumsum(rng.normal(size=len(t))))) + 1.0
    )


def test_adjusts_the_airline_passengers_as_sas_does():
    published = column("airline_x11.csv", "d11")
    adjusted = x11(AIRLINE, first=SEPTEMBER).adjusted[: len(published)]
    # Three decimals are printed.
    assert np.abs(adjusted - published).max() < 0.0011


@pytest.mark.parametrize(
    "length, published",
    [
        (9, [-0.04072, -0.00987, 0.11847, 0.26656, 0.33114]),
        (13, [-0.01935, -0.02786, 0, 0.06549, 0.14736, 0.21434, 0.24006]),
        (
            23,
            [
                -0.00428,
                -0.01092,
                -0.01569,
                -0.01453,
                -0.00495,
                0.01343,
                0.03893,
                0.0683,
                0.0974,
                0.12195,
                0.13832,
                0.14406,
            ],
        ),
    ],
)
def test_henderson_weights_are_those_of_shiskin_young_and_musgrave(length, published):
    weights = henderson_weights(length)
    assert weights[: len(published)].round(5).tolist() == published
    assert np.allclose(weights, weights[::-1])


def test_the_last_weights_are_musgraves():
    # Shiskin, Young and Musgrave (1967), appendix B, table 3: the 13-term filter at the last month.
    assert musgrave_weights(13, 7, 3.5).round(5).tolist() == [
        -0.09186,
        -0.05811,
        0.01202,
        0.11977,
        0.2439,
        0.35315,
        0.42113,
    ]


def test_every_average_keeps_a_level_and_henderson_a_straight_line():
    for averages in SEASONAL_WEIGHTS.values():
        assert all(abs(float(sum(weights)) - 1) < 1e-9 for weights in averages)
    line = 3.0 + 0.25 * np.arange(60)
    assert np.allclose(henderson_trend(line, 13)[6:-6], line[6:-6])
    assert np.allclose(henderson_trend(np.full(60, 7.0), 23), 7)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1000), st.integers(0, 11))
def test_a_unit_of_another_size_changes_no_season(seed, factor, first):
    counts = made_up(seed)
    one, other = x11(counts, first=first), x11(factor * counts, first=first)
    assert np.allclose(factor * one.adjusted, other.adjusted, rtol=1e-9)
    assert np.allclose(one.seasonal, other.seasonal, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_components_make_up_the_series(seed):
    counts = made_up(seed)
    parts = x11(counts)
    assert np.allclose(parts.trend * parts.seasonal * parts.irregular, counts)
    assert np.allclose(parts.adjusted * parts.seasonal, counts)
    assert abs(parts.seasonal[:96].mean() - 1) < 0.02


def test_a_steady_season_is_taken_out_whole():
    factors = 1 + 0.4 * np.sin(2 * np.pi * np.arange(120) / 12)
    assert np.allclose(x11(50 * factors).adjusted, 50)


def test_one_extreme_month_leaves_the_season_of_other_years_alone():
    counts = made_up(3)
    struck = counts.copy()
    struck[40] *= 6
    season, with_extreme = x11(counts).seasonal, x11(struck).seasonal
    assert abs(with_extreme[40] / season[40] - 1) < 0.1
    assert x11(struck).irregular[40] > 3


def test_zeros_are_pseudo_additive():
    rng = np.random.default_rng(1)
    season = 1 + 0.9 * np.sin(2 * np.pi * np.arange(144) / 12)
    counts = rng.poisson(12 * season).astype(float)
    counts[5::48] = 0
    parts = x11(counts)
    assert (counts == 0).any()
    assert np.isfinite(parts.adjusted).all()
    assert np.corrcoef(parts.seasonal, season)[0, 1] > 0.97
    # Yearly sums hardly move: nothing but a season is taken out.
    years = counts.reshape(-1, 12).sum(axis=1), parts.adjusted.reshape(-1, 12).sum(axis=1)
    assert np.abs(years[0] / years[1] - 1).max() < 0.1


def test_a_season_that_does_not_move_has_no_finite_ratio():
    assert moving_seasonality_ratio(np.tile([0.5, 1.5], 60), Mode.MULTIPLICATIVE) > 1e300


@pytest.mark.parametrize(
    "counts, reason",
    [
        (np.arange(1.0, 60.0), Reason.TOO_SHORT),
        (np.r_[np.nan, np.arange(1.0, 80.0)], Reason.GAPS),
        (np.full(72, 5.0), Reason.CONSTANT),
        (np.r_[-5.0, np.arange(1.0, 80.0)], Reason.BROKEN),
        (np.r_[np.zeros(40), np.arange(1.0, 80.0)], Reason.TOO_FEW),
    ],
)
def test_refuses_what_has_no_season_to_be_told(counts, reason):
    with pytest.raises(ThinData) as refused:
        x11(counts)
    assert refused.value.reason is reason
