"""One number, one value over the pages of an edition; differences that are those of the numbers beside them."""

from dataclasses import dataclass, replace

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.editions.consistency import contradictions
from workbench.model.paths import Project
from workbench.model.record import Exhibit, Record, Said
from workbench.model.types import Result, Run

INDICATORS = read_indicators(Project(ROOT))
APPLICANTS = Result(
    "asylum_applicants", "LT", "", "2021", 3940, 3937.5, 3942.5, "persons", "", "migr_asyappctza", "2024-01-18"
)
REVISED = replace(APPLICANTS, value=3945, vintage="2025-03-31")


@dataclass
class Made:
    """A run that was made, as far as its record goes."""

    run: Run
    record: Record


def made(
    study: str, results: list[Result], language: str = "en", axes: tuple[str, str] = ("time", "indicator"), said=()
) -> Made:
    """A study with one table of some results; made up."""
    keys = [list(result.key) for result in results]
    exhibit = Exhibit("table-a", "Table 1.", "", *axes, [] if said else keys, [])
    record = Record(study, "", "", "", "LT", "", 2022, language, None, {}, [], [], [exhibit], list(said), [], results)
    return Made(Run(study, "LT", 2022, language), record)


def found(*studies: Made) -> list[str]:
    return [str(error) for error in contradictions(studies, INDICATORS, {})]


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
    said = Said("In 2021, 3,945 persons applied.", [list(REVISED.key)])
    table = made("a", [APPLICANTS])
    table.record.said.append(said)
    table.record.results.append(REVISED)
    (error,) = found(table)
    assert "In 2021, 3,945 persons applied." in error


def test_the_trend_beside_a_finding_is_stated_too():
    finding = Said("text", [list(APPLICANTS.key)], list(APPLICANTS.key), [list(REVISED.key)])
    study = made("a", [APPLICANTS, REVISED], said=[finding])
    (error,) = found(study)
    assert "the trend beside" in error


def test_vintages_that_are_compared_by_name_are_no_contradiction():
    assert not found(made("a", [REVISED]), made("b", [APPLICANTS, REVISED], axes=("dataset", "time")))
    # In the annex a series names its vintage where there are several.
    assert not found(made("a", [REVISED]), made("b", [APPLICANTS, REVISED], axes=("series", "standing")))
    assert found(made("a", [APPLICANTS]), made("b", [REVISED], axes=("series", "standing")))


def test_one_language_of_a_study_is_read():
    assert not found(made("a", [APPLICANTS], "en"), made("a", [REVISED], "lt"))


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


def test_a_sentence_that_states_both_vintages_compares_them():
    both = Said("Revised from 3,940 to 3,945.", [list(APPLICANTS.key), list(REVISED.key)])
    assert not found(made("a", [REVISED]), made("b", [APPLICANTS, REVISED], said=[both]))


def shares(*values: float) -> Made:
    """A figure of shares, drawn as a whole; made up."""
    parts = [
        replace(APPLICANTS, breakdown=f"citizen=C{number}", unit="%", value=value, low=value - 0.5, high=value + 0.5)
        for number, value in enumerate(values)
    ]
    study = made("a", parts)
    study.record.exhibits[0] = replace(study.record.exhibits[0], is_whole=True)
    return study


def test_shares_that_are_drawn_as_a_whole_are_all_of_it():
    assert not found(shares(60, 39.5)) and not found(shares(60, 40))
    (error,) = found(shares(60, 33.5))
    assert "do not add up to the whole" in error and "93.5" in error


def test_counts_that_are_drawn_as_a_whole_make_the_published_total():
    study = shares(200, 85)
    counts = [replace(part, unit="persons") for part in study.record.results]
    study.record.results[:] = [*counts, replace(APPLICANTS, value=305, low=302.5, high=307.5)]
    (error,) = found(study)
    assert "285" in error
    study.record.results[-1] = replace(APPLICANTS, value=285, low=282.5, high=287.5)
    assert not found(study)


def test_what_the_site_would_show_is_what_the_studies_state():
    """A vintage that is compared by name in a study is shown on the site only if it is the preferred one."""
    compared = made("b", [APPLICANTS, REVISED], axes=("dataset", "time"))
    (error,) = found(made("a", [APPLICANTS]), compared)  # Without a pin the newest speaks.
    assert "the site" in error
    pinned = {"migr_asyappctza": APPLICANTS.vintage}
    assert not contradictions([made("a", [APPLICANTS]), compared], INDICATORS, pinned)


def test_what_is_left_of_a_whole_depends_on_the_parts_that_are_named():
    rest = replace(APPLICANTS, breakdown="citizen_compared=OTHER")
    assert not found(made("a", [rest]), made("b", [replace(rest, value=17)]))
