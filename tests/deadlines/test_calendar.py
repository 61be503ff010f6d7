"""What is due is told by day, and a calendar program reads it as it is meant."""

import datetime
import json

from click.testing import CliRunner

from both_languages import EN
from workbench.cli import main
from workbench.deadlines.calendar import Due, Kind, calendar, published_calendar
from workbench.deadlines.icalendar import icalendar
from workbench.deadlines.wording import in_a_line
from workbench.declarations.datasets import read_dataset
from workbench.querying.new_query import NewQuery, make_query

TODAY = datetime.date(2026, 12, 1)


def read(content: bytes) -> list[dict[str, str]]:
    """The events of an iCalendar file, unfolded and unescaped as RFC 5545 says (3.1, 3.3.11)."""
    text = content.decode()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    events, value = [], {r"\\": "\\", r"\,": ",", r"\;": ";", r"\n": "\n"}
    for line in lines[3:-2]:
        name, _, said = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        plain, at = "", 0
        while at < len(said):
            part = value.get(said[at : at + 2], said[at])
            at += 2 if said[at : at + 2] in value else 1
            plain += part
        events[-1][name] = plain
    return events


def test_it_tells_collections_figures_for_the_providers_and_editions_by_day(project):
    edition = project.params / "editions" / "2022.yaml"
    text = edition.read_text(encoding="utf-8")
    edition.write_text(text.replace("released: ", "released: 2027-06-01\n# ", 1), encoding="utf-8")
    found = calendar(project, TODAY)
    assert [due.day for due in found] == sorted(due.day for due in found)
    assert {due.kind for due in found} == {*Kind} - {Kind.QUERY} and not any(due.is_overdue for due in found)
    (guard,) = (due for due in found if due.name == "lt_border_guard 2026")
    assert str(guard.day) == "2027-03-01" and in_a_line(guard, EN).startswith("State Border Guard Service")
    assert read_dataset(project, "migr_asyappctza").due.months == 3
    (asylum,) = (due for due in found if due.kind == Kind.PROVIDER and "migr_asyappctza" in due.datasets)
    assert str(asylum.day) == "2027-03-31" and "figures of 2026 for Eurostat" in in_a_line(asylum, EN)
    (published,) = (due for due in found if due.kind == Kind.EDITION)
    assert (published.name, str(published.day)) == ("2022", "2027-06-01")


def test_what_an_institution_owes_stays_until_it_is_there(project):
    later = calendar(project, datetime.date(2027, 4, 1))
    overdue = {due.name for due in later if due.is_overdue}
    assert "lt_border_guard 2026" in overdue
    assert all(due.kind == Kind.COLLECTION for due in later if due.is_overdue)


def test_a_query_is_due_until_it_is_answered_and_a_restricted_one_is_told_by_its_name_alone(project):
    asked = datetime.date(2026, 11, 2)
    for name, question, deadline, dissemination in (
        ("border_answers", "How many?", datetime.date(2026, 12, 4), "wider"),
        ("hushed_route", "Whispered?", datetime.date(2026, 11, 20), "restricted"),
    ):
        make_query(project, NewQuery(name, [question], asked, deadline, dissemination, ()))
    wider, restricted = (
        next(due for due in calendar(project, TODAY) if due.name == name) for name in ("border_answers", "hushed_route")
    )
    assert "Border answers" in in_a_line(wider, EN) and not wider.is_overdue
    assert restricted.is_overdue and "Hushed route" not in in_a_line(restricted, EN)
    assert {wider} == {due for due in published_calendar(project, TODAY) if due.kind == Kind.QUERY}
    answered = project.queries / "border_answers.yaml"
    answered.write_text(answered.read_text(encoding="utf-8") + "answered: 2026-11-30\n", encoding="utf-8")
    assert "border_answers" not in {due.name for due in calendar(project, TODAY)}


def test_a_calendar_program_reads_what_was_meant():
    said = "Šiaurės ministerija, skyrius; „ąžuolas“ \\ čiurlenimas: " + "ėžys " * 30 + "\npabaiga"
    dues = [Due(TODAY, Kind.COLLECTION, name, said, "2026") for name in ("one", "other")]
    one, other = read(icalendar(dues, TODAY, "ncp.example", EN))
    assert one["SUMMARY"] == f"{said}: figures of 2026" and one["DTSTART;VALUE=DATE"] == "20261201"
    assert one["UID"] != other["UID"] and one["UID"].endswith("@ncp.example")
    moved = Due(TODAY + datetime.timedelta(days=7), Kind.COLLECTION, "one", said, "2026")
    assert read(icalendar([moved], TODAY, "ncp.example", EN))[0]["UID"] == one["UID"], (
        "an event that moves is the same event"
    )


def test_the_command_prints_writes_and_gives_json(project, monkeypatch):
    monkeypatch.chdir(project.root)
    said = CliRunner().invoke(main, ["calendar", "--on", str(TODAY)]).output
    assert "2027-03-01         collection State Border Guard Service" in said
    listed = json.loads(CliRunner().invoke(main, ["calendar", "--on", str(TODAY), "--json"]).output)
    CliRunner().invoke(main, ["calendar", "--on", str(TODAY), "--ics", "due.ics"])
    events = read((project.root / "due.ics").read_bytes())
    assert [event["SUMMARY"] for event in events] == [one["what"] for one in listed]
    assert len({event["UID"] for event in events}) == len(events)
