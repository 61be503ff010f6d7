"""When the figures of a year are due."""

import re

import pytest

from conftest import ROOT
from made_up_results import made_up
from workbench.declarations.datasets import Deadline, declared_datasets, read_dataset
from workbench.model.paths import Project
from workbench.study.deadlines import deadlines

DECLARATIONS = {name: read_dataset(Project(ROOT), name) for name in declared_datasets(Project(ROOT))}


@pytest.mark.parametrize(("months", "month"), [(2, "2024-02"), (12, "2024-12"), (18, "2025-06")])
def test_a_deadline_counts_from_the_end_of_the_year(months, month):
    assert Deadline(months=months, law="made up").of(2023) == month


def test_what_takes_several_datasets_is_due_with_the_last_of_them():
    shown = [
        made_up(1, indicator="applied", dataset="migr_asyappctza"),
        made_up(1, indicator="permitted", dataset="migr_resfirst"),
        made_up(1, indicator="net", dataset="migr_imm8+migr_emi1ctz"),
        made_up(1, indicator="rate", dataset="migr_asyappctza+demo_gind"),
    ]
    due = deadlines(shown, DECLARATIONS, 2023)
    # No law is declared for the population that the rate takes too.
    assert due == {"2024-03": ["applied"], "2024-06": ["permitted"], "2024-12": ["net"]}
    assert list(due) == sorted(due)


def test_every_deadline_names_the_article_that_sets_it():
    laws = [declared.due.law for declared in DECLARATIONS.values() if declared.due]
    assert len(laws) > 15 and all(
        re.fullmatch(r"Regulation \(EC\) No 862/2007, Article \d(\(\d\))?", law) for law in laws
    )
