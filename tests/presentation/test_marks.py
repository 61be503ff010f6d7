"""Each number that a chart shows has one mark, in view, on the wide sheet and on the narrow one; words do not cover each other."""

from collections import Counter
from itertools import combinations

import pytest
from test_charts import EN
from test_plain_axes import CHARTS

from workbench.presentation.charts import EuropeMap, Funnel, Ranking, Residuals
from workbench.presentation.charts.paper import overlap
from workbench.presentation.charts.sheet import NARROW, WIDE

MEASURES = {"wide": WIDE, "narrow": NARROW}


def seen(chart):
    """What of the chart's results can be seen: the dot of a unit stands for all that is known of it, one that has none for nothing."""
    if isinstance(chart, Funnel):
        drawn = {result.geo for result in chart.rates if result.is_available}
        return [result for result in chart.results if result.is_available and result.geo in drawn]
    if isinstance(chart, Residuals):
        return [result for _, *pair in chart._pairs for result in pair]
    more = [chart.union] if isinstance(chart, Ranking) and chart.union else []
    return [result for result in (*chart.results, *more) if result.is_available]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name", CHARTS)
def test_each_number_has_one_mark_within_the_drawing(name, measure):
    paper, marks = CHARTS[name].painted(EN, "made-up", MEASURES[measure])
    assert Counter(mark.result for mark in marks) == Counter(seen(CHARTS[name]))
    assert all(0 <= mark.x <= paper.width and 0 <= mark.y <= paper.height for mark in marks)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name", CHARTS)
def test_letters_are_large_enough(name, measure):
    paper, _ = CHARTS[name].painted(EN, "made-up", MEASURES[measure])
    assert min(paper.sizes) >= MEASURES[measure].small


def test_a_country_of_the_map_is_marked_within_its_shape():
    ranking = CHARTS["Ranking"]
    (drawing,) = EuropeMap(ranking.results, "LT").drawings(EN, "made-up")
    there = [result for result in ranking.results if result.is_available]
    assert Counter(mark.result for mark in drawing.marks) == Counter(there)
    assert drawing.svg.count("data-mark=") == len(there)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "name", ["Bars", "Lines of an index", "Multiples", "Panels", "Ranking", "Stacked", "Fan", "Tiles"]
)
def test_words_do_not_cover_words(name, measure):
    paper, _ = CHARTS[name].painted(EN, "made-up", MEASURES[measure])
    covered = [(one.text, other.text) for one, other in combinations(paper.words, 2) if overlap(one.box, other.box)]
    assert covered == []
