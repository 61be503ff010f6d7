"""What reviewers send is read with care: it is a review within its bounds, or it is refused before anything is kept."""

import copy

import pytest
from made_up_reviews import comment, review, written
from msgspec import structs

from workbench.declarations.reviews import (
    MOST_BYTES,
    MOST_COMMENTS,
    KeptReview,
    Review,
    State,
    file_name,
    keep_review,
    read_review,
    reviews_of,
)
from workbench.model.errors import InvalidDeclaration

BIDI = "\u202e"


def changed(said, *keys, to):
    """A review of which one part is another."""
    said = copy.deepcopy(said)
    part = said
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = to
    return said


PLAIN = review(comment())
HOSTILE = {
    "nothing": "",
    "a page of a proxy": "<!DOCTYPE html><html></html>",
    "a list": "[]",
    "nested without end": "[" * 100_000,
    "no text": "\x00\xff",
    "too large": " " * (MOST_BYTES + 1),
    "a way out of the folder": changed(PLAIN, "reviewed", "study", to="../../../etc/passwd"),
    "an edition that is a path": changed(PLAIN, "reviewed", "edition", to="../2022"),
    "another year than that of its edition": changed(PLAIN, "reviewed", "year", to=2021),
    "no country": changed(PLAIN, "reviewed", "country", to="ZZ"),
    "a digest that is none": changed(PLAIN, "reviewed", "digest", to="0" * 63),
    "an address for a person": changed(PLAIN, "creator", "name", to="someone@example.org"),
    "a reviewer without a name for files": changed(PLAIN, "creator", "name", to="../.."),
    "a name without end": changed(PLAIN, "creator", "name", to="x" * 1000),
    "an unknown key": {**PLAIN, "run": "rm -rf"},
    "answers of its own": {**PLAIN, "answers": []},
    "an id that is none": review(comment(id="<script>")),
    "a kind that is none": review(comment(kind="order")),
    "a verdict that is none": review(verdict="perhaps"),
    "a time without a zone": review(comment(created="2026-11-20T10:00:00")),
    "a day that is none": review(comment(created="2026-13-45T10:00:00Z")),
    "words without end": review(comment("x" * 6000)),
    "a question without words": review(comment(" ")),
    "a source that is code": changed(PLAIN, "first", "items", 0, "target", "source", to="javascript:alert(1)"),
    "half a character in an address": changed(PLAIN, "first", "items", 0, "target", "source", to="https://a/\ud800"),
    "more than anybody reads": review(*(comment(str(number)) for number in range(MOST_COMMENTS + 1))),
    "a comment twice": review(comment(), comment()),
    "not approved, for no reason": review(comment(), verdict="not_approved"),
}


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_review_is_refused(said, tmp_path):
    with pytest.raises(InvalidDeclaration) as refused:
        read_review(written(tmp_path, said), Review)
    assert refused.value.hint and len(str(refused.value)) < 1000


def test_what_would_command_a_terminal_or_be_in_no_file_is_made_visible(tmp_path):
    words = f"\x1b[2J<script>alert(1)</script>{BIDI}"
    (read,) = read_review(written(tmp_path, review(comment(words, quote="half \ud800"))), Review).comments
    assert read.body.value == "\N{REPLACEMENT CHARACTER}[2J<script>alert(1)</script>\N{REPLACEMENT CHARACTER}"
    assert read.quote == "half \N{REPLACEMENT CHARACTER}"


def test_a_review_is_kept_as_the_same_text_and_read_back(project):
    sent = read_review(written(project.root, review(comment(), comment("Agreed", kind="approve"))), Review)
    kept = KeptReview(**structs.asdict(sent))
    path = keep_review(project, kept)
    assert path.relative_to(project.params).as_posix() == (
        "reviews/2022/asylum_applications.LT.a-made-up-ministry.json"
    )
    assert reviews_of(project) == reviews_of(project, "2022", "asylum_applications", "LT") == [kept]
    assert path.read_text(encoding="utf-8") == kept.as_json() and not reviews_of(project, "2021")
    assert [kept.state(one) for one in kept.comments] == [State.OPEN, State.RESOLVED]


def test_a_review_in_the_place_of_another_is_refused(project):
    path = keep_review(project, KeptReview(**structs.asdict(read_review(written(project.root, PLAIN), Review))))
    path.rename(path.with_name("asylum_decisions.LT.a-made-up-ministry.json"))
    with pytest.raises(InvalidDeclaration, match="contradicts its own name"):
        reviews_of(project)


@pytest.mark.parametrize(
    ("reviewer", "name"),
    [
        ("Vidaus reikalų ministerija", "vidaus-reikalu-ministerija"),
        ("  EMN – editor (LT)  ", "emn-editor-lt"),
        ("…", ""),
    ],
)
def test_a_reviewer_is_named_in_files(reviewer, name):
    assert file_name(reviewer) == name
