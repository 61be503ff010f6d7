"""An ad-hoc query is asked, answered, rendered and sealed like a study; what is restricted never gets where it is published."""

import datetime
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import copy_project
from workbench.checking.check import check_notebook, notebooks_named
from workbench.declarations.queries import read_answers, read_query
from workbench.editions.verification import verify_all
from workbench.execution.run_log import RunLog
from workbench.model.errors import InvalidDeclaration, RefusedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation.messages import needed
from workbench.querying.listing import listed_queries
from workbench.querying.make_query import render_query
from workbench.querying.new_query import NewQuery, make_query
from workbench.resolving.parameters import resolve

WIDER, RESTRICTED = "border_answers", "hushed_route"
OF_THE_RESTRICTED = (RESTRICTED, "WHISPEREDQUESTION", "WHISPEREDBACKGROUND", "WHISPEREDANSWER")
WITHHELD = "MURMUREDANSWER"
ASKED, DUE = datetime.date(2023, 11, 6), datetime.date(2023, 12, 4)
TODAY = datetime.date(2023, 12, 10)
EXPLORED = ("turned_back_at_border", "geo=LT", "time=2021-2023")


def new(name: str, question: str, dissemination: str, explored: tuple[str, ...] = EXPLORED) -> NewQuery:
    return NewQuery(name, [question, "And why?"], ASKED, DUE, dissemination, explored)


def edited(path: Path, **keys: str) -> None:
    """Give keys of a declaration other values, or add them."""
    text = path.read_text(encoding="utf-8")
    for key, value in keys.items():
        text = re.sub(rf"^{key}:.*\n((  |- ).*\n)*", "", text, flags=re.MULTILINE) + f"{key}: {value}\n"
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> Project:
    """A project with an answered query for wider dissemination, and a restricted one; both are sealed."""
    project = copy_project(tmp_path_factory.mktemp("queries") / "project")
    make_query(project, new(WIDER, "How many <b>attempts</b> were turned back?", "wider"))
    make_query(project, new(RESTRICTED, "WHISPEREDQUESTION?", "restricted"))
    title = '{en: "Attempts & answers", lt: Bandymai ir atsakymai}'
    edited(project.queries / f"{WIDER}.yaml", title=title, answered="2023-11-30")
    edited(project.queries / f"{RESTRICTED}.yaml", background="WHISPEREDBACKGROUND", answered="2023-11-30")
    for query, country, dissemination, said in (
        (WIDER, "PL", "wider", "Some <i>& more</i>.\n\n    Twice."),
        (WIDER, "EE", "restricted", WITHHELD),
        (RESTRICTED, "LV", "restricted", "WHISPEREDANSWER"),
    ):
        (project.queries / query).mkdir(exist_ok=True)
        (project.queries / query / f"{country}.yaml").write_text(
            f"received: 2023-11-20\ndissemination: {dissemination}\nanswers:\n  1: |\n    {said}\n", encoding="utf-8"
        )
    for query in (WIDER, RESTRICTED):
        _, outcomes = render_query(project, query, TODAY)
        assert all(outcome.sealed for outcome in outcomes), [outcome.failures for outcome in outcomes]
    return project


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file, with those that are in a zip file, by whatever name it has; but what the workbench notes for itself."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".journal" not in path.parts:
            yield from _with_members(str(path.relative_to(folder)), path.read_bytes())


def _with_members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as members:
            for member in members.namelist():
                yield from _with_members(f"{name}/{member}", members.read(member))


def holding(folder: Path, word: str) -> list[str]:
    return [name for name, content in contents(folder) if word in name or word.encode() in content]


@pytest.mark.slow
@pytest.mark.parametrize("word", OF_THE_RESTRICTED)
def test_nothing_of_a_restricted_query_is_where_it_would_be_published(asked, word):
    assert holding(asked.outputs, word) == []
    # The search finds it where it is.
    assert holding(asked.restricted, word)


@pytest.mark.slow
def test_an_answer_that_is_restricted_is_left_out_of_page_and_archive_and_told_of(asked):
    assert holding(asked.outputs, WITHHELD) == []
    page = (asked.outputs / f"query-{WIDER}" / "LT" / f"{WIDER}.en.html").read_text(encoding="utf-8")
    assert re.search(r"Estonia</th><td>No</td><td><p>This contact point has answered", page)
    with zipfile.ZipFile(asked.archives / f"query-{WIDER}-r1.zip") as archive:
        (kept,) = [archive.read(name).decode() for name in archive.namelist() if name.endswith(f"{WIDER}/EE.yaml")]
    assert kept == "received: '2023-11-20'\ndissemination: restricted\n"


@pytest.mark.slow
def test_the_network_gets_all_answers_to_a_wider_query(asked):
    folder = asked.restricted / f"restricted-{WIDER}" / "LT"
    page = (folder / f"{WIDER}.en.html").read_text(encoding="utf-8")
    assert WITHHELD in page and "Restricted: not to be published" in page
    assert re.search("Answers received: 2; of these for wider dissemination: 1", page)
    with zipfile.ZipFile(asked.restricted / "archive" / f"restricted-{WIDER}-r1.zip") as archive:
        (kept,) = [archive.read(name).decode() for name in archive.namelist() if name.endswith(f"{WIDER}/EE.yaml")]
    assert WITHHELD in kept


@pytest.mark.slow
def test_the_journal_beside_what_is_published_holds_no_text_of_a_restricted_page(asked):
    noted = [path for path in asked.journal.rglob("*") if path.is_file()]
    contents = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in noted]
    assert any(b"Some &lt;i&gt;" in content for content in contents), "the search finds what was published"
    assert not [word for word in (*OF_THE_RESTRICTED[1:], WITHHELD) for content in contents if word.encode() in content]


@pytest.mark.slow
def test_a_query_for_wider_dissemination_is_in_the_catalogue_and_no_data_release(asked):
    address = f"query-{WIDER}/LT/{WIDER}.en.html"
    listed = {name: (asked.outputs / name).read_text(encoding="utf-8") for name in ("index.html", "sitemap.xml")}
    assert all(address in text for text in listed.values())
    for name in ("feed.xml", "catalog.jsonld"):
        assert WIDER not in (asked.outputs / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_people_typed_is_escaped_and_stands_in_its_language(asked):
    folder = asked.outputs / f"query-{WIDER}" / "LT"
    english, lithuanian = ((folder / f"{WIDER}.{one}.html").read_text(encoding="utf-8") for one in ("en", "lt"))
    assert "How many &lt;b&gt;attempts&lt;/b&gt; were turned back?" in english
    assert "Some &lt;i&gt;&amp; more&lt;/i&gt;." in english and "<p>Twice.</p>" in english
    assert "Bandymai ir atsakymai" in lithuanian and "Nacionalinis atsakymas" in lithuanian
    assert '<p lang="en">And why? <span class="flag">(English)</span></p>' in lithuanian
    assert "Tai, kas neišversta" in lithuanian and "was written in" not in english
    assert "11,211" in english and "11 211" in lithuanian.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.slow
def test_a_restricted_page_names_no_public_address_and_no_licence(asked):
    page = (asked.restricted / f"restricted-{RESTRICTED}" / "LT" / f"{RESTRICTED}.en.html").read_text(encoding="utf-8")
    assert '<meta name="robots" content="noindex">' in page and "Restricted: not to be published" in page
    assert "migration-studies.example" not in page and "creativecommons" not in page and "WHISPEREDANSWER" in page


@pytest.mark.slow
def test_both_archives_are_intact_and_hold_what_made_them(asked):
    for folder, name, query in (
        (asked.archives, f"query-{WIDER}-r1", WIDER),
        (asked.restricted / "archive", f"restricted-{RESTRICTED}-r1", RESTRICTED),
    ):
        assert verify_all(folder / f"{name}.zip").as_json()["accepted"]
        with zipfile.ZipFile(folder / f"{name}.zip") as archive:
            held = {member.partition("/data/")[2] for member in archive.namelist()}
        assert {f"params/queries/{query}.yaml", f"notebooks/queries/{query}.ipynb"} <= held
        assert any(member.startswith("snapshots/vsat/vsat_turned_back/") for member in held)


@pytest.mark.slow
def test_what_was_published_cannot_become_restricted_unnoticed(asked):
    declaration = asked.queries / f"{WIDER}.yaml"
    before = declaration.read_text(encoding="utf-8")
    edited(declaration, dissemination="restricted")
    try:
        with pytest.raises(WorkbenchError, match="wider dissemination before") as refused:
            render_query(asked, WIDER, TODAY)
    finally:
        declaration.write_text(before, encoding="utf-8")
    assert f"query-{WIDER}-r1.zip" in str(refused.value)


@pytest.fixture
def draft(project) -> Project:
    """A project with a query that has just begun."""
    make_query(project, new(RESTRICTED, "WHISPEREDQUESTION?", "restricted"))
    return project


def test_a_query_begins_open_and_restricted_pages_have_a_folder_of_their_own(draft, monkeypatch):
    query = read_query(draft, RESTRICTED)
    assert (query.state, query.edition) == ("open", f"restricted-{RESTRICTED}")
    monkeypatch.chdir(draft.root)
    assert resolve(draft, RESTRICTED, {}).edition == f"restricted-{RESTRICTED}"
    assert draft.made_of(query.edition) != draft.outputs


def test_why_a_restricted_query_was_not_made_is_noted_beside_its_page(draft):
    run_log = RunLog(draft)
    run_log.note_failure(Run("visas", "LT", 2023), "made up")
    run_log.note_failure(
        Run(RESTRICTED, "LT", 2023, edition=read_query(draft, RESTRICTED).edition), "WHISPEREDQUESTION"
    )
    assert "WHISPEREDQUESTION" not in run_log.log.read_text()
    assert [entry["reason"] for entry in run_log.entries()] == ["made up", "WHISPEREDQUESTION"]


def test_no_edition_takes_a_query_in(draft):
    with pytest.raises(RefusedRun, match="belongs to no other edition"):
        resolve(draft, RESTRICTED, {}, "2022")


def test_the_catalogues_of_translations_get_no_text_of_a_query(draft):
    # They are part of the code, which is in every archive.
    assert not [text for text in needed(draft, "lt") if "WHISPERED" in text or RESTRICTED in text]


def test_an_open_query_is_rendered_and_not_sealed(draft, monkeypatch):
    options = []
    monkeypatch.setattr("workbench.querying.make_query.make_edition", lambda *given: options.append(given[2]))
    render_query(draft, RESTRICTED, TODAY)
    edited(draft.queries / f"{RESTRICTED}.yaml", answered="2023-11-30")
    render_query(draft, RESTRICTED, TODAY)
    assert [one.shard for one in options] == [(1, 1), None]


@pytest.mark.parametrize("change", ["withdrawn", "wider"])
def test_what_the_network_got_is_renewed_when_no_answer_is_restricted_any_more(project, monkeypatch, change):
    make_query(project, new(WIDER, "How many?", "wider"))
    answer = project.queries / WIDER / "EE.yaml"
    answer.parent.mkdir(exist_ok=True)
    answer.write_text(f"received: 2023-11-20\ndissemination: restricted\nanswers:\n  1: {WITHHELD}\n", encoding="utf-8")
    made = []

    def make(_, edition, *_options):
        made.append(edition.name)
        (project.made_of(edition.name) / edition.name).mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr("workbench.querying.make_query.make_edition", make)
    render_query(project, WIDER, TODAY)
    if change == "withdrawn":
        answer.unlink()
    else:
        edited(answer, dissemination="wider")
    render_query(project, WIDER, TODAY)
    assert made == 2 * [f"query-{WIDER}", f"restricted-{WIDER}"]


def test_a_query_of_which_nothing_was_ever_restricted_has_no_edition_for_the_network(project, monkeypatch):
    made = []
    monkeypatch.setattr(
        "workbench.querying.make_query.make_edition", lambda _, edition, *_options: made.append(edition.name)
    )
    make_query(project, new(WIDER, "How many?", "wider"))
    render_query(project, WIDER, TODAY)
    assert made == [f"query-{WIDER}"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"deadlin": "2023-12-05"}, "deadline"),
        ({"deadline": "2023-10-01"}, f"key deadline\n  expected: a day on which it is requested, {ASKED}, or later"),
        ({"closed": "2023-12-05"}, "key closed\n  expected: a day on which it is answered, or later"),
        ({"answered": "2023-11-01"}, "key answered"),
        ({"answered": "2023-11-30", "closed": "2023-11-29"}, "key closed"),
        ({"dissemination": "public"}, "wider"),
        ({"questions": "[{lt: Kiek?}]"}, "in English"),
        ({"questions": "[]"}, "a list that is not empty"),
        ({"requested_by": "XX"}, "country code"),
    ],
)
def test_a_declaration_says_what_is_wrong(draft, keys, said):
    edited(draft.queries / f"{RESTRICTED}.yaml", **keys)
    with pytest.raises(InvalidDeclaration) as refused:
        read_query(draft, RESTRICTED)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("Poland.yaml", "received: 2023-11-20\ndissemination: wider\n", "PL is the code of Poland"),
        ("PL.yaml", "received: 2023-11-20\ndissemination: wider\nanswers: {3: Yes.}\n", "not asked"),
        ("PL.yaml", "received: 2023-11-20\nanswers: {1: Yes.}\n", "dissemination"),
        ("PL.yaml", "received: 2023-11-20\ndissemination: wider\nby: someone\n", "unknown key by"),
    ],
)
def test_an_answer_says_what_is_wrong(draft, file, text, said):
    (draft.queries / RESTRICTED).mkdir()
    (draft.queries / RESTRICTED / file).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDeclaration) as refused:
        read_answers(draft, read_query(draft, RESTRICTED))
    assert said in str(refused.value)


@pytest.mark.parametrize("name", [RESTRICTED, "asylum_applications"])
def test_a_name_that_is_taken_is_refused_and_nothing_is_written(draft, name):
    before = sorted(draft.root.rglob("*"))
    with pytest.raises(WorkbenchError, match="already"):
        make_query(draft, new(name, "Why?", "wider"))
    assert sorted(draft.root.rglob("*")) == before


def test_a_question_in_another_encoding_is_refused_and_nothing_is_written(draft):
    before = sorted(draft.root.rglob("*"))
    with pytest.raises(InvalidDeclaration, match=r"questions\.0\.en\n  expected: text in UTF-8"):
        make_query(draft, new("odd_question", "Why\udcff?", "wider"))
    assert sorted(draft.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"answered": "2023-12-11"}, "answered"),
        ({"answered": "2023-11-30", "closed": "2203-12-05"}, "closed"),
    ],
)
def test_a_query_that_is_answered_on_a_day_to_come_is_not_made(draft, keys, key):
    path = draft.queries / f"{RESTRICTED}.yaml"
    edited(path, **keys)
    with pytest.raises(InvalidDeclaration) as refused:
        render_query(draft, RESTRICTED, TODAY)
    assert refused.value.where == f"{path}, key {key}"
    assert not draft.restricted.exists()


def test_the_notebook_runs_without_anything_explored(draft):
    make_query(draft, new("plain_words", "Why?", "wider", ()))
    notebook = json.loads(draft.notebook("plain_words").read_text(encoding="utf-8"))
    assert "".join(notebook["cells"][1]["source"]).startswith("from workbench.study import Study\n")


def test_the_commission_may_ask(draft):
    edited(draft.queries / f"{RESTRICTED}.yaml", requested_by="COM")
    assert read_query(draft, RESTRICTED).requested_by == "COM"


def test_queries_are_listed_overdue_first(project):
    days = {"late": (DUE, {}), "later": (datetime.date(2023, 12, 20), {}), "done": (DUE, {"answered": "2023-11-30"})}
    for name, (due, keys) in days.items():
        make_query(project, NewQuery(name, ["Why?"], ASKED, due, "wider"))
        edited(project.queries / f"{name}.yaml", **keys)
    listed = listed_queries(project, datetime.date(2023, 12, 10))
    assert [(one.query.query, one.is_overdue) for one in listed] == [("late", True), ("later", False), ("done", False)]
    assert "6 days overdue" in str(listed[0]) and "10 days left" in str(listed[1])
    assert listed[0].as_json()["days_left"] == -6


@pytest.mark.parametrize(
    ("code", "keys", "said"),
    [
        ("study.text(say('Unheard of.'))", {}, "not translated into lt: 'Unheard of.'; write it under translations in"),
        ("study.text(say('Unheard of.'))", {"translations": "{lt: {Unheard of.: Negirdėta.}}"}, ""),
        ("study.text(say('Unheard of.'))", {"languages": "[en]"}, ""),
        ("study.text(say('{what}', what=what))", {}, ""),
        ("region = study.country == 'LT'", {}, ""),
        ("say('Key findings')", {}, "no page shows what say(…) says"),
    ],
)
def test_the_notebook_of_a_query_is_checked_by_its_name_as_a_query(draft, code, keys, said):
    edited(draft.queries / f"{RESTRICTED}.yaml", **keys)
    (path,) = notebooks_named(draft, [RESTRICTED])
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(
        {"cell_type": "code", "id": "tried", "metadata": {}, "source": [code], "outputs": [], "execution_count": None}
    )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    remarks = list(map(str, check_notebook(draft, path)))
    assert len(remarks) == bool(said) and said in "".join(remarks)
