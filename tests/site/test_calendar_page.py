"""The page of what is due: for the team outside of what is published; of the site only where that is declared, without anything restricted."""

import datetime
import re

import lxml.html
import pytest

from workbench.model.paths import Project
from workbench.querying.new_query import NewQuery, make_query
from workbench.site.build import write_site
from workbench.site.team_calendar import write_team_calendar

ASKED, DAY = datetime.date(2026, 11, 2), datetime.date(2027, 3, 5)
OF_THE_RESTRICTED = ("hushed_route", "Hushed route", "WHISPEREDQUESTION")


@pytest.fixture
def asked(project) -> Project:
    """A project with an open query for wider dissemination, a restricted one, both to be answered before the day."""
    for name, question, dissemination in (
        ("border_answers", "How many?", "wider"),
        ("hushed_route", "WHISPEREDQUESTION?", "restricted"),
    ):
        make_query(project, NewQuery(name, [question], ASKED, datetime.date(2027, 2, 8), dissemination, ()))
    return project


def publish(project, day: datetime.date) -> None:
    declared = project.params / "site.yaml"
    text = re.sub(r"(?m)^calendar: .*\n", "", declared.read_text(encoding="utf-8"))
    declared.write_text(f"{text}calendar: {day}\n", encoding="utf-8")
    write_site(project)


def shown(path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def published(project) -> dict[str, bytes]:
    """All that would be published, by its address."""
    files = (path for path in project.outputs.rglob("*") if path.is_file() and ".journal" not in path.parts)
    return {path.relative_to(project.outputs).as_posix(): path.read_bytes() for path in files}


def headings(page) -> list[str]:
    return [heading.text_content() for heading in page.iter("h2")]


def test_the_page_of_the_team_is_not_where_it_would_be_published_and_tells_what_is_overdue_first(asked):
    english, lithuanian = write_team_calendar(asked, DAY)
    assert not [name for name in published(asked) if "calendar" in name]
    page = shown(english)
    assert headings(page)[:2] == ["Overdue", "March 2027"]
    overdue, march = list(page.iter("section"))[:2]
    said = overdue.text_content()
    assert "hushed_route, which is restricted" in said and "“Border answers”" in said
    assert "State Border Guard Service at the Ministry of the Interior: figures of 2026" in said
    assert "Asylum applicants by type" in march.text_content()
    assert headings(shown(lithuanian))[:2] == ["Vėluoja", "2027 m. kovas"]


def test_the_page_of_the_team_names_no_public_address_and_leads_to_what_is_there(asked):
    form = asked.outputs / "collections" / "2026" / "lt_border_guard.lt.xlsx"
    form.parent.mkdir(parents=True)
    form.write_bytes(b"made up")
    for path in write_team_calendar(asked, DAY):
        page = shown(path)
        assert "migration-studies.example/" not in path.read_text(encoding="utf-8")
        local = [href for href in page.xpath("//@href") if not re.match(r"#|data:|mailto:", href)]
        assert any(href.endswith("lt_border_guard.lt.xlsx") for href in local)
        for href in local:
            assert (path.parent / href.partition("#")[0]).is_file(), href


def test_the_site_has_the_page_only_where_its_day_is_declared(asked):
    write_site(asked)
    assert not any("calendar" in name for name in published(asked))
    publish(asked, DAY)
    files = published(asked)
    assert {"calendar.en.html", "calendar.en.ics"} <= files.keys()
    assert b"calendar.en.html" in files["sitemap.xml"] and b'href="calendar.en.html"' in files["index.html"]
    assert "As of 5 March 2027" in files["calendar.en.html"].decode()
    assert "migration-studies.example/calendar.en.ics" in files["calendar.en.html"].decode()
    publish(asked, DAY)
    assert published(asked) == files


def test_nothing_published_tells_of_a_restricted_query(asked):
    write_team_calendar(asked, DAY)
    publish(asked, DAY)
    files = published(asked)
    assert "“Border answers”" in files["calendar.en.html"].decode()
    for word in OF_THE_RESTRICTED:
        assert [name for name, content in files.items() if word in name or word.encode() in content] == []


def test_a_page_that_is_no_longer_to_be_published_goes(asked):
    publish(asked, DAY)
    declared = asked.params / "site.yaml"
    declared.write_text(declared.read_text(encoding="utf-8").replace("\ncalendar: ", "\n# "), encoding="utf-8")
    write_site(asked)
    assert not any("calendar" in name for name in published(asked))
