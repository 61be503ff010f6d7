"""What a change consists of: Lithuania's applicants by citizenship from the file, and what holds for any counts."""

import pandas
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from conftest import shared
from workbench.model.types import Result
from workbench.study import Results, Study, contributions, moved_with_the_whole, with_the_rest

FIGURES = "data/figures/estat/migr_asyappctza/2024-01-18.csv.gz"


def study(country: str = "LT", year: int = 2022) -> Study:
    return Study.open("asylum_applications", country=country, year=year)


def of(study: Study):
    now, before = study.results("asylum_applicants", time=[study.year, study.year - 1])
    parts = study.results("asylum_applicants", citizen=study.every, time=[study.year, study.year - 1])
    return contributions(study, parts, now, before), now, before


def test_lithuanias_fall_is_mostly_iraqs():
    rows = pandas.read_csv(shared(FIGURES))
    rows = rows[
        (rows["geo"] == "LT") & (rows["asyl_app"] == "ASY_APP") & (rows["age"] == "TOTAL") & (rows["sex"] == "T")
    ]
    counts = rows.pivot_table(index="citizen", columns="TIME_PERIOD", values="OBS_VALUE", aggfunc="sum").fillna(0)
    whole = counts.loc["TOTAL", 2021]
    made, now, before = of(study())
    assert (now.value, before.value) == (1025, whole) == (1025, 3940)
    first = made[0]
    assert first.points.code("citizen") == "IQ" and (first.now.value, first.before.value) == (130, 2370)
    assert first.points.value == pytest.approx(100 * (counts.loc["IQ", 2022] - counts.loc["IQ", 2021]) / whole)
    for part in made[:8]:
        by_hand = counts.loc[part.points.code("citizen")]
        assert part.points.value == pytest.approx(100 * (by_hand[2022] - by_hand[2021]) / whole)


def test_the_part_that_moved_most_moved_as_the_whole_did():
    made, now, before = of(study())
    assert moved_with_the_whole(made, now, before).points.code("citizen") == "IQ"
    rising = moved_with_the_whole(made, before, now)  # as if the whole had risen
    assert rising.points.value > 0 and rising.points.value == max(part.points.value for part in made)
    assert moved_with_the_whole((), now, before) is None


def test_a_whole_that_hardly_changed_is_not_told_by_its_parts():
    """Where many parts move and cancel out, the largest of them says nothing of the whole."""
    made, now, _ = of(study())
    assert moved_with_the_whole(made, now, now) is None


@pytest.mark.parametrize(("country", "year"), [("LT", 2022), ("DE", 2016), ("MT", 2019), ("CH", 2022)])
def test_parts_and_rest_add_up_to_the_change(country, year):
    opened = study(country, year)
    made, now, before = of(opened)
    shown = with_the_rest(opened, made[:8], "citizen", now, before)
    assert sum(result.value for result in shown) == pytest.approx(100 * (now.value / before.value - 1))
    assert all(result.low <= result.value <= result.high for result in shown)


@example([(0, 200)], [0.0, -2.0, 2.0] + [0.0] * 11)
@given(
    some.lists(some.tuples(some.integers(0, 200), some.integers(0, 200)), min_size=1, max_size=6),
    some.lists(some.floats(-2.49, 2.49), min_size=14, max_size=14),
)
def test_the_bounds_hold_whatever_rounding_hides(counts, hidden):
    total = [sum(pair[side] for pair in counts) + 20 for side in (0, 1)]
    published = Results(
        part("X" + chr(65 + position), time, 5 * count)
        for position, pair in enumerate(counts)
        for time, count in zip(("2022", "2021"), pair)
    )
    now, before = (part("", time, 5 * value) for time, value in zip(("2022", "2021"), total))
    true_before = before.value + hidden[0]
    for one in contributions(study(), published, now, before):
        position = ord(one.points.breakdown[-1]) - 65
        # No count is below zero, whatever was rounded to it.
        true, true_part_before = (
            max(0.0, published.value + hidden[2 * position + offset])
            for published, offset in ((one.now, 1), (one.before, 2))
        )
        assert one.points.low - 1e-9 <= 100 * (true - true_part_before) / true_before <= one.points.high + 1e-9


def part(code: str, time: str, value: float, flags: str = "", vintage: str = "2024-01-18") -> Result:
    breakdown = f"citizen={code}" if code else ""
    bounds = (max(0.0, value - 2.5), value + 2.5)
    return Result(
        "asylum_applicants", "LT", breakdown, time, value, *bounds, "persons", flags, "migr_asyappctza", vintage
    )


def test_nothing_is_said_across_a_break_of_few_or_of_two_vintages():
    parts = Results([part("IQ", "2022", 50), part("IQ", "2021", 100)])
    assert contributions(study(), parts, part("", "2022", 100), part("", "2021", 200))
    assert not contributions(study(), parts, part("", "2022", 100, "b"), part("", "2021", 200))
    assert not contributions(study(), parts, part("", "2022", 100), part("", "2021", 25))
    assert not contributions(study(), parts, part("", "2022", 100, vintage="2025-03-31"), part("", "2021", 200))
    assert not contributions(study(), parts, part("", "2022", float("nan"), "x"), part("", "2021", 200))
