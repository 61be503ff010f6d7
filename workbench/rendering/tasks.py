"""A run as a task that can be sent to another process or machine, and what comes back."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.model.errors import WorkbenchError, refused_by_system
from workbench.model.paths import Project
from workbench.model.words import Run
from workbench.rendering.inputs import CODE, InputDigests


@dataclass(frozen=True)
class Task:
    """A run to make, in which project, and what it depends on."""

    root: Path
    run: Run
    inputs: dict[str, str]
    choice: str


@dataclass(frozen=True)
class Outcome:
    """What became of a run: the reason of its failure, if it failed; what it took, and what it left behind."""

    run: Run
    failure: str | None
    seconds: float = 0.0
    peak_memory: int = 0
    left_behind: tuple[str, ...] = ()


def said_of_left(run: Run, left_behind: Sequence[str]) -> str:
    """What is said of processes that a run left behind."""
    return f"{run} left processes behind, which were ended with it: {'; '.join(left_behind)}"


def perform(task: Task, is_elsewhere: bool = False) -> Outcome:
    """Make a run; whatever goes wrong in it is told and not raised, for the other runs go on.

    A run may be made twice, by two workers: both write the same bytes, whole.
    """
    # Here and not above: who sends tasks need not import what makes them.
    from workbench.rendering.runs import render

    try:
        effort = render(Project(task.root), task.run, task.inputs, task.choice, is_elsewhere=is_elsewhere)
    except WorkbenchError as failure:
        return Outcome(task.run, str(failure))
    except Exception as error:  # noqa: BLE001 – told, not raised
        if isinstance(error, OSError) and (refused := refused_by_system(error)):
            return Outcome(task.run, f"{task.run} failed: {refused}")
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        return Outcome(task.run, f"{task.run} failed: {type(error).__name__}: {error}\n  where: {where}")
    return Outcome(task.run, None, effort.seconds, effort.peak_memory, effort.left_behind)


def perform_elsewhere(task: Task) -> Outcome:
    """Make a run on a worker of a cluster, if that has the same package and sees the same project."""
    if not task.root.is_dir():
        return Outcome(task.run, _unlike(task, "does not see the project's folder"))
    if _own_code(task.root) != task.inputs[CODE]:
        return Outcome(task.run, _unlike(task, "has another version of the workbench"))
    return perform(task, is_elsewhere=True)


@cache
def _own_code(root: Path) -> str:
    return InputDigests(Project(root)).code


def _unlike(task: Task, what: str) -> str:
    error = WorkbenchError(
        f"{task.run} was not run: a worker of the cluster {what}",
        untouched="what stood in outputs/ for this run before",
        remedy="give all machines of the cluster the same folder and the same environment",
    )
    return str(error)
