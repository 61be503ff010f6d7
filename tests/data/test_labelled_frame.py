"""A frame of codes shows their labels in a notebook, and holds the codes alone."""

import pandas
import pytest

from workbench.data.labelled_frame import LabelledFrame, english
from workbench.study import Study


@pytest.fixture(autouse=True)
def labels_in_english(monkeypatch):
    """Whatever language another test has opened a study in."""
    monkeypatch.setattr(LabelledFrame, "labels_shown", staticmethod(english))


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open("asylum_applications", country="LT", year=2022)


def test_labels_flags_and_vintage_are_shown_and_the_codes_stay(study):
    frame = study.results("first_time_applicants", citizen=["BY", "AF"], time=["2021", "2022"]).frame
    shown = frame._repr_html_()
    assert "LT – Lithuania" in shown and "citizen=BY – Belarus" in shown and "2024-01-18" in shown
    assert set(frame["geo"]) == {"LT"} and set(frame["breakdown"]) == {"citizen=BY", "citizen=AF"}
    assert "x – not available in the vintage used" in shown or "x" not in set(frame["flags"])


def test_observations_show_the_label_of_each_dimension(study):
    rows = study.observations("migr_asyappctza", geo="LT", time="2022", age="Y_LT18", applicant="TOTAL")
    shown = rows._repr_html_()
    assert "Y_LT18 – Under 18 years" in shown and "TOTAL – All applicants" in shown and list(rows["age"]) == ["Y_LT18"]


def test_labels_are_in_the_language_of_the_study_that_was_opened_and_what_is_held_is_not(study):
    asked = {"citizen": "BY", "time": ["2022", "2023"]}
    in_english = study.results("first_time_applicants", **asked)
    lithuanian = Study.open("asylum_applications", country="LT", year=2022, language="lt")
    results = lithuanian.results("first_time_applicants", **asked)
    for shown in (
        results._repr_html_(),
        results.frame[["geo", "breakdown", "indicator", "unit", "flags"]]._repr_html_(),
    ):
        assert "LT – Lietuva" in shown and "citizen=BY – Baltarusija" in shown and "Lithuania" not in shown
        assert "first_time_applicants – Pirmą kartą" in shown and "persons – asmenys" in shown
        assert "x – naudotoje duomenų redakcijoje nėra" in shown
    assert results.frame.to_csv() == in_english.frame.to_csv()


def test_what_is_made_of_it_shows_labels_too():
    frame = LabelledFrame({"citizen": ["BY", "no code"], "value": [1.0, float("nan")]})
    assert "BY – Belarus" in frame[frame["value"] > 0]._repr_html_() and "no code" in frame._repr_html_()
    assert isinstance(frame.assign(more=1), pandas.DataFrame) and "NaN" not in frame._repr_html_()


def test_a_long_frame_is_cut_and_says_so():
    frame = LabelledFrame({"geo": ["LT"] * 5000})
    assert "5,000 rows" in frame._repr_html_() and frame._repr_html_().count("LT – Lithuania") == 10


def test_whoever_takes_settings_for_the_column_is_told():
    frame = LabelledFrame({"flags": ["b", ""]})
    with pytest.raises(AttributeError, match=r'the column is frame\["flags"\]'):
        frame.flags.value_counts()
    assert frame.flags.allows_duplicate_labels and list(frame["flags"]) == ["b", ""]
    assert list(pandas.concat([frame, frame])["flags"]) == ["b", "", "b", ""]
