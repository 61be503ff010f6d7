"""A run as a task that can be sent to another process or machine, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.model.types import Run


@dataclass(frozen=True)
class Task:
    """A run to make, in which project, and what it depends on."""

    root: Path
    run: Run
    inputs: dict[str, str]
    selection: str


@dataclass(frozen=True)
class Outcome:
    """What became of a run: the reason of its failure, if it failed; what it took, and what it left behind."""

    run: Run
    failure: str | None
    seconds: float = 0.0
    peak_memory: int = 0
    left_behind: tuple[str, ...] = ()


def left_behind_message(run: Run, left_behind: Sequence[str]) -> str:
    """What is said of processes that a run left behind."""
    return f"{run} left processes behind, which were ended with it: {'; '.join(left_behind)}"
