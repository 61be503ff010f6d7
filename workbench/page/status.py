"""Whether a study is a draft or sealed: how its page says so, and how that is changed."""

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


def shown_status(text: Callable[[str], str], status: str) -> dict[str, str]:
    """The two elements of a page that show its status."""
    return {
        "mark": f'<span class="status {status}">{escape(text(_MARKS[status]))}</span>',
        "meaning": f"<dd>{escape(text(_MEANINGS[status]))}</dd>",
    }


def sealed_page(page: str, language: str) -> bytes:
    """The page of a study once its edition is sealed; only its status differs."""
    text = translations(language).gettext
    draft, sealed = shown_status(text, DRAFT), shown_status(text, SEALED)
    for place in draft:
        page = _replaced(page, draft[place], sealed[place])
    return page.encode()


def _replaced(text: str, old: str, new: str) -> str:
    """Replace a text that occurs exactly once, unless it has been replaced before."""
    if (text.count(old), text.count(new)) == (0, 1):
        return text
    if text.count(old) != 1:
        raise WorkbenchError(
            "a study does not say exactly once that it is a draft",
            expected=old,
            found=f"{text.count(old)} times",
            unchanged="the edition was not sealed",
            hint="render the study again",
        )
    return text.replace(old, new)
