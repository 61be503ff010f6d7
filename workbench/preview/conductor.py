"""The serving process: it watches the files, has cells run and pages made by two processes, and shows what they made.

It imports little of the package itself: the two processes are replaced when the code that they have imported is changed.
"""

import asyncio
import base64
import secrets
from collections.abc import Coroutine
from typing import Any

from workbench.model.errors import FailedRun, WorkbenchError
from workbench.model.paths import Project
from workbench.preview.audience import NOTICES, Audience
from workbench.preview.child import Child, Message
from workbench.preview.errors import NOT_MADE, NOT_RUN, REFUSED, UNREADABLE, error_html, error_of
from workbench.preview.watching import Change, Watched

_RUNNER, _PAGES = "workbench.preview.runner", "workbench.preview.maker"


class Conductor:
    """Keeps the page of a study as it is written.

    Parameters
    ----------
    project, study
        What is watched.
    settings : dict
        What the runner is told: ``root``, ``study``, ``given``, ``others`` and ``connections``.
    audience : Audience
        Who is shown the page.
    """

    def __init__(self, project: Project, study: str, settings: Message, audience: Audience):
        self._project, self._audience = project, audience
        self._watched, self._settings = Watched(project, study), settings
        self._nonce = secrets.token_urlsafe(16)
        self._runner: Child | None = None
        self._pages: Child | None = None
        self._spare: Child | None = None
        self._of_pages: Message | None = None
        self._ran: Message | None = None
        self._page = ""
        self._words: dict[str, str] = {}
        self._notices: dict[str, str] = {}
        self._is_page_wanted = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def started(self) -> None:
        """Start, and wait until there is something to show.

        Raises
        ------
        WorkbenchError
            If the run is refused, or the code of the package does not start.
        """
        await self._start_all()
        self._do(self._watch())
        self._do(self._make_pages())
        await self._ready

    async def live(self) -> None:
        """Keep the page as the study is written, until cancelled."""
        await asyncio.gather(*self._tasks)

    async def end(self) -> None:
        """End what was started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(child.end() for child in (self._runner, self._pages, self._spare) if child))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What is saved

    async def _watch(self) -> None:
        async for change in self._watched.changes():
            if Change.CODE_OF_RECORDS in change or self._runner is None:
                await self._start_all()
                continue
            if Change.CODE_OF_PAGES in change:
                await self._end_pages()
            if Change.DECLARATIONS in change:
                self._audience.become("starting")
                await self._runner.tell({"changed": "declarations"})
            elif Change.NOTEBOOK in change:
                await self._runner.tell({"changed": "notebook"})
            elif change:
                self._is_page_wanted.set()

    async def _start_all(self) -> None:
        """Start all processes anew: nothing that they know holds any more."""
        self._audience.become("starting")
        runner, self._runner = self._runner, None
        if runner:
            await runner.end()
        await self._end_pages()
        spare, self._spare = self._spare, None
        if spare:
            await spare.end()
        self._of_pages = self._ran = None
        self._runner = await Child.started(_RUNNER, self._project.root)
        await self._runner.tell(self._settings)
        self._do(self._listen(self._runner))
        await self._have_spare()

    async def _end_pages(self) -> None:
        pages, self._pages = self._pages, None
        if pages:
            await pages.end()

    async def _have_spare(self) -> None:
        """Have a process that waits to make pages; it imports none of their code before it is asked for one."""
        self._spare = self._spare or await Child.started(_PAGES, self._project.root)

    # What the cells leave behind

    async def _listen(self, runner: Child) -> None:
        async for message in runner.messages():
            match message:
                case {"refused": error}:
                    self._fail("runner", REFUSED, error_of(error))
                case {"unreadable": error}:
                    self._fail("runner", UNREADABLE, error_of(error))
                case {"running": number, "of": of}:
                    self._audience.become("running", number=number, of=of)
                case {"run": run, "language": language}:
                    self._of_pages = {
                        "root": str(self._project.root), "run": run, "language": language, "nonce": self._nonce
                    }  # fmt: skip
                    if not self._page:
                        self._is_page_wanted.set()
                case _:
                    self._ran = message
                    self._notices.pop("runner", None)
                    self._is_page_wanted.set()
        if runner is self._runner:
            self._runner = None
            if "runner" not in self._notices:
                self._fail("runner", NOT_RUN, _ended(await runner.last_words()))

    # The page

    async def _make_pages(self) -> None:
        while True:
            await self._is_page_wanted.wait()
            self._is_page_wanted.clear()
            if self._of_pages is None:
                continue
            if self._pages is None:
                await self._have_spare()
                self._pages, self._spare = self._spare, None
            assert self._pages is not None
            pages = self._pages
            made = await pages.asked({"settings": self._of_pages, "ran": self._ran})
            await self._have_spare()
            if made is not None:
                self._show(made)
            elif pages is self._pages:
                self._pages = None
                self._fail("pages", NOT_MADE, _ended(await pages.last_words()))

    def _show(self, made: Message) -> None:
        if "error" in made:
            self._fail("pages", NOT_MADE, error_of(made["error"]))
            return
        self._page, self._words, self._notices["pages"] = made["html"], made["words"], made["notices"]
        self._audience.beside = {address: base64.b64decode(file) for address, file in made["beside"].items()}
        self._show_page()
        if self._ran is not None:
            self._audience.become("updated" if made["is_whole"] and "runner" not in self._notices else "failed")
        if not self._ready.done():
            self._ready.set_result(None)

    def _fail(self, source: str, title: str, error: WorkbenchError) -> None:
        """Show an error above the page; refuse to start where there is no page yet."""
        if not self._ready.done():
            self._ready.set_exception(error)
            return
        self._notices[source] = error_html(self._said, self._said(title), vars(error))
        self._show_page()
        self._audience.become("failed")

    def _said(self, message: str) -> str:
        return self._words.get(message, message)

    def _show_page(self) -> None:
        self._audience.show(self._page.replace(NOTICES, "".join(self._notices.values()), 1))


def _ended(last_words: str) -> FailedRun:
    lines = last_words.strip().splitlines()
    return FailedRun(
        lines[-1] if lines else "a process of the preview has ended",
        found="\n".join(lines),
        hint="correct the code: once it is saved, it is tried again",
    )
