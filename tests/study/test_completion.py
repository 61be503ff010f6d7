"""The calls of a study complete themselves: indicators, datasets, dimensions and codes, by name or by label."""

import pytest

from workbench.study import Study
from workbench.study.completion import completions


@pytest.fixture(scope="module")
def names() -> dict:
    study = Study.open("asylum_applications", country="LT", year=2022, language="en")
    return {"study": study, "say": study.say, "other": object()}


def offered(code: str, names: dict) -> list[str]:
    return [one.text for one in completions(code, names)[1]]


@pytest.mark.parametrize(
    ("code", "some"),
    [
        ('study.results("asyl', {"asylum_applicants", "asylum_applicants_per_million"}),
        ('study.results("asylum_applicants_', {"asylum_applicants_change_pct", "asylum_applicants_rank_eu27"}),
        ('study.results("asylum_applicants", "first', {"first_time_applicants"}),
        ('x = study.one("asylum_applicants", citizen="Bel', {"BY", "BE"}),
        ('study.results("asylum_applicants", geo=["LT", "Lat', {"LV"}),
        ("study.results(\n    'first_time_applicants',\n    applicant='", {"TOTAL", "FRST", "SSEQ"}),
        ('study.observations("', {"migr_asyappctza", "demo_gind"}),
        ('study.observations("migr_asyappctza", age="under', {"Y_LT14", "Y_LT18"}),
        ('study.observations("migr_asyappctza", ', {"geo=", "time=", "citizen=", "age=", "applicant="}),
        ('study.observations("demo_gind", ', {"indic_de="}),
        ('study.one("asylum_applicants", citizen="BY", ge', {"geo="}),
        ('study.total("asylum_applicants", over="cit', {"citizen"}),
        ('study.codes("app', {"applicant"}),
        ('study.results("asylum_applicants", dataset="', {"migr_asyappctza"}),
    ],
)
def test_what_fits_is_offered(names, code, some):
    assert some <= set(offered(code, names))


@pytest.mark.parametrize(
    "code",
    [
        'say("in {year}', 'print("', 'other.results("asyl', 'study.results("asylum_applicants")', 'study.results("x", time="20',
        "study.results", '# study.results("asyl', 'y = "study.results(asyl', "",
    ],
)  # fmt: skip
def test_nothing_is_offered_elsewhere(names, code):
    assert offered(code, names) == []


def test_only_what_the_call_can_have_is_offered(names):
    assert "citizen=" not in offered('study.one("asylum_applicants", citizen="BY", ', names)
    assert "citizen=" not in offered('study.observations("demo_gind", ', names)


def test_a_label_is_told_with_each_code(names):
    begun, found = completions('study.one("asylum_applicants", citizen="belarus', names)
    assert begun == "belarus" and [(one.text, one.meaning) for one in found] == [("BY", "Belarus")]
