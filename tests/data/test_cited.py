"""What a reader must know to compare: of the country and year of the study, and each thing once."""

import pytest

from both_languages import WORDINGS
from conftest import ROOT
from workbench.data.cited import comparability_notes
from workbench.data.snapshots import SnapshotStore
from workbench.declarations.datasets import ComparabilityNote, read_dataset
from workbench.model.paths import Project
from workbench.presentation.notes import comparability

PROJECT = Project(ROOT)


def items_of(dataset: str, vintage: str, country: str, year: int, language: str = "en") -> list[str]:
    source = read_dataset(PROJECT, dataset), SnapshotStore.of(PROJECT).open(dataset, vintage)
    of_dataset, _ = comparability(WORDINGS[language], comparability_notes([source], country, year), [], 0)
    return of_dataset[1]


@pytest.mark.parametrize(
    ("dataset", "vintage"), [("migr_eirtn", "2025-06-09"), ("migr_pop1ctz", "2026-09-15"), ("demo_gind", "2025-03-27")]
)
def test_what_concerns_one_country_stands_on_its_pages_alone(dataset, vintage):
    own, others = (items_of(dataset, vintage, country, 2022) for country in ("LT", "MT"))
    assert [item for item in own if "Lithuania" in item] == [item for item in own if item not in others] != []
    assert not [item for item in others if "Lithuania" in item]


@pytest.mark.parametrize("language", ["en", "lt"])
def test_what_a_note_on_the_dataset_says_its_card_does_not_say_again(language):
    items = items_of("unhcr_asylum_decisions", "2026-06-25", "DE", 2022, language)
    altered = "Small numbers are altered" if language == "en" else "mažus skaičius"
    assert len([item for item in items if altered.casefold() in item.casefold()]) == 1
    assert len({item.rstrip(".") for item in items}) == len(items)


def test_a_note_concerns_the_years_from_its_first_on():
    note = ComparabilityNote(text="made up", since=2021, geo="EE")
    asked = [("EE", 2020), ("EE", 2021), ("LV", 2021)]
    assert [note.concerns(country, year) for country, year in asked] == [False, True, False]
