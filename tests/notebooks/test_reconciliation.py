"""The study of reconciliation: national, Eurostat's and UNHCR's figures beside each other, and why they differ."""

import datetime

import lxml.html
import pytest
from msgspec import structs

from both_languages import EN, LT, text_of
from conftest import ROOT
from made_up_results import made_up
from notebook_code import executed
from workbench.declarations.indicators import Difference, read_indicators
from workbench.declarations.reconciliation import Reason, reasons_for
from workbench.declarations.studies import read_sidecar
from workbench.execution.fingerprint import reasons_on_file
from workbench.model.errors import InvalidDeclaration
from workbench.model.paths import Project
from workbench.presentation.notes import source_line
from workbench.presentation.sheet_columns import SheetTable, columns_of_table
from workbench.study import Results, Study, reconciled
from workbench.study.reconciling import Reconciled

STUDY = "reconciliation"
REASON = Reason(
    written=datetime.date(2026, 11, 29),
    minuend_is="either",
    text={"en": "Another definition.", "lt": "Kita apibrėžtis."},
)


@pytest.fixture(scope="module")
def lithuania():
    return executed(STUDY, "LT", 2015)


def numbers(run):
    return {r.indicator: r.value for r in Results(run.record.results) if (r.geo, r.time) == ("LT", "2015")}


def test_lithuania_2015_is_291_beside_315_and_275(lithuania):
    found = numbers(lithuania)
    assert (found["national_asylum_applicants"], found["asylum_applicants"], found["first_time_applicants"]) == (
        291,
        315,
        275,
    )
    assert (found["national_less_eurostat_applicants"], found["national_less_eurostat_first_time"]) == (-24, 16)
    assert found["national_less_eurostat_immigration"] == found["national_less_eurostat_emigration"] == 0


def test_it_lists_what_is_explained_and_what_is_not(lithuania):
    explained, unexplained = (
        [text_of(sentence, LT) for sentence in lithuania.shown[cell].block.sentences]
        for cell in ("explained", "unexplained")
    )
    assert any("−24" in said and "apibrėžtys skiriasi" in said and "2026 m. lapkr" in said for said in explained)
    assert len(unexplained) == 1 and "16 (291 ir 275)" in unexplained[0]


def test_each_row_of_its_tables_says_whose_its_numbers_are(lithuania):
    table = lithuania.shown["asylum-differences-table"].block
    own, first_time, unhcr, _ = lxml.html.fromstring(table.html(LT)).xpath("//tbody//*[@class='provider']/text()")
    assert own == first_time == "Lietuvos migracijos departamentas, Eurostat" and unhcr == "UNHCR, Eurostat"
    sheet = SheetTable("", "", (), table.results, table.rows, table.columns, table.exhibit.providers)
    columns, _ = columns_of_table(LT, sheet)
    assert columns[1].heading == "Teikėjas" and columns[1].cells == [own, first_time, unhcr, unhcr]


def test_a_country_without_national_figures_says_so_in_a_line_and_has_the_others():
    run = executed(STUDY, "DE", 2022)
    (line,) = run.shown["no-national-figures"].block.sentences
    assert text_of(line).startswith("The data have no national figures of Germany for 2022")
    assert "unhcr_less_eurostat_applicants" in {result.indicator for result in run.record.results}


def test_sources_are_those_that_its_numbers_come_from_though_the_record_names_all_that_was_read(lithuania):
    latvia = executed(STUDY, "LV", 2022)
    shown, read = (
        {source.provider for source in of} for of in (latvia.shown["sources"].block.sources, latvia.record.sources)
    )
    assert shown == {"Eurostat", "UNHCR"} and "Migration Department of Lithuania" in read
    assert source_line(EN, latvia.record.sources) == "Source: Eurostat, UNHCR"
    assert "Lietuvos migracijos departamentas" in source_line(LT, lithuania.record.sources)


@pytest.mark.parametrize(
    ("one", "other", "reasons", "which"),
    [
        (300, 300, (), "is_same"),
        (301, 300, (), "is_rounding"),
        (310, 300, (REASON,), "reasons"),
        (310, 300, (), "is_unexplained"),
    ],
)
def test_rounding_comes_before_reasons_and_what_is_left_is_unexplained(one, other, reasons, which):
    rounded = made_up(other)
    rounded = type(rounded)(**{**vars(rounded), "low": other - 2.5, "high": other + 2.5})
    pair = Reconciled(made_up(one), rounded, made_up(one - other), reasons)
    assert {name for name in ("is_same", "is_rounding", "reasons", "is_unexplained") if getattr(pair, name)} == {which}


def test_a_reason_explains_its_country_and_years():
    of_lithuania = structs.replace(REASON, country="LT", since=2015, until=2016)
    assert of_lithuania.explains(made_up(5, "2016")) and not of_lithuania.explains(made_up(5, "2017"))
    assert not of_lithuania.explains(made_up(5, "2015", geo="LV")) and REASON.explains(made_up(5, "1990", geo="LV"))


@pytest.mark.parametrize(("minuend_is", "signs"), [("lower", {-24}), ("higher", {16}), ("either", {-24, 16})])
def test_a_reason_explains_differences_of_the_sign_that_it_works_towards(minuend_is, signs):
    reason = structs.replace(REASON, minuend_is=minuend_is)
    assert {difference for difference in (-24, 16) if reason.explains(made_up(difference))} == signs


@pytest.mark.parametrize(("minuend_is", "is_explained"), [("lower", False), ("higher", True), ("either", True)])
def test_unhcr_12_above_eurostat_is_not_explained_by_what_would_only_lower_its_count(
    project, monkeypatch, minuend_is, is_explained
):
    name = "unhcr_less_eurostat_applicants"
    path = project.params / "reconciliation" / f"{name}.yaml"
    path.write_text(
        f"reasons: [{{written: 2026-01-01, minuend_is: {minuend_is}, text: {{en: Another definition.}}}}]",
        encoding="utf-8",
    )
    monkeypatch.chdir(project.root)
    study = Study.open(STUDY, country="LT", year=2022)
    (pair,) = reconciled(study, name)
    assert pair.difference.value == 12 and not pair.is_rounding
    assert (bool(pair.reasons), pair.is_unexplained) == (is_explained, not is_explained)


def test_a_reason_is_dated_says_which_way_it_works_in_english_too_and_without_numbers(project):
    path = project.params / "reconciliation" / "net_migration.yaml"
    for text in (
        "reasons: [{minuend_is: lower, text: {en: x}}]",
        "reasons: [{written: 2026-01-01, text: {en: x}}]",
        "reasons: [{written: 2026-01-01, minuend_is: less, text: {en: x}}]",
        "reasons: [{written: 2026-01-01, minuend_is: lower, text: {lt: x}}]",
        "reasons: [{written: 2026-01-01, minuend_is: lower, text: {en: 24 fewer}}]",
        "reasons: []",
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidDeclaration):
            reasons_for(project, "net_migration")


def test_every_reason_on_file_is_of_a_difference_and_in_both_languages():
    project = Project(ROOT)
    files = reasons_on_file(project, read_sidecar(project, STUDY))
    assert files and not reasons_on_file(project, read_sidecar(project, "visas"))
    for file in files:
        assert isinstance(read_indicators(project).declared(file.stem), Difference)
        for reason in reasons_for(project, file.stem):
            assert {"en", "lt"} <= set(reason.text)
