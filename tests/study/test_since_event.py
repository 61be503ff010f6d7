"""A series since an event: the route by way of Belarus worked out by hand, and when nothing is said."""

from dataclasses import replace
from functools import cache

import numpy
import pytest
import statsmodels.api as sm

from workbench.study import Results, Study
from workbench.study.forecasts import months_from
from workbench.study.since_event import since_event

pytestmark = pytest.mark.slow


@cache
def detections(country: str, year: int) -> tuple[Study, Results]:
    study = Study.open("outlook", country=country, year=year)
    (route,) = study.declared.border_routes
    return study, study.results("border_detections", geo="EXT_BORDERS", route=route, time=months_from(year, 2009))


def test_ten_times_as_many_came_by_way_of_belarus():
    """601 detections in June 2021, and 3 236 in July, after some fifty a month: by statsmodels, which drops the first month."""
    study, months = detections("LT", 2022)
    found = since_event(study, months)
    assert (found.event.id, found.first.time, found.first.value, found.last.time) == (
        "route_through_belarus",
        "2021-06",
        601,
        "2022-12",
    )
    counts = numpy.array([month.value for month in months if month.time >= "2016-06"])
    t = numpy.arange(len(counts))
    waves = [wave(2 * numpy.pi * pair * t / 12) for pair in (1, 2) for wave in (numpy.sin, numpy.cos)]
    x = numpy.column_stack([numpy.ones(len(t)), t, t >= 60, (t - 60) * (t >= 60), *waves])
    theirs = sm.GLSAR(numpy.log(counts), x, rho=1).iterative_fit(50)
    assert found.times.value == pytest.approx(numpy.exp(theirs.params[2]), rel=0.05)
    assert found.times.low == pytest.approx(numpy.exp(theirs.conf_int()[2][0]), rel=0.1)
    assert found.a_month.low < 0 < found.a_month.high
    # The change of power in Afghanistan is declared to bear on other numbers.
    assert [event.id for event in found.others] == ["invasion_of_ukraine"]


def test_nothing_is_said_without_an_event_of_the_country_or_too_early_or_long_after_it():
    assert since_event(*detections("EE", 2022)) is None
    # Seven months of 2021 lie after the beginning.
    assert since_event(*detections("LT", 2021)) is None
    assert since_event(*detections("LT", 2024)) is None


def test_nothing_is_said_across_a_break_or_a_month_of_none():
    study, months = detections("LT", 2022)
    for other in (replace(months[-20], flags="b"), replace(months[-40], value=0.0)):
        assert since_event(study, Results(other if month.time == other.time else month for month in months)) is None
