"""A process of the preview beside the serving one: the two tell each other things, each a line of JSON.

It ends when its standard input does, so that it does not outlive the process that started it.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import workbench

Message = dict[str, Any]

_LONGEST_LINE = 1 << 28
_ENDS_WITHIN = 3
_LINES_KEPT = 20
_PACKAGE = Path(workbench.__file__).parent


class Child:
    """A process that runs a module of the preview. Make it with `Child.started`, and `end` it."""

    def __init__(self, process: asyncio.subprocess.Process):
        self._process = process
        self._last_lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._complaining = asyncio.ensure_future(self._pass_complaints_on())

    @classmethod
    async def started(cls, module: str, folder: Path) -> "Child":
        """Start a module's ``main`` in a folder, where no file passes for a library: -P leaves it out."""
        start = (
            f"import sys; sys.path.append({str(_PACKAGE.parent)!r}); "
            "from workbench.execution.preload import leave_out_unused; leave_out_unused(); "
            f"from {module} import main; main()"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", start,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            cwd=folder, limit=_LONGEST_LINE,
            start_new_session=True,  # the terminal's Ctrl-C is for the serving process to handle
        )  # fmt: skip
        return cls(process)

    async def tell(self, message: Message) -> None:
        """Tell it something; what is told to one that has ended is lost."""
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(_line(message))
            await self._process.stdin.drain()

    async def messages(self) -> AsyncIterator[Message]:
        """What it tells, until it ends."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            yield json.loads(line)

    async def asked(self, message: Message) -> Message | None:
        """What it answers to a message; None if it has ended."""
        await self.tell(message)
        return await anext(self.messages(), None)

    async def last_words(self) -> str:
        """The last lines that it wrote to standard error."""
        await self._complaining
        return "".join(self._last_lines)

    async def end(self) -> None:
        """Have it end, and wait for that."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _ENDS_WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._complaining.cancel()

    async def _pass_complaints_on(self) -> None:
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            text = line.decode(errors="replace")
            self._last_lines.append(text)
            sys.stderr.write(text)


class Parent:
    """The serving process, as its child sees it."""

    def __init__(self, reader: asyncio.StreamReader, out: int):
        self._reader, self._out = reader, out

    async def messages(self) -> AsyncIterator[Message]:
        """What it tells, until it ends."""
        while line := await self._reader.readline():
            yield json.loads(line)

    def tell(self, message: Message) -> None:
        """Tell it something; what is told to one that has ended is lost."""
        line = memoryview(_line(message))
        with contextlib.suppress(BrokenPipeError):
            while line:
                line = line[os.write(self._out, line) :]


def be_child(live: Callable[[Parent], Awaitable[None]]) -> None:
    """Be a child process: live, and end. What is printed goes to standard error."""
    out = os.dup(1)
    os.dup2(2, 1)

    async def born() -> None:
        reader = asyncio.StreamReader(limit=_LONGEST_LINE)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        await live(Parent(reader, out))

    asyncio.run(born())


def _line(message: Message) -> bytes:
    return json.dumps(message).encode() + b"\n"
