"""What a reader must take with care, by the flags of what is shown."""

from made_up_results import made_up
from workbench.study.shown_flags import breaks_by_period, flagged


def test_breaks_are_told_by_period_the_newest_first():
    shown = [
        made_up(1, "2016", indicator="applied", flags="b"),
        made_up(2, "2019", indicator="returned", flags="bp"),
        made_up(3, "2019", indicator="returned", flags="b", geo="LV"),
        made_up(None, "2020", indicator="applied", flags="bx"),
        made_up(4, "2021", indicator="applied"),
    ]
    assert breaks_by_period(shown) == {"2019": ["returned"], "2016": ["applied"]}
    assert list(breaks_by_period(shown)) == ["2019", "2016"]


def test_an_indicator_is_told_once_by_any_of_the_flags():
    shown = [
        made_up(1, flags="p", indicator="a"),
        made_up(2, "2021", flags="e", indicator="a"),
        made_up(3, indicator="b"),
    ]
    assert flagged(shown, "pe") == ["a"] and flagged(shown, "d") == []
    assert flagged([made_up(None, flags="px")], "p") == []
