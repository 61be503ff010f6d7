"""A run as a task that can be sent to another process or machine, and the outcome that comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.model.types import Run


@dataclass(frozen=True)
class Task:
    """A run to make, its project, and what it depends on."""

    root: Path
    run: Run
    inputs: dict[str, str]
    selection: str


@dataclass(frozen=True)
class Outcome:
    """What became of a run: why it failed, if it did; what it took; and the processes that it left behind."""

    run: Run
    failure: str | None
    seconds: float = 0.0
    peak_memory: int = 0
    left_behind: tuple[str, ...] = ()


def left_behind_message(run: Run, left_behind: Sequence[str]) -> str:
    """The warning about processes that a run left behind."""
    return f"{run} left processes behind, which were ended with it: {'; '.join(left_behind)}"
