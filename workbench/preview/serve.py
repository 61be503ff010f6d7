"""A preview, from its start to Ctrl-C."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workbench.execution.processes import clear_temporary_folders, temporary_folder
from workbench.model.paths import Project
from workbench.preview.audience import Audience
from workbench.preview.conductor import Conductor
from workbench.preview.server import bound, serving


def preview(
    project: Project,
    study: str,
    given: Mapping[str, Any],
    others: Iterable[str],
    port: int,
    say: Callable[[str], None],
) -> None:
    """Serve the page of a study, and renew it with each save, until interrupted. Nothing is written to ``outputs/``.

    Parameters
    ----------
    project : Project
        The project of the study.
    study : str
        Stem of notebook and sidecar.
    given, others
        Its parameters, as for `workbench.editions.single_run.render_alone`.
    port : int
        Where to listen; 0 for a free port.
    say : callable
        Called with the address, once there is something to see.

    Raises
    ------
    RefusedRun, WorkbenchError
        If the parameters are refused, or the port is in use.
    """
    sockets = bound(port)
    clear_temporary_folders()
    try:
        with temporary_folder("preview") as connections:
            settings = {
                "root": str(project.root), "study": study, "given": dict(given), "others": list(others),
                "connections": connections,
            }  # fmt: skip
            asyncio.run(_serve(project, study, settings, sockets, say))
    finally:
        for listening in sockets:
            listening.close()


async def _serve(
    project: Project, study: str, settings: dict[str, Any], sockets: list[socket.socket], say: Callable[[str], None]
) -> None:
    audience = Audience()
    conductor = Conductor(project, study, settings, audience)
    working = asyncio.ensure_future(_work(conductor, audience, sockets, say))
    with contextlib.suppress(NotImplementedError):  # elsewhere Ctrl-C is raised where it finds the loop
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    try:
        await working
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await conductor.end()


async def _work(
    conductor: Conductor, audience: Audience, sockets: list[socket.socket], say: Callable[[str], None]
) -> None:
    async with serving(audience, sockets) as address:
        await conductor.started()
        say(address)
        await conductor.live()
