"""The cells that two files have in common: all of them, each once, each with both numbers."""

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from native_files import TEXTS
from workbench.data.formats.table import CellsOfFrame
from workbench.data.normal_form import NormalForm
from workbench.data.overlap import Cells, overlap
from workbench.data.snapshots import SnapshotStore
from workbench.data.storing import store
from workbench.declarations.datasets import read_dataset
from workbench.model.paths import STARTER_SNAPSHOTS, Project
from workbench.model.periods import shift

STORE = SnapshotStore([STARTER_SNAPSHOTS])
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["LT", "LV", "EE"]), st.sampled_from(["M", "F", "T"]), st.integers(2015, 2020).map(str)),
    st.integers(0, 9).map(float),
    min_size=1,
)


@pytest.fixture(scope="module")
def cells_of(tmp_path_factory):
    """From (geo, sex, time) to value to the cells of a file."""
    path = tmp_path_factory.mktemp("cells") / "stored.parquet"

    def of(table: dict) -> Cells:
        rows = [(*key, repr(value), "", "") for key, value in table.items()]
        frame = pandas.DataFrame(rows, columns=["geo", "sex", TEXTS[0], "value", *TEXTS[1:]])
        store(CellsOfFrame("made-up", frame), path)
        return Cells.of(NormalForm(path))

    return of


@given(CELLS, CELLS, st.sampled_from([-1, 0, 1]))
def test_each_cell_that_both_have_is_compared_once_and_no_other(cells_of, mine, other, later):
    both = overlap(cells_of(mine), cells_of(other), later=later)
    found = {tuple(both.cell(at).values()): (both.mine[at], both.other[at]) for at in range(len(both))}
    moved = {(geo, sex, shift(time, later)): value for (geo, sex, time), value in other.items()}
    assert found == {key: (mine[key], moved[key]) for key in mine.keys() & moved.keys()}
    assert len(found) == len(both)


@pytest.mark.parametrize("dataset", ["migr_imm8", "migr_asydcfstq", "unhcr_population", "frontex_detections"])
def test_a_vintage_agrees_with_itself_in_every_cell(dataset):
    form = STORE.vintages(dataset)[0].opened()
    both = overlap(Cells.of(form), Cells.of(form))
    assert len(both) == int(form.select({}).column("value").to_pandas().notna().sum()) > 0
    assert (both.mine == both.other).all()


def test_where_one_file_lacks_a_dimension_the_total_of_the_other_is_compared():
    """Orders to leave have no age and sex in 2017, and totals alone in 2026."""
    older, newer = STORE.vintages("migr_eiord1")
    both = overlap(Cells.of(newer.opened()), Cells.of(older.opened()))
    assert {"age", "sex"} <= {*newer.opened().dimensions} - {*older.opened().dimensions} and len(both) == 92
    compared = {(cell["geo"], cell["time"]): at for at in range(len(both)) if (cell := both.cell(at))}
    at = compared["NL", "2015"]
    assert (both.mine[at], both.other[at]) == (19015, 23765), "as the card says of its revision"


def test_older_names_are_compared_under_the_newest():
    declaration = read_dataset(Project(ROOT), "migr_asyappctza")
    first, second = (STORE.open("migr_asyappctza", day) for day in ("2024-01-18", "2025-03-31"))
    both = overlap(Cells.of(first.opened(declaration)), Cells.of(second.opened(declaration)))
    assert "applicant" in both.codes and len(both) > 800 and (both.mine == both.other).mean() > 0.9
