"""What reviewers said, as a notebook shows it to whoever writes the study."""

import os
from dataclasses import dataclass, field
from html import escape

from IPython.display import HTML, display

from workbench.declarations.reviews import Comment, KeptReview
from workbench.presentation.reviews import KINDS, STATES
from workbench.presentation.wording import Wording
from workbench.study.shown import ONLY_DESCRIBED


@dataclass(frozen=True)
class ReviewsShown:
    """A table of comments, which a run leaves out: it is for JupyterLab alone."""

    reviews: tuple[KeptReview, ...]
    wording: Wording = field(repr=False)

    def _ipython_display_(self) -> None:
        if ONLY_DESCRIBED not in os.environ:
            display(HTML(self.html()))

    def html(self) -> str:
        """The table, all texts in it escaped."""
        text = self.wording.text
        said = [(review, comment) for review in self.reviews for comment in review.comments]
        if not said:
            return "<p>" + escape(text("No comments yet")) + "</p>"
        heads = (text("Comment"), text("On"), text("By"), text("State"))
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
        rows = "\n".join(f"<tr>{self._cells(review, comment)}</tr>" for review, comment in said)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"

    def _cells(self, review: KeptReview, comment: Comment) -> str:
        text = self.wording.text
        answers = "".join(
            f"<br>→ {escape(answer.body.value)} ({escape(answer.creator.name)})"
            for answer in review.answers_to(comment)
        )
        said = f"<b>{escape(text(KINDS[comment.kind]))}</b>: {escape(comment.body.value)}{answers}"
        state = f"{escape(text(STATES[review.state(comment)]))} <code>{comment.short_id}</code>"
        return "".join(f"<td>{cell}</td>" for cell in (said, escape(comment.quote), escape(review.reviewer), state))
