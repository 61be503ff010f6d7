"""What stands above results says of each what is true of all of them."""

import pytest

from conftest import ROOT
from workbench.declarations.indicators import read_indicators
from workbench.model.paths import Project
from workbench.presentation.sentences import worded
from workbench.presentation.wording import Wording
from workbench.study import Study, scope, titled

ENGLISH = Wording("en", read_indicators(Project(ROOT)))


@pytest.fixture(scope="module")
def study():
    return Study.open("asylum_applications", country="LT", year=2022)


@pytest.mark.parametrize(
    ("asked", "title", "where"),
    [
        (
            {"geo": ["EE", "LT"], "time": ["2021", "2022"], "citizen": "BY"},
            "Asylum applicants, Belarus",
            "Estonia, Lithuania, 2021 to 2022",
        ),
        ({"citizen": ["BY", "RU"]}, "Asylum applicants", "Lithuania, 2022"),
        ({"geo": ["EE", "LT", "LV", "PL", "FI", "SE"], "time": ["2021", "2022"]}, "Asylum applicants", "2021 to 2022"),
    ],
)
def test_title_and_scope_say_what_results_share(study, asked, title, where):
    results = study.results("asylum_applicants", **asked)
    assert (worded(ENGLISH, titled(results)).text, worded(ENGLISH, scope(results)).text) == (title, where)
