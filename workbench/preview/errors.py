"""An error on its way from one process of the preview to another, and onto the page."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from workbench.model.errors import FailedRun, WorkbenchError, refused_by_system
from workbench.model.types import message

REFUSED = message("The study cannot be opened")
UNREADABLE = message("The notebook cannot be read")
NOT_RUN = message("The cells cannot be run")
NOT_MADE = message("The page cannot be made")
"""What fails, as the page says it."""

_LABELS = {
    "where": message("Where"),
    "expected": message("Expected"),
    "found": message("Found"),
    "unchanged": message("Unchanged"),
    "hint": message("What to do"),
}
_DETAILS = tuple(_LABELS)
_DETAIL = re.compile(rf"^  ({'|'.join(_DETAILS)}): ", re.MULTILINE)
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def words(text: Callable[[str], str]) -> dict[str, str]:
    """What a process says that has no translations itself, translated for it."""
    return {said: text(said) for said in (REFUSED, UNREADABLE, NOT_RUN, NOT_MADE, *_LABELS.values())}


def error_message(error: Exception) -> dict[str, Any]:
    """An error as JSON can hold it."""
    if isinstance(error, OSError):
        error = refused_by_system(error) or error
    if not isinstance(error, WorkbenchError):
        return {"what": f"{type(error).__name__}: {error}"}
    return {"what": error.what, **{name: getattr(error, name) for name in _DETAILS if getattr(error, name)}}


def error_of(told: Mapping[str, Any]) -> WorkbenchError:
    """The error that a message holds."""
    return FailedRun(told["what"], **{name: told[name] for name in _DETAILS if name in told})


def parsed_error(text: str) -> dict[str, Any]:
    """The text of an error as a message: that of a `WorkbenchError` has lines that begin with the name of a detail."""
    what, *details = _DETAIL.split(text)
    return {"what": what.strip(), **{name: said.strip() for name, said in zip(details[::2], details[1::2])}}


def failing_line(traceback: str) -> int | None:
    """The line of the cell at which an error was raised, or from which it came."""
    lines = _LINE.findall(_COLOUR.sub("", traceback))
    return int(lines[-1]) if lines else None


def error_html(
    text: Callable[[str], str],
    title: str,
    error: Mapping[str, Any],
    source: str = "",
    line: int = 0,
    is_urgent: bool = True,
) -> str:
    """An error as a block of the page.

    Parameters
    ----------
    text : callable
        Translates what the block says itself; errors are in English.
    title : str
        What failed, in the reader's language.
    error : mapping
        A message from `error_message` or `parsed_error`.
    source : str
        The code of the cell that failed, if one did.
    line : int
        The line of it that failed.
    is_urgent : bool
        Whether it is read out at once.
    """
    details = "".join(
        f'<div class="{name}"><dt>{escape(text(label))}</dt><dd lang="en">{escape(error[name])}</dd></div>'
        for name, label in _LABELS.items()
        if error.get(name)
    )
    lines = "".join(
        f"<{tag}>{escape(code) or ' '}</{tag}>"
        for number, code in enumerate(source.splitlines(), start=1)
        for tag in ["mark" if number == line else "span"]
    )
    return (
        f'<section class="preview-error" role="{"alert" if is_urgent else "note"}"><p class="title">{escape(title)}</p>'
        f'<p class="what" lang="en">{escape(error["what"])}</p>'
        + (f"<dl>{details}</dl>" if details else "")
        + (f'<pre tabindex="0">{lines}</pre>' if lines else "")
        + "</section>"
    )
