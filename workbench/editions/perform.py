"""A task is performed, by a worker of this machine or of a cluster. Whatever goes wrong is reported, not raised."""

import traceback
from functools import cache
from pathlib import Path

from workbench.execution.fingerprint import own_code
from workbench.execution.task import Outcome, Task
from workbench.model.errors import WorkbenchError, refused_by_system
from workbench.model.paths import Project


def perform(task: Task, is_elsewhere: bool = False) -> Outcome:
    """Make a run; whatever goes wrong in it is reported and not raised, for the other runs continue.

    A run may be made twice, by two workers: both write the same bytes, whole.
    """
    # Imported here and not above: the process that sends tasks need not import what makes them.
    from workbench.editions.render import render

    try:
        effort = render(Project(task.root), task, is_elsewhere=is_elsewhere)
    except WorkbenchError as failure:
        return Outcome(task.run, str(failure))
    except Exception as error:  # noqa: BLE001 – reported, not raised
        if isinstance(error, OSError) and (refused := refused_by_system(error)):
            return Outcome(task.run, f"{task.run} failed: {refused}")
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        return Outcome(task.run, f"{task.run} failed: {type(error).__name__}: {error}\n  where: {where}")
    return Outcome(task.run, None, effort.is_executed, effort.seconds, effort.peak_memory, effort.left_behind)


def perform_elsewhere(task: Task) -> Outcome:
    """Make a run on a worker of a cluster, if it has the same package and sees the same project."""
    if not task.root.is_dir():
        return Outcome(task.run, _unlike(task, "does not see the project's folder"))
    if _own_code() != task.code:
        return Outcome(task.run, _unlike(task, "has another version of the workbench"))
    return perform(task, is_elsewhere=True)


@cache
def _own_code() -> dict[str, str]:
    return own_code()


def _unlike(task: Task, what: str) -> str:
    error = WorkbenchError(
        f"{task.run} was not run: a worker of the cluster {what}",
        unchanged="the files in outputs/ for this run",
        hint="give all machines of the cluster the same folder and the same environment",
    )
    return str(error)
