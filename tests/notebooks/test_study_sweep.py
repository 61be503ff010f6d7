"""Studies for reporting countries of a year, and for the extremes: no error, gaps as gaps, sums that hold.

All studies for all countries take too long for each commit: ``make sweep`` renders them. Here every study is run for every
kind of country (the one whose studies are published, a large one, a tiny one, one outside the Union, one of which much is
missing), and every country has its turn with at least one study.
"""

import math
from collections import defaultdict
from itertools import combinations

import pytest

from both_languages import WORDINGS
from conftest import ROOT
from notebook_code import Executed, executed
from workbench.declarations.codelists import code_list, is_aggregate, members
from workbench.declarations.datasets import read_dataset
from workbench.declarations.studies import read_sidecar
from workbench.model.errors import RefusedRun
from workbench.model.paths import Project
from workbench.presentation.charts.chart import MatplotlibChart
from workbench.presentation.charts.paper import Paper, overlap
from workbench.presentation.figure import Figure
from workbench.study import Results, Study

# Traced for coverage a run takes 1.7 times as long; the tests of each study are traced.
pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

PROJECT = Project(ROOT)
CODE_LISTS = {path.stem for path in (ROOT / "workbench" / "declarations" / "codelists").glob("*.csv")}
STUDIES = sorted(notebook.stem for notebook in PROJECT.notebooks.glob("*.ipynb"))
COUNTRIES = (*members("EU27_2020", 2022), "CH", "IS", "LI", "NO")
# The country whose studies are published, a tiny one, and one outside the Union, which other tests of pages run too.
ALWAYS = ("LT", "MT", "CH")
# Of these, each study has one: large numbers, and every kind of data.
LARGE = ("DE", "FR", "ES", "IT", "PL")
# A study that forecasts takes as long as ten others; its own tests have what is extreme for it.
LONG = {"outlook"}
# Tiny counts, years without first-time applicants or ages, a country that has left, one outside the Union, a vintage by
# citizenship without totals, the newest year of all.
EXTREMES = [("LI", 2010), ("EE", 2008), ("UK", 2019), ("LT", 2015), ("LT", 2024), ("ME", 2022), ("LV", 2025)]


def run_in_this_process(study: str, country: str, year: int) -> Results:
    """What a notebook published."""
    return Results(executed(study, country, year).record.results)


def allows(study: str, year: int) -> bool:
    bounds = read_sidecar(PROJECT, study).parameters["year"]
    return bounds.minimum <= year <= bounds.maximum


def expected_refusal(study: str, country: str, year: int) -> bool:
    """Whether a study says nothing without a dataset, and that has nothing for the country and year."""
    sidecar = read_sidecar(PROJECT, study)
    return any(use.required is not None for use in sidecar.datasets.values()) and (country, year) in EXTREMES


def in_turn(study: str) -> list[tuple[str, int]]:
    """Countries and years: one of each kind, and the turn of the study with the other countries."""
    if study in LONG:
        return [("LT", 2022), ("DE", 2022)]
    in_turns = [one for one in STUDIES if one not in LONG]
    turn = in_turns.index(study)
    others = [code for code in COUNTRIES if code not in (*ALWAYS, *LARGE)]
    countries = [*ALWAYS, LARGE[turn % len(LARGE)], *others[turn :: len(in_turns)]]
    allowed = [extreme for extreme in EXTREMES if allows(study, extreme[1])]
    return [*((country, 2022) for country in countries), allowed[turn % len(allowed)]]


BEYOND = 3
"""Points that a word may seem to stand out of its drawing: its letters are measured in another type than a page's."""

SWEPT = [(study, country, year) for study in STUDIES for country, year in in_turn(study)]


@pytest.fixture
def papers(monkeypatch) -> dict[str, Paper]:
    """The drawings that Matplotlib has made in a test, by their names."""
    made, painted = {}, MatplotlibChart.painted

    def kept(chart, wording, name, *measure):
        made[name], marks = painted(chart, wording, name, *measure)
        return made[name], marks

    monkeypatch.setattr(MatplotlibChart, "painted", kept)
    return made


@pytest.mark.parametrize(("study", "country", "year"), SWEPT)
def test_a_study_of_any_country_holds_together(papers, study, country, year):
    # Languages take turns, so that pages of many countries are worded and drawn in both.
    language = "en" if (year + len(study) + ord(country[1])) % 2 else "lt"
    try:
        run = executed(study, country, year)
    except RefusedRun as refusal:
        assert expected_refusal(study, country, year) and "no data for" in str(refusal)
        return
    published = Results(run.record.results)
    assert published and run.html(WORDINGS[language])
    words_of_drawings_stand_apart(run, papers)
    numbers_are_within_their_bounds_or_flagged(published)
    parts_do_not_exceed_their_total(published)
    shares_of_a_whole_add_to_it(run)
    no_aggregate_is_ranked(published)


@pytest.mark.parametrize("study", STUDIES)
def test_a_year_out_of_bounds_is_refused(study):
    for country, year in EXTREMES:
        if not allows(study, year):
            with pytest.raises(RefusedRun, match="out of bounds"):
                Study.open(study, country=country, year=year)


def test_every_country_and_every_extreme_has_its_turn():
    swept = {(country, year) for _, country, year in SWEPT}
    assert {(country, 2022) for country in COUNTRIES} | set(EXTREMES) <= swept


def words_of_drawings_stand_apart(run: Executed, papers: dict[str, Paper]) -> None:
    """No words of a drawing cover others, and none leave it; looked at as it was drawn for the page."""
    for figure in run.recorded.blocks:
        if not isinstance(figure, Figure) or not figure.number or not isinstance(figure.chart, MatplotlibChart):
            continue
        for measure in ("wide", "narrow"):
            paper = papers[f"figure-{figure.name}-{measure}"]
            pairs = combinations(paper.words, 2)
            assert [(one.text, other.text) for one, other in pairs if overlap(one.box, other.box)] == [], figure.name
            for word in paper.words:
                left, top, right, bottom = word.box
                assert min(left, top, paper.width - right, paper.height - bottom) > -BEYOND, (figure.name, word.text)


def numbers_are_within_their_bounds_or_flagged(published: Results) -> None:
    places = code_list("geo").codes
    for result in published:
        assert result.geo in places
        if result.is_available:
            assert result.low <= result.value <= result.high or (result.unit == "%" and result.value == 100), result
        else:
            assert result.flags and math.isnan(result.low), result


def base_of(result) -> int:
    """The rounding base of the dataset that a number is counted in."""
    return read_dataset(PROJECT, result.dataset).rounding_base if "+" not in result.dataset else 1


def parts_do_not_exceed_their_total(published: Results) -> None:
    """Of one dataset and vintage; each part may be rounded up by half the base, and the total down."""
    totals = {result.key: result for result in published if not result.breakdown and result.unit == "persons"}
    named = defaultdict(list)
    for result in published:
        if result.unit == "persons" and result.is_available and len(result.codes) == 1:
            (dimension, code) = next(iter(result.codes.items()))
            if code != "OTHER" and dimension in CODE_LISTS and not is_part_of_another(dimension, code):
                total = (result.indicator, result.geo, "", result.time, result.dataset, result.vintage)
                named[(total, dimension)].append(result)
    for (total, _), parts in named.items():
        if total in totals and totals[total].is_available:
            slack = base_of(parts[0]) / 2 * (len(parts) + 1) if base_of(parts[0]) > 1 else 0
            assert sum(part.value for part in parts) <= totals[total].value + slack, (total, parts)


def is_part_of_another(dimension: str, code: str) -> bool:
    """Codes that overlap others of their dimension."""
    return code in ("Y_LT18", "TOTAL_POS", "FOR_STLS") or is_aggregate(dimension, code)


def shares_of_a_whole_add_to_it(run: Executed) -> None:
    """Shares that a figure or table shows together with the rest, ``OTHER``, are all of the whole."""
    groups = defaultdict(list)
    for exhibit, results in run.exhibits().items():
        for result in {result.key: result for result in results}.values():
            if result.indicator.endswith("_share_pct") and len(result.codes) == 1 and result.is_available:
                key = (exhibit, result.indicator, result.geo, result.time, result.vintage, next(iter(result.codes)))
                groups[key].append(result)
    for key, shares in groups.items():
        if any("OTHER" in share.breakdown for share in shares):
            slack = sum((share.high - share.low) / 2 for share in shares) + 0.01
            assert sum(share.value for share in shares) == pytest.approx(100, abs=slack), key


def no_aggregate_is_ranked(published: Results) -> None:
    for result in published:
        if result.indicator.endswith("_rank_eu27") and is_aggregate("geo", result.geo):
            assert not result.is_available and "z" in result.flags


def test_a_year_that_lacks_first_time_applicants_states_none_and_says_so():
    run = executed("asylum_applications", "LT", 2024)
    published = Results(run.record.results)
    # Of the months there is a vintage, of the year none.
    of_years = [r for r in published if len(r.time) == len("2024")]
    first_time = [r for r in of_years if r.indicator == "first_time_applicants" and r.geo == "LT"]
    assert not any(r.is_available for r in first_time)
    lacks = [missing.what for shown in run.shown.values() for missing in shown.block.gaps(WORDINGS["en"])]
    assert "First-time applicants (Lithuania, 2024)" in lacks
    # The total of the run, and that which shares of citizenships are of: each of its own vintage.
    totals = [
        r for r in published if (r.indicator, r.geo, r.time, r.breakdown) == ("asylum_applicants", "LT", "2024", "")
    ]
    assert {total.vintage for total in totals} == {"2025-03-31", "2025-05-26"}


def test_one_series_never_mixes_vintages():
    published = run_in_this_process("asylum_applications", "LT", 2022)
    assert {r.vintage for r in published if r.dataset == "migr_asyappctza"} == {"2024-01-18"}


HEADLINES = [
    ("asylum_applications", "asylum_applicants"), ("asylum_applications", "asylum_applicants_per_million"),
    ("asylum_decisions", "recognition_rate_pct"), ("borders_and_return", "refused_entry"),
    ("legal_migration", "first_permits_per_1000"), ("migration_and_population", "crude_net_migration_per_1000"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "indicator"), [headline for headline in HEADLINES if headline[0] in STUDIES])
def test_ranks_are_a_permutation_of_the_member_states(name, indicator):
    """With equal values sharing the better rank: place n has n − 1 countries above it."""
    study = Study.open(name, country="LT", year=2022)
    values = {r.geo: r.value for r in study.results(indicator, geo=study.member_states) if r.is_available}
    ranks = study.results(f"{indicator}_rank_eu27", geo=[*study.member_states, study.eu27, "NO"])
    assert {r.geo for r in ranks if r.is_available} == set(values) <= set(members("EU27_2020", 2022))
    for rank in ranks:
        if rank.is_available:
            assert rank.value == 1 + sum(value > values[rank.geo] for value in values.values())
    assert study.one(f"{indicator}_ranked_eu27").value == len(values)


def test_an_aggregate_asked_for_as_a_country_is_refused():
    for study in STUDIES:
        with pytest.raises(RefusedRun, match="is not one country"):
            Study.open(study, country="EU27_2020", year=2022)
