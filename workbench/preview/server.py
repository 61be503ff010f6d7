"""The server of a preview: one page, what it leads to and its events, for browsers on this machine alone."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from workbench.model.errors import WorkbenchError
from workbench.preview.audience import Audience

ADDRESS = "127.0.0.1"

_MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def bound(port: int) -> list[socket.socket]:
    """Listen on a port of this machine, which nobody else can reach; on a free one for 0.

    Raises
    ------
    WorkbenchError
        If it is in use.
    """
    try:
        return bind_sockets(port, ADDRESS)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise WorkbenchError(
            f"port {port} is in use",
            expected="a port on which nothing listens",
            unchanged="nothing was run",
            hint="end what listens there, give another one, or leave out --port",
        ) from None


@contextlib.asynccontextmanager
async def serving(audience: Audience, sockets: list[socket.socket]) -> AsyncIterator[str]:
    """Serve what an audience is shown; the address."""
    port = sockets[0].getsockname()[1]
    shared = {"audience": audience, "hosts": {f"{ADDRESS}:{port}", f"localhost:{port}"}}
    handlers = [(r"/", _Page, shared), (r"/events", _Events, shared), (r"/([\w.]+)", _Beside, shared)]
    application = Application(
        handlers, default_handler_class=_Nothing, default_handler_args=shared, log_function=lambda _: None
    )
    server = HTTPServer(application)
    server.add_sockets(sockets)
    try:
        yield f"http://{ADDRESS}:{port}/"
    finally:
        server.stop()
        await server.close_all_connections()


class _Handler(RequestHandler):
    """Answers what a page of this server asks, and nobody else: a name that leads here from elsewhere is refused."""

    def initialize(self, audience: Audience, hosts: set[str]) -> None:
        self._audience, self._hosts = audience, hosts
        self._listening: asyncio.Task | None = None

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        origin = self.request.headers.get("Origin", "http://" + self.request.host)
        if self.request.host not in self._hosts or origin.removeprefix("http://") not in self._hosts:
            raise HTTPError(403)
        if self.request.method != "GET":
            raise HTTPError(405)

    def write_error(self, status_code: int, **_details: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: here is the preview of one study, at /\n")


class _Page(_Handler):
    def get(self) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self._audience.page)


class _Beside(_Handler):
    def get(self, address: str) -> None:
        if address not in self._audience.beside:
            raise HTTPError(404)
        self.set_header("Content-Type", _MEDIA_TYPES[address.rpartition(".")[2]])
        self.finish(self._audience.beside[address])


class _Events(_Handler):
    """Server-sent events, until the browser or the preview ends them."""

    async def get(self) -> None:
        self._listening = asyncio.current_task()
        self.set_header("Content-Type", "text/event-stream")
        with contextlib.suppress(asyncio.CancelledError, StreamClosedError):
            async with contextlib.aclosing(self._audience.heard()) as heard:
                async for news in heard:
                    self.write(f"retry: 500\ndata: {news}\n\n")
                    await self.flush()

    def on_connection_close(self) -> None:
        if self._listening:
            self._listening.cancel()


class _Nothing(_Handler):
    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(404)
