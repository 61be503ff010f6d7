"""An editor's commentary, checked: each number in it is bound to a result, and none is typed."""

import re
from collections.abc import Callable

from workbench.declarations.commentary import BoundNumber, CommentaryFile
from workbench.model.errors import UnboundNumber, WorkbenchError
from workbench.model.types import Result
from workbench.presentation.brief import Signed
from workbench.presentation.hard_coded_numbers import hard_coded_number
from workbench.presentation.sentences import sentence_as_written

LONGEST = 700
"""So many characters fit on the first of the two printed pages, below five sentences."""

_BLANK = re.compile(r"\n\s*\n")
_FIELD = re.compile(r"\{[^{}]*\}")
_MARKUP = re.compile(r"(?m)^ {0,3}(?:#|>|[-*+|] |\d+[.)] |```)|<[A-Za-z/!]|\]\(|!\[")

_UNCHANGED = "nothing of this run was written"


def signed(file: CommentaryFile, resolve: Callable[[BoundNumber], Result]) -> Signed:
    """A commentary with its numbers.

    Parameters
    ----------
    file : CommentaryFile
        As it was written.
    resolve : callable
        Gives the result that a declared number is bound to.

    Raises
    ------
    UnboundNumber
        With file, line and column, if a number is typed, or a field is bound to nothing or to a number that is not available.
    WorkbenchError
        If the text has markup or is too long, or a number is bound to what there is not.
    """
    _refuse_length_and_markup(file)
    _refuse_typed_numbers(file)
    bound = {name: _resolved(file, name, number, resolve) for name, number in file.heading.numbers.items()}
    _refuse_unbound(file, bound)
    paragraphs = [" ".join(paragraph.split()) for paragraph in _BLANK.split(file.text.strip())]
    return Signed(
        author=file.heading.author,
        date=str(file.heading.date),
        paragraphs=tuple(sentence_as_written(paragraph, bound) for paragraph in paragraphs),
    )


def _refuse_length_and_markup(file: CommentaryFile) -> None:
    said = file.text.strip()
    if not 0 < len(said) <= LONGEST:
        raise WorkbenchError(
            "a commentary is empty" if not said else "a commentary is too long for a brief",
            where=str(file.path),
            expected=f"at most {LONGEST} characters",
            found=f"{len(said)} characters",
            unchanged=_UNCHANGED,
            hint="write it" if not said else "shorten it: a minister reads it in half a minute",
        )
    if markup := _MARKUP.search(file.text):
        raise WorkbenchError(
            "a commentary has markup",
            where=file.place(markup.start()),
            expected="plain paragraphs, with an empty line between them",
            found=markup.group(),
            unchanged=_UNCHANGED,
            hint="say it in plain text",
        )


def _refuse_typed_numbers(file: CommentaryFile) -> None:
    # The names of fields may have digits.
    text = _FIELD.sub(lambda field: " " * len(field.group()), file.text)
    if number := hard_coded_number(text):
        raise UnboundNumber(
            "a number is typed in a commentary",
            where=file.place(number.start()),
            expected="no digits except in years, dates, legal acts and names such as EU-27",
            found=number.group(),
            unchanged=_UNCHANGED,
            hint="write {name}, and under numbers the indicator that it is bound to",
        )


def _refuse_unbound(file: CommentaryFile, bound: dict[str, Result]) -> None:
    for field in _FIELD.finditer(file.text):
        name = field.group()[1:-1].partition(":")[0]
        if name not in bound or not bound[name].is_available:
            raise UnboundNumber(
                f"{{{name}}} stands for nothing" if name not in bound else f"the number {{{name}}} is not available",
                where=file.place(field.start()),
                expected=", ".join(bound) or "a name under numbers",
                found=name,
                unchanged=_UNCHANGED,
                hint="declare it under numbers at the top of the file"
                if name not in bound
                else "bind another number, or say it without one",
            )


def _resolved(file: CommentaryFile, name: str, number: BoundNumber, resolve: Callable[[BoundNumber], Result]) -> Result:
    try:
        return resolve(number)
    except WorkbenchError as error:
        raise type(error)(
            error.what,
            expected=error.expected,
            found=error.found,
            where=f"{file.path}, numbers.{name}",
            unchanged=_UNCHANGED,
            hint=error.hint,
        ) from None
