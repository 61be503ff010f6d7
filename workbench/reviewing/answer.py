"""A comment is answered."""

import datetime

from msgspec import structs

from workbench.declarations.editions import read_edition
from workbench.declarations.models import Unfit
from workbench.declarations.reviews import Answer, KeptReview, keep_review, reviews_of
from workbench.declarations.structuring import structured
from workbench.model.errors import WorkbenchError, near
from workbench.model.paths import Project

_SHORTEST, _SHOWN = 4, 80


def answer(
    project: Project, comment_id: str, text: str, by: str | None, resolves: bool, when: datetime.datetime
) -> list[KeptReview]:
    """Keep an answer with the comment that it answers.

    Parameters
    ----------
    project : Project
        Where the reviews are kept.
    comment_id : str
        The id of the comment, or its beginning.
    text : str
        What is answered.
    by : str or None
        The institution or role that answers; the publisher of the edition by default.
    resolves : bool
        Whether the comment is resolved by it.
    when : datetime.datetime
        With a time zone.

    Returns
    -------
    list of KeptReview
        The review that has the comment; several, if a reviewer sent it under two names.

    Raises
    ------
    WorkbenchError
        If there is no such comment or not one alone, or the answer says nothing.
    """
    target = _target(project, comment_id)
    return [
        _answered(project, review, target, text, by, resolves, when)
        for review in reviews_of(project)
        if any(comment.id == target for comment in review.comments)
    ]


def _answered(
    project: Project,
    review: KeptReview,
    target: str,
    text: str,
    by: str | None,
    resolves: bool,
    when: datetime.datetime,
) -> KeptReview:
    creator = {"name": by or read_edition(project, review.reviewed.edition).publisher}
    said = {"target": target, "creator": creator, "created": when, "body": {"value": text.strip()}}
    try:
        given = structured({**said, "resolves": resolves}, Answer)
    except Unfit as unfit:
        raise _refusal("this is not an answer", unfit.expected, (unfit.found or "nothing")[:_SHOWN]) from None
    answered = structs.replace(review, answers=(*review.answers, given))
    keep_review(project, answered)
    return answered


def _target(project: Project, beginning: str) -> str:
    """The one id of a comment that begins like this."""
    known = {comment.id: comment for review in reviews_of(project) for comment in review.comments}
    found = [one for one, comment in known.items() if len(beginning) >= _SHORTEST and comment.is_called(beginning)]
    if len(found) != 1:
        what = "several comments have an id that begins like this" if found else "no comment has this id"
        raise _refusal(
            what, near(beginning[:_SHOWN], [comment.short_id for comment in known.values()]), beginning[:_SHOWN]
        )
    return found[0]


def _refusal(what: str, expected: str, found: str) -> WorkbenchError:
    return WorkbenchError(
        what, expected=expected, found=found, unchanged="all reviews", hint="workbench review status lists the comments"
    )
