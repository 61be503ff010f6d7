"""The processes that make an edition: workers of this machine, or of a cluster."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from workbench.editions.perform import perform, perform_elsewhere
from workbench.editions.plan import ToResolve, resolve_here
from workbench.execution.local_pool import LocalPool
from workbench.execution.task import Outcome, Task
from workbench.model.types import Run

PRELOAD = "workbench.editions.preload"

T = TypeVar("T")


class Workers:
    """Workers of this machine, started when they are first needed: an edition that is up to date needs none.

    Parameters
    ----------
    number : int
        How many.
    scheduler : str or None
        Address of a scheduler of dask.distributed, whose cluster makes the runs instead.
    """

    def __init__(self, number: int, scheduler: str | None):
        self._number, self._scheduler = number, scheduler
        self._pool: LocalPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.__exit__(kind, error, traceback)

    def resolve(self, runs: list[ToResolve]) -> list[Run]:
        """Resolve runs, as `workbench.editions.plan.resolve_here` does."""
        return self.pool.map(_resolve, runs) if runs else []

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a function in a worker, which has imported what this process has not."""
        return self.pool.call(function, *arguments)

    def perform(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Make runs and report each as it ends."""
        if not self._scheduler:
            return self.pool.perform(tasks)
        # Imported here and not above: an optional library.
        from workbench.execution.dask_cluster import perform_on_cluster

        return perform_on_cluster(self._scheduler, perform_elsewhere, tasks)

    def kill(self) -> list[Run]:
        """End the workers at once, and return the runs that they were making."""
        return self._pool.kill() if self._pool else []

    @property
    def pool(self) -> LocalPool:
        """The workers of this machine."""
        if self._pool is None:
            self._pool = LocalPool(self._number, PRELOAD, perform)
        return self._pool


def _resolve(*one: Any) -> Run:
    return resolve_here([one])[0]
