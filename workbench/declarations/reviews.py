"""``params/reviews/<edition>/<study>.<country>.<reviewer>.json``: what reviewers said of a study, and what they were answered.

The file is what a review sheet exports, with the answers: a collection of annotations in the terms of the Web Annotation Data
Model (W3C, https://www.w3.org/TR/annotation-model/), so that other tools can read it too.
"""

import json
import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, field, to_builtins

from workbench.declarations.countries import CountryCode
from workbench.declarations.models import (
    Checked,
    Declaration,
    LanguageName,
    Read,
    StudyName,
    Unfit,
    name_of,
    without_nothing,
)
from workbench.declarations.structuring import structured
from workbench.model.errors import InvalidDeclaration, visible
from workbench.model.names import EDITION
from workbench.model.paths import Project, write_whole

MOST_BYTES, MOST_COMMENTS = 2_000_000, 500
"""What a file of a review may have; a long review has a twentieth of it."""

_SHOWN = 200

CONTEXT = ("http://www.w3.org/ns/anno.jsonld", {"@vocab": "urn:migration-workbench:review:"})
"""The JSON-LD context: the terms of the Web Annotation vocabulary, and those of the workbench's own."""


class Kind(StrEnum):
    """What a reviewer means by a comment. One that is blocking must be resolved before the edition is sealed as final."""

    QUESTION = "question"
    SUGGESTION = "suggestion"
    BLOCKING = "blocking"
    APPROVE = "approve"


class Verdict(StrEnum):
    """What a reviewer says of the study as a whole."""

    APPROVED = "approved"
    WITH_CHANGES = "approved_with_changes"
    NOT_APPROVED = "not_approved"


class State(StrEnum):
    """How far a comment is; an approval asks for nothing, and is resolved."""

    OPEN = "open"
    ANSWERED = "answered"
    RESOLVED = "resolved"


def check_reviewer(name: str) -> None:
    """Refuse what is not the name of an institution or a role.

    Raises
    ------
    Unfit
        Such as of an address of e-mail.
    """
    if "@" in name or not file_name(name):
        raise Unfit("the name of an institution or a role, with Latin letters and no e-mail")


_MADE_VISIBLE = Read(lambda said: visible(said) if isinstance(said, str) else said)
"""Characters that command a terminal, or turn the order of letters round, are made visible."""

Words = Annotated[str, _MADE_VISIBLE, Meta(max_length=5000)]
"""A text of a reviewer."""


class Quote(Declaration):
    """What stood there when the comment was made."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: Annotated[str, _MADE_VISIBLE, Meta(max_length=2000)]


class Anchor(Declaration):
    """Where in the study: a result by its key, a figure or table by its name, a paragraph by its cell."""

    type: Literal["FragmentSelector"] = "FragmentSelector"
    value: Annotated[str, _MADE_VISIBLE, Meta(min_length=1, max_length=400)]
    refined_by: Quote = field(name="refinedBy")


class Target(Declaration):
    """What a comment is about: ``source`` is the address of the study's page."""

    source: Annotated[str, Meta(max_length=400, pattern=r"^https?://[!#-;=?-~]+\Z", description="an address")]
    selector: Anchor


class Body(Declaration):
    """The words of a comment or an answer."""

    type: Literal["TextualBody"] = "TextualBody"
    format: Literal["text/plain"] = "text/plain"
    language: LanguageName | None = None
    value: Words


class Creator(Declaration):
    """Who says it: an institution or a role, not a person."""

    type: Literal["Organization"] = "Organization"
    name: Annotated[str, _MADE_VISIBLE, Meta(min_length=1, max_length=120), Checked(check_reviewer)]


CommentId = Annotated[
    str, Meta(pattern=r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", description="urn:uuid: and a UUID")
]
Moment = Annotated[datetime, Meta(tz=True)]


class Comment(Declaration):
    """A comment on a place of a study."""

    id: CommentId
    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["questioning", "editing", "assessing"]
    kind: Kind
    created: Moment
    body: Body
    target: Target

    def __post_init__(self) -> None:
        if self.kind != Kind.APPROVE and not self.body.value.strip():
            raise Unfit("words: only an approval needs none", key=("body", "value"))

    @property
    def short_id(self) -> str:
        """The beginning of its id, by which it is answered."""
        return self.id.removeprefix("urn:uuid:")[:8]

    def is_called(self, beginning: str) -> bool:
        """Whether its id begins like this."""
        return self.id.removeprefix("urn:uuid:").startswith(beginning)

    @property
    def anchor(self) -> str:
        return self.target.selector.value

    @property
    def quote(self) -> str:
        return self.target.selector.refined_by.exact


class Answer(Declaration):
    """What the editors answer to a comment, the ``target``; and whether it is resolved by that."""

    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["replying"] = "replying"
    target: CommentId
    creator: Creator
    created: Moment
    body: Body
    resolves: bool

    def __post_init__(self) -> None:
        if not self.body.value.strip():
            raise Unfit("words", repr(self.body.value), ("body", "value"))


class Reviewed(Declaration):
    """The study that was reviewed; ``digest`` is that of the record that the sheet was made from."""

    edition: Annotated[str, name_of(EDITION)]
    study: StudyName
    country: CountryCode
    year: Annotated[int, Meta(ge=1950, le=2099)]
    language: LanguageName
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="a SHA-256 digest in hexadecimal")]

    def __post_init__(self) -> None:
        if self.edition.isdecimal() and self.edition != str(self.year):
            raise Unfit(f"the year of the edition, {self.edition}", str(self.year), ("year",))

    def __str__(self) -> str:
        named = f"{self.study} {self.country} {self.year}"
        return named if self.edition == str(self.year) else f"{named} ({self.edition})"


class CommentPage(Declaration):
    """The comments."""

    type: Literal["AnnotationPage"] = "AnnotationPage"
    items: Annotated[tuple[Comment, ...], Meta(max_length=MOST_COMMENTS)]

    def __post_init__(self) -> None:
        if len({comment.id for comment in self.items}) < len(self.items):
            raise Unfit("each comment once", key=("items",))


class Review(Declaration):
    """What a review sheet exports."""

    context: Any = field(default=CONTEXT, name="@context")
    type: Literal["AnnotationCollection"] = "AnnotationCollection"
    creator: Creator
    modified: Moment
    reviewed: Reviewed
    verdict: Verdict
    first: CommentPage

    def __post_init__(self) -> None:
        if self.verdict == Verdict.NOT_APPROVED and all(comment.kind != Kind.BLOCKING for comment in self.comments):
            raise Unfit("a blocking comment that says why the study is not approved", key=("verdict",))

    @property
    def comments(self) -> tuple[Comment, ...]:
        return self.first.items

    @property
    def reviewer(self) -> str:
        return self.creator.name


class KeptReview(Review):
    """A review as it is kept: with what it was answered.

    Attributes
    ----------
    answers : tuple of Answer
        In their order.
    """

    answers: tuple[Answer, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not {answer.target for answer in self.answers} <= {comment.id for comment in self.comments}:
            raise Unfit("answers to comments of this review", key=("answers",))

    def answers_to(self, comment: Comment) -> list[Answer]:
        """The answers to a comment, the first first."""
        return [answer for answer in self.answers if answer.target == comment.id]

    def state(self, comment: Comment) -> State:
        """How far a comment is."""
        answers = self.answers_to(comment)
        if comment.kind == Kind.APPROVE or any(answer.resolves for answer in answers):
            return State.RESOLVED
        return State.ANSWERED if answers else State.OPEN

    @property
    def blocking(self) -> list[Comment]:
        """The comments that keep an edition from being final."""
        return [one for one in self.comments if one.kind == Kind.BLOCKING and self.state(one) != State.RESOLVED]

    def as_json(self) -> str:
        """The file: the same review is the same text."""
        said = {**without_nothing(to_builtins(self)), "@context": CONTEXT}
        return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def review_path(project: Project, review: Review) -> Path:
    """Where a review is kept: one file for each study and reviewer."""
    of = review.reviewed
    name = f"{of.study}.{of.country}.{file_name(review.reviewer)}.json"
    return project.params / "reviews" / of.edition / name


def reviews_of(project: Project, edition: str = "*", study: str = "*", country: str = "*") -> list[KeptReview]:
    """The reviews of an edition, of all editions, or of one study, by edition, study, country and reviewer.

    Raises
    ------
    InvalidDeclaration
        If a file is not a review, or belongs elsewhere by what it says.
    """
    paths = sorted((project.params / "reviews").glob(f"{edition}/{study}.{country}.*.json"))
    return [_kept(project, path) for path in paths]


def keep_review(project: Project, review: KeptReview) -> Path:
    """Write a review where it is kept."""
    return write_whole(review_path(project, review), review.as_json())


def _kept(project: Project, path: Path) -> KeptReview:
    review = read_review(path, KeptReview)
    if review_path(project, review) != path:
        raise InvalidDeclaration(
            f"{path.name} contradicts its own name or folder",
            where=str(path),
            expected=review_path(project, review).relative_to(project.params).as_posix(),
            found=path.relative_to(project.params).as_posix(),
            hint="collect the file that the reviewer sent once more: workbench review collect",
        )
    return review


SomeReview = TypeVar("SomeReview", bound=Review)


def read_review(path: Path, model: type[SomeReview]) -> SomeReview:
    """Read and validate a file of a review, whoever wrote it.

    Raises
    ------
    InvalidDeclaration
        If it is too large, is not JSON, or does not say what a review must.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _no_review(path, f"at most {MOST_BYTES} bytes", f"more than {MOST_BYTES} bytes")
    try:
        return structured(json.loads(content), model)
    except Unfit as unfit:
        key = ".".join(unfit.key)[:_SHOWN]
        raise _no_review(path, f"at {key}: {unfit.expected}", (unfit.found or "nothing")[:_SHOWN]) from None
    except (ValueError, RecursionError) as error:
        raise _no_review(path, "JSON, as a review sheet exports it", str(error)) from None


def _no_review(path: Path, expected: str, found: str) -> InvalidDeclaration:
    return InvalidDeclaration(
        f"{path.name} is not a review",
        where=str(path),
        expected=expected,
        found=found,
        hint="ask the reviewer for the file that the button of the review sheet saves",
    )


def file_name(reviewer: str) -> str:
    """The name of a reviewer in names of files: lower-case Latin letters, digits, and hyphens between words."""
    plain = unicodedata.normalize("NFKD", reviewer).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
