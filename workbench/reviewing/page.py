"""The page of the reviews of an edition, for its editors: every comment by study and place, how far it is, what was answered."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.declarations.indicators import Indicators, read_indicators
from workbench.declarations.reviews import Comment, KeptReview, Reviewed, State, reviews_of
from workbench.model.encoding import UnknownDescription
from workbench.model.paths import Project
from workbench.model.types import message
from workbench.presentation.reviews import KINDS, STATES, VERDICTS
from workbench.presentation.wording import Wording
from workbench.reviewing.html import review_html
from workbench.reviewing.items import quotes_of
from workbench.reviewing.rendered import RenderedStudy, rendered_studies
from workbench.reviewing.standing import Standing, standing

_STANDINGS = {
    Standing.CHANGED: message("The study says something else here now"),
    Standing.GONE: message("This is no longer in the study"),
}
_FIRST = (State.OPEN, State.ANSWERED, State.RESOLVED)


def reviews_html(project: Project, edition: str, language: str) -> str:
    """The page of an edition in a language; what reviewers wrote is in theirs."""
    wording = Wording(language, indicators := read_indicators(project))
    by_study: dict[tuple[str, str], list[KeptReview]] = {}
    for review in reviews_of(project, edition):
        by_study.setdefault((review.reviewed.country, review.reviewed.study), []).append(review)
    studies = [_study(project, indicators, reviews, wording) for reviews in by_study.values()]
    return review_html("reviews.html.j2", wording, edition=edition, studies=studies)


def _study(project: Project, indicators: Indicators, reviews: list[KeptReview], wording: Wording) -> dict[str, Any]:
    of = reviews[0].reviewed
    rendered = _readable(project, of)
    comments = [
        _comment(review, comment, _quotes(rendered, review.reviewed, indicators), wording)
        for review in reviews
        for comment in review.comments
    ]
    return {
        "title": rendered.about(wording).full_title if rendered else str(of),
        "href": f"../../{of.edition}/{of.country}/{of.study}.{wording.language}.html",
        "verdicts": [
            {
                "reviewer": review.reviewer,
                "verdict": wording.text(VERDICTS[review.verdict]),
                "date": wording.date(review.modified.date()),
                "is_of_another_state": rendered is None or rendered.digest != review.reviewed.digest,
            }
            for review in reviews
        ],
        "comments": sorted(comments, key=lambda one: (_FIRST.index(one["state"]), one["kind"] != "blocking")),
    }


def _readable(project: Project, of: Reviewed) -> RenderedStudy | None:
    """The study as it was rendered last, if it is there and this version can read it."""
    found = rendered_studies(project, of.edition, of.country, of.study)
    try:
        return found[0] if found and found[0].digest else None
    except UnknownDescription:
        return None


def _quotes(rendered: RenderedStudy | None, of: Reviewed, indicators: Indicators) -> Mapping[str, str] | None:
    return quotes_of(rendered.recorded, Wording(of.language, indicators)) if rendered else None


def _comment(
    review: KeptReview, comment: Comment, quotes: Mapping[str, str] | None, wording: Wording
) -> dict[str, Any]:
    state = review.state(comment)
    became = standing(comment, quotes) if quotes is not None else Standing.HOLDS
    return {
        "id": comment.short_id,
        "kind": comment.kind.value,
        "word": wording.text(KINDS[comment.kind]),
        "state": state,
        "state_word": wording.text(STATES[state]),
        "reviewer": review.reviewer,
        "language": review.reviewed.language,
        "date": wording.date(comment.created.date()),
        "quote": comment.quote,
        "words": comment.body.value,
        "became": wording.text(_STANDINGS[became]) if became in _STANDINGS else "",
        "now": quotes[comment.anchor] if quotes and became is Standing.CHANGED else "",
        "answers": list(_answers(review, comment, wording)),
    }


def _answers(review: KeptReview, comment: Comment, wording: Wording) -> Iterable[dict[str, str]]:
    for answer in review.answers_to(comment):
        yield {
            "words": answer.body.value,
            "by": answer.creator.name,
            "date": wording.date(answer.created.date()),
        }
