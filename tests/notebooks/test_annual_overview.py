"""The annual overview: the rows of its annex, how they are laid out, and its links to the other studies."""

import io
import math
import re
import shutil
import zipfile
from functools import cache
from posixpath import dirname, join, normpath

import openpyxl
import pytest

from both_languages import EN, LT, WORDINGS, text_of
from conftest import ROOT
from notebook_code import Executed, executed
from workbench.model.paths import Project
from workbench.model.types import Result, Run
from workbench.presentation.charts import Multiples
from workbench.presentation.charts.style import styled
from workbench.presentation.sheet_columns import SheetTable
from workbench.presentation.spreadsheet import Cover, spreadsheet
from workbench.presentation.tables import layout, table_html
from workbench.study import Study, in_proportion
from workbench.study.related_studies import related_studies

pytestmark = pytest.mark.slow

STUDY = "annual_overview"

COUNTS = ("asylum_applicants", "first_instance_positive", "returned", "first_permits", "valid_permits", "immigration")
RATES = ("asylum_applicants_per_million", "recognition_rate_pct", "net_migration", "foreign_citizens_share_pct")
CASES = [("LT", 2022), ("LT", 2017), ("DE", 2024), ("LI", 2010), ("UK", 2019)]


@cache
def open_study(country: str, year: int) -> Study:
    return Study.open(STUDY, country=country, year=year)


def table_of(study: Study, *indicators: str, **breakdown) -> dict[str, list[str]]:
    """The annex as a reader sees it: the cells of each row by its label."""
    down, _, cells = layout(study.annex(*indicators, **breakdown), "series", "standing")
    rows, columns = (list(dict.fromkeys(keys)) for keys in zip(*cells))
    labels = down.labels(EN, rows)
    return {
        labels[row]: [EN.value(cells[row, column]) if (row, column) in cells else "" for column in columns]
        for row in rows
    }


# The rows


def test_a_row_is_what_was_what_is_and_where_it_stands():
    """Read off the snapshots: 1 025 applicants after 3 940, so 1 025 / 3 940 − 1; 305 of 735 decisions after 415 of 3 275.

    Each quarter's decisions are rounded to the nearest 5 by themselves: their sum is known to 10 more or less, and no tenth of the rate is.
    """
    rows = table_of(open_study("LT", 2022), "asylum_applicants", "recognition_rate_pct")
    assert rows["Asylum applicants"] == ["545", "3,940", "1,025", "−74%", "955,940", "24", "27"]
    assert round(100 * 415 / 3275) == 13 and 39 <= 100 * (305 - 10) / (735 + 10) <= 100 * (305 + 10) / (735 - 10) <= 44
    assert rows["Recognition rate"] == ["73–84%", "13%", "39–44%", "26–32\xa0pp", "49.1%", "16–21", "27"]


def test_a_balance_has_no_change_in_per_cent_and_may_be_negative():
    """33 305 immigrants and 53 951 emigrants in 2017."""
    (row,) = table_of(open_study("LT", 2022), "net_migration").values()
    assert row[0] == f"−{53_951 - 33_305:,}" and len(row) == 6
    assert not [r for r in open_study("LT", 2022).annex("crude_net_migration_per_1000") if "_change" in r.indicator]


def test_the_row_of_temporary_protection_says_whose_it_is():
    (label,) = table_of(open_study("LT", 2022), "temporary_protection_beneficiaries", citizen="UA")
    assert label == "Beneficiaries of temporary protection (Citizenship: Ukraine)"
    annex = open_study("LT", 2022).annex("temporary_protection_beneficiaries", citizen="UA")
    assert annex.one(indicator="temporary_protection_beneficiaries_ranked_eu27").breakdown == "citizen=UA"


@pytest.mark.parametrize(("country", "year"), CASES)
def test_a_row_is_one_series_of_one_dataset_and_vintage(country, year):
    study = open_study(country, year)
    down, _, cells = layout(study.annex(*COUNTS, *RATES), "series", "standing")
    for row in {row for row, _ in cells}:
        own = [result for (key, _), result in cells.items() if key == row]
        assert len({(result.dataset, result.vintage) for result in own}) == 1
        assert {result.time for result in own} == {str(year - 5), str(year - 1), str(year)}
    labels = down.labels(EN, dict.fromkeys(row for row, _ in cells))
    assert len(set(labels.values())) == len(labels)
    assert study.is_member == any(column == "rank" for _, column in cells)
    for row in {row for row, column in cells if column == "rank"}:
        rank, ranked = cells[row, "rank"], cells[row, "ranked"]
        assert not rank.is_available or 1 <= rank.value <= ranked.value <= 27


def test_what_the_first_series_lacks_of_the_union_stands_in_the_row_of_one_that_has_it():
    """Germany's first permits: the newest data have none of the Union, which stands with the figure of the older table."""
    study = open_study("DE", 2022)
    rate = "first_permits_per_1000"
    lacking, there = (one for one in study.annex(rate) if (one.indicator, one.geo) == (rate, study.eu27))
    *_, told = in_proportion(study, rate, places=["DE", study.eu27])
    assert not lacking.is_available and there.is_available
    assert (there.value, there.dataset) == (told.value, told.dataset)


def test_the_place_in_the_union_is_that_of_the_series_that_the_run_reads():
    """The vintage of citizenships reaches back to 2017, and lacks a Member State: 26 are ranked there, 27 in the other."""
    study = open_study("LT", 2022)
    rows = table_of(study, "foreign_citizens", "foreign_citizens_share_pct")
    assert [cells[-1] for label, cells in rows.items() if "2026-09-15" in label] == ["27", "27"]
    annex = study.annex("foreign_citizens")
    assert annex.one(indicator="foreign_citizens_rank_eu27") == study.one("foreign_citizens_rank_eu27")


def test_one_series_that_says_all_of_the_other_and_more_stands_for_both():
    """migr_resfirst begins in 2021; tps00170 has the same numbers and more, but ends in 2023."""
    assert table_of(open_study("LT", 2022), "first_permits")["First residence permits"][:3] == [
        "10,207",
        "20,977",
        "33,199",
    ]
    rows = table_of(open_study("LT", 2024), "first_permits")
    assert {label: cells[:3] for label, cells in rows.items()} == {
        "First residence permits (migr_resfirst 2026-09-15)": ["[x]", "56,073", "54,665"],
        "First residence permits (tps00170 2025-03-03)": ["21,415", "56,073", "[x]"],
    }


def test_two_series_that_differ_stand_one_below_the_other():
    """In 2024 the vintage of permits that reaches back to 2008 ends with 2023: neither says all that the other says."""
    rows = table_of(open_study("LT", 2024), "valid_permits")
    assert [cells[:3] for cells in rows.values()] == [["[x]", "167,132", "164,779"], ["69,348", "167,132", "[x]"]]
    assert [label.partition(" (")[2] for label in rows] == ["migr_resvalid 2026-09-15)", "migr_resvalid 2025-06-09)"]


def test_a_rate_is_had_where_one_vintage_has_all_its_parts():
    """Kinds of protection are in the vintage of 2020 alone, by citizenship."""
    rate = "protection_rate_over_citizenships_pct"
    in_2017 = open_study("LT", 2017).annex(rate).one(indicator=rate, geo="LT", time="2017")
    assert in_2017.is_available and (in_2017.dataset, in_2017.vintage) == ("migr_asydcfstq", "2020-06-18")
    five_years_on = {
        r.time: r.flags for r in open_study("LT", 2022).annex(rate) if (r.indicator, r.geo) == (rate, "LT")
    }
    assert five_years_on == {"2017": "", "2021": "x", "2022": "x"}


def test_a_break_in_any_month_is_one_of_the_year_that_ends_with_december():
    """Beneficiaries of temporary protection: Lithuania's series breaks in October 2024, December carries no flag itself."""
    study = open_study("LT", 2024)
    december = study.one("temporary_protection_beneficiaries", time="2024-12", citizen="UA")
    year = study.one("temporary_protection_beneficiaries", citizen="UA")
    assert (december.value, december.flags) == (year.value, "") and year.flags == "b"
    change = study.one("temporary_protection_beneficiaries_change_pct", citizen="UA")
    assert change.is_available and change.flags == "b"
    assert study.one("temporary_protection_beneficiaries", time=2023, citizen="UA").flags == ""


def test_a_series_over_time_is_what_the_run_reads_and_what_has_more_of_the_years():
    """The permits of 2024 are in the vintage alone that begins with 2021; the other one ends with 2023."""
    (immigration,) = open_study("LT", 2022).series("immigration", time=[str(year) for year in range(2012, 2023)])
    assert all(result.is_available for result in immigration)
    study = open_study("LT", 2024)
    own, other = study.series("valid_permits", time=[str(year) for year in range(2014, 2025)])
    assert own[-1] == study.one("valid_permits") and [r.is_available for r in own] == [False] * 7 + [True] * 4
    assert [r.is_available for r in other] == [True] * 10 + [False]


def test_snapshots_that_were_only_tried_are_no_sources():
    study = Study.open("annual_overview", country="LT", year=2022)
    study.annex("emigration", "immigration")
    sources = {(source.dataset, source.vintage) for source in study.provenance().record.sources}
    assert {("tps00176", "2024-11-29"), ("tps00177", "2024-11-29")} <= sources
    assert ("migr_imm1ctz", "2025-06-09") not in sources and "migr_imm8" not in {dataset for dataset, _ in sources}


def test_a_dataset_without_a_snapshot_is_told_as_missing():
    study = open_study("LT", 2022)
    rows = study.annex("found_illegally_present", "final_decisions")
    shown = study.table("made-up", rows, rows="series", columns="standing", title=study.say("Borders"))
    (gap,) = shown.block.gaps(EN)
    assert "<code>workbench fetch migr_asydcfina</code>" in gap.why and "3,450" in shown.block.html(EN)
    complete = study.annex("found_illegally_present")
    whole = study.table("whole", complete, rows="series", columns="standing", title=study.say("Borders"))
    assert whole.block.gaps(EN) == () and "fetch" not in shown.block.html(EN)


# How they are laid out


def made_up(
    indicator: str, time="2022", value=10.0, unit="persons", geo="LT", flags="", vintage="2024-01-18"
) -> Result:
    """A made-up result."""
    return Result(indicator, geo, "", time, value, value, value, unit, flags, "migr_asyappctza", vintage)


MADE_UP = [
    made_up("asylum_applicants", "2021"), made_up("recognition_rate_pct", "2021", 40.0, "%"),
    made_up("asylum_applicants"), made_up("recognition_rate_pct", value=52.5, unit="%"),
    made_up("asylum_applicants_change_pct", value=-3.25, unit="%"),
    made_up("recognition_rate_pct_change_pp", value=12.5, unit="percentage points"),
    made_up("asylum_applicants", value=300.0, geo="EU27_2020"),
    made_up("asylum_applicants_rank_eu27", value=24.0, unit="rank"),
    made_up("asylum_applicants_ranked_eu27", value=27.0, unit="countries", geo="EU27_2020"),
]  # fmt: skip


def test_rows_say_their_unit_and_changes_their_own():
    html = table_html(EN, MADE_UP, "series", "standing", "A made-up table")
    head, *rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert re.findall(r'scope="col">(.*?)</th>', head) == [
        "Indicator", "2021", "2022", "Change on the year before", "EU‑27, 2022", "Rank in the EU‑27", "Member States with data",
    ]  # fmt: skip
    assert [re.findall(r'<span class="unit">(.*?)</span>', row) for row in rows] == [["persons"], ["%"]]
    cells = [[re.sub("<[^>]*>", "", cell) for cell in re.findall("<td>(.*?)</td>", row, re.DOTALL)] for row in rows]
    assert cells == [["10", "10", "−3.2%", "300", "24", "27"], ["40.0", "52.5", "12.5\xa0pp", "", "", ""]]


@pytest.mark.parametrize(("wording", "sign"), [(EN, "\xa0pp"), (LT, "\xa0proc. p.")])
def test_the_spreadsheet_has_the_same_columns_and_numbers_that_stay_numbers(wording, sign):
    table = SheetTable("Table 1", "A made-up table", (), tuple(MADE_UP), "series", "standing")
    book = spreadsheet(wording, Cover("A made-up study", (), (), None), [table], MADE_UP)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[3]
    heading, _, last = sheet[next(iter(sheet.tables.values())).ref]
    assert [cell.value for cell in last][1:] == ["%", 40.0, 52.5, 12.5, None, None, None]
    assert [cell.number_format for cell in last[3:5]] == ["#,##0.0", f'#,##0.0"{sign}"']
    assert [cell.value for cell in heading][2:4] == ["2021", "2022"]


# Small multiples


def test_each_panel_has_a_scale_of_its_own_that_holds_zero():
    results = [
        *(made_up("asylum_applicants", str(year), 1000.0 * (year - 2019)) for year in (2020, 2021, 2022)),
        *(made_up("net_migration", str(year), value) for year, value in ((2020, -50.0), (2021, 20.0), (2022, 30.0))),
        made_up("first_permits", "2021", 7.0), made_up("first_permits", "2022", math.nan, flags="x"),
        made_up("refused_entry", "2022", math.nan, flags="x"),
        *(made_up("asylum_applicants", str(year), 4000.0, vintage="2025-03-31") for year in (2020, 2021)),
    ]  # fmt: skip
    chart = Multiples(tuple(results))
    with styled():
        figure = chart.draw(EN)
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in panels] == [
        "Asylum applicants",
        "Net migration",
        "First residence permits",
    ]
    limits = [axes.get_ylim() for axes in panels]
    assert limits[0][0] == 0 and limits[0][1] > 4000 and limits[1][0] < -50 and limits[2] == (0, pytest.approx(8.05))
    drawing = chart.svg(EN, "made-up")
    assert "3,000" in drawing and "(2021)" in drawing
    # Two vintages share a panel: the last value of the first is written out, and both are described by their names.
    assert ">4,000" not in drawing and "Asylum applicants (migr_asyappctza 2025-03-31): lowest 4,000" in drawing
    # What has no value has no panel; those who cannot see are told of the same three.
    assert "Refused entry" not in drawing and "Net migration: lowest −50 in 2020" in chart.describe(EN)


# Links to the other studies


def declare(project: Project, name: str, minimum: int = 2008) -> None:
    """A made-up study: the notebook and sidecar of another one under a new name."""
    sidecar = (ROOT / "params" / "studies" / "annual_overview.yaml").read_text(encoding="utf-8")
    sidecar = sidecar.replace("title: Annual overview", f"title: Study {name}").replace(
        "minimum: 2008", f"minimum: {minimum}"
    )
    project.sidecar(name).write_text(sidecar, encoding="utf-8")
    shutil.copy(ROOT / "notebooks" / "annual_overview.ipynb", project.notebook(name))


def overview_of(year: int) -> Run:
    return Run("annual_overview", "LT", year)


def test_links_lead_to_the_studies_of_the_edition_alone(project):
    declare(project, "made_up")
    edition = project.params / "editions" / "2022.yaml"
    text = edition.read_text(encoding="utf-8")
    studies = "studies: [asylum_applications, annual_overview]\n"
    edition.write_text(re.sub(r"studies:\n(  - \w+\n)+", studies, text), encoding="utf-8")
    assert list(related_studies(project, overview_of(2022))) == ["asylum_applications"]


def test_without_an_edition_they_lead_to_what_there_is_for_the_year(project):
    declare(project, "made_up")
    declare(project, "of_late", minimum=2020)
    notebook_alone = project.notebook("draft")
    shutil.copy(project.notebook("made_up"), notebook_alone)
    for edition in (project.params / "editions").glob("*.yaml"):
        edition.unlink()
    before, after = related_studies(project, overview_of(2015)), related_studies(project, overview_of(2021))
    assert {"asylum_applications", "made_up"} <= before.keys() and "of_late" not in before and "draft" not in after
    assert after.keys() - before.keys() >= {"of_late"} and "annual_overview" not in after


def test_a_heading_without_a_study_behind_it_is_no_link():
    study = open_study("LT", 2022)
    assert "<a" not in study.heading(study.say("Borders"), study="no_such_study").block.html(EN)
    known = next(iter(related_studies(Project(ROOT), overview_of(2022))))
    heading = study.heading(study.say("Borders."), study=known).block
    assert f'<a href="{known}.en.html">Borders</a>' in heading.html(EN)
    assert f'<a href="{known}.lt.html">' in heading.html(LT)


LINK = re.compile(r'<a [^>]*href="([^"#:]+\.html)"')


def dead_links(pages: dict[str, str]) -> list[str]:
    """Links of studies to studies that are none of the pages."""
    return [
        f"{path}: {href}"
        for path, page in pages.items()
        for href in LINK.findall(page)
        if "/" not in href and normpath(join(dirname(path), href)) not in pages
    ]


def test_a_dead_link_is_noticed():
    assert dead_links({"a/x.html": '<a href="y.html">', "b/y.html": '<a href="y.html">'}) == ["a/x.html: y.html"]


def test_links_between_studies_hold_in_outputs_and_archive(edition):
    project, outcome = edition
    in_outputs = {
        path.relative_to(project.outputs).as_posix(): path.read_text(encoding="utf-8")
        for path in (project.outputs / "2022").rglob("*.html")
    }
    with zipfile.ZipFile(outcome.sealed.path) as archive:
        in_archive = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if "/studies/" in name and name.endswith(".html")
        }
    assert in_outputs and in_archive
    assert dead_links(in_outputs) == [] == dead_links(in_archive)


# The notebook


def run_notebook(country: str, year: int) -> Executed:
    return executed(STUDY, country, year)


def test_the_findings_say_what_the_annex_says():
    run = run_notebook("LT", 2022)
    findings = run.findings()
    assert len(findings) == 9 and len([e for e in run.recorded.exhibits if e.columns == "standing"]) == 1
    keys = {result.key for results in run.exhibits().values() for result in results}
    for number in ("1,025", "735", "65,110", "2,450", "33,199", "72,097", "43,905", "98,373", "34,310"):
        assert any(number in finding for finding in findings), number
    assert {result.key for result in run.record.results} <= keys, "every published number stands in a table or figure"


@pytest.mark.parametrize(
    ("country", "year", "first"),
    [
        # Half of all immigrants were citizens of Ukraine, and temporary protection was new.
        ("LT", 2022, {"65,110", "43,905"}),
        # Those who came over the border with Belarus.
        ("LT", 2021, {"3,275", "3,940"}),
        ("EE", 2022, {"38,235", "33,217"}),
    ],
)
def test_the_findings_begin_with_what_defines_the_year(country, year, first):
    findings = run_notebook(country, year).findings()
    assert {number for number in first for finding in findings[:2] if number in finding} == first


def test_foreign_citizens_are_those_at_the_end_of_the_year_and_permits_beside_them_are_explained():
    run = run_notebook("LT", 2021)
    (finding,) = (finding for finding in run.findings() if "foreign citizens" in finding)
    assert "34,310 residents" in finding and "first day of 2022" in finding and "20,001" in finding
    (beside,) = (said for said in run.said() if "95,724" in said)
    assert "34,310" in beside


@pytest.mark.parametrize("country", ["LT", "DE", "MT", "CH"])
def test_beside_other_countries_nothing_is_lacking_of_the_union_that_the_annex_has(country):
    shown = executed(STUDY, country, 2022).exhibits()
    in_annex, beside = (
        {(r.indicator, r.breakdown, r.time): r.is_available for r in shown[table] if r.geo == "EU27_2020"}
        for table in ("table-annex", "table-neighbours")
    )
    assert [fact for fact, is_there in beside.items() if not is_there and in_annex.get(fact)] == []


def test_temporary_protection_of_all_citizenships_is_said_to_be_that():
    """Beside a finding on citizens of Ukraine stands a rate of all: the page says which is which."""
    shown = executed(STUDY, "LT", 2022).shown["neighbours-table"].block.html(EN)
    assert "Temporary protection is here that of all citizenships, not of citizens of Ukraine alone." in shown


def test_a_year_before_temporary_protection_says_nothing_of_it():
    run = run_notebook("EE", 2016)
    said = " ".join([*run.said(), *run.titles()])
    assert "temporary protection" not in said.lower()
    assert not [result for result in run.record.results if "temporary_protection" in result.indicator]


def test_a_year_before_the_data_says_so_and_shows_all_but_temporary_protection():
    run = run_notebook("EE", 2008)
    assert run.findings(LT)[0] == "2008 m. Estijoje prieglobsčio prašytojų buvo 15."
    shown = {r.indicator for r in run.exhibits()["table-annex"]}
    assert len(shown) > 6 and not any("temporary_protection" in indicator for indicator in shown)


def test_what_has_no_figure_has_no_row_and_is_named_below():
    run = run_notebook("EE", 2016)
    in_annex = [r.indicator for e in run.recorded.exhibits if e.columns == "standing" for r in e.results]
    assert in_annex and not {"unaccompanied_minors", "returned"} & set(in_annex)
    assert not [name for name in in_annex if name.startswith("returned_over_citizenships_")], (
        "no change of partial sums"
    )
    shown = run.names["annexed"]("made-up", run.names["borders_and_return"], run.names["say"]("Borders"))
    lacking = "Not available for any of these years: Returned; Returns per 100 orders to leave."
    assert lacking in shown.block.html(EN)


def test_nothing_is_compared_across_a_break_as_if_there_were_none():
    """Immigration to Estonia breaks in 2015; what is known by citizenship has lost the flag."""
    run = run_notebook("EE", 2015)
    first, *_ = run.findings()
    assert "15,413" not in first and "8,043" not in first
    (title,) = (exhibit.title for exhibit in run.recorded.exhibits if exhibit.id == "figure-multiples")
    assert "before a break in the series" in text_of(title)


READ = [
    ("LT", 2022),
    ("DE", 2022),
    ("MT", 2022),
    ("EE", 2016),
    ("CH", 2021),
    ("LU", 2023),
    ("LT", 2024),
    ("UK", 2019),
    ("LI", 2022),
]


@pytest.mark.parametrize("language", ["en", "lt"])
@pytest.mark.parametrize(("country", "year"), READ)
@pytest.mark.parametrize("study", ["annual_overview", "asylum_applications"])
def test_no_finding_is_absurd(study, country, year, language):
    """No share of nothing, nothing of nobody, no number at large twice, none of a place in the Union outside it."""
    run = executed(study, country, year)
    findings = run.findings(WORDINGS[language])
    assert findings
    headlines = [said.headline.key for said in run.recorded.statements if said.headline]
    assert headlines and len(headlines) == len(set(headlines))
    for finding in findings:
        assert finding[0].isdigit() or finding[0].isupper(), finding
        assert not re.search(r"(?<![\d.,–])0([.,]0)?\s?%|\[x\]|\[u\]|\[z\]", finding), finding
    if not open_study(country, year).is_member:
        told = [result for said in run.recorded.statements for result in said.sentence.results]
        assert not [result for result in told if "rank" in result.indicator]


def test_a_share_of_an_older_vintage_is_told_with_both_vintages():
    """Germany: the newest vintage counts 2022 anew, and has no citizenships."""
    findings = run_notebook("DE", 2022).findings()
    (largest,) = (finding for finding in findings if "943,800" in finding)
    assert "1,943,445" in largest and "1,977,121" in largest
