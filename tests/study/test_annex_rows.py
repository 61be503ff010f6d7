"""The rows of an annex that are shown, and the number of the year in them."""

from made_up_results import made_up
from workbench.indicators.results import Results
from workbench.study.annex_rows import has_number, measure, of_the_year, with_numbers, without_number, year_on_year


def row(
    now: float | None, before: float | None = 5.0, indicator: str = "returned", vintage: str = "2023-01-01"
) -> Results:
    """Year before, reference year, change and rank."""
    where = {"vintage": vintage}
    return Results(
        [
            made_up(before, "2021", indicator=indicator, **where),
            made_up(now, indicator=indicator, **where),
            made_up(20 if now and before else None, indicator=f"{indicator}_change_pct", **where),
            made_up(3 if now else None, indicator=f"{indicator}_rank_eu27", **where),
            made_up(27 if now else 0, indicator=f"{indicator}_ranked_eu27", **where),
        ]
    )


def test_a_change_and_a_rank_are_of_the_indicator_of_their_row():
    assert {measure(result) for result in row(6)} == {"returned"}
    assert measure(made_up(5, indicator="recognition_rate_pct_change_pp")) == "recognition_rate_pct"
    assert measure(made_up(5, indicator="recognition_rate_pct")) == "recognition_rate_pct"


def test_of_several_series_the_number_of_the_year_is_of_the_first_that_has_it():
    rows = row(None) + row(7, vintage="2020-01-01")
    assert of_the_year(rows, "returned", "LT", 2022).value == 7
    assert not of_the_year(row(None), "returned", "LT", 2022).is_available


def test_its_change_and_the_year_before_are_of_the_same_series():
    rows = row(None, 5) + row(7, 6, vintage="2020-01-01")
    number, change, before = year_on_year(rows, "returned", "LT", 2022)
    assert (number.value, before.value) == (7, 6)
    assert {result.vintage for result in (number, change, before)} == {"2020-01-01"}


def test_a_row_without_any_number_is_not_shown_and_its_indicator_is_named():
    rows = row(7) + row(None, None, indicator="ordered_to_leave")
    assert with_numbers(rows) == row(7)
    assert without_number(rows) == ["ordered_to_leave"] and has_number(rows, "returned")


def test_partial_sums_have_neither_change_nor_rank():
    shown = with_numbers(row(7, indicator="returned_over_citizenships"))
    assert {result.indicator for result in shown} == {"returned_over_citizenships"}


def test_where_no_member_state_has_a_number_none_has_a_rank():
    shown = with_numbers(row(None, 5))
    assert {result.indicator for result in shown} == {"returned", "returned_change_pct"}
