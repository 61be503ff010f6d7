"""Runs on a cluster of dask.distributed, whose machines share the project's folder and have the same environment."""

import uuid
from collections.abc import Callable, Iterable, Iterator

from workbench.execution.task import Outcome, Task
from workbench.model.errors import WorkbenchError

_RETRIES = 3


def perform_on_cluster(scheduler: str, perform: Callable[[Task], Outcome], tasks: Iterable[Task]) -> Iterator[Outcome]:
    """Make runs on a cluster and report each as it ends; only a few are submitted at a time, however many there are.

    The scheduler gives a task whose worker is lost to another.

    Raises
    ------
    WorkbenchError
        If dask.distributed is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client, as_completed
        from distributed.comm import parse_address, parse_host_port
        from distributed.comm.registry import get_backend
    except ImportError:
        raise WorkbenchError(
            "dask.distributed is not installed", hint="pip install 'migration-workbench[dask]'"
        ) from None
    try:
        # Before a client is created: it takes half a minute to give up on an address it cannot use.
        scheme, place = parse_address(scheduler, strict=True)
        get_backend(scheme)
        parse_host_port(place)
    except ValueError as error:
        raise WorkbenchError(
            "this is not the address of a scheduler",
            expected="one such as tcp://host:8786",
            found=f"{scheduler}: {error}",
            unchanged="nothing was run",
        ) from None
    try:
        client = Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkbenchError(
            "no scheduler of dask.distributed answers",
            where=scheduler,
            found=type(error).__name__,
            unchanged="nothing was run",
            hint="start one with `dask scheduler`, and workers with `dask worker`",
        ) from error
    with client:
        waiting = iter(tasks)
        runs = {}

        def submit() -> list:
            task = next(waiting, None)
            if task is None:
                return []
            name = f"{task.run}-{uuid.uuid4().hex}".replace(" ", "-")
            future = client.submit(perform, task, key=name, pure=False, retries=_RETRIES)
            runs[future.key] = task.run
            return [future]

        room = 2 * max(1, sum(client.nthreads().values()))
        begun = as_completed([future for _ in range(room) for future in submit()], loop=client.loop)
        for future in begun:
            run = runs.pop(future.key)
            failure = future.exception()
            yield Outcome(run, f"{run} failed on the cluster: {failure}") if failure else future.result()
            future.release()
            begun.update(submit())
