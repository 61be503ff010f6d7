"""Sums over the observations that there are: the same as over the grid of all that there could be, without it."""

import datetime
import tempfile
from pathlib import Path

import numpy
import pandas
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import ROOT, copy_project
from workbench.collecting.files import import_file
from workbench.data.observations import EVERY, select_columns, select_parts
from workbench.declarations.datasets import read_dataset
from workbench.indicators import formulas
from workbench.model.paths import Project

DECLARATION = read_dataset(Project(ROOT), "migr_asyappctza")
PLACES, YEARS, CITIZENSHIPS, TYPES = ("LT", "LV"), ("2021", "2022"), ("AF", "BY", "SY", "TOTAL"), ("FRST", "SSEQ")
HEADINGS = "DATAFLOW,LAST UPDATE,freq,unit,citizen,sex,applicant,age,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS"

KEYS = some.tuples(some.sampled_from(CITIZENSHIPS), *map(some.sampled_from, (TYPES, PLACES, YEARS)))
CELLS = some.one_of(
    some.tuples(
        some.integers(0, 4).map(lambda count: str(count * 5)), some.sampled_from(["", "b", "p"]), some.just("")
    ),
    some.sampled_from([("", "u", ""), ("", "", "C")]),
)


def written(cells: dict, path: Path) -> Path:
    rows = [
        f"ESTAT:MIGR_ASYAPPCTZA(1.0),,A,PER,{citizen},T,{applicant},TOTAL,{geo},{year},{value},{flag},{conf}"
        for (citizen, applicant, geo, year), (value, flag, conf) in cells.items()
    ]
    path.write_text("\n".join([HEADINGS, *rows, ""]))
    return path


def over_the_grid(snapshot, filters) -> pandas.DataFrame:
    """Every citizenship that there could be, its zeros filled in, added up one by one."""
    grid = select_columns(snapshot, DECLARATION, filters, gaps=True)
    filled = formulas.with_zeros(grid, grid, {"citizen": grid["citizen"]}, ["applicant"])
    counts = formulas.count(filled, "made_up", "persons", fixed=["citizen", "applicant", "age", "sex"])
    return formulas.added(formulas.zeros_for_certain(counts.assign(breakdown=grid["applicant"])))


def over_what_there_is(snapshot, filters) -> pandas.DataFrame:
    parts = select_parts(snapshot, DECLARATION, filters, ["citizen"], gaps=True)
    sums = formulas.of_reported(formulas.sums_of(parts), formulas.reported_by(parts), ["applicant"])
    counts = formulas.count(
        formulas.with_zeros(sums, formulas.reported_by(parts), {}, ["applicant"]), "made_up", "persons",
        fixed=["applicant", "age", "sex"],
    )  # fmt: skip
    return formulas.added(formulas.zeros_for_certain(counts.assign(breakdown=sums["applicant"])))


def why_missing(flags: str) -> str:
    """Where a part is withheld, the grid says besides whether another one is missing."""
    return flags.replace("x", "") or flags


@settings(max_examples=60, deadline=None)
@given(some.dictionaries(KEYS, CELLS, min_size=1, max_size=16))
def test_values_bounds_and_flags_are_those_of_the_grid(cells):
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder))
        file = written(cells, Path(folder) / "made-up.csv")
        snapshot, _ = import_file(project, file, "migr_asyappctza", datetime.date(2000, 1, 1), accept_doubts=True)
        filters = {"geo": PLACES, "time": YEARS, "citizen": EVERY, "applicant": TYPES}
        dense, sparse = over_the_grid(snapshot, filters), over_what_there_is(snapshot, filters)
    keys = ["geo", "time", "breakdown"]
    if not len(dense):
        # A file of totals alone: no citizenship to make a grid of, and no sum.
        assert sparse["value"].isna().all()
        return
    both = dense.sort_values(keys).reset_index(drop=True), sparse.sort_values(keys).reset_index(drop=True)
    assert [why_missing(flags) for flags in both[0]["flags"]] == [why_missing(flags) for flags in both[1]["flags"]]
    for name in ("geo", "time", "breakdown"):
        assert both[0][name].tolist() == both[1][name].tolist(), name
    for name in ("value", "low", "high"):
        numpy.testing.assert_array_equal(both[0][name], both[1][name], name)
