"""A researcher's own table becomes rows of text, and HTML with headers."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from lxml import html
from statsmodels.iolib.summary2 import summary_col
from statsmodels.iolib.table import SimpleTable

from workbench.model.errors import WorkbenchError
from workbench.presentation.own.tables import OwnCells, own_table, own_table_html


@pytest.fixture(scope="module")
def results():
    numbers = pd.DataFrame({"year": range(8), "persons": [1.0, 2.5, 2.0, 4.0, 5.5, 5.0, 7.0, 8.5]})
    return sm.OLS(numbers.persons, sm.add_constant(numbers[["year"]])).fit()


def test_the_index_becomes_headers_unless_it_only_counts():
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="key"))
    assert own_table(frame) == (OwnCells(("key", "n"), (("a", "1"), ("b", "2")), 1, ""),)
    assert own_table(frame.reset_index()) == (OwnCells(("key", "n"), (("a", "1"), ("b", "2")), 0, ""),)
    assert own_table(frame.n) == own_table(frame)


def test_several_levels_become_columns_and_joined_names():
    frame = pd.DataFrame({"sex": ["m", "m", "w"], "age": [1, 2, 1], "n": [1.0, 2.0, 3.5]})
    (cells,) = own_table(frame.groupby(["sex", "age"]).agg({"n": ["mean", "count"]}))
    assert cells.columns == ("sex", "age", "n, mean", "n, count") and cells.header_columns == 2
    assert cells.rows == (("m", "1", "1", "1"), ("m", "2", "2", "1"), ("w", "1", "3.5", "1"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (1234567.0, "1234567"),
        (12345678.9, "12345679"),
        (-0.0, "0"),
        (1e-9, "1e-09"),
        (np.float32(0.5), "0.5"),
        (np.int64(2**53 + 1), "9007199254740993"),
        (np.nan, ""),
        (None, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (np.inf, "inf"),
        (True, "True"),
        (pd.Timestamp("2022-01-01"), "2022-01-01"),
        (pd.Timestamp("2022-01-01 10:00"), "2022-01-01T10:00:00"),
        (pd.Period("2022Q1"), "2022Q1"),
        ("text & <more>", "text & <more>"),
    ],
)
def test_values_are_written_short_but_whole(value, text):
    (cells,) = own_table(pd.DataFrame({"a": pd.Series([value], dtype=object)}))
    assert cells.rows == ((text,),)


def test_a_summary_is_its_tables_without_day_and_time(results):
    head, coefficients, tests = own_table(results.summary())
    assert ("R-squared:", f"{results.rsquared:.3f}") in head.rows and head.note == "OLS Regression Results"
    assert head.columns == () and all(len(row) == 2 and row[0] for row in head.rows)
    assert coefficients.columns == ("", "coef", "std err", "t", "P>|t|", "[0.025", "0.975]")
    assert [float(row[1]) for row in coefficients.rows] == [round(value, 4) for value in results.params]
    assert tests.rows[0][0] == "Omnibus:" and tests.note.startswith("Notes:\n[1]")


def test_the_other_summary_too(results):
    head, coefficients, tests = own_table(results.summary2())
    assert ("R-squared:", f"{results.rsquared:.3f}") in head.rows
    assert head.note == "Results: Ordinary least squares" and tests.note.startswith("Notes:\n[1]")
    assert [float(row[1]) for row in coefficients.rows] == [round(value, 4) for value in results.params]
    assert coefficients.header_columns == 1


@pytest.mark.parametrize("summary", ["summary", "summary2"])
def test_no_summary_tells_a_clock(results, summary):
    assert not re.search(r"Date|Time|\d\d:\d\d", own_table_html(own_table(getattr(results, summary)()), ""))


def test_models_side_by_side(results):
    (cells,) = own_table(summary_col([results, results], model_names=["one", "two"], stars=True))
    assert cells.columns == ("", "one", "two") and cells.rows[0][0] == "const" and "***" in cells.note


def test_other_models_are_taken():
    numbers = np.arange(12.0)
    poisson = sm.GLM(numbers, sm.add_constant(numbers % 3), family=sm.families.Poisson()).fit()
    logit = sm.Logit(numbers > 5, sm.add_constant(numbers % 3)).fit(disp=0)
    several = sm.MNLogit(numbers % 3, sm.add_constant(np.sin(numbers))).fit(disp=0)
    for model in (poisson, logit, several):
        for shown in (model.summary(), model.summary2()):
            tables = own_table(shown)
            widths = [{len(row) for row in cells.rows} | ({len(cells.columns)} - {0}) for cells in tables]
            assert all(len(own) == 1 for own in widths)


def test_a_simple_table():
    table = SimpleTable([[1.5, 2], ["a<b", 3]], headers=["one", "two"], stubs=["x", "y"], title="A title")
    assert own_table(table) == (OwnCells(("", "one", "two"), (("x", "1.5", "2"), ("y", "a<b", "3")), 1, "A title"),)
    assert own_table(SimpleTable([[1, 2]])) == (OwnCells((), (("1", "2"),), 0, ""),)


@pytest.mark.parametrize("shown", [object(), {"a": 1}, [[1]], "text", pd.DataFrame({"a": [1]}).style])
def test_anything_else_is_refused(shown):
    with pytest.raises(WorkbenchError) as refused:
        own_table(shown)
    assert refused.value.expected and refused.value.found and refused.value.hint


def test_every_header_of_the_html_has_a_scope_and_all_text_is_escaped():
    frame = pd.DataFrame({"<b>&": ["<script>alert(1)</script>"]}, index=pd.Index(["a & b"], name="<i>"))
    written = own_table_html(own_table(frame), "A <em>caption</em>")
    assert "<script" not in written and "<b>" not in written and "<i>" not in written
    table = html.fromstring(written)
    assert table.findtext("caption") == "A " and table.find("caption/em").text == "caption"
    assert [cell.get("scope") for cell in table.iter("th")] == ["col", "col", "row"]
    assert [cell.text for cell in table.iter("td")] == ["<script>alert(1)</script>"]


def test_tables_of_a_summary_have_one_caption_and_their_notes(results):
    written = own_table_html(own_table(results.summary()), "Regression")
    assert written.count("<table>") == 3 and written.count("<caption>") == 1
    assert '<p class="legend">OLS Regression Results</p>' in written and '<p class="legend">Notes:</p>' in written
    assert "<th" in written and not re.search(r"<th[^>]*></th>", written)


def test_nothing_of_statistics_is_imported_before_it_is_used():
    modules = "workbench.presentation.own.figures, workbench.presentation.own.data, workbench.presentation.own.tables"
    code = f"import sys, {modules}; print(*{{'seaborn', 'statsmodels', 'scipy', 'pandas'}} & {{*sys.modules}})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "\n"
