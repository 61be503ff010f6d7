"""Whether what a comment is about is still there: studies change while they are reviewed."""

from collections.abc import Mapping
from enum import StrEnum

from workbench.declarations.reviews import Comment
from workbench.model.errors import visible


class Standing(StrEnum):
    """What has become of the place of a comment."""

    HOLDS = "holds"
    CHANGED = "changed"
    GONE = "gone"


def standing(comment: Comment, quotes: Mapping[str, str]) -> Standing:
    """What has become of the place of a comment, by what each place of the study says now; see `quotes_of`."""
    now = quotes.get(comment.anchor)
    if now is None:
        return Standing.GONE
    return Standing.HOLDS if visible(now) == comment.quote else Standing.CHANGED
