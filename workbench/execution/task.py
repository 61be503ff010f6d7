"""A run as a task that can be sent to another process or machine, and the outcome that comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.execution.fingerprint import CODE, PAGE_CODE, WORDING_CODE
from workbench.execution.run_log import DISPLAY
from workbench.model.types import Run


@dataclass(frozen=True)
class Task:
    """What is to be made of a run.

    Attributes
    ----------
    root : Path
        The project.
    run : Run
        What it is about.
    inputs : dict
        What its record depends on.
    selection : str
        The digest of what decided its parameters and vintages.
    pages : mapping
        Each language to word it in, and `DISPLAY`, to what that depends on.
    is_executed : bool
        Whether its record is as it should be, so that pages are made from it and no cell runs.
    """

    root: Path
    run: Run
    inputs: Mapping[str, str]
    selection: str
    pages: Mapping[str, Mapping[str, str]]
    is_executed: bool = False

    @property
    def code(self) -> dict[str, str]:
        """The digests of the code that makes it."""
        page = next(iter(self.pages.values()))
        return {CODE: self.inputs[CODE], WORDING_CODE: page[WORDING_CODE], PAGE_CODE: page[PAGE_CODE]}

    @property
    def languages(self) -> list[str]:
        """The languages of its pages."""
        return [language for language in self.pages if language != DISPLAY]


@dataclass(frozen=True)
class Outcome:
    """What became of a run: why it failed, if it did; whether it was executed, and what that took; and the processes that
    it left behind."""

    run: Run
    failure: str | None
    is_executed: bool = False
    seconds: float = 0.0
    peak_memory: int = 0
    left_behind: tuple[str, ...] = ()


def left_behind_message(run: Run, left_behind: Sequence[str]) -> str:
    """The warning about processes that a run left behind."""
    return f"{run} left processes behind, which were ended with it: {'; '.join(left_behind)}"
