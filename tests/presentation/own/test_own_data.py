"""The data behind a researcher's own figure: equal to what went in, in the words of axes and legends."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
import seaborn.objects as so

from researchers import SHOWN, in_the_style, made_up
from workbench.presentation.own.data import drawn_csv, drawn_data


@pytest.fixture(autouse=True)
def style():
    with in_the_style():
        yield


@pytest.fixture
def frame() -> pd.DataFrame:
    return made_up()


def axes():
    return plt.figure().add_subplot()


def rows(shown, *columns: str) -> list[tuple]:
    """The rows of the data, sorted: in which order seaborn draws is its own affair."""
    return sorted(drawn_data(shown)[list(columns)].itertuples(index=False, name=None))


def test_points_of_facets_are_those_of_the_frame(frame):
    grid = sns.relplot(frame, x="year", y="persons", hue="sex", col="region")
    expected = sorted(frame[["region", "sex", "year", "persons"]].itertuples(index=False, name=None))
    assert rows(grid, "panel", "series", "x", "y") == expected


def test_facets_with_names_in_the_margins_have_them_as_panels(frame):
    grid = sns.relplot(frame, x="year", y="persons", col="sex", row="region", facet_kws={"margin_titles": True})
    assert set(drawn_data(grid).panel) == {f"{row}, {col}" for row in ("north", "south") for col in ("men", "women")}


def test_lines_have_their_series_from_the_legend(frame):
    shown = sns.lineplot(frame, x="year", y="persons", hue="sex")
    expected = sorted(frame[["sex", "year", "persons"]].itertuples(index=False, name=None))
    assert rows(shown, "series", "x", "y") == expected


def test_a_band_is_given_to_its_line(frame):
    data = drawn_data(sns.lineplot(frame, x="year", y="persons", errorbar=("pi", 100)))
    by_year = frame.groupby("year").persons
    assert list(data.y) == list(by_year.mean())
    assert list(data.low) == list(by_year.min()) and list(data.high) == list(by_year.max())


@pytest.mark.parametrize("capsize", [0, 0.2])
@pytest.mark.parametrize("draw", [sns.barplot, sns.pointplot])
def test_errors_of_categories_are_given_to_their_bars_and_points(frame, draw, capsize):
    # Of one number no error is known.
    frame = pd.concat([frame, frame.assign(persons=frame.persons + 1)])
    plt.figure()
    shown = draw(frame, x="region", y="persons", hue="sex", errorbar=("pi", 100), capsize=capsize)
    told = frame.groupby(["sex", "region"]).persons.agg(["mean", "min", "max"]).reset_index()
    expected = sorted(told.itertuples(index=False, name=None))
    assert rows(shown, "series", "x", "y", "low", "high") == expected


def test_where_no_error_is_known_there_is_the_number_alone(frame):
    shown = sns.barplot(frame, x="year", y="persons", hue="sex", errorbar="sd")
    assert len(drawn_data(shown)) == len(frame) and "low" not in drawn_data(shown)


def test_bars_that_lie_have_their_category_upright(frame):
    data = drawn_data(sns.barplot(frame, y="sex", x="persons", errorbar=("pi", 100)))
    assert data[["x", "y", "low", "high"]].values.tolist() == [[10.5, "men", 9.0, 12.5], [61 / 12, "women", 3.0, 8.25]]


def test_grouped_bars_of_pandas_stand_at_their_categories(frame):
    table = frame.pivot_table(index="sex", columns="year", values="persons")
    data = drawn_data(table.plot.bar())
    assert data.pivot(index="x", columns="series", values="y").values.tolist() == table.values.tolist()


def test_a_histogram_has_the_numbers_of_its_classes():
    shown = axes()
    counts, edges, _ = shown.hist([1, 2, 2, 3, 3, 3], bins=3)
    data = drawn_data(shown)
    assert list(data.y) == list(counts) and np.allclose(data.x, (edges[:-1] + edges[1:]) / 2)


def test_a_histogram_of_seaborn_counts_all(frame):
    assert drawn_data(sns.histplot(frame, x="persons", hue="sex")).groupby("series").y.sum().to_dict() == {
        "men": 3,
        "women": 3,
    }


def test_bars_of_error_are_ranges():
    shown = axes()
    shown.errorbar([1, 2], [3, 4], yerr=[0.5, 0.25], label="with")
    shown.errorbar([1, 2], [5, 6], label="without")
    assert rows(shown, "series", "x", "y", "low", "high")[:2] == [("with", 1, 3, 2.5, 3.5), ("with", 2, 4, 3.75, 4.25)]
    assert rows(shown, "series", "x", "y")[2:] == [("without", 1, 5), ("without", 2, 6)]
    shown = axes()
    shown.bar(["a", "b"], [1, 2], yerr=[0.5, 0.25])
    assert rows(shown, "x", "y", "low", "high") == [("a", 1, 0.5, 1.5), ("b", 2, 1.75, 2.25)]


def test_heat_maps_and_pictures_are_told_cell_by_cell(frame):
    table = frame.pivot_table(index="sex", columns="year", values="persons")
    data = drawn_data(sns.heatmap(table))
    assert data.pivot(index="y", columns="x", values="value").values.tolist() == table.values.tolist()
    assert set(data.x) == {"2020", "2021", "2022"} and set(data.y) == {"men", "women"}
    shown = axes()
    shown.imshow([[1, 2], [3, 4]])
    assert rows(shown, "y", "x", "value") == [(0, 0, 1), (0, 1, 2), (1, 0, 3), (1, 1, 4)]


def test_a_colour_bar_is_no_panel():
    shown = axes()
    shown.figure.colorbar(shown.scatter([1, 2], [3, 4], c=[5, 6]))
    assert rows(shown, "panel", "x", "y", "value") == [("", 1, 3, 5), ("", 2, 4, 6)]


def test_boxes_have_their_median_within_the_quartiles_and_the_whiskers(frame):
    data = drawn_data(sns.boxplot(frame, x="sex", y="persons"))
    men, women = (frame.persons[frame.sex == sex] for sex in ("men", "women"))
    assert data.dropna().loc[:, ["x", "y", "low", "high"]].values.tolist() == [
        ["men", men.median(), men.quantile(0.25), men.quantile(0.75)],
        ["women", women.median(), women.quantile(0.25), women.quantile(0.75)],
    ]
    assert list(data[data.y.isna()].low) == [men.min(), women.min()]


def test_grids_of_pairs_and_of_two_variables_tell_the_frame_that_they_hold(frame):
    pairs = drawn_data(SHOWN["pairs"](frame))
    pd.testing.assert_frame_equal(pairs, frame[["year", "persons", "sex"]], check_dtype=False)
    joint = drawn_data(sns.jointplot(frame, x="year", y="persons", kind="hex"))
    pd.testing.assert_frame_equal(joint, frame[["year", "persons"]])


def test_a_plot_of_seaborn_objects_tells_what_is_drawn(frame):
    shown = so.Plot(frame, x="year", y="persons", color="sex").add(so.Line()).facet("region")
    assert rows(shown, "panel", "series", "x", "y") == sorted(
        frame[["region", "sex", "year", "persons"]].itertuples(index=False, name=None)
    )
    shown = so.Plot(frame, x="sex", y="persons", color="region").add(so.Bar(), so.Agg(), so.Dodge())
    means = frame.groupby(["region", "sex"]).persons.mean().reset_index()
    assert rows(shown, "series", "x", "y") == sorted(means.itertuples(index=False, name=None))


@pytest.mark.parametrize("draw", ["line", "points", "pandas", "periods", "seaborn"])
def test_dates_are_iso(draw):
    days = pd.date_range("2022-01-01", periods=3, freq="MS")
    numbers = pd.Series([1.0, 2, 3], index=days, name="numbers")
    shown = axes()
    if draw == "line":
        shown.plot(days, numbers)
    elif draw == "points":
        shown.scatter(days, numbers)
    elif draw == "pandas":
        numbers.plot(ax=shown, x_compat=True)
    elif draw == "periods":
        numbers.plot(ax=shown)
    else:
        sns.lineplot(numbers, ax=shown)
    length = 7 if draw == "periods" else 10
    assert rows(shown, "x", "y") == [(str(day)[:length], value) for day, value in numbers.items()]


def test_a_moment_has_its_time():
    shown = axes()
    shown.plot(pd.to_datetime(["2022-01-01 06:30", "2022-01-02 00:00"]), [1, 2])
    assert list(drawn_data(shown).x) == ["2022-01-01T06:30:00", "2022-01-02"]


def test_a_line_that_comes_back_to_its_level_is_no_bar_of_error():
    shown = axes()
    shown.plot([2, 2.5], [1.5, 3], label="other")
    shown.plot([1, 2, 3], [1, 2, 1])
    assert rows(shown, "series", "x", "y")[:3] == [("1", 1, 1), ("1", 2, 2), ("1", 3, 1)]


def test_lines_of_reference_are_no_data():
    shown = axes()
    shown.plot([1, 2], [3, 4], label="data")
    shown.axhline(3.5)
    shown.axvline(1.5)
    shown.axvspan(1.2, 1.4)
    assert rows(shown, "series", "x", "y") == [("data", 1, 3), ("data", 2, 4)]


def test_named_ticks_stand_for_positions_only_where_all_are_named():
    shown = axes()
    shown.plot([0, 1, 2], [0.2, 0.4, 0.6])
    shown.set_xticks([0, 1, 2], ["low", "middle", "high"])
    shown.set_yticks([0, 0.5, 1], ["none", "half", "all"])
    assert list(drawn_data(shown).x) == ["low", "middle", "high"] and list(drawn_data(shown).y) == [0.2, 0.4, 0.6]


def test_panels_without_titles_have_numbers_and_hidden_ones_are_left_out():
    _, panels = plt.subplots(1, 3)
    for panel in panels:
        panel.plot([1, 2])
    panels[1].set_title("second")
    panels[2].set_visible(False)
    assert list(drawn_data(panels).panel.unique()) == ["1", "second"]


def test_a_pie_tells_its_shares():
    shown = axes()
    shown.pie([1, 3], labels=["a", "b"])
    assert rows(shown, "series", "value") == [("a", 0.25), ("b", 0.75)]


def test_what_cannot_be_read_back_has_no_rows():
    shown = plt.figure().add_subplot(projection="3d")
    shown.plot([1, 2], [1, 2], [1, 2])
    assert list(drawn_data(shown).columns) == ["panel", "series", "x", "y"] and drawn_data(shown).empty


@pytest.mark.parametrize("kind", SHOWN)
def test_the_data_are_the_same_twice(kind, frame):
    first, second = (drawn_csv(drawn_data(SHOWN[kind](frame))) for _ in range(2))
    assert first == second and len(first.splitlines()) > 1


def test_csv_escapes_formulas_and_leaves_what_is_missing_empty():
    data = pd.DataFrame({"series": ["=1+1", "-a"], "y": [0.1 + 0.2, np.nan], "n": [3, -4]})
    assert drawn_csv(data) == "series,y,n\n'=1+1,0.3,3\n'-a,,-4\n"
