"""A study is reviewed: from its sheet in a browser to the archive that says who approved it."""

import json
import shutil
import zipfile
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from made_up_reviews import REVIEWER, comment, review, written

from browser import Visit, barriers
from workbench.archiving import verify
from workbench.cli import main
from workbench.declarations.editions import read_edition
from workbench.declarations.indicators import read_indicators
from workbench.declarations.reviews import State, review_path, reviews_of
from workbench.editions.make import RunOptions, make_edition
from workbench.model.errors import InvalidDeclaration, UnresolvedReview
from workbench.model.paths import Project
from workbench.model.types import Run
from workbench.presentation.wording import Wording
from workbench.reproducing.reproduce import reproduce
from workbench.reviewing.collect import collect
from workbench.reviewing.items import quotes_of
from workbench.reviewing.page import reviews_html
from workbench.reviewing.rendered import rendered_studies
from workbench.reviewing.standing import Standing
from workbench.site.inventory import read_site
from workbench.study import Study
from workbench.study.shown import ONLY_DESCRIBED

STUDY = "asylum_applications"
FIGURE, FINDING = "figure-applicants-by-year", "finding|asylum_applicants|LT||2022"
NUMBER = "result|asylum_applicants|LT||2022|migr_asyappctza"


@pytest.fixture
def reviewed(edition, tmp_path):
    """A copy of the rendered edition, free to be reviewed: its project and study, and what its places say."""
    rendered, _ = edition
    project = Project(tmp_path / "project")
    shutil.copytree(rendered.root, project.root)
    (study,) = rendered_studies(project)
    return SimpleNamespace(
        project=project, study=study, quotes=quotes_of(study.recorded, Wording("en", read_indicators(project)))
    )


def sent(reviewed, *comments, **said):
    """The file of a reviewer who had the sheet of the study as it is; comments are on what is there."""
    said = {"digest": reviewed.study.digest, **said}
    return written(reviewed.project.root, review(*comments, **said))


def on(reviewed, anchor, words="Is that so?", kind="question", **said):
    return comment(words, kind, anchor, reviewed.quotes[anchor], **said)


def run(project, monkeypatch, *words):
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(main, ["review", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


# The sheet


@pytest.mark.parametrize("language", ["en", "lt"])
def test_a_reviewer_comments_in_a_browser_and_what_is_saved_is_collected(browser, reviewed, monkeypatch, language):
    project = reviewed.project
    said = run(project, monkeypatch, "open", STUDY, "--language", language).strip()
    assert said == f"outputs/reviews/2022/{STUDY}.LT.{language}.html"
    visit = Visit(browser, project.root / said, width=390)
    page = visit.page
    write(page, page.locator(f"[data-anchor='{FINDING}']"), "blocking", "<b>Whose</b> figure is that?")
    write(page, page.locator(f"[data-anchor='{FIGURE}']"), "approve", "")
    assert page.locator(".comments b").count() == 0
    # A number is chosen itself.
    number = page.locator(f"[data-anchor='{FINDING}'] .findings a.number").first
    number.focus()
    page.keyboard.press("Enter")
    fill(page, "question", "To the last person?")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.reload()
    assert page.locator(".comments li").count() == 3
    save = page.locator("#export button.main")
    save.click()
    assert page.locator("#reviewer").evaluate("field => field === document.activeElement")
    page.locator("#reviewer").fill(REVIEWER)
    page.locator("[value=approved_with_changes]").check()
    with page.expect_download() as saving:
        save.click()
    assert saving.value.suggested_filename == f"review-2022-{STUDY}-LT-a-made-up-ministry.json"
    file = project.root / "sent.json"
    saving.value.save_as(file)
    assert visit.requests == [(project.root / said).as_uri()] * 2 and visit.complaints == []
    collected = collect(project, file)
    assert (collected.new, collected.has_changed, collected.standings) == (3, False, {Standing.HOLDS: 3})
    assert {(one.anchor, one.kind.value, one.body.value) for one in collected.review.comments} == {
        (FINDING, "blocking", "<b>Whose</b> figure is that?"),
        (FIGURE, "approve", ""),
        (NUMBER, "question", "To the last person?"),
    }
    annotation = json.loads(file.read_text(encoding="utf-8"))["first"]["items"][0]
    assert annotation["target"]["source"].endswith(f"/2022/LT/{STUDY}.{language}.html")


def write(page, item, kind, words):
    item.locator(".add").click()
    fill(page, kind, words)


def fill(page, kind, words):
    page.locator(f"form.comment-form [value={kind}]").check()
    page.locator("form.comment-form textarea").fill(words)
    page.locator("form.comment-form button.main").click()


def test_a_sheet_and_the_page_of_reviews_keep_nobody_out(browser, reviewed, monkeypatch):
    project = reviewed.project
    collect(project, sent(reviewed, on(reviewed, FIGURE, "<script>x</script>", "blocking")))
    sheet = project.root / run(project, monkeypatch, "open", STUDY, "--reviewer", REVIEWER).strip()
    page = Visit(browser, sheet, bypass_csp=True).page
    write(page, page.locator(f"[data-anchor='{FIGURE}']"), "question", "Is that so?")
    page.locator(f"[data-anchor='{FINDING}'] .add").click()
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert barriers(page) == ""
    # A file that was saved is opened again, elsewhere; the reviewer is named already.
    page.locator("[value=approved]").check()
    with page.expect_download() as saving:
        page.locator("#export button.main").click()
    page.evaluate("localStorage.clear()")
    page.reload()
    assert page.locator(".comments li").count() == 0
    page.locator("#opened").set_input_files(saving.value.path())
    assert page.locator(".comments li").inner_text().startswith("Question")
    listed = Visit(browser, project.root / run(project, monkeypatch, "page", "2022").strip(), bypass_csp=True).page
    assert barriers(listed) == "" and "<script>x</script>" in listed.locator(".thread").inner_text()


def test_the_same_study_gives_the_same_sheet(reviewed, monkeypatch):
    first, second = (
        (reviewed.project.root / run(reviewed.project, monkeypatch, "open", "2022").strip()).read_bytes() for _ in "12"
    )
    assert first == second and str(reviewed.project.root).encode() not in first


# Collecting


def test_a_study_that_has_changed_says_which_comments_still_hold(reviewed):
    collected = collect(
        reviewed.project,
        sent(
            reviewed,
            on(reviewed, FIGURE),
            comment(anchor=NUMBER, quote="1 – as it was"),
            comment(anchor="figure-of-last-year"),
            digest="0" * 64,
        ),
    )
    assert collected.has_changed
    assert collected.standings == {Standing.HOLDS: 1, Standing.CHANGED: 1, Standing.GONE: 1}
    page = reviews_html(reviewed.project, "2022", "en")
    assert "the study has changed since" in page and "This is no longer in the study" in page
    assert reviewed.quotes[NUMBER] in page


@pytest.mark.parametrize(
    "reviewed_as",
    [{"study": "visas"}, {"country": "LV"}, {"edition": "2021", "year": 2021}, {"language": "zz"}],
    ids=str,
)
def test_a_review_of_what_is_not_here_is_not_collected(reviewed, reviewed_as):
    with pytest.raises(InvalidDeclaration, match="cannot be collected"):
        collect(reviewed.project, sent(reviewed, on(reviewed, FIGURE), **reviewed_as))
    assert reviews_of(reviewed.project) == []


def test_a_comment_on_what_the_reviewed_study_never_had_is_not_collected(reviewed):
    with pytest.raises(InvalidDeclaration, match="what this study does not have"):
        collect(reviewed.project, sent(reviewed, comment(anchor="figure-of-another-study")))


def test_a_second_file_adds_and_replaces_and_what_is_said_anew_is_open_again(reviewed, monkeypatch):
    project = reviewed.project
    first, second = on(reviewed, FIGURE, "Why?", "blocking"), on(reviewed, FINDING, "And this?")
    collect(project, sent(reviewed, first))
    (kept,) = reviews_of(project)
    run(project, monkeypatch, "answer", kept.comments[0].short_id, "--text", "Because.", "--resolved")
    again = collect(project, sent(reviewed, first, second, modified="2026-11-21T11:00:00Z", verdict="approved"))
    assert again.new == 1 and [*map(again.review.state, again.review.comments)].count(State.RESOLVED) == 1
    reworded = {**first, "body": {**first["body"], "value": "No. Why?"}}
    anew = collect(project, sent(reviewed, reworded, modified="2026-11-22T11:00:00Z")).review
    assert len(anew.comments) == 2 and [one.body.value for one in anew.blocking] == ["No. Why?"]
    # A file that comes late says nothing that was not said since.
    late = collect(project, sent(reviewed, first, verdict="approved_with_changes")).review
    assert late.blocking == anew.blocking and late.verdict == anew.verdict
    status = run(project, monkeypatch, "status")
    assert "answered, blocking" in status and "keep an edition from being final: 1" in status


def test_a_notebook_shows_reviews_and_a_run_does_not(reviewed, monkeypatch, capsys):
    collect(reviewed.project, sent(reviewed, on(reviewed, FIGURE, "<script>x</script>")))
    study = Study(reviewed.project, Run(STUDY, "LT", 2022), "en")
    assert "&lt;script&gt;x&lt;/script&gt;" in study.reviews().html() and "<script" not in study.reviews().html()
    monkeypatch.setenv(ONLY_DESCRIBED, "1")
    assert study.reviews()._ipython_display_() is None and capsys.readouterr().out == ""


# Sealing


def test_an_edition_with_a_blocking_comment_is_a_draft_until_it_is_resolved(reviewed, monkeypatch):
    project = reviewed.project
    declared = read_edition(project, 2022)
    collect(project, sent(reviewed, on(reviewed, FIGURE, "Whose?", "blocking"), verdict="not_approved"))
    refused = make_edition(project, declared)
    (failure,) = refused.failures
    assert isinstance(failure, UnresolvedReview) and "Whose?" in str(failure) and refused.sealed is None
    draft = make_edition(project, declared, RunOptions(is_draft=True)).sealed
    assert draft.is_new and draft.path.name == "2022-draft-r1.zip"
    verify(draft.path)
    assert reproduce(draft.path).is_reproduced
    with zipfile.ZipFile(draft.path) as archive:
        pages = [name for name in archive.namelist() if name.endswith(".html")]
        assert len(pages) == 6 and all(b'class="status draft"' in archive.read(name) for name in pages)
        crate = json.loads(archive.read("2022-draft-r1/data/ro-crate-metadata.json"))["@graph"]
        (root,) = (one for one in crate if one["@id"] == "./")
        assert root["creativeWorkStatus"] == "Draft" and root["name"].endswith("draft")
    assert [one.name for one in read_site(project).archives] == ["2022-r1"]
    assert not make_edition(project, declared, RunOptions(is_draft=True)).sealed.is_new

    (kept,) = reviews_of(project)
    run(project, monkeypatch, "answer", kept.comments[0].short_id, "--text", "Eurostat's.", "--resolved")
    final = make_edition(project, declared).sealed
    assert final.is_new and final.path.name == "2022-r2.zip"
    verify(final.path)
    with zipfile.ZipFile(final.path) as archive:
        path = review_path(project, kept)
        assert archive.read(f"2022-r2/data/reviews/{path.name}") == path.read_bytes()
        assert b"`reviews/`" in archive.read("2022-r2/data/README.md")
        crate = json.loads(archive.read("2022-r2/data/ro-crate-metadata.json"))["@graph"]
        (about,) = (one for one in crate if one["@id"] == f"reviews/{path.name}")
        assert about["name"] == f"Review of {STUDY} LT 2022 by {REVIEWER}, 2026-11-20: not approved"
        assert b'class="status sealed"' in archive.read(f"2022-r2/data/studies/LT/{STUDY}.en.html")
