"""An answer comes from the vintage that has most of what is asked for; it says what is missing, why, and where it may be had."""

import re
from itertools import pairwise

import pytest

from both_languages import WORDINGS
from conftest import ROOT
from workbench.data.observations import select
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.declarations.studies import EVERY_VINTAGE
from workbench.exploring.answer import answer
from workbench.exploring.cell import cell_of
from workbench.exploring.missing import Reason, missing_of
from workbench.exploring.page import page_html
from workbench.exploring.question import read_question
from workbench.exploring.shape import Shape
from workbench.exploring.terminal import told
from workbench.exploring.terminal_chart import bars, columns
from workbench.model.errors import RefusedRun, UnknownCode
from workbench.model.paths import Project
from workbench.page.html import content_hash
from workbench.presentation.wording import Wording

PROJECT = Project(ROOT)
OF_BELARUS = ("first_time_applicants_per_million", "citizen=BY", "geo=baltic", "time=2015-2024")


def answered(name: str, *selection: str):
    return answer(read_question(PROJECT, name, selection))


@pytest.fixture(scope="module")
def of_belarus():
    return answered(*OF_BELARUS)


def wording_of(answer, language: str = "en") -> Wording:
    return Wording(language, answer.question.held.indicators)


def test_it_is_read_from_the_vintage_that_has_most_of_what_is_asked_for(of_belarus):
    assert sum(result.is_available for result in of_belarus.results) == 17
    assert {result.vintage for result in of_belarus.results} == {"2024-01-18+2025-03-27"}
    snapshot = SnapshotStore.of(PROJECT).open("migr_asyappctza", "2024-01-18")
    filters = {"applicant": "FRST", "citizen": "BY", "geo": "LT", "time": "2021"}
    (applicants,) = select(snapshot, read_dataset(PROJECT, "migr_asyappctza"), filters)["value"]
    (of_lithuania,) = [one for one in of_belarus.results if (one.geo, one.time) == ("LT", "2021")]
    assert of_lithuania.value == pytest.approx(applicants / 2_810_761 * 1e6)


def test_what_is_missing_says_why_and_which_command_would_ask_for_it(of_belarus):
    missing = missing_of(PROJECT, of_belarus)
    assert len(missing.results) == 13
    cells = {one.reason: set(one.cells) for one in missing.lacking}
    assert cells[Reason.PERIOD] == {(geo, time) for geo in ("EE", "LV", "LT") for time in ("2023", "2024")}
    assert ("EE", "2016") in cells[Reason.NOT_PUBLISHED]
    # The whole series, for it is of one vintage; and from the dataset that lacks it, not from that of the population.
    assert missing.commands == ("workbench fetch migr_asyappctza --since 2015 --filter citizen=BY",)


def test_another_vintage_that_has_what_is_missing_is_named():
    of_totals = answered("first_time_applicants", "geo=LT", "time=2018-2022", "vintage=2025-05-26")
    assert not any(result.is_available for result in of_totals.results)
    (elsewhere, *_) = missing_of(PROJECT, of_totals).elsewhere
    assert (elsewhere.dataset, elsewhere.vintage) == ("migr_asyappctza", "2024-01-18")
    assert len(elsewhere.results) == 5
    assert "add vintage=2024-01-18" in told(
        Shape(of_totals), missing_of(PROJECT, of_totals), wording_of(of_totals), 100
    )


def test_several_vintages_are_several_series_and_never_one():
    both = answered("asylum_applicants", "citizen=BY", "geo=LT", "time=2020-2023", "vintage=2024-01-18,2025-05-26")
    shape = Shape(both)
    assert len(shape.series) == 2 and shape.axis == "dataset"
    assert all(len({result.vintage for result in series}) == 1 for series in shape.series.values())
    assert len({result.value for result in both.results if result.time == "2021"}) == 2, "the vintages differ"


def test_months_are_not_sought_in_an_annual_dataset():
    monthly = answered("first_time_applicants", "geo=PL", "time=2022-01..2022-03")
    assert {result.dataset for result in monthly.results} == {"migr_asyappctzm"}
    (command,) = missing_of(PROJECT, monthly).commands
    assert command == "workbench fetch migr_asyappctzm --since 2022-01"


def test_a_dataset_is_shown_as_it_is_published():
    published = answered("migr_asyappctza", "applicant=FRST", "citizen=BY", "geo=LT", "time=2022")
    assert [result.value for result in published.results] == [400]
    assert [(result.low, result.high) for result in published.results] == [(397.5, 402.5)]


def test_a_breakdown_that_the_formula_leaves_out_is_refused():
    with pytest.raises(UnknownCode, match="leaves that out"):
        assert answered("applicants_minor_share_pct", "citizen=BY", "geo=LT", "time=2022").results


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize("language", ["en", "lt"])
def test_in_a_terminal_no_line_but_a_command_is_wider_than_it(of_belarus, width, language):
    text = told(Shape(of_belarus), missing_of(PROJECT, of_belarus), wording_of(of_belarus, language), width)
    assert all(len(line) <= width for line in text.splitlines() if not line.startswith("workbench "))
    assert "141–144" in text and "[x]" in text and "2024-01-18" in text and "█" in text


def test_a_table_too_wide_is_told_in_parts_each_with_its_names():
    wide = answered("population", "geo=members", "time=2015-2024")
    lines = told(Shape(wide), missing_of(PROJECT, wide), wording_of(wide), 80).splitlines()
    assert sum(line.startswith("Lithuania") for line in lines) > 1
    assert all(len(line) <= 80 for line in lines)


def test_of_one_period_the_highest_comes_first():
    by_citizenship = answered("asylum_applicants", "citizen=*", "geo=LT", "time=2022")
    shown = [result.value for result in Shape(by_citizenship).results if result.is_available]
    assert all(one >= other for one, other in pairwise(shown)) and len(shown) > 100
    text = told(Shape(by_citizenship), missing_of(PROJECT, by_citizenship), wording_of(by_citizenship), 80)
    assert len(re.findall("^Belarus +415  █+$", text, re.MULTILINE)) == 1
    assert "and 1" in text and "--csv" in text


def test_columns_mark_breaks_and_gaps_and_begin_at_zero(of_belarus):
    series = {"A": [result for result in of_belarus.results if result.geo == "LT"]}
    (*_, drawn, axis) = columns(series, [str(year) for year in range(2015, 2025)], 80)
    assert drawn.count("·") == 2, "two years are missing"
    assert axis.split()[0] == "2015"
    gap = answered("population", "geo=LT,DE", "time=2020-2023")
    breaks = columns({"Germany": [one for one in gap.results if one.geo == "DE"]}, ["2022", "2023"], 60)
    assert any("╎" in line for line in breaks)


def test_nothing_is_drawn_from_zero_where_a_value_is_below_it():
    balance = answered("net_migration", "geo=LT", "time=2012-2014")
    assert min(result.value for result in balance.results) < 0
    series = {"Lithuania": balance.results}
    assert columns(series, ["2012", "2013", "2014"], 80) == []
    assert "█" not in "".join(bars([("A", "−1", one) for one in balance.results], 80))


@pytest.mark.parametrize("language", WORDINGS)
def test_the_page_is_whole_and_loads_nothing(of_belarus, language):
    page = page_html(Shape(of_belarus), missing_of(PROJECT, of_belarus), wording_of(of_belarus, language))
    (policy,) = re.findall('http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    (style,), scripts = (
        re.findall("<style>(.*?)</style>", page, re.DOTALL),
        re.findall("<script>(.*?)</script>", page, re.DOTALL),
    )
    assert content_hash(style) in policy and all(content_hash(script) in policy for script in scripts)
    markup = re.sub("<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r'<[^>]*\s(style|on\w+)="', markup)
    assert not re.search(r'(src|<link[^>]* href)="(?!data:)', markup)
    for expected in (
        'id="figure-answer"',
        '<script type="application/json" id="numbers">{',
        'id="definition-first_time_applicants_per_million"',
        "workbench fetch",
        "2024-01-18",
    ):
        assert expected in page
    assert not wording_of(of_belarus, language).untranslated


def test_a_vintage_without_totals_is_not_said_to_lack_a_value_of_the_provider():
    without = answered("asylum_applicants", "vintage=2025-05-26", "time=2022")
    (lacking,) = missing_of(PROJECT, without).lacking
    assert lacking.codes == (("citizen", "TOTAL"), ("sex", "T"))


def test_a_code_of_a_dimension_of_which_one_is_held_is_missing_and_can_be_fetched():
    monthly = answered("migr_asyappctzm", "citizen=BY", "time=2026-01")
    missing = missing_of(PROJECT, monthly)
    assert missing.is_all_of(monthly.results) and "--filter citizen=BY" in missing.commands[0]
    assert answered("migr_asyappctzm", "citizen=TOTAL", "time=2026-01").results[0].is_available


def test_the_cell_makes_the_same_numbers_in_a_study(project, monkeypatch, of_belarus):
    monkeypatch.chdir(project.root)
    sidecar = project.sidecar("asylum_applications")
    sidecar.write_text(sidecar.read_text(encoding="utf-8") + f"depends_on: [{EVERY_VINTAGE}]\n", encoding="utf-8")
    cell = cell_of(of_belarus)
    names: dict = {}
    exec(  # noqa: S102
        'from workbench.study import *\nstudy = Study.open("asylum_applications", country="LT", year=2022)\n' + cell,
        names,
    )
    assert repr(names["results"]) == repr(of_belarus.results)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"vintage": "2025-05-26"}, "does not say of which dataset"),
        ({"dataset": "migr_asyapctza"}, "migr_asyappctza"),
        ({"dataset": "migr_asyappctza", "vintage": "2025-05-26"}, "its run reads 2024-01-18"),
    ],
)
def test_a_study_says_why_it_does_not_read_another_vintage(where, said):
    from workbench.study import Study

    study = Study.open("asylum_applications", country="LT", year=2022)
    with pytest.raises(RefusedRun) as refused:
        study.results("asylum_applicants", **where)
    assert said in str(refused.value)
