"""What a method estimates becomes a result that says what it was made from, and what its bounds are."""

from math import isnan, nan
from types import SimpleNamespace

import pytest

from made_up_results import made_up
from workbench.declarations.indicators import Count, CountSource, Derivation, Estimate, Indicators
from workbench.indicators.evaluate import Evaluator
from workbench.model.errors import InconsistentResult, InvalidDeclaration
from workbench.presentation.sentences import describe
from workbench.presentation.wording import Wording
from workbench.study.estimates import estimate

SAID = {"label": "Made-up rate", "definition": "Made up.", "reference": "None"}
DECLARED = Indicators(
    indicators={
        "made_up_count": Count(unit="persons", sources=(CountSource(dataset="made_up_data"),), **SAID),
        "made_up_rate": Estimate(of=("made_up_count",), unit="%", interval="confidence", **SAID),
    },
    derivations={
        "_forecast": Derivation(label="{indicator}: forecast", definition="d", reference="r", interval="prediction"),
        "_change_pct": Derivation(label="{indicator}: change", definition="d", reference="r", unit="%"),
    },
)
STUDY = SimpleNamespace(indicators=DECLARED, country="LT", year=2022)
BASIS = [made_up(10, "2021", flags="p"), made_up(12, "2022", flags="b")]


def test_an_estimate_says_what_it_was_made_from():
    made = estimate(STUDY, "made_up_rate", BASIS, 41.5, 30.2, 53.9)
    assert (made.geo, made.time, made.unit, made.flags) == ("LT", "2022", "%", "bp")
    assert (made.dataset, made.vintage) == ("made_up_data", "2023-01-01")


def test_the_digits_of_an_estimate_are_shown_beside_an_interval_that_has_its_own_name():
    wording = Wording("en", DECLARED)
    made = estimate(STUDY, "made_up_rate", BASIS, 41.52, 30.24, 53.91, flags="e")
    assert wording.value(made) == "41.5%"
    assert wording.interval(made) == "30.2–54.0%"
    assert "95% confidence interval: 30.2–54.0%" in describe(wording, made)
    forecast = estimate(
        STUDY, "made_up_rate_forecast", BASIS, 41.5, 20, 60, time="2023", breakdown="level=80", flags="f"
    )
    assert "80% prediction interval" in describe(wording, forecast)


def test_what_was_refused_is_not_available():
    refused = estimate(STUDY, "made_up_rate", BASIS, nan, flags="e")
    assert refused.flags == "ex"
    assert isnan(refused.low)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: estimate(STUDY, "made_up_count_change_pct", BASIS, 1), "evaluated"),
        (lambda: estimate(STUDY, "made_up_rate", [], 1), "made from nothing"),
        (lambda: estimate(STUDY, "made_up_rate", BASIS, 1, 2, 3), "outside its own interval"),
        (lambda: estimate(STUDY, "made_up_rate", [*BASIS, made_up(1, vintage="2024-01-01")], 1), "two vintages"),
    ],
)
def test_what_cannot_be_an_estimate_is_refused(made, told):
    with pytest.raises(InconsistentResult, match=told):
        made()


def test_vintages_are_compared_where_that_is_said():
    made = estimate(STUDY, "made_up_rate", [*BASIS, made_up(1, vintage="2024-01-01")], 1, across_vintages=True)
    assert made.vintage == "2023-01-01+2024-01-01"


@pytest.mark.parametrize("indicator", ["made_up_rate", "made_up_rate_forecast"])
def test_no_formula_evaluates_an_estimate(indicator):
    evaluator = Evaluator(DECLARED, None, None, None)
    with pytest.raises(InvalidDeclaration, match="estimated by a method"):
        evaluator.results(indicator, ["LT"], ["2022"])
