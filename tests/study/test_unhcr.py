"""At which level of the procedure UNHCR has a country's first decisions, and what it carried over."""

from made_up_results import made_up, series
from workbench.study.unhcr import carried_over, level_of_most_decisions


def decided(value: float | None, level: str, counted: str = "P"):
    return made_up(value, dec_level=level, counted=counted)


def test_the_level_with_most_first_decisions_on_persons():
    levels = [decided(50, "FI"), decided(700, "FA"), decided(900, "FA", counted="C"), decided(800, "AR")]
    assert level_of_most_decisions(levels) == "FA", "neither cases nor appeals"


def test_the_first_instance_where_nothing_is_reported():
    assert level_of_most_decisions([decided(None, "FA"), decided(0, "NA")]) == "FI" == level_of_most_decisions([])


def test_years_that_repeat_the_year_before_are_named_once():
    repeated = [made_up(None, "2021", flags="l", indicator=indicator) for indicator in ("recognised", "rejected")]
    assert carried_over([*series(5, 6), *repeated, made_up(None, "2020", flags="x")]) == ["2021"]
