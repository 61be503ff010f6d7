"""What happened when: named in each language, from an official source; of the place, the numbers and the time; else refused."""

import re

import pytest

from conftest import ROOT
from workbench.declarations.events import read_events
from workbench.declarations.indicators import read_indicators
from workbench.model.errors import InvalidDeclaration
from workbench.model.paths import Project
from workbench.model.sentence import Sentence, Texts
from workbench.presentation.charts import Lines, Panels
from workbench.presentation.sentences import worded
from workbench.presentation.wording import Wording, languages
from workbench.study import Study

PROJECT = Project(ROOT)
EVENTS = read_events(PROJECT)
APPLICANTS, PENDING, PROTECTED = "migr_asyappctza", "migr_asypenctzm", "migr_asytpsm"


def named(events) -> list[str]:
    return [event.id for event in events]


@pytest.mark.parametrize("event", EVENTS.all, ids=named(EVENTS.all))
def test_an_event_is_named_in_languages_of_the_workbench_and_has_an_official_source(event):
    labels = dict(event.labels)
    # A language may have its names in the catalogue instead, as one that is added has.
    assert {"en"} <= set(labels) <= set(languages()) and len(set(labels.values())) == len(labels)
    assert event.first_day <= event.last_day and event.datasets
    source = event.source
    assert source.date <= str(event.last_day) or source.date <= f"{event.first_day.year + 1}-12-31"
    assert re.search(r"//([\w.-]+\.)?(europa\.eu|lrs\.lt)/", source.url)


@pytest.mark.parametrize("event", EVENTS.all, ids=named(EVENTS.all))
def test_the_source_of_an_event_is_cited_in_the_language_of_the_page(event):
    assert Wording.without_indicators("lt").text(event.source.title) != event.source.title


def test_what_went_on_is_of_the_place_the_numbers_the_time_and_the_direction():
    during = EVENTS.going_on
    assert named(during("LT", PENDING, "2021-07", "2021-09", "more")) == [
        "route_through_belarus",
        "change_of_power_in_afghanistan",
    ]
    assert named(during("PT", PENDING, "2021-07", "2021-09", "more")) == ["change_of_power_in_afghanistan"]
    assert named(during("LT", PENDING, "2021-07", "2021-09", "fewer")) == []
    assert named(during("LT", PENDING, "2020-06", "2021-01", "fewer")) == ["pandemic", "regulation_2020_851"]
    assert named(during("DK", PENDING, "2021-01", "2021-01")) == named(during("LT", "demo_gind", "2008", "2026")) == []
    assert named(during("EASTERN_LAND", "frontex_detections", "2021", "2021")) == ["route_through_belarus"]


def test_a_chart_names_few_events_the_most_specific_first_and_one_in_a_period():
    beside = EVENTS.beside
    # Power changed in Afghanistan, and asylum statistics did, in the year of the route through Belarus.
    assert named(beside("LT", APPLICANTS, "2008", "2022")) == [
        "route_through_belarus",
        "arrivals_2015",
        "invasion_of_ukraine",
    ]
    assert named(beside("LT", APPLICANTS, "2008", "2022", most=1)) == ["route_through_belarus"]
    months = named(beside("LT", PENDING, "2020-01", "2022-12", most=9))
    assert months[:2] == ["route_through_belarus", "regulation_2020_851"] and "change_of_power_in_afghanistan" in months
    assert named(beside("LT", PROTECTED, "2022-03", "2022-12")) == ["temporary_protection_granted"]
    assert named(beside("EE", APPLICANTS, "2022", "2022")) == ["invasion_of_ukraine"]


def test_a_study_names_the_events_beside_its_country():
    study = Study.open("asylum_applications", country="LT", year=2022)
    series = study.results("asylum_applicants_per_million", geo=["LT", "EU27_2020"], time=[2019, 2020, 2021, 2022])
    assert named(study.events_beside(series)) == ["route_through_belarus", "invasion_of_ukraine", "pandemic"]
    assert named(study.events_beside(series, most=1)) == ["route_through_belarus"]
    assert study.events_beside(study.results("asylum_applicants", geo=["EE"], time=[2022])) == ()


def test_a_study_marks_the_events_of_its_country_in_charts_over_time():
    study = Study.open("asylum_applications", country="LT", year=2022, language="en")
    series = study.results("asylum_applicants", time=study.years)
    charts = [Lines(series, by="indicator"), Lines(series[-2:], by="indicator"), Panels(series, "LT")]
    shown = [
        study.figure(f"made-up-{place}", chart, title=study.say("Told"), subtitle=study.say("Measured")).block.chart
        for place, chart in enumerate(charts)
    ]
    assert [set(chart.events) for chart in shown] == [set(study.events_beside(series)), set(), set()]
    assert shown[0].events


def test_names_in_a_sentence_are_in_its_language():
    sentence = Sentence("In it fall: {events}.", {"events": Texts(tuple(event.subjects for event in EVENTS.all[:2]))})
    english, lithuanian = (
        worded(Wording(language, read_indicators(PROJECT)), sentence).text for language in ("en", "lt")
    )
    assert "In it fall: the arrivals over the Eastern Mediterranean and the Balkans; the EU–Turkey statement" in english
    assert "atvykimai per Rytų Viduržemio jūrą ir Balkanus; ES ir Turkijos pareiškimas" in lithuanian


@pytest.mark.parametrize(
    ("replaced", "by", "expected"),
    [
        ("to: 2022-05", "to: 2022-01", "an end that is not before its beginning, 2022-02-24"),
        ("from: 2022-02-24", "from: 2022-13", "a day or a period, such as"),
        ("from: 2022-02-24", "from: 2022-02-3", "a day or a period, such as"),
        ("date: 2022-06-28", "date: 2022-06", "a day, such as"),
        ("places: [LT, LV, PL, EASTERN_LAND]", "places: [LT, LX]", "the code of a place or route"),
        ("places: [LT, LV, PL, EASTERN_LAND]", "places: []", "the codes of some places, or all"),
        ("topics: [temporary_protection]", "topics: [temporary]", "temporary_protection"),
        ("temporary_protection: [migr_asytpsm,", "temporary_protection: [migr_asytps,", "migr_asytpsm"),
        ("      en: EU–Turkey statement\n", "", "a label in English"),
        ("en: EU–Turkey statement\n", f"en: {'long ' * 20}\n", "at most 60 characters"),
        ("url: https://euaa.europa.eu", "url: euaa.europa.eu", "an address, http"),
        ("    direction: fewer", "    direction: less", "one of fewer, more"),
        ("    counting: true", "    counts: true", "unknown key"),
        ("  pandemic:", "  Pandemic 2020:", "lower-case letters, digits and underscores"),
    ],
)
def test_an_event_that_cannot_be_is_refused(project, replaced, by, expected):
    path = project.params / "events.yaml"
    said = path.read_text(encoding="utf-8")
    assert replaced in said
    path.write_text(said.replace(replaced, by), encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match=r"events\.yaml") as refused:
        read_events(project)
    assert expected in str(refused.value)
