"""A file that a reviewer sent is checked, and kept with what was kept of the same reviewer before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from workbench.declarations.indicators import read_indicators
from workbench.declarations.reviews import (
    MOST_COMMENTS,
    Answer,
    Comment,
    CommentPage,
    KeptReview,
    Review,
    Reviewed,
    keep_review,
    read_review,
    review_path,
)
from workbench.model.errors import InvalidDeclaration, near
from workbench.model.paths import Project
from workbench.presentation.wording import Wording, languages
from workbench.reviewing.items import quotes_of
from workbench.reviewing.rendered import RenderedStudy, rendered_studies
from workbench.reviewing.standing import Standing, standing


@dataclass(frozen=True)
class Collected:
    """A review that was kept.

    Attributes
    ----------
    review : KeptReview
        With all that is kept of this reviewer.
    path : Path
        Where it is kept.
    new : int
        How many of its comments were not known before.
    standings : mapping
        How many of its comments hold, are on something that has changed, or on something that is gone.
    has_changed : bool
        Whether the study was made anew, of other data or otherwise, since the sheet was made.
    """

    review: KeptReview
    path: Path
    new: int
    standings: Mapping[Standing, int]
    has_changed: bool


def collect(project: Project, file: Path) -> Collected:
    """Keep a review that a sheet exported.

    A comment that is known already is replaced; if it says something else now, it is not resolved any more.

    Raises
    ------
    InvalidDeclaration
        If the file is not a review, or not of a study that is here.
    """
    sent = read_review(file, Review)
    study = _reviewed_study(project, sent.reviewed, file)
    quotes = quotes_of(study.recorded, Wording(sent.reviewed.language, read_indicators(project)))
    has_changed = study.digest != sent.reviewed.digest
    standings = Counter(standing(comment, quotes) for comment in sent.comments)
    if standings[Standing.GONE] and not has_changed:
        raise _refusal(file, "a review of this study", "a comment on what this study does not have")
    path = review_path(project, sent)
    before = read_review(path, KeptReview) if path.is_file() else None
    review = _together(before, sent, file)
    known = {comment.id for comment in before.comments} if before else set()
    keep_review(project, review)
    new = sum(comment.id not in known for comment in review.comments)
    return Collected(review, path, new, standings, has_changed)


def _reviewed_study(project: Project, reviewed: Reviewed, file: Path) -> RenderedStudy:
    found = rendered_studies(project, reviewed.edition, reviewed.country, reviewed.study)
    if not found:
        there = {str(one) for one in rendered_studies(project)}
        raise _refusal(file, near(str(reviewed), there), f"a review of {reviewed}, which was not rendered here")
    if reviewed.language not in (known := languages()):
        raise _refusal(file, near(reviewed.language, known), f"the language {reviewed.language}")
    return found[0]


def _together(before: KeptReview | None, sent: Review, file: Path) -> KeptReview:
    """All that is known of a reviewer: of a comment that was sent twice, and of the verdict, what was said last."""
    said = structs.asdict(sent)
    if before is None:
        return KeptReview(**said | {"first": _page(sent.comments)})
    earlier, later = sorted((before, sent), key=lambda review: review.modified)
    comments = {comment.id: comment for review in (earlier, later) for comment in review.comments}
    if len(comments) > MOST_COMMENTS:
        raise _refusal(file, f"at most {MOST_COMMENTS} comments of a reviewer", f"{len(comments)}")
    answers = tuple(_still_answering(answer, before, comments) for answer in before.answers)
    head = {name: value for name, value in structs.asdict(later).items() if name != "answers"}
    return KeptReview(**head | {"first": _page(comments.values()), "answers": answers})


def _still_answering(answer: Answer, before: KeptReview, comments: Mapping[str, Comment]) -> Answer:
    """An answer resolves what it was an answer to, not what the comment says since."""
    answered = next(comment for comment in before.comments if comment.id == answer.target)
    now = comments[answer.target]
    is_same = (now.kind, now.body.value) == (answered.kind, answered.body.value)
    return answer if is_same else structs.replace(answer, resolves=False)


def _page(comments: Iterable[Comment]) -> CommentPage:
    return CommentPage(items=tuple(sorted(comments, key=lambda comment: (comment.created, comment.id))))


def _refusal(file: Path, expected: str, found: str) -> InvalidDeclaration:
    return InvalidDeclaration(
        f"{file.name} cannot be collected",
        where=str(file),
        expected=expected,
        found=found,
        unchanged="what is kept of this reviewer",
        hint="make the study first that the sheet was made from, or ask the reviewer for the file once more",
    )
