"""Selection on the starter snapshots: what is asked for comes back row by row, or an error names the near codes."""

import datetime
import math

import pytest
from msgspec import structs

from conftest import ROOT
from workbench.collecting.files import import_file
from workbench.data.carried_over import carried_over
from workbench.data.observations import EVERY, codes_present, select, times_of_values
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import read_dataset
from workbench.model.errors import UnknownCode
from workbench.model.paths import STARTER_SNAPSHOTS, Project

PROJECT = Project(ROOT)
STORE = SnapshotStore([STARTER_SNAPSHOTS])
APPLICANTS = read_dataset(PROJECT, "migr_asyappctza")
POPULATION = read_dataset(PROJECT, "demo_gind")
FULL = STORE.open("migr_asyappctza", "2024-01-18")
TOTALS_ONLY = STORE.open("migr_asyappctza", "2025-03-31")


def test_a_value_keeps_dimensions_unit_flags_rounding_base_and_vintage():
    (row,) = select(FULL, APPLICANTS, {"geo": "LT", "time": 2022}).to_dict("records")
    assert row == {
        "freq": "A", "citizen": "TOTAL", "sex": "T", "unit": "PER", "age": "TOTAL", "applicant": "TOTAL", "geo": "LT",
        "time": "2022", "value": 1025.0, "obs_status": "", "conf_status": "", "unit_of_measure": "persons",
        "rounding_base": 5, "dataset": "migr_asyappctza", "vintage": "2024-01-18",
    }  # fmt: skip


def test_flags_come_with_their_values():
    rows = select(STORE.open("demo_gind", "2025-03-27"), POPULATION, {"geo": "EU27_2020", "time": [2014, 2022, 2023]})
    assert rows["obs_status"].tolist() == ["be", "e", "bep"]
    assert rows["rounding_base"].tolist() == [1, 1, 1]


def test_older_and_newer_names_are_one_name():
    newer = select(FULL, APPLICANTS, {"geo": "LT", "time": 2022, "applicant": "FRST"})
    older = select(FULL, APPLICANTS, {"geo": "LT", "time": 2022, "asyl_app": "NASY_APP"})
    assert newer.equals(older) and newer["value"].tolist() == [905.0]
    assert codes_present(FULL, APPLICANTS, "applicant") == ["FRST", "SSEQ", "TOTAL"]


def test_a_newer_vintage_that_calls_the_dimension_applicant_reads_the_same(project, tmp_path):
    made_up = tmp_path / "made-up.csv"
    made_up.write_text(
        "DATAFLOW,LAST UPDATE,freq,unit,citizen,sex,applicant,age,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
        "ESTAT:MIGR_ASYAPPCTZA(1.0),,A,PER,TOTAL,T,FRST,TOTAL,LT,2025,295,p,\n"
    )
    snapshot, _ = import_file(project, made_up, "migr_asyappctza", datetime.date(2026, 9, 1))
    rows = select(snapshot, APPLICANTS, {"asyl_app": "NASY_APP", "geo": "LT", "time": 2025})
    assert rows[["applicant", "value", "obs_status"]].to_numpy().tolist() == [["FRST", 295.0, "p"]]


@pytest.mark.parametrize(
    ("filters", "near"),
    [
        ({"geo": "GR"}, "GE|EL|FR|HR"),
        ({"geo": "LTU"}, "LT"),
        ({"geo": "LT", "citizen": "SYR"}, "SY"),
        ({"geo": "LT", "aplicant": "FRST"}, "applicant"),
        ({"geo": "LT", "age": "Y_LT8"}, "Y_LT18"),
    ],
)
def test_an_unknown_code_or_dimension_is_refused_with_the_near_ones(filters, near):
    with pytest.raises(UnknownCode) as refused:
        select(FULL, APPLICANTS, {"time": 2022, **filters})
    assert any(code in refused.value.expected for code in near.split("|"))
    assert "2024-01-18" in refused.value.what


def test_a_code_that_another_vintage_has_is_refused_in_one_that_lacks_it():
    with pytest.raises(UnknownCode, match="FRST"):
        select(TOTALS_ONLY, APPLICANTS, {"geo": "LT", "time": 2022, "applicant": "FRST"})


def test_a_study_shows_what_a_vintage_lacks_as_a_gap_but_never_an_invented_code():
    (row,) = select(TOTALS_ONLY, APPLICANTS, {"geo": "LT", "time": 2022, "applicant": "FRST"}, gaps=True).to_dict(
        "records"
    )
    assert math.isnan(row["value"]) and row["obs_status"] == "x"
    with pytest.raises(UnknownCode):
        select(TOTALS_ONLY, APPLICANTS, {"geo": "LT", "time": 2022, "applicant": "FIRST"}, gaps=True)


def test_empty_is_not_zero():
    rows = select(FULL, APPLICANTS, {"geo": "LT", "time": [2021, 2022, 2030], "citizen": ["AE", "SY"]})
    assert rows["value"].eq(0).sum() == 0
    missing = rows[rows["value"].isna()]
    assert len(rows) == 6 and set(missing["obs_status"]) == {"x"} and "2030" in set(missing["time"])


def test_a_recorded_zero_stays_zero():
    rows = select(FULL, APPLICANTS, {"geo": "LT", "time": 2008, "age": "UNK"})
    assert rows[["value", "obs_status"]].to_numpy().tolist() == [[0.0, ""]]


def test_one_citizenship_alone_is_no_total():
    """Of temporary protection, one vintage has citizens of Ukraine only, and others all citizenships."""
    of_ukraine, declaration = STORE.open("migr_asytpsm", "2025-05-15"), read_dataset(PROJECT, "migr_asytpsm")
    of_lithuania = {"geo": "LT", "time": "2024-12"}
    with pytest.raises(UnknownCode, match="no total of citizen"):
        select(of_ukraine, declaration, of_lithuania)
    (absent,) = select(of_ukraine, declaration, of_lithuania, gaps=True)["value"]
    assert math.isnan(absent) and times_of_values(of_ukraine, declaration, {"geo": "LT"}) == []
    assert select(of_ukraine, declaration, of_lithuania | {"citizen": "UA"})["value"].tolist() == [48_050.0]


def test_every_single_code_leaves_out_aggregates_and_unknown():
    rows = select(FULL, APPLICANTS, {"geo": "LT", "time": 2022, "citizen": EVERY})
    assert not {"TOTAL", "EU27_2020", "EXT_EU27_2020", "UNK"} & set(rows["citizen"])
    assert {"BY", "RU", "NA"} <= set(rows["citizen"])


def test_codes_without_a_total_are_never_added_up_unasked():
    with pytest.raises(UnknownCode, match="no total of citizen"):
        select(STORE.open("migr_asyappctza", "2025-05-26"), APPLICANTS, {"geo": "LT", "time": 2022, "sex": "F"})


def test_a_wrong_period_is_refused():
    with pytest.raises(UnknownCode, match="20222 is not a period"):
        select(FULL, APPLICANTS, {"geo": "LT", "time": 20222})


# Figures carried over


DECISIONS = read_dataset(PROJECT, "unhcr_asylum_decisions")
UNHCR = STORE.open("unhcr_asylum_decisions", "2026-06-25")
OUTCOMES = {"counted": "P", "dec_level": "FI", "procedure_type": "G"}


@pytest.mark.parametrize("dataset", ["unhcr_asylum_applications", "unhcr_asylum_decisions", "unhcr_population"])
def test_of_all_countries_and_years_lithuania_2021_alone_is_carried_over(dataset):
    (snapshot,) = STORE.vintages(dataset)
    assert carried_over(snapshot, read_dataset(PROJECT, dataset)) == {("LT", "2021")}


def test_a_year_that_repeats_the_year_before_has_no_value_and_says_why():
    rows = select(UNHCR, DECISIONS, {**OUTCOMES, "geo": ["LT", "LV"], "time": [2020, 2021, 2022], "measure": "REJECTED",
                                     "citizen": ["TJ", "RU", "AD"]}, gaps=True)  # fmt: skip
    of_the_year = rows[(rows["geo"] == "LT") & (rows["time"] == "2021")]
    # What the file does not have of the year is not counted either: it is no zero, and no gap that another file would fill.
    assert set(of_the_year["obs_status"]) == {"l"} and of_the_year["value"].isna().all()
    others = rows.drop(of_the_year.index)
    assert "l" not in set(others["obs_status"]) and others["value"].notna().any()
    assert rows.set_index(["citizen", "geo", "time"]).loc[("TJ", "LT", "2020"), "value"] > 0


def test_a_year_that_is_carried_over_is_none_that_has_values():
    times = times_of_values(UNHCR, DECISIONS, {**OUTCOMES, "geo": "LT", "measure": "DECIDED", "citizen": EVERY})
    assert "2021" not in times and {"2020", "2022"} <= set(times)


def test_one_part_that_changed_makes_it_a_count(project, tmp_path):
    """Made-up decisions: Latvia repeats twelve parts, Estonia all but one, Poland has one more; Malta has too few:
    four origins, each rejected and decided on."""
    origins = ["AFG", "BLR", "CHN", "EGY", "GEO", "IND", "IRN", "IRQ", "RUS", "SYR", "TJK", "UKR"]

    def rejected(place, year, counts):
        return [f"{year},{place},{origin},G,FI,P,0,0,{count},0,{count}" for origin, count in zip(origins, counts)]

    same, changed = [40, 5, 5, 10, 5, 60, 5, 20, 30, 5, 10, 5], [40, 5, 5, 10, 5, 60, 5, 20, 30, 5, 10, 10]
    lines = [
        *rejected("LVA", 2020, same), *rejected("LVA", 2021, same), *rejected("LVA", 2022, same), *rejected("LVA", 2024, same),
        *rejected("EST", 2020, same), *rejected("EST", 2021, changed),
        *rejected("MLT", 2020, same[:4]), *rejected("MLT", 2021, same[:4]),
        *rejected("POL", 2020, same[:11]), *rejected("POL", 2021, same),
    ]  # fmt: skip
    head = "year,coa_iso,coo_iso,procedure_type,dec_level,dec_pc,dec_recognized,dec_other,dec_rejected,dec_closed,dec_total\n"
    made_up = tmp_path / "made-up.csv"
    made_up.write_text(head + "\n".join(lines) + "\n")
    snapshot, _ = import_file(project, made_up, "unhcr_asylum_decisions", datetime.date(2026, 9, 1), accept_doubts=True)
    # 2024 does not follow the year that it is like.
    assert carried_over(snapshot, DECISIONS) == {("LV", "2021"), ("LV", "2022")}
    assert carried_over(snapshot, structs.replace(DECISIONS, carried_over=None)) == frozenset()
