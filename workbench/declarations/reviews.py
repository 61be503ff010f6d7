"""``params/reviews/<edition>/<study>.<country>.<reviewer>.json``: what reviewers said of a study, and what they were answered.

The file is what a review sheet exports, with the answers: a collection of annotations in the terms of the Web Annotation Data
Model (W3C, https://www.w3.org/TR/annotation-model/), so that other tools can read it too.
"""

import json
import re
import unicodedata
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from workbench.declarations.countries import CountryCode
from workbench.declarations.yaml_files import Declaration, LanguageName, StudyName
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


def _is_institution(name: str) -> str:
    if "@" in name or not file_name(name):
        raise PydanticCustomError("reviewer", "the name of an institution or a role, with Latin letters and no e-mail")
    return name


def _is_edition(name: str) -> str:
    if not EDITION.allow(name):
        raise PydanticCustomError("edition", "a name of an edition: {says}", {"says": EDITION.says})
    return name


Words = Annotated[str, Field(max_length=5000), AfterValidator(visible)]
"""A text of a reviewer. Characters that command a terminal, or turn the order of letters round, are made visible."""

Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(visible)]


class _Annotated(Declaration):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Quote(_Annotated):
    """What stood there when the comment was made."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: Annotated[str, Field(max_length=2000), AfterValidator(visible)]


class Anchor(_Annotated):
    """Where in the study: a result by its key, a figure or table by its name, a paragraph by its cell."""

    type: Literal["FragmentSelector"] = "FragmentSelector"
    value: Annotated[str, Field(min_length=1, max_length=400), AfterValidator(visible)]
    refined_by: Quote


class Target(_Annotated):
    """What a comment is about: ``source`` is the address of the study's page."""

    source: str = Field(max_length=400, pattern=r"^https?://[^\s<>\"]+$")
    selector: Anchor


class Body(_Annotated):
    """The words of a comment or an answer."""

    type: Literal["TextualBody"] = "TextualBody"
    format: Literal["text/plain"] = "text/plain"
    language: LanguageName | None = None
    value: Words


class Creator(_Annotated):
    """Who says it: an institution or a role, not a person."""

    type: Literal["Organization"] = "Organization"
    name: Annotated[Name, AfterValidator(_is_institution)]


CommentId = Annotated[str, Field(pattern=r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Comment(_Annotated):
    """A comment on a place of a study."""

    id: CommentId
    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["questioning", "editing", "assessing"]
    kind: Kind
    created: AwareDatetime
    body: Body
    target: Target

    @model_validator(mode="after")
    def _says_something(self) -> "Comment":
        if self.kind != Kind.APPROVE and not self.body.value.strip():
            raise PydanticCustomError("words", "words: only an approval needs none")
        return self

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


class Answer(_Annotated):
    """What the editors answer to a comment, the ``target``; and whether it is resolved by that."""

    type: Literal["Annotation"] = "Annotation"
    motivation: Literal["replying"] = "replying"
    target: CommentId
    creator: Creator
    created: AwareDatetime
    body: Body
    resolves: bool

    @model_validator(mode="after")
    def _says_something(self) -> "Answer":
        if not self.body.value.strip():
            raise PydanticCustomError("words", "words")
        return self


class Reviewed(_Annotated):
    """The study that was reviewed; ``digest`` is that of the record that the sheet was made from."""

    edition: Annotated[str, AfterValidator(_is_edition)]
    study: StudyName
    country: CountryCode
    year: int = Field(ge=1950, le=2099)
    language: LanguageName
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")

    @model_validator(mode="after")
    def _is_of_its_edition(self) -> "Reviewed":
        if self.edition.isdecimal() and self.edition != str(self.year):
            raise PydanticCustomError("year", "the year of the edition, {edition}", {"edition": self.edition})
        return self

    def __str__(self) -> str:
        named = f"{self.study} {self.country} {self.year}"
        return named if self.edition == str(self.year) else f"{named} ({self.edition})"


class CommentPage(_Annotated):
    """The comments."""

    type: Literal["AnnotationPage"] = "AnnotationPage"
    items: tuple[Comment, ...] = Field(max_length=MOST_COMMENTS)

    @model_validator(mode="after")
    def _has_each_once(self) -> "CommentPage":
        if len({comment.id for comment in self.items}) < len(self.items):
            raise PydanticCustomError("once", "each comment once")
        return self


class Review(_Annotated):
    """What a review sheet exports."""

    context: Any = Field(default=CONTEXT, alias="@context", exclude=True)
    type: Literal["AnnotationCollection"] = "AnnotationCollection"
    creator: Creator
    modified: AwareDatetime
    reviewed: Reviewed
    verdict: Verdict
    first: CommentPage

    @model_validator(mode="after")
    def _says_what_is_wrong(self) -> "Review":
        if self.verdict == Verdict.NOT_APPROVED and all(comment.kind != Kind.BLOCKING for comment in self.comments):
            raise PydanticCustomError("verdict", "a blocking comment that says why the study is not approved")
        return self

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

    @model_validator(mode="after")
    def _answers_its_own(self) -> "KeptReview":
        if not {answer.target for answer in self.answers} <= {comment.id for comment in self.comments}:
            raise PydanticCustomError("target", "answers to comments of this review")
        return self

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
        said = {"@context": CONTEXT, **self.model_dump(mode="json", by_alias=True, exclude_none=True)}
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
        return model.model_validate(json.loads(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))[:_SHOWN]
        raise _no_review(path, f"at {key}: {first['msg']}", repr(first["input"])[:_SHOWN]) from None
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
