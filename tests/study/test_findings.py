"""A finding with how far it departs from the years before."""

from made_up_results import made_up, series
from workbench.presentation.sentences import Sentence
from workbench.study.defining import departure
from workbench.study.findings import finding_with_departure


def test_a_finding_departs_as_its_trend_does_and_without_one_from_nothing():
    number, trend = made_up(3940, "2020"), series(315, 415, 405, 645, 545, 3940)
    sentence = Sentence("", "", (number,))
    finding, departs = finding_with_departure(sentence, number, trend)
    assert finding.trend == trend and departs == departure(trend) > 2
    assert finding_with_departure(sentence, number)[1] == 1
