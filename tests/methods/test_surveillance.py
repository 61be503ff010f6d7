"""False alarms and delays, on histories of which the truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.methods.expected_counts import expected_counts
from workbench.methods.surveillance import Rise, injected, real_rises, track_record


def test_a_step_is_a_rise_from_where_it_stands():
    counts = np.array([10.0] * 36 + [40.0] * 36)
    (rise,) = real_rises(counts, 12)
    # Ten months before it, the year ahead already holds half as much again as the year behind.
    assert (rise.first, rise.onset, rise.last) == (26, 36, 47)


def test_a_season_is_no_rise_and_neither_is_a_handful():
    season = 100 + 90 * np.sin(np.arange(120) * 2 * np.pi / 12)
    assert real_rises(season, 12) == ()
    assert real_rises([0.0] * 24 + [1.0] * 24, 12) == ()


@given(st.integers(24, 80))
def test_a_rise_is_known_only_a_year_later(now):
    counts = np.array([10.0] * 36 + [40.0] * 60)
    known = real_rises(counts[:now], 12)
    assert all(rise.first + 12 <= now for rise in known)


def test_record_of_alarms_by_hand():
    is_watched = np.arange(100) >= 40
    alarms = np.isin(np.arange(100), [45, 63, 64, 95])
    rises = (Rise(10, 12, 23), Rise(58, 60, 71), Rise(75, 77, 88))
    record = track_record(alarms, is_watched, rises, 12)
    # Months 40 to 88 are watched, 14 of the first later rise and 14 of the second are not quiet. That at 45 was false; 63 true,
    # three months late; of 95 it is too early to tell.
    assert (record.watched, record.quiet, record.false_alarms) == (49, 21, 1)
    assert record.false_alarms_per_year == pytest.approx(12 / 21)
    assert (record.rises, record.noticed, record.delays) == (2, 1, (3,))


def test_an_alarm_a_quarter_before_the_onset_is_in_time_and_an_earlier_one_is_not_its_own():
    def delays(*at):
        return track_record(np.isin(np.arange(60), at), np.ones(60, bool), (Rise(25, 33, 45),), 12).delays

    assert delays(31) == (0,)
    assert delays(27) == ()
    assert delays(27, 35) == (2,)


def test_a_rise_that_still_grows_has_no_delay_yet():
    counts = np.array([10.0] * 48 + [20.0 * 1.3**month for month in range(12)])
    record = track_record(counts > 100, np.arange(60) >= 24, real_rises(counts, 12), 12)
    assert (record.rises, record.delays) == (0, ())


def test_rises_put_into_history_are_noticed_by_their_size():
    counts = np.random.default_rng(11).poisson(50, 120).astype(float)
    expected = expected_counts(counts, 12)

    def noticed(deviations):
        return injected(counts, expected, deviations * np.sqrt(expected.variance), np.ones(120, bool), 6).noticed_pct

    assert noticed(0) == 0
    assert noticed(1) < noticed(2) < noticed(4)
    # A doubling is seven standard deviations here: seen at once, but for chance.
    doubled = injected(counts, expected, expected.mean, np.ones(120, bool), 6)
    assert doubled.noticed_pct > 99.999
    assert doubled.mean_delay < 0.1


def test_what_is_computed_is_the_mean_of_a_simulation():
    counts = np.random.default_rng(12).poisson(20, 120).astype(float)
    expected = expected_counts(counts, 12)
    quiet = np.arange(120) < 110
    computed = injected(counts, expected, 0.5 * expected.mean, quiet, 3)
    generator, delays = np.random.default_rng(2017), []
    starts = [at for at in range(108) if (counts[at : at + 3] <= expected.upper[at : at + 3]).all() and at + 3 <= 110]
    for start in starts * 200:
        risen = counts[start : start + 3] + generator.poisson(0.5 * expected.mean[start : start + 3])
        alarms = np.flatnonzero(risen > expected.upper[start : start + 3])
        delays.append(alarms[0] if alarms.size else np.nan)
    assert computed.trials == len(starts)
    assert computed.noticed_pct == pytest.approx(100 * np.mean(~np.isnan(delays)), abs=1.5)
    assert computed.mean_delay == pytest.approx(np.nanmean(delays), abs=0.05)


def test_history_with_no_quiet_has_no_trial():
    counts = np.random.default_rng(13).poisson(20, 120).astype(float)
    expected = expected_counts(counts, 12)
    detection = injected(counts, expected, expected.mean, np.zeros(120, bool), 3)
    assert detection.trials == 0
    assert np.isnan(detection.noticed_pct)
