"""A vintage of what has one code: two files of a dataset that are cut to different ages are told apart."""

import datetime

import pytest

from workbench.collecting.files import import_file
from workbench.declarations.editions import read_edition
from workbench.model.errors import InvalidDeclaration
from workbench.resolving.parameters import resolve
from workbench.resolving.vintage_selection import asks_for


@pytest.mark.parametrize(
    ("axis", "filters", "asked"),
    [
        ("citizen", {"citizen": "*"}, True),
        ("citizen", {"age": "Y15-64"}, False),
        ("age=Y15-64", {"age": "Y15-64", "citizen": "NAT"}, True),
        ("age=Y15-64", {"age": "Y20-64"}, False),
        ("age=Y15-64", {"citizen": "NAT"}, False),
    ],
)
def test_a_breakdown_is_asked_for_by_its_dimension_or_by_its_code(axis, filters, asked):
    assert asks_for(axis, filters) is asked


def test_each_age_is_read_from_the_vintage_that_the_edition_pins_for_it(project):
    run = resolve(project, "integration", {"country": "LT", "year": 2022})
    assert run.vintages["lfsa_ergan"] == "2025-09-18" and run.vintages["lfsa_ergan by age=Y15-64"] == "2025-03-31"
    assert ("lfsa_ergan", "2025-03-31") in run.snapshots


def test_without_an_edition_each_age_is_read_from_the_fullest(project):
    run = resolve(project, "integration", {"country": "LT", "year": 2012})
    assert run.vintages["lfsa_ergan by age=Y15-64"] == "2025-03-31"


def test_a_vintage_that_holds_both_ages_is_read_for_both(project, tmp_path):
    rows = [
        f"ESTAT:LFSA_ERGAN(1.0),,A,PC,T,{age},{citizen},LT,2012,{value},,"
        for age, citizen, value in [
            ("Y15-64", "NAT", 62.0), ("Y15-64", "FOR", 64.0), ("Y20-64", "NAT", 68.5), ("Y20-64", "NEU27_2020_FOR", 66.1),
        ]
    ]  # fmt: skip
    heading = "DATAFLOW,LAST UPDATE,freq,unit,sex,age,citizen,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"
    file = tmp_path / "whole.csv"
    file.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    import_file(project, file, "lfsa_ergan", datetime.date(2026, 11, 1))
    run = resolve(project, "integration", {"country": "LT", "year": 2012})
    assert run.vintages["lfsa_ergan"] == run.vintages["lfsa_ergan by age=Y15-64"] == "2026-11-01"


@pytest.mark.parametrize("name", ["lfsa_ergan by age=", "lfsa_ergan by =Y15-64", "lfsa_ergan by Age of=Y15-64"])
def test_an_edition_that_pins_no_such_breakdown_is_refused(project, name):
    declared = project.params / "editions" / "2022.yaml"
    text = declared.read_text(encoding="utf-8").replace("lfsa_ergan by age=Y15-64", name)
    declared.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match="by DIMENSION=CODE"):
        read_edition(project, 2022)
