"""Whether a study is a draft or sealed: how its pages say so, and how that is changed."""

from collections.abc import Callable
from html import escape

from workbench.model.errors import WorkbenchError
from workbench.model.types import message
from workbench.presentation.wording import translations

DRAFT, SEALED = "draft", "sealed"
_MARKS = {DRAFT: message("Draft"), SEALED: message("Sealed")}
_MEANINGS = {
    DRAFT: message("Draft: not archived, may still change"),
    SEALED: message("Sealed: archived together with its data, notebook and parameters"),
}


def shown_status(text: Callable[[str], str], status: str) -> str:
    """The element of a page that shows its status."""
    meaning = escape(text(_MEANINGS[status]))
    return f'<span class="status {status}" title="{meaning}">{escape(text(_MARKS[status]))}</span>'


def with_status(page: str, language: str, status: str) -> bytes:
    """A page of a study as a draft, or once its edition is sealed; only its status differs."""
    text = translations(language).gettext
    marks = [shown_status(text, one) for one in (DRAFT, SEALED)]
    said = [mark for mark in marks for _ in range(page.count(mark))]
    if len(said) != 1:
        raise WorkbenchError(
            "a study does not say exactly once whether it is a draft",
            expected=" or ".join(marks),
            found=f"{len(said)} times",
            unchanged="the edition was not sealed",
            hint="render the study again",
        )
    return page.replace(said[0], shown_status(text, status)).encode()
