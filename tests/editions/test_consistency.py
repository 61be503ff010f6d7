"""One number, one value over the pages of an edition; differences that are those of the numbers beside them."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.editions.consistency import contradictions
from workbench.execution.run_files import RunFiles
from workbench.model.paths import Project
from workbench.model.record import BLOCK_TYPE, RECORD_TYPE, Record
from workbench.model.sentence import Sentence
from workbench.model.types import Result, Run
from workbench.presentation.blocks import Block, Finding, Findings, Gap, Paragraph, Table, Tabular
from workbench.presentation.charts import Stacked
from workbench.presentation.descriptions import described, digest_of
from workbench.presentation.figure import Figure

INDICATORS = read_indicators(Project(ROOT))
APPLICANTS = Result(
    "asylum_applicants", "LT", "", "2021", 3940, 3937.5, 3942.5, "persons", "", "migr_asyappctza", "2024-01-18"
)
REVISED = replace(APPLICANTS, value=3945, vintage="2025-03-31")
NO_GAP = Gap((), (), is_empty=False)
TITLE = Sentence("Applicants", {})


@dataclass(frozen=True)
class Made:
    """A study that was made: its blocks, and what it published."""

    study: str
    blocks: tuple[Block, ...]
    results: list[Result]
    year: int = 2022
    vintages: tuple[tuple[str, str], ...] = ()
    edition: str = ""

    def write(self, project: Project) -> RunFiles:
        """Leave behind what its run does."""
        shown = [described(block) for block in self.blocks]
        record = Record(
            self.study, "", "", "", "LT", self.year, {}, (), (), (), tuple(self.results), tuple(map(digest_of, shown))
        )
        outputs = [new_output("display_data", data={BLOCK_TYPE: one}) for one in shown]
        carried = new_output("display_data", data={RECORD_TYPE: record.as_json()})
        files = RunFiles(project, Run(self.study, "LT", self.year, vintages=dict(self.vintages), edition=self.edition))
        files.folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=[new_code_cell(outputs=[*outputs, carried], id="all")]), files.notebook)
        return files


def made(
    study: str, results: list[Result], axes: tuple[str, str] = ("time", "indicator"), said: Block | None = None
) -> Made:
    """A study with one table of some results, or with something said of them; made up."""
    table = Table("a", 1, tuple(results), *axes, TITLE, (), "", NO_GAP)
    return Made(study, (said or table,), results)


def saying(*results: Result) -> Paragraph:
    """A paragraph with one sentence that states some numbers."""
    bound = {f"number_{place}": result for place, result in enumerate(results)}
    return Paragraph((Sentence("In 2021: " + ", ".join(f"{{{name}}}" for name in bound), bound),))


def found(*studies: Made, pinned=()) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        runs = [study.write(Project(Path(folder))) for study in studies]
        return [str(error) for error in contradictions(runs, INDICATORS, dict(pinned))]


def test_studies_that_agree_are_no_contradiction():
    assert not found(made("a", [APPLICANTS]), made("b", [replace(REVISED, value=APPLICANTS.value)]))


def test_two_values_of_one_number_are_named_with_their_places():
    (error,) = found(made("a", [APPLICANTS]), made("b", [REVISED]))
    for part in (
        "asylum_applicants; LT; 2021",
        "3940 (migr_asyappctza 2024-01-18), as in a LT, table-a",
        "3945",
        "b LT, table-a",
    ):
        assert part in error


def test_a_sentence_against_a_table_of_the_same_study():
    (table,) = made("a", [APPLICANTS]).blocks
    (error,) = found(Made("a", (table, saying(REVISED)), [APPLICANTS, REVISED]))
    assert "“In 2021: 3945”" in error


def test_a_title_states_its_numbers_too():
    (table,) = made("a", [APPLICANTS]).blocks
    title = Sentence("{number} applied", {"number": REVISED})
    (error,) = found(Made("a", (table, replace(table, name="b", results=(), title=title)), [APPLICANTS, REVISED]))
    assert "“3945 applied”" in error


def test_the_trend_beside_a_finding_is_stated_too():
    finding = Finding(Sentence("{number} applied", {"number": APPLICANTS}), APPLICANTS, (REVISED,))
    (error,) = found(made("a", [APPLICANTS, REVISED], said=Findings((finding,))))
    assert "the trend beside" in error


def test_vintages_that_are_compared_by_name_are_no_contradiction():
    assert not found(made("a", [REVISED]), made("b", [APPLICANTS, REVISED], axes=("dataset", "time")))
    # In the annex a series names its vintage where there are several.
    assert not found(made("a", [REVISED]), made("b", [APPLICANTS, REVISED], axes=("series", "standing")))
    assert found(made("a", [APPLICANTS]), made("b", [REVISED], axes=("series", "standing")))


def of_latest(one: Made, year: int) -> Made:
    chosen = tuple({source for result in one.results for source in result.sources})
    return replace(one, year=year, vintages=chosen, edition="latest")


def test_studies_of_different_years_may_read_different_series():
    """As the edition latest has them; of one year, they may not."""
    older, newer = made("a", [APPLICANTS]), made("b", [REVISED])
    assert not found(of_latest(older, 2021), of_latest(newer, 2022))
    (error,) = found(of_latest(older, 2022), of_latest(newer, 2022))
    assert "one number has two values" in error


def test_what_the_site_shows_of_latest_is_what_its_runs_chose():
    """A study that compares vintages publishes both; the site takes the one that is stated, though it is not the newest."""
    stated = of_latest(made("a", [APPLICANTS]), 2022)
    compared = of_latest(made("b", [APPLICANTS, REVISED], axes=("dataset", "time")), 2022)
    assert not found(stated, replace(compared, vintages=stated.vintages))
    (error,) = found(replace(stated, vintages=()), replace(compared, vintages=()))
    assert "in the site" in error


def flows(net: float, half: float = 0.0) -> list[Result]:
    """Made-up flows of one year."""
    values = {"immigration": (100.0, half), "emigration": (30.0, half), "net_migration": (net, 2 * half)}
    return [
        replace(APPLICANTS, indicator=name, value=value, low=value - wide, high=value + wide, vintage=f"{name}-vintage")
        for name, (value, wide) in values.items()
    ]


def test_a_balance_is_that_of_the_numbers_beside_it():
    assert not found(made("a", flows(70)))
    (error,) = found(made("a", flows(75)))
    assert "does not match the numbers beside it" in error and "net_migration; LT; 2021" in error
    assert not found(made("a", flows(75, half=2.5)))


def balanced(inflow: float, datasets: str) -> list[Result]:
    """Made-up flows, and the balance of the two datasets that they are of."""
    first, second = datasets.split("+")
    of = {"immigration": (inflow, first), "emigration": (30.0, second), "net_migration": (inflow - 30, datasets)}
    return [
        replace(
            APPLICANTS, indicator=name, value=value, low=value, high=value, dataset=dataset,
            vintage="+".join("2024-01-18" for _ in dataset.split("+")),
        )
        for name, (value, dataset) in of.items()
    ]  # fmt: skip


def test_where_datasets_are_compared_a_balance_is_that_of_its_own():
    both = [*balanced(100, "tps00176+tps00177"), *balanced(90, "migr_imm8+migr_emi1ctz")]
    assert not found(made("a", both, axes=("time", "dataset")))
    wrong = replace(both[2], value=75.0, low=75.0, high=75.0)
    (error,) = found(made("a", [*both[:2], wrong, *both[3:]], axes=("time", "dataset")))
    assert "does not match the numbers beside it" in error


def test_a_sentence_that_states_both_vintages_compares_them():
    assert not found(made("a", [REVISED]), made("b", [APPLICANTS, REVISED], said=saying(APPLICANTS, REVISED)))


def parts(*values: float, unit: str = "%") -> list[Result]:
    """Made-up parts of a whole."""
    return [
        replace(APPLICANTS, breakdown=f"citizen=C{number}", unit=unit, value=value, low=value - 0.5, high=value + 0.5)
        for number, value in enumerate(values)
    ]


def whole(shown: list[Result], *published: Result) -> Made:
    """A study with a figure of parts that are drawn as a whole, which publishes other results too."""
    figure = Figure("a", 1, Stacked(tuple(shown), "citizen"), TITLE, TITLE, (), NO_GAP)
    return Made("a", (figure,), [*shown, *published])


def test_shares_that_are_drawn_as_a_whole_are_all_of_it():
    assert not found(whole(parts(60, 39.5))) and not found(whole(parts(60, 40)))
    (error,) = found(whole(parts(60, 33.5)))
    assert "do not add up to the whole" in error and "93.5" in error


def test_counts_that_are_drawn_as_a_whole_make_the_published_total():
    counts, total = parts(200, 85, unit="persons"), replace(APPLICANTS, value=305, low=302.5, high=307.5)
    (error,) = found(whole(counts, total))
    assert "285" in error
    assert not found(whole(counts, replace(total, value=285, low=282.5, high=287.5)))


def test_what_the_site_would_show_is_what_the_studies_state():
    """A vintage that is compared by name in a study is shown on the site only if it is the preferred one."""
    compared = made("b", [APPLICANTS, REVISED], axes=("dataset", "time"))
    (error,) = found(made("a", [APPLICANTS]), compared)  # Without a pin the newest speaks.
    assert "the site" in error
    pinned = {"migr_asyappctza": APPLICANTS.vintage}
    assert not found(made("a", [APPLICANTS]), compared, pinned=pinned)


def test_what_stands_beside_the_parts_in_the_table_behind_them_is_no_part():
    shown, beside = parts(60, 40), parts(1025, 205, unit="persons")
    figure = Figure(
        "a", 1, Stacked(tuple(shown), "citizen"), TITLE, TITLE, (), NO_GAP,
        table=Tabular((*shown, *(replace(one, indicator="first_time_applicants") for one in beside)), "citizen", "indicator"),
    )  # fmt: skip
    assert not found(Made("a", (figure,), [*shown, *figure.data.results])) and figure.exhibit.parts == tuple(shown)


def test_what_is_left_of_a_whole_depends_on_the_parts_that_are_named():
    rest = replace(APPLICANTS, breakdown="citizen_compared=OTHER")
    assert not found(made("a", [rest]), made("b", [replace(rest, value=17)]))
