"""Rows of tables on the data themselves."""

from types import SimpleNamespace

from made_up_results import made_up
from workbench.indicators.results import Results
from workbench.study.quality_rows import flagged_in_the_year, furthest_from_zero, rows_with_values


def test_a_row_is_of_one_file_and_of_what_is_measured_in_it():
    total = made_up(100, indicator="total", measured="permits")
    coverage = made_up(None, indicator="coverage", measured="permits")
    empty = made_up(None, indicator="total", measured="permits", vintage="2020-01-01")
    rows = Results([total, coverage, empty])
    assert rows_with_values(rows) == (total, coverage)
    assert rows_with_values(rows, "coverage") == ()


def test_the_value_furthest_from_zero_in_either_direction():
    assert furthest_from_zero([made_up(3), made_up(-9), made_up(None)]).value == -9
    assert furthest_from_zero([made_up(None)]) is None


def quality(flagged: list, releases: list, recording: list) -> SimpleNamespace:
    """What a study has measured of made-up data."""
    return SimpleNamespace(
        releases={"made_up"},
        flags=lambda: recording,
        flagged=lambda flag: flagged,
        released=lambda times, indicator: releases,
    )


def test_a_figure_counts_as_flagged_by_the_newest_release_that_records_such_flags():
    older, newer = ({"vintage": day} for day in ("2023-01-01", "2024-01-01"))
    flagged = [made_up(5, flags="b", **older)]
    releases = [made_up(5, **older), made_up(5, **newer)]
    records = [made_up(1, obs_status="b", **older)]
    lost = quality(flagged, releases, records)
    assert flagged_in_the_year(lost, "b", 2022) == ["made_up"], "a release that records no flags contradicts none"
    corrected = quality(flagged, releases, [*records, made_up(1, obs_status="b", **newer)])
    assert flagged_in_the_year(corrected, "b", 2022) == []


def test_flags_of_other_years_are_not_of_the_year():
    other = quality([made_up(5, "2019", flags="b")], [], [])
    assert flagged_in_the_year(other, "b", 2022) == []
